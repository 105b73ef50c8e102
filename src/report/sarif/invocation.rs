//! How the run itself went: what it could not do, and what it did not look at.

use super::MOST_RESULTS;
use super::place::{Span, location};
use super::shape::{Invocation, Location, Notification, Text};
use crate::report::reasons::{readable, sentence};
use crate::report::v1::{Error, NotChecked, Report};
use crate::report::{Context, uri};

/// The exit code of a run that could not do what it had to.
const FAILED: i32 = 2;

/// The run. `left_out` counts the findings that there was no room for.
pub(super) fn of(report: &Report, context: &Context, left_out: usize) -> Invocation {
    let error = report.error.iter().map(|error| failure(error, context));
    let cut = (left_out > 0).then(|| cut(left_out));
    Invocation {
        execution_successful: report.error.is_none() && report.exit_code != FAILED,
        exit_code: report.exit_code,
        tool_execution_notifications: error.chain(cut).chain(report.not_checked.iter().map(unchecked)).collect(),
    }
}

fn failure(error: &Error, context: &Context) -> Notification {
    let mut text = sentence(&readable(&error.message).unwrap_or_else(|| "the run failed".to_owned()));
    if let Some(hint) = error.hint.as_deref().and_then(readable) {
        text.push_str(&format!("\nHelp: {}", sentence(&hint)));
    }
    Notification { level: "error", message: Text { text }, locations: place(error, context).into_iter().collect() }
}

fn place(error: &Error, context: &Context) -> Option<Location> {
    let place = error.location.as_ref().filter(|place| !place.path.trim().is_empty())?;
    let span = Span { line: place.line, column: place.column, end_line: place.end_line, end_column: place.end_column };
    Some(location(uri::of_error(&context.ground, error, place), span))
}

fn unchecked(unchecked: &NotChecked) -> Notification {
    let what = readable(&unchecked.what).unwrap_or_else(|| "something".to_owned());
    let text = match readable(&unchecked.why) {
        Some(why) => format!("not checked: {what}: {}", sentence(&why)),
        None => format!("not checked: {}", sentence(&what)),
    };
    Notification { level: "note", message: Text { text }, locations: Vec::new() }
}

fn cut(left_out: usize) -> Notification {
    let verb = if left_out == 1 { "finding is" } else { "findings are" };
    let text = format!(
        "{left_out} {verb} left out, the least severe: code scanning takes at most {MOST_RESULTS} results. The JSON report has all."
    );
    Notification { level: "warning", message: Text { text }, locations: Vec::new() }
}
