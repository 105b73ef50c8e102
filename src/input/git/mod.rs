//! Repositories: change sets from libgit2 and from git's own commands, the same answers from both.
//!
//! A way of reading (`Source`) answers small questions with raw entries. What they mean is decided here once: which commits
//! are compared, what a merge changes of its own, which files were moved.

pub(crate) mod alternates;
mod branches;
mod broken;
mod changes;
mod choice;
pub mod command;
mod commit;
mod ends;
mod entries;
mod error;
mod files;
mod graph;
mod implicit;
mod libgit2;
mod objects;
pub mod overlap;
mod plumbing;
mod raw;
mod reflog;
mod renames;
mod revisions;
mod seen;
mod sets;
mod source;
mod staged;
mod status;
mod store;
#[cfg(test)]
mod tests;
mod worktrees;

pub use choice::Choice;
pub use ends::End;
pub use error::GitError;
pub(crate) use files::tidy;
pub(crate) use implicit::{discover, refuse_unnamed};
pub(crate) use seen::check_index;
pub use seen::{IndexStamp, Seen};
pub use source::path_of;

use crate::config::Generated;
use crate::model::change::{ChangeSet, Source as From};
use crate::model::moment::Moment;
use crate::model::path::RepoPath;
use branches::Branch;
pub use branches::is_branch_name;
use commit::Commit;
use graph::{Fork, Graph};
use plumbing::Plumbing;
use raw::RawChange;
use sets::{Tip, made_by, since};
use source::{Comparison, Reference, Source};
use std::path::{Path, PathBuf};

/// So many comparisons cost libgit2 less than a process costs.
const FEW: usize = 24;

/// What is known of a repository once it is open.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The root of the work tree; `None` in a bare repository.
    pub root: Option<PathBuf>,
    /// The root of the main work tree, where this one is a linked worktree.
    pub main_root: Option<PathBuf>,
    /// The git directory of this worktree.
    pub git_dir: PathBuf,
    /// The git directory that all worktrees share.
    pub common_dir: PathBuf,
    /// The branch that is checked out, without `refs/heads/`.
    pub branch: Option<String>,
    /// The commit that is checked out; `None` before the first one.
    pub head: Option<String>,
    /// When that commit was made.
    pub head_time: Option<Moment>,
    /// History is cut off.
    pub shallow: bool,
    /// The repository has no work tree of its own.
    pub bare: bool,
}

/// A range of commits.
#[derive(Debug, Clone)]
pub struct Range {
    /// What the range as a whole changes since its merge base.
    pub whole: ChangeSet,
    /// What each commit changes, oldest first; a merge only what differs from all its parents.
    pub commits: Vec<ChangeSet>,
    /// The commit that the base revision names: policy is read from there.
    pub policy_base: String,
}

/// An open repository.
pub struct Repository {
    /// What is known of it.
    pub facts: Facts,
    source: Box<dyn Source>,
    fallback: Option<Plumbing>,
}

