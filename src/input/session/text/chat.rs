//! Chat transcripts: names at the beginning of lines, calls in brackets or as the model writes them, or one answer alone.

use super::builder::Builder;
use super::conversation::{self, Layout};
use super::speakers::Style;
use super::{Dialect, Line, fences, markdown};

/// The dialect's entry in the registry.
pub(super) const DIALECT: Dialect = Dialect { evidence, read };

/// How many lines with words may stand above the first speaker: a title, a date, the address of a page.
const HEAD: usize = 10;

fn evidence(lines: &[Line<'_>]) -> u32 {
    let lines = fences::without_wrapping(lines);
    match markdown::style(lines) {
        Some(style @ Style::Plain) => named(lines, style),
        Some(_) => 0,
        None => u32::from(is_answer(lines)),
    }
}

fn named(lines: &[Line<'_>], style: Style) -> u32 {
    let mut words = lines.iter().filter(|line| !line.text.trim().is_empty()).take(HEAD + 1);
    let marks = markdown::marks(lines, style);
    let calls = fences::outside(lines).any(|line| conversation::shows_a_call(&line.text));
    let both = marks.user > 0 && marks.assistant > 0;
    let enough = words.any(|line| style.mark(&line.text).is_some()) && (both || calls) && (marks.all >= 3 || calls);
    if enough { marks.all } else { 0 }
}

/// Whether a text in which nobody is named is an answer and not a document about agents: agents are asked for outside of any
/// code, or all of it is one piece of code, and it has neither headings nor front matter.
fn is_answer(lines: &[Line<'_>]) -> bool {
    let mut outside = fences::outside(lines);
    let heading = |line: &Line<'_>| line.text.trim_start_matches('#').starts_with(' ') && line.text.starts_with('#');
    let front_matter = lines.first().is_some_and(|line| line.text.trim_end() == "---");
    !front_matter && !fences::outside(lines).any(heading) && outside.any(|line| conversation::asks_for_agent(&line.text))
}

fn read(lines: &[Line<'_>], out: &mut Builder) {
    let lines = fences::without_wrapping(lines);
    match markdown::style(lines) {
        Some(style) => conversation::read(lines, Layout::Marked(style), out),
        // A text that asks for nothing is no log, whoever says that it is one.
        None if !lines.iter().any(|line| conversation::shows_a_call(&line.text)) => {}
        None => conversation::read(lines, Layout::Unmarked, out),
    }
}
