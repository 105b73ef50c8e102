//! The lock of the checkout: it ends with the process that holds it, however that ends.
#![allow(clippy::disallowed_methods)]

use crate::gates::folders;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

const WAITING: &str = "another run of gates holds the checkout of what is staged; waiting for it to end";

/// A process that is just being started holds what this one had open, for the blink of an eye.
const BLINK: Duration = Duration::from_millis(5);
const BLINKS: u32 = 20;

/// Takes the lock, and waits for it where another run holds it; `waits` is told once.
pub(super) fn take(path: &Path, waits: &mut dyn FnMut(&str)) -> io::Result<File> {
    let mut told = false;
    loop {
        let file = folders::open_lock(path)?;
        match attempt(&file) {
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
        match attempt(&file) {
            Ok(()) if is_still(&file, path) => return Ok(Some(file)),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

fn attempt(file: &File) -> Result<(), TryLockError> {
    for _ in 0..BLINKS {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(BLINK),
            other => return other,
        }
    }
    file.try_lock()
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
