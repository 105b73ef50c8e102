//! `paralint completions SHELL`.

use super::{ExitStatus, output};
use clap::CommandFactory;
use clap_complete::Shell;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  eval \"$(paralint completions bash)\"              bash, in ~/.bashrc
  paralint completions zsh > ~/.zfunc/_paralint    zsh, in a folder of $fpath
  paralint completions fish > ~/.config/fish/completions/paralint.fish")]
pub(super) struct Arguments {
    /// The shell that is to complete
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    let mut script = Vec::new();
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "paralint", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if arguments.shell == Shell::Fish {
        script.push_str(&names_for_fish(&command));
    }
    output::print(&script);
    0
}

/// The names that a command takes without an option: for fish, clap_complete leaves them out.
fn names_for_fish(command: &clap::Command) -> String {
    let mut lines = String::new();
    for command in command.get_subcommands() {
        let values = command.get_positionals().flat_map(clap::Arg::get_possible_values).filter(|value| !value.is_hide_set());
        for value in values {
            let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
            let help = value.get_help().map(|help| format!(" -d {}", quoted(&help.to_string()))).unwrap_or_default();
            let (name, value) = (command.get_name(), quoted(value.get_name()));
            lines.push_str(&format!("complete -c paralint -n \"__fish_paralint_using_subcommand {name}\" -f -a {value}{help}\n"));
        }
    }
    lines
}
