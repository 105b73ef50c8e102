//! The report as SARIF 2.1.0, as GitHub code scanning wants it.

mod failure;
mod invocation;
mod outcome;
mod place;
mod rules;
mod shape;
#[cfg(test)]
mod tests;

use super::v1::Finding;
use super::{Context, Format, fingerprints, json, v1};
use shape::{Automation, Driver, Log, Outcome, Run, Tool};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "sarif", summary: "SARIF 2.1.0, for GitHub code scanning and editors", write };

/// Results of one run: GitHub refuses a file with more.
const MOST_RESULTS: usize = 25_000;

fn write(report: &v1::Report, context: &Context, out: &mut dyn Write) -> Result<()> {
    json::write_value(&log(report, context), out)
}

fn log(report: &v1::Report, context: &Context) -> Log {
    let failure = failure::of(report, context);
    let has_failure = failure.is_some();
    let found = results(report, context, MOST_RESULTS - usize::from(has_failure));
    let left_out = report.findings.len() - found.len();
    let results = found.into_iter().chain(failure).collect();
    let run = Run {
        tool: Tool { driver: driver(has_failure) },
        automation_details: Automation { id: category(&report.command) },
        invocations: [invocation::of(report, context, left_out)],
        column_kind: "unicodeCodePoints",
        results,
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
}

/// `has_failure`: the run could not check, and has a result that says so.
fn driver(has_failure: bool) -> Driver {
    let version = env!("CARGO_PKG_VERSION");
    let addresses = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")];
    Driver {
        name: "paralint",
        version,
        semantic_version: version,
        information_uri: addresses.into_iter().find(|address| !address.is_empty()),
        rules: rules::all().into_iter().chain(has_failure.then(rules::failure)).collect(),
    }
}

/// What tells uploads for one commit apart: the results of an audit do not replace those of a check.
fn category(command: &str) -> String {
    match super::text::visible(command.trim()) {
        command if command.trim().is_empty() => "paralint/".to_owned(),
        command => format!("paralint/{command}/"),
    }
}

/// The findings as results, in the order of the report; the worst ones where there are too many.
fn results(report: &v1::Report, context: &Context, most: usize) -> Vec<Outcome> {
    let numbered = fingerprints::numbered(&report.findings);
    let kept = worst(&report.findings, most);
    kept.into_iter().map(|index| outcome::of(report, context, &report.findings[index], &numbered[index])).collect()
}

/// The indexes of the worst `most` findings, in the order of the report.
fn worst(findings: &[Finding], most: usize) -> Vec<usize> {
    let mut indexes: Vec<usize> = (0..findings.len()).collect();
    if indexes.len() > most {
        indexes.sort_by_key(|index| std::cmp::Reverse(findings[*index].severity));
        indexes.truncate(most);
        indexes.sort_unstable();
    }
    indexes
}
