//! Gates for people: what ended how, failures in full, the command to repeat one alone, the sum of it.

mod list;
mod sum;

pub(super) use sum::sum;

use super::line::{Line, Page, Role};
use crate::model::gate::GateStatus;
use crate::report::gates::LONGEST_NAME;
use crate::report::gates::block::Kept;
use crate::report::gates::output::Show;
use crate::report::gates::wording::{Ending, bytes, duration, news, seconds, sign, warned};
use crate::report::text;
use crate::report::v1::{Gate, Report};
use std::io::Result;

/// Of more gates than these, those that passed and those that were skipped are only counted.
const MOST_FOLDED: usize = 40;
/// Names beside which others stand in columns are padded to no more than this; longer ones stand out.
const WIDEST_COLUMN: usize = 32;
/// What was left behind beyond these is only counted.
const MOST_PROCESSES: usize = 8;
/// Columns before the lines of a block.
const INDENT: usize = 4;

/// Whether the report is about a run or a list of gates.
pub(super) fn are_there(report: &Report) -> bool {
    report.gates_summary.is_some() && report.gates.as_ref().is_some_and(|gates| !gates.is_empty())
}

/// Writes the gates of a report, or their list where they were only listed; nothing where there are none.
///
/// The sum of `paralint gates` comes after everything else, from the summary.
pub(super) fn write(page: &mut Page, report: &Report) -> Result<()> {
    let gates = report.gates.as_deref().unwrap_or_default();
    if !are_there(report) {
        return Ok(());
    }
    page.space();
    if is_list(gates) {
        list::write(page, gates)?;
    } else {
        if page.style.verbose {
            rows(page, gates)?
        } else {
            folded(page, gates)?
        }
        // What failed comes last: it is what a reader looks for from the end.
        let (failed, others): (Vec<&Gate>, Vec<&Gate>) =
            gates.iter().filter(|gate| is_told(gate)).partition(|gate| gate.status.is_failure());
        for gate in others.into_iter().chain(failed) {
            page.space();
            block(page, gate)?;
        }
    }
    if report.command == "gates" {
        return Ok(());
    }
    page.space();
    sum(page, report)
}

/// Nothing of it ran, nor had to.
fn is_list(gates: &[Gate]) -> bool {
    gates.iter().all(|gate| matches!(gate.status, GateStatus::Planned | GateStatus::Skipped))
}

/// It is listed, and has not passed already.
fn would_run(gate: &Gate) -> bool {
    gate.status == GateStatus::Planned && !gate.cached
}

/// Whether there is more to say than a sign and a time.
fn is_told(gate: &Gate) -> bool {
    match gate.status {
        GateStatus::Failed | GateStatus::Timeout | GateStatus::Unavailable | GateStatus::Leaked => true,
        GateStatus::Passed => gate.attempts > 1,
        GateStatus::Cancelled | GateStatus::Skipped | GateStatus::Planned => false,
    }
}

fn role(status: GateStatus) -> Role {
    match status {
        GateStatus::Passed => Role::Good,
        GateStatus::Failed | GateStatus::Timeout | GateStatus::Unavailable => Role::Error,
        GateStatus::Leaked => Role::Warning,
        GateStatus::Skipped | GateStatus::Cancelled | GateStatus::Planned => Role::Faint,
    }
}

/// A name that leaves room beside it.
fn name(page: &Page, gate: &Gate) -> String {
    text::fit_middle(&page.clean(&gate.name), LONGEST_NAME.min(page.width - 20), page.style.unicode).into_owned()
}

/// The width of the names' column.
fn label(page: &Page, gates: &[Gate]) -> usize {
    gates.iter().map(|gate| text::columns(&name(page, gate))).max().unwrap_or(0).min(WIDEST_COLUMN)
}

/// A name, at least as wide as its column.
fn in_column(page: &Page, gate: &Gate, label: usize) -> String {
    let name = name(page, gate);
    if text::columns(&name) > label { name } else { text::pad(&name, label) }
}

fn role_of(gate: &Gate) -> Role {
    role(warned(gate.status, gate.attempts))
}

