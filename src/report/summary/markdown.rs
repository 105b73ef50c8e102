//! Text of a log in GitHub's markdown: it reads as it is, and means nothing.

use crate::report::text;
use crate::report::{Context, v1};

/// Characters of a cell; the JSON report has longer ones as a whole.
pub(super) const CELL: usize = 600;

/// Turns the report into markdown.
#[derive(Clone, Copy)]
pub(super) struct Scribe<'r> {
    pub(super) report: &'r v1::Report,
    pub(super) context: &'r Context,
}

impl Scribe<'_> {
    /// `raw` on one line, as text that no reader of markdown takes for anything else.
    pub(super) fn text(self, raw: &str, most: usize) -> String {
        inline(&self.clean(raw, most))
    }

    /// A text of unknown origin: harmless for terminals and runners, and of at most so many characters.
    pub(super) fn clean(self, raw: &str, most: usize) -> String {
        text::shown(raw, most, self.context.style.unicode)
    }

    /// One of two signs: the second one where there is no Unicode.
    pub(super) fn sign(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.context.style.unicode { unicode } else { ascii }
    }
}

/// A row of a table, of cells that are markdown already.
pub(super) fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// What keeps two letters apart that GitHub would take for a mention, a reference or an address: a blank without a width.
const APART: &str = "&#8203;";

/// `text` as a text and nothing else.
///
/// Whatever is punctuation to markdown stands as a reference to its character, which no reader takes for syntax. Mentions,
/// references to issues, addresses and emoji are found by GitHub only behind that, in the text as people read it.
fn inline(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len() + text.len() / 4);
    for (index, letter) in letters.iter().copied().enumerate() {
        let next = letters.get(index + 1).copied();
        if is_syntax(letter) || begins_a_list(&letters, index) {
            shown.push_str(&format!("&#{};", u32::from(letter)));
        } else {
            shown.push(letter);
        }
        if acts_with(&letters[..=index], next) {
            shown.push_str(APART);
        }
    }
    shown
}

/// Punctuation that means something wherever it stands.
fn is_syntax(letter: char) -> bool {
    matches!(letter, '&' | '<' | '>' | '|' | '`' | '\\' | '*' | '_' | '[' | ']' | '~' | '$' | '!' | '#' | '@' | '"' | '\'' | '^')
}

/// What would begin a list or a heading: `-`, `+`, `=`, `1.`, `1)`.
fn begins_a_list(letters: &[char], index: usize) -> bool {
    let is_number = || index > 0 && index < 10 && letters[..index].iter().all(char::is_ascii_digit);
    match letters[index] {
        '-' | '+' | '=' | ':' => index == 0,
        '.' | ')' => is_number(),
        _ => false,
    }
}

/// Whether GitHub gives a meaning to what ends here together with what comes next.
fn acts_with(before: &[char], next: Option<char>) -> bool {
    let ends = |word: &str| {
        let start = before.len().checked_sub(word.len());
        start.is_some_and(|start| before[start..].iter().zip(word.chars()).all(|(letter, wanted)| letter.eq_ignore_ascii_case(&wanted)))
    };
    match next {
        // `@name`, `#1`, `a@b.org`: apart on both sides of the sign.
        Some(next) if ends("@") || ends("#") => !next.is_whitespace(),
        Some('@') => true,
        // `https://`, `mailto:x`, `:smile:`.
        Some(next) if ends(":") => next == '/' || next.is_alphabetic(),
        Some('.') => ends("www"),
        Some(next) => ends("GH-") && next.is_ascii_digit(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn text_stays_text() {
        assert_eq!(inline("3 agents, peak 1 (src/a-b.rs:12): 4.0 + 1"), "3 agents, peak 1 (src/a-b.rs:12): 4.0 + 1");
        assert_eq!(inline("a|b <i>"), "a&#124;b &#60;i&#62;");
        assert_eq!(inline("@me #1 x@y.z"), "&#64;&#8203;me &#35;&#8203;1 x&#8203;&#64;&#8203;y.z");
        assert_eq!(inline("https://www.x.org :bug: gh-1"), "https:&#8203;//www&#8203;.x.org :&#8203;bug: gh-&#8203;1");
        assert_eq!((inline("- x"), inline("12. x"), inline("1.5")), ("&#45; x".into(), "12&#46; x".into(), "1&#46;5".into()));
    }
}
