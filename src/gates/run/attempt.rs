//! One attempt of a job: its processes one after another, each to its end and to the end of what it left behind.
#![allow(clippy::disallowed_methods)]

use super::capture::{Capture, ROOM};
use super::process::{Look, Process, Refused, Surroundings};
use super::{Job, Options, group};
use crate::gates::command::{Invocation, split};
use crate::model::gate::Leak;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use wait4::ResUse;

mod outcome;

pub(super) use outcome::Outcome;

/// How long after KILL the processes of a group are waited for; only the system itself can keep them longer.
const AFTER_KILL: Duration = Duration::from_secs(10);

/// The longest and the shortest pause between two looks at a group whose leader has ended: nothing tells of its end.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(32));

/// Why a process is being ended, though it would have gone on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// The attempt took too long.
    Timeout,
    /// It was stopped by the terminal.
    Terminal,
    /// The run ends.
    Cancelled(String),
}

/// Where a process stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Its leader runs.
    Running,
    /// Its leader has ended by itself; what it left may end too, until then.
    Lingering(Instant),
    /// It was asked to end; then it is killed.
    Ending(Instant),
    /// It was killed; then it is no longer waited for.
    Killed(Instant),
    /// The next process found no room in the system; then it is tried again.
    Waiting(Instant),
}

/// What every step of an attempt needs to know.
#[derive(Debug)]
pub(super) struct Turn<'t> {
    /// The time.
    pub(super) now: Instant,
    /// How jobs are run.
    pub(super) options: &'t Options,
    /// What is the same for all processes.
    pub(super) surroundings: &'t Surroundings,
    /// No other attempt runs: there is nobody to wait for.
    pub(super) alone: bool,
}

/// One attempt of a job.
#[derive(Debug)]
pub(super) struct Attempt<'r> {
    /// The job's index.
    pub(super) index: usize,
    job: &'r Job,
    deadline: Option<Instant>,
    queue: VecDeque<Cow<'r, Invocation>>,
    process: Option<Process>,
    shell: bool,
    phase: Phase,
    /// How long until the next look at a group whose leader has ended.
    pause: Duration,
    /// When that look is due, and when nobody of the group was left.
    next_look: Option<Instant>,
    gone_at: Option<Instant>,
    ending: Option<Ending>,
    refused: Option<String>,
    last: Option<std::process::ExitStatus>,
    capture: Capture,
    cpu: Duration,
    peak: u64,
    leak: Option<Leak>,
}

