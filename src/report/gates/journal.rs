//! What `Plain` and `Actions` have in common: lines on a pipe, each piece whole and at once.

use super::block::{Kept, painted};
use super::board::{Board, Obstacle, State};
use super::output::Show;
use super::output::last_line;
use super::wording::{Ending, about, duration, news, signal_name, some_of, warned};
use super::{Besides, LONGEST_NAME, Look, Row};
use crate::gates::run::{Ended, Event, Running};
use crate::model::gate::GateStatus;
use crate::report::text;
use std::io::Write;
use std::time::Duration;

/// How often a sign of life is given.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);

/// Fewer columns of a last line tell nothing.
const LEAST_LINE: usize = 6;

/// Lines on a pipe.
pub(super) struct Journal<'w> {
    pub(super) board: Board,
    pub(super) look: Look,
    pub(super) besides: Besides,
    jobs: u32,
    /// Nobody reads any more where there is none: the run goes on.
    out: Option<&'w mut dyn Write>,
    begun: bool,
}

impl<'w> Journal<'w> {
    pub(super) fn new(rows: Vec<Row>, jobs: u32, look: Look, out: &'w mut dyn Write) -> Journal<'w> {
        Journal { board: Board::new(rows), look, besides: Besides::default(), jobs, out: Some(out), begun: false }
    }

    /// Hears an event and tells what is told of it everywhere; how a gate ended is left to whoever calls.
    pub(super) fn hear(&mut self, event: &Event<'_>) {
        self.board.hear(event);
        if !std::mem::replace(&mut self.begun, true) {
            self.start();
        }
        match event {
            Event::Retry { job, attempt, ended, wait } => self.retry(*job, *attempt, ended, *wait),
            Event::Tick { elapsed, running } => self.heartbeat(*elapsed, running),
            Event::Interrupted { signal } => self.interrupted(*signal),
            Event::Started { .. } | Event::Ended { .. } => {}
        }
    }

    /// How output is shown.
    pub(super) fn show(&self) -> Show {
        Show { unicode: self.look.unicode, colour: self.look.colour }
    }

    /// A gate's name, harmless, and short enough to leave room behind it.
    pub(super) fn name(&self, job: usize) -> String {
        let clean = self.show().clean(self.board.name(job));
        text::fit_middle(&clean, LONGEST_NAME.min(self.look.width.saturating_sub(20)), self.look.unicode).into_owned()
    }

    /// `✓ fmt 0.4s`, `✗ test exit 101 after 18.9s`, `- doc skipped: test failed`.
    pub(super) fn head(&self, job: usize, ended: &Ended, colour: bool) -> String {
        let sign = painted(Ending::from(ended).sign(self.look.unicode), warned(ended.status, ended.attempts), colour);
        format!("{sign} {}", self.show().clean(&format!("{} {}", self.name(job), Ending::from(ended).sentence())))
    }

    /// The output, indented, and what was left behind.
    pub(super) fn body(&self, ended: &Ended) -> Vec<String> {
        let leftovers = ended.leak.iter().flat_map(|leak| &leak.processes);
        let leftovers = leftovers.map(|process| format!("left behind: {} {}", process.pid, process.command));
        let mut lines: Vec<String> = leftovers.map(|line| self.show().clean(&line)).collect();
        lines.extend(news(ended.status, ended.why.as_deref(), Kept::from(&ended.output).lines(self.show())));
        lines.into_iter().map(|line| if line.is_empty() { line } else { format!("    {line}") }).collect()
    }

    /// Writes whole lines, all of them at once.
    pub(super) fn put(&mut self, lines: &[String]) {
        let Some(out) = &mut self.out else { return };
        let mut all = lines.join("\n");
        all.push('\n');
        if out.write_all(all.as_bytes()).and_then(|()| out.flush()).is_err() {
            self.out = None;
        }
    }

    /// One line of our own, cut to the width.
    fn put_line(&mut self, line: &str) {
        let line = text::fit(&self.show().clean(line), self.look.width, self.look.unicode).into_owned();
        self.put(&[line]);
    }

    fn start(&mut self) {
        let count = self.board.rows.len();
        if count == 0 {
            return;
        }
        let gates = if count == 1 { "gate" } else { "gates" };
        let at_once = if count == 1 { String::new() } else { format!(", {} at once", self.jobs) };
        let head = format!("running {count} {gates}{at_once}: ");
        let names: Vec<String> = (0..count).map(|job| self.name(job)).collect();
        let besides = [(self.besides.cached, "cached"), (self.besides.skipped, "skipped")].into_iter().filter(|(number, _)| *number > 0);
        let besides: Vec<String> = besides.map(|(number, word)| format!("{number} {word}")).collect();
        let besides = if besides.is_empty() { String::new() } else { format!("; {}", besides.join(", ")) };
        let room = self.look.width.saturating_sub(text::columns(&head) + besides.len());
        self.put_line(&format!("{head}{}{besides}", some_of(&names, room)));
    }

    fn heartbeat(&mut self, elapsed: Duration, running: &[Running<'_>]) {
        let after = about(elapsed);
        if running.is_empty() {
            self.put_line(&format!("nothing runs after {after}, {} of {} ended", self.board.ended.len(), self.board.rows.len()));
        } else {
            let head = format!("still running after {after}: ");
            let room = self.look.width.saturating_sub(text::columns(&head));
            self.put_line(&format!("{head}{}", some_of(&self.at_work(running, room), room)));
        }
        let waiting = self.board.all(|state| matches!(state, State::Waiting | State::Retrying));
        if !waiting.is_empty() {
            let waiting: Vec<String> = waiting.iter().map(|job| self.waiting(*job)).collect();
            self.put_line(&format!("  waiting: {}", some_of(&waiting, self.look.width.saturating_sub(11))));
        }
    }

    /// `test (15s of about 17s: step 30)`, `lint (15s)`; of last lines as much as the room holds beside the names.
    fn at_work(&self, running: &[Running<'_>], room: usize) -> Vec<String> {
        let heads: Vec<String> = running.iter().map(|one| self.clock(one)).collect();
        let last: Vec<String> = running.iter().map(|one| last_line(one.last_line, self.look.unicode)).collect();
        let speaking = last.iter().filter(|line| !line.is_empty()).count().max(1);
        // Behind each head a parenthesis and a comma, before each line a colon.
        let taken: usize = heads.iter().map(|head| text::columns(head) + 3).sum::<usize>() + 2 * speaking;
        let share = room.saturating_sub(taken) / speaking;
        let told = heads.into_iter().zip(last).map(|(head, line)| match share >= LEAST_LINE && !line.is_empty() {
            true => format!("{head}: {})", text::fit(&line, share, self.look.unicode)),
            false => format!("{head})"),
        });
        told.collect()
    }

    /// `test (15s of about 17s`
    fn clock(&self, one: &Running<'_>) -> String {
        let expected = self.board.rows.get(one.job).and_then(|row| row.expected);
        let expected = expected.map(|expected| format!(" of about {}", about(expected))).unwrap_or_default();
        format!("{} ({}{expected}", self.name(one.job), about(one.elapsed))
    }

    fn waiting(&self, job: usize) -> String {
        let name = self.name(job);
        match self.board.obstacle(job) {
            Obstacle::Gates(need, 0) => format!("{name} (for {})", self.show().clean(need)),
            Obstacle::Gates(need, more) => format!("{name} (for {} and {more} more)", self.show().clean(need)),
            Obstacle::Pause => format!("{name} (for its next attempt)"),
            Obstacle::Room => name,
        }
    }

    fn retry(&mut self, job: usize, attempt: u32, ended: &Ended, wait: Duration) {
        let sign = painted("!", GateStatus::Leaked, self.look.colour);
        let once = Ended { attempts: 1, output: Default::default(), leak: None, ..ended.clone() };
        let line = format!("{} {}, attempt {attempt}; again in {}", self.name(job), Ending::from(&once).sentence(), duration(wait));
        let line = text::fit(&self.show().clean(&line), self.look.width.saturating_sub(2), self.look.unicode).into_owned();
        self.put(&[format!("{sign} {line}")]);
    }

    fn interrupted(&mut self, signal: i32) {
        let line = format!("interrupted by {}: ending {} (again to kill)", signal_name(signal), ending_gates(&self.board));
        self.put_line(&line);
    }
}

/// `2 gates`: those that an interruption has to end.
pub(super) fn ending_gates(board: &Board) -> String {
    match board.all(|state| matches!(state, State::Running | State::Retrying)).len() {
        1 => "1 gate".to_owned(),
        many => format!("{many} gates"),
    }
}
