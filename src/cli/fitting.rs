//! Examples of help on a terminal that is narrower than they are.

use crate::report::text;
use clap::Command;

/// The command and those below it, with examples that fit so many columns: what an example does stands below it, where
/// both have no room side by side.
pub(super) fn fitted(command: Command, columns: Option<usize>) -> Command {
    let Some(columns) = columns else { return command };
    let command = command.mut_subcommands(|below| fitted(below, Some(columns)));
    match command.get_after_help().map(ToString::to_string) {
        Some(help) => command.after_help(narrowed(&help, columns)),
        None => command,
    }
}

fn narrowed(help: &str, columns: usize) -> String {
    let lines: Vec<String> = help.lines().map(|line| apart(line, columns).unwrap_or_else(|| line.to_owned())).collect();
    lines.join("\n")
}

/// `  paralint check    what is staged` on two lines, where one has no room for it.
fn apart(line: &str, columns: usize) -> Option<String> {
    let (typed, does) = line.strip_prefix("  ")?.split_once("  ")?;
    (text::columns(line) > columns).then(|| format!("  {typed}\n      {}", does.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::narrowed;

    #[test]
    fn what_an_example_does_stands_below_it_where_it_has_no_room_beside() {
        let help = "Examples:\n  paralint check     what is staged\n  paralint\n\nMore about this,  in a sentence that is long.";
        assert_eq!(narrowed(help, 40), help);
        let narrow = help.replace("     what", "\n      what");
        assert_eq!(narrowed(help, 30), narrow);
    }
}
