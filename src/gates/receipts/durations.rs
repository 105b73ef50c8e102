//! How long gates took when they last passed: one small file.
#![allow(clippy::disallowed_methods)]

use super::reading;
use crate::gates::folders;
use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::time::Duration;

pub(super) const FILE: &str = "durations.json";
pub(super) const LOCK: &str = "durations.lock";

/// So many gates are remembered.
const MOST: usize = 2_000;

/// What is kept.
pub(super) fn read(folder: &Path) -> BTreeMap<String, Duration> {
    let is_ours = folders::look(folder).is_ok_and(|found| found == folders::Found::Folder);
    let bytes = if is_ours { reading::file(&folder.join(FILE)).unwrap_or_default() } else { Vec::new() };
    let seconds: BTreeMap<String, f64> = serde_json::from_slice(&bytes).unwrap_or_default();
    let known = seconds.into_iter().filter_map(|(name, seconds)| Some((name, Duration::try_from_secs_f64(seconds).ok()?)));
    known.collect()
}

/// Adds to what is kept, unless another run is about to.
pub(super) fn keep(folder: &Path, took: &BTreeMap<String, Duration>) -> io::Result<()> {
    let Some(_lock) = lock(&folder.join(LOCK))? else { return Ok(()) };
    let mut all = read(folder);
    if all.len() + took.len() > MOST {
        all.clear();
    }
    all.extend(took.iter().map(|(name, took)| (name.clone(), *took)));
    let seconds: BTreeMap<&String, f64> = all.iter().map(|(name, took)| (name, took.as_secs_f64())).collect();
    folders::write(folder, FILE, &serde_json::to_vec(&seconds)?)
}

/// The lock; `None` where another run holds it.
fn lock(path: &Path) -> io::Result<Option<std::fs::File>> {
    let file = folders::open_lock(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
