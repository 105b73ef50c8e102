//! Progress files that agents write, held against the dispatches of the log.

use super::{Cause, Ruling};
use crate::model::finding::Verdict;
use crate::model::session::{ProgressReport, Session, Status};
use crate::timeline::may_have_run;

/// Judges a progress file as it was at its write: it may not call more tasks complete than agents had finished, nor
/// more running than were.
pub(super) fn judge(session: &Session, report: &ProgressReport) -> Ruling {
    let Some(now) = report.place.at else { return Ruling::unknown("the write has no time stamp") };
    let begun: Vec<usize> =
        (0..session.dispatches.len()).filter(|index| session.dispatches[*index].requested.is_some_and(|at| at <= now)).collect();
    let each = || begun.iter().map(|index| &session.dispatches[*index]);
    let finished = each()
        .filter(|dispatch| dispatch.status == Status::Completed && dispatch.ended.or(dispatch.returned).is_some_and(|end| end <= now))
        .count();
    let maybe_finished =
        finished + each().filter(|dispatch| dispatch.ended.or(dispatch.returned).is_none() && dispatch.status != Status::Rejected).count();
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
        Ruling::unknown("the end of an agent is not in the log")
    };
    ruling.facts.count = Some(report.completed);
    ruling.facts.counted = u32::try_from(finished).ok();
    ruling.facts.dispatches = u32::try_from(begun.len()).unwrap_or(u32::MAX);
    ruling.over(&begun)
}

fn agents_had(count: usize) -> String {
    if count == 1 { "1 agent had".to_owned() } else { format!("{count} agents had") }
}
