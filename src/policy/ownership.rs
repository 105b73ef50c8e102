//! What a policy says of one path: whose it is, who may not change it, whether anybody may while others work.

use super::{Claimant, Compiled, List};
use crate::model::mark::{Located, Mark};
use crate::policy::patterns::Specificity;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a policy says of one path.
#[derive(Debug)]
pub struct Look<'p> {
    compiled: &'p Compiled,
    /// For each list that holds the path, the item that decides.
    hits: BTreeMap<(usize, List), Hit>,
}

/// The most specific item of a list that matches.
#[derive(Debug, Clone, Copy)]
struct Hit {
    item: usize,
    /// The pattern: the item's own, or one of the boundary that it names.
    entry: u32,
    specificity: Specificity,
}

/// Whether an agent may change a path.
#[derive(Debug)]
pub enum Decision<'p> {
    /// It belongs to a boundary of the agent, and to none more.
    Allowed(Claimant<'p>),
    /// New files may be made there by the agent, but this one is not new.
    OnlyNew(Claimant<'p>),
    /// A boundary of the agent forbids it.
    Forbidden(usize, &'p Located<String>),
    /// It belongs to others, the most specific first, or to nobody.
    Outside(Vec<Claimant<'p>>),
}

/// Why nobody changes a path while others work.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'p> {
    /// The boundary that it belongs to, or that depends on it.
    pub boundary: usize,
    /// The pattern that matches the path.
    pub pattern: &'p Located<String>,
    /// Where it says that it is shared.
    pub mark: &'p Mark,
    /// What is said there.
    pub by: SharedBy,
}

/// By what a path is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedBy {
    /// `locked: true`
    Locked,
    /// `parallel_safe: false`
    NotParallelSafe,
    /// Boundaries depend on it and none owns it.
    Common,
}

impl SharedBy {
    /// In words: "it is locked".
    pub fn words(self) -> &'static str {
        match self {
            SharedBy::Locked => "locked",
            SharedBy::NotParallelSafe => "not parallel-safe",
            SharedBy::Common => "common",
        }
    }
}

impl<'p> Look<'p> {
    pub(super) fn new(compiled: &'p Compiled, path: &[u8]) -> Look<'p> {
        let mut hits: BTreeMap<(usize, List), Hit> = BTreeMap::new();
        let mut taken_out = BTreeSet::new();
        for number in compiled.matcher.matching(path) {
            let Some(entry) = compiled.entries.get(number as usize) else { continue };
            let list = (entry.boundary, entry.list);
            if entry.pattern.negated {
                taken_out.insert(list);
            } else {
                let hit = Hit { item: entry.item, entry: number, specificity: entry.specificity };
                improve(compiled, &mut hits, list, hit);
            }
        }
        hits.retain(|list, _| !taken_out.contains(list));
        let mut look = Look { compiled, hits };
        if !compiled.references.is_empty() {
            look.follow_names(&taken_out);
        }
        look
    }

    /// A list that names a boundary holds the paths of that boundary, also through others.
    fn follow_names(&mut self, taken_out: &BTreeSet<(usize, List)>) {
        let mut open: Vec<usize> = self.hits.keys().filter(|(_, list)| *list == List::Paths).map(|(boundary, _)| *boundary).collect();
        while let Some(boundary) = open.pop() {
            let Some(hit) = self.hits.get(&(boundary, List::Paths)).copied() else { continue };
            for reference in self.compiled.references.get(&boundary).into_iter().flatten() {
                let list = (reference.boundary, reference.list);
                if reference.negated || taken_out.contains(&list) {
                    continue;
                }
                let followed = Hit { item: reference.item, ..hit };
                if improve(self.compiled, &mut self.hits, list, followed) && reference.list == List::Paths {
                    open.push(reference.boundary);
                }
            }
        }
        let named = self.hits.keys().filter(|(_, list)| *list == List::Paths);
        let negated: BTreeSet<(usize, List)> = named
            .flat_map(|(boundary, _)| self.compiled.references.get(boundary).into_iter().flatten())
            .filter(|reference| reference.negated)
            .map(|reference| (reference.boundary, reference.list))
            .collect();
        self.hits.retain(|list, _| !negated.contains(list));
    }

    /// A list of a boundary holds the path.
    pub(super) fn holds(&self, boundary: usize, list: List) -> bool {
        self.hits.contains_key(&(boundary, list))
    }

    fn hit(&self, boundary: usize, list: List) -> Option<Hit> {
        self.hits.get(&(boundary, list)).copied()
    }

    fn located(&self, boundary: usize, list: List, hit: Hit) -> &'p Located<String> {
        self.compiled.item(boundary, list, hit.item)
    }

    /// What gives the path to a boundary, whatever its `cannot_modify` says.
    fn given(&self, boundary: usize, creates: bool) -> Option<(List, Hit)> {
        let paths = self.hit(boundary, List::Paths).map(|hit| (List::Paths, hit));
        let create = self.hit(boundary, List::Create).filter(|_| creates).map(|hit| (List::Create, hit));
        match (paths, create) {
            (Some(one), Some(other)) if other.1.specificity > one.1.specificity => Some(other),
            (one, other) => one.or(other),
        }
    }

    /// What `cannot_modify` takes away: all that it matches but for exceptions, which are more specific and lie inside.
    fn taken(&self, boundary: usize, creates: bool) -> Option<Hit> {
        let forbidden = self.hit(boundary, List::Forbidden)?;
        let is_exception = self
            .given(boundary, creates)
            .is_some_and(|(_, given)| given.specificity > forbidden.specificity && self.lies_inside(given.entry, forbidden.entry));
        (!is_exception).then_some(forbidden)
    }

