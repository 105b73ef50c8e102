//! Who depends on whom, and in circles.

use super::area;
use crate::model::mark::{Located, Mark};
use crate::model::path::RepoPath;
use crate::policy::Compiled;
use std::collections::{BTreeMap, VecDeque};

/// For each boundary those that it depends on, and the item that says so.
pub(super) struct Graph<'p> {
    edges: Vec<BTreeMap<usize, &'p Located<String>>>,
    policy: &'p Compiled,
}

impl<'p> Graph<'p> {
    pub(super) fn new(policy: &'p Compiled) -> Graph<'p> {
        let edges = policy.policy.boundaries.iter().enumerate().map(|(index, boundary)| {
            let mut edges: BTreeMap<usize, &Located<String>> = BTreeMap::new();
            for item in &boundary.dependencies {
                for target in targets(policy, &item.value).into_iter().filter(|target| *target != index) {
                    let known = edges.entry(target).or_insert(item);
                    // The same edge twice: that of the lesser text, whatever their order.
                    if item.value < known.value {
                        *known = item;
                    }
                }
            }
            edges
        });
        Graph { edges: edges.collect(), policy }
    }

    /// One cycle for each set of boundaries that all depend on each other: the shortest through the first of their names.
    /// Each is a list of boundaries and of the line by which it depends on the next one.
    pub(super) fn cycles(&self) -> Vec<Vec<(usize, &'p Mark)>> {
        let components = self.components();
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (boundary, component) in components.iter().enumerate() {
            members.entry(*component).or_default().push(boundary);
        }
        let mut cycles: Vec<_> = members
            .values()
            .filter(|members| members.len() > 1)
            .filter_map(|members| {
                let first = members.iter().min_by_key(|index| (self.name(**index), **index))?;
                self.shortest(*first, &components)
            })
            .collect();
        cycles.sort_by_key(|cycle| cycle.first().map(|(boundary, _)| self.name(*boundary)));
        cycles
    }

    fn name(&self, index: usize) -> &str {
        &self.policy.policy.boundaries[index].name.value
    }

    /// The shortest way from a boundary back to it; of equals the one whose names come first.
    fn shortest(&self, start: usize, components: &[usize]) -> Option<Vec<(usize, &'p Mark)>> {
        let mut before: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(boundary) = open.pop_front() {
            let mut next: Vec<usize> = self.edges[boundary].keys().copied().filter(|one| components[*one] == components[start]).collect();
            next.sort_by_key(|index| self.name(*index));
            for target in next {
                if target == start {
                    return Some(self.way(boundary, start, &before));
                }
                if let std::collections::btree_map::Entry::Vacant(entry) = before.entry(target) {
                    entry.insert(boundary);
                    open.push_back(target);
                }
            }
        }
        None
    }

    fn way(&self, last: usize, start: usize, before: &BTreeMap<usize, usize>) -> Vec<(usize, &'p Mark)> {
        let mut way = vec![last];
        while let Some(previous) = way.last().filter(|one| **one != start).and_then(|one| before.get(one)) {
            way.push(*previous);
        }
        way.reverse();
        let next = way.iter().copied().skip(1).chain([start]);
        let marks = way.iter().zip(next).filter_map(|(boundary, next)| Some((*boundary, &self.edges[*boundary].get(&next)?.mark)));
        marks.collect()
    }

    /// For each boundary the set of those that depend on each other: Tarjan's way, with a stack of our own, as policies may
    /// be deep.
    fn components(&self) -> Vec<usize> {
        const NONE: usize = usize::MAX;
        let count = self.edges.len();
        let targets: Vec<Vec<usize>> = self.edges.iter().map(|edges| edges.keys().copied().collect()).collect();
        let (mut number, mut low, mut component) = (vec![NONE; count], vec![NONE; count], vec![NONE; count]);
        let (mut next, mut stack, mut open) = (0, Vec::new(), Vec::new());
        for root in 0..count {
            if number[root] == NONE {
                open.push((root, 0));
            }
            while let Some((one, at)) = open.pop() {
                if at == 0 {
                    (number[one], low[one]) = (next, next);
                    next += 1;
                    stack.push(one);
                }
                if let Some(target) = targets[one].get(at).copied() {
                    open.push((one, at + 1));
                    if number[target] == NONE {
                        open.push((target, 0));
                    } else if component[target] == NONE {
                        low[one] = low[one].min(number[target]);
                    }
                    continue;
                }
                if low[one] == number[one] {
                    while let Some(member) = stack.pop() {
                        component[member] = one;
                        if member == one {
                            break;
                        }
                    }
                }
                if let Some((parent, _)) = open.last().copied() {
                    low[parent] = low[parent].min(low[one]);
                }
            }
        }
        component
    }
}

/// The boundaries that a dependency means: the one of that name, or those that own the path.
fn targets(policy: &Compiled, item: &str) -> Vec<usize> {
    if let Some(named) = policy.boundary_named(item) {
        return vec![named];
    }
    if item.contains(['*', '?', '[', '{', '!']) {
        return Vec::new();
    }
    let path = item.trim_matches('/');
    policy.look(&RepoPath::from(path)).owners(false).iter().map(|owner| owner.index).collect()
}

/// "a → b → a" in plain letters.
pub(super) fn round(policy: &Compiled, cycle: &[(usize, &Mark)]) -> String {
    let names: Vec<&str> =
        cycle.iter().filter_map(|(index, _)| policy.policy.boundaries.get(*index)).map(|one| one.name.value.as_str()).collect();
    match names.as_slice() {
        [first, .., last] if names.len() > 2 * area::SHOWN => format!("{first}, {} more and {last}", names.len() - 2),
        [first, ..] => format!("{} on {first}", names.join(" on ")),
        [] => String::new(),
    }
}
