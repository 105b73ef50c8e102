//! Calls that a message shows, and what comes back from them.

use super::super::item::{Item, Label, beginning, came};
use super::super::{Line, brackets, elements, fences, invoke};
use super::{Block, Origin, Reader, Style, tell_return};

/// Lines that name a tool which is called: OpenCode's `**Tool: task**` (and the same of others), `Tool use: **read_file**` of
/// older SpecStory files, `**Tool Use:** Task`, `🔧 Using tool: Task` and `🔧 Tool: Task` of claude-conversation-extractor.
pub(super) fn name(line: &str) -> Option<&str> {
    let name = ["**Tool: ", "**Tool Use: ", "**Tool Call: "]
        .iter()
        .find_map(|start| line.strip_prefix(start))
        .and_then(|rest| rest.split_once("**"))
        .map(|(name, _)| name)
        .or_else(|| line.strip_prefix("Tool use: **").and_then(|rest| rest.split_once("**")).map(|(name, _)| name))
        .or_else(|| {
            ["🔧 Using tool: ", "🔧 Tool: ", "**Tool Use:** ", "**Tool Call:** "].iter().find_map(|start| line.strip_prefix(start))
        })?;
    let name = name.trim();
    (!name.is_empty() && name.len() <= 80 && !name.contains(' ')).then_some(name)
}

/// Collects the arguments below `[Tool call] Name`: `  key: value`, where values go on over lines. Returns the last line.
pub(super) fn arguments(lines: &[Line<'_>], from: usize, item: &mut Item, is_mark: impl Fn(usize) -> bool) -> usize {
    let mut at = from;
    while at + 1 < lines.len() {
        let next = &lines[at + 1].text;
        if is_mark(at + 1) || is_bracket_of_tools(next) {
            break;
        }
        if let Some((key, value)) = next.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')).and_then(|rest| rest.split_once(": ")) {
            item.argument(key, value, false);
        }
        at += 1;
    }
    at
}

fn is_bracket_of_tools(line: &str) -> bool {
    line.starts_with('[')
        && matches!(brackets::read(line), Some(brackets::Bracket::Call(_) | brackets::Bracket::Result(_) | brackets::Bracket::Thinking))
}

impl Reader<'_, '_> {
    /// A call. Agents wait for the rest of their block, everything else is told at once.
    pub(super) fn take(&mut self, item: Item, origin: Origin, end: u64) {
        if item.tool.is_empty() {
            return;
        }
        if item.starts_agent() {
            if self.block.origin.is_some_and(|known| known != origin) {
                self.end_block();
            }
            self.block.origin = Some(origin);
            self.block.items.push(item);
        } else {
            item.tell(end, self.out);
        }
        self.open_calls += 1;
    }

    /// Ends what was said before a call; the block of that call goes on.
    pub(super) fn end_prose_before(&mut self, origin: Origin) {
        self.end_prose();
        if self.block.origin != Some(origin) && !self.results_apart {
            self.end_block();
        }
    }

    /// The block is over: its agents are told to the builder.
    pub(super) fn end_block(&mut self) {
        let Block { items, .. } = std::mem::take(&mut self.block);
        if items.is_empty() {
            return;
        }
        let indices = self.out.dispatches(items.iter().map(Item::asked).collect());
        for (index, item) in indices.into_iter().zip(&items) {
            match item.returned() {
                Some(came) => tell_return(self.out, index, item.line, came),
                None => self.open.push_back(index),
            }
        }
    }

    pub(super) fn forget_open(&mut self) {
        self.open.clear();
        self.open_calls = 0;
    }

