//! Agents while they are read: the call, what the runtime says of the agent's start and end, and its own events.
//!
//! A call of `task` with `mode: "background"` returns within a tenth of a second, one with `mode: "sync"` when the agent has
//! ended; nested agents cannot go to the background, whatever the arguments say, and one that is waited for can be moved
//! there. `subagent.started` and `subagent.completed` are the agent's own start and end. An agent that has ended is idle:
//! `write_agent` wakes it for another run, of which no event tells the start or the end (1.0.92); its own events do.
//! A notification is no end: from 1.0.5 to 1.0.49 it came right after the launch (github/copilot-cli issues 2156, 3417), in
//! 1.0.92 it comes when the main thread next listens.

use super::builder::{Builder, MAIN};
use super::event::{Data, Event, EventKind};
use crate::input::session::thread::hash;
use crate::input::skim::Raw;
use crate::model::moment::Moment;
use crate::model::session::{Place, Status};
use rustc_hash::FxHashMap;

/// What an event of an agent's own says about its being at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It goes on.
    Works,
    /// It answered and asked for no tool: its loop is over unless something else comes.
    Settles,
    /// Nothing.
    Nothing,
}

/// The agent's own events within one run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Own {
    pub(super) first: Option<Moment>,
    pub(super) last: Option<Moment>,
    /// There were some.
    pub(super) any: bool,
    /// Its last word asked for no tool.
    pub(super) settled: bool,
    /// It worked on after its call had returned: it runs in the background.
    pub(super) after_return: bool,
    /// It worked on after the runtime had called it ended.
    pub(super) after_end: bool,
}

/// One run of an agent: a call of `task`, or of `write_agent` to an idle one.
#[derive(Debug, Clone, Default)]
pub(super) struct Call {
    pub(super) id: String,
    /// Where the call stands, and the thread.
    pub(super) place: Place,
    pub(super) thread: usize,
    pub(super) turn: u32,
    pub(super) response: Option<String>,
    pub(super) description: Option<String>,
    pub(super) agent_type: Option<String>,
    /// When the model asked for it.
    pub(super) requested: Option<Moment>,
    /// Its execution began.
    pub(super) begun: bool,
    /// What `mode` asks for.
    pub(super) wants_background: bool,
    /// The thread of its agent.
    pub(super) agent: Option<usize>,
    /// `subagent.started`, and the mode that it gives.
    pub(super) started: Option<Moment>,
    pub(super) mode: Option<bool>,
    /// Whether the result says that the agent was started in the background.
    pub(super) launched: bool,
    pub(super) result: Option<Status>,
    pub(super) returned: Option<Moment>,
    /// `subagent.completed` or `subagent.failed`.
    pub(super) end: Option<(Moment, Status)>,
    pub(super) ended: bool,
    pub(super) tool_uses: Option<u32>,
    pub(super) own: Own,
    /// The process that ran it ended.
    pub(super) process_end: Option<Moment>,
    pub(super) interrupted: bool,
    /// It wakes an agent that had ended.
    pub(super) wakes: bool,
    /// The agent's prompt has been seen.
    pub(super) prompted: bool,
}

impl Call {
    /// Whether the call did not wait for the agent. Where the runtime does not say, the main thread gets what it asks for;
    /// a return that looks like the end of a run and is none would make agents look serial that are not.
    pub(super) fn is_background(&self) -> bool {
        let granted = self.wants_background && (self.thread == MAIN || self.result.is_none());
        self.wakes || self.launched || self.own.after_return || self.mode.unwrap_or(granted)
    }

    /// Whether nothing of it goes on.
    fn is_idle(&self) -> bool {
        self.ended || (self.own.any && self.own.settled)
    }
}

/// All runs of agents of a session.
#[derive(Debug, Default)]
pub(super) struct Agents {
    pub(super) all: Vec<Call>,
    index: FxHashMap<u64, usize>,
    /// The runs of each agent, by its thread.
    pub(super) of_thread: FxHashMap<usize, Vec<usize>>,
    /// The calls of each thread that have no result yet.
    waiting: FxHashMap<usize, Vec<usize>>,
    /// The agents that wait for a prompt, by its hash.
    prompts: FxHashMap<u64, Vec<usize>>,
    /// How many runs are known to have been there when a process ended.
    survived: usize,
    /// The time of the last event before this one.
    pub(super) last_sign: Option<Moment>,
}

impl Agents {
    /// The run that a call made.
    pub(super) fn of_call(&mut self, call: &str) -> Option<&mut Call> {
        self.index.get(&hash(call)).copied().and_then(|index| self.all.get_mut(index))
    }

    /// Adds a run.
    pub(super) fn add(&mut self, call: Call) -> usize {
        let index = self.all.len();
        self.index.insert(hash(call.id.as_str()), index);
        self.waiting.entry(call.thread).or_default().push(index);
        if let Some(agent) = call.agent {
            self.of_thread.entry(agent).or_default().push(index);
        }
        self.all.push(call);
        index
    }

    /// Says that a thread is that of the agent that a call started. No agent starts itself.
    pub(super) fn attach(&mut self, call: &str, thread: usize) {
        let Some(index) = self.index.get(&hash(call)).copied() else { return };
        let run = &mut self.all[index];
        if run.agent.is_none() && run.thread != thread && thread != MAIN {
            run.agent = Some(thread);
            self.of_thread.entry(thread).or_default().push(index);
        }
    }

