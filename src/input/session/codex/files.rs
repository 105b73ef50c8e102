//! Which rollouts make up a session of Codex, and where it keeps them.
//!
//! `sessions/YYYY/MM/DD/rollout-<local time>-<thread>.jsonl` below `CODEX_HOME`, or `~/.codex` without it, and `archived_sessions`, all
//! projects in one tree; an agent's rollout lies in the folder of the day on which it began. Rollouts that were not used
//! for long are packed to `.jsonl.zst` (mid-2026). Sources: openai/codex,
//! codex-rs/rollout/src/{lib,recorder,compression}.rs.

use super::packed::{is_packed, open};
use super::record::{Fields, Key, Line, LineKind};
use super::words;
use crate::input::session::find::{Candidate, Found, LogFiles, Unusable, entries, is_inside};
use crate::input::session::shown;
use crate::input::skim::Cursor;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// How much of a rollout is read at once to learn whose it is; the first line holds the program's instructions at its end.
const GLANCE: u64 = 8 * 1024;

/// The most that is read for that.
const MOST: u64 = 4 << 20;

/// The folders of rollouts below the program's own.
const FOLDERS: [&str; 2] = ["sessions", "archived_sessions"];

/// What the beginning of a rollout tells about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Peek {
    id: Option<String>,
    cwd: Option<String>,
    /// The thread whose agent this is.
    parent: Option<String>,
}

/// A packed rollout whose plain one lies beside it, which is the one that counts.
fn is_a_second_copy(path: &Path) -> bool {
    is_packed(path) && path.with_extension("").is_file()
}

/// Puts rollouts and those of their agents together. An agent's rollout that is named, or whose parent's is not there, is
/// a session of its own.
pub(super) fn group(candidates: Vec<Candidate>, found: &mut Found) {
    let candidates: Vec<(Candidate, Peek)> = candidates
        .into_par_iter()
        .filter(|one| !is_a_second_copy(&one.path))
        .map(|one| {
            let known = peek(&one.path);
            (one, known)
        })
        .collect();
    let elsewhere = rest_of_trees(&candidates);
    let ids: FxHashSet<&str> = candidates.iter().filter_map(|(_, known)| known.id.as_deref()).collect();
    let mut children: FxHashMap<&str, Vec<(&Path, &str)>> = FxHashMap::default();
    let here = candidates.iter().map(|(one, known)| (one.path.as_path(), known));
    for (path, known) in here.chain(elsewhere.iter().map(|(path, known)| (path.as_path(), known))) {
        if let (Some(parent), Some(id)) = (known.parent.as_deref(), known.id.as_deref()) {
            children.entry(parent).or_default().push((path, id));
        }
    }
    let mut taken: FxHashSet<PathBuf> = FxHashSet::default();
    let mut take = |one: &Candidate, known: &Peek, taken: &mut FxHashSet<PathBuf>| {
        let agents = known.id.as_deref().map(|id| descendants(id, &children)).unwrap_or_default();
        taken.insert(one.path.clone());
        let (agents, agent_ids): (Vec<PathBuf>, Vec<String>) = agents.into_iter().unzip();
        taken.extend(agents.iter().cloned());
        found.logs.push(LogFiles { id: known.id.clone(), agent_ids, ..LogFiles::new(one.clone(), agents, &super::FORMAT) });
    };
    let of_another = |known: &Peek| known.parent.as_deref().is_some_and(|parent| ids.contains(parent));
    for (one, known) in candidates.iter().filter(|(one, known)| one.named || !of_another(known)) {
        take(one, known, &mut taken);
    }
    // Threads that are each other's agents hang on no session: the first of them is one.
    for (one, known) in &candidates {
        if !taken.contains(&one.path) {
            take(one, known, &mut taken);
        }
    }
}

