//! Which words between two calls say that the first is over, or that the second comes after it.

/// Whether a text of the assistant separates what was asked for before it from what is asked for behind it.
pub(super) fn separates(_text: &str) -> bool {
    false
}
