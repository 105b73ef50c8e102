//! Whether the gates of what state files call complete have passed, by the receipts of this clone.

use super::phase::{self, Phases, is_wave, plain};
use crate::config::{Config, Gate, Profile};
use crate::gates::definition;
use crate::model::gate::{Completion, GateReceipt, Origin, Receipt, Receipts, TreeKey};
use crate::model::mark::Mark;
use crate::model::state::{State, WaveState};
use std::collections::BTreeMap;

/// Something that a state file calls complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The phase or part by its plain name, or `wave-3`.
    pub name: String,
    /// The line that says so.
    pub mark: Mark,
}

/// What is known of one gate of something that is called complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof<'c> {
    /// What is called complete.
    pub completion: &'c Completion,
    /// The gate.
    pub gate: &'c str,
    /// What the receipts say.
    pub verdict: Verdict,
    /// How the gate last ended for the completion's tree, where it did not pass.
    pub ended: Option<Found<'c>>,
    /// When it last passed, and for which tree.
    pub passed: Option<Found<'c>>,
}

/// A gate of a receipt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found<'c> {
    /// The receipt.
    pub receipt: &'c Receipt,
    /// The gate.
    pub gate: &'c GateReceipt,
}

/// What the receipts say of one gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It passed for the tree and has not failed since, or nothing in that tree calls for it.
    Passed,
    /// It did not, and has passed since, for the work as it is now.
    PassedSince,
    /// It has not passed.
    Missing,
    /// Nobody can tell here, and why.
    Unknown(String),
}

/// Whether the configuration ties any gate to a phase or a wave.
pub fn is_asked(config: &Config) -> bool {
    config.phases.values().any(|phase| !phase.gates.is_empty()) || config.gates.iter().any(|gate| !gate.when.phases.is_empty())
}

/// The gates that must have passed when something is complete, each once: those that `[phases.NAME]` lists, then those whose
/// `when.phases` names it.
pub fn required<'c>(config: &'c Config, phases: &'c Phases, name: &str) -> Vec<&'c str> {
    let name = plain(name);
    let mut gates = phases.gates_of(&name);
    let by_condition = config.gates.iter().filter(|gate| is_production(gate) && names(gate, phases, &name));
    gates.extend(by_condition.map(|gate| gate.name.as_str()));
    let mut seen = std::collections::BTreeSet::new();
    gates.retain(|gate| seen.insert(*gate));
    gates
}

/// A gate of higher demands alone is not what everybody's work is held against.
fn is_production(gate: &Gate) -> bool {
    gate.profiles.is_empty() || gate.profiles.contains(&Profile::Production)
}

fn names(gate: &Gate, phases: &Phases, name: &str) -> bool {
    gate.when.phases.iter().map(|written| phases.name_of(written)).any(|one| one == name || (one == phase::EVERY_WAVE && is_wave(name)))
}

/// What the state files call complete, each once: phases and parts, then waves by number. A wave is done where the progress
/// page says so, or its output file is there.
pub fn claims(state: &State, phases: &Phases) -> Vec<Claim> {
    let workflow = state.workflow.iter();
    let named = workflow.flat_map(|workflow| workflow.completed_phases.iter().chain(&workflow.completed_subphases));
    let mut seen = std::collections::BTreeSet::new();
    let mut found: Vec<Claim> = named
        .map(|name| Claim { name: phases.name_of(&name.value), mark: name.mark.clone() })
        .filter(|claim| !claim.name.is_empty() && seen.insert(claim.name.clone()))
        .collect();
    let mut waves: BTreeMap<u32, Mark> = BTreeMap::new();
    let pages = state.progress.iter().flat_map(|page| &page.waves);
    for wave in pages.filter(|wave| wave.state == Some(WaveState::Done)) {
        waves.entry(wave.wave.value).or_insert_with(|| wave.wave.mark.clone());
    }
    for wave in &state.waves {
        waves.entry(wave.wave.value).or_insert_with(|| wave.wave.mark.clone());
    }
    found.extend(waves.into_iter().map(|(number, mark)| Claim { name: format!("wave-{number}"), mark }));
    found
}

/// What the receipts say of every gate of every completion, in the order of the completions.
pub fn proofs<'c>(completions: &'c [Completion], receipts: &'c Receipts, config: &'c Config, phases: &'c Phases) -> Vec<Proof<'c>> {
    let gates = completions.iter().flat_map(|one| required(config, phases, &one.name).into_iter().map(move |gate| (one, gate)));
    gates.map(|(completion, gate)| proof(completion, gate, receipts, config)).collect()
}

