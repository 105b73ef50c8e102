//! The paths that tasks of PARALLEL_STATUS.json declare for themselves.

use super::identity::Attribution;
use crate::model::state::{Lock, State, Task, TaskStatus};

/// Tasks with paths, in the form of locks, so that one index finds both.
pub fn declared(state: &State, wanted: impl Fn(&Task) -> bool) -> Vec<Lock> {
    let tasks = state.status.iter().flat_map(|status| &status.tasks);
    let wanted = tasks.filter(|task| !task.paths.is_empty() && wanted(task));
    wanted.map(|task| Lock { agent: task.id.clone(), paths: task.paths.clone(), since: None, expires: None }).collect()
}

/// Whether a task is at work.
pub fn is_at_work(task: &Task) -> bool {
    task.status.value == TaskStatus::InProgress
}

/// Whether some task of an agent declares paths.
pub fn has_paths(state: &State, by: &Attribution) -> bool {
    let mut tasks = state.status.iter().flat_map(|status| &status.tasks);
    tasks.any(|task| !task.paths.is_empty() && by.names.contains(&task.id.value))
}
