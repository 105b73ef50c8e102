//! A conversation with marks of who speaks, or one assistant's text without any, told to a builder.
//!
//! What every dialect of this kind has in common is here: whose words a line is, which lines are code, thinking, calls and
//! results, and which calls are one response. What a call looks like is in `brackets`, `invoke` and `elements`.

mod marks;
mod page;
#[cfg(test)]
mod tests;
mod tools;

use super::brackets;
use super::builder::Builder;
use super::invoke;
use super::item::{Came, Item};
use super::speakers::{Mark, Role, Style};
use super::{Line, elements, fences};
use crate::model::moment::Moment;
use marks::{is_heading, is_rule};
use page::Prose;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
pub(super) use tools::{asks_for_agent, shows_a_call};

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Marks of this style say who speaks.
    Marked(Style),
    /// Nobody is named: all of it is the words of one assistant. Code that shows calls is a part of the conversation,
    /// and a heading begins another one.
    Unmarked,
}

/// Agents that are asked for in one block, while it is read.
#[derive(Debug, Default)]
struct Block {
    items: Vec<Item>,
    /// The number in the last mark.
    number: Option<u32>,
    /// A blank line follows the last mark.
    blank: bool,
    /// How far the last mark is indented, in bytes.
    indent: usize,
    /// Which kind of mark, and in which message: marks of one kind in one message are one block.
    origin: Option<Origin>,
}

/// Where the calls of a block come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Brackets,
    /// Calls of one message, by its number.
    Message(u64),
    /// An element of its own, by the number of its line.
    Element(u64),
}

/// A conversation while it is read.
struct Reader<'t, 'b> {
    lines: &'t [Line<'t>],
    at: usize,
    out: &'b mut Builder,
    style: Option<Style>,
    role: Role,
    /// Counts messages.
    message: u64,
    /// The time in the mark of a message, until its first words show that it is theirs.
    stamp: Option<Moment>,
    /// The message of the user has begun with words, a result, or nothing so far.
    user: User,
    prose: Prose,
    block: Block,
    /// Agents without a result so far, in the order of their calls.
    open: VecDeque<usize>,
    /// All calls without a result so far.
    open_calls: usize,
    /// Results have messages of their own.
    results_apart: bool,
    /// Code that is a part of the conversation: the line of its beginning and of its end.
    transparent: FxHashMap<usize, usize>,
    leave_at: Option<usize>,
    fences: fences::Finder,
    elements: elements::Finder,
    is_unmarked: bool,
}

/// What a message of the user turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum User {
    Unknown,
    Prompt,
    Machine,
}