/// All gates in as few lines as they fit into: `✓ fmt 0.4s   ✗ test 18.9s   - doc skipped`.
fn folded(page: &mut Page, gates: &[Gate]) -> Result<()> {
    let is_counted = |gate: &Gate, status: GateStatus| gates.len() > MOST_FOLDED && gate.status == status;
    let mut entries = Vec::new();
    for (status, word) in [(GateStatus::Passed, "passed"), (GateStatus::Skipped, "skipped")] {
        let counted = gates.iter().filter(|gate| is_counted(gate, status)).count();
        if counted > 0 {
            entries.push((status, format!("{counted} {word}")));
        }
    }
    for gate in gates.iter().filter(|gate| !is_counted(gate, GateStatus::Passed) && !is_counted(gate, GateStatus::Skipped)) {
        entries.push((warned(gate.status, gate.attempts), format!("{} {}", name(page, gate), Ending::from(gate).short())));
    }
    let mut line = Line::new();
    let mut taken = 0;
    for (status, words) in entries {
        let sign = sign(status, page.style.unicode);
        let columns = text::columns(sign) + 1 + text::columns(&words);
        if taken > 0 && taken + 3 + columns > page.width {
            page.put(std::mem::take(&mut line))?;
            taken = 0;
        }
        let gap = if taken > 0 { 3 } else { 2 };
        taken += gap + columns;
        line = line.add(Role::Plain, " ".repeat(gap)).add(role(status), sign).add(Role::Plain, format!(" {words}"));
    }
    page.put(line)
}

/// One gate on a line, with all that was measured.
fn rows(page: &mut Page, gates: &[Gate]) -> Result<()> {
    let label = label(page, gates);
    for gate in gates {
        let mut facts = vec![Ending::from(gate).sentence()];
        facts.extend(gate.cpu.map(|cpu| format!("processor {}", duration(seconds(cpu)))));
        facts.extend(gate.peak_memory.map(|memory| format!("memory {}", bytes(memory))));
        let head = Line::new()
            .add(Role::Plain, "  ")
            .add(role_of(gate), Ending::from(gate).sign(page.style.unicode))
            .add(Role::Plain, format!(" {}  ", in_column(page, gate, label)));
        page.put_folded(head, Role::Plain, &facts.join(", "), 4)?;
        if !gate.command.trim().is_empty() {
            command(page, label + 6, &gate.command)?;
        }
    }
    Ok(())
}

fn command(page: &mut Page, indent: usize, command: &str) -> Result<()> {
    page.put_folded(Line::new().add(Role::Plain, " ".repeat(indent)).add(Role::Faint, "$ "), Role::Faint, command, 4)
}

/// A gate in full: how it ended, how to repeat it alone, what it left behind, what it printed.
fn block(page: &mut Page, gate: &Gate) -> Result<()> {
    let head = Line::new()
        .add(Role::Plain, "  ")
        .add(role_of(gate), Ending::from(gate).sign(page.style.unicode))
        .add(Role::Strong, format!(" {}: ", name(page, gate)));
    let ending = match (gate.status, gate.attempts) {
        (GateStatus::Passed, attempts) => {
            format!("passed only at attempt {attempts}, after {}", duration(seconds(gate.wall.unwrap_or(0.0))))
        }
        _ => Ending::from(gate).sentence(),
    };
    let ending = page.clean(&ending).into_owned();
    let repeat = if gate.status.is_failure() { format!("again with: {}", page.clean(&gate.again)) } else { String::new() };
    let columns = 6 + text::columns(&name(page, gate)) + text::columns(&ending) + 2 + text::columns(&repeat);
    if repeat.is_empty() {
        page.put_hanging(head, Role::Plain, &ending, INDENT, 6)?;
    } else if columns <= page.width {
        page.put(head.add(Role::Plain, format!("{ending}, {repeat}")))?;
    } else {
        // A command is copied more easily where it has a line of its own.
        page.put_hanging(head, Role::Plain, &ending, INDENT, 6)?;
        page.put_hanging(Line::new().add(Role::Plain, " ".repeat(INDENT)), Role::Plain, &repeat, INDENT + 2, 6)?;
    }
    left_behind(page, gate)?;
    let Some(output) = gate.output.as_ref() else { return Ok(()) };
    let show = Show { unicode: page.style.unicode, colour: page.style.colour };
    let lines = news(gate.status, gate.why.as_deref(), Kept::from(output).lines(show));
    if lines.is_empty() && matches!(gate.status, GateStatus::Failed | GateStatus::Timeout) {
        return page.put(Line::new().add(Role::Faint, "    (it printed nothing)"));
    }
    lines.iter().try_for_each(|line| page.put_output(INDENT, line))
}

fn left_behind(page: &mut Page, gate: &Gate) -> Result<()> {
    for process in gate.left_behind.iter().take(MOST_PROCESSES) {
        let head = Line::new().add(Role::Warning, "    left behind").add(Role::Plain, format!(": {} ", process.pid));
        page.put_hanging(head, Role::Plain, &process.command, INDENT + 2, 2)?;
    }
    match gate.left_behind.len().saturating_sub(MOST_PROCESSES) {
        0 => Ok(()),
        more => page.put(Line::new().add(Role::Faint, format!("    {} {more} more", page.sign("…", "...")))),
    }
}
