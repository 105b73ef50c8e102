//! What has to be known of commits before it is said which ones are the ends of a range.

use super::error::GitError;
use super::{Repository, branches, files};

/// A commit that may become the end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Its id.
    pub id: String,
    /// Its parents' ids, as it names them: in a shallow clone they may not be here.
    pub parents: Vec<String>,
}

impl Repository {
    /// The commit that an id or `HEAD` names; `None` where it is not here. Of an annotated tag it is the commit behind it.
    pub fn end(&self, revision: &str) -> Result<Option<End>, GitError> {
        let found = self.ask(|source| source.commits(&[revision.to_owned()]))?.pop().flatten();
        let found = found.filter(|commit| !files::is_id(revision) || commit.id.len() == revision.len());
        Ok(found.map(|commit| End { id: commit.id, parents: commit.parents }))
    }

    /// Whether one commit is another or an ancestor of it. Both are here.
    pub fn is_in(&self, id: &str, other: &str) -> Result<bool, GitError> {
        if id == other {
            return Ok(true);
        }
        self.ask(|source| source.between(&[id.to_owned()], other)).map(|beyond| beyond.is_empty())
    }

    /// The commit of a branch of the remote `origin`, by its exact name and nothing that git would read into it.
    pub fn remote_branch(&self, name: &str) -> Result<Option<String>, GitError> {
        let full = format!("refs/remotes/origin/{name}");
        let references = self.ask(|source| source.references())?;
        Ok(references.into_iter().find(|reference| reference.name == full).map(|reference| reference.id))
    }

    /// The address of the remote `origin`, as the configuration has it.
    pub fn origin(&self) -> Result<Option<String>, GitError> {
        self.ask(|source| Ok(source.config("remote.origin.url")))
    }

    /// What the default branch is called here, each with its commit: the one that branches and worktrees are compared with
    /// comes first, then what that one follows. At least one.
    pub fn default_branches(&self) -> Result<Vec<(String, String)>, GitError> {
        self.ask(|source| {
            let references = source.references()?;
            let first = branches::default_base(source, &references)?;
            let all = branches::defaults(source, &references);
            let others = all.into_iter().filter(|reference| reference.name != first.name);
            let named = std::iter::once(first.clone()).chain(others);
            Ok(named.map(|reference| (branches::short(&reference.name).to_owned(), reference.id)).collect())
        })
    }

    /// The error for a commit that is not here.
    pub(crate) fn missing(&self, what: &str) -> GitError {
        if self.facts.head.is_none() {
            GitError::no_commit()
        } else if self.facts.shallow {
            GitError::not_in_shallow(what)
        } else {
            let hint = "fetch all of history and every branch: `fetch-depth: 0` for actions/checkout, `git fetch origin` elsewhere";
            GitError::new(format!("`{what}` names no commit of this clone"), hint)
        }
    }
}
