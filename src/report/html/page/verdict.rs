//! The run in a few words, for the title and the top of the page.

use crate::report::gates::wording::signal_name;
use crate::report::html::words::count;
use crate::report::v1::Report;

/// What came of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The class that colours it.
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
    pub(super) words: String,
}

/// What came of the run. What could not be checked is never said to be clean.
pub(super) fn verdict(report: &Report) -> Verdict {
    let make = |tone, sign, words: String| Verdict { tone, sign, words };
    let found = found(report);
    if report.error.is_some() || report.exit_code == 2 {
        let what = if report.error.is_some() { "could not check" } else { "could not check everything" };
        return make("error", "!", if found.is_empty() { what.to_owned() } else { format!("{what}; {found}") });
    }
    let gates = report.gates.as_deref().unwrap_or_default();
    let failed = gates.iter().filter(|gate| gate.status.is_failure()).count();
    let signal = report.gates_summary.as_ref().and_then(|summary| summary.signal);
    if let Some(signal) = signal {
        let rest = if found.is_empty() { String::new() } else { format!("; {found}") };
        return make("error", "!", format!("interrupted by {}{rest}", signal_name(signal)));
    }
    // What a failed gate is found for is that it failed.
    if failed > 0 && report.findings.len() <= failed {
        return make("error", "✗", format!("{failed} of {} failed", count(gates.len(), "gate", "gates")));
    }
    if !found.is_empty() {
        let (tone, sign) = match report.summary {
            found if found.error > 0 => ("error", "✗"),
            found if found.warning > 0 => ("warning", "!"),
            _ => ("note", "•"),
        };
        return make(tone, sign, found);
    }
    if failed > 0 {
        return make("error", "✗", format!("{failed} of {} failed", count(gates.len(), "gate", "gates")));
    }
    if let Some(owners) = &report.owners {
        return make("note", "•", format!("owners of {}", count(owners.len(), "path", "paths")));
    }
    if !is_checked(report) {
        return make("warning", "–", "nothing was checked".to_owned());
    }
    make("ok", "✓", "nothing found".to_owned())
}

/// `2 errors, 1 note`; empty where nothing was found.
fn found(report: &Report) -> String {
    let all = [
        (report.summary.error, "error", "errors"),
        (report.summary.warning, "warning", "warnings"),
        (report.summary.note, "note", "notes"),
    ];
    let some = all.into_iter().filter(|(number, ..)| *number > 0);
    some.map(|(number, one, many)| count(usize::try_from(number).unwrap_or(usize::MAX), one, many)).collect::<Vec<_>>().join(", ")
}

/// Something was looked at at all.
fn is_checked(report: &Report) -> bool {
    let some = |number: Option<usize>| number.is_some_and(|number| number > 0);
    !report.checked.is_empty() || some(report.sessions.as_ref().map(Vec::len)) || some(report.gates.as_ref().map(Vec::len))
}

#[cfg(test)]
mod tests {
    use super::verdict;
    use crate::report::example::{not_checked, report, session};
    use crate::report::v1::{Error, Report, Summary};

    fn said(report: &Report) -> String {
        let verdict = verdict(report);
        format!("{} {} {}", verdict.tone, verdict.sign, verdict.words)
    }

    #[test]
    fn a_run_is_told_in_a_few_words() {
        let clean = || report(Vec::new(), vec![session("10:00:00", "11:00:00", 1, Vec::new(), Vec::new())]);
        let with = |error, warning, note| Report { summary: Summary { error, warning, note, ..Summary::default() }, ..clean() };
        assert_eq!(said(&clean()), "ok ✓ nothing found");
        assert_eq!(said(&with(2, 0, 1)), "error ✗ 2 errors, 1 note");
        assert_eq!(said(&with(0, 1, 0)), "warning ! 1 warning");
        assert_eq!(said(&with(0, 0, 3)), "note • 3 notes");
        assert_eq!(said(&Report { exit_code: 2, ..clean() }), "error ! could not check everything");
        let error = Error { kind: "input".into(), message: "no".into(), hint: None, location: None };
        assert_eq!(said(&Report { error: Some(error), ..with(1, 0, 0) }), "error ! could not check; 1 error");
        let empty = Report { checked: Vec::new(), sessions: None, not_checked: vec![not_checked("claims", "no log")], ..clean() };
        assert_eq!(said(&empty), "warning – nothing was checked");
    }
}
