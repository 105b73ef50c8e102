//! A gate that failed.

use super::ended::{after, finding};
use super::last_lines::last_lines;
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{GateRun, GateStatus, GatesRun};
use crate::rules::tell::prove;
use crate::rules::{Check, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "gate-failed",
    family: "gates",
    severity: Severity::Error,
    summary: "a gate whose command did not end with exit code 0",
    document: include_str!("gate_failed.md"),
    checks: &[Check::Gates(check)],
    needs: &[],
};

fn check(run: &GatesRun) -> Vec<Finding> {
    run.gates.iter().filter(|gate| gate.status == GateStatus::Failed).map(failed).collect()
}

fn failed(gate: &GateRun) -> Finding {
    let how = match (gate.signal, gate.exit_code) {
        (Some(signal), _) => gate.why.clone().unwrap_or_else(|| format!("killed by signal {signal}")),
        (None, Some(code)) => format!("exit {code}"),
        (None, None) => gate.why.clone().unwrap_or_else(|| "it did not end well".to_owned()),
    };
    let message = format!("{} failed: {how}{}", gate.name, after(gate));
    let mut finding = finding(&RULE, gate, "failed", message, "failed");
    let lines = last_lines(&gate.output);
    if !lines.is_empty() {
        prove(&mut finding, "last_lines", lines);
    }
    finding.help = format!("mend what it reports; alone it runs with `{}`", gate.again);
    finding
}
