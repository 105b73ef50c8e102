//! `paralint completions SHELL`.

use super::{ExitStatus, output};
use clap::{Arg, Command, CommandFactory, ValueHint};
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
    let mut command = with_hints(super::Arguments::command());
    clap_complete::generate(arguments.shell, &mut command, "paralint", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    output::print(&match arguments.shell {
        Shell::Bash => for_bash(&script, &command),
        Shell::Fish => script + &for_fish(&command),
        Shell::Zsh => for_zsh(&script),
        _ => script,
    });
    0
}

/// Files are offered for what takes a path, and for nothing else: neither for a name nor for `FORMAT=FILE`.
fn with_hints(command: Command) -> Command {
    let hint = |argument: Arg| match argument.get_value_hint() {
        ValueHint::Unknown if is_session(&argument) => argument.value_hint(ValueHint::AnyPath),
        ValueHint::Unknown if argument.get_action().takes_values() && argument.get_possible_values().is_empty() => {
            argument.value_hint(ValueHint::Other)
        }
        _ => argument,
    };
    command.mut_args(hint).mut_subcommands(with_hints)
}

/// `check --session`, which takes a path or one of two names; that of `audit` takes an identifier.
fn is_session(argument: &Arg) -> bool {
    argument.get_long() == Some("session") && !argument.get_default_values().is_empty()
}

/// Whether a command takes paths without an option.
fn takes_paths(command: &Command) -> bool {
    command.get_positionals().any(|argument| argument.get_value_hint() == ValueHint::AnyPath)
}

/// Bash offers files wherever nothing else fits, unless it is told not to.
fn for_bash(script: &str, command: &Command) -> String {
    let files = r#"COMPREPLY=($(compgen -f "${cur}"))"#;
    let mut out = String::new();
    let (mut is_without_paths, mut is_session) = (false, false);
    for line in script.lines() {
        let named = line.trim().strip_suffix(')').and_then(|name| name.strip_prefix("paralint__subcmd__"));
        if let Some(name) = named {
            is_without_paths = command.get_subcommands().any(|below| below.get_name() == name && !takes_paths(below));
        }
        let line = if is_session {
            line.replace(files, &files.replace("$(compgen -f", r#"$(compgen -W "auto none" -- "${cur}") $(compgen -f"#))
        } else {
            line.to_owned()
        };
        out.push_str(&line);
        out.push('\n');
        is_session = line.trim() == "--session)";
        if is_without_paths && line.trim().starts_with("opts=") {
            out.push_str("            compopt +o default +o bashdefault 2>/dev/null\n");
        }
    }
    out
}

/// The names of `check --session`, beside files.
fn for_zsh(script: &str) -> String {
    let function = "_paralint_session() {\n    _alternative 'names:name:(auto none)' 'files:file:_files'\n}\n\n_paralint() {";
    script.replacen("_paralint() {", function, 1).replace(":auto|none|PATH:_files'", ":auto|none|PATH:_paralint_session'")
}

/// What clap_complete leaves out for fish: the names that a command takes without an option, that others take no files, and
/// the names of `check --session`.
fn for_fish(command: &Command) -> String {
    let mut lines = String::new();
    for command in command.get_subcommands() {
        let within = format!("complete -c paralint -n \"__fish_paralint_using_subcommand {}\"", command.get_name());
        let values = command.get_positionals().flat_map(Arg::get_possible_values).filter(|value| !value.is_hide_set());
        for value in values {
            let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
            let help = value.get_help().map(|help| format!(" -d {}", quoted(&help.to_string()))).unwrap_or_default();
            lines.push_str(&format!("{within} -f -a {}{help}\n", quoted(value.get_name())));
        }
        if !takes_paths(command) {
            lines.push_str(&format!("{within} -f\n"));
        }
        if command.get_arguments().any(is_session) {
            lines.push_str(&format!("{within} -l session -r -F -a 'auto none'\n"));
        }
    }
    lines
}
