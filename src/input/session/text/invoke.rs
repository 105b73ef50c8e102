//! Calls as the model writes them: `<function_calls>` with `<invoke name="…">`, `<tool_call>` and `<tool_use>` with JSON.
//!
//! Names may have the prefix `antml:`. A block ends with its closing tag; what stands in a parameter is never a tag of the block.

use super::Line;
use super::item::{Item, Label};

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// `<function_calls>`: everything in it is one response.
    Calls,
    /// One call alone: `<invoke>`, `<tool_call>`, `<tool_use>`.
    Call,
    /// `<function_results>`, `<tool_result>`
    Results,
    /// `<thinking>`, `<system-reminder>`
    Aside,
}

/// What may stand before the name of a tag.
const PREFIX: &str = "antml:";

/// Elements by the name of their tag, without a prefix.
const ELEMENTS: &[(&str, Element)] = &[
    ("function_calls", Element::Calls),
    ("tool_calls", Element::Calls),
    ("invoke", Element::Call),
    ("tool_call", Element::Call),
    ("tool_use", Element::Call),
    ("function_results", Element::Results),
    ("function_result", Element::Results),
    ("tool_result", Element::Results),
    ("tool_results", Element::Results),
    ("tool_response", Element::Results),
    ("think", Element::Aside),
    ("thinking", Element::Aside),
    ("reasoning", Element::Aside),
    ("system-reminder", Element::Aside),
];

/// The element that a line opens, with the name of its tag.
pub(super) fn opens(line: &str) -> Option<(Element, &'static str)> {
    let tag = line.trim_start().strip_prefix('<')?;
    let tag = tag.strip_prefix(PREFIX).unwrap_or(tag);
    let end = tag.find(|letter: char| letter == '>' || letter == '/' || letter.is_ascii_whitespace()).unwrap_or(tag.len());
    let name = tag.get(..end)?;
    ELEMENTS.iter().find(|(known, _)| *known == name).map(|(known, element)| (*element, *known))
}

/// The element of calls that the end of a line opens, behind other words: the words, the element, the name of its tag.
pub(super) fn opens_at_end(line: &str) -> Option<(&str, Element, &'static str)> {
    let line = line.trim_end();
    let (before, tag) = line.split_at(line.strip_suffix('>')?.rfind('<')?);
    let apart = before.is_empty() || before.ends_with(' ');
    opens(tag).filter(|(element, _)| *element == Element::Calls && apart).map(|(element, name)| (before, element, name))
}

/// Whether a line closes the element with this tag.
pub(super) fn closes(line: &str, tag: &str) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let name = rest.strip_prefix(PREFIX).unwrap_or(rest);
        if name.strip_prefix(tag).is_some_and(|after| after.starts_with('>')) {
            return true;
        }
    }
    false
}

/// Where a reader of calls is.
#[derive(Debug)]
enum State {
    Outside,
    /// In an `<invoke>`.
    Invoke,
    /// In a parameter of this name, this many parameters and calls deep: a prompt may show calls of its own.
    Parameter(String, usize, usize),
    /// In JSON between `<tool_call>` and its end.
    Json(&'static str),
}

/// Reads the calls of an element's lines.
pub(super) fn calls(lines: &[Line<'_>]) -> Vec<Item> {
    let mut reader = Reader { items: Vec::new(), state: State::Outside };
    for line in lines {
        reader.line(line.number, &line.text);
    }
    reader.items
}

struct Reader {
    items: Vec<Item>,
    state: State,
}

impl Reader {
    fn line(&mut self, number: u64, line: &str) {
        let mut rest = line;
        while let Some(at) = rest.find('<') {
            let (text, tag) = (&rest[..at], &rest[at + 1..]);
            let (name, attributes, behind) = split(tag);
            if self.tag(number, text, name, attributes) {
                rest = behind;
            } else {
                // No tag of ours: it is a part of the value.
                self.value(&rest[..at + 1], false);
                rest = tag;
            }
        }
        self.value(rest, true);
    }

    /// A tag with the text before it. Whether it means anything here.
    fn tag(&mut self, number: u64, text: &str, name: &str, attributes: &str) -> bool {
        let closing = name.strip_prefix('/');
        let bare = closing.unwrap_or(name);
        let bare = bare.strip_prefix(PREFIX).unwrap_or(bare);
        match (&mut self.state, bare, closing.is_some()) {
            (State::Outside, "invoke", false) => {
                self.items.push(Item::new(number, &attribute(attributes, "name").unwrap_or_default()));
                self.state = State::Invoke;
            }
            (State::Outside, "tool_call" | "tool_use", false) => {
                self.items.push(Item::new(number, &attribute(attributes, "name").unwrap_or_default()));
                self.state = State::Json(if bare == "tool_call" { "tool_call" } else { "tool_use" });
            }
            (State::Invoke, "parameter", false) => self.state = State::Parameter(attribute(attributes, "name").unwrap_or_default(), 0, 0),
            (State::Invoke, "invoke", true) => self.state = State::Outside,
            (State::Parameter(_, parameters, _), "parameter", false) => {
                *parameters += 1;
                return false;
            }
            (State::Parameter(_, _, invokes), "invoke", false) => {
                *invokes += 1;
                return false;
            }
            (State::Parameter(_, parameters, _), "parameter", true) if *parameters > 0 => {
                *parameters -= 1;
                return false;
            }
            (State::Parameter(_, _, invokes), "invoke", true) if *invokes > 0 => {
                *invokes -= 1;
                return false;
            }
            (State::Parameter(..), "parameter" | "invoke", true) => {
                // A parameter that nobody closed ends with its call.
                self.value(text, false);
                self.state = if bare == "invoke" { State::Outside } else { State::Invoke };
            }
            (State::Json(open), tag, true) if *open == tag => {
                self.value(text, false);
                if let Some(item) = self.items.last_mut() {
                    item.take_json_call();
                }
                self.state = State::Outside;
            }
            (State::Outside | State::Invoke, ..) => {}
            _ => return false,
        }
        true
    }

    fn value(&mut self, text: &str, line_ends: bool) {
        let Some(item) = self.items.last_mut() else { return };
        match &self.state {
            State::Parameter(name, ..) => item.argument(name, text, line_ends),
            State::Json(_) => item.add(Label::Input, text, line_ends),
            State::Outside | State::Invoke => {}
        }
    }
}

/// A tag's name, its attributes, and what stands behind it.
fn split(tag: &str) -> (&str, &str, &str) {
    let end = tag.find('>').unwrap_or(tag.len());
    let (inside, behind) = tag.split_at(end);
    let name_end = inside.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(inside.len());
    let (name, attributes) = inside.split_at(name_end);
    (name, attributes, behind.strip_prefix('>').unwrap_or(behind))
}

/// The value of an attribute.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    while let Some(at) = rest.find(name) {
        let alone = at == 0 || rest.as_bytes()[at - 1].is_ascii_whitespace();
        let after = &rest[at + name.len()..];
        if let Some(value) = after.trim_start().strip_prefix('=').filter(|_| alone) {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
            return value[1..].split(quote).next().map(|value| value.chars().take(120).collect());
        }
        rest = after;
    }
    None
}

