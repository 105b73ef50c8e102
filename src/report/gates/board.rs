//! Who runs, who waits and who has ended, as the events tell.

use super::Row;
use super::wording::warned;
use crate::gates::run::{Event, Running};
use crate::model::gate::GateStatus;
use std::time::Duration;

/// Where a gate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Running,
    /// An attempt failed, and the next one has not begun.
    Retrying,
    Ended(GateStatus),
}

/// The rows, and where each of them stands.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) rows: Vec<Row>,
    pub(super) states: Vec<State>,
    /// The gates that have ended, in the order of their ends.
    pub(super) ended: Vec<usize>,
    /// The signal that ends the run.
    pub(super) signal: Option<i32>,
}

impl Board {
    pub(super) fn new(rows: Vec<Row>) -> Board {
        let states = vec![State::Waiting; rows.len()];
        Board { rows, states, ended: Vec::new(), signal: None }
    }

    pub(super) fn hear(&mut self, event: &Event<'_>) {
        match event {
            Event::Started { job } => self.set(*job, State::Running),
            Event::Retry { job, .. } => self.set(*job, State::Retrying),
            Event::Ended { job, ended } => {
                self.set(*job, State::Ended(warned(ended.status, ended.attempts)));
                self.ended.push(*job);
            }
            Event::Tick { running, .. } => running.iter().for_each(|one| self.set(one.job, State::Running)),
            Event::Interrupted { signal } => self.signal = Some(*signal),
        }
    }

    fn set(&mut self, job: usize, state: State) {
        if let Some(old) = self.states.get_mut(job) {
            *old = state;
        }
    }

    pub(super) fn name(&self, job: usize) -> &str {
        self.rows.get(job).map_or("?", |row| row.name.as_str())
    }

    /// The gates in a state, in their order.
    pub(super) fn all(&self, is: impl Fn(State) -> bool) -> Vec<usize> {
        (0..self.rows.len()).filter(|job| is(self.states[*job])).collect()
    }

    /// What keeps a gate from running: `waits for clippy`, `waits for a free job`.
    pub(super) fn obstacle(&self, job: usize) -> Obstacle<'_> {
        if self.states[job] == State::Retrying {
            return Obstacle::Pause;
        }
        let is_open = |need: &&usize| self.states.get(**need).is_some_and(|state| !matches!(state, State::Ended(_)));
        let mut open = self.rows[job].needs.iter().filter(is_open);
        match (open.next(), open.count()) {
            (Some(first), more) => Obstacle::Gates(self.name(*first), more),
            (None, _) => Obstacle::Room,
        }
    }

    /// How long it still takes, where all that is left to do has been timed before.
    pub(super) fn left(&self, running: &[Running<'_>], jobs: u32) -> Option<Duration> {
        let mut times = Vec::with_capacity(self.rows.len());
        for (row, state) in self.rows.iter().zip(&self.states) {
            times.push(match state {
                State::Ended(_) => Duration::ZERO,
                _ => row.expected?,
            });
        }
        for one in running {
            if let Some(time) = times.get_mut(one.job) {
                *time = time.saturating_sub(one.elapsed);
            }
        }
        let needs: Vec<Vec<usize>> = self.rows.iter().map(|row| row.needs.clone()).collect();
        let (chain, _) = crate::gates::schedule::longest_chain(&needs, &times);
        let work: Duration = times.iter().sum();
        // Neither a chain nor the sum of the work can be beaten; what holds it up beyond that is not known.
        let left = chain.max(work / jobs.max(1));
        (left > Duration::ZERO).then_some(left)
    }

    /// `1 passed, 1 failed, 2 running, 1 waiting`.
    pub(super) fn counts(&self) -> String {
        let count = |is: &dyn Fn(State) -> bool| self.states.iter().filter(|state| is(**state)).count();
        let ended = |is: fn(GateStatus) -> bool| move |state| matches!(state, State::Ended(status) if is(status));
        let parts = [
            (count(&ended(GateStatus::is_pass)), "passed"),
            (count(&ended(GateStatus::is_failure)), "failed"),
            (count(&ended(|status| status == GateStatus::Skipped)), "skipped"),
            (count(&ended(|status| status == GateStatus::Cancelled)), "cancelled"),
            (count(&|state| state == State::Running), "running"),
            (count(&|state| matches!(state, State::Waiting | State::Retrying)), "waiting"),
        ];
        let told: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        told.join(", ")
    }
}

/// What keeps a gate from running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle<'b> {
    /// A gate that it needs, and so many more.
    Gates(&'b str, usize),
    /// The time before its next attempt.
    Pause,
    /// Other gates hold the jobs or the resources.
    Room,
}
