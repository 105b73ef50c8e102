//! Events to a session: which thread each belongs to, what is kept of it.
//!
//! Subagents write into the same file as the main thread. Their events carry `agentId` (since 1.0.4x; before that it is
//! the identifier of the call, lately one of its own) or `data.parentToolCallId`, the call that started the agent.
//! Sources: the SDK's schema of events (github/copilot-sdk), and public logs of 1.0.54, 1.0.82 and 1.0.92 in test suites.

use super::agents::{Agents, Sign};
use super::event::{Data, Event, EventKind, each_request};
use super::files::name_of;
use super::tools::Open;
use crate::input::session::thread::{Said, Thread, hash};
use crate::input::skim::Raw;
use crate::model::damage::Damage;
use crate::model::moment::Moment;
use crate::model::session::{Notice, Place};
use rustc_hash::{FxHashMap, FxHashSet};

/// The main thread's index.
pub(super) const MAIN: usize = 0;

/// A session while it is read.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) path: String,
    pub(super) threads: Vec<Thread>,
    /// The thread of each agent, by the hash of its identifier and by that of the call that started it.
    by_agent: FxHashMap<u64, usize>,
    pub(super) agents: Agents,
    /// The thread and the response that asked for each call, by the hash of the call.
    pub(super) asked: FxHashMap<u64, (usize, usize)>,
    /// Calls without a result so far whose result says more than that it came.
    pub(super) open: FxHashMap<u64, Open>,
    /// The commands of shells that went on behind their results, by the shell.
    pub(super) shells: FxHashMap<String, String>,
    /// Calls that the human made.
    pub(super) by_human: FxHashSet<u64>,
    /// The identifier of the last response of each thread.
    pub(super) response_ids: Vec<String>,
    seen: FxHashSet<u64>,
    pub(super) id: Option<String>,
    /// The folder that the session began in, and the one it is in.
    pub(super) cwd: Option<String>,
    pub(super) folder: Option<String>,
    pub(super) started: Option<Moment>,
    pub(super) ended: Option<Moment>,
    pub(super) records: u64,
    pub(super) damage: Damage,
    pub(super) notices: Vec<Notice>,
    /// At least one record was an event of Copilot.
    pub(super) recognised: bool,
}

impl Builder {
    pub(super) fn new(path: &str) -> Builder {
        Builder {
            path: path.to_owned(),
            threads: vec![Thread::new(path, None)],
            by_agent: FxHashMap::default(),
            agents: Agents::default(),
            asked: FxHashMap::default(),
            open: FxHashMap::default(),
            shells: FxHashMap::default(),
            by_human: FxHashSet::default(),
            response_ids: vec![String::new()],
            seen: FxHashSet::default(),
            id: None,
            cwd: None,
            folder: None,
            started: None,
            ended: None,
            records: 0,
            damage: Damage::default(),
            notices: Vec::new(),
            recognised: false,
        }
    }

    /// The session's name, for the identifiers of its records.
    pub(super) fn name(&self) -> String {
        self.id.clone().unwrap_or_else(|| name_of(std::path::Path::new(&self.path)))
    }

    /// Notes an oddity once for each kind, at its first place.
    pub(super) fn notice(&mut self, line: u64, what: &str) {
        if !self.notices.iter().any(|notice| notice.what == what) {
            self.notices.push(Notice { path: self.path.clone(), line, what: what.to_owned() });
        }
    }

    /// Takes one event.
    pub(super) fn event(&mut self, line: u64, event: &Event<'_>) {
        self.records += 1;
        self.recognised |= event.is_certain();
        if event.repeated_key {
            self.notice(line, "a key stands twice in one event; the last one counts");
        }
        if !event.has_type {
            self.notice(line, "an event without a type is read over");
        }
        let at = event.timestamp.and_then(|raw| Moment::parse(&raw.text()));
        if let Some(at) = at {
            self.started = Some(self.started.map_or(at, |started| started.min(at)));
            self.ended = Some(self.ended.map_or(at, |ended| ended.max(at)));
        }
        if event.kind == EventKind::Other {
            return;
        }
        // What is pasted together from several exports of a session holds the same events again.
        if event.id.is_some_and(|id| !self.seen.insert(hash((id.bytes, event.kind as u8)))) {
            return self.notice(line, "an event stands there again; it counts once");
        }
        let data = Data::read(event.data.unwrap_or(b"{}"));
        self.take(Place { line, at }, event, &data);
        self.agents.last_sign = at.max(self.agents.last_sign);
    }

