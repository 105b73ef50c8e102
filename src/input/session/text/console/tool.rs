//! Tools by the names that a console shows, and what stands in their parentheses.

use super::block::Call;
use super::outcome::{Outcome, State};
use crate::input::session::{test_output, thread};
use std::borrow::Cow;

/// What a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'n> {
    /// It starts an agent, of the kind that is named.
    Agent(Option<&'n str>),
    /// It runs a shell command.
    Shell,
    /// It changes a file; the tool's name as logs have it.
    Edit(&'static str),
    /// Anything else.
    Other,
}

/// What a call is by its name. `like_an_agent`: what stands beneath it stands beneath agents alone.
///
/// `Task` until 2.1.62, `Agent` since; an agent of a kind of its own stands under its kind, which is written small, with
/// hyphens, and with its plugin in front (documentation of Claude Code on subagents; so do public consoles of 1.0 to 2.1).
pub(super) fn kind(name: &str, like_an_agent: bool) -> Kind<'_> {
    match name {
        "Task" | "Agent" => Kind::Agent(None),
        "Explore" | "Plan" => Kind::Agent(Some(name)),
        "Bash" | "PowerShell" => Kind::Shell,
        "Update" | "Edit" => Kind::Edit("Edit"),
        "Write" | "Create" => Kind::Edit("Write"),
        "MultiEdit" => Kind::Edit("MultiEdit"),
        "NotebookEdit" | "Edit Notebook" => Kind::Edit("NotebookEdit"),
        "Skill" | "Read" | "Search" | "Fetch" | "Web Search" | "Stop Task" | "Task Output" => Kind::Other,
        _ if name.contains("(MCP)") || name.contains(" - ") => Kind::Other,
        _ if like_an_agent => Kind::Agent(Some(name)),
        _ if name.starts_with(|letter: char| letter.is_lowercase()) && name.contains(['-', ':']) => Kind::Agent(Some(name)),
        _ => Kind::Other,
    }
}

/// What stands in a call's parentheses, line by line. Where it was wrapped the closing one stands further down.
fn input(call: &Call) -> &str {
    let input = call.input.trim_end();
    if call.wrapped { input.rfind(')').map_or(input, |at| &input[..at]) } else { input }
}

/// What an agent is for: one line. Until 1.0 the prompt stands behind it: `Task: …`, `Prompt: …`.
pub(super) fn description(call: &Call) -> String {
    let mut text = String::new();
    for line in input(call).lines().take_while(|line| !line.starts_with("Prompt:")) {
        // The model stands far to the right, wrapped on its own: `for phase  Sonnet`, `1)  4.5`.
        let words = line.trim().split("  ").next().unwrap_or_default();
        if !text.is_empty() && !words.is_empty() {
            text.push(' ');
        }
        text.push_str(words);
    }
    let text = text.strip_prefix("Task: ").unwrap_or(&text);
    text.trim_end_matches(['…', ' ']).to_owned()
}

/// A shell command, without the time limit at the right.
pub(super) fn command(call: &Call) -> Cow<'_, str> {
    let text = input(call);
    if !text.contains("  timeout: ") {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.lines().map(|line| line.split("  timeout: ").next().unwrap_or_default().trim_end()).collect();
    Cow::Owned(lines.join("\n"))
}

/// The path of a file: wrapped anywhere, since it has no blanks. Until 0.2: `file_path: "…"`.
pub(super) fn path(call: &Call) -> String {
    let text: String = input(call).lines().map(str::trim).collect();
    let named = text.split_once("path: \"").map(|(_, rest)| rest.split('"').next().unwrap_or_default());
    named.unwrap_or(&text).trim_end_matches('…').to_owned()
}

/// What a result means for a thread.
pub(super) fn result(outcome: Outcome, output: &str) -> thread::Outcome<'_> {
    let first = output.trim_start().trim_start_matches("Error: ");
    let code = first.strip_prefix("Exit code ").map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    thread::Outcome {
        failed: matches!(outcome.state, State::Failed | State::NeverRan),
        refused: matches!(outcome.state, State::Rejected | State::Interrupted),
        exit_code: code.and_then(|code| code.parse().ok()),
        output: whole(output),
        unfinished: false,
    }
}

/// The output where all of it is shown. The first lines of a longer one prove a failure, but count nothing.
fn whole(output: &str) -> &str {
    let cut = output.lines().any(|line| line.starts_with("… +") || line.starts_with("... +"));
    if !cut || test_output::read(output).failed || output.contains("Exit code ") { output } else { "" }
}

/// Files that the lines beneath an agent show to be changed, with the tool: the call, and that it came back.
pub(super) fn nested_edits(output: &[String]) -> Vec<(&str, &'static str)> {
    let pairs = output.iter().zip(output.iter().skip(1));
    let edits = pairs.filter_map(|(call, result)| {
        let (name, rest) = call.split_once('(')?;
        let Kind::Edit(tool) = kind(name, false) else { return None };
        let path = rest.strip_suffix(')').or_else(|| rest.strip_suffix(")…"))?;
        let done = ["Wrote ", "Updated ", "Added ", "Removed ", "Created ", "Edited "].iter().any(|word| result.starts_with(word));
        (done && !path.is_empty() && !path.contains([' ', '('])).then_some((path, tool))
    });
    edits.collect()
}
