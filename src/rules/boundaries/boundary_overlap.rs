//! A policy in which two boundaries claim one path, or patterns decide nothing.

use super::{area, mend};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::{Excerpt, Located};
use crate::model::path::RepoPath;
use crate::policy::lint::{Files, Problem, problems};
use crate::policy::{Claimant, Compiled};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "boundary-overlap",
    family: "boundaries",
    severity: Severity::Error,
    summary: "two parallel-safe boundaries claim one path; a pattern that decides nothing",
    document: include_str!("boundary_overlap.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Policy]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(policy) = context.policy else { return Vec::new() };
    let changes = context.changes.iter().flat_map(|set| &set.changes.files);
    // What a change takes away does not make a pattern dead yet.
    let changed = changes.flat_map(|change| change.paths()).cloned();
    let mut others: Vec<RepoPath> = changed.chain(context.present.iter().map(|path| RepoPath::from(path.as_str()))).collect();
    others.sort();
    others.dedup();
    let files = Files { tracked: context.tracked, others: &others };
    problems(policy, files).iter().filter_map(|problem| finding(policy, problem)).collect()
}

fn finding(policy: &Compiled, problem: &Problem<'_>) -> Option<Finding> {
    match problem {
        Problem::Overlap { place, claimants, witness } => overlap(policy, place, claimants, witness.as_deref()),
        Problem::Duplicate { boundary, items: [first, second] } => {
            let name = name(policy, *boundary);
            let message = match first.value == second.value {
                true => format!("`{}` stands twice in {name}", second.value),
                false => format!("`{}` means the same as `{}` in {name}", second.value, first.value),
            };
            let excerpts = [(*second, "the second time"), (*first, "the first time")];
            let help = "leave one of them out".to_owned();
            Some(warning(message, &format!("duplicate\n{name}\n{}", second.value), &excerpts, help))
        }
        Problem::Shadowed { boundary, pattern, by, is_taken_out } => {
            let name = name(policy, *boundary);
            let (text, other) = (&pattern.value, &by.value);
            let (message, label, help) = if *is_taken_out {
                let message = format!("`{text}` gives {name} nothing: `{other}` takes all of it out");
                (message, "takes it out", "leave one of them out".to_owned())
            } else {
                let message = format!("`{text}` adds nothing to {name}: `{other}` holds all of it");
                (message, "holds all of it", format!("leave `{text}` out"))
            };
            Some(warning(message, &format!("shadowed\n{name}\n{text}\n{other}"), &[(*pattern, "decides nothing"), (*by, label)], help))
        }
        Problem::Dead { boundary, patterns } => dead(policy, *boundary, patterns),
    }
}

fn name(policy: &Compiled, boundary: usize) -> &str {
    &policy.policy.boundaries[boundary].name.value
}

fn overlap(policy: &Compiled, place: &str, claimants: &[Claimant<'_>], witness: Option<&str>) -> Option<Finding> {
    let (first, others) = claimants.split_first()?;
    let mut names: Vec<&str> = claimants.iter().map(|one| one.boundary.name.value.as_str()).collect();
    names.sort_unstable();
    let mark = &first.pattern.mark;
    let what = witness.map_or_else(|| format!("`{place}`"), str::to_owned);
    let verb = if names.len() == 2 { "both claim" } else { "all claim" };
    let message = format!("{} {verb} {what}", area::joined(&names));
    let location = Location { path: mark.path.to_string(), line: Some(mark.line) };
    let patterns: Vec<&str> = claimants.iter().map(|one| one.pattern.value.as_str()).collect();
    let identity = format!("{}\n{place}\n{}\n{}", RULE.name, names.join("\n"), patterns.join("\n"));
    let mut finding = Finding::new(RULE.name, Severity::Error, message, location, identity);
    finding.excerpts = claimants.iter().take(area::SHOWN).map(area::excerpt).collect();
    finding.agents = names.iter().map(|name| (*name).to_owned()).collect();
    finding.paths = witness.map(str::to_owned).into_iter().collect();
    finding.evidence.insert("boundaries".to_owned(), json!(names));
    finding.evidence.insert("patterns".to_owned(), json!(patterns));
    let (pattern, file) = (mend::in_json(&first.pattern.value), area::file(policy));
    finding.help = if others.iter().any(|other| first.pattern.value == other.pattern.value) {
        format!("leave `{pattern}` to one of them in {file}")
    } else {
        let lists: Vec<String> =
            others.iter().map(|other| format!("`{}` of {}", policy.paths_key(other.index), other.boundary.name.value)).collect();
        let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
        format!("add `!{pattern}` to {} in {file}, or leave it to one of them", area::joined(&lists))
    };
    Some(finding)
}

fn dead(policy: &Compiled, boundary: usize, patterns: &[&Located<String>]) -> Option<Finding> {
    let (name, first) = (name(policy, boundary), patterns.first()?);
    let message = match patterns {
        [one] => format!("`{}` of {name} matches no file", one.value),
        _ => format!("{} patterns of {name} match no file: `{}` and others", patterns.len(), first.value),
    };
    let texts: Vec<&str> = patterns.iter().map(|one| one.value.as_str()).collect();
    let excerpts: Vec<_> = patterns.iter().take(area::SHOWN).map(|one| (*one, "matches no file")).collect();
    let is_class = texts.iter().any(|text| text.contains('[') && !text.contains("\\["));
    let help = if is_class {
        "write `\\[` where a name holds a bracket; else take the pattern out, or mend it".to_owned()
    } else {
        "mend the pattern, take it out, or put it into `can_create` while nothing is there".to_owned()
    };
    let mut finding = warning(message, &format!("dead\n{name}\n{}", texts.join("\n")), &excerpts, help);
    finding.evidence.insert("patterns".to_owned(), json!(texts));
    Some(finding)
}

/// At the first of the lines.
fn warning(message: String, key: &str, lines: &[(&Located<String>, &str)], help: String) -> Finding {
    let mark = lines.first().map(|(item, _)| &item.mark);
    let location = mark.map(|mark| Location { path: mark.path.to_string(), line: Some(mark.line) }).unwrap_or_default();
    let mut finding = Finding::new(RULE.name, Severity::Warning, message, location, format!("{}\n{key}", RULE.name));
    finding.excerpts = lines.iter().map(|(item, label)| Excerpt { mark: item.mark.clone(), label: (*label).to_owned() }).collect();
    finding.help = help;
    finding
}