/// Whether a gate passed for a tree, and has not failed for it since.
pub fn has_passed(receipts: &Receipts, gate: &str, tree: &TreeKey) -> bool {
    last(of_gate(receipts, gate).filter(|found| found.receipt.tree == *tree)).is_some_and(|found| found.gate.status.is_pass())
}

/// The last that says how a gate ended: passed or failed. Of two at one time the failure.
fn last<'c>(found: impl Iterator<Item = Found<'c>>) -> Option<Found<'c>> {
    let ended = found.filter(|found| found.gate.status.is_pass() || found.gate.status.is_failure());
    ended.max_by_key(|found| (found.receipt.at, found.gate.status.is_failure()))
}

fn of_gate<'c>(receipts: &'c Receipts, gate: &str) -> impl Iterator<Item = Found<'c>> {
    receipts.all.iter().flat_map(move |receipt| {
        let gates = receipt.gates.iter().filter(move |one| one.name == gate);
        gates.map(move |gate| Found { receipt, gate })
    })
}

fn proof<'c>(completion: &'c Completion, gate: &'c str, receipts: &'c Receipts, config: &Config) -> Proof<'c> {
    let mine: Vec<Found<'c>> = of_gate(receipts, gate).collect();
    let is_here = |found: &&Found<'c>| completion.tree.as_ref() == Some(&found.receipt.tree);
    let latest = |all: &mut dyn Iterator<Item = &Found<'c>>| all.max_by_key(|found| found.receipt.at).copied();
    let ended = latest(&mut mine.iter().filter(is_here).filter(|found| found.gate.status.is_failure()));
    let passed = latest(&mut mine.iter().filter(|found| found.gate.status.is_pass()));
    // Where a phase is a condition, that it was not called for only says that the state file named another phase.
    let by_phase = config.gates.iter().any(|one| one.name == gate && !one.when.phases.is_empty());
    // What is called complete now is held against the gates as they are now; the past had those of its time.
    let now = config.gates.iter().find(|one| one.name == gate).filter(|_| completion.origin == Origin::Change);
    let is_meant = |found: &&Found<'c>| now.is_none_or(|gate| definition::is_of(&found.gate.definition, gate));
    let here: Vec<Found<'c>> = mine.iter().filter(is_here).filter(is_meant).copied().collect();
    // Only where no run says more does it count that nothing in the tree calls for the gate.
    let is_good = match last(here.iter().copied()) {
        Some(found) => found.gate.status.is_pass(),
        None => !by_phase && here.iter().any(|found| found.gate.uncalled),
    };
    let verdict = if is_good {
        Verdict::Passed
    } else {
        let since = completion.present.iter().any(|tree| has_passed(receipts, gate, tree));
        without_pass(completion, (since, ended.is_some(), passed.is_some()))
    };
    Proof { completion, gate, verdict, ended, passed }
}

/// The verdict where no receipt says that the gate passed for the completion's tree: whether it has passed for the present
/// work, failed for the tree, and passed at all.
fn without_pass(completion: &Completion, (since, failed, ever): (bool, bool, bool)) -> Verdict {
    let unknown_tree = || "the tree for which it was called complete is not known";
    match &completion.origin {
        Origin::Change if completion.tree.is_some() => Verdict::Missing,
        // What is said now has to hold for what is said now.
        Origin::Change => Verdict::Unknown(unknown_tree().to_owned()),
        _ if since => Verdict::PassedSince,
        Origin::MadeHere(_) if completion.tree.is_some() => Verdict::Missing,
        Origin::MadeHere(commit) => Verdict::Unknown(format!("{} ({})", unknown_tree(), short(commit))),
        Origin::Elsewhere(_) if failed => Verdict::Missing,
        Origin::Elsewhere(commit) => {
            Verdict::Unknown(format!("no receipt in this clone; it was completed in {}, made elsewhere", short(commit)))
        }
        Origin::Untracked if !ever => Verdict::Missing,
        Origin::Untracked => {
            let path = &completion.mark.path;
            Verdict::Unknown(format!("{path} is not tracked, so nobody knows for which tree; what passed here was another one"))
        }
        Origin::Unknown(why) => Verdict::Unknown(why.clone()),
    }
}

/// The beginning of a commit or a tree's key, as much as a reader needs.
pub fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

#[cfg(test)]
mod tests;
