//! Words of the assistant while they are collected.

use std::borrow::Cow;

/// Lines of prose, each at its own place, so that a sentence is found in the line that it stands in.
#[derive(Debug, Default)]
pub(super) struct Prose {
    first: u64,
    last: u64,
    text: String,
    /// A quotation mark at the beginning of a line was not closed yet.
    quoted: bool,
}

impl Prose {
    /// A line.
    pub(super) fn push(&mut self, number: u64, text: &str) {
        if self.text.is_empty() {
            self.first = number;
            self.last = number;
        }
        // A message may hold code and calls between its words: the gap is kept as blank lines.
        while self.last < number {
            self.text.push('\n');
            self.last += 1;
        }
        self.text.push_str(text);
    }

    /// Everything so far, with the number of its first line.
    pub(super) fn take(&mut self) -> Option<(u64, String)> {
        let text = std::mem::take(&mut self.text);
        (!text.trim().is_empty()).then_some((self.first, text))
    }

    /// A line without the quotation marks around a whole answer: those are the writer's of the example and do not make it a
    /// quotation of somebody else.
    pub(super) fn unquote<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        // The first byte of the curved marks is that of other marks too.
        if memchr::memchr2(b'"', 0xe2, text.as_bytes()).is_none() {
            return Cow::Borrowed(text);
        }
        let is_quote = |letter: char| matches!(letter, '"' | '“' | '”');
        let trimmed = text.trim();
        let count = trimmed.chars().filter(|letter| is_quote(*letter)).count();
        let opens = trimmed.starts_with(is_quote);
        let closes = trimmed.ends_with(is_quote) && trimmed.chars().count() > 1;
        match (count, opens, closes) {
            (2, true, true) => Cow::Borrowed(trimmed.trim_matches(is_quote)),
            (1, true, _) if !self.quoted => {
                self.quoted = true;
                Cow::Borrowed(trimmed.trim_start_matches(is_quote))
            }
            (1, _, true) if self.quoted => {
                self.quoted = false;
                Cow::Borrowed(trimmed.trim_end_matches(is_quote))
            }
            _ => Cow::Borrowed(text),
        }
    }

    /// A quotation ends with its part of the text.
    pub(super) fn forget_quote(&mut self) {
        self.quoted = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_places() {
        let mut prose = Prose::default();
        prose.push(3, "one");
        prose.push(4, "two");
        prose.push(7, "three");
        assert_eq!(prose.take(), Some((3, "one\ntwo\n\n\nthree".to_owned())));
        assert_eq!(prose.take(), None);
    }

    #[test]
    fn marks_around_an_answer_are_taken_away_and_those_in_it_stay() {
        let mut prose = Prose::default();
        let lines = ["\"All of it\"", "\"It begins", "He said \"no\" here", "and ends\"", "the \"word\"", "ends\""];
        let got: Vec<String> = lines.iter().map(|line| prose.unquote(line).into_owned()).collect();
        assert_eq!(got, ["All of it", "It begins", "He said \"no\" here", "and ends", "the \"word\"", "ends\""]);
    }
}
