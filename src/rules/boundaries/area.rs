//! Words about boundaries that several rules use.

use crate::model::mark::{Excerpt, Located};
use crate::model::state::Boundary;
use crate::policy::{Claimant, Compiled};

/// As many lines of the policy as a finding shows.
pub(super) const SHOWN: usize = 5;

/// Whose a boundary is: "owned by task-2", or "belongs to feature-analysis".
pub(super) fn label(boundary: &Boundary) -> String {
    match &boundary.owner {
        Some(owner) => format!("owned by {}", owner.value),
        None => format!("belongs to {}", boundary.name.value),
    }
}

/// The line that gives a path to somebody.
pub(super) fn excerpt(claimant: &Claimant<'_>) -> Excerpt {
    Excerpt { mark: claimant.pattern.mark.clone(), label: label(claimant.boundary) }
}

/// Who is to be asked about a boundary.
pub(super) fn holder(boundary: &Boundary) -> &str {
    boundary.owner.as_ref().map_or(&boundary.name.value, |owner| &owner.value)
}

/// The file's name in messages.
pub(super) fn file(policy: &Compiled) -> &str {
    if policy.policy.path.is_empty() { "BOUNDARIES.json" } else { &policy.policy.path }
}

/// "a", "a and b", "a, b and 3 more".
pub(super) fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

/// The names of boundaries, sorted, each once.
pub(super) fn names<'p>(policy: &'p Compiled, boundaries: &[usize]) -> Vec<&'p str> {
    let mut names: Vec<&str> =
        boundaries.iter().filter_map(|index| policy.policy.boundaries.get(*index)).map(|one| one.name.value.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The first of a boundary's patterns, to point at where no single one decided.
pub(super) fn first_pattern(boundary: &Boundary) -> &Located<String> {
    boundary.paths.iter().chain(&boundary.can_create).min_by(|one, other| one.value.cmp(&other.value)).unwrap_or(&boundary.name)
}

/// The boundary that a word may mean that is none: of nearly the same name, whatever its case.
pub(super) fn closest<'p>(policy: &'p Compiled, word: &str) -> Option<&'p str> {
    const NEAR: f64 = 0.8;
    let word = word.strip_prefix('!').unwrap_or(word).to_lowercase();
    let names = policy.policy.boundaries.iter().map(|boundary| boundary.name.value.as_str());
    let near = names.map(|name| (strsim::jaro_winkler(&name.to_lowercase(), &word), name)).filter(|(nearness, _)| *nearness >= NEAR);
    near.max_by(|(one, first), (other, second)| one.total_cmp(other).then(second.cmp(first))).map(|(_, name)| name)
}
