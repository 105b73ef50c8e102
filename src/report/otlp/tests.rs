use super::{CONVENTIONS, Context, FORMAT};
use crate::model::finding::{Severity, Verdict};
use crate::model::session::Status;
use crate::report::example::{bounded, claim, endless, finding, not_checked, ran, report, session, stamp};
use crate::report::hostile::reports;
use crate::report::threads::Threads;
use crate::report::v1::{Dispatch, Error, Location, Report, ToolCall};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{HashMap, HashSet};

fn text(report: &Report) -> String {
    let mut out = Vec::new();
    (FORMAT.write)(report, &Context::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn written(report: &Report) -> ExportTraceServiceRequest {
    serde_json::from_str(&text(report)).unwrap()
}

fn spans(request: &ExportTraceServiceRequest) -> Vec<&Span> {
    request.resource_spans.iter().flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans).collect()
}

fn attribute(attributes: &[KeyValue], key: &str) -> String {
    let value = attributes.iter().find(|one| one.key == key).and_then(|one| one.value.as_ref()?.value.as_ref());
    match value {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::BoolValue(flag)) => flag.to_string(),
        Some(any_value::Value::ArrayValue(array)) => format!("{} values", array.values.len()),
        other => format!("{other:?}"),
    }
}

fn starts_with(spans: &[&Span], name: &str) -> usize {
    spans.iter().filter(|span| span.name.starts_with(name)).count()
}

/// What must hold of every export, beside being one.
fn holds(report: &Report, request: &ExportTraceServiceRequest) {
    let all = spans(request);
    let mut by_trace: HashMap<&[u8], HashSet<&[u8]>> = HashMap::new();
    for span in &all {
        assert_eq!((span.trace_id.len(), span.span_id.len(), span.kind), (16, 8, 1));
        assert!(span.trace_id.iter().any(|byte| *byte != 0) && span.span_id.iter().any(|byte| *byte != 0));
        assert!(by_trace.entry(&span.trace_id).or_default().insert(&span.span_id), "a span id is used once");
        assert!(span.start_time_unix_nano <= span.end_time_unix_nano);
        let keys: HashSet<&str> = span.attributes.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys.len(), span.attributes.len(), "{:?}", span.attributes);
    }
    let roots = all.iter().filter(|span| span.parent_span_id.is_empty()).count();
    assert_eq!(roots, by_trace.len(), "a root for each trace");
    for span in all.iter().filter(|span| !span.parent_span_id.is_empty()) {
        assert!(by_trace[span.trace_id.as_slice()].contains(span.parent_span_id.as_slice()));
    }
    let threads: Vec<Threads<'_>> = report.sessions.iter().flatten().map(Threads::new).collect();
    let sum = |count: &dyn Fn(&Threads<'_>) -> usize| threads.iter().map(count).sum::<usize>();
    let timed = sum(&|threads| threads.bars.iter().flatten().count());
    let known = sum(&|threads| usize::from(threads.whole.is_some()));
    assert_eq!(starts_with(&all, "invoke_agent"), timed + known);
    assert_eq!(starts_with(&all, "execute_tool "), sum(&|threads| threads.session.calls.len() - threads.left_out.calls));
    let claims = sum(&|threads| threads.session.claims.len() - threads.left_out.claims);
    assert_eq!(all.iter().map(|span| span.events.len()).sum::<usize>(), claims);
    let gates = report.gates.iter().flatten().filter(|gate| gate.started.is_some()).count();
    assert_eq!(starts_with(&all, "gate "), gates);
    for resource in &request.resource_spans {
        let attributes = &resource.resource.as_ref().unwrap().attributes;
        assert_eq!(attribute(attributes, "paralint.findings.error"), report.summary.error.to_string());
        let missing = if report.not_checked.is_empty() { "None".into() } else { format!("{} values", report.not_checked.len()) };
        assert_eq!(attribute(attributes, "paralint.not_checked"), missing);
    }
}

fn example() -> Report {
    let inner = Dispatch { parent: Some("outer".into()), status: Status::Failed, ..ran("inner", "10:00:20", "10:00:30") };
    let outer = Dispatch { id: "outer".into(), ..ran("outer", "10:00:02", "10:01:00") };
    let dispatches = vec![inner, outer, bounded("within", "10:00:40", "10:02:00"), endless("open", "10:00:50")];
    let claims = vec![claim(182, "10:00:01", "I'll launch 2 agents", Verdict::Overstated, "only 1 ran")];
    let mut session = session("10:00:00", "10:03:00", 2, dispatches, claims);
    let call = |dispatch, tool: &str, end: Option<&str>, failed| ToolCall {
        dispatch,
        tool: tool.into(),
        line: 9,
        started: stamp("10:00:05"),
        ended: end.and_then(stamp),
        failed,
    };
    session.calls = vec![call(Some(1), "Read", Some("10:00:10"), false), call(None, "Bash", None, true)];
    let found = finding("claimed-count", Severity::Error, "only 1 ran", &session, json!({}), "");
    let mut report = report(vec![found], vec![session]);
    report.not_checked = vec![not_checked("locks", "no RESOURCE_LOCKS.json")];
    report
}

