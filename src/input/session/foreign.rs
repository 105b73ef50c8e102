//! Tools of other programs' servers that start coding agents, whose runs stand in no log of this session.
//!
//! How such a tool is named differs: `mcp__codex__codex` (Claude Code, Codex CLI), `codex_codex` (OpenCode), `codex-codex`
//! (Copilot CLI).

/// Coding agents that serve tools, without `-mcp`, `-cli` and the like behind them.
const AGENTS: [&str; 15] = [
    "codex",
    "claude",
    "claude-code",
    "gemini",
    "opencode",
    "copilot",
    "qwen",
    "qwen-code",
    "aider",
    "goose",
    "amp",
    "cursor-agent",
    "droid",
    "crush",
    "subagent",
];

/// Tools that start an agent, whoever serves them.
const STARTERS: [&str; 11] = [
    "codex",
    "codex-reply",
    "claude",
    "claude-code",
    "task",
    "gemini",
    "ask-codex",
    "ask-claude",
    "ask-gemini",
    "run-subagent",
    "run-agent",
];

/// Tools that agents serve and that start none: they look at things, or change them themselves.
const PLAIN: [&str; 26] = [
    "bash",
    "shell",
    "read",
    "write",
    "edit",
    "multiedit",
    "notebookedit",
    "glob",
    "grep",
    "ls",
    "list",
    "search",
    "todowrite",
    "todoread",
    "webfetch",
    "websearch",
    "fetch",
    "ping",
    "help",
    "version",
    "status",
    "models",
    "usage",
    "config",
    "login",
    "logs",
];

/// Whether a tool of this name starts coding agents beside the session's own.
pub(super) fn starts_agents(tool: &str) -> bool {
    if tool.contains("spawn_agent") {
        return true;
    }
    if let Some((server, tool)) = tool.strip_prefix("mcp__").and_then(|rest| rest.rsplit_once("__")) {
        let tool = plain(tool);
        return STARTERS.contains(&tool.as_str()) || (is_agent(server) && !PLAIN.contains(&tool.as_str()));
    }
    let cuts = tool.match_indices(['-', '_']).take(8);
    cuts.map(|(at, _)| (&tool[..at], &tool[at + 1..])).any(|(server, tool)| is_agent(server) && !PLAIN.contains(&plain(tool).as_str()))
}

fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

fn is_agent(server: &str) -> bool {
    let name = plain(server);
    let ends = ["-mcp-server", "-server", "-mcp", "-cli", "-agents", "-agent", "s"];
    let mut name = name.trim_matches('-');
    loop {
        if AGENTS.contains(&name) {
            return true;
        }
        match ends.iter().find_map(|end| name.strip_suffix(end)) {
            Some(shorter) => name = shorter,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_that_start_agents_are_known_in_every_agents_names() {
        for tool in [
            "mcp__codex__codex",
            "mcp__codex-cli__codex",
            "mcp__claude__Task",
            "mcp__claude_code__claude_code",
            "mcp__tools__spawn_agent",
            "mcp__helpers__codex-reply",
            "mcp__gemini-mcp-server__chat",
            "codex_codex",
            "codex-codex",
            "claude-Task",
            "sub_spawn_agents",
        ] {
            assert!(starts_agents(tool), "{tool}");
        }
        for tool in [
            "mcp__claude__Read",
            "mcp__github__get_issue",
            "mcp__tasks__list",
            "github-mcp-server-get_file_contents",
            "exec_command",
            "write_stdin",
            "str_replace_editor",
            "codex_list",
            "TaskOutput",
            "_",
            "mcp__",
            "",
        ] {
            assert!(!starts_agents(tool), "{tool}");
        }
    }
}
