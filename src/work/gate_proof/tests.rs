use super::*;
use crate::config::{self, Command, Inputs, When};
use crate::model::gate::GateStatus;
use crate::model::moment::Moment;
use crate::model::state::{ProgressPage, ProgressWave, Wave};
use crate::work::samples::{at, texts, workflow};
use std::time::Duration;

pub(crate) fn gate(name: &str, phases: &[&str], profiles: &[Profile]) -> Gate {
    Gate {
        name: name.to_owned(),
        mark: Mark::default(),
        run: Command::Shell("true".to_owned()),
        when: When { phases: phases.iter().map(|phase| (*phase).to_owned()).collect(), ..When::default() },
        needs: Vec::new(),
        resources: Vec::new(),
        weight: 1,
        timeout: None,
        retries: 0,
        backoff: Duration::ZERO,
        profiles: profiles.to_vec(),
        env: BTreeMap::new(),
        inputs: Inputs::Worktree,
        dir: None,
        git_env: false,
        cache: true,
    }
}

/// A configuration with gates, and with phases that list some.
fn configured(gates: Vec<Gate>, phases: &[(&str, &[&str])]) -> Config {
    let phase = |gates: &[&str]| config::Phase { gates: gates.iter().map(|gate| (*gate).to_owned()).collect(), ..Default::default() };
    Config { gates, phases: phases.iter().map(|(name, gates)| ((*name).to_owned(), phase(gates))).collect(), ..Config::default() }
}

fn tree(name: &str) -> TreeKey {
    TreeKey(name.to_owned())
}

/// A receipt of the gate `test`; `?` stands for one that nothing called for.
fn receipt(when: i64, of: &str, status: GateStatus, uncalled: bool) -> Receipt {
    let definition = definition::definition(&gate("test", &[], &[]), &[]);
    let gate = GateReceipt { name: "test".to_owned(), definition, status, uncalled, exit_code: None, attempts: 1, wall: 1.0 };
    Receipt { at: Moment(when), tool: "0.1.0".to_owned(), tree: tree(of), gates: vec![gate] }
}

fn passed(of: &str) -> Receipt {
    receipt(1, of, GateStatus::Passed, false)
}

fn failed(of: &str) -> Receipt {
    receipt(2, of, GateStatus::Failed, false)
}

fn uncalled(of: &str) -> Receipt {
    receipt(1, of, GateStatus::Skipped, true)
}

fn verdict_with(config: &Config, origin: Origin, of: Option<&str>, all: Vec<Receipt>) -> Verdict {
    let completion = Completion {
        name: "implementation".to_owned(),
        mark: Mark::default(),
        tree: of.map(tree),
        present: vec![tree("now"), tree("head")],
        origin,
    };
    let receipts = Receipts { all, problems: Vec::new() };
    let phases = phase::phases(&State::default(), config);
    let completions = [completion];
    let proofs = proofs(&completions, &receipts, config, &phases);
    assert_eq!(proofs.len(), 1);
    proofs[0].verdict.clone()
}

/// For the tree `then`, with a gate that the phase lists.
fn verdict(origin: Origin, all: Vec<Receipt>) -> Verdict {
    let config = configured(vec![gate("test", &[], &[])], &[("implementation", &["test"])]);
    verdict_with(&config, origin, Some("then"), all)
}

fn here() -> Origin {
    Origin::MadeHere("abc".to_owned())
}

fn elsewhere() -> Origin {
    Origin::Elsewhere("0123456789abcdef".to_owned())
}

fn is_unknown(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Unknown(_))
}

#[test]
fn a_pass_for_the_tree_is_enough_whoever_said_so() {
    for origin in [Origin::Change, here(), elsewhere(), Origin::Untracked, Origin::Unknown("why".to_owned())] {
        for good in [passed("then"), receipt(1, "then", GateStatus::Leaked, false), uncalled("then")] {
            assert_eq!(verdict(origin.clone(), vec![good.clone()]), Verdict::Passed, "{origin:?} {good:?}");
        }
    }
}

