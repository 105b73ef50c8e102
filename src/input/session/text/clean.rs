//! Lines as a terminal shows them.

use std::borrow::Cow;

/// A line without its carriage return, without escape sequences that a terminal left in it, without other control characters.
pub(super) fn clean(line: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(line) {
        Cow::Borrowed(text) => clean_text(text),
        Cow::Owned(text) => Cow::Owned(clean_text(&text).into_owned()),
    }
}

/// The same of a line that is UTF-8.
pub(super) fn clean_text(line: &str) -> Cow<'_, str> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if is_clean(line.as_bytes()) { Cow::Borrowed(line) } else { Cow::Owned(without_controls(line)) }
}

/// Whether no control characters but tabs and the ends of lines are among bytes.
pub(super) fn is_clean(bytes: &[u8]) -> bool {
    // All bytes are looked at, none is a reason to stop: so the compiler takes many at once.
    !bytes.iter().fold(false, |any, byte| any | (*byte < 0x20) & (*byte != b'\t') & (*byte != b'\n') | (*byte == 0x7f))
}

fn without_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            match letters.next() {
                // A control sequence ends with its first letter from @ to ~.
                Some('[') => while letters.next().is_some_and(|inner| !('@'..='~').contains(&inner)) {},
                // A command to the terminal, such as a title or a link, ends with a bell or another escape and a backslash.
                Some(']') => {
                    while let Some(inner) = letters.next() {
                        if inner == '\u{7}' || (inner == '\u{1b}' && letters.next_if_eq(&'\\').is_some()) {
                            break;
                        }
                    }
                }
                _ => {}
            }
        } else if letter == '\t' || !letter.is_control() {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_terminal_would_not_show_is_taken_out() {
        assert_eq!(clean(b"plain \xe2\x8f\xba\r"), "plain ⏺");
        assert_eq!(clean(b"\x1b[1;31mred\x1b[0m \x1b]8;;http://a\x1b\\link\x1b]8;;\x07 b\x07\x00c"), "red link bc");
        assert_eq!(clean(b"bad \xff utf"), "bad \u{fffd} utf");
        assert_eq!(clean(b"\x1b[1;3"), "");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(clean(&bytes).chars().all(|letter| letter == '\t' || !letter.is_ascii_control()));
        }
    }
}
