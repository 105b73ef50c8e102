//! Names in `conflicts_with` and in groups that no boundary has: they would switch a rule off unseen.

use super::{area, unsafe_parallel};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::{Excerpt, Located};
use crate::policy::lint::Files;
use crate::policy::{Compiled, means_all};
use crate::rules::RepositoryContext;
use std::collections::BTreeMap;

const CONFLICT: &str = "conflicts with";
const MEMBER: &str = "has the member";

/// One warning for each name and list in which it stands.
pub(super) fn findings(context: &RepositoryContext<'_>, policy: &Compiled) -> Vec<Finding> {
    let mut unknown: BTreeMap<(&str, &str, &str), &Located<String>> = BTreeMap::new();
    for boundary in &policy.policy.boundaries {
        for item in boundary.conflicts_with.iter().filter(|item| !is_conflict(context, policy, &item.value)) {
            unknown.entry((&boundary.name.value, CONFLICT, &item.value)).or_insert(item);
        }
    }
    for group in &policy.policy.groups {
        for item in group.members.iter().filter(|item| policy.boundary_named(&item.value).is_none()) {
            unknown.entry((&group.name.value, MEMBER, &item.value)).or_insert(item);
        }
    }
    unknown.into_iter().map(|((name, verb, word), item)| finding(policy, name, verb, word, item)).collect()
}

/// A boundary, everything, or a path by its looks or because it is there.
fn is_conflict(context: &RepositoryContext<'_>, policy: &Compiled, item: &str) -> bool {
    let word = item.strip_prefix('!').unwrap_or(item);
    let files = Files { tracked: context.tracked, others: &[] };
    means_all(word) || policy.boundary_named(word).is_some() || word.contains(['/', '.', '*', '?']) || files.has(word)
}

fn finding(policy: &Compiled, name: &str, verb: &str, word: &str, item: &Located<String>) -> Finding {
    let is_member = verb == MEMBER;
    let what = if is_member { "no boundary" } else { "no boundary and no path" };
    let rule = unsafe_parallel::RULE.name;
    let location = Location { path: item.mark.path.to_string(), line: Some(item.mark.line) };
    let message = format!("{name} {verb} {word}, which is {what}");
    let mut finding = Finding::new(rule, Severity::Warning, message, location, format!("{rule}\n{name}\n{verb}\n{word}"));
    finding.excerpts.push(Excerpt { mark: item.mark.clone(), label: "no boundary has this name".to_owned() });
    finding.help = match area::closest(policy, word) {
        Some(meant) => format!("did you mean {meant}?"),
        None if is_member => "name a boundary, or take it out".to_owned(),
        None => "name a boundary, a path that begins with `/`, or `all`".to_owned(),
    };
    finding
}
