//! Rules about locks, phases and progress files, over state made by hand: what fixtures cannot say in few words.

use crate::check::{Material, check};
use crate::config::Config;
use crate::model::change::{ChangeSet, Source};
use crate::model::finding::{Finding, Severity};
use crate::model::moment::Moment;
use crate::model::path::RepoPath;
use crate::model::session::{Dispatch, Session, Status, Timing};
use crate::model::state::TaskStatus::{Completed, InProgress, Pending};
use crate::model::state::{DependencyGraph, GraphGroup, Lock, ParallelStatus, ProgressPage, ProgressWave, State, Task, Wave, WaveState};
use crate::work::samples::{at, changes, dispatch, lock, state, task, text, texts, workflow};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;
const NOW: Moment = Moment(1000 * HOUR);

fn found(material: Material) -> Vec<Finding> {
    check(Material { now: NOW, ..material }, &Config::default()).unwrap().outcome.findings
}

fn rules(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule).collect()
}

fn with_state(state: State) -> Vec<Finding> {
    found(Material { state, ..Material::default() })
}

fn commit(agent: &str, files: &[&str]) -> ChangeSet {
    ChangeSet {
        is_commit: true,
        name: agent.to_owned(),
        trailers: vec![("Agent".to_owned(), agent.to_owned())],
        ..changes(Source::Range, files)
    }
}

#[test]
fn in_a_range_one_path_of_one_holder_is_told_once_and_at_its_worst() {
    let whole = changes(Source::Range, &["src/a.rs", "src/b.rs"]);
    let sets = vec![whole, commit("task-2", &["src/a.rs"]), commit("task-1", &["src/b.rs"])];
    let state = state(vec![], vec![lock("task-2", &["/src/"], None, None)], &[]);
    let findings = found(Material { changes: sets, state, range: true, ..Material::default() });
    let told: Vec<_> = findings.iter().map(|one| (one.location.path.as_str(), one.severity)).collect();
    assert_eq!(told, [("src/b.rs", Severity::Error), ("src/a.rs", Severity::Note)]);
}

#[test]
fn globs_of_two_holders_conflict_where_a_file_proves_it() {
    let locks = || vec![lock("a", &["src/*.rs"], None, None), lock("b", &["src/m*"], None, None)];
    let with = |tracked: &[&str]| {
        let tracked = tracked.iter().map(|path| RepoPath::from(*path)).collect();
        found(Material { state: state(vec![], locks(), &[]), tracked, ..Material::default() })
    };
    assert_eq!(rules(&with(&["src/a.rs", "src/main.rs", "src/mod.rs"])), ["lock-conflict"]);
    assert!(with(&["src/a.rs", "src/m.md"]).is_empty());
}

fn wave(number: u32, state: Option<WaveState>, boxes: &[bool]) -> ProgressWave {
    let boxes = boxes.iter().map(|ticked| at((*ticked, "Task 1: x".to_owned()))).collect();
    ProgressWave { wave: at(number), state, tasks: None, boxes }
}

fn page(waves: Vec<ProgressWave>) -> State {
    let page = ProgressPage { path: "execution-progress.md".to_owned(), waves, ..ProgressPage::default() };
    State { progress: Some(page), ..State::default() }
}

#[test]
fn a_wave_that_begins_early_is_told_once() {
    let (done, running, waiting) = (Some(WaveState::Done), Some(WaveState::Running), Some(WaveState::Waiting));
    let count = |waves| rules(&with_state(page(waves))).iter().filter(|rule| **rule == "unsynchronised").count();
    assert_eq!(count(vec![wave(1, running, &[true, false]), wave(2, running, &[true])]), 1);
    assert_eq!(count(vec![wave(1, None, &[true, false]), wave(2, None, &[true])]), 1);
    assert_eq!(count(vec![wave(1, None, &[true, false]), wave(2, waiting, &[false])]), 0);
    assert_eq!(count(vec![wave(1, done, &[]), wave(2, running, &[])]), 0);
    // Another feature begins at 1 again.
    assert_eq!(count(vec![wave(1, done, &[]), wave(2, running, &[]), wave(1, done, &[])]), 0);
    // What says nothing proves nothing.
    assert_eq!(count(vec![wave(1, None, &[]), wave(2, running, &[])]), 0);
}

