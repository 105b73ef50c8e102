use super::*;
use crate::report::example::{finding, report, session};
use crate::report::ground::Ground;
use crate::report::hostile::{reports, says_nothing};
use crate::report::v1::{Error, Report};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn context() -> Context {
    let ground = Ground { root: Some("/home/me/work".into()), folder: "/home/me/work/sub".into() };
    Context { ground, ..Context::default() }
}

fn written(report: &Report, context: &Context) -> String {
    let mut out = Vec::new();
    write(report, context, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn value(report: &Report) -> Value {
    serde_json::from_str(&written(report, &context())).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_list_is_what_gitlab_reads(report in reports(), is_bare: bool) {
        let text = written(&report, &if is_bare { Context::default() } else { context() });
        let harmful = |letter: char| letter != '\n' && (letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        prop_assert!(!text.contains(harmful));
        let value: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(says_nothing(&value), None);
        let issues = value.as_array().unwrap();
        let failed = usize::from(report.error.is_some());
        prop_assert_eq!(issues.len(), report.findings.len() + failed);
        let mut fingerprints = BTreeSet::new();
        for issue in issues {
            let word = |name: &str| issue[name].as_str().unwrap().trim().to_owned();
            prop_assert!(!word("description").is_empty() && !word("check_name").is_empty());
            prop_assert!(["info", "minor", "major", "critical", "blocker"].contains(&word("severity").as_str()));
            prop_assert!(fingerprints.insert(word("fingerprint")));
            let path = issue["location"]["path"].as_str().unwrap();
            prop_assert!(!path.starts_with("./") && !path.starts_with("../"), "{}", path);
            prop_assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        }
        let blockers = issues.iter().filter(|issue| issue["severity"] == "blocker").count();
        prop_assert_eq!(blockers, failed);
    }
}

#[test]
fn an_issue_says_what_where_and_why() {
    let session = session("10:00:00", "10:10:00", 1, Vec::new(), Vec::new());
    let mut one = finding("claimed-serial", Severity::Error, "claimed 3 agents", &session, json!({"peak": 1}), "send three calls");
    one.location.path = "../logs/./a b.jsonl".into();
    one.location.line = Some(182);
    let note = v1::Finding { severity: Severity::Note, ..one.clone() };
    let elsewhere = v1::Finding {
        severity: Severity::Warning,
        location: v1::Location { path: "/tmp/x".into(), line: None, ..one.location.clone() },
        ..one.clone()
    };
    let value = value(&report(vec![one, note, elsewhere], vec![session]));
    let first = json!({"type": "issue", "check_name": "claimed-serial", "description": "claimed 3 agents",
        "content": {"body": "Evidence: peak 1.\nHelp: send three calls."}, "categories": ["Bug Risk"], "severity": "critical",
        "fingerprint": "3f9a0c21d4e8b7a6", "location": {"path": "logs/a b.jsonl", "lines": {"begin": 182}}});
    assert_eq!(value[0], first);
    assert_eq!(value[1]["severity"], "info");
    assert_eq!(value[1]["fingerprint"], settle::fingerprint("3f9a0c21d4e8b7a6\n2"));
    assert_eq!((&value[2]["severity"], &value[2]["location"]), (&json!("major"), &json!({"path": "/tmp/x", "lines": {"begin": 1}})));
}

#[test]
fn nothing_found_is_an_empty_list_and_nothing_checked_is_not() {
    let mut report = report(Vec::new(), Vec::new());
    assert_eq!(written(&report, &context()), "[]\n");
    report.exit_code = 2;
    assert_eq!(value(&report)[0]["description"], "paralint could not check: the run could not check everything");
    let place = v1::Location { path: "p.toml".into(), path_encoded: false, line: Some(3), column: None, end_line: None, end_column: None };
    let error =
        |kind: &str, location| Some(Error { kind: kind.into(), message: "not TOML".into(), hint: Some("mend it".into()), location });
    report.error = error("configuration", Some(place.clone()));
    let issue = value(&report)[0].clone();
    assert_eq!((&issue["severity"], &issue["check_name"]), (&json!("blocker"), &json!("paralint-could-not-check")));
    assert_eq!(
        (&issue["description"], &issue["content"]["body"]),
        (&json!("paralint could not check: not TOML"), &json!("Help: mend it."))
    );
    assert_eq!(issue["location"], json!({"path": "sub/p.toml", "lines": {"begin": 3}}));
    report.error = error("state", Some(place));
    assert_eq!(value(&report)[0]["location"]["path"], "p.toml");
    report.error = error("usage", None);
    assert_eq!(value(&report)[0]["location"], json!({"path": "paralint", "lines": {"begin": 1}}));
}

#[test]
fn what_a_gate_printed_is_in_the_body() {
    let session = session("10:00:00", "10:10:00", 1, Vec::new(), Vec::new());
    let proof = json!({"gate": "evil", "exit_code": 3, "wall": 0.0, "attempts": 1, "last_lines": ["one", "\u{1b}[31m::error::two"]});
    let mut found = finding("gate-failed", Severity::Error, "evil failed: exit 3 after 0.0s", &session, proof, "mend it");
    (found.family, found.session) = ("gates".into(), None);
    let issues = value(&report(vec![found], Vec::new()));
    assert_eq!(issues[0]["content"]["body"], "Help: mend it.\nOutput:\none\n\\u{3a}:error::two");
}
