//! One violation of one rule, with place, evidence and a way to fix it.

use super::mark::Excerpt;
use serde_json::{Map, Value};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, never a failure.
    Note,
    /// Probably wrong.
    Warning,
    /// Proven wrong.
    Error,
}

impl Severity {
    /// The word that the report uses.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What the timeline says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds.
    Backed,
    /// Agents ran, but not so.
    Contradicted,
    /// None ran.
    Unbacked,
    /// Some ran at once, but fewer than claimed, or the speed-up is too high.
    Overstated,
    /// It was taken back later.
    Corrected,
    /// The log does not say.
    Unverifiable,
}

impl Verdict {
    /// The word that the report uses.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Backed => "backed",
            Verdict::Contradicted => "contradicted",
            Verdict::Unbacked => "unbacked",
            Verdict::Overstated => "overstated",
            Verdict::Corrected => "corrected",
            Verdict::Unverifiable => "unverifiable",
        }
    }
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Location {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u64>,
}

/// A further place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub location: Location,
    /// What is to be seen there.
    pub message: String,
}

/// One violation of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad.
    pub severity: Severity,
    /// For claims: what the timeline says.
    pub verdict: Option<Verdict>,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub location: Location,
    /// Further places.
    pub related: Vec<Related>,
    /// Lines of policy, state or configuration that decided, shown with the finding.
    pub excerpts: Vec<Excerpt>,
    /// The agents involved.
    pub agents: Vec<String>,
    /// The files involved.
    pub paths: Vec<String>,
    /// The numbers that prove it.
    pub evidence: Map<String, Value>,
    /// How to fix it.
    pub help: String,
    /// What the fingerprint is made from: stable across runs and line moves.
    pub identity: String,
    /// Index of the session it was found in.
    pub session: Option<usize>,
    /// Index of the claim, among the session's claims.
    pub claim: Option<usize>,
    /// Ids of the dispatches that the finding is about.
    pub dispatches: Vec<String>,
}

impl Finding {
    /// A finding with what every finding has. `identity` is what the fingerprint is made from: the rule, the path, and
    /// what else tells it from its kin, but no line.
    pub fn new(rule: &'static str, severity: Severity, message: String, location: Location, identity: String) -> Finding {
        Finding {
            rule,
            severity,
            verdict: None,
            message,
            location,
            related: Vec::new(),
            excerpts: Vec::new(),
            agents: Vec::new(),
            paths: Vec::new(),
            evidence: Map::new(),
            help: String::new(),
            identity,
            session: None,
            claim: None,
            dispatches: Vec::new(),
        }
    }
}
