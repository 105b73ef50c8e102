//! On a pipe: a start line, a heartbeat, one block for each gate as it ends.

use super::journal::{HEARTBEAT, Journal};
use super::{Besides, Look, Row};
use crate::gates::run::{Ended, Event, Observer};
use crate::model::gate::GateStatus;
use std::io::Write;
use std::time::Duration;

/// On a pipe: a start line, a heartbeat, one block for each gate as it ends.
pub struct Plain<'w> {
    journal: Journal<'w>,
}

impl<'w> Plain<'w> {
    /// Over these rows, which are the jobs of the run in their order, under so many jobs at once.
    pub fn new(rows: Vec<Row>, jobs: u32, look: Look, out: &'w mut dyn Write) -> Plain<'w> {
        Plain { journal: Journal::new(rows, jobs, look, out) }
    }

    /// With gates beside the rows, which are told at the start.
    pub fn besides(mut self, besides: Besides) -> Plain<'w> {
        self.journal.besides = besides;
        self
    }

    fn ended(&mut self, job: usize, ended: &Ended) {
        let journal = &mut self.journal;
        let mut lines = vec![journal.head(job, ended, journal.look.colour)];
        if !matches!(ended.status, GateStatus::Passed | GateStatus::Cancelled) || journal.look.verbose {
            lines.extend(journal.body(ended));
        }
        journal.put(&lines);
    }
}

impl Observer for Plain<'_> {
    fn hear(&mut self, event: &Event<'_>) {
        self.journal.hear(event);
        if let Event::Ended { job, ended } = event {
            self.ended(*job, ended);
        }
    }

    fn ticks(&self) -> Option<Duration> {
        Some(HEARTBEAT)
    }
}
