//! `paralint man [COMMAND]`.

mod facts;
mod page;
mod write;

use super::{ExitStatus, FAILED, output};
use clap::CommandFactory;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint man | man -l -                          the main page
  paralint man check | man -l -                    the page of a command
  paralint man --output ~/.local/share/man/man1    all pages, for man to find")]
pub(super) struct Arguments {
    /// The command whose page is printed; the main page without it
    #[arg(value_parser = PossibleValuesParser::new(PAGES))]
    command: Option<String>,
    /// Write the pages into this folder, one file for each command: paralint.1, paralint-check.1, …
    ///
    /// With COMMAND, the page of that command alone. Never over a file that is no page of paralint.
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// The commands that have a page of their own.
const PAGES: [&str; 14] = [
    "check",
    "gates",
    "overlap",
    "audit",
    "owners",
    "rule",
    "waive",
    "init",
    "install",
    "uninstall",
    "hook",
    "schema",
    "completions",
    "man",
];

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    let mut whole = super::Arguments::command().disable_help_subcommand(true);
    whole.build();
    // The parser took no name but one of these.
    let wanted = arguments.command.as_ref().and_then(|name| whole.find_subcommand(name)).unwrap_or(&whole);
    let said = match (&arguments.output, &arguments.command) {
        (None, _) => page::page(wanted, &whole).map(|text| output::print(&text)),
        (Some(folder), Some(_)) => write::write(folder, &[wanted], &whole),
        (Some(folder), None) => write::write(folder, &std::iter::once(&whole).chain(whole.get_subcommands()).collect::<Vec<_>>(), &whole),
    };
    match said {
        Ok(()) => 0,
        Err(why) => {
            output::complain(&why, None);
            FAILED
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn every_command_has_a_page() {
        let command = crate::cli::Arguments::command();
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(names, super::PAGES);
    }
}
