//! The claims of a session, each with what the timeline says of it.

use super::Material;
use crate::model::claim::ClaimKind;
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{NOTHING, place, shown, verdict};
use crate::report::lane;
use crate::report::v1::Claim;
use maud::{Markup, html};

const HEADS: [Head; 8] = [
    number("Line"),
    words("When"),
    words("Sentence"),
    words("Kind"),
    number("Agents named"),
    words("Verdict"),
    words("Held against"),
    words("Finding"),
];

/// The table of the claims.
pub(super) fn claims(material: &Material) -> Markup {
    let claims = &material.session.claims;
    let rows = html! { @for (index, claim) in claims.iter().enumerate() { (row(material, claim, index)) } };
    table("claims", "Claims", &HEADS, claims.len(), &rows)
}

fn row(material: &Material, claim: &Claim, index: usize) -> Markup {
    let findings = material.report.findings.iter().enumerate();
    let findings = findings.filter(|(_, finding)| finding.session == Some(material.index) && finding.claim == Some(index));
    html! {
        tr {
            td.n data-value=(claim.line) {
                @match &claim.path { Some(path) => (place(path, Some(claim.line), None)), None => (claim.line) }
            }
            td { (material.times.show(lane::moment(claim.at))) }
            td { q { (shown(&claim.text)) } }
            td { (kind(claim.kind)) @if !claim.certain { small { "only may be a claim" } } }
            td.n {
                (claim.agents.map_or_else(|| NOTHING.to_owned(), |agents| agents.to_string()))
                @if let Some(speedup) = claim.speedup { small { "speed-up " (speedup) } }
            }
            td { (verdict(claim.verdict)) @if !claim.why.trim().is_empty() { small { (shown(&claim.why)) } } }
            td {
                @match claim.batch.and_then(|batch| Some((batch, material.session.batches.get(batch)?))) {
                    Some((index, batch)) => { "batch " (index + 1) small { (material.names(&batch.dispatches)) } }
                    None => (NOTHING),
                }
            }
            td {
                @for (number, (index, finding)) in findings.enumerate() {
                    @if number > 0 { ", " }
                    a href={ "#finding-" (index) } { (shown(&finding.rule)) }
                }
            }
        }
    }
}

/// Which window must back a claim.
fn kind(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Future => "will run",
        ClaimKind::Present => "are running",
        ClaimKind::Past => "ran",
        ClaimKind::Beside => "beside own work",
        ClaimKind::Roleplay => "played parts",
        ClaimKind::Speedup => "speed-up",
        ClaimKind::Tests => "tests",
        ClaimKind::Status => "status",
    }
}
