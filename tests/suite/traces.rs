//! Every fixture as a trace and as spans: they tell what the JSON report tells.

use super::gates_probes::repository;
use super::program::{fixture, paralint};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use serde_json::Value;
use std::path::Path;

/// The JSON report, the trace and the spans of one run.
fn told(folder: &Path, arguments: &[&str]) -> (Value, Value, ExportTraceServiceRequest) {
    let files = tempfile::tempdir().unwrap();
    let target = |format: &str| format!("{format}={}", files.path().join(format).display());
    let outputs = ["json", "trace", "otlp"].map(target);
    let mut command = paralint(folder);
    command.args(arguments).args(outputs.iter().flat_map(|output| ["--output", output]));
    command.output().unwrap();
    let read = |format: &str| std::fs::read(files.path().join(format)).unwrap();
    let json = |format: &str| serde_json::from_slice(&read(format)).unwrap();
    (json("json"), json("trace"), serde_json::from_slice(&read("otlp")).unwrap())
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

/// Whether the log gives a dispatch any time.
fn has_time(dispatch: &Value) -> bool {
    dispatch["started"].is_string() || dispatch["requested"].is_string()
}

fn drawn<'v>(session: &'v Value, call: &'v Value) -> bool {
    let of = call["dispatch"].as_u64().map(|index| &session["dispatches"][index as usize]);
    call["started"].is_string() && of.is_none_or(has_time)
}

#[test]
fn every_fixture_agrees_with_its_report() {
    let mut agents_seen = 0;
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let folder = entry.unwrap().path();
        let (report, trace, spans) = told(&folder, &["audit", "--no-config", "."]);
        let events: Vec<&Value> = list(&trace, "traceEvents").collect();
        let (mut agents, mut calls) = (0, 0);
        for (index, session) in list(&report, "sessions").enumerate() {
            let of_session = |phase: &str, category: &str| {
                let is_it = |event: &&&Value| event["ph"] == phase && event["pid"] == index as u64 + 1;
                let starts = |event: &&&Value| event["cat"].as_str().unwrap_or_default().starts_with(category);
                events.iter().filter(is_it).filter(starts).copied().collect::<Vec<&Value>>()
            };
            let timed = list(session, "dispatches").filter(|dispatch| has_time(dispatch)).count();
            assert_eq!(of_session("X", "agent").len(), timed, "{}", folder.display());
            let called = list(session, "calls").filter(|call| drawn(session, call)).count();
            assert_eq!(of_session("X", "tool").len(), called, "{}", folder.display());
            let lasts = list(session, "dispatches").filter(|one| one["started"].is_string()).all(|one| one["started"] != one["ended"]);
            let peak = of_session("C", "").iter().map(|event| event["args"]["agents"].as_u64().unwrap()).max().unwrap_or(0);
            // A text has no time: its agents are not drawn, and its peak, which is one by its lines, is not counted.
            let is_text = session["clock"] == "lines";
            assert!(!is_text || (timed, called, peak) == (0, 0, 0), "{}", folder.display());
            assert!(is_text || !lasts || Some(peak) == session["peak"].as_u64(), "{}", folder.display());
            (agents, calls) = (agents + timed, calls + called);
        }
        let all = || spans.resource_spans.iter().flat_map(|one| &one.scope_spans).flat_map(|one| &one.spans);
        let roots = all().filter(|span| span.parent_span_id.is_empty()).count();
        let named = |name: &str| all().filter(|span| span.name.starts_with(name)).count();
        assert_eq!((named("invoke_agent") - roots, named("execute_tool")), (agents, calls), "{}", folder.display());
        assert_eq!(trace["otherData"]["findings"].as_array().unwrap().len(), report["findings"].as_array().unwrap().len());
        assert_eq!(trace["otherData"]["not_checked"], report["not_checked"]);
        agents_seen += agents;
    }
    assert!(agents_seen > 100, "the fixtures hold agents: {agents_seen}");
}

#[test]
fn what_an_agent_claims_stands_on_its_track() {
    let mut of_agents = 0;
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let (report, trace, _) = told(&entry.unwrap().path(), &["audit", "--no-config", "."]);
        for session in list(&report, "sessions") {
            for claim in list(session, "claims").filter(|claim| claim["dispatch"].is_u64() && claim["at"].is_string()) {
                let is_it =
                    |event: &&Value| event["ph"] == "i" && event["args"]["text"] == claim["text"] && event["args"]["line"] == claim["line"];
                let flag = list(&trace, "traceEvents").find(is_it).unwrap();
                assert!(flag["tid"].as_u64().unwrap() > 1);
                of_agents += 1;
            }
        }
    }
    assert!(of_agents > 0, "some fixture has a claim of an agent");
}

#[test]
fn gates_are_a_process_and_a_trace_of_their_own() {
    let repository = repository(
        "[gates.one]\nrun = 'true'\n[gates.two]\nrun = 'exit 3'\nneeds = ['one']\n[gates.three]\nrun = 'true'\nneeds = ['two']\n",
    );
    let (report, trace, spans) = told(repository.path(), &["gates"]);
    let slices: Vec<&Value> = list(&trace, "traceEvents").filter(|event| event["ph"] == "X").collect();
    assert_eq!(slices.iter().map(|slice| slice["name"].as_str().unwrap()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!((&slices[1]["cat"], &slices[1]["args"]["exit_code"]), (&"gate,failed".into(), &3.into()));
    for (slice, gate) in slices.iter().zip(list(&report, "gates")) {
        let started: jiff::Timestamp = gate["started"].as_str().unwrap().parse().unwrap();
        assert_eq!(slice["ts"].as_i64().unwrap(), started.as_microsecond());
        assert_eq!(slice["dur"].as_f64().unwrap() / 1e6, gate["wall"].as_f64().unwrap());
    }
    assert_eq!(trace["otherData"]["not_drawn"], serde_json::json!(["gate three: skipped"]));
    let all: Vec<_> = spans.resource_spans.iter().flat_map(|one| &one.scope_spans).flat_map(|one| &one.spans).collect();
    assert_eq!(all.iter().map(|span| span.name.as_str()).collect::<Vec<_>>(), ["gates", "gate one", "gate two"]);
    assert_eq!(all.iter().map(|span| span.status.as_ref().map_or(0, |status| status.code)).collect::<Vec<_>>(), [0, 0, 2]);
    assert!(all[1..].iter().all(|span| span.parent_span_id == all[0].span_id && span.trace_id == all[0].trace_id));
}
