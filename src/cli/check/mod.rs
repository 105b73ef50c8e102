//! `paralint check`.
#![allow(clippy::disallowed_methods)]

mod completions;
mod describe;
mod material;
mod range;
mod sessions;

use super::ExitStatus;
use super::acceptance::Acceptance;
use super::gates::{self, GateOptions, Wanted};
use super::output::{Opening, Output};
use super::overlap::{nothing_known, nothing_there};
use super::patience;
use super::sessions::{InputFormat, Run};
use super::setup::{Failure, Setup, could_not_run, current_folder, failure, place};
use crate::check::{self, Checked, Material, Unchecked};
use crate::config::Config;
use crate::gates::receipts::Store;
use crate::input::git::{Choice, GitError, Repository, is_branch_name};
use crate::model::state::StateError;
use crate::report::{assemble, v1};
use crate::rules::looked_at;
use crate::work::identity::AttributedBy;
use material::Gathered;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint check                                what is staged
  paralint check --agent task-1                 the same, as this agent
  paralint check --range origin/main..HEAD      a pull request, commit by commit
  paralint check --range auto                   what a push or pull request has
  paralint check --gates                        what is staged, and the gates
  paralint check --branches 'agent/*'           branches, alone and together
  paralint check --worktrees --session none     worktrees, without session logs
  paralint check --session session.jsonl --input-format claude-code    that log")]
pub(super) struct Arguments {
    /// Check what is staged (the default)
    #[arg(long, help_heading = "What to check", group = "what")]
    staged: bool,
    /// Check a range of commits, each one and all together
    ///
    /// `auto` is the change that this run is about: the push that pre-commit looks at (PRE_COMMIT_FROM_REF, PRE_COMMIT_TO_REF),
    /// else the event of GitHub Actions, else what HEAD has beyond the default branch. A branch of that name is `auto..HEAD`.
    #[arg(long, value_name = "BASE..HEAD|auto", help_heading = "What to check", group = "what")]
    range: Option<String>,
    /// The branch that the range belongs to, where git cannot tell: its name says who made it
    #[arg(long, value_name = "NAME", requires = "range", conflicts_with_all = ["staged", "branches", "worktrees"],
        help_heading = "What to check", value_parser = branch_name)]
    branch: Option<String>,
    /// Ancestors of the range's end that are known already: what is pushed holds them, and the remote has them.
    #[arg(skip)]
    known: Vec<String>,
    /// Check branches since their merge base, each one and against each other
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
    /// Session logs: those of this repository that edited what changed, a log or a folder, or none
    #[arg(long, value_name = "auto|none|PATH", default_value = "auto", help_heading = "What to check")]
    session: String,
    #[command(flatten)]
    input_format: InputFormat,
    /// Who makes this change: a boundary, a task or an owner (else PARALINT_AGENT, then `git config paralint.agent`, …)
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new(), help_heading = "Who")]
    agent: Option<String>,
    /// Where policy is read from in a range: an agent must not loosen it in its own branch
    #[arg(long, value_enum, default_value = "base", help_heading = "Configuration")]
    policy: PolicyFrom,
    /// Run the gates too, on the work tree that is checked
    #[arg(long = "gates", help_heading = "Gates", conflicts_with_all = ["branches", "worktrees"])]
    run_gates: bool,
    #[command(flatten)]
    gates: GateOptions,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    acceptance: Acceptance,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    opening: Opening,
}

/// Where paralint.toml and BOUNDARIES.json of a range are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PolicyFrom {
    /// The base revision.
    Base,
    /// The work tree.
    Head,
}

/// A branch as git names it, also in full as `GITHUB_REF` has it.
fn branch_name(name: &str) -> Result<String, String> {
    let name = name.strip_prefix("refs/heads/").unwrap_or(name);
    if is_branch_name(name) { Ok(name.to_owned()) } else { Err("git allows no branch of this name".to_owned()) }
}

impl Arguments {
    /// The way of reading, and whether it is for what is staged.
    fn way(&self) -> (Choice, bool) {
        (self.git, self.range.is_none() && self.branches.is_none() && !self.worktrees)
    }
}

/// Runs for what is pushed: `known` and all that these commits grew from is not new.
pub(super) fn run_beside(arguments: Arguments, known: Vec<String>) -> ExitStatus {
    run(Arguments { known, ..arguments })
}

pub(super) fn run(arguments: Arguments) -> ExitStatus {
    arguments.setup.set_threads();
    let report = checked(&arguments).unwrap_or_else(|failure| could_not_run("check", failure));
    arguments.output.write_and_open(report, Some(&arguments.opening))
}

