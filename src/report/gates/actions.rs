//! In GitHub Actions: groups for what passed, failures unfolded and annotated.

use super::journal::{HEARTBEAT, Journal};
use super::wording::Ending;
use super::{Besides, Look, Row};
use crate::gates::run::{Ended, Event, Observer};
use crate::model::gate::GateStatus;
use crate::report::commands::{data, property, token};
use std::io::Write;
use std::time::Duration;

/// In GitHub Actions: groups for what passed, failures unfolded and annotated.
pub struct Actions<'w> {
    journal: Journal<'w>,
}

impl<'w> Actions<'w> {
    /// Over these rows, which are the jobs of the run in their order, under so many jobs at once.
    pub fn new(rows: Vec<Row>, jobs: u32, look: Look, out: &'w mut dyn Write) -> Actions<'w> {
        Actions { journal: Journal::new(rows, jobs, look, out) }
    }

    /// With gates beside the rows, which are told at the start.
    pub fn besides(mut self, besides: Besides) -> Actions<'w> {
        self.journal.besides = besides;
        self
    }

    fn ended(&mut self, job: usize, ended: &Ended) {
        let journal = &mut self.journal;
        // What was cut short has nothing to say; the gate that failed has.
        let is_told = ended.status != GateStatus::Cancelled || journal.look.verbose;
        let mut body = if is_told { journal.body(ended) } else { Vec::new() };
        if !body.is_empty() {
            let token = token();
            body.insert(0, format!("::stop-commands::{token}"));
            body.push(format!("::{token}::"));
        }
        let lines = match annotation(journal, job, ended) {
            Some(annotation) => {
                let mut lines = vec![journal.head(job, ended, journal.look.colour), annotation];
                lines.extend(body);
                lines
            }
            // What passed is a group even without a line in it, so that all of them look alike.
            None if body.is_empty() && !ended.status.is_pass() => vec![journal.head(job, ended, journal.look.colour)],
            None => {
                let mut lines = vec![format!("::group::{}", data(&journal.head(job, ended, false)))];
                lines.extend(body);
                lines.push("::endgroup::".to_owned());
                lines
            }
        };
        journal.put(&lines);
    }
}

impl Observer for Actions<'_> {
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

/// The command that annotates the gate's place, where it did not simply pass.
fn annotation(journal: &Journal<'_>, job: usize, ended: &Ended) -> Option<String> {
    let row = journal.board.rows.get(job)?;
    let (level, what) = match ended.status {
        GateStatus::Failed => ("error", "failed"),
        GateStatus::Timeout => ("error", "timed out"),
        GateStatus::Unavailable => ("error", "could not start"),
        GateStatus::Leaked => ("warning", "left something behind"),
        GateStatus::Passed if ended.attempts > 1 => ("warning", "needed more than one attempt"),
        GateStatus::Passed | GateStatus::Skipped | GateStatus::Cancelled | GateStatus::Planned => return None,
    };
    let show = journal.show();
    let title = property(&show.clean(&format!("gate {} {what}", row.name)));
    let (path, line) = (property(&show.clean(&row.place.0)), row.place.1);
    let message = format!("{}, again with: {}", Ending::from(ended).sentence(), row.again);
    Some(format!("::{level} title={title},file={path},line={line}::{}", data(&show.clean(&message))))
}
