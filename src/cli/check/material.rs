//! Gathering what a check is made from: configuration, change sets, state files, sessions.
#![allow(clippy::disallowed_methods)]

use super::super::patience;
use super::super::sessions::Run;
use super::super::setup::{Failure, config_failure, failure};
use super::super::skip;
use super::{Arguments, PolicyFrom, completions, git_failure, range, sessions};
use crate::check::Material;
use crate::config::{Config, Generated};
use crate::input::git::{Repository, overlap};
use crate::input::{clock, configuration, state};
use crate::model::change::{Change, ChangeKind, ChangeSet, Class, Source};
use crate::model::state::{Lock, State, StateError};
use crate::policy::Compiled;
use crate::report::v1;
use crate::work::identity::Named;
use crate::work::promises;
use rustc_hash::FxHashSet;
use std::path::Path;

/// What a check is made from, and what was said on the way.
pub(super) struct Gathered {
    pub(super) material: Material,
    pub(super) run: Run,
    /// Paths of session logs in which bytes are percent-encoded.
    pub(super) encoded_paths: FxHashSet<String>,
    /// The revision that policy was read from; the work tree without one.
    pub(super) policy_from: Option<String>,
    /// Policy that nobody has reviewed: how the file differs from the last commit.
    pub(super) unreviewed: Option<&'static str>,
}

/// The change sets that were asked for.
struct Changes {
    sets: Vec<ChangeSet>,
    /// The base revision of a range.
    policy_base: Option<String>,
    /// Which range was chosen, and from what.
    chosen: Option<v1::Checked>,
}

pub(super) fn gather(arguments: &Arguments, repository: &Repository, folder: &Path) -> Result<(Config, Gathered), Failure> {
    let Changes { mut sets, policy_base, chosen } =
        patience::reading(arguments.way(), &arguments.output, "check", || changes(arguments, repository))?;
    let policy_from = policy_base.filter(|_| arguments.policy == PolicyFrom::Base);
    let mut config = config(arguments, repository, folder, policy_from.as_deref())?;
    skip::apply(&mut config)?;
    arguments.acceptance.read(folder, &mut config)?;
    classify(&mut sets, &config)?;
    let facts = &repository.facts;
    let own_worktree = facts.root.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    // What is staged or checked out here was made in this worktree.
    for set in sets.iter_mut().filter(|set| matches!(set.source, Source::Staged | Source::Range) && !set.is_commit) {
        set.worktree = set.worktree.take().or_else(|| own_worktree.clone());
    }
    let mut run = Run { not_checked: skip::not_checked(&config).collect(), ..Run::default() };
    run.checked.extend(chosen);
    for set in &sets {
        run.not_checked.extend(set.notes.iter().map(|note| v1::NotChecked { what: set.name.clone(), why: note.clone() }));
    }
    let mut state = facts.root.as_deref().map(|root| state::read(root, facts.main_root.as_deref())).unwrap_or_default();
    if let Some(revision) = &policy_from {
        policy_at(repository, revision, &mut state)?;
    }
    let unreviewed = if policy_from.is_some() { None } else { unreviewed(repository, &state)? };
    let among_each_other = arguments.branches.is_some() || arguments.worktrees;
    let (overlaps, uncompared) =
        if among_each_other { overlap::overlaps(repository, &sets).map_err(git_failure)? } else { Default::default() };
    let (sessions, encoded_paths) = sessions::read(arguments, repository, &sets, &mut run);
    let promised = promises::promised(&state);
    let tracked = if needs_tracked(&sets, &state, &promised) {
        repository.tracked(tracked_at(arguments, &sets)).map_err(git_failure)?
    } else {
        Vec::new()
    };
    let named = Named {
        flag: arguments.agent.clone(),
        env: std::env::var_os("PARALINT_AGENT").map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.is_empty()),
        config: repository.config("paralint.agent"),
        own_worktree,
    };
    let present = facts.root.as_deref().map(|root| state::present(root, promised.iter().map(String::as_str))).unwrap_or_default();
    let range = arguments.range.as_ref().map(|_| sets.as_slice());
    let (completions, receipts) = completions::gather(repository, &config, &state, range, &mut run);
    let material = Material {
        present,
        changes: sets,
        overlaps,
        uncompared,
        state,
        sessions,
        tracked,
        named,
        completions,
        receipts,
        gates: None,
        now: clock::now(),
        range: arguments.range.is_some(),
    };
    Ok((config, Gathered { material, run, encoded_paths, policy_from, unreviewed }))
}

fn changes(arguments: &Arguments, repository: &Repository) -> Result<Changes, Failure> {
    let base = arguments.base.as_deref();
    let generated = generated(&Config::default())?;
    if let Some(range) = &arguments.range {
        let range::Read { mut range, branch, chosen } = range::read(range, &arguments.known, repository, &generated)?;
        // A runner checks out a commit and no branch, or one of its own; it says elsewhere which one is meant.
        range.whole.branch = arguments.branch.clone().or(branch).or(range.whole.branch).or_else(source_branch);
        let sets = std::iter::once(range.whole).chain(range.commits).collect();
        return Ok(Changes { sets, policy_base: Some(range.policy_base), chosen });
    }
    let sets = match &arguments.branches {
        Some(globs) => repository.branches(globs, base, &generated),
        None if arguments.worktrees => repository.worktrees(base, &generated),
        None => repository.staged(&generated).map(|staged| vec![staged]),
    };
    Ok(Changes { sets: sets.map_err(git_failure)?, policy_base: None, chosen: None })
}

