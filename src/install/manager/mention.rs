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

/// A word that names the program: `paralint`, `./node_modules/.bin/paralint`, `paralint.exe`.
pub(super) fn is_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name) == "paralint"
}

#[cfg(test)]
mod tests {
    use super::runs_check;

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
