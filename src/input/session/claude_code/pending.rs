//! Calls of tools that are no dispatches, and their results.

use super::builder::{Builder, Origin};
use super::calls::{call_result, failure};
use super::notices::{End, last_status, result_text};
use super::record::{Block, Record};
use crate::input::session::thread::{Command, Folders, Outcome, Thread, hash};
use crate::input::session::{progress, test_output};
use crate::input::skim::fields::{as_text, field, text_field};
use crate::input::skim::{Cursor, Kind};
use crate::model::session::{Means, Place, Status};

/// Tools that only wait for agents or talk about them: not work beside an agent.
const WAITING: [&str; 8] = ["TaskOutput", "AgentOutputTool", "BashOutput", "TaskStop", "KillShell", "SendMessage", "TaskList", "TaskGet"];

/// A call where it stands: its thread, its record and its block.
struct Use<'u, 'a> {
    thread: usize,
    place: Place,
    record: &'u Record<'a>,
    name: &'u str,
    id: &'u str,
    input: &'a [u8],
}

impl Builder {
    /// Keeps what a tool call may mean for a claim or a collision. `place` has the record's own time, `ordered` the thread's.
    pub(super) fn tool_use(
        &mut self,
        origin: &Origin,
        at: (usize, usize),
        place: Place,
        ordered: Place,
        record: &Record<'_>,
        block: &Block<'_>,
    ) {
        let (Some(name), Some(id)) = (block.name, block.id) else { return };
        let (name, id) = (name.text(), id.text());
        let (thread, response) = at;
        if matches!(name.as_ref(), "Task" | "Agent") {
            self.threads[thread].kept.dispatch(response);
            return self.dispatch(thread, place, record, block, id.into_owned());
        }
        self.open_calls.insert(hash(id.as_ref()), thread);
        self.threads[thread].kept.call(ordered, response, &id, &name, WAITING.contains(&name.as_ref()));
        let call = Use { thread, place: ordered, record, name: &name, id: &id, input: block.input.unwrap_or_default() };
        match name.as_ref() {
            "Edit" | "Write" | "MultiEdit" | "NotebookEdit" => self.file_tool(&call),
            "Bash" => self.shell(origin, &call),
            "TaskOutput" | "AgentOutputTool" => {
                self.waiting.insert(hash(id.as_ref()));
            }
            "TeamCreate" | "spawnTeam" => self.threads[thread].kept.other_means(ordered, Means::Team),
            "Workflow" => self.threads[thread].kept.other_means(ordered, Means::Workflow),
            _ => {}
        }
    }

    fn file_tool(&mut self, call: &Use<'_, '_>) {
        let Some(path) = text_field(call.input, "file_path").or_else(|| text_field(call.input, "notebook_path")) else { return };
        let (path, cwd) = (path.text(), call.record.cwd.map(|raw| raw.text()));
        let kept = &mut self.threads[call.thread].kept;
        let own = cwd.map(|cwd| cwd.into_owned()).or_else(|| kept.transcript.cwd.clone());
        let folders = Folders { own: own.as_deref(), session: self.cwd.as_deref() };
        kept.will_edit(call.id, [Thread::edit(call.place, &path, call.name, false, folders)]);
        if call.name == "Write" && progress::is_progress_file(&path) {
            let content = text_field(call.input, "content").map(|raw| raw.text()).unwrap_or_default();
            kept.will_write(call.id, call.place, &path, &content, &String::from_utf8_lossy(call.record.identity()), folders);
        }
    }

    fn shell(&mut self, origin: &Origin, call: &Use<'_, '_>) {
        let Some(text) = text_field(call.input, "command") else { return };
        let cwd = call.record.cwd.map(|raw| raw.text());
        let kept = &mut self.threads[call.thread].kept;
        let own = cwd.map(|cwd| cwd.into_owned()).or_else(|| kept.transcript.cwd.clone());
        let folders = Folders { own: own.as_deref(), session: self.cwd.as_deref() };
        let background = field(call.input, "run_in_background") == Some(b"true");
        if kept.shell(call.place, Command { id: call.id, tool: call.name, text: &text.text(), background, folders }) {
            self.notice(origin, call.place.line, "a shell command starts agents; they are not in this log");
        }
    }

    /// Takes a tool's result: of a dispatch, or of a call that waits for it.
    pub(super) fn tool_result(&mut self, thread: usize, place: Place, ordered: Place, record: &Record<'_>, block: &Block<'_>) {
        let Some(id) = block.tool_use_id else { return };
        let id = id.text();
        if let Some(call) = self.calls.get_mut(&id) {
            if call.result.is_none() {
                let result = call_result(record, block, place.at);
                let stopped = matches!(result.status, Some(Status::Rejected | Status::Interrupted));
                call.result = Some(result);
                if stopped {
                    self.threads[thread].kept.interruption(place);
                }
            }
            self.threads[thread].kept.transcript.ends_mid_turn = true;
            return;
        }
        let refused = block.is_error && is_refusal(block);
        if self.waiting.remove(&hash(id.as_ref())) && !refused {
            self.task_output(record, place);
        }
        let thread = self.open_calls.remove(&hash(id.as_ref())).unwrap_or(thread);
        let error = record.result.and_then(as_text).map(|text| text.text());
        let failed = block.is_error || error.as_deref().is_some_and(|text| text.starts_with("Error"));
        // The code of a command that failed stands in its output, or in the error that replaces the result.
        let code = || error.as_deref().filter(|text| test_output::has_exit_code(text)).map(|_| 1);
        let kept = &mut self.threads[thread].kept;
        let output = if kept.runs(&id) { output_of(record, block) } else { String::new() };
        kept.result(
            ordered,
            &id,
            &Outcome { failed, refused, exit_code: if failed { code() } else { None }, output: &output, unfinished: false },
        );
    }

    fn task_output(&mut self, record: &Record<'_>, place: Place) {
        let task = record.result.and_then(|raw| field(raw, "task")).unwrap_or_default();
        let word = |key| text_field(task, key).map(|raw| raw.text().into_owned());
        if let (Some(at), Some(agent), Some(status)) = (place.at, word("task_id"), word("status").and_then(|word| last_status(&word))) {
            self.outputs.entry(agent.clone()).or_default().push(End { agent, at, status, tool_uses: None });
        }
    }
}

fn is_refusal(block: &Block<'_>) -> bool {
    block.content.is_some_and(|content| matches!(failure(&result_text(content)), Status::Rejected | Status::Interrupted))
}

fn output_of(record: &Record<'_>, block: &Block<'_>) -> String {
    let raw = record.result.unwrap_or_default();
    if Cursor::new(raw).kind() == Ok(Kind::Object) {
        let stream = |key| text_field(raw, key).map(|text| text.text().into_owned()).unwrap_or_default();
        let both = format!("{}\n{}", stream("stdout"), stream("stderr"));
        if !both.trim().is_empty() {
            return both;
        }
    }
    block.content.map(result_text).unwrap_or_default()
}
