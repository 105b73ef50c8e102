//! Code is changed while the tests are not defined yet.

use crate::model::finding::{Finding, Location, Severity};
use crate::rules::tell::{LISTED, count, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::paths;
use crate::work::phase::{IMPLEMENTATION, TEST_DEFINITION};
use std::collections::BTreeSet;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "tests-first",
    family: "phases",
    severity: Severity::Error,
    summary: "files changed in implementation or later, while test_definition is not complete",
    document: include_str!("tests_first.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes, Subject::Phases]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    finding(context).into_iter().collect()
}

fn finding(context: &RepositoryContext<'_>) -> Option<Finding> {
    let phases = context.phases;
    context.state.workflow.as_ref()?;
    let current = phases.current.as_deref()?;
    let is_late = current == IMPLEMENTATION || phases.is_after(current, IMPLEMENTATION);
    // Where the configuration takes the need away, tests need not come first.
    if !is_late || phases.completed.contains(TEST_DEFINITION) || !phases.is_after(current, TEST_DEFINITION) {
        return None;
    }
    let touched = context.changes.iter().flat_map(|set| &set.changes.files).flat_map(|change| change.paths());
    let code: BTreeSet<String> = touched.filter(|path| !paths::is_bookkeeping(path)).map(|path| path.shown().into_owned()).collect();
    let first = code.first()?.clone();
    let what = if code.len() == 1 { first.clone() } else { count(code.len(), "file") };
    let message = format!("{what} changed in {current} while {TEST_DEFINITION} is not complete");
    let location = Location { path: first, line: None };
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, format!("{}\n{current}", RULE.name));
    if let Some(mark) = &phases.current_mark {
        show(&mut finding, mark, format!("tests come before {current}"));
    }
    let makers = context.changes.iter().filter_map(|set| set.by.as_ref()).map(|by| by.agent.clone());
    finding.agents = makers.collect::<BTreeSet<_>>().into_iter().collect();
    prove(&mut finding, "phase", current);
    prove(&mut finding, "files", code.len());
    finding.paths = code.into_iter().take(LISTED).collect();
    finding.help = format!("define the tests first; if they are there, add `{TEST_DEFINITION}` to completed_phases in WORKFLOW_STATE.json");
    Some(finding)
}
