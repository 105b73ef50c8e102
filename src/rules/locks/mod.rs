//! Locks: what others hold, what two hold, what nobody holds, and what is held no longer.

pub(super) mod foreign_lock;
pub(super) mod lock_conflict;
pub(super) mod missing_lock;
pub(super) mod stale_lock;

use super::RepositoryContext;
use crate::model::moment::Moment;
use crate::model::state::Lock;
use crate::work::locks;

/// The locks that still hold.
fn live<'c>(context: &RepositoryContext<'c>) -> Vec<&'c Lock> {
    locks::live(context.state, context.config, context.now).into_iter().map(|(_, lock)| lock).collect()
}

/// " since 2026-03-01 10:02", where the lock says so.
fn since(lock: &Lock) -> String {
    lock.since.as_ref().map(|since| format!(" since {}", minute(since.value))).unwrap_or_default()
}

/// `2026-03-01 10:02 UTC`
fn minute(moment: Moment) -> String {
    let stamp = moment.to_string();
    stamp.get(..16).map_or(stamp.clone(), |minute| format!("{} UTC", minute.replace('T', " ")))
}
