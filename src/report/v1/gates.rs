//! Gates in the report.

use super::{Location, Stamp};
use crate::model::gate::GateStatus;
use schemars::JsonSchema;
use serde::Serialize;

/// One gate of a run.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// How it ended.
    pub status: GateStatus,
    /// The exit code of the last attempt.
    pub exit_code: Option<i32>,
    /// The number of the signal that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// Why it was skipped, cancelled, unavailable or planned; what else has to be known.
    pub why: Option<String>,
    /// When the first attempt began.
    pub started: Option<Stamp>,
    /// From there to the end of the last attempt, in seconds.
    pub wall: Option<f64>,
    /// Processor time of all attempts in seconds, of the processes that were waited for.
    pub cpu: Option<f64>,
    /// The most memory that one of its processes held, in bytes; on Linux never less than what paralint itself held.
    pub peak_memory: Option<u64>,
    /// How often it was tried; 0 where it did not run.
    pub attempts: u32,
    /// It did not run again, because it had passed for the same tree.
    pub cached: bool,
    /// Its command, as the configuration has it.
    pub command: String,
    /// The line of the configuration that defines it.
    pub location: Location,
    /// The gates that had to pass before it.
    pub needs: Vec<String>,
    /// The resources that it held.
    pub resources: Vec<String>,
    /// How long it took when it last passed, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// It was skipped because nothing called for it, and not because of another gate.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub uncalled: bool,
    /// The command that runs it again as it ran here, for a shell.
    pub again: String,
    /// Processes that it left behind and that were ended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub left_behind: Vec<Process>,
    /// What it printed, where it did not simply pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<GateOutput>,
}

/// A process.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its command line, where the operating system tells.
    pub command: String,
}

/// What a gate printed, bytes that are not UTF-8 replaced.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GateOutput {
    /// The beginning; all of it where `omitted` is 0 and `tail` is empty.
    pub head: String,
    /// The end, where the beginning is not all.
    pub tail: String,
    /// Bytes between the two.
    pub omitted: u64,
    /// How many bytes it printed.
    pub bytes: u64,
    /// The file that holds all of it, where the beginning and the end do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Why there is no such file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_error: Option<String>,
}

/// A run of gates as a whole.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GatesSummary {
    /// From the first start to the last end, in seconds.
    pub wall: f64,
    /// The sum of the times in which gates ran, in seconds: without the waits between two attempts.
    pub work: f64,
    /// The longest time that no number of jobs could have shortened, in seconds.
    pub critical_path: f64,
    /// `work / wall`; `null` where nothing ran.
    pub effective_concurrency: Option<f64>,
    /// The gates of the critical path, in their order; empty where a resource bounds the run.
    pub critical_gates: Vec<String>,
    /// The resource that bounds the run, where that is longer than any chain of gates.
    pub critical_resource: Option<String>,
    /// The signal that ended the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
}
