//! What is ended, and what is left behind.
#![allow(clippy::disallowed_methods)]

use super::{Heard, Job, Options, all, is_alive, one, options, pids, sh, text};
use crate::gates::schedule::{Schedule, Task};
use crate::model::gate::GateStatus;
use std::time::Duration;

fn timed(mut job: Job, millis: u64) -> Job {
    job.timeout = Some(Duration::from_millis(millis));
    job
}

#[test]
fn a_child_that_holds_the_output_is_ended_and_told() {
    let ended = one(sh("lint", "sleep 300 & echo $!"));
    assert_eq!(ended.status, GateStatus::Leaked);
    let leak = ended.leak.clone().unwrap();
    assert!(!leak.output_held, "it was in the group: with it, the output ended");
    if cfg!(target_os = "linux") {
        assert_eq!(leak.processes.len(), 1);
        assert_eq!((leak.processes[0].pid as i32, &leak.processes[0].command[..]), (pids(&ended)[0], "sleep 300"));
    }
    assert!(!is_alive(pids(&ended)[0]));
}

#[test]
fn a_child_that_closed_its_output_is_found_too() {
    let ended = one(sh("lint", "sleep 300 >/dev/null 2>&1 & echo $!"));
    assert_eq!(ended.status, GateStatus::Leaked);
    assert!(!is_alive(pids(&ended)[0]));
}

#[test]
fn a_child_that_ends_soon_is_no_leak() {
    let options = Options { lingering: Duration::from_secs(20), ..options() };
    let (ran, _) = all(&[sh("lint", "(sleep 0.1; echo late) & echo early")], 1, &options);
    assert_eq!((ran.jobs[0].status, &text(&ran.jobs[0])[..]), (GateStatus::Passed, "early\nlate\n"));
}

