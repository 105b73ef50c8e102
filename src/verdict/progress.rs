//! Progress files that agents write, held against the dispatches of the log.

use super::{Cause, Ruling};
use crate::model::finding::Verdict;
use crate::model::moment::Moment;
use crate::model::session::{Clock, Dispatch, ProgressReport, Session, Status};
use crate::timeline::may_have_run;

/// Judges a progress file as it was at its write: it may not call more tasks complete than agents had finished, nor
/// more running than were.
pub(super) fn judge(session: &Session, report: &ProgressReport) -> Ruling {
    let Some(now) = session.when(report.place) else { return Ruling::unknown("the write has no time stamp") };
    let begun: Vec<usize> =
        (0..session.dispatches.len()).filter(|index| begin(session, &session.dispatches[*index]).is_some_and(|at| at <= now)).collect();
    let each = || begun.iter().map(|index| &session.dispatches[*index]);
    let finished =
        each().filter(|dispatch| dispatch.status == Status::Completed && end(session, dispatch).is_some_and(|end| end <= now)).count();
    let maybe_finished = finished + each().filter(|dispatch| may_have_finished(session, dispatch, now)).count();
    let maybe_open = each().filter(|dispatch| may_have_run(dispatch).is_some_and(|interval| interval.end >= now)).count();
    let other_means = session.transcripts.iter().any(|transcript| !transcript.other_means.is_empty());
    let too_many = |claimed: u32, most: usize| u64::from(claimed) > most as u64;
    let mut ruling = if !too_many(report.completed, finished) && !too_many(report.running, maybe_open) {
        Ruling::backed(format!("{} finished by then", agents_had(finished)))
    } else if other_means {
        Ruling::unknown("agents were started by other means, whose runs are not in this log")
    } else if too_many(report.completed, maybe_finished) {
        let verdict = if begun.is_empty() { Verdict::Unbacked } else { Verdict::Contradicted };
        Ruling::new(verdict, Cause::ProgressOtherwise, format!("{} finished by then", agents_had(maybe_finished)))
    } else if too_many(report.running, maybe_open) {
        let verdict = if begun.is_empty() { Verdict::Unbacked } else { Verdict::Contradicted };
        Ruling::new(
            verdict,
            Cause::ProgressOtherwise,
            format!("{} running then", if maybe_open == 1 { "1 agent was".to_owned() } else { format!("{maybe_open} agents were") }),
        )
    } else {
        Ruling::unknown(if session.clock == Clock::Lines {
            "the text does not tell which agents had finished by then"
        } else {
            "the end of an agent is not in the log"
        })
    };
    ruling.facts.count = Some(report.completed);
    ruling.facts.counted = u32::try_from(finished).ok();
    ruling.facts.dispatches = u32::try_from(begun.len()).unwrap_or(u32::MAX);
    ruling.over(&begun)
}

fn begin(session: &Session, dispatch: &Dispatch) -> Option<Moment> {
    match session.clock {
        Clock::Times => dispatch.requested,
        Clock::Lines => may_have_run(dispatch).map(|stretch| stretch.start),
    }
}

/// When it had ended for sure; in a text that is the end of its longest stretch.
fn end(session: &Session, dispatch: &Dispatch) -> Option<Moment> {
    match session.clock {
        Clock::Times => dispatch.ended.or(dispatch.returned),
        Clock::Lines => may_have_run(dispatch).map(|stretch| stretch.end),
    }
}

/// Of those that are not known to have finished. In a text an agent that began may have come back at any line behind.
fn may_have_finished(session: &Session, dispatch: &Dispatch, now: Moment) -> bool {
    match session.clock {
        Clock::Times => end(session, dispatch).is_none() && dispatch.status != Status::Rejected,
        Clock::Lines => {
            let stopped = matches!(dispatch.status, Status::Rejected | Status::Failed | Status::Interrupted);
            !stopped && end(session, dispatch).is_some_and(|end| end > now || dispatch.status != Status::Completed)
        }
    }
}

fn agents_had(count: usize) -> String {
    if count == 1 { "1 agent had".to_owned() } else { format!("{count} agents had") }
}
