//! Some ran at once, but fewer than claimed.

use crate::model::claim::ClaimKind;
use crate::model::finding::{Finding, Severity};
use crate::rules::evidence::{claim_finding, claimed_agents, claims_with};
use crate::rules::{Check, Context, Rule};
use crate::verdict::Cause;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "claimed-count",
    family: "claims",
    severity: Severity::Warning,
    summary: "fewer agents ran at once than claimed",
    document: include_str!("claimed_count.md"),
    checks: &[Check::Session(check)],
    needs: &[],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let findings = claims_with(context, &[Cause::Fewer]).map(|(judgement, claim)| {
        let facts = &judgement.facts;
        let message = match (claim.what.kind, facts.open) {
            (ClaimKind::Present, Some(open)) => {
                format!("says that {} are running; {} at that moment", claimed_agents(judgement), were(open))
            }
            _ => format!(
                "claimed {} in parallel; {} dispatched, at most {} at once",
                claimed_agents(judgement),
                were(facts.dispatches),
                facts.peak
            ),
        };
        claim_finding(context, &RULE, judgement, claim, message, "say how many agents there are, or send all of them in one response")
    });
    findings.collect()
}

fn were(count: u32) -> String {
    match count {
        0 => "none was".to_owned(),
        1 => "one was".to_owned(),
        _ => format!("{count} were"),
    }
}
