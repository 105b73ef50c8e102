//! .pre-commit-hooks.yaml, with pre-commit and prek themselves.

use super::program::tool;
use super::repository::{Repository, git_in};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MANIFEST: &str = include_str!("../../.pre-commit-hooks.yaml");

/// Both of the programs that read the manifest, if they are here.
fn programs() -> Vec<&'static str> {
    ["pre-commit", "prek"].into_iter().filter(|name| tool(name).is_some()).collect()
}

/// A repository with boundaries on an agent's branch, in which one of the programs runs hooks of our manifest.
pub(super) struct Hooked {
    pub(super) repository: Repository,
    /// Where `paralint` is found.
    program: PathBuf,
}

impl Hooked {
    /// Without any hook in place.
    pub(super) fn bare() -> Hooked {
        let repository = Repository::new();
        repository.write(
            "BOUNDARIES.json",
            r#"{"boundaries": {"a": {"owner": "task-1", "paths": ["/a/"]}, "b": {"owner": "task-2", "paths": ["/b/"]}}}"#,
        );
        for path in ["a/x", "b/x"] {
            repository.write(path, "1\n");
        }
        repository.commit_all("base");
        repository.git(&["checkout", "-q", "-b", "agent/a"]);
        let program = assert_cmd::cargo::cargo_bin("paralint").parent().unwrap().to_owned();
        Hooked { repository, program }
    }

    /// With hooks of the manifest, by their ids.
    fn new(program: &str, ids: &[&str]) -> Hooked {
        let hooked = Hooked::bare();
        let manifest = hooked.repository.beside("manifest");
        std::fs::create_dir(&manifest).unwrap();
        std::fs::write(manifest.join(".pre-commit-hooks.yaml"), MANIFEST).unwrap();
        for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "hooks"], &["tag", "v1.0.0"]] {
            assert!(git_in(&manifest).args(arguments).output().unwrap().status.success());
        }
        let ids: String = ids.iter().map(|id| format!("      - id: {id}\n")).collect();
        let text = format!("repos:\n  - repo: {}\n    rev: v1.0.0\n    hooks:\n{ids}", manifest.display());
        hooked.repository.write(".pre-commit-config.yaml", &text);
        hooked.repository.git(&["add", "-A"]);
        hooked.repository.git(&["commit", "-q", "-m", "hooks"]);
        for hook in ["pre-commit", "pre-merge-commit", "pre-push"] {
            worked(&hooked.run(hooked.repository.path(), program, &["install", "--hook-type", hook]));
        }
        hooked
    }

    /// A program in a folder, with paralint on the PATH and caches of its own.
    pub(super) fn command(&self, folder: &Path, program: &str) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(self.program.clone()).chain(std::env::split_paths(&path))).unwrap();
        let git = git_in(folder);
        let mut command = Command::new(program);
        command.env_clear().envs(git.get_envs().filter_map(|(name, value)| value.map(|value| (name, value)))).current_dir(folder);
        command.env("PATH", path).env("HOME", self.repository.beside("home"));
        command.env("PRE_COMMIT_HOME", self.repository.beside("pre-commit")).env("PREK_HOME", self.repository.beside("prek"));
        // Who asks the network for something gets no answer.
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"] {
            command.env(name, "http://127.0.0.1:9");
        }
        command
    }

    fn run(&self, folder: &Path, program: &str, arguments: &[&str]) -> Output {
        self.command(folder, program).args(arguments).output().unwrap()
    }

    pub(super) fn git(&self, arguments: &[&str]) -> Output {
        self.run(self.repository.path(), "git", arguments)
    }

    /// Stages a file with this content, and commits it.
    pub(super) fn commit(&self, path: &str, text: &str) -> Output {
        self.repository.write(path, text);
        worked(&self.git(&["add", path]));
        self.git(&["commit", "-q", "-m", "change"])
    }
}

/// All that a run printed.
pub(super) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub(super) fn worked(output: &Output) {
    assert!(output.status.success(), "{}", text(output));
}

/// It failed, and by our report.
pub(super) fn refused(output: &Output) {
    assert!(!output.status.success(), "{}", text(output));
    assert!(text(output).contains("error[outside-boundary]: a changed a file of b"), "{}", text(output));
}

