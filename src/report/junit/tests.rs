use super::text::line;
use super::{Context, FORMAT, Names};
use crate::model::finding::Severity;
use crate::model::gate::GateStatus;
use crate::report::example::{finding, not_checked, report, session};
use crate::report::hostile::{hostile, reports};
use crate::report::v1::{Finding, Gate, Report};
use crate::rules::RULES;
use proptest::prelude::*;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde_json::json;
use std::collections::HashSet;

fn xml(report: &Report) -> String {
    let mut out = Vec::new();
    (FORMAT.write)(report, &Context::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn parsed(report: &Report) -> quick_junit::Report {
    quick_junit::Report::deserialize_from_str(&xml(report)).unwrap()
}

fn suite<'x>(parsed: &'x quick_junit::Report, name: &str) -> &'x TestSuite {
    parsed.test_suites.iter().find(|suite| suite.name.as_str() == name).unwrap_or_else(|| panic!("no suite {name}"))
}

fn case<'x>(suite: &'x TestSuite, name: &str) -> &'x TestCase {
    suite.test_cases.iter().find(|case| case.name.as_str() == name).unwrap_or_else(|| panic!("no case {name} in {suite:#?}"))
}

fn word(case: &TestCase) -> &'static str {
    match &case.status {
        TestCaseStatus::Success { .. } => "passed",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "failure",
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "error",
        TestCaseStatus::Skipped { .. } => "skipped",
    }
}

/// The attributes that the schema of Jenkins' xunit plugin knows.
fn known(element: &str) -> &'static [&'static str] {
    match element {
        "testsuites" => &["name", "time", "tests", "failures", "errors"],
        "testsuite" => &["name", "tests", "failures", "errors", "time", "skipped"],
        "testcase" => &["name", "time", "classname"],
        "failure" | "error" | "skipped" => &["type", "message"],
        "system-out" => &[],
        other => panic!("no element of JUnit: {other}"),
    }
}

/// What must hold of every document: two readers take it, and what it counts is what it has.
fn holds(report: &Report) {
    let xml = xml(report);
    let acts = |letter: char| (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter);
    assert!(!xml.chars().any(acts) && !xml.contains("##["));
    assert!(xml.lines().all(|line| !line.trim_start().starts_with("::")));
    let document = roxmltree::Document::parse(&xml).unwrap();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let names = known(node.tag_name().name());
        assert!(node.attributes().all(|attribute| names.contains(&attribute.name())), "{node:?}");
        let count = |kind: &str| node.descendants().filter(|child| child.has_tag_name(kind)).count().to_string();
        if node.has_tag_name("testsuite") || node.has_tag_name("testsuites") {
            let counts = [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")];
            for (attribute, kind) in counts {
                assert!(node.attribute(attribute).is_none_or(|said| said == count(kind)), "{attribute}");
            }
        }
        if node.has_tag_name("testsuite") {
            let cases: Vec<&str> = node.children().filter_map(|case| case.attribute("name").filter(|_| case.is_element())).collect();
            assert_eq!(cases.iter().collect::<HashSet<_>>().len(), cases.len(), "{cases:?}");
            assert!(!cases.is_empty());
        }
    }
    let names: Vec<&str> =
        document.root_element().children().filter_map(|suite| suite.attribute("name").filter(|_| suite.is_element())).collect();
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{names:?}");
    counts(report, &quick_junit::Report::deserialize_from_str(&xml).unwrap());
}

