//! The range that was asked for, or the one that this run is about.

use super::super::setup::{Failure, failure};
use super::git_failure;
use crate::config::Generated;
use crate::input::event;
use crate::input::git::{Range, Repository};
use crate::report::v1;

/// The word for the range that this run is about.
const AUTO: &str = "auto";

/// A range that was read.
pub(super) struct Read {
    pub(super) range: Range,
    /// The branch that it belongs to, where what it was chosen from says so.
    pub(super) branch: Option<String>,
    /// Which range was chosen, and from what.
    pub(super) chosen: Option<v1::Checked>,
}

/// Reads a range without what is known already. Of one that was chosen it says which it is, and from what.
pub(super) fn read(asked: &str, known: &[String], repository: &Repository, generated: &Generated) -> Result<Read, Failure> {
    if asked != AUTO {
        return Ok(Read { range: repository.range_beside(asked, known, generated).map_err(git_failure)?, branch: None, chosen: None });
    }
    let occasion = event::occasion().map_err(|unknown| failure("input", unknown.message, Some(unknown.hint), None))?;
    let chosen = event::choose(&occasion, repository).map_err(git_failure)?;
    let mut range = repository.range(&format!("{}..{}", chosen.base, chosen.head), generated).map_err(git_failure)?;
    range.whole.name.clone_from(&chosen.name);
    let detail = format!("{}, from {}", chosen.name, chosen.from);
    let branch = occasion.branch().map(str::to_owned);
    Ok(Read { range, branch, chosen: Some(v1::Checked { what: "range".to_owned(), detail }) })
}
