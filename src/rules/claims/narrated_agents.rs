//! Agents claimed or role-played; none was dispatched.

use crate::model::claim::ClaimKind;
use crate::model::finding::{Finding, Severity};
use crate::rules::evidence::{claim_finding, claimed_agents, claims_with};
use crate::rules::{Check, Context, Rule};
use crate::verdict::Cause;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "narrated-agents",
    family: "claims",
    severity: Severity::Error,
    summary: "agents claimed or role-played, but none was dispatched",
    document: include_str!("narrated_agents.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let findings = claims_with(context, &[Cause::NoDispatch]).map(|(judgement, claim)| {
        let message = if claim.what.kind == ClaimKind::Roleplay {
            "speaks as an agent; none was dispatched in this turn".to_owned()
        } else {
            format!("claimed {}; none was dispatched", claimed_agents(judgement))
        };
        claim_finding(
            context,
            &RULE,
            judgement,
            claim,
            message,
            "call the tool that starts agents, or say that one assistant does all of it",
        )
    });
    findings.collect()
}
