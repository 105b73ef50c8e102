//! Claims that the assistant takes back later, in words or by doing it.

use super::agents::Case;
use super::{Cause, Ruling};
use crate::model::finding::Verdict;
use crate::model::session::{Denial, Numbering};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Turns a verdict against a claim into `corrected` where the same log takes the claim back.
pub(super) fn apply(case: &Case<'_>, ruling: Ruling) -> Ruling {
    if !matches!(ruling.verdict, Verdict::Contradicted | Verdict::Unbacked | Verdict::Overstated) {
        return ruling;
    }
    if let Some((line, text)) = denial(case) {
        return Ruling {
            verdict: Verdict::Corrected,
            why: in_line(case, "taken back", line),
            place: Some((line, format!("taken back here: \"{text}\""))),
            ..ruling
        };
    }
    if let Some(line) = done_again(case, &ruling) {
        return Ruling {
            verdict: Verdict::Corrected,
            why: in_line(case, "sent again in parallel", line),
            place: Some((line, "sent again here, truly in parallel".to_owned())),
            ..ruling
        };
    }
    ruling
}

/// A store that is no text has no lines.
fn in_line(case: &Case<'_>, what: &str, line: u64) -> String {
    match case.session.numbering {
        Numbering::Lines => format!("{what} in line {line}"),
        Numbering::Records => format!("{what} later"),
    }
}

fn denial(case: &Case<'_>) -> Option<(u64, String)> {
    let claim = case.claim;
    // A denial in a turn with dispatches of its own is about those.
    let speaks_of_the_claim = |denial: &&Denial| {
        let own = case.index.turn(case.transcript, denial.turn);
        denial.turn == claim.turn || !own.iter().any(|index| case.session.dispatches[*index].line < denial.place.line)
    };
    case.transcript()
        .denials
        .iter()
        .filter(|denial| denial.place.line > claim.place.line)
        .find(speaks_of_the_claim)
        .map(|denial| (denial.place.line, denial.text.clone()))
}

/// A later turn sends the same work again, and it overlaps. "The same" is an equal description or, where nothing had been
/// sent, the next turn: an unrelated batch takes nothing back.
fn done_again(case: &Case<'_>, ruling: &Ruling) -> Option<u64> {
    if !matches!(ruling.cause, Cause::Serial | Cause::Single | Cause::NoDispatch | Cause::Fewer | Cause::NothingBeside) {
        return None;
    }
    let turn = case.claim.turn;
    if case.index.proven_after(case.transcript, turn) < u64::from(case.need().count()) {
        return None;
    }
    let before: FxHashSet<&str> = ruling.window.iter().filter_map(|index| case.session.dispatches[*index].description.as_deref()).collect();
    let turns: BTreeSet<u32> = match before.is_empty() {
        true => BTreeSet::from([turn.saturating_add(1)]),
        false => before.iter().flat_map(|description| case.index.sent_after(case.transcript, description, turn)).copied().collect(),
    };
    // So few cannot prove it, and most turns have few.
    let has_enough = |later: &u32| case.index.turn(case.transcript, *later).len() as u64 >= u64::from(case.need().count());
    turns.into_iter().filter(has_enough).find_map(|later| {
        let window = case.in_turn(later);
        window.proves(case.need()).then(|| window.each().map(|dispatch| dispatch.line).min()).flatten()
    })
}
