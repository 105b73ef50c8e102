//! Who did what when in a session: each thread with its calls and claims on one clock, for formats that draw all of them.

use super::lane::{self, Bar, Interval, moment};
use super::v1::{Claim, Finding, Report, Session, ToolCall};
use crate::model::moment::Moment;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// The dispatch whose agent it is; `None` is the main thread.
pub(super) type Thread = Option<usize>;

/// A session by thread.
pub(super) struct Threads<'s> {
    pub(super) session: &'s Session,
    /// From the first moment that is known of it to the last; `None` where none is.
    pub(super) whole: Option<Interval>,
    /// When each dispatch ran; `None` where the log gives it no time at all.
    pub(super) bars: Vec<Option<Bar>>,
    /// The thread that made each dispatch; the main one where that of its parent has no time. Leads to the main thread in the end.
    pub(super) callers: Vec<Thread>,
    /// Index of the batch of each dispatch.
    pub(super) batches: Vec<Option<usize>>,
    /// What has no time, or belongs to a dispatch without one.
    pub(super) left_out: LeftOut,
    calls: Vec<Call<'s>>,
    claims: Vec<Said<'s>>,
}

/// How much has no place on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct LeftOut {
    pub(super) dispatches: usize,
    pub(super) calls: usize,
    pub(super) claims: usize,
}

impl LeftOut {
    /// What is left out, in words; empty where nothing is.
    pub(super) fn told(self) -> impl Iterator<Item = String> {
        let kinds = [(self.dispatches, "dispatches"), (self.calls, "tool calls"), (self.claims, "claims")];
        kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{kind} without a time: {count}"))
    }
}

/// A call of a tool with its time.
#[derive(Clone, Copy)]
pub(super) struct Call<'s> {
    pub(super) thread: Thread,
    pub(super) call: &'s ToolCall,
    /// Without length where no end is known.
    pub(super) interval: Interval,
    /// No end is known.
    pub(super) open: bool,
}

/// A claim with its time.
#[derive(Clone, Copy)]
pub(super) struct Said<'s> {
    pub(super) thread: Thread,
    /// Index among the session's claims.
    pub(super) index: usize,
    pub(super) claim: &'s Claim,
    pub(super) at: Moment,
}

impl<'s> Threads<'s> {
    pub(super) fn new(session: &'s Session) -> Threads<'s> {
        let bars = lane::bars(session);
        let runs = |thread: Thread| thread.is_none_or(|dispatch| bars.get(dispatch).is_some_and(Option::is_some));
        let calls: Vec<Call<'s>> = session.calls.iter().filter_map(timed).filter(|call| runs(call.thread)).collect();
        let claims: Vec<Said<'s>> = session.claims.iter().enumerate().filter_map(said).filter(|said| runs(said.thread)).collect();
        let left_out = LeftOut {
            dispatches: bars.iter().filter(|bar| bar.is_none()).count(),
            calls: session.calls.len() - calls.len(),
            claims: session.claims.len() - claims.len(),
        };
        let mut threads = Threads { session, whole: None, callers: Vec::new(), batches: Vec::new(), left_out, bars, calls, claims };
        threads.calls.sort_by_key(|call| (call.thread, call.interval.start, Reverse(call.interval.end)));
        threads.claims.sort_by_key(|said| (said.thread, said.at));
        threads.whole = threads.whole();
        (threads.callers, threads.batches) = threads.relations();
        threads
    }

    /// The threads that have a time, the main one first, the others in the order of their start.
    pub(super) fn order(&self) -> Vec<Thread> {
        let mut agents: Vec<(Moment, usize)> =
            self.bars.iter().enumerate().filter_map(|(index, bar)| Some(((*bar)?.interval.start, index))).collect();
        agents.sort_unstable();
        std::iter::once(None).chain(agents.into_iter().map(|(_, index)| Some(index))).collect()
    }

    /// When the agent of a thread ran; `None` for the main thread.
    pub(super) fn bar(&self, thread: Thread) -> Option<Bar> {
        self.bars.get(thread?).copied().flatten()
    }

    /// The calls of a thread by their start; of those that start together the longest first.
    pub(super) fn calls(&self, thread: Thread) -> &[Call<'s>] {
        of(&self.calls, |call| call.thread, thread)
    }

    /// The claims of a thread by their time.
    pub(super) fn claims(&self, thread: Thread) -> &[Said<'s>] {
        of(&self.claims, |said| said.thread, thread)
    }

    fn whole(&self) -> Option<Interval> {
        let bars = self.bars.iter().flatten().flat_map(|bar| [bar.interval.start, bar.interval.end]);
        let calls = self.calls.iter().flat_map(|call| [call.interval.start, call.interval.end]);
        let known = [self.session.started, self.session.ended].into_iter().filter_map(moment);
        let all = known.chain(bars).chain(calls).chain(self.claims.iter().map(|said| said.at));
        all.fold(None, |whole: Option<Interval>, at| match whole {
            Some(Interval { start, end }) => Some(Interval { start: start.min(at), end: end.max(at) }),
            None => Some(Interval { start: at, end: at }),
        })
    }

    /// Callers and batches.
    fn relations(&self) -> (Vec<Thread>, Vec<Option<usize>>) {
        let dispatches = &self.session.dispatches;
        let mut by_id: FxHashMap<&str, usize> = FxHashMap::default();
        for (index, dispatch) in dispatches.iter().enumerate() {
            by_id.entry(&dispatch.id).or_insert(index);
        }
        let parent = |id: &Option<String>| by_id.get(id.as_deref()?).copied().filter(|parent| self.bars[*parent].is_some());
        let mut callers: Vec<Thread> = dispatches.iter().map(|dispatch| parent(&dispatch.parent)).collect();
        cut_circles(&mut callers);
        let mut batches = vec![None; dispatches.len()];
        for (index, batch) in self.session.batches.iter().enumerate() {
            for member in batch.dispatches.iter().filter_map(|id| by_id.get(id.as_str())) {
                batches[*member] = Some(index);
            }
        }
        (callers, batches)
    }
}

/// The run of those in `sorted` that belong to `thread`.
fn of<T>(sorted: &[T], thread_of: impl Fn(&T) -> Thread, thread: Thread) -> &[T] {
    let start = sorted.partition_point(|one| thread_of(one) < thread);
    let length = sorted[start..].partition_point(|one| thread_of(one) == thread);
    &sorted[start..start + length]
}

fn timed(call: &ToolCall) -> Option<Call<'_>> {
    let start = moment(call.started)?;
    let end = moment(call.ended).filter(|end| *end >= start);
    Some(Call { thread: call.dispatch, call, interval: Interval { start, end: end.unwrap_or(start) }, open: end.is_none() })
}

