//! Code is changed while the tests are not defined yet.

use crate::model::finding::{Finding, Location, Severity};
use crate::model::path::RepoPath;
use crate::rules::changes::{Changed, changed};
use crate::rules::tell::{prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::paths;
use crate::work::phase::{IMPLEMENTATION, TEST_DEFINITION};

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
    let Some(current) = too_late(context) else { return Vec::new() };
    let code = changed(context.changes).into_iter().filter(|(path, _)| !paths::is_bookkeeping(path));
    code.map(|(path, changed)| finding(context, current, path, &changed)).collect()
}

/// The current phase, where tests had to come before it and did not.
fn too_late<'c>(context: &RepositoryContext<'c>) -> Option<&'c str> {
    let phases = context.phases;
    context.state.workflow.as_ref()?;
    let current = phases.current.as_deref()?;
    let is_late = current == IMPLEMENTATION || phases.is_after(current, IMPLEMENTATION);
    // Where the configuration takes the need away, tests need not come first.
    if !is_late || phases.completed.contains(TEST_DEFINITION) || !phases.is_after(current, TEST_DEFINITION) {
        return None;
    }
    Some(current)
}

fn finding(context: &RepositoryContext<'_>, current: &str, path: &RepoPath, changed: &Changed<'_>) -> Finding {
    let shown = path.shown();
    let message = format!("{shown} changed in {current} while {TEST_DEFINITION} is not complete");
    let location = Location { path: shown.clone().into_owned(), line: None };
    let identity = format!("{}\n{current}\n{}", RULE.name, path.identity());
    let mut finding = Finding::new(RULE.name, RULE.severity, message, location, identity);
    if let Some(mark) = &context.phases.current_mark {
        show(&mut finding, mark, format!("tests come before {current}"));
    }
    changed.tell(path, &mut finding);
    prove(&mut finding, "phase", current);
    finding.help = format!("define the tests first; if they are there, add `{TEST_DEFINITION}` to completed_phases in WORKFLOW_STATE.json");
    finding
}
