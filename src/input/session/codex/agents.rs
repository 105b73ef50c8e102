//! The agents of a session while its rollouts are read: which call started which thread, and when each ended.
//!
//! A spawn answers at once, so its answer is no end. An end is what a wait, a notice, a letter or an event tells; most of
//! them stand in the log later than the agent ended, and so are upper bounds.

use super::output::Output;
use super::rollout::Rollout;
use super::stretch::{Stretch, within};
use super::words;
use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Means, Place, Status, Timing};
use rustc_hash::{FxHashMap, FxHashSet};

/// Milliseconds by which the clocks of two rollouts' records may be out of order.
const SLACK: i64 = 1000;

/// Milliseconds by which a thread's own last record may come before its end is told, where the thread does not tell it.
const CUT_OFF: i64 = 5000;

/// A call that starts an agent or gives it more to do.
#[derive(Debug, Clone, Default)]
pub(super) struct Asking {
    pub(super) id: String,
    pub(super) place: Place,
    pub(super) turn: u32,
    pub(super) response: String,
    pub(super) description: Option<String>,
    pub(super) agent_type: Option<String>,
}

/// One dispatch while it is read.
#[derive(Debug, Clone, Default)]
struct Call {
    asking: Asking,
    /// The rollout in which it stands.
    rollout: usize,
    /// The thread that it started, or another name of it: its path.
    agent: Option<String>,
    path: Option<String>,
    /// When it was answered.
    answered: Option<Moment>,
    /// It was answered with an error.
    refused: Option<Status>,
    /// It gives more to do to an agent that was there.
    follow_up: bool,
}

/// An end of an agent's work.
#[derive(Debug, Clone, Copy)]
struct End {
    at: Moment,
    status: Status,
    /// It is the end's own time, not that of a later record.
    exact: bool,
}

/// The agents of a session while its rollouts are read.
#[derive(Debug, Default)]
pub(super) struct Agents {
    /// The rollout that is being read.
    pub(super) rollout: usize,
    calls: Vec<Call>,
    index: FxHashMap<String, usize>,
    follow_ups: Vec<Call>,
    followed: FxHashSet<String>,
    ends: FxHashMap<String, Vec<End>>,
    /// Threads by their paths.
    paths: FxHashMap<String, String>,
    /// Where each rollout first speaks of an agent.
    mentions: FxHashMap<(usize, String), Place>,
    /// Calls of scripts that may have started agents.
    scripts: Vec<(usize, Asking)>,
}

impl Agents {
    /// A call of `spawn_agent`. A copy of a call is the same call.
    pub(super) fn spawn(&mut self, asking: Asking) {
        if !self.index.contains_key(&asking.id) {
            self.index.insert(asking.id.clone(), self.calls.len());
            self.calls.push(Call { asking, rollout: self.rollout, ..Call::default() });
        }
    }

    /// The answer to `spawn_agent`: `{"agent_id", "nickname"}`, of the second tools `{"task_name", "nickname"}`, or an error.
    pub(super) fn spawned(&mut self, id: &str, output: &Output, place: Place) {
        let agent = words::first_text(&output.text, &["agent_id"]);
        let path = words::first_text(&output.text, &["task_name"]);
        for name in agent.iter().chain(&path) {
            self.mention(name, place);
        }
        let Some(call) = self.index.get(id).and_then(|index| self.calls.get_mut(*index)) else { return };
        if call.answered.is_some() || call.refused.is_some() {
            return;
        }
        call.answered = place.at;
        call.path = path;
        if agent.is_none() && call.path.is_none() {
            call.refused = Some(if output.refused { Status::Interrupted } else { Status::Failed });
        }
        call.agent = call.agent.take().or(agent);
    }

    /// A thread that a call started. `false` where there is no such call.
    pub(super) fn link(&mut self, call: &str, agent: &str) -> bool {
        let Some(call) = self.index.get(call).and_then(|index| self.calls.get_mut(*index)) else { return false };
        call.agent = Some(agent.to_owned());
        true
    }

    /// An agent began without a call that is logged.
    pub(super) fn started(&mut self, asking: Asking, agent: &str) {
        let id = asking.id.clone();
        let at = asking.place.at;
        self.spawn(asking);
        self.link(&id, agent);
        if let Some(call) = self.index.get(&id).and_then(|index| self.calls.get_mut(*index)) {
            call.answered = at;
        }
    }

    /// A script may start agents.
    pub(super) fn script(&mut self, asking: Asking) {
        self.scripts.push((self.rollout, asking));
    }

