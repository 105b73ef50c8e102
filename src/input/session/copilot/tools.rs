//! Calls of tools and their results.

use super::agents::{Call, Sign};
use super::builder::Builder;
use super::event::{Arguments, Data, Event, Request};
use crate::input::session::shell::{self, Tests};
use crate::input::session::thread::{Command, Folders, Outcome, Thread, hash};
use crate::input::skim::fields::{as_text, field, text_field};
use crate::input::skim::{Cursor, Kind, Raw};
use crate::model::moment::Moment;
use crate::model::session::{Place, Status};
use std::borrow::Cow;

/// A call without a result so far.
#[derive(Debug, Clone)]
pub(super) struct Open {
    thread: usize,
    place: Place,
    response: Option<String>,
    kind: Kept,
}

/// What the result of a call is looked at for.
#[derive(Debug, Clone)]
enum Kept {
    /// A shell command, whose words are kept while they may run tests.
    Shell(Option<String>),
    /// A run of an agent.
    Agent,
    Other,
}

/// Tools that only wait for agents and shells or talk about them: not work beside an agent. `report_intent` is a caption.
const WAITING: [&str; 14] = [
    "read_agent",
    "list_agents",
    "write_agent",
    "stop_agent",
    "read_bash",
    "write_bash",
    "stop_bash",
    "list_bash",
    "read_powershell",
    "write_powershell",
    "stop_powershell",
    "list_powershell",
    "report_intent",
    "ask_user",
];

impl Builder {
    /// A message asks for a tool. A call of `task` is a dispatch from here on, even if it is refused before it begins.
    pub(super) fn requested(&mut self, thread: usize, place: Place, response: (usize, &str), request: &Request<'_>) {
        let Some(call) = request.call.map(Raw::text) else { return };
        self.asked.insert(hash(call.as_ref()), (thread, response.0));
        if request.tool.is_some_and(|tool| tool.is("task")) && self.agents.of_call(&call).is_none() {
            let arguments = Arguments::read(request.arguments);
            self.dispatch(thread, place, response, &call, &arguments);
        }
    }

    fn dispatch(&mut self, thread: usize, place: Place, response: (usize, &str), call: &str, arguments: &Arguments<'_>) {
        let text = |key| arguments.text(key).map(Cow::into_owned);
        let run = Call {
            id: call.to_owned(),
            place,
            thread,
            turn: self.threads[thread].turn(),
            response: Some(response.1.to_owned()).filter(|id| !id.is_empty()),
            description: text("description").or_else(|| text("name")),
            agent_type: text("agent_type"),
            requested: place.at,
            wants_background: arguments.text("mode").is_some_and(|mode| mode == "background"),
            agent: self.known_thread(call).filter(|agent| *agent != thread),
            ..Call::default()
        };
        self.agents.add(run);
        if let Some(prompt) = arguments.text("prompt") {
            self.agents.expects(call, &prompt);
        }
        self.threads[thread].dispatch(response.0);
    }

    /// `tool.execution_start`.
    pub(super) fn tool_start(&mut self, place: Place, event: &Event<'_>, data: &Data<'_>) {
        let (Some(call), Some(tool)) = (data.call.map(Raw::text), data.tool.map(Raw::text)) else { return };
        let key = hash(call.as_ref());
        // A command that the human typed with `!` is not the assistant's.
        if self.by_human.contains(&key) || self.open.contains_key(&key) {
            return;
        }
        let thread = self.thread_of(event, data);
        let raw_place = place;
        let place = self.conversation(thread, place, Sign::Works);
        let asked = self.asked.remove(&key).filter(|(asker, _)| *asker == thread).map(|(_, response)| response);
        let response = asked.unwrap_or_else(|| self.last_response(thread, place));
        let response_id = self.response_ids[thread].clone();
        let arguments = Arguments::read(data.arguments);
        let mut open = Open { thread, place, response: Some(response_id.clone()).filter(|id| !id.is_empty()), kind: Kept::Other };
        if tool == "task" {
            if self.agents.of_call(&call).is_none() {
                self.dispatch(thread, place, (response, &response_id), &call, &arguments);
            }
            if let Some(run) = self.agents.of_call(&call).filter(|run| !run.begun) {
                run.begun = true;
                run.place = raw_place;
            }
            open.kind = Kept::Agent;
        } else {
            let waits = WAITING.contains(&tool.as_ref());
            self.threads[thread].call(place, response, &call, &tool, waits);
            open.kind = self.effect(thread, place, (&call, &tool), event, &arguments);
        }
        self.open.insert(key, open);
    }

    /// The response that a call belongs to where no message asked for it.
    fn last_response(&mut self, thread: usize, place: Place) -> usize {
        match self.threads[thread].transcript.responses.len().checked_sub(1) {
            Some(last) => last,
            None => self.threads[thread].response("", place),
        }
    }

