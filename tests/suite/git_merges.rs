//! Merges that are about to be committed: only what the merge itself made is somebody's work.

use super::git::{changes, files, one};
use super::git_names::missed;
use super::program::{code, executable, run, stderr, stdout};
use super::repository::Repository;
use std::process::Output;

const WAYS: [&str; 3] = ["git", "libgit2", "auto"];
const POLICY: &str = r#"{"boundaries": {"one": {"paths": ["/one/"], "owner": "task-1"}, "two": {"paths": ["/two/"], "owner": "task-2"}}}"#;

/// Two agents' branches, both merged into `develop`; `main` is checked out. One adds, changes, deletes and moves files, the other
/// one adds and changes.
fn with_develop() -> Repository {
    let repository = Repository::new();
    repository.write("BOUNDARIES.json", POLICY);
    for name in ["one/a", "one/gone", "one/old", "two/b", "two/c"] {
        repository.write(name, &format!("{name}\nfirst\nsecond\n"));
    }
    repository.commit_all("base");
    repository.git(&["branch", "develop"]);
    repository.git(&["switch", "-q", "-c", "agent/task-1"]);
    repository.write("one/a", "changed\n");
    repository.write("one/new", "new\n");
    repository.git(&["rm", "-q", "one/gone"]);
    repository.rename("one/old", "one/moved");
    repository.commit_all("one");
    repository.git(&["switch", "-q", "-c", "agent/task-2", "main"]);
    repository.write("two/b", "changed\n");
    repository.write("two/new", "new two\n");
    repository.commit_all("two");
    repository.git(&["switch", "-q", "develop"]);
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "agent/task-1"]);
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "agent/task-2"]);
    repository.git(&["switch", "-q", "main"]);
    repository
}

/// Hooks that check what is staged in one way.
fn hook(repository: &Repository, way: &str) {
    std::fs::create_dir_all(repository.path().join(".git/hooks")).unwrap();
    let program = env!("CARGO_BIN_EXE_paralint");
    let script = format!("#!/bin/sh\nexec '{program}' check --session none --git {way}\n");
    for name in ["pre-commit", "pre-merge-commit"] {
        executable(&repository.path().join(".git/hooks").join(name), &script);
    }
}

