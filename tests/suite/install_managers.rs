//! `paralint install` where husky, lefthook, pre-commit, prek or hk run the hooks: real commits are refused by its report.
#![cfg(unix)]

use super::pre_commit::{Hooked, refused, text, worked};
use super::program::{code, executable, stderr, stdout, tool};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Output;

const ALL_HOOKS: [&str; 7] = ["install", "--hook", "pre-commit", "--hook", "pre-merge-commit", "--hook", "pre-push"];

pub(crate) fn paralint(hooked: &Hooked, arguments: &[&str]) -> Output {
    hooked.command(hooked.repository.path(), "paralint").args(arguments).output().unwrap()
}

/// It ended with this code, and said something in these lines.
pub(crate) fn said(output: &Output, expected: i32, words: &[&str]) {
    assert_eq!(code(output), expected, "{}{}", stdout(output), stderr(output));
    for word in words {
        assert!(stdout(output).contains(word), "{word:?} is not in\n{}{}", stdout(output), stderr(output));
    }
}

/// What git sees of the work tree, with what is new in full and with modes.
fn tree(hooked: &Hooked) -> String {
    let listed = hooked.repository.git(&["ls-files", "-z", "--cached", "--others"]);
    let describe = |path: &str| {
        let place = hooked.repository.path().join(path);
        let mode = fs::symlink_metadata(&place).map_or(0, |data| data.permissions().mode());
        format!("{path} {mode:o} {:?}\n", fs::read(place).ok())
    };
    listed.split('\0').filter(|path| !path.is_empty()).map(describe).collect()
}

/// Installs by `--write`, has a commit refused, and takes it all away again.
fn is_held(hooked: &Hooked, files: &[&str], then: Option<&str>) {
    let before = tree(hooked);
    let shown = paralint(hooked, &["install"]);
    said(&shown, 1, files);
    said(&shown, 1, &["paralint hook pre-commit", "`paralint install --write` writes that\n"]);
    assert!(!stdout(&shown).contains("pre-push"), "nobody asked for pre-push: {}", stdout(&shown));
    let dry = paralint(hooked, &["install", "--dry-run", "--write"]);
    said(&dry, i32::from(then.is_some()), &["would "]);
    assert_eq!(tree(hooked), before);

    let written = paralint(hooked, &["install", "--write"]);
    said(&written, i32::from(then.is_some()), files);
    said(&written, code(&written), &["paralint uninstall --write"]);
    let after = tree(hooked);
    assert_ne!(after, before);
    if let Some(then) = then {
        said(&written, 1, &[&format!("\nthen: {then}\n")]);
        said(&paralint(hooked, &["install"]), 1, &["paralint is in it", &format!("then: {then}\n")]);
        worked(&hooked.command(hooked.repository.path(), "sh").args(["-c", then]).output().unwrap());
    }
    let again = paralint(hooked, &["install", "--write"]);
    said(&again, 0, &["paralint is in it"]);
    assert!(!stdout(&again).contains("note:") && !stdout(&again).contains("then:"), "{}", stdout(&again));
    assert_eq!(tree(hooked), after);

    worked(&hooked.git(&["add", "-A"]));
    worked(&hooked.git(&["commit", "-q", "-m", "hooks"]));
    worked(&hooked.commit("a/x", "2\n"));
    refused(&hooked.commit("b/x", "2\n"));
    worked(&hooked.git(&["reset", "-q", "--hard"]));

    // One more hook is added beside, and all goes at once.
    let pushed = paralint(hooked, &ALL_HOOKS);
    said(
        &pushed,
        1,
        &["paralint hook pre-push", "`paralint install --hook pre-commit --hook pre-merge-commit --hook pre-push --write` writes that"],
    );
    let pushed = paralint(hooked, &[&ALL_HOOKS[..], &["--write"]].concat());
    assert_ne!(code(&pushed), 2, "{}", stderr(&pushed));
    said(&paralint(hooked, &["uninstall"]), 1, &["paralint uninstall --write"]);
    let gone = paralint(hooked, &["uninstall", "--write"]);
    said(&gone, 0, &[]);
    for line in before.lines().filter(|line| !line.starts_with("a/x")) {
        assert!(tree(hooked).lines().any(|now| now == line), "{line} is not back:\n{}", tree(hooked));
    }
    for file in files {
        let was_there = before.lines().any(|line| line.starts_with(&format!("{file} ")));
        assert_eq!(hooked.repository.path().join(file).exists(), was_there, "{file}");
    }
    said(&paralint(hooked, &["uninstall", "--write"]), 0, &["not installed here"]);
    worked(&hooked.git(&["add", "-A"]));
    worked(&hooked.commit("b/x", "2\n"));
}

