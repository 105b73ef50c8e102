//! A gate that passed and still was not clean: it left something behind, or needed another attempt.

use super::ended::finding;
use super::last_lines::last_lines;
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{GateRun, GateStatus, GatesRun, Leak};
use crate::rules::tell::{count, listed, prove};
use crate::rules::{Check, Rule};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "gate-leak",
    family: "gates",
    severity: Severity::Warning,
    summary: "a gate that left processes behind, or passed only when it was tried again",
    document: include_str!("gate_leak.md"),
    checks: &[Check::Gates(check)],
    needs: &[],
};

/// As many characters of a command line as a message shows.
const COMMAND: usize = 60;

fn check(run: &GatesRun) -> Vec<Finding> {
    let mut found = Vec::new();
    for gate in &run.gates {
        // Of a gate that the run itself ended nobody expects that it tidies up.
        if !matches!(gate.status, GateStatus::Cancelled | GateStatus::Skipped | GateStatus::Planned) {
            found.extend(gate.leak.as_ref().and_then(|leak| left_behind(gate, leak)));
        }
        if gate.status.is_pass() && !gate.cached && gate.attempts > 1 {
            found.push(tried_again(gate));
        }
    }
    found
}

fn left_behind(gate: &GateRun, leak: &Leak) -> Option<Finding> {
    let name = &gate.name;
    let processes: Vec<String> = leak.processes.iter().map(|one| format!("{} (pid {})", short(&one.command), one.pid)).collect();
    let number = match processes.len() {
        1 => "1 process".to_owned(),
        number => format!("{number} processes"),
    };
    let message = match (processes.is_empty(), leak.output_held) {
        (true, false) => return None,
        (true, true) => format!("{name} left its output open: a process outside of its group may still run"),
        (false, held) => {
            let were = if processes.len() == 1 { "was" } else { "were" };
            let output = if held { "; its output stayed open: a process outside of its group may still run" } else { "" };
            format!("{name} left {number} behind, which {were} ended: {}{output}", listed(&processes))
        }
    };
    let mut finding = finding(&RULE, gate, "left behind", message, "left something behind");
    prove(&mut finding, "processes", processes.len());
    prove(&mut finding, "output_held", leak.output_held);
    finding.help = format!("let `{}` wait for what it starts, or end it", short(&gate.command));
    Some(finding)
}

fn tried_again(gate: &GateRun) -> Finding {
    let message = format!("{} passed only on attempt {}", gate.name, gate.attempts);
    let mut finding = finding(&RULE, gate, "tried again", message, "needed another attempt");
    prove(&mut finding, "failed_attempts", gate.attempts - 1);
    let lines = last_lines(&gate.output);
    if !lines.is_empty() {
        prove(&mut finding, "last_lines", lines);
    }
    let times = count((gate.attempts - 1) as usize, "time");
    finding.help = format!("it failed {times} before: find what makes it fail now and then, with `{}`", gate.again);
    finding
}

/// A command in one line, the beginning of it.
fn short(command: &str) -> String {
    let mut letters = command.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let start: String = letters.by_ref().take(COMMAND).collect();
    let more = if letters.next().is_some() { "…" } else { "" };
    let start = start.trim();
    if start.is_empty() { "?".to_owned() } else { format!("{start}{more}") }
}
