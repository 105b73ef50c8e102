//! The commands that CI runs: single plain lines only. Whatever a shell or a template would change is left out.

use super::survey::Survey;
use std::collections::BTreeSet;

/// Programs that are called without an argument.
const ALONE: &[&str] = &["flake8", "mypy", "pyright", "pytest", "tox"];

/// Commands as their words.
#[derive(Debug, Default)]
pub(super) struct Commands(BTreeSet<Vec<String>>);

impl Commands {
    /// The commands of the workflows of GitHub and of GitLab's file.
    pub(super) fn new(survey: &Survey) -> Commands {
        let is_workflow = |path: &str| path.starts_with(".github/workflows/") || path == ".gitlab-ci.yml";
        let texts = survey.texts.iter().filter(|(path, _)| is_workflow(path)).map(|(_, text)| text);
        // Where steps move to another folder, a line says too little.
        let at_root =
            texts.filter(|text| !text.contains("working-directory:") && !text.lines().any(|line| unwrapped(line).starts_with("cd ")));
        Commands(at_root.flat_map(|text| text.lines().filter_map(command)).collect())
    }

    /// The only command that begins with these words, where there is exactly one.
    pub(super) fn only(&self, words: &[&str]) -> Option<Vec<String>> {
        let mut found =
            self.0.iter().filter(|command| command.len() >= words.len() && command.iter().zip(words).all(|(one, other)| one == other));
        let first = found.next()?;
        found.next().is_none().then(|| first.clone())
    }

    /// Whether a command begins with these words.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        self.0.iter().any(|command| command.len() >= words.len() && command.iter().zip(words).all(|(one, other)| one == other))
    }
}

/// A line without what a list or the key of a step puts in front.
fn unwrapped(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
    line.strip_prefix("run:").unwrap_or(line).trim()
}

/// The words of a line that is a plain command: `- run: cargo test --locked`, or a line of a block.
fn command(line: &str) -> Option<Vec<String>> {
    let line = unwrapped(line);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=,:@ ".contains(letter);
    if line.len() > 200 || !line.chars().all(is_plain) {
        return None;
    }
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    // What ends in a colon is a key of the file; a word alone is a command where it is the name of one.
    let is_command = words.len() > 1 || words.first().is_some_and(|word| ALONE.contains(&word.as_str()));
    (is_command && !words[0].ends_with(':')).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str) -> Commands {
        let texts = [(".github/workflows/ci.yml".to_owned(), text.to_owned())].into_iter().collect();
        Commands::new(&Survey { texts, ..Survey::default() })
    }

    #[test]
    fn only_plain_lines_count() {
        let one = commands(
            "jobs:\n  x:\n    steps:\n      - run: cargo test --locked\n      - run: |\n          cargo clippy -- -D warnings\n          cargo fmt --check && echo $HOME\n",
        );
        assert_eq!(one.only(&["cargo", "test"]).unwrap(), ["cargo", "test", "--locked"]);
        assert_eq!(one.only(&["cargo", "clippy"]).unwrap(), ["cargo", "clippy", "--", "-D", "warnings"]);
        assert_eq!(one.only(&["cargo", "fmt"]), None);
    }

    #[test]
    fn what_is_not_sure_is_left_out() {
        assert_eq!(commands("- run: cargo test\n- run: cargo test --release\n").only(&["cargo", "test"]), None);
        assert_eq!(commands("- run: cargo test\n  working-directory: web\n").only(&["cargo", "test"]), None);
        assert_eq!(commands("- run: cargo test ${{ matrix.flags }}\n").only(&["cargo", "test"]), None);
        assert_eq!(commands("- run: cd web\n- run: cargo test\n").only(&["cargo", "test"]), None);
    }
}
