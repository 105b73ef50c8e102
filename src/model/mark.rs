//! Places in files that people write: policy, state, configuration.

use std::sync::Arc;

/// A stretch of one line of a file, with the line's text for messages that show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Mark {
    /// The file, relative to the repository, with `/`.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: u64,
    /// The first column, from 1, in characters.
    pub column: u64,
    /// The column after the last one.
    pub end_column: u64,
    /// The whole line without its end. Long lines are cut around the stretch by whoever shows them.
    pub text: Arc<str>,
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub mark: Mark,
}

/// A line of a file that a message shows, with what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The place.
    pub mark: Mark,
    /// What is to be seen: `owned by task-2`.
    pub label: String,
}
