//! Signals to the process that runs jobs: each inner test has a process of its own, to which its jobs send them.
#![allow(clippy::disallowed_methods)]

use super::{Options, all, inner, options, passes, pids, sh, text};
use crate::model::gate::GateStatus;
use std::time::Duration;

#[test]
fn a_signal_ends_what_runs_and_what_waits() {
    passes("", "signals::inner_signal");
}

#[test]
#[ignore = "run by the test above"]
fn inner_signal() {
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1), ("QUIT", 3)] {
        let script = format!("echo $$; kill -s {name} $PPID; sleep 300");
        let (ran, heard) = all(&[sh("runs", &script), sh("waits", "true")], 1, &options());
        assert_eq!(ran.signal, Some(number));
        assert!(heard.contains(&format!("interrupted {number}")));
        for ended in &ran.jobs {
            assert_eq!((ended.status, ended.why.clone()), (GateStatus::Cancelled, Some(format!("interrupted by SIG{name}"))));
        }
        assert!(!super::is_alive(pids(&ran.jobs[0])[0]));
    }
}

#[test]
fn a_second_signal_does_not_wait() {
    passes("", "signals::inner_second_signal");
}

#[test]
#[ignore = "run by the test above"]
fn inner_second_signal() {
    let options = Options { grace: Duration::from_secs(3600), ..options() };
    let script = "trap '' TERM; kill -s INT $PPID; while :; do sleep 0.3; kill -s TERM $PPID; done";
    let (ran, _) = all(&[sh("runs", script)], 1, &options);
    assert_eq!((ran.signal, ran.jobs[0].status, ran.jobs[0].signal), (Some(2), GateStatus::Cancelled, Some(9)));
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_ignored_stays_ignored() {
    passes("trap '' HUP INT;", "signals::inner_ignored");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by the test above"]
fn inner_ignored() {
    let (ran, _) = all(&[sh("runs", "kill -s HUP $PPID; kill -s INT $PPID; sleep 0.1; echo done")], 1, &options());
    assert_eq!((ran.signal, ran.jobs[0].status), (None, GateStatus::Passed));
}

#[test]
fn after_a_run_a_signal_does_what_it_always_does() {
    let ended = inner("", "signals::inner_after");
    assert_eq!((ended.status, ended.signal), (GateStatus::Failed, Some(15)), "{}", text(&ended));
}

#[test]
#[ignore = "run by the test above"]
fn inner_after() {
    let (ran, _) = all(&[sh("runs", "true")], 1, &options());
    assert_eq!(ran.jobs[0].status, GateStatus::Passed);
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TERM).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}
