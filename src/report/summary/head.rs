//! The verdict, and what it is about.

use super::markdown::{CELL, Scribe};
use super::section::Section;
use crate::report::human::count;
use crate::report::v1::{Owned, Ownership, Report};

/// The first lines: what was found, in a sign and in words.
pub(super) fn verdict(scribe: Scribe<'_>) -> String {
    let report = scribe.report;
    let found = report.summary;
    let numbers = [(found.error, "error", "errors"), (found.warning, "warning", "warnings"), (found.note, "note", "notes")];
    let counts: Vec<String> =
        numbers.into_iter().filter(|(number, _, _)| *number > 0).map(|(number, one, many)| count(number, one, many)).collect();
    let mut parts = Vec::new();
    if report.error.is_some() {
        parts.push("could not check".to_owned());
    } else if report.gates_summary.as_ref().is_some_and(|summary| summary.signal.is_some()) {
        parts.push("interrupted".to_owned());
    }
    if !counts.is_empty() {
        parts.push(counts.join(", "));
    } else if parts.is_empty() {
        parts.push(asked(report).unwrap_or_else(|| "nothing found".to_owned()));
    }
    let aside = [(found.suppressed, "suppressed"), (found.waived, "waived")];
    let aside: Vec<String> = aside.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    let aside = if aside.is_empty() { String::new() } else { format!(" (set aside: {})", aside.join(", ")) };
    let sign = match (report.exit_code != 0 || found.error > 0 || report.error.is_some(), counts.is_empty()) {
        (true, _) => scribe.sign("✗", "x"),
        (false, false) => "!",
        (false, true) => scribe.sign("✓", "v"),
    };
    let command = scribe.text(&report.command, 40);
    let error = report.error.as_ref().map(|error| failure(scribe, error)).unwrap_or_default();
    format!("### {sign} paralint {command}: {}{aside}\n{error}", parts.join(", "))
}

/// What was asked for, where the answer is not a finding: whose paths are, what two sides both changed.
fn asked(report: &Report) -> Option<String> {
    let count = |number: usize, one, many| count(number as u64, one, many);
    if let Some(owners) = &report.owners {
        let has_nobody = |owned: &Owned| owned.policy == Ownership::Unowned;
        return Some(match owners.len() {
            0 => "every tracked file has an owner".to_owned(),
            number if owners.iter().all(has_nobody) => format!("{} without an owner", count(number, "path", "paths")),
            number => format!("owners of {}", count(number, "path", "paths")),
        });
    }
    let overlaps = report.overlaps.as_deref().filter(|overlaps| !overlaps.is_empty())?;
    Some(format!("{} without a finding", count(overlaps.len(), "overlap", "overlaps")))
}

fn failure(scribe: Scribe<'_>, error: &crate::report::v1::Error) -> String {
    let place = error.location.as_ref().map(|location| super::findings::place(scribe, location, error.kind == "input"));
    let place = place.filter(|place| !place.is_empty()).map(|place| format!(" ({place})")).unwrap_or_default();
    let hint = error.hint.as_deref().map(|hint| scribe.text(hint, CELL)).filter(|hint| !hint.is_empty());
    let hint = hint.map(|hint| format!("\nHelp: {hint}\n")).unwrap_or_default();
    format!("\nCould not check: {}{place}\n{hint}", scribe.text(&error.message, CELL))
}

/// What was checked, and what was not.
pub(super) fn sections(scribe: Scribe<'_>) -> Vec<Section> {
    let report = scribe.report;
    let with = |what: &str, why: &str| match why.trim() {
        "" => format!("- {}\n", scribe.text(what, CELL)),
        why => format!("- {} ({})\n", scribe.text(what, CELL), scribe.text(why, CELL)),
    };
    let section = |name: &str, rows: Vec<String>| Section {
        head: format!("\n{name}:\n\n"),
        rows,
        foot: String::new(),
        called: ("of them", "of them"),
    };
    let mut sections = Vec::new();
    if !report.checked.is_empty() {
        sections.push(section("Checked", report.checked.iter().map(|checked| with(&checked.what, &checked.detail)).collect()));
    }
    if !report.not_checked.is_empty() {
        sections.push(section("**Not checked**", report.not_checked.iter().map(|entry| with(&entry.what, &entry.why)).collect()));
    }
    sections
}
