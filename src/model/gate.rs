//! Gates: commands that must pass, how they ended, and what is remembered of it.

use super::mark::Mark;
use super::moment::Moment;
use super::path::RepoPath;
use std::time::Duration;

/// How a gate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GateStatus {
    /// It ended with exit code 0.
    Passed,
    /// It ended with another exit code, or by a signal that was not ours.
    Failed,
    /// It took longer than its `timeout`.
    Timeout,
    /// It could not start: no such command, not executable, no such folder.
    Unavailable,
    /// It passed, and left processes behind or its output open.
    Leaked,
    /// It did not run, for a reason that `why` gives: a condition, or a gate that it needs and that did not pass.
    Skipped,
    /// It was ended, or not started, because the run ended: a signal, or another gate failed and `--fail-fast` was given.
    Cancelled,
    /// It would run; only with `--list`.
    Planned,
}

impl GateStatus {
    /// The word that the report uses.
    pub fn word(self) -> &'static str {
        match self {
            GateStatus::Passed => "passed",
            GateStatus::Failed => "failed",
            GateStatus::Timeout => "timeout",
            GateStatus::Unavailable => "unavailable",
            GateStatus::Leaked => "leaked",
            GateStatus::Skipped => "skipped",
            GateStatus::Cancelled => "cancelled",
            GateStatus::Planned => "planned",
        }
    }

    /// Whether its command ended well.
    pub fn is_pass(self) -> bool {
        matches!(self, GateStatus::Passed | GateStatus::Leaked)
    }

    /// Whether it ran, or should have, and did not end well.
    pub fn is_failure(self) -> bool {
        matches!(self, GateStatus::Failed | GateStatus::Timeout | GateStatus::Unavailable)
    }
}

/// What a gate printed, standard output and standard error in the order in which they came, as far as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// The beginning; all of it where `omitted` is 0 and `tail` is empty.
    pub head: Vec<u8>,
    /// The end, where the beginning is not all.
    pub tail: Vec<u8>,
    /// Bytes between the two.
    pub omitted: u64,
    /// The file that holds all of it, as shown, where the beginning and the end do not.
    pub file: Option<String>,
    /// Why there is no such file, though it was due.
    pub file_error: Option<String>,
}

impl Captured {
    /// How many bytes were printed.
    pub fn total(&self) -> u64 {
        self.head.len() as u64 + self.omitted + self.tail.len() as u64
    }
}

/// A process that a gate left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// Its number.
    pub pid: u32,
    /// Its command line, where the operating system tells.
    pub command: String,
}

/// What a gate left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leak {
    /// Processes of its group that were ended; not all of them where there are many.
    pub processes: Vec<Leftover>,
    /// Its output was held open by a process outside of its group, and was cut off.
    pub output_held: bool,
}

/// One gate of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct GateRun {
    /// Its name.
    pub name: String,
    /// The line of the configuration that defines it.
    pub mark: Mark,
    /// Its command, as written in the configuration.
    pub command: String,
    /// How it ended.
    pub status: GateStatus,
    /// The exit code of the last attempt.
    pub exit_code: Option<i32>,
    /// The signal that ended the last attempt.
    pub signal: Option<i32>,
    /// In one fragment: why it was skipped, cancelled, unavailable, planned; what else has to be known.
    pub why: Option<String>,
    /// It was skipped because nothing called for it (its conditions, its profiles), and not because of another gate.
    pub uncalled: bool,
    /// When the first attempt began.
    pub started: Option<Moment>,
    /// From the start of the first attempt to the end of the last.
    pub wall: Option<Duration>,
    /// Of that, the time in which an attempt ran.
    pub ran: Option<Duration>,
    /// Of that, the time in which it waited for its next attempt because its `backoff` says so.
    pub backed_off: Option<Duration>,
    /// Processor time of all attempts, as the operating system counts it for the processes that were waited for.
    pub cpu: Option<Duration>,
    /// The most memory that one of its processes held, in bytes, as `wait4` tells it. On Linux never less than what paralint
    /// itself held: a process that it starts inherits that mark (`setmax_mm_hiwater_rss` in the kernel's `exec_mmap`).
    pub peak_memory: Option<u64>,
    /// How often it was tried; 0 where it did not run.
    pub attempts: u32,
    /// It did not run again, because it had passed for the same tree.
    pub cached: bool,
    /// What it left behind.
    pub leak: Option<Leak>,
    /// What the last attempt printed.
    pub output: Captured,
    /// The gates that had to pass before.
    pub needs: Vec<String>,
    /// The resources that it held.
    pub resources: Vec<String>,
    /// How long it took the last time it passed.
    pub expected: Option<Duration>,
    /// The command that runs it again as it ran here, for a shell.
    pub again: String,
}

