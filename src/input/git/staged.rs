//! What is staged, and what of it a merge brings from other branches.

use super::branches;
use super::changes;
use super::error::GitError;
use super::source::{Reference, Source};
use super::{Repository, files, raw};
use crate::config::Generated;
use crate::model::change::{ChangeSet, Source as From};
use crate::model::path::RepoPath;
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
    /// What is staged. Of a merge that is about to be committed, as of a merge in a range: what differs from all its parents.
    pub fn staged(&self, generated: &Generated) -> Result<ChangeSet, GitError> {
        self.needs_work_tree()?;
        let (lists, notes) = self.ask(|source| {
            let parents = parents(source, &self.facts.git_dir, true)?;
            let parents = not_in(source, parents, self.facts.head.as_deref())?;
            let merged = of_defaults(source, &parents)?;
            let staged = source.staged(self.facts.head.as_deref())?;
            let all = staged.len();
            let mut lists = vec![staged];
            for parent in &merged.parents {
                lists.push(source.staged(Some(parent))?);
            }
            let without_default = raw::in_all(lists);
            let mut lists = vec![without_default.clone()];
            for parent in parents.iter().filter(|parent| !merged.parents.contains(parent)) {
                lists.push(source.staged(Some(parent))?);
            }
            let own = raw::in_all(lists);
            let paths: rustc_hash::FxHashSet<&RepoPath> = own.iter().map(|change| &change.path).collect();
            let brought = without_default.into_iter().filter(|change| !paths.contains(&change.path)).collect();
            let notes = if all == own.len() { Vec::new() } else { vec![note(all - own.len(), &from(source, &parents, &merged)?)] };
            Ok((changes::changes(source, vec![own, brought], generated)?, notes))
        })?;
        let mut lists = lists.into_iter();
        Ok(ChangeSet {
            base: self.facts.head.clone(),
            branch: self.facts.branch.clone(),
            files: lists.next().unwrap_or_default(),
            brought: lists.next().unwrap_or_default(),
            notes,
            ..ChangeSet::new(From::Staged, "staged")
        })
    }
}

fn note(count: usize, from: &str) -> String {
    match count {
        1 => format!("1 file that comes from {from} by this merge is left out"),
        _ => format!("{count} files that come from {from} by this merge are left out"),
    }
}

/// So many merged branches are named.
const MOST_NAMED: usize = 4;

/// What is merged, as people call it.
fn from(source: &dyn Source, parents: &[String], merged: &Merged) -> Result<String, GitError> {
    let references = source.references()?;
    let mut names: Vec<&str> = Vec::new();
    for parent in parents {
        let is_local = |reference: &&Reference| reference.name.starts_with("refs/heads/");
        let here = || references.iter().filter(|reference| reference.id == *parent);
        let found = here().find(is_local).or_else(|| here().next());
        let name = match found {
            _ if merged.parents.contains(parent) => &merged.from,
            Some(reference) => branches::short(&reference.name),
            None => parent.get(..12).unwrap_or(parent),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(MOST_NAMED);
    names.truncate(MOST_NAMED);
    let last = if more > 0 { Some(format!("{more} more")) } else { names.pop().map(str::to_owned) };
    let all = [names.join(", "), last.unwrap_or_default()];
    Ok(all.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" and "))
}

/// The commits that are being merged. With `own` it may be one of which so far only the environment of its hook tells.
fn parents(source: &dyn Source, git_dir: &Path, own: bool) -> Result<Vec<String>, GitError> {
    let mut parents = files::merge_heads(git_dir);
    if own {
        parents.extend(files::merge_heads_in_environment());
    }
    parents.sort_unstable();
    parents.dedup();
    if parents.is_empty() {
        return Ok(parents);
    }
    // What is not here is no parent.
    Ok(source.commits(&parents)?.into_iter().flatten().map(|commit| commit.id).collect())
}

/// Without what was merged already: git merges nothing of it, and an earlier state of a file would count as its.
fn not_in(source: &dyn Source, parents: Vec<String>, head: Option<&str>) -> Result<Vec<String>, GitError> {
    let Some(head) = head else { return Ok(parents) };
    let mut kept = Vec::new();
    for parent in parents {
        if !source.between(std::slice::from_ref(&parent), head)?.is_empty() {
            kept.push(parent);
        }
    }
    Ok(kept)
}

/// The parents of the merge in progress in another worktree that the default branch or its upstream holds.
pub(super) fn merged(source: &dyn Source, git_dir: &Path) -> Result<Merged, GitError> {
    of_defaults(source, &parents(source, git_dir, false)?)
}

/// Those of some commits that the default branch or its upstream holds.
fn of_defaults(source: &dyn Source, parents: &[String]) -> Result<Merged, GitError> {
    let mut merged = Merged::default();
    if parents.is_empty() {
        return Ok(merged);
    }
    let defaults: Vec<Reference> = branches::defaults(source, &source.references()?);
    for parent in parents {
        for branch in &defaults {
            if source.between(std::slice::from_ref(parent), &branch.id)?.is_empty() {
                merged.from = branches::short(&branch.name).to_owned();
                merged.parents.push(parent.clone());
                break;
            }
        }
    }
    Ok(merged)
}
