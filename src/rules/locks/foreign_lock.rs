//! A change below a path that another agent has locked.

use super::{live, since};
use crate::model::change::{Change, Class};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::path::RepoPath;
use crate::model::state::Lock;
use crate::rules::tell::{place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule};
use crate::work::identity::{Attributed, AttributedBy, Attribution};
use crate::work::locks::{Held, Index};
use serde_json::json;
use std::collections::BTreeMap;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "foreign-lock",
    family: "locks",
    severity: Severity::Error,
    summary: "a path that another agent has locked was changed",
    document: include_str!("foreign_lock.md"),
    checks: &[Check::Repository(check)],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let locks = live(context);
    if locks.is_empty() {
        return Vec::new();
    }
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
            let finding = finding(set, change, path, held);
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

fn finding(set: &Attributed, change: &Change, path: &RepoPath, held: Held<'_>) -> Finding {
    let (by, holder, shown) = (set.by.as_ref(), held.lock.agent.value.as_str(), path.shown().into_owned());
    let said = is_said(by);
    let severity = match change.class {
        _ if !said => Severity::Note,
        Class::Generated => Severity::Warning,
        Class::Source => Severity::Error,
    };
    let who = by.filter(|_| said).map(|by| by.agent.clone());
    let message = match &who {
        Some(agent) => format!("{agent} changed a path that {holder} has locked"),
        None => format!("a path that {holder} has locked was changed; who changed it is not known"),
    };
    let location = Location { path: shown.clone(), line: None };
    let mut finding = Finding::new(RULE.name, severity, message, location, format!("{}\n{shown}\n{holder}", RULE.name));
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
