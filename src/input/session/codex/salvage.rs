//! Which records are believed behind damage.

use super::record::Line;
use crate::input::session::salvage::Salvage;
use crate::input::skim::{Cursor, Step};

impl<'a> Salvage<'a> for Line<'a> {
    const BEGINNINGS: &'static [&'static str] = &["{\"timestamp\":", "{\"type\":", "{\"ordinal\":"];

    fn read(cursor: &mut Cursor<'a>) -> Step<Line<'a>> {
        Line::read(cursor)
    }

    /// Compacted records hold other records.
    fn is_believable(&self, inside: bool) -> bool {
        self.believable && !inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::session::salvage::records;
    use proptest::prelude::*;

    const WHOLE: &str = r#"{"timestamp":"2026-03-01T10:00:00.000Z","type":"event_msg","payload":{"type":"task_complete","turn_id":"t"}}"#;

    fn read(line: &[u8]) -> (usize, bool) {
        let mut count = 0;
        let damaged = records(2, line, |_: Line<'_>| count += 1);
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