impl<'r> Attempt<'r> {
    /// Starts the first process of a job.
    ///
    /// # Errors
    ///
    /// Why it did not start; never that it is too long.
    pub(super) fn start(index: usize, job: &'r Job, turn: &Turn<'_>) -> Result<Attempt<'r>, Refused> {
        if let Some(why) = &job.unavailable {
            return Err(Refused::Unavailable(why.clone()));
        }
        let mut attempt = Attempt {
            index,
            job,
            deadline: job.timeout.and_then(|timeout| turn.now.checked_add(timeout)),
            queue: job.invocations.iter().map(Cow::Borrowed).collect(),
            process: None,
            shell: false,
            phase: Phase::Running,
            pause: PAUSES.0,
            next_look: None,
            gone_at: None,
            ending: None,
            refused: None,
            last: None,
            capture: Capture::new(&job.name, turn.options.output_folder.as_deref(), ROOM),
            cpu: Duration::ZERO,
            peak: 0,
            leak: None,
        };
        if attempt.queue.is_empty() {
            return Err(Refused::Unavailable("it has no command".to_owned()));
        }
        attempt.start_next(turn.surroundings).map(|()| attempt)
    }

    /// The process whose output is waited for.
    pub(super) fn process(&self) -> Option<&Process> {
        self.process.as_ref()
    }

    /// The last line that it printed.
    pub(super) fn last_line(&self) -> &[u8] {
        self.capture.last_line()
    }

    /// There is something to read.
    pub(super) fn read(&mut self, buffer: &mut [u8]) {
        if let Some(process) = &mut self.process {
            process.read(buffer, &mut self.capture);
        }
    }

    /// When it has to be looked at again, whatever happens; never without a time.
    pub(super) fn due(&self) -> Option<Instant> {
        if self.gone_at.is_some() {
            return self.next_look;
        }
        let phase = match self.phase {
            Phase::Running => self.deadline,
            Phase::Lingering(then) | Phase::Ending(then) | Phase::Killed(then) | Phase::Waiting(then) => Some(then),
        };
        [phase, self.next_look].into_iter().flatten().min()
    }

    /// Looks how it stands, and does what is due. Returns whether the attempt is over.
    pub(super) fn step(&mut self, turn: &Turn<'_>, buffer: &mut [u8]) -> bool {
        loop {
            if let Phase::Waiting(again) = self.phase {
                if self.ending.is_none() && turn.now < again {
                    return false;
                }
            } else if !self.step_process(turn, buffer) {
                return false;
            }
            if !self.goes_on() {
                return true;
            }
            match self.start_next(turn.surroundings) {
                Ok(()) => {}
                Err(Refused::NoRoom(_)) if !turn.alone => self.phase = Phase::Waiting(turn.now + PAUSES.1),
                Err(Refused::NoRoom(why) | Refused::Unavailable(why)) => self.refused = Some(why),
                Err(Refused::TooLong) => {}
            }
            if self.refused.is_some() {
                return true;
            }
        }
    }

    /// Ends it, unless it is over or being ended already.
    pub(super) fn end(&mut self, ending: Ending, now: Instant, grace: Duration) {
        if self.ending.is_some() {
            return;
        }
        if let Phase::Waiting(_) = self.phase {
            self.ending = Some(ending);
        } else if !self.leader_is_over() {
            self.ending = Some(ending);
            self.ask_to_end(now, grace);
        } else if !self.queue.is_empty() {
            self.ending = Some(ending);
        }
    }

    /// Kills what there is of it.
    pub(super) fn kill(&mut self, now: Instant) {
        if let Some(process) = self.process.as_ref().filter(|process| !process.gone) {
            group::kill(process.group);
            self.phase = Phase::Killed(now + AFTER_KILL);
        }
    }

    fn leader_is_over(&self) -> bool {
        self.process.as_ref().is_none_or(Process::is_over)
    }

    /// Whether another process follows.
    fn goes_on(&self) -> bool {
        let well = matches!(self.phase, Phase::Waiting(_)) || self.last.is_some_and(|last| last.success());
        well && self.ending.is_none() && !self.queue.is_empty()
    }

    /// Starts the next process; one with more files than the system takes is split until it fits.
    fn start_next(&mut self, surroundings: &Surroundings) -> Result<(), Refused> {
        self.process = None;
        while let Some(invocation) = self.queue.front() {
            match Process::start(self.job, invocation, surroundings) {
                Ok(process) => {
                    self.shell = invocation.shell;
                    self.process = Some(process);
                    self.phase = Phase::Running;
                    (self.pause, self.next_look, self.gone_at) = (PAUSES.0, None, None);
                    self.queue.pop_front();
                    return Ok(());
                }
                Err(Refused::TooLong) => {
                    let Some([first, second]) = split(invocation) else {
                        return Err(Refused::Unavailable("its command line is longer than the system takes".to_owned()));
                    };
                    self.queue[0] = Cow::Owned(second);
                    self.queue.push_front(Cow::Owned(first));
                }
                Err(refused) => return Err(refused),
            }
        }
        Ok(())
    }

    /// Returns whether the process and all that it left are over.
    fn step_process(&mut self, turn: &Turn<'_>, buffer: &mut [u8]) -> bool {
        let Some(process) = &mut self.process else { return true };
        if !process.is_over() {
            match process.look() {
                Look::Ended(used) => self.note_end(used, turn, buffer),
                Look::WantsTerminal => self.end(Ending::Terminal, turn.now, turn.options.grace),
                Look::Runs => {}
            }
        }
        if self.leader_is_over() { self.step_group(turn) } else { self.step_leader(turn) }
    }

    fn note_end(&mut self, used: Option<ResUse>, turn: &Turn<'_>, buffer: &mut [u8]) {
        self.last = used.as_ref().map(|used| used.status);
        if let Some(used) = used {
            self.cpu += used.rusage.utime + used.rusage.stime;
            self.peak = self.peak.max(used.rusage.maxrss);
        }
        if let Some(process) = &mut self.process {
            process.drain(buffer, &mut self.capture);
        }
        if self.phase == Phase::Running {
            self.phase = Phase::Lingering(turn.now + turn.options.lingering);
        }
    }

    /// The leader runs. Returns whether it is given up.
    fn step_leader(&mut self, turn: &Turn<'_>) -> bool {
        match self.phase {
            Phase::Running if self.deadline.is_some_and(|deadline| turn.now >= deadline) => {
                self.end(Ending::Timeout, turn.now, turn.options.grace);
            }
            Phase::Ending(then) if turn.now >= then => self.kill(turn.now),
            Phase::Killed(then) => return turn.now >= then,
            _ => {}
        }
        false
    }

    /// The leader has ended. Returns whether its group and its output have, too, or are given up.
    fn step_group(&mut self, turn: &Turn<'_>) -> bool {
        if self.gone_at.is_none() {
            self.look_at_group(turn);
        }
        let Some(process) = &mut self.process else { return true };
        if let Some(gone_at) = self.gone_at {
            let give_up = turn.now >= gone_at + turn.options.lingering;
            if process.pipe.is_some() && give_up {
                // Who holds it is in no group of ours.
                process.pipe = None;
                self.leak.get_or_insert_default().output_held = true;
            }
            self.next_look = Some(gone_at + turn.options.lingering);
            return process.pipe.is_none();
        }
        match self.phase {
            Phase::Lingering(then) if turn.now >= then => self.end_leftovers(turn),
            Phase::Ending(then) if turn.now >= then => self.kill(turn.now),
            Phase::Killed(then) => return turn.now >= then,
            _ => {}
        }
        false
    }

    /// Whether anybody is left; the dead whom nobody waits for are nobody.
    fn look_at_group(&mut self, turn: &Turn<'_>) {
        let waits = self.next_look.is_some_and(|next| turn.now < next) && !self.phase_is_due(turn.now);
        let Some(group) = self.process.as_ref().map(|process| process.group).filter(|_| !waits) else { return };
        // Who is alive takes a look at all processes of the system, so not at once: most groups are gone in a moment.
        let only_dead = || self.pause == PAUSES.1 && group::members(group).is_some_and(|members| members.is_empty());
        if !group::exists(group) || only_dead() {
            return self.note_gone(turn.now);
        }
        self.next_look = Some(turn.now + self.pause);
        self.pause = (self.pause * 2).min(PAUSES.1);
    }

    fn phase_is_due(&self, now: Instant) -> bool {
        matches!(self.phase, Phase::Lingering(then) | Phase::Ending(then) | Phase::Killed(then) if now >= then)
    }

    fn note_gone(&mut self, now: Instant) {
        self.gone_at = Some(now);
        if let Some(process) = &mut self.process {
            process.gone = true;
        }
    }

    /// What is left has had its time: it is a leak, and ended.
    fn end_leftovers(&mut self, turn: &Turn<'_>) {
        let Some(process) = &self.process else { return };
        let members = group::members(process.group);
        if members.as_ref().is_some_and(Vec::is_empty) {
            return self.note_gone(turn.now);
        }
        self.leak.get_or_insert_default().processes.extend(members.unwrap_or_default());
        self.ask_to_end(turn.now, turn.options.grace);
    }

    fn ask_to_end(&mut self, now: Instant, grace: Duration) {
        if let Some(process) = &self.process {
            group::end(process.group);
            self.phase = Phase::Ending(now + grace);
            (self.pause, self.next_look) = (PAUSES.0, None);
        }
    }
}
