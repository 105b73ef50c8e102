//! What is to be known of a window, told for every beginning and every end of a list in one sweep.
//!
//! A log may hold tens of thousands of claims between tens of thousands of agents: to connect the agents of each window anew
//! would take the square of that. What a claim needs only ever grows as dispatches come to a window, so it is kept while they do.

use super::depth::Depth;
use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Session, Status};
use crate::timeline::{Interval, known, may_have_run, ran};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The facts of one window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Told {
    /// The largest number of agents that one batch proves, whatever the unknown ends are; 0 where none does.
    pub(super) proves: u64,
    /// The same for some unknown ends.
    pub(super) may_prove: u64,
    /// The peak over the known intervals.
    pub(super) known_peak: u32,
    /// The highest peak that the unknown ends allow.
    pub(super) possible_peak: u32,
    /// How many did run.
    pub(super) ran: usize,
    /// How many responses they are spread over.
    pub(super) responses: u32,
    /// The user stopped a dispatch.
    pub(super) stopped: Option<&'static str>,
    /// The log holds no result for a dispatch.
    pub(super) without_result: bool,
    /// The batch with the most of them, the first of equals.
    pub(super) batch: Option<usize>,
    /// The effective concurrency, where all are timed.
    pub(super) effective_concurrency: Option<f64>,
}

/// The facts of a list's every beginning: `[n]` are those of its first `n` dispatches.
pub(super) fn beginnings(session: &Session, batches: &FxHashMap<usize, usize>, list: &[usize]) -> Vec<Told> {
    let mut sweep = Sweep::new(session, batches, list);
    let mut told = vec![Told::default()];
    for index in list {
        let stopped = sweep.told.stopped;
        sweep.add(*index);
        sweep.told.stopped = stopped.or(sweep.told.stopped);
        told.push(sweep.told);
    }
    told
}

/// The facts of a list's every end: `[n]` are those of all but its first `n` dispatches.
pub(super) fn ends(session: &Session, batches: &FxHashMap<usize, usize>, list: &[usize]) -> Vec<Told> {
    let mut sweep = Sweep::new(session, batches, list);
    let mut told = vec![Told::default()];
    for index in list.iter().rev() {
        sweep.add(*index);
        told.push(sweep.told);
    }
    told.reverse();
    told
}

/// A window to which dispatches come.
struct Sweep<'s> {
    session: &'s Session,
    batch_of: &'s FxHashMap<usize, usize>,
    told: Told,
    count: usize,
    /// By turn.
    known: FxHashMap<u32, Groups<'s>>,
    possible: FxHashMap<u32, Groups<'s>>,
    known_depth: Depth,
    possible_depth: Depth,
    responses: FxHashSet<&'s str>,
    batches: FxHashMap<usize, usize>,
    most_of_a_batch: (usize, Reverse<usize>),
    clocked: Clocked,
}

/// What ran by the clock.
#[derive(Default)]
struct Clocked {
    count: usize,
    /// Milliseconds.
    work: i64,
    stretch: Option<Interval>,
}

impl<'s> Sweep<'s> {
    fn new(session: &'s Session, batch_of: &'s FxHashMap<usize, usize>, list: &[usize]) -> Sweep<'s> {
        let mut by_turn: FxHashMap<u32, Vec<&Dispatch>> = FxHashMap::default();
        for dispatch in list.iter().map(|index| &session.dispatches[*index]) {
            by_turn.entry(dispatch.turn).or_default().push(dispatch);
        }
        let groups = |interval: fn(&Dispatch) -> Option<Interval>| {
            let of_turn = |members: &Vec<&Dispatch>| Groups::new(members.iter().filter_map(|one| interval(one)));
            by_turn.iter().map(|(turn, members)| (*turn, of_turn(members))).collect()
        };
        let all =
            |interval: fn(&Dispatch) -> Option<Interval>| Depth::new(list.iter().filter_map(|index| interval(&session.dispatches[*index])));
        Sweep {
            session,
            batch_of,
            told: Told::default(),
            count: 0,
            known: groups(known),
            possible: groups(may_have_run),
            known_depth: all(known),
            possible_depth: all(may_have_run),
            responses: FxHashSet::default(),
            batches: FxHashMap::default(),
            most_of_a_batch: (0, Reverse(0)),
            clocked: Clocked::default(),
        }
    }

    fn add(&mut self, index: usize) {
        let dispatch = &self.session.dispatches[index];
        let (sure, possible) = (known(dispatch), may_have_run(dispatch));
        let told = &mut self.told;
        self.count += 1;
        told.known_peak = told.known_peak.max(sure.map_or(0, |interval| self.known_depth.add(interval)));
        told.possible_peak = told.possible_peak.max(possible.map_or(0, |interval| self.possible_depth.add(interval)));
        for (groups, interval, most) in [(&mut self.known, sure, &mut told.proves), (&mut self.possible, possible, &mut told.may_prove)] {
            if let Some(groups) = groups.get_mut(&dispatch.turn) {
                *most = (*most).max(groups.add(dispatch.response.as_deref(), interval));
            }
        }
        told.ran += usize::from(sure.is_some() || dispatch.status == Status::Completed || began(dispatch));
        self.responses.extend(dispatch.response.as_deref());
        told.responses = u32::try_from(self.responses.len()).unwrap_or(u32::MAX);
        told.stopped = match dispatch.status {
            Status::Rejected => Some("the user rejected a dispatch"),
            Status::Interrupted => Some("the user interrupted a dispatch"),
            _ => told.stopped,
        };
        // A text that prints no results still tells by its lines where each agent ran.
        told.without_result |= dispatch.status == Status::NoResult && dispatch.extent.is_none();
        if let Some(batch) = self.batch_of.get(&index) {
            let shared = self.batches.entry(*batch).or_default();
            *shared += 1;
            self.most_of_a_batch = self.most_of_a_batch.max((*shared, Reverse(*batch)));
            told.batch = Some(self.most_of_a_batch.1.0);
        }
        self.clocked.add(dispatch);
        told.effective_concurrency = self.clocked.effective_concurrency().filter(|_| self.clocked.count == self.count);
    }
}

