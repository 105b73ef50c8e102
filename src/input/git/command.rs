//! git's own commands, as a second way to read a repository.

use super::error::GitError;
use super::source::path_of;
use super::{broken, implicit};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The names that `git rev-parse --local-env-vars` prints (git 2.47): they bind a process to one repository.
pub const LOCAL_NAMES: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
];

/// What would change how output is made, or which paths are meant.
const MISLEADING: &[&str] = &[
    "GIT_NAMESPACE",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// What configuration could make git start, beside what it is asked for, and how each of them is kept from it.
///
/// - `core.fsmonitor`, hooks (`post-index-change` runs whenever an index is written): by these values.
/// - Signature checks: by `log.showSignature=false`, where there is a `log`.
/// - External diffs and textconv (`diff.external`, `diff.NAME.command`, `diff.NAME.textconv`): comparisons are raw and say
///   `--no-ext-diff --no-textconv`; no command of ours makes a patch.
/// - Pagers: `--no-pager`. Editors: no command of ours opens one. Aliases: git takes none that is named like its own command.
/// - Fetching (`core.sshCommand`, `core.gitProxy`, `core.askPass`, `credential.helper`, `remote.NAME.uploadpack`): nothing is
///   fetched, and `GIT_NO_LAZY_FETCH` and, for a git before 2.44, `GIT_ALLOW_PROTOCOL` keep a partial clone from it.
/// - `core.alternateRefsCommand`: only fetches and `--alternate-refs` ask it.
///
/// What is left runs because the answer depends on it: the `clean` filter (`filter.NAME.clean`, `.process`) where files of the
/// work tree are read, `smudge` where a gate's checkout is written, and merge drivers (`merge.NAME.driver`) where merges are
/// tried. Attributes that are committed choose among them; the programs are those of the user's own configuration.
const STARTS_NOTHING: &[&str] = &["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

/// Commands that start nothing, and are asked what is configured.
const ASKING: [&str; 2] = ["config", "rev-parse"];

/// Which repository a command speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The one that the environment of a hook names: its index may be a temporary one.
    Own,
    /// Another worktree or repository: what binds to the own one is stripped.
    Other,
}

/// Runs git in a folder and returns what it printed. `input` is its standard input.
pub fn run<S: AsRef<OsStr>>(folder: &Path, scope: Scope, arguments: &[S], input: Option<&[u8]>) -> Result<Vec<u8>, GitError> {
    run_with(folder, scope, &[], arguments, input)
}

/// As `run`, with variables of its own in git's environment.
pub fn run_with<S: AsRef<OsStr>>(
    folder: &Path,
    scope: Scope,
    environment: &[(&str, OsString)],
    arguments: &[S],
    input: Option<&[u8]>,
) -> Result<Vec<u8>, GitError> {
    let output = output_with(folder, scope, environment, arguments, input)?;
    if output.status.success() { Ok(output.stdout) } else { Err(failed(folder, arguments, &output)) }
}

/// Runs git in a folder, and leaves it to the caller to judge how it ended.
pub fn output<S: AsRef<OsStr>>(folder: &Path, scope: Scope, arguments: &[S], input: Option<&[u8]>) -> Result<Output, GitError> {
    output_with(folder, scope, &[], arguments, input)
}

/// As `output`, with variables of its own in git's environment.
pub fn output_with<S: AsRef<OsStr>>(
    folder: &Path,
    scope: Scope,
    environment: &[(&str, OsString)],
    arguments: &[S],
    input: Option<&[u8]>,
) -> Result<Output, GitError> {
    let is_named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !(environment.iter().any(|(name, _)| *name == "GIT_DIR") || (scope == Scope::Own && is_named("GIT_DIR"))) {
        implicit::refuse(folder)?;
    }
    let is_asking = arguments.first().is_some_and(|word| ASKING.iter().any(|name| word.as_ref() == *name));
    let mut command = Command::new("git");
    // Nobody's configuration, pager, language or locks may change an answer; neither may refs that replace commits.
    command
        .arg("--no-optional-locks")
        .arg("--no-pager")
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("GIT_TERMINAL_PROMPT", "0")
        // Checking reads what is here: nothing is fetched and nothing written.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .args(if is_asking { &[] } else { STARTS_NOTHING })
        .args(arguments)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in MISLEADING {
        command.env_remove(name);
    }
    if scope == Scope::Other {
        for name in LOCAL_NAMES {
            command.env_remove(name);
        }
    }
    command.env("GIT_NO_REPLACE_OBJECTS", "1").envs(environment.iter().map(|(name, value)| (name, value)));
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound if folder.is_dir() => GitError::git_missing(),
        _ => GitError::new(format!("failed to start git: {error}"), "install git, or put it on the PATH"),
    })?;
    let output = std::thread::scope(|threads| {
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
            // A git that does not want all of it says why on standard error.
            threads.spawn(move || {
                let _ = pipe.write_all(input);
            });
        }
        child.wait_with_output()
    });
    output.map_err(|error| GitError::new(format!("failed to read what git prints: {error}"), "run it again"))
}

/// Why git ended as it did, in its own words or, where they are known, in better ones.
pub(crate) fn failed<S: AsRef<OsStr>>(folder: &Path, arguments: &[S], output: &Output) -> GitError {
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("safe.directory") {
        return GitError::foreign_owner(folder);
    }
    if said.contains("not a git repository") {
        return broken::no_repository(folder);
    }
    if let Some(error) = broken::cause(folder, &said) {
        return error;
    }
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut first = lines.next().unwrap_or("it said nothing").to_owned();
    // What it lists, stands below.
    if let Some(next) = lines.next().filter(|_| first.ends_with(':')) {
        first = format!("{first} {next}");
    }
    let mut words = arguments.iter().map(|word| word.as_ref().to_string_lossy());
    // `-c key=value` comes before the command's name.
    let name = words.find(|word| !word.starts_with('-') && !word.contains('=')).unwrap_or_default();
    GitError::new(format!("git {name} failed: {first}"), "`git fsck` says whether the repository is whole")
}

/// The three paths, one process each: one of them holds a line break.
pub(super) fn paths_with_newlines(folder: &Path) -> Result<Vec<PathBuf>, GitError> {
    let mut paths = Vec::new();
    for question in ["--git-dir", "--git-common-dir", "--show-toplevel"] {
        let output = output(folder, Scope::Own, &["rev-parse", "--path-format=absolute", question], None)?;
        if output.status.success() {
            paths.push(path_of(output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout)));
        }
    }
    if paths.len() < 2 { Err(GitError::garbled("rev-parse")) } else { Ok(paths) }
}

/// Whether git can be started.
pub(super) fn is_there() -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let name = if cfg!(windows) { "git.exe" } else { "git" };
    std::env::split_paths(&paths).any(|folder| folder.join(name).is_file())
}
