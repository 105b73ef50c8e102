//! One commit touches what belongs to two boundaries.

use crate::model::change::{Class, Source};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::Excerpt;
use crate::model::path::RepoPath;
use crate::policy::{Claimant, Compiled};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::identity::{Attributed, AttributedBy};
use serde_json::json;
use std::collections::BTreeMap;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "mixed-ownership",
    family: "overlap",
    severity: Severity::Error,
    summary: "one commit touches exclusive paths of two boundaries",
    document: include_str!("mixed_ownership.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes, Subject::Policy]],
};

/// As many boundaries as are shown with their line.
const SHOWN: usize = 4;
/// As many paths as a finding lists.
const LISTED: usize = 100;

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(policy) = context.policy else { return Vec::new() };
    context.changes.iter().filter(|set| is_commit(set)).filter_map(|set| mixed(policy, set)).collect()
}

/// One commit, or what is about to become one. The first commit of a repository is everybody's. Where it is known who made
/// it, `outside-boundary` says which paths are another's.
fn is_commit(set: &Attributed) -> bool {
    let changes = &set.changes;
    let is_one = changes.is_commit || changes.source == Source::Staged;
    let is_known = set.by.as_ref().is_some_and(|by| by.by != AttributedBy::Path && !by.boundaries.is_empty());
    is_one && changes.base.is_some() && !is_known
}

fn mixed(policy: &Compiled, set: &Attributed) -> Option<Finding> {
    let owned = exclusive(policy, set);
    let mut holders: Vec<Option<&str>> = owned
        .values()
        .filter_map(|files| files.first())
        .map(|(_, one)| one.boundary.owner.as_ref().map(|owner| owner.value.as_str()))
        .collect();
    holders.dedup();
    if owned.len() < 2 || matches!(holders.as_slice(), [Some(_)]) {
        return None;
    }
    let names: Vec<&str> = owned.keys().map(|(name, _)| *name).collect();
    // The smaller part is what strayed in.
    let strayed = owned.values().min_by_key(|files| files.len())?;
    let (path, claimant) = strayed.first()?;
    let path = path.shown().into_owned();
    let message = match names.as_slice() {
        [one, other] => format!("one commit touches files of {one} and of {other}"),
        [one, rest @ ..] => format!("one commit touches files of {one} and of {} other boundaries", rest.len()),
        [] => return None,
    };
    let head = set.changes.head.as_deref().unwrap_or_default();
    let identity = format!("{}\n{head}\n{}", RULE.name, names.join("\n"));
    let mut finding = Finding::new(RULE.name, Severity::Error, message, Location { path, line: None }, identity);
    finding.evidence.insert("boundaries".to_owned(), json!(names));
    let counts: Vec<String> = owned.iter().map(|((name, _), files)| format!("{name} {}", files.len())).collect();
    finding.evidence.insert("files".to_owned(), json!(counts));
    if set.changes.is_commit {
        finding.evidence.insert("commit".to_owned(), json!(head));
    }
    if let Some(by) = &set.by {
        finding.evidence.insert("attributed_by".to_owned(), json!(by.by));
    }
    let mut firsts: Vec<&(&RepoPath, Claimant<'_>)> = owned.values().filter_map(|files| files.first()).collect();
    firsts.sort_by_key(|(_, one)| one.index != claimant.index);
    finding.excerpts = firsts
        .iter()
        .take(SHOWN)
        .map(|(path, one)| Excerpt { mark: one.pattern.mark.clone(), label: format!("{} has {}", one.boundary.name.value, path.shown()) })
        .collect();
    finding.agents = firsts.iter().filter_map(|(_, one)| Some(one.boundary.owner.as_ref()?.value.clone())).take(LISTED).collect();
    finding.agents.sort();
    finding.agents.dedup();
    finding.paths = owned.values().flatten().map(|(path, _)| path.shown().into_owned()).take(LISTED).collect();
    finding.help = format!("commit the files of {} on their own, by whoever works there", claimant.boundary.name.value);
    Some(finding)
}

/// The paths that belong to one boundary alone, and are not shared; by its name.
fn exclusive<'c>(policy: &'c Compiled, set: &'c Attributed) -> BTreeMap<(&'c str, usize), Vec<(&'c RepoPath, Claimant<'c>)>> {
    let mut owned: BTreeMap<(&str, usize), Vec<(&RepoPath, Claimant<'_>)>> = BTreeMap::new();
    for change in set.changes.files.iter().filter(|change| change.class == Class::Source) {
        for path in change.paths() {
            let owners = policy.look(path).owners(false);
            if let [owner] = owners.as_slice()
                && owner.boundary.shared().is_none()
            {
                owned.entry((owner.boundary.name.value.as_str(), owner.index)).or_default().push((path, *owner));
            }
        }
    }
    owned
}
