//! `paralint rule [NAME]`.

use super::{ExitStatus, FAILED, output};
use crate::config::nearest;
use crate::rules::{self, RULES, Rule};
use serde_json::json;
use std::fmt::Write;

/// Arguments of `rule`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The rule, with or without its family; all rules without it
    name: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Human,
    Json,
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
    for rule in RULES {
        if rule.family != family {
            family = rule.family;
            let _ = writeln!(text, "{}{family}/", if text.is_empty() { "" } else { "\n" });
        }
        let _ = writeln!(text, "  {:<20} {:<8} {}", rule.name, rule.severity.word(), rule.summary);
    }
    text.push_str("\n`paralint rule NAME` explains one.\n");
    text
}

fn document(rule: &Rule, format: Format) -> String {
    match format {
        Format::Json => format!("{:#}\n", object(rule)),
        Format::Human => {
            format!("# {}/{} ({})\n\n{}: {}.\n\n{}", rule.family, rule.name, rule.severity.word(), rule.name, rule.summary, rule.document)
        }
    }
}

fn object(rule: &Rule) -> serde_json::Value {
    json!({"name": rule.name, "family": rule.family, "severity": rule.severity.word(), "summary": rule.summary, "document": rule.document})
}
