//! WORKFLOW_STATE.json.

use super::fields::{Fields, Remarks, is_comment};
use super::json::Value;
use super::points::points;
use super::source::Hinted;
use crate::model::mark::Located;
use crate::model::state::{PhaseDetail, StateError, Workflow};

const KEYS: &[&str] = &[
    "current_phase",
    "current_subphase",
    "completed_phases",
    "completed_subphases",
    "active_parallel_tasks",
    "synchronization_points",
    "phase_details",
];

/// Reads the file.
pub(super) fn read(root: Value<'_>, remarks: &mut Remarks) -> Result<Workflow, StateError> {
    let fields = Fields::read(root, "WORKFLOW_STATE.json", KEYS, remarks)?;
    if !KEYS.iter().any(|key| fields.has(key)) {
        return Err(root
            .error("unknown shape: none of the keys of a workflow's state is there")
            .hinted(format!("known: {}", KEYS.join(", "))));
    }
    let active_tasks: Result<Vec<Located<String>>, StateError> = match fields.get("active_parallel_tasks") {
        None => Ok(Vec::new()),
        Some(list) => list.list("a list of tasks")?.into_iter().map(|entry| active_task(entry, remarks)).collect(),
    };
    Ok(Workflow {
        path: root.path().to_owned(),
        current_phase: fields.string("current_phase")?,
        current_subphase: fields.string("current_subphase")?,
        completed_phases: fields.strings("completed_phases")?,
        completed_subphases: fields.strings("completed_subphases")?,
        active_tasks: active_tasks?,
        points: fields.get("synchronization_points").map_or(Ok(Vec::new()), |list| points(list, true, remarks))?,
        details: fields.get("phase_details").map_or(Ok(Vec::new()), |object| details(object, remarks))?,
    })
}

/// An identifier, or an object that has one.
fn active_task(entry: Value<'_>, remarks: &mut Remarks) -> Result<Located<String>, StateError> {
    if !entry.is_object() {
        return entry.name("the identifier of a task");
    }
    let names = ["id", "task_id", "name"];
    let fields = Fields::read(entry, "an active task", &["id", "task_id", "name", "agent", "status", "paths", "started"], remarks)?;
    let found = names.iter().find_map(|key| fields.get(key));
    found.ok_or_else(|| entry.error("an active task has no `id`").hinted("add `\"id\": …`"))?.name("the identifier of a task")
}

fn details(object: Value<'_>, remarks: &mut Remarks) -> Result<Vec<PhaseDetail>, StateError> {
    let members = object.members("an object of phases")?;
    let mut details = Vec::with_capacity(members.len());
    for member in members.into_iter().filter(|member| !is_comment(member)) {
        let fields = Fields::read(member.value, "the details of a phase", &["parallel_allowed"], remarks)?;
        details.push(PhaseDetail { name: member.name(), parallel_allowed: fields.boolean("parallel_allowed")? });
    }
    Ok(details)
}
