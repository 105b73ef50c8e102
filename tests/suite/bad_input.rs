//! What cannot be read is said, with the place and the mend, and exit code 2 where it had to be checked.

use super::program::{code, fixture, paralint, report, run, small_log, stderr, stdout};
use std::fs;

#[test]
fn a_path_that_is_not_there_is_exit_2_in_both_forms() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["audit", "gone.jsonl"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("gone.jsonl"), "{}", stderr(&output));
    assert!(stderr(&output).contains("help:"));
    let report = report(folder.path(), &["audit", "gone.jsonl"]);
    assert_eq!(report["exit_code"], 2);
    assert_eq!(report["error"]["kind"], "input");
    assert_eq!(report["error"]["location"]["path"], "gone.jsonl");
}

#[test]
fn a_folder_without_sessions_is_exit_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "nothing").unwrap();
    let output = run(folder.path(), &["audit", "."]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no session log"), "{}", stderr(&output));
}

#[test]
fn a_named_file_without_a_record_is_exit_2_and_the_others_are_still_audited() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.jsonl"), "").unwrap();
    fs::write(folder.path().join("words.jsonl"), "this is\nno JSON\n").unwrap();
    fs::write(folder.path().join("other.jsonl"), "{\"a\":1}\n{\"b\":2}\n").unwrap();
    fs::write(folder.path().join("good.jsonl"), small_log("s1", "/w", "I launched three agents in parallel.", 0)).unwrap();
    for (name, why) in
        [("empty.jsonl", "it is empty"), ("words.jsonl", "it begins with \"this is\""), ("other.jsonl", "no known log format")]
    {
        let report = report(folder.path(), &["audit", name, "good.jsonl"]);
        assert_eq!(report["exit_code"], 2, "{name}");
        assert!(report["error"]["message"].as_str().unwrap().contains(why), "{}", report["error"]);
        assert_eq!(report["findings"][0]["rule"], "narrated-agents", "{name}");
    }
    let all = report(folder.path(), &["audit", "."]);
    assert_eq!(all["exit_code"], 1, "in a folder they are not_checked");
    assert_eq!(all["not_checked"].as_array().unwrap().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_folder_named_like_a_log_and_a_special_file_do_not_hang() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("odd.jsonl")).unwrap();
    fs::write(folder.path().join("odd.jsonl/inner.jsonl"), small_log("s1", "/w", "Nothing special.", 0)).unwrap();
    assert_eq!(code(&run(folder.path(), &["audit", "odd.jsonl"])), 0);
    assert_eq!(code(&run(folder.path(), &["audit", "/dev/null"])), 2);
}

#[test]
fn wrong_usage_is_exit_2_and_json_still_gets_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["audit", "--fail-on", "sometimes", "--format", "json"]);
    assert_eq!(code(&output), 2);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["exit_code"], &report["error"]["kind"]), (&2.into(), &"usage".into()));
    assert_eq!(code(&run(folder.path(), &["audit", "--since", "soon", "."])), 2);
    assert_eq!(code(&run(folder.path(), &["rule", "claimed-serail"])), 2);
    assert_eq!(code(&run(folder.path(), &["--help"])), 0);
}

#[test]
fn an_unknown_rule_is_told_its_nearest_name() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["rule", "claimed-serail"]);
    assert!(stderr(&output).contains("did you mean `claimed-serial`?"));
}

#[test]
fn a_closed_pipe_is_no_error_message() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_paralint"))
        .args(["audit", "--no-config", "--format", "json"])
        .arg(fixture("demo-serial").join("session.jsonl"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "the verdict stays what it is");
    assert_eq!(complaint, "");
}

