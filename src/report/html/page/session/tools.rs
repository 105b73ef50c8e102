//! Which tools each thread of a session used, as counts: thousands of single calls help nobody.

use super::Material;
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{short, shown};
use crate::report::lane;
use maud::{Markup, html};
use rustc_hash::FxHashMap;

const HEADS: [Head; 4] = [words("Thread"), number("Calls"), number("Failed"), words("By tool")];

/// The calls of one thread.
#[derive(Debug, Default)]
struct Thread<'s> {
    calls: usize,
    failed: usize,
    by_tool: FxHashMap<&'s str, usize>,
}

/// The table of the tools, the main thread first.
pub(super) fn tools(material: &Material) -> Markup {
    let mut threads: std::collections::BTreeMap<Option<usize>, Thread> = std::collections::BTreeMap::new();
    for call in &material.session.calls {
        let thread = threads.entry(call.dispatch).or_default();
        thread.calls += 1;
        thread.failed += usize::from(call.failed);
        *thread.by_tool.entry(&call.tool).or_default() += 1;
    }
    let rows = html! {
        @for (dispatch, thread) in &threads {
            tr {
                td { (name(material, *dispatch)) }
                td.n { (thread.calls) }
                td.n { (thread.failed) }
                td { (shown(&by_tool(thread))) }
            }
        }
    };
    table("tools", "Tools that were used", &HEADS, threads.len(), &rows)
}

fn name(material: &Material, dispatch: Option<usize>) -> String {
    match dispatch.map(|index| material.session.dispatches.get(index)) {
        None => "main thread".to_owned(),
        Some(Some(dispatch)) => short(lane::label(dispatch)),
        Some(None) => "unknown agent".to_owned(),
    }
}

/// `Read 12, Edit 3`: what was used most comes first.
fn by_tool(thread: &Thread) -> String {
    let mut all: Vec<(&str, usize)> = thread.by_tool.iter().map(|(tool, number)| (*tool, *number)).collect();
    all.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    all.into_iter().map(|(tool, number)| format!("{} {number}", short(tool))).collect::<Vec<_>>().join(", ")
}
