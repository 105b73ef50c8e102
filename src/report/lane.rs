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

/// When each dispatch of a session ran. One without an end may have gone on for as long as the session did: nobody may take that
/// for time in which nothing ran.
pub(super) fn bars(session: &Session) -> Vec<Option<Bar>> {
    let horizon = horizon(session.dispatches.iter()).max(moment(session.ended)).unwrap_or_default();
    session.dispatches.iter().map(|dispatch| bar(dispatch, horizon)).collect()
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

#[cfg(test)]
mod tests {
    use super::{Known, bar, bars, concurrency, horizon, label, moment};
    use crate::model::moment::Moment;
    use crate::model::session::Status;
    use crate::report::example::{bounded, endless, ran, session, stamp};
    use crate::report::v1::{Dispatch, Stamp};
    use crate::timeline::{Interval, peak};
    use proptest::prelude::*;

    #[test]
    fn what_is_known_of_a_run() {
        let until = moment(stamp("12:00:00")).unwrap();
        let known = |dispatch: &Dispatch| bar(dispatch, until).map(|bar| (bar.known, bar.interval.end == until));
        assert_eq!(known(&ran("x", "10:00:00", "10:01:00")), Some((Known::Exactly, false)));
        assert_eq!(known(&bounded("x", "10:00:00", "10:01:00")), Some((Known::Bounds, false)));
        assert_eq!(known(&endless("x", "10:00:00")), Some((Known::Open, true)));
        let rejected = Dispatch { status: Status::Rejected, ..bounded("x", "10:00:00", "10:01:00") };
        assert_eq!(known(&rejected), Some((Known::Point, false)));
        assert_eq!(known(&Dispatch { requested: None, ..endless("x", "10:00:00") }), None);
        assert_eq!(horizon([&ran("x", "10:00:00", "10:01:00"), &endless("y", "10:02:00")].into_iter()), moment(stamp("10:02:00")));
    }

    #[test]
    fn what_has_no_end_may_go_on_as_long_as_the_session() {
        let dispatches = vec![ran("x", "10:00:00", "10:01:00"), endless("y", "10:00:30")];
        let ends = |until: &str| {
            let session = session("10:00:00", until, 1, dispatches.clone(), Vec::new());
            bars(&session).into_iter().flatten().map(|bar| Some(bar.interval.end)).collect::<Vec<_>>()
        };
        assert_eq!(ends("10:05:00"), [moment(stamp("10:01:00")), moment(stamp("10:05:00"))]);
        assert_eq!(ends("10:00:40"), [moment(stamp("10:01:00")), moment(stamp("10:01:00"))]);
    }

    #[test]
    fn a_name_is_what_says_most() {
        let named = ran(" what for ", "10:00:00", "10:01:00");
        assert_eq!(label(&named), "what for");
        assert_eq!(label(&Dispatch { description: Some(" ".into()), ..named.clone() }), "general-purpose");
        assert_eq!(label(&Dispatch { description: None, agent_type: None, agent: None, ..named }), "agent");
    }

    #[test]
    fn what_follows_at_once_is_no_overlap() {
        let serial = vec![ran("x", "10:00:00", "10:01:00"), ran("y", "10:01:00", "10:02:00"), ran("z", "10:02:00", "10:02:00")];
        let steps = concurrency(&session("10:00:00", "10:03:00", 1, serial, Vec::new()));
        let at = |time: &str| moment(stamp(time)).unwrap();
        assert_eq!(steps, [(at("10:00:00"), 1), (at("10:02:00"), 0)]);
    }

    proptest! {
        #[test]
        fn the_curve_is_the_peak_at_most_and_ends_at_none(times in prop::collection::vec((0_i64..99, 0_i64..30), 0..20)) {
            let intervals: Vec<Interval> =
                times.iter().map(|(start, length)| Interval { start: Moment(*start), end: Moment(start + length) }).collect();
            let dispatches = intervals.iter().map(|interval| Dispatch {
                started: Some(Stamp(interval.start)),
                ended: Some(Stamp(interval.end)),
                ..ran("x", "10:00:00", "10:00:00")
            });
            let steps = concurrency(&session("10:00:00", "11:00:00", 0, dispatches.collect(), Vec::new()));
            let most = steps.iter().map(|step| step.1).max().unwrap_or_default();
            let lasting = intervals.iter().filter(|interval| interval.start < interval.end).count();
            prop_assert_eq!(most, if lasting == 0 { 0 } else { peak(&intervals) });
            prop_assert_eq!(steps.last().map_or(0, |step| step.1), 0);
            prop_assert!(steps.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
        }
    }
}
