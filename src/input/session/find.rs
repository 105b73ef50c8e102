//! Which files make up which session: named files, folders of them, and this repository's own.
//!
//! This finds files and tells their formats; which of them belong together is each format's own to say.

use super::{FORMATS, Format, recognise, shown};
use crate::model::moment::Moment;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// A file that may be a log, or part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The file.
    pub path: PathBuf,
    /// It was named on the command line, so it has to be readable.
    pub named: bool,
}

/// The files of one session.
#[derive(Debug, Clone)]
pub struct LogFiles {
    /// The main transcript, or the store that holds it.
    pub main: PathBuf,
    /// The transcripts of its agents.
    pub agents: Vec<PathBuf>,
    /// Which session of a store that holds several.
    pub part: Option<String>,
    /// The identifier by which it can be asked for.
    pub id: Option<String>,
    /// The identifiers of its agents' own sessions or transcripts, as far as they are known before it is read.
    pub agent_ids: Vec<String>,
    /// It was named on the command line, so it has to be readable.
    pub named: bool,
    /// The size of all files, for the progress bar and the order of work.
    pub bytes: u64,
    /// Its format; `None` where it is of none that is known.
    pub format: Option<&'static Format>,
}

impl LogFiles {
    /// The files of a session with their sizes.
    pub(super) fn new(main: Candidate, agents: Vec<PathBuf>, format: impl Into<Option<&'static Format>>) -> LogFiles {
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |data| data.len());
        let bytes = size(&main.path) + agents.iter().map(size).sum::<u64>();
        LogFiles { main: main.path, agents, part: None, id: None, agent_ids: Vec::new(), named: main.named, bytes, format: format.into() }
    }
}

impl LogFiles {
    /// Whether of two files of one session this is the one to read. Stores and packed files have no size of their own.
    fn tells_more_than(&self, other: &LogFiles) -> bool {
        let written = |log: &LogFiles| std::fs::metadata(&log.main).and_then(|data| data.modified()).ok();
        let sizes_tell = [self, other].iter().all(|log| log.part.is_none() && log.main.extension().is_none_or(|kind| kind != "zst"));
        if sizes_tell && self.bytes != other.bytes { self.bytes > other.bytes } else { written(self) > written(other) }
    }
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

    /// Takes in what another search found.
    pub(super) fn absorb(&mut self, mut other: Found) {
        self.logs.append(&mut other.logs);
        self.unusable.append(&mut other.unusable);
        self.skipped.append(&mut other.skipped);
    }

    /// A session that is there twice is one: the larger file of it, or where sizes tell nothing the newer one.
    fn leave_out_copies(&mut self) {
        let mut known: FxHashMap<(&'static str, String), usize> = FxHashMap::default();
        let mut copies: Vec<(usize, usize)> = Vec::new();
        for (index, log) in self.logs.iter().enumerate() {
            let Some((format, id)) = log.format.filter(|format| format.ids_are_unique).zip(log.id.clone()) else { continue };
            match known.entry((format.name, id)) {
                Entry::Vacant(free) => {
                    free.insert(index);
                }
                Entry::Occupied(mut before) => {
                    let other = *before.get();
                    let better = log.tells_more_than(&self.logs[other]);
                    copies.push(if better { (other, index) } else { (index, other) });
                    before.insert(if better { index } else { other });
                }
            }
        }
        let skipped = copies.iter().map(|(copy, of)| Unusable {
            path: shown(&self.logs[*copy].main),
            why: format!("a copy of the session in {}", shown(&self.logs[*of].main)),
        });
        self.skipped.extend(skipped);
        let copies: FxHashSet<usize> = copies.into_iter().map(|(copy, _)| copy).collect();
        let mut index = 0;
        self.logs.retain(|_| {
            index += 1;
            !copies.contains(&(index - 1))
        });
    }

    /// Sorts the sessions and leaves out what is named or found twice.
    fn tidy(&mut self) {
        // The order of the arguments says nothing, and one file is one file however it is named.
        let plain = |path: &Path| -> PathBuf { path.components().filter(|part| *part != std::path::Component::CurDir).collect() };
        self.logs.sort_by_cached_key(|one| (plain(&one.main), one.part.clone(), !one.named));
        self.logs.dedup_by(|other, one| plain(&one.main) == plain(&other.main) && one.part == other.part);
        // An agent's transcript that was named beside its session is read with it.
        let agents: FxHashSet<PathBuf> = self.logs.iter().flat_map(|log| &log.agents).map(|path| plain(path)).collect();
        self.logs.retain(|log| !agents.contains(&plain(&log.main)));
        self.leave_out_copies();
        self.say_once();
    }
}

/// The names in a folder, sorted; a folder that cannot be listed is said.
pub(super) fn entries(folder: &Path, unreadable: &mut Vec<Unusable>) -> Vec<std::ffi::OsString> {
    let listed =
        std::fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>());
    let mut names = listed.unwrap_or_else(|error| {
        unreadable.push(Unusable { path: shown(folder), why: error.to_string() });
        Vec::new()
    });
    names.sort();
    names
}

