//! Small damages to logs: what crashes, editors, merges and malice do to files.

use proptest::prelude::*;
use rusqlite::types::Value;

/// One damage: which kind, and where; the numbers are taken modulo what is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mutation {
    kind: u8,
    at: u32,
    to: u32,
}

/// Any damage.
pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    (any::<u8>(), any::<u32>(), any::<u32>()).prop_map(|(kind, at, to)| Mutation { kind, at, to })
}

/// What a log does not expect, wherever it stands.
const ODD: [&[u8]; 18] = [
    b"\0",
    b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    b"\xff\xfe",
    b"\xf0\x9f\x98",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\r",
    b"\n\n\n",
    b"}{",
    b"\"",
    b"\\",
    b"\\ud83d",
    b"\x1b[2J\x1b]0;title\x07",
    b"\xe2\x80\xae\xe2\x80\xa8",
    b"```",
    b"</invoke></function_calls>",
    "⏺ ".as_bytes(),
    "  ⎿  ".as_bytes(),
];

/// What may stand where a value of JSON stood.
const VALUES: [&[u8]; 12] = [
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"-1",
    b"0",
    b"1e308",
    b"18446744073709551616",
    b"[[[[[[[[1]]]]]]]]",
    b"\"x\"",
    b"{\"type\":{\"type\":1}}",
];

/// What may stand where digits stood.
const NUMBERS: [&[u8]; 7] = [b"0", b"-7", b"99", b"9999", b"9223372036854775807", b"99999999999999999999999999", b"1.5e9"];

/// How deep something is nested that was not.
const LEVELS: usize = 3000;

/// Damages a text; `donor` is another one, parts of which may get into it.
pub(crate) fn mutate(bytes: &mut Vec<u8>, donor: &[u8], how: Mutation) {
    let (at, to) = (place(bytes, how.at), place(bytes, how.to));
    let (from, until) = (at.min(to), at.max(to));
    match how.kind % 16 {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(from..until.min(from + 40))),
        2 => drop(bytes.drain(from..until)),
        3 => insert(bytes, at, ODD[how.to as usize % ODD.len()]),
        4 => replace_run(bytes, at, |byte| byte.is_ascii_digit(), NUMBERS[how.to as usize % NUMBERS.len()]),
        5 => replace_value(bytes, at, VALUES[how.to as usize % VALUES.len()]),
        6 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << (how.to % 8)),
        7 => nest(bytes, at, how.to),
        8 => swap_strings(bytes, at, to),
        9 => insert(bytes, at, donor.get(place(donor, how.to)..).map_or(&[], |rest| &rest[..rest.len().min(400)])),
        kind => mutate_lines(bytes, donor, kind, how),
    }
}

/// The same for whole lines.
fn mutate_lines(bytes: &mut Vec<u8>, donor: &[u8], kind: u8, how: Mutation) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return;
    }
    let (at, to) = (how.at as usize % lines.len(), how.to as usize % lines.len());
    match kind {
        10 => lines.swap(at, to),
        11 => drop(lines.remove(at)),
        12 => lines.insert(to, lines[at].clone()),
        13 => lines.rotate_left(at),
        14 => lines.extend_from_within(at..),
        _ => {
            let theirs: Vec<&[u8]> = donor.split_inclusive(|byte| *byte == b'\n').collect();
            lines.insert(at, theirs.get(how.to as usize % theirs.len().max(1)).map_or(Vec::new(), |line| line.to_vec()));
        }
    }
    *bytes = lines.concat();
}

/// A place in a text, or its end.
fn place(bytes: &[u8], number: u32) -> usize {
    number as usize % (bytes.len() + 1)
}

fn insert(bytes: &mut Vec<u8>, at: usize, what: &[u8]) {
    drop(bytes.splice(at..at, what.iter().copied()));
}

/// Replaces the next run of such bytes.
fn replace_run(bytes: &mut Vec<u8>, at: usize, is_one: impl Fn(u8) -> bool, with: &[u8]) {
    if let Some(begin) = bytes[at..].iter().position(|byte| is_one(*byte)).map(|found| at + found) {
        let end = bytes[begin..].iter().position(|byte| !is_one(*byte)).map_or(bytes.len(), |found| begin + found);
        drop(bytes.splice(begin..end, with.iter().copied()));
    }
}

