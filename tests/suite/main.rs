//! The one integration binary: it runs the program as a user does, with a scrubbed environment.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod acceptance;
#[cfg(unix)]
mod action;
#[cfg(unix)]
mod action_file;
#[cfg(unix)]
mod action_install;
mod actions_event;
mod actions_fork;
mod bad_input;
mod boundaries;
mod boundaries_help;
mod browser;
mod check_policy;
mod check_sessions;
mod choosing;
mod codex;
mod completions;
#[cfg(unix)]
mod composite;
mod configuration;
mod docs;
mod every_format;
mod examples_of_help;
mod fixtures;
mod gates;
mod gates_bad_input;
mod gates_checkout;
mod gates_checkout_places;
mod gates_checkout_tampered;
mod gates_configuration;
mod gates_probes;
mod gates_rules;
mod gates_seen;
mod gates_tampering;
mod gates_told;
mod git;
mod git_broken;
mod git_merges;
mod git_names;
mod git_places;
mod git_planted;
mod git_programs;
mod git_ranges;
mod git_worktrees;
mod github;
#[cfg(unix)]
mod github_output;
mod hooks;
mod hooks_push;
mod hostile_log;
mod init;
mod install;
mod install_chained;
mod install_managers;
mod install_managers_later;
mod install_places;
mod junit;
mod manuals;
mod model_holds;
mod mutated_logs;
mod mutations;
mod open_page;
mod opencode_store;
mod output_files;
mod overlap;
mod overlap_agreement;
mod overlap_libgit2;
mod overlap_worktrees;
mod owners;
mod packages;
mod page;
mod page_agrees;
mod page_in_browser;
mod page_pictures;
mod page_tables;
mod pictures;
mod pre_commit;
mod program;
mod readme;
mod reports;
mod reports_agree;
mod repository;
mod rules;
#[cfg(unix)]
mod sarif;
mod scenarios;
mod skipped_rules;
mod state_files;
mod state_meaning;
mod traces;
mod uninstall;

/// No test file is forgotten: each file of this folder is a module above.
#[test]
fn every_test_file_is_a_module() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        assert!(module == "main" || main.contains(&format!("mod {module};")), "{name} is no module of the suite");
    }
}
