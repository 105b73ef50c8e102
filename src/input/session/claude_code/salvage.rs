//! One line to records: damage is counted, and what stands behind it is salvaged.

use super::builder::{Builder, Origin};
use super::record::Record;
use crate::input::skim::{Cursor, has_control, next_object};

/// How often a broken line is searched for a whole record behind the damage.
const SALVAGE_ATTEMPTS: usize = 64;

impl Builder {
    /// Reads one line. Two records on one line are both read; damage is counted, and what stands behind it is salvaged.
    pub(super) fn line(&mut self, origin: &Origin, number: u64, bytes: &[u8]) {
        let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let mut damaged = has_control(bytes);
        let mut from = bytes.iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()).unwrap_or(bytes.len());
        let mut attempts = 0;
        while from < bytes.len() {
            let mut cursor = Cursor::new(&bytes[from..]);
            // A record behind damage must not be a value inside the damaged one, as progress records hold them.
            let inside = from > 0 && matches!(bytes[from - 1], b':' | b',' | b'[');
            let believable = |record: &Record<'_>| {
                attempts == 0 || (record.has_type && (record.session_id.is_some() || (record.uuid.is_some() && !inside)))
            };
            let whole = Record::read(&mut cursor).ok().filter(believable);
            let Some(record) = whole else {
                damaged = true;
                attempts += 1;
                // A record that broke off may be followed by a whole one on the same line.
                match next_record(bytes, from + 1).filter(|_| attempts <= SALVAGE_ATTEMPTS) {
                    Some(next) => from = next,
                    None => break,
                }
                continue;
            };
            from += cursor.offset();
            self.count(origin, number, &record);
            self.record(origin, number, &record);
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

/// Where a record begins behind damage: a brace that one of the keys follows that records begin with.
fn next_record(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    ["{\"parentUuid\":", "{\"type\":", "{\"sessionId\":", "{\"uuid\":"]
        .iter()
        .filter_map(|start| memchr::memmem::find(rest, start.as_bytes()))
        .min()
        .map(|found| from + found)
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
            assert_eq!((builder.records, builder.bad_lines), (records, bad), "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn a_truncated_progress_record_does_not_leak_its_inner_record() {
        let line = br#"{"type":"progress","data":{"type":"agent_progress","message":{"type":"assistant","uuid":"x","message":{"content":"As Agent 2, I"}}"#;
        assert_eq!(read(&[line]).records, 0);
    }
}
