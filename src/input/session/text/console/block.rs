//! What stands in a console, one after another.

use super::outcome::Outcome;
use crate::model::session::Means;

/// One thing that a console shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// What the user typed.
    Prompt {
        /// Its first line.
        line: u64,
    },
    /// The assistant's own words.
    Prose(Prose),
    /// The use of a tool, or a call of one agent.
    Call(Call),
    /// Several agents that one response called.
    Group(Group),
    /// Tools that are only counted: `Read 2 files, ran 1 shell command (ctrl+o to expand)`.
    Tally {
        /// Where.
        line: u64,
        /// Shell commands are among them.
        shell: bool,
    },
    /// A background agent came to its end: `Agent "…" finished · 44s`.
    Ended(Ended),
    /// So many background agents are at work: `✻ Waiting for 2 background agents to finish`.
    Waiting {
        /// Where.
        line: u64,
        /// How many.
        count: u32,
    },
    /// Agents are at work by other means: a team, a workflow.
    OtherMeans {
        /// Where.
        line: u64,
        /// By what.
        what: Means,
    },
    /// The assistant's turn is over: `✻ Brewed for 2m 3s`.
    TurnEnd {
        /// Where.
        line: u64,
    },
    /// The user stopped the assistant.
    Interrupted {
        /// Where.
        line: u64,
    },
    /// A document's fence around a paste closed: what comes is another paste.
    PasteEnd {
        /// Where.
        line: u64,
    },
}

/// The assistant's words, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Prose {
    /// The line on which it begins.
    pub(super) line: u64,
    /// Its lines without the indentation that the console gives them; blank lines are empty.
    pub(super) lines: Vec<String>,
}

/// The use of a tool or one agent.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Call {
    /// Its header's line.
    pub(super) line: u64,
    /// Its last line.
    pub(super) last_line: u64,
    /// What stands before the parenthesis.
    pub(super) name: String,
    /// What stands inside.
    pub(super) input: String,
    /// The input was wrapped: what closes it stands in a later line.
    pub(super) wrapped: bool,
    /// What stands beneath, without its indentation.
    pub(super) output: Vec<String>,
    /// Which of these lines stand behind a `⎿`: each begins a result.
    pub(super) results: Vec<usize>,
}

/// What a group's header says of its agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// `Running 3 agents…`
    Running,
    /// `3 agents finished`
    Finished,
    /// `3 background agents launched`
    Launched,
}

/// Several agents that one response called.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// Its header's line.
    pub(super) line: u64,
    /// How many agents the header counts.
    pub(super) count: u32,
    /// What the header says of them.
    pub(super) phase: Phase,
    /// The header as it stands, where no hint of a key proves that the program wrote it.
    pub(super) words: Option<String>,
    /// Their kind, where all are of one.
    pub(super) kind: Option<String>,
    /// A row for each that is shown.
    pub(super) rows: Vec<Row>,
}

/// One agent of a group.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Row {
    /// Its line.
    pub(super) line: u64,
    /// What it is for, with its counts: `Look at the cart · 9 tool uses · 18.5k tokens`.
    pub(super) text: String,
    /// What stands beneath it.
    pub(super) output: Vec<String>,
}

/// The end of a background agent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ended {
    /// Where.
    pub(super) line: u64,
    /// What the agent is for.
    pub(super) description: String,
    /// How it ended, and how long it ran.
    pub(super) outcome: Outcome,
}
