//! Groups of DEPENDENCY_GRAPH.json: components that began before those they wait for were complete, and groups that wait for
//! nobody or for each other.

use super::unsynchronised::RULE;
use crate::model::finding::{Finding, Severity};
use crate::model::mark::Located;
use crate::model::moment::Moment;
use crate::model::state::{DependencyGraph, GraphGroup, Task, TaskStatus};
use crate::rules::RepositoryContext;
use crate::rules::tell::{LISTED, are, listed, place, prove, show};
use crate::work::directory::Directory;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(graph) = &context.state.graph else { return Vec::new() };
    let groups: BTreeMap<&str, &GraphGroup> = graph.groups.iter().map(|group| (group.group.value.as_str(), group)).collect();
    let mut found: Vec<Finding> = unknown(graph, &groups);
    found.extend(cycle(&groups));
    let directory = Directory::new(context.policy, context.state);
    let tasks = context.state.status.as_ref().map(|status| status.tasks.as_slice()).unwrap_or_default();
    let tasks = by_name(tasks);
    let progress: BTreeMap<&str, Vec<Component<'_>>> =
        groups.iter().map(|(name, group)| (*name, components(group, &directory, &tasks))).collect();
    for name in groups.keys() {
        for need in needs(name, &groups, &progress) {
            let (Some(before), Some(after)) = (progress.get(need), progress.get(name)) else { continue };
            found.extend(early(need, before, after));
        }
    }
    found.extend(absent(context, &groups, &progress));
    found
}

/// The groups that one waits for. Behind one that has no tasks those that it waits for count.
fn needs<'g>(
    name: &'g str,
    groups: &BTreeMap<&'g str, &'g GraphGroup>,
    progress: &BTreeMap<&'g str, Vec<Component<'g>>>,
) -> BTreeSet<&'g str> {
    let direct = |name: &str| groups.get(name).into_iter().flat_map(|group| &group.depends_on).map(|need| need.value.as_str());
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = direct(name).collect();
    while let Some(need) = open.pop() {
        if need == name || !found.insert(need) {
            continue;
        }
        if progress.get(need).is_some_and(|components| components.iter().all(|component| component.tasks.is_empty())) {
            open.extend(direct(need));
        }
    }
    found
}

/// Components that are in no list of tasks, while one that waits for them has begun. A list with tasks of one group alone
/// may be about that group, and says nothing of the others.
fn absent<'g>(
    context: &RepositoryContext<'_>,
    groups: &BTreeMap<&'g str, &'g GraphGroup>,
    progress: &BTreeMap<&'g str, Vec<Component<'g>>>,
) -> Vec<Finding> {
    let Some(status) = &context.state.status else { return Vec::new() };
    let mut missing: BTreeMap<&str, (&Component<'_>, &str, &Component<'_>)> = BTreeMap::new();
    for name in groups.keys() {
        let others = progress.iter().filter(|(other, _)| *other != name).flat_map(|(_, components)| components);
        if others.into_iter().all(|component| component.tasks.is_empty()) {
            continue;
        }
        let Some(after) = progress.get(name).into_iter().flatten().find(|component| component.began()) else { continue };
        for need in needs(name, groups, progress) {
            for before in progress.get(need).into_iter().flatten().filter(|component| component.tasks.is_empty()) {
                missing.entry(before.name.value.as_str()).or_insert((before, need, after));
            }
        }
    }
    let told = missing.into_values().map(|(before, need, after)| {
        let (component, waiting) = (&before.name.value, &after.name.value);
        let message = format!("{component} is not in {}, and {waiting}, which waits for it, has begun", status.path);
        let identity = format!("{}\n{}\nabsent\n{component}", RULE.name, before.name.mark.path);
        let mut finding = Finding::new(RULE.name, Severity::Warning, message, place(&before.name.mark), identity);
        show(&mut finding, &before.name.mark, format!("of group {need}, which comes first"));
        if let Some(task) = after.tasks.iter().find(|task| task.status.value != TaskStatus::Pending) {
            show(&mut finding, &task.status.mark, format!("{waiting} is {}", task.status.value.word().replace('_', " ")));
        }
        prove(&mut finding, "group", need);
        prove(&mut finding, "component", component.as_str());
        finding.help = format!("add {component} to {}, or take it out of group {need}", status.path);
        finding
    });
    told.collect()
}

