//! Why a repository cannot be read, each with its mend.

use crate::model::path::RepoPath;

/// How the message begins where a partial clone lacks an object.
pub(super) const PARTIAL: &str = "this is a partial clone";

/// Why a repository cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GitError {
    /// What went wrong, as a fragment that fits "failed to …" or a sentence of its own.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
    /// The way of reading is at fault and not the question: another way may be able to answer.
    unable: bool,
}

impl GitError {
    /// An error with a mend.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> GitError {
        GitError { message: message.into(), hint: Some(hint.into()), unable: false }
    }

    /// A way of reading that cannot read this repository.
    pub(super) fn unable(message: impl Into<String>, hint: impl Into<String>) -> GitError {
        GitError { unable: true, ..GitError::new(message, hint) }
    }

    /// Whether objects are missing that were never fetched.
    pub(crate) fn is_about_partial_clone(&self) -> bool {
        self.message.starts_with(PARTIAL)
    }

    /// Whether another way of reading may be able to answer.
    pub(super) fn is_unable(&self) -> bool {
        self.unable
    }

    /// Where the only other way is not there.
    pub(super) fn with_hint_to_install(self) -> GitError {
        match self.unable {
            true => GitError { hint: Some("install git, or put it on the PATH: it can read what libgit2 cannot".to_owned()), ..self },
            false => self,
        }
    }

    pub(super) fn no_repository(folder: &std::path::Path) -> GitError {
        let folder = crate::model::path::RepoPath::new(folder.to_string_lossy().as_bytes());
        GitError::new(format!("{} is in no git repository", folder.shown()), "run it inside of one, or make one with `git init`")
    }

    pub(crate) fn no_work_tree() -> GitError {
        GitError::new("a bare repository has no index to check", "check commits instead: `--range BASE..HEAD` or `--branches GLOB`")
    }

    pub(super) fn inside_git_directory() -> GitError {
        GitError::new("this folder is git's own directory, not a work tree", "run it in the work tree")
    }

    pub(super) fn no_commit() -> GitError {
        GitError::new("this repository has no commit yet", "commit first, or check what is staged with `--staged`")
    }

    pub(super) fn broken() -> GitError {
        GitError::unable("a commit that history names is not there", "`git fsck` says what is missing; `git fetch` may bring it back")
    }

    pub(crate) fn unmerged(paths: &[RepoPath]) -> GitError {
        let shown: Vec<String> = paths.iter().take(5).map(|path| path.shown().into_owned()).collect();
        let more = if paths.len() > shown.len() { format!(" and {} more", paths.len() - shown.len()) } else { String::new() };
        let message = format!("the index holds unmerged paths: {}{more}", shown.join(", "));
        GitError::new(message, "resolve the conflicts, then `git add` these paths")
    }

    pub(super) fn shallow(base: &str, head: &str) -> GitError {
        GitError::new(
            format!("history is cut off before the merge base of {base} and {head}: this is a shallow clone"),
            "fetch all of it: `fetch-depth: 0` for actions/checkout, `git fetch --unshallow` elsewhere",
        )
    }

    pub(super) fn not_in_shallow(name: &str) -> GitError {
        GitError::new(
            format!("`{name}` names no commit of this shallow clone"),
            "fetch all of history: `fetch-depth: 0` for actions/checkout, `git fetch --unshallow` elsewhere",
        )
    }

    pub(super) fn unrelated(base: &str, head: &str) -> GitError {
        GitError::new(format!("{base} and {head} have no common history"), "name a base that the work started from")
    }

    pub(super) fn foreign_owner(folder: &std::path::Path) -> GitError {
        let folder = folder.to_string_lossy().into_owned();
        GitError::new(
            format!("the repository at {folder} belongs to another user, and git refuses to read it"),
            format!("if you trust it: `git config --global --add safe.directory {folder}`"),
        )
    }

    pub(super) fn git_missing() -> GitError {
        GitError::unable("git is not on the PATH", "install git, or put it on the PATH")
    }

    pub(crate) fn garbled(command: &str) -> GitError {
        GitError::new(format!("git {command} printed something that is not understood"), "update git (2.36 or newer is needed)")
    }
}
