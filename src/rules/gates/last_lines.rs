//! The end of what a gate printed, as data: few lines, short ones, and no sequences that act on a terminal.

use crate::model::gate::Captured;
use anstyle_parse::{DefaultCharAccumulator, Parser, Perform};

/// As many lines as a finding holds.
const LINES: usize = 5;
/// As many characters of each.
const CHARACTERS: usize = 200;
/// The end of the output that is looked at, in bytes: enough for those lines, however much was printed.
const LOOKED_AT: usize = 16 * 1024;

/// The last lines that are not empty, oldest first.
pub(super) fn last_lines(output: &Captured) -> Vec<String> {
    let end = if output.tail.is_empty() { &output.head } else { &output.tail };
    let mut plain = Plain::default();
    let mut parser = Parser::<DefaultCharAccumulator>::new();
    let end = String::from_utf8_lossy(&end[end.len().saturating_sub(LOOKED_AT)..]);
    for byte in end.bytes() {
        parser.advance(&mut plain, byte);
    }
    let lines = plain.text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    let mut last: Vec<String> = lines.rev().take(LINES).map(|line| line.chars().take(CHARACTERS).collect()).collect();
    last.reverse();
    last
}

/// Keeps what is printed, and of what acts on a terminal only the ends of lines.
#[derive(Default)]
struct Plain {
    text: String,
}

impl Perform for Plain {
    fn print(&mut self, letter: char) {
        if !letter.is_control() {
            self.text.push(letter);
        }
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            // A line that was drawn over counts as a line of its own.
            b'\n' | b'\r' => self.text.push('\n'),
            b'\t' => self.text.push(' '),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(head: &[u8], tail: &[u8]) -> Vec<String> {
        last_lines(&Captured { head: head.to_vec(), tail: tail.to_vec(), ..Captured::default() })
    }

    #[test]
    fn the_last_lines_are_kept_without_what_acts_on_a_terminal() {
        assert_eq!(of(b"one\ntwo\n\n\x1b[31mthree\x1b[0m\n", b""), ["one", "two", "three"]);
        assert_eq!(of(b"1\n2\n3\n4\n5\n6\n7", b""), ["3", "4", "5", "6", "7"]);
        assert_eq!(of(b"head\n", b"10%\r20%\rtail\xff\n"), ["10%", "20%", "tail\u{fffd}"]);
        assert_eq!(of(b"\x1b]0;title\x07plain\0\x08", b""), ["plain"]);
        assert!(of(b"", b"").is_empty() && of(b"\n \r\n", b"").is_empty());
    }

    proptest! {
        #[test]
        fn whatever_was_printed_little_of_it_is_kept(bytes in proptest::collection::vec(any::<u8>(), 0..40_000)) {
            let lines = of(&bytes, b"");
            prop_assert!(lines.len() <= LINES);
            for line in &lines {
                prop_assert!(line.chars().count() <= CHARACTERS && !line.chars().any(char::is_control), "{:?}", line);
            }
        }
    }
}
