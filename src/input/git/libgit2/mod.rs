//! Reading through libgit2: no process, but not every repository.

mod entries;
mod history;
mod work_tree;

use super::command;
use super::commit::Commit;
use super::error::GitError;
use super::raw::{self, RawChange, Side};
use super::source::{Comparison, Listed, Node, Reference, Source, Uncommitted, Version};
use super::{Facts, broken, files, implicit, revisions};
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;
use git2::{Delta, DiffOptions, ErrorClass, ErrorCode, Index, ObjectType, Oid, RepositoryOpenFlags};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// libgit2, for one repository.
pub(super) struct Libgit2 {
    repository: git2::Repository,
    root: Option<PathBuf>,
    index: OnceCell<Index>,
}

/// What libgit2 could not do.
pub(super) fn unable(error: &git2::Error) -> GitError {
    match error.class() {
        ErrorClass::Config => {
            let message = format!("libgit2 cannot read git's configuration: {}", error.message());
            return GitError::new(message, "mend the line of the file that it names");
        }
        // git does not look at the sum at its end, and would take what is left of it for all of it.
        ErrorClass::Index if error.message().contains("invalid data") => return broken::broken_index(error.message()),
        _ => {}
    }
    GitError::unable(
        format!("libgit2 cannot read this repository: {}", error.message()),
        "git itself may: put it on the PATH and leave out `--git libgit2`",
    )
}

/// Where nothing is found, that is an answer.
fn found<T>(result: Result<T, git2::Error>) -> Result<Option<T>, GitError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(unable(&error)),
    }
}

fn is_absence(error: &git2::Error) -> bool {
    matches!(error.code(), ErrorCode::NotFound | ErrorCode::UnbornBranch | ErrorCode::Ambiguous | ErrorCode::InvalidSpec | ErrorCode::Peel)
}

/// Without the trailing separator that libgit2 adds.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}

impl Libgit2 {
    /// Opens the repository of a folder, as the environment of a hook says.
    pub(super) fn open(folder: &Path) -> Result<(Libgit2, Facts), GitError> {
        implicit::refuse_unnamed(folder)?;
        let repository = open(folder).map_err(|error| match error.code() {
            ErrorCode::NotFound => broken::no_repository(folder),
            ErrorCode::Owner => GitError::foreign_owner(folder),
            _ => unable(&error),
        })?;
        // A namespace is for serving a repository: its `HEAD` is not the one that is checked out.
        repository.remove_namespace().map_err(|error| unable(&error))?;
        let git_dir = plain(repository.path());
        // libgit2 opens the work tree from within the git directory; git does not.
        let commondir = plain(repository.commondir());
        // But a worktree may lie in there, too.
        let is_in_worktree = |root: &Path| root.starts_with(&commondir) && folder.starts_with(root);
        let inside = (folder.starts_with(&git_dir) || folder.starts_with(&commondir)) && !repository.workdir().is_some_and(is_in_worktree);
        let head = found(repository.head().and_then(|head| head.peel_to_commit()));
        if !matches!(head, Ok(Some(_))) {
            broken::unborn_or_error(&git_dir, &commondir)?;
        }
        let head = head?;
        let facts = Facts {
            root: repository.workdir().filter(|_| !inside).map(plain),
            main_root: None,
            common_dir: commondir,
            branch: branch(&repository),
            head: head.as_ref().map(|head| head.id().to_string()),
            head_time: head.as_ref().map(|head| crate::model::moment::Moment(head.time().seconds().saturating_mul(1000))),
            shallow: repository.is_shallow(),
            bare: repository.is_bare(),
            git_dir,
        };
        drop(head);
        let root = repository.workdir().map(plain);
        Ok((Libgit2 { repository, root, index: OnceCell::new() }, facts))
    }

    /// libgit2's own value.
    pub(super) fn repository(&self) -> &git2::Repository {
        &self.repository
    }

    /// Objects may be missing that only git can fetch.
    pub(super) fn is_partial(&self) -> bool {
        self.has_config("^(remote\\..*\\.promisor|extensions\\.partialclone)$")
    }

    /// Whether git's configuration has a key that matches.
    fn has_config(&self, pattern: &str) -> bool {
        let Ok(config) = self.repository.config() else { return false };
        let Ok(mut entries) = config.entries(Some(pattern)) else { return false };
        entries.next().is_some()
    }

