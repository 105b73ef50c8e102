//! Codex CLI: rollouts, one file for each thread. An agent is a thread of its own, in a rollout that names its parent.
//!
//! What is known of the format is known from the program's own source (openai/codex, codex-rs, spring 2025 to autumn 2026)
//! and from what other readers of real rollouts report; no real rollout was at hand. Each file says its sources.

mod agents;
mod calls;
mod commands;
mod files;
mod output;
mod packed;
mod patch;
mod record;
mod replay;
mod rollout;
mod salvage;
mod script;
mod stretch;
#[cfg(test)]
mod tests;
mod told;
mod words;

use super::find::LogFiles;
use super::glance::Glance;
use super::lines::each_line;
use super::salvage::records;
use super::stamp::moment;
use super::{Format, LogError};
use crate::input::skim::Cursor;
use crate::model::damage::Damage;
use crate::model::moment::Moment;
use crate::model::session::{Clock, Notice, Numbering, Place, Session};
use agents::Agents;
use record::{Line, LineKind};
use rollout::Rollout;
use std::ops::ControlFlow;
use std::path::Path;

/// The format's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: "codex",
    title: "Codex CLI rollouts",
    ids_are_unique: true,
    extensions: &["jsonl", "zst"],
    recognises,
    group: files::group,
    read,
    roots: files::roots,
    own: files::own,
};

fn recognises(seen: &Glance<'_>) -> bool {
    packed::is_packed(seen.path) || seen.lines().any(|line| Line::read(&mut Cursor::new(line)).is_ok_and(|line| line.is_a_rollout_s()))
}

/// A session while it is read.
#[derive(Debug, Default)]
struct Builder {
    rollouts: Vec<Rollout>,
    agents: Agents,
    /// Records that are no rollout's do not make a log.
    believable: u64,
    has_times: bool,
    /// The one time in a rollout of before September 2025.
    header_time: Option<Moment>,
    records: u64,
    damage: Damage,
    notices: Vec<Notice>,
}

/// Reads a session: its own rollout and those of its agents.
fn read(files: &LogFiles) -> Result<Session, LogError> {
    let main_path = super::shown(&files.main);
    let mut builder = Builder::default();
    builder.file(&files.main, &main_path, None)?;
    if builder.believable == 0 {
        return Err(LogError::NoRecord { path: main_path, bad_lines: builder.damage.count });
    }
    for path in &files.agents {
        let shown = super::shown(path);
        // An agent's rollout that cannot be read is said and leaves the dispatch with what the others know.
        if let Err(error) = builder.file(path, &shown, Some(&shown)) {
            builder.notices.push(Notice { path: shown, line: 0, what: error.to_string() });
        }
    }
    Ok(builder.finish(main_path))
}

impl Builder {
    fn file(&mut self, path: &Path, shown: &str, agent: Option<&str>) -> Result<(), LogError> {
        let failed = |source| LogError::Unreadable { path: shown.to_owned(), source };
        let file = packed::open(path).map_err(failed)?;
        self.begin(shown, agent);
        each_line(file, |number, bytes| {
            self.line(shown, number, bytes);
            ControlFlow::Continue(())
        })
        .map_err(failed)
    }

    fn begin(&mut self, shown: &str, agent: Option<&str>) {
        self.agents.rollout = self.rollouts.len();
        self.rollouts.push(Rollout::new(shown, agent));
    }

    fn line(&mut self, shown: &str, number: u64, bytes: &[u8]) {
        let mut repeated_key = false;
        let Builder { rollouts, agents, believable, has_times, header_time, records: count, .. } = self;
        let Some(rollout) = rollouts.last_mut() else { return };
        let damaged = records(number, bytes, |line: Line<'_>| {
            *count += 1;
            *believable += u64::from(line.believable);
            repeated_key |= line.repeated_key;
            let at = line.timestamp.and_then(moment);
            if line.kind == LineKind::BareHeader {
                *header_time = header_time.or(at);
            }
            *has_times |= at.is_some() && line.kind != LineKind::BareHeader;
            if !rollout.replay.is_copy(&line, at) {
                rollout.line(agents, &line, Place { line: number, at });
            }
        });
        if damaged {
            self.damage.add(shown, number);
        }
        if repeated_key {
            self.notice(shown, number, "a key stands twice in one record; the last one counts");
        }
    }

    /// Notes an oddity once for each kind, at its first place.
    fn notice(&mut self, path: &str, line: u64, what: &str) {
        if !self.notices.iter().any(|notice| notice.what == what) {
            self.notices.push(Notice { path: path.to_owned(), line, what: what.to_owned() });
        }
    }

    fn finish(mut self, main_path: String) -> Session {
        for rollout in &mut self.rollouts {
            rollout.finish();
        }
        for rollout in &mut self.rollouts[1..] {
            rollout.thread.transcript.agent = rollout.id.clone().or_else(|| rollout.thread.transcript.agent.take());
        }
        let agents = std::mem::take(&mut self.agents);
        let dispatches = agents.dispatches(&mut self.rollouts);
        let shells: Vec<(String, u64)> =
            self.rollouts.iter().filter_map(|rollout| Some((rollout.thread.transcript.path.clone(), rollout.starts_agents?))).collect();
        for (path, line) in shells {
            self.notice(&path, line, "a shell command starts agents; they are not in this log");
        }
        let copied: Vec<String> = self
            .rollouts
            .iter()
            .filter(|rollout| rollout.is_nothing_but_copies())
            .map(|rollout| rollout.thread.transcript.path.clone())
            .collect();
        for path in copied {
            self.notice(&path, 0, "everything in it is copied from another thread");
        }
        let times = |pick: fn(&crate::model::session::Transcript) -> Option<Moment>| {
            self.rollouts.iter().filter_map(move |rollout| pick(&rollout.thread.transcript))
        };
        let (started, ended) = (times(|transcript| transcript.first).min(), times(|transcript| transcript.last).max());
        let name = || Path::new(&main_path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Session {
            id: self.rollouts[0].id.clone().unwrap_or_else(name),
            format: FORMAT.name,
            // Before September 2025 no record had a time.
            clock: if self.has_times { Clock::Times } else { Clock::Lines },
            numbering: Numbering::Lines,
            excerpt: false,
            cwd: self.rollouts[0].thread.transcript.cwd.clone(),
            started: started.or(self.header_time),
            ended: ended.or(self.header_time),
            records: self.records,
            damage: self.damage,
            notices: self.notices,
            transcripts: self.rollouts.into_iter().map(|rollout| rollout.thread.transcript).collect(),
            dispatches,
            path: main_path,
        }
    }
}
