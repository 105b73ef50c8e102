//! The hot path: is there any word in this text that a claim needs?

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use super::class::Class;
use super::language;

/// One of these is in every claim and every denial. Capital letters of other scripts need their own entry, since only
/// ASCII letters are matched in both cases.
const STEMS: &[&str] = &[
    "agent",
    "parallel",
    "paralel",
    "parallèle",
    "simultan",
    "concurren",
    "faster",
    "quicker",
    "speedup",
    "speed-up",
    "speed up",
    "as fast",
    "half the",
    "half of the",
    "third of the",
    "in half",
    "pass",
    "tests",
    "green",
    "complete",
    "done",
    "schneller",
    "plus vite",
    "plus rapide",
    "más rápid",
    "mais rápid",
    "più veloc",
    "быстре",
    "Быстре",
    "тест",
    "Тест",
    "倍",
    "テスト",
    "테스트",
    "빠르",
    "测试",
    "測試",
    "🔄",
    "✅",
    "one after",
    "sequential",
    "nacheinander",
    "saved",
];

/// The stems and every agent noun and word of simultaneity of every language, those left out that hold another one.
fn stems() -> Vec<String> {
    let telling = Class::AGENT | Class::ROLE | Class::TOGETHER;
    let words = language::ALL.iter().flat_map(|language| language.words.iter());
    let nouns = words.filter(|(class, _)| class.is(telling)).flat_map(|(_, words)| words.iter().copied());
    let mut stems: Vec<&str> = STEMS.iter().copied().chain(nouns.map(|word| word.trim_matches('*'))).collect();
    stems.sort_by_key(|stem| (stem.len(), *stem));
    let mut kept: Vec<String> = Vec::new();
    for stem in stems {
        if !kept.iter().any(|shorter| stem.contains(shorter.as_str())) {
            let mut letters = stem.chars();
            if let Some(first) = letters.next().filter(|first| first.is_lowercase() && !first.is_ascii()) {
                kept.push(first.to_uppercase().chain(letters).collect());
            }
            kept.push(stem.to_owned());
        }
    }
    kept
}

static MATCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(stems())
        .ok()
});

/// Whether the text holds a stem. The reader asks this of every sentence too, and reads no sentence without one: that
/// is why a text without a stem cannot yield anything.
pub(super) fn has_stem(text: &str) -> bool {
    // Without a matcher everything may matter: slower, never wrong.
    MATCHER.as_ref().is_none_or(|matcher| matcher.is_match(text))
}
