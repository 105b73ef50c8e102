//! What becomes of findings: copies are left out, the configuration sets aside what it accepts. Pure.

use crate::audit::Outcome;
use crate::config::baseline::Baseline;
use crate::config::waivers::{self, Waiver};
use crate::config::{Config, Suppression};
use crate::model::finding::{Finding, Location, Severity};
use crate::rules::config::{STALE_BASELINE, UNUSED_SUPPRESSION, UNUSED_WAIVER};
use crate::rules::{self, Check, Rule};
use rustc_hash::{FxHashMap, FxHashSet};

/// Findings of a rule as the configuration counts them. Those of a rule that this run leaves out are still among them: what
/// accepts them is in use. `settle` takes them away.
pub fn levelled(found: Vec<Finding>, rule: &'static Rule, config: &Config) -> impl Iterator<Item = Finding> {
    found.into_iter().filter_map(|finding| Some(Finding { severity: config.configured(rule, finding.severity)?, ..finding }))
}

/// The order of a report: by place, worst first. In a log the line is a point in time; in a policy or state file it is
/// where somebody happened to write it, and the order of keys must not change the order of findings.
pub fn sort(findings: &mut [Finding]) {
    let line = |finding: &Finding| finding.session.and(finding.location.line);
    findings.sort_by(|one, other| {
        let this = (&one.location.path, line(one), other.severity, one.rule, &one.message, &one.identity);
        this.cmp(&(&other.location.path, line(other), one.severity, other.rule, &other.message, &other.identity))
    });
}

/// The order of what is not of a session: files by their worst finding, then by path; worst first within each file.
/// Sessions stay in front, in their order.
fn sort_files(findings: &mut [Finding]) {
    let mut worst: FxHashMap<String, Severity> = FxHashMap::default();
    for finding in findings.iter().filter(|finding| finding.session.is_none()) {
        let known = worst.entry(finding.location.path.clone()).or_insert(finding.severity);
        *known = finding.severity.max(*known);
    }
    findings.sort_by_key(|finding| finding.session.is_none());
    let first = findings.partition_point(|finding| finding.session.is_some());
    let Some(others) = findings.get_mut(first..) else { return };
    sort(others);
    others.sort_by_key(|finding| std::cmp::Reverse(worst.get(&finding.location.path).copied()));
}

/// Leaves out what a copy of a session repeats, and sets aside what is suppressed, waived or in the baseline; reports
/// what was accepted and matches nothing.
pub fn settle(found: Vec<Finding>, config: &Config, outcome: &mut Outcome) {
    let mut used = Used::new(config);
    for finding in without_copies(found, outcome) {
        let fingerprint = fingerprint(&finding.identity);
        let accepted = used.accepted_by(config, &finding, &fingerprint);
        if config.is_skipped(finding.rule) {
            continue;
        }
        match accepted {
            Some(Accepted::Suppressed) => outcome.suppressed += 1,
            Some(Accepted::Waived) => outcome.waived += 1,
            None => outcome.findings.push(finding),
        }
    }
    let unused = used.rest(config, outcome);
    outcome.findings.extend(unused);
    sort_files(&mut outcome.findings);
}

/// By what a finding is accepted.
enum Accepted {
    Suppressed,
    Waived,
}

/// What was accepted and matched something.
#[derive(Default)]
struct Used<'c> {
    /// Indexes of waivers and of baseline entries, by fingerprint.
    waivers_of: FxHashMap<&'c str, Vec<usize>>,
    entries_of: FxHashMap<&'c str, Vec<usize>>,
    suppressions: FxHashSet<usize>,
    waivers: FxHashSet<usize>,
    baseline: FxHashSet<usize>,
    /// Waivers of findings that can be mended, and the finding's rule.
    refused: FxHashMap<usize, &'static str>,
}

