//! Phases: the built-in ones, and what the state file and the configuration change.

use crate::config::{self, Config};
use crate::model::mark::{Located, Mark};
use crate::model::state::State;
use std::collections::{BTreeMap, BTreeSet};

/// The phases of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phases {
    /// The phase that it is in, by its plain name.
    pub current: Option<String>,
    /// The line that says so.
    pub current_mark: Option<Mark>,
    /// The sub-phase that it is in, by its plain name.
    pub subphase: Option<String>,
    /// The line that says so.
    pub subphase_mark: Option<Mark>,
    /// Every phase: the built-in ones in their order, then those of the configuration by name.
    pub all: Vec<Phase>,
    /// The gates of waves, by the plain name under which the configuration has them: `wave`, `wave_2`.
    pub wave_gates: BTreeMap<String, Vec<String>>,
    /// The completed phases and sub-phases, by their plain names.
    pub completed: BTreeSet<String>,
    /// Names that mean no phase, each once.
    pub unknown: Vec<UnknownPhase>,
}

/// One phase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phase {
    /// Its plain name.
    pub name: String,
    /// Whether agents may work at once.
    pub parallel: bool,
    /// Its agents, in the order in which they have to work.
    pub agents: Vec<String>,
    /// The phases that must be complete before it, by their plain names.
    pub needs: Vec<String>,
    /// The only paths that may change in it, as written in the configuration; none where all may.
    pub paths: Vec<String>,
    /// The gates that must have passed when it is complete.
    pub gates: Vec<String>,
    /// Its parts, in their order.
    pub subphases: Vec<Subphase>,
    /// The line of the state file that says whether agents may work at once.
    pub mark: Option<Mark>,
}

/// A part of a phase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subphase {
    /// Its plain name.
    pub name: String,
    /// Whether agents may work at once.
    pub parallel: bool,
    /// The gates that must have passed when it is complete.
    pub gates: Vec<String>,
    /// The line of the state file that says so.
    pub mark: Option<Mark>,
}

/// A name that means no phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPhase {
    /// As written.
    pub name: String,
    /// Where; `None` in paralint.toml.
    pub mark: Option<Mark>,
    /// What is said there of it: `current_phase`, `needs of integration`.
    pub role: String,
    /// What may be meant.
    pub near: Option<String>,
}

/// The built-in phases in their order: whether agents may work at once, and the order of agents.
const BUILT_IN: &[(&str, bool, &[&str])] = &[
    (PROOF_OF_LIFE, false, &[]),
    ("architecture", false, &["architecture-planner", "api-contract-designer", "error-designer"]),
    (TEST_DEFINITION, false, &[]),
    (IMPLEMENTATION, true, &[]),
    ("integration", true, &[]),
    ("validation", false, &[]),
    ("deployment", false, &[]),
];

/// The parts of test definition, and whether agents may work at once.
const SUBPHASES: &[(&str, bool)] =
    &[("test_2a_infrastructure", false), ("test_2b_specification", false), ("test_2c_implementation", true), ("test_2d_validation", false)];

/// What stands for every wave.
pub const EVERY_WAVE: &str = "wave";

/// Whether a plain name is that of a wave, or of all of them.
pub fn is_wave(plain: &str) -> bool {
    let number = plain.strip_prefix(EVERY_WAVE).and_then(|rest| rest.strip_prefix('_'));
    plain == EVERY_WAVE || number.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Few projects have it: it blocks the others only where some file mentions it.
const PROOF_OF_LIFE: &str = "proof_of_life";
/// The phase that must be complete before anything is implemented.
pub const TEST_DEFINITION: &str = "test_definition";
/// The phase from which on code is written.
pub const IMPLEMENTATION: &str = "implementation";

/// A phase's name in one spelling.
pub fn plain(name: &str) -> String {
    let plain = name.trim().to_lowercase().replace(['-', ' '], "_");
    if plain == "final_validation" { "validation".to_owned() } else { plain }
}

/// Whether a name that somebody wrote means a phase, sub-phase or wave that is given by its plain name: `Implementation`,
/// the short form of a sub-phase (`test-2a`), `wave-2`, and `wave` for every wave, on either side.
pub fn means(written: &str, phase: &str) -> bool {
    let written = plain(written);
    let short = |part: &&str| part.strip_prefix(written.as_str()).is_some_and(|rest| rest.starts_with('_')) && written.len() > 5;
    let waves = (written == EVERY_WAVE || phase == EVERY_WAVE) && is_wave(&written) && is_wave(phase);
    written == phase || waves || SUBPHASES.iter().map(|(name, _)| *name).find(short) == Some(phase)
}

/// The plain names of the built-in phases and their parts.
pub fn built_in_names() -> impl Iterator<Item = &'static str> + Clone {
    BUILT_IN.iter().map(|(name, ..)| *name).chain(SUBPHASES.iter().map(|(name, _)| *name))
}

