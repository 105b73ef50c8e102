//! More agents at once than the limit.

use crate::model::finding::{Finding, Location, Severity};
use crate::rules::evidence::by_start;
use crate::rules::tell::{LISTED, listed, place, prove, show};
use crate::rules::{Check, Context, RepositoryContext, Rule, Subject};
use crate::timeline::{Interval, known, peak};
use serde_json::json;
use std::collections::BTreeMap;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "too-many-agents",
    family: "limits",
    severity: Severity::Warning,
    summary: "more agents at once than the limit",
    document: include_str!("too_many_agents.md"),
    checks: &[Check::Session(check), Check::Repository(repository)],
    needs: &[&[Subject::Activity]],
};

/// As many lines of state files as a finding shows.
const SHOWN: usize = 3;

/// Agents that state files say are at work. What logs alone say is told of their sessions.
fn repository(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let (tasks, limit) = (&context.activity.tasks, context.config.limits.max_parallel);
    let Some(first) = tasks.iter().filter_map(|task| task.marks.first()).min().filter(|_| tasks.len() as u64 > u64::from(limit)) else {
        return Vec::new();
    };
    let sources = context.activity.sources();
    let message = format!("{} agents at once; the limit is {limit} ({})", tasks.len(), listed(&sources));
    let identity = format!("{}\nmax_parallel\n{}", RULE.name, first.path);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(first), identity);
    for task in tasks.iter().filter(|task| !task.marks.is_empty()).take(SHOWN) {
        task.marks.iter().take(1).for_each(|mark| show(&mut finding, mark, format!("{} is at work", task.name)));
    }
    finding.agents = tasks.iter().take(LISTED).map(|task| task.name.clone()).collect();
    prove(&mut finding, "count", tasks.len());
    prove(&mut finding, "limit", limit);
    prove(&mut finding, "active_from", json!(sources));
    finding.help = "send the work in waves, or raise max_parallel under [limits] in paralint.toml".to_owned();
    vec![finding]
}

fn check(context: &Context<'_>) -> Vec<Finding> {
    let dispatches = &context.session.dispatches;
    let all: Vec<usize> = (0..dispatches.len()).filter(|index| known(&dispatches[*index]).is_some()).collect();
    let mut findings = Vec::new();
    findings.extend(at_once(context, &all, context.limits.max_parallel, "agents", "max_parallel"));
    if let Some(limit) = context.limits.max_per_type {
        let mut types: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for index in &all {
            types.entry(dispatches[*index].agent_type.as_deref().unwrap_or("general-purpose")).or_default().push(*index);
        }
        for (kind, members) in types {
            findings.extend(at_once(context, &members, limit, &format!("agents of type {kind}"), "max_per_type"));
        }
    }
    if let Some(limit) = context.limits.max_total.filter(|limit| dispatches.len() as u64 > u64::from(*limit)) {
        let members: Vec<usize> = (0..dispatches.len()).collect();
        let message = format!("{} agents in one session; the limit is {limit}", dispatches.len());
        findings.extend(finding(context, &members, message, "max_total", dispatches.len() as u64, limit));
    }
    findings
}

fn at_once(context: &Context<'_>, members: &[usize], limit: u32, what: &str, key: &str) -> Option<Finding> {
    let intervals: Vec<(usize, Interval)> =
        members.iter().filter_map(|index| known(&context.session.dispatches[*index]).map(|interval| (*index, interval))).collect();
    let most = peak(&intervals.iter().map(|(_, interval)| *interval).collect::<Vec<_>>());
    if most <= limit {
        return None;
    }
    // Those that were open at the first moment at which the most were.
    let moment = intervals
        .iter()
        .map(|(_, interval)| interval.start)
        .filter(|at| intervals.iter().filter(|(_, other)| other.start <= *at && *at < other.end).count() as u64 >= u64::from(most))
        .min()?;
    let open: Vec<usize> =
        intervals.iter().filter(|(_, interval)| interval.start <= moment && moment < interval.end).map(|(index, _)| *index).collect();
    finding(context, &open, format!("{most} {what} at once; the limit is {limit}"), key, u64::from(most), limit)
}

fn finding(context: &Context<'_>, members: &[usize], message: String, key: &str, count: u64, limit: u32) -> Option<Finding> {
    let last = members.iter().map(|index| &context.session.dispatches[*index]).max_by_key(|dispatch| (dispatch.started, dispatch.line))?;
    let mut evidence = serde_json::Map::new();
    evidence.insert("count".to_owned(), json!(count));
    evidence.insert("limit".to_owned(), json!(limit));
    Some(Finding {
        rule: RULE.name,
        severity: RULE.severity,
        verdict: None,
        message,
        location: Location { path: context.session.transcripts[last.transcript].path.clone(), line: Some(last.line) },
        related: Vec::new(),
        excerpts: Vec::new(),
        agents: members.iter().filter_map(|index| context.session.dispatches[*index].agent.clone()).collect(),
        paths: Vec::new(),
        evidence,
        help: format!("send the work in waves, or raise {key} under [limits] in paralint.toml"),
        identity: format!("{}\n{key}\n{}", RULE.name, last.id),
        session: Some(context.index),
        claim: None,
        dispatches: by_start(context, members),
    })
}
