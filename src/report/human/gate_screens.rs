//! What people see of gates when a run has ended.

use super::Style;
use super::show;
use crate::gates::command::again;
use crate::model::gate::{Bound, Captured, GateRun, GateStatus, GatesRun, Leak, Leftover};
use crate::model::mark::Mark;
use crate::report::assemble;
use crate::report::example::{not_checked, report};
use crate::report::text::{columns, command_at};
use crate::report::v1::Report;
use proptest::prelude::*;
use std::time::Duration;

const PLAIN: Style = Style { width: 80, unicode: true, colour: false, verbose: false };
const ASCII: Style = Style { unicode: false, ..PLAIN };
const NARROW: Style = Style { width: 60, ..PLAIN };
const VERBOSE: Style = Style { verbose: true, ..PLAIN };
const COLOUR: Style = Style { colour: true, ..PLAIN };

fn gate(name: &str, status: GateStatus, milliseconds: u64) -> GateRun {
    let ran = !matches!(status, GateStatus::Skipped | GateStatus::Planned | GateStatus::Unavailable);
    let time = ran.then(|| Duration::from_millis(milliseconds));
    GateRun {
        name: name.into(),
        mark: Mark { path: "paralint.toml".into(), line: 12, column: 1, end_column: 8, text: "[gates.x]".into() },
        command: format!("cargo {name}"),
        status,
        exit_code: (status == GateStatus::Failed).then_some(101),
        signal: None,
        why: None,
        uncalled: false,
        started: None,
        wall: time,
        ran: time,
        backed_off: None,
        cpu: time.map(|time| time * 2),
        peak_memory: time.map(|_| 214_300_000),
        attempts: u32::from(ran),
        cached: false,
        leak: None,
        output: Captured::default(),
        needs: Vec::new(),
        resources: Vec::new(),
        expected: None,
        again: again(&[], name),
    }
}

fn printed(text: &str) -> Captured {
    Captured { head: text.as_bytes().to_vec(), ..Captured::default() }
}

fn run(gates: Vec<GateRun>, wall: u64, work: u64, critical: u64, chain: &[&str]) -> GatesRun {
    GatesRun {
        gates,
        wall: Duration::from_millis(wall),
        work: Duration::from_millis(work),
        critical_path: Duration::from_millis(critical),
        bound: Bound::Chain(chain.iter().map(|name| (*name).to_owned()).collect()),
        signal: None,
        listed: false,
    }
}

fn of(run: &GatesRun) -> Report {
    let (gates, summary) = assemble::gates::gates(run);
    let mut report = report(Vec::new(), Vec::new());
    (report.command, report.sessions) = ("gates".into(), None);
    report.checked.clear();
    (report.gates, report.gates_summary) = (Some(gates), Some(summary));
    report
}

fn last_line(shown: &str) -> &str {
    shown.lines().last().unwrap_or_default()
}

/// The sketch of the documents.
fn sketch() -> GatesRun {
    let said = "\n---- claims::negation_is_no_claim ----\nleft: Some(Claim { agents: 3 })  right: None\n\n";
    let gates = vec![
        gate("fmt", GateStatus::Passed, 400),
        gate("clippy", GateStatus::Passed, 14_200),
        GateRun { output: printed(said), ..gate("test", GateStatus::Failed, 18_900) },
        gate("doc", GateStatus::Passed, 4_600),
    ];
    run(gates, 19_000, 38_100, 18_900, &["test"])
}

fn everything() -> GatesRun {
    let left = |pid, command: &str| Leftover { pid, command: command.into() };
    let leak = Leak { processes: vec![left(4711, "sleep 100"), left(4712, "")], output_held: false };
    let why = |text: &str| Some(text.to_owned());
    let long = Captured {
        head: b"first line\nsecond li".to_vec(),
        tail: b"ne cut\n\x1b[31merror\x1b[0m: the last\n".to_vec(),
        omitted: 12_345_678,
        file: Some(".git/paralint/output/lint.log".into()),
        file_error: None,
    };
    let gates = vec![
        gate("fmt", GateStatus::Passed, 40),
        GateRun { cached: true, attempts: 0, wall: None, ..gate("clippy", GateStatus::Passed, 0) },
        GateRun { attempts: 3, output: printed("flaky\n"), ..gate("end-to-end", GateStatus::Passed, 65_000) },
        GateRun { output: long, ..gate("lint", GateStatus::Failed, 2_000) },
        GateRun { exit_code: None, signal: Some(9), ..gate("test", GateStatus::Failed, 18_900) },
        GateRun { output: printed("still waiting\n"), ..gate("slow", GateStatus::Timeout, 600_400) },
        GateRun { why: why("no such command: typoss"), ..gate("typos", GateStatus::Unavailable, 0) },
        GateRun { leak: Some(leak), ..gate("server", GateStatus::Leaked, 1_200) },
        GateRun { leak: Some(Leak { output_held: true, ..Leak::default() }), ..gate("daemon", GateStatus::Leaked, 900) },
        GateRun { why: why("test failed"), ..gate("doc", GateStatus::Skipped, 0) },
        GateRun { output: printed("half a"), ..gate("bench", GateStatus::Cancelled, 500) },
    ];
    GatesRun { bound: Bound::Resource("cargo-target".into()), ..run(gates, 601_000, 690_000, 600_400, &[]) }
}

