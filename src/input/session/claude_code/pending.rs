//! Tools that wait for their result: an edit counts only when it succeeded, a test run only when it ended.

use super::builder::{Builder, Origin, hash};
use super::calls::{call_result, failure};
use super::notices::{End, last_status, result_text};
use super::record::{Block, Record, as_text, field, text_field};
use crate::input::session::shell::{self, Tests};
use crate::input::session::{paths, progress, test_output};
use crate::input::skim::{Cursor, Kind};
use crate::model::session::{Edit, OtherMeans, Place, ProgressReport, Run, Status, ToolCall};
use std::sync::Arc;

/// What a call will have done if it succeeds.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    thread: usize,
    edits: Vec<Edit>,
    run: Option<(Run, Exit)>,
    report: Option<ProgressReport>,
    waits_for_task: bool,
}

/// What the exit code of a command line says about the tests in it.
#[derive(Debug, Clone, Copy)]
struct Exit {
    /// Zero means that the tests passed.
    zero_counts: bool,
    /// Anything else means that they failed.
    failure_counts: bool,
}

impl Pending {
    fn new(thread: usize) -> Pending {
        Pending { thread, edits: Vec::new(), run: None, report: None, waits_for_task: false }
    }
}

/// Tools that only wait for agents or talk about them: not work beside an agent.
const WAITING: [&str; 8] = ["TaskOutput", "AgentOutputTool", "BashOutput", "TaskStop", "KillShell", "SendMessage", "TaskList", "TaskGet"];

impl Builder {
    /// Keeps what a tool call may mean for a claim or a collision.
    pub(super) fn tool_use(&mut self, origin: &Origin, thread: usize, place: Place, record: &Record<'_>, block: &Block<'_>) {
        let (Some(name), Some(id)) = (block.name, block.id) else { return };
        let (name, id) = (name.text(), id.text().into_owned());
        let key = hash(id.as_str());
        let input = block.input.unwrap_or_default();
        self.threads[thread].transcript.tool_uses += 1;
        let called = place;
        let place = Place { at: self.threads[thread].clock, ..place };
        match name.as_ref() {
            "Task" | "Agent" => return self.dispatch(thread, called, record, block, id),
            "Edit" | "Write" | "MultiEdit" | "NotebookEdit" => self.file_tool(thread, place, record, &name, id, input),
            "Bash" => self.shell(origin, thread, place, record, id, input),
            "TaskOutput" | "AgentOutputTool" => {
                self.pending.insert(id, Pending { waits_for_task: true, ..Pending::new(thread) });
            }
            "TeamCreate" | "spawnTeam" => self.other_means(thread, place, "an agent team"),
            "Workflow" => self.other_means(thread, place, "a workflow"),
            _ => {}
        }
        self.open_call(thread, place, &name, key);
    }

    /// Notes the use of a tool; its result will end it.
    fn open_call(&mut self, thread: usize, place: Place, name: &str, key: u64) {
        let tool = self.tool_name(name);
        let waits = WAITING.contains(&name);
        let calls = &mut self.threads[thread].transcript.calls;
        self.open_calls.insert(key, (thread, calls.len()));
        calls.push(ToolCall { tool, place, ended: None, failed: false, waits });
    }