#[test]
fn the_last_run_for_a_tree_decides() {
    let pass = |when| receipt(when, "then", GateStatus::Passed, false);
    let fail = |when| receipt(when, "then", GateStatus::Timeout, false);
    assert_eq!(verdict(Origin::Change, vec![fail(1), pass(2)]), Verdict::Passed);
    assert_eq!(verdict(Origin::Change, vec![pass(1), fail(2)]), Verdict::Missing);
    assert_eq!(verdict(Origin::Change, vec![fail(1), pass(1)]), Verdict::Missing, "at one time");
    // What says nothing of the tree takes nothing back, and proves nothing beside what does.
    assert_eq!(verdict(Origin::Change, vec![pass(1), receipt(2, "then", GateStatus::Cancelled, false)]), Verdict::Passed);
    assert_eq!(verdict(Origin::Change, vec![fail(1), receipt(2, "then", GateStatus::Skipped, true)]), Verdict::Missing);
    assert_eq!(
        verdict(here(), vec![receipt(1, "now", GateStatus::Passed, false), receipt(2, "now", GateStatus::Failed, false)]),
        Verdict::Missing
    );
}

#[test]
fn without_a_pass_it_depends_on_who_said_so() {
    use Verdict::{Missing, PassedSince};
    let nothing: fn() -> Vec<Receipt> = Vec::new;
    let other = || vec![passed("other"), receipt(3, "then", GateStatus::Cancelled, false)];
    let since = || vec![failed("then"), passed("now")];
    let at_head = || vec![passed("head")];
    let only_failed = || vec![failed("then"), receipt(4, "then", GateStatus::Skipped, false)];
    assert_eq!([nothing(), other(), since(), at_head(), only_failed()].map(|all| verdict(Origin::Change, all)), [const { Missing }; 5]);
    assert_eq!(
        [nothing(), other(), since(), at_head(), only_failed()].map(|all| verdict(here(), all)),
        [Missing, Missing, PassedSince, PassedSince, Missing]
    );
    assert!(is_unknown(&verdict(elsewhere(), nothing())) && is_unknown(&verdict(elsewhere(), other())));
    assert_eq!([since(), at_head(), only_failed()].map(|all| verdict(elsewhere(), all)), [PassedSince, PassedSince, Missing]);
    assert_eq!(
        [nothing(), since(), at_head(), only_failed()].map(|all| verdict(Origin::Untracked, all)),
        [Missing, PassedSince, PassedSince, Missing]
    );
    assert!(is_unknown(&verdict(Origin::Untracked, other())));
    let lost = || Origin::Unknown("history is cut off".to_owned());
    assert_eq!(verdict(lost(), nothing()), Verdict::Unknown("history is cut off".to_owned()));
    assert_eq!(verdict(lost(), at_head()), PassedSince);
}

#[test]
fn what_is_not_known_is_said_in_words() {
    let Verdict::Unknown(why) = verdict(elsewhere(), Vec::new()) else { panic!() };
    assert_eq!(why, "no receipt in this clone; it was completed in 0123456789ab, made elsewhere");
    let config = configured(Vec::new(), &[("implementation", &["test"])]);
    for origin in [Origin::Change, here()] {
        assert!(is_unknown(&verdict_with(&config, origin, None, vec![passed("then")])));
    }
}

#[test]
fn a_gate_that_waits_for_a_phase_has_to_have_run() {
    let by_condition = configured(vec![gate("test", &["implementation"], &[])], &[]);
    assert_eq!(verdict_with(&by_condition, Origin::Change, Some("then"), vec![uncalled("then")]), Verdict::Missing);
    assert_eq!(verdict_with(&by_condition, Origin::Change, Some("then"), vec![passed("then")]), Verdict::Passed);
    // That nothing calls for it now says nothing of what was.
    assert_eq!(verdict(here(), vec![uncalled("now")]), Verdict::Missing);
}

