//! What becomes of findings: copies are left out, the configuration sets aside what it accepts. Pure.

use crate::audit::Outcome;
use crate::config::{Config, Suppression};
use crate::model::finding::{Finding, Location, Severity};
use crate::rules::{self, Rule, UNUSED_SUPPRESSION};
use rustc_hash::{FxHashMap, FxHashSet};

/// Findings of a rule as the configuration counts them.
pub fn levelled(found: Vec<Finding>, rule: &'static Rule, config: &Config) -> impl Iterator<Item = Finding> {
    found.into_iter().filter_map(|finding| Some(Finding { severity: config.severity(rule, finding.severity)?, ..finding }))
}

/// The order of a report: by place, worst first.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| {
        (&one.location, other.severity, one.rule, &one.message).cmp(&(&other.location, one.severity, other.rule, &other.message))
    });
}

/// Leaves out what a copy of a session repeats and what is suppressed; reports suppressions that match nothing.
pub fn settle(found: Vec<Finding>, config: &Config, outcome: &mut Outcome) {
    let mut used = FxHashSet::default();
    for finding in without_copies(found, outcome) {
        let fingerprint = fingerprint(&finding.identity);
        let matching = config.suppressions.0.iter().enumerate().find(|(_, suppression)| suppression.matches(&finding, &fingerprint));
        match matching {
            Some((index, _)) => {
                used.insert(index);
                outcome.suppressed += 1;
            }
            None => outcome.findings.push(finding),
        }
    }
    let unused: Vec<Finding> = config
        .suppressions
        .0
        .iter()
        .enumerate()
        .filter(|(index, suppression)| !used.contains(index) && speaks_of_this_run(suppression, outcome))
        .filter_map(|(_, suppression)| unused_finding(config, suppression))
        .collect();
    outcome.findings.extend(unused);
}

/// A resumed session repeats what the one before it holds. Of findings with one identity that of the log that ended last
/// stays: it knows what was taken back later.
fn without_copies(found: Vec<Finding>, outcome: &Outcome) -> Vec<Finding> {
    let ended = |finding: &Finding| finding.session.map(|index| outcome.sessions[index].session.ended);
    let mut last: FxHashMap<String, usize> = FxHashMap::default();
    for (index, finding) in found.iter().enumerate() {
        let best = last.entry(finding.identity.clone()).or_insert(index);
        if ended(finding) > ended(&found[*best]) {
            *best = index;
        }
    }
    found
        .into_iter()
        .enumerate()
        .filter(|(index, finding)| last.get(&finding.identity) == Some(index))
        .map(|(_, finding)| finding)
        .collect()
}

fn speaks_of_this_run(suppression: &Suppression, outcome: &Outcome) -> bool {
    outcome.sessions.iter().flat_map(|audited| &audited.session.transcripts).any(|transcript| suppression.covers(&transcript.path))
}

fn unused_finding(config: &Config, suppression: &Suppression) -> Option<Finding> {
    let severity = config.severity(&UNUSED_SUPPRESSION, UNUSED_SUPPRESSION.severity)?;
    let path = config.path.clone().unwrap_or_default();
    Some(Finding {
        rule: UNUSED_SUPPRESSION.name,
        severity,
        verdict: None,
        message: format!("this suppression of {} matches nothing", suppression.rule),
        location: Location { path: path.clone(), line: Some(suppression.line) },
        related: Vec::new(),
        excerpts: Vec::new(),
        agents: Vec::new(),
        paths: Vec::new(),
        evidence: serde_json::Map::new(),
        help: "delete it".to_owned(),
        identity: format!("{}\n{path}\n{}\n{:?}\n{}", UNUSED_SUPPRESSION.name, suppression.rule, suppression.path, suppression.reason),
        session: None,
        claim: None,
        dispatches: Vec::new(),
    })
}

/// A finding's name across runs: 128 bits of FNV-1a over its identity, in hexadecimal.
pub fn fingerprint(identity: &str) -> String {
    // Offset basis and prime of the 128-bit variant, from the FNV specification (RFC 9923, section 5).
    let folded = identity.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    format!("{folded:032x}")
}

/// The worst severity among the findings.
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}

/// The family of a rule, by its name.
pub fn family(rule: &str) -> &'static str {
    rules::find(rule).map_or("", |rule| rule.family)
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn fingerprints_follow_the_published_test_vectors() {
        assert_eq!(fingerprint(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(fingerprint("a"), "d228cb696f1a8caf78912b704e4a8964");
    }
}