#[test]
fn boxes_and_numbers_have_to_agree_where_both_speak() {
    let count = |waves: Vec<ProgressWave>, completed: (u32, Option<u32>)| {
        let mut state = page(waves);
        state.progress.as_mut().unwrap().completed = Some(at(completed));
        rules(&with_state(state)).iter().filter(|rule| **rule == "status-mismatch").count()
    };
    let done = Some(WaveState::Done);
    assert_eq!(count(vec![wave(1, done, &[true, true])], (2, Some(2))), 0);
    assert_eq!(count(vec![wave(1, done, &[true, true])], (3, Some(5))), 1);
    assert_eq!(count(vec![wave(1, done, &[true, true])], (1, Some(2))), 1);
    assert_eq!(count(vec![wave(1, done, &[true, true])], (2, Some(1))), 1);
    assert_eq!(count(vec![wave(1, done, &[true, false])], (1, Some(2))), 1, "done with an open box");
    let with_heading = ProgressWave { tasks: Some(5), ..wave(1, done, &[]) };
    assert_eq!(count(vec![with_heading, wave(2, None, &[true])], (6, None)), 0, "five by the heading");
    assert_eq!(count(vec![wave(1, done, &[]), wave(2, None, &[true])], (9, None)), 0, "a wave that gives no number");
    let mut none = page(vec![wave(1, done, &[])]);
    none.progress.as_mut().unwrap().completed = Some(at((9, None)));
    assert!(with_state(none).is_empty(), "no box at all");
}

fn timed(id: &str, kind: &str, turn: u32, start: i64, end: i64) -> Dispatch {
    Dispatch {
        agent_type: Some(kind.to_owned()),
        turn,
        started: Some(Moment(start)),
        ended: Some(Moment(end)),
        timing: Timing::Transcript,
        ..dispatch(id, "work", Status::Completed, &[])
    }
}

fn with_sessions(state: State, dispatches: Vec<Dispatch>) -> Vec<Finding> {
    let transcripts = vec![crate::model::session::Transcript { path: "s.jsonl".to_owned(), ..Default::default() }];
    let session = Session {
        path: "s.jsonl".to_owned(),
        dispatches,
        transcripts,
        started: Some(Moment(0)),
        ended: Some(Moment(100_000)),
        ..Session::default()
    };
    found(Material { state, sessions: vec![session], ..Material::default() })
}

#[test]
fn agents_of_a_phase_keep_their_order_in_logs() {
    let count = |dispatches| rules(&with_sessions(State::default(), dispatches)).iter().filter(|rule| **rule == "phase-order").count();
    let (planner, designer) = ("architecture-planner", "api-contract-designer");
    assert_eq!(count(vec![timed("a", planner, 1, 0, 50_000), timed("b", designer, 1, 20_000, 60_000)]), 1);
    assert_eq!(count(vec![timed("a", planner, 1, 0, 50_000), timed("b", designer, 1, 50_000, 60_000)]), 0);
    assert_eq!(count(vec![timed("b", designer, 1, 0, 10_000), timed("a", planner, 1, 20_000, 50_000)]), 1);
    assert_eq!(count(vec![timed("b", designer, 1, 0, 10_000), timed("a", planner, 2, 20_000, 50_000)]), 0, "other work");
    assert_eq!(count(vec![timed("b", designer, 1, 0, 10_000)]), 0);
}

#[test]
fn a_speed_up_is_held_against_the_best_batch() {
    let with = |speedup: f64, dispatches: Vec<Dispatch>| {
        let mut state = page(vec![wave(1, None, &[true])]);
        state.progress.as_mut().unwrap().speedup = Some(at(speedup));
        with_sessions(state, dispatches).into_iter().filter(|one| one.rule == "status-mismatch").map(|one| one.severity).collect::<Vec<_>>()
    };
    let pair = || vec![timed("a", "x", 1, 0, 50_000), timed("b", "x", 1, 0, 50_000)];
    assert_eq!(with(6.2, pair()), [Severity::Note], "no session wrote the page");
    assert!(with(2.4, pair()).is_empty());
    let untimed = dispatch("c", "work", Status::Completed, &[]);
    assert!(with(6.2, pair().into_iter().chain([untimed]).collect()).is_empty(), "what was not timed may have been best");
    assert!(with(6.2, vec![]).is_empty());
}

#[test]
fn tasks_that_no_agent_finished_are_told_where_they_ended_in_the_session() {
    let done =
        |id: &str, at: i64| Task { completed: Some(crate::work::samples::at(Moment(at))), ..task(id, "general-purpose", Completed, &[]) };
    let count = |tasks: Vec<Task>, dispatches: Vec<Dispatch>| {
        let findings = with_sessions(state(tasks, vec![], &[]), dispatches);
        rules(&findings).iter().filter(|rule| **rule == "status-mismatch").count()
    };
    let one = || vec![timed("a", "x", 1, 0, 50_000)];
    assert_eq!(count(vec![done("t1", 10), done("t2", 20)], one()), 1);
    assert_eq!(count(vec![done("t1", 10)], one()), 0);
    assert_eq!(count(vec![done("t1", 10), done("t2", 200_000)], one()), 0, "ended in no session");
    assert_eq!(count(vec![done("t1", 10), done("t2", 20)], vec![]), 0, "no agents at all");
}

