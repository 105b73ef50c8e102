//! One session: what it was, its picture, and the same in tables.

mod agents;
mod batches;
mod claims;
mod edits;
mod tools;

use super::sessions;
use crate::report::html::words::{Times, count, decimal, session_name, short, shown, span};
use crate::report::lane;
use crate::report::v1::{Dispatch, Report, Session};
use maud::{Markup, html};
use rustc_hash::FxHashMap;

/// A session with what its tables look up.
struct Material<'s> {
    report: &'s Report,
    session: &'s Session,
    index: usize,
    times: Times,
    by_id: FxHashMap<&'s str, &'s Dispatch>,
}

impl Material<'_> {
    /// The dispatches of some ids by name, of many only the first few.
    fn names(&self, ids: &[String]) -> String {
        const MOST: usize = 4;
        let found: Vec<&Dispatch> = ids.iter().filter_map(|id| self.by_id.get(id.as_str()).copied()).collect();
        let mut names: Vec<String> = found.iter().take(MOST).map(|dispatch| short(lane::label(dispatch))).collect();
        if let Some(more) = found.len().checked_sub(MOST).filter(|more| *more > 0) {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    }
}

/// The section of a session. One of several that nothing was found in is closed at first.
pub(super) fn session(report: &Report, session: &Session, index: usize, several: bool) -> Markup {
    let by_id = session.dispatches.iter().map(|dispatch| (dispatch.id.as_str(), dispatch)).collect();
    let material = Material { report, session, index, times: Times::of(session), by_id };
    let is_found = report.findings.iter().any(|finding| finding.session == Some(index));
    let heading = html! { h2 { "Session " (session_name(session, index)) } };
    html! {
        section.session id={ "session-" (index) } {
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
    let has_picture = !(session.dispatches.is_empty() && session.claims.is_empty() && session.calls.is_empty());
    html! {
        p.path { (shown(&session.path)) " · " (span(session)) }
        dl.facts {
            div { dt { "Agents" } dd { (session.dispatches.len()) } }
            div { dt { "Most at once" } dd { (session.peak) } }
            div { dt { "Mean at once" } dd { (decimal(sessions::mean(session))) } }
            div { dt { "Claims" } dd { (sessions::claims(session)) } }
            div { dt { "Findings" } dd { (sessions::findings(report, index)) } }
            div { dt { "Records" } dd { (session.records) @if session.bad_lines > 0 { ", " (count(session.bad_lines as usize, "unreadable line", "unreadable lines")) } } }
        }
        @if has_picture {
            figure.picture data-session=(index) { figcaption { "When each agent ran. The tables below say the same." } }
        }
        (claims::claims(material))
        (agents::agents(material))
        (batches::batches(material))
        (edits::edits(material))
        (tools::tools(material))
    }
}
