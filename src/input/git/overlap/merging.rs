//! Trial merges: all of them by one process of `git merge-tree`.

use crate::input::git::error::GitError;
use crate::input::git::plumbing::Plumbing;
use crate::model::path::RepoPath;

/// Objects of trial merges live for a moment only; and nobody's configuration changes what conflicts (git's own defaults).
const SETTINGS: [&str; 8] =
    ["-c", "core.looseCompression=0", "-c", "core.fsync=none", "-c", "merge.directoryRenames=conflict", "-c", "merge.renames=true"];

/// What git says of one merge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Merged {
    /// The files with conflicts.
    pub(super) conflicts: Vec<Conflict>,
    /// The paths that each conflict is about: beside the file, where it came from and what is in its way.
    pub(super) told: Vec<Vec<RepoPath>>,
}

/// A file with a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    pub(super) path: RepoPath,
    /// The blob that it was at the merge base.
    pub(super) base: Option<String>,
}

/// Merges pairs of commits and says what conflicts.
pub(super) fn merge(git: &Plumbing, pairs: &[(&str, &str)]) -> Result<Vec<Merged>, GitError> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let input: String = pairs.iter().map(|(one, other)| format!("{one} {other}\n")).collect();
    let merged = parse(&git.run(&[&SETTINGS[..], &["merge-tree", "--stdin", "-z"]].concat(), Some(input.as_bytes()))?)?;
    if merged.len() == pairs.len() { Ok(merged) } else { Err(GitError::garbled("merge-tree")) }
}

/// For each merge: its status, its tree, and after a conflict the entries of the files and the messages, each list with an
/// empty field at its end.
fn parse(output: &[u8]) -> Result<Vec<Merged>, GitError> {
    let garbled = || GitError::garbled("merge-tree");
    let mut fields = output.split(|byte| *byte == 0);
    let mut all = Vec::new();
    while let Some(status) = fields.next().filter(|status| !status.is_empty()) {
        let mut merged = Merged::default();
        match status {
            b"1" => {
                fields.next().ok_or_else(garbled)?;
                fields.next().filter(|end| end.is_empty()).ok_or_else(garbled)?;
            }
            b"0" => {
                fields.next().ok_or_else(garbled)?;
                while let Some(entry) = fields.next().filter(|entry| !entry.is_empty()) {
                    file(entry, &mut merged).ok_or_else(garbled)?;
                }
                while let Some(count) = fields.next().filter(|count| !count.is_empty()) {
                    message(count, &mut fields, &mut merged).ok_or_else(garbled)?;
                }
            }
            _ => {
                return Err(GitError::new(
                    "git merge-tree could not merge two of the sides",
                    "`git fsck` says whether the repository is whole",
                ));
            }
        }
        all.push(merged);
    }
    Ok(all)
}

/// `MODE ID STAGE TAB PATH`; stage 1 is the merge base.
fn file(entry: &[u8], merged: &mut Merged) -> Option<()> {
    let tab = memchr::memchr(b'\t', entry)?;
    let words: Vec<&str> = std::str::from_utf8(&entry[..tab]).ok()?.split(' ').collect();
    let [_, id, stage] = words[..] else { return None };
    let path = RepoPath::new(&entry[tab + 1..]);
    let base = (stage == "1").then(|| id.to_owned());
    match merged.conflicts.last_mut() {
        Some(last) if last.path == path => last.base = last.base.take().or(base),
        _ => merged.conflicts.push(Conflict { path, base }),
    }
    Some(())
}

/// A count of paths, the paths, a kind and a text.
fn message<'f>(count: &[u8], fields: &mut impl Iterator<Item = &'f [u8]>, merged: &mut Merged) -> Option<()> {
    let count: usize = std::str::from_utf8(count).ok()?.parse().ok()?;
    let mut paths = Vec::new();
    for _ in 0..count {
        paths.push(RepoPath::new(fields.next()?));
    }
    let kind = fields.next()?;
    fields.next()?;
    if kind.starts_with(b"CONFLICT") {
        merged.told.push(paths);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_merge_tree_prints_is_read() {
        let fields = [
            "1",
            "aaaa",
            "",
            "0",
            "bbbb",
            "100644 dead 1\ta b",
            "100644 beef 2\ta b",
            "100644 f00d 3\tc\n",
            "",
            "1",
            "a b",
            "Auto-merging",
            "Auto-merging a b\n",
            "2",
            "c\n",
            "d",
            "CONFLICT (file/directory)",
            "said\n",
            "",
            "1",
            "cccc",
            "",
            "",
        ];
        let printed = fields.join("\0");
        let merged = parse(printed.as_bytes()).unwrap();
        assert_eq!(merged.len(), 3);
        assert_eq!((&merged[0], &merged[2]), (&Merged::default(), &Merged::default()));
        let conflict = |path: &str, base: Option<&str>| Conflict { path: RepoPath::from(path), base: base.map(str::to_owned) };
        assert_eq!(merged[1].conflicts, [conflict("a b", Some("dead")), conflict("c\n", None)]);
        assert_eq!(merged[1].told, [[RepoPath::from("c\n"), RepoPath::from("d")]]);
    }

    #[test]
    fn what_is_cut_off_is_an_error() {
        for printed in [&b"0\0aaaa\0nonsense\0"[..], b"1\0aaaa", b"-1\0", b"0\0a\0\x009\0x\0"] {
            assert!(parse(printed).is_err(), "{printed:?}");
        }
    }
}
