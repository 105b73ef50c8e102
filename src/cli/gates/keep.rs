//! What is kept of a run: receipts for the trees that gates saw, and times.
#![allow(clippy::disallowed_methods)]

use super::conduct::Conductor;
use super::known::named_files;
use crate::config::Inputs;
use crate::gates::definition::definition;
use crate::gates::plan::Planned;
use crate::input::clock;
use crate::input::git::{Repository, Seen};
use crate::model::gate::{GateReceipt, GateRun, GateStatus, GatesRun, Receipt, TreeEntry, TreeKey};
use crate::model::path::RepoPath;
use crate::report::v1::NotChecked;
use std::collections::BTreeMap;

/// The trees that gates saw.
pub(super) struct Trees {
    /// What was staged.
    pub(super) index: TreeKey,
    /// What the work tree held.
    pub(super) worktree: TreeKey,
}

/// Keeps what passed for which tree, and how long it took. Says what was not checked, and what could not be kept. `is_staged`:
/// the checkout held what is staged to the end.
pub(super) fn keep(conductor: &Conductor<'_>, run: &GatesRun, is_staged: bool) -> Vec<NotChecked> {
    let rows: Vec<(&Planned, &GateRun)> = conductor.plan.gates.iter().zip(&run.gates).collect();
    let is_of_work_tree = |(planned, gate): &(&Planned, &GateRun)| planned.gate.inputs == Inputs::Worktree && gate.attempts > 0;
    let ran_in_work_tree = rows.iter().any(is_of_work_tree);
    let doubt = if ran_in_work_tree { unstable(conductor) } else { None };
    let mut said = Vec::new();
    if ran_in_work_tree {
        said.extend(differs(&conductor.known.seen).map(|why| not_checked("what is staged", why)));
    }
    let merged: Vec<&RepoPath> = conductor.known.unmerged.iter().collect();
    if !merged.is_empty() {
        let why = format!("a merge is being resolved ({}), so there is no tree that it could be for", named_files(&merged));
        said.push(not_checked("a receipt", why));
    } else {
        let is_exact = !conductor.known.seen.inexact;
        if ran_in_work_tree && !is_exact {
            said.push(not_checked("a receipt", "some files of the work tree could not be read or are too large to be hashed".to_owned()));
        }
        let worktree = doubt.is_none() && is_exact;
        said.extend(write(conductor, &rows, (is_staged, worktree)).into_iter().map(|why| not_checked("a receipt", why)));
    }
    said.extend(doubt.map(|why| not_checked("a receipt", why)));
    keep_times(conductor, run);
    said
}

fn not_checked(what: &str, why: String) -> NotChecked {
    NotChecked { what: what.to_owned(), why }
}

/// Writes the receipts of the trees that gates saw from their start to their end: of what is staged, and of the work tree.
/// Returns why some could not be written.
fn write(conductor: &Conductor<'_>, rows: &[(&Planned, &GateRun)], (index, worktree): (bool, bool)) -> Vec<String> {
    let trees = conductor.trees();
    let mut by_tree: BTreeMap<TreeKey, Vec<GateReceipt>> = BTreeMap::new();
    for (tree, inputs, is_certain) in [(trees.index, Inputs::Index, index), (trees.worktree, Inputs::Worktree, worktree)] {
        by_tree.entry(tree).or_default().extend(if is_certain { receipts(rows, inputs) } else { Vec::new() });
    }
    let receipt = |(tree, gates)| Receipt { at: clock::now(), tool: env!("CARGO_PKG_VERSION").to_owned(), tree, gates };
    let told = by_tree.into_iter().filter(|(_, gates)| !gates.is_empty()).map(receipt);
    told.filter_map(|receipt| conductor.store.write(&receipt).err()).collect()
}

/// Keeps how long gates took that passed.
fn keep_times(conductor: &Conductor<'_>, run: &GatesRun) {
    let passed = run.gates.iter().filter(|gate| gate.status.is_pass() && !gate.cached);
    let took: BTreeMap<_, _> = passed.filter_map(|gate| Some((gate.name.clone(), gate.ran?))).collect();
    if !took.is_empty() {
        // What a receipt could not be written for is told already.
        let _ = conductor.store.keep_durations(&took);
    }
}

/// How what the gates saw differs from what is staged.
fn differs(seen: &Seen) -> Option<String> {
    let files: Vec<&RepoPath> = seen.changed.iter().chain(&seen.untracked).collect();
    let differ = if files.len() == 1 { "differs" } else { "differ" };
    (!files.is_empty()).then(|| format!("{} {differ} in the work tree, where gates ran", named_files(&files)))
}

/// Why what the gates saw is no one tree: files that changed while they ran. What is new may be what they made.
fn unstable(conductor: &Conductor<'_>) -> Option<String> {
    // Opened anew: a value holds on to the index that it has read.
    let now = Repository::open(&conductor.root).and_then(|repository| match conductor.known.is_index_current(&repository) {
        true => repository.seen_beside(&conductor.known.facts.index),
        false => repository.seen(),
    });
    let now = match now {
        Ok(now) => now.entries,
        Err(error) => return Some(format!("the work tree could not be read again: {}", error.message)),
    };
    let is_same = |entry: &&TreeEntry| now.binary_search_by(|other| other.path.cmp(&entry.path)).is_ok_and(|at| now[at] == **entry);
    let changed = conductor.known.seen.entries.iter().filter(|entry| !is_same(entry));
    let changed: Vec<&RepoPath> = changed.map(|entry| &entry.path).collect();
    (!changed.is_empty()).then(|| format!("{} changed while gates ran", named_files(&changed)))
}

fn receipts(rows: &[(&Planned, &GateRun)], inputs: Inputs) -> Vec<GateReceipt> {
    // That this change does not call for a gate says nothing of the tree, which may have failed it a moment ago.
    let is_idle = |planned: &Planned, gate: &GateRun| planned.idle && gate.status == GateStatus::Skipped;
    let ended = |gate: &GateRun| gate.attempts > 0 && gate.status != GateStatus::Cancelled;
    let of = rows.iter().filter(|(planned, gate)| planned.gate.inputs == inputs && (is_idle(planned, gate) || ended(gate)));
    of.map(|(planned, gate)| GateReceipt {
        name: gate.name.clone(),
        definition: definition(&planned.gate, &planned.files),
        status: gate.status,
        uncalled: is_idle(planned, gate),
        exit_code: gate.exit_code,
        attempts: gate.attempts,
        wall: gate.wall.unwrap_or_default().as_secs_f64(),
    })
    .collect()
}
