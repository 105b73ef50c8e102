//! Findings that are accepted, each with a reason.

use crate::model::finding::Finding;
use crate::rules;
use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;

/// `[[suppress]]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    rule: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    contains: Option<String>,
    #[serde(default)]
    fingerprint: Option<String>,
    #[serde(default)]
    reason: String,
}

/// One suppression.
#[derive(Debug, Clone)]
pub struct Suppression {
    /// The rule.
    pub rule: String,
    /// The glob that the finding's file must match, as written.
    pub path: Option<String>,
    matcher: Option<GlobMatcher>,
    contains: Option<String>,
    fingerprint: Option<String>,
    /// Why.
    pub reason: String,
    /// Its line in the configuration.
    pub line: u64,
}

/// All suppressions of a configuration.
#[derive(Debug, Clone, Default)]
pub struct Suppressions(pub Vec<Suppression>);

impl Entry {
    pub(super) fn resolve(self, line: u64) -> Result<Suppression, (String, Option<String>)> {
        if rules::find(&self.rule).is_none() {
            let near = super::nearest(&self.rule, rules::RULES.iter().map(|rule| rule.name)).map(|near| format!("did you mean `{near}`?"));
            return Err((format!("unknown rule `{}`", self.rule), near));
        }
        if self.reason.trim().is_empty() {
            return Err(("a suppression needs a reason".to_owned(), Some("add `reason = \"…\"`: who accepts it, and why".to_owned())));
        }
        let matcher = match &self.path {
            None => None,
            Some(glob) => {
                // As everywhere: a leading `/` is the root of the repository, a trailing one a folder with all below.
                let below = if glob.ends_with('/') { format!("{glob}**") } else { glob.clone() };
                let built = GlobBuilder::new(&below).literal_separator(true).build();
                Some(built.map_err(|error| (format!("`{glob}` is no valid glob: {}", error.kind()), None))?.compile_matcher())
            }
        };
        Ok(Suppression {
            rule: self.rule,
            path: self.path,
            matcher,
            contains: self.contains,
            fingerprint: self.fingerprint,
            reason: self.reason,
            line,
        })
    }
}

impl Suppression {
    /// Whether it accepts a finding: all that it names must match.
    pub fn matches(&self, finding: &Finding, fingerprint: &str) -> bool {
        self.rule == finding.rule
            && self.covers(&finding.location.path)
            && self.contains.as_ref().is_none_or(|text| finding.message.contains(text.as_str()))
            && self.fingerprint.as_ref().is_none_or(|wanted| fingerprint == wanted)
    }

    /// Whether it speaks of a file. A relative glob matches at the end of an absolute path too: logs lie anywhere.
    pub fn covers(&self, path: &str) -> bool {
        let Some(matcher) = &self.matcher else { return true };
        let rooted = || !path.starts_with('/') && matcher.is_match(format!("/{path}"));
        matcher.is_match(path) || rooted() || path.match_indices('/').any(|(at, _)| matcher.is_match(&path[at + 1..]))
    }
}
