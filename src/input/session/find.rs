//! Which files make up which session: named files, folders of them, and this repository's own.

use super::{claude_code, lines::first_lines, shown};
use crate::input::skim::{Cursor, Kind};
use crate::model::moment::Moment;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// How much of a log is looked at to learn whose it is.
const PEEK_LINES: u64 = 50;

/// The files of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFiles {
    /// The main transcript.
    pub main: PathBuf,
    /// The transcripts of its agents.
    pub agents: Vec<PathBuf>,
    /// It was named on the command line, so it has to be readable.
    pub named: bool,
    /// The size of all files, for the progress bar and the order of work.
    pub bytes: u64,
}

/// What a path could not be used for, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The path.
    pub path: String,
    /// Why.
    pub why: String,
}

/// What the paths of the command line lead to.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The sessions, sorted by path within each argument.
    pub logs: Vec<LogFiles>,
    /// Arguments that lead to nothing.
    pub unusable: Vec<Unusable>,
    /// What lies in a folder and cannot be read as a log.
    pub skipped: Vec<Unusable>,
}

impl Found {
    /// A broken file can be met on the way through its folder and again beside its session.
    fn say_once(&mut self) {
        let mut known = FxHashSet::default();
        self.skipped.retain(|one| known.insert(one.path.clone()));
    }
}

/// The names in a folder, sorted; a folder that cannot be listed is said.
fn entries(folder: &Path, unreadable: &mut Vec<Unusable>) -> Vec<std::ffi::OsString> {
    let listed =
        std::fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>());
    let mut names = listed.unwrap_or_else(|error| {
        unreadable.push(Unusable { path: shown(folder), why: error.to_string() });
        Vec::new()
    });
    names.sort();
    names
}

/// Whether a path leads to a regular file; what does not is said.
fn is_readable(path: &Path, skipped: &mut Vec<Unusable>) -> bool {
    let why = match std::fs::metadata(path) {
        Ok(data) if data.is_file() => return true,
        Ok(_) => "it is no regular file".to_owned(),
        Err(error) => error.to_string(),
    };
    skipped.push(Unusable { path: shown(path), why });
    false
}

/// Whether any file of a log was written at or after a moment; a log that cannot be asked may have been.
pub fn touched_since(log: &LogFiles, since: Moment) -> bool {
    std::iter::once(&log.main).chain(&log.agents).any(|path| {
        let written = std::fs::metadata(path).and_then(|data| data.modified());
        let after = written.ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        after.is_none_or(|after| i64::try_from(after.as_millis()).is_ok_and(|after| after >= since.0))
    })
}

/// Finds the sessions that files and folders hold.
pub fn in_paths(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut beside = Beside::default();
    for path in paths {
        match std::fs::metadata(path) {
            Err(error) => found.unusable.push(Unusable { path: shown(path), why: error.to_string() }),
            Ok(data) if data.is_dir() => {
                let before = (found.logs.len(), found.unusable.len());
                in_folder(path, &mut beside, &mut found);
                if before == (found.logs.len(), found.unusable.len()) {
                    found.unusable.push(Unusable { path: shown(path), why: "the folder holds no session log (*.jsonl)".to_owned() });
                }
            }
            // A pipe or a device may never end, and is gone once it was looked at.
            Ok(data) if !data.is_file() => {
                found.unusable.push(Unusable { path: shown(path), why: "it is no regular file; save it to one first".to_owned() })
            }
            Ok(_) => {
                let agents = agents_of(path, &mut beside, &mut found.skipped);
                found.logs.push(with_size(path.clone(), agents, true));
            }
        }
    }
    // The order of the arguments says nothing, and one file is one file however it is named.
    let plain = |path: &Path| -> PathBuf { path.components().filter(|part| *part != std::path::Component::CurDir).collect() };
    found.logs.sort_by_key(|one| (plain(&one.main), !one.named));
    found.logs.dedup_by(|other, one| plain(&one.main) == plain(&other.main));
    // An agent's transcript that was named beside its session is read with it.
    let agents: FxHashSet<PathBuf> = found.logs.iter().flat_map(|log| &log.agents).map(|path| plain(path)).collect();
    found.logs.retain(|log| !agents.contains(&plain(&log.main)));
    found.say_once();
    found
}

