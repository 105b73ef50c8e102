//! Looks words up in the tables and finds out which language a sentence is in.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use super::class::Class;
use super::language::{self, Language};
use super::token::{Kind, Lexer, Token, is_dense, split_elision};

/// What the tables say about one word or phrase.
#[derive(Debug, Clone, Copy, Default)]
struct Meaning {
    class: Class,
    value: Option<f64>,
}

/// A phrase beyond its first word.
struct Phrase {
    rest: Vec<&'static str>,
    meaning: Meaning,
}

/// One language's tables, ready to be searched.
#[derive(Default)]
struct Dictionary {
    /// Phrases by their first word, the longest first.
    phrases: FxHashMap<&'static str, Vec<Phrase>>,
    starts: Stems,
    ends: Stems,
    /// Entries of a script without blanks by their first letter, the longest first.
    dense: FxHashMap<char, Vec<(Vec<char>, Meaning)>>,
}

/// Entries that are the start or the end of a word.
#[derive(Default)]
struct Stems {
    meanings: FxHashMap<&'static str, Meaning>,
    /// The lengths that they have in bytes, ascending: no other piece of a word need be looked up.
    lengths: Vec<usize>,
}

impl Stems {
    fn insert(&mut self, stem: &'static str, meaning: Meaning) {
        self.meanings.insert(stem, meaning);
        if let Err(place) = self.lengths.binary_search(&stem.len()) {
            self.lengths.insert(place, stem.len());
        }
    }

    /// The meaning of the longest entry among the pieces of a word; `piece` cuts a piece of a length, where it can.
    fn longest<'w>(&self, piece: impl Fn(usize) -> Option<&'w str>) -> Option<Meaning> {
        self.lengths.iter().rev().filter_map(|length| piece(*length)).find_map(|piece| self.meanings.get(piece).copied())
    }
}

/// The dictionaries by the index of their language. Most logs need one or two, so each is built when it is first asked for.
static DICTIONARIES: LazyLock<Vec<OnceLock<Dictionary>>> = LazyLock::new(|| language::ALL.iter().map(|_| OnceLock::new()).collect());

fn dictionary(index: usize) -> Option<&'static Dictionary> {
    let (cell, language) = (DICTIONARIES.get(index)?, language::ALL.get(index)?);
    Some(cell.get_or_init(|| build(language)))
}

/// What a sentence in another language may borrow from English.
const LOANS: Class = Class::AGENT
    .and(Class::PLURAL)
    .and(Class::ROLE)
    .and(Class::THING)
    .and(Class::ARTEFACT)
    .and(Class::TEST)
    .and(Class::TIMES)
    .and(Class::TOGETHER)
    .and(Class::PARALLEL)
    .and(Class::SPEED)
    .and(Class::PLAN);

fn build(language: &'static Language) -> Dictionary {
    let mut meanings: FxHashMap<&'static str, Meaning> = FxHashMap::default();
    for (class, words) in language.words {
        for word in *words {
            let meaning = meanings.entry(word).or_default();
            meaning.class = meaning.class | *class;
        }
    }
    for (word, value) in language.numbers {
        meanings.entry(word).or_default().value = Some(*value);
    }
    let mut dictionary = Dictionary::default();
    for (entry, meaning) in meanings {
        if let Some(stem) = entry.strip_suffix('*') {
            dictionary.starts.insert(stem, meaning);
        } else if let Some(stem) = entry.strip_prefix('*') {
            dictionary.ends.insert(stem, meaning);
        } else if let Some(first) = entry.chars().next().filter(|letter| is_dense(*letter)) {
            dictionary.dense.entry(first).or_default().push((entry.chars().collect(), meaning));
        } else {
            let mut words = Vec::new();
            for word in entry.split([' ', '-']) {
                let (head, tail) = split_elision(word);
                words.push(head);
                words.extend(tail);
            }
            let rest = words.split_off(1);
            dictionary.phrases.entry(words[0]).or_default().push(Phrase { rest, meaning });
        }
    }
    for phrases in dictionary.phrases.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
    }
    for entries in dictionary.dense.values_mut() {
        entries.sort_by_key(|(letters, _)| std::cmp::Reverse(letters.len()));
    }
    dictionary
}