    /// A path that names a thread.
    pub(super) fn names(&mut self, path: &str, thread: &str) {
        self.paths.insert(path.to_owned(), thread.to_owned());
    }

    /// Whether a call gives an agent more to do.
    pub(super) fn is_follow_up(&self, id: &str) -> bool {
        self.followed.contains(id)
    }

    /// An agent that was there gets more to do, if it had ended.
    pub(super) fn follow_up(&mut self, agent: &str, asking: Asking) {
        self.followed.insert(asking.id.clone());
        self.follow_ups.push(Call { asking, rollout: self.rollout, agent: Some(agent.to_owned()), follow_up: true, ..Call::default() });
    }

    /// A record speaks of an agent. Where the call that started it is lost, the agent is placed there.
    fn mention(&mut self, agent: &str, place: Place) {
        self.mentions.entry((self.rollout, agent.to_owned())).or_insert(place);
    }

    /// Something tells that an agent ended.
    pub(super) fn report(&mut self, agent: &str, status: Status, place: Place, exact: bool) {
        self.mention(agent, place);
        if let Some(at) = place.at {
            self.ends.entry(agent.to_owned()).or_default().push(End { at, status, exact });
        }
    }

    /// The rollouts' agents to dispatches, in the order of the rollouts and their lines.
    pub(super) fn dispatches(mut self, rollouts: &mut [Rollout]) -> Vec<Dispatch> {
        for rollout in rollouts.iter() {
            if let (Some(path), Some(id)) = (&rollout.path, &rollout.id) {
                self.paths.insert(path.clone(), id.clone());
            }
        }
        self.resolve();
        self.adopt(rollouts);
        let mut per_agent: FxHashMap<String, Vec<Call>> = FxHashMap::default();
        let mut calls = Vec::new();
        for call in std::mem::take(&mut self.calls) {
            match &call.agent {
                Some(agent) => per_agent.entry(agent.clone()).or_default().push(call),
                None => calls.push((call, Vec::new())),
            }
        }
        for follow_up in std::mem::take(&mut self.follow_ups) {
            if let Some(known) = follow_up.agent.as_ref().and_then(|agent| per_agent.get_mut(agent)) {
                known.push(follow_up);
            }
        }
        let threads: FxHashMap<String, usize> =
            rollouts.iter().enumerate().filter_map(|(index, rollout)| rollout.id.clone().map(|id| (id, index))).collect();
        for (agent, mut asked) in per_agent {
            asked.sort_by_key(|call| (call.asking.place.at, call.asking.place.line));
            let own = threads.get(&agent).map(|thread| rollouts[*thread].turns.as_slice()).unwrap_or_default();
            let (shares, merged) = self.shares(&agent, asked, own);
            calls.extend(shares);
            for message in merged {
                rollouts[message.rollout].thread.other_means(message.asking.place, Means::Message);
            }
        }
        calls.sort_by(|(one, _), (other, _)| {
            (one.rollout, one.asking.place.line, &one.asking.id).cmp(&(other.rollout, other.asking.place.line, &other.asking.id))
        });
        self.built(calls, &threads, rollouts)
    }

    /// Gives every thread one name: its identifier, where the log knows it.
    fn resolve(&mut self) {
        let paths = std::mem::take(&mut self.paths);
        for call in self.calls.iter_mut().chain(&mut self.follow_ups) {
            let by_path = call.path.as_ref().and_then(|path| paths.get(path));
            call.agent = match call.agent.take() {
                Some(agent) => Some(paths.get(&agent).cloned().unwrap_or(agent)),
                None => by_path.cloned().or_else(|| call.path.clone()),
            };
        }
        let mut ends: FxHashMap<String, Vec<End>> = FxHashMap::default();
        for (name, mut told) in std::mem::take(&mut self.ends) {
            ends.entry(paths.get(&name).cloned().unwrap_or(name)).or_default().append(&mut told);
        }
        for told in ends.values_mut() {
            told.sort_by_key(|end| end.at);
        }
        self.ends = ends;
        self.paths = paths;
    }

