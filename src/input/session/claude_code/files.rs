//! Which files make up a session of Claude Code, and where it keeps them.

use super::agent_of;
use crate::input::session::find::{Candidate, Found, LogFiles, Unusable, entries, is_readable, recognised_below};
use crate::input::session::lines::first_lines;
use crate::input::session::shown;
use crate::input::skim::{Cursor, Kind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// How much of a log is looked at to learn whose it is.
const PEEK_LINES: u64 = 50;

/// Puts main transcripts and their agents' together. A transcript of an agent whose session is not there is a session of its own.
pub(super) fn group(candidates: Vec<Candidate>, found: &mut Found) {
    let mut beside = Beside::default();
    let (agents, mains): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|one| !one.named && is_agent_file(&one.path));
    let mut used = FxHashSet::default();
    for main in mains {
        let known = peek(&main.path);
        let agents = agents_of(&main.path, &known, &mut beside, &mut found.skipped);
        used.extend(agents.iter().cloned());
        let agent_ids = agents.iter().filter_map(|path| agent_of(path)).collect();
        found.logs.push(LogFiles { id: known.session, agent_ids, ..LogFiles::new(main, agents, &super::FORMAT) });
    }
    let orphans = agents.into_iter().filter(|one| !used.contains(&one.path) && agent_of(&one.path).is_some());
    found.logs.extend(orphans.map(|one| LogFiles { id: peek(&one.path).session, ..LogFiles::new(one, Vec::new(), &super::FORMAT) }));
}

/// `agent-*.jsonl`, or anything in a `subagents` folder.
fn is_agent_file(path: &Path) -> bool {
    let named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("agent-"));
    named || path.parent().is_some_and(|folder| folder.components().any(|part| part.as_os_str() == "subagents"))
}

/// The transcripts of a session's agents: below `<session>/subagents/` (2.1), or beside it with its `sessionId` (2.0).
///
/// What cannot be read is said in `skipped`: without it the session would look as if that agent had no transcript.
fn agents_of(main: &Path, known: &Peek, beside: &mut Beside, skipped: &mut Vec<Unusable>) -> Vec<PathBuf> {
    let mut agents = Vec::new();
    let below = main.with_extension("").join("subagents");
    if main.extension().is_some() && below.is_dir() {
        for entry in WalkDir::new(&below).max_depth(5).sort_by_file_name() {
            match entry {
                Ok(entry) => agents.extend(Some(entry.into_path()).filter(|path| is_transcript(path) && is_readable(path, skipped))),
                Err(error) => skipped.push(Unusable { path: error.path().map_or_else(|| shown(&below), shown), why: error.to_string() }),
            }
        }
    }
    let session = known.session.clone().or_else(|| main.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    if let Some(session) = session {
        agents.extend(beside.of(main, &session, skipped));
    }
    agents
}

fn is_transcript(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "jsonl") && agent_of(path).is_some()
}

/// The agents' transcripts of each folder by their session, read once for each folder.
#[derive(Default)]
struct Beside {
    folders: FxHashMap<PathBuf, FxHashMap<String, Vec<PathBuf>>>,
}

impl Beside {
    fn of(&mut self, main: &Path, session: &str, skipped: &mut Vec<Unusable>) -> Vec<PathBuf> {
        let folder = main.parent().map(Path::to_path_buf).unwrap_or_default();
        let sessions = self.folders.entry(folder.clone()).or_insert_with(|| {
            let names = entries(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder }, skipped);
            let paths = names.into_iter().map(|name| folder.join(name)).filter(|path| is_transcript(path) && is_readable(path, skipped));
            let mut sessions: FxHashMap<String, Vec<PathBuf>> = FxHashMap::default();
            for path in paths {
                if let Some(session) = peek(&path).session {
                    sessions.entry(session).or_default().push(path);
                }
            }
            sessions
        });
        sessions.get(session).into_iter().flatten().filter(|path| *path != main).cloned().collect()
    }
}

