//! What only the files of the repository prove: globs that meet, and globs that match something.

use super::{Files, Problem, is_exclusive};
use crate::model::path::RepoPath;
use crate::policy::matcher::Matcher;
use crate::policy::{Compiled, Entry, List};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// What a look at every file showed.
pub(super) struct Scan<'p> {
    /// The numbers of globs that match a file.
    pub(super) alive: FxHashSet<u32>,
    /// Globs of different boundaries that both decide one file.
    pub(super) overlaps: Vec<Problem<'p>>,
}

/// Looks at the files that globs can match, once.
pub(super) fn scan<'p>(policy: &'p Compiled, files: Files<'_>) -> Scan<'p> {
    let globs: Vec<(u32, &Entry)> = (0..).zip(policy.entries()).filter(|(_, entry)| is_glob(entry)).collect();
    let mut scan = Scan { alive: FxHashSet::default(), overlaps: Vec::new() };
    // They compiled before, all together.
    let Ok(matcher) = Matcher::new(globs.iter().map(|(number, entry)| (*number, &entry.pattern))) else { return scan };
    let may_meet = may_meet(policy, &globs);
    let mut reported = BTreeSet::new();
    for path in beginnings(&globs).iter().flat_map(|prefix| files.below(prefix)) {
        let matching = matcher.matching(path.as_bytes());
        let meeting = || matching.iter().filter(|number| may_meet.contains(*number)).count() > 1;
        if !may_meet.is_empty() && meeting() {
            scan.overlaps.extend(overlap(policy, path, &mut reported));
        }
        scan.alive.extend(matching);
        if may_meet.is_empty() && scan.alive.len() == globs.len() {
            break;
        }
    }
    scan
}

fn is_glob(entry: &Entry) -> bool {
    matches!(entry.list, List::Paths | List::Forbidden) && !entry.pattern.negated && entry.pattern.literal().is_none()
}

/// The folders in which globs can match, none in another.
fn beginnings(globs: &[(u32, &Entry)]) -> Vec<String> {
    let all: BTreeSet<String> = globs.iter().map(|(_, entry)| entry.pattern.prefix()).collect();
    let is_outer = |prefix: &&String| {
        let mut above = prefix.match_indices('/').map(|(end, _)| &prefix[..end]).chain([""]);
        prefix.is_empty() || !above.any(|one| all.contains(one))
    };
    all.iter().filter(is_outer).cloned().collect()
}

/// The globs that are as specific as one of another boundary, from the same beginning, and written otherwise.
fn may_meet(policy: &Compiled, globs: &[(u32, &Entry)]) -> FxHashSet<u32> {
    let mut exclusive: Vec<(String, &Entry, u32)> = globs
        .iter()
        .filter(|(_, entry)| entry.list == List::Paths && is_exclusive(policy, entry.boundary))
        .map(|(number, entry)| (entry.pattern.prefix(), *entry, *number))
        .collect();
    exclusive.sort_by(|one, other| (&one.0, one.1.specificity).cmp(&(&other.0, other.1.specificity)));
    let alike = exclusive.chunk_by(|one, other| one.0 == other.0 && one.1.specificity == other.1.specificity);
    let several = alike.filter(|chunk| {
        let first = chunk[0].1;
        chunk.iter().any(|(_, entry, _)| entry.boundary != first.boundary)
            && chunk.iter().any(|(_, entry, _)| entry.pattern != first.pattern)
    });
    several.flatten().map(|(_, _, number)| *number).collect()
}

/// The boundaries that all decide one file by globs, unless that was said already.
fn overlap<'p>(policy: &'p Compiled, path: &RepoPath, reported: &mut BTreeSet<Vec<(usize, String)>>) -> Option<Problem<'p>> {
    let mut owners = policy.look(path).owners(false);
    owners.retain(|owner| owner.boundary.shared().is_none());
    let first = owners.first()?;
    // What is written alike is reported for itself, and names of boundaries among paths are meant.
    let is_alike = owners.iter().all(|owner| owner.pattern.value == first.pattern.value);
    let names_another = owners.iter().any(|owner| policy.boundary_named(&owner.pattern.value).is_some_and(|named| named != owner.index));
    if owners.len() < 2 || first.specificity.is_rooted() || is_alike || names_another {
        return None;
    }
    let key = owners.iter().map(|owner| (owner.index, owner.pattern.value.clone())).collect();
    let place = first.pattern.value.clone();
    reported.insert(key).then(|| Problem::Overlap { place, claimants: owners, witness: Some(path.shown().into_owned()) })
}