fn counts(report: &Report, parsed: &quick_junit::Report) {
    let gates = report.gates.as_deref().unwrap_or_default();
    let about = |finding: &Finding| {
        let name = finding.evidence.get("gate").filter(|_| finding.family == "gates");
        gates.iter().position(|gate| name.is_some_and(|name| *name == gate.name))
    };
    let failing = |finding: &&Finding| report.fail_on.is_some_and(|least| finding.severity >= least);
    let of_findings = report.findings.iter().filter(failing).filter(|finding| about(finding).is_none()).count();
    let failed_gate = |(index, gate): (usize, &Gate)| {
        let found = report.findings.iter().filter(failing).any(|finding| about(finding) == Some(index));
        matches!(gate.status, GateStatus::Failed | GateStatus::Timeout) || found && gate.status != GateStatus::Unavailable
    };
    let of_gates = gates.iter().enumerate().filter(|(index, gate)| failed_gate((*index, gate))).count();
    assert_eq!(parsed.failures, of_findings + of_gates);
    let unavailable = gates.iter().filter(|gate| gate.status == GateStatus::Unavailable).count();
    assert_eq!(parsed.errors, unavailable + usize::from(report.error.is_some()));
    if report.gates.is_some() {
        assert_eq!(suite(parsed, "gate runs").test_cases.len(), gates.len());
    }
    let fingerprints = |case: &TestCase| {
        let description = match &case.status {
            TestCaseStatus::NonSuccess { description, .. } => description.as_ref().map_or("", |text| text.as_str()),
            _ => "",
        };
        let out = case.system_out.as_ref().map_or("", |text| text.as_str());
        [description, out].map(|text| text.lines().filter(|line| line.starts_with("fingerprint: ")).count()).iter().sum::<usize>()
    };
    let told: usize = parsed.test_suites.iter().flat_map(|suite| &suite.test_cases).map(fingerprints).sum();
    assert!(told >= report.findings.len(), "every finding is told");
    if !report.not_checked.is_empty() {
        assert_eq!(suite(parsed, "not checked").test_cases.len(), report.not_checked.len());
    }
}

fn about(rule: &str, family: &str, severity: Severity) -> Finding {
    let session = session("10:00:00", "10:00:01", 0, Vec::new(), Vec::new());
    Finding {
        family: family.into(),
        fingerprint: format!("{rule}01"),
        ..finding(rule, severity, "it is wrong", &session, json!({"peak": 1}), "mend it")
    }
}

fn gate(name: &str, status: GateStatus) -> Gate {
    Gate {
        name: name.into(),
        status,
        exit_code: None,
        signal: None,
        why: None,
        started: None,
        wall: Some(1.5),
        cpu: None,
        peak_memory: None,
        attempts: 1,
        cached: false,
        command: "cargo test".into(),
        location: about("x", "gates", Severity::Note).location,
        needs: Vec::new(),
        resources: Vec::new(),
        expected: None,
        uncalled: false,
        again: "cargo test".into(),
        left_behind: Vec::new(),
        output: None,
    }
}

#[test]
fn a_finding_fails_at_the_severity_that_fails_the_run() {
    let mut report =
        report(vec![about("claimed-serial", "claims", Severity::Error), about("idle-agent", "claims", Severity::Warning)], Vec::new());
    report.rules = ["claimed-serial", "idle-agent", "claimed-count", "shared-path"].map(str::to_owned).to_vec();
    report.not_checked = vec![not_checked("locks", "no RESOURCE_LOCKS.json"), not_checked("shared-path", "no policy")];
    holds(&report);
    let read = parsed(&report);
    let suites: Vec<&str> = read.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(suites, ["paralint", "claims", "boundaries", "locks", "not checked"]);
    let claims = suite(&read, "claims");
    let failed = case(claims, "claimed-serial 9667a07f.jsonl");
    let TestCaseStatus::NonSuccess { message, ty, description, .. } = &failed.status else { panic!("{failed:?}") };
    assert_eq!((message.as_ref().unwrap().as_str(), ty.as_ref().unwrap().as_str()), ("it is wrong", "error"));
    let text = description.as_ref().unwrap().as_str();
    assert_eq!(text, "place: 9667a07f.jsonl\nevidence: peak 1\nhelp: mend it\nfingerprint: claimed-serial01");
    let warned = case(claims, "idle-agent 9667a07f.jsonl");
    assert_eq!(word(warned), "passed");
    assert!(warned.system_out.as_ref().unwrap().as_str().starts_with("warning: it is wrong\n"));
    assert_eq!((word(case(claims, "claimed-count")), claims.test_cases.len()), ("passed", 3));
    assert_eq!(claims.test_cases[0].classname.as_ref().unwrap().as_str(), "paralint.claims");
    let locks: Vec<&str> = suite(&read, "locks").test_cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(locks, ["foreign-lock", "lock-conflict", "missing-lock", "stale-lock"], "what needs locks was not looked at");
    assert!(suite(&read, "locks").test_cases.iter().all(|case| word(case) == "skipped"));
    assert_eq!(word(case(suite(&read, "boundaries"), "shared-path")), "skipped");

    report.fail_on = Some(Severity::Warning);
    assert_eq!(parsed(&report).failures, 2);
    report.fail_on = None;
    assert_eq!(parsed(&report).failures, 0);
}