    /// Threads that no call is known to have started: by the one call that can have, else by the script that may have.
    fn adopt(&mut self, rollouts: &mut [Rollout]) {
        let known: FxHashSet<String> = self.calls.iter().filter_map(|call| call.agent.clone()).collect();
        let ids: FxHashMap<String, usize> =
            rollouts.iter().enumerate().filter_map(|(index, rollout)| rollout.id.clone().map(|id| (id, index))).collect();
        let mut adopted: FxHashSet<usize> = FxHashSet::default();
        for child in rollouts.iter().skip(1).filter(|child| child.id.as_ref().is_some_and(|id| !known.contains(id))) {
            let Some(parent) = child.parent.as_ref().and_then(|parent| ids.get(parent)).copied() else { continue };
            let (Some(id), Some(begun)) = (child.id.clone(), child.thread.transcript.first) else { continue };
            let fits = |call: &Call| {
                let after = call.asking.place.at.is_some_and(|at| begun >= at.plus(-SLACK));
                call.agent.is_none()
                    && call.refused.is_none()
                    && call.rollout == parent
                    && after
                    && call.answered.is_none_or(|at| begun <= at.plus(SLACK))
            };
            let fitting: Vec<usize> = (0..self.calls.len()).filter(|index| fits(&self.calls[*index])).collect();
            if let [only] = fitting.as_slice() {
                self.calls[*only].agent = Some(id);
                continue;
            }
            let script = self
                .scripts
                .iter()
                .rposition(|(rollout, asking)| *rollout == parent && asking.place.at.is_some_and(|at| at <= begun.plus(SLACK)));
            let asking = match script {
                Some(script) => {
                    adopted.insert(script);
                    self.scripts[script].1.clone()
                }
                None => rollouts[parent].asking_at(begun, self.mentioned(parent, child)),
            };
            let asking = Asking { id: id.clone(), description: child.path.clone(), agent_type: child.role.clone(), ..asking };
            self.calls.push(Call { asking, rollout: parent, agent: Some(id), answered: Some(begun), ..Call::default() });
        }
        // What a script started and nothing else shows ran unseen.
        let started: FxHashSet<(usize, String)> = self.calls.iter().map(|call| (call.rollout, call.asking.response.clone())).collect();
        for (number, (rollout, asking)) in self.scripts.iter().enumerate() {
            if !adopted.contains(&number) && !started.contains(&(*rollout, asking.response.clone())) {
                rollouts[*rollout].thread.other_means(asking.place, Means::Script);
            }
        }
    }

    /// The line at which a rollout first speaks of an agent, by its name or its path.
    fn mentioned(&self, parent: usize, child: &Rollout) -> Option<u64> {
        let names = child.id.iter().chain(&child.path);
        names.filter_map(|name| self.mentions.get(&(parent, name.clone()))).map(|place| place.line).min()
    }

    /// What each call to one agent made it do: its first stretch of work is the spawn's, a later one that of the latest
    /// message before it, unless the agent was still at work.
    ///
    /// What comes second are messages that an agent got while it was at work.
    fn shares(&self, agent: &str, asked: Vec<Call>, own: &[Stretch]) -> (Vec<(Call, Vec<Stretch>)>, Vec<Call>) {
        let mut shares: Vec<(Call, Vec<Stretch>)> = Vec::new();
        let mut merged = Vec::new();
        let mut own = own.iter().copied().peekable();
        for call in asked {
            let at = call.asking.place.at;
            // Work that began before this message is that of the calls before.
            if let Some((_, stretches)) = shares.last_mut() {
                while let Some(stretch) = own.next_if(|stretch| at.is_none_or(|at| stretch.start < at.plus(-SLACK))) {
                    stretches.push(stretch);
                }
            }
            if call.follow_up && !self.had_ended(agent, &shares, at) {
                merged.push(call);
                continue;
            }
            shares.push((call, Vec::new()));
        }
        if let Some((_, stretches)) = shares.last_mut() {
            stretches.extend(own);
        }
        (shares, merged)
    }

    /// Whether an agent had ended its work when it got a message.
    fn had_ended(&self, agent: &str, shares: &[(Call, Vec<Stretch>)], at: Option<Moment>) -> bool {
        let Some(at) = at else { return false };
        let Some((before, stretches)) = shares.last() else { return false };
        if let Some(last) = stretches.last() {
            return last.status.is_some() && last.end <= at.plus(SLACK);
        }
        let since = before.asking.place.at;
        self.first_end(agent, since).is_some_and(|end| end.at <= at)
    }

    /// The first end of an agent that is not before a moment.
    fn first_end(&self, agent: &str, since: Option<Moment>) -> Option<End> {
        let ends = self.ends.get(agent)?;
        ends.get(since.map_or(0, |since| ends.partition_point(|end| end.at < since))).copied()
    }

