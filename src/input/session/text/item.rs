//! A call of a tool as a text shows it: its name, its arguments, what came back.

use super::builder::{Asked, Builder, Returned};
use crate::input::session::thread::Outcome;
use crate::input::skim::{Cursor, Kind};
use crate::model::session::Status;

/// How much of a value is kept. What is longer is a prompt, a file or an output of which only the beginning matters.
const MOST: usize = 64 * 1024;

/// Which part of a call a text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Input,
    Output,
    Error,
}

/// A call.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub(super) line: u64,
    pub(super) tool: String,
    description: String,
    agent_type: String,
    command: String,
    path: String,
    background: bool,
    input: String,
    pub(super) output: String,
    /// Something came back.
    pub(super) returned: bool,
    pub(super) failed: bool,
}

impl Item {
    pub(super) fn new(line: u64, tool: &str) -> Item {
        Item { line, tool: tool.trim().trim_matches(['*', '`']).chars().take(120).collect(), ..Item::default() }
    }

    /// Whether this tool starts an agent. Names of tools that did in Claude Code, OpenCode, Cursor, Codex and Copilot.
    pub(super) fn starts_agent(&self) -> bool {
        let name = self.tool.to_ascii_lowercase();
        matches!(name.as_str(), "task" | "agent" | "task_v2" | "spawn_agent" | "runsubagent" | "run_subagent" | "dispatch_agent")
    }

    fn runs_shell(&self) -> bool {
        let name = self.tool.to_ascii_lowercase();
        matches!(
            name.as_str(),
            "bash"
                | "shell"
                | "command"
                | "run_terminal_cmd"
                | "run_terminal_command_v2"
                | "run_in_terminal"
                | "exec_command"
                | "powershell"
        )
    }

    fn edits(&self) -> bool {
        let name = self.tool.to_ascii_lowercase();
        matches!(
            name.as_str(),
            "edit" | "write" | "multiedit" | "notebookedit" | "search_replace" | "edit_file" | "edit_file_v2" | "strreplace"
        )
    }

    /// An argument, or more of its value.
    pub(super) fn argument(&mut self, name: &str, text: &str, line_ends: bool) {
        match name {
            "description" => add(&mut self.description, text, line_ends),
            "subagent_type" | "agent_type" | "agent" => add(&mut self.agent_type, text, line_ends),
            "command" => add(&mut self.command, text, line_ends),
            "file_path" | "filePath" | "path" | "notebook_path" => add(&mut self.path, text, line_ends),
            "run_in_background" => self.background |= text.trim().eq_ignore_ascii_case("true"),
            _ => {}
        }
    }

    /// More of a part.
    pub(super) fn add(&mut self, label: Label, text: &str, line_ends: bool) {
        match label {
            Label::Input => add(&mut self.input, text, line_ends),
            Label::Output | Label::Error => {
                self.returned = true;
                self.failed |= label == Label::Error;
                add(&mut self.output, text, line_ends);
            }
        }
    }

    /// Reads arguments that were collected as JSON.
    pub(super) fn take_json(&mut self) {
        let text = std::mem::take(&mut self.input);
        self.json(&text);
    }

    /// Reads a call that was collected as JSON: `{"name": "Task", "arguments": {…}}`.
    pub(super) fn take_json_call(&mut self) {
        let text = std::mem::take(&mut self.input);
        let mut cursor = Cursor::new(text.as_bytes());
        if cursor.kind() != Ok(Kind::Object) {
            return;
        }
        let mut tool = None;
        let mut arguments: Option<Vec<u8>> = None;
        let _ = cursor.object(|cursor, key| {
            match key.text().as_ref() {
                "name" => tool = cursor.string_or_skip()?.map(|name| name.text().into_owned()),
                "input" | "arguments" | "parameters" => arguments = Some(cursor.skip()?.to_vec()),
                _ => {
                    let _ = cursor.skip()?;
                }
            }
            Ok(())
        });
        if let Some(tool) = tool {
            self.tool = Item::new(self.line, &tool).tool;
        }
        if let Some(arguments) = arguments.and_then(|bytes| String::from_utf8(bytes).ok()) {
            self.json(&arguments);
        }
    }

