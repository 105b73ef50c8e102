//! Findings about claims, put together in one way.

use super::{Context, Rule};
use crate::model::finding::{Finding, Location, Related, Severity, Verdict};
use crate::model::session::Claim;
use crate::verdict::{Cause, Judgement, MOST_NAMED, Subject};
use serde_json::{Map, Value, json};

/// Judgements of claims with one of the causes, each with its claim. A verdict of `unverifiable` is no violation.
pub(super) fn claims_with<'c>(context: &'c Context<'_>, causes: &'static [Cause]) -> impl Iterator<Item = (&'c Judgement, &'c Claim)> {
    context.judgements.iter().filter(|judgement| causes.contains(&judgement.cause)).filter_map(|judgement| match judgement.subject {
        Subject::Claim(index) => context.session.transcripts.get(judgement.transcript)?.claims.get(index).map(|claim| (judgement, claim)),
        Subject::Progress(_) => None,
    })
}

/// A finding about one claim. What only may be a claim, and what was taken back, is a note.
pub(super) fn claim_finding(
    context: &Context<'_>,
    rule: &Rule,
    judgement: &Judgement,
    claim: &Claim,
    message: String,
    help: &str,
) -> Finding {
    let path = context.session.transcripts[judgement.transcript].path.clone();
    let severity = if claim.what.certain && judgement.verdict != Verdict::Corrected { rule.severity } else { Severity::Note };
    let message = match (claim.what.certain, judgement.verdict) {
        (false, _) => format!("{message} (the sentence only may be a claim)"),
        (true, Verdict::Corrected) => format!("{message} ({})", judgement.why),
        _ => message,
    };
    let dispatches = judgement.window.iter().map(|index| &context.session.dispatches[*index]);
    let mut related: Vec<Related> = judgement
        .place
        .iter()
        .map(|(line, text)| Related { location: Location { path: path.clone(), line: Some(*line) }, message: text.clone() })
        .collect();
    if matches!(judgement.cause, Cause::Serial | Cause::Single | Cause::Fewer | Cause::NothingBeside)
        && let Some(first) = dispatches.clone().next()
    {
        let place = &context.session.transcripts[first.transcript].path;
        related
            .push(Related { location: Location { path: place.clone(), line: Some(first.line) }, message: "the first dispatch".to_owned() });
    }
    Finding {
        rule: rule.name,
        severity,
        verdict: Some(judgement.verdict),
        message,
        location: Location { path, line: Some(claim.place.line) },
        related,
        excerpts: Vec::new(),
        agents: dispatches.clone().filter_map(|dispatch| dispatch.agent.clone()).take(MOST_NAMED).collect(),
        paths: Vec::new(),
        evidence: numbers(judgement),
        help: help.to_owned(),
        identity: format!(
            "{}\n{}\n{}",
            rule.name,
            claim.response.as_deref().unwrap_or(if claim.record.is_empty() { &context.session.id } else { &claim.record }),
            claim.text
        ),
        session: Some(context.index),
        claim: Some(judgement.number),
        dispatches: by_start(context, &judgement.window),
    }
}

/// Ids of dispatches in the order of their start.
pub(super) fn by_start(context: &Context<'_>, members: &[usize]) -> Vec<String> {
    let mut members = members.to_vec();
    members.sort_by_key(|index| {
        let dispatch = &context.session.dispatches[*index];
        (dispatch.started.or(dispatch.requested), dispatch.line)
    });
    members.into_iter().take(MOST_NAMED).map(|index| context.session.dispatches[index].id.clone()).collect()
}

fn numbers(judgement: &Judgement) -> Map<String, Value> {
    let facts = &judgement.facts;
    let mut map = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            map.insert(key.to_owned(), value);
        }
    };
    let about_tests = matches!(judgement.cause, Cause::TestsFailed | Cause::TestsNotRun | Cause::TestsCountOtherwise);
    put("claimed", facts.claimed.or(facts.count).map(Value::from));
    put("counted", facts.counted.map(Value::from));
    if !about_tests {
        put("dispatches", Some(facts.dispatches.into()));
        // How many ran at once is no evidence of how they ended.
        put("peak", (judgement.cause != Cause::DispatchFailed).then(|| facts.peak.into()));
        put("effective_concurrency", facts.effective_concurrency.map(|value| json!(rounded(value))));
        put("responses", (facts.responses > 0).then(|| facts.responses.into()));
    }
    put("open", facts.open.map(Value::from));
    put("speedup", facts.speedup.map(|value| json!(value)));
    map
}

/// Hundredths are as much as a reader can use.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// "5 agents" or, where no number was said, "agents".
pub(super) fn claimed_agents(judgement: &Judgement) -> String {
    match judgement.facts.claimed {
        Some(1) => "an agent".to_owned(),
        Some(count) => format!("{count} agents"),
        None => "agents".to_owned(),
    }
}
