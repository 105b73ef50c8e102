//! The end of the report: how much was looked at, what was found, and what could not be checked.

use super::Style;
use super::evidence::count;
use super::finding;
use super::gates;
use super::line::{Line, Page, Role};
use crate::model::finding::Verdict;
use crate::model::session::{Status, Timing};
use crate::report::text;
use crate::report::v1::{Error, Finding, NotChecked, Report, Session};
use std::io::Result;

const MOST_NOT_CHECKED: usize = 5;
/// As many lines an entry may take, or one more than what it is about needs.
const MOST_LINES: usize = 3;

/// Columns of `not checked: `.
const HEAD: usize = 13;

/// What is too long for the last line, or said by the findings; `--verbose` shows it.
const DETAILS_ELSEWHERE: [&str; 5] = ["parallel work", "waves", "overlap", "limits", "boundaries"];

/// Writes the summary.
pub(super) fn write(page: &mut Page, report: &Report) -> Result<()> {
    page.space();
    if let Some(error) = &report.error {
        // A state file that cannot be used stands above as a finding, with its line.
        let told = |finding: &Finding| finding.rule == "invalid-state" && finding.location.path == place_of(error);
        if report.findings.iter().any(told) {
            let message = format!("{} cannot be used, see above", place_of(error));
            finding::title(page, Role::Error, "error", &message)?;
        } else {
            failure(page, error)?;
        }
        page.space();
    }
    if report.command == "gates" && gates::are_there(report) {
        return after_gates(page, report);
    }
    // After an error, "nothing to report" would read like a pass; who owns what is an answer and no verdict.
    if report.owners.is_none() && (report.error.is_none() || !report.findings.is_empty()) {
        verdict(page, report)?;
    }
    if page.style.verbose || report.command != "audit" {
        checked(page, report)?;
    }
    not_checked(page, report)
}

/// The sum of the gates is the last line, and says how many failed; findings of other kinds are counted before it.
fn after_gates(page: &mut Page, report: &Report) -> Result<()> {
    if report.findings.iter().any(|finding| finding.family != "gates") {
        verdict(page, report)?;
    } else {
        set_aside(page, report)?;
    }
    if page.style.verbose {
        checked(page, report)?;
    }
    not_checked(page, report)?;
    page.space();
    gates::sum(page, report)
}

fn place_of(error: &Error) -> &str {
    error.location.as_ref().map_or("", |location| location.path.as_str())
}

/// Why the run could not do what it had to.
fn failure(page: &mut Page, error: &Error) -> Result<()> {
    finding::title(page, Role::Error, "error", &error.message)?;
    if let Some(location) = &error.location {
        finding::place(page, location)?;
    }
    if let Some(hint) = error.hint.as_deref().filter(|hint| !hint.trim().is_empty()) {
        page.put_folded(Line::new().add(Role::Gutter, "  = ").add(Role::Strong, "help: "), Role::Plain, hint, 6)?;
    }
    Ok(())
}

fn verdict(page: &mut Page, report: &Report) -> Result<()> {
    let found = report.summary;
    let mut counts = Vec::new();
    for (number, one, many) in [(found.error, "error", "errors"), (found.warning, "warning", "warnings"), (found.note, "note", "notes")] {
        if number > 0 {
            counts.push(count(number, one, many));
        }
    }
    let nothing = counts.is_empty();
    let counts = if nothing { String::from("nothing to report") } else { counts.join(", ") };
    let role = match found {
        _ if nothing => Role::Good,
        found if found.error > 0 => Role::Error,
        found if found.warning > 0 => Role::Warning,
        _ => Role::Note,
    };
    let subject = subject(report);
    let open = open(report.sessions.as_deref().unwrap_or_default());
    if text::columns(&subject) + 2 + text::columns(&counts) > page.width {
        page.put_hanging(Line::new(), Role::Plain, &format!("{subject}: {counts}"), 2, 4)?;
    } else {
        let line = Line::new().add(Role::Plain, format!("{subject}: ")).add(role, counts.clone());
        let whole = text::columns(&subject) + 2 + text::columns(&counts) + 1 + text::columns(&open);
        if open.is_empty() || whole > page.width {
            page.put(line)?;
        } else {
            page.put(line.add(Role::Plain, format!(" {open}")))?;
            return set_aside(page, report);
        }
    }
    if !open.is_empty() {
        page.put_hanging(Line::new().add(Role::Plain, "  "), Role::Plain, &open, 3, 3)?;
    }
    set_aside(page, report)
}

