//! `PARALINT_SKIP`: rules that one run leaves out, in the open.
#![allow(clippy::disallowed_methods)]

use super::setup::{Failure, failure};
use crate::config::{Config, skipped};
use crate::report::v1;

/// A list of rules, with or without their families, between commas.
const VARIABLE: &str = "PARALINT_SKIP";

/// Leaves out of this run what the environment names.
pub(super) fn apply(config: &mut Config) -> Result<(), Failure> {
    // What is no UTF-8 is no rule's name, and is said to be none.
    let list = std::env::var_os(VARIABLE).unwrap_or_default();
    config.skipped = skipped::parse(&list.to_string_lossy())
        .map_err(|(message, hint)| failure("usage", format!("{VARIABLE}: {message}"), Some(hint), None))?;
    Ok(())
}

/// What a report says of each rule that was left out.
pub(super) fn not_checked(config: &Config) -> impl Iterator<Item = v1::NotChecked> {
    config.skipped.iter().map(|rule| v1::NotChecked { what: (*rule).to_owned(), why: format!("skipped by {VARIABLE}") })
}

/// A list of findings that is to be complete must not be written without the rules that were left out: entries of theirs
/// that were there before would be lost.
pub(super) fn refuse_to_write_baseline(config: &Config) -> Result<(), Failure> {
    if config.skipped.is_empty() {
        return Ok(());
    }
    let message = format!("--write-baseline would lose the findings of what {VARIABLE} skips: {}", config.skipped.join(", "));
    Err(failure("usage", message, Some(format!("write the baseline without {VARIABLE}")), None))
}
