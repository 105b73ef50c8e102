//! Git directories that a commit can bring along. Nothing named `.git` can be committed: git refuses the name in any case, as
//! `git~1`, and with letters that some file systems ignore. `HEAD`, `objects`, `refs` and `config` in a folder of any other name
//! can, and whoever looks for a repository from there upward would take that folder for one, with the refs of a stranger and the
//! programs that its configuration names.

use super::error::GitError;
use super::files;
use crate::model::path::RepoPath;
use std::path::{Path, PathBuf};

/// Refuses a folder from which git would find a repository that is no `.git` and lies in another one's work tree. `GIT_DIR` is
/// not looked at: what it names is meant, and nothing is searched.
pub(super) fn refuse(folder: &Path) -> Result<(), GitError> {
    planted(folder).map_or(Ok(()), |(found, root)| Err(refused(&found, &root)))
}

/// As `refuse`, but for what a `GIT_DIR` in this process's environment names.
pub(crate) fn refuse_unnamed(folder: &Path) -> Result<(), GitError> {
    let is_named = std::env::var_os("GIT_DIR").is_some_and(|value| !value.is_empty());
    if is_named { Ok(()) } else { refuse(folder) }
}

/// The repository that a folder belongs to, whatever the environment says. `None` where there is none, or one that may have been
/// committed, or that libgit2 cannot read.
pub(crate) fn discover(folder: &Path) -> Option<git2::Repository> {
    refuse(folder).ok()?;
    git2::Repository::discover(folder).ok()
}

fn refused(found: &Path, root: &Path) -> GitError {
    let shown = |path: &Path| RepoPath::new(path.as_os_str().as_encoded_bytes()).shown().into_owned();
    GitError::new(
        format!("{} looks like a git repository, but it lies in the work tree of {}", shown(found), shown(root)),
        "run it from another folder of the work tree; if that repository is meant, name it with GIT_DIR",
    )
}

/// The git directory that would be found and is no `.git`, with the root of the work tree that it lies in. Nothing where a
/// `.git` is found first, or where that repository stands alone.
fn planted(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    for found in folder.ancestors() {
        if leads_to_a_repository(found) {
            return None;
        }
        if has_layout(found) {
            return work_tree_around(found).map(|root| (found.to_path_buf(), root));
        }
    }
    None
}

/// Whether git stops here because of what is called `.git`.
fn leads_to_a_repository(folder: &Path) -> bool {
    let dot = folder.join(".git");
    dot.is_file() || has_layout(&dot)
}

/// Whether a folder has what a git directory has. `HEAD` is not read: libgit2 does not, either.
fn has_layout(folder: &Path) -> bool {
    let has = |name: &str| std::fs::symlink_metadata(folder.join(name)).is_ok();
    // Where objects lie elsewhere, git does not ask for them here.
    let has_objects = || has("objects") || std::env::var_os("GIT_OBJECT_DIRECTORY").is_some();
    has("HEAD") && (has("commondir") || (has("refs") && has_objects()))
}

/// The root of the work tree that a git directory lies in, if it lies in one that is not its own.
fn work_tree_around(git_dir: &Path) -> Option<PathBuf> {
    // Below `.git` lie those of worktrees and submodules; no commit reaches there.
    for folder in git_dir.ancestors() {
        if folder.file_name().is_some_and(|name| name == ".git") {
            return None;
        }
        let root = folder.parent()?;
        if leads_to_a_repository(root) {
            // Some keep the bare repository of their worktrees beside a file `.git` that leads to it.
            let own = files::git_dir(root);
            let is_own = |path: &Path| std::fs::canonicalize(path).is_ok_and(|path| path == git_dir);
            let is_its_own = is_own(&own) || is_own(&files::common_dir(&own));
            return (!is_its_own).then(|| root.to_path_buf());
        }
    }
    None
}