/// Every session below a folder. A transcript of an agent whose session is not there is a session of its own.
fn in_folder(folder: &Path, beside: &mut Beside, found: &mut Found) {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.path().extension().is_some_and(|kind| kind == "jsonl") => match std::fs::metadata(entry.path()) {
                Ok(data) if data.is_file() => files.push(entry.into_path()),
                Ok(data) if data.is_dir() && !entry.path_is_symlink() => {}
                Ok(_) => found.skipped.push(Unusable { path: shown(entry.path()), why: "it is no regular file".to_owned() }),
                Err(error) => found.skipped.push(Unusable { path: shown(entry.path()), why: error.to_string() }),
            },
            // Links to folders may lead in circles.
            Ok(entry) if entry.path_is_symlink() && entry.path().is_dir() => {
                found.skipped.push(Unusable { path: shown(entry.path()), why: "it is a link to a folder; name that folder".to_owned() });
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().map(shown).unwrap_or_else(|| shown(folder));
                found.unusable.push(Unusable { path, why: error.io_error().map_or_else(|| error.to_string(), ToString::to_string) });
            }
        }
    }
    let (agents, mains): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| is_agent_file(path));
    let mut used = FxHashSet::default();
    let mut logs: Vec<LogFiles> = Vec::new();
    for main in mains {
        let agents = agents_of(&main, beside, &mut found.skipped);
        used.extend(agents.iter().cloned());
        logs.push(with_size(main, agents, false));
    }
    let orphans = agents.into_iter().filter(|path| !used.contains(path) && claude_code::agent_of(path).is_some());
    logs.extend(orphans.map(|path| with_size(path, Vec::new(), false)));
    found.logs.append(&mut logs);
}

fn with_size(main: PathBuf, agents: Vec<PathBuf>, named: bool) -> LogFiles {
    let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |data| data.len());
    let bytes = size(&main) + agents.iter().map(size).sum::<u64>();
    LogFiles { main, agents, named, bytes }
}

/// `agent-*.jsonl`, or anything in a `subagents` folder.
fn is_agent_file(path: &Path) -> bool {
    let named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("agent-"));
    named || path.parent().is_some_and(|folder| folder.components().any(|part| part.as_os_str() == "subagents"))
}

/// The transcripts of a session's agents: below `<session>/subagents/` (2.1), or beside it with its `sessionId` (2.0).
///
/// What cannot be read is said in `skipped`: without it the session would look as if that agent had no transcript.
fn agents_of(main: &Path, beside: &mut Beside, skipped: &mut Vec<Unusable>) -> Vec<PathBuf> {
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
    let session = peek(main).session.or_else(|| main.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    if let Some(session) = session {
        agents.extend(beside.of(main, &session, skipped));
    }
    agents
}

fn is_transcript(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "jsonl") && claude_code::agent_of(path).is_some()
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
pub fn roots() -> Vec<PathBuf> {
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
pub fn of_folders(folders: &[PathBuf], roots: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut beside = Beside::default();
    for root in roots {
        let projects = entries(root, &mut found.unusable).into_iter().map(|name| root.join(name));
        for project in projects.filter(|project| may_belong(project, folders)) {
            let mut in_project = Found::default();
            in_folder(&project, &mut beside, &mut in_project);
            // The folder's name is ambiguous ("-home-dev-shop-api" is /home/dev/shop/api and /home/dev/shop-api); the records are not.
            in_project
                .logs
                .retain(|log| peek(&log.main).cwd.is_none_or(|cwd| folders.iter().any(|folder| Path::new(&cwd).starts_with(folder))));
            found.logs.append(&mut in_project.logs);
            found.skipped.append(&mut in_project.skipped);
            found.unusable.append(&mut in_project.unusable);
        }
    }
    found.say_once();
    found
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

/// The identifier by which a log can be asked for: its `sessionId`.
pub fn session_of(log: &LogFiles) -> Option<String> {
    peek(&log.main).session
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
        assert_eq!(claude_code::agent_of(Path::new("agent-acompact-1.jsonl")), None);
    }
}