    /// What a call will have done if it succeeds.
    fn effect(&mut self, thread: usize, place: Place, (call, tool): (&str, &str), event: &Event<'_>, arguments: &Arguments<'_>) -> Kept {
        let (own, session) = (self.folder.clone(), self.cwd.clone());
        let folders = Folders { own: own.as_deref(), session: session.as_deref() };
        match tool {
            "bash" | "powershell" => {
                let Some(text) = arguments.text("command") else { return Kept::Other };
                let background = arguments.text("mode").is_some_and(|mode| mode == "async") || arguments.is_true("detach");
                let starts = self.threads[thread].shell(place, Command { id: call, tool, text: &text, background, folders });
                if starts {
                    self.notice(place.line, "a shell command starts agents; they are not in this log");
                }
                Kept::Shell((shell::read(&text).tests > Tests::No).then(|| text.into_owned()))
            }
            "read_bash" | "read_powershell" => {
                let known = arguments.text("shellId").and_then(|shell| self.shells.get(shell.as_ref()).cloned());
                let Some(text) = known else { return Kept::Other };
                let command = Command { id: call, tool: "bash", text: &text, background: false, folders };
                self.threads[thread].shell(place, command);
                Kept::Shell(Some(text))
            }
            "create" | "edit" | "str_replace_editor" | "apply_patch" => {
                let record = format!("{}:{}", self.name(), event.id.map(Raw::text).unwrap_or_default());
                let edits = edited(tool, arguments).into_iter().map(|path| Thread::edit(place, &path, tool, false, folders));
                let edits: Vec<_> = edits.collect();
                self.threads[thread].will_edit(call, edits);
                if let (Some(path), Some(content)) = (arguments.text("path"), arguments.text("file_text")) {
                    self.threads[thread].will_write(call, place, &path, &content, &record, folders);
                }
                Kept::Other
            }
            "write_agent" => {
                let agent = arguments.text("agent_id").and_then(|agent| self.known_thread(&agent)).filter(|agent| *agent != thread);
                let turn = self.threads[thread].turn();
                let response = Some(self.response_ids[thread].clone()).filter(|id| !id.is_empty());
                let run = Call { id: call.to_owned(), place, thread, turn, response, requested: place.at, ..Call::default() };
                match agent.and_then(|agent| self.agents.wake(agent, run)) {
                    Some(_) => Kept::Agent,
                    None => Kept::Other,
                }
            }
            _ => Kept::Other,
        }
    }

    /// The open call of a tool that turns out to start an agent: its thread, its place, its response.
    pub(super) fn promote(&mut self, call: &str) -> Option<(usize, Place, Option<String>)> {
        let open = self.open.get_mut(&hash(call))?;
        open.kind = Kept::Agent;
        let calls = &mut self.threads[open.thread].transcript.calls;
        // It is among the last: a tool's agent starts right after its call.
        if let Some(tool) = calls.iter_mut().rev().take(64).find(|tool| tool.place == open.place) {
            tool.waits = true;
        }
        Some((open.thread, open.place, open.response.clone()))
    }

    /// `tool.execution_complete`.
    pub(super) fn tool_complete(&mut self, place: Place, _event: &Event<'_>, data: &Data<'_>) {
        let Some(call) = data.call.map(Raw::text) else { return };
        let key = hash(call.as_ref());
        if data.user_requested || self.by_human.contains(&key) {
            return;
        }
        let Some(open) = self.open.remove(&key) else {
            return self.notice(place.line, "a result without its call is read over");
        };
        let refused = data.error.is_some_and(is_refusal);
        let failed = data.success == Some(false);
        let at = place.at;
        let place = self.conversation(open.thread, place, Sign::Nothing);
        let mut outcome = Outcome { failed, refused, ..Outcome::default() };
        if matches!(open.kind, Kept::Other) {
            return self.threads[open.thread].result(place, &call, &outcome);
        }
        let output = output_of(data);
        if let Kept::Shell(command) = open.kind {
            outcome.exit_code = data.result.and_then(exit_code).or_else(|| exit_code_at_end(&output));
            outcome.unfinished = outcome.exit_code.is_none();
            outcome.output = &output;
            if let (true, Some(command), Some(shell)) = (outcome.unfinished && !failed, command, shell_id(&output)) {
                self.shells.insert(shell.to_owned(), command);
            }
        } else {
            self.agent_returned(&call, at, (failed, refused), &output);
        }
        self.threads[open.thread].result(place, &call, &outcome);
        if refused && !matches!(self.threads[open.thread].transcript.interruptions.last(), Some(last) if *last == place) {
            self.threads[open.thread].interruption(place);
        }
    }

