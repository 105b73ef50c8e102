//! The rules that found something, each with its document.

use crate::report::v1::Report;
use crate::rules::{self, Rule};
use maud::{Markup, html};

/// The rules of the findings that this version knows, each once, by name.
pub(super) fn known(report: &Report) -> Vec<&'static Rule> {
    let mut known: Vec<&Rule> = report.findings.iter().filter_map(|finding| rules::find(&finding.rule)).collect();
    known.sort_unstable_by_key(|rule| rule.name);
    known.dedup_by_key(|rule| rule.name);
    known
}

/// The section of the rules; nothing where none is known.
pub(super) fn rules(report: &Report) -> Markup {
    let known = known(report);
    html! {
        @if !known.is_empty() {
            section #rules aria-labelledby="rules-name" {
                h2 #rules-name { "Rules" }
                @for rule in known {
                    details.rule id={ "rule-" (rule.name) } {
                        summary { code { (rule.name) } " " (rule.summary) }
                        (document(rule.document))
                    }
                }
            }
        }
    }
}

/// As much of markdown as the documents use: headings, fenced examples, paragraphs.
fn document(text: &str) -> Markup {
    let mut blocks = Vec::new();
    let mut fenced: Option<Vec<&str>> = None;
    let mut paragraph: Vec<&str> = Vec::new();
    let close = |paragraph: &mut Vec<&str>, blocks: &mut Vec<Markup>| {
        if !paragraph.is_empty() {
            let whole = std::mem::take(paragraph).join("\n");
            blocks.push(html! { p { (whole) } });
        }
    };
    for line in text.lines() {
        match (&mut fenced, line) {
            (Some(lines), line) if line.starts_with("```") => {
                let whole = lines.join("\n");
                blocks.push(html! { pre { code { (whole) } } });
                fenced = None;
            }
            (Some(lines), line) => lines.push(line),
            (None, line) if line.starts_with("```") => {
                close(&mut paragraph, &mut blocks);
                fenced = Some(Vec::new());
            }
            (None, "") => close(&mut paragraph, &mut blocks),
            (None, line) => match line.strip_prefix("## ") {
                Some(heading) => {
                    close(&mut paragraph, &mut blocks);
                    blocks.push(html! { h3 { (heading) } });
                }
                None => paragraph.push(line),
            },
        }
    }
    close(&mut paragraph, &mut blocks);
    html! { div.document { @for block in blocks { (block) } } }
}
