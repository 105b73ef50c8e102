//! Claims that work is done: tests that pass, tasks that are complete.

use super::index::Index;
use super::{Cause, Ruling, text, unread};
use crate::model::finding::Verdict;
use crate::model::session::{Claim, Dispatch, Run, Session, Status};

/// "All 123 tests pass": a run since the last edit that passed, with that count.
pub(super) fn tests(session: &Session, index: &Index<'_>, transcript: usize, claim: &Claim) -> Ruling {
    let Some(now) = session.when(claim.place) else { return Ruling::unknown("the sentence has no time stamp") };
    let last_edit = index.last_edit(now);
    let runs = index.runs(last_edit, now);
    // What an agent did before the last run does not matter to that run.
    let last_run = runs.iter().filter(|run| run.tests).filter_map(|run| session.when(run.place)).max();
    let mut ruling = over_runs(claim, &runs, index.unseen_agent(last_run.or(last_edit), now), last_edit.is_some());
    if ruling.verdict == Verdict::Backed && last_run.is_some_and(|run| index.may_be_edited(run, now)) {
        ruling = Ruling::unknown("a shell command may have changed a file since the last run");
    }
    ruling.facts.count = claim.what.count;
    let edited = last_edit.is_some();
    let ruling = text::tests(session, &session.transcripts[transcript], index.thread(transcript), claim, edited, ruling);
    unread::tests(session, &session.transcripts[transcript], claim, edited, ruling)
}

fn over_runs(claim: &Claim, runs: &[&Run], unseen: bool, edited: bool) -> Ruling {
    let tests: Vec<&&Run> = runs.iter().filter(|run| run.tests).collect();
    let Some(last) = tests.last() else {
        if unseen {
            return Ruling::unknown("an agent whose transcript is not at hand may have run them");
        }
        if !runs.is_empty() {
            return Ruling::unknown("a command ran that may have been the tests");
        }
        let since = if edited { "since the last edit" } else { "in this log" };
        return Ruling::new(Verdict::Unbacked, Cause::TestsNotRun, format!("no test run {since}"));
    };
    let place = Some((last.place.line, format!("the last test run: {}", last.command)));
    if last.passed == Some(false) && !unseen {
        return Ruling { place, ..Ruling::new(Verdict::Contradicted, Cause::TestsFailed, "the last test run failed") };
    }
    if unseen {
        return Ruling { place, ..Ruling::unknown("an agent whose transcript is not at hand worked after the last run") };
    }
    if last.passed != Some(true) {
        return Ruling { place, ..Ruling::unknown("the log does not say how the last test run ended") };
    }
    if tests.iter().all(|run| run.count == Some(0)) {
        return Ruling { place, ..Ruling::unknown("no test ran: the last run counts none") };
    }
    let Some(wanted) = claim.what.count else { return Ruling::backed("the last test run passed") };
    let counts: Vec<u32> = tests.iter().filter_map(|run| run.count).collect();
    let sum = counts.iter().fold(0u32, |sum, count| sum.saturating_add(*count));
    if counts.contains(&wanted) || sum == wanted {
        return Ruling::backed("the test run counts the same");
    }
    if counts.len() < tests.len() || runs.len() > tests.len() {
        return Ruling { place, ..Ruling::unknown("the log does not say how many tests ran") };
    }
    let counted = counts.last().copied();
    let mut ruling = Ruling { place, ..Ruling::new(Verdict::Contradicted, Cause::TestsCountOtherwise, "the test run counts otherwise") };
    ruling.facts.counted = counted;
    ruling
}

/// "All 7 tasks done": no dispatch of this turn (of the session, where the turn has none) failed for good.
pub(super) fn completion(session: &Session, index: &Index<'_>, transcript: usize, claim: &Claim) -> Ruling {
    let before = |members: &[usize]| -> Vec<usize> {
        members.iter().copied().filter(|number| session.dispatches[*number].line <= claim.place.line).collect()
    };
    let turn = before(index.turn(transcript, claim.turn));
    let window = if turn.is_empty() { before(index.thread(transcript)) } else { turn };
    if window.is_empty() {
        return Ruling::unknown("no agent was dispatched, so the log does not say which tasks there were");
    }
    let untold = window.iter().any(|index| session.dispatches[*index].status == Status::NoResult);
    let failed = window.iter().copied().find(|index| {
        let dispatch = &session.dispatches[*index];
        dispatch.status == Status::Failed && !tried_again(session, &window, dispatch)
    });
    let mut ruling = match failed {
        Some(index) => {
            let dispatch = &session.dispatches[index];
            let name = dispatch.description.as_deref().unwrap_or(&dispatch.id);
            Ruling {
                place: Some((dispatch.line, format!("this dispatch failed: {name}"))),
                ..Ruling::new(Verdict::Contradicted, Cause::DispatchFailed, "a dispatch failed")
            }
        }
        None if text::is_text(session) && untold => Ruling::unknown("the text does not show how every agent ended"),
        None => Ruling::backed("no dispatch failed"),
    };
    ruling.facts.count = claim.what.count;
    ruling.facts.dispatches = u32::try_from(window.len()).unwrap_or(u32::MAX);
    ruling.over(&window)
}

/// The same task was sent again later and completed, or the call was mended at once (an unknown agent type, say).
fn tried_again(session: &Session, window: &[usize], failed: &Dispatch) -> bool {
    window.iter().map(|index| &session.dispatches[*index]).any(|other| {
        let same = other.description == failed.description || (failed.started.is_none() && other.agent_type != failed.agent_type);
        other.line > failed.line && other.status == Status::Completed && same
    })
}
