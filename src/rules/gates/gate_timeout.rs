//! A gate that took too long.

use super::ended::{after, finding};
use super::last_lines::last_lines;
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{GateRun, GateStatus, GatesRun};
use crate::rules::tell::prove;
use crate::rules::{Check, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "gate-timeout",
    family: "gates",
    severity: Severity::Error,
    summary: "a gate that took longer than its timeout, and was ended",
    document: include_str!("gate_timeout.md"),
    checks: &[Check::Gates(check)],
    needs: &[],
};

fn check(run: &GatesRun) -> Vec<Finding> {
    run.gates.iter().filter(|gate| gate.status == GateStatus::Timeout).map(timed_out).collect()
}

fn timed_out(gate: &GateRun) -> Finding {
    let message = format!("{} took longer than its timeout and was ended{}", gate.name, after(gate));
    let mut finding = finding(&RULE, gate, "timeout", message, "took too long");
    if let Some(expected) = gate.expected {
        prove(&mut finding, "last_time_seconds", crate::rules::evidence::rounded(expected.as_secs_f64()));
    }
    let lines = last_lines(&gate.output);
    if !lines.is_empty() {
        prove(&mut finding, "last_lines", lines);
    }
    finding.help = format!("see where it hangs with `{}`, or give it a longer `timeout`", gate.again);
    finding
}
