//! For `--verbose`: every claim of a session with its verdict.

use super::line::{Line, Page, Role};
use crate::model::finding::Verdict;
use crate::report::text;
use crate::report::v1::{Claim, Session};
use std::io::Result;

/// Writes the claims of `session`, in the order of the log.
pub(super) fn write(page: &mut Page, session: &Session) -> Result<()> {
    if session.claims.is_empty() {
        return page.put(Line::new().add(Role::Faint, "  no claims"));
    }
    let width = session.claims.iter().map(|claim| line_number(session, claim).len()).max().unwrap_or(0);
    for claim in &session.claims {
        write_one(page, claim, &line_number(session, claim), width)?;
    }
    Ok(())
}

/// What stands before a sentence; a store that has no lines has nothing of a use there.
fn line_number(session: &Session, claim: &Claim) -> String {
    session.line(claim.line).map(|line| format!("line {line}")).unwrap_or_default()
}

fn write_one(page: &mut Page, claim: &Claim, line: &str, width: usize) -> Result<()> {
    let (role, sign) = match claim.verdict {
        Verdict::Backed => (Role::Good, page.sign("✓", "+")),
        Verdict::Contradicted | Verdict::Unbacked => (Role::Trouble, page.sign("✗", "x")),
        Verdict::Overstated => (Role::Warning, "!"),
        Verdict::Corrected => (Role::Note, "~"),
        Verdict::Unverifiable => (Role::Note, "?"),
    };
    let unsure = if claim.certain { "" } else { " (only may be a claim)" };
    let place = if width == 0 { String::new() } else { format!("{}  ", text::pad(line, width)) };
    let head = format!("  {sign} {}  ", text::pad(claim.verdict.word(), 12));
    let indent = text::columns(&head) + text::columns(&place);
    let sentence = page.clean(claim.text.trim()).into_owned();
    let sentence = text::fit_words(&sentence, page.width.saturating_sub(indent + 2), page.style.unicode);
    page.put(Line::new().add(role, head).add(Role::Faint, place).add(Role::Plain, format!("\"{sentence}\"")))?;
    let indent_line = || Line::new().add(Role::Plain, " ".repeat(indent));
    if let Some(path) = &claim.path {
        let path = text::fit_end(&page.clean(path), page.width.saturating_sub(indent + 3), page.style.unicode).into_owned();
        page.put(indent_line().add(Role::Faint, format!("in {path}")))?;
    }
    let why = format!("{}{unsure}", claim.why.trim());
    if why.is_empty() { Ok(()) } else { page.put_folded(indent_line(), Role::Faint, why.trim(), 3) }
}
