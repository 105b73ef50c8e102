//! How a policy is mended so that paths come to an agent's boundary, in words that can be followed as they stand.

use super::area;
use crate::model::path::RepoPath;
use crate::policy::Compiled;
use crate::policy::proposal::{Beginnings, Step};
use crate::rules::changes::Touch;
use std::collections::BTreeSet;

/// How a path comes to a boundary of an agent.
pub(super) struct Mend {
    /// The boundary, by index.
    pub(super) to: usize,
    /// The item by which it leaves it to others now.
    pub(super) exception: Option<String>,
    /// What is to be written.
    pub(super) words: String,
}

/// A text as it stands between the quotes of a JSON file.
pub(super) fn in_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).to_owned()
}

/// "add `/src/b/x/` to `paths` of a and `!/src/b/x/` to `can_modify` of b in BOUNDARIES.json"
pub(super) fn give(policy: &Compiled, beginnings: &Beginnings, own: &[usize], touch: &Touch<'_>) -> Option<Mend> {
    let to = nearest(policy, own, touch.path)?;
    let proposal = beginnings.proposal(touch.path);
    let steps: BTreeSet<Step> = policy.steps(touch.path, touch.creates, to, &proposal).into_iter().collect();
    let words = said(policy, to, &steps);
    let mut exceptions = steps.iter().filter(|step| step.is_taken_out && step.boundary == to).map(|step| in_json(&step.item));
    Some(Mend { to, exception: exceptions.next(), words })
}

/// The boundary of an agent to which a path is nearest, by the beginnings of its patterns; of equals the first by name.
fn nearest(policy: &Compiled, own: &[usize], path: &RepoPath) -> Option<usize> {
    let shared = |text: &str| {
        let text = text.trim_start_matches('/').as_bytes();
        text.iter().zip(path.as_bytes()).take_while(|(one, other)| one == other).count()
    };
    let boundaries = own.iter().filter_map(|index| Some((*index, policy.policy.boundaries.get(*index)?)));
    let near = boundaries.map(|(index, one)| {
        let most = one.paths.iter().map(|item| shared(&item.value)).max().unwrap_or(0);
        (std::cmp::Reverse(most), one.name.value.as_str(), index)
    });
    near.min().map(|(_, _, index)| index)
}

/// The steps in words: first what is added to the agent's own boundary, then what is taken from others.
fn said(policy: &Compiled, own: usize, steps: &BTreeSet<Step>) -> String {
    let name = |step: &Step| policy.policy.boundaries.get(step.boundary).map_or("", |one| one.name.value.as_str());
    let mut sorted: Vec<&Step> = steps.iter().collect();
    sorted.sort_by_key(|step| (step.is_taken_out, step.boundary != own, name(step), step.key, &step.item));
    let lists = sorted.chunk_by(|one, other| (one.is_taken_out, one.boundary, one.key) == (other.is_taken_out, other.boundary, other.key));
    let mut parts: Vec<String> = Vec::new();
    let mut verb = "";
    for list in lists {
        let Some(first) = list.first() else { continue };
        let items: Vec<String> = list.iter().map(|step| format!("`{}`", in_json(&step.item))).collect();
        let (now, to) = if first.is_taken_out { ("take ", "out of") } else { ("add ", "to") };
        let said = if now == verb { "" } else { now };
        verb = now;
        parts.push(format!("{said}{} {to} `{}` of {}", items.join(", "), first.key, name(first)));
    }
    match parts.split_last() {
        Some((last, [])) => format!("{last} in {}", area::file(policy)),
        Some((last, others)) => format!("{} and {last} in {}", others.join(", "), area::file(policy)),
        None => String::new(),
    }
}
