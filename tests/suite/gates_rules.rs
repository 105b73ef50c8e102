//! The rules about gates, in real repositories with real commands.
#![cfg(unix)]

use super::program::{paralint, report};
use super::repository::{Repository, git_in};
use serde_json::Value;
use std::path::Path;

/// Findings of some rules, as (rule, severity, message).
fn found(report: &Value, rules: &[&str]) -> Vec<(String, String, String)> {
    assert!(report["error"].is_null(), "{}", report["error"]);
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let mut found: Vec<_> = findings
        .filter(|finding| rules.contains(&finding["rule"].as_str().unwrap()))
        .map(|finding| (text(finding, "rule"), text(finding, "severity"), text(finding, "message")))
        .collect();
    found.sort();
    found
}

fn skipped(report: &Value) -> Vec<String> {
    found(report, &["gate-skipped"]).into_iter().map(|(_, _, message)| message).collect()
}

fn checked(repository: &Repository, arguments: &[&str]) -> Value {
    report(repository.path(), &[&["check", "--session", "none"], arguments].concat())
}

/// What a report says was not checked of gates: why.
fn not_checked(report: &Value) -> Vec<String> {
    let all = report["not_checked"].as_array().unwrap().iter();
    all.filter(|one| one["what"].as_str().unwrap().starts_with("gates of ")).map(|one| one["why"].as_str().unwrap().to_owned()).collect()
}

fn with_gates(configuration: &str) -> Repository {
    let repository = Repository::new();
    repository.write("paralint.toml", configuration);
    repository.write("a.txt", "1\n");
    repository.commit_all("base");
    repository
}

const ALL: &[&str] = &["gate-failed", "gate-timeout", "gate-unavailable", "gate-leak"];

#[test]
fn each_bad_end_is_a_finding_of_its_own_and_a_good_one_none() {
    let repository = with_gates(
        "[gates.good]\nrun = \"true\"\n[gates.bad]\nrun = \"echo 'left: 1'; exit 3\"\n[gates.slow]\nrun = [\"sleep\", \"600\"]\n\
         timeout = \"200ms\"\n[gates.gone]\nrun = [\"no-such-command-here\"]\n[gates.unfound]\nrun = \"no-such-command-here\"\n",
    );
    let report = report(repository.path(), &["gates"]);
    let found = found(&report, ALL);
    let rules: Vec<(&str, &str)> = found.iter().map(|(rule, severity, _)| (rule.as_str(), severity.as_str())).collect();
    assert_eq!(
        rules,
        [("gate-failed", "error"), ("gate-timeout", "error"), ("gate-unavailable", "error"), ("gate-unavailable", "error")],
        "{found:#?}"
    );
    assert!(found[0].2.starts_with("bad failed: exit 3 after "), "{}", found[0].2);
    assert_eq!(report["exit_code"], 1);
    let bad = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "gate-failed").unwrap();
    assert_eq!((&bad["location"]["path"], &bad["location"]["line"]), (&"paralint.toml".into(), &3.into()));
    assert_eq!(bad["evidence"]["last_lines"], serde_json::json!(["left: 1"]));
    assert_eq!(checked(&repository, &[])["exit_code"], 0, "without --gates none runs");
}

#[test]
fn what_is_left_behind_and_what_needed_another_attempt_are_warnings() {
    let repository = with_gates(
        "[gates.leaky]\nrun = \"sleep 600 & exit 0\"\n[gates.tidy]\nrun = \"sleep 0 & wait\"\n\
         [gates.flaky]\nrun = \"test -e ../tried || { touch ../tried; exit 1; }\"\nretries = 1\nbackoff = \"10ms\"\n",
    );
    let report = report(repository.path(), &["gates"]);
    let found = found(&report, ALL);
    let told: Vec<(&str, &str)> = found.iter().map(|(rule, severity, _)| (rule.as_str(), severity.as_str())).collect();
    assert_eq!(told, [("gate-leak", "warning"), ("gate-leak", "warning")], "{found:#?}");
    assert_eq!(found[0].2, "flaky passed only on attempt 2");
    assert!(found[1].2.starts_with("leaky left 1 process behind, which was ended: sleep 600 (pid "), "{}", found[1].2);
    assert_eq!(report["exit_code"], 0);
}

