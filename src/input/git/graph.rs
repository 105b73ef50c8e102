//! The commits between a base and the tips that grew from it. Pure but for the questions it asks.

use super::commit::Commit;
use super::error::GitError;
use super::source::{Node, Source};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The commits that can be reached from tips and not from the base, with their parents.
pub(super) struct Graph {
    parents: FxHashMap<String, Vec<String>>,
    base: String,
    cut_off: FxHashSet<String>,
}

/// Where a tip and the base part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fork {
    /// At these commits, sorted.
    At(Vec<String>),
    /// Nowhere: they have no common history.
    Nowhere,
    /// Before the place where history is cut off.
    CutOff,
}

impl Graph {
    /// Asks for the commits between the base and the tips.
    pub(super) fn read(source: &dyn Source, tips: &[String], base: &str, cut_off: FxHashSet<String>) -> Result<Graph, GitError> {
        let nodes = source.between(tips, base)?;
        Ok(Graph::new(nodes, base, cut_off))
    }

    fn new(nodes: Vec<Node>, base: &str, cut_off: FxHashSet<String>) -> Graph {
        let parents = nodes.into_iter().map(|node| (node.id, node.parents)).collect();
        Graph { parents, base: base.to_owned(), cut_off }
    }

    /// Where a tip and the base part. Each way from the tip to the base's history leads over a commit of that history whose
    /// child is not in it: of one such commit it is known to be the merge base, of several git knows.
    pub(super) fn fork(&self, source: &dyn Source, tip: &str) -> Result<Fork, GitError> {
        let (own, edge) = self.reach(tip);
        if own.iter().any(|id| self.cut_off.contains(*id)) {
            return Ok(Fork::CutOff);
        }
        let mut bases: Vec<String> = match edge.len() {
            0 => Vec::new(),
            1 => edge.into_iter().map(str::to_owned).collect(),
            _ => source.merge_bases(tip, &self.base)?,
        };
        bases.sort_unstable();
        bases.dedup();
        Ok(match bases.is_empty() {
            false => Fork::At(bases),
            true if self.cut_off.is_empty() => Fork::Nowhere,
            true => Fork::CutOff,
        })
    }

    /// The commits of a tip that are not the base's, and the base's ones that they grew from.
    fn reach<'g>(&'g self, tip: &'g str) -> (FxHashSet<&'g str>, FxHashSet<&'g str>) {
        let (mut own, mut edge) = (FxHashSet::default(), FxHashSet::default());
        let mut waiting = vec![tip];
        while let Some(id) = waiting.pop() {
            match self.parents.get(id) {
                Some(parents) if own.insert(id) => waiting.extend(parents.iter().map(String::as_str)),
                Some(_) => {}
                None => {
                    edge.insert(id);
                }
            }
        }
        (own, edge)
    }

    /// Leaves out what is known already: these commits, and all that they grew from. Says whether that was anything.
    pub(super) fn leave_out(&mut self, known: &[String]) -> bool {
        let known: FxHashSet<String> = known.iter().flat_map(|id| self.reach(id).0).map(str::to_owned).collect();
        self.parents.retain(|id, _| !known.contains(id));
        !known.is_empty()
    }

    /// The newest commit of a tip that is no merge: who made it, made the change. A merge by a forge has no trailers.
    pub(super) fn newest<'g>(&'g self, tip: &'g str) -> &'g str {
        let mut id = tip;
        while let Some(parents) = self.parents.get(id).filter(|parents| parents.len() > 1) {
            match parents.iter().find(|parent| self.parents.contains_key(*parent)) {
                Some(parent) => id = parent,
                None => return tip,
            }
        }
        id
    }

    /// The commits, parents before children; of those that do not depend on each other the older one first.
    pub(super) fn oldest_first(&self, commits: Vec<Commit>) -> Vec<Commit> {
        let mut by_id: FxHashMap<String, Commit> = commits.into_iter().map(|commit| (commit.id.clone(), commit)).collect();
        let mut missing: FxHashMap<&str, usize> = FxHashMap::default();
        let mut children: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for (id, parents) in &self.parents {
            let own = parents.iter().filter(|parent| self.parents.contains_key(*parent));
            missing.insert(id, own.clone().count());
            for parent in own {
                children.entry(parent).or_default().push(id);
            }
        }
        let time = |id: &str| by_id.get(id).and_then(|commit| commit.committed);
        let times: FxHashMap<&str, _> = self.parents.keys().map(|id| (id.as_str(), time(id))).collect();
        let entry = |id: &'_ str| Reverse((times.get(id).copied().flatten(), id.to_owned()));
        let mut ready: BinaryHeap<_> = missing.iter().filter(|(_, count)| **count == 0).map(|(id, _)| entry(id)).collect();
        let mut order: Vec<String> = Vec::with_capacity(by_id.len());
        while let Some(Reverse((_, id))) = ready.pop() {
            for child in children.get(id.as_str()).into_iter().flatten() {
                let Some(count) = missing.get_mut(child) else { continue };
                *count -= 1;
                if *count == 0 {
                    ready.push(entry(child));
                }
            }
            order.push(id);
        }
        order.iter().filter_map(|id| by_id.remove(id)).collect()
    }

    /// The parents of a commit.
    pub(super) fn parents(&self, id: &str) -> &[String] {
        self.parents.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// All of them.
    pub(super) fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.parents.keys().cloned().collect();
        ids.sort_unstable();
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::moment::Moment;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let owned = |parents: &[&str]| parents.iter().map(|parent| (*parent).to_owned()).collect();
        let nodes = edges.iter().map(|(id, parents)| Node { id: (*id).to_owned(), parents: owned(parents) }).collect();
        Graph::new(nodes, "base", FxHashSet::default())
    }

    #[test]
    fn parents_come_before_children_whatever_their_clocks_say() {
        let graph = graph(&[("m", &["a", "b"]), ("a", &["r"]), ("b", &["r"]), ("r", &["base"])]);
        let commit = |id: &str, time| Commit { id: id.to_owned(), committed: Some(Moment(time)), ..Commit::default() };
        let order = graph.oldest_first(vec![commit("m", 0), commit("b", 1), commit("a", 2), commit("r", 9)]);
        let ids: Vec<_> = order.iter().map(|commit| commit.id.as_str()).collect();
        assert_eq!(ids, ["r", "b", "a", "m"]);
    }

    #[test]
    fn what_is_known_is_left_out_with_all_that_it_grew_from() {
        let mut graph = graph(&[("m", &["a", "k2"]), ("a", &["k1"]), ("k2", &["k1"]), ("k1", &["base"])]);
        assert!(!graph.leave_out(&["base".to_owned()]) && graph.ids().len() == 4);
        assert!(graph.leave_out(&["k2".to_owned()]));
        assert_eq!((graph.ids(), graph.newest("m")), (vec!["a".to_owned(), "m".to_owned()], "a"));
    }

    #[test]
    fn the_newest_commit_is_no_merge() {
        let merged_into_main = graph(&[("m", &["base", "a"]), ("a", &["base"])]);
        assert_eq!(merged_into_main.newest("m"), "a");
        let merged_main = graph(&[("m", &["a", "base"]), ("a", &["x"])]);
        assert_eq!(merged_main.newest("m"), "a");
        assert_eq!(graph(&[("m", &["base", "other"])]).newest("m"), "m");
        assert_eq!(graph(&[]).newest("m"), "m");
    }
}
