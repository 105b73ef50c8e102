//! Paths that another task at work has declared for itself.

use crate::model::mark::Located;
use crate::model::path::RepoPath;
use crate::model::state::{Lock, State};
use crate::work::areas::{declared, has_paths, is_at_work};
use crate::work::identity::Attribution;
use crate::work::locks::Index;
use crate::work::paths::is_bookkeeping;

/// Tasks with paths of their own.
pub(super) struct Declared {
    all: Vec<Lock>,
    at_work: Vec<Lock>,
}

impl Declared {
    pub(super) fn new(state: &State) -> Declared {
        Declared { all: declared(state, |_| true), at_work: declared(state, is_at_work) }
    }

    pub(super) fn index(&self) -> OtherTasks<'_> {
        OtherTasks { all: Index::new(&self.all), at_work: Index::new(&self.at_work) }
    }
}

/// The same by path.
pub(super) struct OtherTasks<'d> {
    all: Index<'d>,
    at_work: Index<'d>,
}

/// Another task and the line by which a path is its own.
#[derive(Clone, Copy)]
pub(super) struct OtherTask<'d> {
    pub(super) id: &'d str,
    pub(super) path: &'d Located<String>,
}

impl<'d> OtherTasks<'d> {
    /// The task at work that has a path for itself, where the agent's own tasks declare paths and none holds this one.
    pub(super) fn of(&self, state: &State, by: &Attribution, path: &RepoPath) -> Option<OtherTask<'d>> {
        let is_own = |task: &Lock| by.names.contains(&task.agent.value);
        if !by.known || is_bookkeeping(path) || !has_paths(state, by) || self.all.find(path, |held| is_own(held.lock)).is_some() {
            return None;
        }
        let held = self.at_work.find(path, |held| !is_own(held.lock))?;
        Some(OtherTask { id: &held.lock.agent.value, path: held.path })
    }
}
