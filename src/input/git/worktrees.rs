//! What worktrees change: their commits, and what is not committed.

use super::error::GitError;
use super::files;
use super::raw::{RawChange, Side};
use super::source::{Listed, Source, path_of};
use crate::model::path::RepoPath;
use std::collections::BTreeMap;

/// So many files that are not committed are hashed in one worktree; of the others it is known that they changed.
const MOST_HASHED: usize = 10_000;

/// Adds what is not committed to what the commits of a worktree change.
pub(super) fn with_uncommitted(source: &dyn Source, tree: &Listed, committed: &[RawChange]) -> Result<Vec<RawChange>, GitError> {
    let found = source.uncommitted(tree)?;
    let mut all: BTreeMap<RepoPath, RawChange> = committed.iter().map(|change| (change.path.clone(), change.clone())).collect();
    merge(&mut all, found.staged);
    merge(&mut all, hashed(source, tree, found.unstaged)?);
    Ok(all.into_values().collect())
}

/// The later state of a path is its new side. What was changed back has been changed all the same: it would be found as soon
/// as the later state goes away.
fn merge(all: &mut BTreeMap<RepoPath, RawChange>, later: Vec<RawChange>) {
    for change in later {
        match all.get_mut(&change.path) {
            Some(earlier) if earlier.old == change.new => {}
            Some(earlier) => earlier.new = change.new,
            None => {
                all.insert(change.path.clone(), change);
            }
        }
    }
}

/// Fills in the blobs that files would become, and leaves out what turns out not to differ.
pub(super) fn hashed(source: &dyn Source, tree: &Listed, mut unstaged: Vec<RawChange>) -> Result<Vec<RawChange>, GitError> {
    unstaged.sort_by(|one, other| one.path.cmp(&other.path));
    let is_file = |change: &RawChange| change.new.as_ref().is_some_and(|new| new.mode & 0o170_000 != 0o160_000);
    let unknown = |change: &RawChange| is_file(change) && change.new.as_ref().is_some_and(|new| new.id.is_none());
    let asked: Vec<usize> = (0..unstaged.len()).filter(|index| unknown(&unstaged[*index])).take(MOST_HASHED).collect();
    let paths: Vec<RepoPath> = asked.iter().map(|index| unstaged[*index].path.clone()).collect();
    for (index, id) in asked.into_iter().zip(source.hash(tree, &paths)?) {
        if let Some(new) = &mut unstaged[index].new {
            new.id = id;
        }
    }
    for change in &mut unstaged {
        // What is not tracked has no mode yet.
        if change.old.is_none() && is_file(change) {
            let mode = files::mode(&tree.root.join(path_of(change.path.as_bytes())));
            let id = change.new.take().and_then(|new| new.id);
            change.new = mode.map(|mode| Side { mode, id });
        }
    }
    let differs = |change: &RawChange| change.old != change.new || change.new.as_ref().is_some_and(|new| new.id.is_none());
    unstaged.retain(|change| (change.old.is_some() || change.new.is_some()) && differs(change));
    Ok(unstaged)
}

/// A name for each: the folder's, with folders above it where that is not enough.
pub(super) fn names(trees: &[Listed]) -> Vec<(String, String)> {
    let part = |tree: &Listed, depth: usize| {
        let parts: Vec<_> = tree.root.components().rev().take(depth).map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        parts.into_iter().rev().collect::<Vec<String>>().join("/")
    };
    let folders: Vec<String> = trees.iter().map(|tree| part(tree, 1)).collect();
    let mut names = folders.clone();
    for depth in 2..8 {
        let repeated: Vec<usize> =
            (0..names.len()).filter(|index| names.iter().filter(|name| **name == names[*index]).count() > 1).collect();
        if repeated.is_empty() {
            break;
        }
        for index in repeated {
            names[index] = part(&trees[index], depth);
        }
    }
    names.into_iter().zip(folders).collect()
}
