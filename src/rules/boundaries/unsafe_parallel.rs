//! Boundaries at work at once that must not be.

use super::{active, area, unknown_names};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::{Excerpt, Located, Mark};
use crate::model::path::RepoPath;
use crate::model::state::{Boundary, ParallelGroup};
use crate::policy::{Compiled, List, means_all};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::activity::ActiveTask;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unsafe-parallel",
    family: "boundaries",
    severity: Severity::Error,
    summary: "boundaries at work at once that must not be",
    document: include_str!("unsafe_parallel.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Policy]],
};

/// The boundaries at work, and the tasks (indexes of the activity) that work in each.
struct AtWork<'c> {
    context: &'c RepositoryContext<'c>,
    policy: &'c Compiled,
    tasks: BTreeMap<usize, BTreeSet<usize>>,
}

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(policy) = context.policy else { return Vec::new() };
    let mut findings = unknown_names::findings(context, policy);
    if context.activity.is_parallel() {
        findings.extend(at_once(context, policy));
    }
    findings
}

fn at_once(context: &RepositoryContext<'_>, policy: &Compiled) -> Vec<Finding> {
    let mut tasks: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (index, task) in context.activity.tasks.iter().enumerate() {
        for boundary in task.boundaries.iter().filter(|boundary| **boundary < policy.policy.boundaries.len()) {
            tasks.entry(*boundary).or_default().insert(index);
        }
    }
    let at_work = AtWork { context, policy, tasks };
    let mut findings: Vec<Finding> = at_work.tasks.keys().filter_map(|boundary| at_work.not_alone(*boundary)).collect();
    findings.extend(at_work.conflicts());
    findings.extend(policy.policy.groups.iter().filter_map(|group| at_work.too_many(group)));
    findings
}

