//! What git prints with `--raw -z`: one entry a path, both sides as mode and object id.

use super::error::GitError;
use crate::model::path::RepoPath;

/// One side of a changed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    /// `0o100644`
    pub(super) mode: u32,
    /// The object; `None` where a file in a work tree was not hashed.
    pub(super) id: Option<String>,
}

/// A path of which the two sides differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawChange {
    pub(super) path: RepoPath,
    pub(super) old: Option<Side>,
    pub(super) new: Option<Side>,
}

/// What one comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawChanges {
    pub(super) changes: Vec<RawChange>,
    /// Paths with conflicts.
    pub(super) unmerged: Vec<RepoPath>,
}

/// The output of one comparison.
pub(super) fn parse(output: &[u8]) -> Result<RawChanges, GitError> {
    let mut all = parse_stream(output)?;
    match all.len() {
        0 => Ok(RawChanges::default()),
        1 => Ok(all.swap_remove(0).1),
        _ => Err(GitError::garbled("diff-index")),
    }
}

/// The output of `diff-tree --stdin --always`: the id of each commit, then its changes. What comes before the first id is
/// filed under an empty one.
pub(super) fn parse_stream(output: &[u8]) -> Result<Vec<(String, RawChanges)>, GitError> {
    let garbled = || GitError::garbled("diff-tree");
    let mut all: Vec<(String, RawChanges)> = Vec::new();
    let mut fields = output.split(|byte| *byte == 0);
    while let Some(field) = fields.next() {
        if field.is_empty() {
            continue;
        }
        let Some(entry) = field.strip_prefix(b":") else {
            let id = std::str::from_utf8(field).map_err(|_| garbled())?;
            all.push((id.to_owned(), RawChanges::default()));
            continue;
        };
        let path = RepoPath::new(fields.next().filter(|path| !path.is_empty()).ok_or_else(garbled)?);
        if all.is_empty() {
            all.push((String::new(), RawChanges::default()));
        }
        let Some((_, found)) = all.last_mut() else { return Err(garbled()) };
        let (old, new, unmerged) = entry_sides(entry).ok_or_else(garbled)?;
        if unmerged {
            found.unmerged.push(path);
        } else {
            found.changes.push(RawChange { path, old, new });
        }
    }
    Ok(all)
}

/// `100644 100755 ID ID M`; of a merge's with a colon for each further parent, and a mode and an id for each of them: the
/// first parent's stand for the old side.
fn entry_sides(entry: &[u8]) -> Option<(Option<Side>, Option<Side>, bool)> {
    let further = entry.iter().take_while(|byte| **byte == b':').count();
    let text = std::str::from_utf8(&entry[further..]).ok()?;
    let words: Vec<&str> = text.split(' ').collect();
    let modes = further + 2;
    if words.len() != 2 * modes + 1 {
        return None;
    }
    let old = side(words[0], words[modes])?;
    let new = side(words[modes - 1], words[2 * modes - 1])?;
    Some((old, new, words[2 * modes].starts_with('U')))
}

/// One side from a mode in octal digits and an id; an id of zeros is not known, a mode of zeros is no side at all.
#[allow(clippy::option_option)]
pub(super) fn side(mode: &str, id: &str) -> Option<Option<Side>> {
    let mode = u32::from_str_radix(mode, 8).ok()?;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let id = (!id.bytes().all(|byte| byte == b'0')).then(|| id.to_owned());
    Some((mode != 0).then(|| Side { mode: canonical(mode), id }))
}

/// One of the modes that git writes today: long ago a file's held all its permissions.
pub(super) fn canonical(mode: u32) -> u32 {
    match mode & 0o170_000 {
        0o100_000 if mode & 0o100 != 0 => 0o100_755,
        0o100_000 => 0o100_644,
        kind => kind,
    }
}

/// Of the first list what is in all the others, too: what a merge changes of its own.
pub(super) fn in_all(mut lists: Vec<Vec<RawChange>>) -> Vec<RawChange> {
    if lists.is_empty() {
        return Vec::new();
    }
    let mut first = lists.remove(0);
    for other in &lists {
        let paths: rustc_hash::FxHashSet<&RepoPath> = other.iter().map(|change| &change.path).collect();
        first.retain(|change| paths.contains(&change.path));
    }
    first
}
