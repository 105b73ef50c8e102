use super::*;
use crate::model::state::Task;
use crate::model::state::TaskStatus::{Completed, InProgress};
use crate::work::samples;
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;
const NOW: Moment = Moment(100 * HOUR);

fn count(state: &State, sessions: &[Audited]) -> usize {
    activity(state, None, sessions, &Config::default(), NOW).tasks.len()
}

fn task(id: &str, paths: &[&str]) -> Task {
    samples::task(id, "general-purpose", InProgress, paths)
}

#[test]
fn one_task_that_three_files_name_counts_once() {
    let locks = vec![samples::lock("task-1", &["/src/a/"], None, None), samples::lock("task-1", &["/src/b/"], None, None)];
    let state = samples::state(vec![task("task-1", &["/src/a/"])], locks, &["task-1"]);
    let found = activity(&state, None, &[], &Config::default(), NOW);
    assert_eq!(found.tasks.len(), 1);
    assert_eq!(found.tasks[0].sources, [STATUS, LOCKS, ACTIVE]);
    assert!(!found.is_parallel());
}

#[test]
fn what_has_no_common_name_joins_by_place_but_two_holders_stay_two() {
    let holders = |paths: &[&str]| -> Vec<_> {
        paths.iter().enumerate().map(|(index, path)| samples::lock(&format!("task-12{index}"), &[path], None, None)).collect()
    };
    let trading = || vec![task("task-1", &["/src/trading/"])];
    assert_eq!(count(&samples::state(trading(), holders(&["/src/trading/engine.rs"]), &["/src/trading/"]), &[]), 1);
    assert_eq!(count(&samples::state(trading(), holders(&["/src/trading/a.rs", "/src/trading/b.rs"]), &[]), &[]), 2);
    assert_eq!(count(&samples::state(trading(), holders(&["/docs/"]), &[]), &[]), 2);
}

#[test]
fn what_has_ended_is_not_at_work() {
    let done = samples::task("task-2", "general-purpose", Completed, &[]);
    let locks = vec![samples::lock("task-2", &["/b/"], None, None), samples::lock("old", &["/c/"], Some(0), None)];
    assert_eq!(count(&samples::state(vec![task("task-1", &[]), done], locks, &[]), &[]), 1);
}

#[test]
fn open_dispatches_count_where_the_log_is_fresh_and_files_name_fewer() {
    let open = |id: &str| samples::dispatch(id, "work", Status::Running, &[]);
    let log = |dispatches: Vec<_>, hours: i64| [samples::session(dispatches, NOW.0 - hours * HOUR)];
    let none = State::default();
    assert_eq!(count(&none, &log(vec![open("a"), open("b")], 1)), 2);
    assert_eq!(count(&none, &log(vec![open("a"), open("b")], 7)), 0);
    let two = samples::state(vec![task("task-1", &[]), task("task-2", &[])], vec![], &[]);
    assert_eq!(count(&two, &log(vec![open("a"), open("b")], 1)), 2);
    assert_eq!(count(&two, &log(vec![open("a"), open("b"), open("c")], 1)), 3);
    let named = samples::dispatch("d", "task-3: reports", Status::Running, &[]);
    let three = samples::task("task-3", "general-purpose", Completed, &[]);
    let one = samples::state(vec![task("task-1", &[]), three], vec![], &[]);
    assert_eq!(count(&one, &log(vec![named, open("a")], 1)), 2);
    let child = crate::model::session::Dispatch { parent: Some("a".to_owned()), ..open("b") };
    assert_eq!(count(&none, &log(vec![open("a"), child], 1)), 1);
    let ended = samples::dispatch("a", "work", Status::Completed, &[]);
    let copies = [samples::session(vec![open("a")], NOW.0), samples::session(vec![ended], NOW.0)];
    assert_eq!(count(&none, &copies), 0);
}

proptest! {
    #[test]
    fn no_order_of_the_files_changes_the_answer(order in Just((0..4).collect::<Vec<usize>>()).prop_shuffle()) {
        let tasks = [task("task-1", &["/a/"]), task("task-2", &["/b/"]), task("task-3", &["/a/x/"]), task("task-4", &[])];
        let locks = [("l1", "/a/x/"), ("l2", "/a/"), ("task-4", "/b/"), ("l3", "/d/")];
        let pick = |order: &[usize]| {
            let tasks = order.iter().map(|index| tasks[*index].clone()).collect();
            let locks = order.iter().rev().map(|index| samples::lock(locks[*index].0, &[locks[*index].1], None, None)).collect();
            activity(&samples::state(tasks, locks, &["x", "l1"]), None, &[], &Config::default(), NOW)
        };
        prop_assert_eq!(pick(&order), pick(&[0, 1, 2, 3]));
    }
}
