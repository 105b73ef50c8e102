//! Ruby: the tools that a project configures, through bundler.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem = Ecosystem { name: "Ruby", manifests: &["Gemfile"], nests: false, gates };

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let changed = || project.changed(&["**/*.{rb,rake,gemspec}", "/Gemfile", "/Gemfile.lock"]);
    let bundled = |tool: &str| words(vec!["bundle", "exec", tool]);
    let mut gates = Vec::new();
    if project.first(&[".rubocop.yml", ".standard.yml"]).is_some() {
        let tool = if project.has(".standard.yml") && !project.has(".rubocop.yml") { "standardrb" } else { "rubocop" };
        gates.push(Gate::new(tool, bundled(tool)).why("It is configured here.").when(changed()).timeout("5m"));
    }
    if project.first(&[".rspec", "spec/spec_helper.rb"]).is_some() {
        gates.push(Gate::new("rspec", bundled("rspec")).why("The specs.").when(changed()).weight(2).timeout("20m").not_in_drafts());
    } else if project.survey.has_folder(&project.path("test")) && project.has("bin/rails") {
        gates.push(
            Gate::new("test", words(vec!["bin/rails", "test"])).why("The tests.").when(changed()).weight(2).timeout("20m").not_in_drafts(),
        );
    }
    gates
}
