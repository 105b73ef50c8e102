//! The agents of a session.

use super::Material;
use crate::report::html::table::{Head, number as of_numbers, table, words};
use crate::report::html::words::{NOTHING, count, short, shown, status, timing};
use crate::report::human::clock::duration;
use crate::report::lane::{self, Bar, Known};
use crate::report::v1::{Dispatch, Session};
use maud::{Markup, html};
use rustc_hash::FxHashMap;

const HEADS: [Head; 11] = [
    words("Agent"),
    words("Type"),
    words("Start"),
    words("End"),
    of_numbers("Duration"),
    words("Known from").told("where start and end come from"),
    words("Status"),
    of_numbers("Tools"),
    of_numbers("Edits"),
    of_numbers("Batch").told("agents that belong together have the same number"),
    of_numbers("Line").told("the line of the log in which it was called"),
];

/// `1 agent`, `2 agents`.
pub(super) fn number(session: &Session) -> String {
    count(session.dispatches.len(), "agent", "agents")
}

/// The table of the agents.
pub(super) fn agents(material: &Material) -> Markup {
    let session = material.session;
    let mut batches: FxHashMap<&str, usize> = FxHashMap::default();
    for (index, batch) in session.batches.iter().enumerate() {
        batches.extend(batch.dispatches.iter().map(|id| (id.as_str(), index + 1)));
    }
    let rows = html! {
        @for (place, (dispatch, bar)) in session.dispatches.iter().zip(lane::bars(session)).enumerate() {
            (row(material, place, dispatch, bar, batches.get(dispatch.id.as_str()).copied()))
        }
    };
    table("agents", "Agents", &HEADS, session.dispatches.len(), &rows)
}

fn row(material: &Material, place: usize, dispatch: &Dispatch, bar: Option<Bar>, batch: Option<usize>) -> Markup {
    let start = bar.map(|bar| bar.interval.start);
    let end = bar.filter(|bar| matches!(bar.known, Known::Exactly | Known::Bounds)).map(|bar| bar.interval.end);
    // What the log prints without saying when is a run time all the same.
    let printed = dispatch.duration.map(|seconds| (seconds * 1000.0).round() as i64);
    let length = start.zip(end).map(|(start, end)| end.0.saturating_sub(start.0)).or(printed);
    let most = if bar.is_some_and(|bar| bar.known == Known::Bounds) { "at most " } else { "" };
    let or_nothing = |number: Option<String>| number.unwrap_or_else(|| NOTHING.to_owned());
    html! {
        // The picture leads here.
        tr id={ "agent-" (material.index) "-" (place) } {
            td { (shown(lane::label(dispatch))) (aside(material, dispatch)) }
            td { (shown(dispatch.agent_type.as_deref().unwrap_or(NOTHING))) }
            td { (material.times.show(start)) }
            td { (material.times.show(end)) }
            td.n data-value=[length] { @match length { Some(length) => { (most) (duration(length)) } None => (NOTHING) } }
            td { (timing(dispatch.timing)) }
            td { (status(dispatch.status)) }
            td.n { (or_nothing(dispatch.tool_uses.map(|uses| uses.to_string()))) }
            td.n { (dispatch.edits.len()) }
            td.n { (or_nothing(batch.map(|batch| batch.to_string()))) }
            td.n { (or_nothing(material.session.line(dispatch.line).map(|line| line.to_string()))) }
        }
    }
}

/// What tells agents of one name apart.
fn aside(material: &Material, dispatch: &Dispatch) -> Markup {
    let parent = dispatch.parent.as_deref().and_then(|parent| material.agents.get(parent));
    let parts = [
        dispatch.agent.as_deref().map(short),
        dispatch.background.then(|| "in the background".to_owned()),
        parent.map(|parent| format!("started by {}", short(lane::label(parent)))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    html! { @if !parts.is_empty() { small { (parts.join(" · ")) } } }
}
