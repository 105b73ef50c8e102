//! Which gates run, and why. Pure.

mod conditions;
mod files;
mod list;

pub use list::list;

use super::command::again;
use super::schedule::Task;
use crate::config::{Config, Gate, Inputs, Profile, nearest};
use crate::model::gate::{Captured, GateRun, GateStatus, TreeEntry};
use crate::model::path::RepoPath;
use crate::policy::patterns::Pattern;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
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
    /// Changed paths that no command can be given: files that are gone, old paths of renames, links, other repositories. They
    /// count for `when.changed`.
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
    /// Nothing in the whole tree calls for it, whatever changed: a receipt may say so of that tree.
    pub idle: bool,
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

impl Plan {
    /// The jobs of a schedule for those gates of the plan that are to run, in the order of `active`, which holds indexes of
    /// gates. A job's needs are indexes among the jobs. What does not run counts as satisfied: a gate that its conditions
    /// skip hands on what it needs itself, one that has passed for its tree does not.
    pub fn tasks(&self, active: &[usize]) -> Vec<Task> {
        let jobs: FxHashMap<usize, usize> = active.iter().enumerate().map(|(job, gate)| (*gate, job)).collect();
        let task = |planned: &Planned| Task {
            needs: reached(&planned.needs, |gate| jobs.get(gate).copied(), |gate| self.handed_on(gate)),
            resources: planned.gate.resources.clone(),
            weight: planned.gate.weight,
            expected: planned.expected,
        };
        active.iter().map(|gate| self.gates.get(*gate).map(task).unwrap_or_default()).collect()
    }

    /// What a gate that does not run leaves to be waited for.
    fn handed_on(&self, gate: usize) -> &[usize] {
        self.gates.get(gate).filter(|planned| !planned.runs).map_or(&[], |planned| &planned.needs)
    }

    /// What is known of a gate before it runs: `Planned` where it is going to, else `Skipped`.
    pub fn row(&self, planned: &Planned) -> GateRun {
        GateRun {
            name: planned.gate.name.clone(),
            mark: planned.gate.mark.clone(),
            command: planned.gate.run.shown(),
            status: if planned.runs { GateStatus::Planned } else { GateStatus::Skipped },
            exit_code: None,
            signal: None,
            why: Some(planned.why.clone()),
            uncalled: !planned.runs,
            started: None,
            wall: None,
            ran: None,
            backed_off: None,
            cpu: None,
            peak_memory: None,
            attempts: 0,
            cached: false,
            leak: None,
            output: Captured::default(),
            needs: planned.needs.iter().filter_map(|need| self.gates.get(*need)).map(|need| need.gate.name.clone()).collect(),
            resources: planned.gate.resources.clone(),
            expected: planned.expected,
            again: again(&[], &planned.gate.name),
        }
    }
}

/// What is reached from `from` where each node is either something that is wanted, or leads on to others. Each once, sorted.
fn reached<'g>(from: &[usize], wanted: impl Fn(&usize) -> Option<usize>, leads: impl Fn(usize) -> &'g [usize]) -> Vec<usize> {
    let (mut found, mut seen, mut open) = (BTreeSet::new(), FxHashSet::default(), from.to_vec());
    while let Some(next) = open.pop() {
        if !seen.insert(next) {
            continue;
        }
        match wanted(&next) {
            Some(index) => {
                found.insert(index);
            }
            None => open.extend(leads(next)),
        }
    }
    found.into_iter().collect()
}

