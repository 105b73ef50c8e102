//! The rules: each is one file with a description and a pure function over the model, and one line in `RULES`.

mod boundaries;
mod changes;
mod claims;
pub mod config;
mod evidence;
mod gates;
mod limits;
mod locks;
mod overlap;
mod phases;
mod state;
mod subject;
mod tell;

use crate::audit::Audited;
use crate::config::{Config, Limits};
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{Completion, GatesRun, Receipts};
use crate::model::moment::Moment;
use crate::model::overlap::Overlap;
use crate::model::path::RepoPath;
use crate::model::session::Session;
use crate::model::state::State;
use crate::policy::Compiled;
use crate::timeline::Batch;
use crate::verdict::Judgement;
use crate::work::activity::Activity;
use crate::work::identity::Attributed;
use crate::work::phase::Phases;
use rustc_hash::FxHashSet;
pub use subject::{Subject, looked_at};

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
    /// Finds the violations; a rule may look at sessions, at the repository, or at both.
    pub checks: &'static [Check],
    /// What its check of the repository needs: all of any one of these.
    pub needs: &'static [&'static [Subject]],
}

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One session, each on its own.
    Session(fn(&Context<'_>) -> Vec<Finding>),
    /// The repository: change sets, policy, state files, and all sessions.
    Repository(fn(&RepositoryContext<'_>) -> Vec<Finding>),
    /// A run of gates.
    Gates(fn(&GatesRun) -> Vec<Finding>),
}

/// The repository and what was derived from it.
pub struct RepositoryContext<'c> {
    /// The change sets and who made them: one that is staged; a range, then its commits; branches; worktrees.
    pub changes: &'c [Attributed],
    /// The policy, compiled.
    pub policy: Option<&'c Compiled>,
    /// What the state files say.
    pub state: &'c State,
    /// The phases, and the one that it is in.
    pub phases: &'c Phases,
    /// The tasks that are at work.
    pub activity: &'c Activity,
    /// Files that two branches or worktrees both changed; `between` are indexes of `changes`.
    pub overlaps: &'c [Overlap],
    /// The sessions that were read with it.
    pub sessions: &'c [Audited],
    /// What state files call complete and the configuration has gates for.
    pub completions: &'c [Completion],
    /// What gates have passed in this clone, this run's included.
    pub receipts: &'c Receipts,
    /// Every tracked path, sorted.
    pub tracked: &'c [RepoPath],
    /// Of the paths that state files promise, those that are in the work tree.
    pub present: &'c FxHashSet<String>,
    /// Now.
    pub now: Moment,
    /// A range is checked, as continuous integration does, and not what somebody is about to commit.
    pub range: bool,
    /// The configuration.
    pub config: &'c Config,
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
    &overlap::branch_overlap::RULE,
    &overlap::path_collision::RULE,
    &overlap::mixed_ownership::RULE,
    &boundaries::outside_boundary::RULE,
    &boundaries::forbidden_path::RULE,
    &boundaries::shared_path::RULE,
    &boundaries::boundary_overlap::RULE,
    &boundaries::unsafe_parallel::RULE,
    &boundaries::dependency_in_flux::RULE,
    &boundaries::policy_edit::RULE,
    &locks::foreign_lock::RULE,
    &locks::lock_conflict::RULE,
    &locks::missing_lock::RULE,
    &locks::stale_lock::RULE,
    &phases::parallel_in_serial_phase::RULE,
    &phases::phase_order::RULE,
    &phases::unsynchronised::RULE,
    &phases::tests_first::RULE,
    &phases::missing_output::RULE,
    &phases::gate_skipped::RULE,
    &limits::too_many_agents::RULE,
    &limits::low_utilisation::RULE,
    &gates::gate_failed::RULE,
    &gates::gate_timeout::RULE,
    &gates::gate_unavailable::RULE,
    &gates::gate_leak::RULE,
    &state::invalid_state::RULE,
    &state::unknown_phase::RULE,
    &config::UNUSED_SUPPRESSION,
    &config::UNUSED_WAIVER,
    &config::STALE_BASELINE,
];

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied()
}

#[cfg(test)]
mod text_tests;
#[cfg(test)]
mod work_tests;

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
