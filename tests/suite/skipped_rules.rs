//! `PARALINT_SKIP`: rules that a run leaves out, and that every format says so.

use super::every_format::{self, Written, names};
use super::program::{code, fixture, paralint, stderr, stdout};
use super::repository::Repository;
use serde_json::Value;
use std::path::Path;
use std::process::Output;

const WHY: &str = "skipped by PARALINT_SKIP";

fn skipping(folder: &Path, skip: &str, arguments: &[&str]) -> Output {
    paralint(folder).env("PARALINT_SKIP", skip).args(arguments).output().unwrap()
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", stdout(output), stderr(output)))
}

/// What a report says of a rule under "not checked".
fn said(report: &Value, rule: &str) -> Vec<String> {
    let all = report["not_checked"].as_array().unwrap();
    all.iter().filter(|one| one["what"] == rule).map(|one| one["why"].as_str().unwrap().to_owned()).collect()
}

fn found(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect()
}

fn demo() -> String {
    fixture("demo-serial").join("session.jsonl").display().to_string()
}

#[test]
fn a_skipped_rule_finds_nothing_and_the_report_says_so_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = demo();
    let arguments = ["audit", &log, "--format", "json"];
    let before = report(&skipping(folder.path(), "", &arguments));
    assert!(found(&before).contains(&"claimed-serial") && said(&before, "claimed-serial").is_empty(), "{before}");
    for skip in ["claimed-serial", " claims/claimed-serial ,", "claimed-serial,claims/claimed-serial"] {
        let after = report(&skipping(folder.path(), skip, &arguments));
        assert!(!found(&after).contains(&"claimed-serial"), "{skip}");
        assert_eq!(said(&after, "claimed-serial"), [WHY], "{skip}");
        assert!(
            !after["rules"].as_array().unwrap().iter().any(|rule| rule == "claimed-serial" || rule["name"] == "claimed-serial"),
            "{skip}"
        );
        let left = found(&before).into_iter().filter(|rule| *rule != "claimed-serial").collect::<Vec<_>>();
        assert_eq!(found(&after), left, "{skip}: the other rules stay");
    }
}

#[test]
fn every_format_says_what_was_skipped() {
    let repository = super::scenarios::made("demo");
    let target = tempfile::tempdir().unwrap();
    let mut command = paralint(repository.path());
    command.env("PARALINT_SKIP", "mixed-ownership,outside-boundary").arg("check");
    for name in names() {
        command.arg("--output").arg(format!("{name}={}", target.path().join(&name).display()));
    }
    let output = command.output().unwrap();
    assert!(stdout(&output).contains(WHY), "{}", stdout(&output));
    for name in names() {
        let text = std::fs::read_to_string(target.path().join(&name)).unwrap();
        every_format::assert_well_formed(&name, &text);
        // Markdown has its own way to write an underscore.
        let text = text.replace("&#95;", "_");
        // A code quality report of GitLab holds findings and nothing else.
        if name != "gitlab" {
            assert!(text.contains("mixed-ownership") && text.contains(WHY), "{name}: {text}");
        }
    }
    let junit = every_format::junit(&std::fs::read_to_string(target.path().join("junit")).unwrap());
    let cases = junit.test_suites.iter().flat_map(|suite| &suite.test_cases).filter(|case| case.name.as_str() == "mixed-ownership");
    let states: Vec<bool> = cases.map(|case| matches!(case.status, quick_junit::TestCaseStatus::Skipped { .. })).collect();
    assert!(!states.is_empty() && states.iter().all(|skipped| *skipped), "{states:?}");
}

#[test]
fn every_command_that_checks_says_it() {
    let repository = Repository::new();
    repository.write("paralint.toml", "[gates.red]\nrun = \"false\"\n");
    repository.write("a", "1\n");
    repository.commit_all("base");
    for branch in ["one", "two"] {
        repository.git(&["checkout", "-q", "-b", branch, "main"]);
        repository.write("a", branch);
        repository.commit_all(branch);
    }
    repository.write("a", "staged\n");
    repository.git(&["add", "-A"]);
    let log = demo();
    let gated = ["gates", "--format", "json"];
    assert_eq!(code(&skipping(repository.path(), "", &gated)), 1);
    let commands: [(&str, &[&str]); 5] = [
        ("gate-failed", &gated),
        ("gate-failed", &["check", "--gates", "--format", "json"]),
        ("branch-overlap", &["overlap", "--format", "json"]),
        ("branch-overlap", &["check", "--branches", "one", "two", "--format", "json"]),
        ("claimed-serial", &["audit", &log, "--format", "json"]),
    ];
    for (rule, arguments) in commands {
        let before = report(&skipping(repository.path(), "", arguments));
        assert!(found(&before).contains(&rule), "{arguments:?}: {before}");
        let output = skipping(repository.path(), rule, arguments);
        let after = report(&output);
        assert_eq!((found(&after).contains(&rule), said(&after, rule)), (false, vec![WHY.to_owned()]), "{arguments:?}");
        assert_ne!(code(&output), 2, "{arguments:?}");
    }
}