    /// The result of a call that started or woke an agent.
    fn agent_returned(&mut self, call: &str, at: Option<Moment>, (failed, refused): (bool, bool), output: &str) {
        let Some(run) = self.agents.of_call(call) else { return };
        let launched = !failed && says_background(output);
        run.launched |= launched;
        run.returned = at;
        run.result = Some(match (refused, failed) {
            (true, _) => Status::Rejected,
            (false, true) if run.interrupted => Status::Interrupted,
            (false, true) => Status::Failed,
            (false, false) => Status::Completed,
        });
        // Other calls name the agent by the identifier that the result gives.
        if let Some(agent) = background_agent(output).filter(|_| launched) {
            self.name_agent(call, agent);
        }
    }
}

/// The files that a tool for editing names.
fn edited(tool: &str, arguments: &Arguments<'_>) -> Vec<String> {
    if tool == "apply_patch" {
        let patch = match arguments {
            Arguments::Text(patch) => Some(Cow::Borrowed(patch.as_ref())),
            Arguments::Object(_) => ["input", "patch"].iter().find_map(|key| arguments.text(key)),
        };
        return patch.map(|patch| patched(&patch)).unwrap_or_default();
    }
    let looks = tool == "str_replace_editor" && arguments.text("command").is_some_and(|command| command == "view");
    arguments.text("path").filter(|_| !looks).map(Cow::into_owned).into_iter().collect()
}

/// The files that a patch names.
fn patched(patch: &str) -> Vec<String> {
    let markers = ["*** Update File: ", "*** Add File: ", "*** Delete File: ", "*** Move to: "];
    let paths = patch.lines().filter_map(|line| markers.iter().find_map(|marker| line.strip_prefix(marker)));
    paths.map(|path| path.trim().to_owned()).filter(|path| !path.is_empty()).collect()
}

/// Whether an error says that a human or a rule refused the call (`code`: `rejected`, `denied`).
fn is_refusal(error: &[u8]) -> bool {
    let code = text_field(error, "code").map(Raw::text).unwrap_or_default();
    let message = text_field(error, "message").or_else(|| as_text(error)).map(Raw::text).unwrap_or_default();
    matches!(code.as_ref(), "rejected" | "denied")
        || message.starts_with("The user rejected this tool call")
        || message.starts_with("Permission denied and could not request permission")
}

/// The text of a result: what the model got, or the message of an error.
fn output_of<'a>(data: &Data<'a>) -> Cow<'a, str> {
    let of = |raw: &'a [u8], key| as_text(raw).or_else(|| text_field(raw, key));
    let text = data.result.and_then(|raw| of(raw, "content")).or_else(|| data.error.and_then(|raw| of(raw, "message")));
    text.map(Raw::text).unwrap_or_default()
}

/// The exit code in a result's blocks: `contents[]` of type `shell_exit` (formerly `terminal`).
fn exit_code(result: &[u8]) -> Option<i64> {
    let blocks = field(result, "contents")?;
    let mut cursor = Cursor::new(blocks);
    if cursor.kind() != Ok(Kind::Array) {
        return None;
    }
    let mut code = None;
    let _ = cursor.array(|cursor| {
        let block = cursor.skip()?;
        let number = field(block, "exitCode").and_then(|raw| Cursor::new(raw).number_or_skip().ok().flatten());
        code = number.filter(|number| number.abs() < 1e12).map(|number| number as i64).or(code);
        Ok(())
    });
    code
}

/// The exit code in the last line of an output: `<exited with exit code 1>`, lately `<shellId: 3 completed with exit code 1>`.
fn exit_code_at_end(output: &str) -> Option<i64> {
    let line = output.trim_end().rsplit('\n').next()?.strip_suffix('>')?;
    let (words, code) = line.rsplit_once(" exit code ")?;
    let begins = words.rsplit_once('<')?.1;
    (begins.starts_with("exited") || begins.starts_with("shellId:") || begins.starts_with("command")).then(|| code.parse().ok())?
}

/// The shell that goes on behind a result.
fn shell_id(output: &str) -> Option<&str> {
    let behind = output.rsplit_once("shellId: ")?.1;
    let id = behind.split(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_')).next()?;
    Some(id).filter(|id| !id.is_empty())
}

/// Whether a result begins with words that its agent goes on behind it; a report of an agent says so further down, if at all.
fn says_background(output: &str) -> bool {
    let first = output.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first: String = first.chars().take(160).collect();
    first.contains("in background") || first.contains("in the background")
}

/// The agent that a launch names: `Agent started in background with agent_id: explore-2.`
fn background_agent(output: &str) -> Option<&str> {
    let behind = output.split_once("agent_id:")?.1.trim_start();
    let id = behind.split(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '-' | '_')).next()?;
    Some(id).filter(|id| !id.is_empty())
}
