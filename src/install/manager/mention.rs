//! Whether somebody's own lines run paralint already.

use crate::install::Hook;

/// A command, or a script of several lines, that runs `paralint check` or `paralint hook`, by whatever way it is reached (`npx`, a path, quotes).
pub(super) fn runs_check(script: &str) -> bool {
    script.replace("\\\n", " ").lines().any(|line| {
        let words = line.split(|letter: char| letter.is_whitespace() || "\"'`;&|(){}".contains(letter)).filter(|word| !word.is_empty());
        let (mut is_there, mut before) = (false, "");
        for word in words {
            if word.starts_with('#') {
                return false;
            }
            if is_there && (word == "check" || (before == "hook" && Hook::ALL.iter().any(|hook| hook.name() == word))) {
                return true;
            }
            is_there |= is_program(word);
            before = word;
        }
        false
    })
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