fn said((index, claim): (usize, &Claim)) -> Option<Said<'_>> {
    Some(Said { thread: claim.dispatch, index, claim, at: moment(claim.at)? })
}

/// No log should have a dispatch that its own agent's agents made; where one has, the main thread made it.
fn cut_circles(callers: &mut [Thread]) {
    // The walk in which each was seen first, from 1.
    let mut seen = vec![0; callers.len()];
    for walk in 1..=callers.len() {
        let mut at = walk - 1;
        while seen[at] == 0 {
            seen[at] = walk;
            let Some(caller) = callers[at] else { break };
            if seen[caller] == walk {
                callers[at] = None;
                break;
            }
            at = caller;
        }
    }
}

/// The findings about what is on the clock.
#[derive(Default)]
pub(super) struct Found<'r> {
    claims: FxHashMap<(usize, usize), Vec<&'r Finding>>,
    dispatches: FxHashMap<(usize, &'r str), Vec<&'r Finding>>,
}

impl<'r> Found<'r> {
    pub(super) fn new(report: &'r Report) -> Found<'r> {
        let mut found = Found::default();
        for finding in &report.findings {
            let Some(session) = finding.session else { continue };
            if let Some(claim) = finding.claim {
                found.claims.entry((session, claim)).or_default().push(finding);
            }
            for id in &finding.dispatches {
                found.dispatches.entry((session, id)).or_default().push(finding);
            }
        }
        found
    }

    /// Those about a claim of a session.
    pub(super) fn of_claim(&self, session: usize, claim: usize) -> &[&'r Finding] {
        self.claims.get(&(session, claim)).map_or(&[], Vec::as_slice)
    }

    /// Those about a dispatch of a session, by its id.
    pub(super) fn of_dispatch(&self, session: usize, id: &'r str) -> &[&'r Finding] {
        self.dispatches.get(&(session, id)).map_or(&[], Vec::as_slice)
    }
}

/// How many claims of all sessions have each verdict, in the order of the verdicts.
pub(super) fn verdicts(report: &Report) -> std::collections::BTreeMap<&'static str, u64> {
    let mut counts = std::collections::BTreeMap::new();
    for claim in report.sessions.iter().flatten().flat_map(|session| &session.claims) {
        *counts.entry(claim.verdict.word()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{Thread, Threads, cut_circles};
    use crate::report::example::{ran, session};
    use proptest::prelude::*;

    #[test]
    fn a_dispatch_of_an_agent_belongs_to_it() {
        let inner = |id: &str, parent: &str| crate::report::v1::Dispatch {
            id: id.into(),
            parent: Some(parent.into()),
            ..ran("inner", "10:00:01", "10:00:02")
        };
        let outer = crate::report::v1::Dispatch { id: "outer".into(), ..ran("outer", "10:00:00", "10:00:09") };
        let session = session("10:00:00", "10:00:10", 2, vec![inner("a", "outer"), outer, inner("b", "b"), inner("c", "gone")], Vec::new());
        let threads = Threads::new(&session);
        assert_eq!(threads.callers, [Some(1), None, None, None]);
        assert_eq!(threads.order(), [None, Some(1), Some(0), Some(2), Some(3)]);
    }

    proptest! {
        #[test]
        fn every_caller_leads_to_the_main_thread(callers in prop::collection::vec(prop::option::weighted(0.8, 0_usize..12), 12)) {
            let before = callers.clone();
            let mut callers: Vec<Thread> = callers;
            cut_circles(&mut callers);
            for start in 0..callers.len() {
                let mut at = Some(start);
                for _ in 0..=callers.len() {
                    at = at.and_then(|at| callers[at]);
                }
                prop_assert_eq!(at, None);
                prop_assert!(callers[start].is_none() || callers[start] == before[start]);
            }
        }
    }
}
