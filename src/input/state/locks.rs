//! RESOURCE_LOCKS.json.

use super::fields::{Fields, Remarks};
use super::json::Value;
use crate::model::state::{Lock, Locks, StateError};

/// Reads the file.
pub(super) fn read(root: Value<'_>, remarks: &mut Remarks) -> Result<Locks, StateError> {
    let fields = Fields::read(root, "RESOURCE_LOCKS.json", &["locks"], remarks)?;
    let list = fields.required("locks")?.list("a list of locks")?;
    let locks: Result<Vec<Lock>, StateError> = list.into_iter().map(|entry| lock(entry, remarks)).collect();
    Ok(Locks { path: root.path().to_owned(), locks: locks? })
}

fn lock(entry: Value<'_>, remarks: &mut Remarks) -> Result<Lock, StateError> {
    let fields = Fields::read(entry, "a lock", &["agent_id", "locked_paths", "lock_time", "expires"], remarks)?;
    Ok(Lock {
        agent: fields.required("agent_id")?.name("the name of an agent")?,
        paths: fields.required("locked_paths")?.strings()?.into_iter().map(super::boundaries::rooted).collect(),
        since: fields.time("lock_time")?,
        expires: fields.time("expires")?,
    })
}
