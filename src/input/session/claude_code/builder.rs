//! Records to a session: which thread each belongs to, what is kept of it.

use super::calls::{Calls, Progress};
use super::notices::{self, End, UserRecord};
use super::record::{BlockKind, Record, RecordKind};
use crate::input::session::stamp::moment;
use crate::input::session::thread::{self, Said, hash};
use crate::input::skim::Cursor;
use crate::input::skim::fields::{field, text_field};
use crate::model::damage::Damage;
use crate::model::moment::Moment;
use crate::model::session::{Notice, Place, Transcript};
use rustc_hash::{FxHashMap, FxHashSet};

/// One thread of a session while it is read.
#[derive(Debug, Default)]
pub(super) struct Thread {
    pub(super) kept: thread::Thread,
    /// Fingerprint of the first user text: the dispatch's prompt.
    pub(super) prompt: Option<u64>,
    /// The thread is a transcript of its own, not glimpses of one in progress records.
    pub(super) own: bool,
}

impl Thread {
    fn new(path: &str, agent: Option<&str>, own: bool) -> Thread {
        Thread { kept: thread::Thread::new(path, agent), prompt: None, own }
    }

    pub(super) fn transcript(&self) -> &Transcript {
        &self.kept.transcript
    }
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
    /// The thread of each call without a result so far, by the hash of its id: results come to other threads, too.
    pub(super) open_calls: FxHashMap<u64, usize>,
    /// Calls that wait for a task, by the hash of their ids.
    pub(super) waiting: FxHashSet<u64>,
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
    pub(super) damage: Damage,
    pub(super) notices: Vec<Notice>,
    /// At least one record looked like one of Claude Code.
    pub(super) recognised: bool,
}

impl Builder {
    pub(super) fn new(main_path: &str) -> Builder {
        Builder { threads: vec![Thread::new(main_path, None, true)], ..Builder::default() }
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
                path.clone_into(&mut self.threads[thread].kept.transcript.path);
            }
            return thread;
        }
        self.threads.push(Thread::new(path, Some(agent), own));
        self.agents.insert(agent.to_owned(), self.threads.len() - 1);
        self.threads.len() - 1
    }

    /// Drops what progress records told of an agent, before its own transcript is read.
    pub(super) fn forget_glimpses(&mut self, agent: &str) {
        if let Some(thread) = self.agents.get(agent).copied().filter(|thread| !self.threads[*thread].own) {
            self.threads[thread] = Thread::new("", Some(agent), false);
        }
    }

    /// A file that holds nothing but one agent's records is that agent's transcript: its thread is the main one.
    pub(super) fn promote_lone_sidechain(&mut self) {
        if self.threads[0].kept.transcript.last_line > 0 || self.threads.len() < 2 {
            return;
        }
        self.threads.swap(0, 1);
        self.threads[0].kept.transcript.agent = None;
        self.threads[1].kept.transcript.agent = Some(String::new());
        self.cwd.clone_from(&self.threads[0].kept.transcript.cwd);
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
        if let Some(cwd) = record.cwd.filter(|_| self.threads[thread].kept.transcript.cwd.is_none()) {
            let cwd = cwd.text().into_owned();
            if thread == 0 {
                self.cwd = Some(cwd.clone());
            }
            self.threads[thread].kept.transcript.cwd = Some(cwd);
        }
        let kept = &mut self.threads[thread].kept;
        let ordered = kept.record(place);
        kept.transcript.ends_mid_turn = false;
        if record.kind == RecordKind::Assistant {
            self.assistant(origin, thread, place, ordered, record);
        } else {
            self.user(thread, place, ordered, record);
        }
    }

    fn user(&mut self, thread: usize, place: Place, ordered: Place, record: &Record<'_>) {
        self.notifications(record, place.at);
        for block in record.message.blocks().filter(|block| block.kind == BlockKind::ToolResult) {
            self.tool_result(thread, place, ordered, record, block);
        }
        match notices::user_record(record) {
            UserRecord::Prompt => {
                let holder = &mut self.threads[thread];
                if holder.prompt.is_none() {
                    holder.prompt = notices::texts(record).next().map(|text| hash(text.trim()));
                }
                holder.kept.prompt(place);
            }
            UserRecord::Interruption => self.threads[thread].kept.interruption(place),
            UserRecord::Other => {}
        }
    }

    fn assistant(&mut self, origin: &Origin, thread: usize, place: Place, ordered: Place, record: &Record<'_>) {
        let key = record.response().map_or_else(|| hash(record.identity()), |raw| hash(raw.bytes));
        // The records of a response need not be neighbours.
        let response = self.threads[thread].kept.response_by(key, place);
        if record.message.stop_reason.is_some_and(|reason| reason.is("end_turn") || reason.is("stop_sequence")) {
            self.threads[thread].kept.ends_turn(response);
        }
        for block in record.message.blocks() {
            if block.kind == BlockKind::Text {
                if let Some(text) = block.text {
                    self.assistant_text(thread, ordered, record, response, &text.text());
                }
            } else if block.kind == BlockKind::ToolUse {
                self.tool_use(origin, (thread, response), place, ordered, record, block);
            }
        }
    }

    fn assistant_text(&mut self, thread: usize, place: Place, record: &Record<'_>, response: usize, text: &str) {
        let response_id = record.response().map(|raw| raw.text());
        let identity = String::from_utf8_lossy(record.identity());
        self.threads[thread].kept.text(Said { place, response, response_id: response_id.as_deref(), record: &identity, text });
    }

    /// The turn that a thread is in, from 1; 0 before its first prompt.
    pub(super) fn turn(&self, thread: usize) -> u32 {
        self.threads[thread].kept.turn()
    }

    fn system(&mut self, origin: &Origin, record: &Record<'_>) {
        let ends = record.subtype.is_some_and(|subtype| subtype.is("turn_duration") || subtype.is("stop_hook_summary"));
        if ends && origin.agent.is_none() && !record.sidechain {
            let last = self.threads[0].transcript().responses.len().saturating_sub(1);
            self.threads[0].kept.ends_turn(last);
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
