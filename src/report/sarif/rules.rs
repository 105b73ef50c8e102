//! The rules, as a viewer of SARIF explains them.

use super::shape::{Configuration, Help, Rule, RuleProperties, Text};
use crate::model::finding::Severity;
use crate::rules::{self, RULES};

/// An entry for every rule, in the order of `RULES`.
pub(super) fn all() -> Vec<Rule> {
    RULES.iter().map(|rule| describe(rule)).collect()
}

/// The rule of a run that could not check, which is no rule of paralint's own.
pub(super) const FAILURE: &str = "could-not-check";

/// The entry of `FAILURE`, for runs that have such a result.
pub(super) fn failure() -> Rule {
    let text = "paralint could not do what it was asked for, so that nothing is known of what it did not look at.";
    Rule {
        id: FAILURE,
        name: Some(pascal_case(FAILURE)),
        short_description: Text { text: "a run that could not check".to_owned() },
        full_description: Text { text: text.to_owned() },
        help: Help { text, markdown: text },
        default_configuration: Configuration { level: "error" },
        properties: RuleProperties { problem_severity: "error", tags: ["parallel-work", "state"] },
    }
}

/// Where `all` has a rule.
pub(super) fn index(name: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.name == name)
}

fn describe(rule: &'static rules::Rule) -> Rule {
    Rule {
        id: rule.name,
        name: Some(pascal_case(rule.name)).filter(|name| !name.eq_ignore_ascii_case(rule.name)),
        short_description: Text { text: rule.summary.to_owned() },
        full_description: Text { text: first_paragraph(rule.document).unwrap_or_else(|| rule.summary.to_owned()) },
        help: Help { text: rule.document, markdown: rule.document },
        default_configuration: Configuration { level: rule.severity.word() },
        properties: RuleProperties { problem_severity: problem_severity(rule.severity), tags: ["parallel-work", rule.family] },
    }
}

/// The word that GitHub code scanning sorts and filters alerts by.
fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    }
}

/// `claimed-serial` as `ClaimedSerial`.
fn pascal_case(name: &str) -> String {
    let part = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(part).collect()
}

/// The first paragraph of "What it does" without its markdown. Where it leads to a list, the sentence that does so is left out.
fn first_paragraph(document: &str) -> Option<String> {
    let lines = document.lines().skip_while(|line| *line != "## What it does").skip(1).skip_while(|line| line.is_empty());
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty() && !line.starts_with("- ")).map(str::trim).collect();
    let paragraph = paragraph.join(" ").replace(['`', '*'], "");
    let said = match paragraph.strip_suffix(':') {
        None => paragraph,
        Some(open) => match open.rfind(". ") {
            Some(end) => open[..=end].to_owned(),
            None => format!("{open}."),
        },
    };
    (!said.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_paragraph_is_plain() {
        let document = "# x\n\n## What it does\nFinds `a`\nand b. Four kinds:\n\n- one\n\n## Why";
        assert_eq!(first_paragraph(document).as_deref(), Some("Finds a and b."));
        assert_eq!(first_paragraph("## What it does\nFinds what began before:\n- a\n").as_deref(), Some("Finds what began before."));
        assert_eq!(first_paragraph("nothing"), None);
    }

    #[test]
    fn every_rule_keeps_to_what_code_scanning_takes() {
        let all = all();
        assert_eq!(all.len(), RULES.len());
        for (entry, rule) in all.iter().zip(RULES) {
            assert_eq!((entry.id, index(rule.name).map(|index| all[index].id)), (rule.name, Some(rule.name)));
            let name = entry.name.as_deref().unwrap_or_default();
            assert!(name.len() <= 255 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{name}");
            assert!(!name.eq_ignore_ascii_case(entry.id) && entry.name.is_some() == entry.id.contains('-'), "{name}");
            assert!(entry.short_description.text.len() <= 1024 && !entry.short_description.text.is_empty());
            let full = &entry.full_description.text;
            assert!(
                full.len() <= 1024 && full.len() > 30 && full.ends_with(['.', '?']) && !full.contains(['`', '#', '\n']),
                "{}: {full}",
                rule.name
            );
        }
        assert_eq!(all[0].name.as_deref(), Some("ClaimedSerial"));
        assert!(all.iter().any(|entry| entry.id == "unsynchronised"), "a rule of one word");
        let failure = failure();
        assert!(failure.id == FAILURE && index(FAILURE).is_none() && failure.full_description.text.ends_with('.'));
    }
}
