//! The report as a step of GitHub Actions prints it: for people behind a wall that no command gets through, then annotations.

mod annotation;
#[cfg(test)]
mod tests;

use super::commands::token;
use super::human::{self, count};
use super::{Context, Format, text, v1};
use annotation::{Annotation, Annotations};
use std::io::{Result, Write};

/// The format.
pub const FORMAT: Format = Format { name: "github", summary: "the report for people, then annotations of a GitHub Actions run", write };

/// GitHub shows as many annotations of each kind for a step, and drops the rest without a word.
const MOST: usize = 10;

fn write(report: &v1::Report, context: &Context, out: &mut dyn Write) -> Result<()> {
    let annotations = Annotations::of(report, context);
    let text = for_people(report, context, &annotations)?;
    let token = unknown_to(&text);
    writeln!(out, "::stop-commands::{token}")?;
    out.write_all(&text)?;
    writeln!(out, "::{token}::")?;
    for kind in &annotations.kinds {
        kind.annotations.iter().take(MOST).try_for_each(|annotation| writeln!(out, "{}", annotation.command(kind.command)))?;
    }
    Ok(())
}

/// What stands between the walls: the report in words, and what has no annotation.
fn for_people(report: &v1::Report, context: &Context, annotations: &Annotations) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    human::write(report, &human::Style { colour: false, ..context.style }, &mut text)?;
    for kind in &annotations.kinds {
        let rest = kind.annotations.get(MOST..).unwrap_or_default();
        if rest.is_empty() {
            continue;
        }
        let has = if rest.len() == 1 { "has" } else { "have" };
        let number = count(rest.len() as u64, &format!("more {}", kind.one), &format!("more {}", kind.many));
        let head = format!("{number} {has} no annotation (GitHub shows {MOST} a step):");
        writeln!(text)?;
        wrapped(&head, rest, &context.style).try_for_each(|line| writeln!(text, "{line}"))?;
    }
    Ok(text)
}

/// `head` and the names of all of `rest`, on lines that break between two names; none of them acts on a runner.
fn wrapped(head: &str, rest: &[Annotation], style: &human::Style) -> impl Iterator<Item = String> {
    let mut lines = vec![head.to_owned()];
    let mut taken = text::columns(head);
    for (index, annotation) in rest.iter().enumerate() {
        let comma = if index + 1 < rest.len() { "," } else { "" };
        let piece = format!(" {}{comma}", annotation.name);
        let columns = text::columns(&piece);
        match lines.last_mut() {
            Some(line) if taken + columns <= style.width => {
                line.push_str(&piece);
                taken += columns;
            }
            _ => {
                lines.push(format!(" {piece}"));
                taken = columns + 1;
            }
        }
    }
    // Two harmless names can form a command where they meet.
    lines.into_iter().map(|line| text::powerless(&text::visible(&line)).into_owned())
}

/// A token that `text` does not hold, by chance or otherwise.
fn unknown_to(text: &[u8]) -> String {
    let mut found = token();
    while memchr::memmem::find(text, found.as_bytes()).is_some() {
        found = token();
    }
    found
}
