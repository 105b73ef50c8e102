//! Elements and brackets that ask for tools, or tell what came back.

use super::super::brackets::{self, Bracket};
use super::super::invoke::{self, Element};
use super::super::item::Item;
use super::{Origin, Reader, tools};

impl Reader<'_, '_> {
    pub(super) fn element(&mut self, element: Element, tag: &'static str) {
        let Some(end) = self.elements.end_of(self.lines, self.at, tag) else {
            self.out.notice(self.lines[self.at].number, "an element of calls or results has no end");
            return;
        };
        let inner = &self.lines[self.at..=end];
        let number = self.lines[self.at].number;
        match element {
            Element::Aside => {}
            Element::Results => self.result_of_block(number, inner),
            Element::Calls | Element::Call => {
                let origin = Origin::Element(number);
                self.end_prose();
                self.end_block();
                for item in invoke::calls(inner) {
                    self.take(item, origin, self.lines[end].number);
                }
                self.end_block();
            }
        }
        self.at = end;
    }

    /// An element that begins at the end of a line, behind words.
    pub(super) fn element_behind(&mut self, before: &str, element: Element, tag: &'static str) {
        if !before.trim().is_empty() {
            self.say(self.lines[self.at].number, before.trim_end());
        }
        self.element(element, tag);
    }

    pub(super) fn bracket(&mut self, number: u64, bracket: &Bracket<'_>) {
        match *bracket {
            Bracket::Agent { number: numbered, description } => {
                let follows = match (self.block.number, numbered) {
                    (Some(before), Some(now)) => now > before,
                    (None, None) => !self.block.blank,
                    _ => false,
                };
                if self.block.origin != Some(Origin::Brackets) || !follows {
                    self.end_prose();
                    self.end_block();
                }
                let mut item = Item::new(number, "Task");
                item.describe(description.unwrap_or_default());
                self.take(item, Origin::Brackets, number);
                self.block.number = numbered;
                self.block.blank = false;
                self.block.indent = indent(&self.lines[self.at].text);
            }
            Bracket::Returned => self.returned_one(number),
            Bracket::Call(name) => {
                let mut item = Item::new(number, name);
                self.at = tools::arguments(self.lines, self.at, &mut item, |at| self.mark(at).is_some());
                self.end_prose_before(Origin::Message(self.message));
                self.take(item, Origin::Message(self.message), number);
            }
            Bracket::Result(_) => self.returned_one(number),
            Bracket::Thinking => {
                // The answer follows the thinking without a mark: where it begins cannot be told.
                while self.at + 1 < self.lines.len()
                    && self.mark(self.at + 1).is_none()
                    && brackets::read(&self.lines[self.at + 1].text).is_none()
                {
                    self.at += 1;
                }
            }
        }
    }

    /// Bullets and indented lines right below a mark tell more of it.
    pub(super) fn is_detail(&self, text: &str) -> bool {
        let marks = self.block.origin == Some(Origin::Brackets) && !self.block.blank;
        let deeper = indent(text) > self.block.indent;
        marks && !self.block.items.is_empty() && (deeper || text.starts_with("- ") || text.starts_with("* "))
    }

    pub(super) fn detail(&mut self, text: &str) {
        let Some((name, value)) = text.trim_start_matches(['-', '*', ' ']).split_once(':') else { return };
        if let Some(item) = self.block.items.last_mut() {
            match name.trim().to_ascii_lowercase().as_str() {
                "agent" | "type" | "subagent" | "subagent_type" | "agent type" => item.kind(value),
                "description" | "prompt" | "task" => item.describe(value),
                _ => {}
            }
        }
    }
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// A line that only separates.
pub(super) fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 3 && text.chars().all(|letter| matches!(letter, '-' | '─' | '=' | '*' | '_' | ' '))
}

/// A heading of markdown.
pub(super) fn is_heading(text: &str) -> bool {
    let after = text.trim_start_matches('#');
    after.len() < text.len() && after.starts_with(' ')
}
