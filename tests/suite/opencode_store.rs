//! OpenCode's SQLite store: made here from exports, read while it is written, locked, broken, copied; nothing is written beside it.

use super::program::{code, fixture, paralint, report, run, stderr};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// The tables, as far as they are read, and some that are not (`packages/core/src/session/sql.ts`).
const TABLES: &str = "
    CREATE TABLE project (id text PRIMARY KEY, worktree text NOT NULL);
    CREATE TABLE session (id text PRIMARY KEY, project_id text NOT NULL, parent_id text, slug text NOT NULL, directory text NOT NULL,
        title text NOT NULL, version text NOT NULL, revert text, time_created integer NOT NULL, time_updated integer NOT NULL, time_archived integer);
    CREATE TABLE message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
    CREATE TABLE part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL, time_created integer, time_updated integer, data text NOT NULL);
    CREATE INDEX part_message_id_id_idx ON part (message_id, id);
    CREATE TABLE todo (session_id text, content text);";

/// The exports that a fixture holds.
fn exports(name: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut folders = vec![fixture(name)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name != "expect.json") {
                let text = std::fs::read_to_string(&path).unwrap();
                let start = text.find('{').unwrap();
                found.push(serde_json::from_str(&text[start..]).unwrap());
            }
        }
    }
    found.sort_by_key(|export: &Value| export["info"]["id"].to_string());
    found
}

/// An object without some of its keys, as the columns `data` hold it.
fn without(value: &Value, keys: &[&str]) -> String {
    let mut object = value.as_object().unwrap().clone();
    object.retain(|key, _| !keys.contains(&key.as_str()));
    Value::Object(object).to_string()
}

fn insert(store: &Connection, export: &Value) {
    let info = &export["info"];
    let revert = info.get("revert").map(Value::to_string);
    let row = params![info["id"].as_str(), info["parentID"].as_str(), info["directory"].as_str(), revert, info["time"]["created"].as_i64()];
    store.execute("INSERT INTO session VALUES (?1, 'p', ?2, 's', ?3, 't', '1.14', ?4, ?5, 0, NULL)", row).unwrap();
    for message in export["messages"].as_array().unwrap() {
        let facts = &message["info"];
        let data = without(facts, &["id", "sessionID"]);
        let row = params![facts["id"].as_str(), info["id"].as_str(), facts["time"]["created"].as_i64(), data];
        store.execute("INSERT INTO message VALUES (?1, ?2, ?3, 0, ?4)", row).unwrap();
        for part in message["parts"].as_array().unwrap() {
            let data = without(part, &["id", "sessionID", "messageID"]);
            let row = params![part["id"].as_str(), facts["id"].as_str(), info["id"].as_str(), data];
            store.execute("INSERT INTO part VALUES (?1, ?2, ?3, 0, 0, ?4)", row).unwrap();
        }
    }
}

/// A store as OpenCode opens it: a WAL that is written to the store only when asked.
fn open(path: &Path) -> Connection {
    let store = Connection::open(path).unwrap();
    store.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;").unwrap();
    store.execute_batch(TABLES).unwrap();
    store
}

/// A folder with a closed store of a fixture's sessions.
fn closed(name: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("opencode.db"));
    exports(name).iter().for_each(|export| insert(&store, export));
    store.close().unwrap();
    folder
}

/// Everything in a folder: names, sizes, times of writing. Contents are not read: closing a file would release the locks that this
/// process holds on it. The index of a WAL is written through memory, at a time of the system's choosing.
fn state(folder: &Path) -> Vec<(String, u64, Option<std::time::SystemTime>)> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let (name, data) = (entry.file_name().into_string().unwrap(), entry.metadata().unwrap());
            let written = (!name.ends_with("-shm")).then(|| data.modified().unwrap());
            (name, data.len(), written)
        })
        .collect();
    all.sort();
    all
}

/// Rule and verdict of each finding.
fn verdicts(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    let mut all: Vec<String> = findings.iter().map(|one| format!("{} {}", one["rule"], one["verdict"])).collect();
    all.sort();
    all
}

/// Audits a store and sees that it leaves no trace.
fn audit(folder: &Path, name: &str) -> Value {
    let before = state(folder);
    let home = TempDir::new().unwrap();
    let path = folder.join(name);
    let seen = report(home.path(), &["audit", "--no-config", path.to_str().unwrap()]);
    assert_eq!(state(folder), before, "the folder of the store was written to");
    seen
}

fn refusal(folder: &Path, name: &str) -> String {
    let seen = audit(folder, name);
    assert_eq!(seen["exit_code"], 2, "{seen}");
    seen["error"]["message"].to_string()
}

