//! Every repository under `fixtures/check`: made anew with real git, checked, and held against its `expect.json`.
//!
//! `base/` is committed on `main`, `change/` is copied over it and staged, `untracked/` is copied and left alone. In all of
//! them `{{now-2h}}` stands for a time two hours ago (`m` and `d` work as well).

use super::program::paralint;
use super::repository::Repository;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The keys that `expect.json` may hold.
const KEYS: &[&str] = &["about", "branch", "env", "delete", "rename", "args", "families", "exit_code", "findings", "changes", "error"];
/// The keys of one expected finding.
const FINDING_KEYS: &[&str] = &["rule", "severity", "path", "line", "agents", "message", "paths"];

/// The folder of the fixtures.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/check")
}

/// The names of all fixtures.
fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn expectation(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join(name).join("expect.json")).unwrap_or_else(|error| panic!("{name}: {error}"));
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    for key in value.as_object().unwrap().keys() {
        assert!(KEYS.contains(&key.as_str()), "{name}: unknown key {key}");
    }
    value
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().map(|all| all.iter().map(|one| one.as_str().unwrap()).collect()).unwrap_or_default()
}

/// Makes the repository of a fixture, and runs its command in it.
pub(crate) fn outcome(name: &str) -> (Value, i32) {
    run(name, &made(name))
}

/// Makes the repository of a fixture.
pub(crate) fn made(name: &str) -> Repository {
    let expected = expectation(name);
    let repository = Repository::new();
    let source = root().join(name);
    repository.copy(&source.join("base"));
    repository.commit_all("base");
    if let Some(branch) = expected["branch"].as_str() {
        repository.git(&["checkout", "-q", "-b", branch]);
    }
    for path in list(&expected["delete"]) {
        repository.git(&["rm", "-q", "--", path]);
    }
    for (from, to) in expected["rename"].as_object().into_iter().flatten() {
        repository.rename(from, to.as_str().unwrap());
    }
    repository.copy(&source.join("change"));
    repository.git(&["add", "-A", "-f"]);
    repository.copy(&source.join("untracked"));
    repository
}

fn run(name: &str, repository: &Repository) -> (Value, i32) {
    let expected = expectation(name);
    let source = root().join(name);
    let arguments: Vec<String> = match expected["args"].as_array() {
        Some(arguments) => arguments.iter().map(|one| one.as_str().unwrap().replace("FIXTURE", source.to_str().unwrap())).collect(),
        None => vec!["check".to_owned()],
    };
    let mut command = paralint(repository.path());
    command.args(arguments).args(["--format", "json"]);
    for (key, value) in expected["env"].as_object().into_iter().flatten() {
        command.env(key, value.as_str().unwrap());
    }
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{name}: {error}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    (report, output.status.code().unwrap())
}

/// One expected finding is this one.
fn is_met(expected: &Value, actual: &Value) -> bool {
    expected.as_object().unwrap().iter().all(|(key, wanted)| match key.as_str() {
        "path" | "line" => &actual["location"][key] == wanted,
        "message" => actual["message"].as_str().unwrap().contains(wanted.as_str().unwrap()),
        _ => &actual[key] == wanted,
    })
}

fn compare(name: &str) {
    let expected = expectation(name);
    let (report, code) = outcome(name);
    let families = list(&expected["families"]);
    let counts = |finding: &&Value| families.is_empty() || families.contains(&finding["family"].as_str().unwrap());
    let mut actual: Vec<&Value> = report["findings"].as_array().unwrap().iter().filter(counts).collect();
    for wanted in expected["findings"].as_array().into_iter().flatten() {
        for key in wanted.as_object().unwrap().keys() {
            assert!(FINDING_KEYS.contains(&key.as_str()), "{name}: unknown key {key}");
        }
        let found = actual.iter().position(|finding| is_met(wanted, finding));
        let index = found.unwrap_or_else(|| panic!("{name}: not found: {wanted}\nin: {actual:#?}"));
        actual.remove(index);
    }
    assert!(actual.is_empty(), "{name}: not expected: {actual:#?}");
    assert_eq!(code, expected["exit_code"].as_i64().unwrap_or(0) as i32, "{name}: exit code; error {}", report["error"]);
    if let Some(error) = expected["error"].as_str() {
        let all = format!("{} {}", report["error"]["message"], report["error"]["hint"]);
        assert!(all.contains(error), "{name}: {all}");
    }
    for (index, wanted) in expected["changes"].as_array().into_iter().flatten().enumerate() {
        for (key, value) in wanted.as_object().unwrap() {
            assert_eq!(&report["changes"][index][key], value, "{name}: changes[{index}].{key}");
        }
    }
}

#[test]
fn every_repository_is_judged_as_expected() {
    // All of them are told, not only the first.
    let failed: Vec<String> = names().into_iter().filter(|name| std::panic::catch_unwind(|| compare(name)).is_err()).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn running_twice_gives_the_same_bytes() {
    for name in names().into_iter().step_by(5) {
        let repository = made(&name);
        let (one, two) = (run(&name, &repository), run(&name, &repository));
        assert_eq!(one, two, "{name}");
    }
}

#[test]
fn every_report_meets_the_schema_and_every_screen_its_width() {
    let schema = super::program::run(Path::new("/"), &["schema", "report"]);
    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema.stdout).unwrap()).unwrap();
    for name in names() {
        let repository = made(&name);
        let (report, _) = run(&name, &repository);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let output = paralint(repository.path()).arg("check").output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        for line in shown.lines() {
            assert!(line.chars().count() <= 80 && !line.chars().any(char::is_control), "{name}: {line}");
        }
    }
}