#[test]
fn one_of_four_failed() {
    insta::assert_snapshot!("gates_sketch", show(&of(&sketch()), &PLAIN));
    let shown = show(&of(&sketch()), &Style { width: 120, ..PLAIN });
    assert_eq!(last_line(&shown), "1 of 4 gates failed in 19.0s: 38.1s of work, 2.0 at once, critical path 18.9s (test)");
    // Where the names have no room, the numbers do.
    assert_eq!(last_line(&show(&of(&sketch()), &PLAIN)), "1 of 4 gates failed in 19.0s: 38.1s of work, 2.0 at once, critical path 18.9s");
}

#[test]
fn every_end_is_told() {
    let report = of(&everything());
    insta::assert_snapshot!("gates_everything", show(&report, &PLAIN));
    insta::assert_snapshot!("gates_everything_ascii", show(&report, &ASCII));
    insta::assert_snapshot!("gates_everything_narrow", show(&report, &NARROW));
    insta::assert_snapshot!("gates_everything_verbose", show(&report, &VERBOSE));
    let shown = show(&report, &PLAIN);
    for told in ["exit 101", "killed by SIGKILL", "timed out after 10m 00s", "could not start: no such command: typoss", "4711 sleep 100"] {
        assert_eq!(shown.matches(told).count(), 1, "{told}");
    }
    assert!(shown.contains("… 12.3 MB left out, all of it in .git/paralint/output/lint.log …"), "{shown}");
    assert!(show(&report, &COLOUR).contains("\u{1b}[31merror\u{1b}[0m: the last"));
}

#[test]
fn what_passed_is_a_line() {
    let cached = GateRun { cached: true, attempts: 0, wall: None, ..gate("clippy", GateStatus::Passed, 0) };
    let skipped =
        GateRun { uncalled: true, why: Some("no changed file matches **/*.md".into()), ..gate("spelling", GateStatus::Skipped, 0) };
    let passed = run(vec![gate("fmt", GateStatus::Passed, 400), cached.clone(), skipped.clone()], 410, 400, 400, &["fmt"]);
    let expected = "  ✓ fmt 0.4s   ✓ clippy cached   - spelling skipped\n\n\
        2 gates passed in 0.4s (1 cached, 1 skipped): 0.4s of work, 1.0 at once, critical path 0.4s (fmt)\n";
    assert_eq!(show(&of(&passed), &Style { width: 100, ..PLAIN }), expected);
    let nothing = run(vec![cached], 0, 0, 0, &[]);
    assert_eq!(show(&of(&nothing), &PLAIN), "  ✓ clippy cached\n\n1 gate passed (1 cached)\n");
    let uncalled = run(vec![skipped], 0, 0, 0, &[]);
    let expected = "  -  spelling  skipped: no changed file matches **/*.md\n\nnothing to run: 1 gate skipped\n";
    assert_eq!(show(&of(&uncalled), &PLAIN), expected);
}

#[test]
fn a_list_tells_the_order_and_why() {
    let planned = |name: &str, expected: Option<u64>, why: &str, needs: &[&str]| GateRun {
        why: Some(why.into()),
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        expected: expected.map(Duration::from_millis),
        ..gate(name, GateStatus::Planned, 0)
    };
    let gates = vec![
        planned("fmt", Some(400), "always", &[]),
        GateRun {
            resources: vec!["cargo-target".into()],
            ..planned("clippy", Some(14_200), "src/a.rs and 12 more files changed", &["fmt"])
        },
        GateRun { uncalled: true, why: Some("not in profile production".into()), ..gate("mutants", GateStatus::Skipped, 0) },
        planned("new", None, "named", &["fmt", "clippy"]),
    ];
    let list = GatesRun { listed: true, ..run(gates, 0, 14_600, 14_600, &["fmt", "clippy"]) };
    let report = of(&list);
    assert_eq!(report.gates_summary.as_ref().unwrap().effective_concurrency, None);
    insta::assert_snapshot!("gates_list", show(&report, &PLAIN));
    insta::assert_snapshot!("gates_list_ascii", show(&report, &ASCII));
    insta::assert_snapshot!("gates_list_verbose", show(&report, &VERBOSE));
    assert_eq!(last_line(&show(&report, &PLAIN)), "3 gates would run (1 skipped): 14.6s of work, critical path 14.6s (fmt, clippy)");
}

