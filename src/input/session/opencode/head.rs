//! What a file of OpenCode is, from its beginning.

#![allow(clippy::disallowed_methods)]

use super::record::{Info, Role};
use super::store::MAGIC;
use crate::input::skim::fields::{field, text_field};
use crate::input::skim::{Cursor, Kind};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How much of a file is looked at: the facts of a session stand first, and what makes them long stands last in them.
const LOOK: u64 = 256 * 1024;

/// Lines that may stand before an export: what `2>&1` adds, menus of `opencode export` included.
const LINES_BEFORE: usize = 60;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// A SQLite database, of OpenCode or not.
    Store,
    /// `{info, messages}`.
    Export,
    /// The facts of a session in the folder store.
    Session,
    /// A message in the folder store.
    Message,
    /// A part in the folder store.
    Part,
    /// Nothing of OpenCode.
    Other,
}

impl Head {
    /// Tells what begins with these bytes, which may break off anywhere.
    pub(super) fn of(bytes: &[u8]) -> Head {
        if bytes.starts_with(MAGIC) {
            return Head::Store;
        }
        let Some(document) = document(bytes) else { return Head::Other };
        let whole = document.len() == bytes.len();
        let mut first = None;
        let mut cursor = Cursor::new(document);
        let mut facts = Vec::new();
        let _ = cursor.object(|cursor, key| {
            if first.is_none() {
                first = Some(key.plain().into_owned());
            }
            if key.is("info") && cursor.kind() == Ok(Kind::Object) {
                facts = document[cursor.offset()..].to_vec();
            }
            Ok(())
        });
        if !facts.is_empty() {
            let begins = matches!(first.as_deref(), Some(b"info" | b"messages"));
            return if begins && Info::read(&facts).is_session { Head::Export } else { Head::Other };
        }
        if whole { Head::of_record(document) } else { Head::Other }
    }

    /// Files of the folder store are one object each.
    fn of_record(document: &[u8]) -> Head {
        let Some(id) = text_field(document, "id").map(|raw| raw.text().into_owned()) else { return Head::Other };
        let names_session = text_field(document, "sessionID").is_some();
        if id.starts_with("ses") && field(document, "time").is_some() && Info::read(document).is_session {
            Head::Session
        } else if names_session && text_field(document, "messageID").is_some() && text_field(document, "type").is_some() {
            Head::Part
        } else if names_session && role_of(document) != Role::Other {
            Head::Message
        } else {
            Head::Other
        }
    }
}

fn role_of(document: &[u8]) -> Role {
    super::record::Message::read(document).map_or(Role::Other, |message| message.role)
}

/// The bytes from the brace that begins the document; lines of text may stand before it.
fn document(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n').take(LINES_BEFORE) {
        let blank = line.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0).count();
        if line.get(blank) == Some(&b'{') {
            return Some(if at + blank == 0 { bytes } else { &bytes[at + blank..] });
        }
        at += line.len();
    }
    None
}

/// What a file is.
///
/// Errors: it cannot be read.
pub(super) fn of_file(path: &Path) -> std::io::Result<Head> {
    Ok(Head::of(&beginning(path)?))
}

/// The beginning of a file.
pub(super) fn beginning(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LOOK).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The facts of the session that a file tells of, as far as its beginning holds them.
pub(super) fn info_of(path: &Path) -> Info {
    let Ok(bytes) = beginning(path) else { return Info::default() };
    let Some(document) = document(&bytes) else { return Info::default() };
    let mut facts = None;
    let mut cursor = Cursor::new(document);
    let _ = cursor.object(|cursor, key| {
        if key.is("info") && facts.is_none() {
            facts = Some(Info::read(&document[cursor.offset()..]));
        }
        Ok(())
    });
    facts.unwrap_or_else(|| Info::read(document))
}
