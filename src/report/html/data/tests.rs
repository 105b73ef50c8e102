//! The data is whole, small, and harmless in a page.

use super::json;
use crate::model::finding::{Severity, Verdict};
use crate::model::moment::Moment;
use crate::report::example::{batch, bounded, claim, endless, finding, ran, report, session};
use crate::report::hostile::reports;
use crate::report::v1::{Claim, Dispatch, Edit, Report, Stamp, ToolCall};
use crate::report::{lane, v1};
use proptest::prelude::*;
use serde_json::{Value, json};

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&json(report).unwrap()).unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key].as_array().unwrap()
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

/// Every index of a session's data leads to something, and nothing is lost without a word.
fn check(session: &v1::Session, data: &Value, names: i64, findings: usize) {
    let lanes = list(data, "lanes");
    let known = lanes.len() as i64;
    let is_name = |number: i64| (0..names).contains(&number);
    assert_eq!(lanes.len(), session.dispatches.len());
    for row in lanes {
        let row = numbers(row);
        assert_eq!(row.len(), 14);
        assert!(is_name(row[0]) && is_name(row[9]) && is_name(row[10]) && row[1] < names);
        assert!(row[2] < known && row[4] < session.batches.len() as i64);
        let span = data["span"].as_i64().unwrap();
        assert!(row[7] == -1 && row[5] == -1 || 0 <= row[5] && row[5] <= row[6] && row[6] <= span, "{row:?}");
    }
    let mut order = numbers(&data["order"]);
    order.sort_unstable();
    assert_eq!(order, (0..known).collect::<Vec<_>>(), "each lane stands once");
    assert_eq!(list(data, "claims").len(), session.claims.len());
    for row in list(data, "claims") {
        assert!([1, 2, 3].iter().all(|at| is_name(row[at].as_i64().unwrap())));
        assert!(row[6].as_i64().unwrap() < findings as i64);
        assert!(numbers(&row[9]).iter().all(|lane| (0..known).contains(lane)));
        assert!(row[7].as_i64() <= row[8].as_i64());
    }
    let mut calls = data["untimed"].as_u64().unwrap();
    for thread in list(data, "calls") {
        assert!((-1..known).contains(&thread[0].as_i64().unwrap()));
        for call in numbers(&thread[1]).chunks(3) {
            assert!(is_name(call[0] / 2) && call[1] >= 0 && call[2] >= -1);
            calls += 1;
        }
    }
    let mut bundled = 0;
    for thread in list(data, "bundles") {
        for bundle in numbers(&thread[1]).chunks(4) {
            assert!(0 <= bundle[0] && bundle[0] <= bundle[1] && bundle[3] <= bundle[2]);
            bundled += bundle[2] as u64;
        }
    }
    assert_eq!(bundled, data["bundled"].as_u64().unwrap());
    assert_eq!(calls + bundled, session.calls.len() as u64);
    let edits = numbers(&data["edits"]);
    assert!(edits.chunks(4).all(|edit| (0..known).contains(&edit[0]) && edit[1] >= 0 && is_name(edit[2])));
    let all: usize = session.dispatches.iter().map(|dispatch| dispatch.edits.len()).sum();
    assert_eq!(edits.len() as u64 / 4 + data["unmarked"].as_u64().unwrap(), all as u64);
    for row in list(data, "collisions") {
        let row = numbers(row);
        assert!(row[0] < findings as i64 && row[3] < known && row[5] < known && row.len() == 7);
    }
    let steps = numbers(&data["steps"]);
    let highest = lane::concurrency(session).iter().map(|step| i64::from(step.1)).max();
    assert_eq!(steps.chunks(2).map(|step| step[1]).max(), highest);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn whatever_a_log_says_the_data_is_whole_and_harmless(report in reports()) {
        let text = json(&report).unwrap();
        let harmful = ['<', '>', '&', '\u{2028}', '\u{2029}', '\u{202e}', '\u{1b}'];
        prop_assert!(!text.contains(harmful));
        let data: Value = serde_json::from_str(&text).unwrap();
        let names = list(&data, "names").len() as i64;
        let sessions = report.sessions.as_deref().unwrap_or_default();
        prop_assert_eq!(list(&data, "sessions").len(), sessions.len());
        for (session, data) in sessions.iter().zip(list(&data, "sessions")) {
            check(session, data, names, report.findings.len());
        }
        if let Some(gates) = &report.gates {
            prop_assert_eq!(list(&data["gates"], "lanes").len(), gates.len());
            prop_assert_eq!(list(&data["gates"], "order").len(), gates.len());
        }
    }
}

