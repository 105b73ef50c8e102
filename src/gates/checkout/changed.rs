//! Whether the checkout still holds what was checked out. A gate may do there with git what it wants, so neither the private
//! repository nor its index is asked: only a copy of that index, made before any gate ran, and the user's own repository.
#![allow(clippy::disallowed_methods)]

use super::private::Private;
use super::{SETTLED, not_written};
use crate::gates::folders::{self, Found};
use crate::input::git::command::{self, Scope};
use crate::input::git::{Facts, GitError, path_of};
use crate::model::path::RepoPath;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What is written anew to compare with it.
const AGAIN: &str = "again";

/// What would make git look away.
const ATTENTIVE: [&str; 12] = [
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.splitIndex=false",
    "-c",
    "core.trustctime=true",
    "-c",
    "core.checkStat=default",
    "-c",
    "core.untrackedCache=false",
    "-c",
    "core.sparseCheckout=false",
];

/// Where git is asked, and about what.
#[derive(Debug)]
pub(super) struct Settled {
    /// The git directory of the user's worktree, which is only read.
    git_dir: PathBuf,
    /// The folder that holds the checkout.
    ours: PathBuf,
    root: PathBuf,
}

impl Settled {
    /// Notes what the checkout is like. The lock is held, and no gate runs yet.
    pub(super) fn note(private: &Private, facts: &Facts) -> Result<Settled, GitError> {
        let ours = private.root.parent().unwrap_or(&private.root).to_path_buf();
        let (index, copy) = (private.git_dir.join("index"), ours.join(SETTLED));
        // As a copy it is not older than the original, so that git takes no later change for one that the index knows of.
        folders::remove(&copy).and_then(|()| std::fs::copy(&index, &copy)).map_err(|error| not_written(&copy, &error))?;
        Ok(Settled { git_dir: facts.git_dir.clone(), ours, root: private.root.clone() })
    }

    /// The tracked files that differ from what was checked out, sorted.
    pub(super) fn changed(&self) -> Result<Vec<RepoPath>, GitError> {
        // Unlike `ls-files --modified` it does not look through a link that stands where a folder was.
        let found = self.git(&["diff-files", "--name-only", "--no-renames", "--ignore-submodules=dirty", "-z"], None)?;
        let mut paths: Vec<RepoPath> = found.split(|byte| *byte == 0).filter(|path| !path.is_empty()).map(RepoPath::new).collect();
        paths.sort();
        paths.dedup();
        if paths.is_empty() { Ok(paths) } else { self.unlike(paths) }
    }

    /// Those that differ from what git would write. A file that was written anew with the same content looks modified to git;
    /// so does one, though nobody touched it, that a filter does not bring back to the blob that it came from.
    fn unlike(&self, mut paths: Vec<RepoPath>) -> Result<Vec<RepoPath>, GitError> {
        let again = self.ours.join(AGAIN);
        folders::remove(&again).map_err(|error| not_written(&again, &error))?;
        let mut prefix = OsString::from("--prefix=");
        prefix.push(&again);
        prefix.push("/");
        let input: Vec<u8> = paths.iter().flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect();
        let written = self.git(&["checkout-index".into(), "-z".into(), "--stdin".into(), prefix], Some(&input));
        let is_same = |path: &RepoPath| is_same(&self.root, &again, &path_of(path.as_bytes()));
        // What could not be written anew counts as changed.
        paths.retain(|path| written.is_err() || !is_same(path));
        let _ = folders::remove(&again);
        Ok(paths)
    }

    fn git<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S], input: Option<&[u8]>) -> Result<Vec<u8>, GitError> {
        let environment = [
            ("GIT_DIR", self.git_dir.clone().into_os_string()),
            ("GIT_WORK_TREE", self.root.clone().into_os_string()),
            ("GIT_INDEX_FILE", self.ours.join(SETTLED).into_os_string()),
        ];
        let all = ATTENTIVE.iter().map(std::ffi::OsStr::new).chain(arguments.iter().map(AsRef::as_ref));
        command::run_with(&self.ours, Scope::Other, &environment, &all.collect::<Vec<_>>(), input)
    }
}

/// Whether a file is the same below two folders: its kind, its content, and who may run it.
fn is_same(one: &Path, other: &Path, path: &Path) -> bool {
    // A link among the folders above would lead elsewhere.
    let mut above = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    if above.any(|folder| !matches!(folders::look(&one.join(folder)), Ok(Found::Folder))) {
        return false;
    }
    let (one, other) = (one.join(path), other.join(path));
    match (folders::look(&one), folders::look(&other)) {
        (Ok(Found::File), Ok(Found::File)) => {
            is_executable(&one) == is_executable(&other)
                && matches!((std::fs::read(&one), std::fs::read(&other)), (Ok(one), Ok(other)) if one == other)
        }
        (Ok(Found::Other), Ok(Found::Other)) => {
            matches!((std::fs::read_link(&one), std::fs::read_link(&other)), (Ok(one), Ok(other)) if one == other)
        }
        _ => false,
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::symlink_metadata(path).is_ok_and(|data| data.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    false
}
