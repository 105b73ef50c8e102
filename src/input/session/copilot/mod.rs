//! GitHub Copilot CLI, versions 0.0.4xx to 1.0.9x: one event a line in `session-state/<session>/events.jsonl`, those of subagents
//! among them. Before, the same events stood in `session-state/<session>.jsonl`. The JSON documents below
//! `history-session-state`, from before there were subagents, are not read.
//!
//! Facts about the format are from the events' schema in GitHub's SDK (github/copilot-sdk, nodejs/src/generated/session-events.ts),
//! from the analysis of the program in vibewatch/copilot-cli-internals (1.0.48 to 1.0.82), and from excerpts of logs of 1.0.54,
//! 1.0.82 and 1.0.92 in public test suites. No whole log was at hand; where a version matters, the code says so.

mod agents;
mod builder;
mod event;
mod files;
mod runs;
mod salvage;
mod tools;

use super::find::LogFiles;
use super::glance::Glance;
use super::lines::each_line;
use super::{Format, LogError};
use crate::input::skim::Cursor;
use crate::model::session::{Clock, Numbering, Session};
use builder::Builder;
use event::Event;
use std::fs::File;
use std::ops::ControlFlow;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "copilot",
    title: "GitHub Copilot CLI",
    ids_are_unique: false,
    extensions: &["jsonl"],
    recognises,
    group: files::group,
    read,
    roots: files::roots,
    own: files::own,
};

fn recognises(seen: &Glance<'_>) -> bool {
    seen.lines().any(|line| Event::read(&mut Cursor::new(line)).is_ok_and(|event| event.is_telling()))
}

/// Reads a session: its one file.
fn read(files: &LogFiles) -> Result<Session, LogError> {
    let path = super::shown(&files.main);
    let failed = |source| LogError::Unreadable { path: path.clone(), source };
    let mut builder = Builder::new(&path);
    let file = File::open(&files.main).map_err(failed)?;
    each_line(file, |number, bytes| {
        builder.line(number, bytes);
        ControlFlow::Continue(())
    })
    .map_err(failed)?;
    if builder.records == 0 || !builder.recognised {
        return Err(LogError::NoRecord { path, bad_lines: builder.damage.count.max(builder.records) });
    }
    let id = builder.id.take().or_else(|| files.id.clone()).unwrap_or_else(|| files::name_of(&files.main));
    Ok(session(builder, id))
}

fn session(mut builder: Builder, id: String) -> Session {
    let (dispatches, transcripts) = builder.finish();
    Session {
        id,
        path: builder.path,
        format: FORMAT.name,
        clock: Clock::Times,
        numbering: Numbering::Lines,
        excerpt: false,
        cwd: builder.cwd,
        started: builder.started,
        ended: builder.ended,
        records: builder.records,
        damage: builder.damage,
        notices: builder.notices,
        transcripts,
        dispatches,
    }
}

#[cfg(test)]
mod tests;