    fn json(&mut self, text: &str) {
        let mut cursor = Cursor::new(text.trim_start().as_bytes());
        if cursor.kind() != Ok(Kind::Object) {
            return;
        }
        // What comes before a broken place still counts.
        let _ = cursor.object(|cursor, key| {
            let key = key.text();
            match cursor.kind()? {
                Kind::String => {
                    if let Some(value) = cursor.string_or_skip()? {
                        self.argument(&key, &value.text(), false);
                    }
                }
                _ if key == "run_in_background" => self.background |= cursor.bool_or_skip()? == Some(true),
                _ => {
                    let _ = cursor.skip()?;
                }
            }
            Ok(())
        });
    }

    /// What is asked for, where the tool starts an agent.
    pub(super) fn asked(&self) -> Asked {
        let text = |value: &str| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        Asked {
            line: self.line,
            description: text(self.description.lines().next().unwrap_or_default()),
            agent_type: text(&self.agent_type),
            background: self.background,
        }
    }

    /// Sets a description where the arguments gave none.
    pub(super) fn describe(&mut self, text: &str) {
        if self.description.is_empty() {
            self.description = text.trim().chars().take(400).collect();
        }
    }

    /// Sets the command where the arguments gave none.
    pub(super) fn run(&mut self, command: &str) {
        if self.command.is_empty() {
            add(&mut self.command, command, false);
        }
    }

    /// The kind of agent, where the arguments gave none.
    pub(super) fn kind(&mut self, text: &str) {
        if self.agent_type.is_empty() {
            self.agent_type = text.trim().chars().take(120).collect();
        }
    }

    /// How the agent came back, as far as the text says so.
    pub(super) fn returned(&self) -> Option<Came> {
        self.returned.then(|| came(&self.output, self.failed))
    }

    /// Tells a call that starts no agent.
    pub(super) fn tell(&self, end: u64, out: &mut Builder) {
        let id = out.call(self.line, &self.tool);
        if self.runs_shell() {
            match self.command.trim() {
                // Exports may leave out what a tool was given.
                "" => out.maybe_tests(self.line, "a shell command that the text does not show"),
                command => out.shell(self.line, &id, &self.tool, command),
            }
        } else if self.edits() && !self.path.trim().is_empty() {
            out.edit(self.line, &id, &self.tool, self.path.trim());
        }
        if self.returned {
            let refused =
                matches!(came(&self.output, self.failed), Came::Back(Returned { status: Status::Rejected | Status::Interrupted, .. }));
            out.result(end, &id, &Outcome { failed: self.failed, refused, exit_code: None, output: &self.output, unfinished: false });
        }
    }
}

/// What a result says of an agent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Came {
    /// It works on in the background.
    Launched,
    /// It is over.
    Back(Returned),
}

/// Reads what came back from a call of an agent. The sentences are those that Claude Code gives the model (2.0 to 2.1).
pub(super) fn came(output: &str, failed: bool) -> Came {
    let head = beginning(output.trim_start(), 400);
    if head.contains("Async agent launched") || head.contains("async_launched") || head.contains("is running in the background") {
        return Came::Launched;
    }
    let status = if head.contains("[Request interrupted by user") {
        Status::Interrupted
    } else if head.contains("The user doesn't want to proceed with this tool use") || head.contains("User rejected tool use") {
        Status::Rejected
    } else if failed
        || head.starts_with("Error:")
        || head.starts_with("<tool_use_error>")
        || head.contains("' not found. Available agents:")
    {
        Status::Failed
    } else {
        Status::Completed
    };
    Came::Back(Returned { status, duration: None, tool_uses: None })
}

/// So many letters of a text at most.
pub(super) fn beginning(text: &str, letters: usize) -> &str {
    // A letter takes a byte at least.
    if text.len() <= letters {
        return text;
    }
    text.char_indices().nth(letters).map_or(text, |(end, _)| &text[..end])
}

fn add(value: &mut String, text: &str, line_ends: bool) {
    if value.len() < MOST {
        let mut end = text.len().min(MOST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        value.push_str(&text[..end]);
        if line_ends {
            value.push('\n');
        }
    }
}
