//! An agent changed a path outside of its boundary.

use super::policy_edit::is_policy_file;
use super::{area, mend};
use crate::model::change::Class;
use crate::model::finding::{Finding, Location, Severity};
use crate::model::mark::Excerpt;
use crate::model::state::Boundary;
use crate::policy::proposal::Beginnings;
use crate::policy::{Claimant, Compiled, Decision};
use crate::rules::changes::{Touch, gathered, list, touches};
use crate::rules::{Check, RepositoryContext, Rule};
use crate::work::identity::Attribution;
use serde_json::json;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "outside-boundary",
    family: "boundaries",
    severity: Severity::Error,
    summary: "an agent changed a path outside of its boundary",
    document: include_str!("outside_boundary.md"),
    checks: &[Check::Repository(check)],
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
    /// It is nobody's.
    Nobodys,
    /// The agent may make files there, but this one is not new.
    OnlyNew(Claimant<'c>),
}

fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let Some(policy) = context.policy else { return Vec::new() };
    let outside = touches(context).into_iter().filter_map(|touch| outside(policy, touch));
    let groups = gathered(outside.map(|one| (kind(&one), one)));
    if groups.is_empty() {
        return Vec::new();
    }
    let beginnings = Beginnings::new(policy);
    groups.iter().filter_map(|(_, group)| finding(policy, &beginnings, group)).collect()
}

fn outside<'c>(policy: &'c Compiled, touch: Touch<'c>) -> Option<Outside<'c>> {
    let by = touch.agent().filter(|by| !by.boundaries.is_empty())?;
    let place = match policy.look(touch.path).allows(&by.boundaries, touch.creates) {
        Decision::Allowed(_) | Decision::Forbidden(..) => return None,
        Decision::OnlyNew(claimant) => Place::OnlyNew(claimant),
        Decision::Outside(owners) if owners.is_empty() && is_free(policy, by, &touch) => return None,
        Decision::Outside(owners) if owners.is_empty() => Place::Nobodys,
        Decision::Outside(owners) => Place::Of(owners),
    };
    Some(Outside { touch, by, place })
}

/// Nobody's, and no place that an agent is kept out of: its boundaries only forbid, or it is where the agents' common
/// records lie, which `policy-edit` looks after.
fn is_free(policy: &Compiled, by: &Attribution, touch: &Touch<'_>) -> bool {
    let path = touch.path.as_bytes();
    let only_forbid = by.boundaries.iter().filter_map(|index| policy.policy.boundaries.get(*index)).all(Boundary::only_forbids);
    only_forbid || is_policy_file(path) || path.starts_with(b".claude/context/")
}

/// What findings are put together by: the agent and what decided.
fn kind(outside: &Outside<'_>) -> (String, String, bool, Severity) {
    let (decided, is_new) = match &outside.place {
        Place::Of(owners) => (owners.first(), false),
        Place::OnlyNew(claimant) => (Some(claimant), true),
        Place::Nobodys => (None, false),
    };
    let decided = decided.map_or(String::new(), |one| format!("{}\n{}", one.boundary.name.value, one.pattern.value));
    (outside.by.agent.clone(), decided, is_new, severity(outside))
}

/// What tools write as a consequence is a warning where it is nobody's; so is a file that the agent may have made itself,
/// in an earlier commit.
fn severity(outside: &Outside<'_>) -> Severity {
    let is_mild = match outside.place {
        Place::Of(_) => false,
        Place::OnlyNew(_) => true,
        Place::Nobodys => outside.touch.change.class == Class::Generated,
    };
    if is_mild { Severity::Warning } else { Severity::Error }
}

fn finding(policy: &Compiled, beginnings: &Beginnings, group: &[Outside<'_>]) -> Option<Finding> {
    let first = group.first()?;
    let path = first.touch.path.shown().into_owned();
    let (agent, own) = (&first.by.agent, area::joined(&area::names(policy, &first.by.boundaries)));
    let deed = first.touch.deed(group.len());
    let mend = mend::give(policy, beginnings, &first.by.boundaries, group.iter().map(|one| &one.touch))?;
    let to = &policy.policy.boundaries.get(mend.to)?.name.value;
    let mended = mend.words;
    let (message, help) = match &first.place {
        Place::Of(owners) => {
            let owner = owners.first()?.boundary;
            let holder = area::holder(owner);
            let help = match mend.exception {
                Some(exception) => format!("leave it to {holder}: by `{exception}` {to} itself leaves it to others"),
                None => format!("leave it to {holder}, or let {to} have it: {mended}"),
            };
            (format!("{agent} {deed} {}", owner.name.value), help)
        }
        Place::Nobodys => {
            (format!("{agent} {deed} nobody's area, outside of {own}"), format!("{mended}, or leave it to whoever it belongs to"))
        }
        Place::OnlyNew(claimant) => (
            format!("{agent} {deed} {}, where it may only make new ones", claimant.boundary.name.value),
            format!("if it may change files there, {mended}"),
        ),
    };
    let decided = kind(first).1;
    let identity = match group {
        [_] => format!("{}\n{path}\n{agent}\n{decided}", RULE.name),
        _ => format!("{}\n{agent}\n{decided}\n{}", RULE.name, severity(first).word()),
    };
    let mut finding = Finding::new(RULE.name, severity(first), message, Location { path, line: None }, identity);
    first.touch.tell(&mut finding);
    finding.evidence.insert("boundaries".to_owned(), json!(area::names(policy, &first.by.boundaries)));
    finding.help = help;
    finding.excerpts = excerpts(policy, first);
    if let Place::Of(owners) = &first.place {
        finding.agents.extend(owners.iter().take(area::SHOWN).map(|owner| area::holder(owner.boundary).to_owned()));
        finding.agents.dedup();
    }
    list(&mut finding, group.iter().map(|one| &one.touch));
    Some(finding)
}

/// The line that gives the path to another; where it is nobody's, what the agent has.
fn excerpts(policy: &Compiled, outside: &Outside<'_>) -> Vec<Excerpt> {
    match &outside.place {
        Place::Of(owners) => owners.iter().take(area::SHOWN).map(area::excerpt).collect(),
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
