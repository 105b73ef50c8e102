//! The claims of a session, each with what the timeline says of it.

use super::Material;
use crate::model::claim::ClaimKind;
use crate::model::finding::Verdict;
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{NOTHING, Sign, count, place, short, shown, verdict};
use crate::report::lane;
use crate::report::v1::{Claim, Finding};
use maud::{Markup, html};
use rustc_hash::FxHashMap;

const HEADS: [Head; 8] = [
    number("Line").told("the line of the log in which it was said"),
    words("When"),
    words("Sentence"),
    words("Kind"),
    number("Agents named"),
    words("Verdict"),
    words("Held against").told("the agents that decided the verdict"),
    words("Finding"),
];

/// The table of the claims.
pub(super) fn claims(material: &Material) -> Markup {
    let claims = &material.session.claims;
    let mut findings: FxHashMap<usize, Vec<(usize, &Finding)>> = FxHashMap::default();
    for (number, finding) in material.report.findings.iter().enumerate().filter(|(_, finding)| finding.session == Some(material.index)) {
        if let Some(claim) = finding.claim {
            findings.entry(claim).or_default().push((number, finding));
        }
    }
    let of_claim = |index: usize| findings.get(&index).map_or(&[][..], Vec::as_slice);
    let rows = html! { @for (index, claim) in claims.iter().enumerate() { (row(material, claim, index, of_claim(index))) } };
    table("claims", "Claims", &HEADS, claims.len(), &rows)
}

fn row(material: &Material, claim: &Claim, index: usize, findings: &[(usize, &Finding)]) -> Markup {
    html! {
        // Findings lead here.
        tr id={ "claim-" (material.index) "-" (index) } {
            @let line = material.session.line(claim.line);
            // A record's number is none to show: there the order of the claims sorts.
            td.n data-value=(line.unwrap_or(index as u64 + 1)) {
                @match (&claim.path, line) { (Some(path), line) => (place(path, line, None)), (None, Some(line)) => (line), (None, None) => (NOTHING) }
            }
            td { (material.times.show(lane::moment(claim.at))) }
            td { q { (shown(&claim.text)) } }
            td { (kind(claim.kind)) @if !claim.certain && !is_doubtful(claim) { small { "only may be a claim" } } }
            td.n {
                (claim.agents.map_or_else(|| NOTHING.to_owned(), |agents| agents.to_string()))
                @if let Some(speedup) = claim.speedup { small { "speed-up " (speedup) } }
            }
            td {
                (said(claim))
                @if !claim.why.trim().is_empty() { small { (shown(&claim.why)) } }
                @if is_doubtful(claim) && findings.is_empty() { small { "only may be a claim, and so is no finding" } }
            }
            td { (held_against(material, claim, findings)) }
            td {
                @for (number, (index, finding)) in findings.iter().enumerate() {
                    @if number > 0 { ", " }
                    a href={ "#finding-" (index) } { (name(&finding.rule)) }
                }
            }
        }
    }
}

/// Whether a sentence that the timeline does not bear out only may be a claim.
pub(in crate::report::html::page) fn is_doubtful(claim: &Claim) -> bool {
    !claim.certain && matches!(claim.verdict, Verdict::Contradicted | Verdict::Unbacked | Verdict::Overstated)
}

/// The verdict. What only may be a claim is nobody's fault.
fn said(claim: &Claim) -> Sign {
    if is_doubtful(claim) { Sign { tone: "note", sign: "•", word: claim.verdict.word() } } else { verdict(claim.verdict) }
}

/// The agents that decided: those of the finding, else those of the batch.
fn held_against(material: &Material, claim: &Claim, findings: &[(usize, &Finding)]) -> Markup {
    let batch = claim.batch.and_then(|index| Some((index, material.session.batches.get(index)?)));
    let named = findings.iter().map(|(_, finding)| &finding.dispatches).find(|dispatches| !dispatches.is_empty());
    html! {
        @match (named, batch) {
            (Some(dispatches), _) => { (count(dispatches.len(), "agent", "agents")) small { (material.agents.links(dispatches)) } }
            (None, Some((index, batch))) => {
                @let row = format!("#batch-{}-{index}", material.index);
                a href=(row) { "batch " (index + 1) }
                small { (material.agents.links_and(&batch.dispatches, &row)) }
            }
            (None, None) => (NOTHING),
        }
    }
}

/// A link needs a name that can be seen.
fn name(rule: &str) -> String {
    if rule.trim().is_empty() { "finding".to_owned() } else { short(rule) }
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
