//! What a gate sees: the index, or the files of the work tree as they are.

use super::libgit2::configuration_in_environment;
use super::source::{Listed, Own, Source, path_of};
use super::{GitError, Repository, broken, files, revisions, worktrees};
use crate::model::gate::TreeEntry;
use crate::model::path::RepoPath;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The longest version of a file that is read.
const LONGEST: u64 = 16 << 20;
const SUBMODULE: u32 = 0o160_000;

/// What the work tree holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What would be in the index if everything that is not ignored were added, sorted by path. What could not be hashed has
    /// an empty id, which no entry of a commit has.
    pub entries: Vec<TreeEntry>,
    /// Tracked files that differ from what is staged, deleted ones too; sorted.
    pub changed: Vec<RepoPath>,
    /// Files that are neither tracked nor ignored, or only announced with `git add --intent-to-add`; sorted.
    pub untracked: Vec<RepoPath>,
    /// Something could not be hashed, so that `entries` is not all that is known of it.
    pub inexact: bool,
}

impl Repository {
    /// The entries of the own index, or of a commit's tree, sorted by path. In an index with conflicts, and for what was
    /// only announced with `git add --intent-to-add`, there is no entry.
    pub fn entries(&self, revision: Option<&str>) -> Result<Vec<TreeEntry>, GitError> {
        if revision.is_none() {
            self.needs_work_tree()?;
        }
        self.ask(|source| {
            let Some(name) = revision else { return sorted(source, None) };
            let commit = revisions::commits(source, &[name])?.pop().flatten().ok_or_else(|| self.unknown(source, name))?;
            sorted(source, Some(&commit.id))
        })
    }

    /// The paths that have conflicts in the own index, while a merge is being resolved.
    pub fn unmerged(&self) -> Result<Vec<RepoPath>, GitError> {
        self.needs_work_tree()?;
        self.ask(|source| source.unmerged())
    }

    /// What this work tree holds.
    pub fn seen(&self) -> Result<Seen, GitError> {
        self.seen_beside(&self.entries(None)?)
    }

    /// As `seen`, where what is staged has just been read.
    pub fn seen_beside(&self, staged: &[TreeEntry]) -> Result<Seen, GitError> {
        self.needs_work_tree()?;
        let root = self.facts.root.clone().unwrap_or_default();
        let own = Some(Own { git_dir: self.facts.git_dir.clone(), index: self.index_path() });
        let head = self.facts.head.clone();
        let tree = Listed { root, main: false, head, branch: None, merged: Vec::new(), problem: None, own };
        match &self.fallback {
            Some(git) if self.converts_by_program() => seen(git, &tree, staged),
            _ => self.ask(|source| seen(source, &tree, staged)),
        }
    }

    /// What tells this state of the own index from any later one. `None` where that is not certain: the file is so young that a
    /// later one could have the same times, or `self` does not read it anew for each question.
    pub fn index_stamp(&self) -> Option<IndexStamp> {
        if self.backend() == "git" { stamp(&self.index_path()) } else { None }
    }

    /// The own index: a hook may say that it is another file.
    pub(crate) fn index_path(&self) -> PathBuf {
        self.facts.index_path()
    }

    /// Whether files are converted in a way that git knows best: by a program, or to another encoding, or by a configuration
    /// that libgit2 does not see.
    fn converts_by_program(&self) -> bool {
        let is_set = |key| self.source.config(key).is_some_and(|value| !matches!(value.as_str(), "false" | "no" | "off" | "0"));
        configuration_in_environment() || is_set("core.autocrlf") || self.source.has_filters() || self.encodes()
    }

    /// Whether an attribute asks for an encoding, which libgit2 does not know.
    fn encodes(&self) -> bool {
        let root = self.facts.root.clone().unwrap_or_default();
        let tracked = self.source.tracked(None).unwrap_or_default().into_iter().filter(|path| path.file_name() == b".gitattributes");
        let mut places: Vec<PathBuf> = tracked.map(|path| root.join(path_of(path.as_bytes()))).collect();
        places.extend([root.join(".gitattributes"), self.facts.common_dir.join("info/attributes")]);
        let asks = |place: &PathBuf| {
            let is_file = std::fs::symlink_metadata(place).is_ok_and(|data| data.is_file());
            is_file && files::text(place).is_some_and(|text| text.contains("working-tree-encoding"))
        };
        places.iter().any(asks)
    }

