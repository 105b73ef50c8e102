//! The files that a gate sees, and those that it is given.

use super::Facts;
use crate::config::{Gate, Inputs};
use crate::model::path::RepoPath;
use crate::policy::PathList;

/// git's mode of a submodule.
const SUBMODULE: u32 = 0o160_000;

/// The files of one gate.
pub(super) struct Files<'f> {
    facts: &'f Facts,
    inputs: Inputs,
    /// `when.changed`; every path without it.
    patterns: Option<PathList>,
    dir: Option<&'f str>,
}

impl<'f> Files<'f> {
    pub(super) fn new(gate: &'f Gate, facts: &'f Facts) -> Files<'f> {
        // Patterns that are none were refused with the configuration.
        let patterns = (!gate.when.changed.is_empty()).then(|| compiled(&gate.when.changed));
        Files { facts, inputs: gate.inputs, patterns, dir: gate.dir.as_deref() }
    }

    /// Whether a path matches `when.changed`.
    pub(super) fn matches(&self, path: &RepoPath) -> bool {
        self.patterns.as_ref().is_none_or(|patterns| patterns.find(path).is_some())
    }

    /// Everything that the gate sees, submodules too.
    pub(super) fn tree(&self) -> Box<dyn Iterator<Item = &'f RepoPath> + 'f> {
        match self.inputs {
            Inputs::Index => Box::new(self.facts.index.iter().map(|entry| &entry.path)),
            Inputs::Worktree => Box::new(self.facts.worktree.iter()),
        }
    }

    /// The changed files that match, as they are given to the command.
    pub(super) fn changed(&self) -> Vec<RepoPath> {
        self.given(self.facts.changed.iter().filter(|path| self.sees(path)))
    }

    /// All files that match.
    pub(super) fn all(&self) -> Vec<RepoPath> {
        self.given(self.tree())
    }

    fn given<'p>(&self, paths: impl Iterator<Item = &'p RepoPath>) -> Vec<RepoPath> {
        let files = paths.filter(|path| self.matches(path) && !self.is_submodule(path));
        files.filter_map(|path| below(self.dir, path)).collect()
    }

    /// What changed need not be what the gate sees: not staged, or staged and gone from the work tree. Where nobody said what
    /// there is, everything may be.
    fn sees(&self, path: &RepoPath) -> bool {
        match self.inputs {
            Inputs::Index => self.facts.index.is_empty() || self.facts.index.binary_search_by(|entry| entry.path.cmp(path)).is_ok(),
            Inputs::Worktree => self.facts.worktree.is_empty() || self.facts.worktree.binary_search(path).is_ok(),
        }
    }

    fn is_submodule(&self, path: &RepoPath) -> bool {
        let place = self.facts.index.binary_search_by(|entry| entry.path.cmp(path));
        place.ok().and_then(|place| self.facts.index.get(place)).is_some_and(|entry| entry.mode == SUBMODULE)
    }
}

/// Patterns of a configuration, which refused those that are none.
pub(super) fn compiled(patterns: &[String]) -> PathList {
    PathList::rooted(patterns.iter().map(String::as_str)).unwrap_or_default()
}

/// A path as seen from a folder; `None` where it is not below it.
fn below(dir: Option<&str>, path: &RepoPath) -> Option<RepoPath> {
    let Some(dir) = dir else { return Some(path.clone()) };
    let rest = path.as_bytes().strip_prefix(dir.as_bytes())?.strip_prefix(b"/")?;
    (!rest.is_empty()).then(|| RepoPath::new(rest))
}
