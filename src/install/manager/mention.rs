//! Whether somebody's own lines run paralint already.

use crate::install::Hook;

/// What a line runs of paralint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// `paralint check`
    Check,
    /// `paralint hook NAME`
    Hook(Hook),
}

/// What a command, or a script of several lines, runs of paralint, by whatever way it is reached (`npx`, a path, quotes).
pub(super) fn runs(script: &str) -> Vec<Run> {
    script.replace("\\\n", " ").lines().filter_map(run_of_line).collect()
}

fn run_of_line(line: &str) -> Option<Run> {
    let words = line.split(|letter: char| letter.is_whitespace() || "\"'`;&|(){}".contains(letter)).filter(|word| !word.is_empty());
    let (mut is_there, mut before) = (false, "");
    for word in words {
        if word.starts_with('#') {
            return None;
        }
        if is_there && word == "check" {
            return Some(Run::Check);
        }
        let named = Hook::ALL.into_iter().find(|hook| is_there && before == "hook" && hook.name() == word);
        if named.is_some() {
            return named.map(Run::Hook);
        }
        is_there |= is_program(word);
        before = word;
    }
    None
}

/// A text runs `paralint check` or `paralint hook`.
pub(super) fn runs_check(script: &str) -> bool {
    !runs(script).is_empty()
}

impl Run {
    /// Why it checks nothing in a hook, where that is so. Only before a push git says on standard input what it is about.
    pub(super) fn misfit(self, hook: Hook) -> Option<String> {
        match self {
            Run::Hook(named) if (named == Hook::PrePush) != (hook == Hook::PrePush) => {
                Some(format!("`paralint hook {}` in {} checks something else", named.name(), hook.name()))
            }
            _ => None,
        }
    }
}

/// What lines of a hook come to: nothing of paralint, one that fits, or the first reason why none does.
pub(super) fn judged(all: impl IntoIterator<Item = Option<String>>) -> Option<Result<(), String>> {
    let mut first = None;
    for misfit in all {
        match misfit {
            None => return Some(Ok(())),
            Some(why) => first = first.or(Some(Err(why))),
        }
    }
    first
}

/// Each line that runs `paralint check` or `paralint hook` has `--gates`, or something runs `paralint gates`.
pub(super) fn runs_gates(text: &str) -> bool {
    let mut checks = text.lines().filter(|line| runs_check(line)).peekable();
    let all_do = checks.peek().is_some() && checks.all(|line| line.contains("--gates"));
    all_do || text.contains("paralint gates") || text.contains("paralint-gates")
}

/// A word that names the program: `paralint`, `./node_modules/.bin/paralint`, `paralint.exe`.
pub(super) fn is_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name) == "paralint"
}

#[cfg(test)]
mod tests {
    use super::{runs_check, runs_gates};

    #[test]
    fn a_command_that_checks_is_seen() {
        for script in [
            "paralint check",
            "npm test\nnpx paralint check --agent me",
            "\"$HOME/.cargo/bin/paralint\" check",
            "if command -v paralint >/dev/null; then paralint --color never check; fi",
            "paralint \\\n  check",
            "paralint.exe check",
            "npx paralint hook pre-push \"$@\" || exit $?",
        ] {
            assert!(runs_check(script), "{script}");
        }
    }

    #[test]
    fn gates_have_to_run_in_each_place() {
        for text in ["paralint check --gates", "run: paralint check --gates\nx\nrun: \"paralint hook pre-push --gates\"", "paralint gates"]
        {
            assert!(runs_gates(text), "{text}");
        }
        for text in ["", "paralint check", "paralint check --gates\nparalint check", "other --gates"] {
            assert!(!runs_gates(text), "{text}");
        }
    }

    #[test]
    fn other_lines_are_not() {
        for script in [
            "",
            "# paralint check",
            "paralint gates",
            "my-paralint check",
            "paralinter check",
            "npm test # paralint check",
            "echo paralint has a hook",
            "check paralint",
        ] {
            assert!(!runs_check(script), "{script}");
        }
    }
}