#[test]
fn agents_and_tools_follow_the_conventions() {
    let report = example();
    let request = written(&report);
    holds(&report, &request);
    let resource = &request.resource_spans[0];
    assert_eq!(attribute(&resource.resource.as_ref().unwrap().attributes, "service.name"), "claude-code");
    assert_eq!((resource.schema_url.as_str(), resource.scope_spans[0].scope.as_ref().unwrap().name.as_str()), (CONVENTIONS, "paralint"));
    let all = spans(&request);
    let names: Vec<&str> = all.iter().map(|span| span.name.as_str()).collect();
    let agent = "invoke_agent general-purpose";
    assert_eq!(names, ["invoke_agent claude-code", agent, agent, agent, agent, "execute_tool Bash", "execute_tool Read"]);
    let (root, outer, inner, within, open, bash, read) = (all[0], all[1], all[2], all[3], all[4], all[5], all[6]);
    assert_eq!((&outer.parent_span_id, &inner.parent_span_id, &read.parent_span_id), (&root.span_id, &outer.span_id, &outer.span_id));
    assert_eq!(root.start_time_unix_nano, 1_768_816_800_000_000_000);
    let expected = [
        (root, "gen_ai.operation.name", "invoke_agent"),
        (root, "gen_ai.provider.name", "anthropic"),
        (root, "gen_ai.conversation.id", "9667a07f-1111-4222-8333-444455556666"),
        (outer, "gen_ai.agent.name", "general-purpose"),
        (outer, "gen_ai.agent.description", "outer"),
        (outer, "gen_ai.agent.id", "a1b2c3d"),
        (outer, "paralint.timing", "transcript"),
        (within, "paralint.timing", "bounds"),
        (open, "paralint.timing", "none"),
        (inner, "error.type", "failed"),
        (read, "gen_ai.operation.name", "execute_tool"),
        (read, "gen_ai.tool.name", "Read"),
        (read, "gen_ai.tool.type", "function"),
        (read, "error.type", "None"),
        (bash, "error.type", "failed"),
        (bash, "paralint.timing", "none"),
    ];
    for (span, key, value) in expected {
        assert_eq!(attribute(&span.attributes, key), value, "{key} of {}", span.name);
    }
    assert_eq!((inner.status.as_ref().unwrap().code, outer.status.is_none()), (2, true));
    let event = &root.events[0];
    assert_eq!((event.name.as_str(), attribute(&event.attributes, "paralint.claim.verdict").as_str()), ("paralint.claim", "overstated"));
    assert_eq!(attribute(&event.attributes, "paralint.rules"), "1 values");
}

#[test]
fn whole_numbers_and_times_are_strings() {
    let text = text(&example());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let root = &value["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    assert_eq!(root["startTimeUnixNano"], "1768816800000000000");
    assert!(root.get("parentSpanId").is_none() && root.get("status").is_none());
    assert!(text.contains(r#"{"key":"paralint.peak","value":{"intValue":"2"}}"#));
    let trace = root["traceId"].as_str().unwrap();
    assert!(trace.len() == 32 && trace.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')));
    assert_eq!(text, self::text(&example()), "the same run after run");
}

#[test]
fn a_session_that_comes_twice_has_two_traces() {
    let mut report = example();
    let again = report.sessions.as_ref().unwrap()[0].clone();
    report.sessions.as_mut().unwrap().push(again);
    let request = written(&report);
    holds(&report, &request);
    let traces: HashSet<&[u8]> = spans(&request).iter().map(|span| span.trace_id.as_slice()).collect();
    assert_eq!(traces.len(), 2);
}

#[test]
fn a_run_without_spans_still_speaks() {
    let mut report = example();
    report.sessions = None;
    let request = written(&report);
    assert!(spans(&request).is_empty());
    let attributes = &request.resource_spans[0].resource.as_ref().unwrap().attributes;
    assert_eq!(
        (attribute(attributes, "service.name").as_str(), attribute(attributes, "paralint.not_checked").as_str()),
        ("paralint", "1 values")
    );
}

#[test]
fn why_a_run_failed_and_where_stands_with_its_spans() {
    let mut report = example();
    report.error = Some(Error {
        kind: "configuration".into(),
        message: "unclosed table".into(),
        hint: Some("close it".into()),
        location: Some(Location {
            path: "paralint.toml".into(),
            path_encoded: false,
            line: Some(4),
            column: None,
            end_line: None,
            end_column: None,
        }),
    });
    let request = written(&report);
    holds(&report, &request);
    let attributes = &request.resource_spans[0].resource.as_ref().unwrap().attributes;
    for (key, value) in [("", "unclosed table"), (".hint", "close it"), (".path", "paralint.toml"), (".line", "4")] {
        assert_eq!(attribute(attributes, &format!("paralint.error{key}")), value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn every_export_holds(report in reports()) {
        let text = text(&report);
        let acts = |letter: char| (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter);
        prop_assert!(!text.chars().any(acts));
        holds(&report, &serde_json::from_str(&text).unwrap());
    }
}
