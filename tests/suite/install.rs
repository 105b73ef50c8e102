//! `paralint install` in real repositories: where git looks for hooks, and what is written there.
#![cfg(unix)]

use super::hooks::{bin, git_with, said};
use super::program::{code, paralint, run, stderr, stdout};
use super::repository::{Repository, git_in};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

/// Everything in a folder: names, modes, times, contents and where links lead. What git's template brings is left out.
pub(crate) fn contents(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name.ends_with(".sample") {
            continue;
        }
        let data = entry.path().symlink_metadata().unwrap();
        let (mode, inode, time) = (data.permissions().mode(), data.ino(), (data.mtime(), data.mtime_nsec()));
        all.push(format!("{name} {mode:o} {inode} {time:?} {:?} {:?}", fs::read_link(entry.path()).ok(), fs::read(entry.path()).ok()));
    }
    all.sort();
    all
}

fn names(folder: &Path) -> Vec<String> {
    contents(folder).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn a_new_repository_gets_two_hooks_that_run() {
    let repository = Repository::new();
    let output = run(repository.path(), &["install"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("wrote .git/hooks/pre-commit: before a commit"), "{}", stdout(&output));
    let hooks = repository.path().join(".git/hooks");
    assert_eq!(names(&hooks), ["pre-commit", "pre-merge-commit"]);
    for hook in ["pre-commit", "pre-merge-commit"] {
        assert_eq!(fs::metadata(hooks.join(hook)).unwrap().permissions().mode() & 0o777, 0o755);
        let copied = Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks").join(hook);
        assert_eq!(fs::read(hooks.join(hook)).unwrap(), fs::read(copied).unwrap());
    }
    let committed = git_with(&repository, &bin(), &["commit", "--allow-empty", "-m", "x"], |_| ());
    assert!(committed.status.success() && said(&committed).contains("nothing staged"), "{}", said(&committed));
}

#[test]
fn twice_changes_nothing_and_options_stay() {
    let repository = Repository::new();
    let hooks = repository.path().join(".git/hooks");
    assert_eq!(code(&run(repository.path(), &["install", "--gates", "--hook", "pre-push", "--hook", "pre-commit"])), 0);
    assert_eq!(names(&hooks), ["pre-commit", "pre-push"]);
    let before = contents(&hooks);
    assert!(before.iter().all(|line| line.contains("pre-")));
    for again in [&["install", "--hook", "pre-commit", "--hook", "pre-push"][..], &["install", "--gates", "--hook", "pre-push"]] {
        let output = run(repository.path(), again);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains(".git/hooks/pre-push is in place\n"), "{}", stdout(&output));
        assert_eq!(contents(&hooks), before);
    }
    let text = fs::read_to_string(hooks.join("pre-commit")).unwrap();
    assert!(text.contains("\ngates=yes\n") && !text.contains("\ngates=no\n"));
}

#[test]
fn a_dry_run_writes_nothing_and_says_the_same() {
    let repository = Repository::new();
    fs::write(repository.path().join(".git/hooks/pre-commit"), "#!/bin/sh\n").unwrap();
    let before = contents(&repository.path().join(".git/hooks"));
    let dry = run(repository.path(), &["install", "--dry-run"]);
    assert_eq!((code(&dry), contents(&repository.path().join(".git/hooks"))), (0, before));
    let real = stdout(&run(repository.path(), &["install"]));
    let past = stdout(&dry).replace("would write", "wrote").replace("would keep", "kept");
    assert_eq!(real.lines().take(3).collect::<Vec<_>>(), past.lines().collect::<Vec<_>>());
}

#[test]
fn worktrees_and_submodules_share_what_git_shares() {
    let repository = Repository::new();
    repository.commit_all("first");
    let linked = repository.beside("linked \u{1b}[31m");
    repository.git(&["worktree", "add", "-q", "-b", "linked", linked.to_str().unwrap()]);
    fs::create_dir(linked.join("sub")).unwrap();
    let output = run(&linked.join("sub"), &["install"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!stdout(&output).contains('\u{1b}'), "{}", stdout(&output));
    assert_eq!(names(&repository.path().join(".git/hooks")), ["pre-commit", "pre-merge-commit"]);

    let outer = Repository::new();
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository.path().to_str().unwrap(), "inner"]);
    assert_eq!(code(&run(&outer.path().join("inner"), &["install"])), 0);
    assert_eq!(names(&outer.path().join(".git/modules/inner/hooks")), ["pre-commit", "pre-merge-commit"]);
    assert!(names(&outer.path().join(".git/hooks")).is_empty());
}

#[test]
fn hooks_of_the_work_tree_need_to_be_asked_for() {
    let repository = Repository::new();
    repository.git(&["config", "core.hooksPath", ".githooks"]);
    fs::create_dir(repository.path().join("sub")).unwrap();
    let asked = run(&repository.path().join("sub"), &["install"]);
    assert_eq!(code(&asked), 1, "{}", stderr(&asked));
    assert!(stdout(&asked).contains("core.hooksPath (local)") && stdout(&asked).contains("install --write"), "{}", stdout(&asked));
    assert!(!repository.path().join(".githooks").exists());
    assert_eq!(code(&run(&repository.path().join("sub"), &["install", "--write"])), 0);
    assert_eq!(names(&repository.path().join(".githooks")), ["pre-commit", "pre-merge-commit"]);
    assert_eq!(code(&run(repository.path(), &["install"])), 0, "it is in place");
    assert!(names(&repository.path().join(".git/hooks")).is_empty());
}