#[test]
fn a_store_says_what_its_exports_say() {
    let names = ["serial", "parallel", "steps-in-one-message", "aborted", "running", "background", "nobodys-claims", "reverted", "family"];
    for name in names.into_iter().chain(["one-line", "rejected", "snapshots-are-no-edits", "resumed", "tests-failed", "redacted"]) {
        let name = format!("opencode-{name}");
        let folder = closed(&name);
        let stored = audit(folder.path(), "opencode.db");
        let exported = report(&fixture(&name), &["audit", "--no-config", "."]);
        assert_eq!(verdicts(&stored), verdicts(&exported), "{name}");
        let count = |report: &Value| report["sessions"].as_array().unwrap().len();
        assert_eq!((count(&stored), count(&exported)), (1, 1), "{name}");
        let dispatches = |report: &Value| -> Vec<String> {
            let all = report["sessions"][0]["dispatches"].as_array().unwrap();
            let kept = |one: &Value| {
                ["id", "agent", "status", "timing", "started", "ended", "tool_uses", "parent"].map(|key| one[key].to_string())
            };
            let mut all: Vec<String> = all.iter().map(|one| format!("{:?}", kept(one))).collect();
            all.sort();
            all
        };
        assert_eq!(dispatches(&stored), dispatches(&exported), "{name}");
    }
}

#[test]
fn a_store_is_read_while_it_is_written() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("opencode.db"));
    store.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    exports("opencode-serial").iter().for_each(|export| insert(&store, export));
    assert_eq!(verdicts(&audit(folder.path(), "opencode.db")), [r#""claimed-serial" "contradicted""#]);
    // In the middle of a write, and after OpenCode wrote some of the WAL to the store.
    store.execute_batch("BEGIN IMMEDIATE; DELETE FROM part").unwrap();
    assert_eq!(verdicts(&audit(folder.path(), "opencode.db")).len(), 1);
    store.execute_batch("ROLLBACK; PRAGMA wal_checkpoint(PASSIVE)").unwrap();
    assert_eq!(verdicts(&audit(folder.path(), "opencode.db")).len(), 1);
    store.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    assert_eq!(verdicts(&audit(folder.path(), "opencode.db")).len(), 1);
    store.execute("UPDATE session SET title = 'x'", []).unwrap();
    assert_eq!(verdicts(&audit(folder.path(), "opencode.db")).len(), 1);
}

#[test]
fn a_copy_is_read_with_its_wal_and_without() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("opencode.db"));
    exports("opencode-family").iter().for_each(|export| insert(&store, export));
    store.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    exports("opencode-serial").iter().for_each(|export| insert(&store, export));
    for (endings, sessions) in [(&["", "-wal", "-shm"][..], 2), (&["", "-wal"], 2), (&[""], 1)] {
        let copy = TempDir::new().unwrap();
        for ending in endings {
            std::fs::copy(folder.path().join(format!("opencode.db{ending}")), copy.path().join(format!("saved.sqlite{ending}"))).unwrap();
        }
        let seen = audit(copy.path(), "saved.sqlite");
        assert_eq!(seen["sessions"].as_array().unwrap().len(), sessions, "{endings:?}: {seen}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_no_obstacle() {
    use std::os::unix::fs::PermissionsExt;
    let folder = closed("opencode-serial");
    std::fs::set_permissions(folder.path().join("opencode.db"), std::fs::Permissions::from_mode(0o444)).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    assert_eq!(verdicts(&audit(folder.path(), "opencode.db")).len(), 1);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_locked_store_is_said() {
    for mode in ["WAL", "DELETE"] {
        let folder = closed("opencode-serial");
        let store = Connection::open(folder.path().join("opencode.db")).unwrap();
        let lock =
            format!("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = {mode}; BEGIN EXCLUSIVE; UPDATE session SET title = 'x'");
        store.execute_batch(&lock).unwrap();
        let why = refusal(folder.path(), "opencode.db");
        assert!(why.contains("another program holds it locked"), "{mode}: {why}");
    }
}

#[test]
fn a_broken_store_is_said() {
    let folder = closed("opencode-serial");
    let path = folder.path().join("opencode.db");
    let whole = std::fs::read(&path).unwrap();
    let mut broken = whole.clone();
    broken[4096..].fill(0x5a);
    std::fs::write(&path, &broken).unwrap();
    assert!(refusal(folder.path(), "opencode.db").contains("damaged"));
    std::fs::write(&path, &whole[..6000]).unwrap();
    assert!(refusal(folder.path(), "opencode.db").contains("damaged"));
    broken.clone_from(&whole);
    broken[16..100].fill(0xff);
    std::fs::write(&path, &broken).unwrap();
    assert!(refusal(folder.path(), "opencode.db").contains("SQLite"));
    // Among others in a folder it is said, and the others are read.
    std::fs::copy(fixture("opencode-parallel").join("session.json"), folder.path().join("other.json")).unwrap();
    let seen = audit(folder.path(), ".");
    assert_eq!((seen["exit_code"].clone(), seen["sessions"].as_array().unwrap().len()), (json!(0), 1), "{seen}");
    assert!(seen["not_checked"].to_string().contains("opencode.db"), "{seen}");
}

#[test]
fn a_copy_without_its_wal_is_told_what_it_lacks() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("opencode.db"));
    exports("opencode-serial").iter().for_each(|export| insert(&store, export));
    let copy = TempDir::new().unwrap();
    std::fs::copy(folder.path().join("opencode.db"), copy.path().join("saved.db")).unwrap();
    assert!(refusal(copy.path(), "saved.db").contains("saved.db-wal belongs to it"));
    // No WAL mode, no WAL.
    let other = TempDir::new().unwrap();
    Connection::open(other.path().join("some.db")).unwrap().execute_batch("CREATE TABLE notes (id)").unwrap();
    assert!(!refusal(other.path(), "some.db").contains("-wal"));
}

