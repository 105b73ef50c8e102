//! One line to events: damage is counted, and what stands behind it is salvaged.

use super::builder::Builder;
use super::event::Event;
use crate::input::skim::{Cursor, has_control, next_object};

/// How often a broken line is searched for a whole event behind the damage.
const SALVAGE_ATTEMPTS: usize = 64;

/// The keys that events begin with.
const BEGINNINGS: [&[u8]; 5] = [b"{\"type\":", b"{\"data\":", b"{\"id\":", b"{\"timestamp\":", b"{\"agentId\":"];

impl Builder {
    /// Reads one line. Two events on one line are both read; damage is counted, and what stands behind it is salvaged.
    pub(super) fn line(&mut self, number: u64, bytes: &[u8]) {
        let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let mut damaged = has_control(bytes);
        let mut from = bytes.iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()).unwrap_or(bytes.len());
        let mut attempts = 0;
        while from < bytes.len() {
            let mut cursor = Cursor::new(&bytes[from..]);
            // Behind damage only what is an event for sure is one: it may as well be a value inside the damaged one.
            let whole = Event::read(&mut cursor).ok().filter(|event| attempts == 0 || event.is_certain());
            let Some(event) = whole else {
                damaged = true;
                attempts += 1;
                match next_event(bytes, from + 1).filter(|_| attempts <= SALVAGE_ATTEMPTS) {
                    Some(next) => from = next,
                    None => break,
                }
                continue;
            };
            from += cursor.offset();
            self.event(number, &event);
            match bytes[from..].iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()) {
                None => break,
                Some(gap) => {
                    damaged = true;
                    match next_object(bytes, from + gap) {
                        Some(next) => from = next,
                        None => break,
                    }
                }
            }
        }
        self.bad_lines += u64::from(damaged);
    }
}

/// Where an event may begin behind damage.
fn next_event(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    BEGINNINGS.iter().filter_map(|beginning| memchr::memmem::find(rest, beginning)).min().map(|found| from + found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(line: &[u8]) -> (u64, u64) {
        let mut builder = Builder::new("events.jsonl");
        builder.line(1, line);
        (builder.records, builder.bad_lines)
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(bytes: Vec<u8>, number in 1u64..3) {
            Builder::new("events.jsonl").line(number, &bytes);
        }
    }

    #[test]
    fn damage_is_counted_and_salvaged() {
        let whole = br#"{"type":"user.message","data":{"content":"hi"},"id":"e1","timestamp":"2026-03-02T10:00:00.000Z"}"#;
        let two = [&whole[..], br#"{"type":"user.message","data":{"content":"again"},"id":"e2"}"#].concat();
        let nul = [b"\0\0\0\0", &whole[..]].concat();
        let cut_then_whole = [br#"{"type":"assistant.message","data":{"cont"#, &whole[..]].concat();
        let trailing = [&whole[..], b" garbage"].concat();
        for (line, records, bad) in [
            (&whole[..], 1, 0),
            (&two, 2, 1),
            (&nul, 1, 1),
            (&cut_then_whole, 1, 1),
            (&trailing, 1, 1),
            (&whole[..40], 0, 1),
            (b"\0\0", 0, 1),
            (b"  ", 0, 0),
            (b"[1]", 0, 1),
        ] {
            assert_eq!(counts(line), (records, bad), "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn a_request_inside_a_broken_message_is_no_event() {
        let line = br#"{"type":"assistant.message","data":{"toolRequests":[{"type":"function","name":"task"},{"data":"x"#;
        assert_eq!(counts(line), (0, 1));
    }
}
