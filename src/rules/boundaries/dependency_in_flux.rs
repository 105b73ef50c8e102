//! A dependency changed by somebody else meanwhile, in a circle, or unknown.

use super::graph::{Graph, round};
use super::{active, area};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::{Excerpt, Located, Mark};
use crate::policy::Compiled;
use crate::policy::lint::Files;
use crate::rules::changes::{Touch, touches};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::activity::ActiveTask;
use crate::work::identity::Attribution;
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "dependency-in-flux",
    family: "boundaries",
    severity: Severity::Error,
    summary: "a dependency of a boundary at work changed by somebody else, or in a circle",
    document: include_str!("dependency_in_flux.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Policy]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(policy) = context.policy else { return Vec::new() };
    let mut findings = in_flux(context, policy);
    findings.extend(Graph::new(policy).cycles().iter().filter_map(|cycle| circle(policy, cycle)));
    findings.extend(unknown(context, policy));
    findings
}

/// A path that a boundary at work depends on, changed by another.
struct Flux<'c> {
    touch: Touch<'c>,
    by: &'c Attribution,
    /// The boundaries at work that depend on it, by which item, and who works there.
    dependents: Vec<(usize, &'c Located<String>, &'c ActiveTask)>,
}

fn in_flux(context: &RepositoryContext<'_>, policy: &Compiled) -> Vec<Finding> {
    if context.activity.tasks.is_empty() {
        return Vec::new();
    }
    let flux = touches(context).into_iter().filter_map(|touch| {
        let by = touch.by()?;
        let look = policy.look(touch.path);
        let owners = look.owners(touch.creates);
        let mut dependents = look.dependents();
        // A boundary may depend on one whose area holds its own.
        dependents.retain(|(boundary, _)| !by.boundaries.contains(boundary) && !owners.iter().any(|owner| owner.index == *boundary));
        let workers = dependents.into_iter().filter_map(|(boundary, item)| Some((boundary, item, worker(context, boundary, by)?)));
        let mut dependents: Vec<_> = workers.collect();
        dependents.sort_by_key(|(boundary, item, _)| (&policy.policy.boundaries[*boundary].name.value, &item.value));
        (!dependents.is_empty()).then_some(Flux { touch, by, dependents })
    });
    flux.filter_map(|one| flux_finding(context, policy, &one)).collect()
}

/// Somebody other than the one who made the change, at work in a boundary.
fn worker<'c>(context: &RepositoryContext<'c>, boundary: usize, by: &Attribution) -> Option<&'c ActiveTask> {
    let is_other = |task: &&ActiveTask| !task.names.iter().any(|name| by.names.contains(name));
    // Whoever made the change and works here as well knows of it.
    let here = || context.activity.tasks.iter().filter(|task| task.boundaries.contains(&boundary));
    here().all(|task| is_other(&task)).then(|| here().next()).flatten()
}

fn flux_finding(context: &RepositoryContext<'_>, policy: &Compiled, flux: &Flux<'_>) -> Option<Finding> {
    let (path, agent) = (flux.touch.path.shown().into_owned(), &flux.by.agent);
    let mut boundaries: Vec<usize> = flux.dependents.iter().map(|(boundary, _, _)| *boundary).collect();
    boundaries.dedup();
    let names = area::names(policy, &boundaries);
    let item = &flux.dependents.first()?.1.value;
    let what = if policy.boundary_named(item).is_some() { item.clone() } else { format!("`{item}`") };
    let identity = format!("{}\n{}\n{agent}\n{}", RULE.name, flux.touch.path.identity(), names.join("\n"));
    let verb = if names.len() == 1 { "depends" } else { "depend" };
    let at_work = if names.len() == 1 { "which is at work" } else { "which are at work" };
    let message = format!("{agent} {} {what}, on which {verb} {}, {at_work}", flux.touch.deed(), area::joined(&names));
    let mut finding = Finding::new(RULE.name, Severity::Error, message, Location { path, line: None }, identity);
    flux.touch.tell(&mut finding);
    finding.evidence.insert("dependents".to_owned(), json!(names));
    let mut dependents = flux.dependents.clone();
    dependents.sort_by_key(|(boundary, item, _)| (&policy.policy.boundaries[*boundary].name.value, *boundary, &item.value));
    finding.excerpts.extend(dependents.iter().take(area::SHOWN).map(|(boundary, item, _)| Excerpt {
        mark: item.mark.clone(),
        label: format!("{} depends on it", policy.policy.boundaries[*boundary].name.value),
    }));
    let mut workers: Vec<&ActiveTask> = dependents.iter().map(|(_, _, task)| *task).collect();
    workers.dedup_by_key(|task| &task.name);
    active::tell(&mut finding, workers.iter().copied(), context);
    let holders: Vec<&str> = workers.iter().map(|task| task.name.as_str()).collect();
    finding.help = format!("change it before {} begins or after it has ended, or tell it and let it begin anew", area::joined(&holders));
    Some(finding)
}

