//! The lock of the checkout: it ends with the process that holds it, however that ends.
#![allow(clippy::disallowed_methods)]

use crate::gates::folders;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

const WAITING: &str = "another run of gates holds the checkout of what is staged; waiting for it to end";

/// A process that is just being started holds what this one had open, for the blink of an eye.
const BLINK: Duration = Duration::from_millis(5);
const BLINKS: u32 = 20;

/// Takes the lock, and waits for it where another run holds it; `waits` is told once. `None` where a process holds it that
/// this one descends from: it would wait for itself.
pub(super) fn take(path: &Path, waits: &mut dyn FnMut(&str)) -> io::Result<Option<File>> {
    let mut told = false;
    loop {
        let mut file = folders::open_lock(path)?;
        match attempt(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                if holder(&mut file).is_some_and(is_ancestor) {
                    return Ok(None);
                }
                if !told {
                    waits(WAITING);
                    told = true;
                }
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if is_still(&file, path) {
            note_holder(&mut file);
            return Ok(Some(file));
        }
    }
}

/// Notes who holds the lock. Where that cannot be written, a run within this one waits for it.
fn note_holder(file: &mut File) {
    let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
}

/// The process that holds the lock, as it noted.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// So many generations are looked at.
const GENERATIONS: usize = 100;

/// Whether this process descends from another, as Linux tells it; other systems do not without further tools.
fn is_ancestor(process: u32) -> bool {
    let parent = |child: u32| -> Option<u32> {
        let stat = std::fs::read(format!("/proc/{child}/stat")).ok()?;
        // The name before it may hold anything: `42 (a) b) S 1 …`.
        String::from_utf8_lossy(&stat).rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
    };
    std::iter::successors(parent(std::process::id()), |child| parent(*child)).take(GENERATIONS).any(|one| one == process)
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
