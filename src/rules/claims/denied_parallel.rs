//! "Sequential" claimed, parallel measured.

use crate::model::claim::DenialForm;
use crate::model::finding::{Finding, Location, Severity};
use crate::model::session::{Denial, Session};
use crate::rules::evidence::{by_start, rounded};
use crate::rules::{Check, Context, Rule};
use crate::timeline::Batch;
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "denied-parallel",
    family: "claims",
    severity: Severity::Note,
    summary: "said to be sequential, but agents ran in parallel",
    document: include_str!("denied_parallel.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, transcript) in context.session.transcripts.iter().enumerate() {
        for denial in transcript.denials.iter().filter(|denial| denial.form == DenialForm::Serial) {
            if let Some(batch) = denied_batch(context.session, context.batches, index, denial) {
                findings.push(finding(context, &transcript.path, denial, batch));
            }
        }
    }
    findings
}

/// The only batch that the sentence can mean, where it is parallel: the turn's, else the session's so far.
fn denied_batch<'c>(session: &Session, batches: &'c [Batch], transcript: usize, denial: &Denial) -> Option<&'c Batch> {
    let first = |batch: &Batch| batch.members.first().map(|index| &session.dispatches[*index]);
    let before: Vec<&Batch> = batches
        .iter()
        .filter(|batch| first(batch).is_some_and(|dispatch| dispatch.transcript == transcript && dispatch.line <= denial.place.line))
        .collect();
    let turn: Vec<&Batch> =
        before.iter().copied().filter(|batch| first(batch).is_some_and(|dispatch| dispatch.turn == denial.turn)).collect();
    match if turn.is_empty() { before } else { turn }[..] {
        [batch] if batch.measures.peak >= 2 => Some(batch),
        _ => None,
    }
}

fn finding(context: &Context<'_>, path: &str, denial: &Denial, batch: &Batch) -> Finding {
    let measures = &batch.measures;
    let mut evidence = serde_json::Map::new();
    evidence.insert("dispatches".to_owned(), json!(measures.count));
    evidence.insert("peak".to_owned(), json!(measures.peak));
    if let Some(effective) = measures.effective_concurrency {
        evidence.insert("effective_concurrency".to_owned(), json!(rounded(effective)));
    }
    let members = batch.members.iter().map(|index| &context.session.dispatches[*index]);
    Finding {
        rule: RULE.name,
        severity: RULE.severity,
        verdict: None,
        message: format!("said to be sequential; {} of {} agents ran at once", measures.peak, measures.count),
        location: Location { path: path.to_owned(), line: Some(denial.place.line) },
        related: Vec::new(),
        excerpts: Vec::new(),
        agents: members.filter_map(|dispatch| dispatch.agent.clone()).collect(),
        paths: Vec::new(),
        evidence,
        help: "correct the sentence: the agents did run in parallel".to_owned(),
        identity: format!("{}\n{}\n{}", RULE.name, denial.record, denial.text),
        session: Some(context.index),
        claim: None,
        dispatches: by_start(context, &batch.members),
    }
}
