//! A run that could not check, as a result: code scanning closes every alert of a file without results.

use super::outcome::linkless;
use super::place::{Span, location};
use super::rules::FAILURE;
use super::shape::{Fingerprints, Outcome, Properties, Text};
use crate::report::reasons::{self, readable, sentence};
use crate::report::v1::{Error, Report};
use crate::report::{Context, uri};
use crate::rules::RULES;
use crate::settle;

/// The file that a failure is told of which is about none: code scanning takes no result without one, and no folder.
const SOME_FILE: &str = "paralint.toml";

/// The result of the run's error; nothing where a finding tells it already.
pub(super) fn of(report: &Report, context: &Context) -> Option<Outcome> {
    let error = report.error.as_ref().filter(|_| !reasons::error_told(report))?;
    let message = readable(&error.message).unwrap_or_else(|| "the run failed".to_owned());
    let (uri, span) = place(error, context);
    let own = settle::fingerprint(&format!("{FAILURE}\n{uri}\n{message}"));
    let mut text = format!("paralint could not check: {}", sentence(&message));
    if let Some(hint) = error.hint.as_deref().and_then(readable) {
        text.push_str(&format!("\nHelp: {}", sentence(&hint)));
    }
    Some(Outcome {
        rule_id: FAILURE.to_owned(),
        rule_index: Some(RULES.len()),
        level: "error",
        message: Text { text: linkless(&text) },
        locations: [location(uri, span)],
        related_locations: Vec::new(),
        partial_fingerprints: Fingerprints { primary_location_line_hash: format!("{own}:1"), own },
        properties: Properties::default(),
    })
}

fn place(error: &Error, context: &Context) -> (String, Span) {
    let Some(place) = error.location.as_ref().filter(|place| !place.path.trim().is_empty()) else {
        return (SOME_FILE.to_owned(), Span::default());
    };
    let span = Span { line: place.line, column: place.column, end_line: place.end_line, end_column: place.end_column };
    match uri::of_error(&context.ground, error, place) {
        uri if uri == "." => (SOME_FILE.to_owned(), Span::default()),
        uri => (uri, span),
    }
}
