//! The page: its head, its sections, a table behind each picture.

mod agents;
mod banner;
mod changes;
mod findings;
mod gates;
mod lead;
mod owners;
mod rules;
mod session;
mod sessions;
mod verdict;

use super::policy::policy;
use super::{SCRIPT, STYLE};
use crate::report::v1;
use lead::Lead;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use verdict::verdict;

/// The whole page. `data` is JSON that is safe in a script element.
pub(super) fn page(report: &v1::Report, data: &str) -> Markup {
    let verdict = verdict(report);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(STYLE, SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (verdict.sign) " " (verdict.words) " - paralint " (report.command) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                (banner::banner(report, &verdict))
                (contents(report))
                main #content tabindex="-1" aria-labelledby="verdict" {
                    @if Lead::of(report) == Lead::Findings { (findings::findings(report)) }
                    (gates::gates(report))
                    (sessions::sessions(report))
                    (changes::changes(report))
                    (changes::overlaps(report))
                    (owners::owners(report))
                    (rules::rules(report))
                }
                footer { p { "paralint " (report.tool.version) ", report version " (report.version) ". All times are UTC." } }
                script type="application/json" #data { (PreEscaped(data)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// Links to the sections; nothing where there is only one.
fn contents(report: &v1::Report) -> Markup {
    let sessions = report.sessions.as_deref().unwrap_or_default().len();
    let findings = ("findings", "Findings", report.findings.len());
    let gates = ("gates", "Gates", report.gates.as_ref().map_or(0, Vec::len));
    let session = (if sessions > 1 { "sessions" } else { "session-0" }, if sessions > 1 { "Sessions" } else { "Session" }, sessions);
    // In the order in which they stand on the page.
    let [first, second, third] = match Lead::of(report) {
        Lead::Findings => [findings, gates, session],
        Lead::Session => [session, findings, gates],
        Lead::Gates => [gates, findings, session],
    };
    let all = [
        first,
        second,
        third,
        ("changes", "Changes", report.changes.as_ref().map_or(0, Vec::len)),
        ("overlaps", "Overlaps", report.overlaps.as_ref().map_or(0, Vec::len)),
        ("owners", "Owners", report.owners.as_ref().map_or(0, Vec::len)),
        ("rules", "Rules", rules::known(report).len()),
    ];
    let there: Vec<_> = all.into_iter().filter(|(_, _, number)| *number > 0).collect();
    html! {
        @if there.len() > 1 {
            nav.contents aria-label="Contents" {
                ul {
                    @for (id, name, number) in there {
                        li { a href={ "#" (id) } { (name) @if number > 1 { " " span.count { (number) } } } }
                    }
                }
            }
        }
    }
}