#[test]
fn the_gates_of_phases_parts_and_waves_are_found_by_either_way() {
    let draft = gate("draft", &["implementation"], &[Profile::Draft]);
    let both = gate("both", &["Implementation", "wave-2"], &[Profile::Draft, Profile::Production]);
    let gates = vec![gate("all", &["wave"], &[]), draft, both, gate("part", &["test_2c"], &[]), gate("free", &[], &[])];
    let listed: [(&str, &[&str]); 4] =
        [("implementation", &["test", "both"]), ("test_2c_implementation", &["unit"]), ("wave-2", &["second"]), ("wave", &["every"])];
    let config = configured(gates, &listed);
    let phases = phase::phases(&State::default(), &config);
    let of = |name: &str| required(&config, &phases, name);
    assert_eq!(of("implementation"), ["test", "both"]);
    assert_eq!(of("test_2c_implementation"), ["unit", "part"]);
    assert_eq!(of("wave-2"), ["every", "second", "all", "both"]);
    assert_eq!(of("wave-12"), ["every", "all"]);
    assert!(of("architecture").is_empty() && of("waves").is_empty());
    assert!(is_asked(&config) && !is_asked(&configured(vec![gate("free", &[], &[])], &[("architecture", &[])])));
    // None of them became a phase of its own.
    assert_eq!(phases.all.len(), phase::phases(&State::default(), &Config::default()).all.len());
    assert!(phases.unknown.is_empty());
}

#[test]
fn what_is_called_complete_is_named_once() {
    let mut state = workflow(None, &["Test-Definition", "test definition", "Final Validation", " "]);
    state.workflow.as_mut().unwrap().completed_subphases = texts(&["test_2a"]);
    let wave = |number: u32, state| ProgressWave { wave: at(number), state, ..ProgressWave::default() };
    let waves = vec![wave(1, Some(WaveState::Done)), wave(2, Some(WaveState::Running)), wave(4, None)];
    state.progress = Some(ProgressPage { waves, ..ProgressPage::default() });
    state.waves = vec![Wave { wave: at(3), ..Wave::default() }, Wave { wave: at(1), ..Wave::default() }];
    let phases = phase::phases(&state, &Config::default());
    let names: Vec<String> = claims(&state, &phases).into_iter().map(|claim| claim.name).collect();
    assert_eq!(names, ["test_definition", "validation", "test_2a_infrastructure", "wave-1", "wave-3"]);
}

#[test]
fn the_last_pass_and_the_last_failure_are_told() {
    let config = configured(Vec::new(), &[("implementation", &["test"])]);
    let phases = phase::phases(&State::default(), &config);
    let completion =
        Completion { name: "implementation".to_owned(), mark: Mark::default(), tree: Some(tree("then")), present: vec![], origin: here() };
    let all = vec![
        receipt(1, "then", GateStatus::Timeout, false),
        receipt(5, "then", GateStatus::Failed, false),
        receipt(3, "then", GateStatus::Timeout, false),
        receipt(2, "a", GateStatus::Passed, false),
        receipt(4, "b", GateStatus::Leaked, false),
    ];
    let receipts = Receipts { all, problems: Vec::new() };
    let completions = [completion];
    let proof = proofs(&completions, &receipts, &config, &phases).remove(0);
    assert_eq!((proof.verdict, proof.ended.unwrap().receipt.at), (Verdict::Missing, Moment(5)));
    assert_eq!(proof.passed.unwrap().receipt.tree, tree("b"));
}

#[test]
fn a_gate_that_was_another_then_proves_the_past_and_not_the_present() {
    let config = configured(vec![gate("test", &["implementation"], &[])], &[]);
    let mut weak = passed("then");
    weak.gates[0].definition = definition::definition(&Gate { run: Command::Shell("false".to_owned()), ..gate("test", &[], &[]) }, &[]);
    let verdict = |origin| verdict_with(&config, origin, Some("then"), vec![weak.clone()]);
    assert_eq!(verdict(Origin::Change), Verdict::Missing);
    assert_eq!(verdict(Origin::MadeHere("c".to_owned())), Verdict::Passed);
}
