//! Tools: which calls start agents, what the others did.

use super::builder::{At, Builder};
use super::calls::Call;
use super::record::{Message, Part, State};
use crate::input::session::thread::{Command, Folders, Outcome, Thread, hash};
use crate::input::skim::fields::{field, is_true, number_field, text_field};
use crate::input::skim::{Cursor, Kind, Raw};
use crate::model::session::{Place, Status};
use std::borrow::Cow;

/// The tool that starts an agent.
const TASK: &str = "task";

/// Tools that only wait for agents or talk about them: `task_status` of OpenCode 1.14.51, the others of widespread plugins.
const WAITING: [&str; 4] = ["task_status", "background_output", "background_cancel", "background_wait"];

/// The session that a call made, as it says itself: `metadata.sessionId`, which `task` sets before the agent starts, or the
/// head of its output.
pub(super) fn agent_of(state: &State<'_>) -> Option<String> {
    let named = text_field(state.metadata, "sessionId").map(|raw| raw.text().into_owned());
    named.or_else(|| agent_in_output(&head(state.output?))).filter(|id| !id.is_empty())
}

/// How many bytes at either end of an output tell how a call went on; what lies between is read only where it may be of tests.
const END: usize = 1024;

/// How an output begins.
fn head(output: Raw<'_>) -> Cow<'_, str> {
    Raw::new(&output.bytes[..output.bytes.len().min(END)]).text()
}

/// How an output ends.
fn tail(output: Raw<'_>) -> Cow<'_, str> {
    Raw::new(&output.bytes[output.bytes.len().saturating_sub(END)..]).text()
}

/// `task_id: ses_…` until 1.14, `<task id="ses_…"` since.
fn agent_in_output(output: &str) -> Option<String> {
    let behind = ["task_id: ", "<task id=\"", "session_id: "].iter().find_map(|mark| output.trim_start().strip_prefix(mark))?;
    let id: String = behind.chars().take_while(|character| character.is_ascii_alphanumeric() || *character == '_').collect();
    id.starts_with("ses").then_some(id)
}

/// How a call that failed ended, by its error text (`session/processor.ts`, `session/prompt.ts`, `permission/index.ts`).
fn failure(state: &State<'_>, message: &Message<'_>) -> Status {
    let text = state.error.map(|raw| raw.text().into_owned()).unwrap_or_default();
    let refused = [
        "The user rejected permission",
        "rejected permission to use",
        "The user has specified a rule which prevents",
        "PermissionRejectedError",
    ];
    let stopped = ["Tool execution aborted", "Cancelled", "Task cancelled", "AbortError", "The operation was aborted"];
    if refused.iter().any(|words| text.contains(words)) {
        Status::Rejected
    } else if is_true(state.metadata, "interrupted") || stopped.iter().any(|words| text.contains(words)) {
        // The provider's connection may have broken instead: then nobody stopped anything.
        let by_user = message.error.is_none_or(|name| name.is("MessageAbortedError"));
        if by_user { Status::Interrupted } else { Status::Failed }
    } else {
        Status::Failed
    }
}

impl Builder {
    /// A tool's call with all that is known of it.
    pub(super) fn tool(&mut self, at: At<'_>, part: &Part<'_>, message: &Message<'_>) {
        let state = &part.state;
        let name = part.tool.map(|raw| raw.text()).unwrap_or_default();
        let agent = agent_of(state);
        // A plugin's tool that was given a prompt and names a session that it made starts an agent as well.
        let starts = name == TASK || agent.is_some() && text_field(state.input, "prompt").is_some() && !WAITING.contains(&name.as_ref());
        let (start, end) = (state.time.start, state.time.end);
        let reading = &mut self.threads[at.thread];
        reading.touch(at.place.line, start);
        reading.touch(at.place.line, end);
        if let Some(segment) = reading.segments.last_mut() {
            segment.tool_uses = segment.tool_uses.saturating_add(1);
        }
        if starts {
            reading.thread.dispatch(at.response);
            return self.dispatch(at, state, message, agent);
        }
        reading.thread.call(at.place, at.response, at.id, &name, WAITING.contains(&name.as_ref()));
        self.effects(at, &name, state);
        if state.is("completed") || state.is("error") {
            let whole = self.threads[at.thread].thread.runs(at.id);
            let output = state.output.map(|raw| if whole { raw.text() } else { tail(raw) }).unwrap_or_default();
            let failure = state.is("error").then(|| failure(state, message));
            let outcome = Outcome {
                failed: failure.is_some() || output.trim_end().ends_with("User aborted the command\n</metadata>"),
                refused: matches!(failure, Some(Status::Rejected | Status::Interrupted)),
                exit_code: number_field(state.metadata, "exit").map(|code| code as i64),
                output: &output,
                unfinished: false,
            };
            self.threads[at.thread].thread.result(Place { at: end.or(at.place.at), ..at.place }, at.id, &outcome);
        }
    }

    fn dispatch(&mut self, at: At<'_>, state: &State<'_>, message: &Message<'_>, agent: Option<String>) {
        let text = |key| text_field(state.input, key).map(|raw| raw.text().into_owned());
        let status = match () {
            () if state.is("completed") => Some(Status::Completed),
            () if state.is("error") => Some(failure(state, message)),
            () => None,
        };
        let running = state.output.is_some_and(|output| {
            let output = head(output);
            output.starts_with("<task id=") && output.split('>').next().is_some_and(|head| head.contains("state=\"running\""))
        });
        // Plugins that replace `task` call the switch `run_in_background`.
        let background = is_true(state.metadata, "background")
            || running
            || status == Some(Status::Completed) && (is_true(state.input, "background") || is_true(state.input, "run_in_background"));
        if matches!(status, Some(Status::Rejected | Status::Interrupted)) {
            self.threads[at.thread].thread.interruption(Place { at: state.time.end.or(at.place.at), ..at.place });
        }
        let turn = self.threads[at.thread].thread.turn();
        self.calls.push(Call {
            id: at.id.to_owned(),
            place: at.place,
            thread: at.thread,
            turn,
            response: Some(at.response_id.to_owned()),
            description: text("description"),
            agent_type: text("subagent_type").or_else(|| text("agent")).or_else(|| text("category")),
            prompt: text("prompt").map(|prompt| hash(prompt.trim())),
            resumes: text("task_id").is_some() || text("session_id").is_some(),
            agent,
            called: message.time.created,
            start: state.time.start,
            end: state.time.end.filter(|_| status.is_some()),
            status,
            background,
        });
    }

    fn effects(&mut self, at: At<'_>, tool: &str, state: &State<'_>) {
        let own = self.threads[at.thread].thread.transcript.cwd.clone();
        let session = self.threads[0].thread.transcript.cwd.clone();
        let folders = Folders { own: own.as_deref(), session: session.as_deref() };
        let edit = |path: &str| Thread::edit(at.place, path, tool, false, folders);
        let text = |key| text_field(state.input, key);
        let thread = &mut self.threads[at.thread].thread;
        match tool {
            "edit" | "write" | "multiedit" => {
                let Some(path) = text("filePath").map(|raw| raw.text()) else { return };
                thread.will_edit(at.id, [edit(&path)]);
                if let Some(content) = text("content").filter(|_| tool == "write") {
                    thread.will_write(at.id, at.place, &path, &content.text(), at.record, folders);
                }
            }
            "apply_patch" | "patch" => {
                let mut paths = patched_in_metadata(state.metadata);
                if paths.is_empty() {
                    paths = text("patchText").map(|raw| patched_in_text(&raw.text())).unwrap_or_default();
                }
                thread.will_edit(at.id, paths.iter().map(|path| edit(path)));
            }
            "bash" | "shell" => {
                let Some(command) = text("command").map(|raw| raw.text()) else { return };
                let workdir = text("workdir").map(|raw| raw.text().into_owned());
                let folders = Folders { own: workdir.as_deref().or(own.as_deref()), ..folders };
                let starts = thread.shell(at.place, Command { id: at.id, tool, text: &command, background: false, folders });
                if starts {
                    let path = thread.transcript.path.clone();
                    self.notice(&path, at.place.line, "a shell command starts agents; they are not in this log");
                }
            }
            _ => {}
        }
    }
}

/// `metadata.files` of `apply_patch`: `[{filePath, movePath?, type}]`, absolute (`tool/apply_patch.ts`).
fn patched_in_metadata(metadata: &[u8]) -> Vec<String> {
    let mut paths = Vec::new();
    let Some(files) = field(metadata, "files") else { return paths };
    let mut cursor = Cursor::new(files);
    if cursor.kind() == Ok(Kind::Array) {
        let _ = cursor.array(|cursor| {
            let file = cursor.skip()?;
            paths.extend(["filePath", "movePath"].iter().filter_map(|key| text_field(file, key)).map(|raw| raw.text().into_owned()));
            Ok(())
        });
    }
    paths
}

/// The files that a patch names in its headings.
fn patched_in_text(patch: &str) -> Vec<String> {
    let headings = ["*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "];
    let named = |line: &str| headings.iter().find_map(|heading| line.strip_prefix(heading)).map(|path| path.trim().to_owned());
    patch.lines().filter_map(named).filter(|path| !path.is_empty()).collect()
}
