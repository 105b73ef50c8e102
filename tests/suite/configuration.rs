//! `paralint.toml`: found, checked, applied.

use super::program::{code, report, run, small_log, stderr, stdout};
use std::fs;

fn folder_with(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("logs")).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("logs/a.jsonl"), small_log("s", "/w", "I launched three agents in parallel.", 0)).unwrap();
    fs::write(folder.path().join("paralint.toml"), configuration).unwrap();
    folder
}

#[test]
fn it_is_found_upward_and_changes_severities() {
    let folder = folder_with("[rules]\nnarrated-agents = \"note\"\n");
    let below = folder.path().join("logs");
    let output = run(&below, &["audit", "a.jsonl"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert_eq!(code(&run(&below, &["audit", "a.jsonl", "--fail-on", "note"])), 1);
    assert_eq!(code(&run(&below, &["audit", "a.jsonl", "--no-config"])), 1);
}

#[test]
fn it_is_not_looked_for_above_the_repository() {
    let folder = folder_with("[rules]\nnarrated-agents = \"note\"\n");
    let inner = folder.path().join("logs");
    fs::create_dir(inner.join(".git")).unwrap();
    assert_eq!(code(&run(&inner, &["audit", "a.jsonl"])), 1);
}

#[test]
fn a_mistake_is_exit_2_with_line_column_and_a_guess() {
    let folder = folder_with("[limits]\nmax_paralel = 3\n");
    let output = run(folder.path(), &["audit", "logs"]);
    assert_eq!(code(&output), 2);
    let text = stderr(&output);
    assert!(text.contains("paralint.toml:2:1") && text.contains("did you mean `max_parallel`?"), "{text}");
    let report = report(folder.path(), &["audit", "logs"]);
    assert_eq!(report["error"]["kind"], "configuration");
    assert_eq!(report["error"]["location"]["line"], 2);
    assert_eq!(code(&run(folder.path(), &["audit", "logs", "--config", "gone.toml"])), 2);
}

#[test]
fn suppressions_count_and_unused_ones_are_reported() {
    let used = "[[suppress]]\nrule = \"narrated-agents\"\npath = \"logs/*.jsonl\"\nreason = \"talked about\"\n";
    let unused = "[[suppress]]\nrule = \"idle-agent\"\nreason = \"poems\"\n";
    let elsewhere = "[[suppress]]\nrule = \"idle-agent\"\npath = \"other/*.jsonl\"\nreason = \"poems\"\n";
    let folder = folder_with(&format!("{used}{unused}{elsewhere}"));
    let report = report(folder.path(), &["audit", "logs"]);
    assert_eq!(report["summary"]["suppressed"], 1);
    assert_eq!(report["exit_code"], 0);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((&findings[0]["rule"], &findings[0]["location"]["line"]), (&"unused-suppression".into(), &5.into()));
}

#[test]
fn a_suppression_by_fingerprint_outlives_moved_lines() {
    let folder = folder_with("");
    let fingerprint = report(folder.path(), &["audit", "logs"])["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    fs::write(
        folder.path().join("paralint.toml"),
        format!("[[suppress]]\nrule = \"narrated-agents\"\nfingerprint = \"{fingerprint}\"\nreason = \"known\"\n"),
    )
    .unwrap();
    let log = folder.path().join("logs/a.jsonl");
    let moved = format!("{}\n{}", r#"{"type":"summary","summary":"x","leafUuid":"l"}"#, fs::read_to_string(&log).unwrap());
    fs::write(&log, moved).unwrap();
    assert_eq!(report(folder.path(), &["audit", "logs"])["summary"]["suppressed"], 1);
}