/// The rollouts of a thread's agents, and of theirs, with their threads; each thread once, whatever the parents say.
fn descendants(root: &str, children: &FxHashMap<&str, Vec<(&Path, &str)>>) -> Vec<(PathBuf, String)> {
    let mut seen: FxHashSet<&str> = FxHashSet::from_iter([root]);
    let mut queue = vec![root];
    let mut paths = Vec::new();
    while let Some(parent) = queue.pop() {
        for (path, id) in children.get(parent).into_iter().flatten() {
            if seen.insert(id) {
                paths.push((path.to_path_buf(), (*id).to_owned()));
                queue.push(id);
            }
        }
    }
    paths.sort();
    paths
}

/// The days of which rollouts are looked at, as `YYYY-MM-DD`; no last one where the system does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Days {
    first: String,
    last: Option<String>,
}

impl Days {
    fn hold(&self, day: Option<&str>) -> bool {
        day.is_none_or(|day| *day >= *self.first && self.last.as_deref().is_none_or(|last| day <= last))
    }

    fn reach(&mut self, other: Days) {
        self.first = std::mem::take(&mut self.first).min(other.first);
        self.last = self.last.take().zip(other.last).map(|(one, other)| one.max(other));
    }
}

/// The rollouts that lie near the candidates and may be their agents': from the earliest day of a candidate up to the day
/// after the latest was written. An agent that began past midnight lies in another folder than its parent.
fn rest_of_trees(candidates: &[(Candidate, Peek)]) -> Vec<(PathBuf, Peek)> {
    let (mut trees, mut flat): (FxHashMap<PathBuf, Days>, FxHashMap<PathBuf, Days>) = Default::default();
    let look = |places: &mut FxHashMap<PathBuf, Days>, place: PathBuf, days: &Days| {
        places.entry(place).and_modify(|known| known.reach(days.clone())).or_insert_with(|| days.clone());
    };
    for (one, _) in candidates {
        let last = written(&one.path);
        if let Some((tree, first)) = tree_of(&one.path) {
            let days = Days { first, last };
            look(&mut flat, tree.with_file_name(FOLDERS[1]), &days);
            look(&mut trees, tree, &days);
        } else if let Some(folder) = one.path.parent() {
            let days = Days { first: day_in_name(&one.path).unwrap_or_default(), last };
            if folder.file_name().is_some_and(|name| name == FOLDERS[1]) {
                look(&mut trees, folder.with_file_name(FOLDERS[0]), &days);
            }
            look(&mut flat, folder.to_path_buf(), &days);
        }
    }
    let mut paths: Vec<PathBuf> = Vec::new();
    for (tree, days) in trees {
        let files = WalkDir::new(&tree).min_depth(4).max_depth(4).into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
        let in_time = |path: &PathBuf| tree_of(path).is_some_and(|(_, day)| days.hold(Some(&day)));
        paths.extend(files.filter(|path| is_rollout(path) && in_time(path)));
    }
    for (folder, days) in flat {
        let names = entries(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder }, &mut Vec::new());
        let near = names.into_iter().map(|name| folder.join(name));
        paths.extend(near.filter(|path| is_rollout(path) && days.hold(day_in_name(path).as_deref())));
    }
    paths.sort();
    paths.dedup();
    let known: FxHashSet<&Path> = candidates.iter().map(|(one, _)| one.path.as_path()).collect();
    paths.retain(|path| !known.contains(path.as_path()));
    paths.into_par_iter().map(|path| (path.clone(), peek(&path))).filter(|(_, known)| known.parent.is_some()).collect()
}

/// The tree of days that a rollout lies in, and its day as `YYYY-MM-DD`: `…/YYYY/MM/DD/rollout-….jsonl`.
fn tree_of(path: &Path) -> Option<(PathBuf, String)> {
    let mut folders = path.ancestors().skip(1);
    let parts: Vec<&Path> = folders.by_ref().take(3).collect();
    let numbers: Vec<&str> = parts.iter().rev().filter_map(|part| part.file_name()?.to_str()).collect();
    let [year, month, day] = numbers.as_slice() else { return None };
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(year, 4) && digits(month, 2) && digits(day, 2)).then_some(())?;
    Some((folders.next()?.to_path_buf(), format!("{year}-{month}-{day}")))
}

