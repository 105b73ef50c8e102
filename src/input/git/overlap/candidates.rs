//! Which sides can have anything to do with each other: only those are merged. Pure.

use crate::model::change::{Change, ChangeKind};
use crate::model::path::RepoPath;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Paths of two sides that get in each other's way without being the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clash {
    pub(super) paths: Vec<RepoPath>,
    pub(super) remark: &'static str,
    /// The side that moved a folder away, and the folder.
    pub(super) moved: Option<(usize, RepoPath)>,
}

/// Pairs of sides with a path in common, or with clashes.
pub(super) type Pairs = BTreeMap<(usize, usize), Vec<Clash>>;

/// Finds the pairs. A side is given by its changes, or `None` where it cannot be compared.
pub(super) fn pairs(sides: &[Option<&[Change]>]) -> Pairs {
    let mut pairs = Pairs::new();
    let changes = || sides.iter().enumerate().flat_map(|(side, files)| files.iter().copied().flatten().map(move |change| (side, change)));
    let mut holders: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for (side, change) in changes() {
        for path in change.paths() {
            let holders = holders.entry(path.as_bytes()).or_default();
            if holders.last() != Some(&side) {
                holders.push(side);
            }
        }
    }
    for holders in holders.values() {
        for (at, one) in holders.iter().enumerate() {
            for other in holders[at + 1..].iter().filter(|other| *other != one) {
                pairs.entry(ordered(*one, *other)).or_default();
            }
        }
    }
    let files = files(changes());
    let moved = moved_folders(changes());
    for (side, change) in changes().filter(|(_, change)| is_new(change)) {
        for folder in folders(change.path.as_bytes()) {
            for other in files.get(folder).into_iter().flatten().filter(|other| **other != side) {
                let paths = vec![RepoPath::new(folder), change.path.clone()];
                pairs.entry(ordered(side, *other)).or_default().push(Clash {
                    paths,
                    remark: "a file for one, a folder for the other",
                    moved: None,
                });
            }
            for other in moved.get(folder).into_iter().flatten().filter(|other| **other != side) {
                let (paths, moved) = (vec![change.path.clone()], Some((*other, RepoPath::new(folder))));
                let remark = "added in a folder that the other one moved";
                pairs.entry(ordered(side, *other)).or_default().push(Clash { paths, remark, moved });
            }
        }
    }
    pairs
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

/// It puts a file where none was.
fn is_new(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Added | ChangeKind::Renamed)
}

/// The sides that have a file at a path that they changed.
fn files<'c>(changes: impl Iterator<Item = (usize, &'c Change)>) -> FxHashMap<&'c [u8], Vec<usize>> {
    let mut files: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for (side, change) in changes.filter(|(_, change)| change.kind != ChangeKind::Deleted) {
        files.entry(change.path.as_bytes()).or_default().push(side);
    }
    files
}

/// The sides that moved or deleted something in a folder: git guesses that a whole folder was moved, and takes along what
/// others add there.
fn moved_folders<'c>(changes: impl Iterator<Item = (usize, &'c Change)>) -> FxHashMap<&'c [u8], FxHashSet<usize>> {
    let mut moved: FxHashMap<&[u8], FxHashSet<usize>> = FxHashMap::default();
    for (side, change) in changes {
        for folder in left(change) {
            moved.entry(folder).or_default().insert(side);
        }
    }
    moved
}

/// The folders that a change speaks of as moved: `a/x/f` that becomes `b/x/f` speaks of `a/x` and of `a`.
pub(super) fn left(change: &Change) -> Vec<&[u8]> {
    let mut folders = Vec::new();
    let (mut old, mut new) = match (&change.old_path, change.kind) {
        (Some(old), ChangeKind::Renamed) => (parent(old.as_bytes()), parent(change.path.as_bytes())),
        (_, ChangeKind::Deleted) => (parent(change.path.as_bytes()), None),
        _ => return folders,
    };
    while let Some(folder) = old.filter(|_| old != new) {
        folders.push(folder);
        let (Some(target), name) = (new, last(folder)) else { break };
        if last(target) != name {
            break;
        }
        (old, new) = (parent(folder), parent(target));
    }
    folders
}

fn parent(path: &[u8]) -> Option<&[u8]> {
    path.iter().rposition(|byte| *byte == b'/').map(|at| &path[..at])
}

fn last(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// The folders above a path.
pub(super) fn folders(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Class, Entry};

    fn change(kind: ChangeKind, old: Option<&str>, path: &str) -> Change {
        Change {
            path: RepoPath::from(path),
            old_path: old.map(RepoPath::from),
            kind,
            entry: Entry::File,
            old_blob: None,
            new_blob: None,
            class: Class::Source,
        }
    }

    fn found(sides: &[Vec<Change>]) -> Vec<((usize, usize), usize)> {
        let sides: Vec<Option<&[Change]>> = sides.iter().map(|side| Some(side.as_slice())).collect();
        pairs(&sides).into_iter().map(|(pair, clashes)| (pair, clashes.len())).collect()
    }

    #[test]
    fn both_ends_of_a_rename_count() {
        let moved = vec![change(ChangeKind::Renamed, Some("a"), "b")];
        assert_eq!(found(&[moved.clone(), vec![change(ChangeKind::Modified, None, "a")]]), [((0, 1), 0)]);
        assert_eq!(found(&[moved.clone(), vec![change(ChangeKind::Added, None, "b")]]), [((0, 1), 0)]);
        assert_eq!(found(&[moved, vec![change(ChangeKind::Added, None, "c")]]), []);
    }

    #[test]
    fn a_file_and_a_folder_of_one_name_clash() {
        let file = vec![change(ChangeKind::Added, None, "a")];
        let inside = vec![change(ChangeKind::Added, None, "a/b/c")];
        assert_eq!(found(&[file, inside.clone()]), [((0, 1), 1)]);
        assert_eq!(found(&[vec![change(ChangeKind::Deleted, None, "a")], inside]), []);
    }

    #[test]
    fn what_is_added_in_a_moved_folder_clashes() {
        let moved = vec![change(ChangeKind::Renamed, Some("a/x/f"), "b/x/f")];
        assert_eq!(found(&[moved.clone(), vec![change(ChangeKind::Added, None, "a/new")]]), [((0, 1), 1)]);
        assert_eq!(found(&[moved, vec![change(ChangeKind::Added, None, "c/new")]]), []);
    }

    #[test]
    fn who_cannot_be_compared_is_in_no_pair() {
        let same = [change(ChangeKind::Added, None, "a")];
        assert!(pairs(&[Some(&same), None]).is_empty());
        assert_eq!(pairs(&[Some(&same), None, Some(&same)]).len(), 1);
    }
}
