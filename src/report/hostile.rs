//! Reports made of what hurts, for the property tests of all formats.

use super::example::{bounded, claim, endless, finding, not_checked, ran, report, session, stamp};
use super::v1::{
    Batch, Claim, Dispatch, Edit, Error, Finding, Gate, GateOutput, GatesSummary, Location, Related, Report, Session, ToolCall,
};
use crate::model::finding::{Severity, Verdict};
use crate::model::gate::GateStatus;
use crate::model::moment::Moment;
use crate::model::session::{Status, Timing};
use proptest::prelude::*;
use serde_json::json;

/// Texts made of what hurts: commands, escapes, bidirectional and invisible characters, wide ones, endless words.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => Just(" ".to_owned()),
        1 => prop::sample::select(vec![
            "::error::", "::", ":", "##[group]", "##", "[", "\u{1b}[31m", "\u{9b}2J", "\r\n", "\n::add-mask::x", "\t", "\u{202e}", "\u{2066}",
            "\u{200b}", "\u{200d}", "👩\u{200d}💻", "⚠\u{fe0f}", "👍🏽", "🇩🇪", "漢字", "e\u{301}", "لا", "“quoted”", "…", "/", "\0", "\u{e0041}",
            "<script>alert(1)</script>", "</script>", "<!--", "-->", "]]>", "<![CDATA[", "<img src=x onerror=alert(1)>", "&amp;", "&#0;", "\"", "'", "`",
            "|", "\\", "%0A", "%", "${x}", "{{", "::set-output name=x::y", "::stop-commands::x", "\u{fffd}", "\u{fffe}", "\u{2028}", "\u{8}", "\u{c}", ",", ";",
            "[a](javascript:alert(1))", "@everyone", "#1", "<details>", "%%{init: {}}%%", "--", "../../", "C:\\", "file:///",
        ]).prop_map(str::to_owned),
        2 => "[a-z/]{1,12}",
        1 => "[a-z/漢]{20,150}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

pub(crate) fn time() -> impl Strategy<Value = String> {
    let day = 1_768_780_800_000_i64;
    let offset = prop_oneof![0_i64..60_000, 0_i64..3_600_000, 0_i64..400_000_000];
    offset.prop_map(move |offset| Moment(day + offset).to_string())
}

fn dispatch() -> impl Strategy<Value = Dispatch> {
    let status = prop::sample::select(vec![
        Status::Completed,
        Status::Failed,
        Status::Rejected,
        Status::Interrupted,
        Status::Running,
        Status::NoResult,
    ]);
    (prop::option::of(hostile()), time(), time(), 0_u8..6, status).prop_map(|(description, one, other, shape, status)| {
        let (start, end) = if one < other { (one, other) } else { (other, one) };
        let dispatch = match shape {
            0..3 => ran("x", &start, &end),
            3 => bounded("x", &start, &end),
            4 => endless("x", &start),
            _ => Dispatch { requested: None, timing: Timing::None, ..endless("x", &start) },
        };
        Dispatch { description, status, ..dispatch }
    })
}

fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let verdict = prop::sample::select(vec![
        Verdict::Backed,
        Verdict::Contradicted,
        Verdict::Unbacked,
        Verdict::Overstated,
        Verdict::Corrected,
        Verdict::Unverifiable,
    ]);
    let one = (time(), hostile(), verdict, hostile(), prop::option::of(hostile()), any::<u64>());
    let one = one.prop_map(|(at, text, verdict, why, path, line)| Claim { path, ..claim(line, &at, &text, verdict, &why) });
    prop::collection::vec(one, 0..4)
}

fn sessions() -> impl Strategy<Value = Vec<Session>> {
    let one = (hostile(), time(), time(), prop::collection::vec(dispatch(), 0..14), claims(), prop::option::of(0.0..9.9_f64));
    let one = one.prop_map(|(id, started, ended, mut dispatches, claims, effective)| {
        for (index, dispatch) in dispatches.iter_mut().enumerate() {
            dispatch.id = index.to_string();
        }
        let batches: Vec<Batch> = effective.map(|effective| super::example::batch(&dispatches, 3, effective)).into_iter().collect();
        Session { id, batches, ..session(&started, &ended, 3, dispatches, claims) }
    });
    let one = (one, prop::collection::vec((hostile(), time(), time(), any::<bool>()), 0..6)).prop_map(|(mut session, calls)| {
        let calls = calls.into_iter().enumerate().map(|(index, (tool, one, other, failed))| ToolCall {
            dispatch: index.checked_sub(1).filter(|index| *index < session.dispatches.len()),
            tool: tool.as_str().into(),
            line: 7,
            started: stamp(one.as_str().min(other.as_str())),
            ended: stamp(one.as_str().max(other.as_str())).filter(|_| !failed),
            failed,
        });
        session.calls = calls.collect();
        for (call, dispatch) in session.calls.iter().zip(&mut session.dispatches) {
            dispatch.edits =
                vec![Edit { path: call.tool.to_string(), at: call.started, tool: call.tool.to_string(), inferred: call.failed }];
        }
        session
    });
    prop::collection::vec(one, 0..3)
}

