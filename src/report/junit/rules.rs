//! Rules as test cases: a suite for each family, a case for each finding and for each rule without one.

use super::text::{Lines, place};
use super::{Names, case, fails, skipped, told};
use crate::report::reasons;
use crate::report::text::path;
use crate::report::v1::{Finding, Report};
use crate::rules::{RULES, Rule};
use crate::settle;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use rustc_hash::{FxHashMap, FxHashSet};

/// The family of rules that the cases of gates tell the same as.
const GATES: &str = "gates";

/// The suites in the order in which the rules are listed; what gates tell themselves is left to them.
pub(super) fn suites(report: &Report) -> Vec<TestSuite> {
    let findings: Vec<&Finding> = report.findings.iter().filter(|finding| reasons::gate_of(report, finding).is_none()).collect();
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
        let why = missing.get(rule.as_str());
        let status = why.map_or_else(TestCaseStatus::success, |why| skipped(why));
        let suite = suites.of(family);
        let name = suite.names.unique(rule, || rule.clone());
        suite.cases.push(case(&name, &suite.class, status, Lines::default()));
    }
    for (rule, why) in left_out(report, &missing).filter(|(rule, _)| !found.contains(rule.name)) {
        let suite = suites.of(rule.family);
        let name = suite.names.unique(rule.name, || rule.name.to_owned());
        suite.cases.push(case(&name, &suite.class, skipped(why), Lines::default()));
    }
    for finding in findings {
        let suite = suites.of(&finding.family);
        // Without the line: readers know a case from run to run by its name, and lines move.
        let name = format!("{} {}", finding.rule, path(&finding.location.path));
        let name = suite.names.unique(&name, || name.clone());
        suite.cases.push(finding_case(report, finding, &name, &suite.class));
    }
    suites.all.into_iter().map(Suite::finish).collect()
}

/// The rules that were not looked at because of something that the run says it did not check.
fn left_out<'r>(report: &'r Report, missing: &'r FxHashMap<&str, &str>) -> impl Iterator<Item = (&'static Rule, &'r str)> {
    // A command that looks at no rule leaves none out.
    let has_rules = !report.rules.is_empty();
    let others = RULES.iter().filter(move |rule| has_rules && report.rules.iter().all(|looked| looked != rule.name));
    others.filter_map(|rule| {
        let mut needs = rule.needs.iter().flat_map(|together| together.iter());
        Some((*rule, *needs.find_map(|subject| missing.get(subject.name()))?))
    })
}

/// Fails where the run fails for it; otherwise it passes and says what was found.
fn finding_case(report: &Report, finding: &Finding, name: &str, class: &str) -> TestCase {
    let mut lines = Lines::default();
    if fails(report, finding.severity) {
        describe(report, finding, &mut lines);
        let status = told(NonSuccessKind::Failure, finding.severity.word(), &finding.message, lines);
        return case(name, class, status, Lines::default());
    }
    lines.add(finding.severity.word(), Some(&finding.message));
    describe(report, finding, &mut lines);
    case(name, class, TestCaseStatus::success(), lines)
}

/// What there is to know of a finding beside its message.
pub(super) fn describe(report: &Report, finding: &Finding, lines: &mut Lines) {
    lines.add("place", Some(&place(&finding.location)));
    lines.add("claim", reasons::claim(report, finding).as_deref());
    lines.add("verdict", reasons::verdict(report, finding).as_deref());
    for related in &finding.related {
        let at = related.line.map(|line| format!(":{line}")).unwrap_or_default();
        lines.add("see", Some(&format!("{}{at}: {}", related.path, related.message)));
    }
    lines.add("agents", Some(&finding.agents.join(", ")));
    lines.add("files", Some(&finding.paths.join(", ")));
    lines.add("evidence", reasons::evidence(finding).as_deref());
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