#[test]
fn hooks_of_all_repositories_are_left_alone() {
    let repository = Repository::new();
    let shared = repository.beside("shared");
    fs::create_dir(&shared).unwrap();
    // The same by a global configuration with `~`, and by a link in the repository that leads out.
    fs::write(repository.path().join(".gitconfig"), "[core]\n\thooksPath = ~/../shared\n").unwrap();
    for prepare in [0, 1] {
        if prepare == 1 {
            std::os::unix::fs::symlink(&shared, repository.path().join("link")).unwrap();
            repository.git(&["config", "core.hooksPath", "link"]);
        }
        let output = run(repository.path(), &["install", "--write"]);
        assert_eq!(code(&output), 2, "{}", stdout(&output));
        assert!(stderr(&output).contains("other repositories may use that too"), "{}", stderr(&output));
        assert!(names(&shared).is_empty());
    }
    assert!(stderr(&run(repository.path(), &["install"])).contains("core.hooksPath (local)"));
}

#[test]
fn where_nothing_can_be_installed_it_says_why() {
    let repository = Repository::new();
    let cases: [(&[&str], &str); 2] =
        [(&["config", "core.hooksPath", "/dev/null"], "is no folder"), (&["config", "core.bare", "true"], "bare")];
    for (command, why) in cases {
        repository.git(command);
        let output = run(repository.path(), &["install"]);
        assert_eq!(code(&output), 2, "{}", stdout(&output));
        assert!(stderr(&output).contains(why) && stderr(&output).contains("help:"), "{}", stderr(&output));
    }
    let nowhere = tempfile::tempdir().unwrap();
    let output = run(nowhere.path(), &["install"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no git repository") && stderr(&output).contains("git init"), "{}", stderr(&output));
    let output = run(nowhere.path(), &["install", "--hook", "post-commit"]);
    assert!(code(&output) == 2 && stderr(&output).contains("known: pre-commit, pre-merge-commit, pre-push"), "{}", stderr(&output));
}

#[test]
fn what_cannot_be_written_leaves_everything() {
    let repository = Repository::new();
    let hooks = repository.path().join(".git/hooks");
    super::hooks::write_program(&hooks.join("pre-commit"), "#!/bin/sh\necho mine\n");
    let before = contents(&hooks);
    // A limit for the size of files does what a full disk does.
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 0; exec paralint install"]).current_dir(repository.path()).env("HOME", repository.path());
    limited.env("PATH", format!("{}:{}", bin().display(), std::env::var("PATH").unwrap()));
    let output = limited.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("failed to write .git/hooks/pre-commit"), "{}", said(&output));
    assert_eq!(contents(&hooks), before);
    // Whoever may do anything is not stopped by the mode of a folder.
    fs::set_permissions(&hooks, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(hooks.join("probe"), "").is_err() {
        assert_eq!(code(&run(repository.path(), &["install"])), 2);
    }
    fs::set_permissions(&hooks, fs::Permissions::from_mode(0o755)).unwrap();
    let _ = fs::remove_file(hooks.join("probe"));
    assert_eq!(contents(&hooks), before);
}

#[test]
fn a_copy_by_hand_is_known() {
    let repository = Repository::new();
    let hooks = repository.path().join(".git/hooks");
    for hook in ["pre-commit", "pre-merge-commit"] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks").join(hook), hooks.join(hook)).unwrap();
    }
    let before = contents(&hooks);
    let output = run(repository.path(), &["install"]);
    assert!(stdout(&output).contains(".git/hooks/pre-commit is in place"), "{}", stdout(&output));
    assert_eq!(contents(&hooks), before);
    // One that lost its mode does nothing, and is mended.
    fs::set_permissions(hooks.join("pre-commit"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(stdout(&run(repository.path(), &["install"])).contains("updated .git/hooks/pre-commit: it was not executable"));
    assert_eq!(fs::metadata(hooks.join("pre-commit")).unwrap().permissions().mode() & 0o777, 0o755);
}

#[test]
fn two_installations_at_once_lose_no_hook() {
    for _ in 0..5 {
        let repository = Repository::new();
        let hooks = repository.path().join(".git/hooks");
        super::hooks::write_program(&hooks.join("pre-commit"), "#!/bin/sh\necho mine\n");
        std::thread::scope(|threads| {
            let runs: Vec<_> = (0..4).map(|_| threads.spawn(|| paralint(repository.path()).arg("install").output().unwrap())).collect();
            for run in runs {
                let output = run.join().unwrap();
                assert_eq!(code(&output), 0, "{}", stderr(&output));
            }
        });
        assert_eq!(names(&hooks), ["pre-commit", "pre-commit.before-paralint", "pre-merge-commit"]);
        assert_eq!(fs::read_to_string(hooks.join("pre-commit.before-paralint")).unwrap(), "#!/bin/sh\necho mine\n");
    }
}

#[test]
fn a_repository_without_a_folder_for_hooks_gets_one() {
    let repository = Repository::with(&["init", "-q", "--template=", "-b", "main", "work"]);
    assert!(!repository.path().join(".git/hooks").exists());
    assert_eq!(code(&run(repository.path(), &["install"])), 0);
    assert_eq!(names(&repository.path().join(".git/hooks")), ["pre-commit", "pre-merge-commit"]);
    assert!(git_in(repository.path()).args(["status"]).output().unwrap().status.success());
}
