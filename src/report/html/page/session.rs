//! One session: what it was, its picture, and the same in tables.

mod agents;
mod batches;
pub(super) mod claims;
mod edits;
mod tools;

use super::agents::{Agents, Most, Timed};
use super::lead::{Lead, has_picture};
use super::{findings, sessions};
use crate::model::session::Numbering;
use crate::report::html::words::{Times, count, decimal, is_uuid, place, session_name, span};
use crate::report::v1::{Report, Session};
use maud::{Markup, html};

/// A session with what its tables look up.
struct Material<'s> {
    report: &'s Report,
    session: &'s Session,
    index: usize,
    times: Times,
    agents: Agents<'s>,
}

/// The section of a session. One of several that nothing was found in is closed at first.
pub(super) fn session(report: &Report, session: &Session, index: usize, several: bool) -> Markup {
    let material = Material { report, session, index, times: Times::of(session), agents: Agents::of(session, index) };
    let is_found = report.findings.iter().any(|finding| finding.session == Some(index));
    let heading = html! { h2 id={ "session-" (index) "-name" } { "Session " (session_name(session, index)) } };
    html! {
        section.session id={ "session-" (index) } aria-labelledby={ "session-" (index) "-name" } {
            @if several && !is_found {
                details { summary { (heading) span.count { (agents::number(session)) ", " (span(session)) } } (body(&material)) }
            } @else {
                (heading) (body(&material))
            }
        }
    }
}

fn body(material: &Material) -> Markup {
    let Material { report, session, index, .. } = *material;
    let leads = Lead::of(report) == Lead::Session;
    html! {
        (origin(session))
        // What leads the page has its numbers beside the verdict.
        @if !leads {
            dl.facts {
                div { dt { "Agents" } dd { (session.dispatches.len()) } }
                div title="the most agents that ran at the same moment" { dt { "Most at once" } dd { (Most::of(session)) } }
                div title=(sessions::MEAN) { dt { "At once on average" } dd { (decimal(sessions::mean(session))) } }
                div { dt { "Claims" } dd { (sessions::claims(session)) } }
                div { dt { "Findings" } dd { (sessions::findings(report, index)) } }
            }
        }
        @if has_picture(session) {
            // The script shows it: without one there is nothing to see.
            figure.picture id={ "picture-" (index) } data-session=(index) hidden {
                figcaption { "When each agent ran. The tables below say the same." }
            }
        }
        @if leads {
            (findings::findings(report))
            h2 #tables { "Everything in tables" " " span.count { "times in UTC" } }
        }
        @if session.is_text() && !session.dispatches.is_empty() {
            p { "A text has no clock: there is no picture, and how many ran at once is told from the order of its lines." }
        }
        (claims::claims(material))
        (agents::agents(material))
        (batches::batches(material))
        (edits::edits(material))
        (tools::tools(material))
    }
}

/// How much of it could not be read, in what its places are counted in.
fn unread(session: &Session) -> String {
    let (one, many) = if session.numbering == Numbering::Lines { ("line", "lines") } else { ("record", "records") };
    count(usize::try_from(session.bad_lines).unwrap_or(usize::MAX), one, many)
}

/// Where a session comes from, and when it was.
fn origin(session: &Session) -> Markup {
    let id = session.id.trim();
    html! {
        p.path {
            (span(session)) " · "
            @if is_uuid(id) && !session.path.contains(id) { (id) " · " }
            (place(&session.path, None, None)) " · " (count(usize::try_from(session.records).unwrap_or(usize::MAX), "record", "records"))
            @if session.bad_lines > 0 { ", " (unread(session)) " that cannot be read" }
        }
    }
}
