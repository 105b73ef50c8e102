//! Who may change a path, as the report says it.

use crate::config::Config;
use crate::model::mark::{Located, Mark};
use crate::model::moment::Moment;
use crate::model::path::RepoPath;
use crate::model::state::{Lock, State};
use crate::policy::{Claimant, Compiled, List, Look};
use crate::report::v1;
use crate::work::locks::{Index, staleness};
use crate::work::paths;
use std::collections::{BTreeMap, BTreeSet};

/// What is needed to say whose a path is.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The policy, where there is one.
    pub policy: Option<&'q Compiled>,
    /// The state files: the locks.
    pub state: &'q State,
    /// Every tracked path, sorted.
    pub tracked: &'q [RepoPath],
    /// How old a lock may be.
    pub config: &'q Config,
    /// Now.
    pub now: Moment,
}

/// A path that was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The path, with `/` at its end where it is a folder.
    pub path: RepoPath,
    /// There is nothing yet.
    pub is_new: bool,
}

/// Whose a path is.
pub fn owned(question: Question<'_>, asked: &Asked) -> v1::Owned {
    let look = question.policy.map(|policy| policy.look(&asked.path));
    let path = asked.path.shown();
    let shared = look.as_ref().and_then(Look::shared);
    let boundaries = look.as_ref().map(|look| claimants(look, asked.is_new)).unwrap_or_default();
    let inside = question.policy.map(|policy| inside(policy, asked, question.tracked)).unwrap_or_default();
    let policy = match &shared {
        Some(_) => v1::Ownership::Shared,
        None if boundaries.iter().any(|one| asked.is_new || !one.only_new) => v1::Ownership::Owned,
        // A folder that is nobody's as a whole, but parts of it are somebody's.
        None if !inside.is_empty() => v1::Ownership::Owned,
        None => v1::Ownership::Unowned,
    };
    v1::Owned {
        path: if matches!(path.as_ref(), "" | "/") { "./".to_owned() } else { path.into_owned() },
        path_encoded: asked.path.is_encoded(),
        policy,
        shared: shared.map(|shared| related(shared.mark, shared.by.words())),
        boundaries,
        forbidden: question.policy.zip(look.as_ref()).map(|(policy, look)| forbidden(policy, look, asked.is_new)).unwrap_or_default(),
        inside,
        locks: locks(question, &asked.path),
        files: None,
    }
}

fn claimants(look: &Look<'_>, is_new: bool) -> Vec<v1::OwningBoundary> {
    let changes = look.claimants(false);
    let deciding: Vec<usize> = look.owners(is_new).iter().map(|one| one.index).collect();
    let owning = |claimant: &Claimant<'_>| v1::OwningBoundary {
        decides: deciding.contains(&claimant.index),
        only_new: !changes.iter().any(|one| one.index == claimant.index),
        ..boundary(claimant.boundary, claimant.pattern)
    };
    look.claimants(true).iter().map(owning).collect()
}

fn forbidden(policy: &Compiled, look: &Look<'_>, is_new: bool) -> Vec<v1::OwningBoundary> {
    let boundaries = policy.policy.boundaries.iter().enumerate();
    let mut all: Vec<_> = boundaries.filter_map(|(index, one)| Some(boundary(one, look.forbids(index, is_new)?))).collect();
    all.sort_by(|one, other| (&one.name, &one.pattern).cmp(&(&other.name, &other.pattern)));
    all
}

/// The patterns that give something in a folder to a boundary: those that begin below it, and those that decide a tracked
/// file of it.
fn inside(policy: &Compiled, asked: &Asked, tracked: &[RepoPath]) -> Vec<v1::OwningBoundary> {
    let bytes = asked.path.as_bytes();
    if !bytes.ends_with(b"/") {
        return Vec::new();
    }
    let folder = bytes.strip_prefix(b"/").unwrap_or(bytes);
    let given = policy.entries().iter().filter(|entry| entry.list == List::Paths && !entry.pattern.negated);
    let begins = given.filter(|entry| entry.pattern.prefix().as_bytes().strip_prefix(folder).is_some_and(|rest| !rest.is_empty()));
    let begins = begins.map(|entry| (entry.boundary, policy.item(entry.boundary, entry.list, entry.item)));
    let start = tracked.partition_point(|path| path.as_bytes() < folder);
    let files = tracked[start..].iter().take_while(|path| path.as_bytes().starts_with(folder));
    // What holds the folder as a whole is said already.
    let whole: BTreeSet<usize> = policy.look(&asked.path).claimants(false).iter().map(|one| one.index).collect();
    let decide = files.flat_map(|path| policy.look(path).owners(false)).map(|owner| (owner.index, owner.pattern));
    let decide = decide.filter(|(index, _)| !whole.contains(index));
    let all: BTreeMap<(&str, &str), _> = begins
        .chain(decide)
        .map(|(index, item)| ((policy.policy.boundaries[index].name.value.as_str(), item.value.as_str()), (index, item)))
        .collect();
    all.into_values().map(|(index, item)| boundary(&policy.policy.boundaries[index], item)).collect()
}

fn boundary(boundary: &crate::model::state::Boundary, pattern: &Located<String>) -> v1::OwningBoundary {
    v1::OwningBoundary {
        name: boundary.name.value.clone(),
        owner: boundary.owner.as_ref().map(|owner| owner.value.clone()),
        pattern: pattern.value.clone(),
        location: location(&pattern.mark),
        excerpt: Some(pattern.mark.text.to_string()),
        decides: false,
        only_new: false,
    }
}

