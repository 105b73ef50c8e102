//! Parallel agents claimed; two or more ran, never two at once.

use crate::model::finding::{Finding, Severity};
use crate::rules::evidence::{claim_finding, claimed_agents, claims_with};
use crate::rules::{Check, Context, Rule};
use crate::verdict::{Cause, Judgement};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "claimed-serial",
    family: "claims",
    severity: Severity::Error,
    summary: "parallel agents claimed, but they ran one after another",
    document: include_str!("claimed_serial.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

/// "7 ran one after another", also where the claim was taken back since.
fn reason(judgement: &Judgement) -> String {
    format!("{} ran one after another", judgement.facts.ran)
}

fn check(context: &Context<'_>) -> Vec<Finding> {
    let serial = claims_with(context, &[Cause::Serial]).map(|(judgement, claim)| {
        let message = format!("claimed {} in parallel; {}", claimed_agents(judgement), reason(judgement));
        claim_finding(context, &RULE, judgement, claim, message, "send independent calls in one response, or say that they run in turn")
    });
    let beside = claims_with(context, &[Cause::NothingBeside]).map(|(judgement, claim)| {
        let message = "claimed an agent beside its own work; it did nothing while that agent ran".to_owned();
        let help = "start the agent in the background and go on working, or say that you wait for it";
        let mut finding = claim_finding(context, &RULE, judgement, claim, message, help);
        finding.severity = finding.severity.min(Severity::Warning);
        finding
    });
    serial.chain(beside).collect()
}
