//! The scripts of `hooks/` as copies, with real git, in every POSIX shell that is here.
#![cfg(unix)]

use super::repository::Repository;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) const HOOKS: [&str; 3] = ["pre-commit", "pre-merge-commit", "pre-push"];

/// The folder of the program that is tested.
pub(crate) fn bin() -> PathBuf {
    assert_cmd::cargo::cargo_bin("paralint").parent().unwrap().to_path_buf()
}

/// git with a program folder in front of the PATH, and something to change of the command before it runs.
pub(crate) fn git_with(repository: &Repository, bin: &Path, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Output {
    let mut command = super::repository::git_in(repository.path());
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display())).args(arguments).stdin(Stdio::null());
    change(&mut command);
    command.output().unwrap()
}

/// All that a command said.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub(crate) fn write_program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

/// A folder with a paralint that writes down how it was called, and ends as `codes` says: the first line that the arguments contain.
fn recorder(repository: &Repository, codes: &str) -> PathBuf {
    let bin = repository.beside("bin with spaces");
    let script = "#!/bin/sh\nprintf '%s\\n' \"$*\" >>\"${0%/*}/calls\"\nwhile read -r word code; do case \"$*\" in *\"$word\"*) exit \"$code\";; esac; done <\"${0%/*}/codes\"\nexit 0\n";
    write_program(&bin.join("paralint"), script);
    fs::write(bin.join("codes"), codes).unwrap();
    bin
}

fn calls(bin: &Path) -> Vec<String> {
    let text = fs::read_to_string(bin.join("calls")).unwrap_or_default();
    let _ = fs::remove_file(bin.join("calls"));
    text.lines().map(str::to_owned).collect()
}

/// The ranges that reports without a finding are of.
fn ranges(output: &Output) -> Vec<String> {
    let found = regex::Regex::new(r"(?m) of (.+?\.\..+): nothing to report$").unwrap();
    found.captures_iter(&said(output)).map(|found| found[1].to_owned()).collect()
}

/// Copies all hooks, to be run by a shell.
fn copy(repository: &Repository, shell: &str) {
    copy_some(repository, shell, &HOOKS);
}

/// Copies hooks, to be run by a shell.
fn copy_some(repository: &Repository, shell: &str, hooks: &[&str]) {
    let folder = repository.path().join(repository.git(&["rev-parse", "--git-path", "hooks"]));
    for hook in hooks {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks").join(hook)).unwrap();
        write_program(&folder.join(hook), &text.replacen("#!/bin/sh", &format!("#!{shell}"), 1));
    }
}

/// The shells that are here.
fn shells() -> Vec<&'static str> {
    let known = ["/bin/sh", "/usr/bin/dash", "/usr/bin/busybox sh", "/bin/bash --posix"];
    known.into_iter().filter(|shell| Path::new(shell.split(' ').next().unwrap()).exists()).collect()
}

