//! Waivers and baselines: what was accepted does not count, and what matches nothing is said.

use super::program::{code, report, run, small_log, stderr, stdout};
use super::repository::Repository;
use serde_json::Value;
use std::fs;
use std::path::Path;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("a.jsonl"), small_log("s", "/w", "I launched three agents in parallel.", 0)).unwrap();
    folder
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

fn fingerprint(folder: &Path) -> String {
    report(folder, &["audit", "a.jsonl"])["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
}

#[test]
fn a_waiver_accepts_one_finding_in_the_open() {
    let folder = folder();
    let fingerprint = fingerprint(folder.path());
    fs::create_dir(folder.path().join("below")).unwrap();
    let output = run(&folder.path().join("below"), &["waive", &fingerprint, "--reason", "talked \"about\"\nit \u{1b}[31m"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = fs::read_to_string(folder.path().join(".paralint/waivers.toml")).unwrap();
    assert!(text.contains(&fingerprint) && text.contains("by = ") && text.contains("at = \"20") && !text.contains('\u{1b}'), "{text}");
    let after = report(folder.path(), &["audit", "a.jsonl"]);
    assert_eq!((rules(&after), &after["summary"]["waived"], &after["exit_code"]), (vec![], &1.into(), &0.into()));
    assert!(stdout(&run(folder.path(), &["audit", "a.jsonl"])).contains("1 waived"));
    // Twice is once, and what people wrote into the file stays.
    assert!(stdout(&run(folder.path(), &["waive", &fingerprint, "--reason", "again"])).contains("already"));
    assert_eq!(fs::read_to_string(folder.path().join(".paralint/waivers.toml")).unwrap(), text);
}

#[test]
fn a_waiver_that_matches_nothing_is_reported() {
    let folder = folder();
    assert_eq!(code(&run(folder.path(), &["waive", &"0".repeat(32), "--reason", "r"])), 0);
    let report = report(folder.path(), &["audit", "a.jsonl"]);
    assert_eq!(rules(&report), ["narrated-agents", "unused-waiver"]);
    assert_eq!(report["findings"][1]["location"]["path"], ".paralint/waivers.toml");
}

#[test]
fn a_waiver_needs_a_fingerprint_and_a_reason() {
    let folder = folder();
    for arguments in [&["waive", "abc", "--reason", "r"][..], &["waive", &"0".repeat(32), "--reason", " "], &["waive", &"0".repeat(32)]] {
        assert_eq!(code(&run(folder.path(), arguments)), 2, "{arguments:?}");
    }
    assert!(!folder.path().join(".paralint").exists());
    fs::create_dir(folder.path().join(".paralint")).unwrap();
    fs::write(folder.path().join(".paralint/waivers.toml"), "[[waiver]]\nfingerprint = 3\n").unwrap();
    let output = run(folder.path(), &["audit", "a.jsonl"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains(".paralint/waivers.toml:2:"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let folder = folder();
    let victim = folder.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    fs::create_dir(folder.path().join(".paralint")).unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join(".paralint/waivers.toml")).unwrap();
    assert_eq!(code(&run(folder.path(), &["waive", &"0".repeat(32), "--reason", "r"])), 2);
    assert_eq!(fs::read_to_string(victim).unwrap(), "precious");
}

#[test]
fn a_baseline_accepts_what_was_there() {
    let folder = folder();
    let written = run(folder.path(), &["audit", "a.jsonl", "--write-baseline", "base.json"]);
    assert_eq!(code(&written), 0, "{}", stdout(&written));
    // A prompt before it moves the claim to another line; it is the same claim.
    let log = fs::read_to_string(folder.path().join("a.jsonl")).unwrap();
    fs::write(folder.path().join("a.jsonl"), format!("{{\"type\":\"summary\",\"summary\":\"s\"}}\n{log}")).unwrap();
    let with = report(folder.path(), &["audit", "a.jsonl", "--baseline", "base.json"]);
    assert_eq!((rules(&with), &with["summary"]["suppressed"]), (vec![], &1.into()));
    // What is gone is said.
    fs::write(folder.path().join("a.jsonl"), small_log("s", "/w", "I looked at it.", 0)).unwrap();
    let stale = report(folder.path(), &["audit", "a.jsonl", "--baseline", "base.json"]);
    assert_eq!((rules(&stale), &stale["findings"][0]["location"]["line"]), (vec!["stale-baseline"], &4.into()));
    fs::write(folder.path().join("base.json"), "[]").unwrap();
    assert_eq!(code(&run(folder.path(), &["audit", "a.jsonl", "--baseline", "base.json"])), 2);
    assert_eq!(code(&run(folder.path(), &["audit", "a.jsonl", "--baseline", "none.json"])), 2);
    assert_eq!(code(&run(folder.path(), &["audit", "a.jsonl", "--write-baseline", "no/folder/base.json"])), 2);
}

/// Stages these files, as task-1, in a repository where they are another's.
fn staged(files: &[String]) -> Repository {
    let repository = Repository::new();
    let boundaries = r#"{"boundaries": {"a": {"paths": ["/src/a/"], "owner": "task-1"}, "b": {"paths": ["/src/b/"], "owner": "task-2"}}}"#;
    repository.write("BOUNDARIES.json", boundaries);
    repository.write("src/a/own", "own\n");
    repository.write("src/b/gone", "nothing else is like this\n");
    repository.commit_all("base");
    for file in files {
        repository.write(file, "1\n");
    }
    repository.git(&["add", "-A"]);
    repository
}

#[test]
fn a_baseline_of_many_files_hides_no_other_file() {
    let names = |name: &str| (0..8).map(|number| format!("src/b/{name}{number}")).collect::<Vec<_>>();
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("base.json");
    let baseline = baseline.to_str().unwrap();
    let old = staged(&names("old"));
    assert_eq!(code(&run(old.path(), &["check", "--agent", "task-1", "--write-baseline", baseline])), 0);
    let again = report(old.path(), &["check", "--agent", "task-1", "--baseline", baseline]);
    assert_eq!((rules(&again), &again["summary"]["suppressed"]), (vec![], &8.into()));
    let other = staged(&names("other"));
    let arguments = ["check", "--agent", "task-1", "--baseline", baseline];
    let found = report(other.path(), &arguments);
    assert_eq!((rules(&found), &found["exit_code"]), (vec!["outside-boundary"; 8], &1.into()));
    let shown = stdout(&run(other.path(), &arguments));
    assert!(shown.contains("task-1 made 8 files in b") && shown.contains("and 3 more files (--verbose shows all)"), "{shown}");
    assert!(shown.contains("8 errors"), "{shown}");
}

#[test]
fn each_of_many_files_is_told_as_it_was() {
    let files: Vec<String> = (0..7).map(|number| format!("src/b/new{number}")).collect();
    let repository = staged(&files);
    repository.git(&["rm", "-q", "src/b/gone"]);
    let found = report(repository.path(), &["check", "--agent", "task-1"]);
    let said = |wanted: &str| found["findings"].as_array().unwrap().iter().filter(|finding| finding["message"] == wanted).count();
    assert_eq!((said("task-1 made a file in b"), said("task-1 deleted a file of b")), (7, 1), "{found:#}");
    let shown = stdout(&run(repository.path(), &["check", "--agent", "task-1"]));
    assert!(shown.contains("task-1 changed 8 files of b") && shown.contains("= files: added 7, deleted 1"), "{shown}");
}
