//! Which command lines start coding agents.
//!
//! An agent that is found here makes claims about agents unverifiable, so a plain command of a developer must not be one,
//! and what hides behind a script's name is not guessed.

use super::base_name;
use super::split::{Part, split};

/// How deep command lines may stand in words of others.
const DEEPEST: usize = 3;

/// Options of wrappers that take a word.
const WITH_WORD: [&str; 15] =
    ["-u", "-g", "-h", "-C", "-n", "-k", "-s", "-S", "--user", "--group", "--signal", "--chdir", "-p", "--package", "--from"];

/// Programs that run what stands behind them, somewhere.
const CARRIERS: [&str; 17] = [
    "docker",
    "podman",
    "nerdctl",
    "kubectl",
    "oc",
    "ssh",
    "xargs",
    "parallel",
    "tmux",
    "screen",
    "script",
    "start",
    "Start-Process",
    "Start-Job",
    "devcontainer",
    "docker-compose",
    "watch",
];

/// Programs that run a command line that is given as one word.
const SHELLS: [&str; 18] = [
    "bash",
    "sh",
    "zsh",
    "dash",
    "fish",
    "ksh",
    "pwsh",
    "powershell",
    "cmd",
    "tmux",
    "screen",
    "ssh",
    "parallel",
    "xargs",
    "script",
    "eval",
    "npx",
    "watch",
];

/// Programs that run a script that is given as one word.
const INTERPRETERS: [&str; 9] = ["python", "python3", "node", "ruby", "perl", "bun", "deno", "php", "py"];

/// Whether a command line starts coding agents. `parts` is what it consists of.
pub(super) fn starts_agents(command: &str, parts: &[Part]) -> bool {
    match resolved(command) {
        Some(plain) => any_starts(&split(&plain), 0),
        None => any_starts(parts, 0),
    }
}

/// A command line with the programs' names in place of the questions where they lie; `None` where it asks for none.
fn resolved(command: &str) -> Option<String> {
    let asks = [("$(which ", ")"), ("$(command -v ", ")"), ("$(type -p ", ")"), ("`which ", "`"), ("`command -v ", "`")];
    let mut plain: Option<String> = None;
    for (ask, end) in asks {
        let text = plain.as_deref().unwrap_or(command);
        if !text.contains(ask) {
            continue;
        }
        let mut pieces = text.split(ask);
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once(end).unwrap_or((piece, ""));
            out.push_str(name);
            out.push_str(rest);
        }
        plain = Some(out);
    }
    plain
}

fn any_starts(parts: &[Part], depth: usize) -> bool {
    parts.iter().any(|part| starts(&part.words, part.behind == "&", depth))
}

/// Whether a simple command starts an agent, by itself or in what it runs.
fn starts(words: &[String], behind: bool, depth: usize) -> bool {
    let words = unwrapped(words);
    let Some((program, arguments)) = words.split_first() else { return false };
    let program = base_name(program);
    if is_agents_run(program, arguments, behind) {
        return true;
    }
    if depth >= DEEPEST {
        return false;
    }
    let plain = program.strip_suffix(".exe").unwrap_or(program);
    if CARRIERS.contains(&plain) && (0..arguments.len()).any(|at| is_agents_run(base_name(&arguments[at]), &arguments[at + 1..], behind)) {
        return true;
    }
    if SHELLS.contains(&plain) {
        return arguments.iter().any(|word| word.contains(char::is_whitespace) && any_starts(&split(word), depth + 1));
    }
    INTERPRETERS.contains(&plain)
        && arguments.iter().any(|word| matches!(word.as_str(), "-c" | "-e" | "--eval" | "eval" | "-r"))
        && arguments.iter().any(|word| script_starts(word))
}

/// Whether a script of another language runs an agent as a program.
fn script_starts(script: &str) -> bool {
    let runs = ["Popen", "subprocess", "spawn", "exec", "system", "run("].iter().any(|word| script.contains(word));
    let names = || ["codex", "claude", "gemini", "opencode", "cursor-agent"].into_iter();
    let named = || names().any(|name| ['\'', '"'].iter().any(|quote| script.contains(&format!("{quote}{name}{quote}"))));
    runs && (named() || ["codex exec", "claude -p", "gemini -p", "opencode run"].iter().any(|line| script.contains(line)))
}

