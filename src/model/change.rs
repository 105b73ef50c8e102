//! What a commit, a range, a branch or a worktree changes.

use super::moment::Moment;
use super::path::RepoPath;

/// The files that a commit, a range, a branch or a worktree changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSet {
    /// Where it comes from.
    pub source: Source,
    /// `staged`, `BASE..HEAD`, a commit's id, a branch's or a worktree's name.
    pub name: String,
    /// One commit of a range; the whole range is a change set of its own, and comes first.
    pub is_commit: bool,
    /// The commit (hexadecimal id) that it is compared with: for ranges, branches and worktrees the merge base, for what
    /// is staged `HEAD`. `None` for a first commit.
    pub base: Option<String>,
    /// Its newest commit. `None` for what is staged.
    pub head: Option<String>,
    /// All merge bases, where history has more than one; `base` is the first of them.
    pub merge_bases: Vec<String>,
    /// The branch: checked out in the worktree, or the one that is looked at; without `refs/heads/`.
    pub branch: Option<String>,
    /// The folder name of the worktree.
    pub worktree: Option<String>,
    /// Trailers of the commit (`Agent: task-1`), in their order; of a branch or a range those of its newest commit.
    pub trailers: Vec<(String, String)>,
    /// `Name <email>` of the commit's author.
    pub author: Option<String>,
    /// When the newest commit was made.
    pub committed: Option<Moment>,
    /// Why its files are not known, or not all of them: no common history with the base, a worktree whose folder is gone.
    pub problem: Option<String>,
    /// What else has to be known of it: that it is empty and why, what was left out.
    pub notes: Vec<String>,
    /// The files, sorted by path; one entry a path.
    pub files: Vec<Change>,
    /// Files that a merge in progress brings from branches that are not the default one: nobody answers for them here, but gates
    /// look at them.
    pub brought: Vec<Change>,
}

impl ChangeSet {
    /// A change set with nothing in it.
    pub fn new(source: Source, name: impl Into<String>) -> ChangeSet {
        ChangeSet {
            source,
            name: name.into(),
            is_commit: false,
            base: None,
            head: None,
            merge_bases: Vec::new(),
            branch: None,
            worktree: None,
            trailers: Vec::new(),
            author: None,
            committed: None,
            problem: None,
            notes: Vec::new(),
            files: Vec::new(),
            brought: Vec::new(),
        }
    }
}

/// Where a change set comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The index against `HEAD`.
    Staged,
    /// A range of commits, or one commit of it.
    Range,
    /// A branch since its merge base.
    Branch,
    /// A worktree since its merge base: its commits, what is staged, what is not, and untracked files.
    Worktree,
}

/// One changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path after the change; for a deletion the one before.
    pub path: RepoPath,
    /// The path before a rename.
    pub old_path: Option<RepoPath>,
    /// What happened to it.
    pub kind: ChangeKind,
    /// What kind of entry it is, after the change; for a deletion before.
    pub entry: Entry,
    /// The blob before; `None` where there was none.
    pub old_blob: Option<String>,
    /// The blob after; `None` where there is none, or where the file in a worktree was not hashed.
    pub new_blob: Option<String>,
    /// Written by people and agents, or generated.
    pub class: Class,
}

impl Change {
    /// Both ends: a file that was moved away was changed where it had been, too.
    pub fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        std::iter::once(&self.path).chain(&self.old_path)
    }
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its content differs.
    Modified,
    /// It is gone.
    Deleted,
    /// It has another path, with the same content or nearly so.
    Renamed,
    /// Only the executable bit differs.
    Mode,
    /// It became another kind of entry: a symlink, a submodule, a file.
    Type,
}

impl ChangeKind {
    /// The word that the report uses.
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Modified => "modified",
            ChangeKind::Deleted => "deleted",
            ChangeKind::Renamed => "renamed",
            ChangeKind::Mode => "mode",
            ChangeKind::Type => "type",
        }
    }
}

/// What was done to a file, as messages say it in front of the area where it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deed {
    /// "changed"
    pub verb: &'static str,
    /// "of"
    pub place: &'static str,
}

impl Deed {
    /// What is said where it differs from file to file.
    pub const MIXED: Deed = Deed { verb: "changed", place: "of" };
    /// All there are.
    pub const ALL: [Deed; 5] = [
        Deed::MIXED,
        Deed { verb: "made", place: "in" },
        Deed { verb: "deleted", place: "of" },
        Deed { verb: "moved", place: "into" },
        Deed { verb: "moved", place: "out of" },
    ];

    /// What a change did to a path, which is one of its ends.
    pub fn of(change: &Change, path: &RepoPath) -> Deed {
        let [mixed, made, deleted, into, out_of] = Deed::ALL;
        match change.kind {
            ChangeKind::Added => made,
            ChangeKind::Renamed if *path == change.path => into,
            ChangeKind::Renamed => out_of,
            ChangeKind::Deleted => deleted,
            ChangeKind::Modified | ChangeKind::Mode | ChangeKind::Type => mixed,
        }
    }

    /// "changed a file of"
    pub fn said(self) -> String {
        format!("{} a file {}", self.verb, self.place)
    }

    /// "changed 7 files of"
    pub fn said_of(self, files: usize) -> String {
        format!("{} {files} files {}", self.verb, self.place)
    }
}

/// A kind of tree entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// A file.
    File,
    /// A file with the executable bit.
    Executable,
    /// A symbolic link.
    Symlink,
    /// A commit of another repository (mode 160000).
    Submodule,
}

/// Who writes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// People and agents.
    Source,
    /// A tool: lock files, build information.
    Generated,
}