/// A repository with two areas, whose files no one commit may change together.
fn two_areas() -> Repository {
    let repository = Repository::new();
    repository.write("BOUNDARIES.json", r#"{"one": {"can_modify": ["/one/"]}, "two": {"can_modify": ["/two/"]}}"#);
    repository.write("one/a file", "1\n");
    repository.write("two/file", "1\n");
    repository.commit_all("first");
    repository
}

#[test]
fn a_commit_is_checked_in_every_shell() {
    for shell in shells() {
        let repository = two_areas();
        copy(&repository, shell);
        repository.write("one/a file", "2\n");
        repository.write("two/file", "2\n");
        let blocked = git_with(&repository, &bin(), &["commit", "-a", "-m", "both"], |_| ());
        assert_eq!(blocked.status.code(), Some(1), "{shell}: {}", said(&blocked));
        assert!(said(&blocked).contains("mixed-ownership"), "{shell}: {}", said(&blocked));
        // Only what this commit takes counts, and a folder below is as good as the root.
        let passed = git_with(&repository, &bin(), &["commit", "-m", "one", "-o", "a file"], |git| {
            git.current_dir(repository.path().join("one"));
        });
        assert_eq!(passed.status.code(), Some(0), "{shell}: {}", said(&passed));
        assert!(said(&passed).contains("1 file staged"), "{shell}: {}", said(&passed));
        // Not checked is not passed.
        repository.write("BOUNDARIES.json", "{");
        let broken = git_with(&repository, &bin(), &["commit", "-a", "-m", "broken"], |_| ());
        assert_eq!(broken.status.code(), Some(1), "{shell}: {}", said(&broken));
        assert!(said(&broken).contains("BOUNDARIES.json"), "{shell}: {}", said(&broken));
    }
}

#[test]
fn the_first_commit_and_other_worktrees_are_checked() {
    let repository = Repository::new();
    copy(&repository, "/bin/sh");
    repository.write("a", "1\n");
    repository.git(&["add", "a"]);
    let first = git_with(&repository, &bin(), &["commit", "-m", "first"], |_| ());
    assert!(first.status.success() && said(&first).contains("1 file staged"), "{}", said(&first));
    let linked = repository.beside("a linked one");
    repository.git(&["worktree", "add", "-q", "-b", "linked", linked.to_str().unwrap()]);
    fs::write(linked.join("b"), "1\n").unwrap();
    fs::write(linked.join("c"), "1\n").unwrap();
    let inside = |arguments: &[&str]| git_with(&repository, &bin(), arguments, |git| _ = git.current_dir(&linked));
    assert!(inside(&["add", "."]).status.success());
    let committed = inside(&["commit", "-m", "second"]);
    assert!(committed.status.success() && said(&committed).contains("2 files staged"), "{}", said(&committed));
}

#[test]
fn a_merge_that_git_makes_is_checked() {
    let repository = Repository::new();
    repository.commit_all("first");
    repository.git(&["switch", "-q", "-c", "side"]);
    repository.commit_all("side");
    repository.git(&["switch", "-q", "main"]);
    repository.commit_all("main");
    copy(&repository, "/bin/sh");
    let bin = recorder(&repository, "check 1\n");
    let blocked = git_with(&repository, &bin, &["merge", "-m", "merge", "side"], |_| ());
    assert!(!blocked.status.success(), "{}", said(&blocked));
    assert_eq!(calls(&bin), ["check"]);
}

#[test]
fn what_skips_it_is_said() {
    for shell in shells() {
        let repository = Repository::new();
        copy(&repository, shell);
        let bin = recorder(&repository, "check 1\n");
        let commit = |variables: &[(&str, &str)]| {
            let variables = variables.to_vec();
            git_with(&repository, &bin, &["commit", "--allow-empty", "-m", "x"], |git| _ = git.envs(variables))
        };
        let skipped = commit(&[("SKIP", "lint, paralint")]);
        assert!(skipped.status.success() && said(&skipped).contains("because SKIP names paralint"), "{shell}: {}", said(&skipped));
        assert!(calls(&bin).is_empty());
        assert!(!commit(&[("SKIP", "paralint-gates,xparalint")]).status.success(), "{shell}");
        assert!(!commit(&[("PARALINT_OPTIONAL", "1")]).status.success(), "{shell}: only a missing program is optional");
        assert_eq!(calls(&bin).len(), 2);
    }
}

#[test]
fn without_the_program_it_says_how_to_get_it() {
    for shell in shells() {
        let repository = Repository::new();
        copy(&repository, shell);
        let empty = repository.beside("empty");
        let commit = |variables: &[(&str, &str)]| {
            let variables = variables.to_vec();
            git_with(&repository, &empty, &["commit", "--allow-empty", "-m", "x"], |git| {
                _ = git.env("PATH", tools(&repository)).envs(variables);
            })
        };
        let missing = commit(&[]);
        assert_eq!(missing.status.code(), Some(1), "{shell}: {}", said(&missing));
        assert!(said(&missing).contains("docs/installation.md"), "{shell}: {}", said(&missing));
        for yes in ["1", "true", "yes"] {
            let passed = commit(&[("PARALINT_OPTIONAL", yes)]);
            assert!(passed.status.success() && said(&passed).contains("checked nothing"), "{shell}: {}", said(&passed));
        }
        assert!(!commit(&[("PARALINT_OPTIONAL", "0")]).status.success());
        // Where cargo and pip put it.
        for folder in [".local/bin", ".cargo/bin"] {
            let home = repository.beside(folder.trim_start_matches('.'));
            write_program(&home.join(folder).join("paralint"), "#!/bin/sh\necho found it\n");
            let found = commit(&[("HOME", home.to_str().unwrap())]);
            assert!(found.status.success() && said(&found).contains("found it"), "{shell}: {}", said(&found));
        }
    }
}

/// A folder with git and the few tools that hooks need, and surely no paralint.
fn tools(repository: &Repository) -> PathBuf {
    let folder = repository.beside("tools");
    fs::create_dir_all(&folder).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    for name in ["git", "sh", "cat", "tr", "sed"] {
        let real = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file()).unwrap();
        let _ = std::os::unix::fs::symlink(real, folder.join(name));
    }
    folder
}

