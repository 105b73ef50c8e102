//! One line of a file to records: damage is counted, and what stands behind it is salvaged.

use super::record::Line;
use crate::input::skim::{Cursor, has_control, next_object};

/// How often a broken line is searched for a whole record behind the damage.
const ATTEMPTS: usize = 64;

/// How a record begins, as the program writes it.
const BEGINNINGS: [&str; 3] = ["{\"timestamp\":", "{\"type\":", "{\"ordinal\":"];

/// Calls `record` with each record on a line. `true` where something on it is damaged.
pub(super) fn records<'a>(number: u64, bytes: &'a [u8], mut record: impl FnMut(Line<'a>)) -> bool {
    let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let something = |from: usize| bytes[from..].iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()).map(|gap| from + gap);
    let Some(mut from) = something(0) else { return bytes.contains(&0) };
    let mut damaged = has_control(bytes);
    let mut attempts = 0;
    loop {
        let mut cursor = Cursor::new(&bytes[from..]);
        // A record behind damage must not be a value inside the damaged one.
        let inside = from > 0 && matches!(bytes[from - 1], b':' | b',' | b'[');
        match Line::read(&mut cursor).ok().filter(|line| attempts == 0 || line.believable && !inside) {
            Some(line) => {
                record(line);
                let Some(next) = something(from + cursor.offset()) else { break };
                damaged = true;
                match next_object(bytes, next) {
                    Some(next) => from = next,
                    None => break,
                }
            }
            None => {
                damaged = true;
                attempts += 1;
                match beginning(bytes, from + 1).filter(|_| attempts <= ATTEMPTS) {
                    Some(next) => from = next,
                    None => break,
                }
            }
        }
    }
    damaged
}

fn beginning(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    BEGINNINGS.iter().filter_map(|start| memchr::memmem::find(rest, start.as_bytes())).min().map(|found| from + found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: &str = r#"{"timestamp":"2026-03-01T10:00:00.000Z","type":"event_msg","payload":{"type":"task_complete","turn_id":"t"}}"#;

    fn read(line: &[u8]) -> (usize, bool) {
        let mut count = 0;
        let damaged = records(2, line, |_| count += 1);
        (count, damaged)
    }

    #[test]
    fn whole_records_are_found_wherever_they_stand() {
        let two = format!("{WHOLE}{WHOLE}");
        let cut = format!("{}{WHOLE}", &WHOLE[..50]);
        let trailing = format!("{WHOLE} and then");
        let nul = format!("\0\0{WHOLE}");
        for (line, records, damaged) in [
            (WHOLE, 1, false),
            (two.as_str(), 2, true),
            (cut.as_str(), 1, true),
            (trailing.as_str(), 1, true),
            (nul.as_str(), 1, true),
            (&WHOLE[..60], 0, true),
            ("\0\0", 0, true),
            ("  \r", 0, false),
            ("[1]", 0, true),
        ] {
            assert_eq!(read(line.as_bytes()), (records, damaged), "{line:?}");
        }
    }

    #[test]
    fn a_value_inside_a_broken_record_is_no_record() {
        let line = format!(r#"{{"timestamp":"x","type":"compacted","payload":{{"replacement_history":[{WHOLE}"#);
        assert_eq!(read(line.as_bytes()), (0, true));
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in prop::collection::vec(any::<u8>(), 0..200), from in 0usize..100) {
            let _ = read(&line);
            let mut mixed = WHOLE.as_bytes()[..from].to_vec();
            mixed.extend(line);
            let _ = read(&mixed);
        }
    }
}