/// SKIP that names paralint lets a commit pass.
fn is_skipped(hooked: &Hooked) {
    let _ = paralint(hooked, &["install", "--write"]);
    worked(&hooked.git(&["add", "-A"]));
    refused(&hooked.commit("b/x", "3\n"));
    let mut skipped = hooked.command(hooked.repository.path(), "git");
    worked(&skipped.env("SKIP", "other,paralint").args(["commit", "-q", "-m", "skipped"]).output().unwrap());
}

#[test]
fn pre_commit_and_prek_run_what_is_written() {
    for (program, file, before) in [
        ("pre-commit", ".pre-commit-config.yaml", "# ours\nrepos:\n-   repo: meta\n    hooks:\n    -   id: identity"),
        ("prek", ".pre-commit-config.yaml", "repos:\r\n  - repo: meta\r\n    hooks:\r\n      - id: identity\r\n"),
        ("prek", "prek.toml", "# ours\n[[repos]]\nrepo = \"meta\"\nhooks = [{ id = \"identity\" }]"),
    ] {
        if tool(program).is_none() {
            continue;
        }
        let hooked = Hooked::bare();
        hooked.repository.write(file, before);
        fs::set_permissions(hooked.repository.path().join(file), fs::Permissions::from_mode(0o640)).unwrap();
        worked(&hooked.command(hooked.repository.path(), program).arg("install").output().unwrap());
        is_held(&hooked, &[file], Some(&format!("{program} install --hook-type pre-merge-commit")));
        is_skipped(&hooked);
    }
}

#[test]
fn lefthook_runs_what_is_written() {
    if tool("lefthook").is_none() {
        return;
    }
    for (file, before) in [
        ("lefthook.yml", "# nothing yet\n"),
        (".lefthook.yaml", "pre-commit:\n  parallel: true\n  commands:\n    # all of them\n    list:\n      run: ls"),
        ("lefthook.yml", "pre-commit:\r\n  jobs:\r\n  - run: ls\r\n"),
        (".config/lefthook.toml", "[pre-commit]\nparallel = true\n[[pre-commit.jobs]]\nrun = 'ls'\n"),
    ] {
        let hooked = Hooked::bare();
        hooked.repository.write(file, before);
        is_held(&hooked, &[file], Some("lefthook install"));
        let _ = paralint(&hooked, &["install", "--write"]);
        worked(&hooked.git(&["checkout", "-q", "-b", "agent/b"]));
        worked(&hooked.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "other"]));
        worked(&hooked.git(&["checkout", "-q", "agent/a"]));
        worked(&hooked.commit("a/x", "3\n"));
        // A merge that git makes by itself runs another hook.
        let merged = hooked.git(&["merge", "--no-edit", "agent/b"]);
        worked(&merged);
        assert!(text(&merged).contains("paralint"), "{}", text(&merged));
    }
}

/// The least that husky 9 does: git's hooks path leads to runners of the scripts.
pub(crate) fn husky_9(script: &str) -> Hooked {
    let hooked = Hooked::bare();
    for hook in ["pre-commit", "pre-merge-commit", "pre-push"] {
        hooked.repository.write(&format!(".husky/_/{hook}"), "");
        let runner = "#!/bin/sh\nscript=\"$(dirname \"$(dirname \"$0\")\")/$(basename \"$0\")\"\n[ -f \"$script\" ] || exit 0\nsh -e \"$script\" \"$@\"\n";
        executable(&hooked.repository.path().join(".husky/_").join(hook), runner);
    }
    hooked.repository.write(".husky/_/.gitignore", "*\n");
    hooked.repository.write(".husky/pre-commit", script);
    hooked.repository.git(&["config", "core.hooksPath", ".husky/_"]);
    hooked
}

