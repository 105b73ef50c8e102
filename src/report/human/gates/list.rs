//! What would run, in which order, and why.

use super::super::line::{Line, Page, Role};
use super::{command, in_column, label, role, would_run};
use crate::model::gate::GateStatus;
use crate::report::gates::wording::{Ending, duration, seconds, sign};
use crate::report::text;
use crate::report::v1::Gate;
use std::io::Result;

/// Writes a row for each gate: those that would run in the order of their start, then those that would not.
pub(super) fn write(page: &mut Page, gates: &[Gate]) -> Result<()> {
    let (planned, others): (Vec<&Gate>, Vec<&Gate>) = gates.iter().partition(|gate| would_run(gate));
    let label = label(page, gates);
    let times: Vec<String> = planned.iter().map(|gate| expected(page, gate)).collect();
    let clock = times.iter().map(|time| text::columns(time)).max().unwrap_or(0);
    let digits = planned.len().to_string().len();
    for (index, (gate, time)) in planned.iter().zip(&times).enumerate() {
        let number = format!("  {:>digits$}  ", index + 1);
        let time = format!("{}{time}", " ".repeat(clock - text::columns(time)));
        let head =
            Line::new().add(Role::Faint, number).add(Role::Strong, in_column(page, gate, label)).add(Role::Plain, format!("  {time}  "));
        page.put_folded(head, Role::Plain, &reason(gate), 6)?;
        if page.style.verbose {
            command(page, digits + 4, &gate.command)?;
        }
    }
    for gate in &others {
        let (status, sentence) = match gate.why.as_deref() {
            Some(why) if gate.cached => (GateStatus::Passed, why.to_owned()),
            _ => (gate.status, Ending::from(*gate).sentence()),
        };
        let sign = format!("  {:>digits$}  ", sign(status, page.style.unicode));
        let head = Line::new().add(role(status), sign).add(Role::Plain, format!("{}  ", in_column(page, gate, label)));
        page.put_folded(head, Role::Faint, &sentence, 4)?;
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
