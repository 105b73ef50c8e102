//! Everybody whom policy and state files name, and which names mean the same agent.

use super::paths;
use crate::model::state::{State, Task, TaskStatus};
use crate::policy::Compiled;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Values of `agent` that say which kind of agent works, and not who.
const KINDS: &[&str] = &["general-purpose", "Explore", "explore", "Plan", "plan", "claude", "agent", "default", "worker", "coder"];

/// Everybody whom policy and state files name.
pub struct Directory<'d> {
    policy: Option<&'d Compiled>,
    state: &'d State,
    by_boundary: FxHashMap<&'d str, Vec<usize>>,
    by_owner: FxHashMap<&'d str, Vec<usize>>,
    by_task: FxHashMap<&'d str, Vec<usize>>,
    others: FxHashSet<&'d str>,
    kinds: FxHashSet<&'d str>,
    identifiers: BTreeSet<&'d str>,
    /// By boundary that nobody owns: the tasks that go on there.
    by_place: OnceLock<FxHashMap<usize, BTreeSet<usize>>>,
}

/// One agent, by all its names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Every name that means it; holds the one that was asked for.
    pub names: BTreeSet<String>,
    /// Indexes of its boundaries.
    pub boundaries: BTreeSet<usize>,
    /// Some policy or state file names it.
    pub known: bool,
}

