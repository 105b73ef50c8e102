//! What was accepted and matches nothing any more. That is known only after all rules ran, so the run itself reports it.

use super::Rule;
use crate::model::finding::Severity;

/// Suppressions that match nothing.
pub const UNUSED_SUPPRESSION: Rule = Rule {
    name: "unused-suppression",
    family: "config",
    severity: Severity::Note,
    summary: "a suppression in paralint.toml that matches no finding",
    document: include_str!("unused_suppression.md"),
    checks: &[],
    needs: &[],
};

/// Waivers that match nothing, or something that can be mended.
pub const UNUSED_WAIVER: Rule = Rule {
    name: "unused-waiver",
    family: "config",
    severity: Severity::Note,
    summary: "a waiver that matches no finding, or one that can still be mended",
    document: include_str!("unused_waiver.md"),
    checks: &[],
    needs: &[],
};

/// Entries of a baseline that match nothing.
pub const STALE_BASELINE: Rule = Rule {
    name: "stale-baseline",
    family: "config",
    severity: Severity::Note,
    summary: "an entry of the baseline that matches no finding any more",
    document: include_str!("stale_baseline.md"),
    checks: &[],
    needs: &[],
};