#[test]
fn a_failure_that_leaves_a_child_is_a_failure_with_a_leak() {
    let ended = one(sh("lint", "sleep 300 & echo $!; exit 3"));
    assert_eq!((ended.status, ended.exit_code), (GateStatus::Failed, Some(3)));
    assert!(ended.leak.is_some() && !is_alive(pids(&ended)[0]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_outside_of_the_group_cannot_hold_the_output() {
    // It says its number only when it has left the group.
    let folder = tempfile::tempdir().unwrap();
    let mut lint = sh("lint", "setsid sh -c 'echo $$; : > left; exec sleep 300' & while ! test -e left; do sleep 0.01; done");
    lint.folder = folder.path().to_owned();
    let ended = one(lint);
    assert_eq!(ended.status, GateStatus::Leaked);
    let leak = ended.leak.clone().unwrap();
    assert!(leak.output_held && leak.processes.is_empty());
    let stray = pids(&ended)[0];
    assert!(is_alive(stray), "it is in no group of ours");
    rustix::process::kill_process(rustix::process::Pid::from_raw(stray).unwrap(), rustix::process::Signal::KILL).unwrap();
}

#[test]
fn a_job_that_takes_too_long_is_ended_with_all_that_it_started() {
    let ended = one(timed(sh("lint", "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; sleep 300' & echo $$; sleep 300; sleep 300"), 300));
    assert_eq!(ended.status, GateStatus::Timeout);
    assert_eq!(ended.why.as_deref(), Some("still running after 0.3s"));
    assert_eq!(pids(&ended).len(), 2);
    assert!(!pids(&ended).into_iter().any(is_alive));
}

#[test]
fn a_job_may_end_by_itself_when_it_is_asked_to() {
    let mut options = options();
    options.grace = Duration::from_secs(60);
    let job = timed(sh("lint", "trap 'echo cleaned; exit 0' TERM; echo $$; while :; do sleep 0.01; done"), 300);
    let (ran, _) = all(&[job], 1, &options);
    assert_eq!((ran.jobs[0].status, ran.jobs[0].exit_code), (GateStatus::Timeout, Some(0)));
    assert!(text(&ran.jobs[0]).contains("cleaned"));
}

#[test]
fn a_stopped_job_is_ended_all_the_same() {
    let mut options = options();
    options.grace = Duration::from_secs(60);
    let (ran, _) = all(&[timed(sh("lint", "kill -s STOP $$; sleep 300"), 100)], 1, &options);
    assert_eq!((ran.jobs[0].status, ran.jobs[0].signal), (GateStatus::Timeout, Some(15)), "it heard of it");
}

#[test]
fn a_job_that_turns_to_the_terminal_does_not_wait_for_ever() {
    let ended = one(sh("lint", "kill -s TTIN $$; sleep 300"));
    assert_eq!(ended.status, GateStatus::Failed);
    assert_eq!(ended.why.as_deref(), Some("it turned to the terminal, which gates do not have"));
}

#[test]
fn a_timeout_is_tried_again() {
    let mut lint = timed(sh("lint", "sleep 300"), 50);
    lint.retries = 1;
    let ended = one(lint);
    assert_eq!((ended.status, ended.attempts), (GateStatus::Timeout, 2));
}

#[test]
fn the_first_failure_ends_the_others_where_that_is_asked_for() {
    let options = Options { fail_fast: true, ..options() };
    let mut again = sh("again", "exit 1");
    (again.retries, again.backoff) = (1, Duration::from_secs(300));
    let folder = tempfile::tempdir().unwrap();
    let mut fails = sh("fails", "while ! test -e ready; do sleep 0.01; done; sleep 0.1; exit 1");
    fails.folder = folder.path().to_owned();
    let mut runs = sh("runs", "echo $$; : > ready; sleep 300");
    runs.folder = folder.path().to_owned();
    let jobs = [again, fails, runs, sh("waits", "true")];
    let needs = [vec![], vec![], vec![], vec![2]];
    let tasks = needs.map(|needs| Task { needs, weight: 1, ..Task::default() }).to_vec();
    let mut heard = Heard::default();
    let ran = super::run(&jobs, Schedule::new(tasks, 3), &options, &mut heard);
    let statuses: Vec<GateStatus> = ran.jobs.iter().map(|ended| ended.status).collect();
    assert_eq!(statuses, [GateStatus::Cancelled, GateStatus::Failed, GateStatus::Cancelled, GateStatus::Cancelled]);
    for job in [0, 2, 3] {
        assert_eq!(ran.jobs[job].why.as_deref(), Some("fail-fast: fails failed"));
    }
    assert_eq!((ran.jobs[0].attempts, ran.jobs[2].attempts, ran.jobs[3].attempts), (1, 1, 0));
    assert!(!is_alive(pids(&ran.jobs[2])[0]));
    assert_eq!(heard.said.iter().filter(|said| said.starts_with("cancelled")).count(), 3, "{:?}", heard.said);
}

#[test]
fn no_child_of_ours_is_left_dead() {
    let ended = one(timed(sh("lint", "echo $$; sleep 300"), 50));
    let state = std::process::Command::new("ps").args(["-o", "stat=", "-p", &pids(&ended)[0].to_string()]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&state.stdout).trim(), "");
}

#[test]
fn only_attempts_are_time_in_which_a_job_ran() {
    let folder = tempfile::tempdir().unwrap();
    let mut flaky = sh("flaky", "test -e tried || { touch tried; exit 1; }");
    (flaky.retries, flaky.backoff, flaky.folder) = (1, Duration::from_millis(100), folder.path().to_path_buf());
    // With one slot, the second has it when the wait of the first is over.
    let (ran, said) = all(&[flaky, sh("long", "sleep 0.4")], 1, &options());
    assert_eq!(said, ["started 0", "retry 0 after 1, 100ms", "started 1", "passed 1", "passed 0"]);
    let [flaky, long] = &ran.jobs[..] else { unreachable!() };
    assert_eq!((flaky.backed_off, long.backed_off), (Some(Duration::from_millis(100)), Some(Duration::ZERO)));
    assert_eq!((flaky.attempts, long.ran), (2, long.wall));
    let work = flaky.ran.unwrap() + long.ran.unwrap();
    assert!(work <= ran.wall && flaky.wall.unwrap() >= flaky.ran.unwrap() + long.ran.unwrap(), "{ran:?}");
}
