//! One rollout while it is read: what its thread said, was asked, and in which turns it worked.

use super::agents::{Agents, Asking};
use super::calls::Asked;
use super::record::{Fields, Key, Line, LineKind};
use super::replay::Replay;
use super::stretch::Stretch;
use super::words;
use crate::input::session::thread::{Said, Thread, hash};
use crate::model::moment::Moment;
use crate::model::session::{Place, Status};
use rustc_hash::{FxHashMap, FxHashSet};

/// Where a model's text was read: it stands as an item and as an event, and counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    Item,
    Event,
}

/// A response of the model that goes on: its index, and the name by which its dispatches are known.
#[derive(Debug, Clone)]
pub(super) struct Responding {
    pub(super) index: usize,
    pub(super) id: String,
}

/// One rollout while it is read.
#[derive(Debug, Default)]
pub(super) struct Rollout {
    pub(super) thread: Thread,
    /// The thread's own identifier.
    pub(super) id: Option<String>,
    /// The thread that started it.
    pub(super) parent: Option<String>,
    /// Its path among the agents, such as `/root/review` (the second tools for agents).
    pub(super) path: Option<String>,
    /// The kind of agent that it is.
    pub(super) role: Option<String>,
    pub(super) turns: Vec<Stretch>,
    /// Calls that wait for their output, by their identifier.
    pub(super) asked: FxHashMap<String, Asked>,
    /// Commands and scripts that went on when they were answered: which call began each.
    pub(super) going_on: FxHashMap<String, String>,
    /// Calls of which a command or a script goes on.
    pub(super) unended: FxHashSet<u64>,
    /// Every call that stands in the rollout.
    pub(super) known: FxHashSet<u64>,
    /// The first line at which a shell command starts agents.
    pub(super) starts_agents: Option<u64>,
    /// Calls whose changes an event told.
    pub(super) told: FxHashSet<u64>,
    /// How many events told of commands or changes inside of scripts.
    pub(super) told_of_scripts: usize,
    pub(super) replay: Replay,
    /// The folder that the thread works in at the moment.
    pub(super) folder: Option<String>,
    responding: Option<Responding>,
    /// The name of each response of the transcript.
    response_ids: Vec<String>,
    heard: FxHashMap<u64, Heard>,
    prompted: FxHashSet<u64>,
    texts: u64,
    /// An error was told in the turn.
    erred: bool,
    /// The log says when turns begin and end (it does since early 2026).
    tells_turns: bool,
}

impl Rollout {
    pub(super) fn new(path: &str, agent: Option<&str>) -> Rollout {
        Rollout { thread: Thread::new(path, agent), ..Rollout::default() }
    }

    /// The thread's identifier, for the identifiers of its records.
    pub(super) fn name(&self) -> &str {
        let by_path = || std::path::Path::new(&self.thread.transcript.path).file_stem().and_then(std::ffi::OsStr::to_str);
        self.id.as_deref().or_else(by_path).unwrap_or("codex")
    }

    /// A record that is the thread's own.
    pub(super) fn line(&mut self, agents: &mut Agents, line: &Line<'_>, place: Place) {
        match line.kind {
            LineKind::SessionMeta => return self.session(&line.payload),
            LineKind::BareHeader => self.id = self.id.take().or_else(|| line.payload.word(Key::Id)),
            _ => {}
        }
        if matches!(line.kind, LineKind::Other | LineKind::BareHeader) {
            return;
        }
        let place = self.thread.record(place);
        self.worked(line, place);
        match line.kind {
            LineKind::TurnContext => self.works_in(&line.payload),
            LineKind::ResponseItem => self.item(agents, &line.payload, place),
            LineKind::Event => self.event(agents, &line.payload, place),
            _ => {}
        }
    }

    fn session(&mut self, meta: &Fields<'_>) {
        if self.id.is_some() {
            return;
        }
        self.id = meta.word(Key::Id);
        let source = Fields::of(meta.json(Key::Source).unwrap_or_default());
        let spawned =
            meta.json(Key::Source).and_then(|json| words::inner(json, "subagent")).and_then(|json| words::inner(json, "thread_spawn"));
        let spawned = Fields::of(spawned.unwrap_or_default());
        let of_both = |key| spawned.word(key).or_else(|| meta.word(key)).or_else(|| source.word(key));
        self.parent = of_both(Key::ParentThreadId);
        self.path = of_both(Key::AgentPath);
        self.role = of_both(Key::AgentRole);
        self.works_in(meta);
    }

    fn works_in(&mut self, fields: &Fields<'_>) {
        let Some(folder) = fields.word(Key::Cwd) else { return };
        self.thread.transcript.cwd.get_or_insert_with(|| folder.clone());
        self.folder = Some(folder);
    }

    /// Keeps the time in which the thread was at work.
    fn worked(&mut self, line: &Line<'_>, place: Place) {
        let Some(at) = place.at else { return };
        if let Some(turn) = self.turns.last_mut().filter(|turn| turn.status.is_none()) {
            turn.end = turn.end.max(at);
            return;
        }
        // Until early 2026 no record says that a turn begins: the first word of one does.
        let begins = line.kind == LineKind::ResponseItem && !self.tells_turns;
        if begins {
            self.turns.push(Stretch::begun(at));
        }
    }

