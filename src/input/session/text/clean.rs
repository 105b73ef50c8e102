//! A line of a terminal made plain: what stands there to be read, without what drew it.

use std::borrow::Cow;

/// No terminal is wider: a jump of the cursor beyond it is not followed.
const WIDEST: usize = 400;

/// A line of a file as text, with what is no UTF-8 in it replaced.
pub(super) fn clean(line: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(line) {
        Cow::Borrowed(text) => visible(text),
        Cow::Owned(text) => Cow::Owned(visible(&text).into_owned()),
    }
}

/// A line's visible text: no escape sequences (of `script`, `tee` or a copied scrollback), nothing that was overwritten after
/// a carriage return or a backspace, blanks of every kind as a space, no marks of writing direction, UTF-8 that was read as
/// Windows-1252 as it was meant, no blanks at the end.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let text = text.trim_end();
    if is_plain(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut drawn = match repaired(text) {
        Some(repaired) => draw(&repaired),
        None => draw(text),
    };
    drawn.truncate(drawn.trim_end().len());
    Cow::Owned(drawn)
}

/// Whether nothing in a text needs a closer look. Most lines are told by this alone.
fn is_plain(bytes: &[u8]) -> bool {
    // All bytes are looked at, none is a reason to stop: so the compiler takes many at once.
    let any = bytes.iter().fold(false, |any, byte| any | !is_ordinary(*byte));
    !any || bytes.iter().enumerate().all(|(index, byte)| {
        let next = bytes.get(index + 1).copied().unwrap_or_default();
        match byte {
            // Blanks of other kinds, and the first letter of UTF-8 that was misread.
            ..b' ' | 0x7f | 0xc2 | 0xc3 | 0xef => false,
            b'[' => !next.is_ascii_digit() || !is_lost_escape(&bytes[index + 1..]),
            0xe2 => !matches!(next, 0x80 | 0x81),
            _ => true,
        }
    })
}

/// Whether a colour's sequence follows a `[` whose escape character was lost.
fn is_lost_escape(bytes: &[u8]) -> bool {
    let length = bytes.iter().take(24).take_while(|byte| matches!(byte, b'0'..=b'9' | b';')).count();
    bytes.get(length) == Some(&b'm')
}

/// What needs no closer look, whatever stands around it.
fn is_ordinary(byte: u8) -> bool {
    (b' '..0x7f).contains(&byte) & (byte != b'[')
}

/// Draws a text as a terminal would, as far as one line goes.
fn draw(text: &str) -> String {
    let mut into = String::with_capacity(text.len());
    // What follows a carriage return overwrites what stood there.
    let last = text.trim_end().rsplit('\r').next().unwrap_or_default();
    let mut column = last.bytes().position(|byte| !is_ordinary(byte)).unwrap_or(last.len());
    let (ordinary, rest) = last.split_at(column);
    into.push_str(ordinary);
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        let blanks = match letter {
            '\u{1b}' => escape(&mut letters, column),
            '\t' => 4 - column % 4,
            '\u{8}' => {
                column = column.saturating_sub(usize::from(into.pop().is_some()));
                0
            }
            // Left over where the escape character itself was lost.
            '[' if let Some(length) = lost_escape(&letters) => {
                letters.nth(length - 1);
                0
            }
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' => 0,
            letter if letter.is_control() => 0,
            letter if letter.is_whitespace() => 1,
            letter => {
                into.push(letter);
                column += 1;
                0
            }
        };
        into.extend(std::iter::repeat_n(' ', blanks));
        column += blanks;
    }
    into
}

type Letters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

/// Skips an escape sequence and says how many blanks it stands for, where it moves the cursor to the right.
fn escape(letters: &mut Letters<'_>, column: usize) -> usize {
    match letters.next() {
        Some('[') => {
            let mut number = 0usize;
            for letter in letters.by_ref() {
                match letter {
                    '0'..='9' => number = number.saturating_mul(10).saturating_add(letter as usize - '0' as usize),
                    'C' => return number.max(1).min(WIDEST.saturating_sub(column)),
                    'G' => return number.min(WIDEST).saturating_sub(column + 1),
                    ' '..='?' => {}
                    // The end of any other sequence, or of one that was cut.
                    _ => return 0,
                }
            }
        }
        // A title or a link: up to BEL or ESC \.
        Some(']' | 'P' | '_' | '^') => {
            while let Some(letter) = letters.next() {
                if letter == '\u{1b}' {
                    letters.next_if_eq(&'\\');
                }
                if matches!(letter, '\u{7}' | '\u{1b}') {
                    break;
                }
            }
        }
        Some('(' | ')' | '#' | '%') => {
            letters.next();
        }
        _ => {}
    }
    0
}

