//! Records to a session: which thread each belongs to, what is kept of it.

use super::calls::{Calls, Progress};
use super::notices::{self, End, UserRecord};
use super::pending::Pending;
use super::record::{BlockKind, Record, RecordKind, field, text_field};
use super::stamp::moment;
use crate::claims;
use crate::input::skim::{Cursor, Raw};
use crate::model::moment::Moment;
use crate::model::session::{Claim, Denial, Notice, Place, Response, Transcript};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// One thread of a session while it is read.
#[derive(Debug, Default)]
pub(super) struct Thread {
    pub(super) transcript: Transcript,
    /// Fingerprint of the first user text: the dispatch's prompt.
    pub(super) prompt: Option<u64>,
    /// The thread is a transcript of its own, not glimpses of one in progress records.
    pub(super) own: bool,
    /// The latest time stamp so far: the time of what is ordered by lines.
    pub(super) clock: Option<Moment>,
    responses: FxHashMap<u64, usize>,
}

/// Where a file's records belong.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The file, as given.
    pub(super) path: String,
    /// The agent whose transcript the file is; `None` for a main transcript.
    pub(super) agent: Option<String>,
}

/// A session while it is read.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) threads: Vec<Thread>,
    agents: FxHashMap<String, usize>,
    /// Which thread a record of a same-file sidechain belongs to, by its uuid.
    sidechains: FxHashMap<u64, usize>,
    pub(super) calls: Calls,
    pub(super) pending: FxHashMap<String, Pending>,
    /// The thread and the index of each call without a result so far, by the hash of its id.
    pub(super) open_calls: FxHashMap<u64, (usize, usize)>,
    pub(super) tool_names: FxHashSet<Arc<str>>,
    /// The notifications of each agent's end.
    pub(super) ends: FxHashMap<String, Vec<End>>,
    /// Each `TaskOutput` that tells an agent's end.
    pub(super) outputs: FxHashMap<String, Vec<End>>,
    pub(super) progress: Progress,
    seen: FxHashSet<u64>,
    pub(super) id: Option<String>,
    pub(super) cwd: Option<String>,
    pub(super) started: Option<Moment>,
    pub(super) ended: Option<Moment>,
    pub(super) records: u64,
    pub(super) bad_lines: u64,
    pub(super) notices: Vec<Notice>,
    /// At least one record looked like one of Claude Code.
    pub(super) recognised: bool,
}

