//! A phase, a part of a phase, or an agent of a phase that came too early; a change that the phase does not allow.

use super::agent_order;
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::{Located, Mark};
use crate::model::path::RepoPath;
use crate::policy::PathList;
use crate::rules::changes::{Changed, changed};
use crate::rules::tell::{are, listed, place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::paths;
use crate::work::phase::{Phase, plain};
use serde_json::json;
use std::collections::BTreeSet;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "phase-order",
    family: "phases",
    severity: Severity::Error,
    summary: "a phase that began before the phases that block it were complete",
    document: include_str!("phase_order.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Phases]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    found.extend(early_phase(context));
    found.extend(early_part(context));
    found.extend(early_completions(context));
    found.extend(agent_order::check(context));
    found.extend(forbidden_paths(context));
    found
}

/// What happened before what it waits for: `name` is the phase or part, `missing` what had to be complete.
fn too_early(name: &str, missing: &[&str], mark: Option<&Mark>, completed: &[Located<String>]) -> Finding {
    let message = format!("{name} began before {} {} complete", listed(missing), if missing.len() == 1 { "was" } else { "were" });
    let location = mark.map_or_else(Location::default, place);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, format!("{}\n{name}\n{}", RULE.name, missing.join("\n")));
    if let Some(mark) = mark {
        show(&mut finding, mark, format!("waits for {}", listed(missing)));
    }
    if let Some(last) = completed.iter().max_by_key(|one| &one.mark) {
        show(&mut finding, &last.mark, "complete so far");
    }
    prove(&mut finding, "phase", name);
    prove(&mut finding, "incomplete", missing);
    finding.help = format!(
        "finish {} first; if {} done, say so in WORKFLOW_STATE.json",
        listed(missing),
        match missing.len() {
            1 => "it is",
            _ => "they are",
        }
    );
    finding
}

/// The current phase, while phases that it waits for are not complete. Only a workflow file says what is complete.
fn early_phase(context: &RepositoryContext<'_>) -> Option<Finding> {
    let workflow = context.state.workflow.as_ref()?;
    let phases = context.phases;
    let current = phases.current.as_deref()?;
    let before = phases.before(current);
    let missing: Vec<&str> = before.iter().map(|phase| phase.name.as_str()).filter(|name| !phases.completed.contains(*name)).collect();
    (!missing.is_empty()).then(|| too_early(current, &missing, phases.current_mark.as_ref(), &workflow.completed_phases))
}

/// The current part of a phase, while parts before it are not complete.
fn early_part(context: &RepositoryContext<'_>) -> Option<Finding> {
    let workflow = context.state.workflow.as_ref()?;
    let (phases, part) = (context.phases, context.phases.part()?);
    let parts = phases.now()?.subphases.iter().map(|part| part.name.as_str());
    let before = parts.take_while(|name| *name != part.name);
    let missing: Vec<&str> = before.filter(|name| !phases.completed.contains(*name)).collect();
    (!missing.is_empty()).then(|| too_early(&part.name, &missing, phases.subphase_mark.as_ref(), &workflow.completed_subphases))
}

/// Phases that are called complete before those that block them. Where a phase is current it tells more.
fn early_completions(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(workflow) = context.state.workflow.as_ref().filter(|_| context.phases.current.is_none()) else { return Vec::new() };
    let phases = context.phases;
    let mut seen = BTreeSet::new();
    let named = workflow.completed_phases.iter().map(|name| (plain(&name.value), name)).filter(|(name, _)| seen.insert(name.clone()));
    let early = named.filter_map(|(name, said)| {
        let before = phases.before(&name);
        let missing: Vec<&str> = before.iter().map(|phase| phase.name.as_str()).filter(|name| !phases.completed.contains(*name)).collect();
        if missing.is_empty() {
            return None;
        }
        let message = format!("{name} is called complete, but {} {} not", listed(&missing), are(missing.len()));
        let identity = format!("{}\ncompleted\n{name}\n{}", RULE.name, missing.join("\n"));
        let mut finding = Finding::new(RULE.name, Severity::Note, message, place(&said.mark), identity);
        show(&mut finding, &said.mark, format!("waits for {}", listed(&missing)));
        prove(&mut finding, "phase", name.as_str());
        prove(&mut finding, "incomplete", missing.as_slice());
        finding.help = "list every phase that is complete, and say which one is current".to_owned();
        Some(finding)
    });
    early.collect()
}

/// Changes outside the paths that the configuration allows in the current phase.
fn forbidden_paths(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(phase) = context.phases.now().filter(|phase| !phase.paths.is_empty()) else { return Vec::new() };
    // The configuration was refused where one of them is no pattern.
    let Ok(allowed) = PathList::rooted(phase.paths.iter().map(String::as_str)) else { return Vec::new() };
    let touched = changed(context.changes).into_iter();
    let outside = touched.filter(|(path, _)| !paths::is_bookkeeping(path) && allowed.find(path).is_none());
    outside.map(|(path, changed)| outside_of(context, phase, path, &changed)).collect()
}

fn outside_of(context: &RepositoryContext<'_>, phase: &Phase, path: &RepoPath, changed: &Changed<'_>) -> Finding {
    let shown = path.shown();
    let message = format!("{shown} changed in {}, which allows only {}", phase.name, listed(&phase.paths));
    let location = Location { path: shown.clone().into_owned(), line: None };
    let identity = format!("{}\npaths\n{}\n{}", RULE.name, phase.name, path.identity());
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, identity);
    if let Some(mark) = &context.phases.current_mark {
        show(&mut finding, mark, format!("in {} only some paths may change", phase.name));
    }
    changed.tell(path, &mut finding);
    prove(&mut finding, "phase", phase.name.as_str());
    prove(&mut finding, "allowed", json!(phase.paths));
    finding.help = format!("commit this in a phase that allows it, or add the path to `paths` of [phases.{}] in paralint.toml", phase.name);
    finding
}