fn gates() -> impl Strategy<Value = (Vec<Gate>, GatesSummary)> {
    let status = prop::sample::select(vec![
        GateStatus::Passed,
        GateStatus::Failed,
        GateStatus::Timeout,
        GateStatus::Unavailable,
        GateStatus::Leaked,
        GateStatus::Skipped,
        GateStatus::Cancelled,
    ]);
    let one = (hostile(), status, hostile(), time(), prop::option::of(hostile()), 0.0..900.0_f64);
    let one = one.prop_map(|(name, status, command, started, output, wall)| {
        let ran = !matches!(status, GateStatus::Skipped | GateStatus::Cancelled | GateStatus::Unavailable);
        Gate {
            name,
            status,
            exit_code: (status == GateStatus::Failed).then_some(101),
            signal: None,
            why: (!ran).then(|| command.clone()),
            started: stamp(&started).filter(|_| ran),
            wall: ran.then_some(wall),
            cpu: ran.then_some(wall),
            peak_memory: ran.then_some(1 << 20),
            attempts: u32::from(ran),
            cached: false,
            location: Location {
                path: "paralint.toml".into(),
                path_encoded: false,
                line: Some(3),
                column: None,
                end_line: None,
                end_column: None,
            },
            needs: Vec::new(),
            resources: Vec::new(),
            expected: None,
            uncalled: false,
            again: command.clone(),
            command,
            left_behind: Vec::new(),
            output: output.map(|head| GateOutput {
                bytes: head.len() as u64,
                head,
                tail: String::new(),
                omitted: 0,
                file: None,
                file_error: None,
            }),
        }
    });
    prop::collection::vec(one, 1..5).prop_map(|gates| {
        let work = gates.iter().filter_map(|gate| gate.wall).sum();
        let critical_gates = gates.iter().take(1).map(|gate| gate.name.clone()).collect();
        let summary = GatesSummary {
            wall: work,
            work,
            critical_path: work,
            effective_concurrency: Some(1.0),
            critical_gates,
            critical_resource: None,
            signal: None,
        };
        (gates, summary)
    })
}

/// The first place in a JSON tree that holds an empty string, an empty name or `null`.
pub(crate) fn says_nothing(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    let below = |name: String, value: &Value| says_nothing(value).map(|rest| format!("/{name}{rest}"));
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => text.is_empty().then(String::new),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| below(index.to_string(), item)),
        Value::Object(members) => {
            members.iter().find_map(|(name, member)| if name.is_empty() { Some("/".to_owned()) } else { below(name.clone(), member) })
        }
        Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Reports of all kinds, every text in them hostile; what they count is true.
pub(crate) fn reports() -> impl Strategy<Value = Report> {
    let severity = prop::sample::select(vec![Severity::Error, Severity::Warning, Severity::Note]);
    let indices = (prop::option::of(0_usize..4), prop::option::of(0_usize..5), any::<bool>());
    let one = (hostile(), severity, hostile(), hostile(), hostile(), hostile(), hostile(), indices);
    let error = prop::option::weighted(0.2, (hostile(), prop::option::of(hostile()), hostile()));
    let rest = (prop::collection::vec((hostile(), hostile()), 0..9), error, any::<bool>(), prop::option::of(gates()));
    (sessions(), prop::collection::vec(one, 0..4), rest).prop_map(|(sessions, findings, (unchecked, error, known, gates))| {
        let findings = findings.into_iter().map(|(rule, severity, message, help, path, other, fact, (session, claim, all))| {
            let of = session.and_then(|session| sessions.get(session));
            let empty = super::example::session("10:00:00", "10:00:00", 0, Vec::new(), Vec::new());
            let made = finding(&rule, severity, &message, of.unwrap_or(&empty), json!({"peak": 1, fact.clone(): fact, "wall": 3.5}), &help);
            let location = Location { path, line: all.then_some(12), ..made.location.clone() };
            let related =
                vec![Related { path: other.clone(), line: None, message: help.clone(), ..Related::default() }; usize::from(all) * 6];
            let dispatches = if all { made.dispatches.clone() } else { Vec::new() };
            Finding { location, related, dispatches, session, claim, paths: vec![other], verdict: Some(Verdict::Unverifiable), ..made }
        });
        let mut report = report(findings.collect(), sessions);
        report.not_checked = unchecked.iter().map(|(what, why)| not_checked(what, why)).collect();
        report.checked = unchecked.into_iter().take(2).map(|(what, detail)| super::v1::Checked { what, detail }).collect();
        report.error = error.map(|(message, hint, path)| Error {
            kind: "input".into(),
            message,
            hint,
            location: Some(Location { path, path_encoded: false, line: Some(1), column: Some(2), end_line: None, end_column: None }),
        });
        (report.gates, report.gates_summary) = gates.unzip();
        report.sessions = report.sessions.filter(|_| known);
        report.command = if known { "audit".into() } else { "check".into() };
        report
    })
}