/// Whether a name that somebody wrote means a built-in phase, a part of one (its short form too), a wave, or every wave.
pub fn is_built_in(written: &str) -> bool {
    is_wave(&plain(written)) || built_in_names().any(|name| means(written, name))
}

impl Phases {
    /// A phase by its plain name.
    pub fn find(&self, name: &str) -> Option<&Phase> {
        self.all.iter().find(|phase| phase.name == name)
    }

    /// The phase that it is in.
    pub fn now(&self) -> Option<&Phase> {
        self.find(self.current.as_deref()?)
    }

    /// The sub-phase that it is in.
    pub fn part(&self) -> Option<&Subphase> {
        let name = self.subphase.as_deref()?;
        self.now()?.subphases.iter().find(|part| part.name == name)
    }

    /// Whether agents may work at once now; `None` where no known phase is current.
    pub fn is_parallel(&self) -> Option<bool> {
        let phase = self.now()?;
        Some(self.part().map_or(phase.parallel, |part| part.parallel))
    }

    /// Every phase that must be complete before one begins, directly or through others, in the order of `all`.
    pub fn before(&self, name: &str) -> Vec<&Phase> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = vec![name];
        while let Some(next) = open.pop() {
            for need in self.find(next).iter().flat_map(|phase| &phase.needs) {
                if need != name && found.insert(need) {
                    open.push(need);
                }
            }
        }
        self.all.iter().filter(|phase| found.contains(phase.name.as_str())).collect()
    }

    /// The gates that must have passed when something is complete: a phase, a part of one, or a wave, by its plain name. One
    /// that several places name comes several times.
    pub fn gates_of(&self, name: &str) -> Vec<&str> {
        let whole = self.all.iter().filter(|phase| phase.name == name).flat_map(|phase| &phase.gates);
        let parts = self.all.iter().flat_map(|phase| &phase.subphases).filter(|part| part.name == name).flat_map(|part| &part.gates);
        let waves = self.wave_gates.iter().filter(|(wave, _)| *wave == name || (*wave == EVERY_WAVE && is_wave(name)));
        whole.chain(parts).chain(waves.flat_map(|(_, gates)| gates)).map(String::as_str).collect()
    }

    /// The name by which a phase or a part of one is known: the plain one, or the part that a short form (`test_2a`) means.
    pub fn name_of(&self, written: &str) -> String {
        canonical(self, written)
    }

    /// Whether one phase comes after another, directly or through others.
    pub fn is_after(&self, later: &str, earlier: &str) -> bool {
        self.before(later).iter().any(|phase| phase.name == earlier)
    }
}

/// The phases of a repository.
pub fn phases(state: &State, config: &Config) -> Phases {
    let mut phases = Phases { all: built_in(state, config), ..Phases::default() };
    apply_details(&mut phases, state);
    apply_configuration(&mut phases, config);
    read_current(&mut phases, state);
    let workflow = state.workflow.iter();
    let completed = workflow.flat_map(|workflow| workflow.completed_phases.iter().chain(&workflow.completed_subphases));
    phases.completed = completed.map(|name| canonical(&phases, &name.value)).collect();
    phases.unknown = unknown(&phases, state, config);
    phases
}

fn built_in(state: &State, config: &Config) -> Vec<Phase> {
    let mentioned = mentions(state, config);
    let mut all: Vec<Phase> = Vec::new();
    for (name, parallel, agents) in BUILT_IN {
        let before = all.last().map(|phase: &Phase| phase.name.clone());
        let part = |(name, parallel): &(&str, bool)| Subphase { name: (*name).to_owned(), parallel: *parallel, ..Subphase::default() };
        all.push(Phase {
            name: (*name).to_owned(),
            parallel: *parallel,
            agents: agents.iter().map(|agent| (*agent).to_owned()).collect(),
            needs: before.filter(|before| before != PROOF_OF_LIFE || mentioned).into_iter().collect(),
            subphases: if *name == TEST_DEFINITION { SUBPHASES.iter().map(part).collect() } else { Vec::new() },
            ..Phase::default()
        });
    }
    all
}

