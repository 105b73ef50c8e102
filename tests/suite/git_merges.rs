//! Merges that are about to be committed: only what the merge itself made is somebody's work.

use super::program;
use super::repository::Repository;
use serde_json::Value;
use std::path::Path;

const WAYS: [&str; 3] = ["git", "libgit2", "auto"];

/// The boundaries of two agents, and their branches, both merged into `develop`. `develop` is checked out on `main`'s state.
fn with_develop() -> Repository {
    let repository = Repository::new();
    repository.write("BOUNDARIES.json", BOUNDARIES);
    for name in ["one/a", "one/gone", "one/old", "two/b", "two/both"] {
        repository.write(name, &format!("{name}\nfirst\n"));
    }
    repository.commit_all("base");
    repository.git(&["branch", "develop"]);
    for (branch, folder) in [("agent/task-1", "one"), ("agent/task-2", "two")] {
        repository.git(&["switch", "-q", "-c", branch, "main"]);
        repository.write(&format!("{folder}/new"), "new\n");
        repository.write(if folder == "one" { "one/a" } else { "two/b" }, "changed\n");
        if folder == "one" {
            repository.git(&["rm", "-q", "one/gone"]);
            repository.rename("one/old", "one/moved");
        }
        repository.commit_all(branch);
    }
    repository.git(&["switch", "-q", "develop"]);
    for branch in ["agent/task-1", "agent/task-2"] {
        repository.git(&["merge", "-q", "--no-ff", "-m", "merge", branch]);
    }
    repository.git(&["switch", "-q", "main"]);
    repository
}

const BOUNDARIES: &str = r#"{"version": 1, "boundaries": {
    "task-1": {"allowed_paths": ["one/**"]}, "task-2": {"allowed_paths": ["two/**"]}
}}"#;

/// The report of `paralint check` of what is staged.
fn check(folder: &Path, way: &str) -> (i32, Value) {
    let output = program::paralint(folder).args(["check", "--session", "none", "--git", way, "--format", "json"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code().unwrap(), serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
}

fn paths(report: &Value) -> Vec<&str> {
    report["changes"][0]["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect()
}
