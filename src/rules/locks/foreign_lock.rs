//! A change below a path that another agent has locked.

use super::{live, since};
use crate::model::change::{Change, Class};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::path::RepoPath;
use crate::model::state::Lock;
use crate::rules::tell::{place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::directory::Directory;
use crate::work::identity::{Attributed, AttributedBy, Attribution};
use crate::work::locks::{Held, Index};
use crate::work::paths;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "foreign-lock",
    family: "locks",
    severity: Severity::Error,
    summary: "a path that another agent has locked was changed",
    document: include_str!("foreign_lock.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes, Subject::Locks]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let locks = live(context);
    if locks.is_empty() {
        return Vec::new();
    }
    let directory = Directory::new(context.policy, context.state);
    let index = Index::new(locks.iter().copied());
    // In a range the whole repeats what its commits show; of one path the worst stays, commits first.
    let mut found: BTreeMap<&RepoPath, Finding> = BTreeMap::new();
    let (commits, wholes): (Vec<_>, Vec<_>) = context.changes.iter().partition(|set| set.changes.is_commit);
    for set in commits.into_iter().chain(wholes) {
        let names = set.by.as_ref().map(|by| by.names.as_slice()).unwrap_or_default();
        let is_own = |lock: &Lock| names.contains(&lock.agent.value);
        let own = Index::new(locks.iter().copied().filter(|lock| is_own(lock)));
        for (change, path) in set.changes.files.iter().flat_map(|change| change.paths().map(move |path| (change, path))) {
            // A path that the agent has locked as well is a conflict of locks, which has its own rule.
            if own.find(path, |_| true).is_some() {
                continue;
            }
            let Some(held) = index.find(path, |held| !is_own(held.lock)) else { continue };
            let may_be_own = || set.by.as_ref().is_some_and(|by| may_be_own(context, &directory, by, held.lock));
            let finding = finding(set, change, path, held, may_be_own);
            match found.get(path) {
                Some(known) if known.severity >= finding.severity => {}
                _ => drop(found.insert(path, finding)),
            }
        }
    }
    found.into_values().collect()
}

/// Who made the change is said by somebody, and not guessed from paths or from an agent's number in a log.
fn is_said(by: Option<&Attribution>) -> bool {
    by.is_some_and(|by| by.by != AttributedBy::Path && (by.known || by.by != AttributedBy::Log))
}

/// A holder whom nothing but the lock names, and who holds only what is the agent's: it may be the agent, by another name.
fn may_be_own(context: &RepositoryContext<'_>, directory: &Directory<'_>, by: &Attribution, lock: &Lock) -> bool {
    if !by.known || directory.is_named_beyond_locks(&lock.agent.value) {
        return false;
    }
    let tasks = context.state.status.iter().flat_map(|status| &status.tasks).filter(|task| by.names.contains(&task.id.value));
    let own: BTreeSet<String> = tasks.flat_map(|task| &task.paths).filter_map(|path| paths::plain(&path.value)).collect();
    lock.paths.iter().all(|path| {
        let boundaries = directory.boundaries_of(&path.value);
        let is_within = !boundaries.is_empty() && boundaries.iter().all(|boundary| by.boundaries.contains(boundary));
        is_within || paths::plain(&path.value).is_some_and(|plain| own.contains(&plain))
    })
}

fn finding(set: &Attributed, change: &Change, path: &RepoPath, held: Held<'_>, may_be_own: impl Fn() -> bool) -> Finding {
    let (by, holder, shown) = (set.by.as_ref(), held.lock.agent.value.as_str(), path.shown().into_owned());
    let said = is_said(by);
    let severity = match change.class {
        _ if !said => Severity::Note,
        Class::Generated => Severity::Warning,
        Class::Source if may_be_own() => Severity::Warning,
        Class::Source => Severity::Error,
    };
    let who = by.filter(|_| said).map(|by| by.agent.clone());
    let message = match &who {
        Some(agent) => format!("{agent} changed a path that {holder} has locked"),
        None => format!("a path that {holder} has locked was changed; who changed it is not known"),
    };
    let location = Location { path: shown.clone(), line: None };
    let mut finding = Finding::new(RULE.name, severity, message, location, format!("{}\n{}\n{holder}", RULE.name, path.identity()));
    show(&mut finding, &held.path.mark, format!("locked by {holder}{}", since(held.lock)));
    finding.agents = who.into_iter().chain([holder.to_owned()]).collect();
    finding.paths = vec![shown];
    prove(&mut finding, "lock", held.path.value.as_str());
    prove(&mut finding, "holder", holder);
    prove(&mut finding, "change", change.kind.word());
    if let Some(by) = by {
        prove(&mut finding, "attributed_by", json!(by.by));
    }
    if set.changes.is_commit {
        prove(&mut finding, "commit", json!(set.changes.head));
    }
    let file = place(&held.path.mark).path;
    finding.help = if said {
        format!("ask {holder}, who holds the lock{}, or wait until it is gone from {file}", since(held.lock))
    } else {
        format!("say who you are with `--agent`, PARALINT_AGENT or `git config paralint.agent`; if you are {holder}, all is well")
    };
    finding
}
