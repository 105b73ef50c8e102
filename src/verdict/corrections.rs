//! Claims that the assistant takes back later, in words or by doing it.

use super::agents::Case;
use super::{Cause, Ruling};
use crate::model::finding::Verdict;
use rustc_hash::FxHashSet;

/// Turns a verdict against a claim into `corrected` where the same log takes the claim back.
pub(super) fn apply(case: &Case<'_>, ruling: Ruling) -> Ruling {
    if !matches!(ruling.verdict, Verdict::Contradicted | Verdict::Unbacked | Verdict::Overstated) {
        return ruling;
    }
    if let Some((line, text)) = denial(case) {
        return Ruling {
            verdict: Verdict::Corrected,
            why: format!("taken back in line {line}"),
            place: Some((line, format!("taken back here: \"{text}\""))),
            ..ruling
        };
    }
    if let Some(line) = done_again(case, &ruling) {
        return Ruling {
            verdict: Verdict::Corrected,
            why: format!("sent again in parallel in line {line}"),
            place: Some((line, "sent again here, truly in parallel".to_owned())),
            ..ruling
        };
    }
    ruling
}

fn denial(case: &Case<'_>) -> Option<(u64, String)> {
    let claim = case.claim;
    case.transcript()
        .denials
        .iter()
        .find(|denial| denial.place.line > claim.place.line)
        .map(|denial| (denial.place.line, denial.text.clone()))
}

/// A later turn sends the same work again, and it overlaps. "The same" is the next turn, or equal descriptions: an
/// unrelated batch hours later takes nothing back.
fn done_again(case: &Case<'_>, ruling: &Ruling) -> Option<u64> {
    if !matches!(ruling.cause, Cause::Serial | Cause::Single | Cause::NoDispatch | Cause::Fewer | Cause::NothingBeside) {
        return None;
    }
    let turn = case.claim.turn;
    let before: FxHashSet<&str> = ruling.window.iter().filter_map(|index| case.session.dispatches[*index].description.as_deref()).collect();
    let later = case.index.thread(case.transcript).iter().map(|index| case.session.dispatches[*index].turn).filter(|other| *other > turn);
    let turns: std::collections::BTreeSet<u32> = later.collect();
    turns.into_iter().find_map(|later| {
        let window = case.in_turn(later);
        let same = later == turn + 1
            || window.each().filter_map(|dispatch| dispatch.description.as_deref()).any(|description| before.contains(description));
        (same && window.proves(case.need())).then(|| window.each().map(|dispatch| dispatch.line).min()).flatten()
    })
}
