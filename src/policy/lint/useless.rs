//! Patterns that decide nothing: written twice, shadowed, dead.

use super::{Files, Problem};
use crate::policy::patterns::Pattern;
use crate::policy::{Compiled, Entry, List};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Items that stand for one pattern each: of `{a,b}` a part may be of use.
fn single(policy: &Compiled) -> Vec<(u32, &Entry)> {
    let mut count: FxHashMap<(usize, List, usize), u32> = FxHashMap::default();
    for entry in policy.entries() {
        *count.entry((entry.boundary, entry.list, entry.item)).or_default() += 1;
    }
    let is_single = |entry: &Entry| count.get(&(entry.boundary, entry.list, entry.item)) == Some(&1);
    (0..).zip(policy.entries()).filter(|(_, entry)| is_single(entry)).collect()
}

/// Patterns that stand in a list twice, however they are written; the first is that of the lesser text.
pub(super) fn duplicates(policy: &Compiled) -> Vec<Problem<'_>> {
    let mut alike: BTreeMap<(usize, List, &Pattern), Vec<usize>> = BTreeMap::new();
    for (_, entry) in single(policy) {
        alike.entry((entry.boundary, entry.list, &entry.pattern)).or_default().push(entry.item);
    }
    let mut duplicates = Vec::new();
    for ((boundary, list, _), mut items) in alike {
        items.sort_by_key(|item| (&policy.item(boundary, list, *item).value, *item));
        let mut items = items.into_iter().map(|item| policy.item(boundary, list, item));
        if let Some(first) = items.next() {
            duplicates.extend(items.map(|second| Problem::Duplicate { boundary, items: [first, second] }));
        }
    }
    duplicates
}

/// Patterns all of whose paths another one of the list has, or takes out, so that they never decide.
pub(super) fn shadowed(policy: &Compiled) -> Vec<Problem<'_>> {
    let foreign = Foreign::new(policy);
    let mut found = Vec::new();
    for (number, entry) in single(policy) {
        if !matches!(entry.list, List::Paths | List::Forbidden) || entry.pattern.negated {
            continue;
        }
        let covering = policy.matcher.matching(format!("{}/", entry.pattern.prefix()).as_bytes());
        let covering = covering.into_iter().filter(|other| *other != number).filter_map(|other| policy.entries().get(other as usize));
        let mut others: Vec<&Entry> = covering.filter(|other| other.boundary == entry.boundary).collect();
        let text = |entry: &Entry| &policy.item(entry.boundary, entry.list, entry.item).value;
        others.sort_by(|one, other| (one.specificity, &one.pattern, text(one)).cmp(&(other.specificity, &other.pattern, text(other))));
        let taken = others.iter().find(|other| takes(entry, other)).map(|other| (*other, true));
        let broader = || others.iter().find(|other| is_broader(&foreign, entry, other)).map(|other| (*other, false));
        if let Some((by, is_taken_out)) = taken.or_else(broader) {
            let item = |entry: &Entry| policy.item(entry.boundary, entry.list, entry.item);
            found.push(Problem::Shadowed { boundary: entry.boundary, pattern: item(entry), by: item(by), is_taken_out });
        }
    }
    found
}

/// `other` has all that `entry` has, and takes it away: a negation, or `cannot_modify` of the very same path.
fn takes(entry: &Entry, other: &Entry) -> bool {
    let is_negation = other.list == entry.list && other.pattern.negated;
    let is_forbidden = entry.list == List::Paths && other.list == List::Forbidden && !other.pattern.negated;
    is_negation || (is_forbidden && other.specificity >= entry.specificity)
}

/// `other` is a plain path that has all that `entry` has, and nothing between the two needs the more specific one.
fn is_broader(foreign: &Foreign, entry: &Entry, other: &Entry) -> bool {
    let is_kin = other.list == entry.list && !other.pattern.negated && other.pattern != entry.pattern;
    is_kin && other.pattern.literal().is_some_and(|path| !foreign.is_between(entry, &path))
}

/// Where lists begin, so that it can be told whether another one comes between two patterns of a list.
struct Foreign {
    lists: FxHashMap<String, Two>,
}

/// One list that begins somewhere, by boundary, and another one: more need not be known.
struct Two {
    one: (usize, List),
    other: Option<(usize, List)>,
}

impl Foreign {
    fn new(policy: &Compiled) -> Foreign {
        let mut lists: FxHashMap<String, Two> = FxHashMap::default();
        for entry in policy.entries().iter().filter(|entry| matches!(entry.list, List::Paths | List::Create | List::Forbidden)) {
            let list = (entry.boundary, entry.list);
            let known = lists.entry(entry.pattern.prefix()).or_insert(Two { one: list, other: None });
            if known.one != list {
                known.other.get_or_insert(list);
            }
        }
        Foreign { lists }
    }

    /// A pattern of another list begins at `outer`, at the beginning of `entry`, or between.
    fn is_between(&self, entry: &Entry, outer: &str) -> bool {
        let prefix = entry.pattern.prefix();
        let ends = prefix.match_indices('/').map(|(end, _)| end).chain([0, prefix.len()]);
        let mut between = ends.filter(|end| *end >= outer.len()).map(|end| &prefix[..end]);
        let own = (entry.boundary, entry.list);
        between.any(|place| self.lists.get(place).is_some_and(|known| known.one != own || known.other.is_some()))
    }
}

/// Patterns that match no file, one list for each boundary. What may be created needs no file yet.
pub(super) fn dead<'p>(policy: &'p Compiled, files: Files<'_>, alive: &FxHashSet<u32>) -> Vec<Problem<'p>> {
    let mut live_items: FxHashSet<(usize, List, usize)> = FxHashSet::default();
    let mut dead: BTreeMap<usize, Vec<(List, usize)>> = BTreeMap::new();
    for (number, entry) in (0..).zip(policy.entries()) {
        if !matches!(entry.list, List::Paths | List::Forbidden) || entry.pattern.negated {
            continue;
        }
        let is_alive = entry.pattern.literal().map_or_else(|| alive.contains(&number), |path| files.has(&path));
        if is_alive {
            live_items.insert((entry.boundary, entry.list, entry.item));
        } else {
            dead.entry(entry.boundary).or_default().push((entry.list, entry.item));
        }
    }
    let problem = |(boundary, mut items): (usize, Vec<(List, usize)>)| {
        items.dedup();
        items.retain(|(list, item)| !live_items.contains(&(boundary, *list, *item)));
        let mut patterns: Vec<_> = items.into_iter().map(|(list, item)| policy.item(boundary, list, item)).collect();
        patterns.sort_by(|one, other| one.value.cmp(&other.value));
        (!patterns.is_empty()).then_some(Problem::Dead { boundary, patterns })
    };
    dead.into_iter().filter_map(problem).collect()
}
