//! Fenced code.

use super::Line;
use super::conversation;
use rustc_hash::FxHashMap;

/// A fence: its letter and its length.
pub(super) type Fence = (char, usize);

/// The fence that a line opens.
pub(super) fn opens(line: &str) -> Option<Fence> {
    let content = line.trim_start();
    let letter = content.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
    let run = content.chars().take_while(|other| *other == letter).count();
    let info = &content[run..];
    (run >= 3 && !(letter == '`' && info.contains('`'))).then_some((letter, run))
}

/// Whether a line closes a fence.
pub(super) fn closes(line: &str, (letter, length): Fence) -> bool {
    bare(line, letter).is_some_and(|run| run >= length)
}

/// How long a line is that holds nothing but the letter of a fence.
fn bare(line: &str, letter: char) -> Option<usize> {
    let content = line.trim_start().strip_prefix(letter).map(|_| line.trim())?;
    content.trim_start_matches(letter).is_empty().then_some(content.len())
}

/// Finds where code ends, and remembers where none did, so that many openings without an end are not searched again and again.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// For a letter: no fence of this length or longer closes up to that line.
    none: [Option<(usize, usize)>; 2],
}

impl Finder {
    /// The line that closes the fence which `from` opens, before the line where `bound` holds.
    pub(super) fn end(&mut self, lines: &[Line<'_>], from: usize, fence: Fence, bound: impl Fn(usize) -> bool) -> Option<usize> {
        let side = usize::from(fence.0 == '~');
        if self.none[side].is_some_and(|(length, until)| fence.1 >= length && from < until) {
            return None;
        }
        let mut longest = 0;
        let bounded = (from + 1..lines.len()).find_map(|at| match bare(&lines[at].text, fence.0) {
            Some(run) if run >= fence.1 => Some((at, true)),
            run => {
                longest = longest.max(run.unwrap_or(0));
                bound(at).then_some((at, false))
            }
        });
        if let Some((end, true)) = bounded {
            return Some(end);
        }
        // Nothing longer than the longest that was seen closes here either.
        self.none[side] = Some((longest + 1, bounded.map_or(lines.len(), |(at, _)| at)));
        None
    }
}

/// Code that shows calls: the line of its beginning and that of its end.
pub(super) fn that_show_calls(lines: &[Line<'_>]) -> FxHashMap<usize, usize> {
    let mut found = FxHashMap::default();
    let mut finder = Finder::default();
    let mut at = 0;
    while at < lines.len() {
        let end = opens(&lines[at].text).and_then(|fence| finder.end(lines, at, fence, |_| false));
        if let Some(end) = end {
            if lines[at + 1..end].iter().any(|line| conversation::shows_a_call(&line.text)) {
                found.insert(at, end);
            }
            at = end;
        }
        at += 1;
    }
    found
}

/// The lines outside of code.
pub(super) fn outside<'t, 'l>(lines: &'l [Line<'t>]) -> impl Iterator<Item = &'l Line<'t>> {
    let mut finder = Finder::default();
    let mut until = None;
    lines.iter().enumerate().filter_map(move |(at, line)| {
        if until.is_some_and(|end| at <= end) {
            return None;
        }
        until = opens(&line.text).and_then(|fence| finder.end(lines, at, fence, |_| false));
        until.is_none().then_some(line)
    })
}

/// The lines of a text that is one piece of code from its first line to its last, without the fences around it.
pub(super) fn without_wrapping<'l, 't>(lines: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let blank = |line: &Line<'_>| line.text.trim().is_empty();
    let Some(first) = lines.iter().position(|line| !blank(line)) else { return lines };
    let last = lines.iter().rposition(|line| !blank(line)).unwrap_or(first);
    let end = opens(&lines[first].text).and_then(|fence| Finder::default().end(lines, first, fence, |_| false));
    if end == Some(last) { &lines[first + 1..last] } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::session::text::lines;

    #[test]
    fn code_ends_with_a_fence_as_long_as_its_own() {
        let text = lines(b"````md\n```\na\n```\n````\nb");
        assert_eq!(opens(&text[0].text), Some(('`', 4)));
        assert_eq!(Finder::default().end(&text, 0, ('`', 4), |_| false), Some(4));
    }

    #[test]
    fn many_fences_without_an_end_are_searched_once() {
        let text = "```a\n".repeat(200_000);
        let text = lines(text.as_bytes());
        let mut finder = Finder::default();
        assert!((0..text.len()).all(|at| finder.end(&text, at, ('`', 3), |_| false).is_none()));
        let lengths = |at: usize| 3 + (200_000 - at) % 900;
        assert!((0..text.len()).all(|at| finder.end(&text, at, ('~', lengths(at)), |_| false).is_none()));
    }

    #[test]
    fn code_with_calls_is_found() {
        let text = lines(b"a\n```\n[Task 1: x]\n```\n```sh\nls\n```\n");
        assert_eq!(that_show_calls(&text), FxHashMap::from_iter([(1, 3)]));
    }
}