/// A component and what PARALLEL_STATUS.json says of its tasks.
struct Component<'g> {
    name: &'g Located<String>,
    tasks: Vec<&'g Task>,
}

impl Component<'_> {
    fn began(&self) -> bool {
        self.tasks.iter().any(|task| task.status.value != TaskStatus::Pending)
    }

    fn is_complete(&self) -> bool {
        self.tasks.iter().all(|task| task.status.value == TaskStatus::Completed)
    }

    fn started(&self) -> Option<Moment> {
        self.tasks.iter().filter_map(|task| task.started.as_ref()).map(|started| started.value).min()
    }

    fn completed(&self) -> Option<Moment> {
        self.tasks.iter().filter_map(|task| task.completed.as_ref()).map(|completed| completed.value).max()
    }
}

/// Tasks by id and by name.
fn by_name(tasks: &[Task]) -> BTreeMap<&str, Vec<&Task>> {
    let mut by_name: BTreeMap<&str, Vec<&Task>> = BTreeMap::new();
    for task in tasks {
        for name in [Some(task.id.value.as_str()), task.name.as_deref()].into_iter().flatten().collect::<BTreeSet<_>>() {
            by_name.entry(name).or_default().push(task);
        }
    }
    by_name
}

/// The components of a group and their tasks: those of their name, or of the boundary of their name.
fn components<'g>(group: &'g GraphGroup, directory: &Directory<'_>, by_name: &BTreeMap<&str, Vec<&'g Task>>) -> Vec<Component<'g>> {
    let components = group.components.iter().map(|name| {
        let known = directory.resolve(&name.value).names;
        let mut tasks: Vec<&Task> = known.iter().filter_map(|name| by_name.get(name.as_str())).flatten().copied().collect();
        tasks.sort_by_key(|task| &task.id);
        tasks.dedup_by_key(|task| &task.id);
        Component { name, tasks }
    });
    components.collect()
}

/// Components that began while some of the group before were not complete, or before those were.
fn early(need: &str, before: &[Component<'_>], after: &[Component<'_>]) -> Vec<Finding> {
    let open: Vec<&Component<'_>> = before.iter().filter(|component| !component.is_complete()).collect();
    let last = before.iter().filter(|component| component.is_complete() && component.completed().is_some());
    let last = last.max_by_key(|component| (component.completed(), &component.name.value));
    let began = after.iter().filter(|component| component.began());
    let early = began.filter_map(|component| {
        if let Some(first) = open.first() {
            let names: BTreeSet<&str> = open.iter().map(|one| one.name.value.as_str()).collect();
            return Some(finding(component, first, need, &names.into_iter().collect::<Vec<_>>()));
        }
        let last = last.filter(|last| component.started().zip(last.completed()).is_some_and(|(began, ended)| began < ended))?;
        Some(finding(component, last, need, &[last.name.value.as_str()]))
    });
    early.collect()
}

fn finding(after: &Component<'_>, before: &Component<'_>, need: &str, names: &[&str]) -> Finding {
    let name = &after.name.value;
    let was = if names.len() == 1 { "was" } else { "were" };
    let message = format!("{name} began before {} of group {need} {was} complete", listed(names));
    let identity = format!("{}\n{}\n{name}\n{need}", RULE.name, after.name.mark.path);
    let first = after.tasks.iter().min_by_key(|task| (task.started.is_none(), &task.started, &task.id));
    let mark = first.map_or(&after.name.mark, |task| task.started.as_ref().map_or(&task.status.mark, |started| &started.mark));
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(mark), identity);
    show(&mut finding, mark, format!("{name} began"));
    let open = before.tasks.iter().find(|task| task.status.value != TaskStatus::Completed);
    let last = before.tasks.iter().max_by_key(|task| (&task.completed, &task.id));
    if let Some(task) = open.or(last) {
        let ended = task.completed.as_ref().filter(|_| open.is_none());
        show(
            &mut finding,
            ended.map_or(&task.status.mark, |ended| &ended.mark),
            format!("{} is {}", before.name.value, task.status.value.word().replace('_', " ")),
        );
    }
    show(&mut finding, &before.name.mark, format!("of group {need}, which comes first"));
    finding.agents = after.tasks.iter().map(|task| task.id.value.clone()).take(LISTED).collect();
    prove(&mut finding, "group", need);
    prove(&mut finding, "incomplete", names.iter().take(LISTED).copied().collect::<Vec<_>>());
    finding.help = format!("wait for all of group {need} before you start {name}");
    finding
}