/// A hash for identities; collisions of 64 bits do not occur in logs of this size.
pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Builder {
    pub(super) fn new(main_path: &str) -> Builder {
        let transcript = Transcript { path: main_path.to_owned(), ..Transcript::default() };
        Builder { threads: vec![Thread { transcript, own: true, ..Thread::default() }], ..Builder::default() }
    }

    pub(super) fn count(&mut self, origin: &Origin, number: u64, record: &Record<'_>) {
        self.records += 1;
        self.recognised |= record.has_type && (record.uuid.is_some() || record.session_id.is_some() || record.kind != RecordKind::Other);
        if record.repeated_key {
            self.notice(origin, number, "a key stands twice in one record; the last one counts");
        }
    }

    /// Notes an oddity once for each kind, at its first place.
    pub(super) fn notice(&mut self, origin: &Origin, line: u64, what: &str) {
        if !self.notices.iter().any(|notice| notice.what == what) {
            self.notices.push(Notice { path: origin.path.clone(), line, what: what.to_owned() });
        }
    }

    pub(super) fn record(&mut self, origin: &Origin, line: u64, record: &Record<'_>) {
        // Copies that a fork carries along are not what this agent did.
        if record.copied && origin.agent.is_some() {
            return;
        }
        let at = record.timestamp.and_then(moment);
        let place = Place { line, at };
        if let Some(at) = at {
            self.started = Some(self.started.map_or(at, |started| started.min(at)));
            self.ended = Some(self.ended.map_or(at, |ended| ended.max(at)));
        }
        if self.id.is_none() {
            self.id = record.session_id.map(|raw| raw.text().into_owned());
        }
        match record.kind {
            RecordKind::Other => {}
            RecordKind::Progress => self.progress_record(origin, place, record),
            RecordKind::QueueOperation | RecordKind::Attachment => self.notifications(record, at),
            RecordKind::System => self.system(origin, record),
            // After a resume or a fork the same records stand there again.
            RecordKind::User | RecordKind::Assistant if record.uuid.is_some() && !self.seen.insert(hash(record.identity())) => {}
            RecordKind::User | RecordKind::Assistant => {
                let thread = self.thread_of(origin, record);
                self.conversation(origin, thread, place, record);
            }
        }
    }

    /// The thread that a record of the conversation belongs to.
    fn thread_of(&mut self, origin: &Origin, record: &Record<'_>) -> usize {
        if let Some(agent) = &origin.agent {
            return self.thread_of_agent(&agent.clone(), &origin.path, true);
        }
        if !record.sidechain {
            return 0;
        }
        if let Some(agent) = record.agent_id {
            return self.thread_of_agent(&agent.text(), &origin.path, true);
        }
        let parent = record.parent_uuid.and_then(|raw| self.sidechains.get(&hash(raw.bytes)).copied());
        let thread = parent.unwrap_or_else(|| {
            let name = format!("sidechain-{}", String::from_utf8_lossy(record.identity()));
            self.thread_of_agent(&name, &origin.path, true)
        });
        if let Some(uuid) = record.uuid {
            self.sidechains.insert(hash(uuid.bytes), thread);
        }
        thread
    }

    pub(super) fn thread_of_agent(&mut self, agent: &str, path: &str, own: bool) -> usize {
        if let Some(thread) = self.agents.get(agent).copied() {
            if own && !self.threads[thread].own {
                self.threads[thread].own = true;
                path.clone_into(&mut self.threads[thread].transcript.path);
            }
            return thread;
        }
        let transcript = Transcript { path: path.to_owned(), agent: Some(agent.to_owned()), ..Transcript::default() };
        self.threads.push(Thread { transcript, own, ..Thread::default() });
        self.agents.insert(agent.to_owned(), self.threads.len() - 1);
        self.threads.len() - 1
    }

    /// Drops what progress records told of an agent, before its own transcript is read.
    pub(super) fn forget_glimpses(&mut self, agent: &str) {
        if let Some(thread) = self.agents.get(agent).copied().filter(|thread| !self.threads[*thread].own) {
            let name = self.threads[thread].transcript.agent.take();
            self.threads[thread] = Thread { transcript: Transcript { agent: name, ..Transcript::default() }, ..Thread::default() };
        }
    }

    /// A file that holds nothing but one agent's records is that agent's transcript: its thread is the main one.
    pub(super) fn promote_lone_sidechain(&mut self) {
        if self.threads[0].transcript.last_line > 0 || self.threads.len() < 2 {
            return;
        }
        self.threads.swap(0, 1);
        self.threads[0].transcript.agent = None;
        self.threads[1].transcript.agent = Some(String::new());
        self.cwd.clone_from(&self.threads[0].transcript.cwd);
        for call in &mut self.calls.all {
            call.thread = match call.thread {
                0 => 1,
                1 => 0,
                other => other,
            };
        }
    }

    /// Whether an agent's own transcript was read.
    pub(super) fn has_transcript(&self, agent: &str) -> bool {
        self.agents.get(agent).is_some_and(|thread| self.threads[*thread].own)
    }

    /// A user or assistant record of one thread.
    fn conversation(&mut self, origin: &Origin, thread: usize, place: Place, record: &Record<'_>) {
        if let Some(cwd) = record.cwd.filter(|_| self.threads[thread].transcript.cwd.is_none()) {
            let cwd = cwd.text().into_owned();
            if thread == 0 {
                self.cwd = Some(cwd.clone());
            }
            self.threads[thread].transcript.cwd = Some(cwd);
        }
        let holder = &mut self.threads[thread];
        // Within a thread the order of the lines is the order of things, even where the clock steps back.
        let clock = place.at.max(holder.clock);
        holder.clock = clock;
        let transcript = &mut holder.transcript;
        transcript.last_line = transcript.last_line.max(place.line);
        let tools = record.message.blocks().any(|block| matches!(block.kind, BlockKind::ToolUse | BlockKind::ToolResult));
        transcript.ends_mid_turn = tools;
        if let Some(at) = place.at {
            transcript.first = Some(transcript.first.map_or(at, |first| first.min(at)));
            transcript.last = Some(transcript.last.map_or(at, |last| last.max(at)));
        }
        if record.kind == RecordKind::Assistant {
            self.assistant(origin, thread, place, record);
        } else {
            self.user(thread, place, record);
        }
    }

    fn user(&mut self, thread: usize, place: Place, record: &Record<'_>) {
        self.notifications(record, place.at);
        for block in record.message.blocks().filter(|block| block.kind == BlockKind::ToolResult) {
            self.tool_result(thread, place, record, block);
        }
        match notices::user_record(record) {
            UserRecord::Prompt => {
                let holder = &mut self.threads[thread];
                if holder.prompt.is_none() {
                    holder.prompt = notices::texts(record).next().map(|text| hash(text.trim()));
                }
                holder.transcript.prompts.push(place);
            }
            UserRecord::Interruption => self.threads[thread].transcript.interruptions.push(place),
            UserRecord::Other => {}
        }
    }

    fn assistant(&mut self, origin: &Origin, thread: usize, place: Place, record: &Record<'_>) {
        let response = self.response(thread, place, record);
        for block in record.message.blocks() {
            if block.kind == BlockKind::Text {
                if let Some(text) = block.text {
                    self.assistant_text(thread, place, record, response, text);
                }
            } else if block.kind == BlockKind::ToolUse {
                self.threads[thread].transcript.responses[response].has_calls = true;
                self.tool_use(origin, thread, place, record, block);
            }
        }
    }

    /// The response that a record belongs to. Its records need not be neighbours.
    fn response(&mut self, thread: usize, place: Place, record: &Record<'_>) -> usize {
        let thread = &mut self.threads[thread];
        let responses = &mut thread.transcript.responses;
        let key = record.response().map_or_else(|| hash(record.identity()), |raw| hash(raw.bytes));
        let index = *thread.responses.entry(key).or_insert_with(|| {
            responses.push(Response { first: place, ..Response::default() });
            responses.len() - 1
        });
        let response = &mut responses[index];
        response.last = place;
        response.ends_turn |= record.message.stop_reason.is_some_and(|reason| reason.is("end_turn") || reason.is("stop_sequence"));
        index
    }

    fn assistant_text(&mut self, thread: usize, place: Place, record: &Record<'_>, response_index: usize, raw: Raw<'_>) {
        let text = raw.text();
        let reading = claims::read(&text);
        if reading.claims.is_empty() && reading.denials.is_empty() {
            return;
        }
        let response = record.response().map(|raw| raw.text().into_owned());
        let turn = self.turn(thread);
        let place = Place { at: self.threads[thread].clock, ..place };
        let identity = String::from_utf8_lossy(record.identity()).into_owned();
        let sentence = |span: &std::ops::Range<usize>| text.get(span.clone()).unwrap_or_default().trim().to_owned();
        for what in reading.claims {
            let text = sentence(&what.span);
            // Streams and resumed sessions log a response again; its sentences are said once.
            if self.seen.insert(hash((&response, &identity.len(), &text, what.kind, what.topic))) {
                let claim = Claim { place, response: response.clone(), response_index, turn, text, record: identity.clone(), what };
                self.threads[thread].transcript.claims.push(claim);
            }
        }
        for denial in reading.denials {
            let text = sentence(&denial.span);
            if self.seen.insert(hash((&response, &text, "denial"))) {
                let denial = Denial { place, turn, text, record: identity.clone(), form: denial.form };
                self.threads[thread].transcript.denials.push(denial);
            }
        }
    }

    /// The turn that a thread is in, from 1; 0 before its first prompt.
    pub(super) fn turn(&self, thread: usize) -> u32 {
        u32::try_from(self.threads[thread].transcript.prompts.len()).unwrap_or(u32::MAX)
    }

    fn system(&mut self, origin: &Origin, record: &Record<'_>) {
        let ends = record.subtype.is_some_and(|subtype| subtype.is("turn_duration") || subtype.is("stop_hook_summary"));
        if ends && origin.agent.is_none() && !record.sidechain {
            self.threads[0].transcript.ends_mid_turn = false;
            if let Some(response) = self.threads[0].transcript.responses.last_mut() {
                response.ends_turn = true;
            }
        }
    }

    fn notifications(&mut self, record: &Record<'_>, at: Option<Moment>) {
        let Some(at) = at else { return };
        let plain =
            record.message.text.or(record.content).is_some_and(|raw| memchr::memmem::find(raw.bytes, b"<task-notification>").is_some());
        if !plain && record.attachment.is_none() && record.message.first.as_ref().and_then(|block| block.text).is_none() {
            return;
        }
        for end in notices::notifications(record, at) {
            self.ends.entry(end.agent.clone()).or_default().push(end);
        }
    }

    /// Glimpses of a subagent that the main file logged until 2.1.81: `data.type` is `agent_progress`.
    fn progress_record(&mut self, origin: &Origin, place: Place, record: &Record<'_>) {
        let Some(data) = record.data else { return };
        if !text_field(data, "type").is_some_and(|kind| kind.is("agent_progress")) {
            return;
        }
        let Some(agent) = text_field(data, "agentId").map(|raw| raw.text().into_owned()) else { return };
        if let Some(call) = record.parent_tool_use.or_else(|| text_field(data, "parentToolUseID")) {
            self.progress.link(&call.text(), &agent);
        }
        if let Some(inner) = field(data, "message") {
            let Ok(glimpse) = Record::read(&mut Cursor::new(inner)) else { return };
            if matches!(glimpse.kind, RecordKind::User | RecordKind::Assistant) && !self.has_transcript(&agent) {
                let thread = self.thread_of_agent(&agent, &origin.path, false);
                let place = Place { line: place.line, at: glimpse.timestamp.and_then(moment).or(place.at) };
                self.conversation(origin, thread, place, &glimpse);
            }
        }
    }
}
