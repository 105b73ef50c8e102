//! A temporary object store for commands that make objects only to read: a sparse index is expanded into trees.

use super::error::GitError;
use super::files;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The mark of a sparse index: an extension without content.
const SPARSE: &[u8] = b"sdir\0\0\0\0";

/// The store; it goes away with its value.
pub(super) struct Store {
    folder: tempfile::TempDir,
    alternates: OsString,
}

impl Store {
    /// A store for a worktree whose index is sparse; `None` for any other, whose reading makes no objects.
    pub(super) fn for_sparse(git_dir: &Path) -> Result<Option<Store>, GitError> {
        if !git_dir.join("info/sparse-checkout").exists() {
            return Ok(None);
        }
        let is_sparse = std::fs::read(git_dir.join("index")).is_ok_and(|bytes| memchr::memmem::find(&bytes, SPARSE).is_some());
        if !is_sparse {
            return Ok(None);
        }
        let folder = tempfile::tempdir().map_err(|error| {
            GitError::new(format!("failed to make a temporary folder: {error}"), "check TMPDIR, its permissions and the disk")
        })?;
        let objects = std::env::var_os("GIT_OBJECT_DIRECTORY").filter(|value| !value.is_empty()).map(PathBuf::from);
        let objects = objects.unwrap_or_else(|| files::common_dir(git_dir).join("objects"));
        let mut alternates = quoted(&std::path::absolute(&objects).unwrap_or(objects));
        if let Some(others) = std::env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES").filter(|value| !value.is_empty()) {
            alternates.push(if cfg!(windows) { ";" } else { ":" });
            alternates.push(others);
        }
        Ok(Some(Store { folder, alternates }))
    }

    /// The variables that make git write here and read there.
    pub(super) fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("GIT_OBJECT_DIRECTORY", self.folder.path().as_os_str().to_owned()),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", self.alternates.clone()),
        ]
    }
}

/// A path that holds what parts a list is quoted as in C.
fn quoted(path: &Path) -> OsString {
    let text = path.as_os_str();
    match text.to_str().filter(|text| text.contains([':', ';', '"', '\n'])) {
        Some(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")).into(),
        None => text.to_owned(),
    }
}