impl Dictionary {
    /// The meaning of the words from `at` on, and how many tokens it spans.
    fn find(&self, tokens: &[Token], at: usize) -> Option<(Meaning, usize)> {
        let word = tokens.get(at)?;
        for phrase in self.phrases.get(word.text.as_str()).into_iter().flatten() {
            let fits = phrase.rest.iter().enumerate().all(|(offset, expected)| {
                tokens
                    .get(at + 1 + offset)
                    .is_some_and(|token| token.kind == Kind::Word && token.text == *expected && token.depth == word.depth)
            });
            if fits {
                return Some((phrase.meaning, 1 + phrase.rest.len()));
            }
        }
        let text = word.text.as_str();
        let start = || self.starts.longest(|length| text.get(..length));
        let end = || self.ends.longest(|length| text.get(text.len().checked_sub(length).filter(|at| *at > 0)?..));
        start().or_else(end).map(|meaning| (meaning, 1))
    }

    fn find_dense(&self, letters: &[char]) -> Option<(usize, Class, Option<f64>)> {
        let entries = self.dense.get(letters.first()?)?;
        entries.iter().find(|(entry, _)| letters.starts_with(entry)).map(|(entry, meaning)| (entry.len(), meaning.class, meaning.value))
    }
}

/// The language of a sentence by its script, if that tells.
fn by_script(text: &str) -> Option<usize> {
    let (mut latin, mut han, mut kana, mut hangul, mut cyrillic) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for letter in text.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{9fff}' => han += 1,
            '\u{ac00}'..='\u{d7af}' => hangul += 1,
            '\u{400}'..='\u{4ff}' => cyrillic += 1,
            _ => {}
        }
    }
    // One ideograph says as much as several Latin letters.
    let strong = |letters: usize, weight: usize| letters >= 2 && letters * weight >= latin;
    if strong(hangul, 6) {
        Some(language::KOREAN)
    } else if strong(han + kana, 6) {
        Some(if kana > 1 { language::JAPANESE } else { language::CHINESE })
    } else if strong(cyrillic, 2) {
        Some(language::RUSSIAN)
    } else {
        None
    }
}

/// For each little word the languages that it hints at, as bits by their index.
static HINTS: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
    let mut hints: FxHashMap<&'static str, u16> = FxHashMap::default();
    for (index, language) in language::ALL.iter().enumerate() {
        for word in language.hints {
            *hints.entry(word).or_default() |= 1 << index;
        }
    }
    hints
});

/// The language whose little words turn up most; English where none leads.
fn by_hints(tokens: &[Token]) -> usize {
    let mut scores = [0_usize; 16];
    for token in tokens.iter().filter(|token| token.kind == Kind::Word) {
        let mut languages = HINTS.get(token.text.as_str()).copied().unwrap_or_default();
        while languages != 0 {
            scores[languages.trailing_zeros() as usize] += 1;
            languages &= languages - 1;
        }
    }
    let mut best = (0, 0);
    for (index, score) in scores.into_iter().enumerate() {
        // A lone borrowed word does not make a sentence German.
        if score > best.1 && (index == 0 || score > 1) {
            best = (index, score);
        }
    }
    best.0
}

/// Cuts a sentence into tokens with their classes; phrases become one token. Says whether it is English.
pub(super) fn tokens(text: &str) -> (Vec<Token>, bool) {
    let script = by_script(text);
    let mut raw = Lexer::lex(text, |letters| script.and_then(dictionary).and_then(|dictionary| dictionary.find_dense(letters)));
    let index = script.unwrap_or_else(|| by_hints(&raw));
    let own = dictionary(index);
    let english = dictionary(0).filter(|_| index != 0);
    let mut tokens: Vec<Token> = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(token) = raw.get(at) {
        let mut found = None;
        if token.kind == Kind::Word && token.class == Class::NONE && token.value.is_none() {
            found = own.and_then(|dictionary| dictionary.find(&raw, at)).or_else(|| {
                let (meaning, length) = english?.find(&raw, at)?;
                Some((Meaning { class: meaning.class.only(LOANS), value: None }, length))
            });
        }
        // The words before `at` are never looked at again.
        let mut token = Token { text: std::mem::take(&mut raw[at].text), ..raw[at] };
        let mut length = 1;
        if let Some((meaning, spanned)) = found {
            (token.class, token.value, length) = (meaning.class, meaning.value, spanned);
            for other in raw.iter().skip(at + 1).take(length - 1) {
                token.text.push(' ');
                token.text.push_str(&other.text);
            }
        } else if token.kind == Kind::Number && token.value == Some(1.0) {
            token.class = Class::ONE;
        }
        tokens.push(token);
        at += length;
    }
    (tokens, index == 0)
}
