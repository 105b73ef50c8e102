//! What a way of reading repositories has to answer. Two do: libgit2, and git's own commands.

use super::command::Scope;
use super::commit::Commit;
use super::error::GitError;
use super::raw::RawChange;
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;
use rustc_hash::FxHashMap;
use std::ffi::OsString;
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
    /// It is the one that the environment speaks of, and that may give it another index or git directory.
    pub(super) own: Option<Own>,
}

/// The parts of the own worktree, as the environment of a hook names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Own {
    pub(super) git_dir: PathBuf,
    pub(super) index: PathBuf,
}

impl Listed {
    /// Whose environment git gets, and what is set in it.
    pub(super) fn surroundings(&self) -> (Scope, Vec<(&'static str, OsString)>) {
        let Some(own) = &self.own else { return (Scope::Other, Vec::new()) };
        let set = [("GIT_DIR", own.git_dir.as_path()), ("GIT_WORK_TREE", &self.root), ("GIT_INDEX_FILE", &own.index)];
        (Scope::Own, set.into_iter().map(|(name, path)| (name, path.as_os_str().to_owned())).collect())
    }
}

/// A commit that changed a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) commit: String,
    /// The file after it; `None` where it took the file away, or made something else of it.
    pub(super) blob: Option<String>,
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

/// So many commits are looked through for the versions of a file.
pub(super) const FAR: usize = 2_000;

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
    fn hash(&self, tree: &Listed, paths: &[RepoPath]) -> Result<Vec<Option<String>>, GitError>;
    /// The contents of blobs that are at most so long; what is missing is left out, and nothing is fetched.
    fn blobs(&self, ids: &[String], longest: u64) -> Result<FxHashMap<String, Vec<u8>>, GitError>;
    /// Every path in the index, or at a revision, sorted.
    fn tracked(&self, revision: Option<&str>) -> Result<Vec<RepoPath>, GitError>;
    /// The paths of the own index that have conflicts.
    fn unmerged(&self) -> Result<Vec<RepoPath>, GitError>;
    /// The entries of the own index, or of the tree of a commit, in any order. Conflicts and what is only to be added some
    /// day have none.
    fn entries(&self, commit: Option<&str>) -> Result<Vec<TreeEntry>, GitError>;
    /// The commits that changed a file, newest first, among the first `FAR` from a commit back along first parents.
    fn versions(&self, commit: &str, path: &str, limit: usize) -> Result<Vec<Version>, GitError>;
    /// Files at a revision; `None` for what is not there or no file.
    fn files_at(&self, revision: &str, paths: &[&str]) -> Result<Vec<Option<Vec<u8>>>, GitError>;
    /// Whether git's configuration names programs that convert files. git itself runs them, and need not look.
    fn has_filters(&self) -> bool;
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
