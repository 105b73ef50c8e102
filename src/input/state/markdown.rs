//! What pages in markdown say of waves. They are prose: what is not understood claims nothing.

use super::source::Source;
use crate::model::state::WaveState;
use regex::Regex;
use std::sync::LazyLock;

/// A line of a page.
pub(super) struct Line<'s> {
    /// Without its end.
    pub(super) text: &'s str,
    /// How far it is indented; a tab counts as four.
    pub(super) indent: usize,
}

impl<'s> Line<'s> {
    /// The level and the title of a heading.
    pub(super) fn heading(&self) -> Option<(usize, &'s str)> {
        let text = self.text.trim_start();
        let title = text.trim_start_matches('#');
        let level = text.len() - title.len();
        ((1..=6).contains(&level) && title.starts_with([' ', '\t'])).then(|| (level, title.trim()))
    }

    /// The text of a list's entry.
    pub(super) fn entry(&self) -> Option<&'s str> {
        static ENTRY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*(?:[-*+]|[0-9]{1,3}[.)])\s+(?P<text>\S.*)$").ok());
        ENTRY.as_ref()?.captures(self.text)?.name("text").map(|text| text.as_str().trim_end())
    }
}

/// The lines of a page. What stands between fences is an example, but for a page that is fenced as a whole.
pub(super) fn lines(source: &Source) -> impl Iterator<Item = Line<'_>> {
    let is_fence = |text: &str| text.trim_start().starts_with("```") || text.trim_start().starts_with("~~~");
    let wrapped = source.lines().find(|text| !text.trim().is_empty()).is_some_and(is_fence);
    let mut fenced = false;
    source.lines().filter_map(move |text| {
        if is_fence(text) {
            fenced = !fenced;
            return None;
        }
        let indent = text.chars().take_while(|letter| letter.is_whitespace()).map(|letter| if letter == '\t' { 4 } else { 1 }).sum();
        (!fenced || wrapped).then_some(Line { text, indent })
    })
}

/// A tick box at the start of an entry: ticked or not, and what stands behind it.
pub(super) fn tick(entry: &str) -> Option<(bool, &str)> {
    let rest = entry.strip_prefix('[')?;
    let mut letters = rest.chars();
    let ticked = match letters.next()? {
        ' ' => false,
        'x' | 'X' | '✓' | '✔' | '✅' => true,
        _ => return None,
    };
    Some((ticked, letters.as_str().strip_prefix(']')?.trim()))
}

/// A wave that a title or an entry is about.
pub(super) struct Named<'s> {
    /// Its number.
    pub(super) number: u32,
    /// The number as it is written.
    pub(super) digits: &'s str,
    /// What stands behind.
    pub(super) tail: &'s str,
    /// It is said what is going on, and no section of the wave begins.
    pub(super) is_status: bool,
}

/// The wave that a title is about. `Waves 1-3`, `After wave 1` and `Wave 1 and wave 2` are about none in particular.
pub(super) fn wave(title: &str) -> Option<Named<'_>> {
    static WAVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\W*(?:(?:phase|step|part)\s+[0-9]+\W+|(?P<status>(?:current\s+)?status\W+|current(?:ly)?\W+))?wave[ _-]*#?(?P<number>[0-9]{1,4})\b(?P<tail>.*)$",
        )
        .ok()
    });
    static MORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:[-–—/&+][0-9]|\s*(?:to|and|through|&|,|→)\s*(?:wave\s*)?#?[0-9])|\bwaves?[ _-]*#?[0-9]").ok()
    });
    let found = WAVE.as_ref()?.captures(title)?;
    let (digits, tail) = (found.name("number")?.as_str(), found.name("tail")?.as_str());
    let several = MORE.as_ref()?.is_match(tail);
    (!several).then_some(Named { number: digits.parse().ok()?, digits, tail, is_status: found.name("status").is_some() })
}

/// `(5 Tasks)`, `(5 Parallel Tasks)`: the number as it is written.
pub(super) fn task_count(title: &str) -> Option<&str> {
    static TASKS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)\((?P<count>[0-9]{1,4})\s+(?:parallel\s+)?(?:tasks?|agents?)\b").ok());
    TASKS.as_ref()?.captures(title)?.name("count").map(|count| count.as_str())
}

const SIGNS: &[(&[char], WaveState)] = &[(&['✅', '☑', '✔'], WaveState::Done), (&['🔄'], WaveState::Running), (&['⏸'], WaveState::Waiting)];

const WORDS: &[(&str, WaveState)] = &[
    ("not started", WaveState::Waiting),
    ("complete", WaveState::Done),
    ("completed", WaveState::Done),
    ("done", WaveState::Done),
    ("finished", WaveState::Done),
    ("in progress", WaveState::Running),
    ("running", WaveState::Running),
    ("executing", WaveState::Running),
    ("waiting", WaveState::Waiting),
    ("pending", WaveState::Waiting),
];

