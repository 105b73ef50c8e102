//! What change sets touch, for rules about paths: both ends of a rename, each path once for each agent.

use super::RepositoryContext;
use crate::model::change::{Change, ChangeKind, Source};
use crate::model::finding::Finding;
use crate::model::path::RepoPath;
use crate::work::identity::{Attributed, AttributedBy, Attribution};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;
use std::collections::BTreeMap;

/// More findings than these of one kind become one.
const MANY: usize = 5;
/// As many paths as a finding lists.
const LISTED: usize = 100;

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

    /// What was done, in front of the area where it was done: "changed a file of", "moved 7 files into".
    pub(in crate::rules) fn deed(&self, count: usize) -> String {
        let is_new_end = *self.path == self.change.path;
        let place = match self.change.kind {
            ChangeKind::Added => "in",
            ChangeKind::Renamed if is_new_end => "into",
            ChangeKind::Renamed => "out of",
            ChangeKind::Deleted | ChangeKind::Modified | ChangeKind::Mode | ChangeKind::Type => "of",
        };
        format!("{} {} {place}", self.verb(), files(count))
    }

    /// Writes what every finding about a touch tells: the agent, how it is known, the commit, what happened.
    pub(in crate::rules) fn tell(&self, finding: &mut Finding) {
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

/// Puts together what is of one kind, where there is much of it; the rest stays single. In the order of the kinds.
pub(in crate::rules) fn gathered<K: Ord + Clone, T>(items: impl IntoIterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for (kind, item) in items {
        groups.entry(kind).or_default().push(item);
    }
    let mut gathered = Vec::new();
    for (kind, items) in groups {
        if items.len() > MANY {
            gathered.push((kind, items));
        } else {
            gathered.extend(items.into_iter().map(|item| (kind.clone(), vec![item])));
        }
    }
    gathered
}

/// Lists the paths of touches in a finding: as many as are shown, and how many there are.
pub(in crate::rules) fn list<'t, 'c: 't>(finding: &mut Finding, touches: impl ExactSizeIterator<Item = &'t Touch<'c>>) {
    if touches.len() > 1 {
        finding.evidence.insert("files".to_owned(), json!(touches.len()));
    }
    finding.paths = touches.take(LISTED).map(|touch| touch.path.shown().into_owned()).collect();
}

/// "a file", or "12 files".
fn files(count: usize) -> String {
    if count == 1 { "a file".to_owned() } else { format!("{count} files") }
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
    fn what_is_much_of_one_kind_becomes_one() {
        let few = gathered((0..5).map(|number| ("a", number)));
        assert_eq!(few.len(), 5);
        let many = gathered((0..6).map(|number| ("a", number)).chain([("b", 9)]));
        assert_eq!(many, [("a", vec![0, 1, 2, 3, 4, 5]), ("b", vec![9])]);
    }

    #[test]
    fn both_ends_of_a_rename_are_touched() {
        let changes = set(Source::Staged, "staged", false, &[(ChangeKind::Renamed, "b", Some("a"))]);
        let set = Attributed { changes, by: None, doubts: Vec::new() };
        let ends: Vec<_> = ends(&set).map(|(_, path, creates)| (path.shown().into_owned(), creates)).collect();
        assert_eq!(ends, [("b".to_owned(), true), ("a".to_owned(), false)]);
    }
}
