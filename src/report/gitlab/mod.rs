//! The report as GitLab code quality: a list of issues in the form of Code Climate.

#[cfg(test)]
mod tests;

use super::ground::Place;
use super::reasons::{self, readable, sentence};
use super::{Context, Format, fingerprints, json, v1};
use crate::model::finding::Severity;
use crate::settle;
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "gitlab", summary: "GitLab code quality", write };

/// The exit code of a run that could not do what it had to.
const FAILED: i32 = 2;

#[derive(Debug, Serialize)]
struct Issue {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Content {
    body: String,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: u64,
}

fn write(report: &v1::Report, context: &Context, out: &mut dyn Write) -> Result<()> {
    json::write_value(&issues(report, context), out)
}

fn issues(report: &v1::Report, context: &Context) -> Vec<Issue> {
    let mut issues: Vec<Issue> = failure(report, context).into_iter().collect();
    let mut taken: FxHashSet<String> = issues.iter().map(|issue| issue.fingerprint.clone()).collect();
    // Findings that are the first with their fingerprint keep it, whatever others are given.
    let numbered = fingerprints::numbered(&report.findings);
    taken.extend(numbered.iter().map(|one| one.fingerprint.clone()));
    for (finding, numbered) in report.findings.iter().zip(numbered) {
        let mut fingerprint = numbered.fingerprint;
        if numbered.number > 1 {
            fingerprint = settle::fingerprint(&format!("{fingerprint}\n{}", numbered.number));
            while !taken.insert(fingerprint.clone()) {
                fingerprint = settle::fingerprint(&fingerprint);
            }
        }
        issues.push(issue(report, context, finding, fingerprint));
    }
    issues
}

fn issue(report: &v1::Report, context: &Context, finding: &v1::Finding, fingerprint: String) -> Issue {
    let mut reasons: Vec<String> = reasons::of(report, finding).iter().map(|(name, said)| format!("{name}: {}", sentence(said))).collect();
    let printed = reasons::printed(report, finding, true);
    if !printed.is_empty() {
        reasons.push(format!("Output:\n{}", printed.join("\n")));
    }
    Issue {
        kind: "issue",
        check_name: readable(&finding.rule).unwrap_or_else(|| "unknown-rule".to_owned()),
        description: reasons::message(finding),
        content: (!reasons.is_empty()).then(|| Content { body: reasons.join("\n") }),
        categories: ["Bug Risk"],
        severity: severity(finding.severity),
        fingerprint,
        location: location(context.ground.place(report, finding, &finding.location.path), finding.location.line),
    }
}

/// GitLab's words. What is proven wrong is critical and what is probably wrong major; `blocker` is left for a run that could
/// not check, which is worse than any finding, and a note is worth knowing and nothing more.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}

fn location(place: Place, line: Option<u64>) -> Location {
    let path = match place {
        Place::Inside(path) | Place::Outside(path) => path,
    };
    let path = if path.trim().is_empty() { ".".to_owned() } else { path };
    Location { path, lines: Lines { begin: line.unwrap_or(1).clamp(1, i32::MAX as u64) } }
}

/// A list without findings looks like success: where the run could not check, that is an issue of its own.
fn failure(report: &v1::Report, context: &Context) -> Option<Issue> {
    if report.error.is_none() && report.exit_code != FAILED || reasons::error_told(report) {
        return None;
    }
    let error = report.error.as_ref();
    let description = error.and_then(|error| readable(&error.message)).unwrap_or_else(|| "the run could not check everything".to_owned());
    let place = error.and_then(|error| error.location.as_ref()).filter(|place| !place.path.trim().is_empty());
    let location = match (error, place) {
        (Some(error), Some(place)) => location(context.ground.place_of_error(error, &place.path), place.line),
        _ => location(Place::Inside("paralint".to_owned()), None),
    };
    let hint = error.and_then(|error| readable(error.hint.as_deref()?));
    Some(Issue {
        kind: "issue",
        check_name: "paralint-could-not-check".to_owned(),
        fingerprint: settle::fingerprint(&format!("paralint-could-not-check\n{}\n{description}", location.path)),
        description: format!("paralint could not check: {description}"),
        content: hint.map(|hint| Content { body: format!("Help: {}", sentence(&hint)) }),
        categories: ["Bug Risk"],
        severity: "blocker",
        location,
    })
}
