//! Repositories: change sets from libgit2 and from git's own commands, the same answers from both.

pub mod command;
mod error;

pub use error::GitError;

use crate::model::change::{Change, ChangeKind, ChangeSet, Class, Entry, Source};
use crate::model::moment::Moment;
use crate::model::path::RepoPath;
use command::Scope;
use std::path::{Path, PathBuf};

/// What is known of a repository once it is open.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The root of the work tree; `None` in a bare repository.
    pub root: Option<PathBuf>,
    /// The root of the main work tree, where this one is a linked worktree.
    pub main_root: Option<PathBuf>,
    /// The git directory of this worktree.
    pub git_dir: PathBuf,
    /// The git directory that all worktrees share.
    pub common_dir: PathBuf,
    /// The branch that is checked out, without `refs/heads/`.
    pub branch: Option<String>,
    /// The commit that is checked out; `None` before the first one.
    pub head: Option<String>,
    /// When that commit was made.
    pub head_time: Option<Moment>,
    /// History is cut off.
    pub shallow: bool,
}

/// A range of commits.
#[derive(Debug, Clone)]
pub struct Range {
    /// What the range as a whole changes since its merge base.
    pub whole: ChangeSet,
    /// What each commit changes, oldest first; merges change nothing of their own.
    pub commits: Vec<ChangeSet>,
    /// The commit that the base revision names: policy is read from there.
    pub policy_base: String,
}

/// An open repository.
pub struct Repository {
    /// What is known of it.
    pub facts: Facts,
    folder: PathBuf,
}

impl Repository {
    /// Opens the repository that `folder` belongs to.
    pub fn open(folder: &Path) -> Result<Repository, GitError> {
        let text = |arguments: &[&str]| {
            command::run(folder, Scope::Own, arguments, None).map(|out| String::from_utf8_lossy(&out).trim_end_matches('\n').to_owned())
        };
        let root = text(&["rev-parse", "--show-toplevel"])?;
        let git_dir = PathBuf::from(text(&["rev-parse", "--absolute-git-dir"])?);
        let facts = Facts {
            root: Some(PathBuf::from(root)),
            git_dir: git_dir.clone(),
            common_dir: git_dir,
            branch: text(&["symbolic-ref", "--short", "-q", "HEAD"]).ok(),
            head: text(&["rev-parse", "-q", "--verify", "HEAD"]).ok(),
            ..Facts::default()
        };
        Ok(Repository { facts, folder: folder.to_path_buf() })
    }

    /// What is staged.
    pub fn staged(&self) -> Result<ChangeSet, GitError> {
        let arguments = ["diff", "--cached", "--raw", "-z", "--no-renames", "--abbrev=64", "--no-ext-diff", "--no-textconv"];
        let out = command::run(&self.folder, Scope::Own, &arguments, None)?;
        let mut files = Vec::new();
        let mut fields = out.split(|byte| *byte == 0);
        while let (Some(head), Some(path)) = (fields.next(), fields.next()) {
            let kind = match head.last() {
                Some(b'A') => ChangeKind::Added,
                Some(b'D') => ChangeKind::Deleted,
                _ => ChangeKind::Modified,
            };
            files.push(Change {
                path: RepoPath::new(path),
                old_path: None,
                kind,
                entry: Entry::File,
                old_blob: None,
                new_blob: None,
                class: Class::Source,
            });
        }
        Ok(ChangeSet {
            source: Source::Staged,
            name: "staged".to_owned(),
            is_commit: false,
            base: self.facts.head.clone(),
            head: None,
            merge_bases: Vec::new(),
            branch: self.facts.branch.clone(),
            worktree: None,
            trailers: Vec::new(),
            author: None,
            committed: None,
            files,
        })
    }

    /// What a range `BASE..HEAD` changes, commit by commit and as a whole.
    pub fn range(&self, _range: &str) -> Result<Range, GitError> {
        Err(GitError::new("ranges cannot be read yet", "use --staged"))
    }

    /// What branches change since their merge base with `base` (the default branch without it).
    pub fn branches(&self, _globs: &[String], _base: Option<&str>) -> Result<Vec<ChangeSet>, GitError> {
        Err(GitError::new("branches cannot be read yet", "use --staged"))
    }

    /// What every worktree changes since its merge base with `base`.
    pub fn worktrees(&self, _base: Option<&str>) -> Result<Vec<ChangeSet>, GitError> {
        Err(GitError::new("worktrees cannot be read yet", "use --staged"))
    }

    /// A file at a revision; `None` where it is not there.
    pub fn file_at(&self, _revision: &str, _path: &str) -> Result<Option<Vec<u8>>, GitError> {
        Ok(None)
    }

    /// Every path in the index (sorted), or at a revision.
    pub fn tracked(&self, _revision: Option<&str>) -> Result<Vec<RepoPath>, GitError> {
        let out = command::run(&self.folder, Scope::Own, &["ls-files", "-z", "--full-name"], None)?;
        Ok(out.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(RepoPath::new).collect())
    }

    /// A value of git's configuration.
    pub fn config(&self, key: &str) -> Option<String> {
        let out = command::run(&self.folder, Scope::Own, &["config", "--get", key], None).ok()?;
        Some(String::from_utf8_lossy(&out).trim_end_matches('\n').to_owned()).filter(|value| !value.is_empty())
    }
}
