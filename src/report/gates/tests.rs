//! The observers for pipes, fed by hand.

use super::{Actions, Besides, Look, Plain, Row};
use crate::gates::command::again;
use crate::gates::run::{Ended, Event, Observer, Running};
use crate::model::gate::{Captured, GateStatus, Leak, Leftover};
use crate::report::text::{columns, command_at};
use std::io::{self, Write};
use std::time::Duration;

const LOOK: Look = Look { width: 80, unicode: true, colour: false, verbose: false };

pub(super) fn rows(names: &[&str]) -> Vec<Row> {
    let place = |line: usize| ("paralint.toml".to_owned(), line as u64 * 4 + 1);
    names
        .iter()
        .enumerate()
        .map(|(index, name)| Row { name: (*name).to_owned(), place: place(index), again: again(&[], name), ..Row::default() })
        .collect()
}

pub(super) fn ended(status: GateStatus, milliseconds: u64, output: &str) -> Ended {
    let ran = !matches!(status, GateStatus::Skipped);
    Ended {
        status,
        exit_code: (status == GateStatus::Failed).then_some(101),
        signal: None,
        why: (status == GateStatus::Skipped).then(|| "test failed".to_owned()),
        started: None,
        wall: ran.then(|| Duration::from_millis(milliseconds)),
        ran: ran.then(|| Duration::from_millis(milliseconds)),
        backed_off: None,
        cpu: None,
        peak_memory: None,
        attempts: u32::from(ran),
        leak: None,
        output: Captured { head: output.as_bytes().to_vec(), ..Captured::default() },
    }
}

pub(super) fn running(job: usize, milliseconds: u64, last_line: &str) -> Running<'_> {
    Running { job, elapsed: Duration::from_millis(milliseconds), last_line: last_line.as_bytes() }
}

/// A run as the documents sketch it: one fails, what needs it is skipped.
fn play(observer: &mut dyn Observer) {
    let passed = ended(GateStatus::Passed, 400, "1 file formatted\n");
    let flaky = ended(GateStatus::Failed, 2_000, "flaky\n");
    let leaked = Ended {
        leak: Some(Leak { processes: vec![Leftover { pid: 4711, command: "sleep 100".into() }], output_held: false }),
        ..ended(GateStatus::Leaked, 14_200, "")
    };
    let failed = ended(GateStatus::Failed, 18_900, "---- negation ----\n\n::error::fooled\nleft: 3\n");
    let skipped = ended(GateStatus::Skipped, 0, "");
    for job in [0, 1, 2] {
        observer.hear(&Event::Started { job });
    }
    observer.hear(&Event::Ended { job: 0, ended: &passed });
    observer.hear(&Event::Retry { job: 1, attempt: 1, ended: &flaky, wait: Duration::from_secs(1) });
    observer.hear(&Event::Tick { elapsed: Duration::from_secs(15), running: &[running(2, 14_600, "running 214 tests")] });
    observer.hear(&Event::Started { job: 1 });
    observer.hear(&Event::Ended { job: 1, ended: &leaked });
    observer.hear(&Event::Ended { job: 2, ended: &failed });
    observer.hear(&Event::Ended { job: 3, ended: &skipped });
}

fn sketch() -> Vec<Row> {
    let mut rows = rows(&["fmt", "clippy", "test", "doc"]);
    rows[3].needs = vec![1, 2];
    rows
}

fn plain(look: Look) -> String {
    let mut out = Vec::new();
    play(&mut Plain::new(sketch(), 2, look, &mut out));
    String::from_utf8(out).unwrap()
}

fn actions(look: Look) -> String {
    let mut out = Vec::new();
    play(&mut Actions::new(sketch(), 2, look, &mut out));
    String::from_utf8(out).unwrap()
}

/// The words that switch commands off and on again are made up anew each time.
fn without_tokens(text: &str) -> String {
    let mut shown = text.to_owned();
    while let Some(at) = shown.find("paralint-") {
        shown.replace_range(at..at + "paralint-".len() + 32, "TOKEN");
    }
    shown
}

#[test]
fn on_a_pipe_each_gate_is_one_block() {
    insta::assert_snapshot!("plain", plain(LOOK));
    insta::assert_snapshot!("plain_ascii", plain(Look { unicode: false, ..LOOK }));
    insta::assert_snapshot!("plain_verbose", plain(Look { verbose: true, ..LOOK }));
    assert!(!plain(LOOK).contains('\u{1b}'));
    assert!(plain(Look { unicode: false, ..LOOK }).is_ascii());
    assert!(plain(Look { colour: true, ..LOOK }).contains("\u{1b}["));
    assert!(!plain(LOOK).contains("1 file formatted") && plain(Look { verbose: true, ..LOOK }).contains("    1 file formatted\n"));
}

#[test]
fn in_actions_what_passed_is_folded_and_failures_are_annotated() {
    let shown = actions(LOOK);
    insta::assert_snapshot!("actions", without_tokens(&shown));
    assert!(shown.contains("::group::✓ fmt 0.4s\n::stop-commands::paralint-"), "{shown}");
    let annotation = "::error title=gate test failed,file=paralint.toml,line=9::exit 101 after 18.9s, again with: paralint gates test\n";
    assert!(shown.contains(annotation), "{shown}");
}

