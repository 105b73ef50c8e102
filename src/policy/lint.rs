//! What is wrong with a policy itself: boundaries that claim one path, and patterns that decide nothing. Pure.

mod globs;
mod useless;

#[cfg(test)]
mod tests;

use super::patterns::Pattern;
use super::{Claimant, Compiled, Entry, List};
use crate::model::mark::Located;
use crate::model::path::RepoPath;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// Something that is wrong with a policy.
#[derive(Debug)]
pub enum Problem<'p> {
    /// Two or more parallel-safe boundaries claim one place.
    Overlap {
        /// The pattern of the place: the more specific one.
        place: String,
        /// Who claims it, the most specific first.
        claimants: Vec<Claimant<'p>>,
        /// A file that proves it, where the patterns alone do not.
        witness: Option<String>,
    },
    /// One pattern stands twice in a list.
    Duplicate {
        /// The boundary, by index.
        boundary: usize,
        /// The first and the second time.
        items: [&'p Located<String>; 2],
    },
    /// A pattern decides nothing, as another one of its boundary has all that it has.
    Shadowed {
        /// The boundary, by index.
        boundary: usize,
        /// The pattern.
        pattern: &'p Located<String>,
        /// The other one.
        by: &'p Located<String>,
        /// The other one takes it all away.
        is_taken_out: bool,
    },
    /// Patterns that match no file.
    Dead {
        /// The boundary, by index.
        boundary: usize,
        /// The patterns, in the order of their text.
        patterns: Vec<&'p Located<String>>,
    },
}

/// The files that there are.
#[derive(Debug, Clone, Copy)]
pub struct Files<'f> {
    /// Every tracked path, sorted. Where there are none it is not known what matches.
    pub tracked: &'f [RepoPath],
    /// Further ones, sorted: added, or in the work tree.
    pub others: &'f [RepoPath],
}

impl<'f> Files<'f> {
    /// A file of that name, or a folder with something in it.
    pub fn has(&self, path: &str) -> bool {
        self.has_bytes(path.as_bytes())
    }

    /// The same for a name that may be no text.
    pub fn has_bytes(&self, path: &[u8]) -> bool {
        [self.tracked, self.others].iter().any(|sorted| has(sorted, path))
    }

    fn below(&self, prefix: &str) -> impl Iterator<Item = &'f RepoPath> + use<'f> {
        let folder = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        [self.tracked, self.others].into_iter().flat_map(move |sorted| {
            let start = sorted.partition_point(|one| one.as_bytes() < folder.as_bytes());
            let count = sorted[start..].partition_point(|one| one.as_bytes().starts_with(folder.as_bytes()));
            &sorted[start..start + count]
        })
    }
}

fn has(sorted: &[RepoPath], path: &[u8]) -> bool {
    if path.is_empty() {
        return !sorted.is_empty();
    }
    let folder = [path, b"/"].concat();
    let start = sorted.partition_point(|one| one.as_bytes() < folder.as_slice());
    let is_folder = sorted.get(start).is_some_and(|one| one.as_bytes().starts_with(&folder));
    is_folder || sorted.binary_search_by(|one| one.as_bytes().cmp(path)).is_ok()
}

/// Everything that is wrong with a policy.
pub fn problems<'p>(policy: &'p Compiled, files: Files<'_>) -> Vec<Problem<'p>> {
    let scan = globs::scan(policy, files);
    let mut problems = nested(policy);
    problems.extend(globs_in_folders(policy));
    problems.extend(same_globs(policy));
    problems.extend(scan.overlaps);
    problems.extend(useless::duplicates(policy));
    problems.extend(useless::shadowed(policy));
    if !files.tracked.is_empty() {
        problems.extend(useless::dead(policy, files, &scan.alive));
    }
    problems
}

/// The patterns that give paths to boundaries whose paths are exclusive.
fn exclusive(policy: &Compiled) -> impl Iterator<Item = &Entry> {
    policy.entries().iter().filter(|entry| entry.list == List::Paths && !entry.pattern.negated && is_exclusive(policy, entry.boundary))
}

fn is_exclusive(policy: &Compiled, boundary: usize) -> bool {
    policy.policy.boundaries[boundary].shared().is_none()
}

/// The claimants of a folder that are exclusive, and hold all of it by a plain path of their own.
fn holders<'p>(policy: &'p Compiled, folder: &str) -> Vec<Claimant<'p>> {
    let mut claimants = policy.look(&RepoPath::from(format!("{folder}/").as_str())).claimants(false);
    claimants.retain(|one| {
        let names_another = policy.boundary_named(&one.pattern.value).is_some_and(|named| named != one.index);
        one.specificity.is_rooted() && !names_another && one.boundary.shared().is_none()
    });
    claimants
}

