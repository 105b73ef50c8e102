//! Intervals to batches, peak and effective concurrency. Pure: no clock, no input.
//!
//! In a log whose clock is its lines, an `Interval` counts lines: what overlaps and how many were open at once is told from
//! them as from times. How long something took is not, so every measure in seconds is made from `ran` alone.

mod measures;

pub use measures::{Measures, measure};

use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Session, Status};

/// A half-open stretch of time; `end` is not before `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// Its first moment.
    pub start: Moment,
    /// The moment at which it is over.
    pub end: Moment,
}

impl Interval {
    /// Whether both were open at some moment. One that ends when the other starts does not overlap it.
    pub fn overlaps(self, other: Interval) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Its length in milliseconds.
    pub fn length(self) -> i64 {
        self.end.0.saturating_sub(self.start.0)
    }
}

/// When a dispatch ran by the clock, where that is known; never in a log whose clock is its lines.
pub fn ran(dispatch: &Dispatch) -> Option<Interval> {
    dispatch.started.zip(dispatch.ended).map(|(start, end)| Interval { start, end }).filter(|_| dispatch.extent.is_none())
}

/// The stretch in which a dispatch ran for sure: by the clock, or in a text by its lines.
pub fn known(dispatch: &Dispatch) -> Option<Interval> {
    match dispatch.extent {
        Some(extent) if became_an_agent(dispatch) => Some(lines(extent.surely)),
        Some(_) => None,
        None => ran(dispatch),
    }
}

/// What failed or was stopped and shows no work may never have begun: an unknown type of agent, a permission that was not given.
fn became_an_agent(dispatch: &Dispatch) -> bool {
    match dispatch.status {
        Status::Rejected => false,
        Status::Failed | Status::Interrupted => dispatch.tool_uses.is_some() || dispatch.duration.is_some(),
        Status::Completed | Status::Running | Status::NoResult => true,
    }
}

/// Lines as the moments of a log that has no others. The line numbers of a file lie far within; the end that is not known does not.
fn lines((first, over): (u64, u64)) -> Interval {
    let moment = |line: u64| Moment(i64::try_from(line).unwrap_or(i64::MAX));
    Interval { start: moment(first), end: moment(over.max(first)) }
}

/// The longest time in which a dispatch can have run: its interval, its bounds, or everything after its call.
/// `None` where it never ran.
pub fn may_have_run(dispatch: &Dispatch) -> Option<Interval> {
    let (first, last) = (Moment(i64::MIN), Moment(i64::MAX));
    if let Some(extent) = dispatch.extent {
        return (dispatch.status != Status::Rejected).then(|| lines(extent.possibly));
    }
    if let Some(known) = ran(dispatch) {
        // An agent that was still at work when its log ends went on for nobody knows how long.
        let end = if dispatch.status == Status::Running { last } else { known.end };
        return Some(Interval { start: known.start, end });
    }
    if dispatch.status == Status::Rejected {
        return None;
    }
    match (dispatch.requested, dispatch.returned) {
        // A clock that was set back between call and result leaves nothing to go by.
        (Some(start), Some(end)) if end < start => Some(Interval { start: first, end: last }),
        (start, end) => Some(Interval { start: start.unwrap_or(first), end: end.unwrap_or(last) }),
    }
}

/// The most intervals open at once, by sweep line; an end comes before a start at the same moment.
///
/// Something that ran for less than a millisecond still ran: the peak of a non-empty set is at least 1.
pub fn peak(intervals: &[Interval]) -> u32 {
    let mut edges: Vec<(Moment, i32)> = intervals.iter().flat_map(|interval| [(interval.start, 1), (interval.end, -1)]).collect();
    edges.sort_unstable();
    let (mut open, mut most) = (0, i32::from(!intervals.is_empty()));
    for (_, step) in edges {
        open += step;
        most = most.max(open);
    }
    u32::try_from(most).unwrap_or(0)
}

/// The length of the union in milliseconds.
pub fn union(intervals: &[Interval]) -> i64 {
    let mut sorted = intervals.to_vec();
    sorted.sort_unstable();
    let mut total: i64 = 0;
    let mut reached: Option<Moment> = None;
    for interval in sorted {
        let from = reached.map_or(interval.start, |reached| reached.max(interval.start));
        total = total.saturating_add(interval.end.0.saturating_sub(from.0).max(0));
        reached = Some(reached.map_or(interval.end, |reached| reached.max(interval.end)));
    }
    total
}

/// The most dispatches of a session that were open at once for sure, nested ones included.
pub fn session_peak(session: &Session) -> u32 {
    peak(&session.dispatches.iter().filter_map(known).collect::<Vec<_>>())
}

/// Dispatches of one turn of one thread that are connected by overlap in time or by one response.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Indices of the session's dispatches, ascending.
    pub members: Vec<usize>,
    /// How parallel they were.
    pub measures: Measures,
}

/// The batches of a session, in the order of their first members.
pub fn batches(session: &Session) -> Vec<Batch> {
    let all: Vec<usize> = (0..session.dispatches.len()).collect();
    let mut groups = connect(&session.dispatches, &all, known);
    groups.sort();
    let measured = groups.into_iter().map(|members| {
        let measures = measure(&members.iter().map(|index| &session.dispatches[*index]).collect::<Vec<_>>());
        Batch { members, measures }
    });
    measured.collect()
}

/// Groups `members` by turn, response and overlap of what `interval` says of each.
pub fn connect(dispatches: &[Dispatch], members: &[usize], interval: impl Fn(&Dispatch) -> Option<Interval>) -> Vec<Vec<usize>> {
    let mut groups = Groups::new(members.len());
    let mut by_turn: rustc_hash::FxHashMap<(usize, u32), Vec<usize>> = rustc_hash::FxHashMap::default();
    for (position, index) in members.iter().enumerate() {
        by_turn.entry((dispatches[*index].transcript, dispatches[*index].turn)).or_default().push(position);
    }
    for positions in by_turn.values() {
        let mut by_response: rustc_hash::FxHashMap<&str, usize> = rustc_hash::FxHashMap::default();
        for position in positions {
            if let Some(response) = &dispatches[members[*position]].response {
                let first = *by_response.entry(response).or_insert(*position);
                groups.join(first, *position);
            }
        }
        let mut timed: Vec<(Interval, usize)> = positions
            .iter()
            .filter_map(|position| interval(&dispatches[members[*position]]).map(|interval| (interval, *position)))
            .collect();
        timed.sort_unstable();
        // Sorted by start, an interval overlaps an earlier one exactly where it overlaps the one that reaches furthest.
        let mut furthest: Option<(Interval, usize)> = None;
        for (interval, position) in timed {
            if let Some((reach, other)) = furthest
                && interval.overlaps(reach)
            {
                groups.join(other, position);
            }
            if furthest.is_none_or(|(reach, _)| interval.end > reach.end) {
                furthest = Some((interval, position));
            }
        }
    }
    groups.collect(members)
}

/// Sets that can be joined.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Groups {
        Groups { parent: (0..count).collect() }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other)] = one.min(other);
    }

    fn collect(mut self, members: &[usize]) -> Vec<Vec<usize>> {
        let mut groups: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for (position, member) in members.iter().enumerate() {
            let root = self.root(position);
            groups.entry(root).or_default().push(*member);
        }
        groups.into_values().collect()
    }
}

#[cfg(test)]
mod tests;