/// Commands that a runner obeys, in their order, as it finds them: none between a stop and its token.
fn obeyed(shown: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut stopped: Option<String> = None;
    for line in shown.lines() {
        assert!(!line.contains("##["), "{line}");
        let Some(at) = command_at(line) else { continue };
        let (name, data) = line[at + 2..].split_once("::").unwrap_or((&line[at + 2..], ""));
        match &stopped {
            Some(token) if name == token => stopped = None,
            Some(_) => panic!("a command within output: {line}"),
            None if name == "stop-commands" => stopped = Some(data.to_owned()),
            None => commands.push(name.split(' ').next().unwrap().to_owned()),
        }
    }
    assert_eq!(stopped, None);
    commands
}

#[test]
fn a_runner_obeys_only_what_we_say() {
    assert_eq!(obeyed(&actions(LOOK)), ["group", "endgroup", "warning", "error"]);
    let hostile = "::error::\u{1b}[2J##[group]\u{202e},line=1:%0A";
    let mut out = Vec::new();
    let mut observer = Actions::new(rows(&[hostile, hostile]), 2, LOOK, &mut out);
    let output = "::add-mask::x\n ::stop-commands::y\n::paralint-0::\n##[error]z\r::set-env::\n";
    observer.hear(&Event::Ended { job: 0, ended: &ended(GateStatus::Failed, 1, output) });
    let skipped = Ended { why: Some(hostile.into()), ..ended(GateStatus::Skipped, 0, "") };
    observer.hear(&Event::Ended { job: 1, ended: &skipped });
    observer.hear(&Event::Tick { elapsed: Duration::ZERO, running: &[running(0, 1, hostile)] });
    let shown = String::from_utf8(out).unwrap();
    assert_eq!(obeyed(&shown), ["error"]);
    assert!(!shown.chars().any(|letter| letter.is_control() && letter != '\n'), "{shown:?}");
    let properties = shown.lines().find(|line| line.starts_with("::error title=")).unwrap().split("::").nth(1).unwrap();
    assert_eq!(properties.matches(',').count(), 2, "{properties}");
}

#[test]
fn a_heartbeat_keeps_to_the_width() {
    let names: Vec<String> = (0..500).map(|number| format!("a-rather-long-name-{number}")).collect();
    let mut rows = rows(&names.iter().map(String::as_str).collect::<Vec<_>>());
    rows[499].needs = (0..40).collect();
    let mut out = Vec::new();
    let mut observer = Plain::new(rows, 40, LOOK, &mut out);
    let all: Vec<Running<'_>> = (0..40).map(|job| running(job, 1_000 * job as u64, "x")).collect();
    observer.hear(&Event::Tick { elapsed: Duration::from_secs(125), running: &all });
    observer.hear(&Event::Tick { elapsed: Duration::from_secs(140), running: &[] });
    observer.hear(&Event::Interrupted { signal: 15 });
    assert_eq!(observer.ticks(), Some(Duration::from_secs(15)));
    let shown = String::from_utf8(out).unwrap();
    insta::assert_snapshot!("plain_many", shown);
    assert!(shown.lines().all(|line| columns(line) <= 80), "{shown}");
}

#[test]
fn the_start_tells_of_gates_that_do_not_run() {
    let mut out = Vec::new();
    Plain::new(rows(&["a", "b"]), 2, LOOK, &mut out).besides(Besides { cached: 1, skipped: 2 }).hear(&Event::Started { job: 0 });
    assert_eq!(String::from_utf8(out).unwrap(), "running 2 gates, 2 at once: a, b; 1 cached, 2 skipped\n");
}

#[test]
fn a_heartbeat_tells_what_each_gate_is_at() {
    let mut rows = rows(&["test", "lint"]);
    rows[0].expected = Some(Duration::from_secs(17));
    let mut out = Vec::new();
    let mut observer = Plain::new(rows, 2, LOOK, &mut out);
    let tick =
        |running: &[Running<'_>], observer: &mut Plain<'_>| observer.hear(&Event::Tick { elapsed: Duration::from_secs(15), running });
    tick(&[running(0, 15_000, "\u{1b}[32mstep 30\u{1b}[0m"), running(1, 15_000, "")], &mut observer);
    tick(&[running(0, 15_000, &"long ".repeat(90)), running(1, 15_000, "::error::x")], &mut observer);
    let shown = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = shown.lines().skip(1).collect();
    assert_eq!(lines[0], "still running after 15s: test (15s of about 17s: step 30), lint (15s)");
    assert!(lines[1].contains("long") && lines[1].contains("…") && lines[1].contains("lint (15s: "), "{}", lines[1]);
    assert!(lines.iter().all(|line| columns(line) <= 80), "{shown}");
}

#[test]
fn what_was_cancelled_is_one_line() {
    for verbose in [false, true] {
        let mut out = Vec::new();
        let cancelled = ended(GateStatus::Cancelled, 100, "half a\n");
        Plain::new(rows(&["a"]), 2, Look { verbose, ..LOOK }, &mut out).hear(&Event::Ended { job: 0, ended: &cancelled });
        assert_eq!(String::from_utf8(out).unwrap().contains("half a"), verbose);
    }
}

#[test]
fn a_run_without_gates_is_silent() {
    let mut out = Vec::new();
    Plain::new(Vec::new(), 2, LOOK, &mut out).hear(&Event::Interrupted { signal: 2 });
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 1);
}

/// A reader that went away after some writes.
struct Closed {
    writes: usize,
}

impl Write for Closed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        if self.writes > 2 { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_written_to_once_more_at_most() {
    let mut out = Closed { writes: 0 };
    play(&mut Plain::new(sketch(), 2, LOOK, &mut out));
    assert_eq!(out.writes, 3);
}