impl Repository {
    /// The way in which it is read: `libgit2` or `git`.
    pub fn backend(&self) -> &'static str {
        self.source.name()
    }

    /// Finds the roots that a linked worktree's git directory tells.
    fn find_roots(&mut self) {
        let facts = &mut self.facts;
        if facts.git_dir == facts.common_dir {
            return;
        }
        facts.main_root = self.source.main_root(&facts.common_dir);
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if facts.root.is_none() || !is_set("GIT_DIR") || is_set("GIT_WORK_TREE") {
            return;
        }
        // In a hook of a linked worktree git takes the current folder for the root, wherever the hook went.
        let dot_git = files::text(&facts.git_dir.join("gitdir")).map(|text| facts.git_dir.join(text.trim_end_matches('\n')));
        if let Some(root) = dot_git.as_deref().and_then(Path::parent).filter(|root| root.is_dir()) {
            facts.root = Some(root.to_path_buf());
        }
    }

    /// Asks the way of reading, and where that is unable to answer the other one.
    fn ask<T>(&self, question: impl Fn(&dyn Source) -> Result<T, GitError>) -> Result<T, GitError> {
        match (question(self.source.as_ref()), &self.fallback) {
            (Err(error), Some(fallback)) if error.is_unable() => question(fallback),
            (answer, _) => answer,
        }
    }

    fn needs_work_tree(&self) -> Result<(), GitError> {
        match (&self.facts.root, self.facts.bare) {
            (Some(_), _) => Ok(()),
            (None, true) => Err(GitError::no_work_tree()),
            (None, false) => Err(GitError::inside_git_directory()),
        }
    }

    /// What a range `BASE..HEAD` changes, commit by commit and as a whole. `BASE...HEAD` and `BASE` mean the same.
    pub fn range(&self, range: &str, generated: &Generated) -> Result<Range, GitError> {
        self.range_beside(range, &[], generated)
    }

    /// The same without commits that are known already: `known` and all that they grew from, each of them an ancestor of the end. Of
    /// the whole only those files are left that the other commits touch, or take back in a merge.
    pub fn range_beside(&self, range: &str, known: &[String], generated: &Generated) -> Result<Range, GitError> {
        let (base_name, head_name) = revisions::ends(range)?;
        self.ask(|source| {
            let mut ends = revisions::commits(source, &[base_name, head_name])?;
            let head = ends.pop().flatten().ok_or_else(|| self.unknown(source, head_name))?;
            let base = ends.pop().flatten().ok_or_else(|| self.unknown(source, base_name))?;
            let mut graph = Graph::read(source, std::slice::from_ref(&head.id), &base.id, self.cut_off())?;
            let bases = match graph.fork(source, &head.id)? {
                Fork::At(bases) => bases,
                Fork::Nowhere => return Err(GitError::unrelated(base_name, head_name)),
                Fork::CutOff => return Err(GitError::shallow(base_name, head_name)),
            };
            let is_less = graph.leave_out(known);
            let found: Option<Vec<Commit>> = source.commits(&graph.ids())?.into_iter().collect();
            let commits = graph.oldest_first(found.ok_or_else(GitError::broken)?);
            let mut comparisons = vec![Comparison { commit: head.id.clone(), with: bases.clone() }];
            comparisons
                .extend(commits.iter().map(|commit| Comparison { commit: commit.id.clone(), with: graph.parents(&commit.id).to_vec() }));
            let mut raw = self.compare(source, &comparisons)?;
            if is_less {
                let of_commits = commits.iter().map(|commit| (commit.id.as_str(), graph.parents(&commit.id)));
                sets::keep_touched(&mut raw, &self.taken_back(source, of_commits)?);
            }
            let mut lists = changes::changes(source, raw, generated)?.into_iter();
            let newest = commits.iter().find(|commit| commit.id == graph.newest(&head.id)).unwrap_or(&head);
            let mut whole = ChangeSet {
                files: lists.next().unwrap_or_default(),
                branch: self.branch_of(source, head_name)?,
                ..since(From::Range, &format!("{base_name}..{head_name}"), bases, &head)
            };
            made_by(&mut whole, newest);
            if commits.is_empty() && !is_less && base.id != head.id {
                let why = format!("all of {head_name} is in {base_name}; it looks reversed, where it is not merged already");
                whole.notes.push(format!("nothing in {}: {why}", whole.name));
            }
            let commits = commits.iter().zip(lists).map(|(commit, files)| {
                let mut one =
                    ChangeSet { is_commit: true, files, head: Some(commit.id.clone()), ..ChangeSet::new(From::Range, &commit.id) };
                one.base = graph.parents(&commit.id).first().cloned();
                one.branch = whole.branch.clone();
                one.committed = commit.committed;
                made_by(&mut one, commit);
                one
            });
            Ok(Range { commits: commits.collect(), whole: whole.clone(), policy_base: base.id })
        })
    }

    /// What comparisons find. Many of them git's own process makes faster, whoever answers the rest.
    fn compare(&self, source: &dyn Source, comparisons: &[Comparison]) -> Result<Vec<Vec<RawChange>>, GitError> {
        match &self.fallback {
            Some(git) if comparisons.len() > FEW => git.compare(comparisons),
            _ => source.compare(comparisons),
        }
    }

    /// The branch that a revision is the name of.
    fn branch_of(&self, source: &dyn Source, revision: &str) -> Result<Option<String>, GitError> {
        if revision == "HEAD" || revision == "@" {
            return Ok(self.facts.branch.clone());
        }
        let name = revision.trim_start_matches("refs/heads/");
        let known = source.references()?.into_iter().any(|reference| reference.name.strip_prefix("refs/heads/") == Some(name));
        Ok(known.then(|| name.to_owned()))
    }

    fn cut_off(&self) -> rustc_hash::FxHashSet<String> {
        if self.facts.shallow { files::cut_off(&self.facts.common_dir) } else { Default::default() }
    }

    fn unknown(&self, source: &dyn Source, name: &str) -> GitError {
        if matches!(name, "HEAD" | "@") && self.facts.head.is_none() {
            return GitError::no_commit();
        }
        match source.references() {
            Ok(_) if self.facts.shallow => GitError::not_in_shallow(name),
            Ok(references) => branches::unknown(&references, name),
            Err(error) => error,
        }
    }

    /// What branches change since their merge base with `base` (the default branch without it), sorted by name.
    pub fn branches(&self, globs: &[String], base: Option<&str>, generated: &Generated) -> Result<Vec<ChangeSet>, GitError> {
        self.ask(|source| {
            let references = source.references()?;
            let (base, base_commit) = self.base(source, &references, base)?;
            let branches = branches::choose(&references, globs, &base)?;
            let tips: Vec<Tip> = branches.iter().map(|branch| Tip::new(&branch.id, &branch.name)).collect();
            let since = self.since_base(source, &tips, &base, &base_commit.id)?;
            let lists = changes::changes(source, since.lists, generated)?;
            let mut sets = Vec::with_capacity(branches.len());
            for ((Branch { name, bare, .. }, mut set), files) in branches.into_iter().zip(since.sets).zip(lists) {
                (set.source, set.name, set.branch, set.files) = (From::Branch, name, Some(bare), files);
                sets.push(set);
            }
            Ok(sets)
        })
    }

    /// The base that was asked for or the default branch: its name and its commit.
    fn base(&self, source: &dyn Source, references: &[Reference], base: Option<&str>) -> Result<(String, Commit), GitError> {
        let (name, commit) = match base {
            Some(name) => (name.to_owned(), revisions::commits(source, &[name])?.pop().flatten()),
            None => {
                let found = branches::default_base(source, references)?;
                (branches::short(&found.name).to_owned(), source.commits(&[found.id])?.pop().flatten())
            }
        };
        let commit = commit.ok_or_else(|| self.unknown(source, &name))?;
        Ok((name, commit))
    }

    /// What every worktree changes since its merge base with `base`: its commits, what is staged, what is not, and files that
    /// are neither tracked nor ignored. The main one comes first, the others by their paths.
    pub fn worktrees(&self, base: Option<&str>, generated: &Generated) -> Result<Vec<ChangeSet>, GitError> {
        // What a filter of the attributes makes of a file, git knows best.
        match &self.fallback {
            Some(git) => self.worktrees_through(git, base, generated),
            None => self.worktrees_through(self.source.as_ref(), base, generated),
        }
    }

    fn worktrees_through(&self, source: &dyn Source, base: Option<&str>, generated: &Generated) -> Result<Vec<ChangeSet>, GitError> {
        let mut trees = source.worktrees()?;
        // Of a submodule git lists the main one at another place.
        let main_root = if self.facts.git_dir == self.facts.common_dir { &self.facts.root } else { &self.facts.main_root };
        if let (Some(root), Some(main)) = (main_root, trees.iter_mut().find(|tree| tree.main)) {
            main.root.clone_from(root);
        }
        for tree in trees.iter_mut() {
            tree.problem = broken::worktree(&tree.root, &self.facts.common_dir, tree.head.is_some());
            if tree.problem.is_none() {
                tree.merged = staged::merged(source, &files::git_dir(&tree.root))?.parents;
            }
        }
        trees.sort_by(|one, other| (!one.main, &one.root).cmp(&(!other.main, &other.root)));
        let references = source.references()?;
        let (base_name, base) = self.base(source, &references, base)?;
        let tip = |tree: &source::Listed| {
            let name = tree.branch.as_deref().map_or_else(|| tree.root.to_string_lossy(), |branch| branches::short(branch).into());
            Some(Tip::new(tree.head.as_deref()?, &name))
        };
        let tips: Vec<Tip> = trees.iter().filter_map(tip).collect();
        let since = self.since_base(source, &tips, &base_name, &base.id)?;
        let mut read = since.sets.into_iter().zip(since.lists);
        let (mut sets, mut lists) = (Vec::new(), Vec::new());
        for (tree, (name, folder)) in trees.iter().zip(worktrees::names(&trees)) {
            let committed = if tree.head.is_some() { read.next() } else { None };
            let (mut set, mut list) = committed.unwrap_or_else(|| (ChangeSet::new(From::Worktree, &name), Vec::new()));
            (set.source, set.name, set.worktree) = (From::Worktree, name, Some(folder));
            set.branch = tree.branch.as_deref().map(|branch| branch.trim_start_matches("refs/heads/").to_owned());
            match &tree.problem {
                Some(problem) => set.problem = Some(problem.clone()),
                None => match worktrees::with_uncommitted(source, tree, &list) {
                    Ok(all) => list = all,
                    Err(error) if Some(&tree.root) == self.facts.root.as_ref() => return Err(error),
                    // What is broken in one worktree says nothing of the others.
                    Err(error) => set.problem = Some(set.problem.unwrap_or(error.message)),
                },
            }
            sets.push(set);
            lists.push(list);
        }
        for (set, files) in sets.iter_mut().zip(changes::changes(source, lists, generated)?) {
            set.files = files;
        }
        Ok(sets)
    }

    /// A file at a revision; `None` where it is not there.
    pub fn file_at(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        self.files_at(revision, &[path]).map(|mut files| files.pop().flatten())
    }

    /// Files at a revision, read at once; `None` for what is not there.
    pub fn files_at(&self, revision: &str, paths: &[&str]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let named: Vec<&str> = paths.iter().copied().filter(|path| !path.is_empty()).collect();
        let mut found = self.ask(|source| source.files_at(revision, &named))?.into_iter();
        Ok(paths.iter().map(|path| if path.is_empty() { None } else { found.next().flatten() }).collect())
    }

    /// Every path in the index (sorted), or at a revision.
    pub fn tracked(&self, revision: Option<&str>) -> Result<Vec<RepoPath>, GitError> {
        if revision.is_none() && self.facts.root.is_none() {
            return Ok(Vec::new());
        }
        let mut paths = self.ask(|source| source.tracked(revision))?;
        if !paths.is_sorted() {
            paths.sort_unstable();
        }
        paths.dedup();
        Ok(paths)
    }

    /// A value of git's configuration, as `git config --get` finds it.
    pub fn config(&self, key: &str) -> Option<String> {
        match &self.fallback {
            Some(git) if libgit2::configuration_in_environment() => git.config(key),
            _ => self.source.config(key),
        }
    }

    /// Who works here, as `Name <email>`.
    pub fn user(&self) -> Option<String> {
        let value = |variable: &str, keys: [&str; 2]| {
            let set = std::env::var(variable).ok().filter(|value| !value.is_empty());
            set.or_else(|| keys.iter().find_map(|key| self.config(key)))
        };
        let name = value("GIT_AUTHOR_NAME", ["author.name", "user.name"])?;
        let email = value("GIT_AUTHOR_EMAIL", ["author.email", "user.email"]);
        Some(email.map_or(name.clone(), |email| format!("{name} <{email}>")))
    }
}

fn unknown_revision(revision: &str) -> GitError {
    GitError::new(format!("`{revision}` names no commit"), "fetch it first; `git branch --all` lists what is known here")
}
