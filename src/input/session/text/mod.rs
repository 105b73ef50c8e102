//! Plain text and markdown: pasted consoles, exports, histories, chat transcripts.
//!
//! How such texts are written differs by where they come from: one file for each dialect, and one line in `DIALECTS`.
//! A dialect tells what it reads to a `Builder`; what the order of the lines proves is decided there, for all alike.

mod announced;
mod brackets;
mod builder;
mod chat;
mod clean;
mod console;
mod conversation;
mod elements;
mod fences;
mod invoke;
mod item;
mod markdown;
mod narration;
mod speakers;
mod stamps;

use super::find::{Candidate, Found, LogFiles};
use super::glance::Glance;
use super::thread::hash;
use super::{Format, LogError};
use crate::model::session::Session;
use builder::Builder;
use clean::clean;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "text",
    title: "pasted consoles, exports and chat transcripts, as plain text or markdown",
    ids_are_unique: false,
    extensions: &["md", "markdown", "txt", "log"],
    recognises,
    group,
    read,
    roots,
    own,
};

/// One way in which conversations are written down.
struct Dialect {
    /// How many of these first lines bear marks of this dialect alone; 0: it is none.
    evidence: fn(&[Line<'_>]) -> u32,
    /// Tells all lines to a builder.
    read: fn(&[Line<'_>], &mut Builder),
}

/// Every dialect, in the order in which they win where the evidence is the same.
const DIALECTS: &[Dialect] = &[console::DIALECT, markdown::DIALECT, chat::DIALECT];

/// One line of a text, as a person sees it.
struct Line<'t> {
    /// From 1.
    number: u64,
    text: Cow<'t, str>,
}

fn lines(bytes: &[u8]) -> Vec<Line<'_>> {
    let whole = std::str::from_utf8(bytes).ok();
    let mut lines = Vec::with_capacity(memchr::memchr_iter(b'\n', bytes).count() + 1);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len())) {
        let text = match whole.and_then(|text| text.get(start..end)) {
            Some(line) => clean::visible(line),
            None => clean(&bytes[start..end]),
        };
        lines.push(Line { number: lines.len() as u64 + 1, text });
        start = end + 1;
    }
    lines
}

/// How many lines of a long text tell of which dialect it is, if any dialect has evidence in them.
const BEGINNING: usize = 4_000;

/// The dialect with the most evidence in the beginning; in all lines where the beginning has none.
fn dialect(lines: &[Line<'_>]) -> Option<&'static Dialect> {
    lines.get(..BEGINNING).and_then(weighed).or_else(|| weighed(lines))
}

fn weighed(lines: &[Line<'_>]) -> Option<&'static Dialect> {
    let weighed = DIALECTS.iter().rev().map(|dialect| ((dialect.evidence)(lines), dialect));
    weighed.filter(|(evidence, _)| *evidence > 0).max_by_key(|(evidence, _)| *evidence).map(|(_, dialect)| dialect)
}

/// How to read what nobody would take for a log where a person says that it is one: it is one if it shows calls.
fn example(lines: &[Line<'_>]) -> &'static Dialect {
    let is_console = console::is_shown(lines) && !lines.iter().any(|line| conversation::shows_a_call(&line.text));
    if is_console { &console::DIALECT } else { &chat::DIALECT }
}

/// Whether a file that holds no document has a console's shape, though its first calls may stand far down.
fn is_console(path: &Path, lines: &[Line<'_>]) -> bool {
    let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    ["txt", "log"].iter().any(|known| kind.eq_ignore_ascii_case(known)) && console::has_shape(lines)
}

fn recognises(seen: &Glance<'_>) -> bool {
    if seen.bytes.contains(&0) || seen.content().first().is_none_or(|byte| *byte == b'{') {
        return false;
    }
    let lines = lines(seen.bytes);
    dialect(&lines).is_some() || is_console(seen.path, &lines)
}

fn group(candidates: Vec<Candidate>, found: &mut Found) {
    found.logs.extend(candidates.into_iter().map(|one| LogFiles::new(one, Vec::new(), &FORMAT)));
}

fn read(files: &LogFiles) -> Result<Session, LogError> {
    let path = super::shown(&files.main);
    let bytes = std::fs::read(&files.main).map_err(|source| LogError::Unreadable { path: path.clone(), source })?;
    let lines = lines(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let mut builder = Builder::new(&path, hash(lines.iter().map(|line| line.text.as_ref()).collect::<Vec<&str>>()));
    let by_shape = || if is_console(&files.main, &lines) { &console::DIALECT } else { example(&lines) };
    (dialect(&lines).unwrap_or_else(by_shape).read)(&lines, &mut builder);
    if builder.records() == 0 {
        return Err(LogError::NoRecord { path, bad_lines: lines.len() as u64 });
    }
    let name = Path::new(&path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(builder.finish(&name, FORMAT.name))
}

/// Nobody keeps pasted texts in one place.
fn roots() -> Vec<PathBuf> {
    Vec::new()
}

fn own(_folders: &[PathBuf], _roots: &[PathBuf], _found: &mut Found) {}
