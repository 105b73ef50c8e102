//! Rules as test cases: a suite for each family, a case for each finding and for each rule without one.

use super::text::{Lines, place};
use super::{Names, case, fails, gates, skipped, told};
use crate::report::v1::{Finding, Report};
use crate::settle;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use rustc_hash::{FxHashMap, FxHashSet};

/// The family of rules that the cases of gates tell the same as.
const GATES: &str = "gates";

/// The suites in the order in which the rules are listed; what gates tell themselves is left to them.
pub(super) fn suites(report: &Report) -> Vec<TestSuite> {
    let findings: Vec<&Finding> = report.findings.iter().filter(|finding| gates::index_of(report, finding).is_none()).collect();
    let found: FxHashSet<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    let missing: FxHashMap<&str, &str> =
        report.not_checked.iter().rev().map(|missing| (missing.what.as_str(), missing.why.as_str())).collect();
    let mut suites = Suites::default();
    for rule in &report.rules {
        let family = settle::family(rule);
        let told_by_gates = report.gates.is_some() && family == GATES;
        if found.contains(rule.as_str()) || told_by_gates {
            continue;
        }
        let why = missing.get(rule.as_str()).or_else(|| missing.get(family));
        let status = why.map_or_else(TestCaseStatus::success, |why| skipped(why));
        let suite = suites.of(family);
        let name = suite.names.unique(rule, || rule.clone());
        suite.cases.push(case(&name, &suite.class, status, Lines::default()));
    }
    for finding in findings {
        let suite = suites.of(&finding.family);
        let name = format!("{} at {}", finding.rule, place(&finding.location));
        let name = suite.names.unique(&name, || format!("{name}: {}", finding.message));
        suite.cases.push(finding_case(report, finding, &name, &suite.class));
    }
    suites.all.into_iter().map(Suite::finish).collect()
}

/// Fails where the run fails for it; otherwise it passes and says what was found.
fn finding_case(report: &Report, finding: &Finding, name: &str, class: &str) -> TestCase {
    let mut lines = Lines::default();
    if fails(report, finding.severity) {
        describe(finding, &mut lines);
        let status = told(NonSuccessKind::Failure, finding.severity.word(), &finding.message, lines);
        return case(name, class, status, Lines::default());
    }
    lines.add(finding.severity.word(), Some(&finding.message));
    describe(finding, &mut lines);
    case(name, class, TestCaseStatus::success(), lines)
}

/// What there is to know of a finding beside its message.
pub(super) fn describe(finding: &Finding, lines: &mut Lines) {
    lines.add("place", Some(&place(&finding.location)));
    lines.add("verdict", finding.verdict.map(|verdict| verdict.word()));
    for related in &finding.related {
        let at = related.line.map(|line| format!(":{line}")).unwrap_or_default();
        lines.add("see", Some(&format!("{}{at}: {}", related.path, related.message)));
    }
    lines.add("agents", Some(&finding.agents.join(", ")));
    lines.add("files", Some(&finding.paths.join(", ")));
    let evidence: Vec<String> = finding.evidence.iter().map(|(key, value)| format!("{key} {value}")).collect();
    lines.add("evidence", Some(&evidence.join(", ")));
    lines.add("help", Some(&finding.help));
    lines.add("fingerprint", Some(&finding.fingerprint));
}

#[derive(Default)]
struct Suites {
    all: Vec<Suite>,
    places: FxHashMap<String, usize>,
}

struct Suite {
    family: String,
    class: String,
    names: Names,
    cases: Vec<TestCase>,
}

impl Suites {
    fn of(&mut self, family: &str) -> &mut Suite {
        let family = super::text::name(if family.is_empty() { "other" } else { family });
        let place = *self.places.entry(family.clone()).or_insert(self.all.len());
        if place == self.all.len() {
            let class = format!("paralint.{family}");
            self.all.push(Suite { family, class, names: Names::default(), cases: Vec::new() });
        }
        &mut self.all[place]
    }
}

impl Suite {
    fn finish(self) -> TestSuite {
        let mut suite = TestSuite::new(self.family.as_str());
        suite.add_test_cases(self.cases);
        suite
    }
}