#[test]
fn an_unfinished_transaction_is_said() {
    let folder = closed("opencode-serial");
    let path = folder.path().join("opencode.db");
    let store = Connection::open(&path).unwrap();
    // What does not fit into memory is written to the store before the end of the transaction.
    store
        .execute_batch(
            "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE part SET data = data || hex(zeroblob(200000))",
        )
        .unwrap();
    let copy = TempDir::new().unwrap();
    for ending in ["", "-journal"] {
        std::fs::copy(folder.path().join(format!("opencode.db{ending}")), copy.path().join(format!("opencode.db{ending}"))).unwrap();
    }
    let why = refusal(copy.path(), "opencode.db");
    assert!(why.contains("a transaction was left unfinished"), "{why}");
}

#[test]
fn a_temporary_folder_that_cannot_be_used_is_said() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("opencode.db"));
    exports("opencode-serial").iter().for_each(|export| insert(&store, export));
    let copy = TempDir::new().unwrap();
    for ending in ["", "-wal"] {
        std::fs::copy(folder.path().join(format!("opencode.db{ending}")), copy.path().join(format!("opencode.db{ending}"))).unwrap();
    }
    let mut command = paralint(copy.path());
    let output = command.env("TMPDIR", copy.path().join("nowhere")).args(["audit", "--no-config", "opencode.db"]).output().unwrap();
    assert_eq!(code(&output), 2);
    let said = stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the temporary folder cannot be used"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_beside_a_store_is_said() {
    for ending in ["-wal", "-shm", "-journal"] {
        let folder = closed("opencode-serial");
        let made = std::process::Command::new("mkfifo").arg(folder.path().join(format!("opencode.db{ending}"))).status().unwrap();
        assert!(made.success());
        let why = refusal(folder.path(), "opencode.db");
        assert!(why.contains(&format!("opencode.db{ending} is no regular file")), "{why}");
    }
}

/// Only root can give files away, and only as root SQLite does so: elsewhere the store is merely read.
#[cfg(unix)]
#[test]
fn as_root_the_files_of_others_stay_as_they_are() {
    use std::os::unix::fs::MetadataExt;
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("opencode.db"));
    exports("opencode-serial").iter().for_each(|export| insert(&store, export));
    let paths = ["", "-wal", "-shm"].map(|ending| folder.path().join(format!("opencode.db{ending}")));
    if rustix::process::geteuid().is_root() {
        paths.iter().for_each(|path| std::os::unix::fs::chown(path, Some(1234), Some(1234)).unwrap());
    }
    let changed = || {
        paths.each_ref().map(|path| {
            let data = path.metadata().unwrap();
            (data.uid(), data.gid(), data.ctime(), data.ctime_nsec())
        })
    };
    let before = changed();
    assert_eq!(verdicts(&audit(folder.path(), "opencode.db")).len(), 1);
    assert_eq!(changed(), before);
}

