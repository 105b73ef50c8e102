//! A phase or wave that is called complete without its gates having passed.

use crate::config::Inputs;
use crate::gates::command::again;
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{GateStatus, Origin};
use crate::rules::tell::{place, prove, show};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::gate_proof::{self, Found, Proof, Verdict, short};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "gate-skipped",
    family: "phases",
    severity: Severity::Error,
    summary: "a phase or wave that is called complete without its gates having passed",
    document: include_str!("gate_skipped.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Completions]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let proofs = gate_proof::proofs(context.completions, context.receipts, context.config, context.phases);
    proofs.iter().filter(|proof| proof.verdict == Verdict::Missing).map(|proof| finding(context, proof)).collect()
}

fn finding(context: &RepositoryContext<'_>, proof: &Proof<'_>) -> Finding {
    let Proof { completion, gate, ended, passed, .. } = proof;
    let message = format!("{} is called complete, but {gate} {}", completion.name, how(proof));
    let identity = format!("{}\n{}\n{gate}", RULE.name, completion.name);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(&completion.mark), identity);
    show(&mut finding, &completion.mark, "called complete");
    let definition = context.config.gates.iter().find(|one| one.name == *gate);
    if let Some(definition) = definition {
        show(&mut finding, &definition.mark, "has to pass for it");
    }
    prove(&mut finding, "complete", completion.name.as_str());
    prove(&mut finding, "gate", *gate);
    if let Some(tree) = &completion.tree {
        prove(&mut finding, "contents", short(&tree.0));
    }
    if let Origin::MadeHere(commit) | Origin::Elsewhere(commit) = &completion.origin {
        prove(&mut finding, "completed_in", short(commit));
    }
    if let Some(Found { receipt, gate }) = ended {
        prove(&mut finding, "ended", format!("{} at {}", gate.status.word(), receipt.at));
    }
    prove(
        &mut finding,
        "last_passed",
        match passed {
            Some(Found { receipt, .. }) => format!("{} for contents {}", receipt.at, short(&receipt.tree.0)),
            None => "never in this clone".to_owned(),
        },
    );
    finding.help = help(proof, definition.is_some_and(|gate| gate.inputs == Inputs::Index));
    finding
}

/// How the gate stands, behind its name.
fn how(proof: &Proof<'_>) -> &'static str {
    match (proof.ended.map(|found| found.gate.status), &proof.completion.origin) {
        (Some(GateStatus::Timeout), _) => "took too long for its tree",
        (Some(GateStatus::Unavailable), _) => "could not start for its tree",
        (Some(_), _) => "failed for its tree",
        (None, Origin::Untracked) => "has never passed in this clone",
        (None, _) => "has not passed for its tree",
    }
}

fn help(proof: &Proof<'_>, from_index: bool) -> String {
    let (command, name) = (again(&[], proof.gate), &proof.completion.name);
    // Of the work tree a receipt proves only what is there.
    let staged = if from_index { "" } else { " with everything staged" };
    // A phase stands on a list; a wave is complete where its file is there, or a page says so.
    let place = &proof.completion.mark.path;
    let not_so = match name.starts_with("wave-") {
        true if place.ends_with("execution-progress.md") => format!("If {name} is not complete, say so in {place}"),
        true => format!("If {name} is not complete, take {place} back"),
        false => format!("If {name} is not complete, take it off the list"),
    };
    match &proof.completion.origin {
        Origin::Change => format!("run `{command}`{staged}; when it passes, commit. {not_so}"),
        Origin::Untracked => format!("run `{command}`. {not_so}"),
        _ => format!("run `{command}`{staged}: that it passes for the present work is good enough. {not_so}"),
    }
}

#[cfg(test)]
#[path = "gate_skipped_tests.rs"]
mod tests;