    /// The response that the model's next item belongs to: all that comes without an answer to a call between.
    pub(super) fn respond(&mut self, place: Place) -> Responding {
        let id = match self.responding.take() {
            Some(responding) => responding.id,
            // Its number in the thread stays when lines move, and no other thread has the same.
            None => format!("{}:response-{}", self.name(), self.response_ids.len() + 1),
        };
        let index = self.thread.response(&id, place);
        if index == self.response_ids.len() {
            self.response_ids.push(id.clone());
        }
        let responding = Responding { index, id };
        self.responding = Some(responding.clone());
        self.prompted.clear();
        responding
    }

    /// Something came that the model did not write.
    pub(super) fn answered(&mut self) {
        self.responding = None;
    }

    fn item(&mut self, agents: &mut Agents, item: &Fields<'_>, place: Place) {
        let Some(kind) = item.text(Key::Type) else { return };
        match kind.plain().as_ref() {
            b"message" => self.message(agents, item, place),
            b"agent_message" => self.letter(agents, item, place),
            b"reasoning" => {
                let _ = self.respond(place);
            }
            b"function_call" | b"custom_tool_call" | b"local_shell_call" => self.call(agents, item, place),
            b"function_call_output" | b"custom_tool_call_output" | b"local_shell_call_output" => self.output(agents, item, place),
            b"web_search_call" | b"image_generation_call" | b"tool_search_call" => {
                let responding = self.respond(place);
                let tool = kind.text();
                let id = item.word(Key::CallId).unwrap_or_else(|| format!("{tool}-{}", place.line));
                self.thread.call(place, responding.index, &id, tool.trim_end_matches("_call"), false);
            }
            _ => {}
        }
    }

    fn message(&mut self, agents: &mut Agents, item: &Fields<'_>, place: Place) {
        let content = item.json(Key::Content);
        if item.is(Key::Role, "assistant") {
            for text in words::texts(content) {
                self.said(&text, Heard::Item, place);
            }
            return;
        }
        if !item.is(Key::Role, "user") {
            return;
        }
        self.answered();
        let texts = words::texts(content);
        let mut asked = String::new();
        for text in &texts {
            if let Some(report) = words::notification(text) {
                agents.report(&report.agent, report.status, place, false);
            } else if text.trim_start().starts_with("<turn_aborted>") {
                self.stopped(place);
            } else if !words::is_program_text(text) {
                asked.push_str(text);
            }
            self.find_folder(text);
        }
        if !asked.trim().is_empty() || texts.is_empty() && words::has_attachment(content) {
            self.prompt(&asked, place);
        }
    }

    /// Rollouts of before September 2025 name their folder in the first message alone.
    fn find_folder(&mut self, text: &str) {
        if self.folder.is_none()
            && let Some((folder, _)) = text.split_once("<cwd>").and_then(|(_, rest)| rest.split_once("</cwd>"))
        {
            self.folder = Some(folder.trim().to_owned());
            self.thread.transcript.cwd.clone_from(&self.folder);
        }
    }

    /// A human's words, which stand as an item and as an event.
    fn prompt(&mut self, text: &str, place: Place) {
        self.answered();
        if self.prompted.insert(hash(text.trim())) {
            self.end_by_structure();
            self.heard.clear();
            self.thread.prompt(place);
        }
    }

    /// Where no record says that turns end, a response without a call is the last of its turn: the program goes on only
    /// to answer calls.
    pub(super) fn end_by_structure(&mut self) {
        if self.tells_turns {
            return;
        }
        if let Some(last) = self.thread.transcript.responses.len().checked_sub(1)
            && !self.thread.transcript.responses[last].has_calls
        {
            self.thread.ends_turn(last);
        }
    }

    fn said(&mut self, text: &str, heard: Heard, place: Place) {
        if text.trim().is_empty() || words::is_mail(text) {
            return;
        }
        match self.heard.insert(hash(text.trim()), heard) {
            Some(before) if before != heard => return,
            _ => {}
        }
        let responding = self.respond(place);
        self.texts += 1;
        let record = format!("{}:{}", self.name(), self.texts);
        let said = Said { place, response: responding.index, response_id: Some(&responding.id), record: &record, text };
        self.thread.text(said);
    }

    /// Mail between agents: an agent's last word in its parent's rollout, a new task in its own.
    fn letter(&mut self, agents: &mut Agents, item: &Fields<'_>, place: Place) {
        self.answered();
        let texts = words::texts(item.json(Key::Content));
        let Some(author) = item.word(Key::Author) else { return };
        if let Some(status) = texts.iter().find_map(|text| words::final_answer(text)) {
            return agents.report(&author, status, place, false);
        }
        let new_task = texts.iter().any(|text| text.trim_start().starts_with("Message Type: NEW_TASK"));
        if new_task && self.path.is_some() && self.path == item.word(Key::Recipient) {
            self.prompt(&format!("{author} {}", place.line), place);
        }
    }

