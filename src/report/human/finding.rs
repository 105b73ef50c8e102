//! One finding: what is wrong, where, why we say so, and what to do.

use super::line::{Line, Page, Role};
use super::picture;
use super::runs;
use super::{evidence, excerpt};
use crate::model::claim::ClaimKind;
use crate::model::finding::Severity;
use crate::model::moment::Moment;
use crate::report::lane::moment;
use crate::report::text;
use crate::report::v1::{Claim, Dispatch, Finding, Location, Related, Session};
use std::io::Result;

/// What the last timeline showed, so that the same one is not drawn twice in a row.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    session: Option<usize>,
    dispatches: Vec<String>,
    claim: Option<Moment>,
}

const MOST_RELATED: usize = 4;

/// Writes the finding. `session` is the one that it was found in, `change` is what happened to its file.
pub(super) fn write(page: &mut Page, finding: &Finding, session: Option<&Session>, change: Option<&str>, drawn: &mut Drawn) -> Result<()> {
    write_block(page, finding, session, drawn, |page| place_of(page, &finding.location, change))
}

/// As `write`, where `place` writes the place.
pub(super) fn write_block(
    page: &mut Page,
    finding: &Finding,
    session: Option<&Session>,
    drawn: &mut Drawn,
    place: impl FnOnce(&mut Page) -> Result<()>,
) -> Result<()> {
    let claim = finding.claim.and_then(|claim| session?.claims.get(claim));
    title(page, severity_role(finding.severity), &format!("{}[{}]", finding.severity.word(), page.clean(&finding.rule)), &finding.message)?;
    excerpts(page, finding, place)?;
    page.put(Line::barred())?;
    if let Some(claim) = claim.filter(|claim| !claim.text.trim().is_empty()) {
        let sentence = page.clean(claim.text.trim()).into_owned();
        let sentence = text::fit_words(&sentence, page.width - 7, page.style.unicode);
        page.put(Line::barred().add(Role::Plain, format!("\"{sentence}\"")))?;
        page.put(Line::barred())?;
    }
    if let Some(session) = session {
        timeline(page, finding, session, claim, drawn)?;
    }
    reasons(page, finding, claim)
}

/// Where it is, and the lines that decided. A line that is the place itself is shown at once.
fn excerpts(page: &mut Page, finding: &Finding, place: impl FnOnce(&mut Page) -> Result<()>) -> Result<()> {
    let mut shown = finding.related.iter().filter(|related| related.excerpt.is_some()).peekable();
    let is_the_place = |related: &Related| related.path == finding.location.path && related.line == finding.location.line;
    if !shown.peek().is_some_and(|first| is_the_place(first)) {
        place(page)?;
        if shown.peek().is_some() {
            page.put(Line::barred())?;
        }
    }
    let most = if page.style.verbose { usize::MAX } else { MOST_RELATED };
    for related in shown.take(most) {
        excerpt::write(page, related, severity_role(finding.severity))?;
    }
    Ok(())
}

/// The first line of a block: `error[rule]: message`.
pub(super) fn title(page: &mut Page, role: Role, head: &str, message: &str) -> Result<()> {
    let head = text::fit(head, page.width / 2, page.style.unicode).into_owned();
    page.put_hanging(Line::new().add(role, head).add(Role::Strong, ": "), Role::Strong, message, 4, 4)
}

/// The second line of a block: `  --> path:line`. A path that is too long keeps its end.
pub(super) fn place(page: &mut Page, location: &Location) -> Result<()> {
    place_of(page, location, None)
}

/// As `place`, with what happened to the file: `  --> src/api.rs (deleted)`.
fn place_of(page: &mut Page, location: &Location, change: Option<&str>) -> Result<()> {
    let mut place = page.clean(&location.path).into_owned();
    for number in [location.line, location.column].into_iter().map_while(|number| number) {
        place += &format!(":{number}");
    }
    let change = change.map(|change| format!(" ({change})")).unwrap_or_default();
    let place = text::fit_end(&place, page.width - 6 - change.len(), page.style.unicode).into_owned();
    page.put(Line::new().add(Role::Gutter, "  --> ").add(Role::Plain, place).add(Role::Plain, change))
}

