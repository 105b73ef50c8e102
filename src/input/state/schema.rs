//! The JSON Schemas of state files, for editors. They are stricter than what is read: a key that nobody knows is marked.

use serde_json::Value;

/// The schema of BOUNDARIES.json.
pub const BOUNDARIES: &str = include_str!("schema/boundaries.json");
/// The schema of WORKFLOW_STATE.json.
pub const WORKFLOW: &str = include_str!("schema/workflow.json");
/// The schema of RESOURCE_LOCKS.json.
pub const LOCKS: &str = include_str!("schema/locks.json");
/// The schema of PARALLEL_STATUS.json.
pub const STATUS: &str = include_str!("schema/status.json");
/// The schema of DEPENDENCY_GRAPH.json.
pub const GRAPH: &str = include_str!("schema/graph.json");

/// A schema's value.
pub fn value(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap_or_default()
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
