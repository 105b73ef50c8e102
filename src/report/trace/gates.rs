//! A run of gates as a process: a track for each gate that ran.

use super::event::{Span, Stream, Track, micros};
use crate::model::gate::GateStatus;
use crate::report::lane::moment;
use crate::report::v1::{Gate, GatesSummary};
use serde::Serialize;
use std::io::Result;

#[derive(Serialize)]
struct GateArgs<'r> {
    command: &'r str,
    status: GateStatus,
    exit_code: Option<i32>,
    attempts: u32,
    needs: &'r [String],
    resources: &'r [String],
    cpu: Option<f64>,
    peak_memory: Option<u64>,
    /// One of those that bound the time of the run.
    critical: bool,
}

/// Writes those that have a time.
pub(super) fn write(stream: &mut Stream<'_>, pid: usize, gates: &[Gate], summary: Option<&GatesSummary>) -> Result<()> {
    stream.process(pid, "gates")?;
    for (index, gate) in gates.iter().enumerate() {
        let (Some(start), track) = (moment(gate.started), Track { pid, tid: index + 1 }) else { continue };
        let args = GateArgs {
            command: &gate.command,
            status: gate.status,
            exit_code: gate.exit_code,
            attempts: gate.attempts,
            needs: &gate.needs,
            resources: &gate.resources,
            cpu: gate.cpu,
            peak_memory: gate.peak_memory,
            critical: summary.is_some_and(|summary| summary.critical_gates.contains(&gate.name)),
        };
        let cat = if gate.status.is_failure() { "gate,failed" } else { "gate" };
        // A float that is too large, or no number, becomes the nearest integer.
        let dur = (gate.wall.unwrap_or_default() * 1e6).round().max(0.0) as i64;
        stream.event(&track.slice(&gate.name, cat, Span { ts: micros(start), dur }, args))?;
        stream.track(track, &gate.name, index)?;
    }
    Ok(())
}