/// Words after which a state is none: `not complete`, `until done`.
const UNSAID: &[&str] = &[
    "not",
    "no",
    "never",
    "to",
    "be",
    "until",
    "when",
    "if",
    "almost",
    "nearly",
    "partially",
    "partly",
    "mostly",
    "half",
    "will",
    "should",
    "must",
    "before",
    "after",
    "once",
    "of",
    "only",
    "tasks",
];

/// What a line says of its wave or task: by a sign, else by words at the end of one of its parts. Two answers are none.
pub(super) fn state(text: &str) -> Option<WaveState> {
    let signs = SIGNS.iter().filter(|(signs, _)| text.contains(*signs)).map(|(_, state)| *state);
    let mut said: Vec<WaveState> = signs.collect();
    if said.is_empty() && !text.contains(['❌', '✗', '✘', '⚠']) {
        said = text
            .split([':', '(', ')', '[', ']', '—', '–', '|', ',', ';', '*'])
            .flat_map(|part| part.split(" - "))
            .filter_map(words)
            .collect();
    }
    said.dedup();
    if said.len() == 1 { said.pop() } else { None }
}

fn words(part: &str) -> Option<WaveState> {
    let plain = part.to_lowercase().replace(['_', '-'], " ");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = plain.trim_matches(|letter: char| !letter.is_alphanumeric());
    let (before, state) = WORDS.iter().find_map(|(word, state)| {
        let before = plain.strip_suffix(word)?;
        (before.is_empty() || before.ends_with(' ')).then_some((before, *state))
    })?;
    let doubted = before.contains(|letter: char| letter.is_numeric() || letter == '%');
    (!doubted && !before.split(' ').any(|word| UNSAID.contains(&word))).then_some(state)
}

/// A path that is written as one file: no pattern, no folder, no prose, and not outside.
pub(super) fn file(text: &str) -> Option<&str> {
    let path = text.trim().trim_matches(|letter| matches!(letter, '`' | '"' | '\'' | '*'));
    let name = path.rsplit('/').next()?;
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_named = !name.is_empty() && (path.contains('/') || !stem.is_empty() && (1..=10).contains(&extension.len()));
    let is_plain = !path.contains(|letter: char| letter.is_whitespace() || letter.is_control() || "*?{}[]<>|$\\()".contains(letter));
    let stays = !path.contains("://") && !path.split('/').any(|part| part == ".." || part == "...");
    (is_named && is_plain && stays && path.len() <= 1024).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_is_named_by_a_title_about_it() {
        let number = |title: &str| wave(title).map(|named| named.number);
        for (title, wanted) in [
            ("Wave 1: Domain (5 Tasks)", 1),
            ("**PHASE 3: WAVE 1 - DOMAIN FOUNDATION (5 Parallel Tasks)**", 1),
            ("Current Status: Wave 2 Executing", 2),
            ("✅ Wave 0", 0),
            ("Wave 3 - 4 tasks", 3),
        ] {
            assert_eq!(number(title), Some(wanted), "{title}");
        }
        for title in
            ["Waves 1-3", "Wave 1-3: all", "After Wave 1", "Waiting for Wave 1", "Wave 1 and 2", "Wave 1 → Wave 2", "microwave 3", "Wave"]
        {
            assert_eq!(number(title), None, "{title}");
        }
    }

    #[test]
    fn states_are_signs_or_last_words() {
        use WaveState::{Done, Running, Waiting};
        for (text, wanted) in [
            ("✅ Analysis Complete (2 min)", Some(Done)),
            (": Domain (5 Tasks) 🔄 (3 min)", Some(Running)),
            (" ⏸️", Some(Waiting)),
            (" Executing", Some(Running)),
            (": Domain — completed", Some(Done)),
            (": in-progress", Some(Running)),
            (": Not started", Some(Waiting)),
            (": ⏳ Pending", Some(Waiting)),
            (": 🔄 3/5 complete", Some(Running)),
            (": Complete the migration", None),
            (": not complete", None),
            (": 80% complete", None),
            (": to be done", None),
            (": ❌ done", None),
            (": 3 of 5 tasks completed", None),
            (": Domain", None),
            (": ✅ types, 🔄 rest", None),
            (": incomplete", None),
            (": done (pending)", None),
        ] {
            assert_eq!(state(text), wanted, "{text}");
        }
    }

    #[test]
    fn one_file_is_no_pattern_and_no_folder() {
        for path in ["`.claude/context/wave-execution-plan.md`", "internal/x.go", "README.md", "src/Makefile"] {
            assert!(file(path).is_some(), "{path}");
        }
        for path in
            ["internal/domain/*.go", "internal/{domain}/", "src/", "entities", "https://a.b/c.md", "../x.md", "two words.md", "e.g.", ""]
        {
            assert_eq!(file(path), None, "{path}");
        }
    }

    #[test]
    fn ticks_are_read() {
        assert_eq!(tick("[x] a"), Some((true, "a")));
        assert_eq!(tick("[ ] b"), Some((false, "b")));
        assert_eq!(tick("[link](x)"), None);
    }
}
