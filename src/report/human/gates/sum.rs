//! The last line: how many passed, how long it took, how much of it overlapped, and what bounds it.

use super::super::evidence::count;
use super::super::line::{Line, Page, Role};
use super::{is_list, would_run};
use crate::model::gate::GateStatus;
use crate::report::gates::wording::{duration, seconds, signal_name};
use crate::report::text;
use crate::report::v1::{Gate, GatesSummary, Report};
use std::io::Result;

/// Writes the sum: on one line, where the page is wide enough for what must be told.
pub(in super::super) fn sum(page: &mut Page, report: &Report) -> Result<()> {
    let (Some(gates), Some(summary)) = (report.gates.as_deref(), &report.gates_summary) else { return Ok(()) };
    let (role, verdict, asides) = verdict(gates, summary);
    // Of a run that was cut short the times say nothing.
    let measures = if summary.signal.is_some() { String::new() } else { measures(gates, summary) };
    let bound = if measures.is_empty() { String::new() } else { bound(page, summary) };
    let whole = |bound: &str| if measures.is_empty() { String::new() } else { format!(": {measures}{bound}") };
    let with_asides = if asides.is_empty() { verdict.clone() } else { format!("{verdict} ({asides})") };
    let width = page.width;
    let fits = |verdict: &str, rest: &str| text::columns(verdict) + text::columns(rest) <= width;
    let (verdict, told) = if fits(&with_asides, &whole("")) { (with_asides, true) } else { (verdict, asides.is_empty()) };
    if !told {
        page.put_hanging(Line::new(), Role::Plain, &asides, 2, 4)?;
    }
    match [whole(&bound), whole("")].iter().find(|rest| fits(&verdict, rest)) {
        Some(rest) => page.put(Line::new().add(role, verdict).add(Role::Plain, rest.as_str())),
        None => page.put_hanging(Line::new(), role, &format!("{verdict}{}", whole("")), 2, 4),
    }
}

/// `1 of 4 gates failed in 19.0s`, and what else became of gates: `1 cached, 1 skipped`. What nothing called for is not
/// one of the four.
fn verdict(gates: &[Gate], summary: &GatesSummary) -> (Role, String, String) {
    let number = |is: &dyn Fn(&Gate) -> bool| gates.iter().filter(|gate| is(gate)).count() as u64;
    let uncalled = number(&|gate| gate.uncalled);
    let all = gates.len() as u64 - uncalled;
    let (passed, failed) = (number(&|gate| gate.status.is_pass()), number(&|gate| gate.status.is_failure()));
    let (planned, skipped) = (number(&would_run), number(&|gate| gate.status == GateStatus::Skipped));
    let time = if summary.wall > 0.0 { format!(" in {}", duration(seconds(summary.wall))) } else { String::new() };
    let mut asides = vec![
        (number(&|gate| gate.cached), "cached"),
        (number(&|gate| gate.status == GateStatus::Leaked), "left something behind"),
        (number(&|gate| gate.status.is_pass() && gate.attempts > 1), "only after a retry"),
        (skipped, "skipped"),
        (number(&|gate| gate.status == GateStatus::Cancelled), "cancelled"),
    ];
    let (role, what) = if let Some(signal) = summary.signal {
        let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        (
            Role::Error,
            format!(
                "interrupted by {}{}: {passed} of {} passed{failed}",
                signal_name(signal),
                time.replace(" in ", " after "),
                gates_of(all)
            ),
        )
    } else if is_list(gates) {
        let cached = number(&|gate| gate.cached);
        asides.retain(|(_, word)| *word == "skipped" && planned + cached > 0);
        let has = if cached == 1 { "has" } else { "have" };
        let passed = if cached > 0 { format!(", {cached} {has} passed already") } else { String::new() };
        let what = match planned + cached {
            0 => format!("nothing to run: {} skipped", gates_of(skipped)),
            _ => format!("{} would run{passed}", gates_of(planned)),
        };
        (Role::Plain, what)
    } else if failed > 0 {
        (Role::Error, format!("{failed} of {} failed{time}", gates_of(all)))
    } else if passed < all {
        // Some were ended or held back, and none failed.
        (Role::Warning, format!("{passed} of {} passed{time}", gates_of(all)))
    } else {
        let warns = asides[1].0 + asides[2].0 + asides[4].0 > 0;
        (if warns { Role::Warning } else { Role::Good }, format!("{} passed{time}", gates_of(passed)))
    };
    let asides: Vec<String> = asides.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    (role, what, asides.join(", "))
}

fn gates_of(number: u64) -> String {
    count(number, "gate", "gates")
}

/// `38.1s of work, 2.0 at once, critical path 18.9s`; nothing where nothing ran.
fn measures(gates: &[Gate], summary: &GatesSummary) -> String {
    let mut parts = Vec::new();
    if summary.work > 0.0 {
        parts.push(format!("{} of work", duration(seconds(summary.work))));
        parts.extend(summary.effective_concurrency.filter(|_| !is_list(gates)).map(|number| format!("{number:.1} at once")));
    }
    if summary.critical_path > 0.0 {
        parts.push(format!("critical path {}", duration(seconds(summary.critical_path))));
    } else if gates.iter().any(would_run) {
        parts.push(if summary.work > 0.0 { "not all times recorded yet" } else { "no times recorded yet" }.to_owned());
    }
    parts.join(", ")
}

/// What the critical path is made of: ` (fmt, test)`, ` (resource cargo-target)`.
fn bound(page: &Page, summary: &GatesSummary) -> String {
    if summary.critical_path <= 0.0 {
        // One gate is no chain, and without times any of them could be the longest.
        let chain = if summary.critical_gates.len() > 1 { summary.critical_gates.join(", ") } else { return String::new() };
        return format!(", critical path ({})", page.clean(&chain));
    }
    let what = match &summary.critical_resource {
        Some(resource) => format!("resource {resource}"),
        None => summary.critical_gates.join(", "),
    };
    if what.is_empty() { what } else { format!(" ({})", page.clean(&what)) }
}