#[test]
fn a_program_of_the_work_tree_is_not_run() {
    let repository = Repository::new();
    copy(&repository, "/bin/sh");
    write_program(&repository.path().join("bin/paralint"), "#!/bin/sh\necho pwned\n");
    let outside = repository.beside("link");
    std::os::unix::fs::symlink(repository.path().join("bin"), &outside).unwrap();
    let inside = repository.path().join("bin");
    let tools = tools(&repository);
    for trick in [inside.to_str().unwrap(), outside.to_str().unwrap(), "bin", "", ".", "./bin"] {
        let output = git_with(&repository, &bin(), &["commit", "--allow-empty", "-m", "x"], |git| {
            git.env("PATH", format!("{trick}:{}", tools.display()));
        });
        assert_eq!(output.status.code(), Some(1), "{trick}: {}", said(&output));
        assert!(!said(&output).contains("pwned"), "{trick}: {}", said(&output));
        assert_eq!(said(&output).contains("lies in the work tree"), trick.starts_with('/'), "{trick}: {}", said(&output));
    }
}

/// A repository with a remote that has its first commit, and what its hook is given.
fn pushed() -> (Repository, PathBuf) {
    let repository = Repository::new();
    let remote = repository.beside("remote.git");
    repository.git(&["init", "-q", "--bare", "-b", "main", remote.to_str().unwrap()]);
    repository.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repository.commit_all("first");
    repository.git(&["push", "-q", "origin", "main"]);
    (repository, remote)
}

fn short(repository: &Repository, name: &str) -> String {
    repository.git(&["rev-parse", "--short", name])
}

