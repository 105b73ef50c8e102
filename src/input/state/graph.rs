//! DEPENDENCY_GRAPH.json.

use super::fields::{Fields, Remarks};
use super::json::Value;
use crate::model::mark::Located;
use crate::model::state::{DependencyGraph, GraphGroup, StateError};

/// Reads the file.
pub(super) fn read(root: Value<'_>, remarks: &mut Remarks) -> Result<DependencyGraph, StateError> {
    let fields = Fields::read(root, "DEPENDENCY_GRAPH.json", &["execution_strategy"], remarks)?;
    let strategy = Fields::read(fields.required("execution_strategy")?, "`execution_strategy`", &["parallel_groups"], remarks)?;
    let list = strategy.required("parallel_groups")?.list("a list of groups")?;
    let groups: Result<Vec<GraphGroup>, StateError> = list.into_iter().map(|entry| group(entry, remarks)).collect();
    Ok(DependencyGraph { path: root.path().to_owned(), groups: groups? })
}

fn group(entry: Value<'_>, remarks: &mut Remarks) -> Result<GraphGroup, StateError> {
    let fields = Fields::read(entry, "a group", &["group", "components", "depends_on"], remarks)?;
    let depends_on: Result<Vec<Located<String>>, StateError> = match fields.get("depends_on") {
        None => Ok(Vec::new()),
        Some(list) => list.list("a list of groups")?.into_iter().map(|one| one.name("the number or name of a group")).collect(),
    };
    Ok(GraphGroup {
        group: fields.required("group")?.name("the number or name of the group")?,
        components: fields.required("components")?.strings()?,
        depends_on: depends_on?,
    })
}