fn circle(policy: &Compiled, cycle: &[(usize, &Mark)]) -> Option<Finding> {
    let (first, mark) = cycle.first()?;
    let indexes: Vec<usize> = cycle.iter().map(|(index, _)| *index).collect();
    let names = area::names(policy, &indexes);
    let name = &policy.policy.boundaries.get(*first)?.name.value;
    let message = format!("{name} depends on itself: {}", round(policy, cycle));
    let location = Location { path: mark.path.to_string(), line: Some(mark.line) };
    let identity = format!("{}\ncycle\n{}", RULE.name, names.join("\n"));
    let mut finding = Finding::new(RULE.name, Severity::Error, message, location, identity);
    finding.excerpts = cycle
        .iter()
        .take(area::SHOWN)
        .filter_map(|(index, mark)| {
            let label = format!("{} depends on the next", policy.policy.boundaries.get(*index)?.name.value);
            Some(Excerpt { mark: (*mark).clone(), label })
        })
        .collect();
    finding
        .evidence
        .insert("cycle".to_owned(), json!(indexes.iter().map(|index| &policy.policy.boundaries[*index].name.value).collect::<Vec<_>>()));
    finding.help = "move what both need into a boundary of its own, on which both depend".to_owned();
    Some(finding)
}

fn unknown(context: &RepositoryContext<'_>, policy: &Compiled) -> Vec<Finding> {
    let boundaries = policy.policy.boundaries.iter();
    let items = boundaries.flat_map(|boundary| boundary.dependencies.iter().map(move |item| (boundary, item)));
    let mut unknown: Vec<_> = items.filter(|(_, item)| !is_known(context, policy, &item.value)).collect();
    unknown.sort_by_key(|(boundary, item)| (&boundary.name.value, &item.value, &item.mark));
    unknown.dedup_by_key(|(boundary, item)| (&boundary.name.value, &item.value));
    let finding = |(boundary, item): (&crate::model::state::Boundary, &Located<String>)| {
        let (name, word) = (&boundary.name.value, &item.value);
        let message = format!("{name} depends on {word}, which is no boundary and no path");
        let location = Location { path: item.mark.path.to_string(), line: Some(item.mark.line) };
        let mut finding = Finding::new(RULE.name, Severity::Warning, message, location, format!("{}\n{name}\n{word}", RULE.name));
        finding.excerpts.push(Excerpt { mark: item.mark.clone(), label: "nothing has this name".to_owned() });
        finding.help = match area::closest(policy, word) {
            Some(meant) => format!("{meant} is a boundary: if it is meant, write that"),
            None => "name a boundary, or a path that begins with `/`".to_owned(),
        };
        finding
    };
    unknown.into_iter().map(finding).collect()
}

/// A name of a boundary, a group or a component; or a path, by its looks or because it is there.
fn is_known(context: &RepositoryContext<'_>, policy: &Compiled, word: &str) -> bool {
    let word = word.strip_prefix('!').unwrap_or(word);
    if policy.boundary_named(word).is_some() || word.contains(['/', '.', '*', '?']) {
        return true;
    }
    let files = Files { tracked: context.tracked, others: &[] };
    let mut groups = policy.policy.groups.iter().map(|group| &group.name.value);
    let mut components = context.state.graph.iter().flat_map(|graph| &graph.groups).flat_map(|group| &group.components);
    groups.any(|group| group == word) || components.any(|component| component.value == word) || files.has(word)
}
