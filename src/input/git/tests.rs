//! What the pure parts hold for any input.

use super::branches;
use super::changes::paired;
use super::raw::{self, RawChange, Side};
use super::renames::{self, Lines};
use super::source::Reference;
use super::status;
use crate::config::Changes;
use crate::model::change::ChangeKind;
use crate::model::path::RepoPath;
use proptest::prelude::*;
use rustc_hash::FxHashMap;

const ZERO: &str = "0000000000000000000000000000000000000000";

fn any_side() -> impl Strategy<Value = Side> {
    let mode = prop_oneof![Just(0o100_644), Just(0o100_755), Just(0o120_000), Just(0o160_000)];
    (mode, 1..6_u8).prop_map(|(mode, id)| Side { mode, id: Some(format!("{id:040x}")) })
}

fn any_path() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof!["[ab]/[a-c]{1,2}".prop_map(String::into_bytes), prop::collection::vec(1..=255_u8, 1..6)]
}

/// Changes with a path each.
fn any_changes() -> impl Strategy<Value = Vec<RawChange>> {
    let sides = (prop::option::of(any_side()), prop::option::of(any_side()));
    let sides = sides.prop_filter("a change has a side", |(old, new)| old.is_some() || new.is_some());
    prop::collection::btree_map(any_path(), sides, 0..12)
        .prop_map(|map| map.into_iter().map(|(path, (old, new))| RawChange { path: RepoPath::new(path), old, new }).collect())
}

/// As `--raw -z` prints them.
fn printed(changes: &[RawChange]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for change in changes {
        let mode = |side: &Option<Side>| side.as_ref().map_or(0, |side| side.mode);
        let id = |side: &Option<Side>| side.as_ref().and_then(|side| side.id.clone()).unwrap_or_else(|| ZERO.to_owned());
        let (old, new) = (&change.old, &change.new);
        bytes.extend_from_slice(format!(":{:06o} {:06o} {} {} M\0", mode(old), mode(new), id(old), id(new)).as_bytes());
        bytes.extend_from_slice(change.path.as_bytes());
        bytes.push(0);
    }
    bytes
}

/// Renames by blob, then by lines, as pairs of paths.
fn renamed(list: &[RawChange], contents: &FxHashMap<String, Lines>) -> Vec<(RepoPath, RepoPath)> {
    let mut pairs = renames::exact(list);
    pairs.extend(renames::alike(list, &pairs, contents));
    let mut paths: Vec<_> = pairs.iter().map(|(old, new)| (list[*old].path.clone(), list[*new].path.clone())).collect();
    paths.sort();
    paths
}

proptest! {
    #[test]
    fn what_git_prints_is_read_back(changes in any_changes()) {
        let read = raw::parse(&printed(&changes)).unwrap();
        prop_assert_eq!(read.changes, changes.clone());
        let stream = [b"abc\0".to_vec(), printed(&changes), b"def\0".to_vec()].concat();
        let read = raw::parse_stream(&stream).unwrap();
        prop_assert_eq!(read.len(), 2);
        prop_assert_eq!(&read[0].1.changes, &changes);
        prop_assert!(read[1].1.changes.is_empty());
    }

    #[test]
    fn nothing_that_is_read_ends_the_program(bytes in prop::collection::vec(prop_oneof![Just(0), Just(b' '), Just(b':'), Just(b'1'), Just(b'u'), any::<u8>()], 0..80)) {
        let _ = (raw::parse(&bytes), raw::parse_stream(&bytes), status::parse(&bytes), status::worktrees(&bytes));
        let _ = super::commit::Commit::parse("1", &bytes);
        let _ = Lines::of(&bytes).alike(&Lines::of(&bytes));
    }

    #[test]
    fn renames_pair_a_deletion_with_an_addition_and_nothing_twice(changes in any_changes()) {
        let pairs = renames::exact(&changes);
        let mut seen = std::collections::BTreeSet::new();
        for (old, new) in &pairs {
            prop_assert!(changes[*old].new.is_none() && changes[*new].old.is_none());
            prop_assert_eq!(&changes[*old].old.as_ref().unwrap().id, &changes[*new].new.as_ref().unwrap().id);
            prop_assert!(seen.insert(*old) && seen.insert(*new));
        }
        // No path is lost and none comes twice.
        let generated = Changes::default().generated().unwrap();
        let found = paired(changes.clone(), &pairs, &generated);
        let mut paths: Vec<&RepoPath> = found.iter().flat_map(|change| change.paths()).collect();
        paths.sort();
        let mut expected: Vec<&RepoPath> = changes.iter().map(|change| &change.path).collect();
        expected.sort();
        prop_assert_eq!(paths, expected);
        prop_assert!(found.is_sorted_by(|one, other| one.path < other.path));
    }

    #[test]
    fn the_order_of_a_list_does_not_matter(changes in any_changes(), turn in 0..12_usize) {
        let mut contents = FxHashMap::default();
        for id in 1..6_u8 {
            let text: String = (0..20).map(|line| format!("{}\n", if line < 14 { line } else { line * 10 + usize::from(id) })).collect();
            contents.insert(format!("{id:040x}"), Lines::of(text.as_bytes()));
        }
        let mut turned = changes.clone();
        turned.rotate_left(turn.min(changes.len()));
        turned.reverse();
        prop_assert_eq!(renamed(&changes, &contents), renamed(&turned, &contents));
    }

    #[test]
    fn likeness_is_a_share_and_the_same_both_ways(one in "[ab\n]{0,40}", other in "[ab\n]{0,40}") {
        let (one, other) = (Lines::of(one.as_bytes()), Lines::of(other.as_bytes()));
        prop_assert!(one.alike(&other) <= 100);
        prop_assert_eq!(one.alike(&other), other.alike(&one));
    }
}

