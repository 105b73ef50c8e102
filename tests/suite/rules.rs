//! Each rule has a document, a fixture in which it fires and one in which it had to stay silent.

use super::program::{fixture, run, stdout};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// For each rule: fixtures in which it fires, and twins that come close and must stay silent.
const TWINS: &[(&str, &str, &str)] = &[
    ("claimed-serial", "demo-serial", "backed-interleaved"),
    ("claimed-single", "single-coordinator", "everything-fine"),
    ("narrated-agents", "roleplay", "never-claims"),
    ("claimed-count", "count-five-ran-three", "backed-claim-before-calls"),
    ("overstated-speedup", "speedup-overstated", "speedup-backed"),
    ("denied-parallel", "denied-parallel", "denied-and-serial"),
    ("idle-agent", "idle-agent", "everything-fine"),
    ("unproven-completion", "tests-failed-run", "tests-sum-matches"),
    ("status-mismatch", "status-json-mismatch", "status-json-agrees"),
    ("overlapping-edits", "overlap-absolute-relative", "overlap-one-after-another"),
    ("unsynchronised", "waves-unsynchronised", "waves-synchronised"),
    ("too-many-agents", "eleven-at-once", "ten-at-once"),
];

/// The same for rules about repositories, by folders of `fixtures/check`.
const REPOSITORY_TWINS: &[(&str, &str, &str)] = &[
    ("path-collision", "path-collision", "path-case-renamed"),
    ("outside-boundary", "outside-boundary-another", "outside-boundary-within"),
    ("outside-boundary", "outside-boundary-moved", "outside-boundary-moved-within"),
    ("outside-boundary", "outside-boundary-nobodys", "outside-boundary-by-path"),
    ("outside-boundary", "outside-boundary-without-one", "outside-boundary-without-one-own"),
    ("outside-boundary", "outside-boundary-task", "outside-boundary-task-both"),
    ("forbidden-path", "forbidden-path", "forbidden-path-exception"),
    ("shared-path", "shared-path-locked", "shared-path-alone"),
    ("boundary-overlap", "boundary-overlap-nested", "boundary-overlap-taken-out"),
    ("unsafe-parallel", "unsafe-parallel-conflict", "unsafe-parallel-in-turn"),
    ("outside-boundary", "outside-boundary-empty", "outside-boundary-only-forbids"),
    ("outside-boundary", "outside-boundary-only-create", "outside-boundary-only-forbids"),
    ("unsafe-parallel", "unsafe-parallel-unknown", "unsafe-parallel-known"),
    ("dependency-in-flux", "dependency-in-flux", "dependency-in-flux-after"),
    ("policy-edit", "policy-edit-by-agent", "policy-edit-by-person"),
    ("mixed-ownership", "mixed-ownership", "mixed-ownership-one-owner"),
    ("status-mismatch", "claims-status-times", "claims-progress-page-agrees"),
    ("status-mismatch", "claims-progress-page", "claims-progress-page-agrees"),
    ("foreign-lock", "locks-foreign", "locks-own"),
    ("foreign-lock", "locks-foreign-unattributed", "locks-foreign-by-path"),
    ("foreign-lock", "locks-two-tasks", "locks-one-agent"),
    ("foreign-lock", "locks-unknown-holder", "locks-one-agent-reversed"),
    ("lock-conflict", "locks-conflict", "locks-apart"),
    ("missing-lock", "locks-missing", "locks-held"),
    ("missing-lock", "locks-missing", "locks-not-needed"),
    ("stale-lock", "locks-stale", "locks-fresh"),
    ("parallel-in-serial-phase", "phases-serial", "phases-serial-one"),
    ("parallel-in-serial-phase", "phases-serial", "phases-parallel"),
    ("phase-order", "phases-early", "phases-in-order"),
    ("phase-order", "phases-agents", "phases-agents-in-order"),
    ("unsynchronised", "phases-point-passed", "phases-point-reached"),
    ("unsynchronised", "phases-group-early", "phases-group-in-turn"),
    ("unsynchronised", "phases-wave-early", "phases-waves-in-turn"),
    ("unsynchronised", "phases-group-absent", "phases-group-absent-waiting"),
    ("unsynchronised", "phases-wave-list-early", "phases-wave-list-in-turn"),
    ("too-many-agents", "too-many-agents-state", "too-many-agents-state-ten"),
    ("tests-first", "phases-tests-first", "phases-tests-first-state"),
    ("missing-output", "phases-missing-output", "phases-outputs-there"),
    ("invalid-state", "state-invalid", "state-odd-but-valid"),
    ("unknown-phase", "state-unknown-phase", "state-known-phase"),
];

/// Rules that need a configuration, several branches or a run of gates to fire; `configuration.rs`, `acceptance.rs`,
/// `overlap.rs`, `gates_rules.rs` and the tests below have theirs.
const CONFIGURED: &[&str] = &[
    "low-utilisation",
    "unused-suppression",
    "unused-waiver",
    "stale-baseline",
    "branch-overlap",
    "gate-failed",
    "gate-timeout",
    "gate-unavailable",
    "gate-leak",
    "gate-skipped",
];

fn names() -> Vec<String> {
    let rules: Value = serde_json::from_slice(&run(Path::new("/"), &["rule", "--format", "json"]).stdout).unwrap();
    rules.as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
}

fn fired(name: &str) -> BTreeMap<String, usize> {
    let report = super::program::report(&fixture(name), &["audit", "--no-config", "."]);
    let mut rules = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        *rules.entry(finding["rule"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    rules
}

#[test]
fn every_rule_fires_in_one_fixture_and_is_silent_in_its_twin() {
    for (rule, failing, passing) in TWINS {
        assert!(fired(failing).contains_key(*rule), "{rule} does not fire in {failing}");
        assert!(!fired(passing).contains_key(*rule), "{rule} fires in {passing}");
    }
    for (rule, failing, passing) in REPOSITORY_TWINS {
        let fires = |fixture: &str| {
            super::scenarios::outcome(fixture).0["findings"].as_array().unwrap().iter().any(|finding| finding["rule"] == *rule)
        };
        assert!(fires(failing), "{rule} does not fire in {failing}");
        assert!(!fires(passing), "{rule} fires in {passing}");
    }
    for name in names() {
        let has_twins = TWINS.iter().chain(REPOSITORY_TWINS).any(|(rule, _, _)| *rule == name);
        assert!(CONFIGURED.contains(&name.as_str()) || has_twins, "{name} has no fixture");
    }
}

#[test]
fn low_utilisation_fires_only_where_it_is_configured() {
    let folder = tempfile::tempdir().unwrap();
    let log = fixture("everything-fine");
    let with = |configuration: &str| {
        std::fs::write(folder.path().join("paralint.toml"), configuration).unwrap();
        let report = super::program::report(folder.path(), &["audit", log.to_str().unwrap()]);
        report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "low-utilisation").count()
    };
    assert_eq!(with(""), 0);
    assert!(with("[limits]\nmin_utilisation = 1.0\nmax_imbalance = 1.0\n") > 0);
}

#[test]
fn every_rule_can_be_read_up() {
    for name in names() {
        let text = stdout(&run(Path::new("/"), &["rule", &name]));
        assert!(text.contains(&name) && text.contains("## How to fix it"), "{name}");
        let prose: String = text.split("```").step_by(2).collect();
        assert!(prose.lines().all(|line| line.chars().count() <= 80), "{name} is too wide");
        let with_family = text.lines().next().unwrap().trim_start_matches("# ").split(' ').next().unwrap().to_owned();
        assert_eq!(stdout(&run(Path::new("/"), &["rule", &with_family])), text);
    }
}
