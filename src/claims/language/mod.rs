//! The word tables, one file per language.

use super::class::Class;

mod chinese;
mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod korean;
mod portuguese;
mod russian;
mod spanish;

/// A language as the grammar sees it.
pub(super) struct Language {
    /// Words and phrases by class. `stem*` matches every word that starts so, `*stem` every word that ends so.
    pub(super) words: &'static [(Class, &'static [&'static str])],
    /// Number words.
    pub(super) numbers: &'static [(&'static str, f64)],
    /// Frequent little words, by which a sentence in Latin letters is told from another language.
    pub(super) hints: &'static [&'static str],
}

/// English comes first: where no language scores higher, it is English.
pub(super) const ALL: [&Language; 10] = [
    &english::ENGLISH,
    &german::GERMAN,
    &french::FRENCH,
    &spanish::SPANISH,
    &portuguese::PORTUGUESE,
    &italian::ITALIAN,
    &chinese::CHINESE,
    &japanese::JAPANESE,
    &korean::KOREAN,
    &russian::RUSSIAN,
];

/// Places in `ALL` of the languages that are known by their script.
pub(super) const CHINESE: usize = 6;
pub(super) const JAPANESE: usize = 7;
pub(super) const KOREAN: usize = 8;
pub(super) const RUSSIAN: usize = 9;
