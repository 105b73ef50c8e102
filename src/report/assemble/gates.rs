//! Gates, from what ran to the report.

use super::super::v1;
use crate::model::gate::{Bound, Captured, GateRun, GateStatus, GatesRun};
use crate::model::mark::Mark;
use std::time::Duration;

/// The gates and their summary.
pub fn gates(run: &GatesRun) -> (Vec<v1::Gate>, v1::GatesSummary) {
    let wall = run.wall.as_secs_f64();
    let (critical_gates, critical_resource) = match &run.bound {
        Bound::Chain(names) => (names.clone(), None),
        Bound::Resource(name) => (Vec::new(), Some(name.clone())),
    };
    let summary = v1::GatesSummary {
        wall: seconds(run.wall),
        work: seconds(run.work),
        critical_path: seconds(run.critical_path),
        effective_concurrency: super::short((wall > 0.0 && !run.work.is_zero()).then(|| run.work.as_secs_f64() / wall)),
        critical_gates,
        critical_resource,
        signal: run.signal,
    };
    (run.gates.iter().map(gate).collect(), summary)
}

fn gate(gate: &GateRun) -> v1::Gate {
    let processes = gate.leak.iter().flat_map(|leak| &leak.processes);
    v1::Gate {
        name: gate.name.clone(),
        status: gate.status,
        exit_code: gate.exit_code,
        signal: gate.signal,
        why: gate.why.clone(),
        started: super::stamp(gate.started),
        wall: gate.wall.map(seconds),
        cpu: gate.cpu.map(seconds),
        peak_memory: gate.peak_memory,
        attempts: gate.attempts,
        cached: gate.cached,
        command: gate.command.clone(),
        location: location(&gate.mark),
        needs: gate.needs.clone(),
        resources: gate.resources.clone(),
        expected: gate.expected.map(seconds),
        uncalled: gate.uncalled,
        again: gate.again.clone(),
        left_behind: processes.map(|process| v1::Process { pid: process.pid, command: process.command.clone() }).collect(),
        output: is_told(gate).then(|| output(&gate.output)),
    }
}

/// Whether what a gate printed belongs to the report: it did not simply pass.
fn is_told(gate: &GateRun) -> bool {
    match gate.status {
        GateStatus::Failed | GateStatus::Timeout | GateStatus::Unavailable | GateStatus::Leaked => true,
        GateStatus::Cancelled => gate.output.total() > 0,
        GateStatus::Passed | GateStatus::Skipped | GateStatus::Planned => false,
    }
}

/// Where nothing lies between them, beginning and end are one text: they may meet within a character.
fn output(captured: &Captured) -> v1::GateOutput {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (head, tail) = match captured.omitted {
        0 => (text(&[captured.head.as_slice(), &captured.tail].concat()), String::new()),
        _ => (text(&captured.head), text(&captured.tail)),
    };
    v1::GateOutput {
        head,
        tail,
        omitted: captured.omitted,
        bytes: captured.total(),
        file: captured.file.clone(),
        file_error: captured.file_error.clone(),
    }
}

fn location(mark: &Mark) -> v1::Location {
    let known = |number: u64| (number > 0).then_some(number);
    v1::Location {
        path: mark.path.to_string(),
        path_encoded: false,
        line: known(mark.line),
        column: known(mark.column),
        end_line: None,
        end_column: known(mark.end_column),
    }
}

/// With three decimals.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests;
