//! JavaScript and TypeScript: the scripts of package.json, by whichever package manager the lock file tells.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem = Ecosystem { name: "JavaScript", manifests: &["package.json"], nests: false, gates };

/// Scripts that check, by their usual names: the gate that they become, and how long it may take.
const SCRIPTS: &[(&str, &str, &str)] = &[
    ("format:check", "format", "5m"),
    ("check:format", "format", "5m"),
    ("prettier:check", "format", "5m"),
    ("fmt:check", "format", "5m"),
    ("lint", "lint", "10m"),
    ("typecheck", "typecheck", "10m"),
    ("type-check", "typecheck", "10m"),
    ("check-types", "typecheck", "10m"),
    ("types:check", "typecheck", "10m"),
    ("test", "test", "20m"),
    ("build", "build", "20m"),
];

/// What `npm init` writes for a test that is not there.
const NO_TEST: &str = "no test specified";

/// The package manager that a lock file belongs to.
const MANAGERS: &[(&str, &str)] = &[
    ("pnpm-lock.yaml", "pnpm"),
    ("pnpm-workspace.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
    ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
];

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let Some(package) =
        project.text("package.json").and_then(|text| serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')).ok())
    else {
        return Vec::new();
    };
    let manager = manager(project, &package);
    let mut gates: Vec<Gate> = Vec::new();
    for (script, name, timeout) in SCRIPTS {
        let Some(body) = package.pointer("/scripts").and_then(|scripts| scripts.get(script)).and_then(|body| body.as_str()) else {
            continue;
        };
        if body.trim().is_empty() || body.contains(NO_TEST) || gates.iter().any(|gate| gate.name == *name) {
            continue;
        }
        gates.push(gate(project, manager, (script, name, timeout), body));
    }
    gates
}

fn gate(project: &Project<'_>, manager: &'static str, (script, name, timeout): (&str, &str, &'static str), body: &str) -> Gate {
    let gate = Gate::new(name, words(vec![manager, "run", script])).why(&format!("The script `{script}` of package.json."));
    let gate = gate.when(changed(project)).timeout(timeout);
    let gate = if matches!(name, "format" | "lint") { gate } else { gate.weight(2).not_in_drafts() };
    let has =
        |word: &str| body.split_whitespace().any(|one| one == word || one.strip_prefix(word).is_some_and(|rest| rest.starts_with('=')));
    if has("--fix") || has("--write") {
        return gate.only_example("it edits files, and a gate only looks: leave out `--fix` or `--write` in a script for it");
    }
    if has("--watch") || has("-w") {
        return gate.only_example("it watches, and so never ends");
    }
    gate
}

/// The field `packageManager` is what the project says of itself; then the lock files, also of a workspace above.
fn manager(project: &Project<'_>, package: &serde_json::Value) -> &'static str {
    let said = package.get("packageManager").and_then(|said| said.as_str()).unwrap_or_default();
    let named = ["npm", "pnpm", "yarn", "bun"].into_iter().find(|name| said.strip_prefix(name).is_some_and(|rest| rest.starts_with('@')));
    let by_file =
        || MANAGERS.iter().find(|(file, _)| project.has(file)).or_else(|| MANAGERS.iter().find(|(file, _)| project.survey.has(file)));
    named.or_else(|| by_file().map(|(_, manager)| *manager)).unwrap_or("npm")
}

fn changed(project: &Project<'_>) -> Vec<String> {
    let mut patterns = vec!["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}".to_owned()];
    let endings: [&[u8]; 6] = [b".vue", b".svelte", b".astro", b".css", b".scss", b".html"];
    let own = project.survey.below(&project.folder);
    patterns.extend(
        endings
            .iter()
            .filter(|ending| own.iter().any(|file| file.as_bytes().ends_with(ending)))
            .map(|ending| format!("**/*{}", String::from_utf8_lossy(ending))),
    );
    patterns.push("**/package.json".to_owned());
    patterns.extend(MANAGERS.iter().filter(|(file, _)| project.has(file)).map(|(file, _)| format!("/{file}")));
    patterns.push("**/tsconfig*.json".to_owned());
    project.changed(&patterns.iter().map(String::as_str).collect::<Vec<_>>())
}
