//! Which session logs belong to a change.

use super::super::sessions::Run;
use super::Arguments;
use crate::input::git::Repository;
use crate::input::repository::work_folders;
use crate::input::session::find::{self, Found};
use crate::model::change::ChangeSet;
use crate::model::moment::Moment;
use crate::model::session::Session;
use crate::report::v1;
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};

/// Reads the sessions that were asked for, with the paths of their edits relative to the repository.
pub(super) fn read(
    arguments: &Arguments,
    repository: &Repository,
    changes: &[ChangeSet],
    run: &mut Run,
) -> (Vec<Session>, FxHashSet<String>) {
    let automatic = arguments.session == "auto";
    let folders = repository.facts.root.as_deref().and_then(|root| work_folders(root).ok()).unwrap_or_default();
    let since = since(repository, changes);
    let found = match arguments.session.as_str() {
        "none" => return not_read(run, "--session none"),
        "auto" => {
            let mut found = find::of_folders(&folders, arguments.input_format.format());
            found.logs.retain(|log| since.is_none_or(|since| find::touched_since(log, since)));
            found
        }
        path => find::in_paths(&[PathBuf::from(path)], arguments.input_format.format()),
    };
    if automatic && found.logs.is_empty() {
        return not_read(run, "no session log of this repository since the last commit");
    }
    let Found { logs, unusable, skipped } = found;
    let (read, mut sessions, encoded) = Run::read(&logs, unusable, skipped, arguments.output.unicode());
    run.absorb(read);
    sessions.iter_mut().for_each(|session| name_edits(session, &folders));
    if automatic {
        let changed: FxHashSet<&[u8]> =
            changes.iter().flat_map(|set| &set.files).flat_map(|file| file.paths()).map(|path| path.as_bytes()).collect();
        let before = sessions.len();
        sessions
            .retain(|session| since.is_none_or(|since| session.ended.is_some_and(|ended| ended >= since)) && edits_any(session, &changed));
        if sessions.is_empty() {
            let why =
                if before == 0 { "no session log of this repository since the last commit" } else { "no session log edited what changed" };
            return not_read(run, why);
        }
    }
    (sessions, encoded)
}

fn not_read(run: &mut Run, why: &str) -> (Vec<Session>, FxHashSet<String>) {
    run.not_checked.push(v1::NotChecked { what: "claims".to_owned(), why: why.to_owned() });
    (Vec::new(), FxHashSet::default())
}

/// Logs that were silent since then cannot have made the change: for what is staged the last commit, else no limit.
fn since(repository: &Repository, changes: &[ChangeSet]) -> Option<Moment> {
    let staged = changes.iter().any(|set| set.source == crate::model::change::Source::Staged);
    repository.facts.head_time.filter(|_| staged)
}

/// Whether a session edited one of the paths, as far as its logs show.
fn edits_any(session: &Session, changed: &FxHashSet<&[u8]>) -> bool {
    let own = session.transcripts.iter().flat_map(|transcript| &transcript.edits);
    let agents = session.dispatches.iter().flat_map(|dispatch| &dispatch.edits);
    own.chain(agents).any(|edit| changed.contains(edit.path.as_bytes()))
}

/// A session names files relative to the folder it worked in; a repository from its root.
fn name_edits(session: &mut Session, folders: &[PathBuf]) {
    let Some(cwd) = session.cwd.clone() else { return };
    let inside = folders.iter().filter_map(|folder| Path::new(&cwd).strip_prefix(folder).ok()).min_by_key(|rest| rest.as_os_str().len());
    let below = inside.map(|rest| rest.to_string_lossy().into_owned()).unwrap_or_default();
    let rename = |path: &mut String| {
        if Path::new(path.as_str()).is_absolute() {
            let rest = folders
                .iter()
                .filter_map(|folder| Path::new(path.as_str()).strip_prefix(folder).ok())
                .min_by_key(|rest| rest.as_os_str().len());
            if let Some(rest) = rest.map(|rest| rest.to_string_lossy().into_owned()) {
                *path = rest;
            }
        } else if !below.is_empty() {
            *path = format!("{below}/{path}");
        }
    };
    let own = session.transcripts.iter_mut().flat_map(|transcript| &mut transcript.edits);
    let agents = session.dispatches.iter_mut().flat_map(|dispatch| &mut dispatch.edits);
    own.chain(agents).for_each(|edit| rename(&mut edit.path));
}
