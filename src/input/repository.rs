//! The repository that a folder belongs to.

use super::git::{GitError, discover, refuse_unnamed};
use std::path::{Path, PathBuf};

/// The folders in which work on this repository happens: its work tree, the main one, and every linked worktree.
/// Outside of a repository it is the folder itself.
///
/// # Errors
///
/// The repository that would be found may have been committed to another one.
pub fn work_folders(folder: &Path) -> Result<Vec<PathBuf>, GitError> {
    refuse_unnamed(folder)?;
    let Some(repository) = discover(folder) else { return Ok(vec![folder.to_path_buf()]) };
    let mut folders: Vec<PathBuf> = Vec::new();
    folders.extend(repository.workdir().map(plain));
    // In a linked worktree the common directory is the `.git` of the main work tree.
    if repository.is_worktree() {
        folders.extend(git2::Repository::open(repository.commondir()).ok().and_then(|main| main.workdir().map(plain)));
    }
    if let Ok(names) = repository.worktrees() {
        for name in names.iter().flatten().flatten() {
            folders.extend(repository.find_worktree(name).ok().map(|tree| plain(tree.path())));
        }
    }
    if folders.is_empty() {
        folders.push(folder.to_path_buf());
    }
    folders.dedup();
    Ok(folders)
}

/// The root of the work tree that a folder belongs to.
pub fn root(folder: &Path) -> Option<PathBuf> {
    discover(folder)?.workdir().map(plain)
}

/// Without the trailing separator that libgit2 adds.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}
