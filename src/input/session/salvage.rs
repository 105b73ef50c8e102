//! One line to records: damage is counted, and what stands behind it is salvaged.

use crate::input::skim::{Cursor, Step, has_control, next_object};

/// How often a broken line is searched for a whole record behind the damage.
const ATTEMPTS: usize = 64;

/// A record of a log with one JSON object a line.
pub(super) trait Salvage<'a>: Sized {
    /// How one may begin, as its program writes it.
    const BEGINNINGS: &'static [&'static str];

    /// Reads one object.
    fn read(cursor: &mut Cursor<'a>) -> Step<Self>;

    /// Whether what was found behind damage is one for sure. `inside`: it may as well be a value inside the damaged one, as it
    /// stands where a value may.
    fn is_believable(&self, inside: bool) -> bool;
}

/// Calls `record` with each record on a line, also where two stand on one. `true` where something on it is damaged.
pub(super) fn records<'a, R: Salvage<'a>>(number: u64, bytes: &'a [u8], mut record: impl FnMut(R)) -> bool {
    let bytes = if number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
    let something = |from: usize| bytes[from..].iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()).map(|gap| from + gap);
    let Some(mut from) = something(0) else { return bytes.contains(&0) };
    let mut damaged = has_control(bytes);
    let mut attempts = 0;
    loop {
        let mut cursor = Cursor::new(&bytes[from..]);
        let inside = from > 0 && matches!(bytes[from - 1], b':' | b',' | b'[');
        match R::read(&mut cursor).ok().filter(|one| attempts == 0 || one.is_believable(inside)) {
            Some(one) => {
                record(one);
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
                // A record that broke off may be followed by a whole one on the same line.
                match beginning(bytes, from + 1, R::BEGINNINGS).filter(|_| attempts <= ATTEMPTS) {
                    Some(next) => from = next,
                    None => break,
                }
            }
        }
    }
    damaged
}

/// Where a record may begin behind damage.
fn beginning(bytes: &[u8], from: usize, beginnings: &[&str]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    beginnings.iter().filter_map(|start| memchr::memmem::find(rest, start.as_bytes())).min().map(|found| from + found)
}
