//! PARALLEL_STATUS.json.

use super::fields::{Fields, Remarks};
use super::json::Value;
use super::source::Hinted;
use crate::config::nearest;
use crate::model::mark::Located;
use crate::model::state::{ParallelStatus, StateError, Task, TaskStatus};

const KEYS: &[&str] = &["execution_id", "phase", "started", "tasks"];
const TASK_KEYS: &[&str] = &["id", "name", "agent", "status", "paths", "started", "completed"];
const STATUSES: [TaskStatus; 4] = [TaskStatus::Pending, TaskStatus::InProgress, TaskStatus::Completed, TaskStatus::Failed];

/// Reads the file.
pub(super) fn read(root: Value<'_>, remarks: &mut Remarks) -> Result<ParallelStatus, StateError> {
    let fields = Fields::read(root, "PARALLEL_STATUS.json", KEYS, remarks)?;
    let list = fields.required("tasks")?.list("a list of tasks")?;
    let tasks: Result<Vec<Task>, StateError> = list.into_iter().map(|entry| task(entry, remarks)).collect();
    Ok(ParallelStatus {
        path: root.path().to_owned(),
        execution_id: fields.get("execution_id").map(|id| id.name("an identifier")).transpose()?.map(|id| id.value),
        phase: fields.string("phase")?,
        started: fields.time("started")?.map(|started| started.value),
        tasks: tasks?,
    })
}

fn task(entry: Value<'_>, remarks: &mut Remarks) -> Result<Task, StateError> {
    let fields = Fields::read(entry, "a task", TASK_KEYS, remarks)?;
    Ok(Task {
        id: fields.required("id")?.name("the identifier of a task")?,
        name: fields.string("name")?.map(|name| name.value),
        agent: fields.string("agent")?,
        status: status(fields.required("status")?)?,
        paths: fields.strings("paths")?.into_iter().map(super::boundaries::rooted).collect(),
        started: fields.time("started")?,
        completed: fields.time("completed")?,
    })
}

fn status(value: Value<'_>) -> Result<Located<TaskStatus>, StateError> {
    let word = value.string("the status of a task")?;
    match STATUSES.into_iter().find(|status| status.word() == word.value) {
        Some(value) => Ok(Located { value, mark: word.mark }),
        None => {
            let words = STATUSES.map(TaskStatus::word);
            let typed = word.value.to_lowercase().replace([' ', '-'], "_");
            let near = nearest(&typed, words.into_iter()).map(|near| format!("did you mean `{near}`? "));
            let hint = format!("{}known: {}", near.unwrap_or_default(), words.join(", "));
            Err(value.error(format!("unknown status `{}`", word.value)).hinted(hint))
        }
    }
}
