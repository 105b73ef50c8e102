//! A path that nobody changes while others work was changed while others work.

use super::{active, area};
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::Excerpt;
use crate::policy::{Compiled, Shared, SharedBy};
use crate::rules::changes::{Touch, touches};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "shared-path",
    family: "boundaries",
    severity: Severity::Error,
    summary: "a locked or common path changed while parallel work is active",
    document: include_str!("shared_path.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes, Subject::Policy]],
};

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(policy) = context.policy.filter(|_| context.activity.is_parallel()) else { return Vec::new() };
    let shared = touches(context).into_iter().filter_map(|touch| Some((touch, policy.look(touch.path).shared()?)));
    shared.map(|(touch, shared)| finding(context, policy, &touch, &shared)).collect()
}

fn finding(context: &RepositoryContext<'_>, policy: &Compiled, touch: &Touch<'_>, shared: &Shared<'_>) -> Finding {
    let boundary = &policy.policy.boundaries[shared.boundary];
    let (path, name) = (touch.path.shown().into_owned(), boundary.name.value.as_str());
    let who = touch.by().map_or("somebody", |by| by.agent.as_str());
    let count = context.activity.tasks.len();
    let area = if shared.by == SharedBy::Common { format!("`{}`", shared.pattern.value) } else { name.to_owned() };
    let message = format!("{who} {} {area}, which is {}, while {count} tasks are at work", touch.deed(), shared.by.words());
    let identity = format!("{}\n{}\n{who}\n{name}", RULE.name, touch.path.identity());
    let mut finding = Finding::new(RULE.name, Severity::Error, message, Location { path, line: None }, identity);
    touch.tell(&mut finding);
    finding.evidence.insert("shared".to_owned(), json!(shared.by.words()));
    let label = match shared.by {
        SharedBy::Common => format!("{name} depends on it, and nobody owns it"),
        SharedBy::Locked | SharedBy::NotParallelSafe => "nobody changes it while others work".to_owned(),
    };
    if shared.pattern.mark != *shared.mark {
        finding.excerpts.push(Excerpt { mark: shared.pattern.mark.clone(), label: area::label(boundary) });
    }
    finding.excerpts.push(Excerpt { mark: shared.mark.clone(), label });
    active::tell(&mut finding, context.activity.tasks.iter(), context);
    finding.help = "change it before the others begin or after all have ended, in a commit of its own".to_owned();
    finding
}
