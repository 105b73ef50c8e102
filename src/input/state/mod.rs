//! BOUNDARIES.json and its kin, from the root of the repository or `.claude/`.

mod boundaries;
mod context;
mod fields;
mod find;
mod graph;
mod json;
mod locks;
mod markdown;
mod places;
mod plan;
mod points;
mod present;
mod progress;
pub mod schema;
mod source;
mod status;
mod time;
mod wave;
mod workflow;
mod yaml;

pub(super) use json::blanked;
pub use present::{differs, present};
pub(super) use progress::{completed, ticks};

use super::clock;
use crate::model::state::{Policy, ProgressPage, State, StateError, Wave, Workflow};
use fields::Remarks;
use json::{Document, Value};
use source::Source;
use std::path::Path;

/// Reads every policy and state file. `root` is the work tree, `main` the main work tree of a linked one.
///
/// Marks hold paths relative to `root`; of a file in `main` too, with `../`, so that a reader at the root can open it.
pub fn read(root: &Path, main: Option<&Path>) -> State {
    let mut state = State::default();
    let place = find::Place::new(root, main);
    let mut remarks = Remarks::default();
    let mut errors = Vec::new();
    state.policy = one(&place, "BOUNDARIES.json", boundaries::read, &mut remarks, &mut errors);
    state.workflow = one(&place, "WORKFLOW_STATE.json", workflow::read, &mut remarks, &mut errors);
    state.locks = one(&place, "RESOURCE_LOCKS.json", locks::read, &mut remarks, &mut errors);
    state.status = one(&place, "PARALLEL_STATUS.json", status::read, &mut remarks, &mut errors);
    state.graph = one(&place, "DEPENDENCY_GRAPH.json", graph::read, &mut remarks, &mut errors);
    let roots = places::Roots::new(&place);
    state.status = state.status.map(|status| roots.tasks(status));
    state.locks = state.locks.and_then(|locks| roots.locks(locks).map_err(|error| errors.push(error)).ok());
    state.errors = errors;
    state.remarks = remarks.found;
    state.remarks.extend(state.locks.iter().flat_map(|locks| places::ageless(locks, clock::now())));
    context::read(&place, &mut state);
    state.errors.sort();
    state
}

/// Reads a file of JSON where there is one.
fn one<T>(
    place: &find::Place<'_>,
    name: &str,
    read: fn(Value<'_>, &mut Remarks) -> Result<T, StateError>,
    remarks: &mut Remarks,
    errors: &mut Vec<StateError>,
) -> Option<T> {
    let found = place.source(name).transpose()?;
    found.and_then(|source| parse(&source, read, remarks)).map_err(|error| errors.push(error)).ok()
}

fn parse<T>(source: &Source, read: fn(Value<'_>, &mut Remarks) -> Result<T, StateError>, remarks: &mut Remarks) -> Result<T, StateError> {
    let document = Document::new(source)?;
    read(document.root(), remarks)
}

/// Reads the text of a BOUNDARIES.json that lies somewhere else, such as in another revision.
pub fn policy_text(path: &str, bytes: &[u8]) -> Result<Policy, StateError> {
    parse(&find::decoded(path, bytes)?, boundaries::read, &mut Remarks::default())
}

/// Reads the text of a WORKFLOW_STATE.json of another revision.
pub fn workflow_text(path: &str, bytes: &[u8]) -> Result<Workflow, StateError> {
    parse(&find::decoded(path, bytes)?, workflow::read, &mut Remarks::default())
}

/// Reads the text of an execution-progress.md of another revision.
pub fn progress_text(path: &str, bytes: &[u8]) -> Result<ProgressPage, StateError> {
    Ok(progress::read(&find::decoded(path, bytes)?))
}

/// Reads the text of a wave's output file of another revision.
pub fn wave_text(path: &str, bytes: &[u8]) -> Result<Wave, StateError> {
    let source = find::decoded(path, bytes)?;
    wave::read(&source, context::number_of(path).unwrap_or_default())
}

/// Whether a path is that of a file which says what is complete, where it lies in a work tree.
pub fn says_what_is_complete(path: &str) -> bool {
    matches!(path, "WORKFLOW_STATE.json" | ".claude/WORKFLOW_STATE.json" | ".claude/context/execution-progress.md")
        || context::number_of(path).is_some()
}
