//! Where Copilot CLI keeps its logs, and whose they are.

use super::event::{Data, Event, EventKind};
use crate::input::session::find::{Candidate, Found, LogFiles, Unusable, entries, is_inside};
use crate::input::session::lines::first_lines;
use crate::input::session::shown;
use crate::input::skim::fields::text_field;
use crate::input::skim::{Cursor, Raw};
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// How much of a log is looked at to learn whose it is: `session.start` is its first line.
const PEEK_LINES: u64 = 50;

/// A `workspace.yaml` holds a dozen short lines.
const LARGEST_WORKSPACE: u64 = 1 << 16;

/// The file of events in a session's folder.
const EVENTS: &str = "events.jsonl";

/// Each file is a session.
pub(super) fn group(candidates: Vec<Candidate>, found: &mut Found) {
    found.logs.extend(candidates.into_iter().map(|one| {
        let id = peek(&one.path).session.unwrap_or_else(|| name_of(&one.path));
        LogFiles { id: Some(id), ..LogFiles::new(one, Vec::new(), &super::FORMAT) }
    }));
}

/// The session's name by its path: that of its folder, or of the file where it lies in none of its own.
pub(super) fn name_of(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name).filter(|_| path.file_name().is_some_and(|name| name == EVENTS));
    folder.or_else(|| path.file_stem()).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What the first lines of a log tell about it.
#[derive(Debug, Default)]
struct Peek {
    session: Option<String>,
    cwd: Option<String>,
}

fn peek(path: &Path) -> Peek {
    let mut peek = Peek::default();
    let Ok(file) = File::open(path) else { return peek };
    let _ = first_lines(file, |number, line| {
        let event = Event::read(&mut Cursor::new(line)).ok();
        if let Some(event) = event.filter(|event| matches!(event.kind, EventKind::Start | EventKind::Resume)) {
            let data = Data::read(event.data.unwrap_or(b"{}"));
            let text = |raw: Option<Raw<'_>>| raw.map(|raw| raw.text().into_owned()).filter(|text| !text.is_empty());
            peek.session = peek.session.take().or_else(|| text(data.session_id));
            peek.cwd = peek.cwd.take().or_else(|| text(data.cwd));
        }
        let done = peek.session.is_some() && peek.cwd.is_some();
        if done || number >= PEEK_LINES { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    peek
}

/// The folder that `workspace.yaml` beside a log names: flat lines `key: value`, quoted where need be.
fn workspace_folder(log: &Path) -> Option<String> {
    let mut text = String::new();
    let file = File::open(log.with_file_name("workspace.yaml")).ok()?;
    file.take(LARGEST_WORKSPACE).read_to_string(&mut text).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix("cwd:"))?.trim();
    let plain = match (value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')), value.starts_with('"')) {
        (Some(single), _) => single.replace("''", "'"),
        (None, true) => text_field(format!("{{\"cwd\":{value}}}").as_bytes(), "cwd")?.text().into_owned(),
        (None, false) => value.to_owned(),
    };
    Some(plain).filter(|folder| !folder.is_empty())
}

/// The folders in which Copilot CLI keeps its logs: below `COPILOT_HOME`, else below `~/.copilot`; up to 0.0.421 also below
/// `$XDG_STATE_HOME/.copilot` (microsoft/vscode pull request 314917).
pub(super) fn roots() -> Vec<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = set("COPILOT_HOME").or_else(|| std::env::home_dir().map(|home| home.join(".copilot")));
    let state = set("XDG_STATE_HOME").map(|state| state.join(".copilot"));
    let mut known = FxHashSet::default();
    let roots = home.into_iter().chain(state).map(|root| root.join("session-state"));
    roots.filter(|root| root.is_dir() && known.insert(root.clone())).collect()
}

/// The sessions that worked in one of `folders` or below. A folder without events is a session in which nothing was said.
pub(super) fn own(folders: &[PathBuf], roots: &[PathBuf], found: &mut Found) {
    for root in roots {
        let mut candidates = Vec::new();
        for name in entries(root, &mut found.unusable) {
            let inside = root.join(&name);
            let log = if inside.is_dir() { inside.join(EVENTS) } else { inside };
            if log.extension().is_none_or(|kind| kind != "jsonl") {
                continue;
            }
            match std::fs::metadata(&log) {
                Ok(data) if data.is_file() => {}
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    found.skipped.push(Unusable { path: shown(&log), why: error.to_string() });
                    continue;
                }
                _ => continue,
            }
            let cwd = peek(&log).cwd.or_else(|| workspace_folder(&log));
            if cwd.is_some_and(|cwd| is_inside(&cwd, folders)) {
                candidates.push(Candidate { path: log, named: false });
            }
        }
        group(candidates, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str =
        "{\"type\":\"session.start\",\"data\":{\"sessionId\":\"s-1\",\"context\":{\"cwd\":\"/home/dev/shop/api\"}},\"id\":\"e\"}\n";

    fn found_in(folder: &str, lay: impl Fn(&Path)) -> Vec<Option<String>> {
        let home = tempfile::tempdir().unwrap();
        lay(home.path());
        let mut found = Found::default();
        own(&[PathBuf::from(folder)], &[home.path().to_owned()], &mut found);
        assert!(found.unusable.is_empty() && found.skipped.is_empty(), "{found:?}");
        found.logs.into_iter().map(|log| log.id).collect()
    }

    #[test]
    fn a_session_is_found_by_the_folder_that_it_worked_in() {
        let lay = |home: &Path| {
            std::fs::create_dir(home.join("s-1")).unwrap();
            std::fs::write(home.join("s-1").join(EVENTS), START).unwrap();
            std::fs::create_dir(home.join("empty")).unwrap();
            std::fs::write(home.join("s-2.jsonl"), START.replace("s-1", "s-2").replace("/api", "-web")).unwrap();
        };
        assert_eq!(found_in("/home/dev/shop", lay), [Some("s-1".to_owned())]);
        assert_eq!(found_in("/home/dev/shop-web", lay), [Some("s-2".to_owned())]);
        assert!(found_in("/home/dev/sh", lay).is_empty());
    }

    #[test]
    fn workspace_yaml_tells_where_the_events_do_not() {
        for cwd in ["/home/dev/shop", "'/home/dev/shop'", "\"/home/dev/shop\""] {
            let lay = |home: &Path| {
                std::fs::create_dir(home.join("s-3")).unwrap();
                std::fs::write(home.join("s-3").join(EVENTS), "{\"type\":\"user.message\",\"data\":{\"content\":\"hi\"}}\n").unwrap();
                std::fs::write(home.join("s-3/workspace.yaml"), format!("id: s-3\ncwd: {cwd}\nsummary_count: 0\n")).unwrap();
            };
            assert_eq!(found_in("/home/dev/shop", lay), [Some("s-3".to_owned())], "{cwd}");
        }
    }
}
