//! Whom a push is held against: real pushes, and only what the remote does not have is somebody's.
#![cfg(unix)]

use super::hooks::{bin, git_with, said, write_program};
use super::repository::Repository;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

const FILES: [&str; 4] = ["one", "two", "three", "shared"];

/// A clone whose remote has `main`; each agent owns a folder, and the hook checks pushes.
fn clone() -> (Repository, PathBuf) {
    let repository = Repository::new();
    let remote = repository.beside("remote.git");
    repository.git(&["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]);
    repository.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    let policy = r#"{"task-1": {"can_modify": ["/one/"]}, "task-2": {"can_modify": ["/two/"]}, "task-3": {"can_modify": ["/three/"]}}"#;
    repository.write("BOUNDARIES.json", policy);
    for folder in FILES {
        repository.write(&format!("{folder}/file"), "1\n");
    }
    repository.commit_all("first");
    repository.git(&["push", "-q", "-u", "origin", "main"]);
    repository.git(&["remote", "set-head", "origin", "main"]);
    let hook = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks/pre-push")).unwrap();
    write_program(&repository.path().join(".git/hooks/pre-push"), &hook);
    (repository, remote)
}

/// A commit of one new file, on a branch that may be new.
fn work(repository: &Repository, branch: &str, path: &str) {
    on(repository, branch);
    repository.write(path, &format!("{path}\n"));
    repository.commit_all(path);
}

fn on(repository: &Repository, branch: &str) {
    let is_new = repository.git(&["branch", "--list", branch]).is_empty();
    let (make, switch) = (["switch", "-q", "-c", branch], ["switch", "-q", branch]);
    repository.git(if is_new { &make[..] } else { &switch });
}

/// Pushes what somebody else checked.
fn unchecked(repository: &Repository, refs: &[&str]) {
    repository.git(&[&["push", "-q", "--no-verify", "origin"], refs].concat());
}

fn push(repository: &Repository, refs: &[&str]) -> Output {
    git_with(repository, &bin(), &[&["push", "-q", "origin"], refs].concat(), |_| ())
}

fn passes(repository: &Repository, refs: &[&str]) -> String {
    let output = push(repository, refs);
    assert!(output.status.success(), "{refs:?}: {}", said(&output));
    said(&output)
}

fn fails(repository: &Repository, refs: &[&str], with: &str, without: &str) {
    let output = push(repository, refs);
    assert!(!output.status.success() && said(&output).contains(with) && !said(&output).contains(without), "{refs:?}: {}", said(&output));
}

#[test]
fn a_branch_cut_from_another_one_that_is_pushed_is_not_blamed_for_it() {
    let (repository, _) = clone();
    work(&repository, "develop", "two/of develop");
    unchecked(&repository, &["develop"]);
    work(&repository, "agent/task-1", "one/own");
    assert!(passes(&repository, &["agent/task-1"]).contains("1 file in 1 commit of"));
    // Stacked on what another agent pushed.
    on(&repository, "main");
    work(&repository, "agent/task-2", "two/stacked");
    unchecked(&repository, &["agent/task-2"]);
    work(&repository, "agent/task-3", "three/own");
    assert!(passes(&repository, &["agent/task-3"]).contains("1 file in 1 commit of"));
    // It still is for its own.
    work(&repository, "agent/task-3", "two/own");
    fails(&repository, &["agent/task-3"], "two/own", "two/stacked");
}

#[test]
fn a_rebase_onto_what_is_pushed_is_not_blamed_for_it() {
    let (repository, _) = clone();
    work(&repository, "agent/task-1", "one/own");
    passes(&repository, &["agent/task-1"]);
    on(&repository, "main");
    work(&repository, "develop", "two/of develop");
    unchecked(&repository, &["develop"]);
    on(&repository, "agent/task-1");
    repository.git(&["rebase", "-q", "develop"]);
    assert!(passes(&repository, &["-f", "agent/task-1"]).contains("1 file in 1 commit of"));
}

#[test]
fn what_is_merged_and_pushed_is_no_work_of_who_merges_it() {
    let (repository, _) = clone();
    work(&repository, "agent/task-1", "one/own");
    passes(&repository, &["agent/task-1"]);
    on(&repository, "main");
    work(&repository, "develop", "two/of develop");
    unchecked(&repository, &["develop"]);
    on(&repository, "agent/task-1");
    repository.git(&["merge", "-q", "--no-edit", "develop"]);
    passes(&repository, &["agent/task-1"]);
    // Two of them, which have nothing in common but main.
    work(&repository, "develop", "two/second");
    on(&repository, "main");
    work(&repository, "agent/task-3", "three/of task-3");
    unchecked(&repository, &["develop", "agent/task-3"]);
    on(&repository, "agent/task-1");
    repository.git(&["merge", "-q", "--no-edit", "develop"]);
    repository.git(&["merge", "-q", "--no-edit", "agent/task-3"]);
    passes(&repository, &["agent/task-1"]);
    // What the merge slips in is.
    work(&repository, "develop", "two/more");
    unchecked(&repository, &["develop"]);
    on(&repository, "agent/task-1");
    repository.git(&["merge", "-q", "--no-commit", "develop"]);
    repository.write("three/slipped in", "1\n");
    repository.commit_all("merge");
    fails(&repository, &["agent/task-1"], "three/slipped in", "two/more");
}

#[test]
fn a_merge_that_takes_back_what_others_made_is_seen() {
    let (repository, _) = clone();
    work(&repository, "agent/task-1", "one/own");
    passes(&repository, &["agent/task-1"]);
    work(&repository, "main", "two/of main");
    unchecked(&repository, &["main"]);
    on(&repository, "agent/task-1");
    repository.git(&["merge", "-q", "-s", "ours", "--no-edit", "main"]);
    fails(&repository, &["agent/task-1"], "two/of main", "one/own");
}

#[test]
fn several_refs_of_one_push_are_each_judged_for_their_own() {
    let (repository, _) = clone();
    work(&repository, "main", "two/of main");
    repository.git(&["branch", "base", "main~1"]);
    on(&repository, "base");
    work(&repository, "agent/task-1", "one/own");
    repository.git(&["merge", "-q", "--no-edit", "main"]);
    for refs in [["main", "agent/task-1"], ["agent/task-1", "main"]] {
        passes(&repository, &[&["--dry-run"], &refs[..]].concat());
    }
    // Stacked, in whichever order.
    work(&repository, "agent/task-2", "two/own");
    for refs in [["agent/task-1", "agent/task-2"], ["agent/task-2", "agent/task-1"]] {
        passes(&repository, &[&["--dry-run", "main"], &refs[..]].concat());
    }
    // What is main's is judged there, and what is new to both as well.
    fails(&repository, &["agent/task-2"], "one/own", "no such text");
    // A tag takes nothing away from the branch that says whose work it is.
    work(&repository, "agent/task-2", "three/wrong");
    repository.git(&["tag", "t"]);
    work(&repository, "agent/task-2", "two/after");
    fails(&repository, &["main", "agent/task-1", "agent/task-2", "t"], "three/wrong", "refs/tags/t is");
}

#[test]
fn equal_ends_are_checked_once_and_what_is_there_is_nothing_new() {
    let (repository, _) = clone();
    work(&repository, "agent/task-1", "one/own");
    repository.git(&["branch", "same"]);
    repository.git(&["tag", "-a", "-m", "t", "t"]);
    let text = passes(&repository, &["agent/task-1", "same", "t"]);
    assert_eq!(text.matches("nothing to report").count(), 1, "{text}");
    assert!(["refs/heads/agent/task-1", "refs/heads/same", "refs/tags/t"].iter().all(|name| text.contains(name)), "{text}");
    repository.git(&["tag", "later", "agent/task-1"]);
    assert!(passes(&repository, &["later"]).contains("nothing new to check in refs/tags/later"));
    // Said by git alone: no branch of the remote is known here to hold it.
    work(&repository, "agent/task-1", "one/second");
    unchecked(&repository, &["agent/task-1"]);
    repository.git(&["update-ref", "-d", "refs/remotes/origin/agent/task-1"]);
    repository.git(&["branch", "cut"]);
    let text = passes(&repository, &[":agent/task-1", "cut"]);
    assert!(text.contains("refs/heads/cut") && text.contains("nothing new"), "{text}");
}

#[test]
fn policy_comes_from_what_the_remote_has() {
    let (repository, _) = clone();
    work(&repository, "loose", "shared/file 2");
    repository.write("BOUNDARIES.json", r#"{"task-1": {"can_modify": ["/"]}}"#);
    repository.commit_all("loose");
    work(&repository, "agent/task-1", "two/wrong");
    fails(&repository, &["loose", "agent/task-1"], "two/wrong", "no such text");
}

#[test]
fn what_cannot_be_checked_is_refused() {
    let (repository, remote) = clone();
    let hook = |arguments: &[&str], lines: &str| {
        repository.write("lines", lines);
        let lines = fs::File::open(repository.path().join("lines")).unwrap();
        let output = git_with(&repository, &bin(), &[], |git| {
            let path = git.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value.map(ToOwned::to_owned));
            *git = std::process::Command::new(bin().join("paralint"));
            git.arg("hook").args(arguments).stdin(lines).current_dir(repository.path()).env("PATH", path.unwrap());
        });
        (output.status.code(), said(&output))
    };
    let zeros = "0".repeat(40);
    let to = ["pre-push", "origin", remote.to_str().unwrap()];
    let (code, text) = hook(&to, &format!("refs/heads/x {} refs/heads/x {zeros}\n", "ab".repeat(20)));
    assert!(code == Some(2) && text.contains("is not in this repository"), "{text}");
    let blob = repository.git(&["rev-parse", "HEAD:one/file"]);
    let (code, text) = hook(&to, &format!("refs/tags/x {blob} refs/tags/x {zeros}\n"));
    assert!(code == Some(0) && text.contains("it is no commit"), "{text}");
    // What the remote has may be unknown here.
    let head = repository.git(&["rev-parse", "HEAD"]);
    let (code, text) = hook(&to, &format!("refs/heads/main {head} refs/heads/main {}\n", "ab".repeat(20)));
    assert!(code == Some(0) && text.contains("nothing new"), "{text}");
    let (code, text) = hook(&to, &format!("\u{1b}[31m{}\n", "x".repeat(5000)));
    assert!(code == Some(2) && text.len() < 500 && !text.contains('\u{1b}'), "{text}");
    for (arguments, what) in [
        (&["pre-commit", "a file"][..], "`a file` means nothing to pre-commit"),
        (&["pre-commit", "--checked-out"], "--checked-out means nothing to pre-commit"),
        (&["pre-push", "origin", "address", "extra"], "`extra` means nothing to pre-push"),
    ] {
        let (code, text) = hook(arguments, "");
        assert!(code == Some(2) && text.contains(what), "{text}");
    }
}
