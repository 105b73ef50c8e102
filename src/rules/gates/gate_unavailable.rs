//! A gate that could not start.

use super::ended::finding;
use super::last_lines::last_lines;
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{GateRun, GateStatus, GatesRun};
use crate::rules::tell::prove;
use crate::rules::{Check, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "gate-unavailable",
    family: "gates",
    severity: Severity::Error,
    summary: "a gate whose command could not start",
    document: include_str!("gate_unavailable.md"),
    checks: &[Check::Gates(check)],
    needs: &[],
};

fn check(run: &GatesRun) -> Vec<Finding> {
    run.gates.iter().filter(|gate| gate.status == GateStatus::Unavailable).map(unavailable).collect()
}

fn unavailable(gate: &GateRun) -> Finding {
    let why = gate.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    let message = format!("{} could not start{why}", gate.name);
    let mut finding = finding(&RULE, gate, "unavailable", message, "could not start");
    prove(&mut finding, "command", gate.command.as_str());
    let lines = last_lines(&gate.output);
    if !lines.is_empty() {
        prove(&mut finding, "last_lines", lines);
    }
    finding.help = format!("install what it calls, or mend its `run` and `dir`; then `{}`", gate.again);
    finding
}