/// How many elements with this tag a line leaves open: its openings less its ends.
pub(super) fn depth(line: &str, tag: &str) -> isize {
    let mut open = 0;
    let mut rest = line;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        rest = &rest[at + 1..];
        let (name, step) = rest.strip_prefix('/').map_or((rest, 1), |name| (name, -1));
        let name = name.strip_prefix(PREFIX).unwrap_or(name);
        let whole = name.strip_prefix(tag).is_some_and(|after| after.starts_with(['>', ' ', '\t']));
        open += if whole { step } else { 0 };
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::session::text::lines;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(String, Option<String>, bool)> {
        let all = calls(&lines(text.as_bytes()));
        all.into_iter().map(|item| (item.tool.clone(), item.asked().description, item.asked().background)).collect()
    }

    fn task(description: &str) -> (String, Option<String>, bool) {
        ("Task".to_owned(), Some(description.to_owned()), false)
    }

    #[test]
    fn every_call_of_a_block_is_read() {
        let text = "<function_calls>\n<!-- both -->\n<invoke name=\"Task\">\n  <parameter name=\"description\">Fix a</parameter>\n<parameter name=\"prompt\">\n if a < b && <c>\n</parameter>\n</invoke>\n<invoke name='Task'><parameter name=\"description\">Fix b</parameter></invoke>\n</function_calls>";
        assert_eq!(read(text), [task("Fix a"), task("Fix b")]);
        let prefixed = text
            .replace("</", &format!("</{PREFIX}"))
            .replace("<invoke", &format!("<{PREFIX}invoke"))
            .replace("<param", &format!("<{PREFIX}param"));
        assert!(prefixed.matches(PREFIX).count() > 8);
        assert_eq!(read(&prefixed), [task("Fix a"), task("Fix b")]);
    }

    #[test]
    fn calls_in_a_prompt_are_no_calls() {
        let inner = "<invoke name=\"Task\"><parameter name=\"description\">inner</parameter></invoke>";
        let text = format!(
            "<invoke name=\"Task\">\n<parameter name=\"prompt\">\n{inner}\n</parameter>\n<parameter name=\"description\">outer</parameter>\n</invoke>"
        );
        assert_eq!(read(&text), [task("outer")]);
    }

    #[test]
    fn a_parameter_that_nobody_closed_ends_with_its_call() {
        let one = |name: &str| format!("<invoke name=\"Task\">\n<parameter name=\"description\">{name}\n</invoke>\n");
        assert_eq!(read(&(one("a") + &one("b"))), [task("a"), task("b")]);
    }

    #[test]
    fn json_calls_are_read() {
        let text = "<tool_call>\n{\"name\": \"Task\", \"arguments\": {\"description\": \"a\", \"run_in_background\": true, \"n\": [1]}}\n</tool_call>\n<tool_use>{\"input\": {\"description\": \"b\"}, \"name\": \"Task\"}</tool_use>";
        assert_eq!(read(text), [("Task".to_owned(), Some("a".to_owned()), true), task("b")]);
    }

    #[test]
    fn elements_are_told_by_their_tag() {
        assert_eq!(opens("  <function_calls>"), Some((Element::Calls, "function_calls")));
        assert_eq!(opens("<tool_use>"), Some((Element::Call, "tool_use")));
        assert_eq!(opens("<thinking>a</thinking>"), Some((Element::Aside, "thinking")));
        assert_eq!(opens("<tool-use data-tool-name=\"Task\">"), None);
        assert_eq!(opens("if a <b"), None);
        assert_eq!(depth("<think>a</think>", "think"), 0);
        assert_eq!(depth("<thinking>", "think"), 0);
        assert!(closes("x </invoke>", "invoke"));
    }

    proptest! {
        #[test]
        fn any_lines_are_read(text in "(<|/|>|invoke|parameter|tool_call|name=|\"|'|Task|antml:|\n| |é|\\{|\\})*") {
            let _ = read(&text);
        }
    }
}
