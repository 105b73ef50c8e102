//! Text from a log, made fit to be shown: nothing in it acts on the terminal or on a CI runner, and it keeps to its columns.

use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a GitHub Actions runner obeys wherever it stands in a line.
///
/// Source: `ActionCommand.TryParse` of `actions/runner`, which looks for this prefix with `IndexOf`.
pub(super) const RUNNER_COMMAND: &str = "##[";

/// `text` with everything invisible or active shown as an escape such as `\u{1b}`.
///
/// That is: controls, bidirectional controls, what has no width of its own, tags, and the runner's `##[`. Line breaks and tabs become a
/// space; the two selectors between text and emoji style are left out, since they say nothing and terminals disagree about their width.
pub fn visible(text: &str) -> Cow<'_, str> {
    // Without an early end, so that many bytes are looked at in one step: almost all texts are plain ASCII.
    let is_plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if (is_plain || !text.chars().any(is_active)) && !text.contains(RUNNER_COMMAND) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\t' => shown.push(' '),
            '\u{fe0e}' | '\u{fe0f}' => {}
            '[' if shown.ends_with("##") => push_escape(&mut shown, letter),
            _ if is_active(letter) => push_escape(&mut shown, letter),
            _ => shown.push(letter),
        }
    }
    Cow::Owned(shown)
}

/// `visible(text)` in nothing but ASCII: punctuation by its nearest kin, everything else as an escape.
pub fn ascii(text: &str) -> Cow<'_, str> {
    let text = visible(text);
    if text.is_ascii() {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match ascii_kin(letter) {
            _ if letter.is_ascii() => shown.push(letter),
            Some(kin) => shown.push_str(kin),
            None => push_escape(&mut shown, letter),
        }
    }
    // A kin may have completed what `visible` had no reason to escape.
    match visible(&shown) {
        Cow::Borrowed(_) => Cow::Owned(shown),
        Cow::Owned(safer) => Cow::Owned(safer),
    }
}

/// Where `line` begins with `::`, behind nothing but blanks and what has no width: a runner takes that for a command.
///
/// Source: `ActionCommand.TryParseV2` of `actions/runner`, which trims blanks of all kinds and then asks, by the rules of the
/// culture and so blind to some characters without a width, whether the line starts with `::`.
pub fn command_at(line: &str) -> Option<usize> {
    let at = line.find(|letter: char| !letter.is_whitespace() && letter.width() != Some(0))?;
    line[at..].starts_with("::").then_some(at)
}

/// `line`, which is `visible` already, without the power that a `::` at its beginning has over a runner.
pub fn powerless(line: &str) -> Cow<'_, str> {
    match command_at(line) {
        Some(at) => Cow::Owned(format!("{}\\u{{3a}}{}", &line[..at], &line[at + 1..])),
        None => Cow::Borrowed(line),
    }
}

/// A path as it is where that cannot be misread; else in quotes, with escapes for quotes, backslashes, line breaks and tabs:
/// where it holds one of the latter, begins or ends with a blank, or looks quoted itself.
pub fn path(path: &str) -> Cow<'_, str> {
    let at_the_ends = |letter: char| path.starts_with(letter) || path.ends_with(letter);
    if !path.is_empty() && !path.contains(['\n', '\r', '\t']) && !at_the_ends(' ') && !path.starts_with('"') {
        return Cow::Borrowed(path);
    }
    let mut shown = String::with_capacity(path.len() + 8);
    shown.push('"');
    for letter in path.chars() {
        match letter {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '"' | '\\' => shown.extend(['\\', letter]),
            _ => shown.push(letter),
        }
    }
    shown.push('"');
    Cow::Owned(shown)
}

/// `text` in at most `most` characters, for readers that count those: where it is longer, it ends in an ellipsis.
pub fn clip(text: &str, most: usize, unicode: bool) -> Cow<'_, str> {
    if text.char_indices().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let ellipsis = ellipsis(most, unicode);
    let kept: String = text.chars().take(most - ellipsis.chars().count()).collect();
    Cow::Owned(format!("{}{ellipsis}", kept.trim_end()))
}