fn checked(arguments: &Arguments) -> Result<v1::Report, Failure> {
    let folder = current_folder()?;
    let open = || Repository::open_with(&folder, arguments.git).map_err(git_failure);
    let repository = patience::reading(arguments.way(), &arguments.output, "check", open)?;
    let (config, gathered) = material::gather(arguments, &repository, &folder)?;
    let Gathered { mut material, mut run, encoded_paths, policy_from, unreviewed } = gathered;
    run_gates(arguments, &repository, &config, &mut material, &mut run)?;
    let signal = material.gates.as_ref().and_then(|gates| gates.signal);
    let mut checked = check::check(material, &config).map_err(unknown_agent)?;
    run.errors.extend(checked.state.errors.iter().map(state_error));
    if checked.outcome.changes.is_empty() {
        run.errors.push(nothing_there(&repository, &[], arguments.worktrees)?);
    }
    run.errors.extend(nothing_known(&checked.outcome));
    if run.errors.is_empty()
        && let Err(failure) = arguments.acceptance.write(&mut checked.outcome)
    {
        run.errors.push(*failure.error);
    }
    describe::describe(&checked, &mut run, policy_from.as_deref(), unreviewed);
    describe::completed(&checked, &config, &mut run);
    let mut report = report(arguments, &config, run, encoded_paths, &checked);
    if let Some(signal) = signal {
        report.exit_code = 128 + signal;
    }
    Ok(report)
}

/// Runs the gates where that was asked for: their results are a part of what is checked.
fn run_gates(
    arguments: &Arguments,
    repository: &Repository,
    config: &Config,
    material: &mut Material,
    run: &mut Run,
) -> Result<(), Failure> {
    if !arguments.run_gates {
        return match arguments.gates.given() {
            Some(option) => Err(failure("usage", format!("{option} says how gates run"), Some("add --gates".to_owned()), None)),
            None => Ok(()),
        };
    }
    let change = material.changes.first();
    let head = change.and_then(|set| set.head.as_deref());
    if head.is_some() && head != repository.facts.head.as_deref() {
        let hint = "check out the end of the range, or run the gates there".to_owned();
        let message = "gates run on the work tree, and the range ends at another commit".to_owned();
        return Err(failure("usage", message, Some(hint), None));
    }
    let wanted = Wanted {
        names: &[],
        list: false,
        phase: None,
        all: false,
        options: &arguments.gates,
        jobs: arguments.setup.gate_jobs(),
        output: &arguments.output,
        no_config: arguments.setup.is_without_config(),
        place: arguments.setup.options_again(),
        change,
    };
    let conducted = gates::conduct(&wanted, repository, config)?;
    run.checked.extend(conducted.checked);
    run.not_checked.extend(conducted.not_checked);
    run.errors.extend(conducted.error);
    if !material.completions.is_empty() {
        material.receipts = Store::new(&repository.facts.common_dir).read();
    }
    material.gates = Some(conducted.run);
    Ok(())
}

fn report(
    arguments: &Arguments,
    config: &Config,
    run: super::sessions::Run,
    encoded_paths: rustc_hash::FxHashSet<String>,
    checked: &Checked,
) -> v1::Report {
    let exit_code = arguments.output.exit_code(run.errors.is_empty(), &checked.outcome.findings);
    let (error, not_checked) = run.split();
    let mut encoded_paths = encoded_paths;
    let files = checked.outcome.changes.iter().flat_map(|one| &one.changes.files);
    encoded_paths.extend(files.flat_map(|file| file.paths()).filter(|path| path.is_encoded()).map(|path| path.shown().into_owned()));
    let frame = assemble::Frame {
        command: "check",
        exit_code,
        rules: looked_at(config, &checked.subjects(), &checked.outcome.findings),
        checked: run.checked,
        not_checked,
        error,
        encoded_paths,
        ..assemble::Frame::default()
    };
    assemble::report(frame, &checked.outcome)
}

/// A state file that cannot be used.
pub(super) fn state_error(error: &StateError) -> v1::Error {
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

/// Where a file cannot be used, it may be the one that knows the agent: that comes first.
fn unknown_agent(unchecked: Unchecked) -> Failure {
    let Unchecked { unknown, errors } = unchecked;
    if let Some(error) = errors.first() {
        return Failure { error: Box::new(state_error(error)) };
    }
    let by = if unknown.by == AttributedBy::Env { "PARALINT_AGENT" } else { "--agent" };
    let known =
        if unknown.known.is_empty() { "no state file names an agent".to_owned() } else { format!("known: {}", unknown.known.join(", ")) };
    failure("usage", format!("{by} {}: nobody knows this agent", unknown.agent), Some(known), None)
}
