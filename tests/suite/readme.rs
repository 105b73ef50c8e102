//! The README's commands and examples do what it says.

use super::program::{code, paralint};
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// The fenced block behind a marker.
fn block(marker: &str) -> String {
    let text = readme();
    let behind = text.split(&format!("<!-- {marker} -->")).nth(1).unwrap_or_else(|| panic!("no {marker}"));
    behind.split("```").nth(1).unwrap().split_once('\n').unwrap().1.to_owned()
}

/// Its picture is the terminal's; `pictures.rs` holds that against what is printed.
#[test]
fn the_first_command_is_that_of_the_picture() {
    let text = block("first-command");
    let command = text.trim_end().strip_prefix("$ cargo run -q -- ").expect("the first command runs this crate");
    let words: Vec<&str> = command.split(' ').collect();
    let output = paralint(root()).args(&words).output().unwrap();
    assert_eq!(code(&output), 1);
    for scheme in ["light", "dark"] {
        let picture = format!("docs/terminal-audit-{scheme}.svg");
        let drawn = std::fs::read_to_string(root().join(&picture)).unwrap();
        assert!(readme().contains(&picture) && drawn.contains(&format!("<title>paralint {command}</title>")), "{picture}");
    }
}

#[test]
fn the_second_command_is_the_one_that_ci_calls() {
    assert!(block("second-command").starts_with("$ cargo test"));
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(ci.contains("second-command"));
}

#[test]
fn the_configuration_of_the_readme_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("paralint.toml"), block("configuration")).unwrap();
    let log = super::program::fixture("everything-fine");
    let output = paralint(folder.path()).arg("audit").arg(log).output().unwrap();
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_gates_of_the_readme_are_listed() {
    let repository = super::repository::Repository::new();
    repository.write("paralint.toml", &block("configuration"));
    repository.commit_all("base");
    let report = super::program::report(repository.path(), &["gates", "--list", "--all"]);
    assert!(report["error"].is_null(), "{}", report["error"]);
    let gates: Vec<&str> = report["gates"].as_array().unwrap().iter().map(|gate| gate["name"].as_str().unwrap()).collect();
    assert!(["clippy", "test"].iter().all(|name| gates.contains(name)), "{gates:?}");
}

#[test]
fn every_command_of_the_readme_is_known() {
    let text = readme();
    for line in text.lines().filter_map(|line| line.strip_prefix("$ paralint ")) {
        let words: Vec<&str> = line.split("  ").next().unwrap().split_whitespace().collect();
        // With --help behind it, a command line is parsed in full and runs nothing.
        let output = paralint(root()).args(&words).arg("--help").output().unwrap();
        assert_eq!(code(&output), 0, "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_readme_lists_every_rule_with_its_severity() {
    let text = readme();
    let rules = super::program::run(root(), &["rule", "--format", "json"]);
    let rules: serde_json::Value = serde_json::from_slice(&rules.stdout).unwrap();
    for rule in rules.as_array().unwrap() {
        let name = format!("| `{}` |", rule["name"].as_str().unwrap());
        let row = text.lines().find(|line| line.starts_with(&name)).unwrap_or_else(|| panic!("{name} is not in the README"));
        assert!(row.ends_with(&format!("| {} |", rule["severity"].as_str().unwrap())), "{row}");
    }
}

#[test]
fn the_readme_lists_every_format_and_shows_what_is_there() {
    let text = readme();
    let help = super::program::stdout(&super::program::run(root(), &["audit", "--help"]));
    let listed = help.split("--format <FORMAT>").nth(1).unwrap().split("[default").next().unwrap();
    let formats: Vec<&str> =
        listed.lines().filter_map(|line| line.trim().strip_prefix("- ")?.split_once(':')).map(|(name, _)| name).collect();
    assert!(formats.contains(&"human") && formats.contains(&"otlp"), "{help}");
    for format in formats {
        assert!(text.lines().any(|line| line.starts_with(&format!("| `{format}` |"))), "{format} is not in the README");
    }
    for picture in ["docs/report-light.png", "docs/report-dark.png"] {
        assert!(text.contains(picture) && std::fs::metadata(root().join(picture)).unwrap().len() > 1_000, "{picture}");
    }
}
