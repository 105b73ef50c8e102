//! Change sets before their files are known.

use super::commit::Commit;
use super::raw::RawChange;
use crate::model::change::{ChangeSet, Source as From};

/// What tips change since they grew from a base: a set each, its files still raw.
pub(super) struct SinceBase {
    pub(super) sets: Vec<ChangeSet>,
    pub(super) lists: Vec<Vec<RawChange>>,
}

/// A change set since merge bases, without its files.
pub(super) fn since(source: From, name: &str, bases: Vec<String>, head: &Commit) -> ChangeSet {
    ChangeSet {
        base: bases.first().cloned(),
        head: Some(head.id.clone()),
        merge_bases: if bases.len() > 1 { bases } else { Vec::new() },
        committed: head.committed,
        ..ChangeSet::new(source, name)
    }
}

pub(super) fn made_by(set: &mut ChangeSet, commit: &Commit) {
    set.trailers.clone_from(&commit.trailers);
    set.author.clone_from(&commit.author);
}
