use super::{View, lines};
use crate::gates::run::{Event, Running};
use crate::model::gate::GateStatus;
use crate::report::gates::board::Board;
use crate::report::gates::tests::{ended, rows, running};
use crate::report::gates::{Look, Row};
use crate::report::text::columns;
use proptest::prelude::*;
use std::time::Duration;

const LOOK: Look = Look { width: 80, unicode: true, colour: false, verbose: false };

/// A board after some gates have ended and others have begun, and what stands behind each name.
fn board(rows: Vec<Row>, ends: &[(usize, GateStatus)], runs: &[Running<'_>]) -> (Board, Vec<String>) {
    let endings = (0..rows.len()).map(|job| format!("ending-{job}")).collect();
    let mut board = Board::new(rows);
    for (job, status) in ends {
        board.hear(&Event::Ended { job: *job, ended: &ended(*status, 400, "") });
    }
    board.hear(&Event::Tick { elapsed: Duration::ZERO, running: runs });
    (board, endings)
}

fn show(board: &Board, endings: &[String], running: &[Running<'_>], look: Look, height: usize) -> Vec<String> {
    lines(&View { board, endings, running, jobs: 2, frame: 2 }, look, height)
}

fn sketch() -> Vec<Row> {
    let mut rows = rows(&["fmt", "clippy", "test", "doc"]);
    rows[3].needs = vec![1];
    for (row, seconds) in rows.iter_mut().zip([1, 14, 31, 5]) {
        row.expected = Some(Duration::from_secs(seconds));
    }
    rows
}

#[test]
fn the_view_is_as_the_sketch_has_it() {
    let runs = [running(1, 12_100, "\u{1b}[32m    Checking\u{1b}[0m paralint v0.1.0\r"), running(2, 12_100, "running 214 tests")];
    let (board, mut endings) = board(sketch(), &[(0, GateStatus::Passed)], &runs);
    endings[0] = "0.4s".into();
    let expected = [
        "  ✓ fmt 0.4s",
        "  ⠹ clippy   12.1s  Checking paralint v0.1.0",
        "  ⠹ test     12.1s  running 214 tests",
        "  · doc             waits for clippy",
        "  1 passed, 2 running, 1 waiting; about 19s left",
    ];
    assert_eq!(show(&board, &endings, &runs, LOOK, 24), expected);
    let ascii = show(&board, &endings, &runs, Look { unicode: false, ..LOOK }, 24);
    assert_eq!((ascii[0].as_str(), ascii[1].as_str()), ("  v fmt 0.4s", "  - clippy   12.1s  Checking paralint v0.1.0"));
    assert!(ascii.iter().all(|line| line.is_ascii()));
}

#[test]
fn what_cannot_be_estimated_is_not() {
    let mut rows = sketch();
    rows[3].expected = None;
    let runs = [running(1, 12_100, "")];
    let (unknown, endings) = board(rows, &[(0, GateStatus::Passed)], &runs);
    assert_eq!(show(&unknown, &endings, &runs, LOOK, 24).last().unwrap(), "  1 passed, 1 running, 2 waiting");
    // What takes longer than it used to has no time left to tell.
    let runs = [running(3, 60_000, "")];
    let ends = [(0, GateStatus::Passed), (1, GateStatus::Passed), (2, GateStatus::Failed)];
    let (late, endings) = board(sketch(), &ends, &runs);
    assert_eq!(show(&late, &endings, &runs, LOOK, 24).last().unwrap(), "  2 passed, 1 failed, 1 running");
}

#[test]
fn an_estimate_is_bounded_by_chains_and_by_jobs() {
    let left = |jobs| board(sketch(), &[], &[running(2, 1_000, "")]).0.left(&[running(2, 1_000, "")], jobs);
    // 1 + 14 + 30 + 5 seconds of work; the longest chain is `test` alone.
    assert_eq!([1, 2, 9].map(left), [50, 30, 30].map(|seconds| Some(Duration::from_secs(seconds))));
}

#[test]
fn where_there_is_no_room_what_passed_is_folded_first() {
    let names: Vec<String> = (0..30).map(|number| format!("gate-{number}")).collect();
    let rows = rows(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut ends: Vec<(usize, GateStatus)> = (0..20).map(|job| (job, GateStatus::Passed)).collect();
    ends[3].1 = GateStatus::Failed;
    let runs = [running(20, 1_000, "x"), running(21, 1_000, "y")];
    let (board, endings) = board(rows, &ends, &runs);
    let expected = [
        "  ✓ 18 passed",
        "  ✗ gate-3 ending-3",
        "  ✓ gate-19 ending-19",
        "  ⠹ gate-20    1.0s  x",
        "  ⠹ gate-21    1.0s  y",
        "  · gate-22          waits for its turn",
        "  · gate-23          waits for its turn",
        "  · gate-24          waits for its turn",
        "  … 5 more waiting",
        "  19 passed, 1 failed, 2 running, 8 waiting",
    ];
    assert_eq!(show(&board, &endings, &runs, LOOK, 10), expected);
    let expected = ["  ✓ 19 passed", "  ✗ gate-3 ending-3", "  ⠹ gate-20    1.0s  x", "  ⠹ gate-21    1.0s  y", "  … 8 more waiting"];
    assert_eq!(show(&board, &endings, &runs, LOOK, 6)[..5], expected);
    assert_eq!(show(&board, &endings, &runs, LOOK, 1), ["  19 passed, 1 failed, 2 running, 8 waiting"]);
}

#[test]
fn an_interruption_is_told_instead_of_the_sum() {
    let runs = [running(1, 12_100, ""), running(2, 12_100, "")];
    let (mut board, endings) = board(sketch(), &[], &runs);
    board.hear(&Event::Interrupted { signal: 2 });
    assert_eq!(show(&board, &endings, &runs, LOOK, 24).last().unwrap(), "  interrupted by SIGINT: ending 2 gates (again to kill)");
}

#[test]
fn what_is_tried_again_waits() {
    let (mut board, endings) = board(rows(&["flaky"]), &[], &[running(0, 1, "")]);
    let event = Event::Retry { job: 0, attempt: 1, ended: &ended(GateStatus::Failed, 1, ""), wait: Duration::from_secs(1) };
    board.hear(&event);
    assert_eq!(show(&board, &endings, &[], LOOK, 24), ["  · flaky          waits for its next attempt", "  1 waiting"]);
}

fn status() -> impl Strategy<Value = Option<GateStatus>> {
    let all = vec![GateStatus::Passed, GateStatus::Failed, GateStatus::Leaked, GateStatus::Skipped, GateStatus::Cancelled];
    prop::option::of(prop::sample::select(all))
}

proptest! {
    #[test]
    fn never_more_lines_nor_columns_than_there_are(
        gates in prop::collection::vec(("\\PC{0,40}|[\\x00-\\x7f]{0,9}|gate", status(), any::<bool>()), 0..60),
        width in 0_usize..130,
        height in 0_usize..40,
        unicode: bool,
        signal in prop::option::of(1_i32..64),
    ) {
        let names: Vec<&str> = gates.iter().map(|(name, ..)| name.as_str()).collect();
        let mut rows = rows(&names);
        for (job, row) in rows.iter_mut().enumerate() {
            row.needs = (0..job).step_by(7).collect();
            row.expected = (job % 5 > 0).then(|| Duration::from_secs(job as u64));
        }
        let ends: Vec<(usize, GateStatus)> = gates.iter().enumerate().filter_map(|(job, gate)| Some((job, gate.1?))).collect();
        let open = gates.iter().enumerate().filter(|(_, (_, status, runs))| status.is_none() && *runs);
        let runs: Vec<Running<'_>> = open.map(|(job, (name, ..))| running(job, 60_000 * job as u64, name)).collect();
        let (mut board, endings) = board(rows, &ends, &runs);
        if let Some(signal) = signal {
            board.hear(&Event::Interrupted { signal });
        }
        let look = Look { width, unicode, ..LOOK };
        let shown = show(&board, &endings, &runs, look, height);
        prop_assert!(shown.len() <= height, "{shown:?}");
        prop_assert_eq!(shown.is_empty(), height == 0);
        for line in &shown {
            prop_assert!(width < 4 || columns(line) <= width, "{line:?} in {width}");
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
            prop_assert!(unicode || line.is_ascii());
        }
        // As long as there is room for all of it, all of it is there.
        if gates.len() < height && board.all(|state| state == crate::report::gates::board::State::Waiting).len() <= 3 {
            prop_assert_eq!(shown.len(), gates.len() + 1);
        }
    }
}
