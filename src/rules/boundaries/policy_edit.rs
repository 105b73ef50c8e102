//! An agent changed the rules that it is held against.

use crate::model::finding::{Finding, Location, Severity};
use crate::rules::changes::{Touch, touches};
use crate::rules::{Check, RepositoryContext, Rule, Subject};

pub(in crate::rules) const RULE: Rule = Rule {
    name: "policy-edit",
    family: "boundaries",
    severity: Severity::Warning,
    summary: "a policy, state or hook file changed by an agent",
    document: include_str!("policy_edit.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes]],
};

/// At the root or in `.claude/`.
const STATE: &[&str] = &["BOUNDARIES.json", "WORKFLOW_STATE.json", "RESOURCE_LOCKS.json", "PARALLEL_STATUS.json", "DEPENDENCY_GRAPH.json"];
/// At the root.
const FILES: &[&str] = &[".pre-commit-config.yaml", ".pre-commit-config.yml", "hk.pkl", "prek.toml"];
const FOLDERS: &[&str] = &[".paralint/", ".claude/hooks/", ".husky/", ".githooks/", ".git-hooks/", ".github/workflows/"];
/// At the root: how they begin and how they end.
const AFFIXES: &[(&str, &str)] = &[
    (".claude/settings", ".json"),
    ("lefthook", ".yml"),
    ("lefthook", ".yaml"),
    (".lefthook", ".yml"),
    (".lefthook", ".yaml"),
    (".config/lefthook", ".yml"),
    (".config/lefthook", ".yaml"),
];
/// At the root: how they begin, whatever their format.
const BEGINNINGS: &[&str] = &["lefthook.", ".lefthook.", ".config/lefthook.", ".config/.lefthook."];
/// In any folder: the configuration may be named by a path.
const CONFIGURATION: &str = "paralint.toml";

/// Whether a path is a file that decides what agents may do, or says who is at work.
pub(super) fn is_policy_file(path: &[u8]) -> bool {
    let Ok(path) = std::str::from_utf8(path) else {
        return FOLDERS.iter().any(|folder| path.starts_with(folder.as_bytes()));
    };
    let has_affixes = |(start, end): &(&str, &str)| {
        path.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some_and(|between| !between.contains('/'))
    };
    let begins = |start: &&str| path.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && !rest.contains('/'));
    FILES.contains(&path)
        || path.rsplit('/').next() == Some(CONFIGURATION)
        || BEGINNINGS.iter().any(begins)
        || STATE.contains(&path.strip_prefix(".claude/").unwrap_or(path))
        || FOLDERS.iter().any(|folder| path.starts_with(folder))
        || AFFIXES.iter().any(has_affixes)
}

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let edits = touches(context).into_iter().filter(|touch| is_policy_file(touch.path.as_bytes()));
    edits.filter(|touch| context.range || touch.agent().is_some()).map(|touch| finding(&touch)).collect()
}

fn finding(touch: &Touch<'_>) -> Finding {
    let path = touch.path.shown().into_owned();
    let verb = touch.verb();
    let who = touch.agent().map(|by| by.agent.as_str());
    let message = match who {
        Some(agent) => format!("{agent} {verb} {path}, by which agents are judged"),
        None => format!("somebody {verb} {path}, by which agents are judged"),
    };
    let identity = format!("{}\n{}\n{}", RULE.name, touch.path.identity(), who.unwrap_or_default());
    let mut finding = Finding::new(RULE.name, Severity::Warning, message, Location { path: path.clone(), line: None }, identity);
    touch.tell(&mut finding);
    finding.paths = vec![path];
    finding.help = "let a person review it on its own, or change it in a commit that no agent makes".to_owned();
    finding
}

#[cfg(test)]
mod tests {
    use super::is_policy_file;

    #[test]
    fn policy_files_are_told_from_files_that_look_alike() {
        for path in [
            "paralint.toml",
            ".paralint/waivers.toml",
            "BOUNDARIES.json",
            ".claude/PARALLEL_STATUS.json",
            ".claude/settings.json",
            ".claude/settings.local.json",
            ".claude/hooks/pre.sh",
            ".husky/pre-commit",
            ".githooks/pre-commit",
            "lefthook.yml",
            "lefthook-local.yaml",
            "lefthook.toml",
            ".lefthook.yml",
            ".lefthook-local.yml",
            ".lefthook.json",
            ".config/lefthook.yml",
            ".config/lefthook.toml",
            ".git-hooks/pre-push",
            "crates/a/paralint.toml",
            ".github/workflows/ci.yml",
        ] {
            assert!(is_policy_file(path.as_bytes()), "{path}");
        }
        for path in [
            "docs/paralint.toml.md",
            "hooks/pre-commit",
            ".claude/context/wave-1-output.yaml",
            "lefthook./a",
            "docs/BOUNDARIES.json",
            ".claude/commands/a.md",
            ".claude/settings/a.json",
            "lefthook/a.yml",
        ] {
            assert!(!is_policy_file(path.as_bytes()), "{path}");
        }
    }
}
