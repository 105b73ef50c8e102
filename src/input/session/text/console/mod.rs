//! Consoles of Claude Code as they are pasted, and files of its `/export`, which hold the same text.
//!
//! How a console looks is known from the program's own drawing (`AgentTool`'s `UI.tsx`, as public mirrors have it) and from
//! public consoles of 0.2 to 2.1: bullets `⏺` on macOS and `●` elsewhere, `>` and since 2.1 `❯` for the user, `⎿` beneath a
//! call for what came of it. Calls of one response that start agents are drawn as one group since 2.0; before, and where the
//! detailed view is on, each stands alone with its result beneath, whether they ran together or not.
//!
//! `mark` says whose a line is, `scan` makes blocks of lines (`header` reads what stands behind a
//! bullet, `outcome` what stands beneath an agent), `tell` tells them to the builder.

mod block;
mod document;
mod header;
mod mark;
mod outcome;
mod rows;
mod scan;
mod tell;
#[cfg(test)]
mod tests;
mod tool;
mod words;

use super::builder::Builder;
use super::{Dialect, Line};
use mark::Mark;
use scan::Scanner;
use tell::Teller;
use unicode_width::UnicodeWidthStr;

/// The dialect's entry in the registry.
pub(super) const DIALECT: Dialect = Dialect { evidence, read };

/// How many lines tell whether a paste stands behind the `>` of a quotation.
const LINES_FOR_QUOTATION: usize = 400;

/// So many lines with marks leave no doubt.
const ENOUGH: u32 = 200;

/// How many lines have marks that only a console has. A document that shows one as an example is none.
fn evidence(lines: &[Line<'_>]) -> u32 {
    let quoted = is_quoted(lines);
    let marks = marks(lines, quoted);
    if marks > 0 && document::is_example(lines, quoted) { 0 } else { marks }
}

/// Whether a text shows a console, be it as an example.
pub(super) fn is_shown(lines: &[Line<'_>]) -> bool {
    marks(lines, is_quoted(lines)) > 0
}

/// Whether a text has what the user typed and several of the assistant's bullets: enough where no call is in sight.
pub(super) fn has_shape(lines: &[Line<'_>]) -> bool {
    let count = |marks: &[&str]| lines.iter().filter(|line| marks.iter().any(|mark| line.text.starts_with(mark))).take(3).count();
    count(&["⏺ "]) >= 3 && count(&["> ", "❯ "]) >= 1
}

/// How many lines have marks that only a console has. A lone bullet may be a list of any other text.
fn marks(lines: &[Line<'_>], quoted: bool) -> u32 {
    let (mut results, mut bullets) = (0u32, 0u32);
    for line in lines.iter().filter(|line| !line.text.is_ascii()) {
        let text = unquoted(&line.text, quoted);
        if text.is_empty() {
            continue;
        }
        let look = mark::look(text);
        match look.mark {
            Mark::Result => results += 1,
            Mark::Bullet if header::is_of_a_console(look.rest) => bullets += 1,
            _ => {}
        }
        if bullets > 0 && bullets + results >= ENOUGH {
            break;
        }
    }
    if bullets == 0 { 0 } else { bullets.saturating_add(results) }
}

fn read(lines: &[Line<'_>], out: &mut Builder) {
    let quoted = is_quoted(lines);
    let mut teller = Teller::new(out);
    let mut scanner = Scanner::default();
    for line in lines {
        let text = unquoted(&line.text, quoted);
        if mark::unindented(text).starts_with(['─', '╭']) {
            teller.rule(text.width());
        }
        scanner.line(line.number, text, &mut |block| teller.block(block));
    }
    scanner.finish(&mut |block| teller.block(block));
    teller.leave_all();
}

/// Whether the whole paste is a quotation: nearly all lines begin with `>`, also those that have a mark.
fn is_quoted(lines: &[Line<'_>]) -> bool {
    let (mut all, mut quoted, mut marked) = (0usize, 0usize, false);
    for line in lines.iter().map(|line| line.text.trim_start()).filter(|line| !line.is_empty()).take(LINES_FOR_QUOTATION) {
        all += 1;
        if let Some(rest) = line.strip_prefix('>') {
            quoted += 1;
            marked |= rest.trim_start().starts_with(['⏺', '●', '⎿']);
        }
    }
    marked && quoted * 10 >= all * 8
}

fn unquoted(text: &str, quoted: bool) -> &str {
    match text.trim_start().strip_prefix('>').filter(|_| quoted) {
        Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
        None => text,
    }
}
