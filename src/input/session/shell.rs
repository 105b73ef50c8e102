//! What a shell command of an agent does, as far as its plain forms tell: which files it changes, whether it runs
//! tests, whether it starts further agents. Everything read here is an inference and marked so.

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
        effect.starts_agents |= starts_agent(words);
        effect.edits.extend(part.redirects.iter().cloned());
        effect.edits.extend(changed_files(words));
    }
    effect.edits.extend(patched_files(command));
    effect.edits.retain(|path| is_file_of_interest(path));
    effect.edits.dedup();
    effect
}

/// One simple command: its words and where it redirects its output, and what stands behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Part {
    words: Vec<String>,
    redirects: Vec<String>,
    /// `&&`, `||`, `;`, `|`, `&` or nothing.
    behind: &'static str,
}

impl Part {
    /// The words without assignments and without wrappers such as `sudo` or `timeout 60`.
    fn command_words(&self) -> &[String] {
        let mut words = self.words.as_slice();
        loop {
            let Some(first) = words.first() else { return words };
            let assignment = first
                .split_once('=')
                .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
            let skip = match first.as_str() {
                _ if assignment => 1,
                "sudo" | "env" | "time" | "nohup" | "exec" | "command" | "then" | "do" | "else" | "if" | "while" | "{" | "(" | "!" => 1,
                "timeout" | "nice" => {
                    1 + words[1..].iter().take_while(|word| word.starts_with('-')).count() + usize::from(first == "timeout")
                }
                _ => return words,
            };
            words = words.get(skip..).unwrap_or_default();
        }
    }
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

/// Splits a command line at its operators. Here-documents are left out; quotes and backslashes are resolved.
fn split(command: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut part = Part::default();
    let mut word: Option<String> = None;
    let mut redirect = false;
    let mut rest = command;
    let finish_word = |part: &mut Part, word: &mut Option<String>, redirect: &mut bool| {
        if let Some(word) = word.take() {
            if std::mem::take(redirect) { part.redirects.push(word) } else { part.words.push(word) }
        }
    };
    while let Some(character) = rest.chars().next() {
        let mut used = character.len_utf8();
        match character {
            '\'' => {
                let inside = rest[1..].split('\'').next().unwrap_or_default();
                word.get_or_insert_default().push_str(inside);
                used = (inside.len() + 2).min(rest.len());
            }
            '"' => {
                let (inside, length) = double_quoted(&rest[1..]);
                word.get_or_insert_default().push_str(&inside);
                used = (length + 1).min(rest.len());
            }
            '\\' => {
                let next = rest[1..].chars().next();
                if let Some(next) = next {
                    used += next.len_utf8();
                    if next != '\n' {
                        word.get_or_insert_default().push(next);
                    }
                }
            }
            '#' if word.is_none() => used = rest.find('\n').unwrap_or(rest.len()),
            '<' if rest.starts_with("<<") && !rest.starts_with("<<<") => {
                finish_word(&mut part, &mut word, &mut redirect);
                let (before, length) = here_document(rest);
                // What stands behind the marker on its line still belongs to the command.
                part.words.extend(before.split_whitespace().filter(|text| !text.contains('>')).map(str::to_owned));
                part.redirects.extend(redirects_of(before));
                used = length;
            }
            '>' => {
                // `2>` and `&>` carry a number or an ampersand before the arrow.
                if word.as_deref().is_some_and(|text| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit())) {
                    word = None;
                }
                finish_word(&mut part, &mut word, &mut redirect);
                used = if rest.starts_with(">>") || rest.starts_with(">|") { 2 } else { 1 };
                if rest[used..].starts_with('&') {
                    used += 1 + rest[used + 1..].bytes().take_while(u8::is_ascii_digit).count();
                } else {
                    redirect = true;
                }
            }
            '&' | '|' | ';' | '\n' | ')' | '(' => {
                if rest.starts_with("&>") {
                    rest = &rest[1..];
                    continue;
                }
                finish_word(&mut part, &mut word, &mut redirect);
                let operator = ["&&", "||", "|&"].into_iter().find(|operator| rest.starts_with(operator));
                part.behind = match (operator, character) {
                    (Some("&&"), _) => "&&",
                    (Some("||"), _) => "||",
                    (Some(_), _) | (None, '|') => "|",
                    (None, '&') => "&",
                    (None, ')' | '(') => "",
                    _ => ";",
                };
                used = operator.map_or(1, str::len);
                if !part.words.is_empty() || !part.redirects.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
            }
            _ if character.is_whitespace() => finish_word(&mut part, &mut word, &mut redirect),
            _ => word.get_or_insert_default().push(character),
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    finish_word(&mut part, &mut word, &mut redirect);
    if !part.words.is_empty() || !part.redirects.is_empty() {
        parts.push(part);
    }
    if let Some(last) = parts.last_mut().filter(|last| last.behind == ";") {
        last.behind = "";
    }
    parts
}

fn double_quoted(text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (out, at + 1),
            '\\' => out.extend(characters.next().map(|(_, next)| next)),
            other => out.push(other),
        }
    }
    (out, text.len())
}

