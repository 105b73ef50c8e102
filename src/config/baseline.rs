//! A baseline: findings that were there when it was written, by rule, path and content.

use super::ConfigError;
use serde::{Deserialize, Serialize};

/// The version of the format.
const VERSION: u32 = 1;

/// Findings that count no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The file that it came from.
    pub path: String,
    /// The findings.
    pub entries: Vec<Entry>,
}

/// One finding of a baseline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// The finding's file.
    pub path: String,
    /// What it said, for people.
    pub message: String,
    /// What it is found again by: made from rule, path and content, not from lines.
    pub fingerprint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

impl Baseline {
    /// Reads the text of a baseline.
    pub fn parse(path: &str, text: &str) -> Result<Baseline, ConfigError> {
        let fail = |line: usize, column: usize, message: String| ConfigError {
            path: path.to_owned(),
            line: line as u64,
            column: column as u64,
            message,
            hint: Some("write it again with --write-baseline".to_owned()),
        };
        let file: File = serde_json::from_str(text)
            .map_err(|error| fail(error.line().max(1), error.column().max(1), format!("this is no baseline: {error}")))?;
        if file.version != VERSION {
            return Err(fail(1, 1, format!("version {} of a baseline is not known", file.version)));
        }
        Ok(Baseline { path: path.to_owned(), entries: file.findings })
    }

    /// The text of a baseline: one line for each finding, sorted, so that a change of one is a change of one line.
    pub fn render(mut entries: Vec<Entry>) -> String {
        entries.sort();
        entries.dedup();
        let lines: Vec<String> =
            entries.iter().filter_map(|entry| serde_json::to_string(entry).ok()).map(|line| format!("    {line}")).collect();
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [\n{}\n  ]\n}}\n", lines.join(",\n"))
    }

    /// The line of an entry, as `render` writes them.
    pub fn line(&self, index: usize) -> u64 {
        index as u64 + 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let entry = |rule: &str| Entry { rule: rule.into(), path: "a\nb".into(), message: "\u{1b}".into(), fingerprint: "f".into() };
        let text = Baseline::render(vec![entry("b"), entry("a"), entry("a")]);
        let baseline = Baseline::parse("p", &text).unwrap();
        assert_eq!(baseline.entries, [entry("a"), entry("b")]);
        assert!(text.lines().nth(baseline.line(1) as usize - 1).unwrap().contains("\"rule\":\"b\""));
        assert_eq!(Baseline::parse("p", &Baseline::render(Vec::new())).unwrap().entries, []);
        assert!(Baseline::parse("p", "[]").is_err());
        assert!(Baseline::parse("p", "{\"version\": 2, \"findings\": []}").unwrap_err().message.contains("version 2"));
    }
}
