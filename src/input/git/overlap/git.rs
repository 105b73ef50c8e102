//! Trial merges by git's own commands.

use super::Merger;
use super::merging::{self, Merged};
use super::scratch::Scratch;
use crate::input::git::Repository;
use crate::input::git::error::GitError;
use crate::input::git::plumbing::Plumbing;
use crate::input::git::source::Source;
use crate::model::change::ChangeSet;
use std::cell::Cell;
use std::path::Path;

/// git's own commands.
pub(super) struct Git<'r> {
    scratch: Scratch,
    plumbing: Plumbing,
    repository: &'r Repository,
    /// All that is asked about can be read in the repository itself, in whatever way that is read.
    direct: Cell<bool>,
}

impl<'r> Git<'r> {
    /// With `direct` the repository is read as it was opened, until git makes objects of its own; `small` objects are to be
    /// expected.
    pub(super) fn new(repository: &'r Repository, direct: bool, small: bool) -> Result<Git<'r>, GitError> {
        let facts = &repository.facts;
        let scratch = Scratch::new(&facts.common_dir, small)?;
        let plumbing = scratch.plumbing(facts.root.as_deref().unwrap_or(&facts.git_dir));
        Ok(Git { scratch, plumbing, repository, direct: Cell::new(direct) })
    }
}

impl Merger for Git<'_> {
    fn source(&self) -> &dyn Source {
        if self.direct.get() { self.repository.source.as_ref() } else { &self.plumbing }
    }

    fn commit(&self, root: &Path, head: &str, set: &ChangeSet, number: usize) -> Result<String, GitError> {
        let commit = self.scratch.commit(root, head, set, number)?;
        if commit != head {
            self.direct.set(false);
        }
        Ok(commit)
    }

    fn merged_base(&self, bases: &[String]) -> Result<String, GitError> {
        self.direct.set(false);
        self.scratch.merged_base(&self.plumbing, bases)
    }

    fn merge(&self, pairs: &[(&str, &str)]) -> Result<Vec<Merged>, GitError> {
        merging::merge(&self.plumbing, pairs)
    }
}
