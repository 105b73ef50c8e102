//! What a picture cannot show: who drew it, what was found, and what is not on it.

use crate::report::threads::{self, Threads};
use crate::report::v1::{Checked, Error, Finding, NotChecked, Report, Summary, Tool};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Tail<'r> {
    tool: &'r Tool,
    command: &'r str,
    exit_code: i32,
    summary: Summary,
    /// How many claims have each verdict.
    verdicts: BTreeMap<&'static str, u64>,
    findings: Vec<Found<'r>>,
    checked: &'r [Checked],
    not_checked: &'r [NotChecked],
    /// What has no place on the clock.
    not_drawn: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'r Error>,
}

#[derive(Serialize)]
struct Found<'r> {
    rule: &'r str,
    severity: &'static str,
    message: &'r str,
    path: &'r str,
    line: Option<u64>,
    fingerprint: &'r str,
}

pub(super) fn tail<'r>(report: &'r Report, sessions: &[Threads<'_>]) -> Tail<'r> {
    let told = |(index, threads): (usize, &Threads<'_>)| {
        let of = move |what| format!("session {}: {what}", index + 1);
        threads.left_out.told().map(of).collect::<Vec<String>>()
    };
    let mut not_drawn: Vec<String> = sessions.iter().enumerate().flat_map(told).collect();
    let gates = report.gates.iter().flatten().filter(|gate| gate.started.is_none());
    not_drawn.extend(gates.map(|gate| format!("gate {}: {}", gate.name, gate.status.word())));
    Tail {
        tool: &report.tool,
        command: &report.command,
        exit_code: report.exit_code,
        summary: report.summary,
        verdicts: threads::verdicts(report),
        findings: report.findings.iter().map(found).collect(),
        checked: &report.checked,
        not_checked: &report.not_checked,
        not_drawn,
        error: report.error.as_ref(),
    }
}

fn found(finding: &Finding) -> Found<'_> {
    Found {
        rule: &finding.rule,
        severity: finding.severity.word(),
        message: &finding.message,
        path: &finding.location.path,
        line: finding.location.line,
        fingerprint: &finding.fingerprint,
    }
}
