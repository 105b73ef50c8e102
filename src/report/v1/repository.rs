//! The part of the report that speaks of repositories: change sets, overlaps, owners.

use super::{Location, Related, Stamp};
use crate::model::change::{ChangeKind, Class, Entry, Source};
use crate::model::overlap::OverlapKind;
use crate::work::identity::AttributedBy;
use schemars::JsonSchema;
use serde::Serialize;

/// What a commit, a range, a branch or a worktree changes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeSet {
    /// Where it comes from. A commit of a range is a `range` of its own, named by its id.
    pub source: Source,
    /// `staged`, `BASE..HEAD`, a commit's id, a branch's or a worktree's name.
    pub name: String,
    /// The commit that it is compared with.
    pub base: Option<String>,
    /// Its newest commit.
    pub head: Option<String>,
    /// Who made it.
    pub agent: Option<String>,
    /// By which means that is known.
    pub attributed_by: Option<AttributedBy>,
    /// The files.
    pub files: Vec<ChangedFile>,
}

/// One changed file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangedFile {
    /// The path after the change; for a deletion the one before.
    pub path: String,
    /// `true` where bytes of a path that are not UTF-8 are percent-encoded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub path_encoded: bool,
    /// The path before a rename.
    pub old_path: Option<String>,
    /// What happened to it.
    pub change: ChangeKind,
    /// What kind of entry it is.
    pub entry: Entry,
    /// Written by people and agents, or generated.
    pub class: Class,
    /// Read from a shell command, so not proven; never so for what git says.
    pub inferred: bool,
}

/// One file that two sides changed since their merge base.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Overlap {
    /// The file, as it was called at the merge base.
    pub path: String,
    /// `true` where bytes of the path that are not UTF-8 are percent-encoded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub path_encoded: bool,
    /// The two branches or worktrees.
    pub between: [String; 2],
    /// How bad.
    pub kind: OverlapKind,
    /// First and last changed line of each side, in the merge base's lines.
    pub lines: Option<[(u64, u64); 2]>,
    /// Written by people and agents, or generated.
    pub class: Class,
    /// What is special: renamed, deleted.
    pub remarks: Vec<String>,
}

/// Who may change a path.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Owned {
    /// The path; with `/` at its end where it is a folder.
    pub path: String,
    /// `true` where bytes of the path that are not UTF-8 are percent-encoded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub path_encoded: bool,
    /// Whose it is.
    pub policy: Ownership,
    /// Where it says that nobody changes it while others work, and why: `locked`, `not parallel-safe`, `common`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<Related>,
    /// The boundaries that it belongs to, the most specific pattern first.
    pub boundaries: Vec<OwningBoundary>,
    /// The boundaries whose agents may not change it, by their `cannot_modify`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub forbidden: Vec<OwningBoundary>,
    /// Of a folder: the boundaries that have something in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub inside: Vec<OwningBoundary>,
    /// The locks on it.
    pub locks: Vec<HeldLock>,
    /// Of a folder that nobody owns: how many tracked files it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
}

/// Whose a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ownership {
    /// A boundary's own; of a folder also where only parts of it are, which `inside` tells.
    Owned,
    /// Nobody changes it while others work.
    Shared,
    /// Nobody's.
    Unowned,
}

/// A boundary that a path belongs to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwningBoundary {
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: Option<String>,
    /// The pattern that matches.
    pub pattern: String,
    /// Where the pattern stands.
    pub location: Location,
    /// The text of that line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// No boundary has a more specific pattern: its agents may change the path.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub decides: bool,
    /// New files may be made there, by `can_create`; what is there may not be changed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub only_new: bool,
}

/// A lock on a path.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HeldLock {
    /// Who holds it.
    pub agent: String,
    /// Since when.
    pub since: Option<Stamp>,
    /// What is locked.
    pub path: String,
    /// For how many seconds it has been held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<f64>,
    /// It has expired, or its holder is done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub stale: bool,
    /// Why it is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}
