use super::*;
use crate::config::When;
use crate::config::{Command, Gate, Inputs};
use crate::gates::definition::definition;
use crate::model::gate::{GateReceipt, GateStatus};
use crate::model::mark::Mark;
use crate::model::moment::Moment;
use proptest::prelude::*;

fn key(text: &str) -> TreeKey {
    TreeKey(text.to_owned())
}

fn gate_receipt(name: &str, status: GateStatus) -> GateReceipt {
    GateReceipt { name: name.to_owned(), definition: "d".to_owned(), status, uncalled: false, exit_code: Some(0), attempts: 1, wall: 0.5 }
}

fn receipt(tree: &str, at: i64, gates: Vec<GateReceipt>) -> Receipt {
    Receipt { at: Moment(at), tool: env!("CARGO_PKG_VERSION").to_owned(), tree: key(tree), gates }
}

fn passing(tree: &str, at: i64) -> Receipt {
    receipt(tree, at, vec![gate_receipt("lint", GateStatus::Passed)])
}

#[test]
fn what_is_written_is_read_back_oldest_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    assert_eq!(store.read(), Receipts::default());
    let hostile = receipt("ab", 1, vec![gate_receipt("\u{1b}[31m::error::\u{202e}\0../x", GateStatus::Failed)]);
    let all = [hostile, passing("cd", 2), passing("ab", 3)];
    all.iter().rev().for_each(|receipt| store.write(receipt).unwrap());
    assert_eq!(store.read(), Receipts { all: all.to_vec(), problems: Vec::new() });
    assert_eq!(store.read_tree(&key("ab")).all, [all[0].clone(), all[2].clone()]);
    assert_eq!(store.read_tree(&key("ef")), Receipts::default());
    assert_eq!(store.read_tree(&key("..")), Receipts::default());
    assert!(store.clean().unwrap().is_some() && store.clean().unwrap().is_none());
    assert_eq!(store.read(), Receipts::default());
}

#[test]
fn a_key_that_leads_elsewhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    for tree in ["", "..", "../x", "a/b", "-", "é"] {
        assert!(store.write(&passing(tree, 1)).is_err(), "{tree}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_no_receipt_is_told_and_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    store.write(&passing("ab", 1)).unwrap();
    let tree = folder.path().join("paralint/receipts/ab");
    std::fs::write(tree.join("broken.json"), "{").unwrap();
    std::fs::write(tree.join("foreign.json"), serde_json::to_vec(&passing("cd", 2)).unwrap()).unwrap();
    std::fs::write(tree.join("long.json"), vec![b' '; (1 << 20) + 1]).unwrap();
    std::fs::write(tree.join(".x.tmp"), "{").unwrap();
    let read = store.read();
    assert_eq!(read.all, [passing("ab", 1)]);
    let problems = read.problems.join("\n");
    assert_eq!(read.problems.len(), 3, "{problems}");
    assert!(problems.contains("no receipt") && problems.contains("another tree") && problems.contains("1 MiB"), "{problems}");
    for number in 0..20 {
        std::fs::write(tree.join(format!("more-{number}.json")), "[]").unwrap();
    }
    let problems = store.read().problems;
    assert_eq!(problems.len(), 6);
    assert_eq!(problems[5], "and 18 more like these");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    Store::new(outside.path()).write(&passing("ab", 1)).unwrap();
    let there = outside.path().join("paralint");
    for (place, target) in [("paralint", there.clone()), ("paralint/receipts", there.join("receipts"))] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(place);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, &place).unwrap();
        let store = Store::new(folder.path());
        assert!(store.read().all.is_empty() && !store.read().problems.is_empty());
        assert!(store.write(&passing("cd", 2)).unwrap_err().contains("link"));
        let _ = store.clean();
        assert_eq!(Store::new(outside.path()).read().all, [passing("ab", 1)]);
    }
}

#[test]
fn old_receipts_and_old_trees_go() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let receipts = folder.path().join("paralint/receipts");
    for number in 0..MOST_TREES + 5 {
        store.write(&passing(&format!("{number:04}"), 1)).unwrap();
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + number as u64);
        std::fs::File::open(receipts.join(format!("{number:04}"))).unwrap().set_modified(old).unwrap();
    }
    store.write(&passing("ffff", 1)).unwrap();
    let left = store.read();
    assert_eq!(left.all.len(), MOST_TREES);
    assert!(left.all.iter().any(|receipt| receipt.tree == key("ffff")) && !left.all.iter().any(|receipt| receipt.tree == key("0001")));
    for _ in 0..MOST_OF_A_TREE + 3 {
        store.write(&passing("ffff", 2)).unwrap();
    }
    assert_eq!(store.read_tree(&key("ffff")).all.len(), MOST_OF_A_TREE);
}

#[test]
fn any_number_of_runs_write_at_once_and_nobody_reads_half_a_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let gates: Vec<GateReceipt> = (0..200).map(|number| gate_receipt(&format!("gate-{number}"), GateStatus::Passed)).collect();
    let running = std::sync::atomic::AtomicUsize::new(32);
    std::thread::scope(|threads| {
        for writer in 0..32 {
            let (store, gates, running) = (&store, &gates, &running);
            threads.spawn(move || {
                for number in 0..5 {
                    store.write(&receipt(["ab", "cd"][writer % 2], number, gates.clone())).unwrap();
                    store.keep_durations(&[(format!("gate-{writer}"), Duration::from_secs(1))].into()).unwrap();
                }
                running.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
            });
        }
        while running.load(std::sync::atomic::Ordering::SeqCst) > 0 {
            let read = store.read();
            assert_eq!(read.problems, Vec::<String>::new());
            assert!(read.all.iter().all(|receipt| receipt.gates == gates));
            store.durations();
        }
    });
    assert_eq!(store.read().all.len(), 160);
    assert!(!store.durations().is_empty());
    let left = std::fs::read_dir(folder.path().join("paralint/receipts/ab")).unwrap().count();
    assert_eq!(left, 80, "nothing lies beside the receipts");
}

