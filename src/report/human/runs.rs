//! What a timeline shows: one row an agent, those beyond a limit together in one.

use crate::model::moment::Moment;
use crate::report::lane::{self, Bar, Known, bar, trouble};
use crate::report::v1::{Dispatch, Session};

/// More rows than this are folded.
pub(super) const MOST_ROWS: usize = 8;

/// A row of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Who ran; for rows folded together, `None`.
    pub(super) label: Option<String>,
    /// How many dispatches it stands for.
    pub(super) count: usize,
    pub(super) bars: Vec<Bar>,
    pub(super) note: Note,
}

/// What stands at the end of a row: how long it took, or why that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    Nothing,
    /// Milliseconds.
    Took(i64),
    /// Milliseconds.
    AtMost(i64),
    Said(&'static str),
    /// For rows folded together: how many ran at once where that is known, and how many did not end well.
    Folded {
        peak: Option<usize>,
        troubled: usize,
    },
}

/// Everything that one timeline shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Runs {
    pub(super) rows: Vec<Row>,
    /// How the dispatches in trouble ended, each word once.
    pub(super) troubles: Vec<&'static str>,
    /// Dispatches that the log gives no time at all.
    pub(super) timeless: usize,
}

/// The rows of `dispatches`, in the order of their start.
pub(super) fn runs(dispatches: &[&Dispatch], claim: Option<Moment>, columns: usize) -> Runs {
    let mut runs = Runs::default();
    let mut rows = Vec::new();
    // A run without an end is drawn up to the last thing that is known.
    let horizon = lane::horizon(dispatches.iter().copied()).max(claim).unwrap_or_default();
    for dispatch in dispatches {
        if let Some(word) = trouble(dispatch.status)
            && !runs.troubles.contains(&word)
        {
            runs.troubles.push(word);
        }
        match bar(dispatch, horizon) {
            Some(bar) => rows.push((bar, row(dispatch, bar))),
            None => runs.timeless += 1,
        }
    }
    rows.sort_by_key(|(bar, _)| bar.interval.start);
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    if rows.len() > MOST_ROWS {
        let rest = rows.split_off(MOST_ROWS - 1);
        let folded = union(&rows, &rest, claim, columns);
        rows.push(folded);
    }
    runs.rows = rows;
    runs
}

/// The dispatches of `ids`, in that order.
pub(super) fn find<'s>(session: &'s Session, ids: &[String]) -> Vec<&'s Dispatch> {
    ids.iter().filter_map(|id| session.dispatches.iter().find(|dispatch| dispatch.id == *id)).collect()
}

fn row(dispatch: &Dispatch, bar: Bar) -> Row {
    let length = length(bar.interval.start, bar.interval.end);
    let note = match bar.known {
        Known::Exactly => Note::Took(length),
        Known::Bounds => Note::AtMost(length),
        Known::Open => Note::Said("no end"),
        Known::Point => trouble(dispatch.status).map_or(Note::Nothing, Note::Said),
    };
    Row { label: Some(lane::label(dispatch).to_owned()), count: 1, bars: vec![bar], note }
}

/// One row for all of `rest`: where any of them ran.
fn union(shown: &[Row], rest: &[Row], claim: Option<Moment>, columns: usize) -> Row {
    let mut all: Vec<Bar> = rest.iter().flat_map(|row| row.bars.iter().copied()).collect();
    let note = Note::Folded { peak: peak(&all), troubled: all.iter().filter(|bar| bar.trouble).count() };
    all.sort_by_key(|bar| (bar.known, bar.interval.start, bar.interval.end));

    let edges = || all.iter().chain(shown.iter().flat_map(|row| &row.bars)).map(|bar| bar.interval);
    let start = edges().map(|edge| edge.start).min().unwrap_or_default();
    let end = edges().map(|edge| edge.end).max().unwrap_or_default();
    let crumb = length(start, end) / i64::try_from(columns.max(1)).unwrap_or(i64::MAX);
    let marks = shown.iter().flat_map(|row| &row.bars).flat_map(|bar| [bar.interval.start, bar.interval.end]);
    let marks: Vec<Moment> = marks.chain(claim).collect();
    // A pause too short to be seen is drawn over, unless something that is shown happened in it.
    let unseen = |from: Moment, to: Moment| length(from, to) <= crumb && !marks.iter().any(|mark| (from..=to).contains(mark));

    let mut bars: Vec<Bar> = Vec::new();
    for next in all {
        let interval = next.interval;
        match bars.last_mut() {
            Some(last) if last.known == next.known && (interval.start < last.interval.end || unseen(last.interval.end, interval.start)) => {
                last.interval.end = last.interval.end.max(interval.end);
            }
            _ => bars.push(Bar { trouble: false, ..next }),
        }
    }
    Row { label: None, count: rest.len(), bars, note }
}

/// The most of `bars` that ran at once, or `None` where one of them is not known exactly.
fn peak(bars: &[Bar]) -> Option<usize> {
    let running = |at: Moment| bars.iter().filter(|bar| bar.interval.start <= at && at < bar.interval.end).count().max(1);
    let exact = bars.iter().all(|bar| bar.known == Known::Exactly);
    // The most run at once when one of them starts.
    if exact { bars.iter().map(|bar| running(bar.interval.start)).max() } else { None }
}

fn length(from: Moment, to: Moment) -> i64 {
    to.0.saturating_sub(from.0)
}

#[cfg(test)]
mod tests {
    use super::{Bar, Known, MOST_ROWS, Note, Row, runs, union};
    use crate::model::moment::Moment;
    use crate::report::example::ran;
    use crate::report::lane::Interval;
    use proptest::prelude::*;

    fn row((start, length): (i64, i64)) -> Row {
        let interval = Interval { start: Moment(start), end: Moment(start + length) };
        Row { label: None, count: 1, bars: vec![Bar { interval, known: Known::Exactly, trouble: false }], note: Note::Nothing }
    }

    fn overlap(one: &Bar, other: &Bar) -> bool {
        one.interval.start < other.interval.end && other.interval.start < one.interval.end
    }

    #[test]
    fn as_many_rows_as_there_is_room_for_and_never_one_folded() {
        let many: Vec<_> = (10..22).map(|minute| ran("x", &format!("10:{minute}:00"), &format!("10:{minute}:50"))).collect();
        let some = |count: usize| runs(&many[..count].iter().collect::<Vec<_>>(), None, 40);
        assert_eq!(some(MOST_ROWS).rows.iter().map(|row| row.count).max(), Some(1));
        assert_eq!(some(MOST_ROWS + 1).rows.last().map(|row| row.count), Some(2));
        assert_eq!(some(12).rows.len(), MOST_ROWS);
        assert_eq!(some(12).rows.last().map(|row| row.note), Some(Note::Folded { peak: Some(1), troubled: 0 }));
    }

    proptest! {
        #[test]
        fn folding_makes_nothing_parallel_nor_serial(
            shown in prop::collection::vec((0_i64..300, 0_i64..60), 0..6),
            rest in prop::collection::vec((0_i64..300, 0_i64..60), 2..12),
            columns in 1_usize..60,
        ) {
            let shown: Vec<Row> = shown.into_iter().map(row).collect();
            let rest: Vec<Row> = rest.into_iter().map(row).collect();
            let folded = union(&shown, &rest, None, columns);
            for bar in shown.iter().flat_map(|row| &row.bars) {
                let before = rest.iter().flat_map(|row| &row.bars).any(|other| overlap(bar, other));
                let after = folded.bars.iter().any(|other| overlap(bar, other));
                prop_assert_eq!(before, after, "{:?} {:?}", bar, folded);
            }
        }
    }
}
