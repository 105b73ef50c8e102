//! gate-skipped over completions and receipts made by hand.

use crate::check::{Material, check};
use crate::config::{Config, Phase};
use crate::model::finding::{Finding, Severity};
use crate::model::gate::{Completion, GateReceipt, GateStatus, Origin, Receipt, Receipts, TreeKey};
use crate::model::mark::Mark;
use crate::model::moment::Moment;
use crate::settle::fingerprint;
use std::sync::Arc;

const TREE: &str = "0123456789abcdef0123456789abcdef";

fn config(gates: &[&str]) -> Config {
    let phase = Phase { gates: gates.iter().map(|gate| (*gate).to_owned()).collect(), ..Phase::default() };
    Config { phases: [("implementation".to_owned(), phase)].into(), ..Config::default() }
}

fn completion(origin: Origin, line: u64) -> Completion {
    let mark = Mark { path: Arc::from("WORKFLOW_STATE.json"), line, column: 1, end_column: 2, text: Arc::from("\"implementation\"") };
    Completion { name: "implementation".to_owned(), mark, tree: Some(TreeKey(TREE.to_owned())), present: Vec::new(), origin }
}

fn receipt(gate: &str, tree: &str, status: GateStatus) -> Receipt {
    let gate = GateReceipt {
        name: gate.to_owned(),
        definition: String::new(),
        status,
        uncalled: false,
        exit_code: Some(1),
        attempts: 1,
        wall: 1.0,
    };
    Receipt { at: Moment(0), tool: "0.1.0".to_owned(), tree: TreeKey(tree.to_owned()), gates: vec![gate] }
}

fn found(completions: Vec<Completion>, all: Vec<Receipt>, config: &Config) -> Vec<Finding> {
    let receipts = Receipts { all, problems: Vec::new() };
    check(Material { completions, receipts, ..Material::default() }, config).unwrap().outcome.findings
}

#[test]
fn a_phase_without_its_gates_is_an_error_with_its_line() {
    let findings = found(vec![completion(Origin::Change, 4)], vec![receipt("lint", TREE, GateStatus::Passed)], &config(&["test", "lint"]));
    assert_eq!(findings.len(), 1);
    let one = &findings[0];
    assert_eq!((one.rule, one.severity), ("gate-skipped", Severity::Error));
    assert_eq!(one.message, "implementation is called complete, but test has not passed for its tree");
    assert_eq!((one.location.path.as_str(), one.location.line), ("WORKFLOW_STATE.json", Some(4)));
    assert_eq!((&one.evidence["gate"], &one.evidence["contents"]), (&"test".into(), &"0123456789ab".into()));
    assert_eq!(one.evidence["last_passed"], "never in this clone");
    assert!(one.help.contains("`paralint gates test`"), "{}", one.help);
}

#[test]
fn what_the_receipts_hold_is_told() {
    let told = |origin: Origin, all: Vec<Receipt>| {
        let findings = found(vec![completion(origin, 4)], all, &config(&["test"]));
        findings.into_iter().map(|one| (one.message, one.evidence["last_passed"].clone())).collect::<Vec<_>>()
    };
    let never = || serde_json::json!("never in this clone");
    let said = |how: &str| format!("implementation is called complete, but test {how}");
    for (status, how) in [
        (GateStatus::Failed, "failed for its tree"),
        (GateStatus::Timeout, "took too long for its tree"),
        (GateStatus::Unavailable, "could not start for its tree"),
    ] {
        assert_eq!(told(Origin::Elsewhere("abc".to_owned()), vec![receipt("test", TREE, status)]), [(said(how), never())]);
    }
    let other = told(Origin::MadeHere("abc".to_owned()), vec![receipt("test", "other", GateStatus::Passed)]);
    assert_eq!(other, [(said("has not passed for its tree"), "1970-01-01T00:00:00.000Z for contents other".into())]);
    assert_eq!(told(Origin::Untracked, vec![]), [(said("has never passed in this clone"), never())]);
    assert!(told(Origin::Elsewhere("abc".to_owned()), vec![]).is_empty());
    assert!(told(Origin::Change, vec![receipt("test", TREE, GateStatus::Leaked)]).is_empty());
}

#[test]
fn the_name_of_a_finding_outlives_lines_and_trees() {
    let name = |completion: Completion| fingerprint(&found(vec![completion], vec![], &config(&["test"]))[0].identity);
    let moved = Completion { tree: Some(TreeKey("other".to_owned())), ..completion(Origin::MadeHere("abc".to_owned()), 9) };
    assert_eq!(name(completion(Origin::Change, 4)), name(moved));
    let both = found(vec![completion(Origin::Change, 4)], vec![], &config(&["test", "lint"]));
    assert_eq!(both.len(), 2, "each gate has a finding of its own");
}

#[test]
fn without_gates_of_the_phase_nothing_is_asked() {
    assert!(found(vec![completion(Origin::Change, 4)], vec![], &Config::default()).is_empty());
    let other = Completion { name: "architecture".to_owned(), ..completion(Origin::Change, 4) };
    assert!(found(vec![other], vec![], &config(&["test"])).is_empty());
}