/// What bounds the time of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Gates that need each other, in their order.
    Chain(Vec<String>),
    /// Gates that hold one resource, and so never overlap.
    Resource(String),
}

/// A run of gates.
#[derive(Debug, Clone, PartialEq)]
pub struct GatesRun {
    /// The gates that were chosen, in the order of the configuration.
    pub gates: Vec<GateRun>,
    /// From the first start to the last end.
    pub wall: Duration,
    /// The sum of the times in which gates ran.
    pub work: Duration,
    /// The longest time that no number of jobs could have shortened.
    pub critical_path: Duration,
    /// What that time is made of.
    pub bound: Bound,
    /// The signal that ended the run.
    pub signal: Option<i32>,
    /// Only listed, not run.
    pub listed: bool,
}

/// What identifies a tree: its files, modes and contents, without the policy, state and configuration files that tools keep
/// beside the work, since a phase is marked complete in one of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct TreeKey(pub String);

/// An entry of a tree or of the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeEntry {
    /// The path.
    pub path: RepoPath,
    /// git's mode: 0o100644, 0o100755, 0o120000 or 0o160000.
    pub mode: u32,
    /// The blob or commit.
    pub id: String,
}

/// What passed, or did not, for which tree: the proof that a run leaves.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Receipt {
    /// When the run ended.
    pub at: Moment,
    /// The version of paralint.
    pub tool: String,
    /// The tree that its gates saw.
    pub tree: TreeKey,
    /// The gates that saw it from their start to their end.
    pub gates: Vec<GateReceipt>,
}

/// One gate of a receipt.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct GateReceipt {
    /// Its name.
    pub name: String,
    /// What its definition comes to: command, folder, variables, kind of inputs and the files that it was given.
    pub definition: String,
    /// How it ended.
    pub status: GateStatus,
    /// It was skipped because nothing in the whole tree calls for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncalled: bool,
    /// Its exit code.
    pub exit_code: Option<i32>,
    /// How often it was tried.
    pub attempts: u32,
    /// How long it took, in seconds.
    pub wall: f64,
}

/// What is known of gates that ran in this clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receipts {
    /// All that is kept, oldest first.
    pub all: Vec<Receipt>,
    /// Why some of them could not be read.
    pub problems: Vec<String>,
}

impl Receipts {
    /// How a gate of this definition ended for this tree, where it last passed or left something behind (`is_pass`) and has not
    /// failed since, by this version of paralint. Runs in which it was skipped, cancelled or only planned say nothing.
    pub fn passed(&self, tree: &TreeKey, name: &str, definition: &str) -> Option<&GateReceipt> {
        let is_own = |receipt: &&Receipt| receipt.tree == *tree && receipt.tool == env!("CARGO_PKG_VERSION");
        let of_tree = self.all.iter().rev().filter(is_own);
        let ran = |gate: &&GateReceipt| gate.status.is_pass() || gate.status.is_failure();
        let mut found = of_tree.flat_map(|receipt| receipt.gates.iter().rev());
        found.find(|gate| gate.name == name && gate.definition == definition && ran(gate)).filter(|gate| gate.status.is_pass())
    }
}

/// Something that a state file calls complete, and that has gates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The phase or sub-phase by its plain name, or `wave-3`.
    pub name: String,
    /// The line that says so.
    pub mark: Mark,
    /// The tree for which the gates had to pass; `None` where it is not known.
    pub tree: Option<TreeKey>,
    /// The trees of the present work: what is staged, and the last commit. Where it was completed before, a pass for one of
    /// them is good enough.
    pub present: Vec<TreeKey>,
    /// Who said so, and when.
    pub origin: Origin,
}

/// Where it was said that something is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In the change that is checked.
    Change,
    /// In a commit that was made in this clone.
    MadeHere(String),
    /// In a commit that came from elsewhere.
    Elsewhere(String),
    /// In a file that is not tracked: nobody knows when.
    Untracked,
    /// It could not be found out, and why.
    Unknown(String),
}
