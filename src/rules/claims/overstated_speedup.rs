//! A speed-up claimed above what the intervals allow.

use crate::model::finding::{Finding, Severity};
use crate::rules::evidence::{claim_finding, claims_with};
use crate::rules::{Check, Context, Rule};
use crate::verdict::Cause;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "overstated-speedup",
    family: "claims",
    severity: Severity::Warning,
    summary: "a speed-up claimed above the effective concurrency",
    document: include_str!("overstated_speedup.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let findings = claims_with(context, &[Cause::TooFast]).map(|(judgement, claim)| {
        let claimed = judgement.facts.speedup.map_or_else(|| "a speed-up".to_owned(), |factor| format!("{factor}x faster"));
        let message = format!("claimed {claimed}; {}", judgement.why);
        claim_finding(context, &RULE, judgement, claim, message, "leave the number out, or take it from the measured run times")
    });
    findings.collect()
}