#[test]
fn a_store_of_another_shape_is_said() {
    let cases = [
        ("CREATE TABLE notes (id)", "session, message, part"),
        ("CREATE TABLE session_v2 (id); CREATE TABLE session_message (id)", "OpenCode 2"),
        ("CREATE TABLE session (id, directory); CREATE TABLE message (id, session_id, data)", "part"),
        ("CREATE TABLE session (id, directory); CREATE TABLE message (id, session_id); CREATE TABLE part (id, message_id, data)", "no column data"),
        // A view may run for ever.
        (
            "CREATE VIEW session AS WITH RECURSIVE n(id, directory) AS (SELECT 1, 2 UNION ALL SELECT id + 1, 2 FROM n) SELECT id, directory FROM n;
             CREATE TABLE message (id, session_id, data); CREATE TABLE part (id, message_id, data)",
            "session",
        ),
        ("CREATE TABLE session (id, directory); CREATE TABLE message (id, session_id, data); CREATE TABLE part (id, message_id, data)", "no session"),
    ];
    for (tables, says) in cases {
        let folder = TempDir::new().unwrap();
        let store = Connection::open(folder.path().join("some.db")).unwrap();
        store.execute_batch(tables).unwrap();
        store.close().unwrap();
        let why = refusal(folder.path(), "some.db");
        assert!(why.contains(says), "{tables}: {why}");
    }
}

#[test]
fn every_session_but_the_agents_is_one_of_its_own() {
    let folder = TempDir::new().unwrap();
    let store = open(&folder.path().join("opencode.db"));
    for name in ["opencode-family", "opencode-serial", "opencode-parallel", "opencode-resumed"] {
        exports(name).iter().for_each(|export| insert(&store, export));
    }
    store.execute("UPDATE session SET time_archived = 1 WHERE id = 'ses_fa'", []).unwrap();
    store.execute("INSERT INTO session VALUES ('ses_empty', 'p', NULL, 's', '/home/dev', 't', '1', NULL, 1, 1, NULL)", []).unwrap();
    let seen = audit(folder.path(), "opencode.db");
    let ids = |report: &Value| -> Vec<String> {
        report["sessions"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&seen), ["ses_fam", "ses_main", "ses_par", "ses_res"]);
    let path = folder.path().join("opencode.db");
    let one = report(folder.path(), &["audit", "--no-config", path.to_str().unwrap(), "--session", "ses_res"]);
    assert_eq!(ids(&one), ["ses_res"]);
}

#[test]
fn sessions_without_a_beginning_are_read_once() {
    let folder = closed("opencode-family");
    let store = Connection::open(folder.path().join("opencode.db")).unwrap();
    // The main session becomes an agent of its own agent's agent; another one's maker is gone.
    store.execute("UPDATE session SET parent_id = 'ses_fd' WHERE id = 'ses_fam'", []).unwrap();
    exports("opencode-parallel").iter().for_each(|export| insert(&store, export));
    store.execute("UPDATE session SET parent_id = 'ses_gone' WHERE id = 'ses_par'", []).unwrap();
    store.close().unwrap();
    let seen = audit(folder.path(), "opencode.db");
    assert_eq!(seen["sessions"].as_array().unwrap().len(), 2, "{seen}");
}

#[test]
fn an_agent_that_no_call_started_leaves_claims_open() {
    let folder = closed("opencode-serial");
    let store = Connection::open(folder.path().join("opencode.db")).unwrap();
    let mut stranger = exports("opencode-parallel").remove(0);
    stranger["info"]["parentID"] = json!("ses_main");
    stranger["info"]["time"]["created"] = exports("opencode-serial")[0]["messages"][1]["info"]["time"]["created"].clone();
    insert(&store, &stranger);
    store.close().unwrap();
    let seen = audit(folder.path(), "opencode.db");
    let claim = &seen["sessions"][0]["claims"][0];
    assert_eq!(claim["verdict"], "unverifiable", "{claim}");
    assert!(seen["not_checked"].to_string().contains("started by no call"), "{seen}");
}

