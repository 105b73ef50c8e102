//! One line to records, and which of them are believed behind damage.

use super::builder::{Builder, Origin};
use super::record::Record;
use crate::input::session::salvage::{Salvage, records};
use crate::input::skim::{Cursor, Step};

impl<'a> Salvage<'a> for Record<'a> {
    const BEGINNINGS: &'static [&'static str] = &["{\"parentUuid\":", "{\"type\":", "{\"sessionId\":", "{\"uuid\":"];

    fn read(cursor: &mut Cursor<'a>) -> Step<Record<'a>> {
        Record::read(cursor)
    }

    /// Progress records hold other records, without the session's identifier.
    fn is_believable(&self, inside: bool) -> bool {
        self.has_type && (self.session_id.is_some() || (self.uuid.is_some() && !inside))
    }
}

impl Builder {
    /// Reads one line. Two records on one line are both read; damage is counted, and what stands behind it is salvaged.
    pub(super) fn line(&mut self, origin: &Origin, number: u64, bytes: &[u8]) {
        let damaged = records(number, bytes, |record: Record<'_>| {
            self.count(origin, number, &record);
            self.record(origin, number, &record);
        });
        if damaged {
            self.damage.add(&origin.path, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_line_makes_it_panic(bytes: Vec<u8>, number in 1u64..3) {
            let mut builder = Builder::new("a.jsonl");
            builder.line(&Origin { path: "a.jsonl".into(), agent: None }, number, &bytes);
        }
    }

    fn read(lines: &[&[u8]]) -> Builder {
        let mut builder = Builder::new("a.jsonl");
        let origin = Origin { path: "a.jsonl".into(), agent: None };
        for (index, line) in lines.iter().enumerate() {
            builder.line(&origin, index as u64 + 1, line);
        }
        builder
    }

    #[test]
    fn damage_is_counted_and_salvaged() {
        let whole = br#"{"type":"user","uuid":"u1","message":{"content":"hi"},"timestamp":"2026-01-01T00:00:00.000Z"}"#;
        let two = [&whole[..], br#"{"type":"user","uuid":"u2","message":{"content":"again"}}"#].concat();
        let nul = [b"\0\0\0\0", &whole[..]].concat();
        let cut_then_whole = [br#"{"type":"assistant","mess"#, &whole[..]].concat();
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
            let builder = read(&[line]);
            assert_eq!((builder.records, builder.damage.count), (records, bad), "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn a_truncated_progress_record_does_not_leak_its_inner_record() {
        let line = br#"{"type":"progress","data":{"type":"agent_progress","message":{"type":"assistant","uuid":"x","message":{"content":"As Agent 2, I"}}"#;
        assert_eq!(read(&[line]).records, 0);
    }
}
