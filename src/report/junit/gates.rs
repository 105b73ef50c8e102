//! Gates as test cases. What a rule found about a gate is told in the gate's case, so that nothing counts twice.

use super::rules::describe;
use super::text::Lines;
use super::{Names, case, fails, skipped, told};
use crate::model::gate::GateStatus;
use crate::report::gates::output::{self, Show};
use crate::report::reasons::gate_of;
use crate::report::v1::{Finding, Gate, Report};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// So many lines of what a gate printed are shown from the beginning, and so many from the end.
const HEAD: usize = 200;
const TAIL: usize = 800;

/// The suite; its name tells it from the rules of the family `gates`.
pub(super) fn suite(report: &Report, gates: &[Gate]) -> TestSuite {
    let mut found: Vec<Vec<&Finding>> = vec![Vec::new(); gates.len()];
    for finding in &report.findings {
        if let Some(index) = gate_of(report, finding) {
            found[index].push(finding);
        }
    }
    let mut suite = TestSuite::new("gate runs");
    let mut names = Names::default();
    for (gate, found) in gates.iter().zip(found) {
        let name = names.unique(&gate.name, || gate.name.clone());
        suite.add_test_case(gate_case(report, gate, &found, &name));
    }
    if let Some(wall) = report.gates_summary.as_ref().and_then(|summary| duration(summary.wall)) {
        suite.set_time(wall);
    }
    suite
}

fn gate_case(report: &Report, gate: &Gate, found: &[&Finding], name: &str) -> TestCase {
    let failing = found.iter().find(|finding| fails(report, finding.severity));
    let message = failing.or(found.first()).map_or_else(|| ending(gate), |finding| finding.message.clone());
    let status = match gate.status {
        GateStatus::Unavailable => told(NonSuccessKind::Error, gate.status.word(), &message, facts(report, gate, found)),
        GateStatus::Failed | GateStatus::Timeout => told(NonSuccessKind::Failure, gate.status.word(), &message, facts(report, gate, found)),
        _ if failing.is_some() => told(NonSuccessKind::Failure, gate.status.word(), &message, facts(report, gate, found)),
        GateStatus::Passed | GateStatus::Leaked => TestCaseStatus::success(),
        GateStatus::Skipped | GateStatus::Cancelled | GateStatus::Planned => skipped(&ending(gate)),
    };
    let mut lines = if matches!(status, TestCaseStatus::NonSuccess { .. }) { Lines::default() } else { facts(report, gate, found) };
    printed(gate, &mut lines);
    let mut case = case(name, "paralint.gate", status, lines);
    if let Some(wall) = gate.wall.and_then(duration) {
        case.set_time(wall);
    }
    case
}

/// How it ended, in a few words.
fn ending(gate: &Gate) -> String {
    let word = gate.status.word();
    match (&gate.why, gate.exit_code, gate.signal) {
        (Some(why), ..) => format!("{word}: {why}"),
        (None, _, Some(signal)) => format!("{word}: signal {signal}"),
        (None, Some(code), None) => format!("{word}: exit code {code}"),
        (None, None, None) => word.to_owned(),
    }
}

fn facts(report: &Report, gate: &Gate, found: &[&Finding]) -> Lines {
    let mut lines = Lines::default();
    for finding in found {
        lines.add(&format!("{} ({})", finding.rule, finding.severity.word()), Some(&finding.message));
        describe(report, finding, &mut lines);
    }
    lines.add("gate", Some(&ending(gate)));
    lines.add("command", Some(&gate.command));
    lines.add("again", Some(&gate.again));
    lines.add("defined at", Some(&super::place(&gate.location)));
    if gate.cached {
        lines.push("it passed before for the same tree, and did not run again");
    }
    if gate.attempts > 1 {
        lines.add("attempts", Some(&gate.attempts.to_string()));
    }
    for process in &gate.left_behind {
        lines.add("left behind", Some(&format!("pid {}: {}", process.pid, process.command)));
    }
    lines
}

/// What it printed: as a terminal would show it, bounded.
fn printed(gate: &Gate, lines: &mut Lines) {
    let Some(output) = gate.output.as_ref().filter(|output| output.bytes > 0) else { return };
    let show = Show { unicode: true, colour: false };
    let mut shown = output::lines(output.head.as_bytes(), show);
    if output.omitted > 0 {
        shown.push(format!("... ({} more bytes)", output.omitted));
        shown.extend(output::lines(output.tail.as_bytes(), show));
    }
    lines.push("output:");
    let left_out = shown.len().saturating_sub(HEAD + TAIL);
    for (index, line) in shown.iter().enumerate() {
        match index.checked_sub(HEAD) {
            Some(0) if left_out > 0 => lines.push(&format!("... ({left_out} more lines)")),
            Some(behind) if behind < left_out => {}
            _ => lines.push(line),
        }
    }
    lines.add("all of it is in", output.file.as_deref());
    lines.add("it could not be kept", output.file_error.as_deref());
}

fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}
