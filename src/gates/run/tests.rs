//! Jobs as real processes.
#![allow(clippy::disallowed_methods)]

use super::{Ended, Event, Job, Observer, Options, Ran, run};
use crate::gates::command::Invocation;
use crate::gates::schedule::{Schedule, Task};
use crate::model::gate::GateStatus;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

mod endings;
mod limits;
mod signals;
mod starts;

/// What an observer heard, in short.
#[derive(Default)]
struct Heard {
    said: Vec<String>,
    ticks: Option<Duration>,
    last_lines: Vec<Vec<u8>>,
}

impl Observer for Heard {
    fn hear(&mut self, event: &Event<'_>) {
        match event {
            Event::Started { job } => self.said.push(format!("started {job}")),
            Event::Retry { job, attempt, wait, .. } => self.said.push(format!("retry {job} after {attempt}, {wait:?}")),
            Event::Ended { job, ended } => self.said.push(format!("{} {job}", ended.status.word())),
            Event::Tick { running, .. } => self.last_lines.extend(running.iter().map(|running| running.last_line.to_vec())),
            Event::Interrupted { signal } => self.said.push(format!("interrupted {signal}")),
        }
    }

    fn ticks(&self) -> Option<Duration> {
        self.ticks
    }
}

fn sh(name: &str, script: &str) -> Job {
    job(name, Invocation { program: "sh".into(), arguments: vec!["-c".into(), script.into()], files: 2..2, shell: true })
}

fn program(name: &str, words: &[&str]) -> Job {
    let arguments: Vec<OsString> = words[1..].iter().map(Into::into).collect();
    job(name, Invocation { program: words[0].into(), files: 0..0, arguments, shell: false })
}

fn job(name: &str, invocation: Invocation) -> Job {
    Job {
        name: name.to_owned(),
        invocations: vec![invocation],
        folder: PathBuf::from("/"),
        env: BTreeMap::new(),
        git_env: false,
        timeout: None,
        retries: 0,
        backoff: Duration::from_millis(1),
        unavailable: None,
    }
}

/// Long enough for a machine that is busy, and short where nothing has to be waited for.
fn options() -> Options {
    Options { grace: Duration::from_millis(200), lingering: Duration::from_millis(100), ..Options::default() }
}

fn all(jobs: &[Job], cap: u32, options: &Options) -> (Ran, Vec<String>) {
    let mut heard = Heard::default();
    let tasks = jobs.iter().map(|_| Task { weight: 1, ..Task::default() }).collect();
    let ran = run(jobs, Schedule::new(tasks, cap), options, &mut heard);
    assert_eq!(ran.jobs.len(), jobs.len());
    (ran, heard.said)
}

fn one(job: Job) -> Ended {
    all(&[job], 1, &options()).0.jobs.remove(0)
}

fn text(ended: &Ended) -> String {
    String::from_utf8_lossy(&ended.output.head).into_owned()
}

