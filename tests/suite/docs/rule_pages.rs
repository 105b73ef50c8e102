//! docs/rules: a page for each rule and their index, made from the code.

use super::page::root;
use super::same_or_written;
use paralint::rules::{Check, RULES, Rule, Subject};
use std::fmt::Write;

const MADE: &str = "<!-- Made from the code. To write it anew: PARALINT_WRITE_DOCS=1 cargo test --test suite docs -->\n";

/// What a family is about, in the order in which the rules are listed.
const FAMILIES: &[(&str, &str)] = &[
    ("claims", "What the assistant says about its agents, held against its session log."),
    ("overlap", "Two agents, branches or commits that change the same files."),
    ("boundaries", "Who may change which paths, by `BOUNDARIES.json`."),
    ("locks", "Who has locked which paths, by `RESOURCE_LOCKS.json`."),
    ("phases", "What may happen now, by `WORKFLOW_STATE.json` and the files of `.claude/context/`."),
    ("limits", "How many agents work at once, and how well."),
    ("gates", "Commands that must pass."),
    ("state", "State files that cannot be used."),
    ("config", "What was accepted once and matches nothing any more."),
];

/// What a subject is in the words of a page.
fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Sessions => "session logs",
        Subject::Gates => "gates that ran",
        Subject::Changes => "changed files",
        Subject::Additions => "files that were added or renamed",
        Subject::Sides => "two or more branches or worktrees",
        Subject::Policy => "`BOUNDARIES.json`",
        Subject::Tasks => "tasks with paths in `PARALLEL_STATUS.json`",
        Subject::Locks => "`RESOURCE_LOCKS.json`",
        Subject::Phases => "a current phase, or a file that tells of phases",
        Subject::Waves => "files in `.claude/context/`, or `DEPENDENCY_GRAPH.json`",
        Subject::Progress => "progress pages, or `PARALLEL_STATUS.json`",
        Subject::Activity => "tasks at work",
        Subject::Completions => "completed phases or waves that have gates",
        Subject::StateFiles => "state files",
    }
}

/// What a rule looks at; each entry is enough by itself.
fn looks_at(rule: &Rule) -> String {
    let mut ways = Vec::new();
    for check in rule.checks {
        match check {
            Check::Session(_) => ways.push("session logs (`audit`, `check`)".to_owned()),
            Check::Gates(_) => ways.push("gates that ran (`gates`, `check --gates`)".to_owned()),
            Check::Repository(_) => ways.extend(rule.needs.iter().map(|together| {
                let together: Vec<&str> = together.iter().map(|one| subject(*one)).collect();
                format!("{} (`check`)", together.join(" and "))
            })),
        }
    }
    if ways.is_empty() { "the other findings of the same run".to_owned() } else { ways.join("; or ") }
}

fn page(rule: &Rule) -> String {
    let (name, family, severity) = (rule.name, rule.family, rule.severity.word());
    let mut text = format!("{MADE}# {name}\n\n{}: {}.\n\n", name, rule.summary);
    let _ = write!(text, "| | |\n| --- | --- |\n| family | [{family}](README.md#{family}) |\n| severity | {severity} |\n");
    let _ = write!(text, "| looks at | {} |\n| at a terminal | `paralint rule {name}` |\n\n", looks_at(rule));
    text.push_str(rule.document.trim_end());
    let _ = write!(text, "\n\n## How to accept it\n\n{}\n", accept(rule));
    text
}

/// How to switch a rule off, and how to accept one finding of it.
fn accept(rule: &Rule) -> String {
    let name = rule.name;
    if name == "invalid-state" {
        return "It cannot be accepted: a file that cannot be used is exit code 2, whatever the configuration says.".to_owned();
    }
    let mut text = format!(
        "For all files, in `paralint.toml`, with `off`, `note`, `warning` or `error`:\n\n```toml\n[rules]\n{name} = \"off\"\n```\n"
    );
    if rule.family == "config" {
        return text.trim_end().to_owned();
    }
    let _ = write!(
        text,
        "\nFor some findings, with a reason:\n\n```toml\n[[suppress]]\nrule = \"{name}\"\npath = \"old/**\"\nreason = \"known since March\"\n```\n"
    );
    if rule.checks.iter().any(|check| matches!(check, Check::Session(_))) {
        text.push_str(
            "\nFor one finding that a session log tells, in the open. `--verbose` and `--format json` show its fingerprint:\n\n\
             ```console\n$ paralint waive FINGERPRINT --reason 'talked about on Monday'\n```\n",
        );
    }
    text.trim_end().to_owned()
}

fn index() -> String {
    let mut text = format!(
        "{MADE}# Rules\n\nA rule's name says what is wrong. [How verdicts are reached](../verdicts.md) tells what the rules about claims rest on;\n[configuration](../configuration.md#rules) how to change a severity.\n"
    );
    for (family, about) in FAMILIES {
        let _ = write!(text, "\n## {family}\n\n{about}\n\n| rule | finds | severity |\n| --- | --- | --- |\n");
        for rule in RULES.iter().filter(|rule| rule.family == *family) {
            let _ = writeln!(text, "| [`{name}`]({name}.md) | {} | {} |", rule.summary, rule.severity.word(), name = rule.name);
        }
    }
    text
}

#[test]
fn each_rule_has_its_page_and_each_page_its_rule() {
    if super::is_writing() {
        std::fs::create_dir_all(root().join("docs/rules")).unwrap();
    }
    for rule in RULES {
        assert!(FAMILIES.iter().any(|(family, _)| *family == rule.family), "{} is of no family of the index", rule.name);
        same_or_written(&format!("docs/rules/{}.md", rule.name), &page(rule));
    }
    same_or_written("docs/rules/README.md", &index());
    for entry in std::fs::read_dir(root().join("docs/rules")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".md").unwrap_or_else(|| panic!("docs/rules/{file} is no page"));
        assert!(name == "README" || paralint::rules::find(name).is_some(), "docs/rules/{file} has no rule");
    }
}

/// The page of `invalid-state` says so.
#[test]
fn a_state_file_that_cannot_be_used_cannot_be_accepted() {
    let repository = super::super::repository::Repository::new();
    repository.write("BOUNDARIES.json", "{\"a\": {\"path\": []}}");
    let suppressed = "[rules]\ninvalid-state = \"off\"\n[[suppress]]\nrule = \"invalid-state\"\nreason = \"x\"\n";
    repository.write("paralint.toml", suppressed);
    assert_eq!(super::super::program::code(&super::super::program::run(repository.path(), &["check"])), 2);
}

/// What a rule's document says is the same on every machine and ends with the document.
#[test]
fn a_rule_at_a_terminal_is_the_same_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    for rule in RULES {
        let there = super::super::program::run(folder.path(), &["rule", rule.name]);
        let here = super::super::program::run(&root(), &["rule", rule.name]);
        assert_eq!(there.stdout, here.stdout);
        let text = super::super::program::stdout(&there);
        assert!(text.ends_with('\n') && !text.contains(folder.path().to_str().unwrap()), "{text}");
        let last = rule.document.split_whitespace().last().unwrap();
        assert!(text.trim_end().ends_with(last), "{text}");
    }
}