/// How the policy of the work tree differs from the one of the last commit. What is staged is for the rules to say.
fn unreviewed(repository: &Repository, state: &State) -> Result<Option<&'static str>, Failure> {
    let facts = &repository.facts;
    let (Some(root), Some(_), Some(policy)) = (&facts.root, &facts.head, &state.policy) else { return Ok(None) };
    // The one of the main work tree is not this one's to commit.
    if policy.path.starts_with("../") {
        return Ok(None);
    }
    Ok(match repository.file_at("HEAD", &policy.path).map_err(git_failure)? {
        None => Some("not committed"),
        Some(bytes) => state::differs(root, &policy.path, &bytes).then_some("edited since the last commit"),
    })
}

/// The branch of a pull or merge request, as GitHub and GitLab name it.
fn source_branch() -> Option<String> {
    let names = ["GITHUB_HEAD_REF", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"];
    names.iter().filter_map(std::env::var_os).map(|name| name.to_string_lossy().into_owned()).find(|name| !name.is_empty())
}

fn generated(config: &Config) -> Result<Generated, Failure> {
    config.changes.generated().map_err(|why| failure("configuration", why, None, None))
}

/// In a range the configuration is known only after its base: what it adds to the generated files is marked behind it.
fn classify(sets: &mut [ChangeSet], config: &Config) -> Result<(), Failure> {
    if config.changes.generated.is_empty() {
        return Ok(());
    }
    let generated = generated(config)?;
    for file in sets.iter_mut().flat_map(|set| &mut set.files).filter(|file| generated.is_match(file.path.as_bytes())) {
        file.class = Class::Generated;
    }
    Ok(())
}

/// Whether a rule will ask for what is tracked: the list of a large repository costs as much as the rest of a check.
fn needs_tracked(sets: &[ChangeSet], state: &State, promised: &[String]) -> bool {
    let appears = |file: &Change| matches!(file.kind, ChangeKind::Added | ChangeKind::Renamed);
    let wildcards = |lock: &Lock| lock.paths.iter().any(|path| path.value.contains(['*', '?', '[']));
    state.policy.is_some()
        || !promised.is_empty()
        || state.locks.iter().flat_map(|locks| &locks.locks).any(wildcards)
        || sets.iter().flat_map(|set| &set.files).any(appears)
}

/// Which tree says what is tracked: for a range its newest commit, else the index.
fn tracked_at<'s>(arguments: &Arguments, sets: &'s [ChangeSet]) -> Option<&'s str> {
    arguments.range.as_ref().and_then(|_| sets.first()?.head.as_deref())
}

/// The configuration: in a range that of the base revision, so that an agent cannot loosen it in its own branch.
fn config(arguments: &Arguments, repository: &Repository, folder: &Path, revision: Option<&str>) -> Result<Config, Failure> {
    let Some(revision) = revision.filter(|_| !arguments.setup.is_explicit()) else { return arguments.setup.config(folder) };
    let Some(bytes) = repository.file_at(revision, configuration::FILE_NAME).map_err(git_failure)? else { return Ok(Config::default()) };
    configuration::parse(configuration::FILE_NAME, bytes).map_err(|error| {
        let mut failure = config_failure(error);
        failure.error.message = at_base(revision, &failure.error.message);
        failure.error.hint = Some(mend_at_base(failure.error.hint.take()));
        failure
    })
}

/// A message about a file as the base revision has it: the one in the work tree may be right.
fn at_base(revision: &str, message: &str) -> String {
    format!("at the base revision {}: {message}", revision.get(..12).unwrap_or(revision))
}

fn mend_at_base(hint: Option<String>) -> String {
    let also = "or check with --policy head, where the mend is part of this range";
    hint.map_or_else(|| also.to_owned(), |hint| format!("{hint}; {also}"))
}

/// Policy as the base revision has it.
fn policy_at(repository: &Repository, revision: &str, state: &mut State) -> Result<(), Failure> {
    // What the work tree says of policy, its errors included, is not what is asked.
    state.errors.retain(|error| !error.mark.path.ends_with("BOUNDARIES.json"));
    state.policy = None;
    let mut found = Vec::new();
    for path in ["BOUNDARIES.json", ".claude/BOUNDARIES.json"] {
        found.extend(repository.file_at(revision, path).map_err(git_failure)?.map(|bytes| (path, bytes)));
    }
    if let [_, _, ..] = found[..] {
        let hint = "delete one of them in a commit of its own".to_owned();
        return Err(failure("state", format!("{revision} has both BOUNDARIES.json and .claude/BOUNDARIES.json"), Some(hint), None));
    }
    if let Some((path, bytes)) = found.pop() {
        // Patterns too are looked at here, where it is known which revision they come from.
        let usable = state::policy_text(path, &bytes).map_err(|error| vec![error]);
        match usable.and_then(|policy| Compiled::new(policy.clone()).map(|_| policy)) {
            Ok(policy) => state.policy = Some(policy),
            Err(errors) => state.errors.extend(errors.into_iter().map(|error| StateError {
                message: at_base(revision, &error.message),
                hint: Some(mend_at_base(error.hint)),
                mark: error.mark,
            })),
        }
    }
    Ok(())
}
