//! An agent changed a path that its boundary forbids.

use super::{area, mend};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::{Excerpt, Located};
use crate::policy::proposal::escaped;
use crate::policy::{Compiled, Decision};
use crate::rules::changes::{Touch, touches};
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
    forbidden.map(|one| finding(policy, &one)).collect()
}

fn name(policy: &Compiled, forbidden: &Forbidden<'_>) -> String {
    policy.policy.boundaries.get(forbidden.boundary).map(|one| one.name.value.clone()).unwrap_or_default()
}

fn finding(policy: &Compiled, one: &Forbidden<'_>) -> Finding {
    let (path, agent, name) = (one.touch.path.shown().into_owned(), &one.by.agent, name(policy, one));
    let pattern = &one.pattern.value;
    let identity = format!("{}\n{}\n{agent}\n{name}", RULE.name, one.touch.path.identity());
    let message = format!("{agent} {} `{pattern}`, which {name} forbids", one.touch.deed());
    let mut finding = Finding::new(RULE.name, Severity::Error, message, Location { path, line: None }, identity);
    one.touch.tell(&mut finding);
    finding.excerpts.push(Excerpt { mark: one.pattern.mark.clone(), label: format!("forbidden for {name}") });
    let owner = policy.look(one.touch.path).owners(one.touch.creates).first().copied();
    finding.excerpts.extend(owner.as_ref().map(area::excerpt));
    finding.help = match owner {
        Some(owner) => {
            let holder = area::holder(owner.boundary);
            format!("leave it to {holder}; if it is {holder} who commits it, say so with `--agent {holder}`")
        }
        None => {
            let (exception, key) = (mend::in_json(&escaped(one.touch.path.as_bytes())), policy.paths_key(one.boundary));
            let file = area::file(policy);
            format!("take it out of this commit, or add `/{exception}` to `{key}` of {name} in {file} if it is an exception")
        }
    };
    finding
}