    fn take(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        match event.kind {
            EventKind::Other => {}
            EventKind::Start | EventKind::Resume => self.opened(place, event.kind, data),
            EventKind::Shutdown => self.agents.process_ended(place.at),
            EventKind::Context => self.folder = data.cwd.map(|raw| raw.text().into_owned()).or_else(|| self.folder.take()),
            EventKind::UserMessage => self.user_message(place, event, data),
            EventKind::AssistantMessage => self.assistant_message(place, event, data),
            EventKind::TurnStart | EventKind::TurnEnd => self.turn(place, event, data),
            EventKind::ToolStart => self.tool_start(place, event, data),
            EventKind::ToolComplete => self.tool_complete(place, event, data),
            EventKind::UserTool => {
                self.by_human.extend(data.call.map(|call| hash(call.text())));
            }
            EventKind::SubagentStarted => self.subagent_started(place, event, data),
            EventKind::SubagentCompleted | EventKind::SubagentFailed => self.subagent_ended(place, event, data),
            EventKind::Abort => self.aborted(place, event, data),
        }
    }

    /// A process opens the session. What an earlier one had left open went down with it.
    fn opened(&mut self, place: Place, kind: EventKind, data: &Data<'_>) {
        if kind == EventKind::Resume || self.records > 1 {
            self.agents.process_ended(self.agents.last_sign.or(place.at));
        }
        if self.id.is_none() {
            self.id = data.session_id.map(|raw| raw.text().into_owned());
        }
        if let Some(cwd) = data.cwd.map(|raw| raw.text().into_owned()).filter(|cwd| !cwd.is_empty()) {
            self.cwd.get_or_insert_with(|| cwd.clone());
            self.threads[MAIN].transcript.cwd.get_or_insert_with(|| cwd.clone());
            self.folder = Some(cwd);
        }
    }

    /// The thread that an event comes from. An agent that nobody is known to have started has a thread as well: what it says
    /// and does is not the main thread's.
    pub(super) fn thread_of(&mut self, event: &Event<'_>, data: &Data<'_>) -> usize {
        let named = [event.agent_id, data.parent_call].into_iter().flatten().map(Raw::text);
        let names: Vec<_> = named.filter(|name| !name.is_empty()).collect();
        let known = names.iter().find_map(|name| self.by_agent.get(&hash(name.as_ref())).copied());
        match (known, names.first()) {
            (Some(thread), _) => thread,
            (None, Some(name)) => self.new_thread(name),
            (None, None) => MAIN,
        }
    }

    /// The thread of the agent that a call started, and further names of it.
    pub(super) fn thread_of_agent(&mut self, call: &str, agent: Option<&str>) -> usize {
        let named = |name: &str| self.by_agent.get(&hash(name)).copied();
        let known = named(call).or_else(|| agent.and_then(named));
        let thread = known.unwrap_or_else(|| self.new_thread(call));
        self.by_agent.insert(hash(call), thread);
        self.agents.attach(call, thread);
        if let Some(agent) = agent {
            self.threads[thread].transcript.agent = Some(agent.to_owned());
            self.by_agent.insert(hash(agent), thread);
        }
        thread
    }

    /// A further name of the agent that a call started; the better one where it has no other than the call's.
    pub(super) fn name_agent(&mut self, call: &str, agent: &str) {
        let thread = self.thread_of_agent(call, None);
        self.by_agent.insert(hash(agent), thread);
        let name = &mut self.threads[thread].transcript.agent;
        if name.as_deref() == Some(call) {
            *name = Some(agent.to_owned());
        }
    }