/// The day after the one on which a file was last written, so that every zone's day is in.
fn written(path: &Path) -> Option<String> {
    let modified = std::fs::metadata(path).and_then(|data| data.modified()).ok()?;
    let after = modified.checked_add(std::time::Duration::from_secs(86_400))?;
    Some(jiff::Timestamp::try_from(after).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// The day in the name of a rollout: `rollout-YYYY-MM-DDT…`.
fn day_in_name(path: &Path) -> Option<String> {
    path.file_name()?.to_str()?.strip_prefix("rollout-")?.get(..10).map(str::to_owned)
}

fn is_rollout(path: &Path) -> bool {
    let plain = || {
        path.extension().is_some_and(|kind| kind == "jsonl")
            && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rollout-"))
    };
    (plain() || is_packed(path)) && !is_a_second_copy(path) && std::fs::metadata(path).is_ok_and(|data| data.is_file())
}

/// Learns whose rollout a file is. It reads the first line, and no more of that than it must.
fn peek(path: &Path) -> Peek {
    try_peek(path).unwrap_or_default()
}

/// Errors: it cannot be read.
fn try_peek(path: &Path) -> std::io::Result<Peek> {
    let mut file = open(path)?;
    let mut bytes = Vec::new();
    let mut limit = GLANCE;
    loop {
        let before = bytes.len() as u64;
        file.by_ref().take(limit - before).read_to_end(&mut bytes)?;
        let whole = (bytes.len() as u64) < limit;
        if let Some(peek) = told_by(&bytes, whole || limit >= MOST) {
            return Ok(peek);
        }
        limit *= 8;
    }
}

/// What the beginning of a rollout tells; `None` where more of it may tell more.
fn told_by(bytes: &[u8], last: bool) -> Option<Peek> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for line in bytes.split_inclusive(|byte| *byte == b'\n').take(50) {
        let whole = line.ends_with(b"\n") || last;
        let Ok(read) = Line::read(&mut Cursor::new(line)) else {
            if whole {
                continue;
            }
            return told_by_half_a_line(line);
        };
        match read.kind {
            LineKind::SessionMeta => return Some(told_by_meta(&read.payload)),
            LineKind::BareHeader => {
                let text = String::from_utf8_lossy(bytes);
                let cwd = text.split_once("<cwd>").and_then(|(_, rest)| rest.split_once("</cwd>")).map(|(cwd, _)| cwd.trim().to_owned());
                return (cwd.is_some() || last).then(|| Peek { id: read.payload.word(Key::Id), cwd, parent: None });
            }
            _ => {}
        }
    }
    last.then(Peek::default)
}

/// The instructions of the program stand behind what is asked for here, and are long.
fn told_by_half_a_line(line: &[u8]) -> Option<Peek> {
    let start = memchr::memmem::find(line, b"\"payload\":")? + b"\"payload\":".len();
    memchr::memmem::find(&line[..start], b"\"session_meta\"")?;
    let end = memchr::memmem::find(line, b",\"base_instructions\":").or_else(|| memchr::memmem::find(line, b",\"instructions\":"))?;
    let mut meta = line.get(start..end)?.to_vec();
    meta.push(b'}');
    let fields = Fields::of(&meta);
    fields.text(Key::Cwd).and(fields.json(Key::Source))?;
    Some(told_by_meta(&fields))
}

fn told_by_meta(meta: &Fields<'_>) -> Peek {
    let spawned =
        meta.json(Key::Source).and_then(|json| words::inner(json, "subagent")).and_then(|json| words::inner(json, "thread_spawn"));
    let parent = spawned.and_then(|json| Fields::of(json).word(Key::ParentThreadId));
    let named = || meta.word(Key::ParentThreadId).filter(|_| spawned.is_some());
    Peek { id: meta.word(Key::Id), cwd: meta.word(Key::Cwd), parent: parent.or_else(named) }
}

/// The folders in which Codex keeps its rollouts: below `CODEX_HOME`, else below `~/.codex`, as Codex itself
/// does (openai/codex, codex-rs/utils/home-dir).
pub(super) fn roots() -> Vec<PathBuf> {
    let configured = std::env::var_os("CODEX_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let home = configured.or_else(|| std::env::home_dir().map(|home| home.join(".codex")));
    home.into_iter().flat_map(|home| FOLDERS.map(|folder| home.join(folder))).filter(|folder| folder.is_dir()).collect()
}

/// The sessions that worked in one of `folders` or below. All projects share one tree, so each rollout is asked.
pub(super) fn own(folders: &[PathBuf], roots: &[PathBuf], found: &mut Found) {
    let mut paths: Vec<PathBuf> = Vec::new();
    for root in roots {
        for entry in WalkDir::new(root).sort_by_file_name() {
            match entry {
                Ok(entry) => paths.extend(Some(entry.into_path()).filter(|path| is_rollout(path))),
                Err(error) => {
                    let path = error.path().map_or_else(|| shown(root), shown);
                    found.unusable.push(Unusable { path, why: error.io_error().map_or_else(|| error.to_string(), ToString::to_string) });
                }
            }
        }
    }
    let is_ours = |peek: Peek| match peek {
        Peek { cwd: Some(cwd), .. } => Ok(is_inside(&cwd, folders)),
        Peek { id: Some(_), .. } => Ok(false),
        _ => Err(std::io::Error::other("its first lines do not say in which folder it worked")),
    };
    let asked: Vec<(PathBuf, std::io::Result<bool>)> = paths
        .into_par_iter()
        .map(|path| {
            let ours = try_peek(&path).and_then(is_ours);
            (path, ours)
        })
        .collect();
    let mut candidates = Vec::new();
    for (path, ours) in asked {
        match ours {
            Ok(true) => candidates.push(Candidate { path, named: false }),
            Ok(false) => {}
            // Nobody knows whose it is.
            Err(error) => found.skipped.push(Unusable { path: shown(&path), why: error.to_string() }),
        }
    }
    group(candidates, found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollout_lies_in_a_tree_of_days() {
        let (tree, day) = tree_of(Path::new("/h/.codex/sessions/2026/03/01/rollout-2026-03-01T10-00-00-x.jsonl")).unwrap();
        assert_eq!((tree.as_path(), day.as_str()), (Path::new("/h/.codex/sessions"), "2026-03-01"));
        assert_eq!(tree_of(Path::new("logs/rollout-x.jsonl")), None);
        assert_eq!(day_in_name(Path::new("rollout-2026-03-01T10-00-00-x.jsonl")).as_deref(), Some("2026-03-01"));
    }

    #[test]
    fn half_a_first_line_tells_enough() {
        let source = r#"{"subagent":{"thread_spawn":{"parent_thread_id":"p","depth":1}}}"#;
        let whole = format!(
            r#"{{"timestamp":"t","type":"session_meta","payload":{{"id":"c","cwd":"/w","source":{source},"base_instructions":{{"text":"{}"}}}}}}"#,
            "long ".repeat(100)
        );
        let wanted = Peek { id: Some("c".into()), cwd: Some("/w".into()), parent: Some("p".into()) };
        assert_eq!(told_by(whole.as_bytes(), true), Some(wanted.clone()));
        assert_eq!(told_by(&whole.as_bytes()[..whole.len() - 100], false), Some(wanted));
        assert_eq!(told_by(&whole.as_bytes()[..60], false), None);
    }

    #[test]
    fn threads_that_are_each_other_s_parents_end() {
        let children = FxHashMap::from_iter([("a", vec![(Path::new("b.jsonl"), "b")]), ("b", vec![(Path::new("a.jsonl"), "a")])]);
        assert_eq!(descendants("a", &children), [(PathBuf::from("b.jsonl"), "b".to_owned())]);
    }
}
