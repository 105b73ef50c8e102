//! What is kept of a run: receipts for the trees that gates saw, and times.
#![allow(clippy::disallowed_methods)]

use super::conduct::Conductor;
use super::known::named_files;
use crate::config::Inputs;
use crate::gates::definition::definition;
use crate::gates::plan::Planned;
use crate::input::clock;
use crate::input::git::{Repository, Seen};
use crate::model::gate::{GateReceipt, GateRun, GateStatus, GatesRun, Receipt, TreeKey};
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
    let mut said = Vec::new();
    let mut say = |what: &str, why: String| said.push(NotChecked { what: what.to_owned(), why });
    let rows: Vec<(&Planned, &GateRun)> = conductor.plan.gates.iter().zip(&run.gates).collect();
    let ran_in_work_tree = rows.iter().any(|(planned, gate)| planned.gate.inputs == Inputs::Worktree && gate.attempts > 0);
    let seen = &conductor.known.seen;
    let unmerged: Vec<&RepoPath> = conductor.known.unmerged.iter().collect();
    if !unmerged.is_empty() {
        say("a receipt", format!("a merge is being resolved ({}), so there is no tree that it could be for", named_files(&unmerged)));
    }
    let mut is_stable = true;
    if ran_in_work_tree {
        if let Some(why) = differs(seen) {
            say("what is staged", why);
        }
        match unstable(conductor) {
            Ok(changed) if changed.is_empty() => {}
            Ok(changed) => {
                let changed: Vec<&RepoPath> = changed.iter().collect();
                say("a receipt", format!("{} changed while gates ran", named_files(&changed)));
                is_stable = false;
            }
            Err(why) => {
                say("a receipt", why);
                is_stable = false;
            }
        }
    }
    let trees = conductor.trees();
    let of = |inputs: Inputs| receipts(&rows, inputs);
    let worktree = if is_stable && !seen.inexact { of(Inputs::Worktree) } else { Vec::new() };
    let mut by_tree: BTreeMap<TreeKey, Vec<GateReceipt>> = BTreeMap::new();
    let index = if is_staged { of(Inputs::Index) } else { Vec::new() };
    by_tree.entry(trees.index).or_default().extend(index);
    by_tree.entry(trees.worktree).or_default().extend(worktree);
    for (tree, gates) in by_tree.into_iter().filter(|(_, gates)| !gates.is_empty() && unmerged.is_empty()) {
        let receipt = Receipt { at: clock::now(), tool: env!("CARGO_PKG_VERSION").to_owned(), tree, gates };
        if let Err(why) = conductor.store.write(&receipt) {
            say("a receipt", why);
        }
    }
    let took: BTreeMap<_, _> = run
        .gates
        .iter()
        .filter(|gate| gate.status.is_pass() && !gate.cached)
        .filter_map(|gate| Some((gate.name.clone(), gate.wall?)))
        .collect();
    if !took.is_empty() {
        // What a receipt could not be written for is told already.
        let _ = conductor.store.keep_durations(&took);
    }
    said
}

/// How what the gates saw differs from what is staged.
fn differs(seen: &Seen) -> Option<String> {
    let files: Vec<&RepoPath> = seen.changed.iter().chain(&seen.untracked).collect();
    let differ = if files.len() == 1 { "differs" } else { "differ" };
    (!files.is_empty()).then(|| format!("{} {differ} in the work tree, where gates ran", named_files(&files)))
}

/// The files that changed while gates ran. What is new may be what they made.
fn unstable(conductor: &Conductor<'_>) -> Result<Vec<RepoPath>, String> {
    // Opened anew: a value holds on to the index that it has read.
    let now = Repository::open(&conductor.root).and_then(|repository| match conductor.known.is_index_current(&repository) {
        true => repository.seen_beside(&conductor.known.facts.index),
        false => repository.seen(),
    });
    let now = now.map_err(|error| format!("the work tree could not be read again: {}", error.message))?;
    let is_same = |entry: &&crate::model::gate::TreeEntry| {
        now.entries.binary_search_by(|other| other.path.cmp(&entry.path)).is_ok_and(|at| now.entries[at] == **entry)
    };
    Ok(conductor.known.seen.entries.iter().filter(|entry| !is_same(entry)).map(|entry| entry.path.clone()).collect())
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