/// A line of reasons: `   = name: text`.
pub(super) fn reason(page: &mut Page, name: &str, body: &str) -> Result<()> {
    let head = Line::new().add(Role::Gutter, "   = ").add(Role::Strong, format!("{name}: "));
    page.put_folded(head, Role::Plain, body, 6)
}

/// The colour of a severity.
pub(super) fn severity_role(severity: Severity) -> Role {
    match severity {
        Severity::Error => Role::Error,
        Severity::Warning => Role::Warning,
        Severity::Note => Role::Note,
    }
}

/// Why there is none. How many ran at once is told by the numbers below.
fn no_timeline(session: &Session, dispatches: usize) -> String {
    let what = evidence::count(dispatches as u64, "dispatch", "dispatches");
    if session.is_text() {
        format!("no timeline: a text has no clock ({what})")
    } else {
        format!("no timeline: the log has no times for {what}")
    }
}

fn timeline(page: &mut Page, finding: &Finding, session: &Session, claim: Option<&Claim>, drawn: &mut Drawn) -> Result<()> {
    let dispatches = dispatches(finding, session, claim);
    if dispatches.is_empty() {
        return Ok(());
    }
    let at = claim.and_then(|claim| moment(claim.at));
    let ids = dispatches.iter().map(|dispatch| dispatch.id.clone()).collect();
    let this = Drawn { session: finding.session, dispatches: ids, claim: at };
    if this == *drawn {
        page.put(Line::barred().add(Role::Faint, "timeline as above"))?;
        return page.put(Line::barred());
    }
    let runs = runs::runs(&dispatches, at, picture::bar_columns(page));
    if runs.rows.is_empty() {
        page.put(Line::barred().add(Role::Faint, no_timeline(session, dispatches.len())))?;
    } else {
        picture::write(page, &runs, at)?;
    }
    *drawn = this;
    page.put(Line::barred())
}

/// What the timeline shows: what the finding names, else what the claim was held against, else what ran in its turn.
fn dispatches<'s>(finding: &Finding, session: &'s Session, claim: Option<&Claim>) -> Vec<&'s Dispatch> {
    let named = runs::find(session, &finding.dispatches);
    if !named.is_empty() {
        return named;
    }
    let Some(claim) = claim else {
        return Vec::new();
    };
    if let Some(batch) = claim.batch.and_then(|batch| session.batches.get(batch)) {
        return runs::find(session, &batch.dispatches);
    }
    // Tests and progress files say nothing of when agents ran.
    if matches!(claim.kind, ClaimKind::Tests | ClaimKind::Status) {
        return Vec::new();
    }
    session.dispatches.iter().filter(|dispatch| dispatch.turn == claim.turn).collect()
}

fn reasons(page: &mut Page, finding: &Finding, claim: Option<&Claim>) -> Result<()> {
    let evidence = evidence::sentence(&finding.evidence);
    if !evidence.is_empty() {
        reason(page, "evidence", &evidence)?;
    }
    if let Some(verdict) = finding.verdict {
        let why = claim.map(|claim| claim.why.trim()).filter(|why| !why.is_empty() && *why != finding.message);
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        reason(page, "verdict", &format!("{}{why}", verdict.word()))?;
    }
    let unsaid: Vec<&str> =
        finding.paths.iter().map(String::as_str).filter(|path| !finding.message.contains(path) && *path != finding.location.path).collect();
    if !unsaid.is_empty() {
        reason(page, "files", &unsaid.join(", "))?;
    }
    let places: Vec<&Related> = finding.related.iter().filter(|related| related.excerpt.is_none()).collect();
    let shown = if page.style.verbose { places.len() } else { MOST_RELATED };
    for related in places.iter().take(shown) {
        let line = related.line.map(|line| format!(":{line}")).unwrap_or_default();
        let place = page.clean(&related.path).into_owned() + &line;
        let place = text::fit_end(&place, page.width / 2, page.style.unicode).into_owned();
        reason(page, "see", &format!("{place}: {}", related.message))?;
    }
    if let Some(more) = places.len().checked_sub(shown).filter(|more| *more > 0) {
        reason(page, "see", &format!("{} more with --verbose", evidence::count(more as u64, "place", "places")))?;
    }
    if !finding.help.trim().is_empty() {
        reason(page, "help", &finding.help)?;
    }
    if page.style.verbose && !finding.fingerprint.is_empty() {
        reason(page, "fingerprint", &finding.fingerprint)?;
    }
    Ok(())
}
