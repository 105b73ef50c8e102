use super::gates;
use crate::model::gate::{Bound, Captured, GateRun, GateStatus, GatesRun, Leak, Leftover};
use crate::model::mark::Mark;
use crate::report::v1;
use proptest::prelude::*;
use std::time::Duration;

fn gate(status: GateStatus, output: Captured) -> GateRun {
    GateRun {
        name: "test".into(),
        mark: Mark { path: "paralint.toml".into(), line: 3, column: 1, end_column: 13, text: "[gates.test]".into() },
        command: "cargo test".into(),
        status,
        exit_code: Some(101),
        signal: None,
        why: None,
        uncalled: false,
        started: None,
        wall: Some(Duration::from_micros(1_234_567)),
        ran: Some(Duration::from_micros(1_234_567)),
        backed_off: None,
        cpu: Some(Duration::from_micros(2_000_499)),
        peak_memory: Some(1),
        attempts: 1,
        cached: false,
        leak: Some(Leak { processes: vec![Leftover { pid: 5, command: "sleep".into() }], output_held: false }),
        output,
        needs: vec!["fmt".into()],
        resources: vec!["target".into()],
        expected: Some(Duration::from_secs(2)),
        again: "paralint gates test".into(),
    }
}

fn run(gates: Vec<GateRun>) -> GatesRun {
    GatesRun {
        gates,
        wall: Duration::from_millis(2_000),
        work: Duration::from_millis(3_001),
        critical_path: Duration::from_millis(1_500),
        bound: Bound::Chain(vec!["test".into()]),
        signal: None,
        listed: false,
    }
}

#[test]
fn times_have_three_decimals() {
    let (gates, summary) = gates(&run(vec![gate(GateStatus::Failed, Captured::default())]));
    assert_eq!((gates[0].wall, gates[0].cpu, gates[0].expected), (Some(1.235), Some(2.0), Some(2.0)));
    assert_eq!((summary.wall, summary.work, summary.critical_path), (2.0, 3.001, 1.5));
    assert_eq!(summary.effective_concurrency, Some(1.501));
    assert_eq!((summary.critical_gates, summary.critical_resource), (vec!["test".to_owned()], None));
    assert_eq!((gates[0].location.path.as_str(), gates[0].location.line), ("paralint.toml", Some(3)));
    assert_eq!((gates[0].left_behind[0].pid, gates[0].left_behind.len()), (5, 1));
}

#[test]
fn where_nothing_ran_nothing_overlapped() {
    let zero = GatesRun { wall: Duration::ZERO, work: Duration::ZERO, ..run(Vec::new()) };
    assert_eq!(gates(&zero).1.effective_concurrency, None);
    assert_eq!(gates(&GatesRun { wall: Duration::from_secs(1), ..zero }).1.effective_concurrency, None);
    let (_, summary) = gates(&GatesRun { bound: Bound::Resource("target".into()), ..run(Vec::new()) });
    assert_eq!((summary.critical_gates, summary.critical_resource), (Vec::new(), Some("target".to_owned())));
}

#[test]
fn output_is_kept_of_what_did_not_simply_pass() {
    let printed = |text: &str| Captured { head: text.into(), ..Captured::default() };
    let told = |status, text| gates(&run(vec![gate(status, printed(text))])).0[0].output.is_some();
    for status in [GateStatus::Failed, GateStatus::Timeout, GateStatus::Unavailable, GateStatus::Leaked] {
        assert!(told(status, ""), "{status:?}");
    }
    for status in [GateStatus::Passed, GateStatus::Skipped, GateStatus::Planned] {
        assert!(!told(status, "x"), "{status:?}");
    }
    assert!(told(GateStatus::Cancelled, "x") && !told(GateStatus::Cancelled, ""));
}

#[test]
fn beginning_and_end_may_meet_within_a_character() {
    let meeting = Captured { head: b"caf\xc3".to_vec(), tail: b"\xa9".to_vec(), ..Captured::default() };
    let output = |captured| gates(&run(vec![gate(GateStatus::Failed, captured)])).0.remove(0).output.unwrap();
    let whole = output(meeting.clone());
    assert_eq!((whole.head.as_str(), whole.tail.as_str(), whole.bytes), ("café", "", 5));
    let apart = output(Captured { omitted: 7, file: Some("out".into()), ..meeting });
    assert_eq!((apart.head.as_str(), apart.tail.as_str(), apart.bytes, apart.omitted), ("caf\u{fffd}", "\u{fffd}", 12, 7));
    assert_eq!(apart.file.as_deref(), Some("out"));
}

fn report(run: &GatesRun) -> v1::Report {
    let outcome = crate::audit::Outcome { gates: Some(run.clone()), ..Default::default() };
    crate::report::assemble::report(crate::report::assemble::Frame { command: "gates", ..Default::default() }, &outcome)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn a_report_with_gates_meets_the_schema(
        head in prop::collection::vec(any::<u8>(), 0..40),
        omitted in 0_u64..2,
        status in prop::sample::select(vec![GateStatus::Failed, GateStatus::Passed, GateStatus::Leaked, GateStatus::Planned, GateStatus::Cancelled]),
        signal in prop::option::of(1_i32..64),
    ) {
        let tail = head.clone();
        let captured = Captured { head, tail, omitted, file: None, file_error: Some("no room".into()) };
        let run = GatesRun { signal, ..run(vec![gate(status, captured)]) };
        let mut written = Vec::new();
        crate::report::json::write(&report(&run), &mut written).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&written).unwrap();
        let validator = jsonschema::validator_for(&crate::report::json::schema()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
        prop_assert_eq!(value["gates"][0]["status"].as_str(), Some(status.word()));
    }
}