/// The words without what runs them here: `sudo -u x`, `env -i`, `npx -y`, `pnpm dlx`.
fn unwrapped(words: &[String]) -> &[String] {
    let mut words = words;
    // A wrapper may stand in a wrapper; no line has many.
    for _ in 0..8 {
        let Some((first, rest)) = words.split_first() else { return words };
        let second = rest.first().map(String::as_str).unwrap_or_default();
        let skip = match base_name(first) {
            "sudo" | "doas" | "env" | "nohup" | "setsid" | "nice" | "ionice" | "stdbuf" | "caffeinate" | "unbuffer" | "time"
            | "command" | "exec" | "npx" | "bunx" | "pnpx" | "uvx" | "then" | "do" | "else" | "if" | "while" | "{" | "(" | "!" => 1,
            "npm" | "pnpm" | "yarn" | "bun" | "uv" | "pipx" | "mise" | "poetry" | "nix" | "uv-tool"
                if matches!(second, "exec" | "x" | "dlx" | "run") =>
            {
                2
            }
            "uv" if second == "tool" => 3,
            // Their first word is not the command's.
            "timeout" | "gtimeout" => 1,
            _ if is_assignment(first) || first.starts_with('-') => 1,
            _ => return words,
        };
        words = words.get(skip..).unwrap_or_default();
        while let Some(option) = words.first().filter(|word| word.starts_with('-') || is_assignment(word)) {
            words = words.get(if WITH_WORD.contains(&option.as_str()) { 2 } else { 1 }..).unwrap_or_default();
        }
        if first.ends_with("timeout") {
            words = words.get(1..).unwrap_or_default();
        }
    }
    words
}

fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

/// The agent that a program is: by its name, or by that of its package.
fn agent_of(program: &str) -> Option<&'static str> {
    let name = program.strip_suffix(".cmd").or_else(|| program.strip_suffix(".ps1")).unwrap_or(program);
    // A shell that is not of Windows swallows the backslashes of a path.
    if let Some(name) = name.strip_suffix(".exe") {
        return AGENTS.iter().map(|(known, _)| *known).find(|known| name.ends_with(known));
    }
    // `@openai/codex@latest` is `codex@latest` here.
    let name = name.split('@').next().unwrap_or_default();
    let name = match name {
        "claude-code" => "claude",
        "gemini-cli" => "gemini",
        "qwen-code" => "qwen",
        "opencode-ai" => "opencode",
        "aider-chat" => "aider",
        _ => name,
    };
    AGENTS.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// Coding agents, and the words with which they run on their own; of those without words any argument will do.
const AGENTS: [(&str, &[&str]); 12] = [
    ("claude", &["-p", "--print"]),
    ("codex", &["exec", "e", "review", "--full-auto", "--yolo", "--dangerously-bypass-approvals-and-sandbox"]),
    ("gemini", &["-p", "--prompt", "--yolo", "-y"]),
    ("qwen", &["-p", "--prompt", "--yolo", "-y"]),
    ("opencode", &["run"]),
    ("copilot", &["-p", "--prompt"]),
    ("crush", &["run"]),
    ("droid", &["exec"]),
    ("goose", &["run"]),
    ("cursor-agent", &[]),
    ("aider", &[]),
    ("amp", &[]),
];

/// Words with which an agent only says something about itself.
const ABOUT_ITSELF: [&str; 9] = ["--version", "-V", "-v", "--help", "-h", "help", "version", "login", "mcp"];

