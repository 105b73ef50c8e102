//! Files that two branches or worktrees both changed, and what git makes of them.
//!
//! Paths are intersected first: only pairs that can have anything to do with each other are compared since their own merge
//! base and merged on trial. All objects that this makes go to a temporary store.

mod candidates;
mod forks;
mod git;
mod judge;
mod library;
mod likeness;
mod lines;
mod merging;
mod scratch;

use super::Repository;
use super::changes;
use super::error::GitError;
use super::source::{Comparison, Source};
use super::worktrees;
use crate::config::Changes;
use crate::model::change::{Change, ChangeSet, Source as From};
use crate::model::overlap::{Overlap, Uncompared};
use crate::model::path::RepoPath;
use candidates::{Clash, Pairs};
use forks::Tip;
use git::Git;
use judge::{Common, Job};
use library::Library;
use lines::Stretches;
use merging::Merged;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The longest file whose lines are compared.
const LONGEST: u64 = 16 << 20;
/// Files that are longer than this are read a few at a time.
const LONG: u64 = 1 << 20;
/// So many files are compared at a time, and of long ones so many.
const AT_ONCE: usize = 256;
const LONG_AT_ONCE: usize = 4;

type Pair = (usize, usize);

/// What a comparison asks of git beside what every way of reading answers.
trait Merger {
    /// libgit2, where that merges.
    fn library(&self) -> Option<&Library> {
        None
    }
    /// Reads the repository, and what `commit` and `merged_base` made.
    fn source(&self) -> &dyn Source;
    /// Commits what a worktree holds, leaving no trace; `number` tells apart two that hold the same.
    fn commit(&self, root: &Path, head: &str, set: &ChangeSet, number: usize) -> Result<String, GitError>;
    /// The merge of several merge bases.
    fn merged_base(&self, bases: &[String]) -> Result<String, GitError>;
    /// Merges pairs of commits on trial.
    fn merge(&self, pairs: &[(&str, &str)]) -> Result<Vec<Merged>, GitError>;
}

/// Finds the files that two of the sides both changed since their merge base, sorted by pair and path, and the pairs that
/// cannot be compared. Nothing is written to the repository, its worktrees or their indexes.
///
/// # Errors
///
/// Where git cannot read the repository, or no temporary folder can be made.
pub fn overlaps(repository: &Repository, sides: &[ChangeSet]) -> Result<(Vec<Overlap>, Vec<Uncompared>), GitError> {
    if repository.backend() == "libgit2" && repository.fallback.is_none() {
        return compare(repository, &Library::new(repository)?, sides);
    }
    // In this process where that reads the repository and nothing is to be found that git made; else all of it by git, with
    // room for everything.
    let small = sides.iter().all(|set| set.source != From::Worktree);
    let mut found = compare(repository, &Git::new(repository, true, small)?, sides);
    if found.is_err() {
        found = compare(repository, &Git::new(repository, false, false)?, sides);
    }
    match found {
        // A git that is older than `merge-tree --stdin`.
        Err(error) => Library::new(repository).and_then(|library| compare(repository, &library, sides)).map_err(|_| error),
        found => found,
    }
}

fn compare(repository: &Repository, merger: &dyn Merger, sides: &[ChangeSet]) -> Result<(Vec<Overlap>, Vec<Uncompared>), GitError> {
    let mut work = Work { repository, merger, sides, problems: sides.iter().map(problem).collect(), uncompared: Vec::new() };
    let pairs = work.candidates();
    let tips = work.tips(&pairs)?;
    let compared = work.compared(&pairs, &tips)?;
    let (found, doubtful) = work.judged(&compared, &tips)?;
    let doubtful = doubtful.into_iter().map(|between| Uncompared { between, why: likeness::DOUBT.to_owned(), partly: true });
    work.uncompared.extend(doubtful);
    Ok((found, work.unknown()))
}

/// Why a side cannot be compared with any other.
fn problem(set: &ChangeSet) -> Option<String> {
    match (&set.problem, &set.head) {
        (Some(problem), _) => Some(format!("{}: {problem}", set.name)),
        (None, None) => Some(format!("{} has no commit yet", set.name)),
        (None, Some(_)) => None,
    }
}

