//! Receipts read back: within bounds, and whatever somebody may have put there.
#![allow(clippy::disallowed_methods)]

use crate::gates::folders::{self, Found};
use crate::model::gate::{Receipt, Receipts};
use crate::model::path::RepoPath;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest receipt.
pub(super) const LONGEST: u64 = 1 << 20;
/// So many receipts are read, and so many bytes.
const MOST: usize = 20_000;
const MOST_BYTES: usize = 64 << 20;
/// So many problems are told one by one.
const MOST_PROBLEMS: usize = 5;

/// What is read.
#[derive(Default)]
pub(super) struct Reading {
    receipts: Receipts,
    bytes: usize,
    untold: usize,
    is_full: bool,
}

impl Reading {
    /// Whether there is a folder; anything else in its place is a problem.
    pub(super) fn is_folder(&mut self, path: &Path) -> bool {
        match folders::look(path) {
            Ok(Found::Folder) => true,
            Ok(Found::Nothing) => false,
            Ok(Found::File | Found::Other) => {
                self.problem(path, "is no folder, and a link is not followed");
                false
            }
            Err(error) => {
                self.problem(path, &format!("cannot be read: {error}"));
                false
            }
        }
    }

    /// The folders in a folder.
    pub(super) fn folders(&mut self, path: &Path) -> Vec<PathBuf> {
        let mut all = self.entries(path);
        all.retain(|entry| self.is_folder(entry));
        all
    }

    fn entries(&mut self, path: &Path) -> Vec<PathBuf> {
        match std::fs::read_dir(path) {
            Ok(entries) => {
                let mut all: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).take(MOST).collect();
                all.sort_unstable();
                all
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                self.problem(path, &format!("cannot be read: {error}"));
                Vec::new()
            }
        }
    }

    /// Reads the receipts of one tree.
    pub(super) fn tree(&mut self, folder: &Path) {
        let key = folder.file_name().unwrap_or_default().to_owned();
        for path in self.entries(folder) {
            // A receipt that is about to be kept.
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            if name.first() == Some(&b'.') && name.ends_with(b".tmp") {
                continue;
            }
            if self.receipts.all.len() >= MOST || self.bytes >= MOST_BYTES {
                self.is_full = true;
                return;
            }
            match file(&path) {
                Ok(bytes) => {
                    self.bytes += bytes.len();
                    match serde_json::from_slice::<Receipt>(&bytes) {
                        Ok(receipt) if key == *receipt.tree.0 => self.receipts.all.push(receipt),
                        Ok(_) => self.problem(&path, "is a receipt for another tree than its folder says"),
                        Err(error) => self.problem(&path, &format!("is no receipt: {error}")),
                    }
                }
                // Another run took it away.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => self.problem(&path, &format!("cannot be read: {error}")),
            }
        }
    }

    fn problem(&mut self, path: &Path, why: &str) {
        if self.receipts.problems.len() < MOST_PROBLEMS {
            let path = RepoPath::new(path.as_os_str().as_encoded_bytes());
            self.receipts.problems.push(format!("{} {why}", path.shown()));
        } else {
            self.untold += 1;
        }
    }

    /// All of it, oldest first.
    pub(super) fn end(mut self) -> Receipts {
        if self.untold > 0 {
            self.receipts.problems.push(format!("and {} more like these", self.untold));
        }
        if self.is_full {
            self.receipts.problems.push("there are more receipts than are read; `paralint gates --clean` takes them away".to_owned());
        }
        self.receipts.all.sort_by_key(|receipt| receipt.at);
        self.receipts
    }
}

/// A small file that no link leads to.
pub(super) fn file(path: &Path) -> io::Result<Vec<u8>> {
    let data = std::fs::symlink_metadata(path)?;
    if !data.is_file() {
        return Err(io::Error::other("it is no file, and a link is not followed"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST { Err(io::Error::other("it is longer than 1 MiB")) } else { Ok(bytes) }
}
