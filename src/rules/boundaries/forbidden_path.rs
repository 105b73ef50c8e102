//! An agent changed a path that its boundary forbids.

use super::{area, mend};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::{Excerpt, Located};
use crate::policy::proposal::escaped;
use crate::policy::{Compiled, Decision};
use crate::rules::changes::{Touch, gathered, list, touches};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::identity::Attribution;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "forbidden-path",
    family: "boundaries",
    severity: Severity::Error,
    summary: "an agent changed a path that its boundary forbids",
    document: include_str!("forbidden_path.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes, Subject::Policy]],
};

struct Forbidden<'c> {
    touch: Touch<'c>,
    by: &'c Attribution,
    boundary: usize,
    pattern: &'c Located<String>,
}

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(policy) = context.policy else { return Vec::new() };
    let forbidden = touches(context).into_iter().filter_map(|touch| {
        let by = touch.by()?;
        match policy.look(touch.path).allows(&by.boundaries, touch.creates) {
            Decision::Forbidden(boundary, pattern) => Some(Forbidden { touch, by, boundary, pattern }),
            Decision::Allowed(_) | Decision::OnlyNew(_) | Decision::Outside(_) => None,
        }
    });
    let groups = gathered(forbidden.map(|one| ((one.by.agent.clone(), name(policy, &one), one.pattern.value.clone()), one)));
    groups.iter().filter_map(|(_, group)| finding(policy, group)).collect()
}

fn name(policy: &Compiled, forbidden: &Forbidden<'_>) -> String {
    policy.policy.boundaries.get(forbidden.boundary).map(|one| one.name.value.clone()).unwrap_or_default()
}

fn finding(policy: &Compiled, group: &[Forbidden<'_>]) -> Option<Finding> {
    let first = group.first()?;
    let (path, agent, name) = (first.touch.path.shown().into_owned(), &first.by.agent, name(policy, first));
    let pattern = &first.pattern.value;
    let identity = match group {
        [_] => format!("{}\n{}\n{agent}\n{name}", RULE.name, first.touch.path.identity()),
        _ => format!("{}\n{agent}\n{name}\n{pattern}", RULE.name),
    };
    let message = format!("{agent} {} `{pattern}`, which {name} forbids", first.touch.deed(group.len()));
    let mut finding = Finding::new(RULE.name, Severity::Error, message, Location { path, line: None }, identity);
    first.touch.tell(&mut finding);
    finding.excerpts.push(Excerpt { mark: first.pattern.mark.clone(), label: format!("forbidden for {name}") });
    let owner = policy.look(first.touch.path).owners(first.touch.creates).first().copied();
    finding.excerpts.extend(owner.as_ref().map(area::excerpt));
    finding.help = match owner {
        Some(owner) => format!("leave it to {}, or commit it under that name", area::holder(owner.boundary)),
        None => {
            let (exception, key) = (mend::in_json(&escaped(first.touch.path.as_bytes())), policy.paths_key(first.boundary));
            let file = area::file(policy);
            format!("take it out of this commit, or add `/{exception}` to `{key}` of {name} in {file} if it is an exception")
        }
    };
    list(&mut finding, group.iter().map(|one| &one.touch));
    Some(finding)
}