impl<'c> AtWork<'c> {
    fn boundary(&self, index: usize) -> &'c Boundary {
        &self.policy.policy.boundaries[index]
    }

    fn task(&self, index: usize) -> &'c ActiveTask {
        &self.context.activity.tasks[index]
    }

    /// A boundary that is locked or not parallel-safe, and anybody beside the one who works in it.
    fn not_alone(&self, index: usize) -> Option<Finding> {
        let (boundary, tasks) = (self.boundary(index), self.tasks.get(&index)?);
        let mark = boundary.shared()?;
        let name = &boundary.name.value;
        let why = if boundary.locked.as_ref().is_some_and(|locked| locked.value) { "locked" } else { "not parallel-safe" };
        let worker = self.task(*tasks.first()?);
        let others = self.context.activity.tasks.len() - 1;
        let message = format!("{} works in {name}, which is {why}, beside {} at work", worker.name, tasks_of(others));
        let mut finding = self.finding(message, mark, name.clone(), &[index], self.context.activity.tasks.iter());
        finding.excerpts.insert(0, Excerpt { mark: mark.clone(), label: "nobody else works meanwhile".to_owned() });
        finding.help = format!("let {} work in {name} alone: end it first, or hold the others back", worker.name);
        Some(finding)
    }

    /// Boundaries that say that they conflict, at work by different tasks.
    fn conflicts(&self) -> Vec<Finding> {
        // Both may say so, more than once: the line of the first name and text is shown, whatever their order.
        let mut pairs: BTreeMap<(usize, usize), (&'c str, &'c Located<String>)> = BTreeMap::new();
        let mut add = |index: usize, other: usize, by: usize, item: &'c Located<String>| {
            let said = (self.boundary(by).name.value.as_str(), item);
            let known = pairs.entry((index.min(other), index.max(other))).or_insert(said);
            if (said.0, &said.1.value) < (known.0, &known.1.value) {
                *known = said;
            }
        };
        let mut all: BTreeMap<usize, &'c Mark> = BTreeMap::new();
        for index in self.tasks.keys().copied() {
            for item in &self.boundary(index).conflicts_with {
                if means_all(&item.value) {
                    all.entry(index).or_insert(&item.mark);
                    continue;
                }
                for other in self.meant_by(&item.value).into_iter().filter(|other| self.are_apart(index, *other)) {
                    add(index, other, index, item);
                }
            }
        }
        for (index, other, item) in self.conflicts_by_path() {
            add(index, other, other, item);
        }
        let pairs = pairs.into_iter().filter(|((one, other), _)| !all.contains_key(one) && !all.contains_key(other));
        let mut findings: Vec<Finding> = pairs.filter_map(|((one, other), (_, item))| self.conflict(&[one, other], &item.mark)).collect();
        findings.extend(all.into_iter().filter_map(|(index, mark)| self.conflict(&[index], mark)));
        findings
    }

    /// Boundaries at work that an item of `conflicts_with` means: by name, or as owner of a path.
    fn meant_by(&self, item: &str) -> Vec<usize> {
        if let Some(named) = self.policy.boundary_named(item) {
            return vec![named];
        }
        let folder = RepoPath::from(item.trim_start_matches('/'));
        self.policy.look(&folder).owners(false).iter().map(|owner| owner.index).collect()
    }

    /// Boundaries at work with a plain path that lies in a path of another's `conflicts_with`: both, and the item.
    fn conflicts_by_path(&self) -> Vec<(usize, usize, &'c Located<String>)> {
        let given = self.policy.entries().iter().filter(|entry| entry.list == List::Paths && !entry.pattern.negated);
        let at_work = given.filter(|entry| self.tasks.contains_key(&entry.boundary));
        let plain = at_work.filter_map(|entry| Some((entry.boundary, entry.pattern.literal()?)));
        let policy = self.policy;
        let conflicts = plain.flat_map(|(index, path)| {
            let conflicting = policy.look(&RepoPath::from(path.as_str())).conflicting();
            conflicting.into_iter().map(move |(other, item)| (index, other, item))
        });
        conflicts.filter(|(index, other, _)| self.are_apart(*index, *other)).collect()
    }

    /// Both are at work, by different tasks.
    fn are_apart(&self, one: usize, other: usize) -> bool {
        let (Some(first), Some(second)) = (self.tasks.get(&one), self.tasks.get(&other)) else { return false };
        one != other && (first != second || first.len() > 1)
    }

    fn conflict(&self, boundaries: &[usize], mark: &Mark) -> Option<Finding> {
        let names = area::names(self.policy, boundaries);
        let (message, tasks): (String, Vec<&ActiveTask>) = match names.as_slice() {
            [one] => {
                let worker = self.task(*self.tasks.get(boundaries.first()?)?.first()?);
                let others = self.context.activity.tasks.len() - 1;
                let message =
                    format!("{one} conflicts with all others, and {} works in it beside {} at work", worker.name, tasks_of(others));
                (message, self.context.activity.tasks.iter().collect())
            }
            [one, other] => {
                let tasks: BTreeSet<usize> = boundaries.iter().filter_map(|index| self.tasks.get(index)).flatten().copied().collect();
                let tasks: Vec<&ActiveTask> = tasks.into_iter().map(|index| self.task(index)).collect();
                (format!("{one} and {other} are at work at once, but conflict"), tasks)
            }
            _ => return None,
        };
        let key = format!("conflict\n{}", names.join("\n"));
        let mut finding = self.finding(message, mark, key, boundaries, tasks.into_iter());
        finding.excerpts.insert(0, Excerpt { mark: mark.clone(), label: "they must not be at work at once".to_owned() });
        finding.help = "let one of them end before the other begins".to_owned();
        Some(finding)
    }

    /// More members of a group at work than may be.
    fn too_many(&self, group: &ParallelGroup) -> Option<Finding> {
        let members: BTreeSet<usize> = group.members.iter().filter_map(|member| self.policy.boundary_named(&member.value)).collect();
        let members: Vec<usize> = members.into_iter().filter(|member| self.tasks.contains_key(member)).collect();
        let tasks: BTreeSet<usize> = members.iter().filter_map(|member| self.tasks.get(member)).flatten().copied().collect();
        // One task that has many boundaries is no crowd, nor are many tasks in one.
        let count = members.len().min(tasks.len());
        let serial = group.can_run_parallel.as_ref().filter(|can| !can.value && count > 1).map(|can| (1, &can.mark));
        let above = group.max_parallel.as_ref().filter(|most| count > most.value as usize).map(|most| (most.value, &most.mark));
        let (most, mark) = serial.or(above)?;
        let name = &group.name.value;
        let message = match serial {
            Some(_) => format!("{count} members of {name} are at work at once, but must run one after another"),
            None => format!("{count} members of {name} are at work at once, {most} may be"),
        };
        let tasks = tasks.into_iter().map(|index| self.task(index)).collect::<Vec<_>>();
        let mut finding = self.finding(message, mark, format!("group\n{name}"), &members, tasks.into_iter());
        finding.excerpts.insert(0, Excerpt { mark: mark.clone(), label: format!("the limit of {name}") });
        finding.evidence.insert("limit".to_owned(), json!(most));
        finding.evidence.insert("at_work".to_owned(), json!(count));
        finding.help = format!("hold back all but {most} of them");
        Some(finding)
    }

    /// A finding at a line of the policy. Where a task has further boundaries it may work in those: then it is a warning.
    fn finding<'t>(
        &self,
        message: String,
        mark: &Mark,
        key: String,
        boundaries: &[usize],
        tasks: impl Iterator<Item = &'t ActiveTask> + Clone,
    ) -> Finding {
        let is_certain = boundaries.iter().all(|index| {
            let workers = self.tasks.get(index).into_iter().flatten();
            workers.map(|task| self.task(*task)).any(|task| task.boundaries.iter().all(|one| boundaries.contains(one)))
        });
        let severity = if is_certain { Severity::Error } else { Severity::Warning };
        let location = Location { path: mark.path.to_string(), line: Some(mark.line) };
        let mut finding = Finding::new(RULE.name, severity, message, location, format!("{}\n{key}", RULE.name));
        finding.evidence.insert("boundaries".to_owned(), json!(area::names(self.policy, boundaries)));
        active::tell(&mut finding, tasks.clone(), self.context);
        finding.agents = tasks.take(20).map(|task| task.name.clone()).collect();
        finding
    }
}

fn tasks_of(count: usize) -> String {
    if count == 1 { "another task".to_owned() } else { format!("{count} other tasks") }
}
