//! What the rules about gates find in runs made by hand.

use crate::check::gate_findings;
use crate::config::Config;
use crate::gates::command::again;
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{Bound, Captured, GateRun, GateStatus, GatesRun, Leak, Leftover};
use crate::model::mark::Mark;
use crate::settle::fingerprint;
use std::sync::Arc;
use std::time::Duration;

fn gate(name: &str, status: GateStatus) -> GateRun {
    let mark = Mark { path: Arc::from("paralint.toml"), line: 3, column: 8, end_column: 12, text: Arc::from("[gates.test]") };
    GateRun {
        name: name.to_owned(),
        mark,
        command: "cargo test".to_owned(),
        status,
        exit_code: None,
        signal: None,
        why: None,
        uncalled: false,
        started: None,
        wall: Some(Duration::from_millis(18_940)),
        ran: Some(Duration::from_millis(18_940)),
        backed_off: None,
        cpu: None,
        peak_memory: None,
        attempts: 1,
        cached: false,
        leak: None,
        output: Captured::default(),
        needs: Vec::new(),
        resources: Vec::new(),
        expected: None,
        again: again(&[], name),
    }
}

fn found(gates: Vec<GateRun>) -> Vec<Finding> {
    let (wall, work) = (Duration::from_secs(1), Duration::from_secs(1));
    let bound = Bound::Chain(Vec::new());
    gate_findings(&GatesRun { gates, wall, work, critical_path: wall, bound, signal: None, listed: false }, &Config::default())
}

fn told(gate: GateRun) -> Vec<(&'static str, Severity, String)> {
    found(vec![gate]).into_iter().map(|finding| (finding.rule, finding.severity, finding.message)).collect()
}

fn one(gate: GateRun) -> (&'static str, Severity, String) {
    let told = told(gate);
    assert_eq!(told.len(), 1, "{told:?}");
    told.into_iter().next().unwrap()
}

#[test]
fn each_bad_end_is_told_by_its_own_rule() {
    let failed = |exit_code, signal| GateRun { exit_code, signal, ..gate("test", GateStatus::Failed) };
    let error = |rule, message: &str| (rule, Severity::Error, message.to_owned());
    assert_eq!(one(failed(Some(101), None)), error("gate-failed", "test failed: exit 101 after 18.9s"));
    assert_eq!(one(failed(None, Some(9))), error("gate-failed", "test failed: killed by signal 9 after 18.9s"));
    let timeout = GateRun { wall: Some(Duration::from_secs(600)), ..gate("test", GateStatus::Timeout) };
    assert_eq!(one(timeout), error("gate-timeout", "test took longer than its timeout and was ended after 10m 0s"));
    let why = Some("typos: no such command".to_owned());
    let unavailable = GateRun { why, attempts: 0, wall: None, ..gate("spelling", GateStatus::Unavailable) };
    assert_eq!(one(unavailable), error("gate-unavailable", "spelling could not start: typos: no such command"));
}

#[test]
fn what_passed_or_never_ran_is_no_finding() {
    for status in [GateStatus::Passed, GateStatus::Skipped, GateStatus::Cancelled, GateStatus::Planned] {
        assert_eq!(told(gate("test", status)), [], "{status:?}");
    }
    let leak = || Some(Leak { output_held: true, ..Leak::default() });
    for status in [GateStatus::Skipped, GateStatus::Cancelled] {
        assert_eq!(told(GateRun { leak: leak(), ..gate("test", status) }), [], "{status:?}");
    }
    assert_eq!(told(GateRun { cached: true, attempts: 3, ..gate("test", GateStatus::Passed) }), []);
    // An empty leak is none.
    assert_eq!(told(GateRun { leak: Some(Leak::default()), ..gate("test", GateStatus::Passed) }), []);
}

#[test]
fn leaks_and_further_attempts_are_two_warnings() {
    let process = |pid, command: &str| Leftover { pid, command: command.to_owned() };
    let leak = |processes, output_held| Some(Leak { processes, output_held });
    let warning = |message: &str| ("gate-leak", Severity::Warning, message.to_owned());
    let leaked = |leak| GateRun { leak, ..gate("web", GateStatus::Leaked) };
    assert_eq!(
        one(leaked(leak(vec![process(7, "sleep 60")], false))),
        warning("web left 1 process behind, which was ended: sleep 60 (pid 7)")
    );
    assert_eq!(
        one(leaked(leak(vec![process(7, "a\nb"), process(8, "")], true))),
        warning(
            "web left 2 processes behind, which were ended: a b (pid 7) and ? (pid 8); its output stayed open: a process outside of its group may still run"
        )
    );
    assert_eq!(one(leaked(leak(vec![], true))), warning("web left its output open: a process outside of its group may still run"));
    let both = GateRun { attempts: 2, ..leaked(leak(vec![], true)) };
    let findings = found(vec![both]);
    assert_eq!(findings.len(), 2);
    assert_ne!(fingerprint(&findings[0].identity), fingerprint(&findings[1].identity));
    assert!(findings.iter().any(|finding| finding.message == "web passed only on attempt 2"));
    // A failure is a failure, however often it was tried; what it left behind is told beside it.
    let failed = GateRun { attempts: 3, exit_code: Some(1), leak: leak(vec![], true), ..gate("web", GateStatus::Failed) };
    assert_eq!(told(failed).iter().map(|one| one.0).collect::<Vec<_>>(), ["gate-failed", "gate-leak"]);
}

#[test]
fn a_finding_points_at_the_gate_and_its_name_outlives_the_run() {
    let slow = GateRun { exit_code: Some(1), ..gate("test", GateStatus::Failed) };
    let output = Captured { head: b"a\n\x1b[1mleft: 1\x1b[0m\n".to_vec(), ..Captured::default() };
    let fast = GateRun { exit_code: Some(2), wall: Some(Duration::from_millis(40)), output, ..slow.clone() };
    let (slow, fast) = (found(vec![slow]).remove(0), found(vec![fast]).remove(0));
    assert_eq!(fingerprint(&slow.identity), fingerprint(&fast.identity));
    assert_eq!((fast.location.path.as_str(), fast.location.line), ("paralint.toml", Some(3)));
    assert_eq!(fast.excerpts[0].mark.text.as_ref(), "[gates.test]");
    assert_eq!(fast.evidence["last_lines"], serde_json::json!(["a", "left: 1"]));
    assert_eq!((&fast.evidence["exit_code"], &fast.evidence["wall"]), (&2.into(), &0.04.into()));
    assert!(fast.help.contains("`paralint gates test`"), "{}", fast.help);
    assert!(slow.evidence.get("last_lines").is_none());
}