/// What the first lines of a log tell about it.
#[derive(Debug, Clone, Default)]
struct Peek {
    session: Option<String>,
    cwd: Option<String>,
}

fn peek(path: &Path) -> Peek {
    let mut peek = Peek::default();
    let Ok(file) = File::open(path) else { return peek };
    let _ = first_lines(file, |number, line| {
        let mut cursor = Cursor::new(line);
        if cursor.kind() == Ok(Kind::Object) {
            let _ = cursor.object(|cursor, key| {
                let slot = match key.text().as_ref() {
                    "sessionId" => &mut peek.session,
                    "cwd" => &mut peek.cwd,
                    _ => return Ok(()),
                };
                if let Some(text) = cursor.string_or_skip()?.filter(|_| slot.is_none()) {
                    *slot = Some(text.text().into_owned());
                }
                Ok(())
            });
        }
        let done = peek.session.is_some() && peek.cwd.is_some();
        if done || number >= PEEK_LINES { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    peek
}

/// The folders in which Claude Code keeps its logs: `CLAUDE_CONFIG_DIR` (several, with commas), `~/.claude`,
/// `~/.config/claude`.
pub(super) fn roots() -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = Vec::new();
    if let Some(configured) = std::env::var_os("CLAUDE_CONFIG_DIR") {
        roots.extend(configured.to_string_lossy().split(',').filter(|part| !part.trim().is_empty()).map(|part| PathBuf::from(part.trim())));
    }
    if let Some(home) = std::env::home_dir() {
        roots.push(home.join(".claude"));
        roots.push(home.join(".config/claude"));
    }
    let mut known = FxHashSet::default();
    roots.into_iter().map(|root| root.join("projects")).filter(|root| root.is_dir() && known.insert(root.clone())).collect()
}

/// The sessions that worked in one of `folders` or below.
pub(super) fn own(folders: &[PathBuf], roots: &[PathBuf], found: &mut Found) {
    for root in roots {
        let projects = entries(root, &mut found.unusable).into_iter().map(|name| root.join(name));
        for project in projects.filter(|project| may_belong(project, folders)) {
            let mut in_project = recognised_below(&project, &super::FORMAT);
            // The folder's name is ambiguous ("-home-dev-shop-api" is /home/dev/shop/api and /home/dev/shop-api); the records are not.
            in_project
                .logs
                .retain(|log| peek(&log.main).cwd.is_none_or(|cwd| folders.iter().any(|folder| Path::new(&cwd).starts_with(folder))));
            found.absorb(in_project);
        }
    }
}

fn may_belong(project: &Path, folders: &[PathBuf]) -> bool {
    let Some(name) = project.file_name().map(|name| name.to_string_lossy().into_owned()) else { return false };
    folders.iter().any(|folder| {
        let encoded = project_name(&folder.to_string_lossy());
        name == encoded || name.starts_with(&format!("{encoded}-"))
    })
}

/// The name that Claude Code gives a project's folder: every UTF-16 unit that is no ASCII letter or digit is a `-`.
fn project_name(folder: &str) -> String {
    let dash = |unit: u16| u8::try_from(unit).ok().filter(u8::is_ascii_alphanumeric).map_or('-', char::from);
    folder.encode_utf16().map(dash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_named_as_claude_code_names_it() {
        assert_eq!(project_name("/home/dev/my.shop_2"), "-home-dev-my-shop-2");
        assert_eq!(project_name("/w/\u{1f600}"), "-w---");
    }

    #[test]
    fn agents_are_told_from_mains() {
        assert!(is_agent_file(Path::new("p/agent-1a2b3c4d.jsonl")));
        assert!(is_agent_file(Path::new("p/s/subagents/workflows/wf_1/agent-a.jsonl")));
        assert!(!is_agent_file(Path::new("p/subagents-notes.jsonl")));
        assert_eq!(agent_of(Path::new("agent-acompact-1.jsonl")), None);
    }
}
