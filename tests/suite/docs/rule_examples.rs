//! The examples of the rules' documents: what they show is read as the program reads it, and is what the rule finds.

use super::super::repository::Repository;
use super::page::{Block, parsed};
use paralint::config::Config;
use paralint::config::waivers::Waivers;
use paralint::rules::RULES;

/// A situation that an example describes: its files, and what else its words say.
struct Situation {
    rule: &'static str,
    /// On which branch the change is staged; `main` is nobody's.
    branch: &'static str,
    /// What is changed.
    paths: &'static [&'static str],
    /// What the words beside the example add: files, with their text.
    besides: &'static [(&'static str, &'static str)],
}

/// Two tasks at work, for rules that ask whether somebody else is.
const TWO_AT_WORK: &str = r#"{"tasks": [
  {"id": "one", "agent": "schema", "status": "in_progress", "paths": ["/schema/"]},
  {"id": "two", "agent": "api", "status": "in_progress", "paths": ["/api/"]}]}"#;
const TRADING_AT_WORK: &str =
    r#"{"tasks": [{"id": "two", "agent": "feature-trading", "status": "in_progress", "paths": ["/src/trading/"]}]}"#;
const TASK_1: &str = r#"{"tasks": [{"id": "task-1", "status": "in_progress"}]}"#;
const PARALLEL_PHASE: &str =
    r#"{"current_phase": "implementation", "completed_phases": ["proof_of_life", "architecture", "test_definition"]}"#;

const SITUATIONS: &[Situation] = &[
    Situation { rule: "mixed-ownership", branch: "main", paths: &["src/a/x.rs", "src/b/y.rs"], besides: &[] },
    Situation { rule: "outside-boundary", branch: "agent/feature-trading", paths: &["src/features/analysis/engine.rs"], besides: &[] },
    Situation { rule: "forbidden-path", branch: "agent/feature-trading", paths: &["common/types.rs"], besides: &[] },
    Situation { rule: "boundary-overlap", branch: "main", paths: &["README.md"], besides: &[] },
    Situation { rule: "unsafe-parallel", branch: "main", paths: &["README.md"], besides: &[("PARALLEL_STATUS.json", TWO_AT_WORK)] },
    Situation { rule: "shared-path", branch: "main", paths: &["common/x.rs"], besides: &[("PARALLEL_STATUS.json", TWO_AT_WORK)] },
    Situation {
        rule: "dependency-in-flux",
        branch: "agent/types",
        paths: &["common/types/order.rs"],
        besides: &[("PARALLEL_STATUS.json", TRADING_AT_WORK)],
    },
    Situation { rule: "foreign-lock", branch: "agent/task-1", paths: &["src/analysis/engine.rs"], besides: &[] },
    Situation { rule: "lock-conflict", branch: "main", paths: &["README.md"], besides: &[] },
    Situation {
        rule: "missing-lock",
        branch: "agent/task-1",
        paths: &["src/trading/orders.rs"],
        besides: &[("WORKFLOW_STATE.json", PARALLEL_PHASE), ("PARALLEL_STATUS.json", TASK_1)],
    },
    Situation { rule: "stale-lock", branch: "main", paths: &["README.md"], besides: &[] },
    Situation { rule: "parallel-in-serial-phase", branch: "main", paths: &["README.md"], besides: &[] },
    Situation { rule: "phase-order", branch: "main", paths: &["README.md"], besides: &[] },
    Situation { rule: "tests-first", branch: "main", paths: &["src/lib.rs"], besides: &[] },
    Situation { rule: "missing-output", branch: "main", paths: &["README.md"], besides: &[] },
    Situation { rule: "gate-skipped", branch: "main", paths: &["README.md"], besides: &[] },
    Situation { rule: "invalid-state", branch: "main", paths: &["README.md"], besides: &[] },
    Situation { rule: "unknown-phase", branch: "main", paths: &["README.md"], besides: &[] },
];

/// Rules whose example shows a state file and is no situation of a repository: a session is needed for it.
const IN_SESSIONS: &[&str] = &["status-mismatch"];

/// The blocks of a part of a rule's document.
fn blocks(document: &str, heading: &str) -> Vec<Block> {
    let part = document.split(&format!("## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    parsed(heading.to_owned(), part.to_owned()).blocks
}

/// The file that an example is a part of.
fn file_of(block: &Block) -> &'static str {
    let has = |key: &str| block.text.contains(&format!("\"{key}\""));
    match block.language.as_str() {
        "toml" => "paralint.toml",
        "yaml" => ".claude/context/wave-1-output.yaml",
        _ if has("locks") => "RESOURCE_LOCKS.json",
        _ if has("current_phase") => "WORKFLOW_STATE.json",
        _ if has("tasks") => "PARALLEL_STATUS.json",
        _ => "BOUNDARIES.json",
    }
}

#[test]
fn what_an_example_shows_is_what_its_rule_finds() {
    let mut wrong = Vec::new();
    for situation in SITUATIONS {
        let rule = paralint::rules::find(situation.rule).unwrap();
        let repository = Repository::new();
        repository.commit_all("base");
        if situation.branch != "main" {
            repository.git(&["checkout", "-q", "-b", situation.branch]);
        }
        for (path, text) in situation.besides {
            repository.write(path, text);
        }
        for block in blocks(rule.document, "Example").iter().filter(|block| matches!(block.language.as_str(), "json" | "yaml" | "toml")) {
            // The lock of the example is of that day, and would be stale today.
            let fresh = super::super::repository::with_times("{{now-1h}}");
            let text =
                if situation.rule == "foreign-lock" { block.text.replace("2026-03-01T10:02:00Z", &fresh) } else { block.text.clone() };
            repository.write(file_of(block), &text);
        }
        situation.paths.iter().for_each(|path| repository.write(path, "x\n"));
        repository.git(&["add", "-A"]);
        let report = super::super::program::report(repository.path(), &["check"]);
        let found: Vec<&str> = report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
        let told: Vec<&str> = report["findings"].as_array().unwrap().iter().map(|finding| finding["message"].as_str().unwrap()).collect();
        if !found.contains(&situation.rule) {
            wrong.push(format!("{}: {found:?} {told:?} {} {}", situation.rule, report["error"], report["not_checked"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_with_such_an_example_is_tried() {
    for rule in RULES {
        let shows = blocks(rule.document, "Example").iter().any(|block| matches!(block.language.as_str(), "json" | "yaml"));
        let is_tried = SITUATIONS.iter().any(|situation| situation.rule == rule.name) || IN_SESSIONS.contains(&rule.name);
        assert_eq!(shows, is_tried, "{}", rule.name);
    }
}

#[test]
fn every_configuration_of_a_document_is_read() {
    for rule in RULES {
        for heading in ["What it does", "Example", "How to fix it"] {
            for block in blocks(rule.document, heading).iter().filter(|block| block.language == "toml") {
                let read = match block.text.contains("[[waiver]]") {
                    true => Waivers::parse("waivers.toml", &block.text).map(drop),
                    false => Config::parse("paralint.toml", &block.text).map(drop),
                };
                assert!(read.is_ok(), "{}: {read:?}\n{}", rule.name, block.text);
            }
        }
    }
}
