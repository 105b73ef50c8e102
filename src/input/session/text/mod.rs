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
    let numbered = bytes.split(|byte| *byte == b'\n').enumerate();
    numbered.map(|(index, line)| Line { number: index as u64 + 1, text: clean(line) }).collect()
}

/// The dialect with the most evidence.
fn dialect(lines: &[Line<'_>]) -> Option<&'static Dialect> {
    let weighed = DIALECTS.iter().rev().map(|dialect| ((dialect.evidence)(lines), dialect));
    weighed.filter(|(evidence, _)| *evidence > 0).max_by_key(|(evidence, _)| *evidence).map(|(_, dialect)| dialect)
}

/// How to read what nobody would take for a log where a person says that it is one: it is one if it shows calls.
fn example(lines: &[Line<'_>]) -> &'static Dialect {
    let is_console = console::is_shown(lines) && !lines.iter().any(|line| conversation::shows_a_call(&line.text));
    if is_console { &console::DIALECT } else { &chat::DIALECT }
}

fn recognises(seen: &Glance<'_>) -> bool {
    !seen.bytes.contains(&0) && seen.content().first().is_some_and(|byte| *byte != b'{') && dialect(&lines(seen.bytes)).is_some()
}

fn group(candidates: Vec<Candidate>, found: &mut Found) {
    found.logs.extend(candidates.into_iter().map(|one| LogFiles::new(one, Vec::new(), &FORMAT)));
}

fn read(files: &LogFiles) -> Result<Session, LogError> {
    let path = super::shown(&files.main);
    let bytes = std::fs::read(&files.main).map_err(|source| LogError::Unreadable { path: path.clone(), source })?;
    let lines = lines(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let mut builder = Builder::new(&path, hash(lines.iter().map(|line| line.text.as_ref()).collect::<Vec<&str>>()));
    (dialect(&lines).unwrap_or_else(|| example(&lines)).read)(&lines, &mut builder);
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