#[test]
fn both_programs_accept_the_manifest() {
    for program in programs() {
        let hooked = Hooked::bare();
        hooked.repository.write(".pre-commit-hooks.yaml", MANIFEST);
        worked(&hooked.run(hooked.repository.path(), program, &["validate-manifest", ".pre-commit-hooks.yaml"]));
    }
}

#[test]
fn each_hook_is_there_compiled_and_from_the_path() {
    let lines =
        |key: &str| MANIFEST.lines().filter_map(|line| line.get(2..)?.strip_prefix(key)).map(str::to_owned).collect::<Vec<String>>();
    let (ids, entries, languages) = (lines("id: "), lines("entry: "), lines("language: "));
    let half = ids.len() / 2;
    assert_eq!((half, languages.len(), entries.len()), (4, 8, 8));
    for at in 0..half {
        assert_eq!(format!("{}-system", ids[at]), ids[at + half]);
        assert_eq!(entries[at], entries[at + half]);
        assert_eq!((languages[at].as_str(), languages[at + half].as_str()), ("rust", "system"));
    }
    for fixed in ["pass_filenames: false", "always_run: true", "require_serial: true", "minimum_pre_commit_version: "] {
        assert_eq!(lines(fixed).len(), 8, "{fixed}");
    }
}

/// By hand, since it compiles the crate: `cargo test --test suite -- --ignored compiled_hooks`, with the network or a filled cache.
/// It takes the last commit of this repository; `CARGO_TARGET_DIR` keeps what it compiled.
#[test]
#[ignore = "compiles the crate, which takes minutes"]
fn compiled_hooks_are_built_by_pre_commit_and_refuse() {
    for program in programs() {
        let hooked = Hooked::bare();
        let text = format!("repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: paralint\n", env!("CARGO_MANIFEST_DIR"), head());
        hooked.repository.write(".pre-commit-config.yaml", &text);
        worked(&hooked.git(&["add", "-A"]));
        worked(&hooked.git(&["commit", "-q", "-m", "hooks"]));
        let with_network = |program: &str, arguments: &[&str]| {
            let mut command = hooked.command(hooked.repository.path(), program);
            for name in
                ["CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR", "HOME", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "PATH"]
            {
                match std::env::var_os(name) {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
            command.args(arguments).output().unwrap()
        };
        worked(&with_network(program, &["install", if program == "prek" { "--prepare-hooks" } else { "--install-hooks" }]));
        hooked.repository.write("b/x", "2\n");
        worked(&hooked.git(&["add", "b/x"]));
        refused(&with_network("git", &["commit", "-q", "-m", "bad"]));
    }
}

/// The last commit of this repository.
fn head() -> String {
    let output = Command::new("git").args(["-C", env!("CARGO_MANIFEST_DIR"), "rev-parse", "HEAD"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn a_commit_outside_of_its_boundary_is_refused_with_our_report() {
    // Two hooks, since prek fails where SKIP leaves none.
    for program in programs() {
        let hooked = Hooked::new(program, &["paralint-system", "paralint-gates-system"]);
        worked(&hooked.commit("a/x", "2\n"));
        refused(&hooked.commit("b/x", "2\n"));
        assert_eq!(hooked.repository.git(&["log", "--format=%s", "-2"]), "change\nhooks");
        // A commit that takes a file away has no file that a hook could be told of.
        worked(&hooked.git(&["reset", "-q", "--hard"]));
        worked(&hooked.git(&["rm", "-q", "b/x"]));
        let removed = hooked.git(&["commit", "-q", "-m", "removed"]);
        assert!(!removed.status.success() && text(&removed).contains("a deleted a file of b"), "{}", text(&removed));
        for skip in ["paralint-system", "paralint"] {
            let output =
                hooked.command(hooked.repository.path(), "git").env("SKIP", skip).args(["commit", "-m", "skipped"]).output().unwrap();
            worked(&output);
            assert!(text(&output).contains("Skipped"), "{}", text(&output));
            worked(&hooked.git(&["reset", "-q", "--soft", "HEAD~1"]));
        }
    }
}

#[test]
fn what_is_staged_is_judged_and_what_is_not_comes_back() {
    for program in programs() {
        let hooked = Hooked::new(program, &["paralint-system"]);
        hooked.repository.write("b/x", "not staged\n");
        worked(&hooked.commit("a/x", "2\n"));
        assert_eq!(std::fs::read_to_string(hooked.repository.path().join("b/x")).unwrap(), "not staged\n");
        hooked.repository.git(&["add", "b/x"]);
        hooked.repository.write("b/x", "1\n");
        refused(&hooked.git(&["commit", "-q", "-m", "staged"]));
        assert_eq!(std::fs::read_to_string(hooked.repository.path().join("b/x")).unwrap(), "1\n");
    }
}

#[test]
fn linked_worktrees_are_held_to_it_too() {
    for program in programs() {
        let hooked = Hooked::new(program, &["paralint-system"]);
        let linked = hooked.repository.beside("linked");
        worked(&hooked.git(&["worktree", "add", "-q", "-b", "agent/b", linked.to_str().unwrap()]));
        for (path, expected) in [("b/x", true), ("a/x", false)] {
            std::fs::write(linked.join(path), "2\n").unwrap();
            worked(&hooked.run(&linked, "git", &["add", path]));
            let output = hooked.run(&linked, "git", &["commit", "-q", "-m", "change"]);
            assert_eq!(output.status.success(), expected, "{}", text(&output));
            assert_eq!(text(&output).contains("error[outside-boundary]: b changed a file of a"), !expected, "{}", text(&output));
        }
    }
}

#[test]
fn gates_run_on_what_is_staged() {
    for program in programs() {
        let hooked = Hooked::new(program, &["paralint-gates-system"]);
        let output = hooked.commit("paralint.toml", "[gates.good]\nrun = 'grep -q good a/x'\n");
        assert!(!output.status.success() && text(&output).contains("good"), "{}", text(&output));
        hooked.repository.write("a/x", "good\n");
        hooked.repository.git(&["add", "a/x"]);
        hooked.repository.write("a/x", "bad\n");
        worked(&hooked.git(&["commit", "-q", "-m", "staged is good"]));
        hooked.repository.git(&["add", "a/x"]);
        hooked.repository.write("a/x", "good\n");
        let output = hooked.git(&["commit", "-q", "-m", "staged is bad"]);
        assert!(!output.status.success(), "{}", text(&output));
    }
}

#[test]
fn merges_are_checked() {
    for program in programs() {
        let hooked = Hooked::new(program, &["paralint-system"]);
        worked(&hooked.git(&["checkout", "-q", "-b", "agent/b"]));
        worked(&hooked.commit("b/x", "2\n"));
        worked(&hooked.git(&["checkout", "-q", "agent/a"]));
        worked(&hooked.commit("a/x", "2\n"));
        let output = hooked.git(&["merge", "--no-edit", "agent/b"]);
        assert!(text(&output).contains("paralint..."), "{}", text(&output));
    }
}

/// What pre-commit and prek tell about a push; the range itself is tested where it is made.
#[cfg(unix)]
#[test]
fn a_push_is_told_its_range_but_for_the_first_one() {
    use std::os::unix::fs::PermissionsExt;
    for program in programs() {
        let mut hooked = Hooked::new(program, &["paralint-push-system"]);
        hooked.program = hooked.repository.beside("bin");
        std::fs::create_dir(&hooked.program).unwrap();
        let script = hooked.program.join("paralint");
        std::fs::write(
            &script,
            "#!/bin/sh\necho \"ran: $* from ${PRE_COMMIT_FROM_REF-nothing} to ${PRE_COMMIT_TO_REF-nothing}\"\nexit 1\n",
        )
        .unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        let remote = hooked.repository.beside("remote");
        worked(&hooked.git(&["init", "-q", "--bare", remote.to_str().unwrap()]));
        worked(&hooked.git(&["remote", "add", "origin", remote.to_str().unwrap()]));
        let first = hooked.git(&["push", "-q", "origin", "main"]);
        // Where a whole history is pushed, pre-commit names neither end of it and prek only its head.
        let head = if program == "prek" { hooked.repository.git(&["rev-parse", "main"]) } else { "nothing".to_owned() };
        let expected = format!("ran: hook pre-push from nothing to {head}");
        assert!(!first.status.success() && text(&first).contains(&expected), "{}", text(&first));
        worked(&hooked.git(&["push", "-q", "--no-verify", "origin", "main"]));
        let second = hooked.git(&["push", "-q", "origin", "agent/a"]);
        let revision = |name: &str| hooked.repository.git(&["rev-parse", name]);
        let expected = format!("ran: hook pre-push from {} to {}", revision("main"), revision("agent/a"));
        assert!(!second.status.success() && text(&second).contains(&expected), "{}", text(&second));
    }
}
