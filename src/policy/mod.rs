//! Who may change which path: patterns, the boundaries that claim a path, and what is wrong with a policy. Pure.

pub mod lint;
mod list;
mod matcher;
mod ownership;
pub mod patterns;
pub mod proposal;

#[cfg(test)]
pub(crate) mod tests;

pub use list::PathList;
pub use ownership::{Decision, Look, Shared, SharedBy};

use crate::model::mark::{Located, Mark};
use crate::model::path::RepoPath;
use crate::model::state::{Boundary, Policy, StateError};
use matcher::Matcher;
use patterns::{Pattern, PatternError, Specificity};
use rustc_hash::FxHashMap;

/// A policy with its patterns compiled.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The policy that it was made from.
    pub policy: Policy,
    /// The first boundary of each name.
    names: FxHashMap<String, usize>,
    entries: Vec<Entry>,
    /// By boundary: the lists that name it, and so hold all of its paths.
    references: FxHashMap<usize, Vec<Reference>>,
    matcher: Matcher,
}

/// A list of a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum List {
    /// `paths` and `can_modify`.
    Paths,
    /// `can_create`.
    Create,
    /// `cannot_modify`.
    Forbidden,
    /// `dependencies`.
    Dependencies,
    /// `conflicts_with`.
    Conflicts,
}

const LISTS: [List; 5] = [List::Paths, List::Create, List::Forbidden, List::Dependencies, List::Conflicts];

/// One pattern of one list.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) boundary: usize,
    pub(crate) list: List,
    /// Its index in the list.
    pub(crate) item: usize,
    pub(crate) pattern: Pattern,
    pub(crate) specificity: Specificity,
}

/// A boundary's name in a list.
#[derive(Debug)]
struct Reference {
    boundary: usize,
    list: List,
    item: usize,
    negated: bool,
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
    /// How specific that pattern is: the claimants with the greatest decide.
    pub specificity: Specificity,
}

impl Compiled {
    /// Compiles a policy. Patterns that are no globs, or climb out of the repository, are errors with their line.
    pub fn new(policy: Policy) -> Result<Compiled, Vec<StateError>> {
        let mut names = FxHashMap::default();
        for (index, boundary) in policy.boundaries.iter().enumerate() {
            names.entry(boundary.name.value.clone()).or_insert(index);
        }
        let mut compiled = Compiled { names, ..Compiled::default() };
        let mut errors = Vec::new();
        for (index, boundary) in policy.boundaries.iter().enumerate() {
            for list in LISTS {
                for (item, located) in of_list(boundary, list).iter().enumerate() {
                    if let Err(error) = compiled.add(index, list, item, &located.value) {
                        errors.push(state_error(&located.mark, error));
                    }
                }
            }
        }
        let numbered = compiled.entries.iter().enumerate().map(|(number, entry)| (number as u32, &entry.pattern));
        match Matcher::new(numbered) {
            Ok(matcher) => compiled.matcher = matcher,
            Err((number, error)) => errors.extend(compiled.entries.get(number as usize).map(|entry| {
                let located = &of_list(&policy.boundaries[entry.boundary], entry.list)[entry.item];
                state_error(&located.mark, error)
            })),
        }
        errors.sort();
        if errors.is_empty() { Ok(Compiled { policy, ..compiled }) } else { Err(errors) }
    }

    /// Takes up one item: a boundary's name stands for its paths, all else is a pattern.
    fn add(&mut self, boundary: usize, list: List, item: usize, text: &str) -> Result<(), PatternError> {
        let (negated, name) = text.strip_prefix('!').map_or((false, text), |name| (true, name));
        if list == List::Conflicts && means_all(name) {
            return Ok(());
        }
        // A boundary that names itself means its own folder of that name.
        if let Some(target) = self.names.get(name).filter(|target| **target != boundary) {
            self.references.entry(*target).or_default().push(Reference { boundary, list, item, negated });
            return Ok(());
        }
        let is_word = matches!(list, List::Dependencies | List::Conflicts);
        let patterns = if is_word { Pattern::parse_rooted(text)? } else { Pattern::parse(text)? };
        self.entries.extend(patterns.into_iter().map(|pattern| {
            let specificity = pattern.specificity();
            Entry { boundary, list, item, pattern, specificity }
        }));
        Ok(())
    }

    /// The boundaries that a path belongs to, the most specific first. `creates` takes `can_create` in.
    pub fn claimants(&self, path: &RepoPath, creates: bool) -> Vec<Claimant<'_>> {
        self.look(path).claimants(creates)
    }

    /// The pattern of `cannot_modify` by which a boundary's agents may not change a path.
    pub fn forbids(&self, boundary: usize, path: &RepoPath) -> Option<&Located<String>> {
        self.look(path).forbids(boundary, false)
    }

    /// All that the policy says of a path; a path that ends in `/` is a folder with everything in it.
    pub fn look(&self, path: &RepoPath) -> Look<'_> {
        Look::new(self, path.as_bytes())
    }

    /// The boundary of a name.
    pub fn boundary_named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The item of a list.
    pub(crate) fn item(&self, boundary: usize, list: List, item: usize) -> &Located<String> {
        &of_list(&self.policy.boundaries[boundary], list)[item]
    }

    /// Every pattern.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// An item of `conflicts_with` that means every other boundary.
pub fn means_all(item: &str) -> bool {
    item.eq_ignore_ascii_case("all")
}

/// The items of a list, as written.
pub(crate) fn of_list(boundary: &Boundary, list: List) -> &[Located<String>] {
    match list {
        List::Paths => &boundary.paths,
        List::Create => &boundary.can_create,
        List::Forbidden => &boundary.cannot_modify,
        List::Dependencies => &boundary.dependencies,
        List::Conflicts => &boundary.conflicts_with,
    }
}

fn state_error(mark: &Mark, error: PatternError) -> StateError {
    StateError { mark: mark.clone(), message: error.message, hint: error.hint }
}
