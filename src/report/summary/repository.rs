//! The tables of overlaps and owners, and the order of merging.

use super::markdown::{CELL, Scribe, row};
use super::section::Section;
use crate::report::text;
use crate::report::v1::{Location, Overlap, Owned, Ownership};

/// Characters of a path, and of a name.
const PATH: usize = 300;
const NAME: usize = 200;
/// Boundaries or locks of one path that are named.
const MOST_NAMED: usize = 10;

/// What two sides both changed, in which order to merge them, and whose the paths are that were asked for.
pub(super) fn sections(scribe: Scribe<'_>) -> Vec<Section> {
    let report = scribe.report;
    let overlaps = report.overlaps.as_deref().filter(|overlaps| !overlaps.is_empty());
    let order = report.merge_order.as_deref().filter(|order| order.len() > 1 && overlaps.is_some());
    let owners = report.owners.as_deref().filter(|owners| !owners.is_empty());
    [
        overlaps.map(|overlaps| table(scribe, overlaps)),
        order.map(|order| merging(scribe, order)),
        owners.map(|owners| owned(scribe, owners)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn table(scribe: Scribe<'_>, overlaps: &[Overlap]) -> Section {
    let rows = overlaps.iter().map(|overlap| {
        let [one, other] = overlap.between.each_ref().map(|name| scribe.text(name, NAME));
        let lines = overlap.lines.map(|[one, other]| format!("{}-{} and {}-{}", one.0, one.1, other.0, other.1)).unwrap_or_default();
        let remarks = scribe.text(&overlap.remarks.join(", "), CELL);
        row(&[path(scribe, &overlap.path), format!("{one} and {other}"), overlap.kind.word().to_owned(), lines, remarks])
    });
    let head = "\n#### Overlaps\n\n| path | between | kind | lines | remarks |\n| --- | --- | --- | --- | --- |\n".to_owned();
    Section { head, rows: rows.collect(), foot: String::new(), called: ("overlap", "overlaps") }
}

fn merging(scribe: Scribe<'_>, order: &[String]) -> Section {
    let rows = order.iter().enumerate().map(|(index, name)| format!("{}. {}\n", index + 1, scribe.text(name, NAME)));
    let head = "\nThe order of merging with the fewest conflicts:\n\n".to_owned();
    Section { head, rows: rows.collect(), foot: String::new(), called: ("of them", "of them") }
}

fn owned(scribe: Scribe<'_>, owners: &[Owned]) -> Section {
    let rows = owners.iter().map(|owned| {
        let claimants = if owned.boundaries.is_empty() { &owned.inside } else { &owned.boundaries };
        let boundaries = claimants.iter().map(|boundary| match &boundary.owner {
            Some(owner) => format!("{} (owner {owner})", boundary.name),
            None => boundary.name.clone(),
        });
        let patterns = claimants.iter().map(|boundary| format!("{} at {}", boundary.pattern, at(&boundary.location)));
        let shared = owned.shared.iter().map(|shared| shared.message.clone());
        let locks = owned.locks.iter().map(|lock| {
            let stale = if lock.stale { ", stale" } else { "" };
            format!("{} holds {}{stale}", lock.agent, lock.path)
        });
        row(&[
            path(scribe, &owned.path),
            word(owned.policy).to_owned(),
            named(scribe, boundaries.chain(shared)),
            named(scribe, patterns),
            named(scribe, locks),
        ])
    });
    let head = "\n| path | policy | boundary | pattern | locks |\n| --- | --- | --- | --- | --- |\n".to_owned();
    Section { head, rows: rows.collect(), foot: String::new(), called: ("path", "paths") }
}

fn word(policy: Ownership) -> &'static str {
    match policy {
        Ownership::Owned => "owned",
        Ownership::Shared => "shared",
        Ownership::Unowned => "unowned",
    }
}

fn path(scribe: Scribe<'_>, path: &str) -> String {
    scribe.text(&text::path(path), PATH)
}

fn at(location: &Location) -> String {
    let line = location.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}", text::path(&location.path))
}

/// As many of `all` as have room in a cell, and how many are left.
fn named(scribe: Scribe<'_>, all: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = all.collect();
    let mut shown: Vec<String> = all.iter().take(MOST_NAMED).map(|one| scribe.text(one, NAME)).collect();
    if all.len() > MOST_NAMED {
        shown.push(format!("and {} more", all.len() - MOST_NAMED));
    }
    shown.join(", ")
}
