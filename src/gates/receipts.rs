//! Receipts and durations, under the git directory that all worktrees share.
#![allow(clippy::disallowed_methods)]

mod durations;
mod reading;
#[cfg(test)]
mod tests;

use super::folders::{self, Found};
use crate::model::gate::{Receipt, Receipts, TreeKey};
use crate::model::path::RepoPath;
use reading::Reading;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const RECEIPTS: &str = "receipts";

/// For so many trees receipts are kept.
const MOST_TREES: usize = 500;
/// So many receipts are kept for one tree.
const MOST_OF_A_TREE: usize = 200;
/// How often it is tried again where another run just took the folder away.
const ATTEMPTS: usize = 5;

/// Where receipts are kept.
#[derive(Debug, Clone)]
pub struct Store {
    git_dir: PathBuf,
    folder: PathBuf,
}

impl Store {
    /// In the git directory that all worktrees share.
    pub fn new(common_dir: &Path) -> Store {
        Store { git_dir: common_dir.to_path_buf(), folder: common_dir.join(folders::OURS) }
    }

    /// Everything that is kept, as far as it is within bounds.
    pub fn read(&self) -> Receipts {
        let mut reading = Reading::default();
        if let Some(receipts) = self.receipts(&mut reading) {
            for tree in reading.folders(&receipts) {
                reading.tree(&tree);
            }
        }
        reading.end()
    }

    /// What is kept for one tree.
    pub fn read_tree(&self, key: &TreeKey) -> Receipts {
        let mut reading = Reading::default();
        if is_key(key)
            && let Some(receipts) = self.receipts(&mut reading)
        {
            let tree = receipts.join(&key.0);
            if reading.is_folder(&tree) {
                reading.tree(&tree);
            }
        }
        reading.end()
    }

    /// The folder of the receipts, where there is one.
    fn receipts(&self, reading: &mut Reading) -> Option<PathBuf> {
        let receipts = self.folder.join(RECEIPTS);
        (reading.is_folder(&self.folder) && reading.is_folder(&receipts)).then_some(receipts)
    }

    /// Keeps a receipt: written beside and renamed, in a file of its own, so that any number of runs can write at once.
    ///
    /// # Errors
    ///
    /// Why it is not kept, in one fragment with the path.
    pub fn write(&self, receipt: &Receipt) -> Result<(), String> {
        if !is_key(&receipt.tree) {
            return Err(format!("{} is no key of a tree", RepoPath::from(receipt.tree.0.as_str()).shown()));
        }
        let text = serde_json::to_vec(receipt).map_err(|error| error.to_string())?;
        if text.len() as u64 > reading::LONGEST {
            return Err(format!("a receipt of {} bytes is longer than can be read again", text.len()));
        }
        let receipts = self.folder.join(RECEIPTS);
        let tree = receipts.join(&receipt.tree.0);
        let keep = || {
            let tree = folders::make(&self.git_dir, &[folders::OURS, RECEIPTS, &receipt.tree.0])?;
            folders::write(&tree, &format!("{}.json", folders::own_name()), &text)
        };
        let mut kept = keep();
        for _ in 0..ATTEMPTS {
            match &kept {
                Err(error) if error.kind() == ErrorKind::NotFound && self.git_dir.is_dir() => kept = keep(),
                _ => break,
            }
        }
        kept.map_err(|error| folders::why(&tree, &error))?;
        prune(&tree, MOST_OF_A_TREE);
        prune(&receipts, MOST_TREES);
        Ok(())
    }

    /// How long gates took when they last passed. Nothing where that is not known or cannot be read.
    pub fn durations(&self) -> BTreeMap<String, Duration> {
        durations::read(&self.folder)
    }

    /// Keeps how long gates took, beside what is kept of others. Where another run does so at this moment nothing is kept: it
    /// only is a guess for the next schedule.
    ///
    /// # Errors
    ///
    /// Why it is not kept.
    pub fn keep_durations(&self, took: &BTreeMap<String, Duration>) -> Result<(), String> {
        if took.is_empty() {
            return Ok(());
        }
        folders::make(&self.git_dir, &[folders::OURS])
            .and_then(|folder| durations::keep(&folder, took))
            .map_err(|error| folders::why(&self.folder.join(durations::FILE), &error))
    }

    /// Takes away everything that is kept. Returns the folder, as shown, where there was one.
    ///
    /// # Errors
    ///
    /// What could not be taken away, and why.
    pub fn clean(&self) -> Result<Option<String>, String> {
        match folders::look(&self.folder).map_err(|error| folders::why(&self.folder, &error))? {
            Found::Nothing => return Ok(None),
            Found::Folder => {}
            Found::File | Found::Other => return Err(format!("{} is no folder, and a link is not followed", self.folder.display())),
        }
        let mut found = false;
        for name in [RECEIPTS, durations::FILE, durations::LOCK] {
            let path = self.folder.join(name);
            found |= folders::look(&path).is_ok_and(|found| found != Found::Nothing);
            folders::remove(&path).map_err(|error| folders::why(&path, &error))?;
        }
        // In the main worktree the checkout lies beside.
        let _ = std::fs::remove_dir(&self.folder);
        Ok(found.then(|| self.folder.join(RECEIPTS).display().to_string()))
    }
}

/// Whether a key can be the name of a folder.
fn is_key(key: &TreeKey) -> bool {
    (1..=128).contains(&key.0.len()) && key.0.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Takes the oldest entries of a folder away where there are more than `most`. Another run may do so, too.
fn prune(folder: &Path, most: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut all: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    if all.len() <= most {
        return;
    }
    let time = |path: &PathBuf| std::fs::symlink_metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    all.sort_by_cached_key(|path| (time(path), path.clone()));
    for path in &all[..all.len() - most] {
        let _ = folders::remove(path);
    }
}
