//! The lock of the checkout: it ends with the process that holds it, however that ends.
#![allow(clippy::disallowed_methods)]

use crate::gates::folders;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

const WAITING: &str = "another run of gates holds the checkout of what is staged; waiting for it to end";

/// Takes the lock, and waits for it where another run holds it; `waits` is told once.
pub(super) fn take(path: &Path, waits: &mut dyn FnMut(&str)) -> io::Result<File> {
    let mut told = false;
    loop {
        let file = folders::open_lock(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                if !told {
                    waits(WAITING);
                    told = true;
                }
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if is_still(&file, path) {
            return Ok(file);
        }
    }
}

/// Takes the lock; `None` where another run holds it.
pub(super) fn try_take(path: &Path) -> io::Result<Option<File>> {
    loop {
        let file = folders::open_lock(path)?;
        match file.try_lock() {
            Ok(()) if is_still(&file, path) => return Ok(Some(file)),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Whether a file is still the one at its path: `clean` may have taken it away while it was waited for.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::symlink_metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// A file that is open cannot be taken away there.
#[cfg(not(unix))]
fn is_still(_file: &File, _path: &Path) -> bool {
    true
}
