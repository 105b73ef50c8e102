//! Two agents whose runs overlap edited one file.

use crate::model::finding::{Finding, Location, Related, Severity};
use crate::model::session::{Dispatch, Edit};
use crate::rules::evidence::by_start;
use crate::rules::{Check, Context, Rule};
use crate::timeline::{known, ran};
use serde_json::json;
use std::collections::BTreeMap;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "overlapping-edits",
    family: "overlap",
    severity: Severity::Error,
    summary: "two agents that ran at the same time edited one file",
    document: include_str!("overlapping_edits.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

/// How many pairs of agents are reported for one file.
const PAIRS_SHOWN: usize = 10;

/// How deep agents may start agents.
const DEEPEST: usize = 32;

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
        let mut pairs = Vec::new();
        for (position, one) in agents.iter().enumerate() {
            pairs.extend(agents[position + 1..].iter().filter(|other| overlap(dispatches, *one, **other)).map(|other| (*one, *other)));
        }
        // A hundred agents on one file are five thousand pairs; the first ones tell it all.
        let more = pairs.len().saturating_sub(PAIRS_SHOWN);
        for (position, (one, other)) in pairs.into_iter().take(PAIRS_SHOWN).enumerate() {
            let mut found = finding(context, path, one, other);
            if let Some(found) = found.as_mut().filter(|_| more > 0 && position + 1 == PAIRS_SHOWN) {
                found.message = format!("{} (and {more} more pairs of agents did)", found.message);
            }
            findings.extend(found);
        }
    }
    findings
}

/// Both ran at the same time, and neither waits for the other: an agent and what it started work on one task.
fn overlap(dispatches: &[Dispatch], one: usize, other: usize) -> bool {
    let (first, second) = (&dispatches[one], &dispatches[other]);
    let same = first.agent.is_some() && first.agent == second.agent;
    let at_once = known(first).zip(known(second)).is_some_and(|(one, other)| one.overlaps(other));
    at_once && !same && !descends(dispatches, first, second) && !descends(dispatches, second, first)
}

/// Whether one dispatch was made, directly or not, by the agent of another.
fn descends(dispatches: &[Dispatch], child: &Dispatch, ancestor: &Dispatch) -> bool {
    let mut parent = child.parent.as_deref();
    // The depth is bounded: a log that makes an agent its own ancestor must not hold us.
    for _ in 0..DEEPEST {
        match parent {
            None => return false,
            Some(id) if id == ancestor.id => return true,
            Some(id) => parent = dispatches.iter().find(|dispatch| dispatch.id == id).and_then(|dispatch| dispatch.parent.as_deref()),
        }
    }
    true
}

fn finding(context: &Context<'_>, path: &str, one: usize, other: usize) -> Option<Finding> {
    let (first, second) = (&context.session.dispatches[one], &context.session.dispatches[other]);
    let edits = |dispatch: &'_ Dispatch| -> Vec<Edit> { dispatch.edits.iter().filter(|edit| edit.path == path).cloned().collect() };
    // Of all pairs of their edits the most telling one: in one tree before in two, made before inferred.
    let pairs = edits(first).into_iter().flat_map(|one| edits(second).into_iter().map(move |other| (one.clone(), other)));
    let (edit, again) =
        pairs.min_by_key(|(one, other)| (one.worktree != other.worktree, one.inferred || other.inferred, one.place.at, other.place.at))?;
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
        excerpts: Vec::new(),
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
