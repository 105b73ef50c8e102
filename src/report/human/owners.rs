//! Whose each path is: the word of the policy, the lines that say so, and who holds it locked.

use super::line::{Line, Page, Role};
use super::{clock, excerpt, finding};
use crate::report::lane::moment;
use crate::report::text;
use crate::report::v1::{HeldLock, Owned, Ownership, OwningBoundary, Related};
use std::io::Result;

/// More lines of a policy than these are shown on demand.
const MOST_LINES: usize = 4;

/// Writes one block for each path; what nobody owns and nothing is said of takes a line.
pub(super) fn write(page: &mut Page, owned: &[Owned]) -> Result<()> {
    if owned.is_empty() {
        return page.put(Line::new().add(Role::Good, "every tracked file has an owner"));
    }
    let widest = owned.iter().filter(|one| one.files.is_some()).map(|one| text::columns(&one.path)).max().unwrap_or(0).min(page.width / 2);
    let mut was_block = true;
    for one in owned {
        let is_block = !one.boundaries.is_empty()
            || one.shared.is_some()
            || !one.locks.is_empty()
            || !one.forbidden.is_empty()
            || !one.inside.is_empty();
        if is_block || was_block {
            page.space();
        }
        was_block = is_block;
        if is_block { block(page, one)? } else { nobodys(page, one, widest)? }
    }
    Ok(())
}

fn nobodys(page: &mut Page, one: &Owned, widest: usize) -> Result<()> {
    let line = Line::new().add(Role::Warning, "unowned").add(Role::Plain, ": ");
    let path = page.clean(&one.path).into_owned();
    let Some(files) = one.files else { return page.put(line.add(Role::Strong, path)) };
    let noun = if files == 1 { "file" } else { "files" };
    let padding = " ".repeat(widest.saturating_sub(text::columns(&path)) + 2);
    page.put(line.add(Role::Strong, path).add(Role::Faint, format!("{padding}{files} {noun}")))
}

fn block(page: &mut Page, one: &Owned) -> Result<()> {
    let (role, word) = match one.policy {
        Ownership::Owned if is_mixed(one) => (Role::Note, "mixed"),
        Ownership::Owned => (Role::Good, "owned"),
        Ownership::Shared => (Role::Note, "shared"),
        Ownership::Unowned => (Role::Warning, "unowned"),
    };
    finding::title(page, role, word, &format!("{}{}", one.path, whose(one)))?;
    let most = if page.style.verbose { usize::MAX } else { MOST_LINES };
    for boundary in one.boundaries.iter().take(most) {
        let role = if boundary.decides { role } else { Role::Faint };
        excerpt::write(page, &line(boundary, &label(boundary)), role)?;
    }
    if let Some(shared) = &one.shared {
        let message = match shared.message.as_str() {
            "common" => "common: depended on, and nobody's own".to_owned(),
            word => format!("{word}: nobody changes it while others work"),
        };
        excerpt::write(page, &Related { message, ..shared.clone() }, Role::Note)?;
    }
    if one.boundaries.len() > most {
        page.put(Line::barred().add(Role::Faint, format!("{} more boundaries (--verbose)", one.boundaries.len() - most)))?;
    }
    if !one.forbidden.is_empty() || !one.inside.is_empty() || !one.locks.is_empty() {
        page.put(Line::barred())?;
    }
    others(page, "forbidden for", &one.forbidden, most)?;
    others(page, "inside", &one.inside, most)?;
    one.locks.iter().try_for_each(|lock| self::lock(page, lock))
}

fn others(page: &mut Page, name: &str, boundaries: &[OwningBoundary], most: usize) -> Result<()> {
    for one in boundaries.iter().take(most) {
        let line = one.location.line.map_or(String::new(), |line| format!(":{line}"));
        finding::reason(page, name, &format!("{} by `{}`, {}{line}", one.name, one.pattern, one.location.path))?;
    }
    if boundaries.len() > most {
        finding::reason(page, name, &format!("{} more (--verbose)", boundaries.len() - most))?;
    }
    Ok(())
}

/// A folder that is nobody's as a whole.
fn is_mixed(one: &Owned) -> bool {
    !one.inside.is_empty() && !one.boundaries.iter().any(|boundary| boundary.decides)
}

fn whose(one: &Owned) -> String {
    if one.policy == Ownership::Owned && is_mixed(one) {
        let mut names: Vec<&str> = one.inside.iter().map(|boundary| boundary.name.as_str()).collect();
        names.dedup();
        return format!(" holds areas of {}", names.join(", "));
    }
    let deciding: Vec<&str> = one.boundaries.iter().filter(|boundary| boundary.decides).map(|boundary| boundary.name.as_str()).collect();
    match deciding.as_slice() {
        [] => String::new(),
        names => format!(" belongs to {}", names.join(" and to ")),
    }
}

fn label(boundary: &OwningBoundary) -> String {
    let who = match &boundary.owner {
        Some(owner) => format!("{}, owned by {owner}", boundary.name),
        None => format!("{}, which has no owner", boundary.name),
    };
    match (boundary.decides, boundary.only_new) {
        (true, false) => who,
        (true, true) => format!("{who} (new files only)"),
        (false, false) => format!("{who} (less specific)"),
        (false, true) => format!("{who} (new files only, less specific)"),
    }
}

fn line(boundary: &OwningBoundary, label: &str) -> Related {
    Related {
        path: boundary.location.path.clone(),
        path_encoded: boundary.location.path_encoded,
        line: boundary.location.line,
        message: label.to_owned(),
        column: boundary.location.column,
        end_column: boundary.location.end_column,
        excerpt: boundary.excerpt.clone(),
    }
}

fn lock(page: &mut Page, lock: &HeldLock) -> Result<()> {
    let since = moment(lock.since).map(clock::minute).map(|since| format!(" since {since}"));
    let age = lock.age.map(|age| format!(", {} ago", clock::duration((age * 1000.0) as i64)));
    let stale = lock.why.as_ref().map(|why| format!("; stale: {why}"));
    let extra: String = [since, age, stale].into_iter().flatten().collect();
    finding::reason(page, "locked by", &format!("{}{extra} (`{}`)", lock.agent, lock.path))
}
