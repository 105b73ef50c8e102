//! `execution-progress.md`: what a page says of waves and tasks.

use super::markdown::{self, Line};
use super::source::Source;
use crate::model::mark::Located;
use crate::model::state::{ProgressPage, ProgressWave, WaveState};
use regex::Regex;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Reads a page. Prose that is not understood claims nothing.
pub(super) fn read(source: &Source) -> ProgressPage {
    let mut page =
        Page { source, waves: Vec::new(), numbers: FxHashMap::default(), ranks: Vec::new(), said: Vec::new(), section: None, entry: None };
    for line in markdown::lines(source) {
        page.line(&line);
    }
    let said = page.said.into_iter().map(|states| if let [one] = states.as_slice() { Some(*one) } else { None });
    let waves = page.waves.into_iter().zip(said).map(|(wave, state)| ProgressWave { state, ..wave });
    let mut ranked: Vec<(Rank, ProgressWave)> = page.ranks.into_iter().zip(waves).collect();
    ranked.sort_by_key(|(rank, _)| rank.at);
    let waves = ranked.into_iter().map(|(_, wave)| wave).collect();
    let completed = completed(source.text()).map(|counted| source.at((counted.done, counted.all), counted.written));
    ProgressPage { path: source.path().to_owned(), waves, completed, speedup: speedup(source) }
}

struct Page<'s> {
    source: &'s Source,
    waves: Vec<ProgressWave>,
    /// Where each number stands among them.
    numbers: FxHashMap<u32, usize>,
    /// Where each wave stands in the order of the page.
    ranks: Vec<Rank>,
    /// What was said of each wave; a page that says two things says nothing.
    said: Vec<Vec<WaveState>>,
    /// The level of the heading under which we are, and its wave.
    section: Option<(usize, usize)>,
    /// The indentation of the entry under which we are, and its wave.
    entry: Option<(usize, usize)>,
}

/// A wave's place in the order of a page: where its own entry begins. A line that only says what is going on (`Current
/// Status: Wave 2`) counts where there is none.
struct Rank {
    at: usize,
    is_own: bool,
}

impl<'s> Page<'s> {
    fn line(&mut self, line: &Line<'s>) {
        if let Some((level, title)) = line.heading() {
            self.heading(level, title);
        } else if let Some(entry) = line.entry() {
            self.list_entry(line, entry);
        } else if let Some(tail) = status(line.text) {
            self.say(self.section.map(|(_, wave)| wave), markdown::state(tail));
        }
    }

    fn heading(&mut self, level: usize, title: &'s str) {
        self.entry = None;
        if self.section.is_some_and(|(above, _)| level <= above) {
            self.section = None;
        }
        let Some(named) = markdown::wave(title) else { return };
        let wave = self.wave(&named, title);
        if !named.is_status {
            self.section = Some((level, wave));
        }
    }

    fn list_entry(&mut self, line: &Line<'s>, entry: &'s str) {
        if self.entry.is_some_and(|(indent, _)| line.indent <= indent) {
            self.entry = None;
        }
        let tick = markdown::tick(entry);
        let text = tick.map_or(entry, |(_, text)| text);
        if let Some(named) = markdown::wave(text).filter(|named| is_about(named.tail)) {
            let wave = self.wave(&named, text);
            if tick.is_some_and(|(ticked, _)| ticked) {
                self.say(Some(wave), Some(WaveState::Done));
            }
            self.entry = (!named.is_status).then_some((line.indent, wave));
            return;
        }
        let Some((_, wave)) = self.entry.or(self.section) else { return };
        if let Some(tail) = status(text) {
            return self.say(Some(wave), markdown::state(tail));
        }
        if let Some(done) = tick.map(|(ticked, _)| ticked).or_else(|| sign(text)) {
            self.waves[wave].boxes.push(self.source.at((done, text.to_owned()), text));
        }
    }

