//! What an assistant asserts about parallel work.

use std::ops::Range;

/// The kinds of claim, each with a window of its own (see `verdict`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClaimKind {
    /// "I'll launch three agents in parallel"
    Future,
    /// "four agents are running"
    Present,
    /// "ran five reviewers concurrently"
    Past,
    /// "an explorer in parallel while I read the bridge layer"
    Beside,
    /// "As Agent 2, I design …"
    Roleplay,
    /// "6.4x faster than sequential"
    Speedup,
    /// "all 123 tests pass"
    Tests,
    /// what a progress file or PARALLEL_STATUS.json reports
    Status,
}

/// What a claim is about; it decides which facts can back it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Agents that work at the same time.
    Agents,
    /// Tests that pass.
    Tests,
    /// Tasks that are complete.
    Completion,
}

/// One claim as the recogniser reads it from a text, without its place in a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// Which window must back it.
    pub kind: ClaimKind,
    /// What it is about.
    pub topic: Topic,
    /// `false` where the sentence only may be a claim.
    pub certain: bool,
    /// The sentence, in bytes of the text that was read.
    pub span: Range<usize>,
    /// How many agents it names; `None` where it gives no number.
    pub agents: Option<u32>,
    /// Whether it says outright that they work at the same time. "All three agents have finished" only gives a number:
    /// agents that ran one after another do not contradict it.
    pub together: bool,
    /// How many times faster it says the work was.
    pub speedup: Option<f64>,
    /// For claims about tests: how many are said to pass. For completion: how many tasks.
    pub count: Option<u32>,
    /// The name of the grammar's form that it matched.
    pub form: &'static str,
    /// The name of the doubt that keeps it from being certain.
    pub doubt: Option<&'static str>,
}

/// A sentence in which the assistant says that its agents did not work in parallel.
#[derive(Debug, Clone, PartialEq)]
pub struct Denial {
    /// The sentence, in bytes of the text that was read.
    pub span: Range<usize>,
    /// What exactly is denied.
    pub form: DenialForm,
}

/// What a denial says instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DenialForm {
    /// "I ran them one after another"
    Serial,
    /// "I never launched the subagents", "no agents ran"
    NotRun,
    /// "my claim of three parallel agents was wrong"
    Retracted,
}

/// Everything that the recogniser finds in one text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The claims, in the order of the text.
    pub claims: Vec<Recognised>,
    /// The denials, in the order of the text.
    pub denials: Vec<Denial>,
}
