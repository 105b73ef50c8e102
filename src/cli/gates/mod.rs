//! `paralint gates`.
#![allow(clippy::disallowed_methods)]

mod conduct;
mod keep;
mod known;
mod within;

pub(super) use conduct::{Conducted, Wanted, conduct};

use super::check::git_failure;
use super::output::Output;
use super::patience;
use super::setup::{Failure, Setup, could_not_run, current_folder, plural};
use super::{ExitStatus, FAILED, skip};
use crate::audit::Outcome;
use crate::check::gate_findings;
use crate::config::{Config, Profile};
use crate::gates::clean::{self, Cleaned};
use crate::input::git::{Choice, Repository};
use crate::model::gate::{GateRun, GateStatus, GatesRun};
use crate::report::{assemble, v1};
use crate::rules::looked_at;
use crate::settle;

/// Arguments about gates that `check --gates` shares.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Gates")]
pub(super) struct GateOptions {
    /// The quality level: gates that list other levels do not run
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t)]
    pub(super) profile: Profile,
    /// The first gate that fails ends the others
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Run gates again that have passed for the same tree
    #[arg(long)]
    pub(super) no_cache: bool,
}

impl GateOptions {
    /// An option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [(self.profile != Profile::default(), "--profile"), (self.fail_fast, "--fail-fast"), (self.no_cache, "--no-cache")];
        given.into_iter().find(|(given, _)| *given).map(|(_, name)| name)
    }
}

/// Arguments of `gates`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint gates                         every gate that what changed calls for
  paralint gates test                    one gate, with what it needs
  paralint gates --list                  what would run, why, in which order
  paralint gates --profile bulletproof   the highest quality level")]
pub(super) struct Arguments {
    /// The gates to run, with what they need, whatever their conditions say; all that are called for without a name
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Show what would run, why, in which order, and run nothing
    #[arg(long, conflicts_with = "clean")]
    list: bool,
    /// The phase or wave that it is in, instead of the one that the state files name
    #[arg(long, value_name = "NAME")]
    phase: Option<String>,
    /// Count every file as changed, and not only what is staged (or, where nothing is staged, not committed)
    #[arg(long)]
    all: bool,
    /// Take away the checkouts, outputs and receipts that earlier runs left under the git directories of all worktrees
    #[arg(long, conflicts_with_all = ["names", "phase", "all"])]
    clean: bool,
    #[command(flatten)]
    gates: GateOptions,
    #[command(flatten)]
    setup: Setup,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    arguments.setup.set_threads();
    let done = if arguments.clean { cleaned() } else { ran(arguments) };
    arguments.output.write(done.unwrap_or_else(|failure| could_not_run("gates", failure)))
}

fn ran(arguments: &Arguments) -> Result<v1::Report, Failure> {
    let folder = current_folder()?;
    let open = || Repository::open(&folder).map_err(git_failure);
    let repository = patience::reading((Choice::Automatic, true), &arguments.output, "gates", open)?;
    let mut config = arguments.setup.config(&folder)?;
    skip::apply(&mut config)?;
    let Arguments { names, list, phase, all, gates, setup, output, .. } = arguments;
    let wanted = Wanted {
        names,
        list: *list,
        phase: phase.as_deref(),
        all: *all,
        options: gates,
        jobs: setup.gate_jobs(),
        output,
        place: setup.options_again(),
        no_config: setup.is_without_config(),
        change: None,
    };
    let conducted = conduct(&wanted, &repository, &config)?;
    Ok(report(arguments, &config, conducted))
}

fn report(arguments: &Arguments, config: &Config, conducted: Conducted) -> v1::Report {
    let mut outcome = Outcome::default();
    let found = gate_findings(&conducted.run, config);
    let signal = conducted.run.signal;
    outcome.gates = Some(conducted.run);
    settle::settle(found, config, &mut outcome);
    let Conducted { checked, mut not_checked, error, .. } = conducted;
    not_checked.extend(skip::not_checked(config));
    let exit_code = signal.map_or_else(|| arguments.output.exit_code(error.is_none(), &outcome.findings), |signal| 128 + signal);
    let frame = assemble::Frame {
        command: "gates",
        exit_code,
        rules: looked_at(config, &outcome.subjects(), &outcome.findings),
        checked,
        not_checked,
        error,
        ..assemble::Frame::default()
    };
    assemble::report(frame, &outcome)
}

/// What ran, as the report says it: `3 of 4 gates passed, 1 skipped`. What nothing called for is no part of the four.
fn detail(run: &GatesRun) -> String {
    let count = |wanted: &dyn Fn(&GateRun) -> bool| run.gates.iter().filter(|gate| wanted(gate)).count();
    let uncalled = count(&|gate| gate.uncalled);
    let called = run.gates.len() - uncalled;
    let skipped = if uncalled > 0 { format!(", {uncalled} skipped") } else { String::new() };
    if called == 0 {
        return format!("none of {} was called for", plural(uncalled, "gate"));
    }
    if run.listed {
        let cached = count(&|gate| gate.cached);
        let passed = match cached {
            0 => String::new(),
            1 => ", 1 has passed already".to_owned(),
            many => format!(", {many} have passed already"),
        };
        return format!("{} would run{passed}{skipped}", plural(called - cached, "gate"));
    }
    format!("{} of {} passed{skipped}", count(&|gate| gate.status.is_pass()), plural(called, "gate"))
}

/// Rules that are switched off, though a gate of this run ended as they are about: it counts nothing then.
fn switched_off(run: &GatesRun, config: &Config) -> Vec<v1::NotChecked> {
    let place = config.path.as_deref().unwrap_or("paralint.toml");
    let rules = crate::rules::RULES.iter().filter(|rule| config.configured(rule, rule.severity).is_none() && !config.is_skipped(rule.name));
    let of_gates =
        [(GateStatus::Failed, "gate-failed"), (GateStatus::Timeout, "gate-timeout"), (GateStatus::Unavailable, "gate-unavailable")];
    let silent = rules.filter_map(|rule| {
        let (status, _) = of_gates.iter().find(|(_, name)| *name == rule.name)?;
        let names: Vec<&str> = run.gates.iter().filter(|gate| gate.status == *status).map(|gate| gate.name.as_str()).collect();
        let counts = if names.len() == 1 { "counts" } else { "count" };
        let why = format!("off in {place}, so {} {counts} nothing", names.join(", "));
        (!names.is_empty()).then(|| v1::NotChecked { what: rule.name.to_owned(), why })
    });
    silent.collect()
}

/// Takes away what earlier runs left in all worktrees.
fn cleaned() -> Result<v1::Report, Failure> {
    let facts = Repository::open(&current_folder()?).map_err(git_failure)?.facts;
    let Cleaned { mut removed, left } = clean::clean(&facts.common_dir);
    if removed.is_empty() && left.is_empty() {
        removed.push("nothing to remove".to_owned());
    }
    let checked = removed.into_iter().map(|detail| v1::Checked { what: "removed".to_owned(), detail }).collect();
    let hint = || Some("run it again when no run uses it, or take it away by hand".to_owned());
    let error =
        (!left.is_empty()).then(|| v1::Error { kind: "repository".to_owned(), message: left.join("; "), hint: hint(), location: None });
    let exit_code = if error.is_some() { i32::from(FAILED) } else { 0 };
    let frame = assemble::Frame { command: "gates", exit_code, checked, error, ..assemble::Frame::default() };
    Ok(assemble::report(frame, &Outcome::default()))
}