    /// A tool's name, kept once.
    fn tool_name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.tool_names.get(name) {
            return known.clone();
        }
        let new: Arc<str> = name.into();
        self.tool_names.insert(new.clone());
        new
    }

    /// Ends the call that a result belongs to.
    fn close_call(&mut self, id: &str, place: Place, failed: bool) {
        let Some((thread, index)) = self.open_calls.remove(&hash(id)) else { return };
        // The glimpses of a thread may have been dropped since.
        if let Some(call) = self.threads.get_mut(thread).and_then(|thread| thread.transcript.calls.get_mut(index)) {
            call.ended = place.at.max(call.place.at);
            call.failed = failed;
        }
    }

    fn other_means(&mut self, thread: usize, place: Place, what: &'static str) {
        self.threads[thread].transcript.other_means.push(OtherMeans { place, what });
    }

    fn edit(&self, thread: usize, place: Place, record: &Record<'_>, path: &str, tool: &str, inferred: bool) -> Edit {
        let cwd = record.cwd.map(|raw| raw.text());
        let folder = cwd.as_deref().or(self.threads[thread].transcript.cwd.as_deref());
        let named = paths::name(path, folder, self.cwd.as_deref());
        Edit { place, path: named.path, tool: tool.to_owned(), inferred, worktree: named.worktree }
    }

    fn file_tool(&mut self, thread: usize, place: Place, record: &Record<'_>, tool: &str, id: String, input: &[u8]) {
        let Some(path) = text_field(input, "file_path").or_else(|| text_field(input, "notebook_path")) else { return };
        let path = path.text();
        let mut pending = Pending::new(thread);
        pending.edits.push(self.edit(thread, place, record, &path, tool, false));
        if tool == "Write" && progress::is_progress_file(&path) {
            let content = text_field(input, "content").map(|raw| raw.text()).unwrap_or_default();
            pending.report = progress::read(&path, &content).map(|seen| ProgressReport {
                place,
                path: pending.edits[0].path.clone(),
                record: String::from_utf8_lossy(record.identity()).into_owned(),
                completed: seen.completed,
                running: seen.running,
                text: seen.text,
            });
        }
        self.pending.insert(id, pending);
    }

    fn shell(&mut self, origin: &Origin, thread: usize, place: Place, record: &Record<'_>, id: String, input: &[u8]) {
        let Some(command) = text_field(input, "command") else { return };
        let command = command.text();
        let effect = shell::read(&command);
        if effect.starts_agents {
            self.other_means(thread, place, "a shell command that starts agents");
            self.notice(origin, place.line, "a shell command starts agents; they are not in this log");
        }
        let background = field(input, "run_in_background") == Some(b"true");
        let mut pending = Pending::new(thread);
        pending.edits = effect.edits.iter().map(|path| self.edit(thread, place, record, path, "Bash", true)).collect();
        if effect.tests > Tests::No {
            let first_line = command.trim().lines().next().unwrap_or_default().to_owned();
            let run = Run { place, ended: None, tests: effect.tests == Tests::Yes, passed: None, count: None, command: first_line };
            pending.run = Some((run, Exit { zero_counts: effect.exit_counts && !background, failure_counts: effect.tests_last }));
        }
        if !pending.edits.is_empty() || pending.run.is_some() {
            self.pending.insert(id, pending);
        }
    }

    /// Takes a tool's result: of a dispatch, or of a call that waits for it.
    pub(super) fn tool_result(&mut self, thread: usize, place: Place, record: &Record<'_>, block: &Block<'_>) {
        let Some(id) = block.tool_use_id else { return };
        let id = id.text();
        if let Some(call) = self.calls.get_mut(&id) {
            if call.result.is_none() {
                let result = call_result(record, block, place.at);
                let stopped = matches!(result.status, Some(Status::Rejected | Status::Interrupted));
                call.result = Some(result);
                if stopped {
                    self.threads[thread].transcript.interruptions.push(place);
                }
            }
            return;
        }
        self.close_call(&id, place, block.is_error);
        let Some(pending) = self.pending.remove(id.as_ref()) else {
            if block.is_error && is_refusal(block) {
                self.threads[thread].transcript.interruptions.push(place);
            }
            return;
        };
        let failed = block.is_error || record.result.and_then(as_text).is_some_and(|text| text.text().starts_with("Error"));
        if block.is_error && is_refusal(block) {
            self.threads[thread].transcript.interruptions.push(place);
            return;
        }
        if pending.waits_for_task {
            self.task_output(record, place);
        }
        if let Some((run, exit)) = pending.run {
            let place = Place { at: self.threads[thread].clock, ..place };
            let run = finished(run, exit, failed, place, record, block);
            self.threads[pending.thread].transcript.runs.push(run);
        }
        if !failed {
            let transcript = &mut self.threads[pending.thread].transcript;
            transcript.edits.extend(pending.edits);
            transcript.reports.extend(pending.report);
        }
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

/// Completes a run with its exit code and what its output says.
fn finished(mut run: Run, exit: Exit, failed: bool, place: Place, record: &Record<'_>, block: &Block<'_>) -> Run {
    let output = output_of(record, block);
    let counts = test_output::read(&output);
    // A call that a permission, a hook or a failed sibling stopped never ran: only an exit code proves a failure.
    let executed =
        test_output::has_exit_code(&output) || record.result.and_then(as_text).is_some_and(|text| test_output::has_exit_code(&text.text()));
    run.ended = place.at;
    run.tests |= counts.summary;
    run.count = counts.passed;
    // A pipe or a fallback hides the exit code, and another part of the line may have failed: then only the runner's
    // own summary tells.
    run.passed = match (failed, counts.summary) {
        (_, true) if counts.failed => Some(false),
        (true, false) if exit.failure_counts && executed => Some(false),
        (true, _) => None,
        (false, true) => Some(true),
        (false, false) => exit.zero_counts.then_some(true),
    };
    run
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
