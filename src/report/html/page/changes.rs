//! What was changed, and which changes of two branches or worktrees touch the same files.

use crate::model::change::{Class, Entry, Source};
use crate::model::overlap::OverlapKind;
use crate::report::html::table::{Head, table, words};
use crate::report::html::words::{NOTHING, Sign, count, shown};
use crate::report::v1::{ChangeSet, ChangedFile, Overlap, Report};
use crate::work::identity::AttributedBy;
use maud::{Markup, html};

const FILES: [Head; 4] = [words("File"), words("Change"), words("Kind"), words("Before")];
const OVERLAPS: [Head; 7] =
    [words("How bad"), words("File"), words("Between"), words("Lines"), words("And"), words("Lines"), words("Remarks")];

/// The change sets; nothing where there are none.
pub(super) fn changes(report: &Report) -> Markup {
    let sets = report.changes.as_deref().unwrap_or_default();
    html! {
        @if !sets.is_empty() { section #changes aria-labelledby="changes-name" { h2 #changes-name { "Changes" } @for set in sets { (change_set(set, sets.len() == 1)) } } }
    }
}

fn change_set(set: &ChangeSet, only: bool) -> Markup {
    let rows = html! { @for file in &set.files { (file_row(file)) } };
    html! {
        details.set open[only] {
            summary {
                h3 { (source(set.source)) " " (shown(&set.name)) }
                span.count {
                    (count(set.files.len(), "file", "files"))
                    @if let Some(agent) = &set.agent { ", " (shown(agent)) }
                }
            }
            dl.facts {
                @if let Some(agent) = &set.agent {
                    div { dt { "Made by" } dd { (shown(agent)) @if let Some(by) = set.attributed_by { ", known by " (means(by)) } } }
                }
                @if let Some(base) = &set.base { div { dt { "Compared with" } dd { code { (shown(base)) } } } }
                @if let Some(head) = &set.head { div { dt { "Newest commit" } dd { code { (shown(head)) } } } }
            }
            (table("files", "Changed files", &FILES, set.files.len(), &rows))
        }
    }
}

fn file_row(file: &ChangedFile) -> Markup {
    let entry = match file.entry {
        Entry::File => "file",
        Entry::Executable => "executable",
        Entry::Symlink => "symbolic link",
        Entry::Submodule => "submodule",
    };
    html! {
        tr {
            td { (shown(&file.path)) @if file.path_encoded { small { "percent-encoded" } } }
            td { (file.change.word()) @if file.inferred { small { "read from a shell command" } } }
            td { (entry) @if file.class == Class::Generated { ", generated" } }
            td { (shown(file.old_path.as_deref().unwrap_or(NOTHING))) }
        }
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Staged => "staged",
        Source::Range => "range",
        Source::Branch => "branch",
        Source::Worktree => "worktree",
    }
}

fn means(by: AttributedBy) -> String {
    // The report has one word for it, which is the same for people.
    serde_json::to_value(by).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The overlaps and the order of merging; nothing where neither was asked for.
pub(super) fn overlaps(report: &Report) -> Markup {
    let overlaps = report.overlaps.as_deref().unwrap_or_default();
    let rows = html! { @for overlap in overlaps { (overlap_row(overlap)) } };
    let order = report.merge_order.as_deref().unwrap_or_default();
    html! {
        @if report.overlaps.is_some() || !order.is_empty() {
            section #overlaps aria-labelledby="overlaps-name" {
                h2 #overlaps-name { "Overlaps" }
                @if overlaps.is_empty() { p { "No file is changed on both sides." } }
                (table("overlaps", "Files that two sides changed", &OVERLAPS, overlaps.len(), &rows))
                @if !order.is_empty() {
                    h3 { "Merge in this order for the fewest conflicts" }
                    ol { @for name in order { li { (shown(name)) } } }
                }
            }
        }
    }
}

fn overlap_row(overlap: &Overlap) -> Markup {
    let (rank, tone, sign) = match overlap.kind {
        OverlapKind::Conflict => (0, "error", "✗"),
        OverlapKind::Lines => (1, "warning", "!"),
        OverlapKind::File => (2, "note", "•"),
        OverlapKind::Identical => (3, "ok", "✓"),
    };
    let lines = |side: usize| match overlap.lines.map(|lines| lines[side]) {
        None => NOTHING.to_owned(),
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}–{last}"),
    };
    let mut remarks = overlap.remarks.clone();
    remarks.extend((overlap.class == Class::Generated).then(|| "generated".to_owned()));
    html! {
        tr {
            td data-value=(rank) { (Sign { tone, sign, word: overlap.kind.word() }) }
            td { (shown(&overlap.path)) @if overlap.path_encoded { small { "percent-encoded" } } }
            td { (shown(&overlap.between[0])) }
            td { (lines(0)) }
            td { (shown(&overlap.between[1])) }
            td { (lines(1)) }
            td { (shown(&remarks.join(", "))) }
        }
    }
}
