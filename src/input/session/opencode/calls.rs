//! Dispatches: which session each call made, and when its agent ran.

use super::builder::{Builder, Reading};
use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Means, Place, Status, Timing};
use rustc_hash::{FxHashMap, FxHashSet};

/// Milliseconds by which the first record of an agent may stand before its call.
const CLOCK_SLACK: i64 = 1000;

/// Milliseconds by which the last record of an agent may differ from the end of its call: both are written by one
/// process, right after each other.
const CUT_OFF: i64 = 5000;

/// A call that starts an agent.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) place: Place,
    pub(super) thread: usize,
    pub(super) turn: u32,
    pub(super) response: Option<String>,
    pub(super) description: Option<String>,
    pub(super) agent_type: Option<String>,
    /// Fingerprint of the prompt.
    pub(super) prompt: Option<u64>,
    /// It goes on with an agent of an earlier call.
    pub(super) resumes: bool,
    pub(super) agent: Option<String>,
    /// When the message that holds it began.
    pub(super) called: Option<Moment>,
    pub(super) start: Option<Moment>,
    /// When its result came.
    pub(super) end: Option<Moment>,
    /// How it ended; `None` where it has no result.
    pub(super) status: Option<Status>,
    pub(super) background: bool,
}

/// What a thread did from one prompt to the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Segment {
    /// Fingerprint of the prompt.
    pub(super) prompt: Option<u64>,
    pub(super) first: Option<Moment>,
    pub(super) last: Option<Moment>,
    /// The places of its first and last record.
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) tool_uses: u32,
    /// Its last message is complete.
    pub(super) over: bool,
    /// Its last message holds an error.
    pub(super) failed: bool,
}

impl Segment {
    pub(super) fn new(prompt: Option<u64>, place: Place) -> Segment {
        Segment { prompt, first: place.at, last: place.at, from: place.line, to: place.line, ..Segment::default() }
    }

    fn interval(&self) -> Option<(Moment, Moment)> {
        self.first.zip(self.last).filter(|(first, last)| self.over && first <= last)
    }
}

/// How and when a background agent ended, as its parent was told.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    at: Moment,
    status: Status,
}

impl End {
    pub(super) fn of(state: &str, at: Moment) -> Option<End> {
        let status = match state {
            "completed" => Status::Completed,
            "error" | "cancelled" => Status::Failed,
            _ => return None,
        };
        Some(End { at, status })
    }
}

/// A call's agent: its thread, and which segment of it, where that is known.
type Found = Option<(usize, Option<usize>)>;

impl Builder {
    /// Links each call to its agent and gives each dispatch its interval, by the best source at hand.
    pub(super) fn dispatches(&mut self) -> Vec<Dispatch> {
        self.link_by_prompt();
        let found = self.find_agents();
        let mut dispatches = Vec::with_capacity(self.calls.len());
        for (call, agent) in self.calls.iter().zip(&found) {
            let mut dispatch = self.timed(call, *agent);
            dispatch.parent = self.parent(call, &found);
            dispatches.push(dispatch);
        }
        for (index, agent) in found.iter().enumerate() {
            if let Some((thread, _)) = agent {
                self.threads[*thread].thread.transcript.dispatch.get_or_insert(index);
            }
        }
        self.note_strangers();
        dispatches
    }

    /// The thread of each agent, by the session that it is.
    fn agents(&self) -> FxHashMap<&str, usize> {
        let threads = self.threads.iter().enumerate().skip(1);
        threads.filter_map(|(index, reading)| reading.info.id.as_deref().map(|id| (id, index))).collect()
    }

    /// A call that failed may not name its agent: then the exact prompt does, where it names one only. Never the position.
    fn link_by_prompt(&mut self) {
        let named: FxHashSet<&str> = self.calls.iter().filter_map(|call| call.agent.as_deref()).collect();
        let mut free: FxHashMap<(Option<&str>, u64), Vec<&str>> = FxHashMap::default();
        for reading in self.threads.iter().skip(1) {
            let id = reading.info.id.as_deref().filter(|id| !named.contains(id));
            if let (Some(id), Some(prompt)) = (id, reading.segments.first().and_then(|segment| segment.prompt)) {
                free.entry((reading.info.parent.as_deref(), prompt)).or_default().push(id);
            }
        }
        let key = |call: &Call| call.prompt.map(|prompt| (self.threads[call.thread].info.id.as_deref(), prompt));
        let nameless = |call: &&Call| call.agent.is_none() && call.status != Some(Status::Rejected);
        let mut asked: FxHashMap<(Option<&str>, u64), usize> = FxHashMap::default();
        for key in self.calls.iter().filter(nameless).filter_map(key) {
            *asked.entry(key).or_default() += 1;
        }
        let linked: Vec<Option<String>> = self
            .calls
            .iter()
            .map(|call| {
                let key = Some(call).filter(nameless).and_then(key).filter(|key| asked.get(key) == Some(&1))?;
                match free.get(&key)?.as_slice() {
                    [agent] => Some((*agent).to_owned()),
                    _ => None,
                }
            })
            .collect();
        for (call, agent) in self.calls.iter_mut().zip(linked) {
            call.agent = call.agent.take().or(agent);
        }
    }

