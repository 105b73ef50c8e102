//! Synchronisation points that were passed over, and tasks of an earlier phase that go on.

use super::unsynchronised::RULE;
use crate::model::finding::Finding;
use crate::model::mark::Mark;
use crate::model::state::{SynchronizationPoint, TaskStatus};
use crate::rules::RepositoryContext;
use crate::rules::tell::{LISTED, are, count, listed, place, prove, show};
use crate::work::phase::plain;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let mut found = passed_over(context);
    found.extend(left_behind(context));
    found
}

/// Points that block the current phase while what they wait for is not complete.
fn passed_over(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(current) = context.phases.current.as_deref() else { return Vec::new() };
    let of_workflow = || context.state.workflow.iter().flat_map(|workflow| &workflow.points);
    let reached: BTreeSet<&str> =
        of_workflow().filter(|point| point.reached == Some(true)).map(|point| point.name.value.as_str()).collect();
    // The same point may stand in both files; then it is one.
    let mut points: BTreeMap<&str, &SynchronizationPoint> = BTreeMap::new();
    for point in context.state.policy.iter().flat_map(|policy| &policy.points).chain(of_workflow()) {
        points.entry(point.name.value.as_str()).or_insert(point);
    }
    let open = points.into_values().filter(|point| point.reached != Some(true) && !reached.contains(point.name.value.as_str()));
    open.filter(|point| blocks(context, point, current)).filter_map(|point| finding(context, point, current)).collect()
}

/// Whether a phase waits for a point.
fn blocks(context: &RepositoryContext<'_>, point: &SynchronizationPoint, current: &str) -> bool {
    let named = point.blocks.iter().any(|phase| plain(&phase.value) == current);
    let everything = point.blocks_all || point.blocks.iter().any(|phase| matches!(phase.value.trim(), "all" | "*"));
    let after: Vec<String> = point.after_phases.iter().map(|phase| plain(&phase.value)).collect();
    let is_before = || after.iter().any(|phase| phase == current || context.phases.is_after(phase, current));
    named || (everything && context.phases.find(current).is_some() && !is_before())
}

fn finding(context: &RepositoryContext<'_>, point: &SynchronizationPoint, current: &str) -> Option<Finding> {
    // Only a workflow file says what is complete.
    context.state.workflow.as_ref()?;
    let incomplete = point.after_phases.iter().map(|phase| plain(&phase.value)).filter(|phase| !context.phases.completed.contains(phase));
    let incomplete: Vec<String> = incomplete.collect::<BTreeSet<_>>().into_iter().collect();
    if incomplete.is_empty() && point.reached != Some(false) {
        return None;
    }
    let name = &point.name.value;
    let why = if incomplete.is_empty() {
        "which is not reached yet".to_owned()
    } else {
        format!("and {} {} not complete", listed(&incomplete), are(incomplete.len()))
    };
    let message = format!("{current} waits for the synchronisation point {name}, {why}");
    let mark = context.phases.current_mark.as_ref().unwrap_or(&point.name.mark);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(mark), format!("{}\n{name}\n{current}", RULE.name));
    show(&mut finding, mark, format!("{current} began"));
    let reason = point.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    show(&mut finding, &point.name.mark, format!("all work ends here first{reason}"));
    prove(&mut finding, "point", name.as_str());
    prove(&mut finding, "phase", current);
    prove(&mut finding, "incomplete", incomplete.as_slice());
    finding.help = match incomplete.len() {
        0 => "let all work end, and mark the point as reached".to_owned(),
        _ => format!("finish {} first; if that is done, add it to completed_phases", listed(&incomplete)),
    };
    Some(finding)
}

/// Tasks of an earlier phase that are still at work.
fn left_behind(context: &RepositoryContext<'_>) -> Option<Finding> {
    let (status, phases) = (context.state.status.as_ref()?, context.phases);
    let said = status.phase.as_ref()?;
    let (earlier, current) = (plain(&said.value), phases.current.as_deref()?);
    if !phases.is_after(current, &earlier) {
        return None;
    }
    let at_work = status.tasks.iter().filter(|task| task.status.value == TaskStatus::InProgress);
    let tasks: BTreeMap<&str, &Mark> = at_work.map(|task| (task.id.value.as_str(), &task.status.mark)).collect();
    let (_, first) = tasks.first_key_value()?;
    let names: Vec<&str> = tasks.keys().copied().collect();
    let message =
        format!("{current} began while {} of {earlier} {} in progress: {}", count(names.len(), "task"), are(names.len()), listed(&names));
    let mark = phases.current_mark.as_ref().unwrap_or(&said.mark);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(mark), format!("{}\n{earlier}\n{current}", RULE.name));
    show(&mut finding, mark, format!("{current} began"));
    show(&mut finding, first, "still in progress");
    prove(&mut finding, "phase", current);
    prove(&mut finding, "earlier_phase", earlier.as_str());
    prove(&mut finding, "tasks", names.len());
    finding.agents = names.into_iter().take(LISTED).map(str::to_owned).collect();
    finding.help = format!("wait for all tasks of {earlier}; if they are done, say so in {}", status.path);
    Some(finding)
}
