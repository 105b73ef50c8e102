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
