//! What is known of each job so far, and what is told of its end.

use super::Ended;
#[cfg(unix)]
use super::attempt::Outcome;
#[cfg(unix)]
use super::capture::shorten;
#[cfg(not(unix))]
use super::{Event, Job, Observer, Ran};
#[cfg(unix)]
use crate::model::gate::Leak;
use crate::model::gate::{Captured, GateStatus};
#[cfg(unix)]
use crate::model::moment::Moment;
#[cfg(unix)]
use std::time::{Duration, Instant};

/// How much of each end of an output is kept after a job passed, in bytes.
#[cfg(unix)]
const PASSED: usize = 8 << 10;

/// How much is kept of each end of the output of a job that did not pass, when all of them together are too long.
#[cfg(unix)]
const FAILED: usize = 16 << 10;

/// How much the outputs of jobs that did not pass may hold together, in bytes.
#[cfg(unix)]
pub(super) const ALL_FAILED: usize = 64 << 20;

/// A job that never ran.
pub(super) fn never(status: GateStatus, why: String) -> Ended {
    Ended {
        status,
        exit_code: None,
        signal: None,
        why: Some(why),
        started: None,
        wall: None,
        ran: None,
        backed_off: None,
        cpu: None,
        peak_memory: None,
        attempts: 0,
        leak: None,
        output: Captured::default(),
    }
}

/// Where nothing can run, and why.
#[cfg(not(unix))]
pub(super) fn none(jobs: &[Job], why: &str, observer: &mut dyn Observer) -> Ran {
    let jobs: Vec<Ended> = jobs.iter().map(|_| never(GateStatus::Unavailable, why.to_owned())).collect();
    for (job, ended) in jobs.iter().enumerate() {
        observer.hear(&Event::Ended { job, ended });
    }
    Ran { jobs, wall: std::time::Duration::ZERO, signal: None }
}

/// The attempts of one job.
#[cfg(unix)]
#[derive(Debug, Default)]
pub(super) struct Record {
    /// When the first one began.
    began: Option<(Instant, Moment)>,
    /// When the one that runs began.
    attempt: Option<Instant>,
    /// When the wait for the next one began, and how long it has to be.
    wait: Option<(Instant, Duration)>,
    ran: Duration,
    backed_off: Duration,
    /// How many there were.
    pub(super) attempts: u32,
    cpu: Duration,
    peak: u64,
    leak: Option<Leak>,
    /// What the last one came to.
    last: Option<Ended>,
}

#[cfg(unix)]
impl Record {
    /// An attempt begins. Returns whether it is the first.
    pub(super) fn begin(&mut self, now: Instant) -> bool {
        self.began.get_or_insert_with(|| (now, crate::input::clock::now()));
        self.attempt = Some(now);
        if let Some((since, wait)) = self.wait.take() {
            self.backed_off += now.duration_since(since).min(wait);
        }
        self.attempts += 1;
        self.attempts == 1
    }

    /// How long ago the first attempt began.
    pub(super) fn elapsed(&self, now: Instant) -> Duration {
        self.began.map_or(Duration::ZERO, |(began, _)| now.duration_since(began))
    }

    /// An attempt ended: the job as it would be told if it was the last.
    pub(super) fn end(&mut self, outcome: Outcome, now: Instant) -> Ended {
        self.ran += self.attempt.take().map_or(Duration::ZERO, |began| now.duration_since(began));
        self.cpu += outcome.cpu;
        self.peak = self.peak.max(outcome.peak);
        if let Some(leak) = outcome.leak {
            let all = self.leak.get_or_insert_default();
            all.processes.extend(leak.processes);
            all.output_held |= leak.output_held;
        }
        // What an earlier attempt left behind is not made good by a later one.
        let status = if outcome.status == GateStatus::Passed && self.leak.is_some() { GateStatus::Leaked } else { outcome.status };
        Ended {
            status,
            exit_code: outcome.exit_code,
            signal: outcome.signal,
            why: outcome.why,
            started: self.began.map(|(_, moment)| moment),
            wall: Some(self.elapsed(now)),
            ran: Some(self.ran),
            backed_off: Some(self.backed_off),
            cpu: Some(self.cpu),
            peak_memory: Some(self.peak).filter(|peak| *peak > 0),
            attempts: self.attempts,
            leak: self.leak.clone(),
            output: outcome.output,
        }
    }

    /// The attempt was not the last one: the next one may begin after a wait.
    pub(super) fn keep(&mut self, ended: Ended, now: Instant, wait: Duration) {
        self.wait = Some((now, wait));
        self.last = Some(ended);
    }

    /// The run ends before the job could.
    pub(super) fn cancel(&mut self, why: String) -> Ended {
        match self.last.take() {
            Some(last) => Ended { status: GateStatus::Cancelled, why: Some(why), ..last },
            None => never(GateStatus::Cancelled, why),
        }
    }
}

/// Makes an output that was told small enough to be kept. `kept` counts, over all jobs that did not pass, what is held.
#[cfg(unix)]
pub(super) fn keep_output(ended: &mut Ended, kept: &mut usize, most: usize) {
    if ended.status.is_pass() {
        return shorten(&mut ended.output, PASSED);
    }
    let long = ended.output.head.len() + ended.output.tail.len();
    if *kept + long > most {
        shorten(&mut ended.output, FAILED);
    }
    *kept += ended.output.head.len() + ended.output.tail.len();
}

#[cfg(all(test, unix))]
mod tests {
    use super::{ALL_FAILED, FAILED, keep_output, never};
    use crate::model::gate::GateStatus;

    #[test]
    fn many_long_failures_are_not_all_held() {
        let mut kept = 0;
        for number in 0..200 {
            let mut ended = never(GateStatus::Failed, String::new());
            ended.output.head = vec![b'x'; 512 << 10];
            keep_output(&mut ended, &mut kept, ALL_FAILED);
            assert_eq!(ended.output.total(), 512 << 10);
            assert_eq!(ended.output.head.len() == FAILED, number >= 128, "{number}");
        }
    }
}
