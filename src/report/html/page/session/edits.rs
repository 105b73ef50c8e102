//! Which files the agents of a session changed, and which of them more than one agent changed.

use super::Material;
use crate::model::moment::Moment;
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{count, shown};
use crate::report::lane;
use maud::{Markup, html};
use std::collections::BTreeMap;

const HEADS: [Head; 6] = [words("File"), words("Changed by"), number("Agents"), number("Changes"), words("First"), words("Last")];

/// As many files that one agent alone changed have rows; nobody reads more of them, and a page is to stay small.
const MOST: usize = 1_000;

/// All changes of one file.
#[derive(Debug, Default, Clone)]
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
    // What several changed comes first: there agents may have got in each other's way.
    let (mut shown, alone): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, changes)| changes.by.len() > 1);
    let (few, others) = alone.split_at(alone.len().min(MOST));
    shown.extend(few.iter().map(|(path, changes)| (*path, changes.clone())));
    let rows = html! { @for (path, changes) in &shown { (row(material, path, changes)) } };
    html! {
        (table("edits", "Files that agents changed", &HEADS, shown.len(), &rows))
        (left_out(material, others))
    }
}

/// How many files of each agent have no row.
fn left_out(material: &Material, others: &[(&str, Changes)]) -> Markup {
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    for id in others.iter().flat_map(|(_, changes)| changes.by.first()) {
        *by.entry(id.as_str()).or_default() += 1;
    }
    let mut by: Vec<(&str, usize)> = by.into_iter().collect();
    by.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    html! {
        @if !others.is_empty() {
            details.left-out {
                summary { (count(others.len(), "more file", "more files")) " that one agent alone changed, without rows here" }
                ul { @for (id, number) in by { li { (material.agents.links(&[id.to_owned()])) ": " (count(number, "file", "files")) } } }
            }
        }
    }
}

fn row(material: &Material, path: &str, changes: &Changes) -> Markup {
    let by: Vec<String> = changes.by.iter().map(|id| (*id).clone()).collect();
    html! {
        tr {
            td { (shown(path)) }
            td {
                @if by.len() > 1 { span.sign.warning { "! " (count(by.len(), "agent", "agents")) } " " }
                (material.agents.links(&by))
            }
            td.n { (by.len()) }
            td.n { (changes.number) @if changes.inferred > 0 { small { (changes.inferred) " read from shell commands" } } }
            td { (material.times.show(changes.first)) }
            td { (material.times.show(changes.last)) }
        }
    }
}
