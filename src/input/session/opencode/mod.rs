//! OpenCode (sst/opencode, now anomalyco/opencode), versions 0.3 to 1.18: exported JSON, the SQLite store, and the folder
//! of JSON files that came before it.
//!
//! Facts about the format are from the program's own source, which each module names; no logs of real users were at hand.
//! An agent is a session of its own whose `parent_id` names the session whose `task` call made it.

mod builder;
mod calls;
mod files;
mod folder;
mod head;
mod pieces;
mod record;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod tools;

use super::find::LogFiles;
use super::glance::Glance;
use super::{Format, LogError};
use crate::model::session::{Clock, Numbering, Session};
use builder::Builder;
use head::Head;
use pieces::{Piece, each_piece};
use std::fs::File;
use std::path::Path;
use store::{Refusal, Store};

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "opencode",
    title: "OpenCode exports and stores",
    ids_are_unique: true,
    extensions: &["json", "db"],
    recognises,
    group: files::group,
    read,
    roots: files::roots,
    own: files::own,
};

fn recognises(seen: &Glance<'_>) -> bool {
    Head::of(seen.bytes) != Head::Other
}

/// Reads one session: an export and those of its agents, a session of a store, or one of the folder store.
fn read(files: &LogFiles) -> Result<Session, LogError> {
    let path = super::shown(&files.main);
    let failed = |source| LogError::Unreadable { path: path.clone(), source };
    match head::of_file(&files.main).map_err(failed)? {
        Head::Store => read_store(files, &path),
        Head::Session => read_folder(files, &path),
        Head::Export => read_exports(files, &path),
        Head::Message | Head::Part | Head::Other => Err(LogError::NoRecord { path, bad_lines: 1 }),
    }
}

fn read_exports(files: &LogFiles, path: &str) -> Result<Session, LogError> {
    let mut builder = Builder::new(path);
    let mut numbering = read_export(&mut builder, &files.main).map_err(|source| LogError::Unreadable { path: path.to_owned(), source })?;
    if builder.threads.is_empty() || builder.records == 0 {
        return Err(LogError::NoRecord { path: path.to_owned(), bad_lines: builder.damage.count.max(1) });
    }
    for agent in &files.agents {
        let shown = super::shown(agent);
        match read_export(&mut builder, agent) {
            Ok(Numbering::Lines) => {}
            // A session has one numbering: where one of its exports has no lines, the numbers are no lines for sure.
            Ok(Numbering::Records) => numbering = Numbering::Records,
            Err(error) => builder.notice(&shown, 0, &error.to_string()),
        }
    }
    Ok(finish(builder, numbering))
}

/// Reads one export as the next thread.
fn read_export(builder: &mut Builder, path: &Path) -> std::io::Result<Numbering> {
    let shown = super::shown(path);
    let mut thread = None;
    let mut last_line = 0;
    let seen = each_piece(File::open(path)?, |piece| match piece {
        Piece::Info(bytes) if thread.is_none() => {
            let info = record::Info::read(&bytes);
            let skipped = info.id.as_ref().is_some_and(|id| builder.taken_back.contains(id));
            thread = Some((!skipped).then(|| builder.begin(info, &shown)));
        }
        Piece::Info(_) => builder.notice(&shown, 0, "the export names its session twice; the first one counts"),
        Piece::Message(message) => {
            last_line = message.line;
            // Where the facts stand behind the messages, the session has no name and no folder.
            let thread = *thread.get_or_insert_with(|| Some(builder.begin(record::Info::default(), &shown)));
            if let Some(thread) = thread {
                builder.message(thread, &message);
            }
        }
    })?;
    if let (true, Some(thread)) = (seen.cut, thread.flatten()) {
        builder.cut_off(thread, last_line);
    }
    if seen.more_behind {
        builder.notice(&shown, 0, "something stands behind the end of the export; it is not read");
    }
    Ok(if seen.in_lines { Numbering::Lines } else { Numbering::Records })
}

fn read_store(files: &LogFiles, path: &str) -> Result<Session, LogError> {
    // OpenCode may begin to write while a store is read that nobody had open: then it is read again, in the way that allows that.
    let builder = from_store(files, path).or_else(|refusal| match refusal {
        Refusal::Unreadable(error) if error.kind() == std::io::ErrorKind::InvalidData => from_store(files, path),
        other => Err(other),
    });
    let builder = builder.map_err(|refusal| match refusal {
        Refusal::Unreadable(source) => LogError::Unreadable { path: path.to_owned(), source },
        Refusal::Unknown(saw) => LogError::UnknownFormat { path: path.to_owned(), saw, known: super::names().join(", ") },
    })?;
    if builder.threads.is_empty() || builder.records == 0 {
        return Err(LogError::NoRecord { path: path.to_owned(), bad_lines: builder.damage.count });
    }
    Ok(finish(builder, Numbering::Records))
}

fn from_store(files: &LogFiles, path: &str) -> Result<Builder, Refusal> {
    let store = Store::open(&files.main)?;
    store.hold()?;
    let mut builder = Builder::new(path);
    for info in store.family(files.part.as_deref().unwrap_or_default())? {
        let id = info.id.clone().unwrap_or_default();
        let gone = |id: &Option<String>| id.as_ref().is_some_and(|id| builder.taken_back.contains(id));
        if gone(&info.id) || gone(&info.parent) {
            builder.taken_back.insert(id);
            continue;
        }
        let thread = builder.begin(info, path);
        store.messages(&id, |message| builder.message(thread, &message))?;
    }
    Ok(builder)
}

fn read_folder(files: &LogFiles, path: &str) -> Result<Session, LogError> {
    let mut builder = Builder::new(path);
    folder::read(&mut builder, &files.main).map_err(|source| LogError::Unreadable { path: path.to_owned(), source })?;
    if builder.records == 0 {
        return Err(LogError::NoRecord { path: path.to_owned(), bad_lines: builder.damage.count });
    }
    for agent in &files.agents {
        if let Err(error) = folder::read(&mut builder, agent) {
            builder.notice(&super::shown(agent), 0, &error.to_string());
        }
    }
    Ok(finish(builder, Numbering::Records))
}

fn finish(mut builder: Builder, numbering: Numbering) -> Session {
    let dispatches = builder.dispatches();
    let info = builder.threads.first().map(|main| main.info.clone()).unwrap_or_default();
    let name = || Path::new(&builder.path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id = info.id.unwrap_or_else(name);
    let transcripts: Vec<_> = builder.threads.into_iter().map(|reading| reading.thread.transcript).collect();
    Session {
        id,
        path: builder.path,
        format: FORMAT.name,
        clock: Clock::Times,
        numbering,
        excerpt: false,
        cwd: transcripts.first().and_then(|main| main.cwd.clone()),
        started: transcripts.iter().filter_map(|transcript| transcript.first).min(),
        ended: transcripts.iter().filter_map(|transcript| transcript.last).max(),
        records: builder.records,
        damage: builder.damage,
        notices: builder.notices,
        transcripts,
        dispatches,
    }
}