/// How many letters of a colour's sequence follow a `[` whose escape character was lost: `[38;5;231m`.
fn lost_escape(letters: &Letters<'_>) -> Option<usize> {
    let length = letters.clone().take(24).take_while(|letter| matches!(letter, '0'..='9' | ';')).count();
    (length > 0 && letters.clone().nth(length) == Some('m')).then_some(length + 1)
}

/// The letters of Windows-1252 from 0x80 to 0x9F, in their order; five bytes have none.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text as it was meant, where UTF-8 was read as Windows-1252: `âŽ¿` is `⎿`.
fn repaired(text: &str) -> Option<String> {
    // Letters from U+00C0 to U+00FF begin with this byte; most texts hold none.
    memchr::memchr(0xc3, text.as_bytes())?;
    if !text.contains(['â', 'Â', 'Ã', 'ð']) {
        return None;
    }
    let mut whole = String::with_capacity(text.len());
    let (mut letters, mut bytes) = (String::new(), Vec::new());
    for letter in text.chars() {
        if let Some(byte) = windows_byte(letter) {
            bytes.push(byte);
            letters.push(letter);
            continue;
        }
        whole.push_str(std::str::from_utf8(&bytes).unwrap_or(&letters));
        letters.clear();
        bytes.clear();
        whole.push(letter);
    }
    whole.push_str(std::str::from_utf8(&bytes).unwrap_or(&letters));
    Some(whole)
}

/// The byte above 0x7F that a letter stands for in Windows-1252.
fn windows_byte(letter: char) -> Option<u8> {
    match u32::from(letter) {
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        ..0x80 => None,
        _ => WINDOWS.iter().position(|known| *known == letter).and_then(|index| u8::try_from(index + 0x80).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_drew_is_made_plain() {
        for (raw, plain) in [
            ("\u{1b}[38;5;231m⏺\u{1b}[39m \u{1b}[1mTask\u{1b}[22m(a)   \r", "⏺ Task(a)"),
            ("[38;5;231m⏺[39m Task(a[0])", "⏺ Task(a[0])"),
            ("⏺\u{a0}Task(a)", "⏺ Task(a)"),
            ("⏺\u{fe0e} a\u{202e}b", "⏺ ab"),
            ("\u{1b}[3C⎿\u{1b}[6GDone", "   ⎿ Done"),
            ("\u{1b}]8;;https://example.org\u{7}link\u{1b}]8;;\u{1b}\\ end", "link end"),
            ("10 %\r100 %", "100 %"),
            ("ab\u{8}c", "ac"),
            ("\t⎿  Done", "    ⎿  Done"),
            ("see [1] and [12]", "see [1] and [12]"),
        ] {
            assert_eq!(visible(raw), plain);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(clean(b"plain \xe2\x8f\xba\r"), "plain ⏺");
        assert_eq!(clean(b"\x1b[1;31mred\x1b[0m \x1b]8;;http://a\x1b\\link\x1b]8;;\x07 b\x07\x00c"), "red link bc");
        assert_eq!(clean(b"bad \xff utf"), "bad \u{fffd} utf");
        assert_eq!(clean(b"\x1b[1;3"), "");
    }

    #[test]
    fn utf_8_that_was_misread_is_repaired() {
        assert_eq!(visible("âŽ¿Â\u{a0} Done (9 tool uses Â· 18.5k tokens Â· 1m 16.7s)"), "⎿  Done (9 tool uses · 18.5k tokens · 1m 16.7s)");
        assert_eq!(visible("â—\u{8f} Task(a)"), "● Task(a)");
        assert_eq!(visible("â”œâ”€ Look · 2 tool uses"), "├─ Look · 2 tool uses");
        assert_eq!(visible("déjà vu — naïve “Âge”"), "déjà vu — naïve “Âge”");
    }

    #[test]
    fn a_jump_of_the_cursor_draws_no_wide_line() {
        assert!(visible("\u{1b}[999999999Cx").len() <= WIDEST + 1);
        assert!(visible(&"\u{1b}[300C".repeat(1000)).len() <= WIDEST);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(!clean(&bytes).contains(char::is_control));
        }

        #[test]
        fn no_line_makes_it_panic(text in "[ -~\\u{1b}\\t\\r\\u{8}âŽ¿Â·\\u{a0}⏺│]{0,120}") {
            let once = visible(&text).into_owned();
            let visible = !once.ends_with(' ') && !once.contains(char::from(27));
            prop_assert!(visible);
        }
    }
}