#[test]
fn a_list_without_times_names_no_longest_gate() {
    let planned = |name: &str| GateRun { why: Some("always".into()), ..gate(name, GateStatus::Planned, 0) };
    let cached = GateRun { cached: true, why: Some("passed for this tree already".into()), ..planned("c") };
    let list = |chain: &[&str]| GatesRun { listed: true, ..run(vec![planned("a"), planned("b"), cached.clone()], 0, 0, 0, chain) };
    let shown = show(&of(&list(&["a"])), &PLAIN);
    assert_eq!(last_line(&shown), "2 gates would run, 1 has passed already: no times recorded yet");
    assert!(shown.contains("  ✓  c  passed for this tree already\n") && !shown.contains("  3  "), "{shown}");
    let shown = show(&of(&list(&["a", "b"])), &PLAIN);
    assert!(last_line(&shown).ends_with("no times recorded yet"), "{shown}");
    let shown = show(&of(&list(&["a", "b"])), &Style { width: 100, ..PLAIN });
    assert!(last_line(&shown).ends_with("no times recorded yet, critical path (a, b)"), "{shown}");
}

#[test]
fn what_is_not_checked_names_the_files() {
    let mut report = of(&sketch());
    let why = "a/rather/long/path/of/a/file.txt, another/rather/long/path.txt and new.txt differ in the work tree, where gates ran";
    report.not_checked = vec![not_checked("what is staged", why)];
    let shown = show(&report, &PLAIN);
    let told = shown
        .lines()
        .skip_while(|line| !line.starts_with("not checked"))
        .take(3)
        .take_while(|line| !line.is_empty())
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(told, format!("not checked: what is staged ({why})"));
}

#[test]
fn an_interrupted_run_says_so_at_the_end() {
    let cancelled = |name: &str, ran: bool| GateRun { attempts: u32::from(ran), ..gate(name, GateStatus::Cancelled, 3_000) };
    let gates = vec![gate("fmt", GateStatus::Passed, 400), cancelled("test", true), cancelled("doc", false)];
    let interrupted = GatesRun { signal: Some(2), ..run(gates, 3_200, 3_400, 3_000, &["test"]) };
    insta::assert_snapshot!("gates_interrupted", show(&of(&interrupted), &PLAIN));
    assert!(
        last_line(&show(&of(&interrupted), &Style { width: 120, ..PLAIN }))
            .starts_with("interrupted by SIGINT after 3.2s: 1 of 3 gates passed")
    );
}

#[test]
fn the_gates_have_the_last_word_of_their_own_command_only() {
    let mut report = of(&sketch());
    report.not_checked = vec![not_checked("receipt", "the git directory is read-only")];
    report.summary.error = 1;
    let shown = show(&report, &PLAIN);
    assert!(shown.contains("not checked: receipt (the git directory is read-only)\n\n1 of 4 gates failed"), "{shown}");
    assert!(last_line(&shown).starts_with("1 of 4 gates failed"), "{shown}");
    assert!(!shown.contains("1 error"), "{shown}");
    report.command = "check".into();
    let shown = show(&report, &PLAIN);
    assert!(shown.contains("critical path 18.9s\n\ncheck: 1 error\n"), "{shown}");
}

#[test]
fn an_error_comes_before_the_last_word() {
    let mut report = of(&sketch());
    let message = "the phase is not known".into();
    report.error = Some(crate::report::v1::Error { kind: "input".into(), message, hint: None, location: None });
    let shown = show(&report, &PLAIN);
    assert!(shown.contains("\nerror: the phase is not known\n\n1 of 4 gates failed in 19.0s"), "{shown}");
}

#[test]
fn colour_changes_no_word() {
    let report = of(&everything());
    let painted = show(&report, &COLOUR);
    let mut bare = String::new();
    let mut rest = painted.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare += before;
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(bare + rest, show(&report, &PLAIN));
}

#[test]
fn five_hundred_gates_fit_on_a_screen() {
    let mut gates: Vec<GateRun> = (0..500).map(|number| gate(&format!("gate-{number}"), GateStatus::Passed, 100)).collect();
    gates[77] = GateRun { output: printed("broken\n"), ..gate("gate-77", GateStatus::Failed, 100) };
    gates[78] = GateRun { why: Some("gate-77 failed".into()), ..gate("gate-78", GateStatus::Skipped, 0) };
    let shown = show(&of(&run(gates, 25_000, 50_000, 100, &["gate-1"])), &PLAIN);
    assert!(shown.starts_with("  ✓ 498 passed   - 1 skipped   ✗ gate-77 0.1s\n"), "{shown}");
    assert!(shown.lines().count() < 10, "{shown}");
}

