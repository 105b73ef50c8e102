//! GitHub Copilot CLI.

use super::find::{Candidate, Found, LogFiles};
use super::glance::Glance;
use super::{Format, LogError};
use crate::model::session::Session;
use std::path::PathBuf;

/// The format's entry in the registry.
pub(super) const FORMAT: Format =
    Format { name: "copilot", title: "GitHub Copilot CLI events", extensions: &["jsonl"], recognises, group, read, roots, own };

fn recognises(_seen: &Glance<'_>) -> bool {
    false
}

fn group(candidates: Vec<Candidate>, found: &mut Found) {
    found.logs.extend(candidates.into_iter().map(|one| LogFiles::new(one, Vec::new(), &FORMAT)));
}

fn read(files: &LogFiles) -> Result<Session, LogError> {
    Err(LogError::NoRecord { path: super::shown(&files.main), bad_lines: 0 })
}

fn roots() -> Vec<PathBuf> {
    Vec::new()
}

fn own(_folders: &[PathBuf], _roots: &[PathBuf], _found: &mut Found) {}
