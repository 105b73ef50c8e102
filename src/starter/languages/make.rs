//! Makefiles and justfiles: the targets that people call for checking, where no other family has gates for the folder.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const MAKE: Ecosystem =
    Ecosystem { name: "make", manifests: &["GNUmakefile", "makefile", "Makefile"], nests: false, gates: make };

pub(super) const JUST: Ecosystem = Ecosystem { name: "just", manifests: &["justfile", "Justfile"], nests: false, gates: just };

/// Targets that check, by their usual names. `check` is often both of the others.
const TARGETS: &[&str] = &["lint", "test", "check"];

fn make(project: &Project<'_>) -> Vec<Gate> {
    gates(project, "make")
}

fn just(project: &Project<'_>) -> Vec<Gate> {
    gates(project, "just")
}

fn gates(project: &Project<'_>, program: &str) -> Vec<Gate> {
    let text = project.text(&project.manifest).unwrap_or_default();
    let there: Vec<&str> = TARGETS.iter().copied().filter(|target| text.lines().any(|line| defines(line, target))).collect();
    let has_parts = there.iter().any(|target| *target != "check");
    let gate = |target: &&str| {
        let gate = Gate::new(target, words(vec![program, target])).why(&format!("The target `{target}` of the {}.", project.manifest));
        let gate = gate.timeout("20m");
        let gate = if *target == "lint" { gate } else { gate.weight(2).not_in_drafts() };
        match () {
            () if project.is_served => gate.only_example("the gates above may do the same: use one of the two"),
            () if *target == "check" && has_parts => gate.only_example("it may do what the others do"),
            () => gate,
        }
    };
    there.iter().map(gate).collect()
}

/// A line that begins a rule for this target: `lint test: sources`, `@lint arguments:`.
fn defines(line: &str, target: &str) -> bool {
    if line.starts_with([' ', '\t', '#', '.']) {
        return false;
    }
    let Some((names, rest)) = line.split_once(':') else { return false };
    !rest.starts_with('=') && !names.contains('=') && names.trim_start_matches('@').split_whitespace().any(|name| name == target)
}

#[cfg(test)]
mod tests {
    use super::defines;

    #[test]
    fn a_rule_is_told_from_a_variable() {
        for line in ["lint:", "lint: a b", "fmt lint : x", "@lint arguments:", "lint::"] {
            assert!(defines(line, "lint"), "{line}");
        }
        for line in ["lint := x", "LINT = lint: x", "\tlint: x", "# lint: x", "linter:", "x: lint", ".PHONY: lint"] {
            assert!(!defines(line, "lint"), "{line}");
        }
    }
}
