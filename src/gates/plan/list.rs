//! The list of a plan, which runs nothing.

use super::Plan;
use crate::gates::schedule::{Schedule, lengths};
use crate::model::gate::GateRun;
use rustc_hash::FxHashSet;
use std::time::Duration;

/// The rows of a list that runs nothing, under a cap of `jobs`: the gates in the order in which they would start, then those
/// that have passed for their tree (`passed`) and would not run again, then the skipped ones. The status is planned or
/// skipped.
pub fn list(plan: &Plan, passed: &FxHashSet<String>, jobs: u32) -> Vec<GateRun> {
    let has_passed = |index: &usize| passed.contains(&plan.gates[*index].gate.name);
    let (running, skipped): (Vec<usize>, Vec<usize>) = (0..plan.gates.len()).partition(|index| plan.gates[*index].runs);
    let (again, active): (Vec<usize>, Vec<usize>) = running.into_iter().partition(has_passed);
    let row = |index: &usize| plan.row(&plan.gates[*index]);
    let cached = |index: &usize| GateRun { cached: true, why: Some("passed for this tree already".to_owned()), ..row(index) };
    let order = order(plan, &active, jobs);
    order.iter().map(row).chain(again.iter().map(cached)).chain(skipped.iter().map(row)).collect()
}

/// The gates in the order of their starts, if each takes as long as is expected.
fn order(plan: &Plan, active: &[usize], jobs: u32) -> Vec<usize> {
    let tasks = plan.tasks(active);
    let lengths = lengths(&tasks);
    let mut schedule = Schedule::new(tasks, jobs);
    let mut now = Duration::ZERO;
    let mut running: Vec<(Duration, usize)> = Vec::new();
    let mut order = Vec::new();
    loop {
        for job in schedule.start() {
            order.push(job);
            running.push((now + lengths[job], job));
        }
        let Some(next) = running.iter().map(|(end, _)| *end).min() else { break };
        now = next;
        // All that end at once end before anything starts: which of them comes first is nobody's promise.
        let ended: Vec<usize> = running.extract_if(.., |(end, _)| *end == now).map(|(_, job)| job).collect();
        for job in ended {
            schedule.finish(job, true);
        }
    }
    // What could never start would otherwise be missing.
    order.extend(schedule.unstartable());
    order.into_iter().map(|job| active[job]).collect()
}
