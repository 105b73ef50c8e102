//! What findings about policy and state files have in common: places, excerpts, lists of names.

use crate::model::finding::{Finding, Location};
use crate::model::mark::{Excerpt, Mark};
use serde_json::Value;

/// As many names as a message lists.
const NAMED: usize = 5;
/// As many paths as a finding lists; their number stands in the evidence.
pub(super) const LISTED: usize = 100;

/// The place of a value in a policy or state file.
pub(super) fn place(mark: &Mark) -> Location {
    Location { path: mark.path.to_string(), line: (mark.line > 0).then_some(mark.line) }
}

/// Shows a line of a policy or state file with a finding; a value that was never read from a line has none.
pub(super) fn show(finding: &mut Finding, mark: &Mark, label: impl Into<String>) {
    if mark.line > 0 {
        finding.excerpts.push(Excerpt { mark: mark.clone(), label: label.into() });
    }
}

/// Adds a number or a name that proves the finding.
pub(super) fn prove(finding: &mut Finding, key: &str, value: impl Into<Value>) {
    finding.evidence.insert(key.to_owned(), value.into());
}

/// `a`, `a and b`, `a, b, c and 4 more`.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(shown.len());
    match (shown.split_last(), more) {
        (None, _) => String::new(),
        (Some((last, [])), 0) => (*last).to_owned(),
        (Some((last, before)), 0) => format!("{} and {last}", before.join(", ")),
        (Some(_), more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// "1 file", "2 files".
pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// "is", or "are" where there are several.
pub(super) fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}
