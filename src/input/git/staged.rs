//! What is staged, and what of it a merge brings from the default branch.

use super::branches;
use super::changes;
use super::error::GitError;
use super::source::{Reference, Source};
use super::{Repository, files, raw};
use crate::config::Generated;
use crate::model::change::{ChangeSet, Source as From};
use std::path::Path;

/// The parents of a merge whose files are not the work of whoever merges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Merged {
    /// Commits that the default branch holds.
    pub(super) parents: Vec<String>,
    /// The name of that branch.
    pub(super) from: String,
}

impl Repository {
    /// What is staged. Of a merge that is about to be committed, what differs from the default branch's side as well: what
    /// another branch brings is a part of what the commit brings.
    pub fn staged(&self, generated: &Generated) -> Result<ChangeSet, GitError> {
        self.needs_work_tree()?;
        let (files, notes) = self.ask(|source| {
            let merged = merged(source, &self.facts.git_dir, true)?;
            let mut lists = vec![source.staged(self.facts.head.as_deref())?];
            for parent in &merged.parents {
                lists.push(source.staged(Some(parent))?);
            }
            let all = lists.first().map_or(0, Vec::len);
            let own = raw::in_all(lists);
            let notes = note(all - own.len(), &merged.from);
            Ok((changes::changes(source, vec![own], generated)?, notes))
        })?;
        Ok(ChangeSet {
            base: self.facts.head.clone(),
            branch: self.facts.branch.clone(),
            files: files.into_iter().flatten().collect(),
            notes,
            ..ChangeSet::new(From::Staged, "staged")
        })
    }
}

fn note(count: usize, from: &str) -> Vec<String> {
    match count {
        0 => Vec::new(),
        1 => vec![format!("1 file that comes from {from} by this merge is left out")],
        _ => vec![format!("{count} files that come from {from} by this merge are left out")],
    }
}

/// The parents of the merge in progress that the default branch or its upstream holds. With `own` it may be one of which so
/// far only the environment of its hook tells.
pub(super) fn merged(source: &dyn Source, git_dir: &Path, own: bool) -> Result<Merged, GitError> {
    let mut parents = files::merge_heads(git_dir);
    if own {
        parents.extend(files::merge_heads_in_environment());
    }
    if parents.is_empty() {
        return Ok(Merged::default());
    }
    parents.sort_unstable();
    parents.dedup();
    // What is not here is no parent.
    let here: Vec<String> = source.commits(&parents)?.into_iter().flatten().map(|commit| commit.id).collect();
    let defaults: Vec<Reference> = branches::defaults(source, &source.references()?);
    let mut merged = Merged::default();
    for parent in here {
        for branch in &defaults {
            if source.between(std::slice::from_ref(&parent), &branch.id)?.is_empty() {
                merged.from = branches::short(&branch.name).to_owned();
                merged.parents.push(parent);
                break;
            }
        }
    }
    Ok(merged)
}