/// Whether a dispatch without a known interval had begun: it got its identifier by the clock of the log, even where it was closed
/// or failed later.
pub(super) fn began(dispatch: &Dispatch) -> bool {
    dispatch.status == Status::Failed && dispatch.extent.is_none() && dispatch.agent.is_some()
}

impl Clocked {
    fn add(&mut self, dispatch: &Dispatch) {
        let Some(interval) = ran(dispatch) else { return };
        self.count += 1;
        self.work = self.work.saturating_add(interval.length());
        let so_far = self.stretch.unwrap_or(interval);
        self.stretch = Some(Interval { start: so_far.start.min(interval.start), end: so_far.end.max(interval.end) });
    }

    fn effective_concurrency(&self) -> Option<f64> {
        let stretch = self.stretch?;
        let wall = stretch.end.seconds_since(stretch.start);
        (wall > 0.0).then(|| self.work as f64 / 1000.0 / wall)
    }
}

/// The dispatches of one turn, connected by overlap and by their responses, as `timeline::connect` does it for all at once.
struct Groups<'s> {
    parent: Vec<usize>,
    /// Of each root: how many it holds, and its peak.
    facts: Vec<(u64, u32)>,
    depth: Depth,
    /// Stretches of overlapping intervals, apart from each other: start, end, and one member.
    stretches: BTreeSet<(Moment, Moment, usize)>,
    by_response: FxHashMap<&'s str, usize>,
}

impl<'s> Groups<'s> {
    fn new(intervals: impl Iterator<Item = Interval>) -> Groups<'s> {
        Groups {
            parent: Vec::new(),
            facts: Vec::new(),
            depth: Depth::new(intervals),
            stretches: BTreeSet::new(),
            by_response: FxHashMap::default(),
        }
    }

    /// Adds a dispatch. Returns how many agents its group proves by now.
    fn add(&mut self, response: Option<&'s str>, interval: Option<Interval>) -> u64 {
        let own = self.parent.len();
        self.parent.push(own);
        // Whatever is open together with it overlaps it, and so comes to its group.
        self.facts.push((1, interval.map_or(0, |interval| self.depth.add(interval))));
        if let Some(response) = response {
            let first = *self.by_response.entry(response).or_insert(own);
            self.join(first, own);
        }
        if let Some(interval) = interval {
            self.overlap(own, interval);
        }
        let root = self.root(own);
        let (count, peak) = self.facts[root];
        // As `Need::met_by` has it: more than half of the number at once.
        if peak >= 2 { count.min(u64::from(peak) * 2 - 1) } else { 0 }
    }

    fn overlap(&mut self, own: usize, interval: Interval) {
        let (mut start, mut end) = (interval.start, interval.end);
        let behind = (interval.end, Moment(i64::MIN), 0);
        while let Some(last) = self.stretches.range(..behind).next_back().copied().filter(|(_, over, _)| *over > interval.start) {
            self.stretches.remove(&last);
            self.join(last.2, own);
            (start, end) = (start.min(last.0), end.max(last.1));
        }
        self.stretches.insert((start, end, own));
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
        if one == other {
            return;
        }
        let (kept, gone) = if self.facts[one].0 >= self.facts[other].0 { (one, other) } else { (other, one) };
        let (count, peak) = self.facts[gone];
        self.parent[gone] = kept;
        self.facts[kept] = (self.facts[kept].0 + count, self.facts[kept].1.max(peak));
    }
}

#[cfg(test)]
mod tests;
