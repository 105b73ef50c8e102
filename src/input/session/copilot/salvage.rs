//! One line to events, and which of them are believed behind damage.

use super::builder::Builder;
use super::event::Event;
use crate::input::session::salvage::{Salvage, records};
use crate::input::skim::{Cursor, Step};

impl<'a> Salvage<'a> for Event<'a> {
    const BEGINNINGS: &'static [&'static str] = &["{\"type\":", "{\"data\":", "{\"id\":", "{\"timestamp\":", "{\"agentId\":"];

    fn read(cursor: &mut Cursor<'a>) -> Step<Event<'a>> {
        Event::read(cursor)
    }

    fn is_believable(&self, _: bool) -> bool {
        self.is_certain()
    }
}

impl Builder {
    /// Reads one line. Two events on one line are both read; damage is counted, and what stands behind it is salvaged.
    pub(super) fn line(&mut self, number: u64, bytes: &[u8]) {
        let damaged = records(number, bytes, |event: Event<'_>| self.event(number, &event));
        if damaged {
            self.damage.add(&self.path, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(line: &[u8]) -> (u64, u64) {
        let mut builder = Builder::new("events.jsonl");
        builder.line(1, line);
        (builder.records, builder.damage.count)
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
