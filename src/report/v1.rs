//! The JSON report, version 1: the contract for scripts, and the data that every other format is made from.
//!
//! Times are RFC 3339 in UTC with milliseconds, durations are seconds, paths use `/`.

mod gates;
mod repository;
mod stamp;

pub use gates::{Gate, GateOutput, GatesSummary, Process};
pub use repository::{ChangeSet, ChangedFile, HeldLock, Overlap, Owned, Ownership, OwningBoundary};
pub use stamp::Stamp;

use crate::model::claim::ClaimKind;
use crate::model::finding::{Severity, Verdict};
use crate::model::session::{Clock, Numbering, Status, Timing};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// One run of paralint.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "paralint report")]
pub struct Report {
    /// The version of this format.
    pub version: u32,
    /// Who wrote it.
    pub tool: Tool,
    /// The command that ran.
    pub command: String,
    /// The exit code that goes with it.
    pub exit_code: i32,
    /// The least severity that makes the exit code 1; `null` where none does.
    pub fail_on: Option<Severity>,
    /// How many findings.
    pub summary: Summary,
    /// The rules that were looked at: not switched off, and with something to look at.
    pub rules: Vec<String>,
    /// What was checked.
    pub checked: Vec<Checked>,
    /// What was not checked, and why.
    pub not_checked: Vec<NotChecked>,
    /// The findings: those of sessions in their order of time, then files by their worst finding; worst first within each file.
    pub findings: Vec<Finding>,
    /// The sessions that were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions: Option<Vec<Session>>,
    /// The change sets that were checked; a range comes before its commits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<ChangeSet>>,
    /// Files that two branches or worktrees both changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlaps: Option<Vec<Overlap>>,
    /// The order of merging in which the fewest merges meet a conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_order: Option<Vec<String>>,
    /// Who may change the paths that were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owners: Option<Vec<Owned>>,
    /// The gates that were chosen, in the order of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gates: Option<Vec<Gate>>,
    /// The run of the gates as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gates_summary: Option<GatesSummary>,
    /// Why the run could not do what it had to; only with exit code 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

/// Who wrote the report.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tool {
    /// Always `paralint`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// How many findings of each severity, and how many were set aside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Errors.
    pub error: u64,
    /// Warnings.
    pub warning: u64,
    /// Notes.
    pub note: u64,
    /// Findings that the configuration suppresses.
    pub suppressed: u64,
    /// Findings about the past that were accepted in the open.
    pub waived: u64,
}

/// Something that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Checked {
    /// What: `claims`, `overlap`, …
    pub what: String,
    /// How much of it.
    pub detail: String,
}

/// Something that was not checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotChecked {
    /// What.
    pub what: String,
    /// Why not.
    pub why: String,
}

/// Why a run ended with exit code 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Error {
    /// `usage`, `configuration`, `input` or `internal`.
    pub kind: String,
    /// What went wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
    /// Where.
    pub location: Option<Location>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Location {
    /// The file, relative to the repository; for sessions as given.
    pub path: String,
    /// `true` where bytes of the path that are not UTF-8 are percent-encoded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub path_encoded: bool,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1.
    pub column: Option<u64>,
    /// The last line.
    pub end_line: Option<u64>,
    /// The column after the last one.
    pub end_column: Option<u64>,
}

/// A further place that explains a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Related {
    /// The file.
    pub path: String,
    /// `true` where bytes of the path that are not UTF-8 are percent-encoded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub path_encoded: bool,
    /// The line, from 1.
    pub line: Option<u64>,
    /// What is to be seen there.
    pub message: String,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// The column after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u64>,
    /// The text of the line, where it is one of a policy, state or configuration file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// One violation of one rule.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule's name.
    pub rule: String,
    /// The rule's family.
    pub family: String,
    /// How bad.
    pub severity: Severity,
    /// For claims: what the timeline says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub location: Location,
    /// Further places.
    pub related: Vec<Related>,
    /// The agents involved.
    pub agents: Vec<String>,
    /// The files involved.
    pub paths: Vec<String>,
    /// The numbers that prove it.
    pub evidence: Map<String, Value>,
    /// How to fix it.
    pub help: String,
    /// Hexadecimal, stable across runs and line moves.
    pub fingerprint: String,
    /// Index into `sessions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<usize>,
    /// Index into that session's `claims`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<usize>,
    /// Ids of the dispatches that the finding is about, in the order of their start.
    pub dispatches: Vec<String>,
}

