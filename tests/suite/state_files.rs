//! Policy and state files that cannot be used: `check` ends with 2, says where and why, and writes nothing.

use super::program::{code, paralint, run, stdout};
use super::repository::{Repository, git_in};
use serde_json::Value;

const GOOD: &str = "{\"feature-a\": {\"owner\": \"task-1\", \"paths\": [\"/src/a/\"]}}";

fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("a.txt", "one\n");
    repository.commit_all("first");
    repository.write("a.txt", "two\n");
    repository.git(&["add", "a.txt"]);
    repository
}

/// Everything that is in a work tree, but for git's own.
fn listing(repository: &Repository) -> Vec<String> {
    let walk = walkdir::WalkDir::new(repository.path()).sort_by_file_name();
    let entries = walk.into_iter().filter_entry(|entry| entry.file_name() != ".git").map(|entry| entry.unwrap());
    entries.map(|entry| format!("{} {:?}", entry.path().display(), entry.metadata().unwrap().len())).collect()
}

/// Checks; the report's error. The exit code must be 2, standard error empty of panics, and nothing written.
fn error(repository: &Repository) -> Value {
    let before = listing(repository);
    let output = paralint(repository.path()).args(["check", "--session", "none", "--format", "json"]).output().unwrap();
    let noise = String::from_utf8_lossy(&output.stderr);
    assert!(!noise.contains("panicked"), "{noise}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {noise}"));
    assert_eq!(code(&output), 2, "{}", report["error"]);
    assert_eq!(listing(repository), before);
    assert_eq!(report["error"]["kind"], "state");
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["rule"] == "invalid-state"), "{findings:?}");
    report["error"].clone()
}

/// A file's bytes, and the error: its line and column, and a part of its message.
fn refused(name: &str, bytes: &[u8], place: Option<(u64, u64)>, said: &str) {
    let repository = repository();
    repository.write(name, "");
    std::fs::write(repository.path().join(name), bytes).unwrap();
    let error = error(&repository);
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
    assert!(error["message"].as_str().unwrap().contains(said), "{name}: {shown}: {error}");
    assert!(error["hint"].is_string() || place.is_some(), "{name}: {shown}: {error}");
    assert_eq!(error["location"]["path"], name);
    if let Some((line, column)) = place {
        assert_eq!(
            (error["location"]["line"].as_u64(), error["location"]["column"].as_u64()),
            (Some(line), Some(column)),
            "{shown}: {error}"
        );
    }
}

#[test]
fn malformed_files_have_their_place() {
    refused("BOUNDARIES.json", b"{\"a\": {\"paths\": [\"/a/\"]}", Some((1, 24)), "not valid JSON");
    refused("BOUNDARIES.json", b"{\r\n  \"\xc3\xa4\": x\r\n}", Some((2, 8)), "not valid JSON: expected value");
    refused("BOUNDARIES.json", b"\xef\xbb\xbf[]", Some((1, 1)), "unknown shape");
    refused(".claude/BOUNDARIES.json", b"{\"a\": {\"paths\": [\"a\0b\"]}}", Some((1, 20)), "control character");
    refused("BOUNDARIES.json", b"{\"a\": {\"paths\": [\"\\ud800\"]}}", Some((1, 18)), "not a valid string");
    refused("BOUNDARIES.json", b"{\"a\": {\"paths\": [\"\xff\"]}}", Some((1, 19)), "not UTF-8");
    refused("BOUNDARIES.json", b"\xff\xfe{\0}\0", Some((1, 1)), "not UTF-8");
    refused("BOUNDARIES.json", b"{\"a\": {\"paths\": []},\n \"a\": {\"paths\": []}}", Some((2, 2)), "there twice");
    refused("BOUNDARIES.json", b"{\"a\": {\"pats\": []}}", Some((1, 8)), "unknown key `pats`");
    refused("WORKFLOW_STATE.json", b"[]", Some((1, 1)), "expected an object");
    refused("WORKFLOW_STATE.json", b"{\"completed_phase\": []}", Some((1, 2)), "unknown key");
    refused("RESOURCE_LOCKS.json", b"{\"locks\": [{\"agent_id\": 1}]}", Some((1, 12)), "a lock has no `locked_paths`");
    refused("PARALLEL_STATUS.json", b"{\"tasks\": [{\"id\": \"a\", \"status\": \"done\"}]}", Some((1, 34)), "unknown status `done`");
    refused("DEPENDENCY_GRAPH.json", b"{\"nodes\": []}", Some((1, 1)), "has no `execution_strategy`");
    refused(".claude/context/wave-1-output.yaml", b"metadata:\n  wave: [1\n", None, "not valid YAML");
    refused(".claude/context/wave-1-output.yml", b"outputs:\n  files_created: x\n", Some((2, 18)), "expected a list of paths");
    refused(".claude/context/feature-context.yaml", b"\xff", Some((1, 1)), "not UTF-8");
}

