//! The top of the page: what came of the run, what was looked at, and what was not.

use super::agents::Most;
use super::lead::Lead;
use super::sessions::{MEAN, mean};
use super::verdict::Verdict;
use crate::model::finding::Severity;
use crate::report::html::words::{decimal, location, seconds, shown};
use crate::report::lane;
use crate::report::v1::{Error, Report};
use maud::{Markup, html};

/// More entries than these are closed at first.
const SHORT: usize = 6;

/// The banner.
pub(super) fn banner(report: &Report, verdict: &Verdict) -> Markup {
    html! {
        header class={ "banner " (verdict.tone) } {
            p.tool { b { "paralint" } " " (report.command) }
            div.top {
                h1 #verdict { span.mark aria-hidden="true" { (verdict.sign) } " " (verdict.words) }
                (numbers(report))
            }
            @if let Some(error) = &report.error { (failure(error)) }
            div.lists { p.ending { (ending(report)) } (checked(report)) (not_checked(report)) }
        }
    }
}

fn failure(error: &Error) -> Markup {
    html! {
        div.failure {
            p { strong { (shown(&error.message)) } }
            @if let Some(place) = &error.location { p { "In " (location(place)) } }
            @if let Some(hint) = &error.hint { p { "What helps: " (shown(hint)) } }
        }
    }
}

/// A number of the run, what it is called, and what that means where the name alone does not say it.
struct Figure {
    number: String,
    name: &'static str,
    told: Option<&'static str>,
}

/// A number with the name of one, or of several.
fn figure(number: usize, one: &'static str, many: &'static str) -> Figure {
    Figure { number: number.to_string(), name: if number == 1 { one } else { many }, told: None }
}

/// What it was all about, in numbers.
fn numbers(report: &Report) -> Markup {
    let mut all = of_sessions(report);
    let lists = [
        (report.changes.as_ref().map(Vec::len), "change set", "change sets"),
        (report.overlaps.as_ref().map(Vec::len), "overlap", "overlaps"),
        (report.gates.as_ref().map(Vec::len), "gate", "gates"),
        (report.owners.as_ref().map(Vec::len), "path", "paths"),
    ];
    all.extend(lists.into_iter().filter_map(|(number, one, many)| number.map(|number| figure(number, one, many))));
    if let Some(summary) = report.gates_summary.as_ref().filter(|_| Lead::of(report) == Lead::Gates) {
        all.push(Figure { number: seconds(summary.wall), name: "from start to end", told: None });
        let told = "the work of all gates by the time that the run took: how many ran at once on average";
        all.extend(summary.effective_concurrency.map(|mean| Figure {
            number: decimal(Some(mean)),
            name: "at once on average",
            told: Some(told),
        }));
    }
    html! {
        @if !all.is_empty() {
            dl.numbers { @for one in all { div title=[one.told] { dt { (one.name) } dd { (one.number) } } } }
        }
    }
}

/// The numbers of the sessions. Of a single one they say more: it has no other place for them.
fn of_sessions(report: &Report) -> Vec<Figure> {
    let sessions = report.sessions.as_deref().unwrap_or_default();
    if sessions.is_empty() {
        return Vec::new();
    }
    let sum = |number: fn(&crate::report::v1::Session) -> usize| sessions.iter().map(number).sum::<usize>();
    let only = sessions.first().filter(|_| Lead::of(report) == Lead::Session);
    let mut all = Vec::new();
    if only.is_none() {
        all.push(figure(sessions.len(), "session", "sessions"));
    }
    all.push(figure(sum(|session| session.dispatches.len()), "agent", "agents"));
    let number = Most::of_all(sessions).to_string();
    all.push(Figure { number, name: "most at once", told: Some("the most agents that ran at the same moment") });
    if let Some(mean) = only.and_then(mean) {
        all.push(Figure { number: decimal(Some(mean)), name: "at once on average", told: Some(MEAN) });
    }
    all.push(figure(sum(|session| session.claims.len()), "claim", "claims"));
    let ends = only.and_then(|session| lane::moment(session.started).zip(lane::moment(session.ended)));
    all.extend(ends.map(|(first, last)| Figure { number: seconds(last.seconds_since(first)), name: "from start to end", told: None }));
    all
}

/// What was set aside, and what a script sees of it all.
fn ending(report: &Report) -> String {
    let mut parts = Vec::new();
    if report.summary.suppressed > 0 {
        parts.push(format!("{} suppressed by configuration or baseline", report.summary.suppressed));
    }
    if report.summary.waived > 0 {
        parts.push(format!("{} waived", report.summary.waived));
    }
    let least = report.fail_on.map(|least| match least {
        Severity::Error => "errors",
        Severity::Warning => "warnings and errors",
        Severity::Note => "anything that is found",
    });
    let code = report.exit_code;
    parts.push(match (code, least) {
        (0, Some(least)) => format!("passes; it would fail on {least} (exit code 0)"),
        (1, Some(least)) => format!("fails on {least} (exit code 1)"),
        (code, _) => format!("exit code {code}"),
    });
    parts.join(" · ")
}

fn checked(report: &Report) -> Markup {
    html! {
        @if !report.checked.is_empty() {
            // Of use beside what was not checked; where that is nothing, nobody needs to read it.
            details.list open[(1..=SHORT).contains(&report.not_checked.len()) && report.checked.len() <= SHORT] {
                summary { "Checked " span.count { (report.checked.len()) } }
                ul {
                    @for one in &report.checked {
                        li { b { (shown(&one.what)) } @if !one.detail.is_empty() { " " (shown(&one.detail)) } }
                    }
                }
            }
        }
    }
}

fn not_checked(report: &Report) -> Markup {
    let number = report.not_checked.len();
    html! {
        @if number > 0 {
            details.list.unchecked open[number <= SHORT] {
                summary { "Not checked " span.count { (number) } }
                ul { @for one in &report.not_checked { li { b { (shown(&one.what)) } ": " (shown(&one.why)) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ending;
    use crate::model::finding::Severity;
    use crate::report::example::report;
    use crate::report::v1::Report;

    #[test]
    fn the_ending_is_told_in_plain_words() {
        let said = |exit_code, fail_on| ending(&Report { exit_code, fail_on, ..report(Vec::new(), Vec::new()) });
        assert_eq!(said(1, Some(Severity::Error)), "fails on errors (exit code 1)");
        assert_eq!(said(1, Some(Severity::Warning)), "fails on warnings and errors (exit code 1)");
        assert_eq!(said(0, Some(Severity::Error)), "passes; it would fail on errors (exit code 0)");
        assert_eq!(said(2, Some(Severity::Note)), "exit code 2");
        assert_eq!(said(0, None), "exit code 0");
    }
}
