//! What a finding says beside its message, as words, for formats that have no fields of their own for it.

use super::gates::output::{self, Show};
use super::human;
use super::text;
use super::v1::{Claim, Finding, Gate, Report};
use crate::model::finding::Severity;
use crate::model::gate::GateStatus;
use serde_json::Value;

/// Columns of one text: enough to read, and a log that is all one sentence does not fill the file of a CI system.
const MOST_COLUMNS: usize = 1000;
/// The family of rules about gates, whose messages say how a gate ended.
const GATES: &str = "gates";
/// So many lines of what a gate printed, and so many characters of them, stand with a finding.
const MOST_LINES: usize = 10;
const MOST_PRINTED: usize = 1_500;
/// The end of the output that is looked at, in bytes.
const LOOKED_AT: usize = 16 * 1024;

/// `text` as it can be shown on one line, harmless and not too long; `None` where nothing of it can be read.
pub(super) fn readable(text: &str) -> Option<String> {
    let shown = text::visible(text.trim());
    let shown = text::fit_words(shown.trim(), MOST_COLUMNS, true);
    (!shown.trim().is_empty()).then(|| shown.into_owned())
}

/// The finding's message; where it has none, what its rule says, or its name.
pub(super) fn message(finding: &Finding) -> String {
    let rule = || crate::rules::find(&finding.rule).map(|rule| rule.summary.to_owned());
    readable(&finding.message).or_else(rule).or_else(|| readable(&finding.rule)).unwrap_or_else(|| "a finding".to_owned())
}

/// The claim, the verdict, the evidence and the way to fix it, each with its name; those that say something.
pub(super) fn of(report: &Report, finding: &Finding) -> Vec<(&'static str, String)> {
    let parts = [
        ("Claim", claim(report, finding)),
        ("Verdict", verdict(report, finding)),
        ("Evidence", evidence(finding)),
        ("Help", readable(&finding.help)),
    ];
    parts.into_iter().filter_map(|(name, said)| Some((name, said?))).collect()
}

/// The claim that the finding is about.
fn claim_of<'r>(report: &'r Report, finding: &Finding) -> Option<&'r Claim> {
    let session = report.sessions.as_ref()?.get(finding.session?)?;
    session.claims.get(finding.claim?)
}

/// The sentence in question, in quotes.
pub(super) fn claim(report: &Report, finding: &Finding) -> Option<String> {
    Some(format!("\"{}\"", readable(&claim_of(report, finding)?.text)?))
}

/// What the timeline says of the claim, with why where the message does not say it: `corrected (sent again in line 450)`.
pub(super) fn verdict(report: &Report, finding: &Finding) -> Option<String> {
    let word = finding.verdict?.word();
    Some(match claim_of(report, finding).and_then(|claim| readable(&claim.why)) {
        Some(why) if why != finding.message => format!("{word} ({why})"),
        _ => word.to_owned(),
    })
}

/// The numbers that prove the finding, without those that a message about a gate says already.
pub(super) fn evidence(finding: &Finding) -> Option<String> {
    if finding.family != GATES {
        return readable(&human::sentence(&finding.evidence));
    }
    let mut telling = finding.evidence.clone();
    telling.retain(|key, value| match key.as_str() {
        "gate" | "exit_code" | "signal" | "wall" => false,
        "attempts" => value.as_u64() != Some(1),
        _ => true,
    });
    readable(&human::sentence(&telling))
}

/// The index of the gate that a finding is about, where a rule about gates found it.
pub(super) fn gate_of(report: &Report, finding: &Finding) -> Option<usize> {
    let name = finding.evidence.get("gate").filter(|_| finding.family == GATES)?.as_str()?;
    report.gates.as_ref()?.iter().position(|gate| gate.name == name)
}

/// The last lines of what a gate printed that did not pass, where the finding is about one: bounded, none of them acts.
pub(super) fn printed(report: &Report, finding: &Finding, unicode: bool) -> Vec<String> {
    if finding.family != GATES {
        return Vec::new();
    }
    let gate = gate_of(report, finding).and_then(|index| report.gates.as_ref()?.get(index));
    let lines = gate.map(|gate| printed_by(gate, unicode)).unwrap_or_default();
    if !lines.is_empty() {
        return lines;
    }
    let kept = finding.evidence.get("last_lines").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    last(kept.flat_map(|line| output::lines(line.as_bytes(), shown(unicode))).collect(), unicode)
}

/// The last lines of what a gate printed, where it failed or took too long.
pub(super) fn printed_by(gate: &Gate, unicode: bool) -> Vec<String> {
    let failed = matches!(gate.status, GateStatus::Failed | GateStatus::Timeout);
    let Some(printed) = gate.output.as_ref().filter(|_| failed) else { return Vec::new() };
    let whole = if printed.omitted == 0 { format!("{}{}", printed.head, printed.tail) } else { printed.tail.clone() };
    let mut start = whole.len().saturating_sub(LOOKED_AT);
    while !whole.is_char_boundary(start) {
        start += 1;
    }
    last(output::lines(&whole.as_bytes()[start..], shown(unicode)), unicode)
}

