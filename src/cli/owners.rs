//! `paralint owners`.
#![allow(clippy::disallowed_methods)]

use super::check::{git_failure, state_error};
use super::output::Output;
use super::setup::{Failure, Setup, current_folder, failure, plural};
use super::{ExitStatus, FAILED};
use crate::audit::Outcome;
use crate::config::Config;
use crate::input::git::Repository;
use crate::input::{clock, state};
use crate::model::path::RepoPath;
use crate::model::state::State;
use crate::policy::Compiled;
use crate::policy::lint::Files;
use crate::report::assemble::{self, owners};
use crate::report::v1;
use crate::work::names;
use std::path::{Component, Path, PathBuf};

/// Arguments of `owners`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint owners src/api/routes.rs    who may change it, and who has locked it
  paralint owners src/new/file.rs      the same for a file that is not there yet
  paralint owners --unowned            what nobody owns")]
pub(super) struct Arguments {
    /// Files and folders, whether they are there or not
    #[arg(value_name = "PATH", required_unless_present = "unowned", conflicts_with = "unowned")]
    paths: Vec<PathBuf>,
    /// List the tracked files that nobody owns
    #[arg(long)]
    unowned: bool,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    arguments.setup.set_threads();
    let frame = frame(arguments).unwrap_or_else(|failure| assemble::Frame { error: Some(*failure.error), ..assemble::Frame::default() });
    let exit_code = if frame.error.is_some() { i32::from(FAILED) } else { 0 };
    let frame = assemble::Frame { command: "owners", exit_code, ..frame };
    arguments.output.write(assemble::report(frame, &Outcome::default()))
}

fn frame(arguments: &Arguments) -> Result<assemble::Frame, Failure> {
    let folder = current_folder()?;
    let repository = Repository::open(&folder).map_err(git_failure)?;
    let config = arguments.setup.config(&folder)?;
    let root = repository.facts.root.clone().ok_or_else(no_work_tree)?;
    let mut state = state::read(&root, repository.facts.main_root.as_deref());
    let compiled = state.policy.clone().map(Compiled::new).transpose();
    let policy = compiled.unwrap_or_else(|errors| {
        state.errors.extend(errors);
        None
    });
    names::resolve(&mut state);
    // What the other state files say does not matter here.
    let needed = |path: &str| ["BOUNDARIES.json", "RESOURCE_LOCKS.json"].iter().any(|name| path.ends_with(name));
    let error = state.errors.iter().find(|error| needed(&error.mark.path)).map(state_error);
    let tracked = repository.tracked(None).map_err(git_failure)?;
    let owned = match error {
        Some(_) => None,
        None if arguments.unowned => Some(owners::unowned(policy.as_ref(), &tracked)),
        None => Some(answers(arguments, (&folder, &root), &tracked, (policy.as_ref(), &state, &config))?),
    };
    Ok(assemble::Frame { owners: owned, error, ..described(policy.as_ref(), &state) })
}

fn no_work_tree() -> Failure {
    let hint = "run it in a work tree: `git worktree list` names them".to_owned();
    failure("repository", "this repository is bare: there is no work tree whose paths could be owned".to_owned(), Some(hint), None)
}

fn answers(
    arguments: &Arguments,
    (folder, root): (&Path, &Path),
    tracked: &[RepoPath],
    (policy, state, config): (Option<&Compiled>, &State, &Config),
) -> Result<Vec<v1::Owned>, Failure> {
    let question = owners::Question { policy, state, tracked, config, now: clock::now() };
    let asked = arguments.paths.iter().map(|path| asked(path, folder, root, tracked));
    asked.map(|asked| asked.map(|asked| owners::owned(question, &asked))).collect()
}

/// A path relative to the root of the work tree. What ends in `/` or holds tracked files is a folder.
fn asked(path: &Path, folder: &Path, root: &Path, tracked: &[RepoPath]) -> Result<owners::Asked, Failure> {
    let whole = plain(&folder.join(path));
    let inside = whole.strip_prefix(root).map_err(|_| {
        let hint = format!("paths are read from the current folder; the work tree is {}", root.display());
        failure("usage", format!("{} lies outside of the work tree", path.display()), Some(hint), None)
    })?;
    let bytes = inside.as_os_str().as_encoded_bytes();
    let slashed = bytes.iter().map(|byte| if std::path::MAIN_SEPARATOR == '\\' && *byte == b'\\' { b'/' } else { *byte });
    let mut bytes: Vec<u8> = slashed.collect();
    let known = RepoPath::new(bytes.as_slice());
    let is_file = tracked.binary_search(&known).is_ok();
    let files = Files { tracked, others: &[] };
    let is_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/") || bytes.is_empty() || (!is_file && files.has_bytes(&bytes));
    let is_new = !is_file && !files.has_bytes(&bytes) && !whole.exists();
    if is_folder {
        bytes.push(b'/');
    }
    Ok(owners::Asked { path: RepoPath::new(bytes), is_new })
}

/// Without `.` and `..`, by the names alone: what is asked for need not be there.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            _ => plain.push(component),
        }
    }
    plain
}

/// What the answer rests on.
fn described(policy: Option<&Compiled>, state: &State) -> assemble::Frame {
    let mut frame = assemble::Frame::default();
    let missing = |what: &str, file: &str| {
        let unusable = state.errors.iter().find(|error| error.mark.path.ends_with(file));
        let why = unusable.map_or_else(|| format!("no {file}"), |error| format!("{} cannot be used", error.mark.path));
        v1::NotChecked { what: what.to_owned(), why }
    };
    match policy {
        Some(policy) => frame.checked.push(v1::Checked {
            what: "boundaries".to_owned(),
            detail: format!("{} of {}", plural_of(policy.policy.boundaries.len(), "boundary", "boundaries"), policy.policy.path),
        }),
        None => frame.not_checked.push(missing("boundaries", "BOUNDARIES.json")),
    }
    match &state.locks {
        Some(locks) => {
            frame
                .checked
                .push(v1::Checked { what: "locks".to_owned(), detail: format!("{} of {}", plural(locks.locks.len(), "lock"), locks.path) });
        }
        None => frame.not_checked.push(missing("locks", "RESOURCE_LOCKS.json")),
    }
    frame
}

fn plural_of(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
