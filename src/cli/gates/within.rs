//! Runs within runs: a gate that starts itself again would never end.
#![allow(clippy::disallowed_methods)]

use crate::config::Gate;
use crate::gates::definition::definition;
use std::path::Path;

/// By this variable a run knows which gates it is within: one a line, as name, definition and root.
pub(super) const VARIABLE: &str = "PARALINT_WITHIN";

/// The gates that this run is within.
#[derive(Debug, Default)]
pub(super) struct Within(String);

impl Within {
    /// As the environment has it.
    pub(super) fn read() -> Within {
        Within(std::env::var_os(VARIABLE).map(|lines| lines.to_string_lossy().into_owned()).unwrap_or_default())
    }

    /// Whether this run was started by a gate. A checkout of what is staged is another root of the same repository.
    pub(super) fn is_in(&self, gate: &Gate, root: &Path) -> bool {
        let is_checkout = root.ends_with("paralint/staged");
        let (own, other) = (line(gate, root), format!("{}\t{}\t", gate.name, definition(gate, &[])));
        self.0.lines().any(|line| line == own || (is_checkout && line.starts_with(&other)))
    }

    /// What the processes of a gate are told.
    pub(super) fn with(&self, gate: &Gate, root: &Path) -> String {
        let line = line(gate, root);
        if self.0.is_empty() { line } else { format!("{}\n{line}", self.0) }
    }
}

/// Names hold no control characters; of a root with some, only equality is asked.
fn line(gate: &Gate, root: &Path) -> String {
    format!("{}\t{}\t{}", gate.name, definition(gate, &[]), root.to_string_lossy().replace('\n', " "))
}
