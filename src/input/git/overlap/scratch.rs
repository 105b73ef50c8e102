//! A place for the objects that a comparison makes: what is not committed, trial merges. The repository's own store is read
//! through it and gains nothing.

use crate::input::git::alternates;
use crate::input::git::command::{self, Scope};
use crate::input::git::error::GitError;
use crate::input::git::plumbing::Plumbing;
use crate::input::git::source::path_of;
use crate::input::temporary;
use crate::model::change::{Change, ChangeKind, ChangeSet};
use crate::model::path::RepoPath;
use std::ffi::OsString;
use std::path::Path;

/// Whoever commits what is not committed.
const NOBODY: &[(&str, &str)] = &[
    ("GIT_AUTHOR_NAME", "paralint"),
    ("GIT_AUTHOR_EMAIL", "paralint@localhost"),
    ("GIT_AUTHOR_DATE", "2000-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "paralint"),
    ("GIT_COMMITTER_EMAIL", "paralint@localhost"),
    ("GIT_COMMITTER_DATE", "2000-01-01T00:00:00Z"),
];

/// On Linux this folder is kept in memory.
const IN_MEMORY: &str = "/dev/shm";

/// A temporary object store on top of a repository's.
pub(super) struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    /// On top of the store of the repository whose common git directory this is. Small things are kept in memory, where
    /// there is a folder that is: a trial merge writes many files.
    pub(super) fn new(common_dir: &Path, small: bool) -> Result<Scratch, GitError> {
        let in_memory = small && !temporary::is_named() && Path::new(IN_MEMORY).is_dir();
        let folder = if in_memory { tempfile::tempdir_in(IN_MEMORY).or_else(|_| tempfile::tempdir()) } else { tempfile::tempdir() };
        let made = folder.and_then(|folder| {
            let info = folder.path().join("objects/info");
            std::fs::create_dir_all(&info)?;
            std::fs::create_dir_all(folder.path().join("objects/pack"))?;
            std::fs::write(info.join("alternates"), alternates::of(common_dir)?)?;
            Ok(Scratch { folder })
        });
        made.map_err(|error| {
            GitError::new(format!("failed to make a temporary folder: {error}"), "check TMPDIR, its permissions and the disk")
        })
    }

    /// The variable that makes git write here.
    pub(super) fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![("GIT_OBJECT_DIRECTORY", self.folder.path().join("objects").into_os_string())]
    }

    /// Commits what a worktree holds, without a trace in the worktree, its index or its repository. `number` tells apart two
    /// worktrees that hold the same. Returns its head where it holds nothing that is not committed.
    pub(super) fn commit(&self, root: &Path, head: &str, set: &ChangeSet, number: usize) -> Result<String, GitError> {
        let index = self.folder.path().join(format!("index-{number}"));
        copy_index(root, &index)?;
        let mut environment = self.environment();
        environment.push(("GIT_INDEX_FILE", index.into_os_string()));
        environment.extend(NOBODY.iter().map(|(name, value)| (*name, OsString::from(value))));
        let git = |arguments: &[&str], input: Option<&[u8]>| {
            // Neither a monitor that lies nor an index in two parts.
            let all = [&["-c", "core.fsmonitor=false", "-c", "core.splitIndex=false"], arguments].concat();
            let output = command::run_with(root, Scope::Other, &environment, &all, input)?;
            Ok::<String, GitError>(String::from_utf8_lossy(&output).trim_end().to_owned())
        };
        let gone = set
            .files
            .iter()
            .filter_map(|change| if change.kind == ChangeKind::Deleted { Some(&change.path) } else { change.old_path.as_ref() });
        let gone = lines(gone);
        if !gone.is_empty() {
            git(&["update-index", "-z", "--force-remove", "--stdin"], Some(&gone))?;
        }
        let there = lines(set.files.iter().filter(|change| change.kind != ChangeKind::Deleted).map(|change: &Change| &change.path));
        if !there.is_empty() {
            git(&["update-index", "-z", "--add", "--remove", "--replace", "--stdin"], Some(&there))?;
        }
        let tree = git(&["write-tree"], None)?;
        if tree == git(&["rev-parse", "--verify", &format!("{head}^{{tree}}")], None)? {
            return Ok(head.to_owned());
        }
        git(&["commit-tree", &tree, "-p", head, "-m", &format!("what worktree {number} holds")], None)
    }

    /// The merge of several merge bases, which stands for all of them, as git's own recursive merge has it.
    pub(super) fn merged_base(&self, git: &Plumbing, bases: &[String]) -> Result<String, GitError> {
        let mut merged = bases.first().cloned().unwrap_or_default();
        for base in bases.iter().skip(1) {
            let out = git.run_any(&[
                "merge-tree",
                "--write-tree",
                "--allow-unrelated-histories",
                "--name-only",
                "-z",
                "--no-messages",
                &merged,
                base,
            ])?;
            let tree = out.split(|byte| *byte == 0).next().unwrap_or_default();
            let tree = String::from_utf8_lossy(tree).into_owned();
            let commit = git.run(&["commit-tree", &tree, "-p", &merged, "-p", base, "-m", "merge base"], None)?;
            merged = String::from_utf8_lossy(&commit).trim_end().to_owned();
        }
        Ok(merged)
    }

    /// git's commands, writing here.
    pub(super) fn plumbing(&self, folder: &Path) -> Plumbing {
        let mut environment = self.environment();
        environment.extend(NOBODY.iter().map(|(name, value)| (*name, OsString::from(value))));
        Plumbing::for_folder(folder).with_environment(environment)
    }
}

fn lines<'p>(paths: impl Iterator<Item = &'p RepoPath>) -> Vec<u8> {
    paths.flat_map(|path| [path.as_bytes(), b"\0"]).flatten().copied().collect()
}

/// Copies the index of a worktree with its time: by that git knows which entries it has to look at again.
fn copy_index(root: &Path, target: &Path) -> Result<(), GitError> {
    let arguments = ["rev-parse", "--path-format=absolute", "--git-path", "index"];
    let output = command::run(root, Scope::Other, &arguments, None)?;
    let source = path_of(output.strip_suffix(b"\n").unwrap_or(&output));
    let copied = || -> std::io::Result<()> {
        if !source.exists() {
            return Ok(());
        }
        let time = std::fs::metadata(&source)?.modified()?;
        std::fs::copy(&source, target)?;
        std::fs::OpenOptions::new().write(true).open(target)?.set_modified(time)
    };
    copied().map_err(|error| GitError::new(format!("failed to copy the index of {}: {error}", root.display()), "check its permissions"))
}