#[test]
fn the_layouts_of_husky_run_what_is_written() {
    let files = [".husky/pre-commit", ".husky/pre-merge-commit"];
    let hooked = husky_9("#!/usr/bin/env sh\n# ours\necho of husky");
    is_held(&hooked, &files, None);
    is_skipped(&hooked);

    let hooked = Hooked::bare();
    let start =
        "if [ -z \"$husky_skip_init\" ]; then\n  husky_skip_init=1\n  export husky_skip_init\n  sh -e \"$0\" \"$@\"\n  exit $?\nfi\n";
    hooked.repository.write(".husky/_/husky.sh", start);
    hooked.repository.write(".husky/pre-commit", "");
    executable(
        &hooked.repository.path().join(".husky/pre-commit"),
        "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\necho of husky\n",
    );
    hooked.repository.git(&["config", "core.hooksPath", ".husky"]);
    is_held(&hooked, &files, None);
}

/// Only what is asked for is written, and the command that is named writes just that.
#[test]
fn one_hook_alone_and_gates() {
    for (file, before) in [
        (".pre-commit-config.yaml", "repos:\n  - repo: meta\n    hooks:\n      - id: identity\n"),
        ("prek.toml", "[[repos]]\nrepo = \"meta\"\nhooks = [{ id = \"identity\" }]\n"),
        ("lefthook.yml", "pre-commit:\n  jobs:\n    - run: ls\n"),
        ("lefthook.toml", ""),
    ] {
        let hooked = Hooked::bare();
        hooked.repository.write(file, before);
        let shown = paralint(&hooked, &["install", "--hook", "pre-push", "--gates"]);
        said(&shown, 1, &["paralint hook pre-push --gates", "`paralint install --hook pre-push --gates --write` writes that"]);
        let written = paralint(&hooked, &["install", "--hook", "pre-push", "--gates", "--write"]);
        assert_ne!(code(&written), 2, "{}", stderr(&written));
        let text = fs::read_to_string(hooked.repository.path().join(file)).unwrap();
        assert_eq!(text.matches("paralint hook").count(), 1, "{text}");
        assert!(text.contains("paralint hook pre-push --gates") && !text.contains("pre-merge-commit"), "{text}");
        // Its gates stay, and the other hooks come beside it.
        said(&paralint(&hooked, &["install", "--hook", "pre-push", "--gates"]), 1, &["paralint is in it\n"]);
        let _ = paralint(&hooked, &["install", "--write"]);
        let text = fs::read_to_string(hooked.repository.path().join(file)).unwrap();
        assert!(text.contains("hook pre-push --gates") && text.contains("pre-merge-commit"), "{text}");
        // Gates that are missing are not passed over in silence.
        said(
            &paralint(&hooked, &["install", "--gates"]),
            1,
            &["paralint is in it without the gates; `paralint uninstall --write` and then"],
        );
        said(&paralint(&hooked, &["uninstall", "--write"]), 0, &[file]);
        assert_eq!(fs::read_to_string(hooked.repository.path().join(file)).unwrap(), before);
    }
    let hooked = husky_9("paralint check\n");
    said(&paralint(&hooked, &["install", "--hook", "pre-commit", "--gates"]), 1, &["without the gates; add `--gates` to your"]);
    said(&paralint(&hooked, &["uninstall"]), 1, &["lines of yours run paralint"]);
}