/// What the numbers are about: `1 session, 7 dispatches, 3 claims`.
fn subject(report: &Report) -> String {
    let sessions = report.sessions.as_deref().filter(|sessions| !sessions.is_empty() && report.command == "audit");
    let Some(sessions) = sessions else {
        // Gates have a line of their own.
        let is_elsewhere = |what: &str| DETAILS_ELSEWHERE.contains(&what) || what == "gates" && gates::are_there(report);
        let heads = report.checked.iter().filter(|checked| report.command != "check" || !is_elsewhere(&checked.what));
        let details: Vec<&str> = heads.map(|checked| checked.detail.as_str()).filter(|detail| !detail.is_empty()).collect();
        return match report.sessions {
            _ if !details.is_empty() => details.join(", "),
            Some(_) if report.command == "audit" => String::from("no session"),
            _ => report.command.clone(),
        };
    };
    let dispatches = sessions.iter().map(|session| session.dispatches.len() as u64).sum();
    let claims = sessions.iter().map(|session| session.claims.len() as u64).sum();
    [count(sessions.len() as u64, "session", "sessions"), count(dispatches, "dispatch", "dispatches"), count(claims, "claim", "claims")]
        .join(", ")
}

/// What the sessions leave open: `(not checked: 1 dispatch without an end)`.
fn open(sessions: &[Session]) -> String {
    // A text may print no ends at all, and its verdicts do not need them.
    let endless = sessions.iter().filter(|session| !session.is_text()).flat_map(|session| &session.dispatches);
    let endless =
        endless.filter(|dispatch| dispatch.timing == Timing::None && matches!(dispatch.status, Status::Running | Status::NoResult));
    let unverifiable = sessions.iter().flat_map(|session| &session.claims).filter(|claim| claim.verdict == Verdict::Unverifiable);
    let mut open = Vec::new();
    match endless.count() as u64 {
        0 => {}
        number => open.push(format!("{} without an end", count(number, "dispatch", "dispatches"))),
    }
    match unverifiable.count() as u64 {
        0 => {}
        number => open.push(count(number, "unverifiable claim", "unverifiable claims")),
    }
    if open.is_empty() { String::new() } else { format!("(not checked: {})", open.join(", ")) }
}

fn set_aside(page: &mut Page, report: &Report) -> Result<()> {
    let mut parts = Vec::new();
    if report.summary.suppressed > 0 {
        parts.push(format!("{} suppressed (configuration, baseline)", report.summary.suppressed));
    }
    if report.summary.waived > 0 {
        parts.push(format!("{} waived", report.summary.waived));
    }
    if parts.is_empty() { Ok(()) } else { page.put_folded(Line::new().add(Role::Plain, "set aside: "), Role::Plain, &parts.join(", "), 2) }
}

fn checked(page: &mut Page, report: &Report) -> Result<()> {
    if report.checked.is_empty() {
        return Ok(());
    }
    let part = |what: &str, detail: &str| if detail.is_empty() { what.to_owned() } else { format!("{what} ({detail})") };
    let verbose = page.style.verbose;
    let parts: Vec<String> = report.checked.iter().map(|checked| part(&checked.what, if verbose { &checked.detail } else { "" })).collect();
    page.put_folded(Line::new().add(Role::Plain, "checked: "), Role::Plain, &parts.join(", "), if verbose { usize::MAX } else { 2 })
}

/// Files that are not there say no more than their names: one line for all of them.
fn grouped(entries: &[NotChecked]) -> Vec<NotChecked> {
    let is_absent = |entry: &&NotChecked| entry.why.starts_with("no ") && entry.why.contains(".json");
    let (absent, mut others): (Vec<_>, Vec<_>) = entries.iter().partition(is_absent);
    let joined = |part: fn(&NotChecked) -> &str| absent.iter().map(|entry| part(entry)).collect::<Vec<_>>().join(", ");
    let row = NotChecked { what: joined(|entry| &entry.what), why: "their files are not there".to_owned() };
    match absent.len() {
        0 => {}
        1 => others.push(absent[0]),
        _ => others.push(&row),
    }
    others.into_iter().cloned().collect()
}

fn not_checked(page: &mut Page, report: &Report) -> Result<()> {
    let Style { verbose, unicode, .. } = *page.style;
    let grouped = grouped(&report.not_checked);
    let entries: &[NotChecked] = if verbose { &report.not_checked } else { &grouped };
    let shown = if verbose || entries.len() <= MOST_NOT_CHECKED { entries.len() } else { MOST_NOT_CHECKED - 1 };
    for entry in entries.iter().take(shown) {
        let head = Line::new().add(Role::Warning, "not checked").add(Role::Plain, ": ");
        let room = page.width - HEAD;
        // A name that is a path tells most by its end; everything else is said in whole words.
        let what = page.clean(entry.what.trim()).into_owned();
        let what = if verbose || what.contains(' ') {
            what
        } else {
            let left = room.saturating_sub(text::columns(&page.clean(&entry.why)) + 3).max(room / 2).min(room);
            text::fit_end(&what, left, unicode).into_owned()
        };
        let needed = text::fold(&what, room, room, usize::MAX, unicode).len() + 1;
        let lines = if verbose { usize::MAX } else { MOST_LINES.max(needed) };
        page.put_folded(head, Role::Plain, &format!("{what} ({})", entry.why), lines)?;
    }
    if shown < entries.len() {
        let more = entries.len() - shown;
        page.put(Line::new().add(Role::Faint, format!("{} and {more} more not checked (--verbose shows all)", page.sign("…", "..."))))?;
    }
    Ok(())
}
