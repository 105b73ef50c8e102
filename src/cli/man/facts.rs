//! What manual pages say beyond `--help`: how a run ends, what it reads of the environment, which files it knows.

/// Something that a section of a page tells of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// `PARALINT_SKIP`
    pub(super) name: &'static str,
    /// What it is for, in sentences.
    pub(super) says: &'static str,
    /// The commands whose pages tell of it; the main page tells of all.
    commands: &'static [&'static str],
}

impl Entry {
    /// Whether the page of a command tells of it.
    pub(super) fn is_about(&self, command: &str) -> bool {
        self.commands.contains(&command)
    }
}

/// Those with findings, with a report, and with gates.
const CHECKING: &[&str] = &["check", "hook", "audit", "overlap", "gates"];
const REPORTING: &[&str] = &["check", "audit", "overlap", "gates", "owners"];
const GATING: &[&str] = &["check", "gates"];
const LOGS: &[&str] = &["check", "audit"];
const STATE: &[&str] = &["check", "owners", "gates"];
const TIMES: &[&str] = &["check", "audit", "owners"];
const HOOKS: &[&str] = &["install"];
/// Those that end with 0 or 2.
const PLAIN: &[&str] = &["owners", "rule", "waive", "schema", "completions", "man"];

/// The sections, in the order of a page.
pub(super) const SECTIONS: &[(&str, &[Entry])] = &[("EXIT STATUS", EXITS), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)];

const EXITS: &[Entry] = &[
    Entry { name: "0", says: "Clean: nothing was found at or above --fail-on (error without it).", commands: CHECKING },
    Entry { name: "0", says: "It was done.", commands: PLAIN },
    Entry { name: "1", says: "Something was found at or above --fail-on.", commands: CHECKING },
    Entry {
        name: "2",
        says: "Wrong usage, a configuration that cannot be used, a report that could not be written, or something that had to be \
               checked and could not be: a shallow clone, a log that cannot be read, a state file that is there but cannot be used.",
        commands: CHECKING,
    },
    Entry { name: "2", says: "Wrong usage, or something that could not be read or written.", commands: PLAIN },
    Entry { name: "128 + N", says: "Ended by signal N while gates ran.", commands: GATING },
];

const ENVIRONMENT: &[Entry] = &[
    Entry {
        name: "PARALINT_AGENT",
        says: "Who makes the change that is checked, as --agent says it: a boundary, a task or an owner. --agent comes first.",
        commands: &["check"],
    },
    Entry {
        name: "PARALINT_SKIP",
        says: "Rules that this run leaves out, between commas, with or without their family: claimed-serial,overlap/mixed-ownership. \
               Every report says so. A file that cannot be used, and what could not be checked, cannot be skipped.",
        commands: CHECKING,
    },
    Entry {
        name: "SKIP",
        says: "The git hooks do nothing, and say so, where one of the names between commas is paralint.",
        commands: &["install", "hook"],
    },
    Entry {
        name: "PARALINT_OPTIONAL",
        says: "With 1, true or yes the git hooks pass, and say so, where there is no paralint.",
        commands: HOOKS,
    },
    Entry {
        name: "CLAUDE_CONFIG_DIR",
        says: "Folders in which Claude Code keeps its logs, between commas, beside ~/.claude and ~/.config/claude.",
        commands: LOGS,
    },
    Entry { name: "CODEX_HOME", says: "The folder in which Codex CLI keeps its rollouts, in place of ~/.codex.", commands: LOGS },
    Entry {
        name: "COPILOT_HOME",
        says: "The folder in which Copilot CLI keeps its logs, in place of ~/.copilot. XDG_STATE_HOME is looked at as well.",
        commands: LOGS,
    },
    Entry { name: "XDG_DATA_HOME", says: "A folder with OpenCode's sessions in opencode/, beside ~/.local/share.", commands: LOGS },
    Entry { name: "OPENCODE_DB", says: "A store of OpenCode's sessions, by its absolute path.", commands: LOGS },
    Entry { name: "TZ", says: "The time zone of times that name none: in state files, and behind --since and --until.", commands: TIMES },
    Entry { name: "NO_COLOR", says: "Not empty: no colours, unless --color says otherwise.", commands: REPORTING },
    Entry {
        name: "CLICOLOR_FORCE",
        says: "Not empty and not 0: colours also where the output is no terminal, unless --color or NO_COLOR says otherwise.",
        commands: REPORTING,
    },
    Entry { name: "GITHUB_STEP_SUMMARY", says: "The file to which --format github adds a summary of the step.", commands: REPORTING },
    Entry {
        name: "GITHUB_OUTPUT",
        says: "The file to which --format github adds the number of findings and the exit code.",
        commands: REPORTING,
    },
    Entry { name: "TMPDIR", says: "Where --open puts the page.", commands: LOGS },
    Entry {
        name: "DISPLAY, WAYLAND_DISPLAY, BROWSER",
        says: "Where none of them is set, --open says where the page is and opens nothing.",
        commands: LOGS,
    },
];