    /// The wave of a title, new or known, and what the title says of it.
    fn wave(&mut self, named: &markdown::Named<'s>, title: &'s str) -> usize {
        let index = *self.numbers.entry(named.number).or_insert_with(|| {
            self.waves.push(ProgressWave { wave: self.source.at(named.number, named.digits), ..ProgressWave::default() });
            self.said.push(Vec::new());
            self.ranks.push(Rank { at: self.source.span_of(named.digits).start, is_own: !named.is_status });
            self.waves.len() - 1
        });
        if !named.is_status && !self.ranks[index].is_own {
            self.ranks[index] = Rank { at: self.source.span_of(named.digits).start, is_own: true };
            self.waves[index].wave = self.source.at(named.number, named.digits);
        }
        let tasks = markdown::task_count(title).and_then(|count| count.parse().ok());
        self.waves[index].tasks = self.waves[index].tasks.or(tasks);
        // A sign may stand in front of the name, words only behind it.
        let before = &title[..title.len() - named.tail.len()];
        self.say(Some(index), markdown::state(named.tail).or_else(|| sign_of(before)));
        index
    }

    fn say(&mut self, wave: Option<usize>, state: Option<WaveState>) {
        if let (Some(wave), Some(state)) = (wave, state)
            && !self.said[wave].contains(&state)
        {
            self.said[wave].push(state);
        }
    }
}

/// An entry is about the wave that it begins with where nothing but signs, or its state, follows.
fn is_about(tail: &str) -> bool {
    let rest = tail.trim_start_matches(['*', '_', ' ']);
    !rest.starts_with(char::is_alphanumeric) || markdown::state(tail).is_some()
}

/// `Status: …`
fn status(text: &str) -> Option<&str> {
    static STATUS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)^[\s*_-]*status[*_]*\s*:\s*[*_]*(?P<tail>.*)$").ok());
    STATUS.as_ref()?.captures(text)?.name("tail").map(|tail| tail.as_str())
}

fn sign_of(text: &str) -> Option<WaveState> {
    text.contains(|letter: char| !letter.is_ascii()).then(|| markdown::state(text)).flatten()
}

/// Whether a task's sign says that it is done.
fn sign(text: &str) -> Option<bool> {
    sign_of(text).map(|state| state == WaveState::Done)
}

/// "Tasks completed: 9/25".
pub(crate) struct Counted<'s> {
    /// How many are done.
    pub(crate) done: u32,
    /// Of how many.
    pub(crate) all: Option<u32>,
    /// The words that say so.
    pub(crate) written: &'s str,
}

/// The count of completed tasks that a page gives.
pub(crate) fn completed(text: &str) -> Option<Counted<'_>> {
    static COMPLETED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?im)^\W*(?P<written>tasks?[ _]completed\W{1,6}(?P<done>[0-9]{1,6})(?: ?(?:/|of) ?(?P<all>[0-9]{1,6}))?)").ok()
    });
    let found = COMPLETED.as_ref()?.captures(text)?;
    let number = |name: &str| found.name(name).and_then(|digits| digits.as_str().parse().ok());
    Some(Counted { done: number("done")?, all: number("all"), written: found.name("written")?.as_str() })
}

/// All check boxes of a page, wherever they stand: ticked or not.
pub(crate) fn ticks(text: &str) -> impl Iterator<Item = bool> {
    let boxes = text.lines().filter_map(|line| line.trim_start().strip_prefix(['-', '*', '+'])?.strip_prefix(" [")?.chars().next());
    boxes.map(|letter| matches!(letter, 'x' | 'X'))
}

/// "Parallel speedup: 6.2x".
fn speedup(source: &Source) -> Option<Located<f64>> {
    static SPEEDUP: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?im)^\W*parallel\s+speed-?up\W{1,6}(?P<factor>[0-9]{1,6}(?:\.[0-9]{1,6})?)\s*[x×]").ok());
    let factor = SPEEDUP.as_ref()?.captures(source.text())?.name("factor")?.as_str();
    Some(source.at(factor.parse().ok()?, factor))
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
