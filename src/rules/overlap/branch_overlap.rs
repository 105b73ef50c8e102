//! Two branches or worktrees changed one file since their merge base.

use crate::model::change::Class;
use crate::model::finding::{Finding, Location, Severity};
use crate::model::overlap::{Overlap, OverlapKind};
use crate::overlap::merge_order;
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use serde_json::{Map, Value, json};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "branch-overlap",
    family: "overlap",
    severity: Severity::Error,
    summary: "two branches or worktrees that changed one file since their merge base",
    document: include_str!("branch_overlap.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Sides]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let names: Vec<&str> = context.changes.iter().map(|one| one.changes.name.as_str()).collect();
    let mut places = vec![0; names.len()];
    for (place, side) in merge_order(&names, context.overlaps).into_iter().enumerate() {
        places[side] = place;
    }
    let known = |overlap: &&Overlap| overlap.between.0 < names.len() && overlap.between.1 < names.len();
    context.overlaps.iter().filter(known).map(|overlap| finding(context, overlap, &places)).collect()
}

fn severity(overlap: &Overlap) -> Severity {
    match (overlap.kind, overlap.class) {
        (OverlapKind::Identical, _) => Severity::Note,
        (_, Class::Generated) => Severity::Warning,
        (_, Class::Source) => RULE.severity,
    }
}

fn finding(context: &RepositoryContext<'_>, overlap: &Overlap, places: &[usize]) -> Finding {
    let (one, other) = overlap.between;
    let sides = [&context.changes[one], &context.changes[other]];
    let names = [sides[0].changes.name.as_str(), sides[1].changes.name.as_str()];
    let path = overlap.path.shown().into_owned();
    let mut sorted = names;
    sorted.sort_unstable();
    let identity = format!("{}\n{}\n{}\n{}", RULE.name, overlap.path.identity(), sorted[0], sorted[1]);
    let location = Location { path: path.clone(), line: first_line(overlap) };
    let mut agents: Vec<String> = sides.iter().filter_map(|side| side.by.as_ref()).map(|by| by.agent.clone()).collect();
    agents.dedup();
    let (first, second) = if places[one] <= places[other] { (names[0], names[1]) } else { (names[1], names[0]) };
    Finding {
        agents,
        paths: vec![path.clone()],
        evidence: evidence(overlap, &sides.map(|side| side.by.as_ref().map(|by| json!(by.by)))),
        help: help(overlap, &path, first, second),
        ..Finding::new(RULE.name, severity(overlap), message(overlap, &path, names), location, identity)
    }
}

/// Where both changed the same stretch: the first line of what they share.
fn first_line(overlap: &Overlap) -> Option<u64> {
    let [one, other] = overlap.lines?;
    matches!(overlap.kind, OverlapKind::Lines | OverlapKind::Conflict).then(|| one.0.max(other.0))
}

fn message(overlap: &Overlap, path: &str, [one, other]: [&str; 2]) -> String {
    let remarks = if overlap.remarks.is_empty() { String::new() } else { format!(" ({})", overlap.remarks.join(", ")) };
    match overlap.kind {
        OverlapKind::Conflict => format!("{one} and {other} both changed {path}{remarks}: git cannot merge it"),
        OverlapKind::Lines => format!("{one} and {other} both changed the same lines of {path}{remarks}: git merges them unseen"),
        OverlapKind::File => format!("{one} and {other} both changed {path}{remarks}, in different places"),
        OverlapKind::Identical => format!("{one} and {other} both made the same change to {path}{remarks}"),
    }
}

fn help(overlap: &Overlap, path: &str, first: &str, second: &str) -> String {
    match (overlap.kind, overlap.class) {
        (OverlapKind::Identical, _) => format!("merge {first}, then rebase {second} on it: the copy goes away by itself"),
        (_, Class::Generated) => format!("merge {first}, then rebase {second} on it and let the tool write {path} anew"),
        (OverlapKind::Conflict, _) => {
            format!("merge {first} first, then rebase {second} on it and settle {path} there; next time give the file to one of them")
        }
        (OverlapKind::Lines, _) => {
            format!("merge {first} first, then rebase {second} on it and read these lines of {path} again, or split the file")
        }
        (OverlapKind::File, _) => format!("merge {first} first, then rebase {second} on it; give {path} to one of them, or split it"),
    }
}

fn evidence(overlap: &Overlap, attributed: &[Option<Value>; 2]) -> Map<String, Value> {
    let mut evidence = Map::new();
    evidence.insert("kind".to_owned(), json!(overlap.kind));
    if let Some(lines) = overlap.lines {
        evidence.insert("lines".to_owned(), json!(lines.map(stretch)));
    }
    if overlap.class == Class::Generated {
        evidence.insert("class".to_owned(), json!(overlap.class));
    }
    if attributed.iter().any(Option::is_some) {
        evidence.insert("attributed_by".to_owned(), json!(attributed));
    }
    evidence
}

/// "5", "5-7"
fn stretch((first, last): (u64, u64)) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

#[cfg(test)]
#[path = "branch_overlap_tests.rs"]
mod tests;
