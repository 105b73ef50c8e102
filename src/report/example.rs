//! Reports built by hand, for the tests of all formats.

use super::v1::{Batch, Checked, Claim, Dispatch, Finding, Location, NotChecked, Report, Session, Stamp, Summary, Tool};
use crate::model::claim::ClaimKind;
use crate::model::finding::{Severity, Verdict};
use crate::model::moment::Moment;
use crate::model::session::{Clock, Numbering, Status, Timing};
use serde_json::Value;

/// `10:02:07` on the day of all examples; or a full time stamp.
pub(crate) fn stamp(time: &str) -> Option<Stamp> {
    let full = if time.contains('T') { time.to_owned() } else { format!("2026-01-19T{time}Z") };
    Some(Stamp(Moment::parse(&full).unwrap()))
}

pub(crate) fn report(findings: Vec<Finding>, sessions: Vec<Session>) -> Report {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count() as u64;
    let summary =
        Summary { error: count(Severity::Error), warning: count(Severity::Warning), note: count(Severity::Note), suppressed: 0, waived: 0 };
    Report {
        changes: None,
        overlaps: None,
        merge_order: None,
        owners: None,
        gates: None,
        gates_summary: None,
        version: 1,
        tool: Tool { name: "paralint".into(), version: "0.1.0".into() },
        command: "audit".into(),
        exit_code: i32::from(summary.error > 0),
        fail_on: Some(Severity::Error),
        rules: Vec::new(),
        summary,
        checked: vec![Checked { what: "claims".into(), detail: "1 session".into() }],
        not_checked: Vec::new(),
        findings,
        sessions: Some(sessions),
        error: None,
    }
}

pub(crate) fn session(started: &str, ended: &str, peak: u32, dispatches: Vec<Dispatch>, claims: Vec<Claim>) -> Session {
    Session {
        id: "9667a07f-1111-4222-8333-444455556666".into(),
        path: "9667a07f.jsonl".into(),
        format: "claude-code".into(),
        started: stamp(started),
        ended: stamp(ended),
        clock: Clock::Times,
        numbering: Numbering::Lines,
        peak,
        possible_peak: None,
        records: 1191,
        bad_lines: 0,
        dispatches,
        batches: Vec::new(),
        claims,
        calls: Vec::new(),
    }
}

pub(crate) fn batch(dispatches: &[Dispatch], peak: u32, effective: f64) -> Batch {
    Batch {
        dispatches: dispatches.iter().map(|dispatch| dispatch.id.clone()).collect(),
        count: dispatches.len() as u32,
        peak,
        work: None,
        wall: None,
        effective_concurrency: Some(effective),
        efficiency: None,
        utilisation: None,
        imbalance: None,
        overhead: None,
    }
}

/// A dispatch that ran from `start` to `end`.
pub(crate) fn ran(description: &str, start: &str, end: &str) -> Dispatch {
    Dispatch {
        id: format!("toolu_{description}_{start}"),
        agent: Some("a1b2c3d".into()),
        agent_type: Some("general-purpose".into()),
        description: Some(description.into()),
        parent: None,
        response: None,
        turn: 1,
        line: 190,
        requested: stamp(start),
        returned: stamp(end),
        started: stamp(start),
        ended: stamp(end),
        duration: None,
        timing: Timing::Transcript,
        status: Status::Completed,
        background: false,
        tool_uses: Some(12),
        edits: Vec::new(),
    }
}

/// A session as a pasted text tells it: nothing in it has a time.
pub(crate) fn pasted(peak: u32, possible_peak: Option<u32>, descriptions: &[&str], claims: Vec<Claim>) -> Session {
    let dispatches = descriptions.iter().enumerate().map(|(number, description)| Dispatch {
        id: format!("dispatch-{}", number + 1),
        agent: None,
        line: number as u64 + 4,
        requested: None,
        returned: None,
        started: None,
        ended: None,
        duration: (number == 0).then_some(76.7),
        timing: Timing::None,
        ..ran(description, "10:00:00", "10:00:00")
    });
    let claims = claims.into_iter().map(|claim| Claim { at: None, ..claim }).collect();
    let session = session("10:00:00", "10:00:00", peak, dispatches.collect(), claims);
    let id = "paste".to_owned();
    Session {
        id,
        path: "paste.md".into(),
        format: "text".into(),
        clock: Clock::Lines,
        possible_peak,
        started: None,
        ended: None,
        ..session
    }
}

/// A dispatch of which only call and result are known.
pub(crate) fn bounded(description: &str, requested: &str, returned: &str) -> Dispatch {
    Dispatch { started: None, ended: None, timing: Timing::Bounds, ..ran(description, requested, returned) }
}

/// A dispatch whose end is not in the log.
pub(crate) fn endless(description: &str, requested: &str) -> Dispatch {
    Dispatch {
        returned: None,
        started: None,
        ended: None,
        timing: Timing::None,
        status: Status::NoResult,
        ..ran(description, requested, requested)
    }
}

pub(crate) fn claim(line: u64, at: &str, text: &str, verdict: Verdict, why: &str) -> Claim {
    Claim {
        path: None,
        dispatch: None,
        line,
        at: stamp(at),
        turn: 1,
        text: text.into(),
        kind: ClaimKind::Future,
        certain: true,
        agents: None,
        speedup: None,
        verdict,
        why: why.into(),
        batch: None,
    }
}

/// A finding about the first claim of the first session, and all of its dispatches.
pub(crate) fn finding(rule: &str, severity: Severity, message: &str, session: &Session, evidence: Value, help: &str) -> Finding {
    let claim = session.claims.first();
    Finding {
        rule: rule.into(),
        family: "claims".into(),
        severity,
        verdict: claim.map(|claim| claim.verdict),
        message: message.into(),
        location: Location {
            path: session.path.clone(),
            path_encoded: false,
            line: claim.map(|claim| claim.line),
            column: None,
            end_line: None,
            end_column: None,
        },
        related: Vec::new(),
        agents: Vec::new(),
        paths: Vec::new(),
        evidence: evidence.as_object().cloned().unwrap_or_default(),
        help: help.into(),
        fingerprint: "3f9a0c21d4e8b7a6".into(),
        session: Some(0),
        claim: claim.map(|_| 0),
        dispatches: session.dispatches.iter().map(|dispatch| dispatch.id.clone()).collect(),
    }
}

pub(crate) fn not_checked(what: &str, why: &str) -> NotChecked {
    NotChecked { what: what.into(), why: why.into() }
}
