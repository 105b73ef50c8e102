//! Documents that show a piece of a console: a guide, a report of a fault.

use super::mark::{self, Mark};
use super::unquoted;
use crate::input::session::text::{Line, fences};

/// How many lines of a text are a console's, and how many are not.
#[derive(Debug, Default)]
struct Count {
    console: usize,
    own: usize,
    /// A heading stood above every mark, or front matter.
    is_headed: bool,
    /// A mark stood outside of code.
    is_bare: bool,
    /// The line before was a console's.
    goes_on: bool,
}

/// Whether a console is only an example in a document about something else: the smaller part of a text which begins with
/// what it is about, or which shows it in code alone.
pub(super) fn is_example(lines: &[Line<'_>], quoted: bool) -> bool {
    let mut finder = fences::Finder::default();
    let mut count = Count { is_headed: lines.first().is_some_and(|line| line.text.trim_end() == "---"), ..Count::default() };
    let mut at = 0;
    while at < lines.len() {
        match fences::opens(&lines[at].text).and_then(|fence| finder.end(lines, at, fence, |_| false)) {
            Some(end) => {
                count.code(&lines[at + 1..end], quoted);
                at = end;
            }
            None => count.line(&lines[at], quoted),
        }
        at += 1;
    }
    (count.is_headed || !count.is_bare) && count.console < count.own
}

impl Count {
    /// Code with a mark in it is a console's, all of it.
    fn code(&mut self, lines: &[Line<'_>], quoted: bool) {
        let filled = lines.iter().filter(|line| !line.text.trim().is_empty()).count();
        let is_console = lines.iter().any(|line| is_marked(line, quoted));
        *(if is_console { &mut self.console } else { &mut self.own }) += filled;
        self.goes_on = false;
    }

    /// Outside of code a console's lines are those with a mark, and what is indented behind them.
    fn line(&mut self, line: &Line<'_>, quoted: bool) {
        let text = unquoted(&line.text, quoted);
        if text.trim().is_empty() {
            return;
        }
        let is_marked = is_marked(line, quoted);
        self.is_headed |= !self.is_bare && text.starts_with('#') && text.trim_start_matches('#').starts_with(' ');
        self.is_bare |= is_marked;
        self.goes_on = is_marked || self.goes_on && text.starts_with([' ', '\t']);
        *(if self.goes_on { &mut self.console } else { &mut self.own }) += 1;
    }
}

/// Whether a line bears a mark that hardly any other text has.
fn is_marked(line: &Line<'_>, quoted: bool) -> bool {
    if line.text.is_ascii() {
        return false;
    }
    let text = unquoted(&line.text, quoted);
    !text.trim().is_empty() && matches!(mark::look(text).mark, Mark::Bullet | Mark::Result | Mark::Spinner | Mark::Thinking)
}
