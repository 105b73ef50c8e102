//! Which gates run, and why. Pure.

use crate::config::{Config, Gate, Inputs, Profile};
use crate::model::gate::{GateRun, TreeEntry};
use crate::model::path::RepoPath;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::time::Duration;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The gates that were named: they run whatever their profiles and conditions say, with what they need.
    pub names: Vec<String>,
    /// The level of quality.
    pub profile: Profile,
    /// The phase, sub-phase and wave that it is in, as they are known or were named; plain names (`work::phase::plain`,
    /// `wave_2`).
    pub phases: Vec<String>,
}

/// What the plan is made from.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The changed files that are there after the change, sorted: what `{files}` may stand for.
    pub changed: Vec<RepoPath>,
    /// Changed files that are gone, and old paths of renames; they count for `when.changed`.
    pub gone: Vec<RepoPath>,
    /// Every file counts as changed: there is no change, or all files were asked for.
    pub everything: bool,
    /// What is staged, sorted.
    pub index: Vec<TreeEntry>,
    /// The files of the work tree that are tracked or not ignored, sorted.
    pub worktree: Vec<RepoPath>,
    /// Of the patterns of `when.exists` without wildcards, those for which something is in the work tree, ignored or not.
    pub on_disk: FxHashSet<String>,
    /// How long gates took when they last passed.
    pub durations: BTreeMap<String, Duration>,
}

/// A plan: every gate that was chosen, in the order of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The gates.
    pub gates: Vec<Planned>,
}

/// One gate of a plan.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its definition.
    pub gate: Gate,
    /// Indexes, in the plan, of the gates that it needs.
    pub needs: Vec<usize>,
    /// It runs; otherwise it is skipped because nothing calls for it.
    pub runs: bool,
    /// Why it runs or is skipped, in one fragment: `named`, `src/a.rs changed`, `no changed file matches **/*.rs`.
    pub why: String,
    /// What `{files}` stands for, relative to the gate's folder; empty where its command does not ask for them.
    pub files: Vec<RepoPath>,
    /// How long it took when it last passed.
    pub expected: Option<Duration>,
}

/// A gate that was named and is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownGate {
    /// The name.
    pub name: String,
    /// What may be meant.
    pub near: Option<String>,
}

/// Chooses the gates.
pub fn plan(config: &Config, request: &Request, facts: &Facts) -> Result<Plan, UnknownGate> {
    let _ = (config, request, facts, Inputs::Index);
    Ok(Plan::default())
}

/// The rows of a list that runs nothing: the gates in the order in which they would start, with `status` planned or skipped.
/// `passed` says which gates have passed for their tree and would not run again.
pub fn list(plan: &Plan, passed: &FxHashSet<String>) -> Vec<GateRun> {
    let _ = (plan, passed);
    Vec::new()
}