fn location(mark: &Mark) -> v1::Location {
    v1::Location {
        path: mark.path.to_string(),
        path_encoded: false,
        line: Some(mark.line),
        column: Some(mark.column),
        end_line: None,
        end_column: Some(mark.end_column),
    }
}

fn related(mark: &Mark, message: &str) -> v1::Related {
    v1::Related {
        path: mark.path.to_string(),
        path_encoded: false,
        line: Some(mark.line),
        message: message.to_owned(),
        column: Some(mark.column),
        end_column: Some(mark.end_column),
        excerpt: Some(mark.text.to_string()),
    }
}

/// The locks that cover a path, or lie in it where it is a folder; by holder, then by path.
fn locks(question: Question<'_>, path: &RepoPath) -> Vec<v1::HeldLock> {
    let bytes = path.as_bytes();
    let folder = bytes.strip_suffix(b"/");
    let index = Index::new(question.state.locks.iter().flat_map(|locks| &locks.locks));
    let covering = index.covering(&RepoPath::new(folder.unwrap_or(bytes)));
    let lies_in = |text: &str| {
        paths::plain(text).is_some_and(|plain| folder.is_some_and(|one| one.is_empty() || plain.as_bytes().starts_with(bytes)))
    };
    let inside = index.all().iter().copied().filter(|held| lies_in(&held.path.value));
    let all = covering.into_iter().chain(inside);
    let held = all.map(|held| ((&held.lock.agent.value, &held.path.value), held_lock(question, held.lock, held.path)));
    held.collect::<BTreeMap<_, _>>().into_values().collect()
}

fn held_lock(question: Question<'_>, lock: &Lock, item: &Located<String>) -> v1::HeldLock {
    let stale = staleness(lock, question.state, question.config, question.now);
    v1::HeldLock {
        agent: lock.agent.value.clone(),
        since: lock.since.as_ref().map(|since| v1::Stamp(since.value)),
        path: item.value.clone(),
        age: lock.since.as_ref().map(|since| question.now.seconds_since(since.value).max(0.0)),
        stale: stale.is_some(),
        why: stale.map(|stale| stale.why),
        location: Some(location(&item.mark)),
    }
}

/// The tracked files that nobody owns; a folder in which nothing is owned stands for all that it holds.
pub fn unowned(policy: Option<&Compiled>, tracked: &[RepoPath]) -> Vec<v1::Owned> {
    let is_owned = |path: &RepoPath| {
        policy.is_some_and(|policy| {
            let look = policy.look(path);
            !look.owners(false).is_empty() || look.shared().is_some()
        })
    };
    let owned: Vec<bool> = tracked.iter().map(is_owned).collect();
    let mut with_owned = rustc_hash::FxHashSet::default();
    for (path, _) in tracked.iter().zip(&owned).filter(|(_, owned)| **owned) {
        let ends: Vec<usize> = memchr::memrchr_iter(b'/', path.as_bytes()).collect();
        // Where a folder is known, those above are too.
        ends.into_iter().map(|end| &path.as_bytes()[..end]).take_while(|folder| with_owned.insert(*folder)).for_each(drop);
    }
    let is_mixed = |folder: &[u8]| if folder.is_empty() { owned.contains(&true) } else { with_owned.contains(folder) };
    let mut folded: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for (path, _) in tracked.iter().zip(&owned).filter(|(_, owned)| !**owned) {
        *folded.entry(fold(path.as_bytes(), &is_mixed)).or_default() += 1;
    }
    folded.into_iter().map(|(path, files)| nobodys(RepoPath::new(path), files)).collect()
}

/// The highest folder of a path in which nothing is owned, with `/`; else the path itself.
fn fold(path: &[u8], is_mixed: &dyn Fn(&[u8]) -> bool) -> Vec<u8> {
    if !is_mixed(b"") {
        return b"./".to_vec();
    }
    let free = memchr::memchr_iter(b'/', path).find(|end| !is_mixed(&path[..*end]));
    path[..free.map_or(path.len(), |end| end + 1)].to_vec()
}

fn nobodys(path: RepoPath, files: u64) -> v1::Owned {
    v1::Owned {
        path: path.shown().into_owned(),
        path_encoded: path.is_encoded(),
        policy: v1::Ownership::Unowned,
        shared: None,
        boundaries: Vec::new(),
        forbidden: Vec::new(),
        inside: Vec::new(),
        locks: Vec::new(),
        files: path.as_bytes().ends_with(b"/").then_some(files),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::tests::{boundary, compiled};

    fn free(patterns: &[&str], files: &[&str]) -> Vec<String> {
        let policy = compiled(vec![boundary("a", &[(List::Paths, patterns)])]);
        let tracked: Vec<RepoPath> = files.iter().map(|path| RepoPath::from(*path)).collect();
        let shown = |one: &v1::Owned| format!("{}{}", one.path, one.files.map_or(String::new(), |files| format!(" {files}")));
        unowned(Some(&policy), &tracked).iter().map(shown).collect()
    }

    #[test]
    fn folders_in_which_nothing_is_owned_stand_for_their_files() {
        let files = ["README.md", "docs/a", "docs/b/c", "src/a/x", "src/b/x", "src/b/y", "src/c"];
        assert_eq!(free(&["/src/a/"], &files), ["README.md", "docs/ 2", "src/b/ 2", "src/c"]);
        assert_eq!(free(&["/none/"], &files), ["./ 7"]);
        assert!(free(&["/"], &files).is_empty());
    }
}
