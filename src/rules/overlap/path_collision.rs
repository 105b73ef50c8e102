//! Two paths that are one file where case or Unicode form does not count.

use super::spelling::{self, Spellings};
use crate::model::change::{Change, ChangeKind, ChangeSet};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::path::RepoPath;
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use serde_json::json;
use std::collections::BTreeSet;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "path-collision",
    family: "overlap",
    severity: Severity::Warning,
    summary: "two paths that are one file where case or Unicode form does not count",
    document: include_str!("path_collision.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Additions]],
};

/// Of one name more tracked spellings than these are not looked at.
const MOST_SPELLINGS: usize = 64;

/// The change sets that are looked at, with what the rule asks of them again and again.
struct Sides<'c> {
    sets: Vec<&'c ChangeSet>,
    /// For each set the tracked paths that it adds, deletes or moves away, sorted.
    own: Vec<Vec<RepoPath>>,
    tracked: &'c [RepoPath],
    /// Folders in which something is added.
    folders: BTreeSet<&'c [u8]>,
}

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    // Commits of a range are in the range already.
    let sets: Vec<&ChangeSet> = context.changes.iter().map(|one| &one.changes).filter(|changes| !changes.is_commit).collect();
    let paths = sets.iter().enumerate().flat_map(|(side, set)| new_paths(set).map(move |path| (side, path.as_bytes())));
    let added = spelling::added(paths);
    if added.is_empty() {
        return Vec::new();
    }
    let own = sets.iter().map(|set| own_paths(set, context.tracked)).collect();
    let sides = Sides { own, tracked: context.tracked, folders: added.keys().copied().collect(), sets };
    let mut findings = Vec::new();
    for (folder, mut names) in added {
        let ours: BTreeSet<&[u8]> = names.values().flat_map(|spellings| spellings.keys().copied()).collect();
        for child in spelling::children(context.tracked, folder).filter(|child| !ours.contains(child)) {
            let name = &child[if folder.is_empty() { 0 } else { folder.len() + 1 }..];
            if let Some(spellings) = names.get_mut(&spelling::folded(name)) {
                spellings.insert(child, BTreeSet::new());
            }
        }
        let collisions = names.values().filter(|spellings| spellings.len() > 1);
        collisions.for_each(|spellings| findings.extend(sides.collide(spellings)));
    }
    findings
}

fn is_new(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Added | ChangeKind::Renamed)
}

fn new_paths(set: &ChangeSet) -> impl Iterator<Item = &RepoPath> {
    set.files.iter().filter(|change| is_new(change)).map(|change| &change.path)
}

fn own_paths(set: &ChangeSet, tracked: &[RepoPath]) -> Vec<RepoPath> {
    let own = set.files.iter().filter(|change| change.kind == ChangeKind::Deleted || is_new(change)).flat_map(Change::paths);
    let own: BTreeSet<&RepoPath> = own.filter(|path| tracked.binary_search(path).is_ok()).collect();
    own.into_iter().cloned().collect()
}

impl Sides<'_> {
    /// A path, or something in it, is tracked beside what a side adds, deletes and moves away.
    fn stands_without(&self, side: usize, path: &[u8]) -> bool {
        spelling::count(self.tracked, path) > spelling::count(&self.own[side], path)
    }

    /// Who spells the name first, and everybody who spells it otherwise after him: one finding for each further spelling.
    fn collide(&self, spellings: &Spellings<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut first: Option<(&[u8], usize)> = None;
        let tracked = |spelling: &&[u8]| spelling::count(self.tracked, spelling) > 0;
        let tracked: Vec<&[u8]> = spellings.keys().copied().filter(tracked).take(MOST_SPELLINGS).collect();
        for (spelling, sides) in spellings {
            // A side brings in what was not there before it.
            let Some(side) = sides.iter().copied().find(|side| !self.stands_without(*side, spelling)) else { continue };
            let old = tracked.iter().copied().find(|other| other != spelling && self.stands_without(side, other));
            match (old, first) {
                (Some(old), _) => findings.push(self.finding((spelling, side), (old, None))),
                (None, Some((other, other_side))) => findings.push(self.finding((spelling, side), (other, Some(other_side)))),
                (None, None) => first = Some((spelling, side)),
            }
        }
        findings
    }

    fn finding(&self, (new, side): (&[u8], usize), (other, other_side): (&[u8], Option<usize>)) -> Finding {
        let shown = |path: &[u8]| RepoPath::new(path).shown().into_owned();
        let (path, twin) = (shown(new), shown(other));
        let difference = spelling::difference(new, other);
        let what = if self.folders.contains(new) { "folder" } else { "file" };
        let mut names = vec![self.sets[side].name.clone()];
        names.extend(other_side.filter(|other| *other != side).map(|other| self.sets[other].name.clone()));
        let by = if names.len() == 2 { format!("; {} has the one, {} the other", names[0], names[1]) } else { String::new() };
        let forms = if difference == "case" { "" } else { "; keep the composed form (NFC)" };
        let mut evidence = serde_json::Map::new();
        evidence.insert("difference".to_owned(), json!(difference));
        evidence.insert("between".to_owned(), json!(names));
        Finding {
            paths: vec![path.clone(), twin.clone()],
            evidence,
            help: format!("give one of them another name, or move both into {twin}{forms}"),
            ..Finding::new(
                RULE.name,
                RULE.severity,
                format!("{path} and {twin} are one {what} where {difference} does not count{by}"),
                Location { path: path.clone(), line: None },
                format!("{}\n{}\n{}", RULE.name, RepoPath::new(new).identity(), RepoPath::new(other).identity()),
            )
        }
    }
}

#[cfg(test)]
#[path = "path_collision_tests.rs"]
mod tests;
