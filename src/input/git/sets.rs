//! Change sets before their files are known.

use super::Repository;
use super::commit::Commit;
use super::error::GitError;
use super::graph::{Fork, Graph};
use super::raw::RawChange;
use super::source::{Comparison, Source};
use crate::model::change::{ChangeSet, Source as From};
use crate::model::path::RepoPath;
use rustc_hash::FxHashSet;

/// What tips change since they grew from a base: a set each, its files still raw.
pub(super) struct SinceBase {
    pub(super) sets: Vec<ChangeSet>,
    pub(super) lists: Vec<Vec<RawChange>>,
}

/// The newest commit of a branch or a worktree.
pub(super) struct Tip {
    id: String,
    /// What it is called in an error.
    name: String,
}

impl Tip {
    pub(super) fn new(id: &str, name: &str) -> Tip {
        Tip { id: id.to_owned(), name: name.to_owned() }
    }
}

impl Repository {
    /// What merges take back: files that one side alone changed, and that the merge has otherwise.
    pub(super) fn taken_back<'c>(
        &self,
        source: &dyn Source,
        commits: impl Iterator<Item = (&'c str, &'c [String])>,
    ) -> Result<Vec<RawChange>, GitError> {
        let compare = |commit: &str, with: Vec<String>| Comparison { commit: commit.to_owned(), with };
        let mut asked = Vec::new();
        for (commit, parents) in commits {
            let [one, other] = parents else { continue };
            let bases = source.merge_bases(one, other)?;
            if !bases.is_empty() {
                asked.extend([one, other].map(|parent| compare(commit, vec![parent.clone()])));
                asked.extend([one, other].map(|parent| compare(parent, bases.clone())));
            }
        }
        let mut found = Vec::new();
        for lists in self.compare(source, &asked)?.chunks_exact(4) {
            let [from_one, from_other, one, other] = lists else { continue };
            let paths = |list: &'_ Vec<RawChange>| list.iter().map(|change| change.path.clone()).collect::<FxHashSet<RepoPath>>();
            let (one, other) = (paths(one), paths(other));
            let alone = |change: &&RawChange, side: &FxHashSet<RepoPath>, beside: &FxHashSet<RepoPath>| {
                side.contains(&change.path) && !beside.contains(&change.path)
            };
            found.extend(from_one.iter().filter(|change| alone(change, &one, &other)).cloned());
            found.extend(from_other.iter().filter(|change| alone(change, &other, &one)).cloned());
        }
        Ok(found)
    }

    /// For each tip what it changes since it grew from the base. History that is cut off is an error: fetching mends it. A
    /// commit that is not here is a problem of its set alone.
    pub(super) fn since_base(&self, source: &dyn Source, tips: &[Tip], base_name: &str, base: &str) -> Result<SinceBase, GitError> {
        let ids: Vec<String> = tips.iter().map(|tip| tip.id.clone()).collect();
        let graph = match Graph::read(source, &ids, base, self.cut_off()) {
            Ok(graph) => graph,
            Err(error) => {
                let here: Vec<String> = source.commits(&ids)?.into_iter().flatten().map(|commit| commit.id).collect();
                if here.len() == ids.len() {
                    return Err(error);
                }
                Graph::read(source, &here, base, self.cut_off())?
            }
        };
        let newest = ids.iter().map(|tip| graph.newest(tip).to_owned());
        let asked: Vec<String> = ids.iter().cloned().chain(newest).collect();
        let mut commits = source.commits(&asked)?;
        let makers = commits.split_off(tips.len());
        let (mut sets, mut comparisons, mut compared) = (Vec::new(), Vec::new(), Vec::new());
        for ((tip, head), maker) in tips.iter().zip(commits).zip(makers) {
            let Some(head) = head else {
                let problem = Some(format!("its commit {} is not here; `git fsck` says what is missing", tip.id));
                sets.push(ChangeSet { problem, ..ChangeSet::new(From::Branch, &tip.id) });
                compared.push(false);
                continue;
            };
            let mut set = match graph.fork(source, &tip.id)? {
                Fork::CutOff => return Err(GitError::shallow(base_name, &tip.name)),
                Fork::Nowhere => {
                    let problem = Some(format!("it has no common history with {base_name}"));
                    ChangeSet { problem, ..since(From::Branch, &tip.id, Vec::new(), &head) }
                }
                Fork::At(bases) => {
                    comparisons.push(Comparison { commit: tip.id.clone(), with: bases.clone() });
                    since(From::Branch, &tip.id, bases, &head)
                }
            };
            compared.push(set.problem.is_none());
            made_by(&mut set, maker.as_ref().unwrap_or(&head));
            sets.push(set);
        }
        let mut found = self.compare(source, &comparisons)?.into_iter();
        let lists = compared.into_iter().map(|compared| if compared { found.next().unwrap_or_default() } else { Vec::new() }).collect();
        Ok(SinceBase { sets, lists })
    }
}

/// A change set since merge bases, without its files.
pub(super) fn since(source: From, name: &str, bases: Vec<String>, head: &Commit) -> ChangeSet {
    ChangeSet {
        base: bases.first().cloned(),
        head: Some(head.id.clone()),
        merge_bases: if bases.len() > 1 { bases } else { Vec::new() },
        committed: head.committed,
        ..ChangeSet::new(source, name)
    }
}

pub(super) fn made_by(set: &mut ChangeSet, commit: &Commit) {
    set.trailers.clone_from(&commit.trailers);
    set.author.clone_from(&commit.author);
}

/// Of the first list, which is that of a whole, what is in one of the others.
pub(super) fn keep_touched(lists: &mut [Vec<RawChange>], also: &[RawChange]) {
    let Some((whole, others)) = lists.split_first_mut() else { return };
    let touched: FxHashSet<&RepoPath> = others.iter().flatten().chain(also).map(|change| &change.path).collect();
    whole.retain(|change| touched.contains(&change.path));
}
