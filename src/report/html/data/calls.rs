//! Tool calls and edits: each one where they are few enough, bundles where they are not.

use super::names::Names;
use super::{count, index, list, numbers};
use crate::model::moment::Moment;
use crate::report::lane::moment;
use crate::report::v1::{Session, ToolCall};
use std::collections::BTreeSet;
use std::fmt::{self, Write};

/// How many calls and edits of all sessions together are written one by one.
const ONE_BY_ONE: usize = 20_000;

/// The fewest bundles of a thread.
const BUNDLES: usize = 8;

/// What is left to be written one by one.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Budget {
        Budget(ONE_BY_ONE)
    }
}

impl Budget {
    /// How many bundles a thread of `session` may have; `None` where its calls and edits are written one by one.
    pub(super) fn plan(&mut self, session: &Session) -> Option<usize> {
        let edits: usize = session.dispatches.iter().map(|dispatch| dispatch.edits.len()).sum();
        let all = session.calls.len() + edits;
        if all <= self.0 {
            self.0 -= all;
            return None;
        }
        let threads = session.calls.iter().map(|call| call.dispatch).collect::<BTreeSet<_>>().len().max(1);
        let bundles = (self.0 / threads).max(BUNDLES);
        self.0 = self.0.saturating_sub(threads * bundles);
        Some(bundles)
    }
}

/// A call with a time.
struct Timed<'r> {
    lane: i64,
    start: Moment,
    call: &'r ToolCall,
}

/// `"calls":…`, `"bundles":…` and what was left out of both.
pub(super) fn write_calls<'r>(
    out: &mut String,
    names: &mut Names<'r>,
    session: &'r Session,
    begin: Moment,
    plan: Option<usize>,
) -> fmt::Result {
    let known = session.dispatches.len();
    let lane = |call: &ToolCall| index(call.dispatch.filter(|dispatch| *dispatch < known));
    let timed = session.calls.iter().filter_map(|call| Some(Timed { lane: lane(call), start: moment(call.started)?, call }));
    let mut timed: Vec<Timed<'_>> = timed.collect();
    timed.sort_by_key(|timed| (timed.lane, timed.start));
    let untimed = session.calls.len() - timed.len();
    let threads = timed.chunk_by(|one, other| one.lane == other.lane);
    // A thread with few calls needs no bundles.
    let (single, bundled): (Vec<_>, Vec<_>) = threads.partition(|thread| plan.is_none_or(|bundles| thread.len() <= bundles));
    out.write_str(",\"calls\":")?;
    list(out, single.into_iter(), |out, thread| {
        write!(out, "[{},", lane_of(thread))?;
        let mut last = begin;
        list(out, thread.iter(), |out, timed| {
            let tool = names.number(&timed.call.tool) * 2 + i64::from(timed.call.failed);
            write!(out, "{tool},{},{}", since(timed.start, last), duration(timed))?;
            last = timed.start;
            Ok(())
        })?;
        out.write_char(']')
    })?;
    let calls: usize = bundled.iter().map(|thread| thread.len()).sum();
    out.write_str(",\"bundles\":")?;
    list(out, bundled.into_iter(), |out, thread| {
        write!(out, "[{},", lane_of(thread))?;
        numbers(out, bundles(thread, plan.unwrap_or(BUNDLES), begin).into_iter().flatten())?;
        out.write_char(']')
    })?;
    write!(out, ",\"untimed\":{untimed},\"bundled\":{calls}")
}

fn lane_of(thread: &[Timed<'_>]) -> i64 {
    thread.first().map_or(-1, |timed| timed.lane)
}

fn duration(timed: &Timed<'_>) -> i64 {
    moment(timed.call.ended).map_or(-1, |ended| since(ended, timed.start).max(-1))
}

/// At most `most` bundles of calls that are near each other, each with its first and last start, its calls and the failed ones.
fn bundles(thread: &[Timed<'_>], most: usize, begin: Moment) -> Vec<[i64; 4]> {
    let Some((first, last)) = thread.first().zip(thread.last()) else { return Vec::new() };
    let wide = (since(last.start, first.start) / count(most.max(1))).saturating_add(1);
    let bundle = |timed: &Timed<'_>| since(timed.start, first.start) / wide;
    let bundles = thread.chunk_by(|one, other| bundle(one) == bundle(other)).filter_map(|near| {
        let (first, last) = near.first().zip(near.last())?;
        let failed = near.iter().filter(|timed| timed.call.failed).count();
        Some([since(first.start, begin), since(last.start, begin), count(near.len()), count(failed)])
    });
    bundles.collect()
}

/// `"edits":…`, and how many are not in it. Of a session with bundles only those of `paths` are: the ones that collide.
pub(super) fn write_edits<'r>(
    out: &mut String,
    names: &mut Names<'r>,
    session: &'r Session,
    begin: Moment,
    paths: Option<&BTreeSet<&str>>,
) -> fmt::Result {
    let all = session.dispatches.iter().enumerate().flat_map(|(lane, dispatch)| dispatch.edits.iter().map(move |edit| (lane, edit)));
    let (mut row, mut left) = (Vec::new(), 0_usize);
    for (lane, edit) in all {
        match moment(edit.at).filter(|_| paths.is_none_or(|paths| paths.contains(edit.path.as_str()))) {
            Some(at) => row.extend([count(lane), since(at, begin), names.path(&edit.path), i64::from(edit.inferred)]),
            None => left += 1,
        }
    }
    out.write_str(",\"edits\":")?;
    numbers(out, row.into_iter())?;
    write!(out, ",\"unmarked\":{left}")
}

/// Milliseconds from `earlier` to `later`.
pub(super) fn since(later: Moment, earlier: Moment) -> i64 {
    later.0.saturating_sub(earlier.0)
}
