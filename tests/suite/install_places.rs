//! `paralint install` and `uninstall` where git's idea of the place for hooks is unusual, and what is said of it.
#![cfg(unix)]

use super::hooks::{HOOKS, bin, git_with, said, write_program};
use super::program::{code, paralint, run, stderr, stdout};
use super::repository::Repository;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

fn ours(hook: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks").join(hook)).unwrap()
}

fn hooks(repository: &Repository) -> PathBuf {
    repository.path().join(".git/hooks")
}

/// An installation that cannot be done says this, and writes nothing.
fn fails(repository: &Repository, words: &[&str]) {
    let before = repository.git(&["status", "--porcelain", "--ignored"]);
    let output = run(repository.path(), &["install", "--write"]);
    assert_eq!(code(&output), 2, "{}{}", stdout(&output), stderr(&output));
    for word in words {
        assert!(stderr(&output).contains(word), "{word:?} is not in {}", stderr(&output));
    }
    assert_eq!(repository.git(&["status", "--porcelain", "--ignored"]), before);
}

#[test]
fn the_root_of_the_work_tree_is_no_place_for_hooks() {
    let repository = Repository::new();
    for (value, word) in [("", "is empty"), (".", "each commit fails"), ("./", "each commit fails")] {
        repository.git(&["config", "core.hooksPath", value]);
        // What git does there: it passes over a hook, or cannot start it.
        write_program(&repository.path().join("pre-commit"), "#!/bin/sh\nexit 0\n");
        let committed = git_with(&repository, &bin(), &["commit", "-q", "--allow-empty", "-m", "x"], |_| ());
        assert_eq!(committed.status.success(), value.is_empty(), "{value:?}: {}", stderr(&committed));
        fs::remove_file(repository.path().join("pre-commit")).unwrap();
        fails(&repository, &[word, "core.hooksPath (local)", "`git config --local --unset core.hooksPath`"]);
    }
}

#[test]
fn the_root_of_the_work_tree_in_words_that_git_can_run() {
    let repository = Repository::new();
    for value in ["./.", ".//.", repository.path().to_str().unwrap()] {
        repository.git(&["config", "core.hooksPath", value]);
        let shown = run(repository.path(), &["install"]);
        assert_eq!(code(&shown), 1, "{value}: {}", stderr(&shown));
        assert!(stdout(&shown).contains("git looks for hooks in ., as core.hooksPath"), "{value}: {}", stdout(&shown));
        assert_eq!(code(&run(repository.path(), &["install", "--write"])), 0, "{value}");
        let committed = git_with(&repository, &bin(), &["commit", "--allow-empty", "-m", "x"], |_| ());
        assert!(committed.status.success() && said(&committed).contains("nothing"), "{value}: {}", said(&committed));
        fs::remove_file(repository.path().join("pre-commit")).unwrap();
        fs::remove_file(repository.path().join("pre-merge-commit")).unwrap();
    }
}

#[test]
fn what_is_no_folder_is_told_by_what_it_is() {
    let repository = Repository::new();
    fs::remove_dir_all(hooks(&repository)).unwrap();
    fs::write(hooks(&repository), "").unwrap();
    fails(&repository, &["git looks for hooks in .git/hooks, which is no folder", "move it away"]);
    fs::remove_file(hooks(&repository)).unwrap();
    let outside = repository.beside("outside");
    symlink(&outside, hooks(&repository)).unwrap();
    fails(&repository, &["a link that leads nowhere", "make the folder that it leads to"]);
    fs::create_dir(&outside).unwrap();
    fails(&repository, &["other repositories may use that too", "`paralint hook NAME --print`", "replace the link .git/hooks by a folder"]);
    repository.git(&["config", "core.hooksPath", repository.beside("nowhere").to_str().unwrap()]);
    fails(&repository, &["core.hooksPath (local)", "other repositories may use that too"]);
}