/// Whether some file mentions proof of life.
fn mentions(state: &State, config: &Config) -> bool {
    let names = names(state).into_iter().map(|(_, name)| name.value.as_str());
    let needs = config.phases.iter().flat_map(|(name, phase)| std::iter::once(name).chain(phase.needs.iter().flatten()));
    names.chain(needs.map(String::as_str)).any(|name| plain(name) == PROOF_OF_LIFE)
}

/// Every phase that a state file names, with what it says of it.
fn names(state: &State) -> Vec<(String, &Located<String>)> {
    let mut names: Vec<(String, &Located<String>)> = Vec::new();
    if let Some(workflow) = &state.workflow {
        names.extend(workflow.current_phase.iter().map(|name| ("current_phase".to_owned(), name)));
        names.extend(workflow.completed_phases.iter().map(|name| ("completed_phases".to_owned(), name)));
        names.extend(workflow.current_subphase.iter().map(|name| ("current_subphase".to_owned(), name)));
        names.extend(workflow.completed_subphases.iter().map(|name| ("completed_subphases".to_owned(), name)));
        names.extend(workflow.details.iter().map(|detail| ("phase_details".to_owned(), &detail.name)));
    }
    names.extend(state.status.iter().filter_map(|status| status.phase.as_ref()).map(|name| ("phase".to_owned(), name)));
    let of_workflow = state.workflow.iter().flat_map(|workflow| &workflow.points);
    for point in state.policy.iter().flat_map(|policy| &policy.points).chain(of_workflow) {
        let said = |role: &str| format!("{role} of {}", point.name.value);
        names.extend(point.after_phases.iter().map(|name| (said("after_phases"), name)));
        let blocked = point.blocks.iter().filter(|name| !matches!(name.value.trim(), "all" | "*"));
        names.extend(blocked.map(|name| (said("blocks"), name)));
    }
    names.retain(|(_, name)| !name.value.trim().is_empty());
    names
}

fn apply_details(phases: &mut Phases, state: &State) {
    for detail in state.workflow.iter().flat_map(|workflow| &workflow.details) {
        let Some(parallel) = &detail.parallel_allowed else { continue };
        let name = canonical(phases, &detail.name.value);
        for phase in &mut phases.all {
            if phase.name == name {
                (phase.parallel, phase.mark) = (parallel.value, Some(parallel.mark.clone()));
            }
            for part in phase.subphases.iter_mut().filter(|part| part.name == name) {
                (part.parallel, part.mark) = (parallel.value, Some(parallel.mark.clone()));
            }
        }
    }
}

/// The configuration has the last word: agents write the state file themselves.
fn apply_configuration(phases: &mut Phases, config: &Config) {
    let mut of_parts = Vec::new();
    for (written, changed) in &config.phases {
        let name = canonical(phases, written);
        if phases.all.iter().flat_map(|phase| &phase.subphases).any(|part| part.name == name) {
            of_parts.push((name, changed));
            continue;
        }
        if is_wave(&name) {
            phases.wave_gates.entry(name.clone()).or_default().extend(changed.gates.iter().cloned());
            // What says only which gates a wave has does not make a phase of it.
            if (config::Phase { gates: Vec::new(), ..changed.clone() }) == config::Phase::default() {
                continue;
            }
        }
        apply_to_phase(phases, name, changed);
    }
    // What is said of a part counts more than what is said of the whole.
    for (name, changed) in of_parts {
        for part in phases.all.iter_mut().flat_map(|phase| &mut phase.subphases).filter(|part| part.name == name) {
            if let Some(parallel) = changed.parallel {
                (part.parallel, part.mark) = (parallel, None);
            }
            part.gates.extend(changed.gates.iter().cloned());
        }
    }
}

