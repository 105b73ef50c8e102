//! A finding as a result of SARIF.

use super::place::{Span, location};
use super::rules;
use super::shape::{Fingerprints, Location, Outcome, Properties, Text};
use crate::report::Context;
use crate::report::fingerprints::Numbered;
use crate::report::reasons::{self, readable};
use crate::report::uri;
use crate::report::v1::{Finding, Report};
use serde_json::{Map, Value};

/// Places, agents, paths or dispatches of one result. GitHub takes 1,000 places of a result and shows the first 100.
const MOST_LISTED: usize = 100;
/// Places that the message leads to; a reader finds the others in the list.
const MOST_LINKS: usize = 5;
/// Letters of one text in the evidence.
const MOST_EVIDENCE: usize = 2000;

/// The result of a finding.
pub(super) fn of(report: &Report, context: &Context, finding: &Finding, numbered: &Numbered) -> Outcome {
    let place = &finding.location;
    let span = Span { line: place.line, column: place.column, end_line: place.end_line, end_column: place.end_column };
    let place = location(uri::of_path(&context.ground, report, finding, &place.path, place.path_encoded), span);
    let (related, unsaid) = related(report, context, finding);
    Outcome {
        rule_id: if finding.rule.trim().is_empty() { "unknown-rule".to_owned() } else { finding.rule.clone() },
        rule_index: rules::index(&finding.rule),
        level: finding.severity.word(),
        message: Text { text: message(report, finding, &related) },
        locations: [place],
        related_locations: related,
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: format!("{}:{}", numbered.fingerprint, numbered.number),
            own: numbered.fingerprint.clone(),
        },
        properties: properties(finding, unsaid),
    }
}

/// The further places that something is said of, numbered from 1, and how many there was no room for.
fn related(report: &Report, context: &Context, finding: &Finding) -> (Vec<Location>, usize) {
    let speaking = finding.related.iter().filter_map(|related| Some((related, readable(&related.message)?)));
    let mut all: Vec<(&_, String)> = speaking.collect();
    let unsaid = all.len().saturating_sub(MOST_LISTED);
    all.truncate(MOST_LISTED);
    let places = all.into_iter().enumerate().map(|(index, (related, text))| {
        let span = Span { line: related.line, column: related.column, end_line: None, end_column: related.end_column };
        let uri = uri::of_path(&context.ground, report, finding, &related.path, related.path_encoded);
        Location { id: Some(index + 1), message: Some(Text { text: linkless(&text) }), ..location(uri, span) }
    });
    (places.collect(), unsaid)
}

/// The message, then a line for each reason. GitHub shows related places only where the message leads to them.
fn message(report: &Report, finding: &Finding, related: &[Location]) -> String {
    let mut text = linkless(&reasons::sentence(&reasons::message(finding)));
    for (name, said) in reasons::of(report, finding) {
        text.push_str(&linkless(&format!("\n{name}: {}", reasons::sentence(&said))));
    }
    let printed = reasons::printed(report, finding, true);
    if !printed.is_empty() {
        text.push_str(&linkless(&format!("\nOutput:\n{}", printed.join("\n"))));
    }
    let links: Vec<String> = related.iter().take(MOST_LINKS).filter_map(link).collect();
    if !links.is_empty() {
        text.push_str(&format!("\nSee: {}.", links.join(", ")));
    }
    text
}

/// A link to a related place: section 3.11.6 of the standard.
fn link(place: &Location) -> Option<String> {
    let text = &place.message.as_ref()?.text;
    let label = text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    Some(format!("[{label}]({})", place.id?))
}

/// Text of a log in which nothing is a link: a viewer would make one of `[text](address)`.
///
/// The bracket that would end the text of the link is escaped, as section 3.11.6 of the standard has it; brackets that no link
/// can be read from stay as they are, so that a path can be copied.
pub(super) fn linkless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (index, piece) in text.split("](").enumerate() {
        if index > 0 {
            // An odd number of backslashes escapes it already; one more would take that away.
            let escapes = shown.bytes().rev().take_while(|byte| *byte == b'\\').count();
            let can_be_read = shown.contains('[') && escapes % 2 == 0;
            shown.push_str(if can_be_read { "\\](" } else { "](" });
        }
        shown.push_str(piece);
    }
    shown
}

fn properties(finding: &Finding, unsaid: usize) -> Properties {
    let mut left_out = unsaid;
    let mut list = |all: &[String]| -> Vec<String> {
        let speaking: Vec<&String> = all.iter().filter(|one| !one.trim().is_empty()).collect();
        left_out += speaking.len().saturating_sub(MOST_LISTED);
        speaking.into_iter().take(MOST_LISTED).cloned().collect()
    };
    let (agents, paths, dispatches) = (list(&finding.agents), list(&finding.paths), list(&finding.dispatches));
    Properties {
        verdict: finding.verdict.map(crate::model::finding::Verdict::word),
        evidence: said_of(&finding.evidence),
        agents,
        paths,
        dispatches,
        left_out: (left_out > 0).then_some(left_out),
    }
}

/// The evidence without what says nothing: GitHub refuses empty strings, and `null` is no value of a property.
fn said_of(evidence: &Map<String, Value>) -> Map<String, Value> {
    let speaking = evidence.iter().filter(|(name, _)| !name.is_empty());
    speaking.filter_map(|(name, value)| Some((name.clone(), said(value)?))).collect()
}

fn said(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(Value::String(text.chars().take(MOST_EVIDENCE).collect())),
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(said).take(MOST_LISTED).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(members) => {
            let members = said_of(members);
            (!members.is_empty()).then_some(Value::Object(members))
        }
        Value::Bool(_) | Value::Number(_) => Some(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::linkless;

    #[test]
    fn only_what_could_be_a_link_is_escaped() {
        assert_eq!(linkless("see [a](http://x) [b]"), "see [a\\](http://x) [b]");
        assert_eq!(linkless("app/[id](group)/x.tsx"), "app/[id\\](group)/x.tsx");
        assert_eq!((linkless("[a\\](b)"), linkless("[a\\\\](b)")), ("[a\\](b)".into(), "[a\\\\\\](b)".into()));
        assert_eq!(linkless("a](b) [c] (d)"), "a](b) [c] (d)");
    }
}
