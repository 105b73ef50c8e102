//! An agent changes what it has not locked, where locks are kept.

use super::live;
use crate::model::change::Source;
use crate::model::finding::{Finding, Location, Severity};
use crate::model::path::RepoPath;
use crate::rules::changes::{Changed, changed};
use crate::rules::tell::{prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::identity::{Attributed, AttributedBy, Attribution};
use crate::work::locks::Index;
use crate::work::paths;
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "missing-lock",
    family: "locks",
    severity: Severity::Warning,
    summary: "an agent changed paths without a lock, where locks are kept",
    document: include_str!("missing_lock.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes, Subject::Locks, Subject::Phases]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    if context.state.locks.is_none() || context.phases.is_parallel() != Some(true) {
        return Vec::new();
    }
    let locks = live(context);
    let all = Index::new(locks.iter().copied());
    // Locks are for work that goes on: a commit that was made long ago had its lock then.
    let at_work = context.changes.iter().filter(|set| matches!(set.changes.source, Source::Staged | Source::Worktree));
    let attributed = at_work.filter_map(|set| set.by.as_ref().map(|by| (set, by)));
    attributed
        .filter(|(_, by)| by.known && by.by != AttributedBy::Path)
        .flat_map(|(set, by)| {
            // What another holds or owns is told by other rules; to lock it would make it worse.
            let is_missing = |path: &RepoPath| all.find(path, |_| true).is_none() && !is_anothers(context, by, path);
            let unlocked = changed([set]).into_iter().filter(|(path, _)| !paths::is_bookkeeping(path) && is_missing(path));
            unlocked.map(|(path, changed)| finding(context, set, by, path, &changed)).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether a path lies in a boundary of another.
fn is_anothers(context: &RepositoryContext<'_>, by: &Attribution, path: &RepoPath) -> bool {
    let Some(policy) = context.policy.filter(|_| !by.boundaries.is_empty()) else { return false };
    let claimants = policy.claimants(path, false);
    !claimants.is_empty() && claimants.iter().all(|claimant| !by.boundaries.contains(&claimant.index))
}

fn finding(context: &RepositoryContext<'_>, set: &Attributed, by: &Attribution, path: &RepoPath, changed: &Changed<'_>) -> Finding {
    let (agent, shown) = (&by.agent, path.shown());
    let message = format!("{agent} changed {shown} without a lock");
    let identity = format!("{}\n{agent}\n{}\n{}", RULE.name, set.changes.name, path.identity());
    let location = Location { path: shown.clone().into_owned(), line: None };
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, identity);
    let phase = context.phases.current.as_deref().unwrap_or_default();
    if let Some(mark) = &context.phases.current_mark {
        show(&mut finding, mark, format!("agents work at once in {phase}"));
    }
    changed.tell(path, &mut finding);
    prove(&mut finding, "attributed_by", json!(by.by));
    prove(&mut finding, "phase", phase);
    let file = context.state.locks.as_ref().map_or("RESOURCE_LOCKS.json", |locks| locks.path.as_str());
    finding.help = format!("lock what you change before you change it: add the paths to a lock of {agent} in {file}");
    finding
}
