//! Programs that git's configuration names: which of them are started while paralint reads.
#![cfg(unix)]

use super::program::paralint;
use super::repository::{Repository, git_in};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Every hook that git knows.
const HOOKS: &[&str] = &[
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-rebase",
    "pre-receive",
    "prepare-commit-msg",
    "proc-receive",
    "push-to-checkout",
    "reference-transaction",
    "sendemail-validate",
    "update",
];

/// The keys that name a program, and the word that it leaves behind.
const KEYS: &[&str] = &[
    "core.fsmonitor",
    "core.pager",
    "pager.log",
    "pager.diff",
    "pager.status",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.trap.command",
    "diff.trap.textconv",
    "gpg.program",
    "gpg.ssh.program",
    "interactive.diffFilter",
    "remote.origin.uploadpack",
    "sequence.editor",
    "uploadpack.packObjectsHook",
    "filter.trap.clean",
    "filter.trap.smudge",
    "merge.trap.driver",
];

/// A repository whose configuration names a trap wherever a program can be named, with a branch for each kind of reading.
struct Trapped {
    repository: Repository,
    log: PathBuf,
}

fn trapped() -> Trapped {
    let repository = Repository::new();
    let (log, trap) = (repository.beside("log"), repository.beside("trap"));
    // A filter hands on what it gets; a driver leaves what is there.
    let script = format!("#!/bin/sh\necho \"$1\" >>'{}'\ncase $1 in filter*) exec cat ;; esac\nexit 0\n", log.display());
    std::fs::write(&trap, script).unwrap();
    std::fs::set_permissions(&trap, std::fs::Permissions::from_mode(0o755)).unwrap();
    repository.write(".gitattributes", "* filter=trap diff=trap merge=trap\n");
    for name in ["a", "b", "c"] {
        repository.write(name, "one\n");
    }
    repository.commit_all("base");
    for (branch, text) in [("x", "two\n"), ("y", "three\n")] {
        repository.git(&["checkout", "-q", "-b", branch, "main"]);
        repository.write("a", text);
        repository.commit_all(branch);
    }
    repository.git(&["worktree", "add", "-q", "--detach", repository.beside("linked").to_str().unwrap(), "x"]);
    repository.write("b", "staged\n");
    repository.git(&["add", "b"]);
    repository.write("c", "not staged\n");
    repository.write("new", "not tracked\n");
    for key in KEYS {
        repository.git(&["config", key, &format!("{} {key}", trap.display())]);
    }
    for (key, value) in [("log.showSignature", "true"), ("extensions.partialClone", "origin"), ("remote.origin.promisor", "true")] {
        repository.git(&["config", key, value]);
    }
    repository.git(&["config", "remote.origin.url", repository.path().to_str().unwrap()]);
    let hooks = repository.path().join(".git/hooks");
    std::fs::create_dir_all(&hooks).unwrap();
    for hook in HOOKS {
        let place = hooks.join(hook);
        std::fs::write(&place, format!("#!/bin/sh\nexec '{}' hook.{hook}\n", trap.display())).unwrap();
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    Trapped { repository, log }
}

impl Trapped {
    /// What was started since it was last asked, once each.
    fn started(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let _ = std::fs::remove_file(&self.log);
        let mut all: Vec<String> = text.lines().map(str::to_owned).collect();
        all.sort();
        all.dedup();
        all
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> Vec<String> {
        let output = paralint(folder).args(arguments).output().unwrap();
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {code:?} {}", String::from_utf8_lossy(&output.stderr));
        self.started()
    }
}

#[test]
fn commits_and_the_index_are_read_without_any_program() {
    let trapped = trapped();
    let folder = trapped.repository.path();
    // The traps work.
    git_in(folder).args(["status"]).output().unwrap();
    assert!(trapped.started().contains(&"core.fsmonitor".to_owned()));
    for way in ["git", "libgit2", "auto"] {
        for arguments in [&["--staged"][..], &["--range", "main..x"], &["--range", "auto"]] {
            let started = trapped.run(folder, &[&["check", "--git", way], arguments].concat());
            assert_eq!(started, [""; 0], "{way} {arguments:?}");
        }
    }
    for arguments in [&["owners", "a"][..], &["init", "--dry-run"], &["install", "--dry-run"], &["uninstall"]] {
        let output = paralint(folder).args(arguments).output().unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(trapped.started(), [""; 0], "{arguments:?}");
    }
}

#[test]
fn work_trees_ask_the_clean_filter_and_trial_merges_their_drivers() {
    let trapped = trapped();
    let folder = trapped.repository.path();
    for way in ["git", "auto"] {
        assert_eq!(trapped.run(folder, &["check", "--git", way, "--worktrees"]), ["filter.trap.clean", "merge.trap.driver"], "{way}");
        assert_eq!(trapped.run(folder, &["overlap", "--git", way, "--worktrees"]), ["filter.trap.clean", "merge.trap.driver"], "{way}");
        for command in ["check", "overlap"] {
            assert_eq!(trapped.run(folder, &[command, "--git", way, "--branches", "*"]), ["merge.trap.driver"], "{way} {command}");
        }
    }
    // libgit2 has no programs at all.
    assert_eq!(trapped.run(folder, &["check", "--git", "libgit2", "--worktrees"]), [""; 0]);
}

#[test]
fn gates_ask_the_filters_alone() {
    let trapped = trapped();
    let repository = &trapped.repository;
    for inputs in ["index", "worktree"] {
        let gate = format!("[gates.look]\nrun = \"true\"\ninputs = \"{inputs}\"\n");
        repository.write("paralint.toml", &gate);
        let started = trapped.run(repository.path(), &["gates"]);
        let others: Vec<&String> = started.iter().filter(|name| !name.starts_with("filter.trap.")).collect();
        assert!(others.is_empty(), "{inputs}: {others:?}");
    }
}
