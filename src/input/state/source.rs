//! The text of a state file, and places in it.

use crate::model::mark::{Located, Mark};
use crate::model::state::StateError;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

/// How many bytes lie between two places at which the number of characters is known.
const BLOCK: usize = 1024;

/// A file's path and text. A place is found in logarithmic time, however long its line is.
pub(crate) struct Source {
    path: Arc<str>,
    text: String,
    /// The offset at which each line starts.
    starts: Vec<usize>,
    /// How many characters begin before each block.
    characters: Vec<usize>,
    /// Lines that some mark shows: each is kept once.
    shown: RefCell<FxHashMap<usize, Arc<str>>>,
}

impl Source {
    /// A text and where it comes from. A byte order mark is no part of the text.
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        let begun = text.as_bytes().chunks(BLOCK).scan(0, |sum, block| {
            let before = *sum;
            *sum += begins(block);
            Some(before)
        });
        let characters = begun.collect();
        Source { path: Arc::from(path), starts, characters, text, shown: RefCell::default() }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The path.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The file as a whole.
    pub(crate) fn whole(&self) -> Mark {
        whole(&self.path)
    }

    /// The place of a stretch of bytes; of one that goes over several lines, its first line.
    pub(crate) fn mark(&self, stretch: Range<usize>) -> Mark {
        let start = self.boundary(stretch.start);
        let line = self.starts.partition_point(|begin| *begin <= start).max(1) - 1;
        let begin = self.starts[line];
        let end = self.line_end(line);
        let stop = self.boundary(stretch.end).clamp(start.min(end), end);
        let before = self.characters_before(begin);
        let column = (self.characters_before(start.min(end)) - before) as u64 + 1;
        let end_column = (self.characters_before(stop) - before) as u64 + 1;
        Mark {
            path: Arc::clone(&self.path),
            line: line as u64 + 1,
            column,
            end_column: end_column.max(column + 1),
            text: self.line(line, begin..end),
        }
    }

    /// What is wrong at a place.
    pub(crate) fn error(&self, stretch: Range<usize>, message: impl Into<String>) -> StateError {
        StateError { mark: self.mark(stretch), message: message.into(), hint: None }
    }

    /// The offset of a line (from 1) and a column (from 1, in bytes). Column 0 is the end of the line before.
    pub(super) fn offset(&self, line: usize, column: usize) -> usize {
        let line = line.clamp(1, self.starts.len()) - 1;
        (self.starts[line] + column).saturating_sub(1).min(self.text.len())
    }

    /// The offset of a character, by its number in the text (from 0).
    pub(super) fn offset_of_character(&self, number: usize) -> usize {
        let block = self.characters.partition_point(|before| *before <= number).max(1) - 1;
        let begin = self.boundary(block * BLOCK);
        let skipped = number.saturating_sub(self.characters_before(begin));
        self.text[begin..].char_indices().nth(skipped).map_or(self.text.len(), |(at, _)| begin + at)
    }

    /// Where a piece of this text stands in it.
    pub(super) fn span_of(&self, piece: &str) -> Range<usize> {
        let start = (piece.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize).min(self.text.len());
        start..start + piece.len()
    }

    /// A value that was read from a piece of this text.
    pub(super) fn at<T>(&self, value: T, piece: &str) -> Located<T> {
        Located { value, mark: self.mark(self.span_of(piece)) }
    }

    /// The lines without their ends.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        (0..self.starts.len()).map(|line| &self.text[self.starts[line]..self.line_end(line)])
    }

    /// The nearest place before an offset at which a character begins.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }

    fn line_end(&self, line: usize) -> usize {
        let next = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let begin = self.starts[line];
        if next > begin && self.text.as_bytes()[next - 1] == b'\r' { next - 1 } else { next }
    }

    fn line(&self, line: usize, stretch: Range<usize>) -> Arc<str> {
        let mut shown = self.shown.borrow_mut();
        Arc::clone(shown.entry(line).or_insert_with(|| Arc::from(&self.text[stretch])))
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        match self.characters.get(block) {
            Some(before) => before + begins(&self.text.as_bytes()[block * BLOCK..offset]),
            // The end of a text that fills its last block.
            None => {
                let last = self.characters.len().saturating_sub(1);
                self.characters.last().copied().unwrap_or_default() + begins(&self.text.as_bytes()[last * BLOCK..])
            }
        }
    }
}

/// How many characters begin in these bytes of UTF-8.
fn begins(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// A file as a whole.
pub(super) fn whole(path: &str) -> Mark {
    Mark { path: Arc::from(path), ..Mark::default() }
}

/// What is wrong with a file as a whole.
pub(super) fn file_error(path: &str, message: impl Into<String>, hint: &str) -> StateError {
    StateError { mark: whole(path), message: message.into(), hint: Some(hint.to_owned()) }
}

/// An error with the way to mend it.
pub(super) trait Hinted {
    /// Adds the hint.
    fn hinted(self, hint: impl Into<String>) -> Self;
}

impl Hinted for StateError {
    fn hinted(mut self, hint: impl Into<String>) -> StateError {
        self.hint = Some(hint.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn columns_count_characters_and_lines_are_shown_without_their_end() {
        let source = Source::new("a.json", "\u{feff}{\r\n  \"ä😀\": 1\r\n}");
        let at = source.text().find('1').unwrap();
        let mark = source.mark(at..at + 1);
        assert_eq!((mark.line, mark.column, mark.end_column, &*mark.text), (2, 9, 10, "  \"ä😀\": 1"));
    }

    #[test]
    fn a_stretch_over_lines_ends_with_its_first_and_one_outside_is_the_end() {
        let source = Source::new("a", "ab\ncd\n");
        let mark = source.mark(1..5);
        assert_eq!((mark.line, mark.column, mark.end_column), (1, 2, 3));
        assert_eq!(source.mark(90..99).line, 3);
        assert_eq!(Source::new("a", "").mark(0..0).column, 1);
    }

    proptest::proptest! {
        #[test]
        fn the_index_agrees_with_counting(text in "(ab|é|😀|\\n|\\r\\n|x{300}){0,40}", at in 0usize..9000) {
            let source = Source::new("a", &text);
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let mark = source.mark(at..at);
            let line = text[..at].matches('\n').count();
            proptest::prop_assert_eq!(mark.line as usize, line + 1);
            let content = text.split('\n').nth(line).unwrap().trim_end_matches('\r');
            let begin = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let column = text[begin..at].chars().count().min(content.chars().count());
            proptest::prop_assert_eq!(mark.column as usize, column + 1);
            proptest::prop_assert_eq!(&*mark.text, content);
            proptest::prop_assert_eq!(source.offset_of_character(text[..at].chars().count()), at);
        }
    }
}
