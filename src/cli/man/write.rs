//! Pages as files in a folder, and never over a file that is none.
#![allow(clippy::disallowed_methods)]

use super::page;
use crate::cli::output;
use std::path::{Path, PathBuf};

/// Writes the pages of `commands` into a folder, which is made where it is missing. Nothing is written where one of the
/// places is taken by something that is no page of paralint, or cannot be known to be one.
pub(super) fn write(folder: &Path, commands: &[&clap::Command], whole: &clap::Command) -> Result<(), String> {
    let mut pages: Vec<(PathBuf, String)> = Vec::new();
    for command in commands {
        let path = folder.join(format!("{}.1", page::name(command)));
        if is_taken(&path) {
            return Err(format!("{} is there, and no page of paralint: nothing was written", path.display()));
        }
        pages.push((path, page::page(command, whole)?));
    }
    std::fs::create_dir_all(folder).map_err(|why| format!("failed to make the folder {}: {why}", folder.display()))?;
    for (path, text) in &pages {
        let written = output::write_beside(path, |out| out.write_all(text.as_bytes()));
        written.map_err(|why| format!("failed to write {}: {why}", path.display()))?;
    }
    Ok(())
}

/// Whether something is there that an earlier `paralint man` did not write. What is no file is not opened: a pipe would wait.
fn is_taken(path: &Path) -> bool {
    if path.symlink_metadata().is_err() {
        return false;
    }
    let is_file = std::fs::metadata(path).is_ok_and(|data| data.is_file());
    !is_file || !std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(page::MARK.as_bytes()))
}
