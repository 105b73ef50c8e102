//! What the pictures are drawn from: the report's timeline in small JSON, times as milliseconds from the session's start.
//!
//! Rows are arrays and every text stands once in `names`, so that a session with ten thousand tool calls stays small; what a
//! place of a row means is said here and read in `picture/model.js`, nowhere else. -1 stands for "none".
//!
//! ```text
//! names     texts, by number
//! sessions  start (milliseconds since 1970), span, peak, and
//!   lanes       [label, type, parent, depth, batch, start, end, known, trouble, status, timing, tool uses, edits, background]
//!   order       lanes from top to bottom
//!   claims      [at, verdict, text, why, agents, speedup, finding, from, to, [lanes]]
//!   calls       [lane, [2 · tool + failed, milliseconds since the previous start, duration, …]]; lane -1 is the main thread
//!   bundles     [lane, [first start, last start, calls, failed, …]]: calls of a session that is too large to draw each
//!   edits       [lane, at, path, inferred, …]
//!   collisions  [finding, severity, path, lane, at, lane, at]
//!   steps       [at, open agents, …]
//!   untimed, bundled, unmarked: calls without a time, calls in bundles, edits that are left out or have no time
//! gates     start, span, peak, wall, effective, resource, and lanes [name, status, why, start, end, critical, attempts, cached, exit, [needs]],
//!           order, steps
//! ```

mod calls;
mod gates;
mod names;
mod session;
#[cfg(test)]
mod tests;

use crate::report::v1;
use calls::Budget;
use names::Names;
use std::collections::BTreeSet;
use std::fmt::{self, Write};
use std::io::{Error, Result};

/// JSON that is safe in a script element: no `<`, `>` or `&` in it.
pub(super) fn json(report: &v1::Report) -> Result<String> {
    let mut names = Names::default();
    let mut out = String::new();
    content(report, &mut names, &mut out).map_err(Error::other)?;
    names.write(&mut out).map_err(Error::other)?;
    out.push('}');
    Ok(out)
}

/// Everything but the names, which are known only afterwards.
fn content<'r>(report: &'r v1::Report, names: &mut Names<'r>, out: &mut String) -> fmt::Result {
    let sessions = report.sessions.as_deref().unwrap_or_default();
    let told: BTreeSet<usize> = report.findings.iter().filter_map(|finding| finding.session).collect();
    let mut budget = Budget::default();
    let (first, rest): (Vec<usize>, Vec<usize>) = (0..sessions.len()).partition(|index| told.contains(index));
    // Written in the order of the report, planned in the order of interest.
    let mut plans = vec![None; sessions.len()];
    for index in first.into_iter().chain(rest) {
        if let Some((session, plan)) = sessions.get(index).zip(plans.get_mut(index)) {
            *plan = budget.plan(session);
        }
    }
    out.write_str("{\"sessions\":")?;
    list(out, sessions.iter().zip(plans).enumerate(), |out, (index, (session, plan))| {
        session::write(out, names, report, index, session, plan)
    })?;
    if let Some(gates) = &report.gates {
        out.write_str(",\"gates\":")?;
        gates::write(out, names, gates, report.gates_summary.as_ref())?;
    }
    out.write_char(',')
}

/// `[…]` with a comma between the items.
fn list<T>(out: &mut String, items: impl Iterator<Item = T>, mut item: impl FnMut(&mut String, T) -> fmt::Result) -> fmt::Result {
    out.push('[');
    for (index, each) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        item(out, each)?;
    }
    out.push(']');
    Ok(())
}

/// A list of numbers.
fn numbers(out: &mut String, numbers: impl Iterator<Item = i64>) -> fmt::Result {
    list(out, numbers, |out, number| write!(out, "{number}"))
}

/// A count as JSON has it here; one that does not fit is the largest.
fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// An index, or -1.
fn index(index: Option<usize>) -> i64 {
    index.map_or(-1, count)
}
