//! Runs as JUnit XML: two readers take every one, and it counts what the JSON report counts.

use super::gates_probes::repository;
use super::program::{fixture, paralint};
use super::repository::Repository;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus};
use serde_json::Value;
use std::path::Path;

/// The JSON report and the document of one run.
fn told(folder: &Path, arguments: &[&str]) -> (Value, Report) {
    let files = tempfile::tempdir().unwrap();
    let path = |format: &str| files.path().join(format);
    let target = |format: &str| format!("{format}={}", path(format).display());
    paralint(folder).args(arguments).args(["--output", &target("json"), "--output", &target("junit")]).output().unwrap();
    let xml = std::fs::read_to_string(path("junit")).unwrap();
    roxmltree::Document::parse(&xml).unwrap();
    (serde_json::from_slice(&std::fs::read(path("json")).unwrap()).unwrap(), Report::deserialize_from_str(&xml).unwrap())
}

fn word(case: &TestCase) -> &'static str {
    match &case.status {
        TestCaseStatus::Success { .. } => "passed",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "failure",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "error",
        TestCaseStatus::Skipped { .. } => "skipped",
    }
}

#[test]
fn every_fixture_counts_its_findings() {
    let mut failures = 0;
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let folder = entry.unwrap().path();
        for (arguments, fails) in [(&[][..], &["error"][..]), (&["--fail-on", "note"], &["error", "warning", "note"])] {
            let (report, document) = told(&folder, &[&["audit", "--no-config", "."], arguments].concat());
            let findings = report["findings"].as_array().unwrap();
            let failing = findings.iter().filter(|finding| fails.contains(&finding["severity"].as_str().unwrap())).count();
            assert_eq!(document.failures, failing, "{}", folder.display());
            assert_eq!(document.errors, usize::from(report["error"].is_object()), "{}", folder.display());
            let found = |rule: &Value| findings.iter().any(|finding| finding["rule"] == *rule);
            let clean = report["rules"].as_array().unwrap().iter().filter(|rule| !found(rule)).count();
            let missing = report["not_checked"].as_array().unwrap().len();
            assert_eq!(document.tests, 1 + findings.len() + clean + missing, "{}", folder.display());
            failures += failing;
        }
    }
    assert!(failures > 40, "the fixtures hold findings: {failures}");
}

/// The rules of a check, and the names of the cases that pass.
fn looked_at(repository: &Repository, arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let (report, document) = told(repository.path(), &[&["check"], arguments].concat());
    let rules = report["rules"].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap().to_owned()).collect();
    let cases = document.test_suites.iter().flat_map(|suite| &suite.test_cases).filter(|case| word(case) == "passed");
    (rules, cases.map(|case| case.name.as_str().to_owned()).collect())
}

#[test]
fn what_was_not_looked_at_does_not_pass() {
    let repository = Repository::new();
    repository.write("a.rs", "fn a() {}\n");
    repository.commit_all("base");
    repository.write("a.rs", "fn a() { }\n");
    repository.git(&["add", "-A"]);
    let config = ["unused-suppression", "unused-waiver", "stale-baseline"];
    let (rules, passed) = looked_at(&repository, &[]);
    assert_eq!(rules, [&["policy-edit"][..], &config].concat());
    assert_eq!(passed, [&["paralint check", "policy-edit"][..], &config].concat());
    repository.write("b.rs", "fn b() {}\n");
    repository.write("BOUNDARIES.json", r#"{"boundaries": {"a": {"owner": "one", "paths": ["/a.rs"]}}}"#);
    repository.git(&["add", "-A"]);
    let (rules, _) = looked_at(&repository, &["--agent", "one"]);
    let added = ["path-collision", "mixed-ownership", "outside-boundary", "forbidden-path", "shared-path", "boundary-overlap"];
    assert!(added.iter().all(|rule| rules.iter().any(|one| one == rule)), "{rules:?}");
    assert!(!rules.iter().any(|rule| rule == "branch-overlap" || rule == "lock-conflict" || rule == "too-many-agents"), "{rules:?}");
}

#[test]
fn a_run_that_read_nothing_looked_at_nothing() {
    let folder = fixture("demo-serial");
    let (report, document) = told(&folder, &["audit", "nope.jsonl"]);
    assert_eq!((report["rules"].as_array().unwrap().len(), document.tests, document.errors), (0, 1, 1), "{report:#}");
}

#[test]
fn gates_are_cases() {
    let repository = repository(
        "[gates.one]\nrun = 'true'\n[gates.two]\nrun = 'printf \"\\033[31mred\\033[0m ]]> ::error::x\\n::error::y\\n\"; exit 3'\nneeds = ['one']\n\
         [gates.three]\nrun = 'true'\nneeds = ['two']\n[gates.four]\nrun = ['no-such-program-anywhere']\n",
    );
    let (report, document) = told(repository.path(), &["gates"]);
    let suite = document.test_suites.iter().find(|suite| suite.name.as_str() == "gate runs").unwrap();
    let cases: Vec<(&str, &str)> = suite.test_cases.iter().map(|case| (case.name.as_str(), word(case))).collect();
    assert_eq!(cases, [("one", "passed"), ("two", "failure"), ("three", "skipped"), ("four", "error")], "{report:#}");
    assert_eq!((document.failures, document.errors), (1, 1), "what a gate tells no rule tells again");
    let two = &suite.test_cases[1];
    assert_eq!(two.system_out.as_ref().unwrap().as_str(), "output:\nred ]]> ::error::x\n\\u{3a}:error::y");
    let TestCaseStatus::NonSuccess { description, .. } = &two.status else { panic!("{two:?}") };
    let text = description.as_ref().unwrap().as_str();
    assert!(text.contains("gate-failed (error): ") && text.contains("\ncommand: printf") && text.contains("\nagain: "), "{text}");
    assert!(suite.test_cases.iter().take(2).all(|case| case.time.is_some()));
}

#[test]
fn words_that_do_not_parse_are_an_error() {
    let folder = fixture("demo-serial");
    let output = paralint(&folder).args(["audit", "--format", "junit", "--no-such-option"]).output().unwrap();
    let document = Report::deserialize(output.stdout.as_slice()).unwrap();
    assert_eq!((document.tests, document.errors), (1, 1));
}
