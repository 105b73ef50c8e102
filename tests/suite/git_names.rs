//! Names that mislead, and merges that hide: what must not make a check pass that saw nothing.

use super::git::{changes, files, one, refusal, with_base};
use super::program::paralint;
use super::repository::Repository;
use serde_json::Value;

pub(crate) fn missed(report: &Value) -> String {
    let all = report["not_checked"].as_array().unwrap();
    all.iter().map(|entry| format!("{}: {}\n", entry["what"].as_str().unwrap(), entry["why"].as_str().unwrap())).collect()
}

/// `main`, and a branch `agent/a` that changes `a`.
fn with_branch() -> Repository {
    let repository = with_base(&["a", "b", "c"]);
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    repository.write("a", "other\n");
    repository.commit_all("a");
    repository
}

#[test]
fn a_range_without_a_base_is_refused() {
    let repository = with_branch();
    for range in ["", "..", "...", "..HEAD", "...HEAD", "HEAD", "@"] {
        let said = refusal(repository.path(), &[&format!("--range={range}")]);
        assert!(said.contains("BASE is empty"), "{range:?}: {said}");
    }
    assert_eq!(files(&changes(repository.path(), &["--range", "HEAD.."])[0]).len(), 0);
    assert_eq!(files(&changes(repository.path(), &["--range", "main"])[0]), ["modified a"]);
}

#[test]
fn a_reversed_range_is_said_to_hold_nothing() {
    let repository = with_branch();
    for way in ["git", "libgit2", "auto"] {
        let report = one(repository.path(), way, &["--range", "agent/a..main"]);
        assert_eq!(report["exit_code"], 0);
        assert!(missed(&report).contains("nothing in agent/a..main") && missed(&report).contains("looks reversed"), "{report}");
        let report = one(repository.path(), way, &["--range", "main..agent/a"]);
        assert!(!missed(&report).contains("reversed"), "{report}");
    }
}

#[test]
fn a_tag_named_like_the_base_hides_nothing() {
    let repository = with_branch();
    repository.git(&["tag", "main", "agent/a"]);
    assert_eq!(files(&changes(repository.path(), &["--branches", "agent/*"])[0]), ["modified a"]);
    assert_eq!(files(&changes(repository.path(), &["--worktrees"])[0]), ["modified a"]);
    for arguments in [&["--range", "main..HEAD"][..], &["--range", "main~0"], &["--branches", "agent/*", "--base", "main"]] {
        let said = refusal(repository.path(), arguments);
        assert!(said.contains("refs/heads/main") && said.contains("refs/tags/main"), "{said}");
    }
    assert_eq!(files(&changes(repository.path(), &["--range", "refs/heads/main..HEAD"])[0]), ["modified a"]);
    // A file in the git directory is what git would take first.
    repository.git(&["tag", "-d", "main"]);
    std::fs::write(repository.path().join(".git/main"), repository.git(&["rev-parse", "HEAD"])).unwrap();
    assert_eq!(files(&changes(repository.path(), &["--range", "main..HEAD"])[0]), ["modified a"]);
}

#[test]
fn a_branch_named_like_the_remotes_one_hides_nothing() {
    let origin = with_base(&["a", "b"]);
    let url = origin.path().to_str().unwrap();
    let clone = Repository::with(&["clone", "-q", url, "work"]);
    clone.git(&["checkout", "-q", "-b", "agent/a"]);
    clone.write("a", "other\n");
    clone.commit_all("a");
    clone.git(&["branch", "-q", "-D", "main"]);
    clone.git(&["branch", "origin/main", "agent/a"]);
    assert_eq!(files(&changes(clone.path(), &["--branches", "agent/*"])[0]), ["modified a"]);
    let said = refusal(clone.path(), &["--range", "origin/main..HEAD"]);
    assert!(said.contains("refs/heads/origin/main") && said.contains("refs/remotes/origin/main"), "{said}");
}

/// `agent/a` is checked out, `agent/b` changes `b`, `main` changes `c`.
fn with_sides() -> Repository {
    let repository = with_branch();
    repository.git(&["checkout", "-q", "-b", "agent/b", "main"]);
    repository.write("b", "other\n");
    repository.commit_all("b");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("c", "other\n");
    repository.commit_all("c");
    repository.git(&["checkout", "-q", "agent/a"]);
    repository
}

#[test]
fn a_merged_branch_is_no_part_of_what_is_staged() {
    let repository = with_sides();
    repository.git(&["merge", "-q", "--no-commit", "agent/b"]);
    assert_eq!(files(&changes(repository.path(), &[])[0]).len(), 0);
    // But of the whole branch it becomes a part.
    assert_eq!(files(&changes(repository.path(), &["--worktrees"])[0]), ["modified a", "modified b"]);
    repository.git(&["merge", "--abort"]);
    repository.git(&["merge", "-q", "--no-commit", "main"]);
    assert_eq!(files(&changes(repository.path(), &[])[0]).len(), 0);
    assert_eq!(files(&changes(repository.path(), &["--worktrees"])[0]), ["modified a"]);
    for way in ["git", "libgit2", "auto"] {
        assert!(missed(&one(repository.path(), way, &[])).contains("1 file that comes from main by this merge is left out"));
    }
    repository.git(&["merge", "--abort"]);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["merge", "-q", "--no-commit", "agent/b"]);
    assert_eq!(files(&changes(repository.path(), &[])[0]).len(), 0);
}

#[test]
fn a_hook_before_a_merge_commit_knows_the_merge() {
    use std::os::unix::fs::PermissionsExt;
    let repository = with_sides();
    let hook = repository.path().join(".git/hooks/pre-merge-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let out = repository.beside("report");
    for way in ["git", "libgit2", "auto"] {
        let script = format!(
            "#!/bin/sh\n'{}' check --session none --git {way} --format json > '{}'\nexit 1\n",
            env!("CARGO_BIN_EXE_paralint"),
            out.display()
        );
        std::fs::write(&hook, script).unwrap();
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
        for branch in ["main", "agent/b"] {
            assert!(!repository.try_git(&["merge", "-q", "--no-edit", branch]).status.success());
            let report: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
            assert_eq!(files(&report["changes"][0]).len(), 0, "{way} {branch}");
            assert!(missed(&report).contains(&format!("1 file that comes from {branch} by this merge is left out")), "{way} {report}");
            repository.git(&["reset", "-q", "--hard"]);
        }
    }
}

#[test]
fn a_namespace_hides_no_commit() {
    let repository = with_branch();
    repository.write("b", "other\n");
    repository.git(&["add", "b"]);
    for way in ["git", "libgit2", "auto"] {
        let output = paralint(repository.path())
            .env("GIT_NAMESPACE", "elsewhere")
            .args(["check", "--session", "none", "--git", way, "--format", "json"])
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(files(&report["changes"][0]), ["modified b"], "{way}");
    }
}