#[test]
fn what_cannot_be_edited_safely_is_told_with_its_lines() {
    for (file, before, why, then) in [
        (".pre-commit-config.yaml", "repos: [{repo: meta, hooks: [{id: identity}]}]\n", "on one line, in brackets", "pre-commit install"),
        ("lefthook.yml", "pre-commit: {jobs: [{run: ls}]}\n", "on one line, in brackets", "lefthook install"),
        ("lefthook.json", "{}", "JSON has no comments", "lefthook install"),
        ("hk.pkl", "amends \"x\"\n", "a program in Pkl", "hk install"),
    ] {
        let hooked = Hooked::bare();
        hooked.repository.write(file, before);
        let output = paralint(&hooked, &["install", "--write"]);
        said(&output, 1, &[file, "only you can change it, since", why, "    ", "paralint hook pre-commit", &format!("\nthen: {then}")]);
        assert!(!stdout(&output).contains("writes that"), "{}", stdout(&output));
        assert_eq!(fs::read_to_string(hooked.repository.path().join(file)).unwrap(), before);
    }
}

#[test]
fn of_several_managers_the_one_whose_hooks_git_runs_gets_it() {
    let hooked = Hooked::bare();
    hooked.repository.write("lefthook.yml", "");
    hooked.repository.write(".pre-commit-config.yaml", "repos:\n");
    let output = paralint(&hooked, &["install"]);
    said(
        &output,
        1,
        &["lefthook is to run the hooks here", "note: pre-commit or prek is here too", "none has put its hooks in place in this clone"],
    );
    let hook = hooked.repository.path().join(".git/hooks/pre-commit");
    executable(&hook, "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n");
    let output = paralint(&hooked, &["install", "--write"]);
    said(&output, 1, &["pre-commit runs the hooks here", "note: lefthook is here too (lefthook.yml); git runs the hooks of pre-commit"]);
    assert_eq!(fs::read_to_string(hooked.repository.path().join("lefthook.yml")).unwrap(), "");
}

