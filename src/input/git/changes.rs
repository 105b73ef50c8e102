//! From raw entries to the model's changes.

use super::error::GitError;
use super::raw::{RawChange, Side};
use super::renames::{self, Lines, Pair};
use super::source::Source;
use crate::config::Generated;
use crate::model::change::{Change, ChangeKind, Class, Entry};
use rustc_hash::{FxHashMap, FxHashSet};

/// So many blobs are read to find renames, over all lists of one question.
const MOST_BLOBS: usize = 4_000;

/// The changes of several lists, renames found. Blobs of all lists are read at once.
pub(super) fn changes(source: &dyn Source, lists: Vec<Vec<RawChange>>, generated: &Generated) -> Result<Vec<Vec<Change>>, GitError> {
    let exact: Vec<Vec<Pair>> = lists.iter().map(|list| renames::exact(list)).collect();
    let mut wanted: Vec<String> = Vec::new();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (list, pairs) in lists.iter().zip(&exact) {
        wanted.extend(renames::wanted(list, pairs).filter(|id| seen.insert(id)).map(str::to_owned));
    }
    wanted.truncate(MOST_BLOBS);
    let blobs = source.blobs(&wanted, renames::LONGEST)?;
    let contents: FxHashMap<String, Lines> = blobs.into_iter().map(|(id, bytes)| (id, Lines::of(&bytes))).collect();
    let mut all = Vec::with_capacity(lists.len());
    for (list, mut pairs) in lists.into_iter().zip(exact) {
        pairs.extend(renames::alike(&list, &pairs, &contents));
        all.push(paired(list, &pairs, generated));
    }
    Ok(all)
}

/// One entry a path, sorted; the two ends of a rename are one.
pub(super) fn paired(list: Vec<RawChange>, pairs: &[Pair], generated: &Generated) -> Vec<Change> {
    let olds: FxHashMap<usize, usize> = pairs.iter().map(|(old, new)| (*new, *old)).collect();
    let gone: FxHashSet<usize> = pairs.iter().map(|(old, _)| *old).collect();
    let mut changes: Vec<Change> = Vec::with_capacity(list.len());
    for (index, raw) in list.iter().enumerate().filter(|(index, _)| !gone.contains(index)) {
        let before = olds.get(&index).map(|old| &list[*old]);
        changes.extend(change(raw, before, generated));
    }
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    changes.dedup_by(|one, other| one.path == other.path);
    changes
}

fn change(raw: &RawChange, before: Option<&RawChange>, generated: &Generated) -> Option<Change> {
    let old = before.map_or(raw.old.as_ref(), |before| before.old.as_ref());
    let kind = match (old, raw.new.as_ref()) {
        (None, None) => return None,
        _ if before.is_some() => ChangeKind::Renamed,
        (None, Some(_)) => ChangeKind::Added,
        (Some(_), None) => ChangeKind::Deleted,
        (Some(old), Some(new)) => difference(old, new),
    };
    let class = if generated.is_match(raw.path.as_bytes()) { Class::Generated } else { Class::Source };
    let shown = raw.new.as_ref().or(old)?;
    Some(Change {
        path: raw.path.clone(),
        old_path: before.map(|before| before.path.clone()),
        kind,
        entry: entry(shown.mode),
        old_blob: old.and_then(|side| side.id.clone()),
        new_blob: raw.new.as_ref().and_then(|side| side.id.clone()),
        class,
    })
}

fn difference(old: &Side, new: &Side) -> ChangeKind {
    if old.mode & 0o170_000 != new.mode & 0o170_000 {
        ChangeKind::Type
    } else if old.mode != new.mode && old.id == new.id {
        ChangeKind::Mode
    } else {
        ChangeKind::Modified
    }
}

fn entry(mode: u32) -> Entry {
    match mode & 0o170_000 {
        0o120_000 => Entry::Symlink,
        0o160_000 => Entry::Submodule,
        _ if mode & 0o111 != 0 => Entry::Executable,
        _ => Entry::File,
    }
}
