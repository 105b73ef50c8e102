//! Files that two branches or worktrees both changed.

use super::change::Class;
use super::path::RepoPath;

/// One file that two sides changed since their merge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The file; where a side renamed it, the path at the merge base.
    pub path: RepoPath,
    /// Indexes of the two change sets; the smaller one first.
    pub between: (usize, usize),
    /// How bad.
    pub kind: OverlapKind,
    /// The changed lines of both sides (first and last, from 1, in the merge base's lines): the first pair that touches,
    /// else the first range of each.
    pub lines: Option<[(u64, u64); 2]>,
    /// What is special: `renamed to x by a`, `deleted by b`.
    pub remarks: Vec<String>,
    /// Written by people and agents, or generated.
    pub class: Class,
}

/// How two changes of one file relate; worse is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OverlapKind {
    /// Both made the same of it.
    Identical,
    /// The same file, other lines.
    File,
    /// Lines that touch, and git merges them.
    Lines,
    /// git cannot merge them.
    Conflict,
}

impl OverlapKind {
    /// The word that the report uses.
    pub fn word(self) -> &'static str {
        match self {
            OverlapKind::Identical => "identical",
            OverlapKind::File => "file",
            OverlapKind::Lines => "lines",
            OverlapKind::Conflict => "conflict",
        }
    }
}

/// Two sides that could not be compared, or not in every respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncompared {
    /// Indexes of the two change sets.
    pub between: (usize, usize),
    /// Why.
    pub why: String,
    /// They were compared, but something may have been missed.
    pub partly: bool,
}