#[test]
fn what_has_no_end_goes_on_to_the_end_of_the_session() {
    let agents = vec![ran("x", "10:00:01", "10:01:00"), endless("y", "10:00:02")];
    let report = report(Vec::new(), vec![session("10:00:00", "10:30:00", 1, agents, Vec::new())]);
    let data = &parsed(&report)["sessions"][0];
    let ends: Vec<i64> = list(data, "lanes").iter().map(|row| row[6].as_i64().unwrap()).collect();
    assert_eq!(ends, [60_000, 1_800_000]);
    assert_eq!(data["span"], 1_800_000);
}

fn at(milliseconds: i64) -> Option<Stamp> {
    Some(Stamp(Moment(1_768_813_200_000 + milliseconds)))
}

fn call(dispatch: Option<usize>, start: i64) -> ToolCall {
    ToolCall { dispatch, tool: "Bash".into(), line: 3, started: at(start), ended: at(start + 700), failed: start % 7 == 0 }
}

/// `agents` one after another, each with `calls` and one edit.
fn large(agents: usize, calls: usize) -> v1::Session {
    let dispatch = |index: usize| {
        let start = index as i64 * 60_000;
        Dispatch {
            id: format!("toolu_{index}"),
            description: Some(format!("Part {index} of the work that there is")),
            started: at(start),
            ended: at(start + 50_000),
            edits: vec![Edit { path: format!("src/part_{index}.rs"), at: at(start + 9), tool: "Edit".into(), inferred: false }],
            ..ran("", "10:00:00", "10:00:01")
        }
    };
    let mut session = session("10:00:00", "10:00:01", 1, (0..agents).map(dispatch).collect(), Vec::new());
    session.calls =
        (0..agents).flat_map(|lane| (0..calls).map(move |index| call(Some(lane), lane as i64 * 60_000 + index as i64 * 813))).collect();
    session
}

#[test]
fn a_session_with_500_agents_and_10_000_calls_stays_small() {
    let session = large(500, 20);
    let text = json(&report(Vec::new(), vec![session])).unwrap();
    assert!(text.len() < 400_000, "{} bytes", text.len());
    let data = parsed(&report(Vec::new(), vec![large(500, 20)]));
    assert_eq!(data["sessions"][0]["bundled"], 0);
}

#[test]
fn beyond_the_budget_calls_are_bundled_where_there_is_no_finding_and_counted() {
    let other = large(30, 400);
    let told = large(30, 400);
    let mut found = finding("claimed-serial", Severity::Error, "x", &told, json!({}), "y");
    found.session = Some(1);
    let report = report(vec![found], vec![other, told, large(2, 3)]);
    let data = parsed(&report);
    for (session, data) in report.sessions.iter().flatten().zip(list(&data, "sessions")) {
        check(session, data, i64::MAX, 1);
    }
    let bundled: Vec<i64> = list(&data, "sessions").iter().map(|session| session["bundled"].as_i64().unwrap()).collect();
    assert_eq!(bundled[1], 0, "the one with a finding is drawn call by call");
    assert!(bundled[0] > 0 && data["sessions"][0]["unmarked"] == 30);
    assert!(json(&report).unwrap().len() < 700_000);
}

#[test]
fn lanes_stand_by_start_and_beneath_who_started_them() {
    let mut child = ran("child", "10:00:20", "10:00:30");
    let parent = ran("parent", "10:00:10", "10:01:00");
    child.parent = Some(parent.id.clone());
    let ring = Dispatch { id: "ring".into(), parent: Some("ring".into()), ..ran("ring", "10:00:15", "10:00:16") };
    let late = bounded("late", "10:02:00", "10:03:00");
    let session = session("10:00:00", "10:04:00", 2, vec![late, child, ring, endless("open", "10:01:30"), parent], Vec::new());
    let data = parsed(&report(Vec::new(), vec![session]));
    let data = &data["sessions"][0];
    assert_eq!(numbers(&data["order"]), [4, 1, 2, 3, 0]);
    let known: Vec<i64> = list(data, "lanes").iter().map(|lane| lane[7].as_i64().unwrap()).collect();
    assert_eq!(known, [0, 3, 3, 1, 3], "bounds, exactly, exactly, open, exactly");
    let depths: Vec<i64> = list(data, "lanes").iter().map(|lane| lane[3].as_i64().unwrap()).collect();
    assert_eq!(depths, [0, 1, 0, 0, 0]);
}

