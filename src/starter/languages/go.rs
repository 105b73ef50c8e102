//! Go: vet and test, and golangci-lint where it is configured.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem = Ecosystem { name: "Go", manifests: &["go.mod"], nests: true, gates };

const CONFIGURATIONS: &[&str] = &[".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"];

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let changed = || project.changed(&["**/*.go", "**/go.mod", "**/go.sum"]);
    let from_ci = |start: &[&str], own: &[&str]| {
        project.in_ci(start).filter(|line| line.iter().any(|word| word == "./...")).unwrap_or_else(|| words(own.to_vec()))
    };
    let mut gates = vec![
        Gate::new("vet", from_ci(&["go", "vet"], &["go", "vet", "./..."]))
            .why("What the compiler lets pass and is a mistake all the same.")
            .when(changed())
            .timeout("10m"),
        Gate::new("test", from_ci(&["go", "test"], &["go", "test", "./..."]))
            .why("The tests of every package of the module.")
            .when(changed())
            .weight(2)
            .timeout("20m")
            .not_in_drafts(),
    ];
    if project.first(CONFIGURATIONS).is_some() {
        gates.push(
            Gate::new("lint", words(vec!["golangci-lint", "run"]))
                .why("golangci-lint is configured here.")
                .when(changed())
                .weight(2)
                .timeout("10m")
                .not_in_drafts(),
        );
    }
    gates
}
