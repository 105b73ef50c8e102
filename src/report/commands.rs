//! Commands to a runner of GitHub Actions, which stand in what a step prints.

use std::hash::{BuildHasher, RandomState};

/// The text behind a command, as a runner takes it back apart: `EscapeData` of `actions/runner`.
pub(super) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a command's property: `EscapeProperty` of `actions/runner`.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A word that nothing in a log or a gate's output can have known: until it comes, the runner obeys nothing.
pub(super) fn token() -> String {
    let half = || RandomState::new().hash_one(0_u8);
    format!("paralint-{:016x}{:016x}", half(), half())
}

#[cfg(test)]
mod tests {
    use super::{data, property, token};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(property("a:b,c%d\r\n"), "a%3Ab%2Cc%25d%0D%0A");
        assert_eq!(data("a:b,c%d\r\n"), "a:b,c%25d%0D%0A");
        assert_ne!(token(), token());
    }
}
