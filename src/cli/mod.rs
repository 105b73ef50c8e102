//! The command line: one file for each command, with its arguments and its run.

mod acceptance;
mod audit;
mod check;
mod completions;
mod fitting;
mod gates;
mod hook;
mod init;
mod install;
mod man;
mod offered;
mod output;
mod overlap;
mod owners;
mod patience;
mod progress;
mod rule;
mod schema;
mod sessions;
mod setup;
mod skip;
mod uninstall;
mod waive;

use crate::input::temporary;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;

/// What a run returns: 0 clean, 1 findings, 2 wrong usage or something that had to be checked and could not be.
pub type ExitStatus = u8;

/// Wrong usage, unusable configuration, or something that had to be checked and could not be.
pub const FAILED: ExitStatus = 2;

/// Checks whether parallel work by coding agents is what it says it is.
#[derive(Debug, Parser)]
#[command(
    name = "paralint",
    version,
    max_term_width = 100,
    after_help = "Examples:
  paralint install                            check each commit, from a git hook
  paralint check --range origin/main..HEAD    check a pull request
  paralint audit --open                       see what agents claimed and did

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not check."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a change against boundaries, locks, phases and session logs
    ///
    /// The change is what is staged, or a range of commits, or what branches or worktrees changed. With --gates the commands
    /// that must pass run as well.
    Check(check::Arguments),
    /// Run the commands that must pass, all at once
    ///
    /// Each starts as soon as what it needs has passed. A failure hides no other result, and no file of yours is touched.
    Gates(gates::Arguments),
    /// Show which branches or worktrees edit the same files or conflict
    ///
    /// Of each pair: the files that both changed since they parted, the same lines, true conflicts; and an order in which to
    /// merge them.
    Overlap(overlap::Arguments),
    /// Hold what agents claimed against what their session logs show
    ///
    /// Every claim of parallel work, of completion and of speed gets a verdict from the times that the log measured. It needs
    /// no git repository.
    Audit(audit::Arguments),
    /// Show who may change a path, by which line of which file
    Owners(owners::Arguments),
    /// List the rules, or show one rule's documentation
    Rule(rule::Arguments),
    /// Accept one finding about the past, in the open
    Waive(waive::Arguments),
    /// Write a first configuration, from what is in the repository
    Init(init::Arguments),
    /// Put paralint where git runs hooks, beside what is there
    Install(install::Arguments),
    /// Take away what install put there
    Uninstall(uninstall::Arguments),
    /// Do what a hook of git does: what scripts and managers of hooks run
    Hook(hook::Arguments),
    /// Print the JSON Schema of a format
    Schema(schema::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Print a manual page
    Man(man::Arguments),
}

/// Runs the command line.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    temporary::settle();
    let words: Vec<OsString> = arguments.into_iter().collect();
    match parsed(&words) {
        Ok(arguments) => match arguments.command {
            Command::Check(arguments) => check::run(arguments),
            Command::Gates(arguments) => gates::run(&arguments),
            Command::Overlap(arguments) => overlap::run(arguments),
            Command::Audit(arguments) => audit::run(arguments),
            Command::Owners(arguments) => owners::run(&arguments),
            Command::Rule(arguments) => rule::run(&arguments),
            Command::Waive(arguments) => waive::run(&arguments),
            Command::Init(arguments) => init::run(&arguments),
            Command::Install(arguments) => install::run(&arguments),
            Command::Uninstall(arguments) => uninstall::run(&arguments),
            Command::Hook(arguments) => hook::run(&arguments),
            Command::Schema(arguments) => schema::run(&arguments),
            Command::Completions(arguments) => completions::run(&arguments),
            Command::Man(arguments) => man::run(&arguments),
        },
        Err(error) => {
            let help = !error.use_stderr();
            if !help {
                output::usage_error(&words, &error.to_string());
            }
            // Where the terminal is gone there is nobody left to tell.
            let _ = error.print();
            if help { 0 } else { FAILED }
        }
    }
}

/// The arguments; or what is wrong with them, before anything runs.
fn parsed(words: &[OsString]) -> Result<Arguments, clap::Error> {
    let mut command = fitting::fitted(Arguments::command(), output::columns());
    let mut matches = command.try_get_matches_from_mut(words)?;
    if let Some(clash) = output::clash(&matches) {
        // The usage that is shown is that of the command that was asked for.
        command.build();
        let name = matches.subcommand_name().unwrap_or_default();
        let error = match command.find_subcommand_mut(name) {
            Some(asked) => asked.error(ErrorKind::ArgumentConflict, clash),
            None => command.error(ErrorKind::ArgumentConflict, clash),
        };
        return Err(error);
    }
    Arguments::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}
