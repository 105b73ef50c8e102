//! Synchronisation points, as BOUNDARIES.json and WORKFLOW_STATE.json have them.

use super::fields::{Fields, Remarks};
use super::json::Value;
use crate::model::mark::Located;
use crate::model::state::{StateError, SynchronizationPoint};

const KEYS: &[&str] = &["name", "after_phases", "blocks", "blocks_all", "reason", "reached", "completed", "passed", "status"];

/// Reads a list of points. A bare name in WORKFLOW_STATE.json is a point that was reached.
pub(super) fn points(list: Value<'_>, names: bool, remarks: &mut Remarks) -> Result<Vec<SynchronizationPoint>, StateError> {
    let entries = list.list("a list of synchronization points")?;
    entries.into_iter().map(|entry| if names && entry.is_string() { reached(entry) } else { point(entry, remarks) }).collect()
}

fn reached(entry: Value<'_>) -> Result<SynchronizationPoint, StateError> {
    Ok(SynchronizationPoint { name: entry.filled("a name")?, reached: Some(true), ..SynchronizationPoint::default() })
}

fn point(entry: Value<'_>, remarks: &mut Remarks) -> Result<SynchronizationPoint, StateError> {
    let fields = Fields::read(entry, "a synchronization point", KEYS, remarks)?;
    let mut reached = None;
    for key in ["reached", "completed", "passed"] {
        reached = reached.or(fields.boolean(key)?.map(|said| said.value));
    }
    let status = fields.string("status")?;
    Ok(SynchronizationPoint {
        name: fields.required("name")?.filled("a name")?,
        after_phases: fields.strings("after_phases")?,
        blocks: fields.strings("blocks")?,
        blocks_all: fields.boolean("blocks_all")?.is_some_and(|all| all.value),
        reached: reached.or(status.as_ref().and_then(word)),
        reason: fields.remark("reason").or(fields.remark("description")),
    })
}

/// What a word says of a point; other words say nothing.
fn word(status: &Located<String>) -> Option<bool> {
    match status.value.trim().to_lowercase().as_str() {
        "reached" | "complete" | "completed" | "passed" | "done" => Some(true),
        "pending" | "waiting" | "blocked" | "in_progress" | "not_reached" | "open" => Some(false),
        _ => None,
    }
}
