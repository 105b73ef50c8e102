//! Markdown to lines worth reading: fenced code, quoted lines and table rows are left out.

use std::ops::Range;

/// How a line is marked up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Markup {
    pub(super) heading: bool,
    pub(super) bullet: bool,
    pub(super) ordered: bool,
    pub(super) checkbox: bool,
}

impl Markup {
    fn any(self) -> bool {
        self.heading || self.bullet || self.ordered || self.checkbox
    }
}

/// One line, or several that are one because a sentence was wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The words of the line in bytes of the text, without its markers.
    pub(super) span: Range<usize>,
    pub(super) markup: Markup,
    /// Lines of one paragraph or list share this.
    pub(super) paragraph: usize,
}

/// Marks in front of a line that consoles put there.
const CONSOLE: &[char] = &['⏺', '●', '⎿', '├', '└', '│', '─', '▸', '▶', '»'];

/// Splits a text into the lines that are the assistant's own words.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    let mut paragraph = 0;
    let mut in_list = false;
    let mut after_blank = true;
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let line_start = start;
        start += raw.len();
        let body = raw.trim_start_matches([' ', '\t', '\u{b}', '\u{c}']);
        let indent = raw.len() - body.len();
        let tabbed = raw.starts_with('\t');
        let content = body.trim_end();
        if let Some((letter, length)) = fence {
            let run = content.chars().take_while(|other| *other == letter).count();
            if run >= length && content.trim_start_matches(letter).is_empty() {
                fence = None;
                paragraph += 1;
            }
            continue;
        }
        if let Some(opened) = opens_fence(content) {
            fence = Some(opened);
            continue;
        }
        if content.is_empty() {
            paragraph += 1;
            after_blank = true;
            continue;
        }
        if content.starts_with('>') || is_table_row(content) || content.starts_with("<!--") {
            paragraph += 1;
            after_blank = false;
            continue;
        }
        let (markup, skipped) = markers(content);
        if markup.bullet || markup.ordered || markup.checkbox {
            in_list = true;
        } else if indent == 0 {
            in_list = false;
        } else if (indent >= 4 || tabbed) && after_blank && !in_list {
            // An indented code block.
            continue;
        }
        let from = line_start + indent + skipped;
        let span = from..line_start + indent + content.len();
        if let Some(last) = found.last_mut().filter(|last| last.paragraph == paragraph && !after_blank && wraps(text, last, &span, markup))
        {
            last.span.end = span.end;
        } else if !span.is_empty() {
            found.push(Line { span, markup, paragraph });
        }
        after_blank = false;
    }
    found
}

fn opens_fence(content: &str) -> Option<(char, usize)> {
    let content = content.trim_start_matches(['-', '*', '+', ' ']);
    let letter = content.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
    let run = content.chars().take_while(|other| *other == letter).count();
    let rest = content.get(run..)?;
    (run >= 3 && !(letter == '`' && rest.contains('`'))).then_some((letter, run))
}

fn is_table_row(content: &str) -> bool {
    content.starts_with('|') || (content.ends_with('|') && content.matches('|').count() >= 2)
}

/// Reads the markers at the start of a line and says how many bytes they take.
fn markers(content: &str) -> (Markup, usize) {
    let mut markup = Markup::default();
    let mut rest = content;
    // A line has few markers; the bound keeps "- - - -" from being read for ever.
    for _ in 0..4 {
        let before = rest.len();
        if let Some(after) = strip_heading(rest) {
            markup.heading = true;
            rest = after;
        } else if let Some(after) = strip_checkbox(rest) {
            markup.checkbox = true;
            rest = after;
        } else if let Some(after) = rest.strip_prefix(['-', '*', '+', '•', '◦']).filter(|after| after.starts_with([' ', '\t'])) {
            markup.bullet = true;
            rest = after;
        } else if let Some(after) = strip_ordinal(rest) {
            markup.ordered = true;
            rest = after;
        } else if rest.starts_with(CONSOLE) {
            rest = rest.trim_start_matches(CONSOLE);
        }
        rest = rest.trim_start();
        if rest.len() == before {
            break;
        }
    }
    (markup, content.len() - rest.len())
}

fn strip_heading(rest: &str) -> Option<&str> {
    let after = rest.trim_start_matches('#');
    let level = rest.len() - after.len();
    ((1..=6).contains(&level) && after.starts_with([' ', '\t'])).then_some(after)
}

fn strip_checkbox(rest: &str) -> Option<&str> {
    ["[ ]", "[x]", "[X]", "[-]", "☐", "☑", "☒"].iter().find_map(|mark| rest.strip_prefix(mark))
}

fn strip_ordinal(rest: &str) -> Option<&str> {
    let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = rest.len() - after.len();
    let after = after.strip_prefix(['.', ')'])?;
    ((1..=3).contains(&digits) && after.starts_with([' ', '\t'])).then_some(after)
}

/// Whether a line goes on with the sentence of the line before it.
fn wraps(text: &str, last: &Line, span: &Range<usize>, markup: Markup) -> bool {
    let before = text.get(last.span.clone()).unwrap_or_default();
    let after = text.get(span.clone()).unwrap_or_default();
    let open = !before.ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '…']) && before.len() >= 30;
    open && !markup.any() && !last.markup.heading && after.starts_with(|letter: char| letter.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        lines(text).into_iter().map(|line| &text[line.span]).collect()
    }

    #[test]
    fn code_quotes_and_tables_are_left_out() {
        let text = "one\n```rust\ntwo\n```\n> three\n| four |\n~~~\n```\nfive\n~~~\nsix";
        assert_eq!(words(text), ["one", "six"]);
    }

    #[test]
    fn an_open_fence_runs_to_the_end() {
        assert_eq!(words("one\n````\n```\ntwo"), ["one"]);
    }

    #[test]
    fn markers_are_read_and_left_out() {
        let text = "## Head\n- [ ] box\n1. first\n* star";
        let found = lines(text);
        assert_eq!(words(text), ["Head", "box", "first", "star"]);
        assert!(found[0].markup.heading && found[1].markup.checkbox && found[2].markup.ordered && found[3].markup.bullet);
    }

    #[test]
    fn a_wrapped_sentence_is_one_line() {
        assert_eq!(
            words("I am about to launch all of the three\nagents in parallel.\nNext"),
            ["I am about to launch all of the three\nagents in parallel.", "Next"]
        );
    }

    #[test]
    fn indented_code_is_left_out_but_nested_lists_are_read() {
        assert_eq!(words("text\n\n    code here\n\n- item\n\n    more of it"), ["text", "item", "more of it"]);
    }
}
