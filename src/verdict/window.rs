//! The part of a session that must back a claim, and what can be proven about it.

use super::index::Index;
use super::told::{self, Told};
use crate::model::session::{Dispatch, Session};
use std::borrow::Cow;

/// Dispatches of one thread that a claim is held against.
pub(super) struct Window<'s> {
    session: &'s Session,
    /// Indices, in the order of their lines.
    pub(super) members: Cow<'s, [usize]>,
    told: Told,
}

/// How many agents a claim needs, and whether it said so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need(pub(super) Option<u32>);

impl Need {
    /// Two where no number is said.
    pub(super) fn count(self) -> u32 {
        self.0.unwrap_or(2).max(2)
    }
}

impl<'s> Window<'s> {
    /// Any dispatches, in this order.
    pub(super) fn new(session: &'s Session, index: &'s Index<'s>, members: Vec<usize>) -> Window<'s> {
        let told = told::beginnings(session, index.batches(), &members).pop().unwrap_or_default();
        Window { session, members: Cow::Owned(members), told }
    }

    /// Everything in a thread up to a line.
    pub(super) fn up_to(session: &'s Session, index: &'s Index<'s>, transcript: usize, line: u64) -> Window<'s> {
        let thread = index.thread(transcript);
        let end = thread.partition_point(|index| session.dispatches[*index].line <= line);
        Window { session, members: Cow::Borrowed(&thread[..end]), told: index.beginning(transcript, end) }
    }

    /// Everything in a turn from a line on.
    pub(super) fn from(session: &'s Session, index: &'s Index<'s>, transcript: usize, turn: u32, line: u64) -> Window<'s> {
        let members = index.turn(transcript, turn);
        let begin = members.partition_point(|index| session.dispatches[*index].line < line);
        Window { session, members: Cow::Borrowed(&members[begin..]), told: index.end(transcript, turn, begin) }
    }

    pub(super) fn dispatch(&self, index: usize) -> &'s Dispatch {
        &self.session.dispatches[index]
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &'s Dispatch> + '_ {
        self.members.iter().map(|index| &self.session.dispatches[*index])
    }

    /// One batch has enough dispatches and a high enough peak, whatever the unknown ends are.
    pub(super) fn proves(&self, need: Need) -> bool {
        self.told.proves >= u64::from(need.count())
    }

    /// One batch may have had enough, for some unknown ends.
    pub(super) fn may_prove(&self, need: Need) -> bool {
        self.told.may_prove >= u64::from(need.count())
    }

    /// The peak over the known intervals.
    pub(super) fn known_peak(&self) -> u32 {
        self.told.known_peak
    }

    /// The highest peak that the unknown ends allow.
    pub(super) fn possible_peak(&self) -> u32 {
        self.told.possible_peak
    }

    /// How many did run: a refused call or an unknown agent type never became an agent.
    pub(super) fn ran(&self) -> usize {
        self.told.ran
    }

    /// The batch with the most of its dispatches, the first of equals.
    pub(super) fn batch(&self) -> Option<usize> {
        self.told.batch
    }

    /// The effective concurrency over all dispatches, where all are timed.
    pub(super) fn effective_concurrency(&self) -> Option<f64> {
        self.told.effective_concurrency
    }

    /// The user stopped a dispatch.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.told.stopped
    }

    /// The user stopped a dispatch, or the log stops before its result.
    pub(super) fn cut_short(&self) -> Option<&'static str> {
        self.stopped().or(self.told.without_result.then_some("the log holds no result for a dispatch"))
    }

    /// How many responses the dispatches are spread over.
    pub(super) fn responses(&self) -> u32 {
        self.told.responses
    }
}
