//! `paralint overlap`.
#![allow(clippy::disallowed_methods)]

use super::ExitStatus;
use super::check::git_failure;
use super::output::Output;
use super::patience;
use super::setup::{Failure, Setup, could_not_run, current_folder, failure, plural};
use super::skip;
use crate::audit::Outcome;
use crate::check::{self, Material, Unchecked};
use crate::config::Config;
use crate::input::clock;
use crate::input::git::{Choice, Repository, overlap};
use crate::model::change::{Change, ChangeKind, ChangeSet, Source};
use crate::model::path::RepoPath;
use crate::overlap::merge_order;
use crate::report::{assemble, human, v1};
use crate::rules::looked_at;
use crate::work::identity::Attributed;
use std::collections::BTreeSet;

/// An error names so many branches.
const MOST_NAMED: usize = 12;

/// Arguments of `overlap`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint overlap                                worktrees, or all branches
  paralint overlap --branches 'agent/*'           branches, against each other
  paralint overlap --worktrees                    uncommitted work included
  paralint overlap --base release --format json   since they left a branch")]
pub(super) struct Arguments {
    /// Compare these branches with each other
    #[arg(long, value_name = "GLOB", num_args = 1.., help_heading = "What to compare", group = "what")]
    branches: Option<Vec<String>>,
    /// Compare all worktrees with each other, their uncommitted work included
    #[arg(long, help_heading = "What to compare", group = "what")]
    worktrees: bool,
    /// What they grew from; the default branch without it
    #[arg(long, value_name = "REVISION", help_heading = "What to compare")]
    base: Option<String>,
    /// How the repository is read
    #[arg(long, value_enum, value_name = "WAY", default_value_t, help_heading = "What to compare")]
    git: Choice,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(arguments: Arguments) -> ExitStatus {
    arguments.setup.set_threads();
    let report = compared(&arguments).unwrap_or_else(|failure| could_not_run("overlap", failure));
    arguments.output.write(report)
}

/// The rules that it is about.
const RULES: [&str; 2] = ["branch-overlap", "path-collision"];

fn compared(arguments: &Arguments) -> Result<v1::Report, Failure> {
    let folder = current_folder()?;
    let open = || Repository::open_with(&folder, arguments.git).map_err(git_failure);
    let repository = patience::reading((arguments.git, false), &arguments.output, "overlap", open)?;
    let mut config = arguments.setup.config(&folder)?;
    skip::apply(&mut config)?;
    let changes = patience::reading((arguments.git, false), &arguments.output, "overlap", || sides(arguments, &repository, &config))?;
    let (overlaps, uncompared) = overlap::overlaps(&repository, &changes).map_err(git_failure)?;
    let tracked = tracked(&repository, &changes)?;
    let material = Material { changes, overlaps, uncompared, tracked, now: clock::now(), ..Material::default() };
    // Nobody is named on the command line, so that nobody can be unknown; but never a silent pass.
    let unknown = |one: Unchecked| failure("internal", format!("nobody knows the agent {}", one.unknown.agent), None, None);
    let mut outcome = check::check(material, &config).map_err(unknown)?.outcome;
    // What else is wrong with the changes is for `check` to say.
    outcome.findings.retain(|finding| RULES.contains(&finding.rule));
    let error = nothing_compared(&repository, &outcome, arguments.worktrees)?;
    Ok(report(arguments, &config, &outcome, error))
}

/// The error of a comparison in which no two sides could be compared: that must not look like one without findings.
fn nothing_compared(repository: &Repository, outcome: &Outcome, worktrees: bool) -> Result<Option<v1::Error>, Failure> {
    if let Some(error) = nothing_known(outcome) {
        return Ok(Some(error));
    }
    let (message, hint) = match outcome.changes.len() {
        0 | 1 => return nothing_there(repository, &outcome.changes, worktrees).map(Some),
        _ if compared_pairs(outcome) > 0 => return Ok(None),
        _ => ("no two of the sides could be compared", "what was not checked says why"),
    };
    Ok(Some(failed("repository", message.to_owned(), hint.to_owned())))
}

fn failed(kind: &str, message: String, hint: String) -> v1::Error {
    *failure(kind, message, Some(hint), None).error
}

/// The error where nothing is known of any of the change sets that were asked for.
pub(super) fn nothing_known(outcome: &Outcome) -> Option<v1::Error> {
    let mut problems = outcome.changes.iter().map(|one| one.changes.problem.as_ref().map(|problem| (&one.changes.name, problem)));
    let (name, problem) = problems.next()??;
    let others = problems.len();
    if !problems.all(|problem| problem.is_some()) {
        return None;
    }
    let more = if others == 0 { String::new() } else { format!("; nor could {}", plural(others, "other")) };
    let hint = "name what the work grew from with `--base`, or leave out what cannot be checked".to_owned();
    Some(failed("repository", format!("{name} could not be checked: {problem}{more}"), hint))
}

/// The error where nothing, or one side alone, was found to be compared: says what there is.
pub(super) fn nothing_there(repository: &Repository, found: &[Attributed], worktrees: bool) -> Result<v1::Error, Failure> {
    let message = match found {
        [only, ..] => format!("there is nothing to compare: {} is alone", only.changes.name),
        [] => "there is nothing to compare: nothing but what the work is compared with was found".to_owned(),
    };
    let hint = if worktrees {
        "`git worktree add` makes another worktree; without --worktrees branches are looked at".to_owned()
    } else {
        format!("{}; {EVERY_BRANCH}", known_branches(repository)?)
    };
    Ok(failed("usage", message, hint))
}

/// How all branches are asked for.
const EVERY_BRANCH: &str =
    "`--branches '**'` means all of them (`*` stays within one part of a name), but for the one that they are compared with";

/// The branches that there are.
fn known_branches(repository: &Repository) -> Result<String, Failure> {
    let branches = overlap::branch_names(repository).map_err(git_failure)?;
    let more = if branches.len() > MOST_NAMED { format!(" and {} more", branches.len() - MOST_NAMED) } else { String::new() };
    Ok(match &branches[..] {
        [] => "there is no branch".to_owned(),
        _ => format!("branches: {}{more}", branches[..branches.len().min(MOST_NAMED)].join(", ")),
    })
}

/// What is tracked, where something is added that may collide with it. A bare repository has no index to say it.
fn tracked(repository: &Repository, changes: &[ChangeSet]) -> Result<Vec<RepoPath>, Failure> {
    let is_new = |file: &Change| matches!(file.kind, ChangeKind::Added | ChangeKind::Renamed);
    if !changes.iter().flat_map(|set| &set.files).any(is_new) {
        return Ok(Vec::new());
    }
    let base = changes.iter().find_map(|set| set.base.as_deref());
    repository.tracked(base.filter(|_| repository.facts.root.is_none())).map_err(git_failure)
}

/// What is compared: what was asked for; else worktrees where there are several, else all local branches.
fn sides(arguments: &Arguments, repository: &Repository, config: &Config) -> Result<Vec<ChangeSet>, Failure> {
    let generated = config.changes.generated().map_err(|why| failure("configuration", why, None, None))?;
    let base = arguments.base.as_deref();
    let every = ["**".to_owned()];
    let sets = match &arguments.branches {
        Some(globs) => repository.branches(globs, base, &generated),
        None if arguments.worktrees || overlap::worktree_count(repository).map_err(git_failure)? > 1 => {
            repository.worktrees(base, &generated)
        }
        None => repository.branches(&every, base, &generated),
    };
    sets.map_err(git_failure)
}

fn report(arguments: &Arguments, config: &Config, outcome: &Outcome, error: Option<v1::Error>) -> v1::Report {
    let names: Vec<&str> = outcome.changes.iter().map(|one| one.changes.name.as_str()).collect();
    let order = merge_order(&names, &outcome.overlaps);
    // Who has nothing to merge has no place in the order.
    let has_changes = |side: usize| !outcome.changes[side].changes.files.is_empty();
    let files = outcome.changes.iter().flat_map(|one| &one.changes.files).flat_map(|file| file.paths());
    let paths = outcome.overlaps.iter().map(|overlap| &overlap.path).chain(files);
    let encoded_paths = paths.filter(|path| path.is_encoded()).map(|path| path.shown().into_owned()).collect();
    let problems = outcome.changes.iter().filter_map(|one| one.changes.problem.as_ref().map(|problem| (&one.changes.name, problem)));
    let problems = problems.map(|(name, problem)| v1::NotChecked { what: name.clone(), why: problem.clone() });
    let not_checked = problems.chain(skip::not_checked(config)).chain(outcome.uncompared.iter().map(|pair| {
        let (one, other) = pair.between;
        let what = if pair.partly { format!("{} with {}", names[one], names[other]) } else { human::uncompared(names[one], names[other]) };
        v1::NotChecked { what, why: pair.why.clone() }
    }));
    let exit_code = arguments.output.exit_code(error.is_none(), &outcome.findings);
    // Where nothing could be compared, nothing was checked.
    let checked = error.is_none().then(|| v1::Checked { what: "overlap".to_owned(), detail: detail(outcome) }).into_iter().collect();
    let frame = assemble::Frame {
        command: "overlap",
        exit_code,
        rules: looked_at(config, &outcome.subjects(), &outcome.findings).into_iter().filter(|rule| RULES.contains(rule)).collect(),
        checked,
        not_checked: not_checked.collect(),
        merge_order: Some(order.into_iter().filter(|side| has_changes(*side)).map(|side| names[side].to_owned()).collect()),
        encoded_paths,
        error,
        ..assemble::Frame::default()
    };
    assemble::report(frame, outcome)
}

/// `28 pairs of 8 branches, 5 with common files`
fn detail(outcome: &Outcome) -> String {
    let count = outcome.changes.len();
    let what = if outcome.changes.first().is_some_and(|one| one.changes.source == Source::Worktree) { "worktree" } else { "branch" };
    let pairs = compared_pairs(outcome);
    let common: BTreeSet<(usize, usize)> = outcome.overlaps.iter().map(|overlap| overlap.between).collect();
    format!("{} of {}, {} with common files", plural(pairs, "pair"), plural(count, what), common.len())
}

pub(super) fn compared_pairs(outcome: &Outcome) -> usize {
    let count = outcome.changes.len();
    let missed = outcome.uncompared.iter().filter(|pair| !pair.partly).count();
    (count * count.saturating_sub(1) / 2).saturating_sub(missed)
}
