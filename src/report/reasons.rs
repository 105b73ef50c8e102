//! What a finding says beside its message, as words, for formats that have no fields of their own for it.

use super::human;
use super::text;
use super::v1::{Finding, Report};

/// Columns of one text: enough to read, and a log that is all one sentence does not fill the file of a CI system.
const MOST_COLUMNS: usize = 1000;

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
    let session = finding.session.and_then(|index| report.sessions.as_ref()?.get(index));
    let claim = finding.claim.and_then(|index| session?.claims.get(index));
    let verdict = finding.verdict.map(|verdict| match claim.and_then(|claim| readable(&claim.why)) {
        Some(why) if why != finding.message => format!("{} ({why})", verdict.word()),
        _ => verdict.word().to_owned(),
    });
    let parts = [
        ("Claim", claim.and_then(|claim| readable(&claim.text)).map(|text| format!("\"{text}\""))),
        ("Verdict", verdict),
        ("Evidence", readable(&human::sentence(&finding.evidence))),
        ("Help", readable(&finding.help)),
    ];
    parts.into_iter().filter_map(|(name, said)| Some((name, said?))).collect()
}

/// `text` with a full stop, where it does not end a sentence already.
pub(super) fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…', ':', '"']) { text.to_owned() } else { format!("{text}.") }
}
