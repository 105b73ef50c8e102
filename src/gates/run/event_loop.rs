//! The one loop that runs jobs: it starts what may run, waits for output, ends and signals, and tells what happens.
#![allow(clippy::disallowed_methods)]

use super::attempt::{Attempt, Ending, Outcome, Turn};
use super::capture;
use super::process::{Refused, Surroundings};
use super::record::{ALL_FAILED, Record, keep_output, never};
use super::signals::Signals;
use super::{Ended, Event, Job, Observer, Options, Ran, Running};
use crate::gates::schedule::Schedule;
use crate::model::gate::{Captured, GateStatus};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::time::{Duration, Instant};

/// How much is read of one pipe before the others have their turn.
const BUFFER: usize = 64 << 10;

/// The longest wait: where the system should ever fail to tell of an end, it is found all the same.
const LONGEST: Duration = Duration::from_secs(1);

/// A second signal within that time is the first one once more: some senders reach a process and its group.
const SAME_SIGNAL: Duration = Duration::from_millis(200);

/// Runs jobs as the schedule says.
pub(super) fn run(jobs: &[Job], schedule: Schedule, options: &Options, observer: &mut dyn Observer) -> Ran {
    let now = Instant::now();
    let mut all = EventLoop {
        jobs,
        schedule,
        options,
        observer,
        surroundings: Surroundings::new(),
        attempts: Vec::new(),
        records: jobs.iter().map(|_| Record::default()).collect(),
        paused: Vec::new(),
        ended: jobs.iter().map(|_| None).collect(),
        kept: 0,
        may_start: true,
        stopped: None,
        interrupted: None,
        began: now,
        ticked: now,
        times: None,
        buffer: vec![0; if jobs.is_empty() { 0 } else { BUFFER }],
    };
    if !jobs.is_empty() {
        match Signals::listen() {
            Ok(signals) => all.run(&signals),
            Err(error) => all.refuse_all(&format!("failed to listen to signals: {error} (`ulimit -n` tells how many files may be open)")),
        }
    }
    all.conclude()
}

struct EventLoop<'r, 'o> {
    jobs: &'r [Job],
    schedule: Schedule,
    options: &'r Options,
    observer: &'o mut dyn Observer,
    surroundings: Surroundings,
    /// What runs, in the order of the start.
    attempts: Vec<Attempt<'r>>,
    records: Vec<Record>,
    /// Jobs between two attempts, and when the next one may begin.
    paused: Vec<(Instant, usize)>,
    ended: Vec<Option<Ended>>,
    /// How many bytes of output are held of jobs that did not pass.
    kept: usize,
    /// Something ended: there may be room for what waits.
    may_start: bool,
    /// Why nothing starts any more.
    stopped: Option<String>,
    /// The first signal, and when it came.
    interrupted: Option<(i32, Instant)>,
    began: Instant,
    ticked: Instant,
    /// The first start and the last end.
    times: Option<(Instant, Instant)>,
    buffer: Vec<u8>,
}

impl EventLoop<'_, '_> {
    fn run(&mut self, signals: &Signals) {
        while !self.schedule.is_done() {
            self.hear_signal(signals);
            self.start_what_may();
            if self.attempts.is_empty() && self.paused.is_empty() {
                self.end_unstartable();
                continue;
            }
            self.wait(signals);
            self.step();
            self.tick();
        }
    }

    fn conclude(self) -> Ran {
        let lost = || never(GateStatus::Skipped, "nothing started it".to_owned());
        Ran {
            jobs: self.ended.into_iter().map(|ended| ended.unwrap_or_else(lost)).collect(),
            wall: self.times.map_or(Duration::ZERO, |(first, last)| last.duration_since(first)),
            signal: self.interrupted.map(|(signal, _)| signal),
        }
    }

    fn refuse_all(&mut self, why: &str) {
        for job in self.schedule.give_up() {
            self.tell(job, never(GateStatus::Unavailable, why.to_owned()));
        }
    }

