//! The findings: one row each, with all that proves it behind its message.

use super::agents::Agents;
use super::lead::has_picture;
use crate::report::html::table::{self, Head, words};
use crate::report::html::words::{lines, location, message, place, seconds, session_name, severity, short, shown, verdict};
use crate::report::v1::{Finding, Related, Report};
use crate::rules;
use maud::{Markup, html};
use serde_json::{Map, Value};

const HEADS: [Head; 5] = [words("Severity").sorted(), words("Rule"), words("Finding"), words("Place"), words("Agents")];
/// As many findings are open at first, and as many agents stand beside each other.
const FEW: usize = 2;
/// Characters of a piece of evidence that has lines of its own.
const MOST: usize = 6_000;

/// The section of all findings; nothing where there are none.
pub(super) fn findings(report: &Report) -> Markup {
    let names = names(report);
    let agents: Vec<Agents> = report.sessions.iter().flatten().enumerate().map(|(index, session)| Agents::of(session, index)).collect();
    // Within the report they stand by file; whoever opens a page wants to see the worst first.
    let mut order: Vec<(usize, &Finding)> = report.findings.iter().enumerate().collect();
    order.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    let rows = html! { @for (index, finding) in order { (row(report, finding, index, &names, &agents)) } };
    // Rules about gates and files know no agents: an empty column would only take room.
    let heads = if has_agents(report) { &HEADS[..] } else { &HEADS[..4] };
    html! {
        @if !report.findings.is_empty() {
            section #findings aria-labelledby="findings-name" {
                h2 #findings-name { "Findings" }
                @if report.findings.len() > 1 { (filters(report)) }
                (table::open("findings", "Findings", heads, report.findings.len(), &rows))
            }
        }
    }
}