/// Chooses the gates.
///
/// # Errors
///
/// The names that are no gates, each once.
pub fn plan(config: &Config, request: &Request, facts: &Facts) -> Result<Plan, Vec<UnknownGate>> {
    let graph = Graph::new(&config.gates);
    let named = named(config, &graph, request)?;
    let fits =
        |gate: usize| config.gates.get(gate).is_some_and(|gate| gate.profiles.is_empty() || gate.profiles.contains(&request.profile));
    let is_candidate = |gate: &usize| named.contains(gate) || fits(*gate);
    // By gate: the named gate that brought it in. Those of other profiles are rows as well: that nothing runs is to be seen.
    let mut chosen: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    if request.names.is_empty() {
        chosen.extend((0..config.gates.len()).map(|gate| (gate, None)));
    }
    let direct = |gate: usize| reached(graph.needs(gate), |need| is_candidate(need).then_some(*need), |need| graph.needs(need));
    for root in &named {
        let mut open = vec![*root];
        while let Some(gate) = open.pop() {
            if let Entry::Vacant(place) = chosen.entry(gate) {
                place.insert(Some(*root));
                open.extend(direct(gate));
            }
        }
    }
    let places: FxHashMap<usize, usize> = chosen.keys().enumerate().map(|(place, gate)| (*gate, place)).collect();
    let gates = chosen.iter().map(|(index, root)| {
        let gate = &config.gates[*index];
        let call = match root {
            _ if named.contains(index) => Call::Named,
            Some(root) => Call::Needed(&config.gates[*root].name),
            None if !fits(*index) => Call::OtherProfile,
            None => Call::Usual,
        };
        let decision = conditions::decide(gate, call, request, facts);
        Planned {
            needs: direct(*index).iter().filter_map(|need| places.get(need).copied()).collect(),
            runs: decision.runs,
            why: decision.why,
            idle: decision.idle,
            files: decision.files,
            expected: facts.durations.get(&gate.name).copied(),
            gate: gate.clone(),
        }
    });
    Ok(Plan { gates: gates.collect() })
}

/// How a gate came into the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call<'g> {
    /// Everything was asked for.
    Usual,
    /// Everything was asked for, of another profile.
    OtherProfile,
    /// It was named.
    Named,
    /// A gate that was named needs it: it runs as if it had been named, where it makes sense at all (`when.exists`).
    Needed(&'g str),
}

fn named(config: &Config, graph: &Graph<'_>, request: &Request) -> Result<BTreeSet<usize>, Vec<UnknownGate>> {
    let (mut found, mut unknown) = (BTreeSet::new(), Vec::new());
    for name in &request.names {
        match graph.indexes.get(name.as_str()) {
            Some(index) => {
                found.insert(*index);
            }
            None => {
                let near = nearest(name, config.gates.iter().map(|gate| gate.name.as_str())).map(str::to_owned);
                unknown.push(UnknownGate { name: name.clone(), near });
            }
        }
    }
    let mut told = FxHashSet::default();
    unknown.retain(|one| told.insert(one.name.clone()));
    if unknown.is_empty() { Ok(found) } else { Err(unknown) }
}

/// The needs of all gates of a configuration, by index.
struct Graph<'g> {
    indexes: FxHashMap<&'g str, usize>,
    needs: Vec<Vec<usize>>,
}

impl<'g> Graph<'g> {
    fn new(gates: &'g [Gate]) -> Graph<'g> {
        let indexes: FxHashMap<&str, usize> = gates.iter().enumerate().map(|(index, gate)| (gate.name.as_str(), index)).collect();
        let of_gate = |gate: &Gate| gate.needs.iter().filter_map(|need| indexes.get(need.as_str()).copied()).collect();
        let needs = gates.iter().map(of_gate).collect();
        Graph { indexes, needs }
    }

    fn needs(&self, gate: usize) -> &[usize] {
        self.needs.get(gate).map_or(&[], Vec::as_slice)
    }
}

/// The patterns of `when.exists` for which `Facts::on_disk` has to be asked, each with the path that it names: those without
/// wildcards, of gates that run on the work tree. A pattern that ends in `/` asks for a folder.
pub fn asks_of_disk(config: &Config) -> BTreeMap<String, String> {
    let of_worktree = config.gates.iter().filter(|gate| gate.inputs == Inputs::Worktree);
    let patterns = of_worktree.flat_map(|gate| &gate.when.exists);
    let literal = |pattern: &String| match Pattern::parse_rooted(pattern).ok()?.as_slice() {
        [only] => Some((pattern.clone(), only.literal()?)),
        _ => None,
    };
    patterns.filter_map(literal).collect()
}

#[cfg(test)]
mod tests;
