//! The gates of a run, each with what it took, what it printed and how to run it again.

use super::findings;
use super::lead::Lead;
use crate::model::gate::GateStatus;
use crate::report::gates::block::Kept;
use crate::report::gates::output::Show;
use crate::report::gates::wording::{Ending, bytes, signal_name, warned};
use crate::report::html::table::{Head, number, table, words};
use crate::report::html::words::{NOTHING, lines, location, seconds, shown};
use crate::report::v1::{Gate, GateOutput, GatesSummary, Report};
use maud::{Markup, html};

const HEADS: [Head; 5] = [words("Gate"), words("How it ended"), number("Time"), number("Processor"), number("Memory")];
/// Characters of one output; what is kept of it is bounded already.
const MOST: usize = 100_000;

/// The section of the gates; nothing where there are none.
pub(super) fn gates(report: &Report) -> Markup {
    let gates = report.gates.as_deref().unwrap_or_default();
    let rows = html! { @for (index, gate) in gates.iter().enumerate() { (row(gate, index)) } };
    html! {
        @if report.gates.is_some() {
            section #gates aria-labelledby="gates-name" {
                h2 #gates-name { "Gates" }
                @if let Some(summary) = &report.gates_summary { (sum(gates, summary, Lead::of(report) == Lead::Gates)) }
                figure.picture #picture-gates data-gates="" hidden { figcaption { "When each gate ran. The table below says the same." } }
                @if Lead::of(report) == Lead::Gates { (findings::findings(report)) }
                (table("gates", "Gates", &HEADS, gates.len(), &rows))
            }
        }
    }
}

/// What the run took. What leads the page has its times beside the verdict.
fn sum(gates: &[Gate], summary: &GatesSummary, leads: bool) -> Markup {
    html! {
        dl.facts {
            @if !leads { div title="from the start of the first to the end of the last" { dt { "Wall time" } dd { (seconds(summary.wall)) } } }
            div title="the run times of all gates together, without waits between attempts" { dt { "Work" } dd { (seconds(summary.work)) } }
            @if let Some(resource) = &summary.critical_resource {
                div title="what these gates share, so that only so many of them can run at once" {
                    dt { "Bounded by the resource" } dd { (shown(resource)) ", " (seconds(summary.critical_path)) }
                }
            }
            @if !summary.critical_gates.is_empty() { (chain(gates, summary)) }
            @if let Some(signal) = summary.signal { div { dt { "Interrupted by" } dd { (signal_name(signal)) } } }
        }
    }
}

/// The gates that had to run one after another: nothing but they can make the run faster. The longest one is named.
fn chain(gates: &[Gate], summary: &GatesSummary) -> Markup {
    let critical = gates.iter().filter(|gate| summary.critical_gates.contains(&gate.name));
    let longest = critical.max_by(|one, other| one.wall.unwrap_or_default().total_cmp(&other.wall.unwrap_or_default()));
    html! {
        div title="gates that waited for each other and together took longest: the run cannot be faster than they are" {
            dt { "Critical path" }
            dd { (shown(&summary.critical_gates.join(" → "))) ", " (seconds(summary.critical_path)) }
        }
        @if let Some((gate, wall)) = longest.filter(|_| summary.critical_gates.len() > 1).and_then(|gate| Some((gate, gate.wall?))) {
            div { dt { "Longest of them" } dd { (shown(&gate.name)) ", " (seconds(wall)) } }
        }
    }
}

fn row(gate: &Gate, index: usize) -> Markup {
    let ending = Ending::from(gate);
    let time = |time: Option<f64>| html! { td.n data-value=[time] { (time.map_or_else(|| NOTHING.to_owned(), seconds)) } };
    html! {
        // The picture leads here.
        tr id={ "gate-" (index) } {
            td { b { (shown(&gate.name)) } }
            td {
                span class={ "sign " (tone(gate)) } { (ending.sign(true)) " " (gate.status.word()) }
                @if let Some(told) = told(gate, &ending.sentence()) { small { (shown(told)) } }
                (behind(gate))
            }
            (time(gate.wall))
            (time(gate.cpu))
            td.n data-value=[gate.peak_memory] { (gate.peak_memory.map_or_else(|| NOTHING.to_owned(), bytes)) }
        }
    }
}

/// What a sign and the columns of times do not say already.
fn told<'t>(gate: &Gate, sentence: &'t str) -> Option<&'t str> {
    let is_plain = gate.status == GateStatus::Passed && gate.attempts <= 1 && !gate.cached && gate.why.is_none();
    let rest = sentence.strip_prefix(gate.status.word()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(sentence);
    (!is_plain && rest != gate.status.word()).then_some(rest)
}

fn tone(gate: &Gate) -> &'static str {
    match warned(gate.status, gate.attempts) {
        GateStatus::Passed => "ok",
        GateStatus::Failed | GateStatus::Timeout | GateStatus::Unavailable => "error",
        GateStatus::Leaked => "warning",
        GateStatus::Skipped | GateStatus::Cancelled | GateStatus::Planned => "faint",
    }
}

/// What stands behind a gate's name. What it printed is open where it failed: that is what a reader looks for.
fn behind(gate: &Gate) -> Markup {
    html! {
        @if let Some(output) = &gate.output {
            details open[gate.status.is_failure()] { summary { "Output, " (bytes(output.bytes)) } (printed(output)) }
        }
        details {
            summary { "Command" }
            dl.behind {
                dt { "Command" } dd { (lines(&gate.command, MOST)) }
                @if !gate.again.trim().is_empty() { dt { "Again with" } dd { (lines(&gate.again, MOST)) } }
                dt { "Defined in" } dd { (location(&gate.location)) }
                @if gate.attempts > 1 { dt { "Attempts" } dd { (gate.attempts) } }
                @if !gate.needs.is_empty() { dt { "Needs" } dd { (shown(&gate.needs.join(", "))) } }
                @if !gate.resources.is_empty() { dt { "Holds" } dd { (shown(&gate.resources.join(", "))) } }
                @if let Some(expected) = gate.expected { dt { "Took before" } dd { (seconds(expected)) } }
                @if !gate.left_behind.is_empty() {
                    dt { "Left behind" }
                    dd { ul { @for process in &gate.left_behind { li { (process.pid) " " (shown(&process.command)) } } } }
                }
            }
        }
    }
}

/// What a gate printed, as a terminal would show it in the end.
fn printed(output: &GateOutput) -> Markup {
    const ESCAPED: &str = "\\u{3a}:";
    let mut shown = Kept::from(output).lines(Show { unicode: true, colour: false });
    // No runner reads a page: a `::` at the beginning of a line stays what it was, as in findings.
    if !output.head.contains(ESCAPED) && !output.tail.contains(ESCAPED) {
        shown.iter_mut().for_each(|line| *line = line.replacen(ESCAPED, "::", 1));
    }
    html! { @if shown.is_empty() { p { "It printed nothing that can be seen." } } @else { (lines(&shown.join("\n"), MOST)) } }
}
