use super::*;
use crate::model::finding::{Severity, Verdict};
use crate::report::example::{claim, finding, not_checked, report, session};
use crate::report::ground::Ground;
use crate::report::hostile::{reports, says_nothing};
use crate::report::v1::{Error, Location, Related, Report};
use crate::rules::RULES;
use proptest::prelude::*;
use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;
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

/// A reference of RFC 3986 with a path alone: `file:///…`, or relative, and then no first part that reads as a scheme.
fn is_reference(uri: &str) -> bool {
    let path = uri.strip_prefix("file://").unwrap_or(uri);
    let is_rooted = path.starts_with('/');
    let escapes = path.split('%').skip(1).all(|rest| rest.as_bytes().iter().take(2).filter(|byte| byte.is_ascii_hexdigit()).count() == 2);
    let letters = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@%".contains(&byte));
    !path.is_empty() && is_rooted == uri.starts_with("file://") && !path.starts_with("//") && escapes && letters
}

/// All that must hold of a file, whatever it was made from.
fn check(text: &str, report: &Report) {
    let value: Value = serde_json::from_str(text).unwrap();
    let typed: Sarif = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), value, "a member that the standard does not know");
    assert_eq!(says_nothing(&value), None);
    let run = &typed.runs[0];
    let rules = run.tool.driver.rules.as_ref().unwrap();
    let failed = usize::from(report.error.is_some() && !crate::report::reasons::error_told(report));
    assert_eq!(rules.len(), RULES.len() + failed);
    let results = run.results.as_ref().unwrap();
    assert_eq!(results.len(), (report.findings.len() + failed).min(MOST_RESULTS));
    let failures = results.iter().filter(|result| result.rule_id.as_deref() == Some("could-not-check")).count();
    assert_eq!(failures, failed);
    let mut hashes = BTreeSet::new();
    for result in results {
        let id = result.rule_id.as_deref().unwrap();
        match result.rule_index {
            Some(index) => assert_eq!(rules[usize::try_from(index).unwrap()].id, id),
            None => assert!(RULES.iter().all(|rule| rule.name != id)),
        }
        assert!(!result.message.text.as_deref().unwrap().trim().is_empty());
        assert_eq!(result.locations.as_ref().unwrap().len(), 1);
        assert!(hashes.insert(result.partial_fingerprints.as_ref().unwrap()["primaryLocationLineHash"].clone()));
        let related = result.related_locations.as_deref().unwrap_or_default();
        for (index, place) in related.iter().enumerate() {
            assert!(place.id == Some(index as i64 + 1) && !place.message.as_ref().unwrap().text.as_ref().unwrap().trim().is_empty());
        }
        for place in result.locations.iter().flatten().chain(related) {
            check_place(place);
        }
    }
    let invocation = &run.invocations.as_ref().unwrap()[0];
    assert_eq!(invocation.execution_successful, report.error.is_none() && report.exit_code != 2);
    let notifications = invocation.tool_execution_notifications.as_deref().unwrap_or_default();
    let cut = usize::from(report.findings.len() > MOST_RESULTS);
    assert_eq!(notifications.len(), usize::from(report.error.is_some()) + report.not_checked.len() + cut);
    notifications.iter().flat_map(|one| one.locations.iter().flatten()).for_each(check_place);
}

fn check_place(place: &serde_sarif::sarif::Location) {
    let place = place.physical_location.as_ref().unwrap();
    let uri = place.artifact_location.as_ref().unwrap().uri.as_deref().unwrap();
    assert!(is_reference(uri), "{uri:?}");
    let region = place.region.as_ref().unwrap();
    assert!(region.start_line.unwrap() >= 1 && region.end_line.is_none_or(|end| Some(end) >= region.start_line));
    assert!(region.start_column.is_some() == region.end_column.is_some() && region.start_column.is_none_or(|column| column >= 1));
}

