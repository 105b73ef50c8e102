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

/// Patterns that speak of agents and of nothing else. The first one is built in: it needs no configuration for whoever is known.
const BRANCHES: &[&str] = &["agent/{agent}", "agents/{agent}"];
const WORKTREES: &[&str] = &["wt-{agent}", "agent-{agent}", "worktree-{agent}"];

/// So many names of areas make a pattern certain.
const CERTAIN: usize = 2;

/// What the names of branches and worktrees tell; `known` are those of the areas.
pub(super) fn identity(survey: &Survey, known: &[&str]) -> Identity {
    Identity { branch: found(BRANCHES, &survey.branches, known), worktree: found(WORKTREES, &survey.worktrees, known) }
}

/// The pattern by which several areas are named, where it is not the one that is built in.
fn found(patterns: &[&'static str], names: &[String], known: &[&str]) -> Option<Found> {
    let of = |pattern: &&'static str| {
        let beginning = pattern.trim_end_matches("{agent}");
        names.iter().filter(|name| name.strip_prefix(beginning).is_some_and(|rest| known.contains(&rest))).collect::<Vec<_>>()
    };
    let all = patterns.iter().map(|pattern| (*pattern, of(pattern)));
    let (pattern, names) = all.rev().max_by_key(|(_, names)| names.len())?;
    (names.len() >= CERTAIN && Some(&pattern) != patterns.first()).then_some(Found { pattern, example: (*names.first()?).clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_pattern_is_taken() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let known = ["a", "b", "c"];
        let of = |patterns: &[&'static str], all: &[&str]| found(patterns, &names(all), &known).map(|found| found.pattern);
        assert_eq!(of(BRANCHES, &["main", "agents/a", "agent/b", "agents/c"]), Some("agents/{agent}"));
        // One name is an accident, a name that nobody has is none, and what is built in need not be said.
        for all in [&["agents/a"][..], &["agents/x", "agents/y"], &["agent/a", "agent/b"], &["main", "agent/", "feature/x"]] {
            assert_eq!(of(BRANCHES, all), None, "{all:?}");
        }
        assert_eq!(of(WORKTREES, &["wt-a", "wt-b"]), None);
        let worktree = found(WORKTREES, &names(&["agent-a", "agent-c"]), &known).unwrap();
        assert_eq!(worktree, Found { pattern: "agent-{agent}", example: "agent-a".to_owned() });
    }
}
