//! One path that two agents have locked.

use super::{live, since};
use crate::model::finding::{Finding, Severity};
use crate::model::path::RepoPath;
use crate::model::state::Lock;
use crate::rules::tell::{place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::directory::Directory;
use crate::work::locks::{Held, Index};
use crate::work::paths;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "lock-conflict",
    family: "locks",
    severity: Severity::Error,
    summary: "two agents have locked one path",
    document: include_str!("lock_conflict.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Locks]],
};

/// Two holders, the smaller name first, and the path that both hold.
type Pair = (String, String, String);

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let locks = live(context);
    let holders: BTreeSet<&str> = locks.iter().map(|lock| lock.agent.value.as_str()).collect();
    if holders.len() < 2 {
        return Vec::new();
    }
    let aliases = aliases(context, &holders);
    let same = |one: &Lock, other: &Lock| aliases.get(one.agent.value.as_str()) == aliases.get(other.agent.value.as_str());
    let index = Index::new(locks);
    let mut globs: BTreeMap<&str, Vec<Held<'_>>> = BTreeMap::new();
    for held in index.with_wildcards() {
        globs.entry(held.path.value.as_str()).or_default().push(held);
    }
    globs.values_mut().for_each(|same| same.sort_by_key(|held| &held.lock.agent.value));
    let mut found: BTreeMap<Pair, (Held<'_>, Held<'_>)> = BTreeMap::new();
    for held in index.all() {
        let Some(plain) = paths::plain(&held.path.value) else { continue };
        // What a glob names begins with its literal part; a folder that holds that part holds all of it.
        let prefix = paths::literal(&plain);
        let probe = if paths::is_glob(&plain) { prefix.rsplit_once('/').map_or("", |(folder, _)| folder) } else { prefix };
        let probe = RepoPath::from(probe.trim_end_matches('/'));
        // One other holder is enough: with the third and the fourth it would say the same.
        let other = index.find(&probe, |other| !same(other.lock, held.lock));
        let twin = || globs.get(held.path.value.as_str()).into_iter().flatten().copied().find(|other| !same(other.lock, held.lock));
        if let Some(other) = other.or_else(twin) {
            add(&mut found, *held, other, &plain);
        }
    }
    by_files(context, &index, same, &mut found);
    found.into_iter().map(|(pair, (one, other))| finding(&pair, one, other)).collect()
}

/// One name for each holder: agents with several names are one.
fn aliases<'h>(context: &RepositoryContext<'_>, holders: &BTreeSet<&'h str>) -> BTreeMap<&'h str, &'h str> {
    let directory = Directory::new(context.policy, context.state);
    let mut aliases: BTreeMap<&str, &str> = BTreeMap::new();
    for holder in holders {
        let names = directory.resolve(holder).names;
        let first = names.iter().find_map(|name| holders.get(name.as_str())).unwrap_or(holder);
        let first = aliases.get(first).copied().unwrap_or(*first);
        aliases.insert(holder, first);
    }
    aliases
}

/// Two globs that differ hold one path where a tracked file proves it.
fn by_files<'c>(
    context: &RepositoryContext<'c>,
    index: &Index<'c>,
    same: impl Fn(&Lock, &Lock) -> bool,
    found: &mut BTreeMap<Pair, (Held<'c>, Held<'c>)>,
) {
    if index.with_wildcards().next().is_none() {
        return;
    }
    let mut seen: BTreeSet<(&str, &str)> = found.keys().map(|(one, other, _)| (one.as_str(), other.as_str())).collect();
    let mut added = Vec::new();
    for path in context.tracked {
        let Some(first) = index.find(path, |_| true) else { continue };
        let Some(other) = index.find(path, |other| !same(other.lock, first.lock)) else { continue };
        let (one, two) = (first.lock.agent.value.as_str(), other.lock.agent.value.as_str());
        if seen.insert((one.min(two), one.max(two))) {
            added.push((first, other, path.shown().into_owned()));
        }
    }
    drop(seen);
    for (one, other, path) in added {
        add(found, one, other, &path);
    }
}

fn add<'c>(found: &mut BTreeMap<Pair, (Held<'c>, Held<'c>)>, one: Held<'c>, other: Held<'c>, path: &str) {
    let (first, second) = if one.lock.agent.value <= other.lock.agent.value { (one, other) } else { (other, one) };
    let path = path.trim_end_matches('/').to_owned();
    found.entry((first.lock.agent.value.clone(), second.lock.agent.value.clone(), path)).or_insert((first, second));
}

fn finding((one, other, path): &Pair, first: Held<'_>, second: Held<'_>) -> Finding {
    let shown = if path.is_empty() { "the whole repository" } else { path };
    let message = format!("{one} and {other} have both locked {shown}");
    // Who came last is in the wrong.
    let since_of = |held: &Held<'_>| held.lock.since.as_ref().map(|since| since.value);
    let (early, late) = if since_of(&first) > since_of(&second) { (second, first) } else { (first, second) };
    let identity = format!("{}\n{path}\n{one}\n{other}", RULE.name);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(&late.path.mark), identity);
    for held in [late, early] {
        show(&mut finding, &held.path.mark, format!("locked by {}{}", held.lock.agent.value, since(held.lock)));
    }
    finding.agents = vec![one.clone(), other.clone()];
    finding.paths = vec![path.clone()];
    prove(&mut finding, "locks", json!([first.path.value, second.path.value]));
    let (late, early) = (&late.lock.agent.value, &early.lock.agent.value);
    finding.help = format!("let {late} release it until {early} is done, or give each a part of its own");
    finding
}
