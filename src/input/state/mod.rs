//! BOUNDARIES.json and its kin, from the root of the repository or `.claude/`.

use crate::model::state::State;
use std::path::Path;

/// Reads every policy and state file. `root` is the work tree, `main` the main work tree of a linked one.
pub fn read(_root: &Path, _main: Option<&Path>) -> State {
    State::default()
}