#[test]
fn a_gate_tells_what_was_found_about_it() {
    let of_gate = |rule: &str, name: &str, severity| Finding {
        evidence: json!({"gate": name}).as_object().unwrap().clone(),
        ..about(rule, "gates", severity)
    };
    let found = vec![of_gate("gate-failed", "clippy", Severity::Error), of_gate("gate-leak", "test", Severity::Warning)];
    let mut report = report(found, Vec::new());
    report.rules = vec!["gate-failed".into(), "gate-leak".into(), "gate-timeout".into()];
    let all = [
        ("clippy", GateStatus::Failed),
        ("test", GateStatus::Leaked),
        ("slow", GateStatus::Timeout),
        ("gone", GateStatus::Unavailable),
        ("fmt", GateStatus::Passed),
        ("later", GateStatus::Planned),
        ("left", GateStatus::Skipped),
        ("ended", GateStatus::Cancelled),
    ];
    report.gates = Some(all.map(|(name, status)| gate(name, status)).to_vec());
    let expected = ["failure", "passed", "failure", "error", "passed", "skipped", "skipped", "skipped"];
    holds(&report);
    let read = parsed(&report);
    let gates = suite(&read, "gate runs");
    assert_eq!(gates.test_cases.iter().map(word).collect::<Vec<_>>(), expected);
    assert!(read.test_suites.iter().all(|suite| suite.name.as_str() != "gates"), "no case twice");
    assert_eq!(case(gates, "fmt").time, Some(std::time::Duration::from_millis(1500)));
    assert!(case(gates, "test").system_out.as_ref().unwrap().as_str().contains("gate-leak (warning): it is wrong"));

    report.fail_on = Some(Severity::Warning);
    assert_eq!(word(case(suite(&parsed(&report), "gate runs"), "test")), "failure");
}

#[test]
fn what_a_gate_printed_is_bounded() {
    let mut report = report(Vec::new(), Vec::new());
    let head: String = (1..=5_000).map(|number| format!("\u{1b}[31mline {number}\u{1b}[0m ]]>\n")).collect();
    let output =
        crate::report::v1::GateOutput { bytes: head.len() as u64, head, tail: String::new(), omitted: 0, file: None, file_error: None };
    report.gates = Some(vec![Gate { output: Some(output), ..gate("noisy", GateStatus::Failed) }]);
    holds(&report);
    let read = parsed(&report);
    let out = case(suite(&read, "gate runs"), "noisy").system_out.as_ref().unwrap().as_str().to_owned();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!((lines[0], lines[1], lines[200], lines[201]), ("output:", "line 1 ]]>", "line 200 ]]>", "... (4000 more lines)"));
    assert_eq!((lines[202], lines.last().copied(), lines.len()), ("line 4201 ]]>", Some("line 5000 ]]>"), 1002));
}

