//! Worktrees and what they hold that is not committed.

use super::super::error::GitError;
use super::super::files::{self, Kind};
use super::super::raw::{self, RawChange, Side};
use super::super::source::{Listed, Uncommitted, path_of};
use super::{conflicts, entry, head_of, index_changes, intents, options, plain, unable};
use crate::model::path::RepoPath;
use git2::{Index, ObjectType, Oid, Repository, RepositoryOpenFlags};
use rustc_hash::FxHashSet;
use std::ffi::OsStr;
use std::path::Path;

const SUBMODULE: u32 = 0o160_000;

/// The repository that the worktrees belong to.
pub(super) fn main(common_dir: &Path) -> Result<Repository, git2::Error> {
    Repository::open_ext(common_dir, RepositoryOpenFlags::NO_SEARCH, &[] as &[&OsStr])
}

/// Every worktree: the main one, and the linked ones.
pub(super) fn list(repository: &Repository) -> Result<Vec<Listed>, GitError> {
    let common = plain(repository.commondir());
    let main = main(&common).map_err(|error| unable(&error))?;
    let mut all = Vec::new();
    if let Some(root) = main.workdir() {
        let (head, branch) = head_of(repository, &common);
        all.push(Listed { root: plain(root), main: true, head, branch, merged: Vec::new(), problem: None, own: None });
    }
    let names = repository.worktrees().map_err(|error| unable(&error))?;
    for name in names.iter_bytes() {
        let git_dir = common.join("worktrees").join(path_of(name));
        let Some(dot_git) = files::text(&git_dir.join("gitdir")) else { continue };
        let dot_git = git_dir.join(dot_git.trim_end_matches('\n'));
        let (head, branch) = head_of(repository, &git_dir);
        let root = dot_git.parent().unwrap_or(&dot_git).to_path_buf();
        all.push(Listed { root, main: false, head, branch, merged: Vec::new(), problem: None, own: None });
    }
    Ok(all)
}

/// What a worktree holds that is not committed.
pub(super) fn uncommitted(tree: &Listed) -> Result<Uncommitted, GitError> {
    let failed = |error: git2::Error| unable(&error);
    let folder = tree.own.as_ref().map_or(&tree.root, |own| &own.git_dir);
    let repository = Repository::open_ext(folder, RepositoryOpenFlags::NO_SEARCH, &[] as &[&OsStr]).map_err(failed)?;
    let index = match &tree.own {
        Some(own) => {
            repository.set_workdir(&tree.root, false).map_err(failed)?;
            if own.index.exists() { Index::open(&own.index) } else { Index::new() }
        }
        None => repository.index(),
    };
    let index = index.map_err(failed)?;
    let mut staged = index_changes(&repository, &index, tree.head.as_deref())?;
    for parent in &tree.merged {
        staged = raw::in_all(vec![staged, index_changes(&repository, &index, Some(parent))?]);
    }
    let mut wanted = options();
    wanted.include_untracked(true).recurse_untracked_dirs(true).show_untracked_content(true);
    let diff = repository.diff_index_to_workdir(Some(&index), Some(&mut wanted)).map_err(failed)?;
    let mut special: FxHashSet<RepoPath> = FxHashSet::default();
    let mut unstaged = apart(&tree.root, &index, &mut special)?;
    let absent = absent(&index);
    for (place, delta) in diff.deltas().enumerate() {
        let Some(mut change) = entry(&delta) else { continue };
        // A folder is another repository, whose files are not this one's.
        if special.contains(&change.path)
            || (change.new.is_none() && absent.contains(&change.path))
            || change.path.as_bytes().last() == Some(&b'/')
        {
            continue;
        }
        if let Some(new) = &mut change.new {
            new.id = stored(&tree.root, &change.path, &diff, place);
        }
        unstaged.push(change);
    }
    Ok(Uncommitted { staged, unstaged })
}

/// The files that need not be there: a sparse checkout leaves them out, or git was told not to look.
fn absent(index: &Index) -> FxHashSet<RepoPath> {
    let left_out = git2::IndexEntryExtendedFlag::SKIP_WORKTREE.bits();
    let not_looked_at = git2::IndexEntryFlag::VALID.bits();
    let flagged = index.iter().filter(|entry| entry.flags_extended & left_out != 0 || entry.flags & not_looked_at != 0);
    flagged.map(|entry| RepoPath::new(entry.path)).collect()
}

/// What git and libgit2 see in different ways: conflicts, files to be added some day, submodules.
fn apart(root: &Path, index: &Index, special: &mut FxHashSet<RepoPath>) -> Result<Vec<RawChange>, GitError> {
    let mut changes = Vec::new();
    let work = |path: &RepoPath| files::mode(&root.join(path_of(path.as_bytes()))).map(|mode| Side { mode, id: None });
    for (path, ours) in conflicts(index)? {
        changes.push(RawChange { new: work(&path), old: ours, path });
    }
    for path in intents(index) {
        changes.push(RawChange { new: work(&path), old: None, path });
    }
    special.extend(changes.iter().map(|change| change.path.clone()));
    for entry in index.iter().filter(|entry| entry.mode == SUBMODULE) {
        let folder = root.join(path_of(&entry.path));
        let path = RepoPath::new(entry.path);
        if !folder.is_dir() || !special.insert(path.clone()) {
            continue;
        }
        // Only the commit counts, whatever the configuration says is to be ignored.
        let head = Repository::open_ext(&folder, RepositoryOpenFlags::NO_SEARCH, &[] as &[&OsStr]).ok().and_then(|module| {
            let head = module.head().ok()?.target()?;
            Some(head)
        });
        if head.is_some_and(|head| head != entry.id) {
            let side = |id| Some(Side { mode: SUBMODULE, id });
            changes.push(RawChange { path, old: side(Some(entry.id.to_string())), new: side(None) });
        }
    }
    Ok(changes)
}

/// The blob that a file would become, converted as the attributes and the configuration say: making a patch needs it.
fn stored(root: &Path, path: &RepoPath, diff: &git2::Diff<'_>, place: usize) -> Option<String> {
    if !matches!(files::kind(&root.join(path_of(path.as_bytes()))), Kind::Readable) {
        return None;
    }
    let patch = git2::Patch::from_diff(diff, place).ok()??;
    let id = patch.delta().new_file().id();
    (!id.is_zero()).then(|| id.to_string())
}

/// The blobs that other files would become, as they are: symbolic links, and what is in conflict.
pub(super) fn hash(root: &Path, paths: &[RepoPath]) -> Vec<Option<String>> {
    let id = |path: &RepoPath| {
        let whole = root.join(path_of(path.as_bytes()));
        let id = match files::kind(&whole) {
            Kind::Symlink(target) => Oid::hash_object(ObjectType::Blob, &target),
            Kind::Readable => Oid::hash_file(ObjectType::Blob, &whole),
            Kind::Other => return None,
        };
        id.ok().map(|id| id.to_string())
    };
    paths.iter().map(id).collect()
}
