//! What git prints of trees, and of the history of one file.

use super::error::GitError;
use super::files;
use super::raw::{self, RawChange};
use super::source::Version;
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;

/// The history of one file along first parents; no configuration changes what it prints.
pub(super) const LOG: [&str; 12] = [
    "-c",
    "log.showRoot=true",
    "-c",
    "log.follow=false",
    "-c",
    "log.showSignature=false",
    "-c",
    "diff.orderFile=/dev/null",
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--format=%H",
];

/// The entries of a list in which everything is new.
pub(super) fn of_changes(changes: Vec<RawChange>) -> Vec<TreeEntry> {
    let entry = |change: RawChange| {
        let new = change.new?;
        Some(TreeEntry { path: change.path, mode: new.mode, id: new.id? })
    };
    changes.into_iter().filter_map(entry).collect()
}

/// Reads `ls-tree -r -z`: `100644 blob ID<tab>path`.
pub(super) fn parse(output: &[u8]) -> Result<Vec<TreeEntry>, GitError> {
    let entries = output.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    entries.map(|line| entry(line).ok_or_else(|| GitError::garbled("ls-tree"))).collect()
}

fn entry(line: &[u8]) -> Option<TreeEntry> {
    let tab = memchr::memchr(b'\t', line)?;
    let words: Vec<&str> = std::str::from_utf8(&line[..tab]).ok()?.split(' ').collect();
    let [mode, _, id] = words[..] else { return None };
    let path = Some(&line[tab + 1..]).filter(|path| !path.is_empty())?;
    let mode = raw::canonical(u32::from_str_radix(mode, 8).ok()?);
    files::is_id(id).then(|| TreeEntry { path: RepoPath::new(path), mode, id: id.to_owned() })
}

/// Reads `log --format=%H --raw -z` of one file.
pub(super) fn versions(output: &[u8], path: &str) -> Result<Vec<Version>, GitError> {
    let garbled = || GitError::garbled("log");
    // Between a commit and its first entry there is a line break.
    let mut fields = output.split(|byte| *byte == 0).map(|field| field.strip_prefix(b"\n").unwrap_or(field));
    let mut found: Vec<Version> = Vec::new();
    while let Some(field) = fields.next() {
        match field.first() {
            None => {}
            Some(b':') => {
                let name = fields.next().ok_or_else(garbled)?;
                let version = found.last_mut().ok_or_else(garbled)?;
                // Where it was a folder there are the files in it.
                if name == path.as_bytes() {
                    version.blob = blob(field).ok_or_else(garbled)?;
                }
            }
            Some(_) => {
                let commit = std::str::from_utf8(field).ok().filter(|id| files::is_id(id)).ok_or_else(garbled)?;
                found.push(Version { commit: commit.to_owned(), blob: None });
            }
        }
    }
    Ok(found)
}

/// The file on the new side of `:100644 100644 OLD NEW M`.
#[allow(clippy::option_option)]
fn blob(entry: &[u8]) -> Option<Option<String>> {
    let words: Vec<&str> = std::str::from_utf8(entry.strip_prefix(b":")?).ok()?.split(' ').collect();
    let [_, mode, _, id, _] = words[..] else { return None };
    let side = raw::side(mode, id)?;
    Some(side.filter(|side| is_file(side.mode)).and_then(|side| side.id))
}

/// Whether a mode is that of a file: no link, no submodule.
pub(super) fn is_file(mode: u32) -> bool {
    mode & 0o170_000 == 0o100_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ONE: &str = "d00491fd7e5bb6fa28c517a0bb32b8b506539d4d";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    #[test]
    fn a_history_is_read_as_git_prints_it() {
        let text = format!("{ONE}\0\n:100644 000000 {ONE} {ZERO} D\0a\0{ONE}\0\n:000000 100644 {ZERO} {ONE} A\0a\0");
        let read = versions(text.as_bytes(), "a").unwrap();
        let blobs: Vec<Option<&str>> = read.iter().map(|version| version.blob.as_deref()).collect();
        assert_eq!(blobs, [None, Some(ONE)]);
        assert!(versions(b"what\0", "a").is_err() && versions(format!("{ONE}\0\n:1 2\0a\0").as_bytes(), "a").is_err());
    }

    proptest! {
        #[test]
        fn entries_are_read_back(paths in prop::collection::vec(prop::collection::vec(1..=255_u8, 1..8), 0..8)) {
            let printed: Vec<u8> = paths.iter().flat_map(|path| [format!("100755 blob {ONE}\t").as_bytes(), path, b"\0"].concat()).collect();
            let read = parse(&printed).unwrap();
            prop_assert_eq!(read.iter().map(|entry| entry.path.as_bytes().to_vec()).collect::<Vec<_>>(), paths);
            prop_assert!(read.iter().all(|entry| entry.mode == 0o100_755 && entry.id == ONE));
        }

        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = (parse(&bytes), versions(&bytes, "a"));
        }
    }
}