#[test]
fn a_merge_is_read_with_its_first_parent_as_the_old_side() {
    let line = format!("::100644 100755 100644 {ZERO} {ZERO} {} MM\0a b\0", "1".repeat(40));
    let read = raw::parse(line.as_bytes()).unwrap().changes;
    assert_eq!(read[0].old, Some(Side { mode: 0o100_644, id: None }));
    assert_eq!(read[0].new, Some(Side { mode: 0o100_644, id: Some("1".repeat(40)) }));
}

#[test]
fn half_of_the_lines_make_a_rename_and_less_do_not() {
    let text = |lines: std::ops::Range<u32>| lines.map(|line| format!("{line:04}\n")).collect::<String>();
    let alike = |one: String, other: String| Lines::of(one.as_bytes()).alike(&Lines::of(other.as_bytes()));
    assert_eq!(alike(text(0..10), text(0..10)), 100);
    assert_eq!(alike(text(0..10), text(5..15)), 50);
    assert_eq!(alike(text(0..10), text(6..16)), 40);
    assert_eq!(alike(text(0..10), text(0..21)), 0);
    assert_eq!(alike(String::new(), String::new()), 0);
}

#[test]
fn empty_files_and_submodules_are_not_moved() {
    let side = |mode, id: &str| Some(Side { mode, id: Some(id.to_owned()) });
    for (mode, id) in [(0o100_644, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"), (0o160_000, "1234")] {
        let list = [
            RawChange { path: RepoPath::from("a"), old: side(mode, id), new: None },
            RawChange { path: RepoPath::from("b"), old: None, new: side(mode, id) },
        ];
        assert_eq!(renames::exact(&list), []);
        assert_eq!(renames::wanted(&list, &[]).count(), 0);
    }
    let moved = [
        RawChange { path: RepoPath::from("a"), old: side(0o100_644, "1234"), new: None },
        RawChange { path: RepoPath::from("b"), old: None, new: side(0o100_755, "1234") },
    ];
    let found = paired(moved.to_vec(), &renames::exact(&moved), &Changes::default().generated().unwrap());
    assert_eq!((found.len(), found[0].kind), (1, ChangeKind::Renamed));
}

#[test]
fn very_many_moved_files_take_no_quadratic_time() {
    let id = |index: usize| format!("{index:040x}");
    let mut list = Vec::new();
    for index in 0..50_000 {
        let side = Some(Side { mode: 0o100_644, id: Some(id(index % 40_000 + 1)) });
        list.push(RawChange { path: RepoPath::new(format!("old/{index}")), old: side.clone(), new: None });
        list.push(RawChange { path: RepoPath::new(format!("new/{index}")), old: None, new: side });
    }
    assert_eq!(renames::exact(&list).len(), 50_000);
}

#[test]
fn a_glob_with_a_remote_means_its_branches_alone() {
    let reference = |name: &str| Reference { name: name.to_owned(), id: ZERO.to_owned(), target: None };
    let all =
        ["refs/heads/agent/a", "refs/heads/main", "refs/remotes/origin/agent/a", "refs/remotes/origin/main", "refs/remotes/up/agent/b"];
    let all = all.map(reference);
    let names = |globs: &[&str], base: &str| {
        let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        branches::choose(&all, &globs, base).map(|found| found.into_iter().map(|branch| (branch.name, branch.bare)).collect::<Vec<_>>())
    };
    let pair = |name: &str, bare: &str| (name.to_owned(), bare.to_owned());
    assert_eq!(names(&["agent/*"], "main").unwrap(), [pair("agent/a", "agent/a")]);
    assert_eq!(names(&["origin/**"], "main").unwrap(), [pair("origin/agent/a", "agent/a")]);
    assert_eq!(names(&["**"], "origin/main").unwrap(), [pair("agent/a", "agent/a")]);
    assert!(names(&["[", "agent/*"], "main").is_err());
    assert!(names(&["nothing"], "main").unwrap_err().hint.unwrap().contains("agent/a, main"));
}