    fn built(&self, calls: Vec<(Call, Vec<Stretch>)>, threads: &FxHashMap<String, usize>, rollouts: &mut [Rollout]) -> Vec<Dispatch> {
        let first_of: FxHashMap<&str, &str> =
            calls.iter().rev().filter_map(|(call, _)| call.agent.as_deref().map(|agent| (agent, call.asking.id.as_str()))).collect();
        let mut several: FxHashMap<&str, usize> = FxHashMap::default();
        for agent in calls.iter().filter_map(|(call, _)| call.agent.as_deref()) {
            *several.entry(agent).or_default() += 1;
        }
        // When each call's agent was given more to do.
        let mut next: FxHashMap<&str, Option<Moment>> = FxHashMap::default();
        let mut untils: Vec<Option<Moment>> = vec![None; calls.len()];
        for (number, (call, _)) in calls.iter().enumerate().rev() {
            if let Some(agent) = &call.agent {
                untils[number] = next.insert(agent, call.asking.place.at).flatten();
            }
        }
        let mut dispatches = Vec::with_capacity(calls.len());
        for (number, (call, stretches)) in calls.iter().enumerate() {
            let until = untils[number];
            let mut dispatch = self.dispatch(call, stretches, until);
            dispatch.parent = rollouts[call.rollout].id.as_deref().and_then(|thread| first_of.get(thread)).map(|id| (*id).to_owned());
            if let Some((agent, thread)) = call.agent.as_deref().and_then(|agent| threads.get(agent).map(|thread| (agent, *thread))) {
                let rollout = &mut rollouts[thread];
                let alone = several.get(agent) == Some(&1);
                dispatch.agent_type = dispatch.agent_type.or_else(|| rollout.role.clone());
                let transcript = &mut rollout.thread.transcript;
                dispatch.edits = if alone { transcript.edits.clone() } else { within(&dispatch, &transcript.edits).to_vec() };
                dispatch.worktree = dispatch.edits.iter().find_map(|edit| edit.worktree.clone());
                dispatch.tool_uses = alone.then_some(transcript.tool_uses);
                transcript.dispatch.get_or_insert(number);
            }
            dispatches.push(dispatch);
        }
        dispatches
    }

    /// Start and end by the best source: the thread's own turns, an event with the end's own time; else only bounds.
    fn dispatch(&self, call: &Call, stretches: &[Stretch], until: Option<Moment>) -> Dispatch {
        let launched = call.asking.place.at;
        let end = call.agent.as_ref().and_then(|agent| self.first_end(agent, launched.map(|launched| launched.plus(-SLACK))));
        let end = end.filter(|end| until.is_none_or(|until| end.at <= until));
        let last = stretches.last();
        let answered = call.answered.is_some() || call.follow_up;
        let status = match (call.refused, last.and_then(|last| last.status), end) {
            (Some(refused), _, _) => refused,
            (None, Some(Status::Interrupted), Some(end)) if end.status != Status::Completed => end.status,
            // The program writes the same end for a turn that an error ended, and the parent hears of the error.
            (None, Some(Status::Completed), Some(end)) if end.status == Status::Failed && last.is_some_and(|last| last.silent) => {
                end.status
            }
            (None, Some(own), _) => own,
            (None, None, Some(end)) => end.status,
            (None, None, None) if answered || last.is_some() => Status::Running,
            (None, None, None) => Status::NoResult,
        };
        let returned = end.map(|end| end.at).or_else(|| call.refused.and(call.answered));
        // A rollout that stops long before its end is told was cut off: its last record is no end.
        let whole = last.is_some_and(|last| last.status.is_some() || end.is_none_or(|end| end.at.0.saturating_sub(last.end.0) <= CUT_OFF));
        let by_transcript = stretches.first().zip(last).map(|(first, last)| (first.start, last.end)).filter(|_| whole);
        let by_event = call.answered.or(launched).zip(end.filter(|end| end.exact).map(|end| end.at)).filter(|(start, end)| start <= end);
        let (interval, timing) = match (by_transcript, by_event) {
            (Some(interval), _) => (Some(interval), Timing::Transcript),
            (None, Some(interval)) => (Some(interval), Timing::Notification),
            (None, None) if launched.is_some() && returned.is_some() => (None, Timing::Bounds),
            (None, None) => (None, Timing::None),
        };
        Dispatch {
            id: call.asking.id.clone(),
            agent: call.agent.clone(),
            agent_type: call.asking.agent_type.clone(),
            description: call.asking.description.clone(),
            parent: None,
            transcript: call.rollout,
            response: Some(call.asking.response.clone()),
            turn: call.asking.turn,
            line: call.asking.place.line,
            requested: launched,
            returned,
            started: interval.map(|(start, _)| start),
            ended: interval.map(|(_, end)| end),
            extent: None,
            duration: None,
            timing,
            status,
            background: call.refused.is_none(),
            tool_uses: None,
            edits: Vec::new(),
            worktree: None,
        }
    }
}