    /// The literal beginning of one pattern is a folder that the other one matches.
    fn lies_inside(&self, inner: u32, outer: u32) -> bool {
        let entry = |number: u32| self.compiled.entries.get(number as usize);
        let (Some(inner), Some(holder)) = (entry(inner), entry(outer)) else { return false };
        // Both match one path, so that of two plain paths the longer one lies inside.
        if holder.pattern.literal().is_some() {
            return true;
        }
        let folder = inner.pattern.prefix() + "/";
        self.compiled.matcher.matching(folder.as_bytes()).contains(&outer)
    }

    fn claimant(&self, index: usize, creates: bool) -> Option<Claimant<'p>> {
        let (list, hit) = self.given(index, creates)?;
        if self.taken(index, creates).is_some() {
            return None;
        }
        let boundary = &self.compiled.policy.boundaries[index];
        Some(Claimant { boundary, index, pattern: self.located(index, list, hit), specificity: hit.specificity })
    }

    /// The boundaries that the path belongs to, the most specific first. `creates` takes `can_create` in.
    pub fn claimants(&self, creates: bool) -> Vec<Claimant<'p>> {
        let mut indexes: Vec<usize> = self.hits.keys().map(|(boundary, _)| *boundary).collect();
        indexes.dedup();
        let mut claimants: Vec<Claimant<'p>> = indexes.into_iter().filter_map(|index| self.claimant(index, creates)).collect();
        claimants.sort_by_key(|claimant| (Reverse(claimant.specificity), claimant.boundary.name.value.as_str(), claimant.index));
        claimants
    }

    /// The claimants that decide: those whose patterns are the most specific.
    pub fn owners(&self, creates: bool) -> Vec<Claimant<'p>> {
        let mut claimants = self.claimants(creates);
        let most = claimants.first().map(|claimant| claimant.specificity);
        claimants.retain(|claimant| Some(claimant.specificity) == most);
        claimants
    }

    /// The pattern of `cannot_modify` by which a boundary's agents may not change the path.
    pub fn forbids(&self, boundary: usize, creates: bool) -> Option<&'p Located<String>> {
        self.taken(boundary, creates).map(|hit| self.located(boundary, List::Forbidden, hit))
    }

    /// Whether an agent with these boundaries may change the path, or make it.
    pub fn allows(&self, boundaries: &[usize], creates: bool) -> Decision<'p> {
        let owners = self.owners(creates);
        let own = |claimants: &[Claimant<'p>]| claimants.iter().find(|one| boundaries.contains(&one.index)).copied();
        if let Some(claimant) = own(&owners) {
            return Decision::Allowed(claimant);
        }
        let forbidding = boundaries.iter().filter_map(|boundary| Some((*boundary, self.forbids(*boundary, creates)?)));
        let forbidden = forbidding.min_by_key(|(boundary, _)| self.compiled.policy.boundaries[*boundary].name.value.as_str());
        if let Some((boundary, pattern)) = forbidden {
            return Decision::Forbidden(boundary, pattern);
        }
        match own(&self.owners(true)) {
            Some(claimant) => Decision::OnlyNew(claimant),
            None => Decision::Outside(owners),
        }
    }

    /// Why nobody changes the path while others work, where that is so.
    pub fn shared(&self) -> Option<Shared<'p>> {
        let owners = self.owners(false);
        for owner in &owners {
            if let Some(mark) = owner.boundary.shared() {
                let is_locked = owner.boundary.locked.as_ref().is_some_and(|locked| locked.value);
                let by = if is_locked { SharedBy::Locked } else { SharedBy::NotParallelSafe };
                return Some(Shared { boundary: owner.index, pattern: owner.pattern, mark, by });
            }
        }
        if !owners.is_empty() {
            return None;
        }
        let by_path = self.dependents().into_iter().filter(|(_, item)| self.compiled.boundary_named(&item.value).is_none());
        let first = by_path.min_by_key(|(boundary, _)| self.compiled.policy.boundaries[*boundary].name.value.as_str());
        first.map(|(boundary, pattern)| Shared { boundary, pattern, mark: &pattern.mark, by: SharedBy::Common })
    }

    /// The boundaries that depend on the path, and by which item.
    pub fn dependents(&self) -> Vec<(usize, &'p Located<String>)> {
        self.of(List::Dependencies)
    }

    /// The boundaries that conflict with whoever works on the path, and by which item.
    pub fn conflicting(&self) -> Vec<(usize, &'p Located<String>)> {
        self.of(List::Conflicts)
    }

    fn of(&self, wanted: List) -> Vec<(usize, &'p Located<String>)> {
        let hits = self.hits.iter().filter(|((_, list), _)| *list == wanted);
        hits.map(|((boundary, list), hit)| (*boundary, self.located(*boundary, *list, *hit))).collect()
    }
}

/// Takes a hit where it is better than the one that is there: more specific, else by its text, so that the order of a list
/// does not matter.
fn improve(compiled: &Compiled, hits: &mut BTreeMap<(usize, List), Hit>, list: (usize, List), hit: Hit) -> bool {
    let rank = |hit: &Hit| {
        let text = compiled.policy_text(list, hit.item);
        let pattern = compiled.entries.get(hit.entry as usize).map(|entry| &entry.pattern);
        (Reverse(hit.specificity), text, pattern, hit.item)
    };
    let is_better = hits.get(&list).is_none_or(|known| rank(&hit) < rank(known));
    if is_better {
        hits.insert(list, hit);
    }
    is_better
}

impl Compiled {
    fn policy_text(&self, (boundary, list): (usize, List), item: usize) -> &str {
        &self.item(boundary, list, item).value
    }
}