/// Replaces what stands behind the next colon of an object, a string or something shorter.
fn replace_value(bytes: &mut Vec<u8>, at: usize, with: &[u8]) {
    let Some(begin) = bytes[at..].windows(2).position(|pair| pair == b"\":").map(|found| at + found + 2) else { return };
    let begin = begin + bytes[begin..].iter().take_while(|byte| **byte == b' ').count();
    let end = match string_at(bytes, begin) {
        Some(end) => end,
        None => bytes[begin..].iter().position(|byte| b",}]\n".contains(byte)).map_or(bytes.len(), |found| begin + found),
    };
    drop(bytes.splice(begin..end, with.iter().copied()));
}

/// The end of the string that begins here.
fn string_at(bytes: &[u8], begin: usize) -> Option<usize> {
    let inside = bytes.get(begin..)?.strip_prefix(b"\"")?;
    let mut escaped = false;
    let end = inside.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    })?;
    Some(begin + end + 2)
}

/// Wraps the rest of a line in very many levels.
fn nest(bytes: &mut Vec<u8>, at: usize, how: u32) {
    let (open, close): (&[u8], &[u8]) = [(&b"["[..], &b"]"[..]), (b"{\"a\":", b"}"), (b"> ", b""), (b"  ", b"")][how as usize % 4];
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |found| at + found);
    insert(bytes, end, &close.repeat(LEVELS));
    insert(bytes, at, &open.repeat(LEVELS));
}

/// One string takes the place of another: identifiers repeat, parents go in circles, times step back.
fn swap_strings(bytes: &mut Vec<u8>, at: usize, to: usize) {
    let string_from = |from: usize| {
        let begin = from + bytes.get(from..)?.iter().position(|byte| *byte == b'"')?;
        string_at(bytes, begin).map(|end| begin..end)
    };
    if let (Some(one), Some(other)) = (string_from(at), string_from(to)) {
        let copy = bytes[one].to_vec();
        drop(bytes.splice(other, copy));
    }
}

/// Whether a file is a store and no text.
pub(crate) fn is_store(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SQLite format 3\0")
}

/// Damages one value of a store, whatever its tables are.
///
/// Errors: what SQLite says of it, such as of a value that has to be there.
pub(crate) fn mutate_store(path: &std::path::Path, donor: &[u8], how: Mutation) -> rusqlite::Result<()> {
    let store = rusqlite::Connection::open(path)?;
    let tables: Vec<String> = column(&store, "select name from sqlite_master where type = 'table' order by name")?;
    let rows_of = |table: &String| store.query_row(&format!("select count(*) from \"{table}\""), [], |row| row.get::<_, u32>(0));
    let tables: Vec<(String, u32)> = tables.into_iter().filter_map(|table| rows_of(&table).ok().map(|rows| (table, rows))).collect();
    let filled: Vec<&(String, u32)> = tables.iter().filter(|(_, rows)| *rows > 0).collect();
    let Some((table, rows)) = filled.get(how.at as usize % filled.len().max(1)) else { return Ok(()) };
    let columns: Vec<String> = column(&store, &format!("select name from pragma_table_info('{table}')"))?;
    let name = &columns[how.to as usize % columns.len().max(1)];
    let row = how.at.rotate_left(16) % rows;
    let old: Value = store.query_row(&format!("select \"{name}\" from \"{table}\" limit 1 offset {row}"), [], |found| found.get(0))?;
    let mut bytes = match &old {
        Value::Text(text) => text.clone().into_bytes(),
        Value::Integer(number) => number.to_string().into_bytes(),
        _ => Vec::new(),
    };
    mutate(&mut bytes, donor, Mutation { kind: how.kind, at: how.to, to: how.at });
    let new = match (how.kind / 16, String::from_utf8(bytes)) {
        (0, _) => Value::Null,
        (1, _) => Value::Integer(i64::from(how.to) << 32),
        (2, Ok(text)) => Value::Blob(text.into_bytes()),
        (_, Ok(text)) => text.parse().map_or(Value::Text(text), Value::Integer),
        (_, Err(error)) => Value::Blob(error.into_bytes()),
    };
    let row_of = format!("select rowid from \"{table}\" limit 1 offset {row}");
    store.execute(&format!("update \"{table}\" set \"{name}\" = ?1 where rowid in ({row_of})"), [new])?;
    Ok(())
}

fn column(store: &rusqlite::Connection, query: &str) -> rusqlite::Result<Vec<String>> {
    store.prepare(query)?.query_map([], |row| row.get(0))?.collect()
}
