//! Two or more parallel agents claimed; one was dispatched.

use crate::model::finding::{Finding, Severity};
use crate::rules::evidence::{claim_finding, claimed_agents, claims_with};
use crate::rules::{Check, Context, Rule};
use crate::verdict::Cause;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "claimed-single",
    family: "claims",
    severity: Severity::Error,
    summary: "several parallel agents claimed, but only one was dispatched",
    document: include_str!("claimed_single.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let findings = claims_with(context, &[Cause::Single]).map(|(judgement, claim)| {
        let message = format!("claimed {} in parallel; one was dispatched", claimed_agents(judgement));
        claim_finding(context, &RULE, judgement, claim, message, "dispatch one agent for each piece of work, all in one response")
    });
    findings.collect()
}