#[test]
fn a_push_is_compared_with_what_the_remote_has() {
    for shell in shells() {
        let (repository, _remote) = pushed();
        copy_some(&repository, shell, &["pre-push"]);
        let bin = bin();
        let push = |arguments: &[&str]| {
            let output = git_with(&repository, &bin, &[&["push", "-q", "origin"], arguments].concat(), |_| ());
            assert!(output.status.success(), "{shell}: {}", said(&output));
            ranges(&output)
        };
        let first = short(&repository, "HEAD");
        repository.commit_all("second");
        assert_eq!(push(&["main"]), [format!("{first}..refs/heads/main")], "{shell}: the next commit");
        let second = short(&repository, "HEAD");
        repository.git(&["switch", "-q", "-c", "side"]);
        repository.commit_all("third");
        assert_eq!(push(&["HEAD"]), [format!("{second}..HEAD")], "{shell}: a new branch");
        repository.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "other"]);
        assert_eq!(push(&["-f", "side"]), [format!("{second}..refs/heads/side")], "{shell}: rewritten");
        repository.commit_all("fourth");
        assert_eq!(push(&["side"]), [format!("{}..refs/heads/side", short(&repository, "HEAD~1"))], "{shell}: the next one of a branch");
        repository.git(&["switch", "-q", "main"]);
        repository.commit_all("main goes on");
        let main = short(&repository, "HEAD");
        push(&["main"]);
        repository.git(&["switch", "-q", "side"]);
        repository.git(&["merge", "-q", "-m", "merge", "main"]);
        assert_eq!(push(&["side"]), [format!("{main}..refs/heads/side")], "{shell}: main's commits are not new");
        repository.commit_all("fifth");
        let fifth = repository.git(&["rev-parse", "HEAD"]);
        let merge = short(&repository, "HEAD~1");
        assert_eq!(push(&[&format!("{fifth}:refs/heads/by-id")]), [format!("{merge}..{}", &fifth[..7])], "{shell}: by id");
        assert!(push(&[":by-id"]).is_empty(), "{shell}: a deletion");
        repository.git(&["tag", "-a", "-m", "t", "t"]);
        assert_eq!(push(&["t"]), [format!("{merge}..{}", &fifth[..7])], "{shell}: a tag");
    }
}

#[test]
fn a_first_push_has_nothing_to_compare_with() {
    let repository = Repository::new();
    copy_some(&repository, "/bin/sh", &["pre-push"]);
    let remote = repository.beside("remote.git");
    repository.git(&["init", "-q", "--bare", remote.to_str().unwrap()]);
    repository.commit_all("first");
    let bin = bin();
    // By its address, which is no name of a remote.
    let output = git_with(&repository, &bin, &["push", remote.to_str().unwrap(), "main"], |_| ());
    assert!(output.status.success() && said(&output).contains("refs/heads/main is not compared"), "{}", said(&output));
    assert!(ranges(&output).is_empty(), "{}", said(&output));
    // Another remote knows an ancestor.
    repository.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    repository.git(&["fetch", "-q"]);
    repository.commit_all("second");
    let other = repository.beside("other.git");
    repository.git(&["init", "-q", "--bare", other.to_str().unwrap()]);
    let output = git_with(&repository, &bin, &["push", other.to_str().unwrap(), "main"], |_| ());
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(ranges(&output), [format!("{}..refs/heads/main", short(&repository, "HEAD~1"))]);
}

#[test]
fn the_nearest_commit_serves_where_there_is_no_default_branch() {
    let repository = Repository::new();
    let remote = repository.beside("remote.git");
    repository.git(&["init", "-q", "--bare", remote.to_str().unwrap()]);
    repository.git(&["remote", "add", "fork", remote.to_str().unwrap()]);
    repository.commit_all("first");
    repository.git(&["push", "-q", "fork", "HEAD:refs/heads/old"]);
    repository.commit_all("second");
    repository.git(&["push", "-q", "fork", "HEAD:refs/heads/newer"]);
    repository.commit_all("third");
    copy_some(&repository, "/bin/sh", &["pre-push"]);
    let bin = bin();
    let output = git_with(&repository, &bin, &["push", "fork", "main"], |_| ());
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(ranges(&output), [format!("{}..refs/heads/main", short(&repository, "HEAD~1"))]);
}