    /// Where the own index lies: a hook may say that it is another file.
    pub(super) fn index_path(&self) -> PathBuf {
        match std::env::var_os("GIT_INDEX_FILE").filter(|path| !path.is_empty()) {
            Some(path) => self.root.as_deref().unwrap_or_else(|| self.repository.path()).join(path),
            None => self.repository.path().join("index"),
        }
    }

    /// The own index. It is opened by itself: as a part of the repository it would compare names as `core.ignoreCase` says.
    fn index(&self) -> Result<&Index, GitError> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let path = self.index_path();
        let index = if path.exists() { Index::open(&path) } else { Index::new() };
        let index = index.map_err(|error| unable(&error))?;
        Ok(self.index.get_or_init(|| index))
    }

    fn tree(&self, commit: &str) -> Result<git2::Tree<'_>, GitError> {
        tree(&self.repository, commit)
    }
}

fn open(folder: &Path) -> Result<git2::Repository, git2::Error> {
    if std::env::var_os("GIT_DIR").is_some_and(|value| !value.is_empty()) {
        return git2::Repository::open_from_env();
    }
    let ceilings = std::env::var_os("GIT_CEILING_DIRECTORIES").unwrap_or_default();
    let ceilings: Vec<OsString> = std::env::split_paths(&ceilings).map(PathBuf::into_os_string).collect();
    git2::Repository::open_ext(folder, RepositoryOpenFlags::FROM_ENV, ceilings)
}

/// The branch that is checked out, without `refs/heads/`.
fn branch(repository: &git2::Repository) -> Option<String> {
    let head = repository.find_reference("HEAD").ok()?;
    let target = String::from_utf8_lossy(head.symbolic_target_bytes()?).into_owned();
    Some(target.strip_prefix("refs/heads/").unwrap_or(&target).to_owned())
}

fn id(text: &str) -> Result<Oid, GitError> {
    Oid::from_str(text).map_err(|error| unable(&error))
}

fn tree<'r>(repository: &'r git2::Repository, commit: &str) -> Result<git2::Tree<'r>, GitError> {
    repository.find_commit(id(commit)?).and_then(|commit| commit.tree()).map_err(|error| unable(&error))
}

/// Options that no configuration changes.
fn options() -> DiffOptions {
    let mut options = DiffOptions::new();
    options.include_typechange(true).ignore_case(false);
    options
}

/// The entries of a diff, but for conflicts.
fn entries(diff: &git2::Diff<'_>) -> Vec<RawChange> {
    diff.deltas().filter_map(|delta| entry(&delta)).collect()
}

fn entry(delta: &git2::DiffDelta<'_>) -> Option<RawChange> {
    if matches!(delta.status(), Delta::Conflicted | Delta::Unmodified | Delta::Ignored) {
        return None;
    }
    let (old, new) = (delta.old_file(), delta.new_file());
    let has_old = !matches!(delta.status(), Delta::Added | Delta::Untracked);
    let has_new = delta.status() != Delta::Deleted;
    let path = RepoPath::new(new.path_bytes().or_else(|| old.path_bytes())?);
    Some(RawChange { path, old: has_old.then(|| file_side(&old)), new: has_new.then(|| file_side(&new)) })
}

fn file_side(file: &git2::DiffFile<'_>) -> Side {
    let id = Some(file.id()).filter(|id| !id.is_zero()).map(|id| id.to_string());
    Side { mode: raw::canonical(u32::from(file.mode())), id }
}

fn is_intent_to_add(entry: &git2::IndexEntry) -> bool {
    entry.flags_extended & git2::IndexEntryExtendedFlag::INTENT_TO_ADD.bits() != 0
}

/// The paths that are to be added some day.
fn intents(index: &Index) -> FxHashSet<RepoPath> {
    index.iter().filter(is_intent_to_add).map(|entry| RepoPath::new(entry.path)).collect()
}

/// The paths with conflicts, and our side of each.
fn conflicts(index: &Index) -> Result<Vec<(RepoPath, Option<Side>)>, GitError> {
    let mut all = Vec::new();
    if !index.has_conflicts() {
        return Ok(all);
    }
    for conflict in index.conflicts().map_err(|error| unable(&error))? {
        let conflict = conflict.map_err(|error| unable(&error))?;
        let ours = conflict.our.as_ref().map(|entry| Side { mode: raw::canonical(entry.mode), id: Some(entry.id.to_string()) });
        if let Some(entry) = conflict.our.or(conflict.their).or(conflict.ancestor) {
            all.push((RepoPath::new(entry.path), ours));
        }
    }
    Ok(all)
}

