//! What a shell command of an agent does, as far as its plain forms tell: which files it changes, whether it runs
//! tests, whether it starts further agents. Everything read here is an inference and marked so.

mod agents;
mod files;
mod programs;
mod split;

use files::{changed_files, is_file_of_interest, patched_files};
use programs::runs_tests;
use split::{Part, split};

/// What a command line does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// Files that it writes, moves or removes, as they are written.
    pub(super) edits: Vec<String>,
    /// Whether it runs tests.
    pub(super) tests: Tests,
    /// A failure of the tests is seen in its exit code.
    pub(super) exit_counts: bool,
    /// Nothing runs behind the tests that could fail in their place.
    pub(super) tests_last: bool,
    /// It starts coding agents.
    pub(super) starts_agents: bool,
}

/// Whether a command runs tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tests {
    /// It only looks at things, or does something else that is known.
    #[default]
    No,
    /// It is a script or a tool that may run tests.
    Maybe,
    /// It is a known test runner.
    Yes,
}

/// Reads a command line.
pub(super) fn read(command: &str) -> Effect {
    let mut effect = Effect { exit_counts: true, ..Effect::default() };
    let parts = split(command);
    let strict = command.contains("pipefail");
    for (index, part) in parts.iter().enumerate() {
        let words = part.command_words();
        let tests = runs_tests(words);
        if tests > Tests::No {
            effect.tests = effect.tests.max(tests);
            effect.exit_counts &= exit_reaches_the_end(&parts[index..], strict);
            effect.tests_last = parts[index..].iter().all(|part| part.behind.is_empty())
                && parts[..index].iter().all(|part| cannot_fail(part.command_words()));
        }
        effect.edits.extend(part.redirects.iter().cloned());
        effect.edits.extend(changed_files(words));
    }
    effect.starts_agents = agents::starts_agents(command, &parts);
    effect.edits.extend(patched_files(command));
    effect.edits.retain(|path| is_file_of_interest(path));
    effect.edits.dedup();
    effect
}

/// Commands in front of the tests that fail only where the tests would as well.
fn cannot_fail(words: &[String]) -> bool {
    words.first().is_none_or(|program| {
        matches!(program.as_str(), "cd" | "export" | "set" | "echo" | "source" | "." | "mkdir" | "pwd" | "true" | "clear")
    })
}

/// Whether a failure of the first part is seen in the exit code of the whole.
fn exit_reaches_the_end(parts: &[Part], strict: bool) -> bool {
    parts.iter().all(|part| matches!(part.behind, "&&" | "") || (part.behind == "|" && strict))
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edits(command: &str) -> Vec<String> {
        read(command).edits
    }

    #[test]
    fn plain_edits_are_seen() {
        assert_eq!(edits("echo hi > notes.txt"), ["notes.txt"]);
        assert_eq!(edits("cat a >> 'my file.txt' 2>&1"), ["my file.txt"]);
        assert_eq!(edits("make 2>/dev/null | tee build.log"), ["build.log"]);
        assert_eq!(edits("sed -i 's/a/b/' src/a.rs src/b.rs"), ["src/a.rs", "src/b.rs"]);
        assert_eq!(edits("sed -i -e 's/a/b/' src/a.rs"), ["src/a.rs"]);
        assert_eq!(edits("cp a.txt b.txt && mv c d"), ["b.txt", "c", "d"]);
        assert_eq!(edits("git mv old.rs new.rs"), ["old.rs", "new.rs"]);
        assert_eq!(edits("git checkout -- src/a.rs"), ["src/a.rs"]);
        assert_eq!(edits("rm -f gone.rs"), ["gone.rs"]);
        assert_eq!(edits("cat > out.txt <<'EOF'\nrm not-a-command > nowhere\nEOF\n"), ["out.txt"]);
        assert_eq!(edits("cat <<EOF > out.txt\ntext\nEOF"), ["out.txt"]);
        assert_eq!(edits("apply_patch <<'P'\n*** Begin Patch\n*** Update File: src/a.rs\n*** End Patch\nP"), ["src/a.rs"]);
    }

    #[test]
    fn what_changes_no_file_is_none() {
        for command in [
            "ls -la",
            "cargo test 2>&1 | tail -5",
            "sed -n 1,5p a.rs",
            "grep -r 'a > b' src",
            "git checkout main",
            "echo x > /dev/null",
            "echo > $OUT",
            "cat a # > b",
        ] {
            assert_eq!(edits(command), Vec::<String>::new(), "{command}");
        }
    }

    #[test]
    fn test_runners_are_known() {
        for command in [
            "cargo test",
            "cd x && go test ./...",
            "RUST_LOG=1 timeout 60 cargo nextest run",
            "npm run test:unit",
            "python -m pytest -q",
            "mise run test",
            "make unit-tests",
            "npx vitest run",
            "./gradlew test",
        ] {
            assert_eq!(read(command).tests, Tests::Yes, "{command}");
        }
        for command in [
            "ls tests",
            "cat test.rs",
            "git status",
            "cargo test --no-run",
            "grep -rn test .",
            "cargo build",
            "cargo +nightly check --tests",
            "npm ci",
            "go vet ./...",
        ] {
            assert_eq!(read(command).tests, Tests::No, "{command}");
        }
        for command in ["./scripts/verify.sh", "make check", "make lint check-format", "just ci", "npm run type-check"] {
            assert_eq!(read(command).tests, Tests::Maybe, "{command}");
        }
        assert!(!read("grep -q x a && cargo test").tests_last);
    }

    #[test]
    fn a_pipe_or_a_fallback_hides_the_exit_code() {
        assert!(read("cd a && cargo test").exit_counts);
        assert!(read("set -o pipefail; cargo test | tee log.txt").exit_counts);
        for command in ["cargo test | tail -5", "cargo test || true", "cargo test; echo done"] {
            assert!(!read(command).exit_counts, "{command}");
        }
    }

    proptest! {
        #[test]
        fn no_command_makes_it_panic(command in "[ -~\\n\u{e9}\u{4e2d}]{0,200}") {
            let _ = read(&command);
        }
    }
}
