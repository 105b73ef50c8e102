//! A progress file that agents wrote disagrees with the log.

use super::status_files;
use crate::model::finding::{Finding, Location, Severity};
use crate::rules::evidence::by_start;
use crate::rules::{self, Check, Context, Rule};
use crate::verdict::{Cause, Judgement, Subject};
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "status-mismatch",
    family: "claims",
    severity: Severity::Warning,
    summary: "a progress file that disagrees with the log, or with itself",
    document: include_str!("status_mismatch.md"),
    checks: &[Check::Session(check), Check::Repository(status_files::check)],
    needs: &[&[rules::Subject::Progress]],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .judgements
        .iter()
        .filter(|judgement| judgement.cause == Cause::ProgressOtherwise)
        .filter_map(|judgement| finding(context, judgement))
        .collect()
}

fn finding(context: &Context<'_>, judgement: &Judgement) -> Option<Finding> {
    let Subject::Progress(index) = judgement.subject else { return None };
    let transcript = &context.session.transcripts[judgement.transcript];
    let report = transcript.reports.get(index)?;
    let mut evidence = serde_json::Map::new();
    evidence.insert("completed".to_owned(), json!(report.completed));
    evidence.insert("running".to_owned(), json!(report.running));
    evidence.insert("finished_agents".to_owned(), json!(judgement.facts.counted));
    evidence.insert("dispatches".to_owned(), json!(judgement.facts.dispatches));
    Some(Finding {
        rule: RULE.name,
        severity: RULE.severity,
        verdict: Some(judgement.verdict),
        message: format!("{} says \"{}\"; {}", report.path.rsplit('/').next().unwrap_or(&report.path), report.text, judgement.why),
        location: Location { path: transcript.path.clone(), line: Some(report.place.line) },
        related: Vec::new(),
        excerpts: Vec::new(),
        agents: Vec::new(),
        paths: vec![report.path.clone()],
        evidence,
        help: "write what has finished, when it has finished".to_owned(),
        identity: format!("{}\n{}\n{}", RULE.name, report.record, report.path),
        session: Some(context.index),
        claim: Some(judgement.number),
        dispatches: by_start(context, &judgement.window),
    })
}
