//! The hot path: is there any word in this text that a claim needs?
//!
//! Most sentences of an assistant hold no such word, and reading one costs ten times as much as looking for them. So
//! every stem has a kind, and a sentence is read only where the kinds in it can make a claim: "agents" alone can,
//! "done" only beside a word for work, "pass" only beside a word for tests or a fraction.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use super::class::Class;
use super::language;

/// What a stem stands for, as bits.
type Kinds = u8;

/// Agents, simultaneity, speed: enough on their own.
const TELLING: Kinds = 1;
/// Something passed.
const PASSED: Kinds = 2;
/// Tests, or a fraction of them.
const TESTS: Kinds = 4;
/// Something is done.
const DONE: Kinds = 8;
/// Work that can be done.
const WORK: Kinds = 16;
/// One reviewer, one planner: a claim only beside something else.
const LONE: Kinds = 32;
/// While, meanwhile.
const WHILE: Kinds = 64;

/// Whether the stems of a sentence can make a claim.
fn can_claim(kinds: Kinds) -> bool {
    let both = |one: Kinds, other: Kinds| kinds & one != 0 && kinds & other != 0;
    kinds & TELLING != 0 || both(PASSED, TESTS) || both(DONE, WORK) || both(LONE, WHILE)
}

/// How many bytes a fraction may stand away from the word that says that it passed.
const FRACTION_REACH: usize = 120;

/// Stems that no table holds as a word of its own. Capital letters of other scripts need their own entry, since only
/// ASCII letters are matched in both cases.
const STEMS: &[(&str, Kinds)] = &[
    ("agent", TELLING),
    ("parallel", TELLING),
    ("paralel", TELLING),
    ("parallèle", TELLING),
    ("simultan", TELLING),
    ("concurren", TELLING),
    ("faster", TELLING),
    ("quicker", TELLING),
    ("speedup", TELLING),
    ("speed-up", TELLING),
    ("speed up", TELLING),
    ("as fast", TELLING),
    ("half the", TELLING),
    ("half of the", TELLING),
    ("third of the", TELLING),
    ("in half", TELLING),
    ("schneller", TELLING),
    ("plus vite", TELLING),
    ("plus rapide", TELLING),
    ("más rápid", TELLING),
    ("mais rápid", TELLING),
    ("più veloc", TELLING),
    ("быстре", TELLING),
    ("倍", TELLING),
    ("빠르", TELLING),
    ("sequential", TELLING),
    ("one after", TELLING),
    ("nacheinander", TELLING),
    ("overlap", TELLING),
    ("pass", PASSED),
    ("test", TESTS),
    ("тест", TESTS | PASSED),
    ("テスト", TESTS | PASSED),
    ("테스트", TESTS | PASSED),
    ("测试", TESTS | PASSED),
    ("測試", TESTS | PASSED),
    ("complete", DONE),
    ("done", DONE),
    ("🔄", DONE),
    ("✅", DONE),
];

/// Word classes whose words are stems.
const CLASSES: &[(Class, Kinds)] = &[
    (Class::AGENT.and(Class::TOGETHER), TELLING),
    (Class::WHILE, WHILE),
    (Class::PASS.and(Class::PASSED), PASSED),
    (Class::TEST, TESTS),
    (Class::FINISHED, DONE),
    (Class::WORK, WORK),
];

/// Where the stems of a matcher stand. `None` without an automaton: then everything may matter, slower and never wrong.
fn places(matcher: &Matcher, text: &str) -> Option<Vec<(usize, Kinds)>> {
    let (matcher, kinds) = matcher.as_ref()?;
    let places = matcher.find_iter(text).map(|one| (one.start(), kinds[one.pattern().as_usize()]));
    Some(places.map(|(at, kinds)| if kinds & PASSED != 0 && has_fraction(text, at) { (at, kinds | TESTS) } else { (at, kinds) }).collect())
}

/// Whether a fraction ("81/81 passed") may stand around a place.
fn has_fraction(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    bytes[at.saturating_sub(FRACTION_REACH)..(at + FRACTION_REACH).min(bytes.len())].contains(&b'/')
}

