//! What a gate printed, made fit to be shown: lines in which nothing acts on a terminal or on a CI runner. Colours stay
//! where they can be shown; of a line that was written over, what a terminal would show in the end.

use super::paint::Paint;
use crate::report::text;
use anstyle_parse::{Params, Parser, Perform};
use unicode_width::UnicodeWidthChar;

/// A longer line is cut, and says how much is missing.
pub(crate) const LONGEST: usize = 2_000;
const TAB: usize = 8;

/// How output is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Show {
    /// Letters as they are; otherwise everything is ASCII.
    pub(crate) unicode: bool,
    /// Colours of the output are kept.
    pub(crate) colour: bool,
}

impl Show {
    /// A text of unknown origin on one line, harmless and in letters that can be shown.
    pub(crate) fn clean(self, raw: &str) -> String {
        let clean = if self.unicode { text::visible(raw) } else { text::ascii(raw) };
        text::powerless(&clean).into_owned()
    }
}

/// The lines of `bytes`; bytes that are not UTF-8 are replaced.
pub(crate) fn lines(bytes: &[u8], show: Show) -> Vec<String> {
    let whole = String::from_utf8_lossy(bytes);
    let mut paint = Paint::default();
    let mut shown = Vec::new();
    for line in whole.split_terminator('\n') {
        // A parser for each line: a sequence that never ends must not swallow what follows.
        let mut parser = Parser::<anstyle_parse::DefaultCharAccumulator>::new();
        let mut screen = Screen { paint, ..Screen::default() };
        for byte in line.strip_suffix('\r').unwrap_or(line).bytes() {
            parser.advance(&mut screen, byte);
        }
        paint = screen.paint;
        shown.push(screen.render(show));
    }
    shown
}

/// The last line of `bytes` that shows anything, without colours.
pub(crate) fn last_line(bytes: &[u8], unicode: bool) -> String {
    let lines = lines(bytes, Show { unicode, colour: false });
    lines.into_iter().rev().map(|line| line.trim().to_owned()).find(|line| !line.is_empty()).unwrap_or_default()
}

/// One line as a terminal holds it.
#[derive(Debug, Default)]
struct Screen {
    pieces: Vec<Piece>,
    /// Characters in the pieces.
    length: usize,
    /// Columns that they take.
    columns: usize,
    /// Characters that had no room.
    missing: usize,
    /// The cursor went back to the beginning: what comes next replaces what is there.
    returned: bool,
    /// The cursor went back by so many characters.
    back: usize,
    paint: Paint,
}

#[derive(Debug)]
struct Piece {
    paint: Paint,
    text: String,
    /// How often a control, which then is all of the text, came in a row; 0 for other text.
    times: usize,
}

impl Screen {
    fn clear(&mut self) {
        *self = Screen { paint: self.paint, ..Screen::default() };
    }

    /// Before something is put down: what it replaces goes.
    fn settle(&mut self) {
        if self.returned {
            self.clear();
        }
        for _ in 0..std::mem::take(&mut self.back) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if self.missing > 0 {
            self.missing -= 1;
            return;
        }
        let Some(last) = self.pieces.last_mut() else { return };
        if last.times > 1 {
            last.times -= 1;
            return;
        }
        self.columns = self.columns.saturating_sub(last.text.pop().and_then(char::width).unwrap_or(0));
        self.length -= 1;
        if last.text.is_empty() {
            self.pieces.pop();
        }
    }

    fn push(&mut self, letter: char) {
        let is_control = letter.is_control();
        if let Some(last) = self.pieces.last_mut().filter(|last| is_control && last.times > 0 && last.text.starts_with(letter)) {
            last.times += 1;
            return;
        }
        if self.length >= LONGEST {
            self.missing += 1;
            return;
        }
        self.length += 1;
        self.columns += letter.width().unwrap_or(0);
        let paint = self.paint;
        match self.pieces.last_mut().filter(|last| !is_control && last.times == 0 && last.paint == paint) {
            Some(last) => last.text.push(letter),
            None => self.pieces.push(Piece { paint, text: letter.to_string(), times: usize::from(is_control) }),
        }
    }

    fn render(self, show: Show) -> String {
        let clean = |raw: &str| if show.unicode { text::visible(raw) } else { text::ascii(raw) }.into_owned();
        let mut pieces: Vec<(Paint, String)> =
            self.pieces.iter().map(|piece| (piece.paint, times(piece, clean(&piece.text), show))).collect();
        if self.missing > 0 {
            let ellipsis = if show.unicode { "…" } else { "..." };
            let many = if self.missing == 1 { "character" } else { "characters" };
            pieces.push((Paint::default(), format!("{ellipsis} ({} more {many})", self.missing)));
        }
        while let Some((_, last)) = pieces.last_mut() {
            last.truncate(last.trim_end().len());
            if !last.is_empty() {
                break;
            }
            pieces.pop();
        }
        let whole: String = pieces.iter().map(|(_, piece)| piece.as_str()).collect();
        // Two pieces can form a command where they meet; the line then does without its colours.
        if whole.contains("##[") || text::command_at(&whole).is_some() {
            return text::powerless(&clean(&whole)).into_owned();
        }
        if !show.colour {
            return whole;
        }
        let mut painted = String::with_capacity(whole.len() + 16 * pieces.len());
        pieces.iter().for_each(|(paint, piece)| paint.on(piece, &mut painted));
        painted
    }
}

fn times(piece: &Piece, shown: String, show: Show) -> String {
    match (piece.times, show.unicode) {
        (0 | 1, _) => shown,
        (times, true) => format!("{shown}×{times}"),
        (times, false) => format!("{shown}*{times}"),
    }
}

impl Perform for Screen {
    fn print(&mut self, letter: char) {
        self.settle();
        self.push(letter);
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\r' => (self.returned, self.back) = (true, 0),
            0x08 => self.back = (self.back + 1).min(self.length + self.missing),
            b'\t' => {
                self.settle();
                (0..TAB - self.columns % TAB).for_each(|_| self.push(' '));
            }
            _ => {
                self.settle();
                self.push(char::from(byte));
            }
        }
    }

    fn csi_dispatch(&mut self, parameters: &Params, intermediates: &[u8], _ignore: bool, action: u8) {
        let first = parameters.iter().next().and_then(|part| part.first()).copied().unwrap_or(0);
        match action {
            _ if !intermediates.is_empty() => {}
            b'm' => self.paint.obey(parameters.iter()),
            b'G' if first <= 1 => (self.returned, self.back) = (true, 0),
            b'K' if first == 2 || self.returned && first == 0 => self.clear(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
