//! Agents of a phase that did not work in their order.

use super::phase_order::RULE;
use crate::model::finding::{Finding, Location};
use crate::model::mark::Mark;
use crate::model::moment::Moment;
use crate::model::session::Dispatch;
use crate::model::state::{Task, TaskStatus};
use crate::rules::RepositoryContext;
use crate::rules::tell::{place, prove, show};
use crate::timeline::{Interval, known};
use crate::work::phase::Phase;
use serde_json::json;

/// Agents that came too early, by tasks of PARALLEL_STATUS.json and by session logs.
pub(super) fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let ordered = context.phases.all.iter().filter(|phase| phase.agents.len() > 1);
    ordered.flat_map(|phase| by_tasks(context, phase).into_iter().chain(by_sessions(context, phase))).collect()
}

/// An agent and its tasks or runs.
type Agent<'p, T> = (&'p str, Vec<T>);

/// Neighbours in the order, of those agents of which something is known.
fn neighbours<'p, T>(phase: &'p Phase, known: impl Fn(&str) -> Vec<T>) -> Vec<(Agent<'p, T>, Agent<'p, T>)> {
    let present = |agent: &'p String| Some((agent.as_str(), known(agent))).filter(|(_, all)| !all.is_empty());
    let mut found = Vec::new();
    let mut before: Option<&'p String> = None;
    for agent in phase.agents.iter().filter(|agent| present(agent).is_some()) {
        if let Some(pair) = before.and_then(present).zip(present(agent)) {
            found.push(pair);
        }
        before = Some(agent);
    }
    found
}

fn by_tasks(context: &RepositoryContext<'_>, phase: &Phase) -> Vec<Finding> {
    let tasks = || context.state.status.iter().flat_map(|status| &status.tasks);
    let of = |agent: &str| tasks().filter(|task| task.agent.as_ref().is_some_and(|one| one.value == agent)).collect::<Vec<_>>();
    let pairs = neighbours(phase, of);
    let early = pairs.into_iter().filter_map(|((earlier, before), (later, after))| {
        let first = after.into_iter().filter(|task| has_begun(task)).min_by_key(|task| (started(task), &task.id.value))?;
        let late = before.iter().min_by_key(|task| (end(task).is_none(), end(task), &task.id.value))?;
        let too_early = match (end(late), started(first)) {
            (Some(end), Some(start)) => start < end,
            (Some(_), None) => false,
            // Nothing of the earlier agent has ended.
            (None, _) => !before.iter().any(|task| matches!(task.status.value, TaskStatus::Completed | TaskStatus::Failed)),
        };
        too_early.then(|| task_finding(phase, (earlier, late), (later, first)))
    });
    early.collect()
}

fn has_begun(task: &Task) -> bool {
    task.status.value != TaskStatus::Pending
}

fn started(task: &Task) -> Option<Moment> {
    task.started.as_ref().map(|started| started.value)
}

fn end(task: &Task) -> Option<Moment> {
    task.completed.as_ref().map(|completed| completed.value).filter(|_| task.status.value != TaskStatus::InProgress)
}

fn task_finding(phase: &Phase, (earlier, late): (&str, &Task), (later, first): (&str, &Task)) -> Finding {
    let mark = |task: &Task| task.agent.as_ref().map(|agent| agent.mark.clone()).unwrap_or_default();
    let mut finding = new(phase, earlier, later, place(&mark(first)));
    let began = first.started.as_ref().map_or_else(|| mark(first), |started| started.mark.clone());
    let ended = late.completed.as_ref().map_or_else(|| late.status.mark.clone(), |completed| completed.mark.clone());
    let lines: [(&Mark, String); 2] =
        [(&began, format!("{later} began here")), (&ended, format!("{earlier}: {}", late.status.value.word().replace('_', " ")))];
    for (mark, label) in lines {
        show(&mut finding, mark, label);
    }
    prove(&mut finding, "tasks", json!([late.id.value, first.id.value]));
    finding
}

fn new(phase: &Phase, earlier: &str, later: &str, location: Location) -> Finding {
    let message = format!("{later} began before {earlier} had ended; in {} they work in that order", phase.name);
    let identity = format!("{}\n{}\n{earlier}\n{later}", RULE.name, phase.name);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, identity);
    finding.agents = vec![earlier.to_owned(), later.to_owned()];
    prove(&mut finding, "phase", phase.name.as_str());
    prove(&mut finding, "order", json!(phase.agents));
    finding.help = format!("start {later} when the result of {earlier} is there");
    finding
}

fn by_sessions(context: &RepositoryContext<'_>, phase: &Phase) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, audited) in context.sessions.iter().enumerate() {
        let dispatches = &audited.session.dispatches;
        let of = |agent: &str| -> Vec<(&Dispatch, Interval)> {
            let kind = dispatches.iter().filter(|dispatch| dispatch.agent_type.as_deref() == Some(agent));
            kind.filter_map(|dispatch| known(dispatch).map(|interval| (dispatch, interval))).collect()
        };
        for ((earlier, before), (later, after)) in neighbours(phase, of) {
            if let Some((late, first)) = too_early(&before, &after) {
                let path = |dispatch: &Dispatch| audited.session.transcripts.get(dispatch.transcript).map(|one| one.path.clone());
                let location = Location { path: path(first).unwrap_or_default(), line: Some(first.line) };
                let mut finding = new(phase, earlier, later, location);
                finding.identity = format!("{}\n{}\n{}", finding.identity, late.id, first.id);
                finding.session = Some(index);
                finding.dispatches = vec![late.id.clone(), first.id.clone()];
                found.push(finding);
            }
        }
    }
    found
}

/// A run of the later agent that began while the earlier one had not ended yet: they overlap, or one turn called both. What
/// another turn did is another piece of work.
fn too_early<'d>(before: &[(&'d Dispatch, Interval)], after: &[(&'d Dispatch, Interval)]) -> Option<(&'d Dispatch, &'d Dispatch)> {
    let (first, began) = after.iter().min_by_key(|(dispatch, interval)| (interval.start, &dispatch.id))?;
    let (late, ran) = before.iter().min_by_key(|(dispatch, interval)| (interval.end, &dispatch.id))?;
    let together = began.overlaps(*ran) || (first.transcript == late.transcript && first.turn == late.turn);
    (began.start < ran.end && together).then_some((late, first))
}