#[test]
fn empty_enormous_and_deep_files_are_refused() {
    refused("BOUNDARIES.json", b"", None, "empty");
    refused("RESOURCE_LOCKS.json", b" \n// nothing\n", None, "empty");
    refused("BOUNDARIES.json", "{\"a\": ".repeat(200).as_bytes(), Some((1, 769)), "nested deeper than 128");
    refused("PARALLEL_STATUS.json", "[".repeat(1_000_000).as_bytes(), Some((1, 129)), "nested deeper than 128");
    refused(".claude/context/wave-1-output.yaml", "[".repeat(1_000_000).as_bytes(), None, "");
    refused("BOUNDARIES.json", &vec![b' '; 17 << 20], None, "larger than 16 MiB");
    refused(".claude/context/execution-progress.md", &vec![b'x'; 17 << 20], None, "larger than 16 MiB");
}

#[test]
fn a_file_in_both_places_is_an_error_that_names_both() {
    let repository = repository();
    repository.write("BOUNDARIES.json", GOOD);
    repository.write(".claude/BOUNDARIES.json", GOOD);
    let error = error(&repository);
    assert_eq!(error["message"], "BOUNDARIES.json and .claude/BOUNDARIES.json are both there");
}

#[cfg(unix)]
#[test]
fn links_folders_and_pipes_are_no_state_files() {
    use std::os::unix::fs::symlink;
    let outside = repository();
    std::fs::write(outside.beside("policy.json"), GOOD).unwrap();
    symlink("../policy.json", outside.path().join("BOUNDARIES.json")).unwrap();
    assert!(error(&outside)["message"].as_str().unwrap().contains("leads out of the repository"));

    let nowhere = repository();
    symlink("gone.json", nowhere.path().join("BOUNDARIES.json")).unwrap();
    assert!(error(&nowhere)["message"].as_str().unwrap().contains("leads nowhere"));

    let folder = repository();
    std::fs::create_dir(folder.path().join("RESOURCE_LOCKS.json")).unwrap();
    assert!(error(&folder)["message"].as_str().unwrap().contains("no regular file"));

    let pipe = repository();
    let made = std::process::Command::new("mkfifo").arg(pipe.path().join("WORKFLOW_STATE.json")).status().unwrap();
    assert!(made.success());
    assert!(error(&pipe)["message"].as_str().unwrap().contains("no regular file"));

    // One file, reached by two names of the same repository.
    let linked = repository();
    linked.write(".claude/BOUNDARIES.json", GOOD);
    symlink(".claude/BOUNDARIES.json", linked.path().join("BOUNDARIES.json")).unwrap();
    assert_eq!(code(&run(linked.path(), &["check", "--session", "none"])), 0);
}

#[test]
fn a_linked_worktree_uses_what_only_the_main_one_has() {
    let repository = repository();
    repository.commit_all("second");
    let linked = repository.beside("linked");
    repository.git(&["worktree", "add", "-q", "-b", "other", linked.to_str().unwrap()]);
    repository.write(".claude/RESOURCE_LOCKS.json", "{\"locks\": 1}");
    std::fs::write(linked.join("a.txt"), "three\n").unwrap();
    assert!(git_in(&linked).args(["add", "a.txt"]).status().unwrap().success());
    let checked = || -> Value {
        let output = paralint(&linked).args(["check", "--session", "none", "--format", "json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let report = checked();
    assert_eq!(report["error"]["location"]["path"], "../work/.claude/RESOURCE_LOCKS.json", "{}", report["error"]);
    // What the linked one has itself goes first.
    std::fs::write(linked.join("RESOURCE_LOCKS.json"), "{\"locks\": []}").unwrap();
    assert!(checked()["error"].is_null());
}

#[test]
fn each_schema_is_printed() {
    for name in ["report", "boundaries", "workflow", "locks", "status", "graph", "config"] {
        let schema: Value = serde_json::from_str(&stdout(&run(std::path::Path::new("/"), &["schema", name]))).unwrap();
        assert!(schema["$schema"].is_string(), "{name}");
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
}