    fn event(&mut self, agents: &mut Agents, event: &Fields<'_>, place: Place) {
        let Some(kind) = event.text(Key::Type) else { return };
        match kind.plain().as_ref() {
            b"user_message" => {
                let text = event.word(Key::Message).unwrap_or_default();
                if !text.trim().is_empty() && !words::is_program_text(&text) {
                    self.prompt(&text, place);
                }
            }
            b"agent_message" => self.said(&event.word(Key::Message).unwrap_or_default(), Heard::Event, place),
            b"task_started" | b"turn_started" => self.begins(place),
            b"error" => self.erred = true,
            b"task_complete" | b"turn_complete" => {
                let silent = event.json(Key::LastAgentMessage).is_none();
                // The program writes the same end for a turn that an error ended.
                let erred = std::mem::take(&mut self.erred) && silent;
                self.ends(place, if erred { Status::Failed } else { Status::Completed });
                if let Some(turn) = self.turns.last_mut() {
                    turn.silent = silent;
                }
            }
            b"turn_aborted" => {
                let by_human = !event.is(Key::Reason, "review_ended") && !event.is(Key::Reason, "budget_limited");
                if by_human {
                    self.stopped(place);
                }
                self.ends(place, Status::Interrupted);
            }
            b"item_completed" => self.completed(agents, &Fields::of(event.json(Key::Item).unwrap_or_default()), place),
            _ => self.told(agents, &kind.text(), event, place),
        }
    }

    /// An item as app servers show it; rollouts of the history mode `paginated` hold them.
    fn completed(&mut self, agents: &mut Agents, item: &Fields<'_>, place: Place) {
        let Some(kind) = item.text(Key::Type) else { return };
        match kind.plain().as_ref() {
            b"UserMessage" => {
                let text = words::texts(item.json(Key::Content)).concat();
                if !text.trim().is_empty() && !words::is_program_text(&text) {
                    self.prompt(&text, place);
                }
            }
            b"AgentMessage" => {
                for text in words::texts(item.json(Key::Content)) {
                    self.said(&text, Heard::Event, place);
                }
            }
            _ => self.told(agents, &kind.text(), item, place),
        }
    }

    fn begins(&mut self, place: Place) {
        if !self.tells_turns {
            self.tells_turns = true;
            // What came before the first turn is its preparation.
            self.turns.clear();
        }
        self.answered();
        self.erred = false;
        if let Some(at) = place.at {
            self.turns.push(Stretch::begun(at));
        }
    }

    fn ends(&mut self, place: Place, status: Status) {
        self.tells_turns = true;
        if let Some((turn, at)) = self.turns.last_mut().zip(place.at)
            && turn.status.is_none()
        {
            turn.end = turn.end.max(at);
            turn.status = Some(status);
        }
        self.answered();
        if let Some(last) = self.thread.transcript.responses.len().checked_sub(1).filter(|_| status != Status::Interrupted) {
            self.thread.ends_turn(last);
        }
    }

    /// The human stopped the model, which two records may tell.
    fn stopped(&mut self, place: Place) {
        let known = self.thread.transcript.interruptions.last().is_some_and(|last| last.line + 2 >= place.line);
        if !known {
            self.thread.interruption(place);
        }
    }

    /// Where the thread was at a moment: its turn, and the response that it gave last; before its first response at the
    /// line where it first speaks of the agent, or at its first line.
    pub(super) fn asking_at(&self, at: Moment, mentioned: Option<u64>) -> Asking {
        let transcript = &self.thread.transcript;
        let number = transcript.responses.iter().rposition(|response| response.first.at.is_none_or(|first| first <= at));
        let line = number.and_then(|number| transcript.responses.get(number)).map(|response| response.last.line).or(mentioned).unwrap_or(1);
        let place = Place { line, at: Some(at) };
        let turn = transcript.prompts.iter().filter(|prompt| prompt.line <= place.line).count();
        let response = number.and_then(|number| self.response_ids.get(number)).cloned().unwrap_or_default();
        Asking { place, turn: u32::try_from(turn).unwrap_or(u32::MAX), response, ..Asking::default() }
    }

    /// The response that the latest call stands in.
    pub(super) fn latest_response(&self) -> String {
        self.response_ids.last().cloned().unwrap_or_default()
    }

    /// Whether all that the rollout says is copied from another thread.
    pub(super) fn is_nothing_but_copies(&self) -> bool {
        self.replay.copied && self.thread.transcript.responses.is_empty()
    }

    /// Ends what the rollout leaves open.
    pub(super) fn finish(&mut self) {
        self.end_by_structure();
        self.give_up_waiting();
        let done = !self.thread.transcript.ends_mid_turn && !self.tells_turns;
        if let Some(turn) = self.turns.last_mut().filter(|turn| done && turn.status.is_none()) {
            turn.status = Some(Status::Completed);
        }
    }
}
