//! Messages and parts to a session, from whatever place they were read.

use super::calls::{Call, End, Segment};
use super::record::{Info, Message, Part, PartKind, Role};
use super::source::RawMessage;
use crate::input::session::thread::{Said, Thread, hash};
use crate::input::skim::fields::field;
use crate::model::damage::Damage;
use crate::model::moment::Moment;
use crate::model::session::{Notice, Place};
use rustc_hash::{FxHashMap, FxHashSet};

/// What `opencode export --sanitize` writes in place of a text (`cli/cmd/export.ts`, since 1.4).
const REDACTED: &str = "[redacted:";

/// What is said of an export whose texts are gone.
const REDACTED_NOTICE: &str =
    "the export is redacted (--sanitize): its texts, prompts and calls cannot be read, so no claim and no edit in it can";

/// A session's thread while it is read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) info: Info,
    pub(super) thread: Thread,
    /// Stretches of work, each from one prompt to the next.
    pub(super) segments: Vec<Segment>,
    /// The user took everything from here on back.
    reverted: bool,
}

/// A session while it is read.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) path: String,
    pub(super) threads: Vec<Reading>,
    pub(super) calls: Vec<Call>,
    /// When background agents ended, as the program told their parents, by the agent.
    pub(super) ends: FxHashMap<String, Vec<End>>,
    /// Agents whose calls the user took back.
    pub(super) taken_back: FxHashSet<String>,
    pub(super) notices: Vec<Notice>,
    pub(super) records: u64,
    pub(super) damage: Damage,
    /// Parts so far: what stands in for lines where there are none.
    ordinal: u64,
}

/// Where in a thread a part stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) thread: usize,
    pub(super) place: Place,
    /// Index of the response.
    pub(super) response: usize,
    pub(super) response_id: &'a str,
    /// The part's own identifier.
    pub(super) id: &'a str,
    /// An identifier that a fork of the session keeps.
    pub(super) record: &'a str,
}

impl Builder {
    pub(super) fn new(path: &str) -> Builder {
        Builder { path: path.to_owned(), ..Builder::default() }
    }

    /// Begins the next thread: the main one first, then those of its agents. `path` is the file that it is read from.
    pub(super) fn begin(&mut self, info: Info, path: &str) -> usize {
        let mut thread = Thread::new(path, info.id.as_deref().filter(|_| !self.threads.is_empty()));
        thread.transcript.cwd = info.directory.clone().filter(|folder| !folder.starts_with(REDACTED));
        self.threads.push(Reading { info, thread, ..Reading::default() });
        self.threads.len() - 1
    }

    /// Notes an oddity once for each kind, at its first place.
    pub(super) fn notice(&mut self, path: &str, line: u64, what: &str) {
        if !self.notices.iter().any(|notice| notice.what == what) {
            self.notices.push(Notice { path: path.to_owned(), line, what: what.to_owned() });
        }
    }

    fn path_of(&self, thread: usize) -> String {
        self.threads[thread].thread.transcript.path.clone()
    }

    /// One more piece that cannot be read. Where there are no lines, it stands at the part that is read.
    fn damaged(&mut self, thread: usize, line: u64) {
        let line = if line > 0 { line } else { self.ordinal.max(1) };
        self.damage.add(&self.threads[thread].thread.transcript.path, line);
    }

    /// Reads a message of a thread. What is broken in it is counted and left out.
    pub(super) fn message(&mut self, thread: usize, raw: &RawMessage) {
        let Ok(message) = Message::read(&raw.info) else {
            self.damaged(thread, raw.line);
            return;
        };
        let id = message.id.map(|id| id.text().into_owned()).or_else(|| raw.id.clone()).unwrap_or_else(|| format!("at {}", self.ordinal));
        let line = if raw.line > 0 { raw.line } else { self.ordinal + 1 };
        let reading = &mut self.threads[thread];
        if !reading.reverted && reading.info.reverted_message.as_deref() == Some(&id) && reading.info.reverted_part.is_none() {
            self.revert(thread, line);
        }
        if let Some(cwd) = message.cwd.filter(|_| self.threads[thread].thread.transcript.cwd.is_none()) {
            let cwd = cwd.text().into_owned();
            self.threads[thread].thread.transcript.cwd = Some(cwd).filter(|cwd| !cwd.starts_with(REDACTED));
        }
        let parts = self.parts(thread, raw);
        let place = Place { line, at: message.time.created };
        match message.role {
            _ if self.threads[thread].reverted => self.left_out(&parts),
            Role::User => self.user(thread, place, &parts),
            Role::Assistant => self.assistant(thread, place, &id, &message, &parts),
            Role::Other => self.damaged(thread, line),
        }
    }

