//! The top of the page: what came of the run, what was looked at, and what was not.

use super::verdict::Verdict;
use crate::report::html::words::{location, shown};
use crate::report::v1::{Error, Report};
use maud::{Markup, html};

/// More entries than these are closed at first.
const SHORT: usize = 6;

/// The banner.
pub(super) fn banner(report: &Report, verdict: &Verdict) -> Markup {
    html! {
        header class={ "banner " (verdict.tone) } {
            p.tool { b { "paralint" } " " (report.command) }
            h1 { span.mark aria-hidden="true" { (verdict.sign) } " " (verdict.words) }
            @if let Some(error) = &report.error { (failure(error)) }
            (numbers(report))
            p.ending { (ending(report)) }
            div.lists { (checked(report)) (not_checked(report)) }
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

/// What it was all about, in numbers.
fn numbers(report: &Report) -> Markup {
    let sessions = report.sessions.as_deref().unwrap_or_default();
    let sum = |number: fn(&crate::report::v1::Session) -> usize| sessions.iter().map(number).sum::<usize>();
    let mut all = Vec::new();
    if !sessions.is_empty() {
        all.push((sessions.len(), if sessions.len() == 1 { "session" } else { "sessions" }));
        let agents = sum(|session| session.dispatches.len());
        all.push((agents, if agents == 1 { "agent" } else { "agents" }));
        all.push((sessions.iter().map(|session| session.peak as usize).max().unwrap_or(0), "most at once"));
        let claims = sum(|session| session.claims.len());
        all.push((claims, if claims == 1 { "claim" } else { "claims" }));
    }
    let lists = [
        (report.changes.as_ref().map(Vec::len), "change set", "change sets"),
        (report.overlaps.as_ref().map(Vec::len), "overlap", "overlaps"),
        (report.gates.as_ref().map(Vec::len), "gate", "gates"),
        (report.owners.as_ref().map(Vec::len), "path", "paths"),
    ];
    all.extend(lists.into_iter().filter_map(|(number, one, many)| number.map(|number| (number, if number == 1 { one } else { many }))));
    html! {
        @if !all.is_empty() {
            dl.numbers { @for (number, name) in all { div { dt { (name) } dd { (number) } } } }
        }
    }
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
    let least = match report.fail_on {
        Some(least) => format!(" (fails from {} on)", least.word()),
        None => String::new(),
    };
    parts.push(format!("exit code {}{least}", report.exit_code));
    parts.join(" · ")
}

fn checked(report: &Report) -> Markup {
    html! {
        @if !report.checked.is_empty() {
            details.list open[report.checked.len() <= SHORT] {
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