fn shown(unicode: bool) -> Show {
    Show { unicode, colour: false }
}

/// The last of `lines` that say something, as many as have room.
fn last(lines: Vec<String>, unicode: bool) -> Vec<String> {
    let mut room = MOST_PRINTED;
    let mut kept = Vec::new();
    for line in lines.iter().rev().map(|line| line.trim_end()).filter(|line| !line.trim().is_empty()).take(MOST_LINES) {
        let line = text::clip(line, MOST_PRINTED / 3, unicode).into_owned();
        let Some(left) = room.checked_sub(line.chars().count() + 1) else { break };
        room = left;
        // A cut may end where a command begins to have power.
        kept.push(text::powerless(&line).into_owned());
    }
    kept.reverse();
    kept
}

/// Whether a finding that fails the run tells what the run's error tells, at the same place.
pub(super) fn error_told(report: &Report) -> bool {
    let Some(error) = &report.error else { return false };
    let Some(place) = &error.location else { return false };
    let fails = |finding: &&Finding| finding.severity == Severity::Error && report.fail_on.is_some();
    report.findings.iter().filter(fails).any(|finding| {
        let at = &finding.location;
        at.path == place.path && at.line == place.line && !error.message.is_empty() && finding.message.ends_with(&error.message)
    })
}

/// `text` with a full stop, where it does not end a sentence already.
pub(super) fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…', ':', '"']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Verdict;
    use crate::report::example::{claim as made, finding, report, session};
    use crate::report::v1::{Error, Location};
    use serde_json::json;

    #[test]
    fn a_claim_is_quoted_and_its_verdict_has_a_reason() {
        let claims = vec![made(182, "10:01:59", "I'll use 3 agents", Verdict::Corrected, "sent again in parallel in line 450")];
        let one = session("10:00:00", "10:10:00", 1, Vec::new(), claims);
        let found = finding("claimed-serial", Severity::Note, "it is wrong", &one, json!({"peak": 1}), "help");
        let report = report(vec![found.clone()], vec![one]);
        assert_eq!(claim(&report, &found).as_deref(), Some("\"I'll use 3 agents\""));
        assert_eq!(verdict(&report, &found).as_deref(), Some("corrected (sent again in parallel in line 450)"));
    }

    #[test]
    fn what_a_message_about_a_gate_says_is_no_evidence() {
        let one = session("10:00:00", "10:10:00", 1, Vec::new(), Vec::new());
        let proof = json!({"gate": "evil", "exit_code": 3, "wall": 0.0, "attempts": 1, "last_lines": ["\u{1b}[31m::error::x"]});
        let mut found = finding("gate-failed", Severity::Error, "evil failed: exit 3 after 0.0s", &one, proof, "help");
        found.family = "gates".into();
        let report = report(vec![found.clone()], Vec::new());
        assert_eq!(evidence(&found), None);
        assert_eq!(printed(&report, &found, true), ["\\u{3a}:error::x"]);
        found.evidence.insert("attempts".into(), json!(2));
        assert_eq!(evidence(&found).as_deref(), Some("attempts 2"));
    }

    #[test]
    fn the_last_lines_are_bounded() {
        let lines: Vec<String> = (0..50).map(|number| format!("line {number}  ")).chain([String::new(), " ".into()]).collect();
        let kept = last(lines, true);
        assert_eq!((kept.len(), kept[0].as_str(), kept[9].as_str()), (10, "line 40", "line 49"));
        let long = last(vec!["漢".repeat(5_000); 9], true);
        assert!((1..=3).contains(&long.len()) && long.concat().chars().count() <= MOST_PRINTED, "{long:?}");
        assert!(last(Vec::new(), true).is_empty());
    }

    #[test]
    fn an_error_that_a_finding_tells_is_told_once() {
        let one = session("10:00:00", "10:10:00", 1, Vec::new(), Vec::new());
        let mut found = finding("invalid-state", Severity::Error, "BOUNDARIES.json cannot be used: no comma", &one, json!({}), "");
        let place = Location { path: "BOUNDARIES.json".into(), line: Some(3), ..found.location.clone() };
        found.location = place.clone();
        let mut told = report(vec![found], Vec::new());
        assert!(!error_told(&told), "there is no error");
        told.fail_on = Some(Severity::Error);
        told.error = Some(Error { kind: "state".into(), message: "no comma".into(), hint: None, location: Some(place.clone()) });
        assert!(error_told(&told));
        let otherwise = |change: fn(&mut Report)| {
            let mut told = told.clone();
            change(&mut told);
            !error_told(&told)
        };
        assert!(otherwise(|told| told.findings[0].location.line = Some(4)));
        assert!(otherwise(|told| told.findings[0].message = "another".into()));
        assert!(otherwise(|told| told.findings[0].severity = Severity::Warning));
        assert!(otherwise(|told| told.fail_on = None));
    }
}
