//! "All tests pass", "all tasks complete": not proven by the log.

use crate::model::finding::{Finding, Severity};
use crate::rules::evidence::{claim_finding, claims_with};
use crate::rules::{Check, Context, Rule};
use crate::verdict::Cause;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unproven-completion",
    family: "claims",
    severity: Severity::Warning,
    summary: "tests or tasks said to be fine, which the log does not show",
    document: include_str!("unproven_completion.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let causes = &[Cause::TestsFailed, Cause::TestsNotRun, Cause::TestsCountOtherwise, Cause::DispatchFailed];
    // "Parser tests pass" may mean one test; a note on every such sentence would drown the rest.
    let certain = claims_with(context, causes).filter(|(_, claim)| claim.what.certain);
    let findings = certain.map(|(judgement, claim)| {
        let number = judgement.facts.count.map(|count| format!("{count} ")).unwrap_or_default();
        let (message, help) = match judgement.cause {
            Cause::DispatchFailed => {
                (format!("says that all {number}tasks are done; a dispatch failed"), "name what failed, or send it again")
            }
            Cause::TestsFailed => (
                format!("says that all {number}tests pass; the last run failed"),
                "run the tests again after the mend, and report that run",
            ),
            Cause::TestsNotRun => {
                (format!("says that all {number}tests pass; {}", judgement.why), "run the tests after the last edit, and report that run")
            }
            _ => (
                format!("says that all {number}tests pass; the run counts {}", judgement.facts.counted.unwrap_or(0)),
                "report the number that the run prints",
            ),
        };
        let mut finding = claim_finding(context, &RULE, judgement, claim, message, help);
        if judgement.cause == Cause::TestsFailed {
            finding.severity = Severity::Error;
        }
        finding
    });
    findings.collect()
}
