//! Claude Code, versions 1.0 to 2.1: one record a line, subagents in the same file, beside it, or below it.
//!
//! Facts about the format are from a scan of 543 logs of these versions; where a version matters, the code says so.

mod builder;
mod calls;
mod files;
mod notices;
mod pending;
mod record;
mod salvage;

use super::find::LogFiles;
use super::glance::Glance;
use super::lines::each_line;
use super::{Format, LogError};
use crate::input::skim::Cursor;
use crate::input::skim::fields::text_field;
use crate::model::session::{Clock, Notice, Numbering, Session};
use builder::{Builder, Origin};
use record::Record;
use rustc_hash::FxHashMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

/// A `meta.json` holds a handful of words.
const LARGEST_META: u64 = 1 << 20;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "claude-code",
    title: "Claude Code",
    ids_are_unique: false,
    extensions: &["jsonl"],
    recognises,
    group: files::group,
    read,
    roots: files::roots,
    own: files::own,
};

fn recognises(seen: &Glance<'_>) -> bool {
    seen.lines().any(is_record)
}

/// Whether a line is a record of Claude Code: it has a `type` and an identity of its own or of its session.
fn is_record(line: &[u8]) -> bool {
    Record::read(&mut Cursor::new(line))
        .is_ok_and(|record| record.has_type && (record.uuid.is_some() || record.session_id.is_some() || record.message.id.is_some()))
}

/// Reads a session: its main transcript and the transcripts of its agents.
fn read(files: &LogFiles) -> Result<Session, LogError> {
    let main_path = super::shown(&files.main);
    let mut builder = Builder::new(&main_path);
    let own = Origin { path: main_path.clone(), agent: None };
    read_file(&mut builder, &own, &files.main)?;
    if builder.records == 0 || !builder.recognised {
        return Err(LogError::NoRecord { path: main_path, bad_lines: builder.damage.count.max(builder.records) });
    }
    let mut links = FxHashMap::default();
    for path in &files.agents {
        let Some(agent) = agent_of(path) else { continue };
        let origin = Origin { path: super::shown(path), agent: Some(agent.clone()) };
        // The glimpses in the main file are a poorer copy of what the agent's own transcript tells.
        builder.forget_glimpses(&agent);
        // An agent's transcript that cannot be read is said and leaves the dispatch with what the main file knows.
        if let Err(error) = read_file(&mut builder, &origin, path) {
            builder.notices.push(Notice { path: origin.path.clone(), line: 0, what: error.to_string() });
        }
        if let Some(call) = linked_call(path) {
            links.insert(call, agent);
        }
    }
    Ok(finish(builder, &links, &main_path))
}

fn read_file(builder: &mut Builder, origin: &Origin, path: &Path) -> Result<(), LogError> {
    let failed = |source| LogError::Unreadable { path: origin.path.clone(), source };
    let file = File::open(path).map_err(failed)?;
    each_line(file, |number, bytes| {
        builder.line(origin, number, bytes);
        ControlFlow::Continue(())
    })
    .map_err(failed)
}

/// The agent whose transcript a file is, by its name: `agent-<id>.jsonl`.
fn agent_of(path: &Path) -> Option<String> {
    let name = path.file_stem()?.to_str()?;
    name.strip_prefix("agent-").filter(|id| !id.is_empty() && !id.starts_with("acompact-")).map(str::to_owned)
}

/// The call that started an agent, by the `meta.json` beside its transcript (lately in 2.1).
fn linked_call(path: &Path) -> Option<String> {
    let meta = path.with_extension("meta.json");
    let bytes = std::fs::metadata(&meta)
        .ok()
        .filter(|data| data.is_file() && data.len() <= LARGEST_META)
        .and_then(|_| std::fs::read(&meta).ok())?;
    text_field(&bytes, "toolUseId").map(|raw| raw.text().into_owned())
}

fn finish(mut builder: Builder, links: &FxHashMap<String, String>, main_path: &str) -> Session {
    builder.promote_lone_sidechain();
    let dispatches = builder.dispatches(links);
    let transcripts = builder.threads.into_iter().map(|thread| thread.kept.transcript).collect();
    let name = || Path::new(main_path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Session {
        id: builder.id.unwrap_or_else(name),
        path: main_path.to_owned(),
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
