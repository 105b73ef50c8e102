//! Whether somebody's own lines run paralint already.

/// A command, or a script of several lines, that runs `paralint check`, by whatever way it is reached (`npx`, a path, quotes).
pub(super) fn runs_check(script: &str) -> bool {
    script.replace("\\\n", " ").lines().any(|line| {
        let mut words = line.split(|letter: char| letter.is_whitespace() || "\"'`;&|(){}".contains(letter)).filter(|word| !word.is_empty());
        let mut is_there = false;
        for word in words.by_ref() {
            if word.starts_with('#') {
                return false;
            }
            if is_there && word == "check" {
                return true;
            }
            is_there |= is_program(word);
        }
        false
    })
}

/// Each line that runs `paralint check` has `--gates`, or something runs `paralint gates`.
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
        ] {
            assert!(runs_check(script), "{script}");
        }
    }

    #[test]
    fn gates_have_to_run_in_each_place() {
        for text in
            ["paralint check --gates", "run: paralint check --gates\nx\nrun: \"paralint check --range auto --gates\"", "paralint gates"]
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
            "check paralint",
        ] {
            assert!(!runs_check(script), "{script}");
        }
    }
}
