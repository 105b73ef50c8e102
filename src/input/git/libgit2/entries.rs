//! Entries of the index and of trees, and the history of one file.

use super::super::entries::is_file;
use super::super::error::GitError;
use super::super::source::{FAR, Version};
use super::super::{files, raw};
use super::{is_intent_to_add, plain, unable};
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;
use git2::{ErrorCode, Index, ObjectType, Oid, Repository, Tree};
use std::path::Path;

/// Where the stage of an entry is kept among its flags.
const STAGE: u16 = 0x3000;

/// The entries of an index, but for conflicts and what is only to be added some day.
pub(super) fn of_index(index: &Index) -> Vec<TreeEntry> {
    let settled = index.iter().filter(|entry| entry.flags & STAGE == 0 && !is_intent_to_add(entry));
    settled.map(|entry| TreeEntry { id: entry.id.to_string(), mode: raw::canonical(entry.mode), path: RepoPath::new(entry.path) }).collect()
}

/// The entries of a tree and of those below it, in any order.
pub(super) fn of_tree(repository: &Repository, tree: Tree<'_>) -> Result<Vec<TreeEntry>, GitError> {
    let mut entries = Vec::new();
    let mut waiting = vec![(Vec::new(), tree)];
    while let Some((prefix, tree)) = waiting.pop() {
        for entry in &tree {
            let path = [&prefix, entry.name_bytes()].concat();
            if entry.kind() == Some(ObjectType::Tree) {
                let below = repository.find_tree(entry.id()).map_err(|error| unable(&error))?;
                waiting.push(([path.as_slice(), b"/"].concat(), below));
            } else {
                let mode = raw::canonical(u32::try_from(entry.filemode_raw()).unwrap_or_default());
                entries.push(TreeEntry { path: RepoPath::new(path), mode, id: entry.id().to_string() });
            }
        }
    }
    Ok(entries)
}

/// The commits that changed a file, along first parents.
pub(super) fn versions(repository: &Repository, newest: Oid, path: &str, limit: usize) -> Result<Vec<Version>, GitError> {
    let cut_off = if repository.is_shallow() { files::cut_off(&plain(repository.commondir())) } else { Default::default() };
    let look = || -> Result<Vec<Version>, git2::Error> {
        let mut found = Vec::new();
        let mut commit = repository.find_commit(newest)?;
        let mut now = at(&commit, path)?;
        for _ in 0..FAR {
            let is_last = commit.parent_count() == 0 || cut_off.contains(&commit.id().to_string());
            let parent = if is_last { None } else { Some(commit.parent(0)?) };
            let before = parent.as_ref().map(|parent| at(parent, path)).transpose()?.flatten();
            if now != before {
                let blob = now.filter(|(mode, _)| is_file(*mode)).map(|(_, id)| id.to_string());
                found.push(Version { commit: commit.id().to_string(), blob });
            }
            match parent {
                Some(parent) if found.len() < limit => (commit, now) = (parent, before),
                _ => break,
            }
        }
        Ok(found)
    };
    if limit == 0 { Ok(Vec::new()) } else { look().map_err(|error| unable(&error)) }
}

/// What is at a path after a commit.
fn at(commit: &git2::Commit<'_>, path: &str) -> Result<Option<(u32, Oid)>, git2::Error> {
    match commit.tree()?.get_path(Path::new(path)) {
        Ok(entry) => Ok(Some((raw::canonical(u32::try_from(entry.filemode_raw()).unwrap_or_default()), entry.id()))),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