    /// The thread of an agent, where it is known.
    pub(super) fn known_thread(&self, agent: &str) -> Option<usize> {
        self.by_agent.get(&hash(agent)).copied()
    }

    fn new_thread(&mut self, agent: &str) -> usize {
        let mut thread = Thread::new(&self.path, Some(agent));
        thread.transcript.cwd.clone_from(&self.folder);
        self.threads.push(thread);
        self.response_ids.push(String::new());
        let index = self.threads.len() - 1;
        self.by_agent.insert(hash(agent), index);
        self.agents.attach(agent, index);
        index
    }

    /// Notes a record of a thread's conversation, and what it says about the agent that has this thread.
    pub(super) fn conversation(&mut self, thread: usize, place: Place, sign: Sign) -> Place {
        self.agents.own_event(thread, place.at, sign);
        self.threads[thread].record(place)
    }

    fn user_message(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        let content = data.content.map(Raw::text).unwrap_or_default();
        let mut thread = self.thread_of(event, data);
        // Until 1.0.8x the prompt of an agent has no mark: it is the words of its call.
        if thread == MAIN
            && let Some(agent) = self.agents.awaits_prompt(&content)
        {
            thread = agent;
        }
        let place = self.conversation(thread, place, Sign::Works);
        self.agents.prompted(thread);
        if thread != MAIN || is_human(&content, data) {
            self.threads[thread].prompt(place);
        }
    }

    fn assistant_message(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        let thread = self.thread_of(event, data);
        let mut asks = Vec::new();
        each_request(data.requests.unwrap_or(b"[]"), |request| asks.push(request));
        let place = self.conversation(thread, place, if asks.is_empty() { Sign::Settles } else { Sign::Works });
        // A response that is cut into several messages has one `apiCallId`; older versions have none.
        let own = data.api_call_id.or(data.message_id).or(event.id).map(Raw::text).unwrap_or_default();
        let own = format!("{}:{own}", self.name());
        let response = self.threads[thread].response(&own, place);
        for request in &asks {
            self.requested(thread, place, (response, &own), request);
        }
        if let Some(text) = data.content.filter(|raw| !raw.bytes.is_empty()) {
            let record = format!("{}:{}", self.name(), event.id.map(Raw::text).unwrap_or_default());
            let said = Said { place, response, response_id: Some(&own), record: &record, text: &text.text() };
            self.threads[thread].text(said);
        }
        if !asks.is_empty() {
            let transcript = &mut self.threads[thread].transcript;
            transcript.responses[response].has_calls = true;
            transcript.ends_mid_turn = true;
        }
        self.response_ids[thread] = own;
    }

    /// A turn of the model's loop is one response. The loop is over where it asked for no tool.
    fn turn(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        let thread = self.thread_of(event, data);
        if event.kind == EventKind::TurnStart {
            self.conversation(thread, place, Sign::Works);
            return;
        }
        self.conversation(thread, place, Sign::Nothing);
        let responses = &self.threads[thread].transcript.responses;
        if let Some(last) = responses.len().checked_sub(1).filter(|last| !responses[*last].has_calls) {
            self.threads[thread].ends_turn(last);
        }
    }
}

/// Where messages of the user come from that no human asked for. A slash command and a schedule are a human's.
const MACHINE_SOURCES: [&str; 6] = ["skill", "agent", "system", "hook", "autopilot", "notification"];

/// Whether a human asks for something with a message of the user. The runtime tells the model of ended agents and shells in such
/// messages as well, and the autopilot tells it to go on (schema: `source`, `isAutopilotContinuation`).
fn is_human(content: &str, data: &Data<'_>) -> bool {
    let source = data.source.map(Raw::text).unwrap_or_default();
    let machine = MACHINE_SOURCES
        .iter()
        .any(|word| source.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', ':', '/'])));
    !machine && !data.autopilot && !content.trim_start().starts_with("<system_")
}
