//! A run of gates as a trace of its own.

use super::attribute::{double, flag, int, list, maybe, text};
use super::id::{Trace, Traces};
use super::span::{Nanoseconds, Span, Stream};
use crate::report::lane::moment;
use crate::report::v1::{Gate, Report};
use std::io::Result;

/// Writes those gates that have a time; nothing where none has.
pub(super) fn write(stream: &mut Stream<'_>, report: &Report, traces: &mut Traces) -> Result<()> {
    let gates = report.gates.as_deref().unwrap_or_default();
    let times: Vec<(Nanoseconds, Nanoseconds, &Gate)> = gates.iter().filter_map(timed).collect();
    let Some(start) = times.iter().map(|(start, ..)| *start).min() else { return Ok(()) };
    let last = times.iter().map(|(_, end, _)| *end).max().unwrap_or(start);
    let names: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
    let trace = traces.of(&format!("gates\0{}\0{}", start.0, names.join("\0")));
    let mut root = Span::new(trace.id, trace.span(0), "gates", (start, last));
    root.attributes.push(text("paralint.command", &report.command));
    if let Some(summary) = &report.gates_summary {
        root.attributes.extend([
            double("paralint.gates.wall", summary.wall),
            double("paralint.gates.work", summary.work),
            double("paralint.gates.critical_path", summary.critical_path),
        ]);
        if !summary.critical_gates.is_empty() {
            root.attributes.push(list("paralint.gates.critical_gates", summary.critical_gates.clone()));
        }
        root.attributes.extend(maybe("paralint.gates.critical_resource", summary.critical_resource.as_deref()));
    }
    stream.span(&root)?;
    for (index, (start, end, gate)) in times.into_iter().enumerate() {
        stream.span(&span(trace, index + 1, gate, (start, end)))?;
    }
    Ok(())
}

/// When it began and ended; where no end is known, it ends where it began.
fn timed(gate: &Gate) -> Option<(Nanoseconds, Nanoseconds, &Gate)> {
    let start = Nanoseconds::from(moment(gate.started)?);
    // A float that is too large, or no number, becomes the nearest integer.
    let length = (gate.wall.unwrap_or_default() * 1e9).round().max(0.0) as u64;
    Some((start, Nanoseconds(start.0.saturating_add(length)), gate))
}

fn span(trace: Trace, number: usize, gate: &Gate, times: (Nanoseconds, Nanoseconds)) -> Span<'_> {
    let mut span = Span::new(trace.id, trace.span(number), format!("gate {}", gate.name), times);
    span.parent_span_id = Some(trace.span(0));
    let optional = [
        gate.exit_code.map(|code| int("process.exit.code", i64::from(code))),
        gate.cpu.map(|cpu| double("paralint.gate.cpu", cpu)),
        gate.peak_memory.map(|bytes| int("paralint.gate.peak_memory", super::clamp(bytes))),
        gate.wall.is_none().then(|| text("paralint.timing", "none")),
        maybe("paralint.gate.why", gate.why.as_deref()),
        super::list("paralint.gate.needs", gate.needs.clone()),
        super::list("paralint.gate.resources", gate.resources.clone()),
    ];
    span.attributes.extend([
        text("paralint.gate.name", &gate.name),
        text("paralint.gate.status", gate.status.word()),
        text("paralint.gate.command", &gate.command),
        int("paralint.gate.attempts", i64::from(gate.attempts)),
        flag("paralint.gate.cached", gate.cached),
    ]);
    span.attributes.extend(optional.into_iter().flatten());
    if gate.status.is_failure() {
        let message = gate.why.clone().unwrap_or_else(|| format!("the gate ended as {}", gate.status.word()));
        span.fail(gate.status.word(), message);
    }
    span
}