/// An index against a commit or nothing; what is to be added some day is not in it yet.
fn index_changes(repository: &git2::Repository, index: &Index, against: Option<&str>) -> Result<Vec<RawChange>, GitError> {
    let tree = against.map(|commit| tree(repository, commit)).transpose()?;
    let diff = repository.diff_tree_to_index(tree.as_ref(), Some(index), Some(&mut options())).map_err(|error| unable(&error))?;
    let mut changes = entries(&diff);
    let intents = intents(index);
    if !intents.is_empty() {
        changes.iter_mut().filter(|change| intents.contains(&change.path)).for_each(|change| change.new = None);
        changes.retain(|change| change.old.is_some() || change.new.is_some());
    }
    Ok(changes)
}

impl Source for Libgit2 {
    fn name(&self) -> &'static str {
        "libgit2"
    }

    fn commits(&self, revisions: &[String]) -> Result<Vec<Option<Commit>>, GitError> {
        let odb = self.repository.odb().map_err(|error| unable(&error))?;
        let read = |revision: &String| {
            // Of an id that is not here libgit2 looks for a branch or a tag that is called so; git does not.
            if revisions::id(revision).and_then(|id| Oid::from_str(id).ok()).is_some_and(|id| !odb.exists(id)) {
                return Ok(None);
            }
            let named = found(self.repository.revparse_single(revision).and_then(|object| object.peel(ObjectType::Commit)))?;
            let Some(id) = named.map(|object| object.id()) else { return Ok(None) };
            let object = odb.read(id).map_err(|error| unable(&error))?;
            Ok(Some(Commit::parse(&id.to_string(), object.data())))
        };
        revisions.iter().map(read).collect()
    }

    fn references(&self) -> Result<Vec<Reference>, GitError> {
        let mut references = Vec::new();
        for reference in self.repository.references().map_err(|error| unable(&error))?.flatten() {
            let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
            if !name.starts_with("refs/heads/") && !name.starts_with("refs/remotes/") {
                continue;
            }
            let target = reference.symbolic_target_bytes().map(|target| String::from_utf8_lossy(target).into_owned());
            if let Some(id) = reference.resolve().ok().and_then(|resolved| resolved.target()) {
                references.push(Reference { name, id: id.to_string(), target });
            }
        }
        references.sort();
        Ok(references)
    }

    fn between(&self, tips: &[String], base: &str) -> Result<Vec<Node>, GitError> {
        history::between(&self.repository, tips, base)
    }

    fn merge_bases(&self, one: &str, other: &str) -> Result<Vec<String>, GitError> {
        history::merge_bases(&self.repository, one, other)
    }

    fn compare(&self, comparisons: &[Comparison]) -> Result<Vec<Vec<RawChange>>, GitError> {
        let mut all = Vec::with_capacity(comparisons.len());
        for comparison in comparisons {
            let new = self.tree(&comparison.commit)?;
            let olds: Vec<Option<git2::Tree<'_>>> = match comparison.with.is_empty() {
                true => vec![None],
                false => comparison.with.iter().map(|commit| self.tree(commit).map(Some)).collect::<Result<_, _>>()?,
            };
            let mut lists = Vec::with_capacity(olds.len());
            for old in &olds {
                let diff = self.repository.diff_tree_to_tree(old.as_ref(), Some(&new), Some(&mut options()));
                lists.push(entries(&diff.map_err(|error| unable(&error))?));
            }
            all.push(raw::in_all(lists));
        }
        Ok(all)
    }

    fn staged(&self, against: Option<&str>) -> Result<Vec<RawChange>, GitError> {
        let index = self.index()?;
        let unmerged = self.unmerged()?;
        if !unmerged.is_empty() {
            return Err(GitError::unmerged(&unmerged));
        }
        index_changes(&self.repository, index, against)
    }

    fn main_root(&self, common_dir: &Path) -> Option<PathBuf> {
        work_tree::main(common_dir).ok()?.workdir().map(plain)
    }

    fn worktrees(&self) -> Result<Vec<Listed>, GitError> {
        work_tree::list(&self.repository)
    }

    fn uncommitted(&self, tree: &Listed) -> Result<Uncommitted, GitError> {
        work_tree::uncommitted(tree)
    }

    fn hash(&self, tree: &Listed, paths: &[RepoPath]) -> Result<Vec<Option<String>>, GitError> {
        Ok(work_tree::hash(&tree.root, paths))
    }

    fn blobs(&self, ids: &[String], longest: u64) -> Result<FxHashMap<String, Vec<u8>>, GitError> {
        let odb = self.repository.odb().map_err(|error| unable(&error))?;
        let mut blobs = FxHashMap::default();
        for text in ids {
            let Ok(id) = Oid::from_str(text) else { continue };
            let short = odb.read_header(id).is_ok_and(|(length, kind)| kind == ObjectType::Blob && length as u64 <= longest);
            if let (true, Ok(object)) = (short, odb.read(id)) {
                blobs.insert(text.clone(), object.data().to_vec());
            }
        }
        Ok(blobs)
    }

    fn tracked(&self, revision: Option<&str>) -> Result<Vec<RepoPath>, GitError> {
        let Some(revision) = revision else {
            return Ok(self.index()?.iter().map(|entry| RepoPath::new(entry.path)).collect());
        };
        let commit = self.commits(&[revision.to_owned()])?.pop().flatten().ok_or_else(|| super::unknown_revision(revision))?;
        Ok(entries::of_tree(&self.repository, self.tree(&commit.id)?)?.into_iter().map(|entry| entry.path).collect())
    }

    fn unmerged(&self) -> Result<Vec<RepoPath>, GitError> {
        Ok(conflicts(self.index()?)?.into_iter().map(|(path, _)| path).collect())
    }

    fn entries(&self, commit: Option<&str>) -> Result<Vec<TreeEntry>, GitError> {
        match commit {
            Some(commit) => entries::of_tree(&self.repository, self.tree(commit)?),
            None => Ok(entries::of_index(self.index()?)),
        }
    }

    fn versions(&self, commit: &str, path: &str, limit: usize) -> Result<Vec<Version>, GitError> {
        entries::versions(&self.repository, id(commit)?, path, limit)
    }

    fn files_at(&self, revision: &str, paths: &[&str]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        let commit = self.commits(&[revision.to_owned()])?.pop().flatten().ok_or_else(|| super::unknown_revision(revision))?;
        let read = |path: &&str| {
            let mut tree = self.tree(&commit.id)?;
            let mut parts = path.split('/').peekable();
            while let Some(part) = parts.next() {
                let Some(entry) = tree.get_name(part).map(|entry| (entry.id(), entry.kind())) else { return Ok(None) };
                match (entry, parts.peek()) {
                    // A tree or a file that is named and not here is no file that is absent.
                    ((id, Some(ObjectType::Tree)), Some(_)) => tree = self.repository.find_tree(id).map_err(|error| unable(&error))?,
                    ((id, Some(ObjectType::Blob)), None) => {
                        let blob = self.repository.find_blob(id).map_err(|error| unable(&error))?;
                        return Ok(Some(blob.content().to_vec()));
                    }
                    _ => return Ok(None),
                }
            }
            Ok(None)
        };
        paths.iter().map(read).collect()
    }

    fn has_filters(&self) -> bool {
        self.has_config("^filter\\..*\\.(clean|process)$")
    }

    fn config(&self, key: &str) -> Option<String> {
        let config = self.repository.config().and_then(|mut config| config.snapshot()).ok()?;
        config.get_bytes(key).ok().map(|value| String::from_utf8_lossy(value).into_owned()).filter(|value| !value.is_empty())
    }
}

/// Whether git's configuration is partly in the environment, where libgit2 does not look.
pub(super) fn configuration_in_environment() -> bool {
    ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        && command::is_there()
}

/// The git directory's files that both ways read.
fn head_of(repository: &git2::Repository, git_dir: &Path) -> (Option<String>, Option<String>) {
    let text = files::text(&git_dir.join("HEAD")).unwrap_or_default();
    match text.trim_end().strip_prefix("ref: ") {
        Some(name) => (repository.refname_to_id(name).ok().map(|id| id.to_string()), Some(name.to_owned())),
        None => (Some(text.trim_end().to_owned()), None),
    }
}