/// A text of unknown origin: harmless, on one line, without blanks around it, and of at most `most` characters.
pub fn shown(raw: &str, most: usize, unicode: bool) -> String {
    let clean = if unicode { visible(raw) } else { ascii(raw) };
    clip(clean.trim(), most, unicode).into_owned()
}

/// How many columns a terminal needs for `text`.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// `text` in at most `limit` columns: where it is longer, it ends in an ellipsis. Never splits a wide character.
pub fn fit(text: &str, limit: usize, unicode: bool) -> Cow<'_, str> {
    if columns(text) <= limit {
        return Cow::Borrowed(text);
    }
    let ellipsis = ellipsis(limit, unicode);
    let end = prefix(text, limit - columns(ellipsis));
    Cow::Owned(format!("{}{ellipsis}", &text[..end]))
}

/// As `fit`, but the middle gives: of names that are alike, the ends tell them apart.
pub fn fit_middle(text: &str, limit: usize, unicode: bool) -> Cow<'_, str> {
    if columns(text) <= limit {
        return Cow::Borrowed(text);
    }
    let ellipsis = ellipsis(limit, unicode);
    let room = limit - columns(ellipsis);
    let start = prefix(text, room.div_ceil(2));
    let end = fit_end(&text[start..], room / 2 + columns(ellipsis), unicode);
    Cow::Owned(format!("{}{end}", &text[..start]))
}

/// As `fit`, but cut between two words where that costs less than a third of the room.
pub fn fit_words(text: &str, limit: usize, unicode: bool) -> Cow<'_, str> {
    if columns(text) <= limit {
        return Cow::Borrowed(text);
    }
    let ellipsis = ellipsis(limit, unicode);
    let room = limit - columns(ellipsis);
    let end = prefix(text, room);
    let kept = &text[..end];
    let cut = match kept.rfind(' ') {
        _ if text[end..].starts_with(' ') => kept,
        Some(space) if columns(&kept[..space]) * 3 >= room * 2 => &kept[..space],
        _ => kept,
    };
    Cow::Owned(format!("{}{ellipsis}", cut.trim_end()))
}

/// As `fit`, but keeps the end: for paths, whose last parts tell them apart. Cuts before a `/` where that costs little.
pub fn fit_end(text: &str, limit: usize, unicode: bool) -> Cow<'_, str> {
    if columns(text) <= limit {
        return Cow::Borrowed(text);
    }
    let ellipsis = ellipsis(limit, unicode);
    let room = limit - columns(ellipsis);
    let mut start = text.len();
    let mut taken = 0;
    for (at, letter) in text.char_indices().rev() {
        taken += letter.width().unwrap_or(1);
        if taken > room {
            break;
        }
        start = at;
    }
    let kept = &text[start..];
    let cut = match kept.find('/') {
        Some(slash) if columns(&kept[..slash]) * 2 <= room => &kept[slash..],
        _ => kept,
    };
    Cow::Owned(format!("{ellipsis}{cut}"))
}

/// `text` followed by as many spaces as fill `limit` columns; unchanged where it is wider.
pub fn pad(text: &str, limit: usize) -> String {
    let missing = limit.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// `text` on lines of at most `first` columns (the first one) and `rest` columns (the others), broken between words.
///
/// At most `lines` of them; the last one ends in an ellipsis where something is left.
pub fn fold(text: &str, first: usize, rest: usize, lines: usize, unicode: bool) -> Vec<String> {
    let mut folded = Vec::new();
    let mut left = text.trim();
    loop {
        let room = if folded.is_empty() { first } else { rest };
        if folded.len() + 1 >= lines || columns(left) <= room {
            folded.push(fit_words(left, room, unicode).into_owned());
            return folded;
        }
        let end = prefix(left, room);
        let cut = match left[..end].rfind(' ') {
            _ if left[end..].starts_with(' ') => end,
            Some(space) if space > 0 => space,
            // A single character wider than the room must still be got past.
            _ => end.max(left.chars().next().map_or(0, char::len_utf8)),
        };
        folded.push(fit(left[..cut].trim_end(), room, unicode).into_owned());
        left = left[cut..].trim_start();
    }
}

/// The sign for what was cut off, shortened where even that has no room.
fn ellipsis(limit: usize, unicode: bool) -> &'static str {
    match (unicode, limit) {
        (_, 0) => "",
        (true, _) => "…",
        (false, 1) => ".",
        (false, 2) => "..",
        (false, _) => "...",
    }
}