/// Whether a session that worked in `cwd` worked in one of `folders` or below, also by way of a link.
pub(super) fn is_inside(cwd: &str, folders: &[PathBuf]) -> bool {
    let inside = |cwd: &Path| folders.iter().any(|folder| cwd.starts_with(folder));
    inside(Path::new(cwd)) || std::fs::canonicalize(cwd).is_ok_and(|real| inside(&real))
}

/// Whether a path leads to a regular file; what does not is said.
pub(super) fn is_readable(path: &Path, skipped: &mut Vec<Unusable>) -> bool {
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

/// Finds the sessions that files and folders hold; `format` where the user says which it is.
pub fn in_paths(paths: &[PathBuf], format: Option<&'static Format>) -> Found {
    let mut found = Found::default();
    let mut candidates = Vec::new();
    let mut folders = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Err(error) => found.unusable.push(Unusable { path: shown(path), why: error.to_string() }),
            Ok(data) if data.is_dir() => {
                let before = found.unusable.len();
                candidates.extend(files_below(path, format, &mut found));
                folders.extend((before == found.unusable.len()).then_some(path));
            }
            // A pipe or a device may never end, and is gone once it was looked at.
            Ok(data) if !data.is_file() => {
                found.unusable.push(Unusable { path: shown(path), why: "it is no regular file; save it to one first".to_owned() })
            }
            Ok(_) => candidates.push(Candidate { path: path.clone(), named: true }),
        }
    }
    sort_out(candidates, format, &mut found);
    // Before copies are left out: a folder that holds nothing else was right to be named.
    for folder in folders.into_iter().filter(|folder| !found.logs.iter().any(|log| log.main.starts_with(folder))) {
        let agents_only = found.logs.iter().any(|log| log.agents.iter().any(|agent| agent.starts_with(folder)));
        if !agents_only {
            found.unusable.push(Unusable { path: shown(folder), why: "the folder holds no session log".to_owned() });
        }
    }
    found.tidy();
    found
}

/// Every session of one format below a folder, and what there is of no known format.
pub(super) fn recognised_below(folder: &Path, format: &Format) -> Found {
    let mut found = Found::default();
    let mut candidates = files_below(folder, None, &mut found);
    candidates.retain(|one| has_extension(&one.path, format.extensions));
    sort_out(candidates, None, &mut found);
    found.logs.retain(|log| log.format.is_none_or(|other| other.name == format.name));
    found.tidy();
    found
}

