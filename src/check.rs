//! The gatekeeper: change sets, policy, state and sessions in, an outcome out. Pure.

use crate::audit::{Outcome, as_the_log_tells, sessions_and_findings};
use crate::config::Config;
use crate::model::change::ChangeSet;
use crate::model::finding::Finding;
use crate::model::gate::{Completion, GatesRun, Receipts};
use crate::model::moment::Moment;
use crate::model::overlap::{Overlap, Uncompared};
use crate::model::path::RepoPath;
use crate::model::session::Session;
use crate::model::state::{State, StateError};
use crate::policy::Compiled;
use crate::rules::{Check, RULES, RepositoryContext, Subject};
use crate::settle;
use crate::work::activity::{self, Activity};
use crate::work::identity::{self, Named, UnknownAgent};
use crate::work::names;
use crate::work::phase::{self, Phases};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// Everything that a check is made from.
#[derive(Debug, Default)]
pub struct Material {
    /// The change sets: one that is staged; a range, then its commits; branches; worktrees.
    pub changes: Vec<ChangeSet>,
    /// Files that two of them both changed.
    pub overlaps: Vec<Overlap>,
    /// Pairs that could not be compared.
    pub uncompared: Vec<Uncompared>,
    /// What policy and state files say.
    pub state: State,
    /// The session logs that belong to the changes.
    pub sessions: Vec<Session>,
    /// Every tracked path, sorted.
    pub tracked: Vec<RepoPath>,
    /// Of the paths that state files promise, those that are in the work tree.
    pub present: FxHashSet<String>,
    /// Who works here, as the user says.
    pub named: Named,
    /// What state files call complete and the configuration has gates for.
    pub completions: Vec<Completion>,
    /// What gates have passed in this clone, this run's included.
    pub receipts: Receipts,
    /// The gates that ran.
    pub gates: Option<GatesRun>,
    /// Now.
    pub now: Moment,
    /// A range is checked.
    pub range: bool,
}

/// What a check found, and what it was derived from.
#[derive(Debug, Default)]
pub struct Checked {
    /// The findings, and what they are about.
    pub outcome: Outcome,
    /// The policy.
    pub policy: Option<Compiled>,
    /// What state files say; errors of the policy's patterns are among its errors.
    pub state: State,
    /// The phases.
    pub phases: Phases,
    /// The tasks at work.
    pub activity: Activity,
    /// What state files call complete and the configuration has gates for.
    pub completions: Vec<Completion>,
    /// What gates have passed in this clone.
    pub receipts: Receipts,
}

impl Checked {
    /// What this check had to look at.
    pub fn subjects(&self) -> Vec<Subject> {
        let state = &self.state;
        let tasks = state.status.iter().flat_map(|status| &status.tasks);
        let has_waves = !state.waves.is_empty() || state.progress.is_some() || state.graph.is_some() || !state.plans.is_empty();
        let has_progress = state.progress.is_some() || state.status.is_some();
        let has_phases = state.workflow.is_some() || self.phases.current.is_some();
        let has_files = has_waves || has_progress || has_phases || state.locks.is_some() || self.policy.is_some();
        let had = [
            (Subject::Policy, self.policy.is_some()),
            (Subject::Tasks, tasks.into_iter().any(|task| !task.paths.is_empty())),
            (Subject::Locks, state.locks.is_some()),
            (Subject::Phases, has_phases),
            (Subject::Waves, has_waves),
            (Subject::Progress, has_progress),
            (Subject::Activity, !self.activity.tasks.is_empty()),
            (Subject::Completions, !self.completions.is_empty()),
            (Subject::StateFiles, has_files || !state.errors.is_empty()),
        ];
        let had = had.into_iter().filter(|(_, had)| *had).map(|(subject, _)| subject);
        self.outcome.subjects().into_iter().chain(had).collect()
    }
}

/// The user names an agent that nobody knows, maybe because the file that knows it cannot be used.
#[derive(Debug)]
pub struct Unchecked {
    /// The agent.
    pub unknown: UnknownAgent,
    /// State files that cannot be used.
    pub errors: Vec<StateError>,
}

/// Checks a repository. Fails where the user names an agent that nobody knows.
pub fn check(material: Material, config: &Config) -> Result<Checked, Unchecked> {
    let Material { changes, overlaps, uncompared, mut state, sessions, tracked, present, named, completions, receipts, gates, now, range } =
        material;
    let (sessions, mut found) = sessions_and_findings(sessions, config);
    let policy = state.policy.clone().and_then(|policy| Compiled::new(policy).map_err(|errors| state.errors.extend(errors)).ok());
    names::resolve(&mut state);
    let phases = phase::phases(&state, config);
    let activity = activity::activity(&state, policy.as_ref(), &sessions, config, now);
    let changes = identity::attribute(changes, &named, policy.as_ref(), &state, config, &sessions)
        .map_err(|unknown| Unchecked { unknown, errors: state.errors.clone() })?;
    let context = RepositoryContext {
        changes: &changes,
        policy: policy.as_ref(),
        state: &state,
        phases: &phases,
        activity: &activity,
        overlaps: &overlaps,
        sessions: &sessions,
        completions: &completions,
        receipts: &receipts,
        tracked: &tracked,
        present: &present,
        now,
        range,
        config,
    };
    found.extend(repository_findings(&context));
    found.extend(gates.iter().flat_map(|run| gate_findings(run, config)));
    let mut outcome = Outcome { sessions, changes, overlaps, uncompared, gates, ..Outcome::default() };
    settle::settle(found, config, &mut outcome);
    Ok(Checked { outcome, policy, state, phases, activity, completions, receipts })
}

/// What the rules about the repository find, in the order of the report.
fn repository_findings(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let checks: Vec<_> = RULES.iter().flat_map(|rule| rule.checks.iter().map(move |check| (*rule, check))).collect();
    let found = checks.par_iter().map(|(rule, check)| match check {
        Check::Repository(check) => settle::levelled(check(context), rule, context.config).collect(),
        Check::Session(_) | Check::Gates(_) => Vec::new(),
    });
    let mut findings: Vec<Finding> = found.collect::<Vec<Vec<Finding>>>().into_iter().flatten().collect();
    settle::sort(&mut findings);
    for finding in &mut findings {
        if let Some(audited) = finding.session.and_then(|index| context.sessions.get(index)) {
            as_the_log_tells(&audited.session, finding);
        }
    }
    findings
}

/// What the rules about gates find in a run of them.
pub fn gate_findings(run: &GatesRun, config: &Config) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for rule in RULES {
        for check in rule.checks {
            if let Check::Gates(check) = check {
                findings.extend(settle::levelled(check(run), rule, config));
            }
        }
    }
    settle::sort(&mut findings);
    findings
}
