//! Where the rollouts of Codex are found: all projects in one tree of days, agents by their parent.

use super::program::{code, paralint, stderr, stdout};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Puts a rollout of two lines into a tree: its thread, and what the assistant says.
fn rollout(home: &Path, day: &str, id: &str, cwd: &Path, source: Value) -> PathBuf {
    // The instructions of the program make the first line longer than a first look at it.
    let (id_json, cwd_json) = (json!(id), json!(cwd));
    let meta = format!(
        r#"{{"id":{id_json},"timestamp":"{day}T10:00:00.000Z","cwd":{cwd_json},"source":{source},"base_instructions":{{"text":"{}"}}}}"#,
        "word ".repeat(4000)
    );
    let line = |kind: &str, payload: &str| format!(r#"{{"timestamp":"{day}T10:00:00.000Z","type":"{kind}","payload":{payload}}}"#);
    let said = json!({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Fine."}]}).to_string();
    let text = format!("{}\n{}\n", line("session_meta", &meta), line("response_item", &said));
    let path = home.join(format!("{}/rollout-{day}T10-00-00-{id}.jsonl", day.replace('-', "/")));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

fn of(parent: &str) -> Value {
    json!({"subagent": {"thread_spawn": {"parent_thread_id": parent, "depth": 1}}})
}

fn asked(folder: &Path, home: &Path, arguments: &[&str]) -> std::process::Output {
    let mut program = paralint(folder);
    program.env("HOME", home).env("CODEX_HOME", home.join("codex"));
    program.args(["audit", "--format", "json"]).args(arguments).output().unwrap()
}

fn audit(folder: &Path, home: &Path, arguments: &[&str]) -> Value {
    let output = asked(folder, home, arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Each session's identifier and how many records all of its rollouts hold.
fn sessions(report: &Value) -> Vec<(String, u64)> {
    let one = |session: &Value| (session["id"].as_str().unwrap().to_owned(), session["records"].as_u64().unwrap());
    let mut all: Vec<(String, u64)> = report["sessions"].as_array().unwrap().iter().map(one).collect();
    all.sort();
    all
}

#[test]
fn without_a_path_it_is_the_rollouts_that_worked_here_with_their_agents() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let (here, elsewhere) = (home.join("shop"), home.join("shop-api"));
    for folder in [&here, &elsewhere] {
        fs::create_dir(folder).unwrap();
        assert!(std::process::Command::new("git").args(["init", "-q"]).current_dir(folder).status().unwrap().success());
    }
    let tree = home.join("codex/sessions");
    rollout(&tree, "2026-04-14", "main", &here, json!("cli"));
    rollout(&tree, "2026-04-15", "child", &here, of("main"));
    rollout(&tree, "2026-04-16", "grandchild", &here.join("api"), of("child"));
    rollout(&tree, "2026-04-14", "foreign", &elsewhere, json!("cli"));
    rollout(&tree, "2026-04-14", "second", &here.join("api"), json!("exec"));
    // CODEX_HOME stands in its place.
    rollout(&home.join(".codex/sessions"), "2026-04-14", "third", &here, json!("cli"));
    let archive = rollout(&home.join("codex/x"), "2026-04-13", "archived", &here, json!("cli"));
    fs::create_dir_all(home.join("codex/archived_sessions")).unwrap();
    fs::rename(&archive, home.join("codex/archived_sessions").join(archive.file_name().unwrap())).unwrap();
    fs::write(tree.join("2026/04/14/rollout-2026-04-14T11-00-00-packed.jsonl.zst"), b"\x28\xb5\x2f\xfd").unwrap();

    let report = audit(&here, &home, &[]);
    assert_eq!(sessions(&report), [("archived".into(), 2), ("main".into(), 6), ("second".into(), 2)]);
    let not_checked = report["not_checked"].to_string();
    assert!(not_checked.contains("packed.jsonl.zst") && not_checked.contains("cannot be unpacked"), "{not_checked}");
    assert_eq!(sessions(&audit(&here, &home, &["--session", "main"])), [("main".into(), 6)]);
    assert_eq!(sessions(&audit(&elsewhere, &home, &[])), [("foreign".into(), 2)]);
    let agent = asked(&here, &home, &["--session", "grandchild"]);
    assert_eq!(code(&agent), 2);
    assert!(stdout(&agent).contains("grandchild is an agent of the session main"), "{}", stdout(&agent));
}

/// Packs a file as Zstandard does without compressing: a window of 8 MB, blocks of up to 128 kB as they are.
fn pack(path: &Path) -> PathBuf {
    let text = fs::read(path).unwrap();
    let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 13 << 3];
    let blocks: Vec<&[u8]> = text.chunks(128 * 1024).collect();
    for (number, block) in blocks.iter().enumerate() {
        let header = u32::try_from(block.len()).unwrap() << 3 | u32::from(number + 1 == blocks.len());
        bytes.extend(&header.to_le_bytes()[..3]);
        bytes.extend(*block);
    }
    let packed = PathBuf::from(format!("{}.zst", path.display()));
    fs::write(&packed, bytes).unwrap();
    packed
}

#[test]
fn packed_rollouts_are_read_like_plain_ones() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let here = home.join("shop");
    fs::create_dir(&here).unwrap();
    assert!(std::process::Command::new("git").args(["init", "-q"]).current_dir(&here).status().unwrap().success());
    let tree = home.join("codex/sessions");
    let main = rollout(&tree, "2026-04-14", "main", &here, json!("cli"));
    let child = rollout(&tree, "2026-04-15", "child", &here, of("main"));
    pack(&main);
    assert_eq!(sessions(&audit(&here, &home, &[])), [("main".into(), 4)], "the plain one counts");
    let packed = [pack(&main), pack(&child)];
    fs::remove_file(&main).unwrap();
    fs::remove_file(&child).unwrap();
    assert_eq!(sessions(&audit(&here, &home, &[])), [("main".into(), 4)]);
    assert_eq!(sessions(&audit(&here, &home, &[packed[0].to_str().unwrap()])), [("main".into(), 4)]);
    let whole = fs::read(&packed[0]).unwrap();
    fs::write(&packed[0], &whole[..whole.len() - 9]).unwrap();
    let cut = asked(&here, &home, &[packed[0].to_str().unwrap()]);
    assert_eq!(code(&cut), 2);
    assert!(stdout(&cut).contains("cannot be unpacked"), "{}", stdout(&cut));
}

#[test]
fn one_rollout_that_is_named_finds_its_agents_in_the_tree() {
    let home = tempfile::tempdir().unwrap();
    let tree = home.path().join("sessions");
    let main = rollout(&tree, "2026-04-14", "main", Path::new("/w"), json!("cli"));
    let child = rollout(&tree, "2026-04-15", "child", Path::new("/w"), of("main"));
    rollout(&tree, "2026-04-13", "before", Path::new("/w"), of("main"));
    let named = |path: &Path| sessions(&audit(home.path(), home.path(), &[path.to_str().unwrap()]));
    assert_eq!(named(&main), [("main".into(), 4)]);
    assert_eq!(named(&child), [("child".into(), 2)]);
    assert_eq!(named(&tree), [("main".into(), 6)]);
    let both = audit(home.path(), home.path(), &[child.to_str().unwrap(), main.to_str().unwrap()]);
    assert_eq!(sessions(&both), [("main".into(), 4)]);
}

#[test]
fn threads_that_are_each_other_s_agents_are_one_session() {
    let home = tempfile::tempdir().unwrap();
    for (id, parent) in [("a", "b"), ("b", "a"), ("c", "c")] {
        rollout(&home.path().join("sessions"), "2026-04-14", id, Path::new("/w"), of(parent));
    }
    assert_eq!(sessions(&audit(home.path(), home.path(), &["sessions"])), [("a".into(), 4), ("c".into(), 2)]);
}

#[test]
fn a_damaged_packed_rollout_is_exit_2_by_name_and_not_checked_in_a_folder() {
    let home = tempfile::tempdir().unwrap();
    let good = rollout(home.path(), "2026-04-14", "019d8b38-0e80-7009-8667-00058ff34739", home.path(), json!("cli"));
    let damaged = good.with_file_name("rollout-2026-04-14T11-00-00-019d8b39-0e80-7009-8667-00058ff34739.jsonl.zst");
    fs::write(&damaged, b"\x28\xb5\x2f\xfd\x00\x58\xff\xff\xff").unwrap();
    let named = paralint(home.path()).args(["audit", "--no-config"]).arg(&damaged).output().unwrap();
    assert_eq!(code(&named), 2);
    assert!(stderr(&named).contains("cannot be unpacked") && stderr(&named).contains("it is damaged"), "{}", stderr(&named));
    let all = paralint(home.path()).args(["audit", "--no-config", "--format", "json", "."]).output().unwrap();
    assert_eq!(code(&all), 0, "{}", stderr(&all));
    assert!(stdout(&all).contains("cannot be unpacked"), "{}", stdout(&all));
}
