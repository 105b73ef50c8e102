//! What is known before gates run: what changed, which tree it is, which phase.
#![allow(clippy::disallowed_methods)]

use super::super::check::{git_failure, state_error};
use super::super::setup::{Failure, failure};
use super::conduct::Wanted;
use crate::config::{self, Config, Inputs};
use crate::gates::plan::{self, Facts, Request};
use crate::gates::receipts::Store;
use crate::input::git::{IndexStamp, Repository, Seen};
use crate::input::state;
use crate::model::change::{Change, ChangeKind, Entry};
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;
use crate::model::state::{State, WaveState};
use crate::work::phase;
use rustc_hash::FxHashSet;
use std::path::Path;

/// What is known before gates run.
pub(super) struct Known {
    pub(super) request: Request,
    pub(super) facts: Facts,
    /// What the work tree held.
    pub(super) seen: Seen,
    /// The paths that have conflicts: what is staged is no tree yet.
    pub(super) unmerged: Vec<RepoPath>,
    /// The state of the index in which `facts.index` was read, where it can be told from others.
    pub(super) stamp: Option<IndexStamp>,
}

impl Known {
    /// Whether `facts.index` still is what is staged, so that it need not be read again.
    pub(super) fn is_index_current(&self, repository: &Repository) -> bool {
        self.stamp.is_some() && self.stamp == repository.index_stamp()
    }
}

/// Finds out what gates may depend on. What no gate asks for is not read.
pub(super) fn known(wanted: &Wanted<'_>, repository: &Repository, config: &Config, root: &Path, store: &Store) -> Result<Known, Failure> {
    // Taken before: what is staged meanwhile makes it another.
    let stamp = repository.index_stamp();
    let index = repository.entries(None).map_err(git_failure)?;
    let unmerged = repository.unmerged().map_err(git_failure)?;
    let asks_work_tree = config.gates.iter().any(|gate| gate.inputs == Inputs::Worktree);
    let seen =
        if asks_work_tree || wanted.change.is_none() { repository.seen_beside(&index).map_err(git_failure)? } else { Seen::default() };
    let mut facts = Facts { durations: store.durations(), on_disk: on_disk(config, root), ..Facts::default() };
    if unmerged.is_empty() || wanted.all || wanted.change.is_some() {
        change(wanted, repository, config, &seen, &mut facts)?;
    } else {
        since_head(repository, &seen, &mut facts)?;
    }
    facts.worktree = seen.entries.iter().map(|entry| entry.path.clone()).collect();
    facts.index = index;
    let request = Request { names: wanted.names.to_vec(), profile: wanted.options.profile, phases: phases(wanted, repository, config)? };
    Ok(Known { request, facts, seen, unmerged, stamp })
}

/// What changed: what `check` looks at; else what is staged; where nothing is, what is not committed; on a clean tree
/// everything, since a run that was asked for should look at something.
fn change(wanted: &Wanted<'_>, repository: &Repository, config: &Config, seen: &Seen, facts: &mut Facts) -> Result<(), Failure> {
    if wanted.all {
        facts.everything = true;
        return Ok(());
    }
    if let Some(set) = wanted.change {
        take(&set.files, facts);
        take(&set.brought, facts);
        return Ok(());
    }
    let generated = config.changes.generated().map_err(|why| failure("configuration", why, None, None))?;
    let staged = repository.staged(&generated).map_err(git_failure)?;
    // A hook commits what is staged, be it nothing.
    let in_hook = std::env::var_os("GIT_INDEX_FILE").is_some_and(|path| !path.is_empty());
    if !staged.files.is_empty() || !staged.brought.is_empty() || in_hook {
        take(&staged.files, facts);
        take(&staged.brought, facts);
        return Ok(());
    }
    for path in seen.changed.iter().chain(&seen.untracked) {
        match seen.entries.binary_search_by(|entry| entry.path.cmp(path)) {
            Ok(at) if is_file(&seen.entries[at]) => facts.changed.push(path.clone()),
            _ => facts.gone.push(path.clone()),
        }
    }
    facts.everything = facts.changed.is_empty() && facts.gone.is_empty();
    facts.changed.sort();
    facts.changed.dedup();
    Ok(())
}

/// While a merge is being resolved: whatever differs from the last commit, since what is staged is only a part of it.
fn since_head(repository: &Repository, seen: &Seen, facts: &mut Facts) -> Result<(), Failure> {
    let before = match &repository.facts.head {
        Some(head) => repository.entries(Some(head)).map_err(git_failure)?,
        None => Vec::new(),
    };
    let of = |entries: &[TreeEntry], path: &RepoPath| entries.binary_search_by(|entry| entry.path.cmp(path)).ok();
    let is_new = |entry: &&TreeEntry| of(&before, &entry.path).is_none_or(|at| before[at] != **entry);
    let (files, others): (Vec<&TreeEntry>, Vec<&TreeEntry>) = seen.entries.iter().filter(is_new).partition(|entry| is_file(entry));
    let deleted = before.iter().filter(|entry| of(&seen.entries, &entry.path).is_none());
    facts.changed = files.into_iter().map(|entry| entry.path.clone()).collect();
    facts.gone = deleted.chain(others).map(|entry| entry.path.clone()).collect();
    Ok(())
}

