//! The assistant's words as it wrote them: lines that the terminal wrapped are one again.

use super::block::Prose;
use unicode_width::UnicodeWidthStr;

/// Below this a terminal is hardly used: nothing is taken for wrapped there.
const NARROWEST: usize = 30;

/// Where a run of so many blanks stands within a line, what follows is a column of the program's own (costs, until 1.0).
const GAP: usize = 10;

/// A text with the lines that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Words {
    pub(super) text: String,
    /// Where each line of the file begins in the text, ascending: offset and line.
    pub(super) lines: Vec<(usize, u64)>,
}

/// Puts lines together: a line goes on with the one before it where its first word had no room there. `width` is the
/// terminal's, margin left out.
pub(super) fn join(prose: &Prose, width: usize) -> Words {
    let mut words = Words::default();
    let mut before = "";
    for (number, line) in (prose.line..).zip(&prose.lines) {
        let line = gap(line).filter(|at| !line[..*at].trim().is_empty()).map_or(line.as_str(), |at| &line[..at]);
        let body = line.trim_start();
        if is_wrapped(before, body, width) {
            words.text.push(' ');
            words.lines.push((words.text.len(), number));
            words.text.push_str(body);
        } else {
            if !words.lines.is_empty() {
                words.text.push('\n');
            }
            words.lines.push((words.text.len(), number));
            words.text.push_str(line);
        }
        before = line;
    }
    words
}

/// Where the first gap begins.
fn gap(line: &str) -> Option<usize> {
    let mut blanks = 0;
    line.bytes().enumerate().find_map(|(at, byte)| {
        blanks = if byte == b' ' { blanks + 1 } else { 0 };
        (blanks == GAP).then(|| at + 1 - GAP)
    })
}

/// How wide the widest of the lines is, in columns.
pub(super) fn widest(prose: &Prose) -> usize {
    prose.lines.iter().map(|line| width(line)).max().unwrap_or(0)
}

/// How many columns a text takes; without controls every letter of ASCII takes one.
fn width(text: &str) -> usize {
    let ordinary = text.bytes().fold(true, |all, byte| all & (b' '..0x7f).contains(&byte));
    if ordinary { text.len() } else { text.width() }
}

fn is_wrapped(before: &str, body: &str, width: usize) -> bool {
    if before.trim().is_empty() || body.is_empty() || width < NARROWEST || before.ends_with(['.', '!', '?', ':']) || begins_anew(body) {
        return false;
    }
    let first = body.split(' ').next().unwrap_or_default();
    self::width(before) + 1 + self::width(first) > width
}

/// Whether a line is an item, a heading or a row: it begins something of its own.
fn begins_anew(body: &str) -> bool {
    let ordinal = body.trim_start_matches(|letter: char| letter.is_ascii_digit());
    body.starts_with(['•', '#', '|', '☐', '☒', '✅', '❌', '→'])
        || ["- ", "* ", "+ ", "> "].iter().any(|mark| body.starts_with(mark))
        || (ordinal.len() < body.len() && (ordinal.starts_with(". ") || ordinal.starts_with(") ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[&str], width: usize) -> Words {
        join(&Prose { line: 10, lines: lines.iter().map(|line| (*line).to_owned()).collect() }, width)
    }

    #[test]
    fn a_wrapped_sentence_is_one_and_keeps_its_lines() {
        let words = joined(&["I'll launch three of the", "Explore agents in parallel.", "Then more."], 31);
        assert_eq!(words.text, "I'll launch three of the Explore agents in parallel.\nThen more.");
        assert_eq!(words.lines, [(0, 10), (25, 11), (53, 12)]);
    }

    #[test]
    fn items_and_short_lines_stay_apart() {
        assert_eq!(
            joined(&["Here is what I will do with it", "- one", "Short", "Next"], 32).text,
            "Here is what I will do with it\n- one\nShort\nNext"
        );
    }

    #[test]
    fn a_column_of_costs_is_left_out() {
        assert_eq!(joined(&["I'll read it.                          Cost: $0.14 (9.9s)"], 80).text, "I'll read it.");
    }
}
