//! Elixir: mix.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem = Ecosystem { name: "Elixir", manifests: &["mix.exs"], nests: false, gates };

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let changed = || project.changed(&["**/*.{ex,exs,eex,heex,leex}", "/mix.lock"]);
    let mut gates = Vec::new();
    if project.has(".formatter.exs") {
        gates.push(
            Gate::new("format", words(vec!["mix", "format", "--check-formatted"]))
                .why("The formatting, by .formatter.exs.")
                .when(changed())
                .timeout("5m"),
        );
    }
    if project.has(".credo.exs") {
        gates.push(
            Gate::new("credo", words(vec!["mix", "credo"]))
                .why("credo is configured here.")
                .when(changed())
                .resource("mix-build")
                .timeout("10m")
                .not_in_drafts(),
        );
    }
    gates.push(
        Gate::new("test", words(vec!["mix", "test"]))
            .why("The tests.")
            .when(changed())
            .resource("mix-build")
            .weight(2)
            .timeout("20m")
            .not_in_drafts(),
    );
    gates
}
