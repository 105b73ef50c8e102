//! Paths inside a repository.

use std::borrow::Cow;
use std::fmt;

/// A path inside a repository, relative to its root, with `/`. Bytes: git knows no encoding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RepoPath(Vec<u8>);

impl RepoPath {
    /// A path from git's bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> RepoPath {
        RepoPath(bytes.into())
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The last part.
    pub fn file_name(&self) -> &[u8] {
        self.0.rsplit(|byte| *byte == b'/').next().unwrap_or(&self.0)
    }

    /// Whether `shown` had to encode bytes that are not UTF-8.
    pub fn is_encoded(&self) -> bool {
        std::str::from_utf8(&self.0).is_err()
    }

    /// For reports: as it is where it is UTF-8, else with `%XX` for every byte that is not (and for `%` itself, so that
    /// nothing is lost).
    pub fn shown(&self) -> Cow<'_, str> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(encoded(&self.0)),
        }
    }

    /// For what identifies a finding: no two paths have the same, whatever stands beside it on lines of its own. `shown`
    /// does not tell a byte that it encodes from a name that looks so.
    pub fn identity(&self) -> Cow<'_, str> {
        match self.shown() {
            // No path holds the byte zero.
            shown if self.is_encoded() || shown.contains('\n') => Cow::Owned(format!("\0{}", encoded(&self.0).replace('\n', "%0A"))),
            shown => shown,
        }
    }
}

fn encoded(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        shown.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            shown.push_str(&format!("%{byte:02X}"));
        }
    }
    shown
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.shown())
    }
}

impl From<&str> for RepoPath {
    fn from(text: &str) -> RepoPath {
        RepoPath(text.as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::RepoPath;

    #[test]
    fn bytes_that_are_not_utf8_are_percent_encoded() {
        assert_eq!(RepoPath::from("a/50%/ü").shown(), "a/50%/ü");
        assert_eq!(RepoPath::new(b"a/50%/\xff.rs".to_vec()).shown(), "a/50%25/%FF.rs");
        assert!(RepoPath::new(b"\xff".to_vec()).is_encoded());
        assert_eq!(RepoPath::from("a/b/c.rs").file_name(), b"c.rs");
    }

    #[test]
    fn no_two_paths_are_one_identity() {
        assert_eq!(RepoPath::from("a/50%FF ü.rs").identity(), "a/50%FF ü.rs");
        let paths = [&b"bad%FF"[..], b"bad\xff", b"bad%25FF", b"bad%25\xff", b"a\nb", b"a%0Ab", b"a%0A\nb", b"\xff\n", b"\xff%0A"];
        let identities: std::collections::BTreeSet<String> =
            paths.iter().map(|path| RepoPath::new(*path).identity().into_owned()).collect();
        assert_eq!(identities.len(), paths.len());
        assert!(identities.iter().all(|identity| !identity.contains('\n')));
    }
}