    /// For each call its agent's thread, and the segment that began with it: an agent that is resumed has several.
    fn find_agents(&self) -> Vec<Found> {
        let agents = self.agents();
        let mut order: Vec<usize> = (0..self.calls.len()).collect();
        order.sort_by_key(|index| self.calls[*index].start);
        let mut users: FxHashMap<usize, usize> = FxHashMap::default();
        let mut found: Vec<Found> = vec![None; self.calls.len()];
        for index in &order {
            let call = &self.calls[*index];
            let thread = call.agent.as_deref().and_then(|agent| agents.get(agent)).copied();
            let own_child = |thread: &usize| self.threads[*thread].info.parent == self.threads[call.thread].info.id;
            if let Some(thread) = thread.filter(|thread| *thread != call.thread && own_child(thread)) {
                found[*index] = Some((thread, None));
                *users.entry(thread).or_default() += 1;
            }
        }
        let mut next: FxHashMap<usize, usize> = FxHashMap::default();
        for index in order {
            let Some((thread, segment)) = &mut found[index] else { continue };
            let from = next.entry(*thread).or_default();
            *segment = segment_of(&self.calls[index], &self.threads[*thread], *from, users[thread] == 1);
            if let Some(segment) = segment {
                *from = *segment + 1;
            }
        }
        found
    }

    /// The dispatch whose agent made this call.
    fn parent(&self, call: &Call, found: &[Found]) -> Option<String> {
        if call.thread == 0 {
            return None;
        }
        let starters = || {
            self.calls
                .iter()
                .zip(found)
                .filter_map(|(other, agent)| agent.filter(|(thread, _)| *thread == call.thread).map(|agent| (other, agent.1)))
        };
        let holds = |segment: Option<usize>| {
            let segment = segment.and_then(|index| self.threads[call.thread].segments.get(index));
            segment.is_some_and(|segment| (segment.from..=segment.to).contains(&call.place.line))
        };
        let exact = starters().find(|(_, segment)| holds(*segment));
        exact.or_else(|| starters().next()).map(|(other, _)| other.id.clone())
    }

