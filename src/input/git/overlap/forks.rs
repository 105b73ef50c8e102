//! Where two sides part: what both share since then is nobody's change.

use crate::input::git::error::GitError;
use crate::input::git::source::{Node, Source};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// What is known of a side: its commit, and the one merge base with the base branch, if it is one.
#[derive(Debug, Clone)]
pub(super) struct Tip {
    pub(super) head: String,
    pub(super) base: Option<String>,
}

/// All merge bases of each pair; none where the two have no common history.
///
/// git is asked as little as possible. Two sides that grew from the same commit of the base branch and share no commit of
/// their own part there: what both can reach is in the base branch's history, up to that commit.
pub(super) fn bases<'p>(
    source: &dyn Source,
    tips: &[Option<Tip>],
    pairs: impl Iterator<Item = &'p (usize, usize)>,
) -> Result<BTreeMap<(usize, usize), Vec<String>>, GitError> {
    let pairs: Vec<(usize, usize)> = pairs.copied().collect();
    let own = own_commits(source, tips, &pairs)?;
    let mut asked: FxHashMap<(String, String), Vec<String>> = FxHashMap::default();
    let mut found = BTreeMap::new();
    for (one, other) in pairs {
        let (Some(left), Some(right)) = (&tips[one], &tips[other]) else { continue };
        let shared = own[one].iter().any(|commit| own[other].contains(commit));
        let bases = match (&left.base, &right.base) {
            _ if left.head == right.head => vec![left.head.clone()],
            (Some(base), Some(same)) if base == same && !shared => vec![base.clone()],
            (Some(base), Some(another)) if !shared => ask(source, &mut asked, base, another)?,
            _ => ask(source, &mut asked, &left.head, &right.head)?,
        };
        found.insert((one, other), bases);
    }
    Ok(found)
}

fn ask(source: &dyn Source, asked: &mut FxHashMap<(String, String), Vec<String>>, one: &str, other: &str) -> Result<Vec<String>, GitError> {
    let key = if one <= other { (one.to_owned(), other.to_owned()) } else { (other.to_owned(), one.to_owned()) };
    if let Some(known) = asked.get(&key) {
        return Ok(known.clone());
    }
    let mut bases = source.merge_bases(&key.0, &key.1)?;
    bases.sort_unstable();
    asked.insert(key, bases.clone());
    Ok(bases)
}

/// For each side the commits that are not in the history of one base: the base that most sides have. For sides with another
/// base these are a few more than their own, which only makes them ask git.
fn own_commits(source: &dyn Source, tips: &[Option<Tip>], pairs: &[(usize, usize)]) -> Result<Vec<FxHashSet<String>>, GitError> {
    let mut own = vec![FxHashSet::default(); tips.len()];
    let involved: FxHashSet<usize> = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut heads: Vec<String> = Vec::new();
    for tip in tips.iter().enumerate().filter(|(side, _)| involved.contains(side)).filter_map(|(_, tip)| tip.as_ref()) {
        heads.push(tip.head.clone());
        if let Some(base) = &tip.base {
            *counts.entry(base).or_default() += 1;
        }
    }
    let Some((base, _)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return Ok(own) };
    heads.sort_unstable();
    heads.dedup();
    let parents: FxHashMap<String, Vec<String>> =
        source.between(&heads, base)?.into_iter().map(|Node { id, parents }| (id, parents)).collect();
    for (side, tip) in tips.iter().enumerate().filter(|(side, _)| involved.contains(side)) {
        let mut waiting: Vec<&str> = tip.iter().map(|tip| tip.head.as_str()).collect();
        while let Some(id) = waiting.pop() {
            if let Some(parents) = parents.get(id).filter(|_| own[side].insert(id.to_owned())) {
                waiting.extend(parents.iter().map(String::as_str));
            }
        }
    }
    Ok(own)
}
