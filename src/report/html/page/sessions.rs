//! All sessions: an overview where there are several, then each of them.

use super::agents::{Most, Timed};
use super::session::{self, claims::is_doubtful};
use crate::model::finding::Verdict;
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{Sign, decimal, session_name, severity, span, verdict};
use crate::report::lane;
use crate::report::v1::{Report, Session};
use maud::{Markup, html};

/// What the mean is.
pub(super) const MEAN: &str = "agents at the same moment, on average over the time in which any ran; of those with exact times";

const HEADS: [Head; 7] = [
    words("Session"),
    words("When (UTC)"),
    number("Agents"),
    number("Most at once").told("the most agents that ran at the same moment"),
    number("At once on average").told(MEAN),
    words("Claims"),
    words("Findings"),
];
/// Verdicts, in the order in which they are counted.
const VERDICTS: [Verdict; 6] =
    [Verdict::Contradicted, Verdict::Unbacked, Verdict::Overstated, Verdict::Corrected, Verdict::Unverifiable, Verdict::Backed];

/// The sections of the sessions; nothing where there are none.
pub(super) fn sessions(report: &Report) -> Markup {
    let sessions = report.sessions.as_deref().unwrap_or_default();
    let several = sessions.len() > 1;
    html! {
        @if several { section #sessions aria-labelledby="sessions-name" { h2 #sessions-name { "Sessions" } (overview(report, sessions)) } }
        @for (index, one) in sessions.iter().enumerate() { (session::session(report, one, index, several)) }
    }
}

fn overview(report: &Report, sessions: &[Session]) -> Markup {
    let rows = html! {
        @for (index, session) in sessions.iter().enumerate() {
            tr {
                td { a href={ "#session-" (index) } { (session_name(session, index)) } }
                td data-value=[lane::moment(session.started).map(|moment| moment.0)] { (span(session).trim_end_matches(" UTC")) }
                td.n { (session.dispatches.len()) }
                @let most = Most::of(session);
                td.n data-value=[most.number] { (most) }
                td.n { (decimal(mean(session))) }
                td data-value=(session.claims.len()) { (claims(session)) }
                td data-value=(number_of(report, index)) { (findings(report, index)) }
            }
        }
    };
    table("sessions", "All sessions", &HEADS, sessions.len(), &rows)
}

/// How many timed agents were open on average, while any was; `None` where one alone is known of several.
pub(super) fn mean(session: &Session) -> Option<f64> {
    let timed = Timed::of(session.dispatches.iter());
    if timed.unknown > 0 && timed.exact < 2 {
        return None;
    }
    let steps = lane::concurrency(session);
    let lasting = steps.windows(2).map(|pair| (pair[1].0.seconds_since(pair[0].0), f64::from(pair[0].1)));
    let (busy, work) = lasting.filter(|(_, open)| *open > 0.0).fold((0.0, 0.0), |sum, (time, open)| (sum.0 + time, sum.1 + time * open));
    (busy > 0.0).then(|| work / busy)
}

/// How many claims of each verdict.
pub(super) fn claims(session: &Session) -> Markup {
    let doubtful = session.claims.iter().filter(|claim| is_doubtful(claim)).count();
    let number = |verdict| session.claims.iter().filter(|claim| claim.verdict == verdict && !is_doubtful(claim)).count();
    let some = VERDICTS.into_iter().map(|verdict| (number(verdict), verdict)).filter(|(number, _)| *number > 0);
    html! {
        @if session.claims.is_empty() { "none" }
        @for (index, (number, one)) in some.clone().enumerate() { @if index > 0 { ", " } span.each { (number) " " (verdict(one)) } }
        @if doubtful > 0 { @if some.count() > 0 { ", " } span.each { (doubtful) " " (Sign { tone: "note", sign: "•", word: "only may be" }) } }
    }
}

fn number_of(report: &Report, index: usize) -> usize {
    report.findings.iter().filter(|finding| finding.session == Some(index)).count()
}

/// How many findings of each severity a session has.
pub(super) fn findings(report: &Report, index: usize) -> Markup {
    use crate::model::finding::Severity;
    let number = |severity| report.findings.iter().filter(|finding| finding.session == Some(index) && finding.severity == severity).count();
    let all = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| (number(severity), severity));
    let some = all.into_iter().filter(|(number, _)| *number > 0);
    html! {
        @if number_of(report, index) == 0 { "none" }
        @for (index, (number, one)) in some.enumerate() { @if index > 0 { ", " } span.each { (number) " " (severity(one)) } }
    }
}