fn apply_to_phase(phases: &mut Phases, name: String, changed: &config::Phase) {
    let index = phases.all.iter().position(|phase| phase.name == name).unwrap_or_else(|| {
        phases.all.push(Phase { name, ..Phase::default() });
        phases.all.len() - 1
    });
    let Some(phase) = phases.all.get_mut(index) else { return };
    if let Some(parallel) = changed.parallel {
        (phase.parallel, phase.mark) = (parallel, None);
        // Parts of a phase that is said to be serial are serial.
        phase.subphases.iter_mut().filter(|_| !parallel).for_each(|part| (part.parallel, part.mark) = (false, None));
    }
    if !changed.agents.is_empty() {
        phase.agents.clone_from(&changed.agents);
    }
    if let Some(needs) = &changed.needs {
        phase.needs = needs.iter().map(|need| plain(need)).collect();
    }
    phase.paths.extend(changed.paths.iter().cloned());
    phase.gates.extend(changed.gates.iter().cloned());
}

/// WORKFLOW_STATE.json first; PARALLEL_STATUS.json where it is silent.
fn read_current(phases: &mut Phases, state: &State) {
    let said = |name: &&Located<String>| !name.value.trim().is_empty();
    let workflow = state.workflow.as_ref();
    let of_workflow = workflow.and_then(|workflow| workflow.current_phase.as_ref()).filter(said);
    let of_status = || state.status.as_ref().and_then(|status| status.phase.as_ref()).filter(said);
    let Some(current) = of_workflow.or_else(of_status) else { return };
    let name = canonical(phases, &current.value);
    phases.current_mark = Some(current.mark.clone());
    // A part may be written where the phase belongs.
    let whole = phases.all.iter().find(|phase| phase.subphases.iter().any(|part| part.name == name));
    if let Some(whole) = whole.map(|phase| phase.name.clone()) {
        phases.current = Some(whole);
        (phases.subphase, phases.subphase_mark) = (Some(name), Some(current.mark.clone()));
        return;
    }
    let part = workflow.and_then(|workflow| workflow.current_subphase.as_ref()).filter(said);
    let part = part.map(|part| (canonical(phases, &part.value), part.mark.clone()));
    let own = |part: &str| phases.find(&name).is_some_and(|phase| phase.subphases.iter().any(|known| known.name == part));
    // What is left over from a phase that has ended says nothing of this one.
    if let Some((part, mark)) = part.filter(|(part, _)| own(part)) {
        (phases.subphase, phases.subphase_mark) = (Some(part), Some(mark));
    }
    phases.current = Some(name);
}

/// The plain name; the part that a short form (`test_2a`) means.
fn canonical(phases: &Phases, name: &str) -> String {
    let plain = plain(name);
    let short = |part: &&Subphase| part.name.strip_prefix(plain.as_str()).is_some_and(|rest| rest.starts_with('_')) && plain.len() > 5;
    let part = phases.all.iter().flat_map(|phase| &phase.subphases).find(short);
    part.map_or(plain, |part| part.name.clone())
}

/// Names that mean no phase. Parts of a phase may be called anything while the phase itself is not known to have parts.
fn unknown(phases: &Phases, state: &State, config: &Config) -> Vec<UnknownPhase> {
    let known: BTreeSet<&str> = phases.all.iter().map(|phase| phase.name.as_str()).collect();
    let parts: BTreeSet<&str> = phases.all.iter().flat_map(|phase| &phase.subphases).map(|part| part.name.as_str()).collect();
    let all = || known.iter().chain(&parts).copied();
    let waves: BTreeSet<&str> = phases.wave_gates.keys().map(String::as_str).collect();
    let mut found: BTreeMap<String, UnknownPhase> = BTreeMap::new();
    let mut add = |role: String, name: &str, mark: Option<Mark>| {
        let plain = canonical(phases, name);
        if [&known, &parts, &waves].iter().all(|names| !names.contains(plain.as_str())) {
            let near = config::nearest(&plain, all()).map(str::to_owned);
            found.entry(plain).or_insert_with(|| UnknownPhase { name: name.to_owned(), mark, role, near });
        }
    };
    for (role, name) in names(state) {
        add(role, &name.value, Some(name.mark.clone()));
    }
    for (name, phase) in &config.phases {
        for need in phase.needs.iter().flatten() {
            add(format!("needs of {name}"), need, None);
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests;