    /// Start and end by the best source: the agent's own session, the call's own times, the notification; else only bounds.
    fn timed(&self, call: &Call, agent: Found) -> Dispatch {
        let segment = agent.and_then(|(thread, segment)| self.threads[thread].segments.get(segment?));
        let own = segment.and_then(Segment::interval);
        // Until 1.0 an abort wrote its own time as the start, too: then only the message tells when the call was made.
        let no_start = call.status != Some(Status::Completed) && call.start == call.end;
        let requested = call.start.filter(|_| !no_start).or(call.called).or(call.start);
        let exact = call.start.zip(call.end).filter(|(start, end)| start <= end && !no_start);
        // An agent that goes on after its call came back runs in the background, whatever the call says.
        let outlives = own.zip(call.end).is_some_and(|((_, last), end)| last > end.plus(CUT_OFF));
        let background = call.background || outlives && call.status == Some(Status::Completed);
        let told = call.agent.as_ref().and_then(|agent| self.ends.get(agent)).filter(|_| background);
        let told = told.and_then(|ends| ends.iter().filter(|end| call.start.is_none_or(|start| end.at >= start)).min_by_key(|end| end.at));
        let status = status(call, background, told, segment);
        let returned = if background { told.map(|end| end.at).or(own.map(|(_, last)| last)) } else { call.end };
        let agrees = |(first, last): &(Moment, Moment)| {
            exact.is_none_or(|(start, end)| *first >= start.plus(-CLOCK_SLACK) && (last.0 - end.0).abs() <= CUT_OFF)
        };
        let ran = call.status == Some(Status::Completed) || call.agent.is_some();
        let (interval, timing) = match () {
            () if call.status == Some(Status::Rejected) => (None, Timing::None),
            () if background && own.is_some() => (own, Timing::Transcript),
            () if background => match call.start.zip(told.map(|end| end.at)) {
                Some(interval) => (Some(interval), Timing::Notification),
                None => (None, Timing::None),
            },
            () if own.as_ref().is_some_and(agrees) => (own, Timing::Transcript),
            () if exact.is_some() && ran => (exact, Timing::Duration),
            () if requested.is_some() && returned >= requested => (None, Timing::Bounds),
            () => (None, Timing::None),
        };
        let edits = agent.map(|(thread, _)| &self.threads[thread].thread.transcript.edits);
        let within = |line: u64| segment.is_none_or(|segment| (segment.from..=segment.to).contains(&line));
        let edits: Vec<_> = edits.into_iter().flatten().filter(|edit| within(edit.place.line)).cloned().collect();
        Dispatch {
            id: call.id.clone(),
            agent: call.agent.clone(),
            agent_type: call.agent_type.clone(),
            description: call.description.clone(),
            parent: None,
            transcript: call.thread,
            response: call.response.clone(),
            turn: call.turn,
            line: call.place.line,
            requested,
            returned,
            started: interval.map(|(start, _)| start),
            ended: interval.map(|(_, end)| end),
            extent: None,
            duration: None,
            timing,
            status,
            background,
            tool_uses: segment.map(|segment| segment.tool_uses),
            worktree: edits.iter().find_map(|edit| edit.worktree.clone()),
            edits,
        }
    }

    /// Sessions below this one that no call in it started: agents of a plugin, or of another program.
    fn note_strangers(&mut self) {
        let strangers: Vec<(usize, Option<Moment>)> = self
            .threads
            .iter()
            .enumerate()
            .skip(1)
            .filter(|(_, reading)| reading.thread.transcript.dispatch.is_none() && reading.thread.transcript.last_line > 0)
            .map(|(index, reading)| (index, reading.info.created.or(reading.thread.transcript.first)))
            .collect();
        for (index, at) in strangers {
            let parent = self.threads[index].info.parent.clone();
            let Some(parent) = self.threads.iter().position(|reading| reading.info.id == parent && parent.is_some()) else { continue };
            let responses = &self.threads[parent].thread.transcript.responses;
            let before = responses.iter().rfind(|response| response.first.at <= at).or(responses.first());
            let place = Place { line: before.map_or(1, |response| response.last.line), at };
            self.threads[parent].thread.other_means(place, Means::Uncalled);
            let path = self.threads[parent].thread.transcript.path.clone();
            self.notice(
                &path,
                place.line,
                "a session below this one was started by no call of it; claims about agents cannot be held against it",
            );
        }
    }
}

/// The segment of an agent that a call began: the first one behind the call, by the exact prompt where one has it.
fn segment_of(call: &Call, agent: &Reading, from: usize, only: bool) -> Option<usize> {
    let fits = |segment: &Segment| {
        let after = call.start.zip(segment.first).is_none_or(|(start, first)| first >= start.plus(-CLOCK_SLACK));
        let end = call.end.filter(|_| !call.background);
        after && end.zip(segment.first).is_none_or(|(end, first)| first <= end.plus(CLOCK_SLACK))
    };
    let candidates = || agent.segments.iter().enumerate().skip(from);
    let same = |segment: &Segment| call.prompt.is_some() && segment.prompt == call.prompt;
    let exact = candidates().find(|(_, segment)| same(segment) && (fits(segment) || call.start == call.end));
    let first = || candidates().find(|(_, segment)| call.start.is_some() && call.start != call.end && fits(segment));
    let single = || candidates().next().filter(|_| only && !call.resumes && call.start.is_none());
    exact.or_else(first).or_else(single).map(|(index, _)| index)
}

fn status(call: &Call, background: bool, told: Option<&End>, segment: Option<&Segment>) -> Status {
    match call.status {
        None if background => Status::Running,
        None => Status::NoResult,
        Some(Status::Completed) if background => match (told, segment) {
            (Some(end), _) => end.status,
            (None, Some(segment)) if segment.over && segment.failed => Status::Failed,
            (None, Some(segment)) if segment.over => Status::Completed,
            _ => Status::Running,
        },
        Some(status) => status,
    }
}
