//! One conversation of a coding agent, as its log tells it.

use super::claim::{DenialForm, Recognised};
use super::damage::Damage;
use super::moment::Moment;
use std::sync::Arc;

/// A session: a main transcript and the transcripts of its subagents.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// The session's own identifier, or the file's name where the log has none.
    pub id: String,
    /// The main transcript's path as it was given, with `/`.
    pub path: String,
    /// The log format's name, such as `claude-code`.
    pub format: &'static str,
    /// How this log tells before from after.
    pub clock: Clock,
    /// What the numbers of its places count.
    pub numbering: Numbering,
    /// It may be a piece of a conversation, cut out anywhere, and may leave tools out: what is missing in it proves little.
    pub excerpt: bool,
    /// The working folder that the log names first.
    pub cwd: Option<String>,
    /// The earliest and the latest time stamp of any record.
    pub started: Option<Moment>,
    /// See `started`.
    pub ended: Option<Moment>,
    /// How many records were read, over all transcripts.
    pub records: u64,
    /// The lines that were not one well-formed record.
    pub damage: Damage,
    /// What else was odd about the log, each once with its first place.
    pub notices: Vec<Notice>,
    /// The transcripts; the first one is the main thread.
    pub transcripts: Vec<Transcript>,
    /// Every call that starts a subagent, in the order of the transcripts and their lines.
    pub dispatches: Vec<Dispatch>,
}

/// How a log tells before from after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Its records have times.
    #[default]
    Times,
    /// Its records have no times: what stands further down came later. Dispatches have an `extent`.
    Lines,
}

/// What the number of a place counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Numbering {
    /// Lines of the file.
    #[default]
    Lines,
    /// Records of a store that has no lines: a report does not show them as lines.
    Records,
}

/// Where in a text without times a dispatch ran, in lines: each is the first line and the line at which it was over.
///
/// Two dispatches whose `surely` overlap ran at once; two whose `possibly` do not overlap did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The stretch in which it ran for sure.
    pub surely: (u64, u64),
    /// The longest stretch in which it may have run; `u64::MAX` where no end is known.
    pub possibly: (u64, u64),
}

/// Something odd that was read over, with the place where it was first seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The file.
    pub path: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// What was odd, as a fragment.
    pub what: String,
}

/// What one thread (the main one or one subagent) wrote and did.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    /// The file that holds it, as given; sidechains of old logs share the main file.
    pub path: String,
    /// The agent's identifier; `None` for the main thread.
    pub agent: Option<String>,
    /// Index of the dispatch that started it, where the log says so.
    pub dispatch: Option<usize>,
    /// The working folder of its first record.
    pub cwd: Option<String>,
    /// First and last record of this transcript, copies left out.
    pub first: Option<Moment>,
    /// See `first`.
    pub last: Option<Moment>,
    /// Lines at which a human prompt stands, ascending. Turn `n` (from 1) begins at `prompts[n - 1]`.
    pub prompts: Vec<Place>,
    /// Every response of the model, in the order in which they began.
    pub responses: Vec<Response>,
    /// Claims, in the order of lines.
    pub claims: Vec<Claim>,
    /// Denials, in the order of lines.
    pub denials: Vec<Denial>,
    /// Each use of a tool that is not a dispatch, in the order of lines.
    pub calls: Vec<ToolCall>,
    /// How many tools it used, dispatches included.
    pub tool_uses: u32,
    /// Files that it changed.
    pub edits: Vec<Edit>,
    /// Shell commands that bear on a claim: test runs and runs that may be one.
    pub runs: Vec<Run>,
    /// Where the user interrupted the model or rejected a tool.
    pub interruptions: Vec<Place>,
    /// Where agents are started by other means than dispatches.
    pub other_means: Vec<OtherMeans>,
    /// Progress files that it wrote.
    pub reports: Vec<ProgressReport>,
    /// The line of the last record that belongs to the conversation.
    pub last_line: u64,
    /// It ends with a tool's call or result: the model had not finished its turn.
    pub ends_mid_turn: bool,
}

impl Session {
    /// A place among the others of this session: its time, or its line where the log has no clock.
    pub fn when(&self, place: Place) -> Option<Moment> {
        match self.clock {
            Clock::Times => place.at,
            Clock::Lines => Some(Moment(i64::try_from(place.line).unwrap_or(i64::MAX))),
        }
    }
}

/// A place in a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The line, from 1.
    pub line: u64,
    /// When, where the record says so.
    pub at: Option<Moment>,
}

/// One response of the model: every record that shares a `message.id`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// Where its first record stands.
    pub first: Place,
    /// Where its last record stands.
    pub last: Place,
    /// The log says that the model ended its turn with this response.
    pub ends_turn: bool,
    /// It used a tool.
    pub has_calls: bool,
}

/// One use of a tool that starts no agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The tool.
    pub tool: Arc<str>,
    /// Where the call stands.
    pub place: Place,
    /// When its result was logged.
    pub ended: Option<Moment>,
    /// Its result is an error, or it was refused.
    pub failed: bool,
    /// It only waits for agents, or talks about them: no work beside an agent.
    pub waits: bool,
}

/// A claim with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Where it stands.
    pub place: Place,
    /// The `message.id` of the response that holds it.
    pub response: Option<String>,
    /// Index of that response among the transcript's.
    pub response_index: usize,
    /// The turn that holds it, from 1; 0 before the first prompt.
    pub turn: u32,
    /// The sentence.
    pub text: String,
    /// The record's own identifier, for a fingerprint that survives copies of the log.
    pub record: String,
    /// What was recognised. Its `span` lies in the text block.
    pub what: Recognised,
}

