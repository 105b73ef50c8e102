//! What is planned, for everything that can stand at a place.

use super::plan::{Found, Kind, Place, Step, Undo, step, undo};
use super::{Hook, script};
use proptest::prelude::*;

fn file(bytes: &[u8]) -> Found {
    Found { kind: Kind::File, runs: true, bytes: bytes.to_vec() }
}

fn ours(gates: bool) -> Found {
    file(script::text(Hook::PreCommit, gates).as_bytes())
}

fn place(now: Option<Found>, earlier: Option<Found>) -> Place {
    Place { hook: Hook::PreCommit, aside: "", now, earlier, is_one_file: false }
}

fn theirs() -> Found {
    file(b"#!/bin/sh\n")
}

#[test]
fn an_empty_place_is_written() {
    assert_eq!(step(&place(None, None), true), Step::Write { gates: true, revives: false });
    assert_eq!(step(&place(None, Some(theirs())), false), Step::Write { gates: false, revives: true });
    let sleeping = Found { runs: false, ..theirs() };
    assert_eq!(step(&place(None, Some(sleeping)), false), Step::Write { gates: false, revives: false });
}

#[test]
fn a_hook_that_is_there_is_chained_once() {
    assert_eq!(step(&place(Some(theirs()), None), false), Step::Chain { gates: false, runs: true, is_kept: false });
    let cut_off = Place { is_one_file: true, ..place(Some(theirs()), Some(theirs())) };
    assert_eq!(step(&cut_off, false), Step::Chain { gates: false, runs: true, is_kept: true });
    assert!(matches!(step(&place(Some(theirs()), Some(file(b"x"))), false), Step::Refused { .. }));
    let folder = Found { kind: Kind::Other, ..theirs() };
    assert!(matches!(step(&place(Some(folder), None), false), Step::Refused { .. }));
}

#[test]
fn ours_stays_and_keeps_its_options() {
    assert_eq!(step(&place(Some(ours(false)), None), false), Step::InPlace { why: None });
    assert_eq!(step(&place(Some(ours(true)), Some(theirs())), false), Step::InPlace { why: None });
    assert_eq!(step(&place(Some(ours(true)), None), true), Step::InPlace { why: None });
    assert!(matches!(step(&place(Some(ours(false)), None), true), Step::Update { gates: true, .. }));
    let sleeping = Found { runs: false, ..ours(true) };
    assert!(matches!(step(&place(Some(sleeping), None), false), Step::Update { gates: true, .. }));
}

#[test]
fn what_the_user_made_of_ours_is_left() {
    let mut changed = ours(false);
    changed.bytes.extend(b"echo done\n");
    for gates in [false, true] {
        let told = step(&place(Some(changed.clone()), None), gates);
        assert!(matches!(&told, Step::ByHand { why } if why.contains("whether it still checks is not known")), "{told:?}");
    }
    let with = |from: &str, to: &str| file(script::text(Hook::PreCommit, false).replace(from, to).as_bytes());
    for (broken, word) in [(with("gates=no", "gates=Yes"), "gates=Yes is not understood"), (with("\n", "\r\n"), "carriage returns")] {
        let told = step(&place(Some(broken), None), false);
        assert!(matches!(&told, Step::ByHand { why } if why.contains(word)), "{told:?}");
    }
    assert!(
        matches!(undo(&place(Some(changed), Some(theirs()))), Undo::ByHand { why } if why.contains("rename pre-commit.before-paralint"))
    );
    let link = Found { kind: Kind::Link, ..ours(false) };
    assert_eq!(step(&place(Some(link.clone()), None), false), Step::InPlace { why: Some("it is a link of yours") });
    assert!(matches!(undo(&place(Some(link), None)), Undo::ByHand { .. }));
}

#[test]
fn ours_that_a_manager_put_aside_is_taken_away_there() {
    let aside = |now: Option<Found>, earlier: Option<Found>| Place { aside: ".legacy", ..place(now, earlier) };
    assert_eq!(undo(&aside(Some(ours(false)), None)), Undo::Remove);
    assert_eq!(undo(&aside(Some(ours(true)), Some(theirs()))), Undo::PutBack);
    for (now, earlier) in [(None, Some(theirs())), (Some(theirs()), Some(theirs())), (Some(theirs()), None), (None, None)] {
        assert_eq!(undo(&aside(now, earlier)), Undo::Nothing);
    }
    let mut changed = ours(false);
    changed.bytes.extend(b"echo done\n");
    let told = undo(&aside(Some(changed), Some(theirs())));
    assert!(matches!(&told, Undo::ByHand { why } if why.contains("pre-commit.before-paralint back to pre-commit.legacy")), "{told:?}");
}

#[test]
fn only_what_is_ours_is_taken_away() {
    assert_eq!(undo(&place(None, None)), Undo::Nothing);
    assert_eq!(undo(&place(Some(theirs()), None)), Undo::Nothing);
    assert_eq!(undo(&place(Some(ours(true)), None)), Undo::Remove);
    assert_eq!(undo(&place(Some(ours(false)), Some(theirs()))), Undo::PutBack);
    assert_eq!(undo(&place(None, Some(theirs()))), Undo::PutBack);
    let cut_off = Place { is_one_file: true, ..place(Some(theirs()), Some(theirs())) };
    assert_eq!(undo(&cut_off), Undo::DropSecondName);
    assert!(matches!(undo(&place(Some(theirs()), Some(file(b"x")))), Undo::ByHand { .. }));
}

proptest! {
    #[test]
    fn what_an_installation_leaves_is_in_place_and_goes_away_again(bytes in prop::option::of(prop::collection::vec(any::<u8>(), 0..200)), runs: bool, gates: bool) {
        let before = place(bytes.map(|bytes| Found { runs, ..file(&bytes) }), None);
        let earlier = match step(&before, gates) {
            Step::Write { .. } => None,
            Step::Chain { .. } => before.now.clone(),
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        };
        let after = place(Some(ours(gates)), earlier.clone());
        prop_assert_eq!(step(&after, gates), Step::InPlace { why: None });
        prop_assert_eq!(undo(&after), if earlier.is_some() { Undo::PutBack } else { Undo::Remove });
    }
}
