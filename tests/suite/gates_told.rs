//! What people are told of gates: the way to repeat a failure, what was not checked, and counts that agree everywhere.

use super::gates_probes::{report, repository};
use super::program::{code, run, stdout};
use super::repository::Repository;
use serde_json::Value;
use std::process::Command;

/// Runs a command line that the program gave, as a person would.
fn as_told(repository: &Repository, line: &str) -> (String, i32) {
    let program = assert_cmd::cargo::cargo_bin("paralint");
    let path = std::env::join_paths(
        std::iter::once(program.parent().unwrap().to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().env("PATH", path.unwrap()).env("HOME", repository.path()).env("LANG", "C.UTF-8");
    let output = shell.current_dir(repository.path()).args(["-c", line]).output().unwrap();
    (stdout(&output), code(&output))
}

fn gate<'r>(report: &'r Value, name: &str) -> &'r Value {
    report["gates"].as_array().unwrap().iter().find(|gate| gate["name"] == name).unwrap()
}

#[test]
fn what_is_told_as_a_repetition_fails_again() {
    let repository = repository("[gates.lint]\nrun = 'true'\n");
    let gates = "[gates.lint]\nrun = ['grep', '-L', 'committed', '{files}']\n[gates.'all tests']\nrun = 'echo {files} | grep -v other'\n";
    repository.write("my gates.toml", gates);
    let arguments = ["gates", "--all", "--config", "my gates.toml"];
    let (first, exit) = report(repository.path(), &arguments);
    assert_eq!(exit, 1, "{first:#}");
    let told = gate(&first, "all tests")["again"].as_str().unwrap();
    assert_eq!(told, "paralint gates --all --config 'my gates.toml' 'all tests'");
    let (again, exit) = as_told(&repository, told);
    assert!(exit == 1 && again.contains("1 of 1 gate failed"), "{again}");
    let shown = stdout(&run(repository.path(), &arguments));
    assert!(shown.contains(told), "{shown}");
    // Without what it carries over, it would be another gate or other files.
    assert_eq!(code(&run(repository.path(), &["gates", "lint"])), 0);
    assert_eq!(code(&run(repository.path(), &["gates", "--config", "my gates.toml", "all tests"])), 0);
}

#[test]
fn counts_agree_everywhere() {
    let gates = "[gates.a]\nrun = 'exit 1'\n[gates.b]\nrun = 'true'\nneeds = ['a']\n[gates.c]\nrun = 'true'\ninputs = 'index'\n\
                 [gates.d]\nrun = 'true'\nwhen = { changed = ['*.never'] }\n";
    let repository = repository(gates);
    assert_eq!(code(&run(repository.path(), &["gates", "c"])), 0);
    let shown = stdout(&run(repository.path(), &["gates"]));
    assert!(shown.starts_with("running 2 gates, "), "{shown}");
    assert!(shown.lines().next().unwrap().ends_with(": a, b; 1 cached, 1 skipped"), "{shown}");
    assert!(shown.lines().last().unwrap().starts_with("1 of 3 gates failed in"), "{shown}");
    let (told, _) = report(repository.path(), &["gates"]);
    assert_eq!(told["checked"][0]["detail"], "1 of 3 gates passed, 1 skipped", "{told:#}");
    assert_eq!((&gate(&told, "d")["uncalled"], &gate(&told, "b")["uncalled"]), (&Value::Bool(true), &Value::Null));
    let listed = stdout(&run(repository.path(), &["gates", "--list"]));
    assert!(listed.lines().last().unwrap().starts_with("2 gates would run, 1 has passed already"), "{listed}");
    let (listed, _) = report(repository.path(), &["gates", "--list", "--all", "d"]);
    assert_eq!(listed["checked"][0]["detail"], "1 gate would run", "{listed:#}");
    repository.write("paralint.toml", "[gates.d]\nrun = 'true'\nwhen = { changed = ['*.never'] }\n");
    let (told, _) = report(repository.path(), &["gates"]);
    assert_eq!(told["checked"][0]["detail"], "none of 1 gate was called for", "{told:#}");
}

#[test]
fn a_rule_that_is_off_is_told_where_it_would_have_counted() {
    let repository = repository("[rules]\ngate-failed = 'off'\n[gates.lint]\nrun = 'exit 1'\n");
    let output = run(repository.path(), &["gates"]);
    let shown = stdout(&output);
    assert!(code(&output) == 0 && shown.contains("gate-failed (off in paralint.toml, so lint counts nothing)"), "{shown}");
    repository.write("paralint.toml", "[rules]\ngate-failed = 'off'\n[gates.lint]\nrun = 'true'\n");
    let shown = stdout(&run(repository.path(), &["gates"]));
    assert!(!shown.contains("gate-failed"), "{shown}");
}

#[test]
fn what_gates_did_not_see_is_named() {
    let repository = repository("[gates.lint]\nrun = 'echo more >> other.txt'\n");
    let shown = stdout(&run(repository.path(), &["gates"]));
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("not checked: what is staged (kept.txt and new.txt differ in the work tree, where gates ran)"), "{shown}");
    assert!(flat.contains("not checked: a receipt (other.txt changed while gates ran)"), "{shown}");
}

#[test]
fn each_fact_is_said_once() {
    let repository = repository(
        "[gates.gone]\nrun = 'no-such-command-here'\n[gates.slow]\nrun = 'sleep 60'\ntimeout = '1s'\n[gates.crash]\nrun = 'kill -s SEGV $$'\n\
         [gates.flaky]\nrun = 'test -e again || { touch again; exit 1; }'\nretries = 1\nbackoff = '1ms'\n",
    );
    let shown = stdout(&run(repository.path(), &["gates"]));
    let last = &shown[shown.find("  ✗ gone:").unwrap()..];
    assert_eq!(last.matches("no-such-command-here").count(), 1, "{shown}");
    assert!(!shown.contains("still running") && shown.contains("killed by SIGSEGV after"), "{shown}");
    assert!(shown.contains("! flaky") && !shown.contains("✓ flaky"), "{shown}");
}

#[test]
fn a_check_with_gates_says_what_passed_in_one_line() {
    let repository = repository("[gates.lint]\nrun = 'true'\n");
    let shown = stdout(&run(repository.path(), &["check", "--gates"]));
    assert_eq!((shown.matches("1 gate passed").count(), shown.matches("1 of 1 gate passed").count()), (1, 0), "{shown}");
}
