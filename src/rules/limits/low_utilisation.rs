//! A batch whose utilisation, balance or overhead is worse than configured.

use crate::model::finding::{Finding, Location, Severity};
use crate::rules::evidence::{by_start, rounded};
use crate::rules::{Check, Context, Rule};
use crate::timeline::Batch;
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "low-utilisation",
    family: "limits",
    severity: Severity::Note,
    summary: "a batch with worse utilisation, balance or overhead than configured",
    document: include_str!("low_utilisation.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let several = context.batches.iter().filter(|batch| batch.measures.count >= 2 && batch.measures.timed == batch.measures.count);
    several
        .flat_map(|batch| {
            breaches(context, batch).into_iter().map(move |(message, value, limit)| finding(context, batch, message, value, limit))
        })
        .collect()
}

fn breaches(context: &Context<'_>, batch: &Batch) -> Vec<(String, f64, f64)> {
    let limits = context.limits;
    let measures = &batch.measures;
    let below = limits
        .min_utilisation
        .zip(measures.utilisation)
        .filter(|(limit, value)| value < limit)
        .map(|(limit, value)| (format!("utilisation {value:.2} is below {limit}"), value, limit));
    let balance = limits
        .max_imbalance
        .zip(measures.imbalance)
        .filter(|(limit, value)| value > limit)
        .map(|(limit, value)| (format!("imbalance {value:.2} is above {limit}"), value, limit));
    let overhead = limits
        .max_overhead
        .zip(measures.overhead)
        .filter(|(limit, value)| value > limit)
        .map(|(limit, value)| (format!("coordination overhead {value:.2} is above {limit}"), value, limit));
    [below, balance, overhead].into_iter().flatten().collect()
}

fn finding(context: &Context<'_>, batch: &Batch, message: String, value: f64, limit: f64) -> Finding {
    let first = &context.session.dispatches[batch.members[0]];
    let mut evidence = serde_json::Map::new();
    evidence.insert("value".to_owned(), json!(rounded(value)));
    evidence.insert("limit".to_owned(), json!(limit));
    evidence.insert("stragglers".to_owned(), json!(batch.measures.stragglers));
    Finding {
        rule: RULE.name,
        severity: RULE.severity,
        verdict: None,
        identity: format!("{}\n{}\n{}", RULE.name, first.id, message.split(' ').next().unwrap_or_default()),
        message: format!("{message} in a batch of {} agents", batch.measures.count),
        location: Location { path: context.session.transcripts[first.transcript].path.clone(), line: Some(first.line) },
        related: Vec::new(),
        excerpts: Vec::new(),
        agents: batch.members.iter().filter_map(|index| context.session.dispatches[*index].agent.clone()).collect(),
        paths: Vec::new(),
        evidence,
        help: "cut the work into pieces of equal size, and start all of them in one response".to_owned(),
        session: Some(context.index),
        claim: None,
        dispatches: by_start(context, &batch.members),
    }
}
