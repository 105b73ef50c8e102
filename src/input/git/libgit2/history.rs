//! The graph of commits. libgit2's own walks do not know that a shallow clone's history ends, so there the commits are walked
//! one by one; they are few.

use super::super::error::GitError;
use super::super::source::Node;
use super::{id, unable};
use git2::{ErrorCode, Oid, Repository};
use rustc_hash::FxHashSet;

/// The commits that can be reached from the tips and not from the base.
pub(super) fn between(repository: &Repository, tips: &[String], base: &str) -> Result<Vec<Node>, GitError> {
    let tips: Vec<Oid> = tips.iter().map(|tip| id(tip)).collect::<Result<_, _>>()?;
    let found = if repository.is_shallow() { walk(repository, &tips, id(base)?) } else { quick_walk(repository, &tips, id(base)?) };
    found.map_err(|error| unable(&error))
}

fn quick_walk(repository: &Repository, tips: &[Oid], base: Oid) -> Result<Vec<Node>, git2::Error> {
    let mut walk = repository.revwalk()?;
    for tip in tips {
        walk.push(*tip)?;
    }
    walk.hide(base)?;
    walk.map(|found| node(repository, found?)).collect()
}

fn walk(repository: &Repository, tips: &[Oid], base: Oid) -> Result<Vec<Node>, git2::Error> {
    let known = reach(repository, &[base], &FxHashSet::default())?;
    let own = reach(repository, tips, &known)?;
    own.into_iter().map(|found| node(repository, found)).collect()
}

fn node(repository: &Repository, found: Oid) -> Result<Node, git2::Error> {
    let commit = repository.find_commit(found)?;
    Ok(Node { id: found.to_string(), parents: commit.parent_ids().map(|parent| parent.to_string()).collect() })
}

/// Everything that can be reached, but for what is known.
fn reach(repository: &Repository, tips: &[Oid], known: &FxHashSet<Oid>) -> Result<FxHashSet<Oid>, git2::Error> {
    let mut found = FxHashSet::default();
    let mut waiting = tips.to_vec();
    while let Some(commit) = waiting.pop() {
        if !known.contains(&commit) && found.insert(commit) {
            waiting.extend(repository.find_commit(commit)?.parent_ids());
        }
    }
    Ok(found)
}

/// All merge bases of two commits.
pub(super) fn merge_bases(repository: &Repository, one: &str, other: &str) -> Result<Vec<String>, GitError> {
    let (one, other) = (id(one)?, id(other)?);
    let found = if repository.is_shallow() {
        newest_common(repository, one, other)
    } else {
        repository.merge_bases(one, other).map(|found| found.to_vec())
    };
    match found {
        Ok(found) => Ok(found.iter().map(Oid::to_string).collect()),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Vec::new()),
        Err(error) => Err(unable(&error)),
    }
}

/// What both reach, and nothing else of that reaches.
fn newest_common(repository: &Repository, one: Oid, other: Oid) -> Result<Vec<Oid>, git2::Error> {
    let none = FxHashSet::default();
    let (one, other) = (reach(repository, &[one], &none)?, reach(repository, &[other], &none)?);
    let common: FxHashSet<Oid> = one.intersection(&other).copied().collect();
    let mut newest = common.clone();
    for commit in &common {
        for parent in repository.find_commit(*commit)?.parent_ids() {
            newest.remove(&parent);
        }
    }
    Ok(newest.into_iter().collect())
}
