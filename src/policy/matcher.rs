//! Many patterns at once: plain paths and names by look-up, globs as sets.

use super::patterns::{Pattern, PatternError};
use regex::bytes::{RegexSet, RegexSetBuilder};
use rustc_hash::FxHashMap;

/// As many globs as make one set: larger ones are slow to build and outgrow their limit of memory.
const SET: usize = 256;

/// Patterns, by number, and which of them match a path.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    /// Plain paths from the root.
    paths: FxHashMap<Vec<u8>, Vec<u32>>,
    /// Plain names at any depth, and whether they are folders' only.
    names: FxHashMap<Vec<u8>, Vec<(u32, bool)>>,
    /// Globs of one part of a path.
    parts: Vec<Set>,
    /// Globs of a whole path.
    globs: Vec<Set>,
}

#[derive(Debug)]
struct Set {
    set: RegexSet,
    members: Vec<(u32, bool)>,
}

impl Matcher {
    /// Compiles patterns; each is known by its number. Fails with the number of a pattern that cannot be compiled.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = (u32, &'p Pattern)>) -> Result<Matcher, (u32, PatternError)> {
        let mut matcher = Matcher::default();
        let (mut parts, mut globs) = (Vec::new(), Vec::new());
        for (number, pattern) in patterns {
            if let Some(path) = pattern.literal() {
                matcher.paths.entry(path.into_bytes()).or_default().push(number);
            } else if let Some(name) = pattern.name() {
                matcher.names.entry(name.as_bytes().to_vec()).or_default().push((number, pattern.is_folder()));
            } else if pattern.is_floating() {
                parts.push((number, pattern));
            } else {
                globs.push((number, pattern));
            }
        }
        matcher.parts = sets(&parts)?;
        matcher.globs = sets(&globs)?;
        Ok(matcher)
    }

    /// The numbers of all patterns that match, in no order. A path that ends in `/` is a folder: a pattern matches it
    /// where it matches everything in it.
    pub(super) fn matching(&self, path: &[u8]) -> Vec<u32> {
        let mut found = Vec::new();
        self.by_path(path, &mut found);
        if !self.names.is_empty() || !self.parts.is_empty() {
            self.by_part(path, &mut found);
        }
        for set in self.globs.iter() {
            found.extend(set.set.matches(path).iter().filter_map(|index| set.members.get(index)).map(|(number, _)| *number));
        }
        found
    }

    fn by_path(&self, path: &[u8], found: &mut Vec<u32>) {
        if self.paths.is_empty() {
            return;
        }
        let ends = memchr::memchr_iter(b'/', path).chain([path.len()]);
        for above in std::iter::once(0).chain(ends).map(|end| &path[..end]) {
            found.extend(self.paths.get(above).into_iter().flatten());
        }
    }

    fn by_part(&self, path: &[u8], found: &mut Vec<u32>) {
        let before = found.len();
        let mut parts = path.split(|byte| *byte == b'/').peekable();
        while let Some(part) = parts.next() {
            let is_folder = parts.peek().is_some();
            let named = self.names.get(part).into_iter().flatten();
            found.extend(named.filter(|(_, folder)| is_folder || !folder).map(|(number, _)| *number));
            for set in &self.parts {
                let members = set.set.matches(part).into_iter().filter_map(|index| set.members.get(index));
                found.extend(members.filter(|(_, folder)| is_folder || !folder).map(|(number, _)| *number));
            }
        }
        // A pattern may match more than one part.
        found[before..].sort_unstable();
        let mut last = None;
        let mut kept = before;
        for index in before..found.len() {
            if last != Some(found[index]) {
                last = Some(found[index]);
                found[kept] = found[index];
                kept += 1;
            }
        }
        found.truncate(kept);
    }
}

fn sets(patterns: &[(u32, &Pattern)]) -> Result<Vec<Set>, (u32, PatternError)> {
    let mut open: Vec<&[(u32, &Pattern)]> = patterns.chunks(SET).collect();
    let mut sets = Vec::new();
    while let Some(chunk) = open.pop() {
        let built = RegexSetBuilder::new(chunk.iter().map(|(_, pattern)| pattern.regex())).build();
        match (built, chunk) {
            (Ok(set), _) => sets.push(Set { set, members: chunk.iter().map(|(number, one)| (*number, one.is_folder())).collect() }),
            (Err(_), [(number, _)]) => {
                let message = "this pattern is too large to compile".to_owned();
                return Err((*number, PatternError { message, hint: Some("cut it into several patterns".to_owned()) }));
            }
            // Too large together: halves.
            (Err(_), _) => open.extend([&chunk[..chunk.len() / 2], &chunk[chunk.len() / 2..]]),
        }
    }
    Ok(sets)
}