    /// The prompt by which an agent may be known.
    pub(super) fn expects(&mut self, call: &str, prompt: &str) {
        if let Some(index) = self.index.get(&hash(call)).copied().filter(|_| !prompt.trim().is_empty()) {
            self.prompts.entry(hash(prompt.trim())).or_default().push(index);
        }
    }

    /// The thread of a started agent whose prompt these words are.
    pub(super) fn awaits_prompt(&mut self, content: &str) -> Option<usize> {
        let waiting = self.prompts.get_mut(&hash(content.trim()))?;
        // Agents with the same prompt are few.
        let found = waiting.iter().take(256).position(|index| self.all[*index].agent.is_some() && !self.all[*index].prompted)?;
        self.all[waiting.remove(found)].agent
    }

    /// An agent has had its prompt.
    pub(super) fn prompted(&mut self, thread: usize) {
        if let Some(run) = self.current(thread) {
            run.prompted = true;
        }
    }

    /// The latest run of the agent that has this thread.
    pub(super) fn current(&mut self, thread: usize) -> Option<&mut Call> {
        let index = self.of_thread.get(&thread).and_then(|runs| runs.last()).copied()?;
        self.all.get_mut(index)
    }

    /// An event of an agent's own.
    pub(super) fn own_event(&mut self, thread: usize, at: Option<Moment>, sign: Sign) {
        let Some(run) = self.current(thread).filter(|_| thread != MAIN) else { return };
        run.own.any = true;
        run.own.first = [run.own.first, at].into_iter().flatten().min();
        run.own.last = at.max(run.own.last);
        match sign {
            Sign::Works => {
                run.own.settled = false;
                run.own.after_return |= run.result.is_some();
                run.own.after_end |= run.ended;
            }
            Sign::Settles => run.own.settled = true,
            Sign::Nothing => {}
        }
    }

    /// Wakes the agent of a thread, if it is idle. What is at work only gets a message, and a call that is known is no other one.
    pub(super) fn wake(&mut self, thread: usize, call: Call) -> Option<usize> {
        if self.of_call(&call.id).is_some() {
            return None;
        }
        let last = self.current(thread).filter(|last| last.is_idle())?;
        let (description, agent_type) = (last.description.clone(), last.agent_type.clone());
        Some(self.add(Call { description, agent_type, agent: Some(thread), wakes: true, begun: true, ..call }))
    }

    /// The process that ran all these agents is gone.
    pub(super) fn process_ended(&mut self, at: Option<Moment>) {
        for call in &mut self.all[self.survived..] {
            call.process_end = at;
        }
        self.survived = self.all.len();
    }

    /// The user stopped what a thread was doing.
    pub(super) fn aborted(&mut self, thread: usize) {
        for index in self.waiting.remove(&thread).unwrap_or_default() {
            let call = &mut self.all[index];
            call.interrupted = call.result.is_none() && !call.ended;
        }
    }
}

impl Builder {
    /// `subagent.started`. Where no call of `task` is known, the call it names started an agent all the same: a custom agent
    /// that is a tool of its own, or a fleet.
    pub(super) fn subagent_started(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        let agent = event.agent_id.map(Raw::text).filter(|agent| !agent.is_empty());
        let Some(call) = data.call.map(Raw::text).filter(|call| !call.is_empty()) else { return };
        let thread = self.thread_of_agent(&call, agent.as_deref());
        if self.agents.of_call(&call).is_none() {
            self.unannounced(place, &call, data);
        }
        let Some(run) = self.agents.of_call(&call) else { return };
        run.started = run.started.or(place.at);
        run.mode = data.execution_mode.map(|mode| mode.is("background")).or(run.mode);
        run.agent_type = run.agent_type.take().or_else(|| data.agent_name.map(|name| name.text().into_owned()));
        run.description = run.description.take().or_else(|| data.agent_description.map(|text| text.text().into_owned()));
        self.agents.attach(&call, thread);
    }

    /// A run whose call is no `task`.
    fn unannounced(&mut self, place: Place, call: &str, data: &Data<'_>) {
        let parent = data.parent_agent.map(Raw::text).and_then(|parent| self.known_thread(&parent));
        let opened = self.promote(call);
        let (thread, place, response) = opened.unwrap_or((parent.unwrap_or(MAIN), place, None));
        let asked = self.asked.get(&hash(call)).map(|(thread, _)| self.response_ids[*thread].clone());
        let run = Call {
            id: call.to_owned(),
            place,
            thread,
            turn: self.threads[thread].turn(),
            response: response.or(asked),
            requested: place.at,
            begun: true,
            ..Call::default()
        };
        self.agents.add(run);
    }

    /// `subagent.completed` and `subagent.failed`.
    pub(super) fn subagent_ended(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        let call = data.call.map(Raw::text);
        let thread = call.iter().chain(&event.agent_id.map(Raw::text)).find_map(|name| self.known_thread(name));
        let Some(run) = thread.and_then(|thread| self.agents.current(thread)) else { return };
        if run.ended {
            return;
        }
        let status = match (event.kind, data.cancelled) {
            (EventKind::SubagentFailed, _) => Status::Failed,
            (_, true) => Status::Interrupted,
            _ => Status::Completed,
        };
        run.ended = true;
        run.end = place.at.map(|at| (at, status));
        run.tool_uses = data.tool_calls.filter(|count| (0.0..1e9).contains(count)).map(|count| count as u32);
    }

    /// The user stopped a thread.
    pub(super) fn aborted(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        let thread = self.thread_of(event, data);
        let place = self.conversation(thread, place, Sign::Nothing);
        self.threads[thread].interruption(place);
        self.agents.aborted(thread);
    }
}