    /// The commits that changed a file, newest first, from `revision` back along first parents, with the file's content after
    /// each; at most `limit` of them, among the first 2,000 commits. A merge counts where it differs from its first parent. A
    /// commit that took the file away is left out. Where history is cut off, its last commit counts as a change.
    pub fn versions(&self, revision: &str, path: &str, limit: usize) -> Result<Vec<(String, Vec<u8>)>, GitError> {
        self.ask(|source| {
            let commit = revisions::commits(source, &[revision])?.pop().flatten().ok_or_else(|| self.unknown(source, revision))?;
            let found = source.versions(&commit.id, path, limit)?;
            let ids: Vec<String> = found.iter().filter_map(|version| version.blob.clone()).collect();
            let blobs = source.blobs(&ids, LONGEST)?;
            let mut versions = Vec::with_capacity(found.len());
            for (commit, id) in found.into_iter().filter_map(|version| Some((version.commit, version.blob?))) {
                match blobs.get(&id) {
                    Some(content) => versions.push((commit, content.clone())),
                    None => return Err(broken::unreadable(&self.facts.common_dir, &id)),
                }
            }
            Ok(versions)
        })
    }
}

impl super::Facts {
    /// The index of this worktree: a hook may say that it is another file.
    pub(crate) fn index_path(&self) -> PathBuf {
        match std::env::var_os("GIT_INDEX_FILE").filter(|path| !path.is_empty()) {
            Some(path) => self.root.as_deref().unwrap_or(&self.git_dir).join(path),
            None => self.git_dir.join("index"),
        }
    }
}

/// One state of a file: device, number, length, and the times of the last change of its content and of its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexStamp([i128; 5]);

#[cfg(unix)]
fn stamp(path: &Path) -> Option<IndexStamp> {
    use std::os::unix::fs::MetadataExt;
    // Some file systems count whole seconds, or two.
    const CERTAIN: i64 = 3_000;
    let data = std::fs::metadata(path).ok()?;
    let is_old = |seconds: i64| seconds.saturating_add(1).saturating_mul(1_000).saturating_add(CERTAIN) < crate::input::clock::now().0;
    let time = |seconds: i64, nanoseconds: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
    let state = [
        i128::from(data.dev()),
        i128::from(data.ino()),
        i128::from(data.len()),
        time(data.mtime(), data.mtime_nsec()),
        time(data.ctime(), data.ctime_nsec()),
    ];
    (is_old(data.mtime()) && is_old(data.ctime())).then_some(IndexStamp(state))
}

#[cfg(not(unix))]
fn stamp(_path: &Path) -> Option<IndexStamp> {
    None
}

/// Whether an index is whole. git takes what is left of one that was cut short for all of it: only libgit2 looks at the sum at
/// its end, and of those that it can read.
///
/// # Errors
///
/// What is broken about it.
pub(crate) fn check_index(facts: &super::Facts, index: &Path) -> Result<(), GitError> {
    let says_sha256 = || files::text(&facts.common_dir.join("config")).is_some_and(|text| text.to_lowercase().contains("sha256"));
    if facts.head.as_ref().map_or_else(says_sha256, |head| head.len() == 64) {
        return Ok(());
    }
    let error = match git2::Index::open(index) {
        Err(error) if error.class() == git2::ErrorClass::Index && error.message().contains("invalid data") => error,
        _ => return Ok(()),
    };
    // With `index.skipHash` there is no sum.
    let has_no_sum = std::fs::read(index).is_ok_and(|bytes| bytes.ends_with(&[0; 20]));
    if has_no_sum { Ok(()) } else { Err(broken::broken_index(error.message())) }
}

fn sorted(source: &dyn Source, commit: Option<&str>) -> Result<Vec<TreeEntry>, GitError> {
    let mut entries = source.entries(commit)?;
    if !entries.is_sorted() {
        entries.sort_unstable();
    }
    Ok(entries)
}

fn seen(source: &dyn Source, tree: &Listed, staged: &[TreeEntry]) -> Result<Seen, GitError> {
    let unstaged = worktrees::hashed(source, tree, source.uncommitted(tree)?.unstaged)?;
    let mut seen = Seen::default();
    let mut later: BTreeMap<RepoPath, Option<TreeEntry>> = BTreeMap::new();
    for change in unstaged {
        let mut new = change.new;
        if let Some(side) = new.as_mut().filter(|side| side.mode == SUBMODULE && side.id.is_none()) {
            side.id = checked_out(&tree.root.join(path_of(change.path.as_bytes())));
        }
        seen.inexact |= new.as_ref().is_some_and(|new| new.id.is_none());
        let list = if change.old.is_some() { &mut seen.changed } else { &mut seen.untracked };
        list.push(change.path.clone());
        let entry = new.map(|new| TreeEntry { path: change.path.clone(), mode: new.mode, id: new.id.unwrap_or_default() });
        later.insert(change.path, entry);
    }
    let mut all: Vec<TreeEntry> = staged.iter().filter(|entry| !later.contains_key(&entry.path)).cloned().collect();
    all.extend(later.into_values().flatten());
    all.sort_unstable();
    seen.entries = all;
    Ok(seen)
}

/// The commit that is checked out in a submodule.
fn checked_out(folder: &Path) -> Option<String> {
    let flags = git2::RepositoryOpenFlags::NO_SEARCH;
    let module = git2::Repository::open_ext(folder, flags, &[] as &[&OsStr]).ok()?;
    Some(module.head().ok()?.target()?.to_string())
}
