use super::*;
use crate::model::state::{ParallelStatus, PhaseDetail, Workflow};
use crate::work::samples::{at, text, texts, workflow};

fn config(text: &str) -> Config {
    Config::parse("paralint.toml", text).unwrap()
}

fn before(phases: &Phases, name: &str) -> Vec<String> {
    phases.before(name).into_iter().map(|phase| phase.name.clone()).collect()
}

#[test]
fn the_built_in_order_holds_where_nothing_is_said() {
    let phases = phases(&workflow(Some("Implementation"), &["architecture", "test-definition"]), &Config::default());
    assert_eq!(phases.current.as_deref(), Some("implementation"));
    assert_eq!(before(&phases, "implementation"), ["architecture", "test_definition"]);
    assert_eq!(phases.is_parallel(), Some(true));
    assert!(phases.completed.contains("test_definition"));
    assert!(phases.unknown.is_empty());
    assert!(phases.is_after("deployment", "implementation") && !phases.is_after("architecture", "implementation"));
}

#[test]
fn proof_of_life_comes_first_where_somebody_mentions_it() {
    let phases = phases(&workflow(Some("architecture"), &["proof of life"]), &Config::default());
    assert_eq!(before(&phases, "architecture"), ["proof_of_life"]);
}

#[test]
fn a_part_counts_wherever_it_is_written() {
    let with = |current: &str, part: Option<&str>| {
        let mut state = workflow(Some(current), &[]);
        state.workflow.as_mut().unwrap().current_subphase = part.map(text);
        let phases = phases(&state, &Config::default());
        (phases.current.clone(), phases.subphase.clone(), phases.is_parallel())
    };
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(with("test_2c", None), (name("test_definition"), name("test_2c_implementation"), Some(true)));
    assert_eq!(with("final-validation", Some("test_2c")), (name("validation"), None, Some(false)));
    assert_eq!(
        with("test_definition", Some("test_2c_implementation")),
        (name("test_definition"), name("test_2c_implementation"), Some(true))
    );
    assert_eq!(with("test_definition", None), (name("test_definition"), None, Some(false)));
}

#[test]
fn the_state_file_changes_phases_and_the_configuration_has_the_last_word() {
    let mut state = workflow(Some("architecture"), &[]);
    state.workflow.as_mut().unwrap().details = vec![PhaseDetail { name: text("Architecture"), parallel_allowed: Some(at(true)) }];
    assert_eq!(phases(&state, &Config::default()).is_parallel(), Some(true));
    let text = "[phases.architecture]\nparallel = false\n[phases.\"Hardening\"]\nneeds = [\"Integration\"]\n[phases.validation]\nneeds = [\"hardening\"]";
    let phases = phases(&state, &config(text));
    assert_eq!(phases.is_parallel(), Some(false));
    assert!(phases.is_after("validation", "hardening") && phases.is_after("hardening", "implementation"));
}

#[test]
fn unknown_names_are_named_once_with_a_guess() {
    let mut state = workflow(Some("implementaton"), &["architecture", "discovery"]);
    state.status = Some(ParallelStatus { phase: Some(text("Discovery")), ..ParallelStatus::default() });
    let found = phases(&state, &config("[phases.integration]\nneeds = [\"nowhere\"]")).unknown;
    let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.role.as_str(), one.near.as_deref())).collect();
    let expected = [
        ("discovery", "completed_phases", None),
        ("implementaton", "current_phase", Some("implementation")),
        ("nowhere", "needs of integration", None),
    ];
    assert_eq!(told, expected);
    state.workflow = workflow(Some("hardening"), &["architecture", "discovery"]).workflow;
    let known = phases(&state, &config("[phases.discovery]\n[phases.hardening]\n[phases.integration]\nneeds = [\"discovery\"]"));
    assert!(known.unknown.is_empty());
}

#[test]
fn needs_in_a_circle_do_not_hang() {
    let phases = phases(&State::default(), &config("[phases.a]\nneeds = [\"b\"]\n[phases.b]\nneeds = [\"a\"]"));
    assert_eq!(before(&phases, "a"), ["b"]);
}

#[test]
fn a_status_file_speaks_where_the_workflow_is_silent() {
    let status = Some(ParallelStatus { phase: Some(text("implementation")), ..ParallelStatus::default() });
    let silent = Some(Workflow { completed_phases: texts(&["architecture"]), ..Workflow::default() });
    let state = State { status, workflow: silent, ..State::default() };
    assert_eq!(phases(&state, &Config::default()).current.as_deref(), Some("implementation"));
}

#[test]
fn parts_and_waves_of_the_configuration_are_no_phases_of_their_own() {
    let with_gates = |text: &str, gates: &[(&str, &str)]| {
        let mut config = config(text);
        gates.iter().for_each(|(phase, gate)| config.phases.entry((*phase).to_owned()).or_default().gates.push((*gate).to_owned()));
        config
    };
    let text = "[phases.test_definition]\nparallel = false\n[phases.test_2c]\nparallel = true";
    let configured = with_gates(text, &[("test_2c", "unit"), ("wave-2", "lint"), ("Wave", "fmt")]);
    let phases_of = |current: &str| phases(&workflow(Some(current), &[]), &configured);
    let found = phases_of("test_2c_implementation");
    assert_eq!(found.is_parallel(), Some(true), "what is said of a part counts more than what is said of the whole");
    assert_eq!(found.all.len(), BUILT_IN.len());
    assert_eq!(found.gates_of("test_2c_implementation"), ["unit"]);
    assert_eq!((found.gates_of("wave_2"), found.gates_of("wave_3")), (vec!["fmt", "lint"], vec!["fmt"]));
    assert!(found.gates_of("test_definition").is_empty() && found.gates_of("waves").is_empty());
    // A project may call its phases waves; then they are phases that are known.
    assert!(phases_of("wave-2").unknown.is_empty());
    assert_eq!(phases_of("wave-3").unknown.len(), 1);
    let serial = phases(&workflow(Some("wave-2"), &[]), &with_gates("[phases.wave-2]\nparallel = false", &[("wave-2", "lint")]));
    assert_eq!((serial.is_parallel(), serial.gates_of("wave_2")), (Some(false), vec!["lint", "lint"]));
}
