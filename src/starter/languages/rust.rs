//! Rust: cargo.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem = Ecosystem { name: "Rust", manifests: &["Cargo.toml"], nests: false, gates };

/// Words by which a command is about a part only.
const PARTIAL: &[&str] = &[
    "--doc",
    "--no-run",
    "--test",
    "--tests",
    "--lib",
    "--bin",
    "--bins",
    "--example",
    "--examples",
    "--bench",
    "--benches",
    "-p",
    "--package",
    "--exclude",
    "--target",
    "--manifest-path",
    "--ignored",
];

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let files = project.changed(&["**/*.rs", "**/Cargo.toml", "/Cargo.lock", "/.cargo/"]);
    let is_workspace =
        project.text("Cargo.toml").and_then(|text| text.parse::<toml::Table>().ok()).is_some_and(|table| table.contains_key("workspace"));
    let locked: &[&str] = if project.has("Cargo.lock") { &["--locked"] } else { &[] };
    let all: &[&str] = if is_workspace { &["--workspace"] } else { &[] };
    let own = |start: &[&str], end: &[&str]| words([start, locked, all, end].concat());
    let fmt_words: &[&str] = if is_workspace { &["cargo", "fmt", "--all", "--check"] } else { &["cargo", "fmt", "--check"] };
    // What CI runs is what has to pass; only there warnings are known to be errors.
    let from_ci = |start: &[&str], needed: &str| {
        let line = project.in_ci(start).filter(|line| !line.iter().any(|word| PARTIAL.contains(&word.as_str())));
        line.filter(|line| needed.is_empty() || line.iter().any(|word| word == needed))
    };
    let (fmt_ci, clippy_ci) = (from_ci(&["cargo", "fmt"], "--check"), from_ci(&["cargo", "clippy"], ""));
    let test_ci = from_ci(&["cargo", "test"], "");
    let fmt = Gate::new("fmt", fmt_ci.clone().unwrap_or_else(|| words(fmt_words.to_vec())))
        .why(if fmt_ci.is_some() {
            "The formatting, as CI checks it."
        } else {
            "The formatting. It takes no build, so it runs beside everything else."
        })
        .when(project.changed(&["**/*.rs", "/rustfmt.toml", "/.rustfmt.toml"]))
        .timeout("2m");
    let clippy = Gate::new("clippy", clippy_ci.clone().unwrap_or_else(|| own(&["cargo", "clippy"], &["--all-targets"])))
        .why(if clippy_ci.is_some() {
            "Lints, as CI runs them."
        } else {
            "Lints. Warnings pass: add `\"--\", \"-D\", \"warnings\"` to the list, once there are none."
        })
        .when(project.changed(&["**/*.rs", "**/Cargo.toml", "/Cargo.lock", "/clippy.toml", "/.clippy.toml", "/.cargo/"]))
        .resource("cargo-target")
        .weight(2)
        .timeout("15m")
        .not_in_drafts();
    let test = Gate::new("test", test_ci.clone().unwrap_or_else(|| own(&["cargo", "test"], &[])))
        .why(if test_ci.is_some() { "The tests, as CI runs them." } else { "The tests, those of the documentation among them." })
        .when(files)
        .resource("cargo-target")
        .weight(2)
        .timeout("20m")
        .not_in_drafts();
    // Without sources cargo has nothing to build, and says so by failing.
    let has_sources = project.survey.below(&project.folder).iter().any(|file| file.as_bytes().ends_with(b".rs"));
    let gates = vec![fmt, clippy, test];
    if has_sources { gates } else { gates.into_iter().map(|gate| gate.only_example("there is no Rust source yet")).collect() }
}