impl<'c> Used<'c> {
    fn new(config: &'c Config) -> Used<'c> {
        let mut used = Used::default();
        for (index, waiver) in config.waivers.0.iter().enumerate() {
            used.waivers_of.entry(&waiver.fingerprint).or_default().push(index);
        }
        for (index, entry) in config.baseline.iter().flat_map(|baseline| &baseline.entries).enumerate() {
            used.entries_of.entry(&entry.fingerprint).or_default().push(index);
        }
        used
    }

    /// By what a finding is accepted, if by anything. All that match are used, so that none is called unused by chance.
    fn accepted_by(&mut self, config: &Config, finding: &Finding, fingerprint: &str) -> Option<Accepted> {
        let mut accepted = None;
        for &index in self.waivers_of.get(fingerprint).into_iter().flatten() {
            // What happened cannot be edited away; everything else can be mended.
            if finding.session.is_some() {
                self.waivers.insert(index);
                accepted = Some(Accepted::Waived);
            } else {
                self.refused.insert(index, finding.rule);
            }
        }
        for &index in self.entries_of.get(fingerprint).into_iter().flatten() {
            self.baseline.insert(index);
            accepted = Some(Accepted::Suppressed);
        }
        for (index, _) in config.suppressions.0.iter().enumerate().filter(|(_, suppression)| suppression.matches(finding, fingerprint)) {
            self.suppressions.insert(index);
            accepted = Some(Accepted::Suppressed);
        }
        accepted
    }

    /// Findings about what was accepted and matched nothing, though what it speaks of was checked.
    fn rest(&self, config: &Config, outcome: &Outcome) -> Vec<Finding> {
        let mut rest = Vec::new();
        for (index, suppression) in config.suppressions.0.iter().enumerate() {
            let is_unused = !self.suppressions.contains(&index) && !config.is_skipped(&suppression.rule);
            if is_unused && was_checked(&suppression.rule, &mut |path| suppression.covers(path), outcome) {
                rest.extend(unused_suppression(config, suppression));
            }
        }
        for (index, waiver) in config.waivers.0.iter().enumerate() {
            let refused = self.refused.get(&index);
            if !self.waivers.contains(&index) && (refused.is_some() || !outcome.sessions.is_empty()) {
                rest.extend(unused_waiver(config, waiver, refused.copied()));
            }
        }
        if let Some(baseline) = &config.baseline {
            let mut checked = Checked::new(outcome);
            for (index, entry) in baseline.entries.iter().enumerate() {
                let is_unused = !self.baseline.contains(&index) && !config.is_skipped(&entry.rule);
                if is_unused && checked.holds(&entry.rule, &entry.path) {
                    rest.extend(stale_entry(config, baseline, index));
                }
            }
        }
        rest
    }
}

/// What each rule looked at in this run. A baseline may hold as many entries as a repository has files.
struct Checked<'o> {
    outcome: &'o Outcome,
    paths: FxHashMap<&'static str, FxHashSet<String>>,
}

