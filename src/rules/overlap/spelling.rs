//! Names that are one where case or Unicode form does not count.

use crate::model::path::RepoPath;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// A part of a path as a file system sees it that knows neither case nor Unicode form: decomposed, in lower case.
/// What is not UTF-8 keeps its bytes, ASCII letters aside.
pub(super) fn folded(part: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(part) {
        Ok(text) if !text.is_ascii() => text.nfd().flat_map(char::to_lowercase).nfd().collect::<String>().into_bytes(),
        _ => part.to_ascii_lowercase(),
    }
}

/// What tells two spellings of one name apart.
pub(super) fn difference(one: &[u8], other: &[u8]) -> &'static str {
    let composed = |bytes: &[u8]| String::from_utf8_lossy(bytes).nfc().collect::<String>();
    let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
    if composed(one) == composed(other) {
        "Unicode form"
    } else if lower(one) == lower(other) {
        "case"
    } else {
        "case and Unicode form"
    }
}

/// The sides that add something under each spelling (the whole path up to there) of one name.
pub(super) type Spellings<'p> = BTreeMap<&'p [u8], BTreeSet<usize>>;

/// Names in one folder, by what they fold to.
pub(super) type Names<'p> = BTreeMap<Vec<u8>, Spellings<'p>>;

/// What is added, folder by folder. A folder is known by its exact spelling: where two spellings of a folder collide, that
/// says it for everything in them.
pub(super) fn added<'p>(paths: impl Iterator<Item = (usize, &'p [u8])>) -> BTreeMap<&'p [u8], Names<'p>> {
    let mut folders: BTreeMap<&[u8], Names<'_>> = BTreeMap::new();
    for (side, path) in paths {
        let (mut folder, mut begin) = (&path[..0], 0);
        for end in ends(path) {
            let names = folders.entry(folder).or_default();
            names.entry(folded(&path[begin..end])).or_default().entry(&path[..end]).or_default().insert(side);
            (folder, begin) = (&path[..end], end + 1);
        }
    }
    folders
}

/// Where the parts of a path end: `a/b` has ends at 1 and 3.
fn ends(path: &[u8]) -> impl Iterator<Item = usize> + '_ {
    (0..path.len()).filter(|at| path[*at] == b'/').chain(std::iter::once(path.len()))
}

/// The paths of the files and folders right in `folder`, each once. `tracked` is sorted, so that what lies in a folder is
/// passed over in one step.
pub(super) fn children<'t>(tracked: &'t [RepoPath], folder: &'t [u8]) -> impl Iterator<Item = &'t [u8]> {
    let begin = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let mut rest = if folder.is_empty() { tracked } else { &tracked[within(tracked, folder)] };
    std::iter::from_fn(move || {
        let path = rest.first()?.as_bytes();
        match path.get(begin..).and_then(|name| name.iter().position(|byte| *byte == b'/')) {
            None => {
                rest = &rest[1..];
                Some(path)
            }
            Some(length) => {
                let child = &path[..begin + length];
                rest = &rest[within(rest, child).end..];
                Some(child)
            }
        }
    })
}

/// Which of the sorted paths lie in a folder.
fn within(tracked: &[RepoPath], folder: &[u8]) -> std::ops::Range<usize> {
    let before = |path: &RepoPath, end: u8| {
        let head = path.as_bytes().get(..folder.len() + 1).unwrap_or(path.as_bytes());
        head < [folder, &[end]].concat().as_slice()
    };
    let start = tracked.partition_point(|path| before(path, b'/'));
    let length = tracked[start..].partition_point(|path| before(path, b'/' + 1));
    start..start + length
}

/// How many of the sorted paths are `path` or lie in it.
pub(super) fn count(tracked: &[RepoPath], path: &[u8]) -> usize {
    let itself = tracked.binary_search_by(|one| one.as_bytes().cmp(path)).is_ok();
    within(tracked, path).len() + usize::from(itself)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_form_are_folded_and_nothing_else() {
        assert_eq!(folded("README".as_bytes()), folded("readme".as_bytes()));
        assert_eq!(folded("Über".as_bytes()), folded("u\u{308}ber".as_bytes()));
        assert_ne!(folded("uber".as_bytes()), folded("über".as_bytes()));
        assert_ne!(folded(b"\xff"), folded(b"\xfe"));
        assert_eq!(folded(b"A\xff"), folded(b"a\xff"));
        assert_eq!(difference("é".as_bytes(), "e\u{301}".as_bytes()), "Unicode form");
        assert_eq!(difference(b"README", b"readme"), "case");
        assert_eq!(difference("É".as_bytes(), "e\u{301}".as_bytes()), "case and Unicode form");
    }

    proptest! {
        #[test]
        fn children_are_what_a_plain_walk_finds(mut paths in proptest::collection::vec("[ab.]{1,2}(/[ab.]{1,2}){0,3}", 0..20), folder in "([ab.]{1,2}(/[ab.]{1,2})?)?") {
            paths.sort();
            paths.dedup();
            let tracked: Vec<RepoPath> = paths.iter().map(|path| RepoPath::from(path.as_str())).collect();
            let head = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let plain: BTreeSet<String> = paths.iter().filter_map(|path| path.strip_prefix(&head)).map(|rest| format!("{head}{}", rest.split('/').next().unwrap())).collect();
            let found: Vec<String> = children(&tracked, folder.as_bytes()).map(|path| String::from_utf8_lossy(path).into_owned()).collect();
            prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), plain);
        }
    }
}
