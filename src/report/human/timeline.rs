//! Where on a row of columns each run stands.
//!
//! Serial runs must never look parallel, nor parallel ones serial. So a bar is not rounded by itself: every start and every end gets a
//! position between two columns, positions keep the order of the clock, and at least one column lies between any start and the end that
//! follows it. Then runs that follow one another share no column, and runs that overlap share one, whatever the scale.

use crate::model::moment::Moment;
use crate::report::lane::Interval;

/// A gap in which nothing runs, drawn shorter than it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Break {
    /// The first of the two columns that hold its sign.
    pub(super) column: usize,
    /// The moments that it lies between.
    pub(super) gap: Interval,
}

/// The columns of every interval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Placement {
    /// First and last column of each interval, in the order in which they were given.
    pub(super) cells: Vec<(usize, usize)>,
    /// Where the clock jumps, from left to right.
    pub(super) breaks: Vec<Break>,
    /// `false` where there were too few columns to keep all neighbours apart: those that follow one another may share one.
    pub(super) exact: bool,
}

/// Columns that a break takes: its sign and a blank on either side.
const BREAK: usize = 4;
const MOST_BREAKS: usize = 3;
/// A gap is broken where it takes more than two fifths of what is drawn.
const BROKEN_SHARE: (i128, i128) = (2, 5);

/// Places `intervals` on `columns` columns. A moment, such as a claim's, is an interval without length.
pub(super) fn place(intervals: &[Interval], columns: usize) -> Placement {
    let events = events(intervals);
    let mut needs: Vec<usize> = events.windows(2).map(|pair| usize::from(pair[0].opens() && pair[1].closes())).collect();
    let exact = needs.iter().sum::<usize>() <= columns;
    let broken = if exact { choose_breaks(&events, &mut needs, columns) } else { vec![false; needs.len()] };
    if !exact {
        needs.fill(0);
    }
    let positions = positions(&events, &needs, &broken, columns);

    let mut cells = vec![(0, 0); intervals.len()];
    let rightmost = columns.saturating_sub(1);
    for (event, &position) in events.iter().zip(&positions) {
        let cell = &mut cells[event.interval];
        if event.opens() {
            cell.0 = position.min(rightmost);
        } else if exact {
            cell.1 = position.saturating_sub(1).min(rightmost);
        } else {
            // Both ends inclusive: then runs that overlap still share a column, at the price that neighbours may as well.
            cell.1 = position.min(rightmost);
        }
    }
    let breaks = broken.iter().enumerate().filter(|(_, broken)| **broken);
    let breaks = breaks.map(|(index, _)| Break {
        column: (positions[index] + positions[index + 1]) / 2 - 1,
        gap: Interval { start: events[index].at, end: events[index + 1].at },
    });
    Placement { breaks: breaks.collect(), cells, exact }
}

/// A start or an end.
#[derive(Debug, Clone, Copy)]
struct Event {
    at: Moment,
    kind: Kind,
    interval: usize,
}

/// In this order where they fall on one moment: what ends then does not overlap what starts then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    End,
    PointStart,
    PointEnd,
    Start,
}

impl Event {
    fn opens(&self) -> bool {
        matches!(self.kind, Kind::Start | Kind::PointStart)
    }

    fn closes(&self) -> bool {
        !self.opens()
    }
}

fn events(intervals: &[Interval]) -> Vec<Event> {
    let mut events = Vec::with_capacity(intervals.len() * 2);
    for (interval, &Interval { start, end }) in intervals.iter().enumerate() {
        let (opens, closes) = if start < end { (Kind::Start, Kind::End) } else { (Kind::PointStart, Kind::PointEnd) };
        events.push(Event { at: start, kind: opens, interval });
        events.push(Event { at: end.max(start), kind: closes, interval });
    }
    events.sort_by_key(|event| (event.at, event.kind));
    events
}

/// Which gaps between two events are broken; asks for their columns in `needs`.
fn choose_breaks(events: &[Event], needs: &mut [usize], columns: usize) -> Vec<bool> {
    let mut broken = vec![false; needs.len()];
    let mut open = 0_i64;
    let mut idle: Vec<(i128, usize)> = Vec::new();
    for (index, pair) in events.windows(2).enumerate() {
        open += if pair[0].opens() { 1 } else { -1 };
        if open == 0 {
            idle.push((length(pair[0].at, pair[1].at), index));
        }
    }
    idle.sort_by(|one, other| other.cmp(one));
    let mut drawn = match (events.first(), events.last()) {
        (Some(first), Some(last)) => length(first.at, last.at),
        _ => 0,
    };
    let mut needed: usize = needs.iter().sum();
    for (gap, index) in idle.into_iter().take(MOST_BREAKS) {
        // Half of the columns stay for what ran.
        if gap * BROKEN_SHARE.1 <= drawn * BROKEN_SHARE.0 || (needed + BREAK) * 2 > columns {
            break;
        }
        broken[index] = true;
        needs[index] = BREAK;
        needed += BREAK;
        drawn -= gap;
    }
    broken
}

