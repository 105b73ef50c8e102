//! A lock that holds no longer and is still there.

use crate::model::finding::{Finding, Severity};
use crate::model::state::Lock;
use crate::rules::tell::{listed, place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::locks::{Keeper, Stale};
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "stale-lock",
    family: "locks",
    severity: Severity::Warning,
    summary: "a lock that has expired, is too old, or whose holder is done",
    document: include_str!("stale_lock.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Locks]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let locks = context.state.locks.iter().flat_map(|locks| &locks.locks);
    let keeper = Keeper::new(context.state, context.config, context.now);
    let stale = locks.filter_map(|lock| keeper.staleness(lock).map(|stale| (lock, stale)));
    stale.map(|(lock, stale)| finding(lock, &stale)).collect()
}

fn finding(lock: &Lock, stale: &Stale) -> Finding {
    let holder = &lock.agent.value;
    let mut paths: Vec<String> = lock.paths.iter().map(|path| path.value.clone()).collect();
    paths.sort();
    paths.dedup();
    let what = if paths.is_empty() { "nothing".to_owned() } else { listed(&paths) };
    let message = format!("the lock of {holder} on {what} is stale: {}", stale.why);
    let identity = format!("{}\n{holder}\n{}", RULE.name, paths.join("\n"));
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(&lock.agent.mark), identity);
    show(&mut finding, &stale.mark, stale.why.clone());
    prove(&mut finding, "why", stale.why.as_str());
    if let Some(since) = &lock.since {
        prove(&mut finding, "since", json!(since.value.to_string()));
    }
    finding.agents = vec![holder.clone()];
    finding.paths = paths;
    finding.help = format!("remove the lock, or renew it if {holder} is still at work");
    finding
}
