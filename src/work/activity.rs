//! Which tasks are at work right now, and from where that is known.

use super::directory::Directory;
use super::{locks, logged, paths};
use crate::audit::Audited;
use crate::config::Config;
use crate::model::mark::Mark;
use crate::model::moment::Moment;
use crate::model::session::{Clock, Dispatch, Status};
use crate::model::state::{State, TaskStatus};
use crate::policy::Compiled;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Where a task is said to be at work.
pub const STATUS: &str = "PARALLEL_STATUS.json";
/// See `STATUS`.
pub const ACTIVE: &str = "active_parallel_tasks";
/// See `STATUS`.
pub const LOCKS: &str = "RESOURCE_LOCKS.json";
/// See `STATUS`.
pub const LOG: &str = "session log";

/// A dispatch without an end counts as open while its log was written to this lately.
const LATELY: i64 = 6 * 3_600_000;
/// So many pairs of paths are compared; where there are more, work is parallel whatever joins.
const MOST_PAIRS: usize = 4_000_000;

/// One task that is at work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActiveTask {
    /// Every name that means it.
    pub names: Vec<String>,
    /// Indexes of the boundaries that it works in.
    pub boundaries: Vec<usize>,
    /// Where it is said: `PARALLEL_STATUS.json`, `active_parallel_tasks`, `RESOURCE_LOCKS.json`, `session log`.
    pub sources: Vec<&'static str>,
    /// What to call it: the task's id, the lock's holder, the dispatch's description.
    pub name: String,
    /// The lines of state files that say so, in their order.
    pub marks: Vec<Mark>,
}

/// The tasks that are at work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// Each task once.
    pub tasks: Vec<ActiveTask>,
}

impl Activity {
    /// Two or more are at work.
    pub fn is_parallel(&self) -> bool {
        self.tasks.len() >= 2
    }

    /// Everything from which tasks are known to be at work, sorted.
    pub fn sources(&self) -> Vec<&'static str> {
        self.tasks.iter().flat_map(|task| task.sources.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Finds the tasks that are at work.
///
/// Tasks of PARALLEL_STATUS.json, entries of `active_parallel_tasks` and holders of live locks are one where a name joins
/// them, else where they work in one boundary or path; what cannot be joined counts on its own. Open dispatches mostly carry
/// no name: they add to the number of tasks only where there are more of them.
pub fn activity(state: &State, policy: Option<&Compiled>, sessions: &[Audited], config: &Config, now: Moment) -> Activity {
    let directory = Directory::new(policy, state);
    let mut groups = tasks(state, &directory);
    join(&mut groups, entries(state, &directory), ACTIVE);
    join(&mut groups, holders(state, &directory, config, now), LOCKS);
    join_dispatches(&mut groups, &directory, sessions, now);
    let mut tasks: Vec<ActiveTask> = groups.into_iter().map(Group::into_task).collect();
    tasks.sort_by(|one, other| (&one.name, &one.names).cmp(&(&other.name, &other.names)));
    Activity { tasks }
}

/// A task, as far as it is joined.
#[derive(Debug, Clone, Default)]
struct Group {
    name: String,
    names: BTreeSet<String>,
    boundaries: BTreeSet<usize>,
    paths: BTreeSet<String>,
    sources: BTreeSet<&'static str>,
    marks: BTreeSet<Mark>,
}

impl Group {
    fn new(name: &str, source: &'static str, directory: &Directory<'_>) -> Group {
        let known = directory.resolve(name);
        Group {
            name: name.to_owned(),
            names: known.names,
            boundaries: known.boundaries,
            sources: BTreeSet::from([source]),
            ..Group::default()
        }
    }

    fn add_path(&mut self, path: &str, directory: &Directory<'_>) {
        self.boundaries.extend(directory.boundaries_of(path));
        self.paths.extend(paths::plain(path));
    }

    fn shares_a_name(&self, other: &Group) -> bool {
        !self.names.is_disjoint(&other.names)
    }

    fn shares_a_place(&self, other: &Group) -> bool {
        let touches = |path: &String| other.paths.iter().any(|theirs| paths::touch(path, theirs));
        // An entry may itself be the path or the boundary that the other works in.
        let named = |one: &Group, other: &Group| {
            let name = one.names.iter().filter_map(|name| paths::plain(name)).filter(|name| name.contains('/'));
            name.into_iter().any(|name| other.paths.iter().any(|path| paths::touch(&name, path)))
        };
        !self.boundaries.is_disjoint(&other.boundaries) || self.paths.iter().any(touches) || named(self, other) || named(other, self)
    }

    fn take(&mut self, other: Group) {
        self.names.extend(other.names);
        self.boundaries.extend(other.boundaries);
        self.paths.extend(other.paths);
        self.sources.extend(other.sources);
        self.marks.extend(other.marks);
    }

    fn into_task(self) -> ActiveTask {
        ActiveTask {
            names: self.names.into_iter().collect(),
            boundaries: self.boundaries.into_iter().collect(),
            sources: self.sources.into_iter().collect(),
            name: self.name,
            marks: self.marks.into_iter().collect(),
        }
    }
}

/// The tasks that PARALLEL_STATUS.json says are in progress, by their ids.
fn tasks(state: &State, directory: &Directory<'_>) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    let tasks = state.status.iter().flat_map(|status| &status.tasks);
    for task in tasks.filter(|task| task.status.value == TaskStatus::InProgress) {
        let id = task.id.value.as_str();
        let group = groups.entry(id).or_insert_with(|| Group::new(id, STATUS, directory));
        group.marks.insert(task.status.mark.clone());
        for path in &task.paths {
            group.add_path(&path.value, directory);
        }
    }
    groups.into_values().collect()
}

fn entries(state: &State, directory: &Directory<'_>) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for entry in state.workflow.iter().flat_map(|workflow| &workflow.active_tasks) {
        let name = entry.value.as_str();
        groups.entry(name).or_insert_with(|| Group::new(name, ACTIVE, directory)).marks.insert(entry.mark.clone());
    }
    groups.remove("");
    groups.into_values().collect()
}

fn holders(state: &State, directory: &Directory<'_>, config: &Config, now: Moment) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for (_, lock) in locks::live(state, config, now) {
        let name = lock.agent.value.as_str();
        let group = groups.entry(name).or_insert_with(|| Group::new(name, LOCKS, directory));
        group.marks.insert(lock.agent.mark.clone());
        for path in &lock.paths {
            group.add_path(&path.value, directory);
        }
    }
    groups.into_values().collect()
}