#[test]
fn names_and_output_cannot_speak_to_a_terminal_or_a_runner() {
    let hostile = "::error::x \u{202e}##[group]\u{1b}[2J";
    let mut gates = vec![
        GateRun {
            output: printed(
                "::error::fooled\n  ::stop-commands::x\n##[error]y\n\u{1b}]0;title\u{7}\u{1b}[31m::add-mask::z\n50%\rdone\0\0\0\n",
            ),
            ..gate(hostile, GateStatus::Failed, 100)
        },
        GateRun { why: Some(hostile.into()), ..gate("--list", GateStatus::Unavailable, 0) },
        gate(&"long".repeat(60), GateStatus::Passed, 100),
        GateRun {
            leak: Some(Leak { processes: vec![Leftover { pid: 1, command: hostile.into() }], output_held: true }),
            ..gate("it's", GateStatus::Leaked, 9)
        },
    ];
    gates[0].command = hostile.into();
    let mut hostile_run = run(gates, 200, 200, 100, &[hostile]);
    insta::assert_snapshot!("gates_hostile", show(&of(&hostile_run), &PLAIN));
    hostile_run.gates.iter_mut().for_each(|gate| gate.status = GateStatus::Planned);
    insta::assert_snapshot!("gates_hostile_list", show(&of(&hostile_run), &VERBOSE));
}

fn piece() -> impl Strategy<Value = String> {
    let known = vec![
        "::error::",
        "::",
        ":",
        "##[group]",
        "##",
        "[",
        "\u{1b}[31m",
        "\u{1b}[",
        "\u{1b}]0;",
        "\u{7}",
        "\u{1b}[K",
        "\u{9b}2J",
        "\r",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\u{8}",
        "\u{202e}",
        "\u{200b}",
        "\u{ad}",
        "\u{301}",
        "\u{a0}",
        "漢字",
        "“quoted”",
        "…",
        " ",
        "-x",
    ];
    prop_oneof![2 => prop::sample::select(known).prop_map(str::to_owned), 1 => "[a-z/]{1,12}", 1 => any::<char>().prop_map(String::from)]
}

fn hostile() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..14).prop_map(|pieces| pieces.concat())
}

fn runs() -> impl Strategy<Value = GatesRun> {
    let statuses = vec![
        GateStatus::Passed,
        GateStatus::Failed,
        GateStatus::Timeout,
        GateStatus::Unavailable,
        GateStatus::Leaked,
        GateStatus::Skipped,
        GateStatus::Cancelled,
        GateStatus::Planned,
    ];
    let one = (
        hostile(),
        prop::sample::select(statuses),
        prop::option::of(hostile()),
        hostile(),
        hostile(),
        any::<(u32, u8, bool)>(),
        any::<bool>(),
    );
    let one = one.prop_map(|(name, status, why, output, command, (time, attempts, cached), cut)| {
        let leak = (status == GateStatus::Leaked)
            .then(|| Leak { processes: vec![Leftover { pid: 7, command: name.clone() }; 9], output_held: cut });
        let file = cut.then(|| name.clone());
        let output = Captured {
            head: output.into_bytes(),
            tail: command.clone().into_bytes(),
            omitted: u64::from(cut) * 999,
            file,
            file_error: None,
        };
        let needs = vec![name.clone(); usize::from(attempts % 3)];
        GateRun { why, output, command, cached, leak, needs, attempts: u32::from(attempts), ..gate(&name, status, u64::from(time)) }
    });
    (prop::collection::vec(one, 1..60), any::<[u32; 3]>(), hostile(), prop::option::of(1_i32..64)).prop_map(
        |(gates, [wall, work, critical], chain, signal)| GatesRun {
            signal,
            ..run(gates, u64::from(wall), u64::from(work), u64::from(critical), &[&chain, &chain])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]
    #[test]
    fn nothing_of_a_gate_acts_on_a_terminal_or_a_runner(run in runs(), width in 60_usize..=120, unicode: bool, verbose: bool) {
        let style = Style { width, unicode, colour: false, verbose };
        let mut report = of(&run);
        let shown = show(&report, &style);
        prop_assert!(!shown.chars().any(|letter| letter.is_control() && letter != '\n'), "{shown:?}");
        prop_assert!(unicode || shown.is_ascii(), "{shown}");
        prop_assert!(shown.ends_with('\n') && !shown.starts_with('\n') && !shown.ends_with("\n\n"), "{shown}");
        for line in shown.lines() {
            prop_assert!(command_at(line).is_none() && !line.contains("##["), "{line}");
        }
        // Only the output of a gate may be wider than the page.
        report.gates.iter_mut().flatten().for_each(|gate| gate.output = None);
        for line in show(&report, &style).lines() {
            prop_assert!(columns(line) <= width, "{} > {width}: {line}", columns(line));
        }
    }
}