#[test]
fn a_link_that_leads_out_is_not_followed() {
    let hooked = Hooked::bare();
    let outside = hooked.repository.beside("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("config"), "repos:\n").unwrap();
    fs::write(outside.join("pre-commit"), "ls\n").unwrap();
    symlink(outside.join("config"), hooked.repository.path().join(".pre-commit-config.yaml")).unwrap();
    let output = paralint(&hooked, &["install", "--write"]);
    said(&output, 1, &[".pre-commit-config.yaml: only you can change it, since it leads out of the repository"]);
    said(&paralint(&hooked, &["uninstall", "--write"]), 0, &["not installed here"]);

    let hooked = husky_9("ls\n");
    fs::remove_file(hooked.repository.path().join(".husky/pre-commit")).unwrap();
    symlink(outside.join("pre-commit"), hooked.repository.path().join(".husky/pre-commit")).unwrap();
    said(&paralint(&hooked, &["install", "--write", "--hook", "pre-commit"]), 1, &["it leads out of the repository"]);
    assert_eq!(fs::read_to_string(outside.join("config")).unwrap(), "repos:\n");
    assert_eq!(fs::read_to_string(outside.join("pre-commit")).unwrap(), "ls\n");
}

#[test]
fn our_own_hook_beside_a_manager_is_named() {
    let hooked = Hooked::bare();
    said(&paralint(&hooked, &["install"]), 0, &["wrote .git/hooks/pre-commit"]);
    hooked.repository.write("lefthook.yml", "");
    said(&paralint(&hooked, &["install", "--write"]), 1, &["note: .git/hooks/pre-commit is paralint's own", "or it runs twice"]);
    said(&paralint(&hooked, &["uninstall"]), 1, &["removed .git/hooks/pre-commit"]);
    assert!(!stdout(&paralint(&hooked, &["install"])).contains("paralint's own"));
    // pre-commit keeps what was there under another name, and runs it.
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks/pre-commit");
    fs::copy(kept, hooked.repository.path().join(".git/hooks/pre-commit.legacy")).unwrap();
    said(
        &paralint(&hooked, &["install"]),
        1,
        &["note: .git/hooks/pre-commit.legacy is paralint's own of before", "reported twice until `paralint uninstall`"],
    );
}

/// What is pushed is what counts: an agent's bad work is refused in whatever way it is pushed, and what has nothing to be held against
/// passes. `is_told` where a hook that passes may say something.
fn pushes_are_held(hooked: &Hooked, is_told: bool) {
    worked(&hooked.git(&["add", "-A"]));
    worked(&hooked.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "hooks"]));
    worked(&hooked.git(&["branch", "-f", "main", "HEAD"]));
    let remote = hooked.repository.beside("remote.git");
    worked(&hooked.git(&["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]));
    worked(&hooked.git(&["remote", "add", "origin", remote.to_str().unwrap()]));
    let push = |arguments: &[&str]| hooked.git(&[&["push", "origin"], arguments].concat());
    let passes = |arguments: &[&str], words: &str| {
        let output = push(arguments);
        worked(&output);
        assert!(!is_told || text(&output).contains(words), "{arguments:?}: {words}: {}", text(&output));
    };
    passes(&["main"], "refs/heads/main is not compared");
    passes(&["main"], "nothing is pushed");
    worked(&hooked.git(&["tag", "old"]));
    passes(&["old"], "nothing new to check in refs/tags/old");
    passes(&["main:refs/heads/copy"], "nothing new to check in refs/heads/main (as refs/heads/copy)");
    passes(&[":copy"], "nothing new to check in refs/heads/copy (deleted)");
    worked(&hooked.git(&["remote", "set-head", "origin", "main"]));
    hooked.repository.write("b/x", "bad\n");
    worked(&hooked.git(&["commit", "-q", "--no-verify", "-a", "-m", "fix the bug"]));
    worked(&hooked.git(&["tag", "bad"]));
    worked(&hooked.git(&["checkout", "-q", "--detach"]));
    refused(&push(&["HEAD:refs/heads/agent/a"]));
    worked(&hooked.git(&["checkout", "-q", "main"]));
    worked(&hooked.git(&["branch", "-q", "-u", "origin/main"]));
    let id = hooked.repository.git(&["rev-parse", "bad"]);
    for source in ["agent/a", &id, "bad", ":/fix the bug"] {
        refused(&push(&[&format!("{source}:refs/heads/agent/a")]));
    }
    refused(&push(&["main:refs/heads/other", "agent/a"]));
    let skipped =
        hooked.command(hooked.repository.path(), "git").env("SKIP", "paralint,paralint-push").args(["push", "origin", "agent/a"]).output();
    // prek refuses where SKIP leaves no hook.
    worked(&skipped.unwrap());
}

#[test]
fn pushes_are_held_whoever_runs_the_hook() {
    let hooked = Hooked::bare();
    said(&paralint(&hooked, &["install", "--hook", "pre-push"]), 0, &["wrote .git/hooks/pre-push"]);
    pushes_are_held(&hooked, true);
    let hooked = husky_9("");
    said(&paralint(&hooked, &["install", "--hook", "pre-push", "--write"]), 0, &[".husky/pre-push"]);
    pushes_are_held(&hooked, true);
    for (program, file, before, then) in [
        ("lefthook", "lefthook.yml", "# nothing yet\n", &["install"][..]),
        ("lefthook", "lefthook.toml", "[pre-push]\n[[pre-push.jobs]]\nrun = 'ls'\n", &["install"]),
        (
            "pre-commit",
            ".pre-commit-config.yaml",
            "repos:\n  - repo: meta\n    hooks:\n      - id: identity\n",
            &["install", "--hook-type", "pre-push"],
        ),
        (
            "prek",
            ".pre-commit-config.yaml",
            "repos:\n  - repo: meta\n    hooks:\n      - id: identity\n",
            &["install", "--hook-type", "pre-push"],
        ),
    ] {
        if tool(program).is_none() {
            continue;
        }
        let hooked = Hooked::bare();
        hooked.repository.write(file, before);
        let _ = paralint(&hooked, &["install", "--hook", "pre-push", "--write"]);
        worked(&hooked.command(hooked.repository.path(), program).args(then).output().unwrap());
        pushes_are_held(&hooked, program == "lefthook");
    }
}
