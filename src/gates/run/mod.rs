//! Running gates: processes in groups of their own, their output, their ends.

#[cfg(unix)]
mod attempt;
#[cfg(unix)]
mod capture;
#[cfg(unix)]
mod event_loop;
#[cfg(unix)]
mod group;
#[cfg(unix)]
mod process;
mod record;
#[cfg(unix)]
mod signals;

use super::command::Invocation;
use super::schedule::Schedule;
use crate::model::gate::{Captured, GateStatus, Leak};
use crate::model::moment::Moment;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// One gate, ready to run.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// Its processes, one after another until one fails.
    pub invocations: Vec<Invocation>,
    /// The folder.
    pub folder: PathBuf,
    /// Variables of its environment, beside the inherited ones.
    pub env: BTreeMap<String, String>,
    /// It sees the variables that bind to one repository; otherwise `input::git::command::LOCAL_NAMES` are stripped.
    pub git_env: bool,
    /// How long an attempt may take.
    pub timeout: Option<Duration>,
    /// How often it is tried again.
    pub retries: u32,
    /// How long to wait before the first of those; twice as long before each further one.
    pub backoff: Duration,
    /// Why it cannot start, where that is known before.
    pub unavailable: Option<String>,
}

/// How jobs are run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The first failure ends the others.
    pub fail_fast: bool,
    /// From TERM to KILL.
    pub grace: Duration,
    /// How long what a gate left behind may go on.
    pub lingering: Duration,
    /// Where the files with all of a long output are made, on first use; `None` where nothing can be written.
    pub output_folder: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Options {
        Options { fail_fast: false, grace: Duration::from_secs(5), lingering: Duration::from_millis(200), output_folder: None }
    }
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// `Skipped` where a job that it needs did not pass; never `Planned`.
    pub status: GateStatus,
    /// The exit code of the last process.
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Why, in one fragment, where the status alone does not tell.
    pub why: Option<String>,
    /// When the first attempt began.
    pub started: Option<Moment>,
    /// From there to the end of the last.
    pub wall: Option<Duration>,
    /// Of that, the time in which an attempt ran: neither the wait before the next one, nor that for room to start it.
    pub ran: Option<Duration>,
    /// Of that, the time in which it waited for its next attempt because its `backoff` says so.
    pub backed_off: Option<Duration>,
    /// Processor time of all attempts.
    pub cpu: Option<Duration>,
    /// The most memory that one process held, in bytes.
    pub peak_memory: Option<u64>,
    /// How often it was tried.
    pub attempts: u32,
    /// What it left behind.
    pub leak: Option<Leak>,
    /// What the last attempt printed.
    pub output: Captured,
}

/// A job that runs now.
#[derive(Debug, Clone, Copy)]
pub struct Running<'r> {
    /// Its index among the jobs.
    pub job: usize,
    /// For how long.
    pub elapsed: Duration,
    /// The last line that it printed, as it came, without its end; at most some hundred bytes.
    pub last_line: &'r [u8],
}

/// What happens during a run. Whoever hears it cannot steer it.
#[derive(Debug)]
pub enum Event<'e> {
    /// A job began.
    Started {
        /// Its index.
        job: usize,
    },
    /// An attempt failed, and there will be another.
    Retry {
        /// The job's index.
        job: usize,
        /// The number of the attempt that failed, from 1.
        attempt: u32,
        /// What it ended with.
        ended: &'e Ended,
        /// How long it waits.
        wait: Duration,
    },
    /// A job ended, or will never run.
    Ended {
        /// Its index.
        job: usize,
        /// How.
        ended: &'e Ended,
    },
    /// The time that the observer asked for has passed.
    Tick {
        /// Since the run began.
        elapsed: Duration,
        /// The jobs that run, in the order of their start.
        running: &'e [Running<'e>],
    },
    /// A signal came: everything is being ended.
    Interrupted {
        /// Its number.
        signal: i32,
    },
}

/// Hears of what happens.
pub trait Observer {
    /// Something happened.
    fn hear(&mut self, event: &Event<'_>);
    /// How long after the last tick it wants the next one; never without one.
    fn ticks(&self) -> Option<Duration> {
        None
    }
}

/// How a run of jobs ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// The jobs, in their order.
    pub jobs: Vec<Ended>,
    /// From the first start to the last end.
    pub wall: Duration,
    /// The signal that ended the run.
    pub signal: Option<i32>,
}

/// Runs jobs as the schedule says. When it returns, nothing that it started runs, except what left its group.
pub fn run(jobs: &[Job], schedule: Schedule, options: &Options, observer: &mut dyn Observer) -> Ran {
    #[cfg(unix)]
    return event_loop::run(jobs, schedule, options, observer);
    #[cfg(not(unix))]
    {
        let _ = (schedule, options);
        record::none(jobs, "gates run on Unix only so far", observer)
    }
}

#[cfg(all(test, unix))]
mod tests;