#[test]
fn durations_are_merged_and_what_is_broken_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    assert!(store.durations().is_empty());
    store.keep_durations(&[("a".to_owned(), Duration::from_millis(1500)), ("b".to_owned(), Duration::ZERO)].into()).unwrap();
    store.keep_durations(&[("b".to_owned(), Duration::from_secs(2))].into()).unwrap();
    let expected = [("a".to_owned(), Duration::from_millis(1500)), ("b".to_owned(), Duration::from_secs(2))].into();
    assert_eq!(store.durations(), expected);
    let file = folder.path().join("paralint/durations.json");
    std::fs::write(&file, r#"{"a": -1, "b": 1e300, "c": 3}"#).unwrap();
    assert_eq!(store.durations(), [("c".to_owned(), Duration::from_secs(3))].into());
    std::fs::write(&file, "[").unwrap();
    assert!(store.durations().is_empty());
    store.keep_durations(&[("d".to_owned(), Duration::ZERO)].into()).unwrap();
    assert_eq!(store.durations().len(), 1);
}

#[test]
fn a_busy_lock_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    store.keep_durations(&[("a".to_owned(), Duration::ZERO)].into()).unwrap();
    let held = folders::open_lock(&folder.path().join("paralint/durations.lock")).unwrap();
    held.lock().unwrap();
    store.keep_durations(&[("b".to_owned(), Duration::ZERO)].into()).unwrap();
    assert_eq!(store.durations().len(), 1);
}

#[test]
fn where_nothing_can_be_written_the_path_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    let said = Store::new(&gone).write(&passing("ab", 1)).unwrap_err();
    assert!(said.contains("gone") && said.contains("No such file"), "{said}");
    std::fs::write(&gone, "").unwrap();
    assert!(Store::new(&gone).write(&passing("ab", 1)).is_err());
    assert!(Store::new(&gone).keep_durations(&[("a".to_owned(), Duration::ZERO)].into()).is_err());
}

#[test]
fn the_last_word_of_a_gate_that_ran_counts() {
    let all = vec![
        receipt("ab", 1, vec![gate_receipt("a", GateStatus::Passed), gate_receipt("b", GateStatus::Passed)]),
        receipt("ab", 2, vec![gate_receipt("a", GateStatus::Failed), gate_receipt("b", GateStatus::Cancelled)]),
        receipt("cd", 3, vec![gate_receipt("a", GateStatus::Passed), gate_receipt("c", GateStatus::Skipped)]),
        Receipt { tool: "0.0.0".to_owned(), ..receipt("ef", 4, vec![gate_receipt("a", GateStatus::Passed)]) },
    ];
    let receipts = Receipts { all, problems: Vec::new() };
    let passed = |tree: &str, name: &str, definition: &str| receipts.passed(&key(tree), name, definition).is_some();
    assert!(!passed("ab", "a", "d") && passed("ab", "b", "d") && passed("cd", "a", "d"));
    assert!(!passed("ef", "a", "d"), "another version of paralint may have meant something else");
    assert!(!passed("cd", "a", "e") && !passed("cd", "b", "d") && !passed("cd", "c", "d"));
}

fn gate(run: Command) -> Gate {
    Gate {
        name: "lint".to_owned(),
        mark: Mark::default(),
        run,
        when: When::default(),
        needs: Vec::new(),
        resources: Vec::new(),
        weight: 1,
        timeout: None,
        retries: 0,
        backoff: Duration::ZERO,
        profiles: Vec::new(),
        env: BTreeMap::new(),
        inputs: Inputs::Index,
        dir: None,
        git_env: false,
        cache: true,
    }
}

#[test]
fn what_changes_what_passing_means_changes_the_definition() {
    let shell = gate(Command::Shell("make".to_owned()));
    let plain = definition(&shell, &[]);
    assert_eq!(definition(&Gate { timeout: Some(Duration::ZERO), retries: 3, needs: vec!["x".to_owned()], ..shell.clone() }, &[]), plain);
    let others = [
        definition(&gate(Command::Words(vec!["make".to_owned()])), &[]),
        definition(&gate(Command::Shell("make ".to_owned())), &[]),
        definition(&Gate { dir: Some("a".to_owned()), ..shell.clone() }, &[]),
        definition(&Gate { env: [("a".to_owned(), "b".to_owned())].into(), ..shell.clone() }, &[]),
        definition(&Gate { inputs: Inputs::Worktree, ..shell.clone() }, &[]),
        definition(&Gate { git_env: true, ..shell.clone() }, &[]),
        definition(&shell, &[RepoPath::from("a")]),
    ];
    let told: std::collections::BTreeSet<&String> = others.iter().chain([&plain]).collect();
    assert_eq!(told.len(), others.len() + 1);
}

proptest! {
    #[test]
    fn no_two_commands_have_one_definition(
        one in prop::collection::vec("[a 1:\n]{0,3}", 1..4),
        other in prop::collection::vec("[a 1:\n]{0,3}", 1..4),
    ) {
        let same = definition(&gate(Command::Words(one.clone())), &[]) == definition(&gate(Command::Words(other.clone())), &[]);
        prop_assert_eq!(one == other, same);
    }
}
