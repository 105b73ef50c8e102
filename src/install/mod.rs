//! Putting paralint where git runs hooks, without breaking what is there. Pure: what is there comes in, what to write goes out.

pub mod manager;
pub mod plan;
pub mod pushed;
pub mod script;
#[cfg(test)]
mod tests;

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

/// What is put behind the name of a hook that was there before. The scripts know it too.
pub const EARLIER: &str = ".before-paralint";

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

    /// What paralint does there, as one line says it.
    #[must_use]
    pub fn does(self) -> &'static str {
        match self {
            Self::PreCommit => "before a commit, what is staged is checked",
            Self::PreMergeCommit => "before a merge that git makes by itself, what comes of it is checked",
            Self::PrePush => "before a push, the commits that the remote does not have are checked",
        }
    }

    /// The name under which a hook that was there before is kept.
    #[must_use]
    pub fn earlier_name(self) -> String {
        format!("{}{EARLIER}", self.name())
    }
}