fn said(output: &Output) -> String {
    let all = stdout(output) + &stderr(output);
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn passes(output: &Output, left_out: &str) {
    assert!(output.status.success() && said(output).contains(left_out), "{left_out}: {}", said(output));
}

#[test]
fn a_merge_of_several_agents_work_is_nobodys_change() {
    for way in WAYS {
        let repository = with_develop();
        hook(&repository, way);
        passes(
            &repository.try_git(&["merge", "--no-ff", "-m", "m", "develop"]),
            "7 files that come from develop by this merge are left out",
        );
        assert_eq!(repository.git(&["rev-list", "--merges", "--count", "HEAD"]), "3");
        repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
        repository.git(&["merge", "-q", "--no-commit", "--no-ff", "develop"]);
        passes(&repository.try_git(&["commit", "-m", "m"]), "come from develop by this merge");
        repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
        let octopus = repository.try_git(&["merge", "--no-ff", "-m", "m", "agent/task-1", "agent/task-2"]);
        passes(&octopus, "7 files that come from agent/task-1 and agent/task-2 by this merge are left out");
        repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
        repository.git(&["switch", "-q", "agent/task-1"]);
        repository.write("one/more", "more\n");
        repository.git(&["add", "one/more"]);
        repository.git(&["commit", "-q", "-m", "more"]);
        passes(
            &repository.try_git(&["merge", "-m", "m", "agent/task-2"]),
            "2 files that come from agent/task-2 by this merge are left out",
        );
    }
}

#[test]
fn what_the_merge_itself_changes_is_checked() {
    for way in WAYS {
        let repository = with_develop();
        hook(&repository, way);
        repository.git(&["merge", "-q", "--no-commit", "--no-ff", "develop"]);
        repository.write("one/evil", "slipped in\n");
        repository.write("two/c", "slipped in\n");
        repository.git(&["rm", "-q", "-f", "one/a"]);
        repository.git(&["mv", "two/b", "two/away"]);
        repository.git(&["add", "-A"]);
        let found = files(&one(repository.path(), way, &[])["changes"][0]);
        assert_eq!(found, ["deleted one/a", "added one/evil", "added two/away", "deleted two/b", "modified two/c"], "{way}");
        let blocked = repository.try_git(&["commit", "-m", "m"]);
        assert!(!blocked.status.success() && said(&blocked).contains("mixed-ownership"), "{}", said(&blocked));
        // The same commit in a range.
        repository.git(&["commit", "-q", "--no-verify", "-m", "m"]);
        let range = one(repository.path(), way, &["--range", "main~1..main"]);
        let merge = range["changes"].as_array().unwrap().last().unwrap();
        assert_eq!(files(merge), found, "{way}");
    }
}

#[test]
fn a_conflict_that_is_resolved_by_one_side_is_that_sides() {
    for way in WAYS {
        let repository = with_develop();
        hook(&repository, way);
        repository.git(&["switch", "-q", "agent/task-1"]);
        repository.git(&["rm", "-q", "two/b"]);
        repository.write("two/c", "mine\n");
        repository.git(&["add", "-A"]);
        repository.git(&["commit", "-q", "--no-verify", "-m", "mine"]);
        repository.git(&["switch", "-q", "agent/task-2"]);
        repository.write("two/c", "theirs\n");
        repository.git(&["commit", "-q", "-a", "-m", "theirs"]);
        repository.git(&["switch", "-q", "agent/task-1"]);
        for side in ["--ours", "--theirs"] {
            assert!(!repository.try_git(&["merge", "-q", "agent/task-2"]).status.success());
            repository.git(&["checkout", "-q", side, "two/c"]);
            // It was deleted here, and is changed there.
            repository.git(&["add", "two/c"]);
            repository.git(if side == "--ours" { &["rm", "-q", "two/b"][..] } else { &["add", "two/b"] });
            assert_eq!(files(&one(repository.path(), way, &[])["changes"][0]).len(), 0, "{way} {side}");
            passes(&repository.try_git(&["commit", "-m", "m"]), "agent/task-2 by this merge");
            repository.git(&["reset", "-q", "--hard", "HEAD~1"]);
        }
        assert!(!repository.try_git(&["merge", "-q", "agent/task-2"]).status.success());
        repository.write("two/c", "of both\n");
        repository.git(&["add", "two/c", "two/b"]);
        assert_eq!(files(&one(repository.path(), way, &[])["changes"][0]), ["modified two/c"], "{way}");
        assert!(!repository.try_git(&["commit", "-m", "m"]).status.success());
    }
}

#[test]
fn a_squash_merge_is_the_work_of_whoever_commits_it() {
    let repository = with_develop();
    repository.git(&["merge", "-q", "--squash", "develop"]);
    assert_eq!(files(&changes(repository.path(), &[])[0]).len(), 6);
    for way in WAYS {
        hook(&repository, way);
        assert!(said(&repository.try_git(&["commit", "-m", "m"])).contains("mixed-ownership"));
    }
}

#[test]
fn what_was_merged_before_hides_nothing() {
    let repository = with_develop();
    repository.write("one/a", "later\n");
    repository.commit_all("later");
    let earlier = repository.git(&["rev-parse", "HEAD~1"]);
    repository.git(&["checkout", "-q", &earlier, "--", "one/a"]);
    std::fs::write(repository.path().join(".git/MERGE_HEAD"), earlier + "\n").unwrap();
    assert_eq!(files(&changes(repository.path(), &[])[0]), ["modified one/a"]);
    assert!(WAYS.iter().all(|way| !missed(&one(repository.path(), way, &[])).contains("by this merge")));
}

#[test]
fn gates_look_at_what_a_merge_brings() {
    let repository = with_develop();
    repository.write("paralint.toml", "[gates.two]\nrun = \"true\"\nwhen = { changed = [\"/two/\"] }\n");
    repository.commit_all("gates");
    repository.git(&["merge", "-q", "--no-commit", "--no-ff", "develop"]);
    for arguments in [&["gates"][..], &["check", "--session", "none", "--gates"]] {
        let output = run(repository.path(), arguments);
        assert_eq!(code(&output), 0, "{}", said(&output));
        assert!(said(&output).contains("passed") && !said(&output).contains("skipped"), "{}", said(&output));
    }
}