#[test]
fn hooks_in_the_work_tree_run_in_clones_by_what_leads_there() {
    let repository = Repository::new();
    fs::remove_dir_all(hooks(&repository)).unwrap();
    fs::create_dir(repository.path().join("tracked")).unwrap();
    symlink("../tracked", hooks(&repository)).unwrap();
    let output = run(repository.path(), &["install", "--write"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("once its .git/hooks leads there"), "{}", stdout(&output));
}

#[test]
fn the_hooks_of_the_main_worktree_are_installed_there() {
    let repository = Repository::new();
    repository.commit_all("first");
    let folder = repository.path().join(".githooks");
    repository.git(&["config", "core.hooksPath", folder.to_str().unwrap()]);
    let linked = repository.beside("linked");
    repository.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let output = run(&linked, &["install", "--write"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("part of the main worktree") && !stderr(&output).contains("other"), "{}", stderr(&output));
    assert_eq!(code(&run(repository.path(), &["install", "--write"])), 0);
    assert_eq!(code(&run(&linked, &["install"])), 0, "it is in place");
    let output = run(&linked, &["uninstall", "--write"]);
    assert!(code(&output) == 1 && stdout(&output).contains("part of the main worktree"), "{}", stdout(&output));
    assert!(folder.join("pre-commit").exists());
}

#[test]
fn an_environment_that_names_the_repository_is_read_as_git_reads_it() {
    let repository = Repository::new();
    let above = repository.path().parent().unwrap();
    let name = repository.path().file_name().unwrap().to_str().unwrap();
    let cases = [(repository.path().to_owned(), ".git".to_owned(), "."), (above.to_owned(), format!("{name}/.git"), name)];
    for (folder, git_dir, work_tree) in cases {
        for command in ["install", "uninstall"] {
            let output = paralint(&folder).env("GIT_DIR", &git_dir).env("GIT_WORK_TREE", work_tree).arg(command).output().unwrap();
            assert_eq!(code(&output), 0, "{folder:?} {command}: {}", stderr(&output));
            assert_eq!(hooks(&repository).join("pre-commit").exists(), command == "install");
        }
    }
}

#[test]
fn the_command_that_skips_is_that_of_the_hook() {
    for (arguments, words, other) in [
        (&["--hook", "pre-push"][..], "`git push --no-verify` or SKIP", "git commit"),
        (&["--hook", "pre-merge-commit"], "`git merge --no-verify` or SKIP", "git commit"),
        (&["--hook", "pre-push", "--hook", "pre-commit"], "`git commit --no-verify`, `git push --no-verify` or SKIP", "git merge"),
    ] {
        let repository = Repository::new();
        let output = run(repository.path(), &[&["install"], arguments].concat());
        assert!(stdout(&output).contains(words) && !stdout(&output).contains(other), "{}", stdout(&output));
    }
}

#[test]
fn a_script_that_may_check_nothing_is_not_in_place() {
    let repository = Repository::new();
    let path = hooks(&repository).join("pre-commit");
    let head: String = ours("pre-commit").lines().take(3).map(|line| format!("{line}\n")).collect();
    for (text, word) in [
        (format!("{head}exit 0\n"), "whether it still checks is not known"),
        (ours("pre-commit").replace('\n', "\r\n"), "carriage returns"),
        (ours("pre-commit").replace("gates=no", "gates=true"), "gates=true is not understood"),
    ] {
        write_program(&path, &text);
        let output = run(repository.path(), &["install"]);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(stdout(&output).contains(word) && stdout(&output).contains(".git/hooks/pre-commit"), "{}", stdout(&output));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn gates_that_are_neither_yes_nor_no_stop_the_hook() {
    let repository = Repository::new();
    for hook in HOOKS {
        write_program(&hooks(&repository).join(hook), &ours(hook).replace("gates=no", "gates=Yes"));
    }
    let refused = git_with(&repository, &bin(), &["commit", "-q", "--allow-empty", "-m", "x"], |_| ());
    assert!(!refused.status.success());
    assert!(stderr(&refused).contains("gates=Yes in the pre-commit hook is not understood"), "{}", stderr(&refused));
}

#[test]
fn a_program_that_does_not_start_is_named() {
    let repository = Repository::new();
    run(repository.path(), &["install"]);
    let bad = repository.beside("bad");
    write_program(&bad.join("paralint"), "#!/no/such/interpreter\n");
    let refused = git_with(&repository, &bad, &["commit", "-q", "--allow-empty", "-m", "x"], |_| ());
    assert!(!refused.status.success());
    // bash ends before it could say anything but its own words, which name the program too.
    assert!(stderr(&refused).contains("bad/paralint"), "{}", stderr(&refused));
}

#[test]
fn a_hook_that_checks_itself_is_told_to_check_twice() {
    let repository = Repository::new();
    write_program(&hooks(&repository).join("pre-commit"), "#!/bin/sh\nparalint check\n");
    let output = run(repository.path(), &["install"]);
    assert!(stdout(&output).contains("pre-commit.before-paralint runs paralint itself, so it checks twice"), "{}", stdout(&output));
}

#[test]
fn what_a_run_that_was_killed_left_is_taken_away() {
    let repository = Repository::new();
    let hooks = hooks(&repository);
    let part = ours("pre-commit").chars().take(50).collect::<String>();
    for command in ["install", "uninstall"] {
        fs::write(hooks.join(".pre-commit.paralint-7"), &part).unwrap();
        fs::write(hooks.join(".pre-push.paralint-8"), "").unwrap();
        fs::write(hooks.join(".pre-commit.paralint-9"), "theirs\n").unwrap();
        fs::write(hooks.join(".pre-commit.paralint-x"), "").unwrap();
        let dry = run(repository.path(), &["install", "--dry-run"]);
        assert!(code(&dry) == 0 && hooks.join(".pre-commit.paralint-7").exists());
        let output = run(repository.path(), &[command]);
        assert!(stdout(&output).contains("removed .git/hooks/.pre-commit.paralint-7, which a run"), "{}", stdout(&output));
        let left = |name: &str| hooks.join(name).exists();
        assert!(!left(".pre-commit.paralint-7") && !left(".pre-push.paralint-8"));
        assert!(left(".pre-commit.paralint-9") && left(".pre-commit.paralint-x"));
    }
}
