//! `.paralint/waivers.toml`: findings about the past that were accepted in the open.

use super::{ConfigError, place};
use serde::Deserialize;
use toml::Spanned;

/// Where waivers are kept, relative to the repository.
pub const PATH: &str = ".paralint/waivers.toml";

/// The length of a fingerprint in hexadecimal digits.
const FINGERPRINT: usize = 32;

/// One accepted finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Of the finding.
    pub fingerprint: String,
    /// Its line in the file.
    pub line: u64,
}

/// All waivers of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waivers(pub Vec<Waiver>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waiver: Vec<Spanned<Entry>>,
}

/// `by`, `at` and `rule` are for people who review the file; they must be what they say, and decide nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: Spanned<String>,
    #[serde(default)]
    reason: String,
    #[serde(default, rename = "by")]
    _by: Option<String>,
    #[serde(default, rename = "at")]
    _at: Option<String>,
    #[serde(default, rename = "rule")]
    _rule: Option<String>,
}

/// Whether a text is a fingerprint.
pub fn is_fingerprint(text: &str) -> bool {
    text.len() == FINGERPRINT && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

impl Waivers {
    /// Reads the text of a `waivers.toml`.
    pub fn parse(path: &str, text: &str) -> Result<Waivers, ConfigError> {
        let fail = |start: usize, message: String, hint: &str| {
            let (line, column) = place(text, start);
            ConfigError { path: path.to_owned(), line, column, message, hint: Some(hint.to_owned()) }
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            fail(error.span().map_or(0, |span| span.start), message, "write entries with `paralint waive FINGERPRINT --reason …`")
        })?;
        let mut waivers = Vec::new();
        for entry in file.waiver {
            let start = entry.span().start;
            let entry = entry.into_inner();
            if !is_fingerprint(entry.fingerprint.get_ref()) {
                let message = format!("`{}` is no fingerprint", entry.fingerprint.get_ref());
                return Err(fail(entry.fingerprint.span().start, message, "a fingerprint has 32 hexadecimal digits; reports show them"));
            }
            if entry.reason.trim().is_empty() {
                return Err(fail(start, "a waiver needs a reason".to_owned(), "add `reason = \"…\"`: why it is accepted"));
            }
            waivers.push(Waiver { fingerprint: entry.fingerprint.into_inner(), line: place(text, start).0 });
        }
        Ok(Waivers(waivers))
    }

    /// The text of one more entry. `at` is an RFC 3339 stamp.
    pub fn entry(fingerprint: &str, reason: &str, by: &str, at: &str) -> String {
        // A JSON string is a basic string of TOML too, once no control character is left in it.
        let quoted = |text: &str| serde_json::Value::from(text.replace('\u{7f}', " ")).to_string();
        format!(
            "[[waiver]]\nfingerprint = {}\nreason = {}\nby = {}\nat = {}\n",
            quoted(fingerprint),
            quoted(reason),
            quoted(by),
            quoted(at)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FINGERPRINT: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn an_entry_needs_a_fingerprint_and_a_reason() {
        let short = Waivers::parse("w", "\n[[waiver]]\nfingerprint = \"abc\"\nreason = \"r\"").unwrap_err();
        assert_eq!((short.line, short.column), (3, 15));
        let silent = Waivers::parse("w", &format!("[[waiver]]\nfingerprint = \"{FINGERPRINT}\"")).unwrap_err();
        assert_eq!(silent.message, "a waiver needs a reason");
        assert!(Waivers::parse("w", "[[waivr]]").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read(reasons in proptest::collection::vec("(?s:.{0,30})x", 0..5), by in "(?s:.{0,20})") {
            let text: String = reasons.iter().map(|reason| Waivers::entry(FINGERPRINT, reason, &by, "2026-03-01T10:00:00Z")).collect();
            prop_assert_eq!(Waivers::parse("w", &text).unwrap().0.len(), reasons.len());
        }
    }
}