#[test]
fn a_run_that_could_not_do_its_work_is_an_error() {
    let mut report = report(Vec::new(), Vec::new());
    assert_eq!(word(case(suite(&parsed(&report), "paralint"), "paralint audit")), "passed");
    report.error = Some(crate::report::v1::Error {
        kind: "input".into(),
        message: "no such log".into(),
        hint: Some("name one".into()),
        location: None,
    });
    let read = parsed(&report);
    let TestCaseStatus::NonSuccess { message, description, .. } = &suite(&read, "paralint").test_cases[0].status else {
        panic!("{read:?}")
    };
    assert_eq!((message.as_ref().unwrap().as_str(), description.as_ref().unwrap().as_str()), ("no such log", "help: name one"));
}

#[test]
fn what_xml_cannot_hold_is_an_escape() {
    assert_eq!(line("a\0b\u{fffe}c\u{ffff}d\u{9b}e\u{202e}f\u{fffd}g"), "a\\u{0}b\\u{fffe}c\\u{ffff}d\\u{9b}e\\u{202e}f\u{fffd}g");
    assert_eq!(line("\u{1b}[31mred ]]> <b>&amp;"), "\\u{1b}[31mred ]]> <b>&amp;");
}

#[test]
fn names_are_told_apart() {
    let mut names = Names::default();
    let mut name = |name: &str, longer: &str| names.unique(name, || longer.to_owned());
    let given =
        [name("a", "a: x"), name("a", "a: x"), name("a", "a: x"), name("a: x (3)", "z"), name("a", "a: x"), name("", ""), name(" ", " ")];
    assert_eq!(given, ["a", "a: x", "a: x (2)", "a: x (3)", "a: x (4)", "(no name)", "(no name) (2)"]);
}

#[test]
fn names_outlive_moved_lines_and_numbers_read_as_elsewhere() {
    let mut found = vec![about("claimed-serial", "claims", Severity::Error), about("claimed-serial", "claims", Severity::Error)];
    for (line, finding) in found.iter_mut().enumerate() {
        finding.location.line = Some(7 + line as u64);
        finding.evidence = json!({"wall": 252.5, "test_runs": ["a", "b"]}).as_object().unwrap().clone();
    }
    let report = report(found, Vec::new());
    holds(&report);
    let read = parsed(&report);
    let claims = suite(&read, "claims");
    let names: Vec<&str> = claims.test_cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["claimed-serial 9667a07f.jsonl", "claimed-serial 9667a07f.jsonl (2)"]);
    let TestCaseStatus::NonSuccess { description, .. } = &claims.test_cases[1].status else { panic!("{claims:?}") };
    let text = description.as_ref().unwrap().as_str();
    assert!(text.starts_with("place: 9667a07f.jsonl:8\nevidence: test runs a and b, wall 4m 12s\n"), "{text}");
}

/// Reports with rules, and with findings about gates.
fn judged() -> impl Strategy<Value = Report> {
    let rules = prop::sample::subsequence(RULES.iter().map(|rule| rule.name.to_owned()).collect::<Vec<_>>(), 0..RULES.len());
    let fail_on = prop::option::of(prop::sample::select(vec![Severity::Error, Severity::Warning, Severity::Note]));
    (reports(), rules, fail_on, any::<bool>(), hostile()).prop_map(|(mut report, rules, fail_on, of_gates, family)| {
        report.not_checked.extend(rules.iter().step_by(3).map(|rule| not_checked(rule, "no reason")));
        (report.rules, report.fail_on) = (rules, fail_on);
        let gates: Vec<String> = report.gates.iter().flatten().map(|gate| gate.name.clone()).collect();
        for (finding, gate) in report.findings.iter_mut().zip(gates).filter(|_| of_gates) {
            finding.family = "gates".into();
            finding.evidence.insert("gate".into(), json!(gate));
        }
        if let Some(last) = report.findings.last_mut() {
            last.family = family;
        }
        report
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn every_document_holds(report in judged()) {
        holds(&report);
    }
}