/// Folders (or files) that one boundary names, and that lie in what another has.
fn nested(policy: &Compiled) -> Vec<Problem<'_>> {
    let places: BTreeSet<String> = exclusive(policy).filter_map(|entry| entry.pattern.literal()).collect();
    let overlap = |place: String| {
        let claimants = holders(policy, &place);
        // The place is reported where it is named itself.
        let is_named = claimants.first().is_some_and(|first| first.specificity.is_of(&place));
        (is_named && claimants.len() > 1).then(|| Problem::Overlap { place: format!("/{place}"), claimants, witness: None })
    };
    places.into_iter().filter_map(overlap).collect()
}

/// Globs of one boundary, all of whose paths lie in a folder of another.
fn globs_in_folders(policy: &Compiled) -> Vec<Problem<'_>> {
    let takes = Taken::new(policy);
    let globs = exclusive(policy).filter(|entry| entry.pattern.literal().is_none() && !entry.pattern.is_floating());
    let mut found: BTreeMap<String, Problem<'_>> = BTreeMap::new();
    for entry in globs {
        let prefix = entry.pattern.prefix();
        let mut claimants = holders(policy, &prefix);
        claimants.retain(|one| one.index != entry.boundary && !takes.touches(one.index, &prefix));
        if claimants.is_empty() || takes.touches(entry.boundary, &prefix) {
            continue;
        }
        let item = policy.item(entry.boundary, entry.list, entry.item);
        let boundary = &policy.policy.boundaries[entry.boundary];
        claimants.insert(0, Claimant { boundary, index: entry.boundary, pattern: item, specificity: entry.specificity });
        let key = format!("{}\n{}", item.value, boundary.name.value);
        found.entry(key).or_insert(Problem::Overlap { place: item.value.clone(), claimants, witness: None });
    }
    found.into_values().collect()
}

/// One glob in two boundaries.
fn same_globs(policy: &Compiled) -> Vec<Problem<'_>> {
    let mut by_pattern: BTreeMap<&Pattern, BTreeMap<usize, &Entry>> = BTreeMap::new();
    for entry in exclusive(policy).filter(|entry| entry.pattern.literal().is_none()) {
        let known = by_pattern.entry(&entry.pattern).or_default().entry(entry.boundary).or_insert(entry);
        // Twice in one boundary: that of the lesser text.
        let text = |entry: &Entry| &policy.item(entry.boundary, entry.list, entry.item).value;
        if text(entry) < text(known) {
            *known = entry;
        }
    }
    let taken: FxHashSet<(usize, Pattern)> =
        policy.entries().iter().filter(|entry| takes_out(entry)).map(|entry| (entry.boundary, entry.pattern.positive())).collect();
    let overlap = |(pattern, entries): (&Pattern, BTreeMap<usize, &Entry>)| {
        let kept = entries.values().filter(|entry| !taken.contains(&(entry.boundary, pattern.clone())));
        let mut claimants: Vec<Claimant<'_>> = kept.map(|entry| claimant(policy, entry)).collect();
        claimants.sort_by_key(|one| (one.boundary.name.value.as_str(), one.index));
        let place = claimants.first()?.pattern.value.clone();
        (claimants.len() > 1).then_some(Problem::Overlap { place, claimants, witness: None })
    };
    by_pattern.into_iter().filter_map(overlap).collect()
}

fn claimant<'p>(policy: &'p Compiled, entry: &Entry) -> Claimant<'p> {
    Claimant {
        boundary: &policy.policy.boundaries[entry.boundary],
        index: entry.boundary,
        pattern: policy.item(entry.boundary, entry.list, entry.item),
        specificity: entry.specificity,
    }
}

/// It takes paths away from its boundary.
fn takes_out(entry: &Entry) -> bool {
    match entry.list {
        List::Paths => entry.pattern.negated,
        List::Forbidden => true,
        List::Create | List::Dependencies | List::Conflicts => false,
    }
}

/// Where each boundary takes something out of its paths.
struct Taken {
    /// Beginnings of the patterns, with `/` at the end, sorted.
    by_boundary: BTreeMap<usize, Vec<String>>,
}

impl Taken {
    fn new(policy: &Compiled) -> Taken {
        let mut by_boundary: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for entry in policy.entries().iter().filter(|entry| takes_out(entry)) {
            by_boundary.entry(entry.boundary).or_default().push(folder(&entry.pattern.prefix()));
        }
        by_boundary.values_mut().for_each(|all| all.sort());
        Taken { by_boundary }
    }

    /// Something that a boundary takes out may lie in a folder, or hold it.
    fn touches(&self, boundary: usize, prefix: &str) -> bool {
        let Some(all) = self.by_boundary.get(&boundary) else { return false };
        let prefix = folder(prefix);
        let start = all.partition_point(|one| *one < prefix);
        let is_below = all.get(start).is_some_and(|one| one.starts_with(&prefix));
        let mut above = prefix.match_indices('/').map(|(end, _)| &prefix[..=end]).chain([""]);
        is_below || above.any(|one| all.binary_search_by(|known| known.as_str().cmp(one)).is_ok())
    }
}

fn folder(prefix: &str) -> String {
    if prefix.is_empty() { String::new() } else { format!("{prefix}/") }
}
