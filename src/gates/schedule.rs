//! Which job starts when: needs, resources, weights, one cap, no barriers. Pure.
//!
//! A job that may run and fits always starts; of several the one with the longest chain of jobs behind it comes first.

use rustc_hash::FxHashSet;
use std::time::Duration;

/// One job of a schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Task {
    /// Indexes of the jobs that must end well before it.
    pub needs: Vec<usize>,
    /// What no two jobs hold at once.
    pub resources: Vec<String>,
    /// How much of the cap it takes; more than the cap counts as all of it.
    pub weight: u32,
    /// How long it is going to take, as far as is known.
    pub expected: Option<Duration>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// For what it needs, its resources, or room.
    Waiting,
    /// It runs.
    Running,
    /// Between two attempts: it holds nothing.
    Paused,
    /// It ended well.
    Passed,
    /// It did not, or will never run.
    Failed,
}

/// The jobs of a run, and where they stand.
#[derive(Debug, Clone)]
pub struct Schedule {
    tasks: Vec<Task>,
    stands: Vec<Stand>,
    /// How urgent each is: the longest expected time from its start to the end of what waits for it.
    urgency: Vec<Duration>,
    cap: u32,
    used: u32,
    held: FxHashSet<String>,
}

impl Schedule {
    /// A schedule of jobs under a cap. Needs must be indexes of other jobs and go in no circle: what is in a circle, or
    /// needs what is not there, never starts, and is told by `unstartable`.
    pub fn new(tasks: Vec<Task>, cap: u32) -> Schedule {
        let urgency = urgencies(&tasks);
        Schedule { stands: vec![Stand::Waiting; tasks.len()], tasks, urgency, cap: cap.max(1), used: 0, held: FxHashSet::default() }
    }

    /// The jobs that start now, most urgent first; they count as running from here on.
    pub fn start(&mut self) -> Vec<usize> {
        let mut ready: Vec<usize> = (0..self.tasks.len()).filter(|job| self.is_ready(*job)).collect();
        ready.sort_by_key(|job| (std::cmp::Reverse(self.urgency[*job]), *job));
        ready.retain(|job| self.take(*job));
        ready
    }

    /// A running job ended. Where it did not end well, returns the jobs that will never run because of it.
    pub fn finish(&mut self, job: usize, well: bool) -> Vec<usize> {
        self.give_back(job);
        self.stands[job] = if well { Stand::Passed } else { Stand::Failed };
        if well { Vec::new() } else { self.give_up_behind(job) }
    }

    /// A running job waits for its next attempt, and holds nothing meanwhile.
    pub fn pause(&mut self, job: usize) {
        self.give_back(job);
        self.stands[job] = Stand::Paused;
    }

    /// A paused job may run again.
    pub fn resume(&mut self, job: usize) {
        if self.stands[job] == Stand::Paused {
            self.stands[job] = Stand::Waiting;
        }
    }

    /// A job that just started could not get what it needs from the system: it waits, until another one has ended. Where
    /// none runs there is nothing to wait for, and the answer is `false`.
    pub fn postpone(&mut self, job: usize) -> bool {
        let others = self.stands.iter().enumerate().any(|(other, stand)| other != job && *stand == Stand::Running);
        if others {
            self.give_back(job);
            self.stands[job] = Stand::Waiting;
        }
        others
    }

    /// Nothing that waits or is paused will start any more. Returns it.
    pub fn give_up(&mut self) -> Vec<usize> {
        let left = self.unended(&[Stand::Waiting, Stand::Paused]);
        left.iter().for_each(|job| self.stands[*job] = Stand::Failed);
        left
    }

    /// Every job has ended or will never run.
    pub fn is_done(&self) -> bool {
        self.unended(&[Stand::Waiting, Stand::Paused, Stand::Running]).is_empty()
    }

    /// What waits though nothing runs or is paused: it would wait for ever.
    pub fn unstartable(&self) -> Vec<usize> {
        if self.unended(&[Stand::Running, Stand::Paused]).is_empty() && !(0..self.tasks.len()).any(|job| self.is_ready(job)) {
            return self.unended(&[Stand::Waiting]);
        }
        Vec::new()
    }