/// The rules that found something, each once. Rows and the filter mean them by their number here: a name may be of any length.
fn names(report: &Report) -> Vec<&str> {
    let mut names: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn has_agents(report: &Report) -> bool {
    report.findings.iter().any(|finding| !(finding.agents.is_empty() && finding.dispatches.is_empty()))
}

/// Only of use with the script, which shows them.
fn filters(report: &Report) -> Markup {
    let all = [("error", report.summary.error), ("warning", report.summary.warning), ("note", report.summary.note)];
    html! {
        form.filters data-filters="findings" hidden {
            label { span { "Filter" } input type="search" name="text" placeholder="words, a path, an agent" autocomplete="off"; }
            label { span { "Rule" }
                select name="rule" {
                    option value="" { "all rules" }
                    @for (index, rule) in names(report).into_iter().enumerate() { option value=(index) { (short(rule)) } }
                }
            }
            fieldset {
                legend { "Severity" }
                @for (name, number) in all.into_iter().filter(|(_, number)| *number > 0) {
                    label { input type="checkbox" name="severity" value=(name) checked; " " (name) " " span.count { (number) } }
                }
            }
            output aria-live="polite" {}
        }
    }
}

fn row(report: &Report, finding: &Finding, index: usize, names: &[&str], agents: &[Agents]) -> Markup {
    let agents = finding.session.and_then(|session| agents.get(session));
    // Worst first, when sorted by this column.
    let rank = 3 - finding.severity as u8;
    html! {
        tr id={ "finding-" (index) } data-severity=(finding.severity.word()) data-rule=[names.binary_search(&finding.rule.as_str()).ok()] {
            td data-value=(rank) { (severity(finding.severity)) }
            td { code { (shown(&finding.rule)) } }
            td { details open[report.findings.len() <= FEW] { summary { (message(&finding.message)) } (behind(report, finding, agents)) } }
            td { (location(&finding.location)) }
            @if has_agents(report) { (who(finding, agents)) }
        }
    }
}

/// The agents by the names that people gave them; where there are none, as they are known to the log.
fn who(finding: &Finding, agents: Option<&Agents>) -> Markup {
    let named = agents.map_or(0, |agents| agents.number(&finding.dispatches));
    html! {
        @match agents {
            Some(_) if named > FEW => td { (named) " agents" },
            Some(agents) if named > 0 => td { (agents.links(&finding.dispatches)) },
            _ if finding.agents.len() > FEW => td { (finding.agents.len()) " agents" },
            _ => td.place { (shown(&finding.agents.join(", "))) },
        }
    }
}

/// What proves a finding and how to mend it.
fn behind(report: &Report, finding: &Finding, agents: Option<&Agents>) -> Markup {
    let session = finding.session.and_then(|index| Some((index, report.sessions.as_ref()?.get(index)?)));
    let claim = finding.claim.and_then(|claim| session?.1.claims.get(claim));
    let paths: Vec<&str> = finding.paths.iter().map(String::as_str).filter(|path| *path != finding.location.path).collect();
    html! {
        dl.behind {
            @if let (Some(claim), Some((session, _)), Some(index)) = (claim, session, finding.claim) {
                dt { "Claim" }
                dd { q { (shown(&claim.text)) } " " a href={ "#claim-" (session) "-" (index) } { "In the table of claims" } }
            }
            @if let Some(said) = finding.verdict {
                dt { "Verdict" }
                dd { (verdict(said)) @if let Some(claim) = claim.filter(|claim| !claim.why.trim().is_empty()) { ": " (shown(&claim.why)) } }
            }
            @if !finding.evidence.is_empty() { dt { "Evidence" } dd { (evidence(&finding.evidence)) } }
            @if !finding.help.trim().is_empty() { dt { "Help" } dd { (shown(&finding.help)) } }
            @if let Some(agents) = agents.filter(|agents| agents.number(&finding.dispatches) > 0) {
                dt { "Agents" }
                dd { (agents.links(&finding.dispatches)) }
            }
            @if !finding.agents.is_empty() { dt { "Known as" } dd { (shown(&finding.agents.join(", "))) } }
            @if !paths.is_empty() { dt { "Files" } dd { (shown(&paths.join(", "))) } }
            @if !finding.related.is_empty() { dt { "See" } dd { ul { @for one in &finding.related { li { (related(one)) } } } } }
            @if let Some((index, session)) = session {
                dt { "Session" }
                dd {
                    a href={ "#session-" (index) } { (session_name(session, index)) }
                    // Only the script can draw it.
                    @if has_picture(session) { " " a.drawn href={ "#picture-" (index) } hidden { "(its picture)" } }
                }
            }
            @if let Some(rule) = rules::find(&finding.rule) {
                dt { "Rule" }
                dd { (rule.summary) " " a href={ "#rule-" (rule.name) } { "More about " (rule.name) } }
            }
            @if !finding.fingerprint.is_empty() { dt { "Fingerprint" } dd { code { (shown(&finding.fingerprint)) } } }
        }
    }
}

fn related(related: &Related) -> Markup {
    html! {
        (place(&related.path, related.line, related.column)) @if !related.message.is_empty() { ": " (shown(&related.message)) }
        @if let Some(excerpt) = &related.excerpt { (lines(excerpt, MOST)) }
    }
}

fn evidence(evidence: &Map<String, Value>) -> Markup {
    html! {
        dl.evidence {
            @for (key, value) in evidence {
                @let (name, is_time) = name(key);
                div title=[told(key)] { dt { (shown(&name)) } dd { (fact(key, value, is_time)) } }
            }
        }
    }
}

/// What the name of a number does not say by itself.
fn told(key: &str) -> Option<&'static str> {
    match key {
        "effective_concurrency" => Some("the run times of all together by the time that they took: how many ran at once on average"),
        "peak" => Some("the most that ran at the same moment"),
        "responses" => Some("in so many answers of the assistant they were called"),
        _ => None,
    }
}

/// What a number is called, and whether it is a duration.
fn name(key: &str) -> (String, bool) {
    match key.strip_suffix("_seconds") {
        Some(name) => (name.replace('_', " "), true),
        None => (key.replace('_', " "), matches!(key, "work" | "wall")),
    }
}

fn fact(key: &str, value: &Value, is_time: bool) -> Markup {
    match value {
        Value::Array(sides) if key == "lines" => shown(&sides.iter().map(|side| range(&plain(side))).collect::<Vec<_>>().join(" and ")),
        Value::Array(items) if key == "last_lines" => lines(&items.iter().map(plain).collect::<Vec<_>>().join("\n"), MOST),
        Value::Number(number) if is_time => html! { (seconds(number.as_f64().unwrap_or_default())) },
        Value::Number(number) if number.is_f64() => html! { (format!("{:.2}", number.as_f64().unwrap_or_default())) },
        Value::String(text) if text.contains('\n') => lines(text, MOST),
        other => shown(&plain(other)),
    }
}

/// The lines of one side: `5-5` is `5`.
fn range(lines: &str) -> String {
    match lines.split_once('-') {
        Some((first, last)) if first == last => first.to_owned(),
        Some((first, last)) => format!("{first}–{last}"),
        None => lines.to_owned(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "unknown".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
