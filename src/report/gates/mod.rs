//! What people see while gates run: each way of showing it is one observer. None of them steers.

mod actions;
pub(crate) mod block;
mod board;
mod journal;
mod layout;
mod live;
pub(crate) mod output;
mod paint;
mod plain;
pub(crate) mod wording;

pub use actions::Actions;
pub use live::Live;
pub use plain::Plain;

use std::time::Duration;

/// Longer names are cut in their middle, so that those of a family stay apart.
pub(crate) const LONGEST_NAME: usize = 60;

/// What is known of a gate before it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// How long it took when it last passed.
    pub expected: Option<Duration>,
    /// Indexes, among the rows, of the gates that it needs.
    pub needs: Vec<usize>,
    /// Where it is defined: the path and the line.
    pub place: (String, u64),
    /// The command that runs it again as it ran here.
    pub again: String,
}

/// Gates that belong to the run and have no row, since they do not run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Besides {
    /// Those that have passed for the same tree.
    pub cached: usize,
    /// Those that nothing calls for.
    pub skipped: usize,
}

/// The signs and columns at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// Signs beyond ASCII.
    pub unicode: bool,
    /// Paint.
    pub colour: bool,
    /// Show the output of what passed, too.
    pub verbose: bool,
}

#[cfg(test)]
mod tests;