    /// What a waiting job waits for: jobs that have not ended, else a resource or room.
    pub fn waits_for(&self, job: usize) -> Wait<'_> {
        let task = &self.tasks[job];
        if let Some(need) = task.needs.iter().find(|need| self.stands.get(**need) != Some(&Stand::Passed)) {
            return Wait::Job(*need);
        }
        task.resources.iter().find(|resource| self.held.contains(*resource)).map_or(Wait::Room, |resource| Wait::Resource(resource))
    }

    fn unended(&self, stands: &[Stand]) -> Vec<usize> {
        (0..self.tasks.len()).filter(|job| stands.contains(&self.stands[*job])).collect()
    }

    fn is_ready(&self, job: usize) -> bool {
        let passed = |need: &usize| self.stands.get(*need) == Some(&Stand::Passed);
        self.stands[job] == Stand::Waiting && self.tasks[job].needs.iter().all(passed)
    }

    fn weight(&self, job: usize) -> u32 {
        self.tasks[job].weight.clamp(1, self.cap)
    }

    /// All resources and the room, or nothing: so nobody waits while holding what another waits for.
    fn take(&mut self, job: usize) -> bool {
        let weight = self.weight(job);
        if self.used + weight > self.cap || self.tasks[job].resources.iter().any(|resource| self.held.contains(resource)) {
            return false;
        }
        self.used += weight;
        self.held.extend(self.tasks[job].resources.iter().cloned());
        self.stands[job] = Stand::Running;
        true
    }

    fn give_back(&mut self, job: usize) {
        if self.stands[job] == Stand::Running {
            self.used -= self.weight(job);
            for resource in &self.tasks[job].resources {
                self.held.remove(resource);
            }
        }
    }

    /// What waits, directly or through others, for a job that did not end well.
    fn give_up_behind(&mut self, job: usize) -> Vec<usize> {
        let mut lost = Vec::new();
        let mut open = vec![job];
        while let Some(failed) = open.pop() {
            for behind in 0..self.tasks.len() {
                if self.stands[behind] == Stand::Waiting && self.tasks[behind].needs.contains(&failed) {
                    self.stands[behind] = Stand::Failed;
                    lost.push(behind);
                    open.push(behind);
                }
            }
        }
        lost.sort_unstable();
        lost
    }
}

/// What a job waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait<'s> {
    /// Another job.
    Job(usize),
    /// A resource that another job holds.
    Resource(&'s str),
    /// Jobs under the cap.
    Room,
}

/// Without a recorded time every job counts as long as the others: the mean of what is known, else one second.
pub(super) fn lengths(tasks: &[Task]) -> Vec<Duration> {
    let known: Vec<Duration> = tasks.iter().filter_map(|task| task.expected).collect();
    let count = u32::try_from(known.len()).unwrap_or(u32::MAX).max(1);
    let usual = if known.is_empty() { Duration::from_secs(1) } else { known.iter().sum::<Duration>() / count };
    tasks.iter().map(|task| task.expected.unwrap_or(usual)).collect()
}

fn urgencies(tasks: &[Task]) -> Vec<Duration> {
    let lengths = lengths(tasks);
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); tasks.len()];
    for (job, task) in tasks.iter().enumerate() {
        for need in task.needs.iter().filter(|need| **need < tasks.len()) {
            behind[*need].push(job);
        }
    }
    // From the ends of the graph to its beginnings; what goes in a circle is never reached and keeps its own length.
    let mut open_ends: Vec<usize> = behind.iter().map(Vec::len).collect();
    let mut urgency = lengths.clone();
    let mut queue: Vec<usize> = (0..tasks.len()).filter(|job| open_ends[*job] == 0).collect();
    while let Some(job) = queue.pop() {
        for need in tasks[job].needs.iter().copied().filter(|need| *need < tasks.len()) {
            urgency[need] = urgency[need].max(lengths[need] + urgency[job]);
            open_ends[need] -= 1;
            if open_ends[need] == 0 {
                queue.push(need);
            }
        }
    }
    urgency
}

/// The longest chain of jobs that need each other, first to last, and how long it takes, by the given times.
pub fn longest_chain(needs: &[Vec<usize>], times: &[Duration]) -> (Duration, Vec<usize>) {
    let tasks: Vec<Task> = needs
        .iter()
        .zip(times)
        .map(|(needs, time)| Task { needs: needs.clone(), expected: Some(*time), weight: 1, ..Task::default() })
        .collect();
    let urgency = urgencies(&tasks);
    let longest = |jobs: &mut dyn Iterator<Item = usize>| jobs.min_by_key(|job| (std::cmp::Reverse(urgency[*job]), *job));
    let mut chain = Vec::new();
    let mut next = longest(&mut (0..tasks.len()));
    let total = next.map_or(Duration::ZERO, |job| urgency[job]);
    while let Some(job) = next {
        chain.push(job);
        let mut behind = (0..tasks.len()).filter(|other| tasks[*other].needs.contains(&job) && !chain.contains(other));
        next = longest(&mut behind).filter(|other| times[job] + urgency[*other] == urgency[job]);
    }
    (total, chain)
}

#[cfg(test)]
mod tests;
