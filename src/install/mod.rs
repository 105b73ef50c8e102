//! Putting paralint where git runs hooks, without breaking what is there. Pure: what is there comes in, what to write goes out.

pub mod manager;

/// The hooks of git that paralint has a script for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hook {
    /// Before a commit is made: what is staged.
    PreCommit,
    /// Before a merge that git made by itself is committed: git does not run `pre-commit` there.
    PreMergeCommit,
    /// Before commits leave this clone: the range that is pushed.
    PrePush,
}

impl Hook {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PreCommit, Self::PreMergeCommit, Self::PrePush];

    /// The name of the hook's file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PreCommit => "pre-commit",
            Self::PreMergeCommit => "pre-merge-commit",
            Self::PrePush => "pre-push",
        }
    }
}
