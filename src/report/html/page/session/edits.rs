//! Which files the agents of a session changed, and which of them more than one agent changed.

use super::Material;
use crate::model::moment::Moment;
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{count, shown};
use crate::report::lane;
use maud::{Markup, html};
use std::collections::BTreeMap;

const HEADS: [Head; 6] = [words("File"), words("Changed by"), number("Agents"), number("Changes"), words("First"), words("Last")];

/// All changes of one file.
#[derive(Debug, Default)]
struct Changes<'s> {
    /// Ids of the dispatches, each once, in their order.
    by: Vec<&'s String>,
    number: usize,
    /// How many are read from a shell command, so not proven.
    inferred: usize,
    first: Option<Moment>,
    last: Option<Moment>,
}

/// The table of the changed files.
pub(super) fn edits(material: &Material) -> Markup {
    let mut files: BTreeMap<&str, Changes> = BTreeMap::new();
    for dispatch in &material.session.dispatches {
        for edit in &dispatch.edits {
            let file = files.entry(&edit.path).or_default();
            if file.by.last() != Some(&&dispatch.id) {
                file.by.push(&dispatch.id);
            }
            file.number += 1;
            file.inferred += usize::from(edit.inferred);
            let at = lane::moment(edit.at);
            file.first = file.first.into_iter().chain(at).min();
            file.last = file.last.into_iter().chain(at).max();
        }
    }
    let rows = html! { @for (path, changes) in &files { (row(material, path, changes)) } };
    table("edits", "Files that agents changed", &HEADS, files.len(), &rows)
}

fn row(material: &Material, path: &str, changes: &Changes) -> Markup {
    let by: Vec<String> = changes.by.iter().map(|id| (*id).clone()).collect();
    html! {
        tr {
            td { (shown(path)) }
            td {
                @if by.len() > 1 { span.sign.warning { "! " (count(by.len(), "agent", "agents")) } " " }
                (material.names(&by))
            }
            td.n { (by.len()) }
            td.n { (changes.number) @if changes.inferred > 0 { small { (changes.inferred) " read from shell commands" } } }
            td { (material.times.show(changes.first)) }
            td { (material.times.show(changes.last)) }
        }
    }
}
