//! `paralint install` and `uninstall` where a manager of hooks, or somebody, changed something since; and where a hook would find no
//! program that it may run.
#![cfg(unix)]

use super::install_managers::{husky_9, paralint, said};
use super::pre_commit::{Hooked, worked};
use super::program::{executable, stderr, stdout, tool};
use std::fs;
use std::path::Path;

/// A manager that came later keeps our hook under another name; it is found there, and the hook of before comes back in its place.
#[test]
fn ours_under_another_name_is_taken_away() {
    let earlier = "#!/bin/sh\n# ours\nexit 0";
    for (program, config, text, aside) in [
        ("pre-commit", ".pre-commit-config.yaml", "repos: []\n", ".legacy"),
        ("prek", ".pre-commit-config.yaml", "repos: []\n", ".legacy"),
        ("lefthook", "lefthook.yml", "pre-commit:\n  commands:\n    ls:\n      run: ls\n", ".old"),
    ] {
        if tool(program).is_none() {
            continue;
        }
        for is_chained in [true, false] {
            let hooked = Hooked::bare();
            let hooks = hooked.repository.path().join(".git/hooks");
            if is_chained {
                executable(&hooks.join("pre-commit"), earlier);
            }
            said(&paralint(&hooked, &["install"]), 0, &["wrote .git/hooks/pre-commit"]);
            hooked.repository.write(config, text);
            worked(&hooked.command(hooked.repository.path(), program).arg("install").output().unwrap());
            let kept = hooks.join(format!("pre-commit{aside}"));
            assert!(fs::read_to_string(&kept).unwrap().contains("hook of paralint"), "{program}");
            let theirs = fs::read(hooks.join("pre-commit")).unwrap();
            let word = if is_chained { "put .git/hooks/pre-commit" } else { "removed .git/hooks/pre-commit" };
            said(&paralint(&hooked, &["uninstall"]), 0, &[&format!("{word}{aside}")]);
            assert_eq!(fs::read_to_string(&kept).ok().as_deref(), is_chained.then_some(earlier), "{program}");
            assert!(!hooks.join("pre-commit.before-paralint").exists());
            assert_eq!(fs::read(hooks.join("pre-commit")).unwrap(), theirs);
            said(&paralint(&hooked, &["uninstall"]), 0, &["not installed here"]);
        }
    }
}

#[test]
fn lines_of_others_between_our_marks_are_left() {
    let hooked = husky_9("ls\n");
    let _ = paralint(&hooked, &["install", "--write", "--hook", "pre-commit"]);
    let path = hooked.repository.path().join(".husky/pre-commit");
    let changed = fs::read_to_string(&path).unwrap().replace("paralint hook ", "nice paralint hook ");
    assert!(changed.contains("nice"), "{changed}");
    fs::write(&path, &changed).unwrap();
    said(&paralint(&hooked, &["uninstall", "--write"]), 1, &[".husky/pre-commit: what stands between", "was changed since"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), changed);
}

