//! From what was found to the report. Nothing is decided here.

pub mod gates;
pub mod owners;
mod repository;

use super::v1;
use crate::audit::{Audited, Outcome};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::moment::Moment;
use crate::model::session::{Clock, Dispatch, Edit, Session, Transcript};
use crate::settle::{family, fingerprint};
use crate::timeline::{Batch, may_have_run, peak, session_peak};
use crate::verdict::{Judgement, Subject};
use rustc_hash::FxHashSet;

/// The parts of a report that do not come from sessions.
#[derive(Debug, Default)]
pub struct Frame {
    /// The command.
    pub command: &'static str,
    /// Its exit code.
    pub exit_code: i32,
    /// The rules that were looked at.
    pub rules: Vec<&'static str>,
    /// What was checked.
    pub checked: Vec<v1::Checked>,
    /// What was not.
    pub not_checked: Vec<v1::NotChecked>,
    /// Why the run could not do all that it had to.
    pub error: Option<v1::Error>,
    /// The paths in which bytes that are not UTF-8 are percent-encoded.
    pub encoded_paths: FxHashSet<String>,
    /// The order of merging with the fewest conflicts, where that was asked for.
    pub merge_order: Option<Vec<String>>,
    /// Who may change what, where that was asked for.
    pub owners: Option<Vec<v1::Owned>>,
}

