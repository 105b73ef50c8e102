//! The table of gates, and what bounds their run.

use super::markdown::{CELL, Scribe, row};
use super::section::Section;
use crate::model::gate::GateStatus;
use crate::report::gates::wording::{Ending, duration, seconds, signal_name};
use crate::report::reasons;
use crate::report::v1::{Gate, GatesSummary};

/// Characters of a name.
const NAME: usize = 200;
/// Gates of a critical path that are named.
const CHAIN: usize = 50;

/// One row for each gate, in the order of the configuration.
pub(super) fn sections(scribe: Scribe<'_>) -> Vec<Section> {
    let Some(gates) = scribe.report.gates.as_deref().filter(|gates| !gates.is_empty()) else { return Vec::new() };
    let rows = gates.iter().map(|gate| {
        let sign = Ending::from(gate).sign(scribe.context.style.unicode);
        let sign = if sign == "-" { String::new() } else { format!("{} ", scribe.text(sign, 1)) };
        let cached = if gate.cached { " (cached)" } else { "" };
        row(&[
            scribe.text(&gate.name, NAME),
            format!("{sign}{}{cached}", gate.status.word()),
            gate.wall.map(|wall| duration(seconds(wall))).unwrap_or_default(),
            scribe.text(&why(gate), CELL),
        ])
    });
    let head = "\n#### Gates\n\n| gate | status | time | why |\n| --- | --- | --- | --- |\n".to_owned();
    let foot = scribe.report.gates_summary.as_ref().map(|summary| bound(scribe, summary)).unwrap_or_default();
    let table = Section { head, rows: rows.collect(), foot, called: ("gate", "gates") };
    let outputs: Vec<String> = gates.iter().filter_map(|gate| printed(scribe, gate)).collect();
    let outputs = Section { head: String::new(), rows: outputs, foot: String::new(), called: ("gate's output", "gates' outputs") };
    vec![table, outputs]
}

/// The last lines of what a gate printed that failed, in a fence that none of them can end.
fn printed(scribe: Scribe<'_>, gate: &Gate) -> Option<String> {
    let lines = reasons::printed_by(gate, scribe.context.style.unicode);
    if lines.is_empty() {
        return None;
    }
    let longest = lines.iter().flat_map(|line| line.split(|letter| letter != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let name = scribe.text(&gate.name, NAME);
    Some(format!("\nThe last lines of {name}:\n\n{fence}text\n{}\n{fence}\n", lines.join("\n")))
}

/// What is to be known beside the status and the time.
fn why(gate: &Gate) -> String {
    let is_said = gate.status == GateStatus::Passed && gate.attempts <= 1 && gate.why.is_none();
    match gate.why.as_deref().map(str::trim).filter(|why| !why.is_empty()) {
        _ if is_said => String::new(),
        Some(why) if !matches!(gate.status, GateStatus::Failed | GateStatus::Timeout | GateStatus::Leaked) => why.to_owned(),
        _ => Ending::from(gate).sentence(),
    }
}

/// `9.0s in all, 14.2s of work, 1.6 at once; critical path 8.8s (fmt, test).`
fn bound(scribe: Scribe<'_>, summary: &GatesSummary) -> String {
    let mut parts = Vec::new();
    if let Some(signal) = summary.signal {
        parts.push(format!("interrupted by {}", signal_name(signal)));
    }
    if summary.work > 0.0 {
        parts.push(format!("{} in all, {} of work", duration(seconds(summary.wall)), duration(seconds(summary.work))));
        parts.extend(summary.effective_concurrency.map(|number| format!("{number:.1} at once")));
    }
    if summary.critical_path > 0.0 {
        let what = match &summary.critical_resource {
            Some(resource) => format!("resource {}", scribe.text(resource, NAME)),
            None => chain(scribe, &summary.critical_gates),
        };
        let what = if what.is_empty() { what } else { format!(" ({what})") };
        parts.push(format!("critical path {}{what}", duration(seconds(summary.critical_path))));
    }
    if parts.is_empty() { String::new() } else { format!("\nGates: {}\n", parts.join(", ")) }
}

fn chain(scribe: Scribe<'_>, gates: &[String]) -> String {
    let mut names: Vec<String> = gates.iter().take(CHAIN).map(|name| scribe.text(name, NAME)).collect();
    if let Some(more) = gates.len().checked_sub(CHAIN).filter(|more| *more > 0) {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