/// All stems with their kinds.
fn stems() -> BTreeMap<String, Kinds> {
    let words = language::ALL.iter().flat_map(|language| language.words.iter());
    let from_tables = words.flat_map(|(class, words)| {
        let role = match (class.is(Class::ROLE), class.is(Class::PLURAL)) {
            (false, _) => 0,
            (true, false) => LONE,
            (true, true) => TELLING,
        };
        let kinds = CLASSES.iter().filter(|(wanted, _)| class.is(*wanted)).fold(role, |kinds, (_, kind)| kinds | kind);
        words.iter().filter(move |_| kinds != 0).map(move |word| (word.trim_matches('*'), kinds))
    });
    let mut stems: BTreeMap<String, Kinds> = BTreeMap::new();
    for (stem, kinds) in STEMS.iter().copied().chain(from_tables) {
        let mut letters = stem.chars();
        if let Some(first) = letters.next().filter(|first| first.is_lowercase() && !first.is_ascii()) {
            *stems.entry(first.to_uppercase().chain(letters).collect()).or_default() |= kinds;
        }
        *stems.entry(stem.to_owned()).or_default() |= kinds;
    }
    stems
}

/// An automaton, and the kinds of each of its stems.
type Matcher = Option<(AhoCorasick, Vec<Kinds>)>;

/// Stems of English texts.
static PLAIN: LazyLock<Matcher> = LazyLock::new(|| matcher(AhoCorasickKind::ContiguousNFA, is_plain));

/// The same, three times as fast, and five milliseconds in the making: worth it for long logs only.
static FAST: LazyLock<Matcher> = LazyLock::new(|| matcher(AhoCorasickKind::DFA, is_plain));

/// How many bytes are read before the fast automaton is made.
const WORTH_IT: usize = 512 * 1024;

/// How many bytes were read so far.
static READ: AtomicUsize = AtomicUsize::new(0);

/// All other stems; an English log never needs them.
static ACCENTED: LazyLock<Matcher> = LazyLock::new(|| matcher(AhoCorasickKind::ContiguousNFA, |stem| !is_plain(stem)));

fn matcher(kind: AhoCorasickKind, wanted: impl Fn(&str) -> bool) -> Matcher {
    let (stems, kinds): (Vec<String>, Vec<Kinds>) = stems().into_iter().filter(|(stem, _)| wanted(stem)).unzip();
    let mut builder = AhoCorasickBuilder::new();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).kind(Some(kind));
    builder.build(stems).ok().map(|matcher| (matcher, kinds))
}

/// Whether a stem stands in English texts: in ASCII letters, or an emoji.
fn is_plain(stem: &str) -> bool {
    !has_accents(stem)
}

/// Whether a text holds letters beyond ASCII: not merely dashes, quotation marks and emoji, whose first bytes are
/// E2, EF and F0.
fn has_accents(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0xC3..=0xDF | 0xE3..=0xEE))
}

/// The stems of a text, found in one pass.
pub(super) struct Stems {
    found: Option<Vec<(usize, Kinds)>>,
    next: usize,
}

impl Stems {
    pub(super) fn of(text: &str) -> Stems {
        let long = READ.fetch_add(text.len(), Ordering::Relaxed) > WORTH_IT;
        let mut found = places(if long { &FAST } else { &PLAIN }, text);
        if has_accents(text) {
            found = found.zip(places(&ACCENTED, text)).map(|(mut plain, accented)| {
                plain.extend(accented);
                plain.sort_unstable();
                plain
            });
        }
        Stems { found, next: 0 }
    }

    /// Whether anything in the text can make a claim. Lines and sentences have no more kinds than their text: that is
    /// why a text for which this is false cannot yield anything.
    pub(super) fn any(&self) -> bool {
        self.found.as_ref().is_none_or(|found| can_claim(found.iter().fold(0, |all, (_, kinds)| all | kinds)))
    }

    /// Whether the stems that begin in a span can make a claim. Spans are asked for in the order of the text.
    pub(super) fn in_span(&mut self, span: &Range<usize>) -> bool {
        let Some(found) = &self.found else { return true };
        while found.get(self.next).is_some_and(|(start, _)| *start < span.start) {
            self.next += 1;
        }
        let inside = found[self.next..].iter().take_while(|(start, _)| *start < span.end);
        can_claim(inside.fold(0, |all, (_, kinds)| all | kinds))
    }
}
