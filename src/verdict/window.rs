//! The part of a session that must back a claim, and what can be proven about it.

use crate::model::session::{Dispatch, Session, Status};
use crate::timeline::{Interval, connect, known, may_have_run, peak};
use rustc_hash::FxHashSet;

/// Dispatches of one thread that a claim is held against.
pub(super) struct Window<'s> {
    session: &'s Session,
    /// Indices, ascending.
    pub(super) members: Vec<usize>,
}

/// How many agents a claim needs, and whether it said so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need(pub(super) Option<u32>);

impl Need {
    /// Two where no number is said.
    pub(super) fn count(self) -> u32 {
        self.0.unwrap_or(2).max(2)
    }

    /// At least that many dispatches, and a peak of at least 2 and more than half of the number.
    fn met_by(self, count: usize, peak: u32) -> bool {
        count as u64 >= u64::from(self.count()) && peak >= 2 && u64::from(peak) * 2 > u64::from(self.count())
    }
}

impl<'s> Window<'s> {
    pub(super) fn new(session: &'s Session, members: Vec<usize>) -> Window<'s> {
        Window { session, members }
    }

    pub(super) fn dispatch(&self, index: usize) -> &'s Dispatch {
        &self.session.dispatches[index]
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &'s Dispatch> + '_ {
        self.members.iter().map(|index| &self.session.dispatches[*index])
    }

    /// One batch has enough dispatches and a high enough peak, whatever the unknown ends are.
    pub(super) fn proves(&self, need: Need) -> bool {
        self.proof(need).is_some()
    }

    /// How many dispatches the first such batch has, and its peak.
    pub(super) fn proof(&self, need: Need) -> Option<(usize, u32)> {
        let groups = connect(&self.session.dispatches, &self.members, known);
        groups.iter().map(|group| (group.len(), self.known_peak_of(group))).find(|(count, peak)| need.met_by(*count, *peak))
    }

    /// One batch may have had enough, for some unknown ends.
    pub(super) fn may_prove(&self, need: Need) -> bool {
        connect(&self.session.dispatches, &self.members, may_have_run)
            .iter()
            .any(|group| need.met_by(group.len(), self.possible_peak_of(group)))
    }

    /// The peak over the known intervals.
    pub(super) fn known_peak(&self) -> u32 {
        self.known_peak_of(&self.members)
    }

    /// The highest peak that the unknown ends allow.
    pub(super) fn possible_peak(&self) -> u32 {
        self.possible_peak_of(&self.members)
    }

    /// How many did run: a refused call or an unknown agent type never became an agent.
    pub(super) fn ran(&self) -> usize {
        // One that got its identifier by the clock of the log had begun, even where it was closed or failed later.
        let began = |dispatch: &&Dispatch| dispatch.status == Status::Failed && dispatch.extent.is_none() && dispatch.agent.is_some();
        self.each().filter(|dispatch| known(dispatch).is_some() || dispatch.status == Status::Completed || began(dispatch)).count()
    }

    fn known_peak_of(&self, members: &[usize]) -> u32 {
        peak(&members.iter().filter_map(|index| known(self.dispatch(*index))).collect::<Vec<Interval>>())
    }

    fn possible_peak_of(&self, members: &[usize]) -> u32 {
        peak(&members.iter().filter_map(|index| may_have_run(self.dispatch(*index))).collect::<Vec<Interval>>())
    }

    /// The user stopped a dispatch.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.each().find_map(|dispatch| match dispatch.status {
            Status::Rejected => Some("the user rejected a dispatch"),
            Status::Interrupted => Some("the user interrupted a dispatch"),
            _ => None,
        })
    }

    /// The user stopped a dispatch, or the log stops before its result. A text that prints no results still tells by its lines
    /// where each agent ran.
    pub(super) fn cut_short(&self) -> Option<&'static str> {
        let without = self.each().any(|dispatch| dispatch.status == Status::NoResult && dispatch.extent.is_none());
        self.stopped().or(without.then_some("the log holds no result for a dispatch"))
    }

    /// How many responses the dispatches are spread over.
    pub(super) fn responses(&self) -> u32 {
        let responses: FxHashSet<&str> = self.each().filter_map(|dispatch| dispatch.response.as_deref()).collect();
        u32::try_from(responses.len()).unwrap_or(u32::MAX)
    }
}