/// Puts a report together.
pub fn report(frame: Frame, outcome: &Outcome) -> v1::Report {
    let count = |severity: Severity| outcome.findings.iter().filter(|finding| finding.severity == severity).count() as u64;
    let has_changes = matches!(frame.command, "check" | "overlap");
    let (gates, gates_summary) = outcome.gates.as_ref().map(gates::gates).unzip();
    let names = |index: usize| outcome.changes[index].changes.name.clone();
    v1::Report {
        version: 1,
        tool: v1::Tool { name: "paralint".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        command: frame.command.to_owned(),
        exit_code: frame.exit_code,
        fail_on: None,
        rules: frame.rules.into_iter().map(str::to_owned).collect(),
        summary: v1::Summary {
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            note: count(Severity::Note),
            suppressed: outcome.suppressed,
            waived: outcome.waived,
        },
        checked: frame.checked,
        not_checked: frame.not_checked,
        findings: outcome.findings.iter().map(|one| finding(one, &frame.encoded_paths)).collect(),
        sessions: matches!(frame.command, "audit" | "check").then(|| outcome.sessions.iter().map(session).collect()),
        changes: has_changes.then(|| outcome.changes.iter().map(repository::change_set).collect()),
        overlaps: has_changes.then(|| outcome.overlaps.iter().map(|overlap| repository::overlap(overlap, &names)).collect()),
        merge_order: frame.merge_order,
        owners: frame.owners,
        gates,
        gates_summary,
        error: frame.error,
    }
}

fn stamp(moment: Option<Moment>) -> Option<v1::Stamp> {
    moment.map(v1::Stamp)
}

/// A place; where an excerpt shows the same line, its columns too.
fn location(finding: &Finding, encoded: &FxHashSet<String>) -> v1::Location {
    let Location { path, line } = &finding.location;
    let shown = finding.excerpts.iter().find(|excerpt| *excerpt.mark.path == **path && Some(excerpt.mark.line) == *line);
    v1::Location {
        path: path.clone(),
        path_encoded: encoded.contains(path),
        line: *line,
        column: shown.map(|excerpt| excerpt.mark.column),
        end_line: None,
        end_column: shown.map(|excerpt| excerpt.mark.end_column),
    }
}

fn finding(finding: &Finding, encoded: &FxHashSet<String>) -> v1::Finding {
    let places = finding.related.iter().map(|related| v1::Related {
        path: related.location.path.clone(),
        path_encoded: encoded.contains(&related.location.path),
        line: related.location.line,
        message: related.message.clone(),
        column: None,
        end_column: None,
        excerpt: None,
    });
    v1::Finding {
        rule: finding.rule.to_owned(),
        family: family(finding.rule).to_owned(),
        severity: finding.severity,
        verdict: finding.verdict,
        message: finding.message.clone(),
        location: location(finding, encoded),
        related: finding.excerpts.iter().map(repository::excerpt).chain(places).collect(),
        agents: finding.agents.clone(),
        paths: finding.paths.clone(),
        evidence: finding.evidence.clone(),
        help: finding.help.clone(),
        fingerprint: fingerprint(&finding.identity),
        session: finding.session,
        claim: finding.claim,
        dispatches: finding.dispatches.clone(),
    }
}

fn session(audited: &Audited) -> v1::Session {
    let session = &audited.session;
    let mut told = v1::Session {
        id: session.id.clone(),
        path: session.path.clone(),
        format: session.format.to_owned(),
        clock: session.clock,
        numbering: session.numbering,
        started: stamp(session.started),
        ended: stamp(session.ended),
        peak: session_peak(session),
        possible_peak: possible_peak(session).filter(|most| *most > session_peak(session)),
        records: session.records,
        bad_lines: session.damage.count,
        dispatches: session.dispatches.iter().map(dispatch).collect(),
        batches: audited.batches.iter().map(|batch| batch_row(audited, batch)).collect(),
        claims: audited.judgements.iter().map(|judgement| claim(audited, judgement)).collect(),
        calls: calls(&session.transcripts),
    };
    // A time that stands somewhere in a text is that of the lines beneath it at the earliest: nobody knows of which of them.
    if session.clock == Clock::Lines {
        without_times(&mut told);
    }
    told
}

/// The most dispatches that may have been open at once, in a log that tells time by its lines.
fn possible_peak(session: &Session) -> Option<u32> {
    (session.clock == Clock::Lines).then(|| peak(&session.dispatches.iter().filter_map(may_have_run).collect::<Vec<_>>()))
}

fn without_times(session: &mut v1::Session) {
    for dispatch in &mut session.dispatches {
        let times = [&mut dispatch.requested, &mut dispatch.returned, &mut dispatch.started, &mut dispatch.ended];
        times.into_iter().chain(dispatch.edits.iter_mut().map(|edit| &mut edit.at)).for_each(|time| *time = None);
    }
    let calls = session.calls.iter_mut().flat_map(|call| [&mut call.started, &mut call.ended]);
    calls.chain(session.claims.iter_mut().map(|claim| &mut claim.at)).for_each(|time| *time = None);
}

/// What all threads did.
fn calls(transcripts: &[Transcript]) -> Vec<v1::ToolCall> {
    // They are by far the most that a report holds, and must not be moved while it grows.
    let mut all = Vec::with_capacity(transcripts.iter().map(|transcript| transcript.calls.len()).sum());
    all.extend(transcripts.iter().enumerate().flat_map(calls_of));
    all
}

/// What a thread did; nothing of a thread that no dispatch is known to have started.
fn calls_of((index, transcript): (usize, &Transcript)) -> impl Iterator<Item = v1::ToolCall> {
    let told = index == 0 || transcript.dispatch.is_some();
    transcript.calls.iter().filter(move |_| told).map(|call| v1::ToolCall {
        dispatch: transcript.dispatch,
        tool: call.tool.clone(),
        line: call.place.line,
        started: stamp(call.place.at),
        ended: stamp(call.ended),
        failed: call.failed,
    })
}

fn dispatch(dispatch: &Dispatch) -> v1::Dispatch {
    v1::Dispatch {
        id: dispatch.id.clone(),
        agent: dispatch.agent.clone(),
        agent_type: dispatch.agent_type.clone(),
        description: dispatch.description.clone(),
        parent: dispatch.parent.clone(),
        response: dispatch.response.clone(),
        turn: dispatch.turn,
        line: dispatch.line,
        requested: stamp(dispatch.requested),
        returned: stamp(dispatch.returned),
        started: stamp(dispatch.started),
        ended: stamp(dispatch.ended),
        duration: dispatch.duration.map(|length| length as f64 / 1000.0),
        timing: dispatch.timing,
        status: dispatch.status,
        background: dispatch.background,
        tool_uses: dispatch.tool_uses,
        edits: dispatch.edits.iter().map(edit).collect(),
    }
}

fn edit(edit: &Edit) -> v1::Edit {
    v1::Edit { path: edit.path.clone(), at: stamp(edit.place.at), tool: edit.tool.clone(), inferred: edit.inferred }
}

/// Three decimals: milliseconds for durations, more than enough for ratios, and no noise of binary fractions.
fn short(value: Option<f64>) -> Option<f64> {
    value.map(|value| (value * 1000.0).round() / 1000.0)
}

fn batch_row(audited: &Audited, batch: &Batch) -> v1::Batch {
    let measures = &batch.measures;
    v1::Batch {
        dispatches: batch.members.iter().map(|index| audited.session.dispatches[*index].id.clone()).collect(),
        count: measures.count,
        peak: measures.peak,
        work: short(measures.work),
        wall: short(measures.wall),
        effective_concurrency: short(measures.effective_concurrency),
        efficiency: short(measures.efficiency),
        utilisation: short(measures.utilisation),
        imbalance: short(measures.imbalance),
        overhead: short(measures.overhead),
    }
}

fn claim(audited: &Audited, judgement: &Judgement) -> v1::Claim {
    let transcript = &audited.session.transcripts[judgement.transcript];
    let path = (transcript.path != audited.session.path).then(|| transcript.path.clone());
    let base = v1::Claim {
        path,
        dispatch: transcript.dispatch,
        line: 0,
        turn: 0,
        at: None,
        text: String::new(),
        kind: crate::model::claim::ClaimKind::Status,
        certain: true,
        agents: None,
        speedup: None,
        verdict: judgement.verdict,
        why: judgement.why.clone(),
        batch: judgement.batch,
    };
    match judgement.subject {
        Subject::Claim(index) => {
            let claim = &transcript.claims[index];
            let what = &claim.what;
            v1::Claim {
                line: claim.place.line,
                turn: claim.turn,
                at: stamp(claim.place.at),
                text: claim.text.clone(),
                kind: what.kind,
                certain: what.certain,
                agents: what.agents,
                speedup: what.speedup,
                ..base
            }
        }
        Subject::Progress(index) => {
            let report = &transcript.reports[index];
            v1::Claim { line: report.place.line, at: stamp(report.place.at), text: format!("{}: {}", report.path, report.text), ..base }
        }
    }
}
