//! What would run, in which order, and why.

use super::super::line::{Line, Page, Role};
use super::{command, name, role};
use crate::model::gate::GateStatus;
use crate::report::gates::wording::{Ending, duration, seconds, sign};
use crate::report::text;
use crate::report::v1::Gate;
use std::io::Result;

/// Writes a row for each gate: those that would run in the order of their start, then those that would not.
pub(super) fn write(page: &mut Page, gates: &[Gate]) -> Result<()> {
    let (planned, skipped): (Vec<&Gate>, Vec<&Gate>) = gates.iter().partition(|gate| gate.status == GateStatus::Planned);
    let label = gates.iter().map(|gate| text::columns(&name(page, gate))).max().unwrap_or(0);
    let times: Vec<String> = planned.iter().map(|gate| expected(page, gate)).collect();
    let clock = times.iter().map(|time| text::columns(time)).max().unwrap_or(0);
    let digits = planned.len().to_string().len();
    for (index, (gate, time)) in planned.iter().zip(&times).enumerate() {
        let number = format!("  {:>digits$}  ", index + 1);
        let time = format!("{}{time}", " ".repeat(clock - text::columns(time)));
        let head = Line::new()
            .add(Role::Faint, number)
            .add(Role::Strong, text::pad(&name(page, gate), label))
            .add(Role::Plain, format!("  {time}  "));
        page.put_folded(head, Role::Plain, &reason(gate), 6)?;
        if page.style.verbose {
            command(page, digits + 4, &gate.command)?;
        }
    }
    for gate in &skipped {
        let sign = format!("  {:>digits$}  ", sign(gate.status, page.style.unicode));
        let head = Line::new().add(role(gate.status), sign).add(Role::Plain, format!("{}  ", text::pad(&name(page, gate), label)));
        page.put_folded(head, Role::Faint, &Ending::from(*gate).sentence(), 4)?;
    }
    Ok(())
}

fn expected(page: &Page, gate: &Gate) -> String {
    gate.expected.map_or_else(|| page.sign("–", "-").to_owned(), |expected| duration(seconds(expected)))
}

/// `src/a.rs changed; needs fmt; holds cargo-target`.
fn reason(gate: &Gate) -> String {
    let mut parts: Vec<String> = gate.why.iter().map(|why| why.trim().to_owned()).filter(|why| !why.is_empty()).collect();
    if !gate.needs.is_empty() {
        parts.push(format!("needs {}", gate.needs.join(", ")));
    }
    if !gate.resources.is_empty() {
        parts.push(format!("holds {}", gate.resources.join(", ")));
    }
    parts.join("; ")
}