/// Joins what one more file says. A task takes one of its entries at most by place: two holders in one boundary are two.
fn join(groups: &mut Vec<Group>, added: Vec<Group>, source: &'static str) {
    let by_name = index(groups);
    let mut left: Vec<Group> = Vec::new();
    for group in merged(added) {
        match first(&by_name, &group).and_then(|index| groups.get_mut(index)) {
            Some(known) => known.take(group),
            None => left.push(group),
        }
    }
    let places = |groups: &[Group]| groups.iter().map(|group| 1 + group.paths.len()).sum::<usize>();
    let few = places(groups).saturating_mul(places(&left)) <= MOST_PAIRS;
    for group in left {
        let free = |known: &Group| few && !known.sources.contains(source) && known.shares_a_place(&group);
        match groups.iter().position(free).and_then(|index| groups.get_mut(index)) {
            Some(known) => known.take(group),
            None => groups.push(group),
        }
    }
}

/// Entries of one file that are one agent by their names: a lock held as `feature-a` and one held by its owner.
fn merged(added: Vec<Group>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_name = FxHashMap::default();
    for group in added {
        let found = first(&by_name, &group).unwrap_or(groups.len());
        for name in &group.names {
            by_name.entry(name.clone()).or_insert(found);
        }
        match groups.get_mut(found) {
            Some(known) => known.take(group),
            None => groups.push(group),
        }
    }
    groups
}

/// By name, the first group that has it.
fn index(groups: &[Group]) -> FxHashMap<String, usize> {
    let mut by_name = FxHashMap::default();
    for (index, group) in groups.iter().enumerate() {
        for name in &group.names {
            by_name.entry(name.clone()).or_insert(index);
        }
    }
    by_name
}

fn first(by_name: &FxHashMap<String, usize>, group: &Group) -> Option<usize> {
    group.names.iter().filter_map(|name| by_name.get(name)).min().copied()
}

/// Takes in the dispatches that are open: by name where they have one, else by number.
fn join_dispatches(groups: &mut Vec<Group>, directory: &Directory<'_>, sessions: &[Audited], now: Moment) {
    let mut nameless = Vec::new();
    let known_to_files = groups.len();
    for dispatch in open(sessions, now) {
        let Some(name) = logged::called(dispatch, directory) else {
            nameless.push(dispatch);
            continue;
        };
        let group = Group::new(&name, LOG, directory);
        match groups.iter_mut().find(|known| known.shares_a_name(&group)) {
            Some(known) => known.take(group),
            None => groups.push(group),
        }
    }
    let without = groups.iter().take(known_to_files).filter(|group| !group.sources.contains(LOG)).count();
    for dispatch in nameless.into_iter().skip(without) {
        let name = dispatch.agent.as_deref().unwrap_or(&dispatch.id);
        let shown = dispatch.description.as_deref().unwrap_or(name);
        let names = BTreeSet::from([name.to_owned()]);
        groups.push(Group { name: shown.to_owned(), names, sources: BTreeSet::from([LOG]), ..Group::default() });
    }
}

/// The dispatches without an end in logs that were written to lately, each once, by their ids. One that waits for an agent
/// of its own is not at work itself. A pasted text tells of its own time, whenever that was.
fn open(sessions: &[Audited], now: Moment) -> Vec<&Dispatch> {
    let recent = sessions
        .iter()
        .map(|audited| &audited.session)
        .filter(|session| session.clock == Clock::Times)
        .filter(|session| session.ended.is_some_and(|ended| now.0.saturating_sub(ended.0) <= LATELY));
    let mut found: BTreeMap<&str, &Dispatch> = BTreeMap::new();
    let mut ended: FxHashSet<&str> = FxHashSet::default();
    for dispatch in recent.flat_map(|session| &session.dispatches) {
        if matches!(dispatch.status, Status::Running | Status::NoResult) {
            found.insert(&dispatch.id, dispatch);
        } else {
            // A resumed session repeats the call, and knows its end.
            ended.insert(&dispatch.id);
        }
    }
    let parents: FxHashSet<&str> = found.values().filter_map(|dispatch| dispatch.parent.as_deref()).collect();
    found.into_values().filter(|dispatch| !ended.contains(dispatch.id.as_str()) && !parents.contains(dispatch.id.as_str())).collect()
}

#[cfg(test)]
mod tests;