const PHASES: &str =
    "[gates.test]\nrun = \"test ! -e broken\"\n[phases.implementation]\ngates = [\"test\"]\n[phases.wave]\ngates = [\"test\"]\n";
const DONE: &str = r#"{"current_phase": "integration", "completed_phases": ["architecture", "test_definition", "implementation"]}"#;
const MESSAGE: &str = "implementation is called complete, but test has not passed for its tree";

fn run_gates(folder: &Path, code: i32) {
    let output = paralint(folder).args(["gates", "test"]).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A commit that calls implementation complete.
fn completed() -> Repository {
    let repository = with_gates(PHASES);
    repository.write("b.txt", "1\n");
    repository.write("WORKFLOW_STATE.json", DONE);
    repository.git(&["add", "-A"]);
    repository
}

#[test]
fn a_phase_is_complete_when_its_gates_have_passed_for_what_is_staged() {
    let repository = completed();
    assert_eq!(skipped(&checked(&repository, &[])), [MESSAGE]);
    run_gates(repository.path(), 0);
    let after = checked(&repository, &[]);
    assert!(skipped(&after).is_empty());
    let said = after["checked"].as_array().unwrap().iter().find(|one| one["what"] == "completed phases").expect("the gates are told");
    assert_eq!(said["detail"], "gates of 1 completed phase");
    // Another tree has to pass again; the state file and the configuration are no part of it.
    repository.write("WORKFLOW_STATE.json", &DONE.replace("integration", "implementation"));
    repository.git(&["add", "-A"]);
    assert!(skipped(&checked(&repository, &[])).is_empty());
    repository.write("b.txt", "2\n");
    repository.git(&["add", "-A"]);
    assert_eq!(skipped(&checked(&repository, &[])), [MESSAGE]);
    repository.write("broken", "");
    repository.git(&["add", "-A"]);
    run_gates(repository.path(), 1);
    assert_eq!(skipped(&checked(&repository, &[])), ["implementation is called complete, but test failed for its tree"]);
}

#[test]
fn a_pass_of_a_gate_that_was_weakened_proves_nothing() {
    let repository = completed();
    let gates = std::fs::read_to_string(repository.path().join("paralint.toml")).unwrap();
    repository.write("paralint.toml", "[gates.test]\nrun = 'true'\n");
    run_gates(repository.path(), 0);
    repository.write("paralint.toml", &gates);
    assert_eq!(skipped(&checked(&repository, &[])), [MESSAGE]);
    run_gates(repository.path(), 0);
    assert!(skipped(&checked(&repository, &[])).is_empty());
}

#[test]
fn what_a_commit_of_this_clone_called_complete_is_mended_by_a_pass_now() {
    let repository = completed();
    repository.git(&["commit", "-q", "-m", "done"]);
    repository.write("c.txt", "1\n");
    repository.commit_all("later");
    assert_eq!(skipped(&checked(&repository, &[])), [MESSAGE]);
    run_gates(repository.path(), 0);
    assert!(skipped(&checked(&repository, &[])).is_empty());
    // What is staged now is not the last commit: that one still proves that the work passes.
    repository.write("d.txt", "1\n");
    repository.git(&["add", "-A"]);
    assert!(skipped(&checked(&repository, &[])).is_empty());
}

#[test]
fn a_commit_that_passed_stays_complete() {
    let repository = completed();
    run_gates(repository.path(), 0);
    repository.git(&["commit", "-q", "-m", "done"]);
    for number in 0..40 {
        repository.write("WORKFLOW_STATE.json", &format!("{DONE}{}", "\n".repeat(number)));
        repository.write("c.txt", &number.to_string());
        repository.commit_all("later");
    }
    assert!(skipped(&checked(&repository, &[])).is_empty());
}

#[test]
fn what_another_clone_called_complete_is_not_known_here() {
    let repository = completed();
    repository.git(&["commit", "-q", "-m", "done"]);
    let clone = repository.beside("clone");
    let output = git_in(repository.path()).args(["clone", "-q", ".", clone.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success());
    let report = report(&clone, &["check", "--session", "none"]);
    assert!(skipped(&report).is_empty());
    let why = not_checked(&report);
    assert!(why.len() == 1 && why[0].contains("made elsewhere"), "{why:?}");
}

#[test]
fn of_a_state_file_that_is_not_tracked_any_pass_counts() {
    let repository = with_gates(PHASES);
    repository.write("WORKFLOW_STATE.json", DONE);
    assert_eq!(skipped(&checked(&repository, &[])), ["implementation is called complete, but test has never passed in this clone"]);
    run_gates(repository.path(), 0);
    let now = checked(&repository, &[]);
    assert!(skipped(&now).is_empty() && not_checked(&now).is_empty());
    repository.write("a.txt", "2\n");
    repository.git(&["commit", "-q", "-a", "-m", "later"]);
    let later = checked(&repository, &[]);
    assert!(skipped(&later).is_empty() && not_checked(&later).len() == 1);
}

#[test]
fn in_a_range_only_its_own_commits_count() {
    let repository = completed();
    repository.git(&["commit", "-q", "-m", "done"]);
    repository.write("c.txt", "1\n");
    repository.commit_all("later");
    assert_eq!(skipped(&checked(&repository, &["--range", "HEAD~2..HEAD"])), [MESSAGE]);
    assert!(skipped(&checked(&repository, &["--range", "HEAD~1..HEAD"])).is_empty());
    run_gates(repository.path(), 0);
    assert!(skipped(&checked(&repository, &["--range", "HEAD~2..HEAD"])).is_empty());
}

#[test]
fn a_wave_is_complete_when_its_gates_have_passed() {
    let repository = with_gates(PHASES);
    repository.write(".claude/context/wave-2-output.yaml", "metadata: {wave: 2}\noutputs:\n  files_created: [a.txt]\n");
    repository.write(".claude/context/execution-progress.md", "# Wave 1: done\n# Wave 2: in progress\n");
    repository.git(&["add", "-A", "-f"]);
    let wave = |number: u32| format!("wave-{number} is called complete, but test has not passed for its tree");
    assert_eq!(skipped(&checked(&repository, &[])), [wave(1), wave(2)]);
    run_gates(repository.path(), 0);
    assert!(skipped(&checked(&repository, &[])).is_empty());
}

#[test]
fn a_gate_that_names_the_phase_is_one_of_its_gates() {
    let with = |more: &str| {
        let repository = with_gates(&format!("[gates.test]\nrun = \"true\"\nwhen = {{ phases = [\"implementation\"] }}\n{more}"));
        repository.write("WORKFLOW_STATE.json", DONE);
        repository.git(&["add", "-A"]);
        skipped(&checked(&repository, &[]))
    };
    assert_eq!(with(""), [MESSAGE]);
    assert_eq!(with("profiles = [\"production\"]\n"), [MESSAGE]);
    assert!(with("profiles = [\"bulletproof\"]\n").is_empty(), "nobody's usual work is held against it");
}

#[test]
fn a_change_that_does_not_call_for_a_gate_proves_nothing_of_the_tree() {
    let repository = with_gates(
        "[gates.test]\nrun = \"false\"\nwhen = { changed = [\"*.txt\"] }\n[gates.web]\nrun = \"false\"\nwhen = { exists = [\"web/\"] }\n\
         [phases.architecture]\ngates = [\"test\", \"web\"]\n",
    );
    repository.write("a.txt", "2\n");
    repository.git(&["add", "-A"]);
    assert_eq!(report(repository.path(), &["gates"])["exit_code"], 1);
    repository.git(&["commit", "-q", "-m", "work"]);
    repository.write("WORKFLOW_STATE.json", "{\"current_phase\": \"implementation\", \"completed_phases\": [\"architecture\"]}\n");
    repository.git(&["add", "-A"]);
    let run = report(repository.path(), &["gates"]);
    assert_eq!((&run["gates"][0]["status"], &run["exit_code"]), (&"skipped".into(), &0.into()), "{run:#}");
    let all = skipped(&checked(&repository, &[]));
    assert_eq!(all, ["architecture is called complete, but test failed for its tree"], "and nothing in the tree calls for web");
}