/// The numbers that a script printed, as processes.
fn pids(ended: &Ended) -> Vec<i32> {
    text(ended).split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Whether a process is there and lives. The dead may stay where nobody waits for orphans.
fn is_alive(pid: i32) -> bool {
    let state = std::process::Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
    let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

/// What makes signals do what they do by default: whoever runs the tests may ignore some, as `nohup` does, and that is
/// inherited. Only GNU's `env` can.
fn default_signals() -> &'static [&'static str] {
    const ENV: &[&str] = &["env", "--default-signal=HUP,INT,QUIT,TERM"];
    let works = std::process::Command::new(ENV[0]).args([ENV[1], "true"]).stderr(std::process::Stdio::null()).status();
    if works.is_ok_and(|status| status.success()) { ENV } else { &[] }
}

/// Runs an ignored test in a process of its own, after some shell commands, and returns how that ended.
fn inner(before: &str, name: &str) -> Ended {
    let tests = std::env::current_exe().unwrap();
    let script = format!("{before} exec \"$0\" --exact gates::run::tests::{name} --ignored --nocapture");
    one(program("inner", &[default_signals(), &["sh", "-c", &script, tests.to_str().unwrap()]].concat()))
}

fn passes(before: &str, name: &str) {
    let ended = inner(before, name);
    assert!(ended.status == GateStatus::Passed && text(&ended).contains("1 passed"), "{}", text(&ended));
}

#[test]
fn no_jobs_end_at_once() {
    assert_eq!(all(&[], 4, &options()).0, Ran { jobs: Vec::new(), wall: Duration::ZERO, signal: None });
}

#[test]
fn a_job_that_passes_is_measured() {
    let ended = one(sh("lint", "echo out; echo err >&2; echo out"));
    assert_eq!((ended.status, ended.exit_code, ended.signal, ended.attempts), (GateStatus::Passed, Some(0), None, 1));
    assert_eq!(text(&ended), "out\nerr\nout\n", "both outputs in their order");
    assert!(ended.started.is_some() && ended.wall.is_some() && ended.cpu.is_some() && ended.peak_memory > Some(0));
    assert_eq!((ended.why, ended.leak), (None, None));
}

#[test]
fn failures_tell_their_code_or_signal() {
    let ended = one(sh("lint", "exit 3"));
    assert_eq!((ended.status, ended.exit_code, ended.why), (GateStatus::Failed, Some(3), None));
    let ended = one(sh("lint", "kill -s SEGV $$"));
    assert_eq!((ended.status, ended.exit_code, ended.signal), (GateStatus::Failed, None, Some(11)));
    assert_eq!(ended.why.as_deref(), Some("killed by SIGSEGV"));
    let ended = one(sh("lint", "kill -s KILL $$"));
    assert_eq!(ended.why.as_deref(), Some("killed by SIGKILL (out of memory?)"));
}

#[test]
fn processes_follow_each_other_until_one_fails() {
    let mut lint = sh("lint", "echo one");
    for script in ["echo two; exit 4", "echo three"] {
        lint.invocations.push(sh("", script).invocations.remove(0));
    }
    let ended = one(lint);
    assert_eq!((ended.status, ended.exit_code), (GateStatus::Failed, Some(4)));
    assert_eq!(text(&ended), "one\ntwo\n");
}

#[test]
fn a_job_has_its_variables_its_folder_and_no_input() {
    let folder = tempfile::tempdir().unwrap();
    let mut lint = sh("lint", "echo $PARALINT_GATE $OWN; cat; pwd -P");
    lint.env.insert("OWN".to_owned(), "mine".to_owned());
    lint.folder = folder.path().to_owned();
    let shown = folder.path().canonicalize().unwrap();
    assert_eq!(text(&one(lint)), format!("lint mine\n{}\n", shown.display()));
}

#[test]
fn what_needs_a_failed_job_is_skipped_and_the_others_run() {
    let jobs = [sh("fmt", "exit 1"), sh("lint", "true"), sh("doc", "true"), sh("test", "true")];
    let needs = [vec![], vec![0], vec![1], vec![]];
    let tasks = needs.map(|needs| Task { needs, weight: 1, ..Task::default() }).to_vec();
    let ran = run(&jobs, Schedule::new(tasks, 2), &options(), &mut Heard::default());
    let statuses: Vec<GateStatus> = ran.jobs.iter().map(|ended| ended.status).collect();
    assert_eq!(statuses, [GateStatus::Failed, GateStatus::Skipped, GateStatus::Skipped, GateStatus::Passed]);
    assert_eq!(ran.jobs[2].why.as_deref(), Some("needs fmt, which failed"));
    assert_eq!(ran.jobs[2].attempts, 0);
}

#[test]
fn a_circle_of_needs_ends() {
    let jobs = [sh("a", "true"), sh("b", "true")];
    let tasks = [vec![1], vec![0]].map(|needs| Task { needs, weight: 1, ..Task::default() }).to_vec();
    let ran = run(&jobs, Schedule::new(tasks, 2), &options(), &mut Heard::default());
    assert!(ran.jobs.iter().all(|ended| ended.status == GateStatus::Skipped && ended.why.is_some()));
}

#[test]
fn a_failed_attempt_is_followed_by_another_after_twice_the_wait() {
    let folder = tempfile::tempdir().unwrap();
    let mut lint = sh("lint", "echo x >> tries; wc -l < tries; test $(wc -l < tries) -ge 3");
    (lint.folder, lint.retries) = (folder.path().to_owned(), 5);
    let (ran, heard) = all(&[lint], 1, &options());
    assert_eq!(heard, ["started 0", "retry 0 after 1, 1ms", "retry 0 after 2, 2ms", "passed 0"]);
    assert_eq!((ran.jobs[0].status, ran.jobs[0].attempts), (GateStatus::Passed, 3));
    assert_eq!(text(&ran.jobs[0]).trim(), "3", "the output of the last attempt alone");
}

#[test]
fn attempts_end_and_what_is_unavailable_is_not_tried_again() {
    let mut lint = sh("lint", "exit 1");
    lint.retries = 2;
    let mut gone = program("gone", &["no-such-command-here"]);
    gone.retries = 2;
    let (ran, _) = all(&[lint, gone], 2, &options());
    assert_eq!((ran.jobs[0].status, ran.jobs[0].attempts), (GateStatus::Failed, 3));
    assert_eq!((ran.jobs[1].status, ran.jobs[1].attempts), (GateStatus::Unavailable, 1));
}

#[test]
fn ticks_tell_the_last_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut lint = sh("lint", "echo compiling; while ! test -e seen; do sleep 0.01; done");
    lint.folder = folder.path().to_owned();
    struct Until(Heard, PathBuf);
    impl Observer for Until {
        fn hear(&mut self, event: &Event<'_>) {
            self.0.hear(event);
            if self.0.last_lines.iter().any(|line| line == b"compiling") {
                std::fs::write(&self.1, "").unwrap();
            }
        }
        fn ticks(&self) -> Option<Duration> {
            Some(Duration::from_millis(5))
        }
    }
    let mut observer = Until(Heard::default(), folder.path().join("seen"));
    let ran = run(&[lint], Schedule::new(vec![Task::default()], 1), &options(), &mut observer);
    assert_eq!(ran.jobs[0].status, GateStatus::Passed);
    let mut silent = Heard::default();
    run(&[sh("lint", "sleep 0.05")], Schedule::new(vec![Task::default()], 1), &options(), &mut silent);
    assert!(silent.last_lines.is_empty(), "nobody asked for a tick");
}

