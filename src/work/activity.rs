//! Which tasks are at work right now, and from where that is known.

use crate::audit::Audited;
use crate::config::Config;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::policy::Compiled;

/// One task that is at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveTask {
    /// Every name that means it.
    pub names: Vec<String>,
    /// Indexes of the boundaries that it works in.
    pub boundaries: Vec<usize>,
    /// Where it is said: `PARALLEL_STATUS.json`, `active_parallel_tasks`, `RESOURCE_LOCKS.json`, `session log`.
    pub sources: Vec<&'static str>,
}

/// The tasks that are at work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// Each task once.
    pub tasks: Vec<ActiveTask>,
}

impl Activity {
    /// Two or more are at work.
    pub fn is_parallel(&self) -> bool {
        self.tasks.len() >= 2
    }
}

/// Finds the tasks that are at work.
pub fn activity(_state: &State, _policy: Option<&Compiled>, _sessions: &[Audited], _config: &Config, _now: Moment) -> Activity {
    Activity::default()
}