    fn turn(&self) -> Turn<'_> {
        Turn { now: Instant::now(), options: self.options, surroundings: &self.surroundings, alone: self.attempts.len() < 2 }
    }

    fn start_what_may(&mut self) {
        let now = Instant::now();
        let due = |(then, _): &(Instant, usize)| *then <= now;
        for (_, job) in self.paused.extract_if(.., |paused| due(paused)) {
            self.schedule.resume(job);
            self.may_start = true;
        }
        while std::mem::take(&mut self.may_start) {
            for job in self.schedule.start() {
                self.start(job);
            }
        }
    }

    fn start(&mut self, job: usize) {
        if let Some(why) = self.stopped.clone() {
            let ended = self.records[job].cancel(why);
            return self.finish(job, ended);
        }
        let turn = self.turn();
        let now = turn.now;
        match Attempt::start(job, &self.jobs[job], &turn) {
            Ok(attempt) => {
                self.attempts.push(attempt);
                self.times.get_or_insert((now, now));
                if self.records[job].begin(now) {
                    self.observer.hear(&Event::Started { job });
                }
            }
            Err(Refused::NoRoom(_)) if self.schedule.postpone(job) => {}
            Err(Refused::NoRoom(why) | Refused::Unavailable(why)) => self.refuse(job, why, now),
            Err(Refused::TooLong) => self.refuse(job, "its command line is longer than the system takes".to_owned(), now),
        }
    }

    /// It could not start, which is an attempt too.
    fn refuse(&mut self, job: usize, why: String, now: Instant) {
        self.records[job].begin(now);
        let outcome = Outcome {
            status: GateStatus::Unavailable,
            exit_code: None,
            signal: None,
            why: Some(why),
            cpu: Duration::ZERO,
            peak: 0,
            leak: None,
            output: Captured::default(),
            file: None,
        };
        let ended = self.records[job].end(outcome, now);
        self.finish(job, ended);
    }

    /// What waits although nothing runs waits for ever: a configuration that was checked has no such jobs.
    fn end_unstartable(&mut self) {
        self.may_start = true;
        for job in self.schedule.unstartable() {
            self.schedule.give_up();
            self.tell(job, never(GateStatus::Skipped, "what it needs can never end".to_owned()));
        }
    }

    /// Until there is output, a signal, or something to do; then takes what was printed.
    fn wait(&mut self, signals: &Signals) {
        let timeout = self.timeout();
        let readable = {
            let mut polled = vec![PollFd::from_borrowed_fd(signals.wake(), PollFlags::IN)];
            let mut attempts = Vec::with_capacity(self.attempts.len());
            for (index, attempt) in self.attempts.iter().enumerate() {
                if let Some(pipe) = attempt.process().and_then(|process| process.pipe.as_ref()) {
                    polled.push(PollFd::new(pipe, PollFlags::IN));
                    attempts.push(index);
                }
            }
            // Interrupted by a signal, nothing is readable, and the signal is heard below.
            let found = poll(&mut polled, Some(&timeout)).unwrap_or_default();
            attempts.retain({
                let mut polled = polled[1..].iter();
                move |_| found > 0 && polled.next().is_some_and(|polled| !polled.revents().is_empty())
            });
            attempts
        };
        self.hear_signal(signals);
        for index in readable {
            self.attempts[index].read(&mut self.buffer);
        }
    }

    fn timeout(&self) -> Timespec {
        let now = Instant::now();
        let tick = self.observer.ticks().and_then(|every| self.ticked.checked_add(every));
        let due = self.attempts.iter().filter_map(Attempt::due).chain(self.paused.iter().map(|(then, _)| *then)).chain(tick).min();
        let wait = due.map_or(LONGEST, |due| due.saturating_duration_since(now).min(LONGEST));
        Timespec { tv_sec: i64::from(u8::from(wait >= LONGEST)), tv_nsec: if wait >= LONGEST { 0 } else { wait.subsec_nanos().into() } }
    }

    fn step(&mut self) {
        let mut index = 0;
        while index < self.attempts.len() {
            let turn =
                Turn { now: Instant::now(), options: self.options, surroundings: &self.surroundings, alone: self.attempts.len() == 1 };
            if self.attempts[index].step(&turn, &mut self.buffer) {
                let attempt = self.attempts.remove(index);
                self.settle(attempt.index, attempt.conclude());
            } else {
                index += 1;
            }
        }
    }

    /// An attempt is over: the job has ended, or is tried again.
    fn settle(&mut self, job: usize, mut outcome: Outcome) {
        let now = Instant::now();
        let again = matches!(outcome.status, GateStatus::Failed | GateStatus::Timeout)
            && self.stopped.is_none()
            && self.records[job].attempts <= self.jobs[job].retries;
        if let Some(file) = outcome.file.take().filter(|_| again) {
            capture::remove(&file);
            outcome.output.file = None;
            outcome.output.file_error = Some("it was taken away, since another attempt follows".to_owned());
        }
        let ended = self.records[job].end(outcome, now);
        if !again {
            return self.finish(job, ended);
        }
        let attempt = ended.attempts;
        let wait = 2u32.checked_pow(attempt - 1).map_or(Duration::MAX, |times| self.jobs[job].backoff.saturating_mul(times));
        self.observer.hear(&Event::Retry { job, attempt, ended: &ended, wait });
        self.records[job].keep(ended, now, wait);
        self.schedule.pause(job);
        // A wait beyond the end of the clock is for ever, and a signal still ends it.
        let then = now.checked_add(wait).unwrap_or(now + Duration::from_secs(u32::MAX.into()));
        self.paused.push((then, job));
        self.may_start = true;
    }

    fn finish(&mut self, job: usize, ended: Ended) {
        let status = ended.status;
        let lost = self.schedule.finish(job, status.is_pass());
        if ended.attempts > 0 {
            let now = Instant::now();
            self.times = Some((self.times.map_or(now, |(first, _)| first), now));
        }
        self.may_start = true;
        self.tell(job, ended);
        for behind in lost {
            let why = format!("needs {}, which {}", self.jobs[job].name, fate(status));
            self.tell(behind, never(GateStatus::Skipped, why));
        }
        if status.is_failure() && self.options.fail_fast {
            self.stop(format!("fail-fast: {} failed", self.jobs[job].name));
        }
    }

    fn tell(&mut self, job: usize, mut ended: Ended) {
        self.observer.hear(&Event::Ended { job, ended: &ended });
        keep_output(&mut ended, &mut self.kept, ALL_FAILED);
        self.ended[job] = Some(ended);
    }

    /// Nothing starts any more, and what runs is ended.
    fn stop(&mut self, why: String) {
        if self.stopped.is_some() {
            return;
        }
        self.stopped = Some(why.clone());
        let now = Instant::now();
        for attempt in &mut self.attempts {
            attempt.end(Ending::Cancelled(why.clone()), now, self.options.grace);
        }
        self.paused.clear();
        for job in self.schedule.give_up() {
            let ended = self.records[job].cancel(why.clone());
            self.tell(job, ended);
        }
    }

    fn hear_signal(&mut self, signals: &Signals) {
        let Some(signal) = signals.take() else { return };
        let now = Instant::now();
        match self.interrupted {
            None => {
                self.interrupted = Some((signal, now));
                self.observer.hear(&Event::Interrupted { signal });
                let name = signal_hook::low_level::signal_name(signal).unwrap_or("a signal");
                self.stop(format!("interrupted by {name}"));
            }
            Some((_, first)) if now.duration_since(first) >= SAME_SIGNAL => {
                self.attempts.iter_mut().for_each(|attempt| attempt.kill(now));
            }
            Some(_) => {}
        }
    }

    fn tick(&mut self) {
        let now = Instant::now();
        let Some(every) = self.observer.ticks() else { return };
        if now.duration_since(self.ticked) < every {
            return;
        }
        self.ticked = now;
        let records = &self.records;
        let row = |attempt| -> Running<'_> { running(attempt, records, now) };
        let running: Vec<Running<'_>> = self.attempts.iter().map(row).collect();
        self.observer.hear(&Event::Tick { elapsed: now.duration_since(self.began), running: &running });
    }
}

fn running<'a>(attempt: &'a Attempt<'_>, records: &[Record], now: Instant) -> Running<'a> {
    Running { job: attempt.index, elapsed: records[attempt.index].elapsed(now), last_line: attempt.last_line() }
}

/// How a job ended, as the reason of another.
fn fate(status: GateStatus) -> &'static str {
    match status {
        GateStatus::Timeout => "timed out",
        GateStatus::Unavailable => "could not start",
        GateStatus::Cancelled => "was cancelled",
        _ => "failed",
    }
}
