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
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "paralint", &mut script);
    output::print(&String::from_utf8_lossy(&script));
    0
}