impl<'o> Checked<'o> {
    fn new(outcome: &'o Outcome) -> Checked<'o> {
        Checked { outcome, paths: FxHashMap::default() }
    }

    fn holds(&mut self, rule: &str, path: &str) -> bool {
        let Some(rule) = rules::find(rule) else { return false };
        self.paths.entry(rule.name).or_insert_with(|| checked_paths(rule, self.outcome)).contains(path)
    }
}

/// The paths that a rule looked at: for rules about sessions logs, for the others changes.
fn checked_paths(rule: &Rule, outcome: &Outcome) -> FxHashSet<String> {
    let mut paths = FxHashSet::default();
    let mut keep = |path: &str| {
        paths.insert(path.to_owned());
        false
    };
    was_checked(rule.name, &mut keep, outcome);
    paths
}

/// Whether this run looked at what a rule says of a file: for rules about sessions a log, for the others a change.
fn was_checked(rule: &str, covers: &mut dyn FnMut(&str) -> bool, outcome: &Outcome) -> bool {
    let Some(rule) = rules::find(rule) else { return false };
    rule.checks.iter().any(|check| match check {
        Check::Session(_) => outcome.sessions.iter().flat_map(|one| &one.session.transcripts).any(|transcript| covers(&transcript.path)),
        Check::Repository(_) => {
            let files = outcome.changes.iter().flat_map(|one| &one.changes.files);
            files.flat_map(|file| file.paths()).any(|path| covers(&path.shown()))
        }
        Check::Gates(_) => outcome.gates.iter().flat_map(|run| &run.gates).any(|gate| gate.attempts > 0 && covers(&gate.mark.path)),
    })
}

fn unused_suppression(config: &Config, suppression: &Suppression) -> Option<Finding> {
    let path = config.path.clone().unwrap_or_default();
    let identity = format!("{}\n{path}\n{}\n{:?}\n{}", UNUSED_SUPPRESSION.name, suppression.rule, suppression.path, suppression.reason);
    let message = format!("this suppression of {} matches nothing", suppression.rule);
    about_acceptance(config, &UNUSED_SUPPRESSION, message, (path, suppression.line), "delete it", identity)
}

fn unused_waiver(config: &Config, waiver: &Waiver, refused: Option<&str>) -> Option<Finding> {
    let (message, help) = match refused {
        Some(rule) => {
            (format!("a finding of {rule} can be mended, so it cannot be waived"), "mend it, or add a [[suppress]] to paralint.toml")
        }
        None => ("this waiver matches nothing".to_owned(), "delete it"),
    };
    let identity = format!("{}\n{}", UNUSED_WAIVER.name, waiver.fingerprint);
    about_acceptance(config, &UNUSED_WAIVER, message, (waivers::PATH.to_owned(), waiver.line), help, identity)
}

fn stale_entry(config: &Config, baseline: &Baseline, index: usize) -> Option<Finding> {
    let entry = &baseline.entries[index];
    let message = format!("the baseline holds a finding of {} in {} that is no more", entry.rule, entry.path);
    let identity = format!("{}\n{}", STALE_BASELINE.name, entry.fingerprint);
    let place = (baseline.path.clone(), baseline.line(index));
    about_acceptance(
        config,
        &STALE_BASELINE,
        message,
        place,
        "if it was mended, or an older version wrote the entry, write the baseline again with --write-baseline",
        identity,
    )
}

fn about_acceptance(
    config: &Config,
    rule: &'static Rule,
    message: String,
    place: (String, u64),
    help: &str,
    identity: String,
) -> Option<Finding> {
    let severity = config.severity(rule, rule.severity)?;
    let location = Location { path: place.0, line: Some(place.1) };
    Some(Finding { help: help.to_owned(), ..Finding::new(rule.name, severity, message, location, identity) })
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
    use super::{Finding, Location, Severity, fingerprint, sort_files};

    #[test]
    fn files_stand_by_their_worst_finding_and_sessions_before_them() {
        let of = |path: &str, severity, session| {
            let location = Location { path: path.to_owned(), line: None };
            Finding { session, ..Finding::new("gate-failed", severity, String::new(), location, format!("{path}{severity:?}")) }
        };
        let mut findings = vec![
            of("a", Severity::Note, None),
            of("z.jsonl", Severity::Note, Some(0)),
            of("b", Severity::Note, None),
            of("c", Severity::Warning, None),
            of("b", Severity::Error, None),
            of("a.jsonl", Severity::Error, Some(1)),
            of("c", Severity::Error, None),
        ];
        sort_files(&mut findings);
        let order: Vec<String> = findings.iter().map(|one| format!("{} {}", one.location.path, one.severity.word())).collect();
        assert_eq!(order, ["z.jsonl note", "a.jsonl error", "b error", "b note", "c error", "c warning", "a note"]);
    }

    #[test]
    fn fingerprints_follow_the_published_test_vectors() {
        assert_eq!(fingerprint(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(fingerprint("a"), "d228cb696f1a8caf78912b704e4a8964");
    }
}
