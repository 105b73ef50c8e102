//! Taking away what runs of gates left, in all worktrees of a repository.
#![allow(clippy::disallowed_methods)]

use super::checkout::Checkout;
use super::folders::{self, Found};
use super::outputs;
use super::receipts::Store;
use std::path::{Path, PathBuf};

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// What was removed, each with where it was.
    pub removed: Vec<String>,
    /// What could not be removed, and why, each with its path: a run that uses it, mostly.
    pub left: Vec<String>,
}

/// Takes away the checkouts and outputs of every worktree, and the receipts and times that they share. `common_dir` is the git
/// directory of the main worktree.
pub fn clean(common_dir: &Path) -> Cleaned {
    let mut cleaned = Cleaned::default();
    for git_dir in git_dirs(common_dir) {
        cleaned.note("the checkout of what is staged", Checkout::clean(&git_dir).map(shown));
        cleaned.note("outputs of gates", outputs::clean(&git_dir).map(shown));
    }
    cleaned.note("receipts and times", Store::new(common_dir).clean());
    // A link in the place of our folder is in the way of all of them.
    cleaned.left.dedup();
    cleaned
}

impl Cleaned {
    fn note(&mut self, what: &str, done: Result<Option<String>, String>) {
        match done {
            Ok(folder) => self.removed.extend(folder.map(|folder| format!("{what} ({folder})"))),
            Err(why) => self.left.push(why),
        }
    }
}

fn shown(folder: Option<PathBuf>) -> Option<String> {
    folder.map(|folder| folder.display().to_string())
}

/// The git directories of all worktrees, those too whose folder is gone.
fn git_dirs(common_dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(common_dir.join("worktrees")).into_iter().flatten().flatten();
    let linked = entries.map(|entry| entry.path()).filter(|path| matches!(folders::look(path), Ok(Found::Folder)));
    let mut all: Vec<PathBuf> = std::iter::once(common_dir.to_path_buf()).chain(linked).collect();
    all.sort_unstable();
    all
}