/// Groups that wait for a group that is not there.
fn unknown(graph: &DependencyGraph, groups: &BTreeMap<&str, &GraphGroup>) -> Vec<Finding> {
    let mut missing: BTreeMap<&str, (&GraphGroup, &Located<String>)> = BTreeMap::new();
    for group in &graph.groups {
        for need in group.depends_on.iter().filter(|need| !groups.contains_key(need.value.as_str())) {
            let known = missing.entry(need.value.as_str()).or_insert((group, need));
            if need.mark < known.1.mark {
                *known = (group, need);
            }
        }
    }
    let told = missing.into_iter().map(|(name, (group, need))| {
        let message = format!("group {} waits for group {name}, which is not there", group.group.value);
        let identity = format!("{}\n{}\nunknown\n{name}", RULE.name, graph.path);
        let mut finding = Finding::new(RULE.name, Severity::Warning, message, place(&need.mark), identity);
        show(&mut finding, &need.mark, "no such group");
        let names: Vec<&str> = groups.keys().copied().collect();
        prove(&mut finding, "group", name);
        finding.help = format!("there {} {}", are(names.len()), listed(&names));
        finding
    });
    told.collect()
}

/// The first circle of groups that wait for each other.
fn cycle(groups: &BTreeMap<&str, &GraphGroup>) -> Option<Finding> {
    let needs = |name: &str| -> BTreeSet<&str> {
        let needs = groups.get(name).into_iter().flat_map(|group| &group.depends_on).map(|need| need.value.as_str());
        needs.filter(|need| groups.contains_key(need)).collect()
    };
    // What waits for nobody is taken away, again and again; what is left waits in a circle, or for one.
    let mut waits: BTreeMap<&str, usize> = groups.keys().map(|name| (*name, needs(name).len())).collect();
    let mut waited: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in groups.keys() {
        for need in needs(name) {
            waited.entry(groups.get_key_value(need)?.0).or_default().push(name);
        }
    }
    let mut free: Vec<&str> = waits.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        waits.remove(name);
        for waiting in waited.get(name).into_iter().flatten() {
            if let Some(count) = waits.get_mut(waiting) {
                *count -= 1;
                if *count == 0 {
                    free.push(waiting);
                }
            }
        }
    }
    let mut path: Vec<&str> = vec![waits.keys().next()?];
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let start = loop {
        let last = *path.last()?;
        if let Some(start) = places.insert(last, path.len() - 1) {
            break start;
        }
        let next = needs(last).into_iter().find_map(|need| waits.get_key_value(need).map(|(name, _)| *name))?;
        path.push(next);
    };
    let mut circle: Vec<&str> = path.get(start..path.len() - 1)?.to_vec();
    // Where it begins is arbitrary: at the smallest name.
    let smallest = circle.iter().enumerate().min_by_key(|(_, name)| **name)?.0;
    circle.rotate_left(smallest);
    circle_finding(groups, &circle)
}

fn circle_finding(groups: &BTreeMap<&str, &GraphGroup>, circle: &[&str]) -> Option<Finding> {
    let first = groups.get(circle.first()?)?;
    let mut shown: Vec<&str> = circle.iter().take(LISTED).copied().collect();
    shown.extend(circle.first());
    let message = match circle {
        [alone] => format!("group {alone} waits for itself"),
        _ => format!("groups wait for each other: {}", shown.join(" -> ")),
    };
    let mark = &first.depends_on.iter().find(|need| circle.contains(&need.value.as_str()))?.mark;
    let identity = format!("{}\n{}\ncircle\n{}", RULE.name, mark.path, circle.join("\n"));
    let mut finding = Finding::new(RULE.name, Severity::Warning, message, place(mark), identity);
    show(&mut finding, mark, format!("of group {}", first.group.value));
    prove(&mut finding, "groups", shown);
    finding.help = "take one of the dependencies out".to_owned();
    Some(finding)
}