/// Whether a program with its arguments is an agent that runs on its own.
fn is_agents_run(program: &str, arguments: &[String], behind: bool) -> bool {
    if program == "gh" {
        return matches!(arguments, [task, create, ..] if matches!(task.as_str(), "agent-task" | "agent-tasks" | "agent") && create == "create");
    }
    let Some(agent) = agent_of(program) else { return false };
    if arguments.first().is_some_and(|word| ABOUT_ITSELF.contains(&word.as_str())) {
        return false;
    }
    let words = AGENTS.iter().find(|(known, _)| *known == agent).map_or(&[][..], |(_, words)| words);
    // One that is sent to the background with a prompt does not wait for a human.
    let prompted = behind && arguments.iter().any(|word| word.contains(char::is_whitespace));
    prompted || (words.is_empty() && !arguments.is_empty()) || arguments.iter().any(|word| words.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::input::session::shell::read;
    use proptest::prelude::*;

    #[test]
    fn shells_that_start_agents_are_seen() {
        for command in [
            "claude -p 'review src' > a.txt &",
            "for i in 1 2; do codex exec \"task $i\" & done; wait",
            "npx -y @openai/codex exec a",
            "npx @anthropic-ai/claude-code@latest -p a",
            "npm exec -- @openai/codex exec a",
            "bunx @openai/codex exec a",
            "pnpm dlx @google/gemini-cli -p a &",
            "uvx aider -m a",
            "uvx --from aider-chat aider -m a",
            "docker run --rm -v $PWD:/w image codex exec a",
            "docker compose run agent claude -p a",
            "kubectl exec pod -- codex exec a",
            "sudo -u x codex exec a",
            "env -i A=b codex exec a",
            "A=b timeout -k 5 600 codex --search exec a",
            "$(which codex) exec a",
            "`which claude` -p a",
            "/usr/local/bin/codex exec a",
            r"C:\tools\codex.exe exec a",
            "codex -c x=y exec a",
            "codex review --uncommitted &",
            "codex --full-auto \"do a\" &",
            "codex 'do a' &",
            "gh agent-task create 'a'",
            "python3 -c \"import subprocess; subprocess.Popen(['codex','exec','a'])\"",
            "node -e \"require('child_process').spawn('claude', ['-p', 'a'])\"",
            "pwsh -c \"codex exec a\"",
            "bash -lc \"cd a && sudo -u x codex exec a &\"",
            "setsid nohup codex exec a > log 2>&1 &",
            "tmux new-session -d -s a \"claude -p a\"",
            "echo a b | xargs -P2 -n1 codex exec",
            "parallel codex exec ::: a b",
            "ssh host codex exec a",
            "crush run a",
            "droid exec a",
        ] {
            assert!(read(command).starts_agents, "{command}");
        }
    }

    const PLAIN: [&str; 34] = [
        "cargo test",
        "cargo run --bin codex -- exec",
        "npm test",
        "npm run e",
        "npm exec vitest run",
        "npx -y prettier --write .",
        "pnpm dlx create-app e",
        "uv run pytest -p no:cacheprovider",
        "uvx ruff check",
        "docker compose up -d",
        "docker run --rm -p 80:80 image npm test",
        "docker build -t codex .",
        "docker exec db psql -c 'select 1'",
        "kubectl get pods -o json",
        "kubectl exec pod -- ls -p",
        "sudo -u postgres psql -c 'select 1'",
        "env -i PATH=/bin make test",
        "$(which python3) -m pytest",
        "which codex claude",
        "command -v claude",
        "claude --version",
        "codex --version",
        "codex login status",
        "claude mcp list",
        "aider --version",
        "gh pr create --title 'codex exec'",
        "gh run list",
        "git commit -m 'codex exec in the background' &",
        "grep -rn 'codex exec' docs",
        "echo \"claude -p a\"",
        "python3 -c \"import json; print('codex')\"",
        "bash -c 'cargo build && npm run dev'",
        "ssh host systemctl status copilot",
        "cat claude.md",
    ];

    #[test]
    fn what_developers_run_every_day_starts_no_agents() {
        for command in PLAIN {
            assert!(!read(command).starts_agents, "{command}");
        }
    }

    proptest! {
        #[test]
        fn plain_commands_in_a_row_start_no_agents(
            commands in prop::collection::vec((prop::sample::select(&PLAIN[..]), prop::sample::select(&[" && ", "; ", " || ", " &\n"][..])), 1..6),
            before in prop::sample::select(&["", "sudo ", "env -i ", "timeout 60 ", "nohup "][..]),
        ) {
            let line: String = commands.iter().map(|(command, join)| format!("{before}{command}{join}")).collect();
            prop_assert!(!read(&line).starts_agents, "{line}");
        }

        #[test]
        fn no_wrapper_hides_an_agent(
            wrappers in prop::collection::vec(prop::sample::select(&["sudo -u x ", "env -i A=b ", "nohup ", "timeout 5 ", "npx -y ", "setsid "][..]), 0..4),
        ) {
            let line = format!("{}codex exec a", wrappers.concat());
            prop_assert!(read(&line).starts_agents, "{line}");
        }
    }
}