#[test]
fn odd_rows_are_counted_and_never_stop_a_run() {
    let folder = closed("opencode-serial");
    let store = Connection::open(folder.path().join("opencode.db")).unwrap();
    for data in ["7", "x'ff00fe'", "'{'", "''", "'[]'", "'{\"role\":\"tool\"}'", "'{\"role\":7}'"] {
        store.execute_batch(&format!("INSERT INTO message VALUES ('m' || hex(randomblob(4)), 'ses_main', 'soon', 0, {data})")).unwrap();
        store
            .execute_batch(&format!("INSERT INTO part VALUES ('p' || hex(randomblob(4)), 'msg_main01', 'ses_main', 'soon', 0, {data})"))
            .unwrap();
    }
    let deep = format!("{}1{}", "[".repeat(500_000), "]".repeat(500_000));
    store
        .execute(
            "INSERT INTO part VALUES ('zz', 'msg_main01', 'ses_main', 0, 0, ?1)",
            [format!(r#"{{"type":"text","text":{deep},"time":{{"start":1e300,"end":-5}}}}"#)],
        )
        .unwrap();
    store.execute("UPDATE session SET revert = '{\"messageID\": 5}', time_created = 'never'", []).unwrap();
    store.close().unwrap();
    let seen = audit(folder.path(), "opencode.db");
    assert_eq!(verdicts(&seen), [r#""claimed-serial" "contradicted""#], "{seen}");
    assert!(seen["sessions"][0]["bad_lines"].as_u64().unwrap() > 8, "{seen}");
}

#[test]
fn any_name_is_a_name() {
    for name in ["a?b=c&mode=memory.db", "x#y%41.db", "wie Öl 'n\"s.db", ":memory:.db"] {
        let folder = closed("opencode-serial");
        std::fs::rename(folder.path().join("opencode.db"), folder.path().join(name)).unwrap();
        assert_eq!(verdicts(&audit(folder.path(), name)).len(), 1, "{name}");
    }
}

#[test]
fn this_repositorys_own_sessions_are_found_by_their_folder() {
    let home = TempDir::new().unwrap();
    let place = |path: &str| home.path().join(path).to_str().unwrap().to_owned();
    for folder in ["data/opencode", "shop/src", "shop-api"] {
        std::fs::create_dir_all(home.path().join(folder)).unwrap();
    }
    let store = open(&home.path().join("data/opencode/opencode.db"));
    for (name, folder) in [("opencode-serial", "shop/src"), ("opencode-parallel", "shop-api"), ("opencode-family", "shop")] {
        for mut export in exports(name) {
            export["info"]["directory"] = json!(place(folder));
            insert(&store, &export);
        }
    }
    assert!(std::process::Command::new("git").arg("init").arg("-q").current_dir(home.path().join("shop")).status().unwrap().success());
    let mut command = paralint(&home.path().join("shop"));
    let output =
        command.env("XDG_DATA_HOME", home.path().join("data")).args(["audit", "--no-config", "--format", "json"]).output().unwrap();
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let ids: Vec<&str> = seen["sessions"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["ses_fam", "ses_main"], "{seen}");
    assert_eq!(code(&output), 1);
}

#[test]
fn old_files_beside_the_store_are_not_read_twice() {
    let folder = closed("opencode-serial");
    let session = folder.path().join("storage/session/global");
    std::fs::create_dir_all(&session).unwrap();
    std::fs::copy(fixture("opencode-folder-store").join("storage/session/global/ses_main.json"), session.join("ses_main.json")).unwrap();
    let home = TempDir::new().unwrap();
    let seen = report(home.path(), &["audit", "--no-config", folder.path().to_str().unwrap()]);
    assert_eq!(seen["sessions"].as_array().unwrap().len(), 1, "{seen}");
    assert!(seen["sessions"][0]["path"].as_str().unwrap().ends_with("opencode.db"), "{seen}");
}

#[test]
fn a_piece_of_a_session_is_no_session() {
    let path = fixture("opencode-folder-store").join("storage/message/ses_main/msg_main00.json");
    let output = run(path.parent().unwrap(), &["audit", "--no-config", path.to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ").contains("name the session's file"), "{}", stderr(&output));
}

#[test]
fn a_session_file_brings_its_agents_along() {
    let path = fixture("opencode-folder-store").join("storage/session/global/ses_main.json");
    let home = TempDir::new().unwrap();
    let seen = report(home.path(), &["audit", "--no-config", path.to_str().unwrap()]);
    let timings: Vec<&str> =
        seen["sessions"][0]["dispatches"].as_array().unwrap().iter().map(|one| one["timing"].as_str().unwrap()).collect();
    assert_eq!(timings, ["transcript", "transcript", "duration"]);
}

#[test]
fn what_is_called_an_opencode_log_and_is_none_is_refused() {
    let folder = TempDir::new().unwrap();
    for (name, text) in [("empty.json", ""), ("other.json", "{\"info\": {\"title\": \"x\"}}"), ("text.json", "no JSON at all\n")] {
        std::fs::write(folder.path().join(name), text).unwrap();
        let output = run(folder.path(), &["audit", "--no-config", "--input-format", "opencode", name]);
        assert_eq!(code(&output), 2, "{name}");
    }
}
