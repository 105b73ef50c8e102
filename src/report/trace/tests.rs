use super::{Context, FORMAT};
use crate::model::finding::Verdict;
use crate::report::example::{bounded, claim, endless, finding, ran, report, session, stamp};
use crate::report::hostile::reports;
use crate::report::threads::Threads;
use crate::report::v1::{Dispatch, Report, ToolCall};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

fn written(report: &Report) -> Value {
    let mut out = Vec::new();
    (FORMAT.write)(report, &Context::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(!text.chars().any(|letter| (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter)));
    serde_json::from_str(&text).unwrap()
}

fn events(trace: &Value) -> &[Value] {
    trace["traceEvents"].as_array().unwrap()
}

fn of<'t>(trace: &'t Value, phase: &str) -> impl Iterator<Item = &'t Value> {
    events(trace).iter().filter(move |event| event["ph"] == phase)
}

fn track(event: &Value) -> (u64, u64) {
    (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap())
}

fn time(event: &Value) -> (i64, i64) {
    let ts = event["ts"].as_i64().unwrap();
    (ts, ts + event["dur"].as_i64().unwrap())
}

/// What must hold of every trace, beside being JSON.
fn holds(report: &Report, trace: &Value) {
    let mut slices: BTreeMap<(u64, u64), Vec<(i64, i64)>> = BTreeMap::new();
    for slice in of(trace, "X") {
        assert!(slice["dur"].as_i64().unwrap() >= 0);
        slices.entry(track(slice)).or_default().push(time(slice));
    }
    for slices in slices.values() {
        nest(slices);
    }
    let named: HashSet<(u64, u64)> = of(trace, "M").filter(|event| event["name"] == "thread_name").map(track).collect();
    assert!(slices.keys().chain(of(trace, "i").map(track).collect::<Vec<_>>().iter()).all(|track| named.contains(track)));
    flows(trace, &slices);
    counters(report, trace);
    for (index, session) in report.sessions.iter().flatten().enumerate() {
        let threads = Threads::new(session);
        let timed = threads.bars.iter().flatten().count() as u64;
        let pid = index as u64 + 1;
        let in_session = |event: &&Value| event["pid"] == pid;
        let agents = of(trace, "X").filter(in_session).filter(|event| event["cat"].as_str().unwrap().starts_with("agent"));
        assert_eq!(agents.map(|event| track(event).1).collect::<Vec<_>>(), (2..=timed + 1).collect::<Vec<_>>());
        assert!((1..=timed + 1).all(|tid| named.contains(&(pid, tid))));
        let tools = of(trace, "X").filter(in_session).filter(|event| event["cat"].as_str().unwrap().starts_with("tool"));
        assert_eq!(tools.count(), session.calls.len() - threads.left_out.calls);
        assert_eq!(of(trace, "i").filter(in_session).count(), session.claims.len() - threads.left_out.claims);
    }
    assert_eq!(trace["otherData"]["findings"].as_array().unwrap().len(), report.findings.len());
    assert_eq!(trace["otherData"]["not_checked"], json!(report.not_checked));
}

/// Any two are apart, or one holds the other.
fn nest(slices: &[(i64, i64)]) {
    let mut open: Vec<(i64, i64)> = Vec::new();
    let mut sorted = slices.to_vec();
    sorted.sort_by_key(|(start, end)| (*start, -end));
    for slice in sorted {
        while open.last().is_some_and(|outer| outer.1 <= slice.0 && *outer != slice) {
            open.pop();
        }
        assert!(open.last().is_none_or(|outer| outer.0 <= slice.0 && slice.1 <= outer.1), "{open:?} {slice:?}");
        open.push(slice);
    }
}

fn flows(trace: &Value, slices: &BTreeMap<(u64, u64), Vec<(i64, i64)>>) {
    let mut starts: HashMap<u64, &Value> = HashMap::new();
    for start in of(trace, "s") {
        assert!(starts.insert(start["id"].as_u64().unwrap(), start).is_none(), "each flow has a number of its own");
    }
    let binds = |event: &Value| {
        let ts = event["ts"].as_i64().unwrap();
        slices[&track(event)].iter().any(|(start, end)| *start <= ts && ts <= *end)
    };
    let mut ends = 0;
    for end in of(trace, "f") {
        let start = starts[&end["id"].as_u64().unwrap()];
        assert!(start["ts"].as_i64() <= end["ts"].as_i64());
        assert!(binds(start) && binds(end));
        assert_eq!((&start["cat"], &start["name"], &start["pid"]), (&end["cat"], &end["name"], &end["pid"]));
        ends += 1;
    }
    assert_eq!(ends, starts.len());
}