impl<'d> Directory<'d> {
    /// Reads who is named.
    pub fn new(policy: Option<&'d Compiled>, state: &'d State) -> Directory<'d> {
        let mut directory = Directory {
            policy,
            state,
            by_boundary: FxHashMap::default(),
            by_owner: FxHashMap::default(),
            by_task: FxHashMap::default(),
            others: FxHashSet::default(),
            kinds: kinds(state),
            identifiers: BTreeSet::new(),
            by_place: OnceLock::new(),
        };
        for (index, boundary) in policy.iter().flat_map(|policy| policy.policy.boundaries.iter().enumerate()) {
            directory.by_boundary.entry(&boundary.name.value).or_default().push(index);
            if let Some(owner) = &boundary.owner {
                owner_names(&owner.value).into_iter().for_each(|name| directory.by_owner.entry(name).or_default().push(index));
            }
        }
        for (index, task) in tasks(state).iter().enumerate() {
            let agent = directory.agent(task);
            let named = [Some(task.id.value.as_str()), task.name.as_deref(), agent];
            for name in named.into_iter().flatten().collect::<BTreeSet<_>>() {
                directory.by_task.entry(name).or_default().push(index);
            }
        }
        let holders = state.locks.iter().flat_map(|locks| &locks.locks).map(|lock| lock.agent.value.as_str());
        let active = state.workflow.iter().flat_map(|workflow| &workflow.active_tasks).map(|task| task.value.as_str());
        directory.others = holders.chain(active).filter(|name| !name.is_empty()).collect();
        directory.identifiers = directory.all_names().filter(|name| is_identifier(name) && !directory.is_kind(name)).collect();
        directory
    }

    /// What `--agent` takes, sorted.
    pub fn known(&self) -> Vec<String> {
        let ids = tasks(self.state).iter().map(|task| task.id.value.as_str());
        // `@ada` is enough: that it is known without its `@`, too, goes without saying.
        let is_said = |name: &&&str| name.starts_with('@') || !self.by_owner.contains_key(format!("@{name}").as_str());
        let owners = self.by_owner.keys().filter(is_said);
        let all = self.by_boundary.keys().chain(owners).chain(&self.others).copied().chain(ids);
        all.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
    }

    fn all_names(&self) -> impl Iterator<Item = &'d str> {
        let maps = self.by_boundary.keys().chain(self.by_owner.keys()).chain(self.by_task.keys());
        maps.chain(&self.others).copied()
    }

    /// The names that look like an identifier: a plain word (`tests`, `features`) in a sentence names nobody.
    pub(super) fn identifiers(&self) -> &BTreeSet<&'d str> {
        &self.identifiers
    }

    /// Whether a policy or state file names it.
    pub fn knows(&self, name: &str) -> bool {
        self.by_boundary.contains_key(name)
            || self.by_owner.contains_key(name)
            || self.by_task.contains_key(name)
            || self.others.contains(name)
    }

    /// Whether a value says which kind of agent works, and not who.
    pub fn is_kind(&self, name: &str) -> bool {
        KINDS.contains(&name) || self.kinds.contains(name)
    }

    /// The agent of a task, where it names somebody.
    fn agent(&self, task: &'d Task) -> Option<&'d str> {
        let agent = task.agent.as_ref()?.value.as_str();
        (!agent.is_empty() && !self.is_kind(agent)).then_some(agent)
    }

    /// Who is meant by a name.
    ///
    /// A boundary means itself and its owner, where nobody owns it the one task that goes on there; an owner all that it owns; a task its agent, and the boundaries that either of
    /// them owns, else those in which its paths lie.
    pub fn resolve(&self, name: &str) -> Known {
        let mut found = Known { known: self.knows(name), ..Known::default() };
        found.names.insert(name.to_owned());
        self.add_owned(name, &mut found);
        let named = self.at(&self.by_boundary, name);
        for index in named {
            found.boundaries.insert(*index);
            let owners = self.owners(*index);
            for owner in &owners {
                self.add_tasks(owner, &mut found);
                found.names.insert((*owner).to_owned());
            }
            if owners.is_empty()
                && let Some(task) = self.only_task(*index)
            {
                self.add_tasks(&task.id.value, &mut found);
            }
        }
        for index in self.add_tasks(name, &mut found) {
            let task = &tasks(self.state)[*index];
            for alias in [Some(task.id.value.as_str()), self.agent(task)].into_iter().flatten() {
                self.add_owned(alias, &mut found);
            }
        }
        if found.boundaries.is_empty() {
            self.add_by_path(name, &mut found);
        }
        found
    }

    fn at<'m>(&self, map: &'m FxHashMap<&'d str, Vec<usize>>, name: &str) -> &'m [usize] {
        map.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every name of whoever owns a boundary.
    fn owners(&self, boundary: usize) -> Vec<&'d str> {
        let owner = self.policy.and_then(|policy| policy.policy.boundaries.get(boundary)?.owner.as_ref());
        let names = owner.map_or(Vec::new(), |owner| owner_names(&owner.value));
        names.into_iter().filter(|name| !name.is_empty() && !self.is_kind(name)).collect()
    }

    fn add_owned(&self, owner: &str, found: &mut Known) {
        // `@ada` and `ada` are one.
        let other = owner.strip_prefix('@').map_or_else(|| format!("@{owner}"), str::to_owned);
        if self.by_owner.contains_key(other.as_str()) && self.by_owner.contains_key(owner) {
            found.names.insert(other);
        }
        for index in self.at(&self.by_owner, owner) {
            self.add_boundary(*index, found);
        }
    }

    fn add_boundary(&self, index: usize, found: &mut Known) {
        found.boundaries.insert(index);
        if let Some(boundary) = self.policy.and_then(|policy| policy.policy.boundaries.get(index)) {
            found.names.insert(boundary.name.value.clone());
        }
    }

    /// The tasks of a name; their names mean the same agent.
    fn add_tasks(&self, name: &str, found: &mut Known) -> &[usize] {
        let indexes = self.at(&self.by_task, name);
        for index in indexes {
            let task = &tasks(self.state)[*index];
            let names = [Some(task.id.value.as_str()), task.name.as_deref(), self.agent(task)];
            found.names.extend(names.into_iter().flatten().filter(|name| !name.is_empty()).map(str::to_owned));
        }
        indexes
    }

    /// The boundaries in which a task's paths lie, but none that belongs to another task. That does not make owner and task
    /// one agent; only where nobody owns the boundary its name means whoever works there.
    fn add_by_path(&self, name: &str, found: &mut Known) {
        for index in self.at(&self.by_task, name) {
            let task = &tasks(self.state)[*index];
            for boundary in task.paths.iter().flat_map(|path| self.boundaries_of(&path.value)) {
                let owners = self.owners(boundary);
                let is_own = owners.iter().any(|owner| found.names.contains(*owner));
                if owners.is_empty() {
                    self.add_boundary(boundary, found);
                } else if is_own || !owners.iter().any(|owner| self.by_task.contains_key(owner)) {
                    found.boundaries.insert(boundary);
                }
            }
        }
    }

    /// The task that goes on in a boundary that nobody owns, where there is exactly one.
    fn only_task(&self, boundary: usize) -> Option<&'d Task> {
        let by_place = self.by_place.get_or_init(|| {
            let mut by_place: FxHashMap<usize, BTreeSet<usize>> = FxHashMap::default();
            for (index, task) in tasks(self.state).iter().enumerate() {
                if matches!(task.status.value, TaskStatus::Completed | TaskStatus::Failed) {
                    continue;
                }
                for boundary in task.paths.iter().flat_map(|path| self.boundaries_of(&path.value)) {
                    by_place.entry(boundary).or_default().insert(index);
                }
            }
            by_place
        });
        let there = by_place.get(&boundary).filter(|there| there.len() == 1)?;
        let task = tasks(self.state).get(*there.first()?)?;
        // The other way round the same holds: a task that owns a boundary does not mean those in which it works.
        let joins = self.resolve_task(&task.id.value).contains(&boundary);
        joins.then_some(task)
    }

    /// The boundaries that a task's name means.
    fn resolve_task(&self, id: &str) -> BTreeSet<usize> {
        if self.by_boundary.contains_key(id) { BTreeSet::new() } else { self.resolve(id).boundaries }
    }

    /// Whether more than a lock names somebody.
    pub fn is_named_beyond_locks(&self, name: &str) -> bool {
        let active = self.state.workflow.iter().flat_map(|workflow| &workflow.active_tasks);
        self.by_boundary.contains_key(name)
            || self.by_owner.contains_key(name)
            || self.by_task.contains_key(name)
            || active.into_iter().any(|task| task.value == name)
    }

    /// The boundaries in which a path of a state file lies, by their most specific patterns.
    pub fn boundaries_of(&self, path: &str) -> BTreeSet<usize> {
        let Some(policy) = self.policy else { return BTreeSet::new() };
        let probes = paths::probes(path);
        probes.iter().find_map(|probe| policy.claimants(probe, false).first().map(|first| first.index)).into_iter().collect()
    }
}

/// The names by which an owner is known: as written, each of several (separated by blanks or commas), and all of them without
/// the `@` in front.
fn owner_names(owner: &str) -> Vec<&str> {
    let parts = owner.split([' ', '\t', ',']).filter(|part| part.contains(char::is_alphanumeric));
    let mut names: Vec<&str> = std::iter::once(owner).chain(parts.flat_map(|part| [part, part.trim_start_matches('@')])).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

fn is_identifier(name: &str) -> bool {
    name.len() >= 2 && name.contains(|character: char| matches!(character, '-' | '_') || character.is_ascii_digit())
}

fn tasks(state: &State) -> &[Task] {
    state.status.as_ref().map(|status| status.tasks.as_slice()).unwrap_or_default()
}

/// Values of `agent` that several tasks share.
fn kinds(state: &State) -> FxHashSet<&str> {
    let (mut seen, mut shared) = (FxHashSet::default(), FxHashSet::default());
    for agent in tasks(state).iter().filter_map(|task| task.agent.as_ref()) {
        if !seen.insert(agent.value.as_str()) {
            shared.insert(agent.value.as_str());
        }
    }
    shared
}