#[test]
fn a_name_that_is_no_rules_is_exit_2_with_the_nearest() {
    let repository = super::scenarios::made("demo");
    let log = demo();
    let commands: [&[&str]; 4] = [&["check"], &["audit", &log], &["overlap"], &["gates"]];
    for arguments in commands {
        let output = skipping(repository.path(), "mixed-ownership,claimed-serail", arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        let text = stderr(&output);
        assert!(text.contains("PARALINT_SKIP: unknown rule `claimed-serail`") && text.contains("did you mean `claimed-serial`?"), "{text}");
    }
    let hostile = skipping(repository.path(), "\u{1b}[2J\u{202e}::error::x\r", &["check"]);
    assert_eq!(code(&hostile), 2);
    let shown = stderr(&hostile) + &stdout(&hostile);
    assert!(!shown.chars().any(|one| (one.is_control() && one != '\n') || one == '\u{202e}'), "{shown:?}");
    let parsed = report(&skipping(repository.path(), "nothing-like-it", &["check", "--format", "json"]));
    assert_eq!((&parsed["exit_code"], &parsed["error"]["kind"]), (&Value::from(2), &Value::from("usage")), "{parsed}");
}

#[cfg(unix)]
#[test]
fn a_list_that_is_no_text_is_said_to_name_no_rule() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let output =
        paralint(folder.path()).env("PARALINT_SKIP", std::ffi::OsStr::from_bytes(b"idle\xff")).args(["audit", &demo()]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("unknown rule"), "{}", stderr(&output));
}

#[test]
fn nothing_but_an_empty_list_is_as_if_it_were_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let log = demo();
    let without = paralint(folder.path()).args(["audit", &log]).output().unwrap();
    for skip in ["", " ", " , ,"] {
        let output = skipping(folder.path(), skip, &["audit", &log]);
        assert_eq!((code(&output), stdout(&output)), (code(&without), stdout(&without)), "{skip:?}");
    }
}

#[test]
fn what_could_not_be_checked_cannot_be_skipped_away() {
    let repository = super::scenarios::made("state-invalid");
    assert_eq!(code(&skipping(repository.path(), "", &["check"])), 2);
    for skip in ["invalid-state", "state/invalid-state", "unknown-phase"] {
        let output = skipping(repository.path(), skip, &["check"]);
        assert_eq!(code(&output), 2, "{skip}");
        assert!(skip == "unknown-phase" || stderr(&output).contains("cannot be skipped"), "{}", stderr(&output));
    }
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&skipping(folder.path(), "claimed-serial", &["audit", "there-is-no-such.jsonl"])), 2);
}

#[test]
fn what_accepts_a_skipped_finding_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let log = demo();
    let arguments = ["audit", &log, "--format", "json"];
    let before = report(&skipping(folder.path(), "", &arguments));
    let finding = before["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "claimed-serial").unwrap();
    let fingerprint = finding["fingerprint"].as_str().unwrap();
    let suppression = "[[suppress]]\nrule = \"claimed-serial\"\nreason = \"known\"\n";
    let unused = "[[suppress]]\nrule = \"claimed-serial\"\ncontains = \"never said\"\nreason = \"old\"\n";
    std::fs::write(folder.path().join("paralint.toml"), format!("{suppression}{unused}")).unwrap();
    let waived = paralint(folder.path()).args(["waive", fingerprint, "--reason", "known"]).output().unwrap();
    assert_eq!(code(&waived), 0, "{}", stderr(&waived));
    let baseline = folder.path().join("baseline.toml").display().to_string();
    let bare = ["audit", &log, "--no-config", "--write-baseline", &baseline];
    assert_eq!(code(&skipping(folder.path(), "", &bare)), 0);
    let unused_rules =
        |report: &Value| found(report).iter().filter(|rule| rule.starts_with("unused-") || rule.starts_with("stale-")).count();
    let with_baseline = ["audit", &log, "--format", "json", "--baseline", &baseline];
    let seen = report(&skipping(folder.path(), "", &with_baseline));
    assert_eq!(unused_rules(&seen), 1, "what is unused is told where nothing is skipped: {seen}");
    let after = report(&skipping(folder.path(), "claimed-serial", &with_baseline));
    assert_eq!((unused_rules(&after), said(&after, "claimed-serial")), (0, vec![WHY.to_owned()]), "{after}");
}

#[test]
fn a_baseline_is_not_written_without_what_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("baseline.toml");
    let path = baseline.display().to_string();
    let log = demo();
    assert_eq!(code(&skipping(folder.path(), "", &["audit", &log, "--write-baseline", &path])), 0);
    let whole = std::fs::read(&baseline).unwrap();
    let output = skipping(folder.path(), "claimed-serial", &["audit", &log, "--write-baseline", &path]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("PARALINT_SKIP") && stderr(&output).contains("claimed-serial"), "{}", stderr(&output));
    assert_eq!(std::fs::read(&baseline).unwrap(), whole);
}

#[test]
fn a_gate_that_failed_is_shown_and_counts_nothing() {
    let repository = Repository::new();
    repository.write("paralint.toml", "[gates.red]\nrun = \"false\"\n");
    repository.commit_all("base");
    let output = skipping(repository.path(), "gates/gate-failed", &["gates"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let text = stdout(&output);
    assert!(text.contains("red") && text.contains(WHY), "{text}");
    let written = Written::by(repository.path(), &["gates"]);
    assert_eq!(written.code, 1);
}
