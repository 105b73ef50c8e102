//! By which names of branches and worktrees agents are known here.

use super::survey::Survey;

/// A pattern, and a name that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) pattern: &'static str,
    pub(super) example: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) branch: Option<Found>,
    pub(super) worktree: Option<Found>,
}

/// Patterns that speak of agents and of nothing else.
const BRANCHES: &[&str] = &["agent/{agent}", "agents/{agent}"];
const WORKTREES: &[&str] = &["wt-{agent}", "agent-{agent}", "worktree-{agent}"];

pub(super) fn identity(survey: &Survey) -> Identity {
    Identity { branch: found(BRANCHES, &survey.branches), worktree: found(WORKTREES, &survey.worktrees) }
}

/// The pattern that the most names have.
fn found(patterns: &[&'static str], names: &[String]) -> Option<Found> {
    let beginning = |pattern: &&'static str| pattern.trim_end_matches("{agent}");
    let of = |pattern: &&'static str| {
        names.iter().filter(|name| name.strip_prefix(beginning(pattern)).is_some_and(|rest| !rest.is_empty())).collect::<Vec<_>>()
    };
    let all = patterns.iter().map(|pattern| (*pattern, of(pattern))).filter(|(_, names)| !names.is_empty());
    let (pattern, names) = all.rev().max_by_key(|(_, names)| names.len())?;
    Some(Found { pattern, example: (*names.first()?).clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_pattern_is_taken() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(found(BRANCHES, &names(&["main", "agents/a", "agent/b", "agents/c"])).unwrap().pattern, "agents/{agent}");
        assert_eq!(found(BRANCHES, &names(&["main", "agent/", "feature/x"])), None);
        assert_eq!(found(WORKTREES, &names(&["wt-a"])).unwrap(), Found { pattern: "wt-{agent}", example: "wt-a".to_owned() });
    }
}