/// One session.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Session {
    /// Its identifier.
    pub id: String,
    /// The main transcript, as given.
    pub path: String,
    /// The log format.
    pub format: String,
    /// How this log tells before from after: by times, or by the order of its lines. With `lines` no time of any dispatch, call,
    /// edit or claim is known.
    pub clock: Clock,
    /// What every `line` of this session counts: lines of a file, or records of a store that has no lines. With `records` no
    /// finding has a line.
    pub numbering: Numbering,
    /// The first time stamp.
    pub started: Option<Stamp>,
    /// The last time stamp.
    pub ended: Option<Stamp>,
    /// The most dispatches that were open at once for sure: of those with a known start and end or, with the clock `lines`,
    /// by the order of the text.
    pub peak: u32,
    /// With the clock `lines`, and where it is more than `peak`: the most that may have been open at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possible_peak: Option<u32>,
    /// Records read.
    pub records: u64,
    /// Lines that were not one well-formed record.
    pub bad_lines: u64,
    /// Calls that started a subagent.
    pub dispatches: Vec<Dispatch>,
    /// Dispatches of one turn, connected by overlap in time or by one response.
    pub batches: Vec<Batch>,
    /// Claims and their verdicts.
    pub claims: Vec<Claim>,
    /// Tools that were used, those that started an agent left out; by thread, then in their order.
    pub calls: Vec<ToolCall>,
}

impl Session {
    /// The number of a place as a line, where the log has lines.
    pub fn line(&self, number: u64) -> Option<u64> {
        (self.numbering == Numbering::Lines).then_some(number)
    }

    /// Whether the order of its lines is all that the log tells of time.
    pub fn is_text(&self) -> bool {
        self.clock == Clock::Lines
    }

    /// The most agents at once that a text shows: `3`, or `at least 1` where it leaves open whether more were.
    pub fn text_peak(&self) -> String {
        if self.possible_peak.is_some() { format!("at least {}", self.peak) } else { self.peak.to_string() }
    }
}

/// One use of a tool that starts no agent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ToolCall {
    /// Index of the dispatch whose agent used it; `null` for the main thread.
    pub dispatch: Option<usize>,
    /// The tool.
    pub tool: Arc<str>,
    /// The line of the call, in the transcript of its thread; see the session's `numbering`.
    pub line: u64,
    /// When it was called.
    pub started: Option<Stamp>,
    /// When its result was logged.
    pub ended: Option<Stamp>,
    /// Its result is an error, or it was refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub failed: bool,
}

/// One call that started a subagent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Dispatch {
    /// The call.
    pub id: String,
    /// The agent.
    pub agent: Option<String>,
    /// The kind of agent.
    pub agent_type: Option<String>,
    /// What for.
    pub description: Option<String>,
    /// The dispatch whose agent made this call.
    pub parent: Option<String>,
    /// The response that holds the call.
    pub response: Option<String>,
    /// The turn, from 1; 0 before the first prompt.
    pub turn: u32,
    /// The line of the call; see the session's `numbering`.
    pub line: u64,
    /// When it was called.
    pub requested: Option<Stamp>,
    /// When its result (for a background agent: the last word of it) was logged.
    pub returned: Option<Stamp>,
    /// When the agent began.
    pub started: Option<Stamp>,
    /// When the agent ended.
    pub ended: Option<Stamp>,
    /// How long the log says that it ran, in seconds, where it does not say when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Where start and end come from.
    pub timing: Timing,
    /// How it ended.
    pub status: Status,
    /// It ran in the background.
    pub background: bool,
    /// How many tools it used.
    pub tool_uses: Option<u32>,
    /// What it changed.
    pub edits: Vec<Edit>,
}

/// A change of one file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Edit {
    /// The file.
    pub path: String,
    /// When.
    pub at: Option<Stamp>,
    /// With which tool.
    pub tool: String,
    /// Read from a shell command, so not proven.
    pub inferred: bool,
}

/// Dispatches that belong together, and how parallel they were. Measures are `null` where no interval is known.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Batch {
    /// Ids.
    pub dispatches: Vec<String>,
    /// How many.
    pub count: u32,
    /// The most that were open at once for sure: see the session's `peak`.
    pub peak: u32,
    /// The sum of their run times in seconds.
    pub work: Option<f64>,
    /// From the first start to the last end, in seconds.
    pub wall: Option<f64>,
    /// `work / wall`.
    pub effective_concurrency: Option<f64>,
    /// `work / (count · wall)`.
    pub efficiency: Option<f64>,
    /// `work / (peak · wall)`.
    pub utilisation: Option<f64>,
    /// Longest run divided by the mean.
    pub imbalance: Option<f64>,
    /// The share of the time from the first call to the last result in which none of them ran.
    pub overhead: Option<f64>,
}

/// A claim and its verdict.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Claim {
    /// The file, where it is not the session's main transcript.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Index of the dispatch whose agent made it, where it is not the main thread and that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<usize>,
    /// The line; see the session's `numbering`.
    pub line: u64,
    /// When it was made.
    pub at: Option<Stamp>,
    /// The turn that holds it, from 1; 0 before the first prompt.
    pub turn: u32,
    /// The sentence.
    pub text: String,
    /// Which window must back it.
    pub kind: ClaimKind,
    /// `false` where it only may be a claim.
    pub certain: bool,
    /// How many agents it names.
    pub agents: Option<u32>,
    /// Which speed-up it names.
    pub speedup: Option<f64>,
    /// What the timeline says.
    pub verdict: Verdict,
    /// Why, in one fragment.
    pub why: String,
    /// Index of the batch that it was held against.
    pub batch: Option<usize>,
}
