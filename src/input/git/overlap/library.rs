//! Trial merges by libgit2, where there is no git to ask. What they make is kept in memory.

use super::Merger;
use super::merging::{Conflict, Merged};
use crate::input::git::Repository;
use crate::input::git::error::GitError;
use crate::input::git::libgit2::{Libgit2, unable};
use crate::input::git::source::{Source, path_of};
use crate::model::change::{ChangeKind, ChangeSet};
use crate::model::path::RepoPath;
use git2::{Commit, Index, MergeOptions, Oid, Signature, Time};
use std::path::Path;

/// Above every other store, so that all that is written goes there.
const FIRST: i32 = 1000;

/// The mode of a commit of another repository.
const SUBMODULE: u32 = 0o160_000;

/// libgit2.
pub(super) struct Library {
    reader: Libgit2,
}

impl Library {
    /// Opens the repository anew, with a store in memory on top of its own.
    pub(super) fn new(repository: &Repository) -> Result<Library, GitError> {
        let facts = &repository.facts;
        let (reader, _) = Libgit2::open(facts.root.as_deref().unwrap_or(&facts.git_dir))?;
        let store = reader.repository().odb().map_err(|error| unable(&error))?;
        store.add_new_mempack_backend(FIRST).map_err(|error| unable(&error))?;
        drop(store);
        Ok(Library { reader })
    }

    fn find(&self, id: &str) -> Result<Commit<'_>, git2::Error> {
        self.reader.repository().find_commit(Oid::from_str(id)?)
    }

    /// Reads the index of the worktree, brings it up to date in memory, and commits it.
    fn snapshot(&self, root: &Path, head: &str, set: &ChangeSet, number: usize) -> Result<String, git2::Error> {
        let repository = self.reader.repository();
        let work = git2::Repository::open(root)?;
        work.set_odb(&repository.odb()?)?;
        let mut index = work.index()?;
        for change in &set.files {
            if let Some(old) = &change.old_path {
                index.remove_path(&path_of(old.as_bytes()))?;
            }
            let path = path_of(change.path.as_bytes());
            // What goes away meanwhile is gone.
            if change.kind == ChangeKind::Deleted || std::fs::symlink_metadata(root.join(&path)).is_err() {
                index.remove_path(&path)?;
            } else {
                index.add_path(&path)?;
            }
        }
        let tree = index.write_tree_to(repository)?;
        let head = self.find(head)?;
        if head.tree_id() == tree {
            return Ok(head.id().to_string());
        }
        self.keep(tree, &format!("what worktree {number} holds"), &[&head])
    }

    fn keep(&self, tree: Oid, message: &str, parents: &[&Commit<'_>]) -> Result<String, git2::Error> {
        let repository = self.reader.repository();
        let nobody = Signature::new("paralint", "paralint@localhost", &Time::new(946_684_800, 0))?;
        Ok(repository.commit(None, &nobody, &nobody, message, &repository.find_tree(tree)?, parents)?.to_string())
    }

    fn merge_bases(&self, bases: &[String]) -> Result<String, git2::Error> {
        let repository = self.reader.repository();
        let mut merged = bases.first().cloned().unwrap_or_default();
        for base in bases.iter().skip(1) {
            let (one, other) = (self.find(&merged)?, self.find(base)?);
            let mut index = repository.merge_commits(&one, &other, Some(&options()))?;
            settle(&mut index)?;
            let tree = index.write_tree_to(repository)?;
            merged = self.keep(tree, "merge base", &[&one, &other])?;
        }
        Ok(merged)
    }

    fn merge_one(&self, one: &str, other: &str) -> Result<Merged, git2::Error> {
        let index = self.reader.repository().merge_commits(&self.find(one)?, &self.find(other)?, Some(&options()))?;
        let mut merged = Merged::default();
        if !index.has_conflicts() {
            return Ok(merged);
        }
        for conflict in index.conflicts()? {
            let conflict = conflict?;
            if self.goes_on(&conflict) {
                continue;
            }
            let base = conflict.ancestor.as_ref().map(|entry| entry.id.to_string());
            let entries = [&conflict.our, &conflict.their, &conflict.ancestor];
            let mut paths: Vec<RepoPath> = entries.into_iter().flatten().map(|entry| RepoPath::new(entry.path.clone())).collect();
            paths.dedup();
            merged.conflicts.extend(paths.iter().map(|path| Conflict { path: path.clone(), base: base.clone() }));
            merged.told.push(paths);
        }
        Ok(merged)
    }

    /// A commit holds something at a path.
    pub(super) fn has(&self, commit: &str, path: &RepoPath) -> bool {
        self.find(commit).and_then(|commit| commit.tree()).is_ok_and(|tree| tree.get_path(&path_of(path.as_bytes())).is_ok())
    }

    /// Both sides moved a submodule on, and one of them came past the other: git takes the newer commit where it has them.
    fn goes_on(&self, conflict: &git2::IndexConflict) -> bool {
        let (Some(base), Some(one), Some(other)) = (&conflict.ancestor, &conflict.our, &conflict.their) else { return false };
        if [base, one, other].iter().any(|entry| entry.mode != SUBMODULE || entry.path != base.path) {
            return false;
        }
        let Some(root) = self.reader.repository().workdir() else { return false };
        let mut folder = root.to_path_buf();
        for part in &path_of(&base.path) {
            folder.push(part);
            // A link leads out of the repository.
            if !std::fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
                return false;
            }
        }
        let Ok(inner) = git2::Repository::open(&folder) else { return false };
        let follows = |later: Oid, earlier: Oid| later == earlier || inner.graph_descendant_of(later, earlier).unwrap_or(false);
        follows(one.id, base.id) && follows(other.id, base.id) && (follows(one.id, other.id) || follows(other.id, one.id))
    }
}

fn options() -> MergeOptions {
    let mut options = MergeOptions::new();
    options.find_renames(true);
    options
}

/// Of a conflict in a merge base one side stands for both.
fn settle(index: &mut Index) -> Result<(), git2::Error> {
    let conflicts: Vec<git2::IndexConflict> =
        if index.has_conflicts() { index.conflicts()?.collect::<Result<_, _>>()? } else { Vec::new() };
    for conflict in conflicts {
        for entry in [&conflict.ancestor, &conflict.our, &conflict.their].into_iter().flatten() {
            index.conflict_remove(&path_of(&entry.path))?;
        }
        if let Some(mut entry) = conflict.our.or(conflict.their) {
            // Bits 12 and 13 of the flags are the stage.
            entry.flags &= !0x3000;
            index.add(&entry)?;
        }
    }
    Ok(())
}

impl Merger for Library {
    fn library(&self) -> Option<&Library> {
        Some(self)
    }

    fn source(&self) -> &dyn Source {
        &self.reader
    }

    fn commit(&self, root: &Path, head: &str, set: &ChangeSet, number: usize) -> Result<String, GitError> {
        self.snapshot(root, head, set, number).map_err(|error| unable(&error))
    }

    fn merged_base(&self, bases: &[String]) -> Result<String, GitError> {
        self.merge_bases(bases).map_err(|error| unable(&error))
    }

    fn merge(&self, pairs: &[(&str, &str)]) -> Result<Vec<Merged>, GitError> {
        pairs.iter().map(|(one, other)| self.merge_one(one, other).map_err(|error| unable(&error))).collect()
    }
}