/// The rest of the marker's line, and the length up to the end of the here-document.
fn here_document(text: &str) -> (&str, usize) {
    let line_end = text.find('\n').unwrap_or(text.len());
    let head = text[2..line_end].trim_start_matches('-').trim_start();
    let marker_end = head.find(|character: char| character.is_whitespace() || ";|&>".contains(character)).unwrap_or(head.len());
    let marker = head[..marker_end].trim_matches(['\'', '"', '\\']);
    let before = &head[marker_end..];
    let mut at = line_end;
    for line in text[line_end..].split_inclusive('\n').skip(1) {
        at += line.len();
        if line.trim() == marker {
            return (before, (at + 1).min(text.len()));
        }
    }
    (before, text.len())
}

fn redirects_of(text: &str) -> Vec<String> {
    let mut words = text.split_whitespace().peekable();
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        if let Some(target) = word.strip_prefix(">>").or_else(|| word.strip_prefix('>')) {
            let target = if target.is_empty() { words.next().unwrap_or_default() } else { target };
            found.push(target.trim_matches(['"', '\'']).to_owned());
        }
    }
    found
}

/// Files that the plain forms of well-known commands change.
fn changed_files(words: &[String]) -> Vec<String> {
    let Some((program, arguments)) = words.split_first() else { return Vec::new() };
    let operands: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    match base_name(program) {
        "tee" => operands,
        "rm" | "unlink" | "truncate" => operands,
        "mv" => operands,
        "cp" | "install" => operands.last().cloned().into_iter().filter(|_| operands.len() > 1).collect(),
        "sed" | "perl" if arguments.iter().any(|word| word == "-i" || word.starts_with("-i") || word == "--in-place" || word == "-pi") => {
            // The script is the first operand unless it is given by -e; the rest are files.
            let scripted = arguments.iter().any(|word| word == "-e" || word == "-pe" || word == "-pie");
            let skip = if scripted {
                operands.len().min(arguments.iter().filter(|word| word.ends_with('e') && word.starts_with('-')).count())
            } else {
                1
            };
            operands.into_iter().skip(skip).filter(|word| !word.is_empty()).collect()
        }
        "git" => match operands.first().map(String::as_str) {
            Some("mv" | "rm") => operands[1..].to_vec(),
            Some("checkout" | "restore") => arguments.iter().skip_while(|word| *word != "--").skip(1).cloned().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Files that an `apply_patch` block names.
fn patched_files(command: &str) -> Vec<String> {
    if !command.contains("apply_patch") {
        return Vec::new();
    }
    let markers = ["*** Update File: ", "*** Add File: ", "*** Delete File: ", "*** Move to: "];
    command
        .lines()
        .filter_map(|line| markers.iter().find_map(|marker| line.strip_prefix(marker)))
        .map(|path| path.trim().to_owned())
        .collect()
}

/// Devices, scratch folders and names that only the shell knows are nobody's files.
fn is_file_of_interest(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['$', '*', '?', '`', '{'])
        && !["/dev/", "/tmp/", "/var/tmp/", "/proc/", "&"].iter().any(|prefix| path.starts_with(prefix))
        && path != "-"
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

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

fn runs_tests(words: &[String]) -> Tests {
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

/// Coding agents that run on their own when they are given a prompt on the command line.
fn starts_agent(words: &[String]) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let has = |wanted: &[&str]| arguments.iter().any(|word| wanted.contains(&word.as_str()));
    match base_name(program) {
        "claude" => has(&["-p", "--print"]),
        "codex" => has(&["exec", "e"]),
        "gemini" | "qwen" => has(&["-p", "--prompt"]),
        "opencode" => has(&["run"]),
        "copilot" => has(&["-p", "--prompt"]),
        "cursor-agent" | "aider" | "amp" | "goose" | "droid" => true,
        // Programs that run a command line given as one word.
        "bash" | "sh" | "zsh" | "tmux" | "screen" | "ssh" | "parallel" | "xargs" | "script" => {
            words.iter().any(|word| word.contains("claude -p") || word.contains("codex exec")) || has(&["claude", "codex"])
        }
        _ => false,
    }
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

    #[test]
    fn shells_that_start_agents_are_seen() {
        assert!(read("claude -p 'review src' > a.txt &").starts_agents);
        assert!(read("for i in 1 2; do codex exec \"task $i\" & done; wait").starts_agents);
        assert!(!read("claude --version").starts_agents);
    }

    proptest! {
        #[test]
        fn no_command_makes_it_panic(command in "[ -~\\n\u{e9}\u{4e2d}]{0,200}") {
            let _ = read(&command);
        }
    }
}
