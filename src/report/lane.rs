//! When each agent of a session ran, as far as that is known: the one timeline that every format shows.

use super::v1::{Dispatch, Session, Stamp};
use crate::model::moment::Moment;
use crate::model::session::{Status, Timing};

/// From a start to an end that is not before it, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) start: Moment,
    pub(super) end: Moment,
}

/// How much is known of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    /// It ran somewhere within.
    Bounds,
    /// It began within, and no end is known.
    Open,
    /// It was called then; it never ran, or the log does not say how long.
    Point,
    /// It ran from the first moment to the last.
    Exactly,
}

/// The time of a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) interval: Interval,
    pub(super) known: Known,
    /// It did not end well.
    pub(super) trouble: bool,
}

/// When a dispatch ran; `None` where the log gives it no time at all. One without an end goes on to `horizon`.
pub(super) fn bar(dispatch: &Dispatch, horizon: Moment) -> Option<Bar> {
    let trouble = trouble(dispatch.status).is_some();
    let exact = moment(dispatch.started).zip(moment(dispatch.ended)).filter(|(start, end)| start <= end);
    if let Some((start, end)) = exact {
        return Some(Bar { interval: Interval { start, end }, known: Known::Exactly, trouble });
    }
    let start = moment(dispatch.started).or(moment(dispatch.requested))?;
    let returned = moment(dispatch.returned).filter(|returned| *returned >= start);
    let (end, known) = match (dispatch.status, returned) {
        (Status::Rejected, _) => (start, Known::Point),
        (_, Some(returned)) if dispatch.timing == Timing::Bounds => (returned, Known::Bounds),
        (Status::Failed | Status::Interrupted, Some(returned)) => (returned, Known::Bounds),
        (Status::Failed | Status::Interrupted, None) => (start, Known::Point),
        _ => (horizon.max(start), Known::Open),
    };
    Some(Bar { interval: Interval { start, end }, known, trouble })
}

/// The last moment that is known of any of `dispatches`.
pub(super) fn horizon<'d>(dispatches: impl Iterator<Item = &'d Dispatch>) -> Option<Moment> {
    dispatches.flat_map(|dispatch| [dispatch.requested, dispatch.returned, dispatch.ended]).filter_map(moment).max()
}

/// What went wrong with a dispatch, in a word.
pub(super) fn trouble(status: Status) -> Option<&'static str> {
    match status {
        Status::Failed => Some("failed"),
        Status::Rejected => Some("rejected"),
        Status::Interrupted => Some("interrupted"),
        Status::Completed | Status::Running | Status::NoResult => None,
    }
}

/// What people call a dispatch.
pub(super) fn label(dispatch: &Dispatch) -> &str {
    let named = [&dispatch.description, &dispatch.agent_type, &dispatch.agent];
    named.into_iter().flatten().map(|name| name.trim()).find(|name| !name.is_empty()).unwrap_or("agent")
}

/// The moment of a stamp.
pub(super) fn moment(stamp: Option<Stamp>) -> Option<Moment> {
    stamp.map(|stamp| stamp.0)
}

/// How many timed dispatches were open from each moment on, ascending; the first step begins at 1 or more, the last one is 0.
///
/// As for the session's peak, what ends at a moment is not open any more when something else starts at it. What took no
/// time leaves no step.
pub(super) fn concurrency(session: &Session) -> Vec<(Moment, u32)> {
    steps(session.dispatches.iter().filter_map(|dispatch| moment(dispatch.started).zip(moment(dispatch.ended))))
}

/// The same of any intervals, each from its start to its end.
pub(super) fn steps(timed: impl Iterator<Item = (Moment, Moment)>) -> Vec<(Moment, u32)> {
    let mut events: Vec<(Moment, i32)> =
        timed.filter(|(start, end)| start < end).flat_map(|(start, end)| [(start, 1), (end, -1)]).collect();
    events.sort_unstable();
    let mut steps: Vec<(Moment, u32)> = Vec::new();
    let mut open = 0_i32;
    for (at, change) in events {
        open += change;
        let count = u32::try_from(open).unwrap_or_default();
        match steps.last_mut() {
            Some(last) if last.0 == at => last.1 = count,
            _ => steps.push((at, count)),
        }
    }
    steps.dedup_by_key(|step| step.1);
    steps
}
