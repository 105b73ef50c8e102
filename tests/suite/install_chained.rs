//! A hook that is there already runs first, as it was, and nothing of it is lost.
#![cfg(unix)]

use super::hooks::{bin, git_with, said, write_program};
use super::install::contents;
use super::program::{code, run, stderr, stdout};
use super::repository::Repository;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

fn commit(repository: &Repository) -> std::process::Output {
    git_with(repository, &bin(), &["commit", "--allow-empty", "-m", "x"], |_| ())
}

#[test]
fn the_earlier_hook_runs_first_and_its_failure_stops() {
    let repository = Repository::new();
    let hook = repository.path().join(".git/hooks/pre-commit");
    write_program(&hook, "#!/bin/sh\necho mine \"$(git rev-parse --git-dir)\"\nexit \"$(cat .git/code)\"\n");
    repository.write(".git/code", "0");
    let before = fs::metadata(&hook).unwrap();
    let output = run(repository.path(), &["install"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("as .git/hooks/pre-commit.before-paralint: it runs first"), "{}", stdout(&output));
    let kept = fs::metadata(hook.with_file_name("pre-commit.before-paralint")).unwrap();
    assert_eq!((kept.ino(), kept.mode(), kept.mtime_nsec()), (before.ino(), before.mode(), before.mtime_nsec()));
    let committed = said(&commit(&repository));
    assert!(committed.find("mine .git").unwrap() < committed.find("nothing staged").unwrap(), "{committed}");
    repository.write(".git/code", "3");
    let stopped = commit(&repository);
    assert!(!stopped.status.success() && !said(&stopped).contains("nothing staged"), "{}", said(&stopped));
    // Skipping paralint skips paralint.
    let skipped = git_with(&repository, &bin(), &["commit", "--allow-empty", "-m", "x"], |git| _ = git.env("SKIP", "paralint"));
    assert!(!skipped.status.success() && said(&skipped).contains("mine"), "{}", said(&skipped));
}

#[test]
fn any_program_is_chained() {
    let kinds: [(&str, &str); 3] =
        [("python", "#!/usr/bin/env python3\nprint('mine')\n"), ("no first line", "echo mine\n"), ("a link", "#!/bin/sh\necho mine\n")];
    for (kind, text) in kinds {
        let repository = Repository::new();
        let hook = repository.path().join(".git/hooks/pre-commit");
        if kind == "a link" {
            write_program(&repository.beside("tools/hook"), text);
            symlink("../../../tools/hook", &hook).unwrap();
        } else {
            write_program(&hook, text);
        }
        assert_eq!(code(&run(repository.path(), &["install"])), 0);
        let output = commit(&repository);
        assert!(output.status.success() && said(&output).contains("mine"), "{kind}: {}", said(&output));
        assert!(said(&output).contains("nothing staged"), "{kind}: {}", said(&output));
    }
}

#[test]
fn a_hook_that_git_did_not_run_does_not_run_now() {
    let repository = Repository::new();
    let hooks = repository.path().join(".git/hooks");
    fs::write(hooks.join("pre-commit"), "#!/bin/sh\necho mine\nexit 1\n").unwrap();
    symlink("nowhere", hooks.join("pre-merge-commit")).unwrap();
    let output = run(repository.path(), &["install"]);
    assert_eq!(stdout(&output).matches("is not executable, so git did not run it").count(), 2, "{}", stdout(&output));
    let committed = commit(&repository);
    assert!(committed.status.success() && !said(&committed).contains("mine"), "{}", said(&committed));
    assert_eq!(fs::metadata(hooks.join("pre-commit.before-paralint")).unwrap().permissions().mode() & 0o111, 0);
}

#[test]
fn what_is_pushed_reaches_both_byte_for_byte() {
    let repository = Repository::new();
    let remote = repository.beside("remote.git");
    repository.git(&["init", "-q", "--bare", remote.to_str().unwrap()]);
    repository.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repository.commit_all("first");
    repository.git(&["push", "-q", "origin", "main"]);
    repository.commit_all("second");
    let hook = repository.path().join(".git/hooks/pre-push");
    let program = "#!/bin/sh\ncat >.git/seen\nprintf '%s|' \"$@\" >.git/arguments\n";
    write_program(&hook, program);
    repository.git(&["push", "-q", "--dry-run", "origin", "main", "main:-x"]);
    let seen = fs::read(repository.path().join(".git/seen")).unwrap();
    let arguments = fs::read(repository.path().join(".git/arguments")).unwrap();
    assert_eq!(code(&run(repository.path(), &["install", "--hook", "pre-push"])), 0);
    fs::remove_file(repository.path().join(".git/seen")).unwrap();
    let pushed = git_with(&repository, &bin(), &["push", "--dry-run", "origin", "main", "main:-x"], |_| ());
    assert!(pushed.status.success() && said(&pushed).contains("nothing to report"), "{}", said(&pushed));
    assert_eq!(fs::read(repository.path().join(".git/seen")).unwrap(), seen);
    assert_eq!(fs::read(repository.path().join(".git/arguments")).unwrap(), arguments);
    // One that reads nothing is no failure, and one that fails stops.
    write_program(&hook.with_file_name("pre-push.before-paralint"), "#!/bin/sh\nexit 0\n");
    assert!(git_with(&repository, &bin(), &["push", "--dry-run", "origin", "main"], |_| ()).status.success());
    write_program(&hook.with_file_name("pre-push.before-paralint"), "#!/bin/sh\nexit 7\n");
    let stopped = git_with(&repository, &bin(), &["push", "--dry-run", "origin", "main"], |_| ());
    assert!(!stopped.status.success() && !said(&stopped).contains("nothing to report"), "{}", said(&stopped));
}

#[test]
fn an_installation_that_was_cut_off_is_finished() {
    let repository = Repository::new();
    let hook = repository.path().join(".git/hooks/pre-commit");
    write_program(&hook, "#!/bin/sh\necho mine\n");
    fs::hard_link(&hook, hook.with_file_name("pre-commit.before-paralint")).unwrap();
    assert_eq!(code(&run(repository.path(), &["install"])), 0);
    let committed = said(&commit(&repository));
    assert!(committed.matches("mine").count() == 1 && committed.contains("nothing staged"), "{committed}");
}

#[test]
fn two_earlier_hooks_are_one_too_many() {
    let repository = Repository::new();
    let hooks = repository.path().join(".git/hooks");
    write_program(&hooks.join("pre-commit"), "#!/bin/sh\necho new\n");
    write_program(&hooks.join("pre-commit.before-paralint"), "#!/bin/sh\necho old\n");
    let before = contents(&hooks);
    let output = run(repository.path(), &["install"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("an earlier one is kept"), "{}", stderr(&output));
    assert_eq!(contents(&hooks), before);
    fs::remove_file(hooks.join("pre-commit")).unwrap();
    fs::create_dir(hooks.join("pre-commit")).unwrap();
    let output = run(repository.path(), &["install"]);
    assert!(code(&output) == 2 && stderr(&output).contains("no file"), "{}", stderr(&output));
}