/// A comparison at work.
struct Work<'w> {
    repository: &'w Repository,
    merger: &'w dyn Merger,
    sides: &'w [ChangeSet],
    /// For each side why it cannot be compared.
    problems: Vec<Option<String>>,
    /// Pairs that cannot, though each of the two can be with others.
    uncompared: Vec<Uncompared>,
}

/// A pair whose changes since their merge base are known.
struct Compared<'c> {
    between: Pair,
    files: [&'c [Change]; 2],
    common: Vec<Common<'c>>,
    clashes: &'c [Clash],
}

/// The changes of a side since a commit.
type Since = FxHashMap<(usize, String), Vec<Change>>;

/// A job and what came of it: nothing where a blob is missing or too long, no stretches where it is no text.
type Answer = (Job, Option<Option<Stretches>>);

/// Pairs with what they are compared since, and the changes that this needs.
struct Prepared {
    pairs: BTreeMap<Pair, (String, Vec<Clash>)>,
    since: Since,
}

impl Work<'_> {
    fn candidates(&self) -> Pairs {
        let files: Vec<Option<&[Change]>> =
            self.sides.iter().zip(&self.problems).map(|(set, problem)| problem.is_none().then_some(set.files.as_slice())).collect();
        candidates::pairs(&files)
    }

    /// For each side the commit that stands for it: its head, or a temporary one of what its worktree holds.
    fn tips(&mut self, pairs: &Pairs) -> Result<Vec<String>, GitError> {
        let involved: FxHashSet<usize> = pairs.keys().flat_map(|(one, other)| [*one, *other]).collect();
        let mut tips: Vec<String> = self.sides.iter().map(|set| set.head.clone().unwrap_or_default()).collect();
        let mut roots: Option<FxHashMap<String, PathBuf>> = None;
        for (side, set) in self.sides.iter().enumerate() {
            if set.source != From::Worktree || !involved.contains(&side) {
                continue;
            }
            let roots = match &mut roots {
                Some(roots) => roots,
                empty => empty.insert(worktree_roots(self.repository)?),
            };
            let commit = match roots.get(&set.name) {
                Some(root) => self.merger.commit(root, &tips[side], set, side).map_err(|error| error.message),
                None => Err("its folder is not known".to_owned()),
            };
            match commit {
                Ok(commit) => tips[side] = commit,
                Err(why) => self.problems[side] = Some(format!("{}: {why}", set.name)),
            }
        }
        Ok(tips)
    }

    /// Parts the pairs at their merge bases, and reads what each side changed since there.
    fn compared(&mut self, pairs: &Pairs, tips: &[String]) -> Result<Prepared, GitError> {
        let heads: Vec<Option<Tip>> = self.sides.iter().zip(&self.problems).map(|(set, problem)| tip(set, problem.as_ref())).collect();
        let bases = forks::bases(self.merger.source(), &heads, pairs.keys())?;
        let mut merged: FxHashMap<Vec<String>, String> = FxHashMap::default();
        let mut prepared = Prepared { pairs: BTreeMap::new(), since: Since::default() };
        let mut wanted: Vec<(usize, String)> = Vec::new();
        for (between, bases) in bases {
            let base = match &bases[..] {
                [] => {
                    self.uncompared.push(Uncompared { between, why: self.no_history(), partly: false });
                    continue;
                }
                [base] => base.clone(),
                _ => match merged.get(&bases) {
                    Some(base) => base.clone(),
                    None => merged.entry(bases.clone()).or_insert(self.merger.merged_base(&bases)?).clone(),
                },
            };
            for side in [between.0, between.1] {
                let key = (side, base.clone());
                if !self.is_since(side, &base) && !wanted.contains(&key) {
                    wanted.push(key);
                }
            }
            prepared.pairs.insert(between, (base, pairs.get(&between).cloned().unwrap_or_default()));
        }
        prepared.since = self.read(wanted, tips)?;
        Ok(prepared)
    }

    fn no_history(&self) -> String {
        let cut = if self.repository.facts.shallow { " here: this is a shallow clone; fetch all of it" } else { "" };
        format!("they have no common history{cut}")
    }

    /// What a side changes is known since this commit already.
    fn is_since(&self, side: usize, base: &str) -> bool {
        let set = &self.sides[side];
        set.merge_bases.len() <= 1 && set.base.as_deref() == Some(base)
    }

    /// Reads what sides changed since other commits than their own base. Of that only their own changes count: what came
    /// with a merge of the base branch is not theirs.
    fn read(&self, wanted: Vec<(usize, String)>, tips: &[String]) -> Result<Since, GitError> {
        let comparisons: Vec<Comparison> =
            wanted.iter().map(|(side, base)| Comparison { commit: tips[*side].clone(), with: vec![base.clone()] }).collect();
        let source = self.merger.source();
        let generated = Changes::default().generated().map_err(|error| GitError::new(error, "this should not happen"))?;
        let lists = changes::changes(source, source.compare(&comparisons)?, &generated)?;
        let mut since = Since::default();
        for ((side, base), mut files) in wanted.into_iter().zip(lists) {
            let own: FxHashMap<&RepoPath, &Change> =
                self.sides[side].files.iter().flat_map(|change| change.paths().map(move |path| (path, change))).collect();
            files.retain(|change| change.paths().any(|path| own.contains_key(path)));
            for change in &mut files {
                if let Some(known) = own.get(&change.path) {
                    change.class = known.class;
                }
            }
            since.insert((side, base), files);
        }
        Ok(since)
    }

    /// Merges what has something in common, and says what it is, and of which pairs git may see more.
    fn judged(&self, prepared: &Prepared, tips: &[String]) -> Result<(Vec<Overlap>, Vec<Pair>), GitError> {
        let files =
            |side: usize, base: &String| prepared.since.get(&(side, base.clone())).map_or(&self.sides[side].files[..], Vec::as_slice);
        let mut compared: Vec<Compared<'_>> = Vec::new();
        for ((one, other), (base, clashes)) in prepared.pairs.iter().filter(|((one, other), _)| tips[*one] != tips[*other]) {
            let files = [files(*one, base), files(*other, base)];
            let common = judge::common(files[0], files[1]);
            if !common.is_empty() || !clashes.is_empty() {
                compared.push(Compared { between: (*one, *other), files, common, clashes });
            }
        }
        let (merges, merged) = self.merged(&compared, tips)?;
        let stretches = self.stretches(&compared)?;
        let (mut found, mut doubtful) = (Vec::new(), Vec::new());
        for (pair, merge) in compared.iter().zip(merges) {
            let mut merged = merge.and_then(|at| merged.get(at)).cloned().unwrap_or_default();
            if let Some(library) = self.merger.library().filter(|_| merge.is_some()) {
                let (one, other) = pair.between;
                let tips = [tips[one].as_str(), tips[other].as_str()];
                merged.conflicts.extend(likeness::conflicts(library, (one, tips), pair.files, &pair.common, pair.clashes));
                doubtful.extend(likeness::is_doubtful(pair.files).then_some(pair.between));
            }
            let sets = [&self.sides[pair.between.0], &self.sides[pair.between.1]];
            found.extend(judge::overlaps(pair.between, sets, &pair.common, pair.clashes, &merged, &stretches));
        }
        Ok((found, doubtful))
    }

    /// The merges, and for each pair which of them is its own. Who made the same of every file needs none.
    fn merged(&self, compared: &[Compared<'_>], tips: &[String]) -> Result<(Vec<Option<usize>>, Vec<Merged>), GitError> {
        let mut commits: Vec<(&str, &str)> = Vec::new();
        let mut merges = Vec::with_capacity(compared.len());
        for pair in compared {
            let needed = !pair.clashes.is_empty() || pair.common.iter().any(|common| !common.is_identical());
            merges.push(needed.then_some(commits.len()));
            if needed {
                commits.push((&tips[pair.between.0], &tips[pair.between.1]));
            }
        }
        Ok((merges, self.merger.merge(&commits)?))
    }

    /// Which lines each side changed, for all files that two of them changed.
    fn stretches(&self, compared: &[Compared<'_>]) -> Result<FxHashMap<Job, Option<Stretches>>, GitError> {
        let mut jobs: Vec<Job> = compared.iter().flat_map(|pair| &pair.common).filter_map(Common::jobs).flatten().collect();
        jobs.sort_unstable();
        jobs.dedup();
        let mut found = FxHashMap::default();
        let mut long: Vec<Job> = Vec::new();
        for jobs in jobs.chunks(AT_ONCE) {
            for (job, stretches) in self.compare_texts(jobs, LONG)? {
                match stretches {
                    Some(stretches) => drop(found.insert(job, stretches)),
                    None => long.push(job),
                }
            }
        }
        for jobs in long.chunks(LONG_AT_ONCE) {
            found.extend(self.compare_texts(jobs, LONGEST)?.into_iter().map(|(job, stretches)| (job, stretches.flatten())));
        }
        Ok(found)
    }

    /// Compares the texts of some jobs, as far as they are at most so long.
    fn compare_texts(&self, jobs: &[Job], longest: u64) -> Result<Vec<Answer>, GitError> {
        let mut ids: Vec<String> = jobs.iter().flat_map(|(old, new)| std::iter::once(old).chain(new)).cloned().collect();
        ids.sort_unstable();
        ids.dedup();
        let blobs = self.merger.source().blobs(&ids, longest)?;
        let compared = jobs.par_iter().map(|job| {
            let stretches = blobs.get(&job.0).and_then(|old| match &job.1 {
                None => Some(Some(Stretches::whole(old))),
                Some(new) => blobs.get(new).map(|new| Stretches::between(old, new)),
            });
            (job.clone(), stretches)
        });
        Ok(compared.collect())
    }

    /// All pairs that could not be compared.
    fn unknown(self) -> Vec<Uncompared> {
        let Work { problems, mut uncompared, .. } = self;
        for one in 0..problems.len() {
            for other in one + 1..problems.len() {
                if let Some(why) = problems[one].as_ref().or(problems[other].as_ref()) {
                    uncompared.push(Uncompared { between: (one, other), why: why.clone(), partly: false });
                }
            }
        }
        uncompared.sort_by_key(|pair| pair.between);
        uncompared
    }
}

fn tip(set: &ChangeSet, problem: Option<&String>) -> Option<Tip> {
    let base = set.base.clone().filter(|_| set.merge_bases.len() <= 1);
    set.head.clone().filter(|_| problem.is_none()).map(|head| Tip { head, base })
}

/// The folders of all worktrees, by their names.
fn worktree_roots(repository: &Repository) -> Result<FxHashMap<String, PathBuf>, GitError> {
    repository.ask(|source| {
        let mut trees = source.worktrees()?;
        let facts = &repository.facts;
        if let (Some(root), true) = (&facts.root, facts.git_dir == facts.common_dir) {
            trees.iter_mut().filter(|tree| tree.main).for_each(|tree| tree.root.clone_from(root));
        }
        let names = worktrees::names(&trees);
        Ok(names.into_iter().map(|(name, _)| name).zip(trees.into_iter().map(|tree| tree.root)).collect())
    })
}

/// How many worktrees can be compared.
///
/// # Errors
///
/// Where git cannot read the repository.
pub fn worktree_count(repository: &Repository) -> Result<usize, GitError> {
    repository.ask(|source| Ok(source.worktrees()?.len()))
}

/// The names of all local branches, or of the remote ones where there is none.
///
/// # Errors
///
/// Where git cannot read the repository.
pub fn branch_names(repository: &Repository) -> Result<Vec<String>, GitError> {
    let references = repository.ask(|source| source.references())?;
    let named = |prefix: &str| references.iter().filter_map(|one| one.name.strip_prefix(prefix)).map(str::to_owned).collect::<Vec<_>>();
    let local = named("refs/heads/");
    Ok(if local.is_empty() { named("refs/remotes/") } else { local })
}
