//! What tells findings apart over time, for formats whose readers want it to be unique.

use super::v1::Finding;
use crate::settle;
use rustc_hash::FxHashMap;

/// A finding's fingerprint, and the how many-th finding with it this is, from 1.
pub(super) struct Numbered {
    /// Never empty.
    pub(super) fingerprint: String,
    /// 1 but where findings share a fingerprint.
    pub(super) number: u32,
}

/// Numbers the findings that share a fingerprint, in the order of the report.
pub(super) fn numbered(findings: &[Finding]) -> Vec<Numbered> {
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    let number = |finding: &Finding| {
        let fingerprint = fingerprint(finding);
        let number = seen.entry(fingerprint.clone()).and_modify(|number| *number += 1).or_insert(1);
        Numbered { number: *number, fingerprint }
    };
    findings.iter().map(number).collect()
}

fn fingerprint(finding: &Finding) -> String {
    if finding.fingerprint.trim().is_empty() {
        return settle::fingerprint(&format!("{}\n{}\n{}", finding.rule, finding.location.path, finding.message));
    }
    finding.fingerprint.clone()
}