#[test]
fn an_output_file_that_cannot_be_written_is_exit_2_and_the_others_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let log = fixture("everything-fine");
    let output = paralint(folder.path())
        .args(["audit", "--output", "json=missing/r.json", "--output", "json=r.json", "--output", "human=r.txt"])
        .arg(&log)
        .output()
        .unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("missing/r.json"));
    let written: serde_json::Value = serde_json::from_slice(&fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    assert_eq!(written["version"], 1);
    assert_eq!(fs::read_to_string(folder.path().join("r.txt")).unwrap(), stdout(&output));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing half-written is left");
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_neither_hangs_nor_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let make_pipe = |name: &str| assert!(std::process::Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap().success());
    fs::write(folder.path().join("good.jsonl"), small_log("s1", "/w", "Nothing special.", 0)).unwrap();
    make_pipe("pipe.jsonl");
    make_pipe("agent-1a2b3c4d.jsonl");
    let named = run(folder.path(), &["audit", "pipe.jsonl"]);
    assert_eq!(code(&named), 2);
    assert!(stderr(&named).contains("no regular file"));
    let whole = report(folder.path(), &["audit", "."]);
    assert_eq!(whole["exit_code"], 0);
    assert_eq!(whole["not_checked"].as_array().unwrap().len(), 2, "{}", whole["not_checked"]);
    assert_eq!(code(&run(folder.path(), &["audit", "good.jsonl", "--config", "pipe.jsonl"])), 2);
    assert_eq!(code(&run(folder.path(), &["audit", "/dev/zero"])), 2);

    std::os::unix::fs::symlink("real.json", folder.path().join("link.json")).unwrap();
    fs::write(folder.path().join("real.json"), "old").unwrap();
    assert_eq!(code(&run(folder.path(), &["audit", "good.jsonl", "--output", "json=link.json"])), 0);
    assert!(folder.path().join("link.json").symlink_metadata().unwrap().is_symlink());
    assert!(fs::read_to_string(folder.path().join("real.json")).unwrap().starts_with('{'));
    if std::path::Path::new("/dev/full").exists() {
        let full = std::process::Command::new(env!("CARGO_BIN_EXE_paralint"))
            .args(["audit", "--no-config", "good.jsonl", "--format", "json"])
            .current_dir(folder.path())
            .stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
            .output()
            .unwrap();
        assert_eq!(code(&full), 2, "a report that nobody can read is no pass");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_files_and_said_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("logs")).unwrap();
    fs::write(folder.path().join("elsewhere.txt"), small_log("s1", "/w", "I launched three agents in parallel.", 0)).unwrap();
    std::os::unix::fs::symlink("../elsewhere.txt", folder.path().join("logs/link.jsonl")).unwrap();
    std::os::unix::fs::symlink("gone", folder.path().join("logs/dangling.jsonl")).unwrap();
    std::os::unix::fs::symlink("..", folder.path().join("logs/circle")).unwrap();
    let report = report(folder.path(), &["audit", "logs"]);
    assert_eq!(report["summary"]["error"], 1);
    assert_eq!(report["not_checked"].as_array().unwrap().len(), 2, "{}", report["not_checked"]);
}

#[cfg(unix)]
#[test]
fn a_transcript_of_an_agent_that_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let agents = folder.path().join("s1/subagents");
    fs::create_dir_all(&agents).unwrap();
    fs::write(folder.path().join("s1.jsonl"), small_log("s1", "/w", "Nothing special.", 0)).unwrap();
    std::os::unix::fs::symlink("gone", agents.join("agent-a1.jsonl")).unwrap();
    for input in ["s1.jsonl", "."] {
        let report = report(folder.path(), &["audit", input]);
        let said = report["not_checked"].as_array().unwrap();
        assert_eq!(said.len(), 1, "{input}: {said:?}");
        assert!(said[0]["what"].as_str().unwrap().ends_with("agent-a1.jsonl"), "{input}: {said:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_encoded_and_said_to_be() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    for (name, session) in [(&b"a\xff.jsonl"[..], "s1"), (b"a\xfe.jsonl", "s2")] {
        fs::write(
            folder.path().join(std::ffi::OsStr::from_bytes(name)),
            small_log(session, "/w", "I launched three agents in parallel.", 0),
        )
        .unwrap();
    }
    let report = report(folder.path(), &["audit", "."]);
    let places: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["location"]["path"].as_str().unwrap().to_owned(), finding["location"]["path_encoded"].clone()))
        .collect();
    assert_eq!(places, [("./a%FE.jsonl".to_owned(), true.into()), ("./a%FF.jsonl".to_owned(), true.into())]);
}

#[test]
fn the_order_of_arguments_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, session) in [("a.jsonl", "s1"), ("b.jsonl", "s2"), ("c.jsonl", "s1")] {
        fs::write(folder.path().join(name), small_log(session, "/w", "I launched three agents in parallel.", 0)).unwrap();
    }
    let one = run(folder.path(), &["audit", "a.jsonl", "b.jsonl", "c.jsonl", "--format", "json"]);
    let other = run(folder.path(), &["audit", "c.jsonl", "./b.jsonl", "a.jsonl", "b.jsonl", "--format", "json"]);
    let plain = |output: &std::process::Output| stdout(output).replace("./b.jsonl", "b.jsonl");
    assert_eq!(plain(&one), plain(&other));
}

#[test]
fn a_log_that_breaks_off_anywhere_is_read_up_to_there() {
    let whole = fs::read(fixture("demo-serial").join("session.jsonl")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.jsonl");
    let mut dispatches = 0;
    for cut in (1..20).map(|part| whole.len() * part / 20) {
        fs::write(&path, &whole[..cut]).unwrap();
        let report = report(folder.path(), &["audit", "cut.jsonl"]);
        let now = report["sessions"][0]["dispatches"].as_array().unwrap().len();
        assert!(now >= dispatches, "a longer log has no fewer dispatches");
        assert!(report["sessions"][0]["bad_lines"].as_u64().unwrap() <= 1);
        dispatches = now;
    }
}

#[test]
fn init_names_a_manifest_that_is_no_text() {
    let repository = super::repository::Repository::new();
    std::fs::write(repository.path().join("package.json"), b"{\"scripts\": {\"test\": \"\xff\"}}").unwrap();
    repository.commit_all("base");
    let output = run(repository.path(), &["init"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("package.json is left out: it is a link, too large, or no text (UTF-8)"), "{}", stdout(&output));
}