#[test]
fn all_refs_are_checked_and_the_worst_counts() {
    for shell in shells() {
        let (repository, remote) = pushed();
        copy_some(&repository, shell, &["pre-push"]);
        // A name that looks like an option, and one that would do something in a shell.
        for name in ["a", "b", "c", "-x", "$(touch pwned)'`;"] {
            let name = name.replace(' ', "\u{a0}");
            repository.git(&["commit", "-q", "--allow-empty", "-m", &name]);
            repository.git(&["update-ref", &format!("refs/heads/{name}"), "HEAD"]);
        }
        // A name that is no text goes by its id.
        let odd = "alias.odd=!git update-ref \"$(printf 'refs/heads/x\\377y')\" HEAD";
        assert!(git_with(&repository, &bin(), &["-c", odd, "odd"], |_| ()).status.success());
        let output = git_with(&repository, &bin(), &["push", "origin", "--all"], |_| ());
        assert!(output.status.success(), "{shell}: {}", said(&output));
        let ranges = ranges(&output);
        assert_eq!(ranges.len(), 5, "{shell}: {ranges:?} {}", said(&output));
        assert!(ranges.iter().any(|range| range.ends_with("..refs/heads/-x")), "{shell}: {ranges:?}");
        assert!(!repository.path().join("pwned").exists());
        // The exit code itself, which git makes a 1 of; a line that is not understood is no push that may pass.
        let hook = repository.path().join(".git/hooks/pre-push");
        let id = repository.git(&["rev-parse", "b"]);
        let code = |lines: &str| {
            repository.write("lines", lines);
            let lines = fs::File::open(repository.path().join("lines")).unwrap();
            let output = git_with(&repository, &bin(), &[], |git| {
                let path = format!("{}:{}", bin().display(), std::env::var("PATH").unwrap());
                *git = Command::new(&hook);
                git.args(["origin", remote.to_str().unwrap()]).stdin(lines).current_dir(repository.path()).env("PATH", path);
            });
            (output.status.code(), said(&output))
        };
        let line = format!("refs/heads/b {id} refs/heads/b {}\n", "0".repeat(40));
        assert_eq!(code(&line).0, Some(0), "{shell}");
        let (not_understood, text) = code(&format!("{line}refs/heads/b {id} b\n"));
        assert!(not_understood == Some(2) && text.contains("a line that is not understood"), "{shell}: {text}");
    }
}

#[test]
fn gates_run_where_the_script_says_so() {
    let (repository, _) = pushed();
    copy(&repository, "/bin/sh");
    for hook in ["pre-commit", "pre-push"] {
        let path = repository.path().join(".git/hooks").join(hook);
        let text = fs::read_to_string(&path).unwrap().replace("\ngates=no\n", "\ngates=yes\n");
        fs::write(&path, text).unwrap();
    }
    let bin = recorder(&repository, "");
    assert!(git_with(&repository, &bin, &["commit", "--allow-empty", "-m", "x"], |_| ()).status.success());
    assert_eq!(calls(&bin), ["check --gates"]);
    let ran = repository.beside("ran");
    repository.write("paralint.toml", &format!("[gates.one]\nrun = \"touch '{}'\"\n", ran.display()));
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "--no-verify", "-m", "gates"]);
    repository.git(&["push", "-q", "--no-verify", "origin", "main"]);
    repository.git(&["commit", "-q", "--allow-empty", "--no-verify", "-m", "old"]);
    repository.git(&["branch", "old", "HEAD"]);
    repository.git(&["commit", "-q", "--allow-empty", "--no-verify", "-m", "new"]);
    let push = |name: &str| git_with(&repository, &self::bin(), &["push", "-q", "origin", name], |_| ());
    let old = push("old");
    assert!(old.status.success() && said(&old).contains("gates are not run for refs/heads/old"), "{}", said(&old));
    assert!(!ran.exists(), "{}", said(&old));
    let main = push("main");
    assert!(main.status.success() && ran.exists(), "{}", said(&main));
}

#[test]
fn shellcheck_finds_nothing() {
    let hooks = HOOKS.map(|hook| Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks").join(hook));
    let is_required = std::env::var_os("PARALINT_REQUIRE_TOOLS").is_some_and(|value| value == "1");
    match Command::new("shellcheck").args(&hooks).output() {
        Ok(output) => assert!(output.status.success(), "{}", said(&output)),
        Err(why) => assert!(!is_required, "shellcheck: {why}"),
    }
    for hook in hooks {
        assert_eq!(fs::metadata(&hook).unwrap().permissions().mode() & 0o111, 0o111, "{}", hook.display());
    }
}
