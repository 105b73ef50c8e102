//! Files of the work tree that a manager of hooks reads: changed only where they are what they were, within the repository.
#![allow(clippy::disallowed_methods)]

use super::leftovers::{part_of, sweep};
use crate::input::hooks::{real, within};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A file with a new text.
pub(in crate::cli) struct Change<'a> {
    /// Relative to the root of the work tree.
    pub(in crate::cli) path: &'a str,
    /// What is in it now; `None` where it is not there.
    pub(in crate::cli) before: Option<&'a str>,
    /// What is to be in it; `None` where it has to go.
    pub(in crate::cli) after: Option<&'a str>,
    /// It has to be executable.
    pub(in crate::cli) executable: bool,
}

/// Takes a folder below the root away in which nothing is left: git knows of no empty folders.
pub(in crate::cli) fn remove_if_empty(root: &Path, folder: Option<&Path>) {
    if let Some(folder) = folder.map(real).filter(|folder| folder.starts_with(real(root)) && *folder != real(root)) {
        let _ = fs::remove_dir(folder);
    }
}

/// Takes away what a run that was killed left beside a file with this text now, and maybe this one next.
pub(super) fn sweep_beside(root: &Path, path: &str, texts: [Option<&str>; 2]) -> Vec<PathBuf> {
    let Some((folder, name)) = within(root, path).ok().and_then(|place| Some((place.parent()?.to_owned(), place.file_name()?.to_owned())))
    else {
        return Vec::new();
    };
    sweep(&folder, &name, |bytes| {
        let is_start = texts.iter().flatten().any(|text| text.as_bytes().starts_with(bytes));
        bytes.is_empty() || is_start || String::from_utf8_lossy(bytes).contains("# paralint: begin")
    })
}

impl Change<'_> {
    /// Makes it, at once: nobody reads half of it. A link within the repository stays one.
    pub(in crate::cli) fn make(&self, root: &Path) -> Result<(), String> {
        let place = within(root, self.path)?;
        let now = match fs::read(&place) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.to_string()),
        };
        if now.as_deref() != self.before.map(str::as_bytes) {
            return Err("it changed meanwhile: run it again".to_owned());
        }
        let made = match self.after {
            None => fs::remove_file(&place).map(|()| remove_if_empty(root, place.parent())),
            Some(text) => self.write(&place, text),
        };
        made.map_err(|why| why.to_string())
    }

    fn write(&self, place: &Path, text: &str) -> io::Result<()> {
        let folder = place.parent().unwrap_or(place);
        fs::create_dir_all(folder)?;
        let part = folder.join(part_of(place.file_name().unwrap_or_default()));
        let written = OpenOptions::new().write(true).create_new(true).open(&part).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            self.set_mode(place, &file)?;
            file.sync_all()
        });
        let done = written.and_then(|()| fs::rename(&part, place));
        // What another run writes there is not ours to take away.
        if done.as_ref().is_err_and(|error| error.kind() != ErrorKind::AlreadyExists) {
            let _ = fs::remove_file(&part);
        }
        done
    }

    #[cfg(unix)]
    fn set_mode(&self, place: &Path, file: &fs::File) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(place).or_else(|_| file.metadata())?.permissions().mode() & 0o7777;
        let executable = if self.executable { 0o111 & (mode >> 2 | mode >> 1 | mode) | 0o100 } else { 0 };
        file.set_permissions(fs::Permissions::from_mode(mode | executable))
    }

    #[cfg(not(unix))]
    fn set_mode(&self, _place: &Path, _file: &fs::File) -> io::Result<()> {
        Ok(())
    }
}
