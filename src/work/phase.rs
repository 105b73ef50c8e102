//! Phases: the built-in ones, and what the state file and the configuration change.

use crate::config::Config;
use crate::model::state::State;

/// The phases of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phases {
    /// The phase that it is in, by its plain name.
    pub current: Option<String>,
}

/// The phases of a repository.
pub fn phases(state: &State, _config: &Config) -> Phases {
    let current = state.workflow.as_ref().and_then(|workflow| workflow.current_phase.as_ref()).map(|phase| phase.value.clone());
    Phases { current }
}
