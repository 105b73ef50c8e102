//! Whose each path is, by which lines of the policy, and who holds it locked.

use crate::report::html::table::{Head, table, words};
use crate::report::html::words::{location, moment, place, seconds, shown};
use crate::report::lane;
use crate::report::v1::{HeldLock, Owned, Ownership, OwningBoundary, Report};
use maud::{Markup, html};

const HEADS: [Head; 4] = [words("Path"), words("Whose"), words("Boundaries"), words("Locks")];

/// The section of the owners; nothing where they were not asked for.
pub(super) fn owners(report: &Report) -> Markup {
    let owned = report.owners.as_deref().unwrap_or_default();
    let rows = html! { @for one in owned { (row(one)) } };
    html! {
        @if report.owners.is_some() {
            section #owners aria-labelledby="owners-name" {
                h2 #owners-name { "Owners" }
                @if owned.is_empty() { p { "Every tracked file has an owner." } }
                (table("owners", "Who may change what", &HEADS, owned.len(), &rows))
            }
        }
    }
}

fn row(one: &Owned) -> Markup {
    html! {
        tr {
            td {
                (shown(&one.path))
                @if one.path_encoded { small { "percent-encoded" } }
                @if let Some(files) = one.files { small { (files) " tracked files" } }
            }
            td { (whose(one)) }
            td {
                @if one.boundaries.is_empty() && one.forbidden.is_empty() && one.inside.is_empty() { "none" }
                ul {
                    (boundaries("belongs to", &one.boundaries))
                    (boundaries("forbidden for", &one.forbidden))
                    (boundaries("inside:", &one.inside))
                }
            }
            td { @if one.locks.is_empty() { "none" } @else { ul { @for lock in &one.locks { li { (held(lock)) } } } } }
        }
    }
}

fn whose(one: &Owned) -> Markup {
    html! {
        @match one.policy {
            Ownership::Owned => span.sign.ok { "✓ in a boundary" },
            Ownership::Shared => span.sign.note { "• shared" },
            Ownership::Unowned => span.sign.warning { "! in no boundary" },
        }
        @if let Some(shared) = &one.shared { small { (shown(&shared.message)) ", " (place(&shared.path, shared.line, shared.column)) } }
    }
}

fn boundaries(relation: &str, boundaries: &[OwningBoundary]) -> Markup {
    html! {
        @for one in boundaries {
            li {
                (relation) " " b { (shown(&one.name)) }
                @match &one.owner { Some(owner) => { ", owned by " (shown(owner)) } None => ", for which nobody is named" }
                @if one.only_new { ", new files only" }
                @if one.decides { ", decides" }
                small { code { (shown(&one.pattern)) } " " (location(&one.location)) }
            }
        }
    }
}

fn held(lock: &HeldLock) -> Markup {
    html! {
        (shown(&lock.agent)) " on " code { (shown(&lock.path)) }
        @if let Some(since) = lane::moment(lock.since) { " since " (moment(since)) }
        @if let Some(age) = lock.age { ", for " (seconds(age)) }
        @if lock.stale { " " span.sign.warning { "! stale" } @if let Some(why) = &lock.why { ": " (shown(why)) } }
    }
}