#[test]
fn files_and_folders_that_were_there_stay_and_ours_go() {
    for file in ["lefthook.yml", ".pre-commit-config.yaml", "prek.toml"] {
        let hooked = Hooked::bare();
        hooked.repository.write(file, "");
        let _ = paralint(&hooked, &["install", "--write"]);
        said(&paralint(&hooked, &["uninstall", "--write"]), 0, &[file]);
        assert_eq!(fs::read(hooked.repository.path().join(file)).unwrap(), b"", "{file}");
    }
    let hooked = husky_9("");
    hooked.repository.write(".husky/pre-merge-commit", "");
    let _ = paralint(&hooked, &["install", "--write"]);
    said(&paralint(&hooked, &["uninstall", "--write"]), 0, &["took our lines out of .husky/pre-merge-commit"]);
    for hook in ["pre-commit", "pre-merge-commit"] {
        assert_eq!(fs::read(hooked.repository.path().join(".husky").join(hook)).unwrap(), b"", "{hook}");
    }
    // What a run that was killed left is seen, where it is asked for; nothing else is.
    hooked.repository.write(".husky/.pre-commit.paralint-77", "#!/bin/sh\n# paralint: begin, with the line above\ncase");
    hooked.repository.write(".husky/.pre-commit.paralint-78", "theirs\n");
    hooked.repository.write(".husky/.pre-commit.paralint-x", "");
    let _ = paralint(&hooked, &["install"]);
    said(&paralint(&hooked, &["uninstall"]), 0, &[]);
    let exists = |name: &str| hooked.repository.path().join(".husky").join(name).exists();
    assert!(exists(".pre-commit.paralint-77"));
    said(&paralint(&hooked, &["uninstall", "--write"]), 0, &["removed .husky/.pre-commit.paralint-77, which a run that was cut off"]);
    assert!(!exists(".pre-commit.paralint-77") && exists(".pre-commit.paralint-78") && exists(".pre-commit.paralint-x"));
}

/// git ignores what husky runs its scripts by, so a linked worktree does not have it.
#[test]
fn a_linked_worktree_of_husky_is_told_to_run_it() {
    let hooked = husky_9("ls\n");
    let _ = paralint(&hooked, &["install", "--write"]);
    worked(&hooked.git(&["add", "-A"]));
    worked(&hooked.git(&["commit", "-q", "--no-verify", "-m", "hooks"]));
    said(&paralint(&hooked, &["install"]), 0, &["paralint is in it"]);
    let linked = hooked.repository.beside("linked");
    worked(&hooked.git(&["worktree", "add", "-q", linked.to_str().unwrap()]));
    let output = hooked.command(&linked, "paralint").arg("install").output().unwrap();
    said(&output, 1, &["paralint is in it", "then: npx husky ("]);
}

/// A program in a virtual environment of the project is not what the hook runs, and both say so.
#[test]
fn a_program_in_the_work_tree_is_not_what_the_hook_runs() {
    let hooked = Hooked::bare();
    let program = assert_cmd::cargo::cargo_bin("paralint");
    let folder = hooked.repository.path().join(".venv/bin");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(&program, folder.join("paralint")).unwrap();
    let with_path = |name: &Path, folders: &str, arguments: &[&str]| {
        let mut command = hooked.command(hooked.repository.path(), name.to_str().unwrap());
        command.env("PATH", format!("{folders}:/usr/bin:/bin")).args(arguments).output().unwrap()
    };
    let get = "docs/installation.md in the repository of paralint says how to get it";
    let venv = folder.display().to_string();
    let installed = with_path(&program, &venv, &["install"]);
    said(&installed, 0, &["note: the hook does not run .venv/bin/paralint, which lies in the work tree", get]);
    let refused = with_path(Path::new("git"), &venv, &["commit", "-q", "--allow-empty", "-m", "x"]);
    assert!(!refused.status.success());
    assert!(stderr(&refused).contains("is not run: it lies in the work tree that it would check"), "{}", stderr(&refused));
    assert!(stderr(&refused).contains(get) && !stderr(&refused).contains("neither on the PATH"), "{}", stderr(&refused));
    let _ = with_path(&program, &venv, &["uninstall"]);
    let both = format!("{venv}:{}", program.parent().unwrap().display());
    assert!(!stdout(&with_path(&program, &both, &["install"])).contains("note:"));
    worked(&with_path(Path::new("git"), &both, &["commit", "-q", "--allow-empty", "-m", "x"]));
    let _ = with_path(&program, &venv, &["uninstall"]);
    said(&with_path(&program, "/nowhere", &["install"]), 0, &["note: the hook will not find paralint", get]);
    hooked.repository.write("lefthook.yml", "");
    said(&with_path(&program, "/nowhere", &["install"]), 1, &["note: lefthook will not find paralint: it is not on the PATH", get]);
}
