//! A checkout of what is staged, in a folder of its own under the git directory of the worktree.
//!
//! It is the work tree of a private repository that only borrows the objects of the real one: whatever a gate does there with
//! git stays there.
#![allow(clippy::disallowed_methods)]

mod changed;
mod lock;
mod private;
mod staged;

use super::folders::{self, Found};
use crate::input::git::{Facts, GitError};
use crate::model::path::RepoPath;
use changed::Settled;
use private::Private;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

const STAGED: &str = "staged";
const LOCK: &str = "staged.lock";
/// The index of the checkout as it was before gates ran.
const SETTLED: &str = "staged.index";
/// By this variable a gate's own processes know that their run holds the checkout.
const VARIABLE: &str = "PARALINT_CHECKOUT";

/// The checkout, held by this run until it is dropped.
#[derive(Debug)]
pub struct Checkout {
    /// Its folder: the root of what is staged.
    pub root: PathBuf,
    settled: Settled,
    _lock: File,
}

/// Why the checkout could not be brought to what is staged.
enum Failure {
    /// The user's repository is not fit for it: making the folder anew would not help.
    Given(GitError),
    /// The folder may be at fault.
    Broken(GitError),
}

impl Checkout {
    /// Brings the folder to what is staged: writes what differs, takes away what is not staged and not ignored, and repairs
    /// what a crash left. `waits` is told once where another run holds it. Submodules are empty folders in it; what was
    /// committed in it by an earlier run is forgotten.
    ///
    /// # Errors
    ///
    /// Why it cannot be made: there is no work tree, the index has conflicts or is broken, objects are missing, a filter
    /// failed, nothing can be written, a link is where the folder should be, or it is asked for by a gate of the run that
    /// holds it.
    pub fn prepare(facts: &Facts, waits: &mut dyn FnMut(&str)) -> Result<Checkout, GitError> {
        let work = facts.root.as_deref().ok_or_else(GitError::no_work_tree)?;
        let root = facts.git_dir.join(folders::OURS).join(STAGED);
        refuse_within_itself(&root, work)?;
        let ours = folders::make(&facts.git_dir, &[folders::OURS]).map_err(|error| not_written(&root, &error))?;
        let lock = lock::take(&ours.join(LOCK), waits).map_err(|error| not_written(&ours.join(LOCK), &error))?;
        let lock = lock.ok_or_else(within_itself)?;
        if matches!(folders::look(&root), Ok(Found::File | Found::Other)) {
            let message = format!("{} is no folder, and a link is not followed", root.display());
            return Err(GitError::new(message, "remove it: the checkout of what is staged is made there"));
        }
        let private = Private::new(root);
        let mut brought = bring(&private, facts, work);
        if matches!(brought, Err(Failure::Broken(_))) {
            folders::remove(&private.root).map_err(|error| not_written(&private.root, &error))?;
            brought = bring(&private, facts, work);
        }
        match brought {
            Ok(()) => Settled::note(&private, facts).map(|settled| Checkout { root: private.root, settled, _lock: lock }),
            Err(Failure::Given(error) | Failure::Broken(error)) => Err(error),
        }
    }

    /// The variable that the gates of this run get: a checkout that one of them asks for is refused at once, and not waited
    /// for.
    pub fn environment(&self) -> (&'static str, OsString) {
        (VARIABLE, self.root.clone().into_os_string())
    }

    /// The tracked files that differ from what was checked out, sorted: a gate changed them. What a gate added to the index of
    /// the checkout, or committed there, does not hide it.
    ///
    /// # Errors
    ///
    /// Why it cannot be known: the folder is gone, or git failed.
    pub fn changed(&self) -> Result<Vec<RepoPath>, GitError> {
        self.settled.changed()
    }

    /// Takes the folder of a worktree away. Returns it where there was one.
    ///
    /// # Errors
    ///
    /// What could not be taken away, and why; another run holds it.
    pub fn clean(git_dir: &Path) -> Result<Option<PathBuf>, String> {
        let ours = git_dir.join(folders::OURS);
        let (root, lock) = (ours.join(STAGED), ours.join(LOCK));
        for folder in [&ours, &root] {
            match folders::look(folder).map_err(|error| folders::why(folder, &error))? {
                Found::Folder => {}
                Found::Nothing => return Ok(None),
                Found::File | Found::Other => return Err(format!("{} is no folder, and a link is not followed", folder.display())),
            }
        }
        let held = lock::try_take(&lock).map_err(|error| folders::why(&lock, &error))?;
        if held.is_none() {
            return Err(format!("{}: another run of gates holds it", root.display()));
        }
        let settled = ours.join(SETTLED);
        folders::remove(&root).map_err(|error| folders::why(&root, &error))?;
        folders::remove(&settled).map_err(|error| folders::why(&settled, &error))?;
        folders::remove(&lock).map_err(|error| folders::why(&lock, &error))?;
        // Receipts and outputs may lie beside.
        let _ = std::fs::remove_dir(&ours);
        Ok(Some(root))
    }
}

fn bring(private: &Private, facts: &Facts, work: &Path) -> Result<(), Failure> {
    private.make(facts, work).map_err(|error| Failure::Broken(not_written(&private.root, &error)))?;
    let tree = staged::tree(private, facts, work)?;
    staged::check_out(private, &tree)
}

/// What is asked for by a gate of the run that holds it would be waited for until the end of days.
fn refuse_within_itself(root: &Path, work: &Path) -> Result<(), GitError> {
    let Some(held) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from) else { return Ok(()) };
    if !is_same(&held, root) && !is_same(&held, work) {
        return Ok(());
    }
    Err(within_itself())
}

fn within_itself() -> GitError {
    GitError::new(
        "this runs inside of a gate, and the run of that gate holds the checkout of what is staged",
        "a gate whose inputs are the index cannot run such gates itself: name what it runs by its own command",
    )
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| std::fs::metadata(path).ok().map(|data| (data.dev(), data.ino()));
    one == other || (place(one).is_some() && place(one) == place(other))
}

#[cfg(not(unix))]
fn is_same(one: &Path, other: &Path) -> bool {
    one == other
}

fn not_written(path: &Path, error: &std::io::Error) -> GitError {
    GitError::new(
        format!("failed to make the checkout of what is staged: {}", folders::why(path, error)),
        "gates with `inputs = \"index\"` need a git directory that can be written; check its permissions and the disk",
    )
}