/// Reads a text.
pub(super) fn read(lines: &[Line<'_>], layout: Layout, out: &mut Builder) {
    let style = match layout {
        Layout::Marked(style) => Some(style),
        Layout::Unmarked => None,
    };
    let is_unmarked = layout == Layout::Unmarked;
    let mut reader = Reader {
        lines,
        at: 0,
        out,
        style,
        role: if is_unmarked || style == Some(Style::Aider) { Role::Assistant } else { Role::Other },
        message: 0,
        stamp: None,
        user: User::Unknown,
        prose: Prose::default(),
        block: Block::default(),
        open: VecDeque::new(),
        open_calls: 0,
        results_apart: lines.iter().any(|line| is_tool_result(&line.text)),
        transparent: if is_unmarked { fences::that_show_calls(lines) } else { FxHashMap::default() },
        leave_at: None,
        fences: fences::Finder::default(),
        elements: elements::Finder::default(),
        is_unmarked,
    };
    while reader.at < lines.len() {
        reader.line();
        reader.at += 1;
    }
    reader.finish();
}

impl<'t> Reader<'t, '_> {
    fn line(&mut self) {
        let lines = self.lines;
        let line = &lines[self.at];
        if self.leave_at == Some(self.at) {
            return self.leave();
        }
        if let Some(end) = self.transparent.get(&self.at).copied() {
            return self.enter(end);
        }
        if let Some(mark) = self.mark(self.at) {
            return self.speaker(mark);
        }
        match self.role {
            Role::User => self.user_line(line),
            Role::Assistant => self.assistant_line(line),
            Role::Tool => self.tool_line(line),
            Role::Other => self.skip_code(),
        }
    }

    /// The mark of a speaker that a line is.
    fn mark(&self, at: usize) -> Option<Mark<'t>> {
        let style = self.style?;
        let text: &'t str = &self.lines.get(at)?.text;
        let mark = style.mark(text)?;
        // A name alone on a line, or one of a tool, begins a message only behind a gap.
        let needs_gap = style == Style::Plain && (mark.rest.is_empty() || !matches!(mark.role, Role::User | Role::Assistant));
        let gap = || at.checked_sub(1).is_none_or(|before| !self.lines[before].text.chars().any(char::is_alphanumeric));
        (!needs_gap || gap()).then_some(mark)
    }

    /// Whether a line is a mark that also ends code which nobody closed.
    fn is_strong_mark(&self, at: usize) -> bool {
        let Some(mark) = self.mark(at) else { return false };
        let ruled = || {
            let above = self.lines[..at].iter().rev().take(4).find(|line| !line.text.trim().is_empty());
            above.is_some_and(|line| line.text.trim() == "---")
        };
        self.style.is_some_and(|style| style.breaks_fences(&mark)) || (self.style != Some(Style::Plain) && ruled())
    }

    fn speaker(&mut self, mark: Mark<'t>) {
        let same = self.role == Role::Assistant && mark.role == Role::Assistant;
        self.end_prose();
        // Where results have messages of their own, calls without one between them are one response.
        let waits = self.results_apart && (same || mark.role == Role::User);
        if !waits {
            self.end_block();
        }
        self.message += 1;
        self.role = mark.role;
        self.stamp = mark.at;
        self.user = User::Unknown;
        if !mark.rest.is_empty() {
            let line = &self.lines[self.at];
            match mark.role {
                Role::User => self.user_words(line.number, mark.rest),
                Role::Assistant => match invoke::opens_at_end(mark.rest) {
                    Some((before, element, tag)) => self.element_behind(before, element, tag),
                    None => self.say(line.number, mark.rest),
                },
                Role::Tool | Role::Other => {}
            }
        }
    }

    /// The user's words, or what a program wrote in the user's name.
    fn user_line(&mut self, line: &'t Line<'t>) {
        if self.user == User::Unknown && !line.text.trim().is_empty() && !is_rule(&line.text) {
            self.user_words(line.number, line.text.trim());
        }
        self.skip_code();
    }

    fn user_words(&mut self, number: u64, text: &str) {
        if self.user != User::Unknown {
            return;
        }
        self.user = User::Machine;
        if is_tool_result(text) {
            return self.result(number);
        }
        if text.starts_with("[Request interrupted by user") {
            self.end_block();
            self.take_stamp();
            return self.out.interruption(number);
        }
        let machine = ["<task-notification", "<system-reminder", "<local-command", "<bash-stdout", "<command-"];
        if machine.iter().any(|tag| text.starts_with(tag)) {
            return;
        }
        self.user = User::Prompt;
        self.end_block();
        self.take_stamp();
        self.forget_open();
        self.out.prompt(number);
    }

    fn take_stamp(&mut self) {
        if let Some(at) = self.stamp.take() {
            self.out.time(at);
        }
    }

    /// Leaves out code that begins at this line.
    fn skip_code(&mut self) {
        if let Some(end) = self.code_end() {
            self.at = end;
        }
    }

    /// The last line of code that begins here: its end, within this message.
    fn code_end(&mut self) -> Option<usize> {
        let fence = fences::opens(&self.lines[self.at].text)?;
        let mut finder = std::mem::take(&mut self.fences);
        let end = finder.end(self.lines, self.at, fence, |at| self.is_strong_mark(at));
        self.fences = finder;
        end
    }

    fn assistant_line(&mut self, line: &'t Line<'t>) {
        let text: &'t str = &line.text;
        let trimmed = text.trim();
        if trimmed.is_empty() {
            self.block.blank = true;
            return;
        }
        // Marks of all kinds begin with other letters ("Tool use: " with a T): most lines are told by this alone.
        let is_plain = trimmed.starts_with(|letter: char| letter.is_ascii_alphabetic() && letter != 'T');
        if is_plain && !self.is_detail(text) {
            return self.say(line.number, text);
        }
        if is_rule(trimmed) || trimmed == "_****_" {
            return;
        }
        if let Some(end) =
            self.elements.end(self.lines, self.at, |at| self.style.is_some_and(|style| style.mark(&self.lines[at].text).is_some()))
        {
            return self.tool_element(end);
        }
        if elements::opens_thinking(self.lines, self.at) {
            return self.skip_thinking();
        }
        if let Some((element, tag)) = invoke::opens(trimmed) {
            return self.element(element, tag);
        }
        if let Some((before, element, tag)) = invoke::opens_at_end(trimmed) {
            return self.element_behind(before, element, tag);
        }
        if let Some(bracket) = brackets::read(trimmed) {
            return self.bracket(line.number, &bracket);
        }
        if let Some(name) = tools::name(trimmed) {
            return self.named_tool(name);
        }
        if let Some(end) = self.code_end() {
            for inner in &self.lines[self.at..=end] {
                self.words(inner.number, &inner.text);
            }
            self.at = end;
            return;
        }
        if self.is_unmarked && is_heading(trimmed) {
            return self.section(line.number);
        }
        if self.is_detail(text) {
            return self.detail(trimmed);
        }
        self.say(line.number, text);
    }

    /// Words of the assistant; what was asked for before them is a block of its own.
    fn say(&mut self, number: u64, text: &str) {
        self.take_stamp();
        // A console's bullet, where its calls are told in brackets.
        let text = if self.is_unmarked { text.trim_start().strip_prefix("⏺ ").unwrap_or(text) } else { text };
        if self.is_unmarked || self.style == Some(Style::Plain) || self.leave_at.is_some() || self.is_above_a_call(text) {
            let unquoted = self.prose.unquote(text);
            return self.words(number, &unquoted);
        }
        self.words(number, text);
    }

    /// Whether a paragraph in quotation marks stands right above a call: then they are the writer's of the example.
    fn is_above_a_call(&self, text: &str) -> bool {
        let trimmed = text.trim();
        if !trimmed.starts_with(['"', '“']) && !trimmed.ends_with(['"', '”']) {
            return false;
        }
        let below = self.lines.iter().skip(self.at + 1).take(PARAGRAPH).map(|line| line.text.trim());
        let mut after_gap = false;
        for line in below {
            if line.is_empty() {
                after_gap = true;
            } else if shows_a_call(line) {
                return true;
            } else if after_gap {
                return false;
            }
        }
        false
    }

    fn words(&mut self, number: u64, text: &str) {
        self.end_block();
        self.prose.push(number, text);
    }

    fn end_prose(&mut self) {
        if let Some((number, text)) = self.prose.take() {
            self.out.said(number, &text);
            self.out.announced(number, &text);
        }
    }

    /// A heading of a text in which nobody is named: what follows is an example, or a part, of its own.
    fn section(&mut self, number: u64) {
        self.end_prose();
        self.end_block();
        self.prose.forget_quote();
        // Without examples a heading is just a part of the answer.
        if !self.transparent.is_empty() {
            self.forget_open();
            self.out.section(number);
        }
    }

    /// Goes into code that is a part of the conversation. It may name who speaks.
    fn enter(&mut self, end: usize) {
        self.leave_at = Some(end);
        let inner = self.lines[self.at + 1..end].iter().map(|line| line.text.as_ref());
        self.style = super::speakers::style(inner, false);
        self.role = if self.style.is_some() { Role::Other } else { Role::Assistant };
    }

    fn leave(&mut self) {
        self.end_prose();
        self.end_block();
        self.prose.forget_quote();
        self.leave_at = None;
        self.style = None;
        self.role = Role::Assistant;
    }

    fn finish(&mut self) {
        self.end_prose();
        self.end_block();
    }
}

/// How far down a call may stand that a paragraph is right above of, in lines.
const PARAGRAPH: usize = 12;

/// The mark of a message that holds a result.
fn is_tool_result(text: &str) -> bool {
    text.starts_with("**Tool Result**") || text.starts_with("**Tool Result:**")
}

/// Takes what came back from an agent to the builder.
fn tell_return(out: &mut Builder, dispatch: usize, number: u64, came: Came) {
    match came {
        Came::Launched => out.backgrounded(dispatch),
        Came::Back(what) => out.returned(dispatch, number, what),
    }
}
