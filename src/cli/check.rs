//! `paralint check`.

use super::output::Output;
use super::setup::{Failure, Setup, failure, place, plural};
use super::{ExitStatus, FAILED};
use crate::audit::Outcome;
use crate::check::{self, Checked, Material};
use crate::config::Config;
use crate::input::git::{Choice, GitError, Repository};
use crate::input::{clock, state};
use crate::model::change::ChangeSet;
use crate::model::finding::Severity;
use crate::model::state::StateError;
use crate::report::{assemble, v1};
use crate::work::identity::{AttributedBy, Named, UnknownAgent};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint check                                    what is staged
  paralint check --range origin/main..HEAD          a pull request, commit by commit and as a whole
  paralint check --branches 'agent/*'               agents' branches against each other
  paralint check --worktrees --session none         worktrees, without their session logs")]
pub(super) struct Arguments {
    /// Check what is staged (the default)
    #[arg(long, help_heading = "What to check", group = "what")]
    staged: bool,
    /// Check a range of commits, each one and all together
    #[arg(long, value_name = "BASE..HEAD", help_heading = "What to check", group = "what")]
    range: Option<String>,
    /// Check branches since their merge base, and against each other
    #[arg(long, value_name = "GLOB", num_args = 1.., help_heading = "What to check", group = "what")]
    branches: Option<Vec<String>>,
    /// Check every worktree, its uncommitted work included
    #[arg(long, help_heading = "What to check", group = "what")]
    worktrees: bool,
    /// What branches and worktrees are compared with; the default branch without it
    #[arg(long, value_name = "REVISION", help_heading = "What to check")]
    base: Option<String>,
    /// How the repository is read
    #[arg(long, value_enum, value_name = "WAY", default_value_t, help_heading = "What to check")]
    git: Choice,
    /// Who makes this change: a boundary, a task or an owner
    #[arg(long, value_name = "NAME", help_heading = "Who")]
    agent: Option<String>,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(arguments: Arguments) -> ExitStatus {
    arguments.setup.set_threads();
    let report = checked(&arguments).unwrap_or_else(|failure| {
        let frame =
            assemble::Frame { command: "check", exit_code: i32::from(FAILED), error: Some(*failure.error), ..assemble::Frame::default() };
        assemble::report(frame, &Outcome::default())
    });
    arguments.output.write(&report)
}

fn checked(arguments: &Arguments) -> Result<v1::Report, Failure> {
    let folder =
        std::env::current_dir().map_err(|error| failure("input", format!("failed to read the current folder: {error}"), None, None))?;
    let repository = Repository::open_with(&folder, arguments.git).map_err(git_failure)?;
    let config = arguments.setup.config(&folder)?;
    let material = material(arguments, &repository, &config)?;
    let checked = check::check(material, &config).map_err(unknown_agent)?;
    Ok(report(arguments, &config, checked))
}

fn material(arguments: &Arguments, repository: &Repository, config: &Config) -> Result<Material, Failure> {
    let changes = changes(arguments, repository, config)?;
    let facts = &repository.facts;
    let state = facts.root.as_deref().map(|root| state::read(root, facts.main_root.as_deref())).unwrap_or_default();
    let named = Named { flag: arguments.agent.clone(), env: None, config: repository.config("paralint.agent") };
    let tracked = repository.tracked(None).map_err(git_failure)?;
    Ok(Material { changes, state, named, tracked, now: clock::now(), ..Material::default() })
}

/// The change sets that were asked for; of a range the whole one first.
fn changes(arguments: &Arguments, repository: &Repository, config: &Config) -> Result<Vec<ChangeSet>, Failure> {
    let generated = config.changes.generated().map_err(|error| failure("configuration", error, None, None))?;
    let base = arguments.base.as_deref();
    let changes = if let Some(range) = &arguments.range {
        repository.range(range, &generated).map(|range| std::iter::once(range.whole).chain(range.commits).collect())
    } else if let Some(globs) = &arguments.branches {
        repository.branches(globs, base, &generated)
    } else if arguments.worktrees {
        repository.worktrees(base, &generated)
    } else {
        repository.staged(&generated).map(|staged| vec![staged])
    };
    changes.map_err(git_failure)
}

fn report(arguments: &Arguments, _config: &Config, checked: Checked) -> v1::Report {
    let outcome = &checked.outcome;
    let error = checked.state.errors.first().map(state_error);
    let worst: Option<Severity> = crate::settle::worst(&outcome.findings);
    let exit_code = match (&error, arguments.output.fails(worst)) {
        (Some(_), _) => i32::from(FAILED),
        (None, fails) => i32::from(fails),
    };
    let files: usize = outcome.changes.iter().map(|one| one.changes.files.len()).sum();
    let frame = assemble::Frame {
        command: "check",
        exit_code,
        checked: vec![v1::Checked { what: "changes".to_owned(), detail: plural(files, "file") }],
        error,
        ..assemble::Frame::default()
    };
    assemble::report(frame, outcome)
}

fn state_error(error: &StateError) -> v1::Error {
    let mark = &error.mark;
    let (line, column) = if mark.line == 0 { (None, None) } else { (Some(mark.line), Some(mark.column)) };
    v1::Error {
        kind: "state".to_owned(),
        message: error.message.clone(),
        hint: error.hint.clone(),
        location: Some(place(&mark.path, line, column)),
    }
}

/// A repository that cannot be read.
pub(super) fn git_failure(error: GitError) -> Failure {
    failure("repository", error.message, error.hint, None)
}

fn unknown_agent(unknown: UnknownAgent) -> Failure {
    let by = if unknown.by == AttributedBy::Env { "PARALINT_AGENT" } else { "--agent" };
    let known =
        if unknown.known.is_empty() { "no state file names an agent".to_owned() } else { format!("known: {}", unknown.known.join(", ")) };
    failure("usage", format!("{by} {}: nobody knows this agent", unknown.agent), Some(known), None)
}