proptest! {
    // Each file holds the documents of all rules, which takes the second implementation its time.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_second_implementation_reads_whatever_is_written(report in reports(), is_bare: bool) {
        let context = if is_bare { Context::default() } else { context() };
        let text = written(&report, &context);
        check(&text, &report);
        let harmful = |letter: char| letter != '\n' && (letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        prop_assert!(!text.contains(harmful));
        for result in serde_json::from_str::<Value>(&text).unwrap()["runs"][0]["results"].as_array().unwrap() {
            let message = result["message"]["text"].as_str().unwrap();
            // A bracket behind an odd number of backslashes is escaped; without one before it, nothing begins.
            let escaped = |at: usize| message[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
            let links = message.match_indices("](").filter(|(at, _)| !escaped(*at) && message[..*at].contains('[')).map(|(at, _)| &message[at + 2..]);
            prop_assert!(links.into_iter().all(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit())), "{}", message);
        }
    }

    #[test]
    fn what_a_finding_is_about_is_in_its_result(report in reports()) {
        let value = value(&report);
        for (finding, result) in report.findings.iter().zip(value["runs"][0]["results"].as_array().unwrap()) {
            prop_assert_eq!(result["level"].as_str(), Some(finding.severity.word()));
            prop_assert_eq!(&result["properties"]["verdict"], &json!(finding.verdict.map(Verdict::word)));
            prop_assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64(), finding.location.line.or(Some(1)));
        }
    }
}

fn serial() -> Report {
    let said = claim(182, "10:00:00", "I am launching 3 agents [in parallel](now).", Verdict::Contradicted, "peak 1");
    let session = session("10:00:00", "10:10:00", 1, Vec::new(), vec![said]);
    let mut one = finding(
        "claimed-serial",
        Severity::Error,
        "claimed 3 agents in parallel",
        &session,
        json!({"peak": 1, "claimed": null}),
        "send three calls",
    );
    one.location.column = Some(4);
    one.location.end_column = Some(9);
    let place = |message: &str| Related { path: "/logs/a.jsonl".into(), line: Some(190), message: message.into(), ..Related::default() };
    one.related = vec![place("first [1] ended here"), place(" ")];
    report(vec![one], vec![session])
}

#[test]
fn a_finding_reads_well_as_a_result() {
    let report = serial();
    check(&written(&report, &context()), &report);
    let value = value(&report);
    let run = &value["runs"][0];
    let result = &run["results"][0];
    let text = "claimed 3 agents in parallel.\nClaim: \"I am launching 3 agents [in parallel\\](now).\"\nVerdict: contradicted (peak 1).\n\
        Evidence: claimed unknown, peak 1.\nHelp: send three calls.\nSee: [first \\[1\\] ended here](1).";
    assert_eq!(result["message"]["text"], text);
    let place = json!({"artifactLocation": {"uri": "sub/9667a07f.jsonl"},
        "region": {"startLine": 182, "startColumn": 4, "endLine": 182, "endColumn": 9}});
    assert_eq!(result["locations"][0]["physicalLocation"], place);
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 1);
    assert_eq!(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], "file:///logs/a.jsonl");
    assert_eq!(result["partialFingerprints"], json!({"primaryLocationLineHash": "3f9a0c21d4e8b7a6:1", "paralint/v1": "3f9a0c21d4e8b7a6"}));
    assert_eq!(result["properties"], json!({"verdict": "contradicted", "evidence": {"peak": 1}}));
    assert_eq!((&run["automationDetails"]["id"], &run["columnKind"]), (&json!("paralint/audit/"), &json!("unicodeCodePoints")));
    assert_eq!(run["invocations"][0], json!({"executionSuccessful": true, "exitCode": 1}));
}