    /// A message that holds the result of one call.
    pub(super) fn result(&mut self, number: u64) {
        let end = (self.at + 1..self.lines.len()).find(|at| self.mark(*at).is_some()).unwrap_or(self.lines.len());
        let text = joined(&self.lines[self.at + 1..end]);
        self.end_block();
        self.take_stamp();
        self.open_calls = self.open_calls.saturating_sub(1);
        if came_is_launch(&text) {
            if let Some(index) = self.open.pop_front() {
                self.out.backgrounded(index);
            }
            return;
        }
        // Which of the calls it belongs to is not said: only when none is left are all of them over.
        if self.open_calls == 0 {
            self.all_returned(number, &text);
        }
    }

    /// A result that names no call: the oldest agent came back.
    pub(super) fn returned_one(&mut self, number: u64) {
        self.end_prose();
        self.end_block();
        self.open_calls = self.open_calls.saturating_sub(1);
        if self.open_calls == 0 {
            self.all_returned(number, "");
        }
    }

    /// The results of a block of calls.
    pub(super) fn result_of_block(&mut self, number: u64, lines: &[Line<'_>]) {
        self.end_prose();
        self.end_block();
        self.open_calls = 0;
        let text = joined(lines);
        if came_is_launch(&text) {
            while let Some(index) = self.open.pop_front() {
                self.out.backgrounded(index);
            }
            return;
        }
        self.all_returned(number, text.trim_start_matches(|letter: char| letter != '\n').trim_start());
    }

    fn all_returned(&mut self, number: u64, text: &str) {
        self.end_block();
        while let Some(index) = self.open.pop_front() {
            tell_return(self.out, index, number, came(text, false));
        }
        self.out.separate(number);
    }

    /// An element of SpecStory: `<tool-use data-tool-name="Task">`.
    pub(super) fn tool_element(&mut self, end: usize) {
        let lines = &self.lines[self.at..=end];
        let item = elements::item(lines);
        // The time of a call is that of its result in newer versions: it is not when the call was made.
        self.stamp = None;
        let last = &self.lines[end];
        if elements::is_cut(lines) {
            self.out.notice(self.lines[self.at].number, "a tool's element has no end");
        }
        let origin = Origin::Message(self.message);
        self.end_prose_before(origin);
        self.take(item, origin, last.number);
        self.open_calls = self.open_calls.saturating_sub(1);
        self.at = end;
    }

    pub(super) fn skip_thinking(&mut self) {
        self.at = elements::thinking_end(self.lines, self.at, |at| self.mark(at).is_some() || name(self.lines[at].text.trim()).is_some());
    }

    /// `**Tool: task**` with what stands below it.
    pub(super) fn named_tool(&mut self, tool: &str) {
        let number = self.lines[self.at].number;
        let mut item = Item::new(number, tool);
        self.stamp = None;
        let mut at = self.at;
        while let Some((label, next)) = part(self.lines, at + 1) {
            let region = self.region(next);
            at = collect(self.lines, next, region, label, &mut item);
        }
        item.take_json();
        // Where results have messages of their own, so has every call: what stands before the first result is one response.
        let origin = Origin::Message(if self.results_apart { 0 } else { self.message });
        self.end_prose_before(origin);
        // Older SpecStory files print what came back right below, without a mark of its own.
        if self.style == Some(Style::Italic) && self.lines[self.at].text.trim_start().starts_with("Tool use: **") {
            at = self.region(at + 1) - 1;
        }
        let came_back = item.returned;
        self.take(item, origin, self.lines[at].number);
        if came_back {
            self.open_calls = self.open_calls.saturating_sub(1);
        }
        self.at = at;
    }

    /// Where the part that begins here has ended for sure: the next call, thinking or speaker.
    fn region(&self, from: usize) -> usize {
        let ends = |at: &usize| {
            self.is_strong_mark(*at) || name(self.lines[*at].text.trim()).is_some() || self.lines[*at].text.starts_with("_Thinking:_")
        };
        (from..self.lines.len()).find(ends).unwrap_or(self.lines.len())
    }

    /// Lines under a mark of a tool.
    pub(super) fn tool_line(&mut self, line: &Line<'_>) {
        let trimmed = line.text.trim();
        if let Some(tool) = name(trimmed) {
            self.named_tool(tool);
            self.end_block();
        } else if trimmed.starts_with("📤 Result") {
            self.returned_one(line.number);
        } else {
            self.skip_code();
        }
    }
}

fn came_is_launch(text: &str) -> bool {
    matches!(came(text, false), super::Came::Launched)
}

/// The beginning of some lines.
fn joined(lines: &[Line<'_>]) -> String {
    let mut text = String::new();
    for line in lines.iter().take(40) {
        text.push_str(beginning(&line.text, 400));
        text.push('\n');
    }
    text
}

/// The part of a call that begins at or below a line: its label, and its first line.
fn part(lines: &[Line<'_>], from: usize) -> Option<(Label, usize)> {
    let at = (from..lines.len().min(from + 3)).find(|at| !lines[*at].text.trim().is_empty())?;
    let text = lines[at].text.trim();
    match text.trim_end_matches('\\') {
        "**Input:**" | "**Arguments:**" | "**Parameters:**" => Some((Label::Input, at + 1)),
        "**Output:**" | "**Result:**" => Some((Label::Output, at + 1)),
        "**Error:**" => Some((Label::Error, at + 1)),
        _ if text.starts_with("```json") => Some((Label::Input, at)),
        _ => text.starts_with("Input: {").then_some((Label::Input, at)),
    }
}

/// Collects a part; returns its last line. Fences around outputs are as they come: an output may hold some of its own, and
/// then only the last one before the next part ends it.
fn collect(lines: &[Line<'_>], from: usize, region: usize, label: Label, item: &mut Item) -> usize {
    let inner = |item: &mut Item, range: std::ops::Range<usize>| {
        for line in &lines[range] {
            item.add(label, &line.text, true);
        }
    };
    let Some(first) = lines.get(from) else { return from - 1 };
    if let Some(json) = first.text.trim_start().strip_prefix("Input: ") {
        item.add(label, json, true);
        let end =
            (from + 1..region).find(|at| lines[*at].text.trim_end() == "}").filter(|_| !json.trim_end().ends_with('}')).unwrap_or(from);
        inner(item, from + 1..end + 1);
        return end;
    }
    let Some(fence) = fences::opens(&first.text) else { return from - 1 };
    let closing = |at: &usize| fences::closes(&lines[*at].text, fence);
    let limit = (from + 1..region).find(|at| label == Label::Input && lines[*at].text.starts_with("**")).unwrap_or(region);
    let end = match label {
        Label::Input => (from + 1..limit).find(closing),
        Label::Output | Label::Error => (from + 1..limit).rev().find(closing),
    };
    let end = end.unwrap_or_else(|| limit.max(from + 1) - 1);
    if label != Label::Input {
        item.add(label, "", false);
    }
    inner(item, from + 1..end.max(from + 1));
    end
}

/// Whether a text shows calls of any kind.
pub(in crate::input::session::text) fn shows_a_call(line: &str) -> bool {
    let line = line.trim_start();
    matches!(brackets::read(line), Some(brackets::Bracket::Agent { .. } | brackets::Bracket::Call(_)))
        || matches!(invoke::opens(line), Some((invoke::Element::Calls | invoke::Element::Call, _)))
        || elements::opens(line)
        || name(line.trim_end()).is_some()
}

/// Whether a line asks for an agent.
pub(in crate::input::session::text) fn asks_for_agent(line: &str) -> bool {
    let trimmed = line.trim();
    let called = |tool: &str| Item::new(0, tool).starts_agent();
    match brackets::read(trimmed) {
        Some(brackets::Bracket::Agent { .. }) => true,
        Some(brackets::Bracket::Call(tool)) => called(tool),
        _ => {
            let invoked =
                trimmed.split_once("invoke name=").and_then(|(_, rest)| rest.get(1..)).and_then(|rest| rest.split(['"', '\'']).next());
            invoked.is_some_and(called) || name(trimmed).is_some_and(called)
        }
    }
}