const FILES: &[Entry] = &[
    Entry {
        name: "paralint.toml",
        says: "The configuration: the nearest one from the current folder up to the root of the repository.",
        commands: CHECKING,
    },
    Entry { name: ".paralint/waivers.toml", says: "Findings about the past that were accepted.", commands: &["check", "audit", "waive"] },
    Entry {
        name: "BOUNDARIES.json",
        says: "Named areas, and who may change what. Like the files below it lies at the root of the repository or in .claude/.",
        commands: STATE,
    },
    Entry { name: "WORKFLOW_STATE.json", says: "The current phase, and which ones are complete.", commands: GATING },
    Entry { name: "RESOURCE_LOCKS.json", says: "Who has locked which paths.", commands: &["check", "owners"] },
    Entry { name: "PARALLEL_STATUS.json", says: "The tasks, and how far they are.", commands: &["check"] },
    Entry { name: "DEPENDENCY_GRAPH.json", says: "Which components wait for which.", commands: &["check"] },
    Entry {
        name: ".claude/context/",
        says: "What waves have put out, and how far the work is: wave-N-output.yaml, execution-progress.md.",
        commands: &["check"],
    },
    Entry { name: "~/.claude/projects/", says: "The session logs of Claude Code.", commands: LOGS },
];

/// The commands that a reader of a command's page may look for as well.
pub(super) fn related(command: &str) -> &'static [&'static str] {
    match command {
        "check" => &["gates", "audit", "overlap", "owners"],
        "audit" => &["check", "waive", "rule"],
        "gates" | "overlap" | "owners" => &["check"],
        "rule" => &["check", "audit"],
        "waive" => &["audit", "rule"],
        "init" => &["install", "check"],
        "install" => &["uninstall", "init"],
        "uninstall" => &["install"],
        _ => &[],
    }
}

/// A heading that shouts, as a heading below another: `"WHAT TO CHECK"` becomes `"What to check"`.
pub(super) fn sentence_case(heading: &str) -> String {
    let mut is_first = true;
    let calm = |letter: char| {
        let keeps = !letter.is_alphabetic() || std::mem::take(&mut is_first);
        if keeps { letter } else { letter.to_ascii_lowercase() }
    };
    heading.chars().map(calm).collect()
}

#[cfg(test)]
mod tests {
    use super::{SECTIONS, related};
    use clap::CommandFactory;

    #[test]
    fn what_is_told_of_a_command_is_told_of_one_that_is_there() {
        let command = crate::cli::Arguments::command();
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        for (_, entries) in SECTIONS {
            for entry in *entries {
                assert!(!entry.commands.is_empty() && entry.commands.iter().all(|name| names.contains(name)), "{}", entry.name);
            }
        }
        for name in &names {
            assert!(related(name).iter().all(|other| names.contains(other) && other != name), "{name}");
        }
    }
}