#[test]
fn wave_files_of_two_features_are_not_compared() {
    let file = |number: u32, feature: &str, stamp: i64| Wave {
        path: format!("wave-{number}-{feature}.yaml"),
        wave: at(number),
        feature: Some(feature.to_owned()),
        timestamp: Some(at(Moment(stamp))),
        ..Wave::default()
    };
    let count = |waves| rules(&with_state(State { waves, ..State::default() })).len();
    assert_eq!(count(vec![file(2, "a", 10), file(1, "a", 20)]), 1);
    assert_eq!(count(vec![file(1, "a", 10), file(2, "a", 10), file(1, "b", 5)]), 0);
}

#[test]
fn what_is_complete_is_known_only_from_a_workflow() {
    let status = ParallelStatus { phase: Some(text("implementation")), ..ParallelStatus::default() };
    let changes = vec![changes(Source::Staged, &["src/a.rs"])];
    let state = State { status: Some(status), ..State::default() };
    assert!(found(Material { changes, state, ..Material::default() }).is_empty());
}

#[test]
fn phases_that_are_called_complete_too_early_are_a_note() {
    let findings = with_state(workflow(None, &["architecture", "implementation"]));
    assert_eq!(findings.iter().map(|one| (one.rule, one.severity)).collect::<Vec<_>>(), [("phase-order", Severity::Note)]);
    assert!(with_state(workflow(None, &["architecture", "test_definition", "implementation"])).is_empty());
}

fn graph(groups: &[(&str, &[&str], &[&str])]) -> DependencyGraph {
    let group = |(name, components, needs): &(&str, &[&str], &[&str])| GraphGroup {
        group: text(name),
        components: texts(components),
        depends_on: texts(needs),
    };
    DependencyGraph { path: "DEPENDENCY_GRAPH.json".to_owned(), groups: groups.iter().map(group).collect() }
}

#[test]
fn thousands_of_everything_are_not_compared_each_with_each() {
    let names: Vec<String> = (0..5000).map(|number| format!("task-{number}")).collect();
    let tasks = names.iter().map(|name| task(name, "general-purpose", InProgress, &[])).collect();
    let locks: Vec<Lock> = names.iter().map(|name| lock(name, &["/src/", &format!("/src/{name}/")], None, None)).collect();
    let mut state = state(tasks, locks, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let previous: Vec<String> = (0..5000).map(|number| format!("task-{}", number + 1)).collect();
    let groups: Vec<GraphGroup> = names
        .iter()
        .zip(&previous)
        .map(|(name, need)| GraphGroup { group: text(name), components: texts(&[name.as_str()]), depends_on: texts(&[need.as_str()]) })
        .collect();
    state.graph = Some(DependencyGraph { path: String::new(), groups });
    let files: Vec<String> = (0..5000).map(|number| format!("src/task-{number}/a.rs")).collect();
    let changes = vec![changes(Source::Staged, &files.iter().map(String::as_str).collect::<Vec<_>>())];
    let findings = found(Material { changes, state, ..Material::default() });
    assert!(!findings.is_empty());
    // What would compare each with each would not come to an end here.
    assert!(findings.len() < 30_000, "{}", findings.len());
}

proptest! {
    #[test]
    fn no_order_changes_a_finding(order in Just((0..5).collect::<Vec<usize>>()).prop_shuffle()) {
        let tasks = [
            task("a", "x", InProgress, &["/src/"]), task("b", "y", Completed, &[]), task("c", "y", Pending, &[]),
            task("d", "z", InProgress, &["/docs/"]), task("e", "z", Completed, &["/x/"]),
        ];
        let locks = [
            lock("a", &["src/x/", "docs/"], None, None), lock("f", &["/src/"], None, None), lock("g", &["/src/x/a.rs"], Some(0), None),
            lock("b", &["/"], None, None), lock("h", &["src/*.rs", "docs/a.md"], None, None),
        ];
        let groups: [(&str, &[&str], &[&str]); 5] =
            [("1", &["a"], &["5"]), ("2", &["b"], &["1"]), ("3", &["c", "d"], &["2", "9"]), ("4", &["e"], &["3"]), ("5", &[], &["2"])];
        let pick = |order: &[usize]| {
            let chosen: Vec<_> = order.iter().map(|index| groups[*index]).collect();
            let tasks = order.iter().map(|index| tasks[*index].clone()).collect();
            let locks = order.iter().rev().map(|index| locks[*index].clone()).collect();
            let mut state = state(tasks, locks, &["q", "a"]);
            state.graph = Some(graph(&chosen));
            let workflow = workflow(Some("architecture"), &[]).workflow.unwrap();
            state.workflow = state.workflow.map(|active| crate::model::state::Workflow { active_tasks: active.active_tasks, ..workflow });
            let tracked = vec![RepoPath::from("docs/a.md"), RepoPath::from("src/main.rs")];
            found(Material { state, tracked, changes: vec![changes(Source::Staged, &["docs/a.md", "src/x/a.rs"])], ..Material::default() })
        };
        prop_assert_eq!(pick(&order), pick(&[0, 1, 2, 3, 4]));
    }
}