    /// The parts of a message with their places; a broken one is counted.
    fn parts<'a>(&mut self, thread: usize, raw: &'a RawMessage) -> Vec<(u64, Part<'a>, Option<&'a str>)> {
        let mut parts = Vec::with_capacity(raw.parts.len());
        for one in &raw.parts {
            self.ordinal += 1;
            match Part::read(&one.bytes) {
                Ok(part) => {
                    self.records += 1;
                    parts.push((if one.line > 0 { one.line } else { self.ordinal }, part, one.id.as_deref()));
                }
                Err(_) => self.damaged(thread, one.line),
            }
        }
        parts
    }

    fn revert(&mut self, thread: usize, line: u64) {
        self.threads[thread].reverted = true;
        let path = self.path_of(thread);
        self.notice(&path, line, "the user took back what follows (revert); it is left out");
    }

    /// Agents of calls that were taken back are no agents of this session any more.
    fn left_out(&mut self, parts: &[(u64, Part<'_>, Option<&str>)]) {
        for (_, part, _) in parts {
            self.taken_back.extend(super::tools::agent_of(&part.state));
        }
    }

    fn user(&mut self, thread: usize, place: Place, parts: &[(u64, Part<'_>, Option<&str>)]) {
        let place = self.threads[thread].thread.record(place);
        let mut prompt = None;
        let mut human = false;
        for (line, part, _) in parts {
            let text = part.text.filter(|_| part.kind == PartKind::Text);
            match text {
                Some(text) if part.synthetic => self.told(&text.text(), place.at),
                Some(text) => {
                    let text = text.text();
                    let text = text.trim();
                    self.note_redacted(thread, *line, text);
                    // Plugins put reminders into the conversation as if the user had written them.
                    if !text.is_empty() && !text.starts_with("<system-reminder>") {
                        human = true;
                        prompt = prompt.or_else(|| Some(hash(text)));
                    }
                }
                None => human |= part.kind == PartKind::Attached && !part.synthetic,
            }
        }
        let reading = &mut self.threads[thread];
        if human {
            reading.thread.prompt(place);
            reading.segments.push(Segment::new(prompt, place));
        } else {
            reading.touch(place.line, place.at);
        }
    }

    /// What the program tells a parent: `<task id="ses_…" state="completed">` (`tool/task.ts`, since 1.14.51).
    fn told(&mut self, text: &str, at: Option<Moment>) {
        let Some(at) = at else { return };
        for (start, _) in text.match_indices("<task id=\"") {
            let behind = &text[start + "<task id=\"".len()..];
            let Some((agent, rest)) = behind.split_once('"') else { continue };
            let state = rest.trim_start().strip_prefix("state=\"").and_then(|rest| rest.split_once('"')).map(|(state, _)| state);
            if let Some(end) = state.and_then(|state| End::of(state, at)) {
                self.ends.entry(agent.to_owned()).or_default().push(end);
            }
        }
    }

    fn assistant(&mut self, thread: usize, place: Place, id: &str, message: &Message<'_>, parts: &[(u64, Part<'_>, Option<&str>)]) {
        let place = self.threads[thread].thread.record(place);
        let mut name = id.to_owned();
        let mut response = self.threads[thread].thread.response(&name, place);
        let (mut steps, mut last) = (0, place);
        for (index, (line, part, raw_id)) in parts.iter().enumerate() {
            let here = Place { line: *line, at: part.time.start.or(part.time.end).or(place.at) };
            let own_id =
                part.id.map(|id| id.text().into_owned()).or_else(|| raw_id.map(str::to_owned)).unwrap_or_else(|| format!("{id}/{index}"));
            if self.is_taken_back(thread, &own_id, *line) {
                break;
            }
            // A fork copies messages with new identifiers and keeps their times.
            let record = place.at.map_or_else(|| own_id.clone(), |_| format!("{}/{index}", message.time.created.unwrap_or_default().0));
            match part.kind {
                // Until 2025-10 all steps of a turn stood in one message; each is a response of its own.
                PartKind::StepStart => {
                    steps += 1;
                    if steps > 1 {
                        name = format!("{id}#{steps}");
                        response = self.threads[thread].thread.response(&name, Place { line: *line, ..last });
                    }
                }
                PartKind::StepFinish => self.step_ends(thread, response, part.reason.is_some_and(|reason| ends(&reason.text()))),
                PartKind::Text if !part.synthetic && !message.summary => {
                    last = self.threads[thread].thread.record(here);
                    self.threads[thread].thread.response(&name, last);
                    if let Some(text) = part.text {
                        let text = text.text();
                        self.note_redacted(thread, *line, &text);
                        let said = Said { place: last, response, response_id: Some(&name), record: &record, text: &text };
                        self.threads[thread].thread.text(said);
                    }
                    self.threads[thread].touch(*line, part.time.end);
                }
                PartKind::Tool => {
                    let start = part.state.time.start.or(place.at);
                    let at =
                        At { thread, place: Place { line: *line, at: start }, response, response_id: &name, id: &own_id, record: &record };
                    if field(part.state.input, "redacted").is_some() {
                        self.note_redacted(thread, *line, REDACTED);
                    }
                    self.tool(at, part, message);
                }
                _ => {}
            }
            self.threads[thread].touch(*line, None);
        }
        self.message_ends(thread, response, last, message);
    }

    fn is_taken_back(&mut self, thread: usize, part: &str, line: u64) -> bool {
        let here = self.threads[thread].info.reverted_part.as_deref() == Some(part);
        if here && !self.threads[thread].reverted {
            self.revert(thread, line);
        }
        self.threads[thread].reverted
    }

    fn step_ends(&mut self, thread: usize, response: usize, ends: bool) {
        let thread = &mut self.threads[thread].thread;
        if ends && thread.transcript.responses.get(response).is_some_and(|response| !response.has_calls) {
            thread.ends_turn(response);
        }
    }

    fn message_ends(&mut self, thread: usize, response: usize, last: Place, message: &Message<'_>) {
        let completed = message.time.completed;
        // Older versions do not say why a message ended, only that it did.
        let ended = message.finish.map_or(completed.is_some(), |finish| ends(&finish.text())) && message.error.is_none();
        self.step_ends(thread, response, ended);
        let reading = &mut self.threads[thread];
        if message.error.is_some_and(|name| name.is("MessageAbortedError")) {
            reading.thread.interruption(Place { at: completed.or(last.at), ..last });
        }
        if completed.is_none() || !ended {
            reading.thread.transcript.ends_mid_turn = true;
        }
        reading.touch(last.line, completed);
        if let Some(segment) = reading.segments.last_mut() {
            segment.over = completed.is_some();
            segment.failed = message.error.is_some();
        }
    }

    fn note_redacted(&mut self, thread: usize, line: u64, text: &str) {
        if text.starts_with(REDACTED) {
            let path = self.path_of(thread);
            self.notice(&path, line, REDACTED_NOTICE);
        }
    }

    /// The document breaks off: what came last is not known to be the last.
    pub(super) fn cut_off(&mut self, thread: usize, line: u64) {
        let transcript = &mut self.threads[thread].thread.transcript;
        transcript.ends_mid_turn = true;
        if let Some(response) = transcript.responses.last_mut() {
            response.ends_turn = false;
        }
        if let Some(segment) = self.threads[thread].segments.last_mut() {
            segment.over = false;
        }
        self.damaged(thread, line);
        let path = self.path_of(thread);
        self.notice(
            &path,
            line,
            "the export is cut off; OpenCode does that in a pipe, so write it to a file: opencode export SESSION > FILE",
        );
    }
}

impl Reading {
    /// Something of the thread stands at `line`; it reaches until `at`.
    pub(super) fn touch(&mut self, line: u64, at: Option<Moment>) {
        let transcript = &mut self.thread.transcript;
        transcript.last_line = transcript.last_line.max(line);
        if let Some(at) = at {
            transcript.first = Some(transcript.first.map_or(at, |first| first.min(at)));
            transcript.last = Some(transcript.last.map_or(at, |last| last.max(at)));
        }
        if let Some(segment) = self.segments.last_mut() {
            segment.to = segment.to.max(line);
            segment.last = segment.last.max(at);
        }
    }
}

/// Whether a step or a message with this reason is the last one of its turn (`finish` in `session/prompt.ts`).
fn ends(reason: &str) -> bool {
    !matches!(reason, "tool-calls" | "unknown" | "")
}
