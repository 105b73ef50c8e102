//! The report for people at a terminal: findings by session, each with the timeline that proves it, and a summary.

mod claims;
pub(super) mod clock;
mod evidence;
mod excerpt;
mod finding;
mod fold;
mod gates;
mod header;
mod line;
mod overlaps;
mod owners;
mod picture;
mod runs;
mod summary;
mod timeline;

#[cfg(test)]
mod gate_screens;
#[cfg(test)]
mod overlap_screens;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod screens;

use super::v1::{Finding, Report, Session};
use super::{Context, Format};
use crate::model::finding::Severity;
pub(crate) use evidence::{count, sentence};
use line::Page;
pub(crate) use overlaps::uncompared;
use rustc_hash::FxHashMap;
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "human",
    summary: "for people at a terminal",
    write: |report: &Report, context: &Context, out: &mut dyn Write| write(report, &context.style, out),
};

/// How the report looks. It never changes what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of a line; fewer than 60 are treated as 60.
    pub width: usize,
    /// Draw with block characters and show letters as they are; otherwise everything is ASCII.
    pub unicode: bool,
    /// Paint. Words and signs say the same without it.
    pub colour: bool,
    /// Show clean sessions, every claim with its verdict, fingerprints, and everything that was not checked.
    pub verbose: bool,
}

/// The narrowest page that is laid out; on a narrower terminal lines are longer than it.
const NARROWEST: usize = 60;
const WIDEST: usize = 120;
/// What a pipe gets.
const USUAL: usize = 80;

impl Default for Style {
    fn default() -> Style {
        Style { width: USUAL, unicode: true, colour: false, verbose: false }
    }
}

impl Style {
    /// The width for a terminal of that many columns, or for a pipe, which has none.
    pub fn width_for(columns: Option<usize>) -> usize {
        columns.map_or(USUAL, |columns| columns.clamp(NARROWEST, WIDEST))
    }
}

/// Writes `report`.
///
/// # Errors
///
/// What `out` fails with.
pub fn write(report: &Report, style: &Style, out: &mut dyn Write) -> Result<()> {
    let mut page = Page::new(style, out);
    if let Some(owned) = &report.owners {
        owners::write(&mut page, owned)?;
        return summary::write(&mut page, report);
    }
    let sessions = report.sessions.as_deref().unwrap_or_default();
    let mut drawn = finding::Drawn::default();
    let changed = changed(report);
    let overlaps = report.command == "overlap";
    if overlaps {
        overlaps::write(&mut page, report)?;
    }
    // The matrix and the list say more about overlaps than a block for each would.
    // So do the blocks of the gates about theirs.
    let of_gates = |finding: &Finding| report.gates.is_some() && finding.family == "gates";
    let told = |finding: &&Finding| (overlaps && finding.rule == "branch-overlap") || of_gates(finding);
    let elsewhere = report.findings.iter().filter(|finding| session_of(finding, sessions).is_none() && !told(finding));
    let groups = if style.verbose { elsewhere.map(|finding| vec![finding]).collect() } else { fold::folded(elsewhere) };
    for group in &groups {
        page.space();
        if let [finding] = group.as_slice() {
            let change = changed.get(finding.location.path.as_str()).copied();
            finding::write(&mut page, finding, None, change, &mut drawn)?;
            waive(&mut page, report, finding)?;
        } else {
            fold::write(&mut page, group, &mut drawn)?;
        }
    }
    for (index, session) in sessions.iter().enumerate() {
        let mut findings = report.findings.iter().filter(|finding| finding.session == Some(index)).peekable();
        if findings.peek().is_none() && !style.verbose {
            continue;
        }
        page.space();
        header::write(&mut page, session)?;
        for finding in findings {
            page.space();
            finding::write(&mut page, finding, Some(session), None, &mut drawn)?;
            waive(&mut page, report, finding)?;
        }
        if style.verbose {
            page.space();
            claims::write(&mut page, session)?;
        }
    }
    gates::write(&mut page, report)?;
    summary::write(&mut page, report)
}

fn session_of<'s>(finding: &Finding, sessions: &'s [Session]) -> Option<&'s Session> {
    sessions.get(finding.session?)
}

/// What happened to each changed file.
fn changed(report: &Report) -> FxHashMap<&str, &'static str> {
    let sets = report.changes.iter().flatten();
    sets.flat_map(|set| &set.files).map(|file| (file.path.as_str(), file.change.word())).collect()
}

/// A hook that blocks for ever gets removed: what happened cannot be edited away, so it says how it can be accepted.
fn waive(page: &mut Page, report: &Report, finding: &Finding) -> Result<()> {
    let blocks = report.command == "check" && finding.session.is_some() && finding.severity == Severity::Error;
    if !blocks || finding.fingerprint.is_empty() {
        return Ok(());
    }
    finding::reason(page, "or accept it", &format!("paralint waive {} --reason '...'", finding.fingerprint))
}

#[cfg(test)]
fn show(report: &Report, style: &Style) -> String {
    let mut out = Vec::new();
    write(report, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
