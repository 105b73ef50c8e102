//! Two agents whose runs overlap edited one file.

use crate::model::finding::{Finding, Location, Related, Severity};
use crate::model::session::{Dispatch, Edit};
use crate::rules::evidence::by_start;
use crate::rules::{Context, Rule};
use crate::timeline::ran;
use serde_json::json;
use std::collections::BTreeMap;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "overlapping-edits",
    family: "overlap",
    severity: Severity::Error,
    summary: "two agents that ran at the same time edited one file",
    document: include_str!("overlapping_edits.md"),
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let dispatches = &context.session.dispatches;
    let mut editors: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, dispatch) in dispatches.iter().enumerate() {
        for edit in &dispatch.edits {
            let known = editors.entry(&edit.path).or_default();
            if known.last() != Some(&index) {
                known.push(index);
            }
        }
    }
    let mut findings = Vec::new();
    for (path, agents) in editors {
        for (position, one) in agents.iter().enumerate() {
            for other in &agents[position + 1..] {
                if overlap(&dispatches[*one], &dispatches[*other]) {
                    findings.extend(finding(context, path, *one, *other));
                }
            }
        }
    }
    findings
}

/// Both ran at the same time, and neither started the other: a parent and its child work on one task.
fn overlap(one: &Dispatch, other: &Dispatch) -> bool {
    let related = one.parent.as_deref() == Some(&other.id) || other.parent.as_deref() == Some(&one.id);
    let same = one.agent.is_some() && one.agent == other.agent;
    !related && !same && ran(one).zip(ran(other)).is_some_and(|(one, other)| one.overlaps(other))
}

fn finding(context: &Context<'_>, path: &str, one: usize, other: usize) -> Option<Finding> {
    let (first, second) = (&context.session.dispatches[one], &context.session.dispatches[other]);
    let pick = |dispatch: &'_ Dispatch| -> Option<Edit> {
        dispatch.edits.iter().filter(|edit| edit.path == path).min_by_key(|edit| (edit.inferred, edit.place.at)).cloned()
    };
    let (edit, again) = (pick(first)?, pick(second)?);
    let apart = edit.worktree != again.worktree;
    let inferred = edit.inferred || again.inferred;
    let severity = match (apart, inferred) {
        (true, _) => Severity::Note,
        (false, true) => Severity::Warning,
        (false, false) => RULE.severity,
    };
    let name = |dispatch: &Dispatch| dispatch.description.clone().unwrap_or_else(|| dispatch.id.clone());
    let how = match (apart, inferred) {
        (true, _) => ", in different worktrees",
        (false, true) => ", one of them by a shell command",
        (false, false) => "",
    };
    let file_of = |dispatch: &Dispatch| {
        context
            .session
            .transcripts
            .iter()
            .find(|transcript| transcript.agent.is_some() && transcript.agent == dispatch.agent)
            .map_or_else(|| context.session.path.clone(), |transcript| transcript.path.clone())
    };
    let related = [(second, &again), (first, &edit)].map(|(dispatch, edit)| Related {
        location: Location { path: file_of(dispatch), line: Some(edit.place.line) },
        message: format!("\"{}\" edits it here, with {}", name(dispatch), edit.tool),
    });
    let mut evidence = serde_json::Map::new();
    evidence.insert("edits".to_owned(), json!([count(first, path), count(second, path)]));
    if let Some((one, other)) = ran(first).zip(ran(second)) {
        let shared = one.end.min(other.end).seconds_since(one.start.max(other.start));
        evidence.insert("overlap_seconds".to_owned(), json!(shared));
    }
    Some(Finding {
        rule: RULE.name,
        severity,
        verdict: None,
        message: format!("\"{}\" and \"{}\" ran at the same time and both edited {path}{how}", name(first), name(second)),
        location: Location { path: context.session.transcripts[first.transcript].path.clone(), line: Some(first.line) },
        related: related.to_vec(),
        agents: [first, second].into_iter().filter_map(|dispatch| dispatch.agent.clone()).collect(),
        paths: vec![path.to_owned()],
        evidence,
        help: if apart {
            "expect a conflict when the worktrees are merged"
        } else {
            "give each agent files of its own, or run them one after another"
        }
        .to_owned(),
        identity: format!("{}\n{}\n{}\n{path}", RULE.name, first.id, second.id),
        session: Some(context.index),
        claim: None,
        dispatches: by_start(context, &[one, other]),
    })
}

fn count(dispatch: &Dispatch, path: &str) -> usize {
    dispatch.edits.iter().filter(|edit| edit.path == path).count()
}