fn counters(report: &Report, trace: &Value) {
    for (index, session) in report.sessions.iter().flatten().enumerate() {
        let counts: Vec<u64> = of(trace, "C")
            .filter(|event| event["pid"] == index as u64 + 1)
            .map(|event| event["args"]["agents"].as_u64().unwrap())
            .collect();
        assert_eq!(counts.last().copied().unwrap_or(0), 0);
        let lasting = session.dispatches.iter().filter_map(|one| one.started.zip(one.ended)).filter(|(start, end)| start < end);
        let lasting: Vec<_> = lasting.collect();
        let peak = lasting.iter().map(|(at, _)| lasting.iter().filter(|(start, end)| start <= at && at < end).count()).max();
        assert_eq!(counts.iter().max().copied().unwrap_or(0), peak.unwrap_or(0) as u64);
    }
}

fn call(dispatch: Option<usize>, tool: &str, start: &str, end: &str) -> ToolCall {
    ToolCall { dispatch, tool: tool.into(), line: 9, started: stamp(start), ended: stamp(end), failed: false }
}

fn example() -> Report {
    let inner = Dispatch { parent: Some("outer".into()), ..ran("inner", "10:00:20", "10:00:30") };
    let outer = Dispatch { id: "outer".into(), requested: stamp("10:00:00"), ..ran("outer", "10:00:02", "10:01:00") };
    let dispatches = vec![inner, outer, bounded("within", "10:00:40", "10:02:00"), endless("open", "10:00:50")];
    let claims = vec![claim(182, "10:00:01", "I'll launch 2 agents", Verdict::Overstated, "only 1 ran")];
    let mut session = session("10:00:00", "10:03:00", 2, dispatches, claims);
    session.calls = vec![
        call(Some(1), "Read", "10:00:05", "10:00:10"),
        call(Some(1), "Grep", "10:00:07", "10:00:08"),
        call(None, "Bash", "10:02:10", "10:02:20"),
    ];
    let found = finding("claimed-count", crate::model::finding::Severity::Error, "only 1 ran", &session, json!({}), "");
    report(vec![found], vec![session])
}

#[test]
fn an_agent_has_a_track_and_a_flow_from_its_caller() {
    let report = example();
    let trace = written(&report);
    holds(&report, &trace);
    let names: Vec<(u64, &str)> = of(&trace, "M")
        .filter(|event| event["name"] == "thread_name")
        .map(|event| (track(event).1, event["args"]["name"].as_str().unwrap()))
        .collect();
    let expected = [
        (1, "main thread"),
        (2, "outer, general-purpose"),
        (6, "outer, general-purpose (2)"),
        (3, "inner, general-purpose"),
        (4, "within, general-purpose"),
        (5, "open, general-purpose"),
    ];
    assert_eq!(names, expected);
    let flows: Vec<(u64, u64)> = of(&trace, "s").map(track).collect();
    assert_eq!(flows, [(1, 1), (1, 1), (1, 1), (1, 2)]);
    let slices: Vec<&str> = of(&trace, "X").filter(|event| track(event).1 > 3).map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(slices, ["Grep", "within (somewhere within)", "open (no end known)"]);
    let claim = of(&trace, "i").next().unwrap();
    assert_eq!((&claim["name"], &claim["args"]["why"]), (&json!("claim: overstated"), &json!("only 1 ran")));
    assert_eq!(claim["args"]["findings"][0]["rule"], "claimed-count");
    assert_eq!(trace["otherData"]["verdicts"], json!({"overstated": 1}));
    let start = of(&trace, "X").find(|event| event["name"] == "outer").unwrap();
    assert_eq!((start["ts"].as_i64(), start["dur"].as_i64()), (Some(1_768_816_802_000_000), Some(58_000_000)));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let mut report = example();
    let session = &mut report.sessions.as_mut().unwrap()[0];
    session.dispatches[1] = Dispatch { requested: None, ..endless("outer", "10:00:00") };
    session.claims[0].at = None;
    let trace = written(&report);
    holds(&report, &trace);
    let expected = json!([
        "session 1: dispatches without a time: 1",
        "session 1: tool calls without a time: 2",
        "session 1: claims without a time: 1"
    ]);
    assert_eq!(trace["otherData"]["not_drawn"], expected);
}

#[test]
fn nested_by_hand() {
    nest(&[(0, 10), (0, 10), (2, 5), (5, 10), (10, 10), (10, 12)]);
    assert!(std::panic::catch_unwind(|| nest(&[(0, 10), (5, 11)])).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn every_trace_holds(report in reports()) {
        holds(&report, &written(&report));
    }
}