#[test]
fn what_went_wrong_is_told_with_its_place() {
    let mut report = report(Vec::new(), Vec::new());
    report.exit_code = 2;
    report.not_checked = vec![not_checked("locks", "no RESOURCE_LOCKS.json"), not_checked("", "")];
    let place = Location { path: "p.toml".into(), path_encoded: false, line: Some(3), column: Some(2), end_line: None, end_column: None };
    report.error =
        Some(Error { kind: "configuration".into(), message: "not TOML".into(), hint: Some("mend it".into()), location: Some(place) });
    check(&written(&report, &context()), &report);
    let all = value(&report)["runs"][0]["invocations"][0].clone();
    assert_eq!((&all["executionSuccessful"], &all["exitCode"]), (&json!(false), &json!(2)));
    let told = all["toolExecutionNotifications"].as_array().unwrap();
    let of = |index: usize| (told[index]["level"].as_str().unwrap(), told[index]["message"]["text"].as_str().unwrap());
    assert_eq!(of(0), ("error", "not TOML.\nHelp: mend it."));
    assert_eq!(told[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "sub/p.toml");
    assert_eq!(of(1), ("note", "not checked: locks: no RESOURCE_LOCKS.json."));
    assert_eq!(of(2), ("note", "not checked: something."));
    let result = value(&report)["runs"][0]["results"][0].clone();
    assert_eq!(
        (&result["ruleId"], &result["level"], &result["ruleIndex"]),
        (&json!("could-not-check"), &json!("error"), &json!(RULES.len()))
    );
    assert_eq!(result["message"]["text"], "paralint could not check: not TOML.\nHelp: mend it.");
    assert_eq!(result["locations"][0]["physicalLocation"], json!({"artifactLocation": {"uri": "sub/p.toml"}, "region": {"startLine": 3}}));
    report.error.as_mut().unwrap().kind = "state".into();
    let uri = "/runs/0/invocations/0/toolExecutionNotifications/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(value(&report).pointer(uri).unwrap(), "p.toml");
    report.error.as_mut().unwrap().location = None;
    let place = value(&report)["runs"][0]["results"][0]["locations"][0]["physicalLocation"].clone();
    assert_eq!(place, json!({"artifactLocation": {"uri": "paralint.toml"}, "region": {"startLine": 1}}));
}

#[test]
fn there_are_never_more_results_than_code_scanning_takes() {
    let mut report = serial();
    let one = report.findings[0].clone();
    report.findings = vec![one; MOST_RESULTS + 10];
    for (index, finding) in report.findings.iter_mut().enumerate() {
        finding.severity = match index {
            0..8 => Severity::Note,
            8..20 => Severity::Warning,
            _ => Severity::Error,
        };
    }
    let text = written(&report, &context());
    let value: Value = serde_json::from_str(&text).unwrap();
    let results = value["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), MOST_RESULTS);
    // Of the 25,010 go the eight notes and the last two warnings, and the order stays.
    assert_eq!(results.iter().take(11).map(|one| one["level"].as_str().unwrap()).collect::<String>(), "warning".repeat(10) + "error");
    assert_eq!(results[0]["partialFingerprints"]["primaryLocationLineHash"], "3f9a0c21d4e8b7a6:9");
    let told = &value["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(told["level"], "warning");
    assert!(told["message"]["text"].as_str().unwrap().starts_with("10 findings are left out"), "{told}");
    assert_eq!(value["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 1);
    // The second implementation would take its time with all of them.
    let mut few = value.clone();
    few["runs"][0]["results"].as_array_mut().unwrap().truncate(30);
    serde_json::from_value::<serde_sarif::sarif::Sarif>(few).unwrap();
}

#[test]
fn a_result_stays_inside_the_limits_too() {
    let mut report = serial();
    let one = &mut report.findings[0];
    one.related = vec![one.related[0].clone(); 1200];
    one.paths = (0..150).map(|index| format!("src/{index}.rs")).collect();
    one.message = "x".repeat(1 << 20);
    one.evidence = json!({"last_lines": ["", "one", ""], "": 1, "none": "", "long": "é".repeat(9000)}).as_object().unwrap().clone();
    let text = written(&report, &context());
    check(&text, &report);
    let result = serde_json::from_str::<Value>(&text).unwrap()["runs"][0]["results"][0].clone();
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 100);
    assert_eq!(result["properties"]["leftOut"], 1100 + 50);
    assert_eq!(result["properties"]["evidence"]["last_lines"], json!(["one"]));
    assert_eq!(result["properties"]["evidence"].as_object().unwrap().len(), 2);
    assert!(result["message"]["text"].as_str().unwrap().len() < 12_000);
}

#[test]
fn encoded_bytes_are_not_encoded_twice() {
    let mut report = serial();
    report.findings[0].session = None;
    report.sessions = None;
    let mut uri = |path: &str, path_encoded| {
        report.findings[0].location.path = path.into();
        report.findings[0].location.path_encoded = path_encoded;
        report.findings[0].related = vec![Related { path: path.into(), path_encoded, message: "here".into(), ..Related::default() }];
        let result = value(&report)["runs"][0]["results"][0].clone();
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned();
        assert_eq!(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], uri.as_str());
        uri
    };
    assert_eq!(uri("a %FF#.rs", true), "a%20%FF%23.rs");
    assert_eq!(uri("a %FF#.rs", false), "a%20%25FF%23.rs");
}
