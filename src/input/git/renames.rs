//! Which files were moved: one answer for every way of reading. Pure.
//!
//! A deleted and an added file are one renamed file where their blobs are the same. Where there are few enough of both, they
//! also are where at least half of the longer one's bytes stand in lines that the other one has, too.

use super::raw::{RawChange, Side};
use crate::model::path::RepoPath;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// Above so many pairs of an added and a deleted file, only equal blobs are renames.
const MOST_PAIRS: usize = 2_500;
/// The longest blob that is compared by its lines.
pub(super) const LONGEST: u64 = 1 << 20;
/// The blobs of empty files: that two files are empty says nothing.
const EMPTY: [&str; 2] = ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"];

/// A renamed file: indexes of the deleted and of the added one.
pub(super) type Pair = (usize, usize);

/// Renames where the blob is the same: first where the file's name is kept, then in the order of the paths.
pub(super) fn exact(raw: &[RawChange]) -> Vec<Pair> {
    let mut deleted: FxHashMap<(&str, u32), Vec<usize>> = FxHashMap::default();
    for (index, change) in raw.iter().enumerate() {
        if let (Some(old), None) = (&change.old, &change.new)
            && let Some(key) = content(old)
        {
            deleted.entry(key).or_default().push(index);
        }
    }
    let mut pairs = Vec::new();
    if deleted.is_empty() {
        return pairs;
    }
    let mut added: FxHashMap<(&str, u32), Vec<usize>> = FxHashMap::default();
    for (index, change) in raw.iter().enumerate() {
        if let (None, Some(new)) = (&change.old, &change.new)
            && let Some(key) = content(new).filter(|key| deleted.contains_key(key))
        {
            added.entry(key).or_default().push(index);
        }
    }
    for (key, news) in added {
        pairs.extend(same_content(raw, deleted.remove(&key).unwrap_or_default(), news));
    }
    pairs.sort_unstable();
    pairs
}

/// Pairs files of one content.
fn same_content(raw: &[RawChange], mut olds: Vec<usize>, mut news: Vec<usize>) -> Vec<Pair> {
    let by_path = |index: &usize| raw[*index].path.clone();
    olds.sort_by_key(by_path);
    news.sort_by_key(by_path);
    let mut by_name: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for index in olds.iter().rev() {
        by_name.entry(raw[*index].path.file_name()).or_default().push(*index);
    }
    let mut pairs: Vec<Pair> = Vec::new();
    news.retain(|new| {
        let old = by_name.get_mut(raw[*new].path.file_name()).and_then(Vec::pop);
        pairs.extend(old.map(|old| (old, *new)));
        old.is_none()
    });
    let taken: FxHashSet<usize> = pairs.iter().map(|(old, _)| *old).collect();
    let left = olds.into_iter().filter(|old| !taken.contains(old));
    pairs.extend(left.zip(news));
    pairs
}

/// What makes two files the same: the blob, and whether they are files or links. Submodules are never renamed files.
fn content(side: &Side) -> Option<(&str, u32)> {
    let id = side.id.as_deref().filter(|id| !EMPTY.contains(id))?;
    let kind = side.mode & 0o170_000;
    (kind == 0o100_000 || kind == 0o120_000).then_some((id, kind))
}

/// The files that are left to be paired by their lines, deleted and added; empty where there are too many.
fn candidates(raw: &[RawChange], pairs: &[Pair]) -> (Vec<usize>, Vec<usize>) {
    let taken: FxHashSet<usize> = pairs.iter().flat_map(|(old, new)| [*old, *new]).collect();
    let is_file = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.mode & 0o170_000 == 0o100_000 && content(side).is_some());
    let (mut olds, mut news) = (Vec::new(), Vec::new());
    for (index, change) in raw.iter().enumerate().filter(|(index, _)| !taken.contains(index)) {
        match (&change.old, &change.new) {
            (old, None) if is_file(old) => olds.push(index),
            (None, new) if is_file(new) => news.push(index),
            _ => {}
        }
    }
    if olds.len().saturating_mul(news.len()) > MOST_PAIRS || olds.is_empty() || news.is_empty() {
        return (Vec::new(), Vec::new());
    }
    (olds, news)
}

/// The blobs whose lines decide.
pub(super) fn wanted<'r>(raw: &'r [RawChange], pairs: &[Pair]) -> impl Iterator<Item = &'r str> {
    let (olds, news) = candidates(raw, pairs);
    olds.into_iter().chain(news).filter_map(|index| blob(&raw[index]))
}

fn blob(change: &RawChange) -> Option<&str> {
    change.old.as_ref().or(change.new.as_ref())?.id.as_deref()
}

/// How often each line stands in a file, by its hash, with its length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines {
    counts: FxHashMap<u64, (u64, u64)>,
    length: u64,
}

impl Lines {
    /// The lines of a blob.
    pub(super) fn of(bytes: &[u8]) -> Lines {
        let mut lines = Lines { length: bytes.len() as u64, ..Lines::default() };
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let entry = lines.counts.entry(hash(line)).or_insert((0, line.len() as u64));
            entry.0 += 1;
        }
        lines
    }

    /// How many percent of the longer one's bytes stand in lines that both have.
    pub(super) fn alike(&self, other: &Lines) -> u64 {
        let longer = self.length.max(other.length);
        if longer == 0 || self.length.min(other.length) * 2 < longer {
            return 0;
        }
        let (few, many) = if self.counts.len() <= other.counts.len() { (self, other) } else { (other, self) };
        let mut common = 0;
        for (line, (count, length)) in &few.counts {
            let shared = many.counts.get(line).map_or(0, |(others, _)| *others.min(count));
            common += shared * length;
        }
        common.min(longer) * 100 / longer
    }
}

fn hash(line: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(line);
    hasher.finish()
}

/// Renames where half of the lines are the same: the most alike first, then where the file's name is kept, then by path.
pub(super) fn alike(raw: &[RawChange], pairs: &[Pair], contents: &FxHashMap<String, Lines>) -> Vec<Pair> {
    let (olds, news) = candidates(raw, pairs);
    let lines = |index: usize| blob(&raw[index]).and_then(|id| contents.get(id));
    let mut scored: Vec<(Reverse<u64>, bool, &RepoPath, &RepoPath, Pair)> = Vec::new();
    for old in olds {
        for new in &news {
            let (Some(before), Some(after)) = (lines(old), lines(*new)) else { continue };
            let percent = before.alike(after);
            if percent >= 50 {
                let (from, to) = (&raw[old].path, &raw[*new].path);
                scored.push((Reverse(percent), from.file_name() != to.file_name(), from, to, (old, *new)));
            }
        }
    }
    scored.sort_unstable();
    let mut taken: FxHashSet<usize> = FxHashSet::default();
    let mut found = Vec::new();
    for (.., (old, new)) in scored {
        if !taken.contains(&old) && !taken.contains(&new) {
            taken.extend([old, new]);
            found.push((old, new));
        }
    }
    found
}
