//! The table of findings.

use super::markdown::{CELL, Scribe, row};
use super::section::Section;
use crate::report::ground::Place;
use crate::report::reasons;
use crate::report::text;
use crate::report::v1::{Finding, Location};

/// Characters of a path.
const PATH: usize = 300;

/// One row for each finding, the worst first.
pub(super) fn sections(scribe: Scribe<'_>) -> Vec<Section> {
    let mut findings: Vec<&Finding> = scribe.report.findings.iter().collect();
    if findings.is_empty() {
        return Vec::new();
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let has_claims = findings.iter().any(|finding| judged(scribe, finding).is_some());
    let rows = findings.into_iter().map(|finding| {
        let claim = has_claims.then(|| judged(scribe, finding).unwrap_or_default());
        let first = [finding.severity.word().to_owned(), scribe.text(&finding.rule, PATH), scribe.text(&finding.message, CELL)];
        let last = [of_finding(scribe, finding), scribe.text(&finding.help, CELL)];
        row(&first.into_iter().chain(claim).chain(last).collect::<Vec<_>>())
    });
    let claim = if has_claims { ("claim | ", "--- | ") } else { ("", "") };
    let head = format!("\n| severity | rule | what is wrong | {}place | help |\n| --- | --- | --- | {}--- | --- |\n", claim.0, claim.1);
    vec![Section { head, rows: rows.collect(), foot: String::new(), called: ("finding", "findings") }]
}

/// The sentence in question with its verdict: `"I'll use 3 agents": contradicted (peak 1)`.
fn judged(scribe: Scribe<'_>, finding: &Finding) -> Option<String> {
    let parts = [reasons::claim(scribe.report, finding), reasons::verdict(scribe.report, finding)];
    let said: Vec<String> = parts.into_iter().flatten().map(|part| scribe.text(&part, CELL)).collect();
    (!said.is_empty()).then(|| said.join(": "))
}

fn of_finding(scribe: Scribe<'_>, finding: &Finding) -> String {
    let place = scribe.context.ground.place(scribe.report, finding, &finding.location.path);
    written(scribe, &finding.location, place)
}

/// A place: relative to the repository where it is inside of it, else as it was given.
pub(super) fn place(scribe: Scribe<'_>, location: &Location, from_folder: bool) -> String {
    written(scribe, location, scribe.context.ground.resolve(&location.path, from_folder))
}

/// The path of a session, as places show it.
pub(super) fn path(scribe: Scribe<'_>, path: &str) -> String {
    match scribe.context.ground.resolve(path, true) {
        Place::Inside(inside) => scribe.text(&inside, PATH),
        Place::Outside(_) => scribe.text(path, PATH),
    }
}

fn written(scribe: Scribe<'_>, location: &Location, place: Place) -> String {
    let path = match &place {
        Place::Inside(path) if !location.path.is_empty() => path,
        _ => &location.path,
    };
    let line = location.line.filter(|_| !path.is_empty()).map(|line| format!(":{line}")).unwrap_or_default();
    if path.is_empty() { String::new() } else { format!("{}{line}", scribe.text(&text::path(path), PATH)) }
}
