//! The report as JUnit XML: rules and gates as test cases, as Jenkins and GitLab read it.
//!
//! Nothing passes that was not looked at: a rule with a finding has a case for each of them instead of one that passes, and what was
//! not checked is skipped.

mod gates;
mod rules;
mod text;

use super::{Context, Format, reasons, v1};
use crate::model::finding::Severity;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use rustc_hash::FxHashMap;
use std::io::{Error, Result, Write};
use text::{Lines, line, place};

/// The format.
pub const FORMAT: Format = Format { name: "junit", summary: "JUnit XML, rules and gates as test cases", write };

fn write(report: &v1::Report, _context: &Context, out: &mut dyn Write) -> Result<()> {
    let mut suites = Report::new("paralint");
    suites.add_test_suite(run(report));
    for suite in rules::suites(report) {
        suites.add_test_suite(suite);
    }
    if let Some(gates) = &report.gates {
        suites.add_test_suite(gates::suite(report, gates));
    }
    if !report.not_checked.is_empty() {
        suites.add_test_suite(not_checked(report));
    }
    let xml = suites.to_string().map_err(Error::other)?;
    out.write_all(without_skipped(&xml).as_bytes())
}

/// The document without the count of skipped cases at its root, which the schema of Jenkins' xunit plugin does not know there.
///
/// Source: `junit-10.xsd` of `jenkinsci/xunit-plugin`.
fn without_skipped(xml: &str) -> String {
    let found = xml.find("<testsuites ").and_then(|root| {
        let end = root + xml[root..].find('>')?;
        let start = root + xml[root..end].find(" skipped=\"")?;
        let value = start + " skipped=\"".len();
        Some((start, value + xml[value..end].find('"')? + 1))
    });
    match found {
        Some((start, end)) => format!("{}{}", &xml[..start], &xml[end..]),
        None => xml.to_owned(),
    }
}

/// The run as a whole: passed where it could do what it had to.
fn run(report: &v1::Report) -> TestSuite {
    let status = match &report.error {
        None => TestCaseStatus::success(),
        Some(error) if reasons::error_told(report) => skipped(&format!("could not check: {}", error.message)),
        Some(error) => {
            let mut lines = Lines::default();
            lines.add("place", error.location.as_ref().map(place).as_deref());
            lines.add("help", error.hint.as_deref());
            told(NonSuccessKind::Error, &error.kind, &error.message, lines)
        }
    };
    let mut lines = Lines::default();
    for checked in &report.checked {
        lines.add(&checked.what, Some(&checked.detail));
    }
    let mut suite = TestSuite::new("paralint");
    suite.add_test_case(case(&format!("paralint {}", report.command), "paralint", status, lines));
    suite
}

/// What was not checked, and why.
fn not_checked(report: &v1::Report) -> TestSuite {
    let mut suite = TestSuite::new("not checked");
    let mut names = Names::default();
    for missing in &report.not_checked {
        let name = names.unique(&missing.what, || format!("{}: {}", missing.what, missing.why));
        suite.add_test_case(case(&name, "paralint.not-checked", skipped(&missing.why), Lines::default()));
    }
    suite
}

/// Whether a finding of a severity fails the run.
fn fails(report: &v1::Report, severity: Severity) -> bool {
    report.fail_on.is_some_and(|least| severity >= least)
}

/// A case whose output is `lines`.
fn case(name: &str, class: &str, status: TestCaseStatus, lines: Lines) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    if let Some(text) = lines.text() {
        case.set_system_out(text);
    }
    case
}

/// That a case failed, or could not even be tried.
fn told(kind: NonSuccessKind, word: &str, message: &str, lines: Lines) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(line(word)).set_message(line(message));
    // A failure without a text shows nothing in some readers.
    status.set_description(lines.text().unwrap_or_else(|| line(message)));
    status
}

fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(line(why));
    status
}

/// The names of a suite's cases: readers follow a case from run to run by its name.
#[derive(Default)]
struct Names(FxHashMap<String, usize>);

impl Names {
    /// `name`; where that is taken the longer one, and where that is taken too, that with a number.
    fn unique(&mut self, name: &str, longer: impl FnOnce() -> String) -> String {
        let name = text::name(name);
        if !self.0.contains_key(&name) {
            self.0.insert(name.clone(), 1);
            return name;
        }
        let longer = text::name(&longer());
        let mut count = self.0.get(&longer).copied().unwrap_or(0);
        loop {
            count += 1;
            let numbered = if count == 1 { longer.clone() } else { format!("{longer} ({count})") };
            if !self.0.contains_key(&numbered) {
                self.0.insert(longer, count);
                self.0.insert(numbered.clone(), 1);
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests;
