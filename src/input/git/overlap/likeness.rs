//! What git calls a conflict and libgit2 does not, as far as that is plain, and where it is not known.

use super::candidates::{self, Clash};
use super::judge::Common;
use super::library::Library;
use super::merging::Conflict;
use crate::model::change::{Change, ChangeKind, Entry};
use rustc_hash::FxHashSet;

/// What is said of a pair that libgit2 merged, where git may see more.
pub(super) const DOUBT: &str = "libgit2 does not see renamed folders, changed types and submodules as git does; put git on the PATH";

/// Conflicts of a pair beside those that libgit2 finds. `tips` are the commits that were merged.
pub(super) fn conflicts(
    library: &Library,
    (one, tips): (usize, [&str; 2]),
    files: [&[Change]; 2],
    common: &[Common<'_>],
    clashes: &[Clash],
) -> Vec<Conflict> {
    let lost = common.iter().filter(|common| is_lost(common, files) || is_split(common)).map(|common| common.path.clone());
    let moved = clashes.iter().filter_map(|clash| {
        let (mover, folder) = clash.moved.as_ref()?;
        let side = usize::from(*mover != one);
        let is_left = |change: &Change| change.kind == ChangeKind::Renamed && candidates::left(change).contains(&folder.as_bytes());
        // git takes a folder for moved where nothing is left of it.
        let gone = files[side].iter().any(is_left) && !library.has(tips[side], folder);
        clash.paths.first().filter(|_| gone).cloned()
    });
    lost.chain(moved).map(|path| Conflict { path, base: None }).collect()
}

/// One side deleted what the other one kept, and did not move it anywhere: libgit2 may believe otherwise.
fn is_lost(common: &Common<'_>, files: [&[Change]; 2]) -> bool {
    let (deleter, kept) = match (common.one.kind, common.other.kind) {
        (ChangeKind::Deleted, kept) => (files[0], kept),
        (kept, ChangeKind::Deleted) => (files[1], kept),
        _ => return false,
    };
    match kept {
        ChangeKind::Deleted | ChangeKind::Mode => false,
        ChangeKind::Renamed => true,
        _ => !deleter.iter().any(|change| change.kind == ChangeKind::Added),
    }
}

/// One side moved the file, and the other one made something else of it.
fn is_split(common: &Common<'_>) -> bool {
    let kinds = [common.one.kind, common.other.kind];
    kinds.contains(&ChangeKind::Renamed) && kinds.contains(&ChangeKind::Type)
}

/// A side holds something that git and libgit2 merge in different ways.
pub(super) fn is_doubtful(files: [&[Change]; 2]) -> bool {
    files.into_iter().any(|files| {
        let deleted: FxHashSet<&[u8]> =
            files.iter().filter(|change| change.kind == ChangeKind::Deleted).map(|change| change.path.as_bytes()).collect();
        let replaces =
            |change: &Change| !deleted.is_empty() && candidates::folders(change.path.as_bytes()).any(|folder| deleted.contains(folder));
        files.iter().any(|change| {
            matches!(change.kind, ChangeKind::Renamed | ChangeKind::Type) || change.entry == Entry::Submodule || replaces(change)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::Class;
    use crate::model::path::RepoPath;

    fn change(kind: ChangeKind, entry: Entry, path: &str) -> Change {
        Change { path: RepoPath::from(path), old_path: None, kind, entry, old_blob: None, new_blob: None, class: Class::Source }
    }

    #[test]
    fn only_what_git_sees_otherwise_is_doubtful() {
        let plain = [change(ChangeKind::Modified, Entry::File, "a"), change(ChangeKind::Deleted, Entry::File, "b")];
        assert!(!is_doubtful([&plain, &plain]));
        let replaced = [change(ChangeKind::Deleted, Entry::File, "a"), change(ChangeKind::Added, Entry::File, "a/b/c")];
        let retyped = [change(ChangeKind::Type, Entry::Symlink, "a")];
        let inner = [change(ChangeKind::Modified, Entry::Submodule, "sub")];
        let renamed = [change(ChangeKind::Renamed, Entry::File, "x")];
        for side in [&replaced[..], &retyped, &inner, &renamed] {
            assert!(is_doubtful([&plain, side]) && is_doubtful([side, &plain]));
        }
    }
}