/// Tells the format of each file, and lets each format put its files together.
fn sort_out(candidates: Vec<Candidate>, forced: Option<&'static Format>, found: &mut Found) {
    let recognised: Vec<(Candidate, std::io::Result<Option<&'static Format>>)> = candidates
        .into_par_iter()
        .map(|one| {
            let format = forced.map_or_else(|| recognise(&one.path), |forced| Ok(Some(forced)));
            (one, format)
        })
        .collect();
    let mut of_format: Vec<Vec<Candidate>> = FORMATS.iter().map(|_| Vec::new()).collect();
    for (candidate, format) in recognised {
        let place = format.as_ref().ok().copied().flatten().and_then(|format| FORMATS.iter().position(|one| one.name == format.name));
        match place {
            Some(place) => of_format[place].push(candidate),
            // What is called a log and is none is said. Every folder has texts and JSON that never were logs.
            None if candidate.named || format.is_err() || has_extension(&candidate.path, &LOGS_ONLY) => {
                found.logs.push(LogFiles::new(candidate, Vec::new(), None));
            }
            None if super::glance::is_utf16_file(&candidate.path) => {
                found.skipped.push(Unusable { path: shown(&candidate.path), why: super::glance::UTF_16.to_owned() });
            }
            None => {}
        }
    }
    for (format, candidates) in FORMATS.iter().zip(of_format) {
        if !candidates.is_empty() {
            (format.group)(candidates, found);
        }
    }
}

/// Kinds of file that hold nothing but logs, as far as agents go.
const LOGS_ONLY: [&str; 1] = ["jsonl"];

/// Folders that hold other people's files, never anybody's session logs.
const NOT_OURS: [&str; 2] = [".git", "node_modules"];

fn has_extension(path: &Path, kinds: &[&str]) -> bool {
    path.extension().is_some_and(|kind| kinds.iter().any(|known| kind.eq_ignore_ascii_case(known)))
}

/// The files below a folder that end as files of the formats do.
fn files_below(folder: &Path, format: Option<&Format>, found: &mut Found) -> Vec<Candidate> {
    let kinds: Vec<&str> = match format {
        Some(format) => format.extensions.to_vec(),
        None => FORMATS.iter().flat_map(|format| format.extensions).copied().collect(),
    };
    let mut files = Vec::new();
    let inside = |entry: &DirEntry| entry.depth() == 0 || !NOT_OURS.iter().any(|name| entry.file_name() == *name);
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(inside) {
        match entry {
            Ok(entry) if has_extension(entry.path(), &kinds) => match std::fs::metadata(entry.path()) {
                Ok(data) if data.is_file() => files.push(Candidate { path: entry.into_path(), named: false }),
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
    files
}

/// The folders in which agents keep their logs.
pub fn roots() -> Vec<PathBuf> {
    FORMATS.iter().flat_map(|format| (format.roots)()).collect()
}

/// The sessions that worked in one of `folders` or below, of every agent, or of one where the user says which.
pub fn of_folders(folders: &[PathBuf], format: Option<&'static Format>) -> Found {
    let mut found = Found::default();
    let real = folders.iter().filter_map(|folder| std::fs::canonicalize(folder).ok()).filter(|real| !folders.contains(real));
    let folders: Vec<PathBuf> = folders.iter().cloned().chain(real.collect::<Vec<_>>()).collect();
    for one in FORMATS.iter().filter(|one| format.is_none_or(|format| format.name == one.name)) {
        let roots = (one.roots)();
        if !roots.is_empty() {
            (one.own)(&folders, &roots, &mut found);
        }
    }
    found.leave_out_copies();
    found.say_once();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_is_there_twice_is_one() {
        let home = tempfile::tempdir().unwrap();
        let line = |id: &str| {
            format!("{{\"timestamp\":\"2026-03-01T10:00:00Z\",\"type\":\"session_meta\",\"payload\":{{\"id\":\"{id}\",\"cwd\":\"/w\"}}}}\n")
        };
        let end = "{\"timestamp\":\"2026-03-01T10:00:01Z\",\"type\":\"event_msg\",\"payload\":{\"type\":\"task_complete\"}}\n";
        for (name, text) in [("a", line("x")), ("b", line("x") + end), ("c", line("y"))] {
            std::fs::write(home.path().join(format!("rollout-{name}.jsonl")), text).unwrap();
        }
        let found = in_paths(&[home.path().to_owned()], None);
        let names: Vec<_> = found.logs.iter().filter_map(|log| log.main.file_name()?.to_str()).collect();
        assert_eq!(names, ["rollout-b.jsonl", "rollout-c.jsonl"]);
        assert!(found.skipped[0].path.ends_with("rollout-a.jsonl") && found.skipped[0].why.contains("rollout-b.jsonl"), "{found:?}");
    }

    #[test]
    fn a_folder_that_holds_but_a_copy_holds_a_log() {
        let home = tempfile::tempdir().unwrap();
        let line = "{\"timestamp\":\"2026-03-01T10:00:00Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"x\",\"cwd\":\"/w\"}}\n";
        let folders = ["a", "b", "none"].map(|name| home.path().join(name));
        folders.iter().for_each(|folder| std::fs::create_dir(folder).unwrap());
        folders[..2].iter().for_each(|folder| std::fs::write(folder.join("rollout-x.jsonl"), line).unwrap());
        let found = in_paths(&folders, None);
        assert_eq!((found.logs.len(), found.skipped.len(), found.unusable.len()), (1, 1, 1), "{found:?}");
        assert!(found.unusable[0].path.ends_with("none"), "{found:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_known_by_a_link_too() {
        let home = tempfile::tempdir().unwrap();
        let real = std::fs::canonicalize(home.path()).unwrap().join("real");
        std::fs::create_dir(&real).unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let folders = [real.clone()];
        assert!(is_inside(&link.to_string_lossy(), &folders) && is_inside(&real.join("gone").to_string_lossy(), &folders));
        assert!(!is_inside(&home.path().to_string_lossy(), &folders));
    }
}
