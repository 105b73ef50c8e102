//! Which programs run tests, and which start coding agents.

use super::{Tests, base_name};

/// Programs that look at things or move them about, but run no tests.
const NO_TESTS: [&str; 62] = [
    "cd", "ls", "cat", "head", "tail", "grep", "rg", "find", "fd", "sed", "awk", "wc", "echo", "printf", "git", "gh", "mkdir", "rm", "cp",
    "mv", "touch", "chmod", "pwd", "which", "sort", "uniq", "diff", "jq", "tee", "true", "false", "sleep", "wait", "kill", "ps", "du",
    "df", "tree", "stat", "file", "date", "export", "set", "curl", "wget", "xargs", "cut", "tr", "test", "[", "for", "done", "fi", "esac",
    "gofmt", "rustfmt", "prettier", "rustup", "ln", "env", "claude", "pkill",
];

/// Known test runners: the program, and a word that must stand among its arguments where it does more than test.
const RUNNERS: [(&str, &str); 47] = [
    ("cargo", "test"),
    ("cargo", "nextest"),
    ("cargo", "t"),
    ("go", "test"),
    ("gotestsum", ""),
    ("pytest", ""),
    ("py.test", ""),
    ("tox", ""),
    ("nox", ""),
    ("unittest", ""),
    ("python", "pytest"),
    ("python3", "pytest"),
    ("python", "unittest"),
    ("python3", "unittest"),
    ("uv", "pytest"),
    ("poetry", "pytest"),
    ("jest", ""),
    ("vitest", ""),
    ("mocha", ""),
    ("ava", ""),
    ("playwright", "test"),
    ("cypress", "run"),
    ("npx", "jest"),
    ("npx", "vitest"),
    ("npx", "playwright"),
    ("npx", "mocha"),
    ("npm", "test"),
    ("npm", "t"),
    ("yarn", "test"),
    ("pnpm", "test"),
    ("bun", "test"),
    ("deno", "test"),
    ("node", "--test"),
    ("rspec", ""),
    ("rake", "test"),
    ("rails", "test"),
    ("bundle", "rspec"),
    ("mix", "test"),
    ("gradle", "test"),
    ("gradlew", "test"),
    ("mvn", "test"),
    ("mvn", "verify"),
    ("dotnet", "test"),
    ("swift", "test"),
    ("ctest", ""),
    ("make", "test"),
    ("phpunit", ""),
];

/// Sub-commands of build tools that run no tests.
const BUILD_ONLY: [&str; 36] = [
    "build", "check", "clippy", "fmt", "format", "doc", "add", "remove", "update", "tree", "metadata", "install", "i", "ci", "ls", "list",
    "init", "outdated", "audit", "vet", "mod", "get", "generate", "version", "env", "compile", "restore", "clean", "lock", "sync", "fetch",
    "info", "search", "tidy", "download", "lint",
];

pub(super) fn runs_tests(words: &[String]) -> Tests {
    let Some((program, arguments)) = words.split_first() else { return Tests::No };
    let program = base_name(program);
    let builds = matches!(
        program,
        "cargo"
            | "go"
            | "npm"
            | "pnpm"
            | "yarn"
            | "bun"
            | "dotnet"
            | "mix"
            | "swift"
            | "pip"
            | "pip3"
            | "uv"
            | "poetry"
            | "bundle"
            | "gem"
            | "composer"
    );
    if builds && arguments.iter().find(|word| !word.starts_with(['-', '+'])).is_some_and(|word| BUILD_ONLY.contains(&word.as_str())) {
        return Tests::No;
    }
    let named = |wanted: &str| {
        arguments.iter().take(8).any(|word| {
            word == wanted
                || (wanted.len() > 2
                    && (word.starts_with(&format!("{wanted}:")) || word.ends_with(&format!(":{wanted}")) || base_name(word) == wanted))
        })
    };
    if RUNNERS.iter().any(|(runner, word)| *runner == program && (word.is_empty() || named(word))) {
        let only_listed = arguments
            .iter()
            .any(|word| matches!(word.as_str(), "--no-run" | "--list" | "--collect-only" | "--listTests" | "--help" | "--version"));
        return if only_listed { Tests::No } else { Tests::Yes };
    }
    // Task runners name their tasks freely; a task with `test` in its name is one.
    let task = arguments
        .iter()
        .take(4)
        .any(|word| word.split([':', '-', '_', '/', '.']).any(|part| matches!(part, "test" | "tests" | "spec" | "specs" | "e2e")));
    if matches!(
        program,
        "npm"
            | "yarn"
            | "pnpm"
            | "bun"
            | "mise"
            | "just"
            | "task"
            | "make"
            | "hatch"
            | "nx"
            | "turbo"
            | "bazel"
            | "bazelisk"
            | "rake"
            | "composer"
            | "lerna"
            | "meson"
            | "ninja"
            | "zig"
            | "sbt"
            | "lein"
            | "dune"
            | "stack"
            | "cabal"
    ) {
        return if task { Tests::Yes } else { Tests::Maybe };
    }
    if NO_TESTS.contains(&program) { Tests::No } else { Tests::Maybe }
}
