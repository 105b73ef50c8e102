//! Which sessions are audited.

use super::program::{code, paralint, report, run, small_log, stderr, stdout};
use std::fs;
use std::path::Path;

const CLAIM: &str = "I launched three agents in parallel.";

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = std::process::Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@b"), ("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@b")])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn ids(report: &serde_json::Value) -> Vec<&str> {
    let mut ids: Vec<&str> = report["sessions"].as_array().unwrap().iter().map(|session| session["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids
}

/// Claude Code's folder name for a project.
fn project(folder: &Path) -> String {
    folder.to_str().unwrap().chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).collect()
}

#[test]
fn without_a_path_it_is_this_repository_s_sessions_its_worktrees_included() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let repository = home.join("my shop");
    fs::create_dir(&repository).unwrap();
    git(&repository, &["init", "-q", "-b", "main"]);
    git(&repository, &["commit", "-q", "--allow-empty", "-m", "x"]);
    let tree = home.join("wt");
    git(&repository, &["worktree", "add", "-q", tree.to_str().unwrap()]);
    let below = repository.join("api");
    // Its project folder has the same name as that of "my shop/api", but it is another repository.
    let other = home.join("my shop-api");
    fs::create_dir_all(&below).unwrap();
    let projects = home.join(".claude/projects");
    for (number, folder) in [&repository, &tree, &below].into_iter().enumerate() {
        write(
            &projects.join(project(folder)).join(format!("s{number}.jsonl")),
            &small_log(&format!("s{number}"), folder.to_str().unwrap(), CLAIM, number as u32),
        );
    }
    write(&projects.join(project(&other)).join("foreign.jsonl"), &small_log("foreign", other.to_str().unwrap(), CLAIM, 9));
    let configured = home.join("elsewhere");
    write(
        &configured.join("projects").join(project(&repository)).join("s3.jsonl"),
        &small_log("s3", repository.to_str().unwrap(), CLAIM, 3),
    );

    let in_folder = |folder: &Path, arguments: &[&str]| {
        let output = paralint(folder)
            .env("HOME", &home)
            .env("CLAUDE_CONFIG_DIR", &configured)
            .args(["audit", "--format", "json"])
            .args(arguments)
            .output()
            .unwrap();
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    for folder in [&repository, &tree, &below] {
        assert_eq!(ids(&in_folder(folder, &[])), ["s0", "s1", "s2", "s3"], "{}", folder.display());
    }
    assert_eq!(ids(&in_folder(&repository, &["--last", "2"])), ["s2", "s3"]);
    assert_eq!(ids(&in_folder(&repository, &["--since", "2026-03-11T10:02:00Z"])), ["s2", "s3"]);
    assert_eq!(ids(&in_folder(&repository, &["--until", "2026-03-11T10:01:30Z"])), ["s0", "s1"]);
    assert_eq!(ids(&in_folder(&repository, &["--session", "s1"])), ["s1"]);
    let missing = in_folder(&repository, &["--session", "nobody"]);
    assert_eq!(missing["exit_code"], 2);
}

#[test]
fn a_repository_without_sessions_is_exit_2_and_says_where_it_looked() {
    let home = tempfile::tempdir().unwrap();
    let output = run(home.path(), &["audit"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no session log"), "{}", stderr(&output));
}

#[test]
fn a_folder_is_searched_to_its_bottom_and_the_order_does_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..30 {
        write(&folder.path().join(format!("logs/{}/{number}.jsonl", number % 4)), &small_log(&format!("s{number}"), "/w", CLAIM, number));
    }
    let one = paralint(folder.path()).args(["audit", "logs", "--format", "json", "--jobs", "1"]).output().unwrap();
    let many = paralint(folder.path()).args(["audit", "logs", "--format", "json", "--jobs", "8"]).output().unwrap();
    assert_eq!(one.stdout, many.stdout);
    assert_eq!(report(folder.path(), &["audit", "logs"])["sessions"].as_array().unwrap().len(), 30);
}

#[test]
fn one_file_named_twice_is_audited_once() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("a.jsonl"), &small_log("s", "/w", CLAIM, 0));
    assert_eq!(report(folder.path(), &["audit", "a.jsonl", "a.jsonl", "."])["summary"]["error"], 1);
}

#[test]
fn a_format_can_be_said_and_a_wrong_one_is_refused_with_what_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(&folder.join("a.jsonl"), &small_log("a", "/shop", CLAIM, 1));
    write(&folder.join("letter.txt"), "Dear reader\n");
    let said = run(folder, &["audit", "a.jsonl", "--input-format", "claude-code", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(said["sessions"][0]["format"], "claude-code");
    // A log of another format holds nothing of this one; what there is instead is said.
    let wrong = run(folder, &["audit", "a.jsonl", "--input-format", "text"]);
    let told = format!("{}{}", stdout(&wrong), stderr(&wrong));
    assert_eq!(code(&wrong), 2);
    assert!(told.contains("holds no record of the format text: it begins with"), "{told}");
    // A file of no known format: which there are, and what it begins with.
    let unknown = run(folder, &["audit", "letter.txt"]);
    let told = format!("{}{}", stdout(&unknown), stderr(&unknown));
    assert_eq!(code(&unknown), 2);
    assert!(told.contains("claude-code") && told.contains("Dear reader"), "{told}");
    // A format that nobody knows.
    let nobody = run(folder, &["audit", "a.jsonl", "--input-format", "nonsense"]);
    assert_eq!(code(&nobody), 2);
    assert!(stderr(&nobody).contains("claude-code") && stderr(&nobody).contains("nonsense"), "{}", stderr(&nobody));
    // In a folder only files that end as those of the format do are read as it, and one that is none is not checked.
    write(&folder.join("b.jsonl"), "words\n");
    let whole = run(folder, &["audit", ".", "--input-format", "claude-code", "--format", "json"]);
    let whole: serde_json::Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(whole["sessions"].as_array().unwrap().len(), 1);
    let not_checked = whole["not_checked"].to_string();
    assert!(not_checked.contains("b.jsonl") && !not_checked.contains("letter"), "{not_checked}");
}

#[test]
fn a_file_without_one_record_of_the_format_that_is_said_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("a.jsonl"), "{\"no\":\"record\"}\n{\"no\":\"record\"}\n");
    for format in ["claude-code", "codex", "copilot", "opencode", "text"] {
        let output = run(folder.path(), &["audit", "a.jsonl", "--input-format", format]);
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(code(&output), 2, "{format}: {told}");
        assert!(told.contains(&format!("no record of the format {format}")), "{told}");
    }
}
