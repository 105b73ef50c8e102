//! Plans: `wave-execution-plan.md` and the feature files beside it.

use super::markdown;
use super::source::Source;
use super::yaml::{Tree, Yaml};
use crate::model::mark::Located;
use crate::model::state::{Plan, StateError};
use regex::Regex;
use std::sync::LazyLock;

/// Reads a page that plans waves: their tasks, and files that are to be made.
pub(super) fn page(source: &Source) -> Plan {
    let mut plan = Plan { path: source.path().to_owned(), ..Plan::default() };
    let mut section: Option<(usize, u32)> = None;
    for line in markdown::lines(source) {
        if let Some((level, title)) = line.heading() {
            if section.is_some_and(|(above, _)| level <= above) {
                section = None;
            }
            if let Some(named) = markdown::wave(title) {
                section = Some((level, named.number));
                let count = markdown::task_count(title).and_then(|count| Some(source.at(count.parse().ok()?, count)));
                plan.tasks.extend(count.map(|count| (named.number, count)));
            }
            continue;
        }
        let wave = section.map(|(_, wave)| wave);
        plan.outputs.extend(promised(line.text).map(|path| (wave, source.at(path.to_owned(), path))));
    }
    plan
}

/// The files of ``Output: `path` ``, `Creates: path, path`.
fn promised(line: &str) -> impl Iterator<Item = &str> {
    static PROMISE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)^\W*(?:outputs?|creates?|files?)[*_]*\s*:\s*(?P<paths>\S.*)$").ok());
    let found = PROMISE.as_ref().and_then(|promise| promise.captures(line)).and_then(|found| found.name("paths"));
    let paths = found.map(|paths| paths.as_str()).unwrap_or_default();
    paths.split([',', ';']).filter_map(|path| markdown::file(path.split(" (").next().unwrap_or(path)))
}

/// Reads a feature file: files under `outputs`, `files` or `creates`, where it has such lists.
pub(super) fn feature(source: &Source) -> Result<Plan, StateError> {
    let tree = Tree::new(source)?;
    let mut plan = Plan { path: source.path().to_owned(), ..Plan::default() };
    for root in tree.documents().filter(|root| root.is_map()) {
        for key in ["outputs", "files", "creates"] {
            let list = root.get(key, "a map")?.and_then(|value| value.list("a list").ok());
            plan.outputs.extend(list.into_iter().flatten().filter_map(listed).map(|path| (None, path)));
        }
    }
    Ok(plan)
}

fn listed(entry: Yaml<'_>) -> Option<Located<String>> {
    let value = if entry.is_map() { entry.get("path", "a map").ok()?? } else { entry };
    Some(value.located(markdown::file(value.text()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_promises_files_and_tasks() {
        let plan = page(&Source::new(
            "p.md",
            "# Plan\n- Output: `.claude/context/plan.md`\n## **PHASE 3: WAVE 1 - DOMAIN (5 Parallel Tasks)**\n- Creates: src/a.rs, \
             src/b.rs (new)\n- Creates: internal/domain/*.go\n  **Output:** `docs/{x}.md`\nFiles are good: yes\n## Later\nOutput: c/d.md\n",
        ));
        let outputs: Vec<_> = plan.outputs.iter().map(|(wave, path)| (*wave, path.value.as_str(), path.mark.line)).collect();
        assert_eq!(
            outputs,
            [(None, ".claude/context/plan.md", 2), (Some(1), "src/a.rs", 4), (Some(1), "src/b.rs", 4), (None, "c/d.md", 9)]
        );
        assert_eq!((plan.tasks[0].0, plan.tasks[0].1.value, plan.tasks[0].1.mark.line), (1, 5, 3));
    }

    #[test]
    fn a_feature_file_may_promise_files_and_must_be_yaml() {
        let read = |text: &str| feature(&Source::new("f.yaml", text));
        let plan =
            read("feature_overview:\n  name: [from spec]\nfiles:\n  - src/a.rs\n  - entities\n  - path: src/b.rs\noutputs: {x: y}\n")
                .unwrap();
        assert_eq!(plan.outputs.iter().map(|(_, path)| path.value.as_str()).collect::<Vec<_>>(), ["src/a.rs", "src/b.rs"]);
        assert!(read("a: [1\nb: 2\n").is_err());
        assert!(read("just words\n").unwrap().outputs.is_empty());
    }
}