#[test]
fn a_claim_knows_its_agents_its_window_and_its_finding() {
    let dispatches = vec![ran("one", "10:00:10", "10:00:20"), ran("two", "10:00:20", "10:00:40")];
    let first = vec![dispatches[0].clone()];
    let mut session = session(
        "10:00:00",
        "10:01:00",
        1,
        dispatches,
        vec![claim(7, "10:00:05", "two at once", Verdict::Contradicted, "peak 1"), claim(9, "10:00:50", "done", Verdict::Backed, "")],
    );
    session.batches = vec![batch(&first, 1, 1.0)];
    session.claims[0].batch = Some(0);
    session.claims[1].batch = Some(0);
    let found = finding("claimed-serial", Severity::Error, "x", &session, json!({}), "y");
    let data = parsed(&report(vec![found], vec![session]));
    let claims = list(&data["sessions"][0], "claims");
    assert_eq!(numbers(&claims[0][9]), [0, 1], "what contradicts it is more than its batch");
    assert_eq!((&claims[0][6], &claims[0][7], &claims[0][8]), (&json!(0), &json!(5_000), &json!(40_000)));
    assert_eq!((&claims[1][6], &claims[1][7], &claims[1][8]), (&json!(-1), &json!(10_000), &json!(20_000)));
}

#[test]
fn a_collision_joins_the_edits_of_its_path() {
    let edit = |path: &str, time| Edit { path: path.into(), at: crate::report::example::stamp(time), tool: "Edit".into(), inferred: false };
    let mut one = ran("one", "10:00:10", "10:00:30");
    one.edits = vec![edit("other.rs", "10:00:11"), edit("same.rs", "10:00:12")];
    let mut other = ran("other", "10:00:10", "10:00:40");
    other.edits = vec![edit("same.rs", "10:00:20")];
    let session = session("10:00:00", "10:01:00", 2, vec![one, other], Vec::new());
    let mut found = finding("overlapping-edits", Severity::Error, "x", &session, json!({}), "y");
    found.paths = vec!["same.rs".into()];
    let data = parsed(&report(vec![found], vec![session]));
    let row = numbers(&list(&data["sessions"][0], "collisions")[0]);
    assert_eq!((&row[3..], &data["names"][row[2] as usize]), (&[0, 12_000, 1, 20_000][..], &json!("same.rs")));
}

#[test]
fn an_endless_text_is_cut_and_said_to_be() {
    let long = "x".repeat(1_000_000);
    let session = session("10:00:00", "10:01:00", 1, vec![ran(&long, "10:00:10", "10:00:20")], Vec::new());
    let text = json(&report(Vec::new(), vec![session])).unwrap();
    assert!(text.len() < 2_000 && text.contains("xxx…"));
}

#[test]
fn what_only_may_be_a_claim_and_is_no_finding_is_doubtful() {
    let doubtful = |verdict| Claim { certain: false, ..claim(7, "10:00:05", "said", verdict, "why") };
    let claims = vec![doubtful(Verdict::Contradicted), doubtful(Verdict::Backed), doubtful(Verdict::Contradicted)];
    let mut session = session("10:00:00", "10:01:00", 1, vec![ran("one", "10:00:10", "10:00:30")], claims);
    session.claims[2].text = "found".into();
    let mut found = finding("claimed-serial", Severity::Note, "x", &session, json!({}), "y");
    found.claim = Some(2);
    let data = parsed(&report(vec![found], vec![session]));
    let words: Vec<&Value> =
        list(&data["sessions"][0], "claims").iter().map(|row| &data["names"][row[1].as_u64().unwrap() as usize]).collect();
    assert_eq!(words, ["doubtful", "backed", "contradicted"]);
}

#[test]
fn a_long_path_keeps_its_end() {
    let mut one = ran("one", "10:00:10", "10:00:30");
    let path = format!("{}/last/file.rs", "folder".repeat(40));
    one.edits = vec![Edit { path, at: crate::report::example::stamp("10:00:11"), tool: "Edit".into(), inferred: false }];
    let data = parsed(&report(Vec::new(), vec![session("10:00:00", "10:01:00", 1, vec![one], Vec::new())]));
    let shown = list(&data, "names").iter().filter_map(Value::as_str).find(|name| name.ends_with("/last/file.rs")).unwrap();
    assert!(shown.chars().count() <= 64 && shown.starts_with('…'), "{shown}");
}
