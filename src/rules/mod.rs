//! The rules: each is one file with a description and a pure function over the model, and one line in `RULES`.

mod claims;
mod evidence;
mod limits;
mod overlap;
mod phases;

use crate::config::Limits;
use crate::model::finding::{Finding, Severity};
use crate::model::session::Session;
use crate::timeline::Batch;
use crate::verdict::Judgement;

/// A rule: its name is what is wrong.
pub struct Rule {
    /// `claimed-serial`
    pub name: &'static str,
    /// `claims`
    pub family: &'static str,
    /// The severity where the configuration does not change it.
    pub severity: Severity,
    /// One line: what it finds.
    pub summary: &'static str,
    /// What it does, why it is bad, an example, how to fix it; markdown.
    pub document: &'static str,
    /// Finds the violations in one session.
    pub check: fn(&Context<'_>) -> Vec<Finding>,
}

/// What a rule looks at: one session and what was derived from it.
pub struct Context<'c> {
    /// Its index in the report.
    pub index: usize,
    /// The session.
    pub session: &'c Session,
    /// Its batches.
    pub batches: &'c [Batch],
    /// Its claims' verdicts.
    pub judgements: &'c [Judgement],
    /// The configured limits.
    pub limits: &'c Limits,
}

/// Every rule, in the order in which they are listed.
pub const RULES: &[&Rule] = &[
    &claims::claimed_serial::RULE,
    &claims::claimed_single::RULE,
    &claims::narrated_agents::RULE,
    &claims::claimed_count::RULE,
    &claims::overstated_speedup::RULE,
    &claims::denied_parallel::RULE,
    &claims::idle_agent::RULE,
    &claims::unproven_completion::RULE,
    &claims::status_mismatch::RULE,
    &overlap::overlapping_edits::RULE,
    &phases::unsynchronised::RULE,
    &limits::too_many_agents::RULE,
    &limits::low_utilisation::RULE,
    &UNUSED_SUPPRESSION,
];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied()
}

/// Suppressions that match nothing. What is unused is known only after all rules ran, so the run itself reports it.
pub const UNUSED_SUPPRESSION: Rule = Rule {
    name: "unused-suppression",
    family: "config",
    severity: Severity::Note,
    summary: "a suppression in paralint.toml that matches no finding",
    document: include_str!("unused_suppression.md"),
    check: |_| Vec::new(),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_documented_in_full() {
        for rule in RULES {
            for heading in ["## What it does", "## Why it is bad", "## Example", "## How to fix it"] {
                assert!(rule.document.contains(heading), "{} lacks {heading:?}", rule.name);
            }
            assert!(!rule.summary.ends_with('.') && rule.summary.len() < 100, "{}", rule.name);
        }
    }

    #[test]
    fn names_are_unique_and_speak() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
    }
}
