//! `paralint rule [NAME]`.

use super::offered::Offered;
use super::{ExitStatus, FAILED, output};
use crate::config::nearest;
use crate::report::text;
use crate::rules::{self, RULES, Rule};
use clap::builder::PossibleValue;
use serde_json::json;
use std::fmt::Write;

/// Arguments of `rule`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  paralint rule                   all rules, by family
  paralint rule claimed-serial    what it finds, why that is bad, what to do
  paralint rule --format json     all of them, with their documents")]
pub(super) struct Arguments {
    /// The rule, with or without its family; all rules without it
    #[arg(value_parser = Offered(names), hide_possible_values = true)]
    name: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
}

fn names() -> Vec<PossibleValue> {
    RULES.iter().map(|rule| PossibleValue::new(rule.name).help(rule.summary)).collect()
}

pub(super) fn run(arguments: &Arguments) -> ExitStatus {
    let Some(name) = &arguments.name else {
        output::print(&list(arguments.format));
        return 0;
    };
    let plain = name.rsplit('/').next().unwrap_or(name);
    match rules::find(plain) {
        Some(rule) => {
            output::print(&document(rule, arguments.format));
            0
        }
        None => {
            let near = nearest(plain, RULES.iter().map(|rule| rule.name))
                .map_or_else(|| "`paralint rule` lists them all".to_owned(), |near| format!("did you mean `{near}`?"));
            output::complain(&format!("unknown rule `{name}`"), Some(&near));
            FAILED
        }
    }
}

fn list(format: Format) -> String {
    if format == Format::Json {
        return format!("{:#}\n", serde_json::Value::from_iter(RULES.iter().map(|rule| object(rule))));
    }
    let mut text = String::new();
    let mut family = "";
    let column = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for rule in RULES {
        if rule.family != family {
            family = rule.family;
            let _ = writeln!(text, "{}{family}/", if text.is_empty() { "" } else { "\n" });
        }
        let _ = writeln!(text, "  {:<column$} {:<8} {}", rule.name, rule.severity.word(), rule.summary);
    }
    text.push_str("\n`paralint rule NAME` explains one.\n");
    text
}

fn document(rule: &Rule, format: Format) -> String {
    match format {
        Format::Json => format!("{:#}\n", object(rule)),
        Format::Human => {
            let head = format!("# {}/{} ({})\n\n", rule.family, rule.name, rule.severity.word());
            let summary = reflowed(&format!("{}: {}.", rule.name, rule.summary));
            format!("{head}{summary}\n{}", reflowed(rule.document))
        }
    }
}

/// Columns of a document on a terminal.
const WIDTH: usize = 80;

/// Markdown whose paragraphs and list items are broken at the width of a terminal; code, tables and headings stay.
fn reflowed(document: &str) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in document.lines() {
        let is_fence = line.starts_with("```");
        let stands_alone = fenced || is_fence || line.is_empty() || line.starts_with(['#', '|']);
        if stands_alone || line.starts_with("- ") {
            flush(&mut paragraph, &mut out);
        }
        if stands_alone {
            out.push_str(line);
            out.push('\n');
        } else {
            paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
            paragraph.push_str(line.trim());
        }
        fenced ^= is_fence;
    }
    flush(&mut paragraph, &mut out);
    out
}

fn flush(paragraph: &mut String, out: &mut String) {
    let text = std::mem::take(paragraph);
    if text.is_empty() {
        return;
    }
    let indent = if text.starts_with("- ") { 2 } else { 0 };
    for (index, line) in text::fold(&text, WIDTH, WIDTH - indent, usize::MAX, true).iter().enumerate() {
        let _ = writeln!(out, "{}{line}", " ".repeat(if index == 0 { 0 } else { indent }));
    }
}

fn object(rule: &Rule) -> serde_json::Value {
    json!({"name": rule.name, "family": rule.family, "severity": rule.severity.word(), "summary": rule.summary, "document": rule.document})
}
