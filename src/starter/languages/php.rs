//! PHP: the scripts of composer.json, and the tools that are configured.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem = Ecosystem { name: "PHP", manifests: &["composer.json"], nests: false, gates };

/// A tool: its script, its program, and the files that configure it.
const TOOLS: &[(&str, &[&str], &[&str])] = &[
    ("lint", &[], &[]),
    ("phpstan", &["vendor/bin/phpstan", "analyse", "--no-progress"], &["phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon"]),
    ("psalm", &["vendor/bin/psalm", "--no-progress"], &["psalm.xml", "psalm.xml.dist"]),
    ("test", &["vendor/bin/phpunit"], &["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"]),
];

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let package: serde_json::Value = project.text("composer.json").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let mut gates = Vec::new();
    for (name, program, files) in TOOLS {
        let changed = project.changed(&["**/*.php", "/composer.json", "/composer.lock"]);
        let is_script = package.pointer("/scripts").and_then(|scripts| scripts.get(name)).is_some();
        let (run, why) = match (is_script, project.first(files)) {
            (true, _) => (words(vec!["composer", "run-script", name]), format!("The script `{name}` of composer.json.")),
            (false, Some(file)) if !program.is_empty() => (words(program.to_vec()), format!("{file} configures it.")),
            _ => continue,
        };
        let gate = Gate::new(name, run).why(&why).when(changed).timeout("15m");
        gates.push(if *name == "lint" { gate } else { gate.weight(2).not_in_drafts() });
    }
    gates
}