#[test]
fn what_a_passed_job_printed_is_told_once_and_kept_in_short() {
    #[derive(Default)]
    struct Told(usize);
    impl Observer for Told {
        fn hear(&mut self, event: &Event<'_>) {
            if let Event::Ended { ended, .. } = event {
                self.0 = ended.output.head.len();
            }
        }
    }
    let mut told = Told::default();
    let ran = run(&[sh("lint", "head -c 100000 /dev/zero")], Schedule::new(vec![Task::default()], 1), &options(), &mut told);
    let output = &ran.jobs[0].output;
    assert_eq!((told.0, output.total(), output.head.len(), output.tail.len()), (100_000, 100_000, 8 << 10, 8 << 10));
}

#[test]
fn what_binds_to_a_repository_is_stripped_unless_it_is_asked_for() {
    passes("export GIT_DIR=one GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=two GIT_AUTHOR_NAME=three;", "inner_variables");
}

#[test]
#[ignore = "run by the test above"]
fn inner_variables() {
    let mut lint = sh("lint", "echo \"$GIT_DIR $GIT_CONFIG_COUNT $GIT_CONFIG_KEY_0 $GIT_AUTHOR_NAME\"");
    assert_eq!(text(&one(lint.clone())), "   three\n");
    lint.env.insert("GIT_DIR".to_owned(), "own".to_owned());
    assert_eq!(text(&one(lint.clone())), "own   three\n", "its own variables are meant");
    (lint.git_env, lint.env) = (true, BTreeMap::new());
    assert_eq!(text(&one(lint)), "one 1 two three\n");
}
