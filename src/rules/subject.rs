//! What a run had to look at, and which of it a rule needs: a rule without its subject was not looked at.

use super::{Check, RULES, Rule};
use crate::config::Config;
use crate::model::finding::Finding;

/// Something that rules look at, and that a run may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Session logs.
    Sessions,
    /// Gates that ran.
    Gates,
    /// Files that were changed.
    Changes,
    /// Files that were added or renamed.
    Additions,
    /// Two branches or worktrees that could be compared.
    Sides,
    /// A policy that can be used.
    Policy,
    /// Tasks that say which paths are theirs.
    Tasks,
    /// Locks.
    Locks,
    /// A phase that the repository is in, or a file that tells of phases.
    Phases,
    /// Wave files, plans, progress pages, the graph of tasks.
    Waves,
    /// Pages and files that tell how far the work is.
    Progress,
    /// Tasks at work.
    Activity,
    /// Phases and waves that are called complete and have gates.
    Completions,
    /// State files of any kind, those that cannot be used included.
    StateFiles,
}

impl Subject {
    /// What a report calls it where it was not checked.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Sessions => "sessions",
            Subject::Gates => "gates",
            Subject::Changes | Subject::Additions => "changes",
            Subject::Sides => "overlap",
            Subject::Policy => "boundaries",
            Subject::Tasks => "tasks",
            Subject::Locks => "locks",
            Subject::Phases => "phases",
            Subject::Waves => "waves",
            Subject::Progress => "progress",
            Subject::Activity => "parallel work",
            Subject::Completions => "completed phases",
            Subject::StateFiles => "state",
        }
    }
}

/// The rules that are not switched off and had what they need in `had`; what found something had it in any case.
///
/// Rules about the configuration belong to every run that looked at anything.
pub fn looked_at(config: &Config, had: &[Subject], findings: &[Finding]) -> Vec<&'static str> {
    let on = RULES.iter().filter(|rule| config.severity(rule, rule.severity).is_some());
    let looked = on.filter(|rule| looks(rule, had) || findings.iter().any(|finding| finding.rule == rule.name));
    looked.map(|rule| rule.name).collect()
}

fn looks(rule: &Rule, had: &[Subject]) -> bool {
    let has = |subject: &Subject| had.contains(subject);
    if rule.checks.is_empty() {
        return !had.is_empty();
    }
    rule.checks.iter().any(|check| match check {
        Check::Session(_) => has(&Subject::Sessions),
        Check::Gates(_) => has(&Subject::Gates),
        Check::Repository(_) => rule.needs.iter().any(|together| together.iter().all(has)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Subject::*;

    fn looked(had: &[Subject]) -> Vec<&'static str> {
        let all = looked_at(&Config::default(), had, &[]);
        all.into_iter().filter(|name| crate::settle::family(name) != "config").collect()
    }

    fn of(family: &str, had: &[Subject]) -> Vec<&'static str> {
        looked(had).into_iter().filter(|name| crate::settle::family(name) == family).collect()
    }

    #[test]
    fn a_run_that_read_nothing_looked_at_nothing() {
        assert!(looked_at(&Config::default(), &[], &[]).is_empty());
        assert_eq!(looked_at(&Config::default(), &[Phases], &[]).iter().filter(|name| crate::settle::family(name) == "config").count(), 3);
    }

    #[test]
    fn each_family_needs_its_subject() {
        let without = |left_out: &[Subject]| {
            let all = [Changes, Additions, Sides, Policy, Tasks, Locks, Phases, Waves, Progress, Activity, Completions, StateFiles];
            all.into_iter().filter(|subject| !left_out.contains(subject)).collect::<Vec<_>>()
        };
        assert_eq!(of("boundaries", &without(&[Policy])), ["outside-boundary", "policy-edit"]);
        assert_eq!(of("boundaries", &without(&[Policy, Tasks])), ["policy-edit"]);
        assert_eq!(of("overlap", &without(&[Policy, Sides])), ["path-collision"]);
        assert_eq!(of("overlap", &without(&[Additions])), ["branch-overlap", "mixed-ownership"]);
        assert!(of("locks", &without(&[Locks])).is_empty());
        assert_eq!(of("locks", &[Locks]), ["lock-conflict", "stale-lock"]);
        assert_eq!(of("phases", &without(&[Phases, Waves])), ["gate-skipped"]);
        assert!(of("phases", &without(&[Phases, Waves, Completions])).is_empty());
        assert_eq!((of("limits", &without(&[])), of("limits", &without(&[Activity]))), (vec!["too-many-agents"], Vec::new()));
        assert_eq!(of("claims", &without(&[])), ["status-mismatch"]);
        assert!(of("claims", &without(&[Progress])).is_empty() && of("gates", &without(&[])).is_empty());
        assert_eq!((of("state", &[StateFiles]), of("gates", &[Gates]).len()), (vec!["invalid-state"], 4));
        assert_eq!(of("claims", &[Sessions]).len(), 9);
    }

    #[test]
    fn what_found_something_looked() {
        let location = crate::model::finding::Location { path: "a".into(), line: None };
        let found = Finding::new("lock-conflict", crate::model::finding::Severity::Error, String::new(), location, String::new());
        assert_eq!(looked_at(&Config::default(), &[], &[found]), ["lock-conflict"]);
    }

    #[test]
    fn rules_about_the_repository_say_what_they_need_and_no_others_do() {
        for rule in RULES {
            let of_repository = rule.checks.iter().any(|check| matches!(check, Check::Repository(_)));
            assert_eq!(!rule.needs.is_empty(), of_repository, "{}", rule.name);
            assert!(rule.needs.iter().all(|together| !together.is_empty()), "{}", rule.name);
        }
    }
}