/// The byte at which the longest beginning of `text` ends that needs at most `limit` columns.
///
/// Adds up single characters, which never comes to less than what the whole string needs.
fn prefix(text: &str, limit: usize) -> usize {
    let mut taken = 0;
    // Marks without a width could follow one letter without end; nobody can read more than a few.
    let most = limit.saturating_mul(4);
    for (count, (at, letter)) in text.char_indices().enumerate() {
        taken += letter.width().unwrap_or(1);
        if taken > limit || count >= most {
            return at;
        }
    }
    text.len()
}

fn push_escape(shown: &mut String, letter: char) {
    // Writing to a string cannot fail.
    let _ = write!(shown, "\\u{{{:x}}}", u32::from(letter));
}

/// Whether `letter` acts on a terminal or hides in it.
fn is_active(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// What stands for `letter` where only ASCII is at hand.
fn ascii_kin(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => " ",
        '‘' | '’' | '‚' | '‹' | '›' | '′' => "'",
        '“' | '”' | '„' | '«' | '»' | '″' => "\"",
        '‐' | '‑' | '‒' | '–' | '−' | '─' | '━' => "-",
        '—' | '―' => "--",
        '…' => "...",
        '•' | '·' | '∙' | '●' | '⏺' | '▪' => "*",
        '→' | '➜' | '➡' => "->",
        '←' => "<-",
        '⇒' => "=>",
        '↔' => "<->",
        '×' | '✕' | '✖' | '✗' | '✘' | '❌' => "x",
        '✓' | '✔' | '✅' | '☑' => "[ok]",
        '⚠' => "[!]",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '≈' => "~",
        '±' => "+-",
        '│' | '┃' => "|",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ascii, clip, columns, command_at, fit, fit_end, fit_middle, fit_words, fold, pad, path, powerless, visible};
    use proptest::prelude::*;

    #[test]
    fn names_of_a_family_stay_apart() {
        assert_eq!(fit_middle("a-rather-long-name-15", 12, true), "a-rath…me-15");
        assert_eq!(fit_middle("a-rather-long-name-16", 12, false), "a-rat...e-16");
        assert_eq!(fit_middle("short", 5, true), "short");
        assert_eq!((fit_middle("short", 1, true), fit_middle("short", 0, true)), ("…".into(), "".into()));
        for limit in 0..50 {
            let cut = fit_middle("漢字漢字漢字a/漢字漢字漢字漢字漢字漢字漢字", limit, true).into_owned();
            assert!(columns(&cut) <= limit, "{limit}: {cut}");
        }
    }

    #[test]
    fn what_acts_on_a_terminal_is_shown() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(visible("one\r\ntwo\tthree\rfour"), "one two three\\u{d}four");
        assert_eq!(visible("\u{9b}2J \u{7f} \u{202e}abc\u{2066}"), "\\u{9b}2J \\u{7f} \\u{202e}abc\\u{2066}");
        assert_eq!(visible("x\u{200b}y\u{feff}z\u{e0041}"), "x\\u{200b}y\\u{feff}z\\u{e0041}");
        assert_eq!(visible("⚠\u{fe0f} careful"), "⚠ careful");
        assert_eq!(visible("plain ünïcode 漢字"), "plain ünïcode 漢字");
    }

    #[test]
    fn a_path_that_could_be_misread_is_quoted() {
        for harmless in ["a/b.rs", "sp ace", "back\\slash", "a\"quote", "ünïcode", "-dash"] {
            assert_eq!(path(harmless), harmless);
        }
        assert_eq!(path("nl\nx\ty\r"), r#""nl\nx\ty\r""#);
        assert_eq!((path(" a"), path("a "), path("")), (r#"" a""#.into(), r#""a ""#.into(), r#""""#.into()));
        assert_eq!(path("\"a\\n\""), r#""\"a\\n\"""#);
    }

    #[test]
    fn a_runner_command_loses_its_power() {
        assert_eq!(visible("see ##[add-mask]secret"), "see ##\\u{5b}add-mask]secret");
        assert_eq!(visible("##\u{fe0f}[error]"), "##\\u{5b}error]");
        assert_eq!(visible("# [x] ## [y]"), "# [x] ## [y]");
    }

    #[test]
    fn a_command_at_the_beginning_of_a_line_loses_its_power() {
        assert_eq!(powerless(" \u{a0}\u{3000}::error::x"), " \u{a0}\u{3000}\\u{3a}:error::x");
        assert_eq!(powerless("\u{301}::error::x"), "\u{301}\\u{3a}:error::x");
        assert_eq!(powerless("a::b"), "a::b");
        assert_eq!((command_at(""), command_at("  "), command_at(": :"), command_at(" ::")), (None, None, None, Some(1)));
    }

    #[test]
    fn ascii_keeps_what_can_be_read() {
        assert_eq!(ascii("“I’ll launch 3 agents” — café → done…"), "\"I'll launch 3 agents\" -- caf\\u{e9} -> done...");
        assert_eq!(ascii("漢"), "\\u{6f22}");
    }

    #[test]
    fn a_cut_never_splits_a_wide_character() {
        assert_eq!(fit("漢字漢字", 5, true), "漢字…");
        assert_eq!(fit("漢字漢字", 4, true), "漢…");
        assert_eq!(fit("漢字漢字", 8, true), "漢字漢字");
        assert_eq!(fit("abcdef", 4, false), "a...");
        assert_eq!(fit("abcdef", 2, false), "..");
        assert_eq!(fit("abcdef", 0, true), "");
        assert_eq!(
            (clip("漢字漢字", 3, true), clip("漢字漢字", 4, true), clip("abc", 0, true)),
            ("漢字…".into(), "漢字漢字".into(), "".into())
        );
    }

    #[test]
    fn a_sentence_is_cut_between_words() {
        assert_eq!(fit_words("I'll use a subagent for each", 20, true), "I'll use a subagent…");
        assert_eq!(fit_words("Pneumonoultramicroscopic", 10, true), "Pneumonou…");
    }

    #[test]
    fn a_path_keeps_its_end() {
        assert_eq!(fit_end("/home/somebody/logs/deep/file.jsonl:182", 24, true), "…/deep/file.jsonl:182");
        assert_eq!(fit_end("averyveryverylongname.jsonl:182", 12, true), "…e.jsonl:182");
        assert_eq!(fit_end("a/b.jsonl:1", 24, true), "a/b.jsonl:1");
    }

    #[test]
    fn a_fold_keeps_every_word() {
        assert_eq!(fold("send the calls in one response, or say so", 14, 16, 9, true), ["send the calls", "in one response,", "or say so"]);
        assert_eq!(fold("send the calls in one response", 14, 14, 2, true), ["send the calls", "in one respon…"]);
        assert_eq!(fold("", 14, 14, 2, true), [""]);
    }

    proptest! {
        #[test]
        fn nothing_active_survives(text in "\\PC*|[\\x00-\\x7f]*|(?s:.{0,60})", limit in 0_usize..90) {
            for shown in [visible(&text), ascii(&text)] {
                prop_assert!(!shown.chars().any(super::is_active), "{shown:?}");
                prop_assert!(!shown.contains("##["));
                for cut in [fit(&shown, limit, true), fit_words(&shown, limit, true), fit_end(&shown, limit, true), fit(&shown, limit, false),
                    fit_end(&shown, limit, false)] {
                    prop_assert!(columns(&cut) <= limit, "{cut:?} in {limit}");
                }
                for line in fold(&shown, limit, limit / 2, 4, true) {
                    prop_assert!(columns(&line) <= limit);
                }
                prop_assert!(columns(&pad(&shown, limit)) >= limit);
            }
            prop_assert!(ascii(&text).is_ascii());
        }

        #[test]
        fn a_fold_loses_no_letter(words in "([a-z漢]{1,12} ?){0,20}", room in 2_usize..30) {
            let whole: String = words.split_whitespace().collect();
            let folded: String = fold(&words, room, room, usize::MAX, true).concat().split_whitespace().collect();
            prop_assert_eq!(folded, whole);
        }
    }
}
