//! A list of patterns on its own: the paths of a lock, of a task, of a phase.

use super::matcher::Matcher;
use super::patterns::{Pattern, PatternError, Specificity};
use crate::model::path::RepoPath;

/// Patterns of one list, compiled.
#[derive(Debug, Default)]
pub struct PathList {
    /// For each pattern: the item that it comes from, how specific it is, and whether it takes paths out.
    entries: Vec<(usize, Specificity, bool)>,
    /// For each item its place in the order of the texts, so that the order of the list does not matter.
    places: Vec<usize>,
    matcher: Matcher,
}

impl PathList {
    /// Compiles the items of a list, as in BOUNDARIES.json. Fails with the index of the item that is no pattern.
    pub fn new<'t>(items: impl IntoIterator<Item = &'t str>) -> Result<PathList, (usize, PatternError)> {
        PathList::with(items, Pattern::parse)
    }

    /// The same where a plain path is one from the root, whether it begins with `/` or not: as in locks and tasks.
    pub fn rooted<'t>(items: impl IntoIterator<Item = &'t str>) -> Result<PathList, (usize, PatternError)> {
        PathList::with(items, Pattern::parse_rooted)
    }

    fn with<'t>(
        items: impl IntoIterator<Item = &'t str>,
        parse: fn(&str) -> Result<Vec<Pattern>, PatternError>,
    ) -> Result<PathList, (usize, PatternError)> {
        let (mut patterns, mut entries) = (Vec::new(), Vec::new());
        let mut texts = Vec::new();
        for (item, text) in items.into_iter().enumerate() {
            texts.push((text, item));
            for pattern in parse(text).map_err(|error| (item, error))? {
                entries.push((item, pattern.specificity(), pattern.negated));
                patterns.push(pattern);
            }
        }
        let numbered = patterns.iter().enumerate().map(|(number, pattern)| (number as u32, pattern));
        let matcher = Matcher::new(numbered).map_err(|(number, error)| (entries[number as usize].0, error))?;
        texts.sort_unstable();
        let mut places = vec![0; texts.len()];
        texts.iter().enumerate().for_each(|(place, (_, item))| places[*item] = place);
        Ok(PathList { entries, places, matcher })
    }

    /// The index of the most specific item that matches a path; of equals the one of the lesser text. `None` where none does, or one
    /// takes it out.
    pub fn find(&self, path: &RepoPath) -> Option<usize> {
        let matching = self.matcher.matching(path.as_bytes());
        let found = || matching.iter().filter_map(|number| self.entries.get(*number as usize));
        if found().any(|(_, _, negated)| *negated) {
            return None;
        }
        let place = |item: usize| self.places.get(item).copied().unwrap_or(item);
        found().max_by_key(|(item, specificity, _)| (*specificity, std::cmp::Reverse(place(*item)))).map(|(item, _, _)| *item)
    }
}
