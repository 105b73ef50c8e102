//! Every fixture, in every form: the schema holds, and nothing of a log can act on a terminal or a workflow.

use super::program::{fixture, paralint, run, stdout};
use std::path::{Path, PathBuf};

fn every_fixture() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(fixture("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn audit(folder: &Path, arguments: &[&str]) -> std::process::Output {
    paralint(folder).args(["audit", "--no-config", "."]).args(arguments).output().unwrap()
}

#[test]
fn every_report_meets_the_schema() {
    let schema: serde_json::Value = serde_json::from_slice(&run(Path::new("/"), &["schema", "report"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for folder in every_fixture() {
        let report: serde_json::Value = serde_json::from_slice(&audit(&folder, &["--format", "json"]).stdout).unwrap();
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", folder.display());
    }
}

#[test]
fn reports_agree_with_themselves() {
    for folder in every_fixture() {
        let report: serde_json::Value = serde_json::from_slice(&audit(&folder, &["--format", "json"]).stdout).unwrap();
        let count =
            |severity: &str| report["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == severity).count();
        for severity in ["error", "warning", "note"] {
            assert_eq!(report["summary"][severity], count(severity), "{}", folder.display());
        }
        for session in report["sessions"].as_array().into_iter().flatten() {
            let dispatches = session["dispatches"].as_array().unwrap();
            let timed = dispatches.iter().filter(|dispatch| dispatch["started"].is_string()).count() as u64;
            // A text has no time: its peak is one by its lines.
            let is_text = session["clock"] == "lines";
            assert!(!is_text || timed == 0, "{}", folder.display());
            let most = if is_text { dispatches.len() as u64 } else { timed };
            assert!(session["peak"].as_u64().unwrap() <= most, "{}", folder.display());
            assert!(dispatches.iter().all(|dispatch| dispatch["started"].is_string() == dispatch["ended"].is_string()));
            let batched: usize =
                session["batches"].as_array().unwrap().iter().map(|batch| batch["dispatches"].as_array().unwrap().len()).sum();
            assert_eq!(batched, dispatches.len());
        }
    }
}

#[test]
fn tools_are_told_with_their_threads_and_ends() {
    let calls = |name: &str| {
        let report: serde_json::Value = serde_json::from_slice(&audit(&fixture(name), &["--format", "json"]).stdout).unwrap();
        report["sessions"][0]["calls"].as_array().unwrap().clone()
    };
    let told = |call: &serde_json::Value| (call["dispatch"].as_u64(), call["tool"].as_str().unwrap().to_owned(), call["failed"] == true);
    let failed: Vec<_> = calls("overlap-failed-edit").iter().map(told).collect();
    let edit = |dispatch, failed| (Some(dispatch), "Edit".to_owned(), failed);
    assert_eq!(failed, [edit(0, false), edit(1, true), (Some(1), "Write".to_owned(), true), edit(1, false)]);
    let fine = calls("everything-fine");
    // The main thread's come first, calls of agents are none of them, and each ends after it began.
    assert_eq!(fine.iter().take_while(|call| call["dispatch"].is_null()).count(), 4);
    assert!(fine.iter().all(|call| call["tool"] != "Task" && call["started"].as_str() < call["ended"].as_str()), "{fine:#?}");
}

#[test]
fn the_rules_that_were_looked_at_are_told() {
    let rules = |arguments: &[&str]| {
        let output =
            paralint(&fixture("everything-fine")).args(arguments).args(["--format", "json", "--fail-on", "warning"]).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["fail_on"], "warning");
        serde_json::from_value::<Vec<String>>(report["rules"].clone()).unwrap()
    };
    let of_sessions = rules(&["audit", "--no-config", "."]);
    assert!(of_sessions.iter().any(|rule| rule == "claimed-serial"));
    assert!(!of_sessions.iter().any(|rule| rule == "foreign-lock" || rule == "gate-failed"), "{of_sessions:?}");
    assert!(rules(&["audit", "no-such-log.jsonl"]).is_empty(), "nothing was read");
}

#[test]
fn what_is_shown_is_harmless_and_fits() {
    for folder in every_fixture() {
        for arguments in [&["--verbose"][..], &["--verbose", "--ascii"], &["--fail-on", "note"]] {
            let text = stdout(&audit(&folder, arguments));
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", folder.display());
                assert!(!line.trim_start().starts_with("::"), "{}: {line}", folder.display());
                assert!(
                    !line.chars().any(|character| character.is_control()
                        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}')),
                    "{}: {line:?}",
                    folder.display()
                );
                assert!(!arguments.contains(&"--ascii") || line.is_ascii(), "{}: {line}", folder.display());
            }
        }
    }
}

#[test]
fn two_runs_print_the_same_bytes() {
    for folder in every_fixture().into_iter().step_by(7) {
        assert_eq!(audit(&folder, &["--format", "json"]).stdout, audit(&folder, &["--format", "json"]).stdout);
    }
}

#[test]
fn colour_follows_the_option_then_the_environment() {
    let folder = fixture("demo-serial");
    let coloured = |command: &mut assert_cmd::Command| command.args(["audit", "--no-config", "."]).output().unwrap().stdout.contains(&0x1b);
    assert!(!coloured(&mut paralint(&folder)), "a pipe has no colours");
    assert!(coloured(paralint(&folder).env("CLICOLOR_FORCE", "1")));
    assert!(!coloured(paralint(&folder).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
    let forced = paralint(&folder).env("NO_COLOR", "1").args(["audit", "--no-config", ".", "--color", "always"]).output().unwrap();
    assert!(forced.stdout.contains(&0x1b));
}

#[test]
fn a_locale_without_utf8_gets_ascii() {
    let folder = fixture("demo-serial");
    let output = paralint(&folder).env("LC_ALL", "C").args(["audit", "--no-config", "."]).output().unwrap();
    assert!(output.stdout.is_ascii());
}