/// A denial with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Denial {
    /// Where it stands.
    pub place: Place,
    /// The turn that holds it.
    pub turn: u32,
    /// The sentence.
    pub text: String,
    /// The record's own identifier.
    pub record: String,
    /// What is denied.
    pub form: DenialForm,
}

/// Where a dispatch's start and end come from, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Timing {
    /// First and last record of the agent's own transcript.
    Transcript,
    /// The result's time and the duration that it reports.
    Duration,
    /// A background launch and its notification.
    Notification,
    /// Only the call and its result are known: the agent ran somewhere in between.
    Bounds,
    /// No end is known.
    None,
}

impl Timing {
    /// The word that the report uses.
    pub fn word(self) -> &'static str {
        match self {
            Timing::Transcript => "transcript",
            Timing::Duration => "duration",
            Timing::Notification => "notification",
            Timing::Bounds => "bounds",
            Timing::None => "none",
        }
    }
}

/// How a dispatch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It came back with a result.
    Completed,
    /// It came back with an error, or was killed.
    Failed,
    /// The user refused it.
    Rejected,
    /// The user interrupted it.
    Interrupted,
    /// It was launched in the background and no end is in the log.
    Running,
    /// The log holds no result for it.
    NoResult,
}

impl Status {
    /// The word that the report uses.
    pub fn word(self) -> &'static str {
        match self {
            Status::Completed => "completed",
            Status::Failed => "failed",
            Status::Rejected => "rejected",
            Status::Interrupted => "interrupted",
            Status::Running => "running",
            Status::NoResult => "no-result",
        }
    }
}

/// One call that starts a subagent.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispatch {
    /// The call's identifier.
    pub id: String,
    /// The agent that it started.
    pub agent: Option<String>,
    /// The kind of agent that was asked for.
    pub agent_type: Option<String>,
    /// What the caller says it is for.
    pub description: Option<String>,
    /// The dispatch in whose agent this call was made.
    pub parent: Option<String>,
    /// Index of the transcript in which the call stands.
    pub transcript: usize,
    /// The response that holds the call.
    pub response: Option<String>,
    /// The turn that holds the call, from 1; 0 before the first prompt.
    pub turn: u32,
    /// The call's line.
    pub line: u64,
    /// When it was called.
    pub requested: Option<Moment>,
    /// When its result (for a background agent: the last word of it) was logged.
    pub returned: Option<Moment>,
    /// When the agent began and ended; both or none.
    pub started: Option<Moment>,
    /// See `started`.
    pub ended: Option<Moment>,
    /// Where it ran in a log whose clock is its lines.
    pub extent: Option<Extent>,
    /// How long the log says that it ran, in milliseconds, where start and end are not known.
    pub duration: Option<i64>,
    /// Where start and end come from.
    pub timing: Timing,
    /// How it ended.
    pub status: Status,
    /// It ran in the background.
    pub background: bool,
    /// How many tools the agent used.
    pub tool_uses: Option<u32>,
    /// Files that the agent changed.
    pub edits: Vec<Edit>,
    /// The worktree that the agent worked in, where it is not the session's own folder.
    pub worktree: Option<String>,
}

/// A change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where the call stands.
    pub place: Place,
    /// The file: relative to the session's folder where it lies inside, else absolute.
    pub path: String,
    /// The tool that made it.
    pub tool: String,
    /// Read from a shell command, so not proven.
    pub inferred: bool,
    /// The worktree that it was made in, where it is not the session's own folder.
    pub worktree: Option<String>,
}

/// A shell command that ran tests, or may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where the call stands.
    pub place: Place,
    /// When its result was logged.
    pub ended: Option<Moment>,
    /// The command is a known test runner; otherwise it only may have run tests.
    pub tests: bool,
    /// It ended with exit code 0; `None` where the log does not say.
    pub passed: Option<bool>,
    /// How many tests its output says passed.
    pub count: Option<u32>,
    /// The command, for the message.
    pub command: String,
}

/// Agents that were started by other means than a dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherMeans {
    /// Where.
    pub place: Place,
    /// What.
    pub what: Means,
}

/// By what agents were started, or made to work, where no dispatch shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A shell command that starts a coding agent.
    Shell,
    /// A tool that starts agents whose runs the log does not show.
    Tool,
    /// A script that starts agents whose runs the log does not show.
    Script,
    /// An agent team.
    Team,
    /// A workflow.
    Workflow,
    /// A message to an agent that was at work.
    Message,
    /// An agent ran that no call started.
    Uncalled,
    /// Agents that a console does not show. A call is drawn for good when it comes back, and background agents do at once: what
    /// the same response called after it is then not drawn (seen in public consoles of Claude Code 2.1).
    Hidden,
    /// Calls that this part of a text leaves out.
    LeftOut,
}

/// A progress file as it was written: PARALLEL_STATUS.json or execution-progress.md.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressReport {
    /// Where the write stands.
    pub place: Place,
    /// The file.
    pub path: String,
    /// The record's own identifier.
    pub record: String,
    /// Tasks that it calls complete.
    pub completed: u32,
    /// Tasks that it calls running.
    pub running: u32,
    /// The line or key that says so, for the message.
    pub text: String,
}
