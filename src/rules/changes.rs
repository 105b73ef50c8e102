//! What change sets touch, for rules about paths: both ends of a rename, each path once for each agent.

use super::RepositoryContext;
use crate::model::change::{Change, ChangeKind, Deed, Source};
use crate::model::finding::Finding;
use crate::model::path::RepoPath;
use crate::work::identity::{Attributed, AttributedBy, Attribution};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// One path that a change set touches.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Touch<'c> {
    /// The change set: of a range the first commit that shows it.
    pub(in crate::rules) set: &'c Attributed,
    /// The change.
    pub(in crate::rules) change: &'c Change,
    /// The path: one end of the change.
    pub(in crate::rules) path: &'c RepoPath,
    /// There was nothing at this path before (before the whole range, where a range is checked).
    pub(in crate::rules) creates: bool,
}

impl<'c> Touch<'c> {
    /// Who made it.
    pub(in crate::rules) fn by(&self) -> Option<&'c Attribution> {
        self.set.by.as_ref()
    }

    /// Who made it, where more than the path says so.
    pub(in crate::rules) fn agent(&self) -> Option<&'c Attribution> {
        self.by().filter(|by| by.by != AttributedBy::Path)
    }

    /// What was done: "changed".
    pub(in crate::rules) fn verb(&self) -> &'static str {
        match self.change.kind {
            ChangeKind::Added => "made",
            ChangeKind::Deleted => "deleted",
            ChangeKind::Renamed => "moved",
            ChangeKind::Modified | ChangeKind::Mode | ChangeKind::Type => "changed",
        }
    }

    /// What was done, in front of the area where it was done: "changed a file of", "moved a file into".
    pub(in crate::rules) fn deed(&self) -> String {
        Deed::of(self.change, self.path).said()
    }

    /// Writes what every finding about a touch tells: the agent, how it is known, the commit, what happened.
    pub(in crate::rules) fn tell(&self, finding: &mut Finding) {
        finding.paths = vec![self.path.shown().into_owned()];
        let evidence = &mut finding.evidence;
        if let Some(by) = self.by() {
            finding.agents.push(by.agent.clone());
            evidence.insert("attributed_by".to_owned(), json!(by.by));
        }
        if self.set.changes.is_commit {
            evidence.insert("commit".to_owned(), json!(self.set.changes.head));
        }
        evidence.insert("change".to_owned(), json!(self.change.kind.word()));
        if let Some(old) = self.change.old_path.as_ref().filter(|_| *self.path == self.change.path) {
            evidence.insert("moved_from".to_owned(), json!(old.shown()));
        } else if self.change.old_path.is_some() {
            evidence.insert("moved_to".to_owned(), json!(self.change.path.shown()));
        }
    }
}

/// Every path that the change sets touch, once for each agent. Of a range a commit that shows it goes before the whole.
pub(in crate::rules) fn touches<'c>(context: &RepositoryContext<'c>) -> Vec<Touch<'c>> {
    let (commits, others): (Vec<_>, Vec<_>) = context.changes.iter().partition(|set| set.changes.is_commit);
    let mut is_new: FxHashMap<&RepoPath, bool> = FxHashMap::default();
    for set in others.iter().filter(|set| set.changes.source == Source::Range) {
        is_new.extend(ends(set).map(|(_, path, creates)| (path, creates)));
    }
    let mut seen: FxHashSet<(&str, &RepoPath)> = FxHashSet::default();
    let mut shown: FxHashSet<&RepoPath> = FxHashSet::default();
    let mut touches = Vec::new();
    for set in commits.into_iter().chain(others) {
        let is_whole = set.changes.source == Source::Range && !set.changes.is_commit;
        let place = if set.changes.source == Source::Range { "" } else { set.changes.name.as_str() };
        let who = set.by.as_ref().map_or(place, |by| by.agent.as_str());
        for (change, path, creates) in ends(set) {
            if (is_whole && shown.contains(path)) || !seen.insert((who, path)) {
                continue;
            }
            let creates = if set.changes.is_commit { is_new.get(path).copied().unwrap_or(creates) } else { creates };
            touches.push(Touch { set, change, path, creates });
            if set.changes.is_commit {
                shown.insert(path);
            }
        }
    }
    touches
}

/// Both ends of every change, and whether there was nothing at that end before.
fn ends(set: &Attributed) -> impl Iterator<Item = (&Change, &RepoPath, bool)> {
    set.changes.files.iter().flat_map(|change| {
        let is_new = matches!(change.kind, ChangeKind::Added | ChangeKind::Renamed);
        change.paths().enumerate().map(move |(end, path)| (change, path, end == 0 && is_new))
    })
}

/// A path that change sets touch, whoever made them.
pub(in crate::rules) struct Changed<'c> {
    /// The first change of it. A range comes before its commits.
    pub(in crate::rules) change: &'c Change,
    /// Who made one, sorted.
    pub(in crate::rules) agents: BTreeSet<&'c str>,
}

/// Every path that change sets touch, once, in the order of paths.
pub(in crate::rules) fn changed<'c>(sets: impl IntoIterator<Item = &'c Attributed>) -> BTreeMap<&'c RepoPath, Changed<'c>> {
    let mut changed: BTreeMap<&RepoPath, Changed<'_>> = BTreeMap::new();
    for set in sets {
        for (change, path, _) in ends(set) {
            let entry = changed.entry(path).or_insert_with(|| Changed { change, agents: BTreeSet::new() });
            entry.agents.extend(set.by.as_ref().map(|by| by.agent.as_str()));
        }
    }
    changed
}

impl Changed<'_> {
    /// Writes what every finding about a changed path tells.
    pub(in crate::rules) fn tell(&self, path: &RepoPath, finding: &mut Finding) {
        finding.agents = self.agents.iter().map(|agent| (*agent).to_owned()).collect();
        finding.paths = vec![path.shown().into_owned()];
        finding.evidence.insert("change".to_owned(), json!(self.change.kind.word()));
    }
}

#[cfg(test)]
pub(in crate::rules) mod tests {
    use super::*;
    use crate::model::change::{ChangeSet, Class, Entry};

    /// A change set of (what happened, path, old path).
    pub(in crate::rules) fn set(source: Source, name: &str, is_commit: bool, files: &[(ChangeKind, &str, Option<&str>)]) -> ChangeSet {
        let file = |(kind, path, old): &(ChangeKind, &str, Option<&str>)| Change {
            path: RepoPath::from(*path),
            old_path: old.map(RepoPath::from),
            kind: *kind,
            entry: Entry::File,
            old_blob: None,
            new_blob: None,
            class: Class::Source,
        };
        ChangeSet {
            is_commit,
            base: Some("0".to_owned()),
            head: is_commit.then(|| name.to_owned()),
            files: files.iter().map(file).collect(),
            ..ChangeSet::new(source, name)
        }
    }

    #[test]
    fn both_ends_of_a_rename_are_touched() {
        let changes = set(Source::Staged, "staged", false, &[(ChangeKind::Renamed, "b", Some("a"))]);
        let set = Attributed { changes, by: None, doubts: Vec::new() };
        let ends: Vec<_> = ends(&set).map(|(_, path, creates)| (path.shown().into_owned(), creates)).collect();
        assert_eq!(ends, [("b".to_owned(), true), ("a".to_owned(), false)]);
    }
}
