//! The comment lines around what we add to a file, so that it can be taken away again byte for byte.

/// The line before what we added.
pub(super) const BEGIN: &str = "# paralint: begin";
/// The same, where the line above it (`#!/bin/sh`) is ours too.
pub(super) const BEGIN_WITH_LINE_ABOVE: &str = "# paralint: begin, with the line above";
/// The line after what we added.
pub(super) const END: &str = "# paralint: end";

/// The end of the lines of a text: that of its first line.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Puts lines between our marks into a text, each indented by so many spaces. `at` (bytes) is where a line starts, or the text's end.
///
/// A text without a newline at its end keeps that: our last line has none either, which tells [`without`] whose the newline was.
pub(super) fn insert(text: &str, at: usize, lines: &str, indent: usize) -> String {
    let end = line_end(text);
    let margin = " ".repeat(indent);
    let mut block = String::new();
    for line in std::iter::once(BEGIN).chain(lines.lines()).chain(std::iter::once(END)) {
        let blank = line.is_empty();
        block.extend([if blank { "" } else { &margin }, line, end]);
    }
    let (above, below) = text.split_at(at);
    if below.is_empty() && !above.is_empty() && !above.ends_with('\n') {
        return format!("{above}{end}{}", block.trim_end_matches(['\r', '\n']));
    }
    format!("{above}{block}{below}")
}

/// The text without the lines between our marks; `None` where there are none.
pub(super) fn without(text: &str) -> Option<String> {
    let mut rest = cut(text)?;
    while let Some(shorter) = cut(&rest) {
        rest = shorter;
    }
    Some(rest)
}

/// The lines within all blocks of ours, without the spaces around them.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut is_within = false;
    text.lines().map(str::trim).filter(move |line| {
        match *line {
            BEGIN | BEGIN_WITH_LINE_ABOVE => is_within = true,
            END => is_within = false,
            _ => return is_within,
        }
        false
    })
}

/// Without the first block of ours.
fn cut(text: &str) -> Option<String> {
    let mut at = 0;
    let mut above = 0;
    let mut begin = None;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        match line.trim() {
            BEGIN => begin = Some((at, line)),
            BEGIN_WITH_LINE_ABOVE => begin = Some((above, line)),
            END => {
                if let Some((start, first)) = begin {
                    return Some(between(text, start, next, first));
                }
            }
            _ => {}
        }
        above = at;
        at = next;
    }
    None
}

/// Takes a range of whole lines away, and the newline that we put before them where the last of them has none.
fn between(text: &str, start: usize, end: usize, first: &str) -> String {
    let (mut above, below) = (&text[..start], &text[end..]);
    if below.is_empty() && !text.ends_with('\n') {
        let ours = if first.ends_with("\r\n") { "\r\n" } else { "\n" };
        above = above.strip_suffix(ours).unwrap_or(above);
    }
    format!("{above}{below}")
}
