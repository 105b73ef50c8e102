//! An agent changed a path outside of its boundary.

use super::other_task::{Declared, OtherTask, OtherTasks};
use super::policy_edit::is_policy_file;
use super::{area, mend};
use crate::model::change::Class;
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::Excerpt;
use crate::model::state::Boundary;
use crate::policy::proposal::Beginnings;
use crate::policy::{Claimant, Compiled, Decision};
use crate::rules::changes::{Touch, touches};
use crate::rules::{Check, RepositoryContext, Rule, Subject};
use crate::work::identity::Attribution;
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "outside-boundary",
    family: "boundaries",
    severity: Severity::Error,
    summary: "an agent changed a path outside of its boundary",
    document: include_str!("outside_boundary.md"),
    checks: &[Check::Repository(check)],
    needs: &[&[Subject::Changes, Subject::Policy], &[Subject::Changes, Subject::Tasks]],
};

/// A path outside, and why it is.
struct Outside<'c> {
    touch: Touch<'c>,
    by: &'c Attribution,
    place: Place<'c>,
}

enum Place<'c> {
    /// It is somebody else's.
    Of(Vec<Claimant<'c>>),
    /// Another task that is at work has declared it.
    OfTask(OtherTask<'c>),
    /// It is nobody's.
    Nobodys,
    /// The agent may make files there, but this one is not new.
    OnlyNew(Claimant<'c>),
}

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let declared = Declared::new(context.state);
    let tasks = declared.index();
    let none = Compiled::default();
    let policy = context.policy.unwrap_or(&none);
    let outside: Vec<_> = touches(context).into_iter().filter_map(|touch| outside(context, policy, &tasks, touch)).collect();
    if outside.is_empty() {
        return Vec::new();
    }
    let beginnings = Beginnings::new(policy);
    outside.iter().filter_map(|one| finding(context, policy, &beginnings, one)).collect()
}

fn outside<'c>(context: &RepositoryContext<'c>, policy: &'c Compiled, tasks: &OtherTasks<'c>, touch: Touch<'c>) -> Option<Outside<'c>> {
    let by = touch.agent()?;
    let of_task = || tasks.of(context.state, by, touch.path).map(Place::OfTask);
    let place = match policy.look(touch.path).allows(&by.boundaries, touch.creates) {
        _ if by.boundaries.is_empty() => of_another(policy, by, &touch).or_else(of_task)?,
        Decision::Allowed(_) | Decision::Forbidden(..) => return None,
        Decision::OnlyNew(claimant) => Place::OnlyNew(claimant),
        Decision::Outside(owners) if !owners.is_empty() => Place::Of(owners),
        Decision::Outside(_) => match of_task() {
            Some(place) => place,
            None if is_free(policy, by, &touch) => return None,
            None => Place::Nobodys,
        },
    };
    Some(Outside { touch, by, place })
}

/// What an agent without a boundary may not change: what is a boundary's own, but for what agents share.
fn of_another<'c>(policy: &'c Compiled, by: &Attribution, touch: &Touch<'c>) -> Option<Place<'c>> {
    let owners = policy.look(touch.path).owners(touch.creates);
    let is_own = by.known && !owners.is_empty() && owners.iter().all(|owner| owner.boundary.shared().is_none());
    is_own.then_some(Place::Of(owners))
}

/// Nobody's, and no place that an agent is kept out of: its boundaries only forbid, or it is where the agents' common
/// records lie, which `policy-edit` looks after.
fn is_free(policy: &Compiled, by: &Attribution, touch: &Touch<'_>) -> bool {
    let path = touch.path.as_bytes();
    let only_forbid = by.boundaries.iter().filter_map(|index| policy.policy.boundaries.get(*index)).all(Boundary::only_forbids);
    only_forbid || is_policy_file(path) || path.starts_with(b".claude/context/")
}

/// Whose line decided.
fn decided(outside: &Outside<'_>) -> String {
    let decided = match &outside.place {
        Place::Of(owners) => owners.first(),
        Place::OnlyNew(claimant) => Some(claimant),
        Place::OfTask(task) => return format!("{}\n{}", task.id, task.path.value),
        Place::Nobodys => None,
    };
    decided.map_or(String::new(), |one| format!("{}\n{}", one.boundary.name.value, one.pattern.value))
}

/// What tools write as a consequence is a warning where it is nobody's; so is a file that the agent may have made itself,
/// in an earlier commit.
fn severity(outside: &Outside<'_>) -> Severity {
    let is_mild = match outside.place {
        Place::Of(_) => false,
        Place::OnlyNew(_) => true,
        Place::Nobodys | Place::OfTask(_) => outside.touch.change.class == Class::Generated,
    };
    if is_mild { Severity::Warning } else { Severity::Error }
}

fn finding(context: &RepositoryContext<'_>, policy: &Compiled, beginnings: &Beginnings, one: &Outside<'_>) -> Option<Finding> {
    let path = one.touch.path.shown().into_owned();
    let (agent, own) = (&one.by.agent, area::joined(&area::names(policy, &one.by.boundaries)));
    let deed = one.touch.deed();
    // An agent without a boundary has nothing that could be mended.
    let mend = mend::give(policy, beginnings, &one.by.boundaries, &one.touch);
    let to = mend.as_ref().and_then(|mend| policy.policy.boundaries.get(mend.to)).map_or("", |to| to.name.value.as_str());
    let mended = mend.as_ref().map_or("", |mend| mend.words.as_str());
    let (message, help) = match &one.place {
        Place::Of(owners) => {
            let owner = owners.first()?.boundary;
            let holder = area::holder(owner);
            let help = match (&mend, mend.as_ref().and_then(|mend| mend.exception.as_ref())) {
                (None, _) => format!("leave it to {holder}, or give {agent} a boundary of its own in {}", area::file(policy)),
                (Some(_), Some(exception)) => format!("leave it to {holder}: by `{exception}` {to} itself leaves it to others"),
                (Some(_), None) => format!("leave it to {holder}, or let {to} have it: {mended}"),
            };
            (format!("{agent} {deed} {}", owner.name.value), help)
        }
        Place::OfTask(task) => {
            let status = context.state.status.as_ref().map_or("PARALLEL_STATUS.json", |status| status.path.as_str());
            let help = format!("leave it to {0}, or add `/{path}` to the paths of {agent} in {status}, and take it out of {0}", task.id);
            (format!("{agent} {deed} {}", task.id), help)
        }
        Place::Nobodys => {
            (format!("{agent} {deed} nobody's area, outside of {own}"), format!("{mended}, or leave it to whoever it belongs to"))
        }
        Place::OnlyNew(claimant) => (
            format!("{agent} {deed} {}, where it may only make new ones", claimant.boundary.name.value),
            format!("if it may change files there, {mended}"),
        ),
    };
    let identity = format!("{}\n{}\n{agent}\n{}", RULE.name, one.touch.path.identity(), decided(one));
    let mut finding = Finding::new(RULE.name, severity(one), message, Location { path, line: None }, identity);
    one.touch.tell(&mut finding);
    finding.evidence.insert("boundaries".to_owned(), json!(area::names(policy, &one.by.boundaries)));
    finding.help = help;
    finding.excerpts = excerpts(policy, one);
    if let Place::Of(owners) = &one.place {
        finding.agents.extend(owners.iter().take(area::SHOWN).map(|owner| area::holder(owner.boundary).to_owned()));
        finding.agents.dedup();
    }
    if let Place::OfTask(task) = &one.place {
        finding.agents.push(task.id.to_owned());
    }
    Some(finding)
}

/// The line that gives the path to another; where it is nobody's, what the agent has.
fn excerpts(policy: &Compiled, outside: &Outside<'_>) -> Vec<Excerpt> {
    match &outside.place {
        Place::Of(owners) => owners.iter().take(area::SHOWN).map(area::excerpt).collect(),
        Place::OfTask(task) => vec![Excerpt { mark: task.path.mark.clone(), label: format!("of {}, which is at work", task.id) }],
        Place::OnlyNew(claimant) => vec![Excerpt { mark: claimant.pattern.mark.clone(), label: "new files only".to_owned() }],
        Place::Nobodys => {
            let mut own: Vec<&Boundary> = outside.by.boundaries.iter().filter_map(|index| policy.policy.boundaries.get(*index)).collect();
            own.sort_by_key(|one| &one.name.value);
            own.into_iter()
                .take(area::SHOWN)
                .map(|one| Excerpt { mark: area::first_pattern(one).mark.clone(), label: format!("the area of {}", one.name.value) })
                .collect()
        }
    }
}
