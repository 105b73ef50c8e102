//! From sessions to findings: what is derived, which rules run, what the configuration sets aside. Pure.

use crate::config::Config;
use crate::model::finding::{Finding, Location, Severity};
use crate::model::session::Session;
use crate::rules::{self, Context, RULES, UNUSED_SUPPRESSION};
use crate::timeline::{self, Batch};
use crate::verdict::{self, Judgement};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// One session with what was derived from it.
#[derive(Debug)]
pub struct Audited {
    /// The session.
    pub session: Session,
    /// Its batches.
    pub batches: Vec<Batch>,
    /// Its verdicts.
    pub judgements: Vec<Judgement>,
}

/// What an audit found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The sessions, in their order.
    pub sessions: Vec<Audited>,
    /// The findings that count: by session, then by place, worst first.
    pub findings: Vec<Finding>,
    /// How many the configuration suppresses.
    pub suppressed: u64,
}

/// Audits sessions.
pub fn audit(sessions: Vec<Session>, config: &Config) -> Outcome {
    let audited: Vec<Audited> = sessions.into_par_iter().map(derive).collect();
    let found: Vec<Vec<Finding>> = audited.par_iter().enumerate().map(|(index, audited)| run_rules(index, audited, config)).collect();
    let mut outcome = Outcome { sessions: audited, ..Outcome::default() };
    settle(found.into_iter().flatten().collect(), config, &mut outcome);
    outcome
}

fn derive(session: Session) -> Audited {
    let batches = timeline::batches(&session);
    let mut judgements = verdict::judge(&session, &batches);
    // The order of the report: by file, then by line.
    judgements.sort_by_key(|judgement| (judgement.transcript, line_of(&session, judgement), judgement.subject));
    for (number, judgement) in judgements.iter_mut().enumerate() {
        judgement.number = number;
    }
    Audited { session, batches, judgements }
}

fn line_of(session: &Session, judgement: &Judgement) -> u64 {
    let transcript = &session.transcripts[judgement.transcript];
    match judgement.subject {
        verdict::Subject::Claim(index) => transcript.claims[index].place.line,
        verdict::Subject::Progress(index) => transcript.reports[index].place.line,
    }
}

fn run_rules(index: usize, audited: &Audited, config: &Config) -> Vec<Finding> {
    let Audited { session, batches, judgements } = audited;
    let context = Context { index, session, batches, judgements, limits: &config.limits };
    let mut findings: Vec<Finding> = Vec::new();
    for rule in RULES {
        findings.extend(
            (rule.check)(&context)
                .into_iter()
                .filter_map(|finding| Some(Finding { severity: config.severity(rule, finding.severity)?, ..finding })),
        );
    }
    findings.sort_by(|one, other| {
        (&one.location, other.severity, one.rule, &one.message).cmp(&(&other.location, one.severity, other.rule, &other.message))
    });
    findings
}

/// Leaves out what a copy of a session repeats and what is suppressed; reports suppressions that match nothing.
fn settle(found: Vec<Finding>, config: &Config, outcome: &mut Outcome) {
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
    let mut last: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
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

fn speaks_of_this_run(suppression: &crate::config::Suppression, outcome: &Outcome) -> bool {
    outcome.sessions.iter().flat_map(|audited| &audited.session.transcripts).any(|transcript| suppression.covers(&transcript.path))
}

fn unused_finding(config: &Config, suppression: &crate::config::Suppression) -> Option<Finding> {
    let severity = config.severity(&UNUSED_SUPPRESSION, UNUSED_SUPPRESSION.severity)?;
    let path = config.path.clone().unwrap_or_default();
    Some(Finding {
        rule: UNUSED_SUPPRESSION.name,
        severity,
        verdict: None,
        message: format!("this suppression of {} matches nothing", suppression.rule),
        location: Location { path: path.clone(), line: Some(suppression.line) },
        related: Vec::new(),
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
