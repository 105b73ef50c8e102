//! What a way of reading repositories has to answer. Two do: libgit2, and git's own commands.

use super::commit::Commit;
use super::error::GitError;
use super::raw::RawChange;
use crate::model::path::RepoPath;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// Two sides to compare.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    /// The commit whose tree is the new side.
    pub(super) commit: String,
    /// The commits it is compared with; nothing, for a first commit. With several, what differs from each of them. They are
    /// always named: once `diff-tree --stdin` was told other parents for a commit, it remembers them.
    pub(super) with: Vec<String>,
}

/// A commit in the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) parents: Vec<String>,
}

/// A branch, local or remote-tracking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    /// `refs/heads/main`
    pub(super) name: String,
    /// The commit.
    pub(super) id: String,
    /// What it stands for: `refs/remotes/origin/HEAD` stands for `refs/remotes/origin/main`.
    pub(super) target: Option<String>,
}

/// A worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) root: PathBuf,
    /// The main one, which is not linked.
    pub(super) main: bool,
    /// The commit; `None` before the first one.
    pub(super) head: Option<String>,
    /// The branch, with `refs/heads/`.
    pub(super) branch: Option<String>,
    /// The parents of a merge in progress there whose files are not its own work.
    pub(super) merged: Vec<String>,
    /// Why it cannot be read.
    pub(super) problem: Option<String>,
}

/// What a worktree holds that is not committed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Uncommitted {
    /// The index against `HEAD`.
    pub(super) staged: Vec<RawChange>,
    /// The files against the index; untracked files are new ones. Blobs that are not known yet are asked
    /// for with `hash`.
    pub(super) unstaged: Vec<RawChange>,
}

/// A way of reading a repository.
pub(super) trait Source {
    /// `libgit2` or `git`.
    fn name(&self) -> &'static str;
    /// The commits that revisions name; `None` for what names none.
    fn commits(&self, revisions: &[String]) -> Result<Vec<Option<Commit>>, GitError>;
    /// Every local and remote-tracking branch.
    fn references(&self) -> Result<Vec<Reference>, GitError>;
    /// The commits that can be reached from the tips and not from the base, in any order.
    fn between(&self, tips: &[String], base: &str) -> Result<Vec<Node>, GitError>;
    /// All merge bases of two commits.
    fn merge_bases(&self, one: &str, other: &str) -> Result<Vec<String>, GitError>;
    /// What each comparison finds.
    fn compare(&self, comparisons: &[Comparison]) -> Result<Vec<Vec<RawChange>>, GitError>;
    /// The own index against a commit, or against nothing.
    fn staged(&self, against: Option<&str>) -> Result<Vec<RawChange>, GitError>;
    /// The root of the main work tree, for a linked one; `None` where the main repository is bare.
    fn main_root(&self, common_dir: &Path) -> Option<PathBuf>;
    /// Every worktree.
    fn worktrees(&self) -> Result<Vec<Listed>, GitError>;
    /// What a worktree holds that is not committed.
    fn uncommitted(&self, tree: &Listed) -> Result<Uncommitted, GitError>;
    /// The blobs that files of a worktree would become; `None` for what cannot be read.
    fn hash(&self, root: &Path, paths: &[RepoPath]) -> Result<Vec<Option<String>>, GitError>;
    /// The contents of blobs that are at most so long; what is missing is left out, and nothing is fetched.
    fn blobs(&self, ids: &[String], longest: u64) -> Result<FxHashMap<String, Vec<u8>>, GitError>;
    /// Every path in the index, or at a revision, sorted.
    fn tracked(&self, revision: Option<&str>) -> Result<Vec<RepoPath>, GitError>;
    /// Files at a revision; `None` for what is not there or no file.
    fn files_at(&self, revision: &str, paths: &[&str]) -> Result<Vec<Option<Vec<u8>>>, GitError>;
    /// A value of git's configuration.
    fn config(&self, key: &str) -> Option<String>;
}

/// A path of the file system from git's bytes.
pub fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(bytes).as_ref())
}
