//! Why a repository cannot be read, each with its mend.

/// Why a repository cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GitError {
    /// What went wrong, as a fragment that fits "failed to …" or a sentence of its own.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl GitError {
    /// An error with a mend.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> GitError {
        GitError { message: message.into(), hint: Some(hint.into()) }
    }
}
