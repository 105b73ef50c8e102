//! The folder store, in use until 1.1 (2026-02): one JSON file for each session, message and part
//! (`packages/opencode/src/storage/{storage,json-migration}.ts` of anomalyco/opencode).
//!
//! `session/<project>/<session>.json`, `message/<session>/<message>.json`, `part/<message>/<part>.json`. Until 2025-07 each
//! project had a `storage/session` of its own: `info/<session>.json`, `message/<session>/…`, `part/<session>/<message>/…`.
//! Identifiers count as the files are named, as in OpenCode's own migration: what stands in the files may be older.

#![allow(clippy::disallowed_methods)]

use super::builder::Builder;
use super::record::{Info, Message};
use super::source::{RawMessage, RawPart};
use crate::input::session::find::{Unusable, entries};
use crate::input::session::shown;
use crate::model::moment::Moment;
use std::path::{Path, PathBuf};

/// Where the messages and the parts of a session lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The folder of its messages.
    pub(super) messages: PathBuf,
    /// The folder that has a folder for each of its messages.
    pub(super) parts: PathBuf,
}

/// The layout around a session's own file; `None` where the file lies in no such folder.
pub(super) fn layout(session: &Path) -> Option<Layout> {
    let id = session.file_stem()?;
    let folder = session.parent()?;
    if folder.file_name().is_some_and(|name| name == "info") {
        let root = folder.parent()?;
        return Some(Layout { messages: root.join("message").join(id), parts: root.join("part").join(id) });
    }
    let kind = folder.parent()?;
    let root = kind.parent()?;
    (kind.file_name()? == "session").then(|| Layout { messages: root.join("message").join(id), parts: root.join("part") })
}

/// Reads a session as the next thread. Files that cannot be read are said and left out.
///
/// Errors: the session's own file cannot be read.
pub(super) fn read(builder: &mut Builder, session: &Path) -> std::io::Result<()> {
    let mut info = Info::read(&std::fs::read(session)?);
    info.id = session.file_stem().map(|stem| stem.to_string_lossy().into_owned()).or(info.id);
    let gone = |id: &Option<String>| id.as_ref().is_some_and(|id| builder.taken_back.contains(id));
    if gone(&info.id) || gone(&info.parent) {
        builder.taken_back.extend(info.id);
        return Ok(());
    }
    let path = shown(session);
    let thread = builder.begin(info, &path);
    let Some(layout) = layout(session) else { return Ok(()) };
    let mut missing = Vec::new();
    let mut messages: Vec<(Option<Moment>, RawMessage)> = Vec::new();
    for (id, bytes) in json_files(&layout.messages, &mut missing) {
        let created = Message::read(&bytes).ok().and_then(|message| message.time.created);
        messages.push((created, RawMessage { line: 0, id: Some(id), info: bytes, parts: Vec::new() }));
    }
    messages.sort_by(|(one, first), (other, second)| one.cmp(other).then_with(|| first.id.cmp(&second.id)));
    for (_, mut message) in messages {
        let folder = layout.parts.join(message.id.as_deref().unwrap_or_default());
        if folder.is_dir() {
            let parts = json_files(&folder, &mut missing).into_iter();
            message.parts = parts.map(|(id, bytes)| RawPart { line: 0, id: Some(id), bytes }).collect();
        }
        builder.message(thread, &message);
    }
    for one in missing {
        builder.notice(&one.path, 0, &one.why);
    }
    Ok(())
}

/// The JSON files of a folder by their names, sorted.
fn json_files(folder: &Path, missing: &mut Vec<Unusable>) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for name in entries(folder, missing) {
        let path = folder.join(&name);
        if path.extension().is_none_or(|kind| kind != "json") {
            continue;
        }
        let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match std::fs::read(&path) {
            Ok(bytes) => files.push((id, bytes)),
            Err(error) => missing.push(Unusable { path: shown(&path), why: error.to_string() }),
        }
    }
    files
}