/// One position for each event: near its share of the clock, never before an earlier event's, and `needs` apart.
fn positions(events: &[Event], needs: &[usize], broken: &[bool], columns: usize) -> Vec<usize> {
    let steps = || events.windows(2).zip(broken).map(|(pair, &broken)| if broken { 0 } else { length(pair[0].at, pair[1].at) });
    let drawn = steps().sum::<i128>().max(1);
    let breaks = broken.iter().filter(|broken| **broken).count() * BREAK;
    let room = columns.saturating_sub(breaks) as i128;

    let mut positions = Vec::with_capacity(events.len());
    let mut elapsed = 0;
    let mut jumped = 0;
    let mut least = 0;
    positions.extend(events.first().map(|_| 0));
    for ((step, &need), &broken) in steps().zip(needs).zip(broken) {
        elapsed += step;
        jumped += if broken { BREAK } else { 0 };
        let wanted = usize::try_from((elapsed * room * 2 + drawn) / (drawn * 2)).unwrap_or(0) + jumped;
        least = wanted.max(least + need);
        positions.push(least);
    }
    // What was pushed beyond the right edge pushes back; the needs fit, so nothing is pushed beyond the left one.
    let mut most = columns;
    for (index, position) in positions.iter_mut().enumerate().rev() {
        *position = (*position).min(most);
        most = position.saturating_sub(if index == 0 { 0 } else { needs[index - 1] });
    }
    positions
}

fn length(from: Moment, to: Moment) -> i128 {
    i128::from(to.0) - i128::from(from.0)
}

#[cfg(test)]
mod tests {
    use super::{Interval, place};
    use crate::model::moment::Moment;
    use proptest::prelude::*;

    fn intervals(pairs: &[(i64, i64)]) -> Vec<Interval> {
        pairs.iter().map(|&(start, end)| Interval { start: Moment(start), end: Moment(end) }).collect()
    }

    #[test]
    fn runs_one_after_another_form_a_stair() {
        let placement = place(&intervals(&[(0, 10), (10, 20), (20, 40)]), 40);
        assert_eq!(placement.cells, [(0, 9), (10, 19), (20, 39)]);
        assert!(placement.exact && placement.breaks.is_empty());
    }

    #[test]
    fn a_moment_of_overlap_is_one_column() {
        let placement = place(&intervals(&[(0, 500_001), (500_000, 1_000_000)]), 10);
        assert_eq!(placement.cells, [(0, 5), (5, 9)]);
    }

    #[test]
    fn a_long_pause_is_broken() {
        let placement = place(&intervals(&[(0, 100), (10_000, 10_100)]), 24);
        assert_eq!(placement.cells, [(0, 9), (14, 23)]);
        assert_eq!(placement.breaks.len(), 1);
        assert_eq!(
            (placement.breaks[0].column, placement.breaks[0].gap.start, placement.breaks[0].gap.end),
            (11, Moment(100), Moment(10_000))
        );
    }

    #[test]
    fn a_claim_before_the_first_run_stands_before_it() {
        let placement = place(&intervals(&[(5, 100), (5, 90), (0, 0)]), 40);
        assert!(placement.cells[2].1 < placement.cells[0].0);
        assert_eq!(placement.cells[0].0, placement.cells[1].0);
    }

    #[test]
    fn nothing_at_all_has_no_columns() {
        assert_eq!(place(&[], 40).cells, []);
    }

    fn some_intervals() -> impl Strategy<Value = Vec<Interval>> {
        let long = (0_i64..100, 0_i64..40).prop_map(|(start, length)| (start, start + length));
        let short = (0_i64..10_000_000, 0_i64..3).prop_map(|(start, length)| (start, start + length));
        let any = (0_i64..10_000_000, 0_i64..10_000_000).prop_map(|(start, length)| (start, start + length));
        prop::collection::vec(prop_oneof![long, short, any], 0..14).prop_map(|pairs| intervals(&pairs))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn serial_never_looks_parallel_nor_parallel_serial(intervals in some_intervals(), columns in 1_usize..90) {
            let placement = place(&intervals, columns);
            prop_assert_eq!(placement.cells.len(), intervals.len());
            for (one, &(first, last)) in intervals.iter().zip(&placement.cells) {
                prop_assert!(first <= last && last < columns, "{first}..={last} of {columns}");
                for (other, &(other_first, other_last)) in intervals.iter().zip(&placement.cells) {
                    let points = one == other && one.start == one.end;
                    if one.end <= other.start && !points && (one.start, one.end) != (other.start, other.end) {
                        prop_assert!(last <= other_first, "{one:?} {other:?}");
                        prop_assert!(!placement.exact || last < other_first, "{one:?} {other:?}");
                    }
                    if one.start < other.end && other.start < one.end {
                        prop_assert!(first <= other_last && other_first <= last, "{one:?} {other:?}");
                    }
                }
                for gap in &placement.breaks {
                    prop_assert!(last < gap.column || gap.column + 1 < first);
                }
            }
            // Fourteen runs need at most fourteen columns.
            prop_assert!(placement.exact || columns < 14);
        }
    }
}