/// No link and no other repository: what a tool can be given.
fn is_file(entry: &TreeEntry) -> bool {
    matches!(entry.mode & 0o170_000, 0o100_000)
}

fn take(files: &[Change], facts: &mut Facts) {
    for file in files {
        if file.kind != ChangeKind::Deleted && matches!(file.entry, Entry::File | Entry::Executable) {
            facts.changed.push(file.path.clone());
        } else {
            facts.gone.push(file.path.clone());
        }
        facts.gone.extend(file.old_path.clone());
    }
    facts.changed.sort();
    facts.changed.dedup();
}

/// Of the paths that gates want to exist, those that do; ignored files are in no tree.
fn on_disk(config: &Config, root: &Path) -> FxHashSet<String> {
    let asked = plan::asks_of_disk(config).into_iter();
    asked.filter(|(_, path)| root.join(path).symlink_metadata().is_ok()).map(|(pattern, _)| pattern).collect()
}

/// The phases and waves that it is in, by their plain names.
fn phases(wanted: &Wanted<'_>, repository: &Repository, config: &Config) -> Result<Vec<String>, Failure> {
    if wanted.phase.is_none() && config.gates.iter().all(|gate| gate.when.phases.is_empty()) {
        return Ok(Vec::new());
    }
    let facts = &repository.facts;
    let state = facts.root.as_deref().map(|root| state::read(root, facts.main_root.as_deref())).unwrap_or_default();
    let phases = phase::phases(&state, config);
    if let Some(name) = wanted.phase {
        return named(name, &phases, config);
    }
    let matters =
        |path: &str| ["WORKFLOW_STATE.json", "PARALLEL_STATUS.json", "execution-progress.md"].iter().any(|one| path.ends_with(one));
    if let Some(error) = state.errors.iter().find(|error| matters(&error.mark.path)) {
        return Err(Failure { error: Box::new(state_error(error)) });
    }
    Ok(phases.current.into_iter().chain(phases.subphase).chain(waves(&state)).collect())
}

fn waves(state: &State) -> impl Iterator<Item = String> {
    let waves = state.progress.iter().flat_map(|page| &page.waves);
    let running = waves.filter(|wave| wave.state == Some(WaveState::Running)).map(|wave| format!("wave_{}", wave.wave.value));
    running.collect::<Vec<_>>().into_iter()
}

/// The phase that was named on the command line, where anybody knows it.
fn named(name: &str, phases: &phase::Phases, config: &Config) -> Result<Vec<String>, Failure> {
    let plain = phase::plain(name);
    let of_gates = config.gates.iter().flat_map(|gate| &gate.when.phases).map(|name| phase::plain(name));
    let whole = phases.all.iter().map(|phase| phase.name.clone());
    let parts = phases.all.iter().flat_map(|phase| &phase.subphases).map(|part| part.name.clone());
    let mut known: Vec<String> = whole.chain(parts).chain(of_gates).collect();
    known.push(phase::EVERY_WAVE.to_owned());
    if !known.contains(&plain) && !phase::is_wave(&plain) {
        let hint = config::nearest(&plain, known.iter().map(String::as_str)).map(|near| format!("did you mean `{}`?", as_written(near)));
        let shown: std::collections::BTreeSet<String> = known.iter().map(|name| as_written(name)).collect();
        let hint = hint.unwrap_or_else(|| format!("known: {}", shown.into_iter().collect::<Vec<_>>().join(", ")));
        return Err(failure("usage", format!("--phase {name}: there is no such phase"), Some(hint), None));
    }
    // A part belongs to its phase.
    let whole = phases.all.iter().find(|phase| phase.subphases.iter().any(|part| part.name == plain));
    Ok(whole.map(|phase| phase.name.clone()).into_iter().chain([plain]).collect())
}

/// A plain name as people write it: `wave-2`.
fn as_written(plain: &str) -> String {
    if phase::is_wave(plain) { plain.replace('_', "-") } else { plain.to_owned() }
}

/// Names of files for a message, the first few.
pub(super) fn named_files(paths: &[&RepoPath]) -> String {
    const MOST: usize = 5;
    let mut names: Vec<String> = paths.iter().take(MOST).map(|path| path.shown().into_owned()).collect();
    if paths.len() > MOST {
        names.push(format!("{} more", paths.len() - MOST));
    }
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.join(", "),
    }
}
