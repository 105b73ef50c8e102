//! Whether a hook that is installed now will find paralint.
#![allow(clippy::disallowed_methods)]

use super::told::shown;
use crate::input::hooks::real;
use std::env;
use std::path::{Path, PathBuf};

/// How to get it where each hook finds it.
const GET: &str = "docs/installation.md in the repository of paralint says how to get it";

#[cfg(windows)]
const NAME: &str = "paralint.exe";
#[cfg(not(windows))]
const NAME: &str = "paralint";

/// What to know of the program where our script looks for it; `None` where it finds one.
pub(super) fn of_hook(root: &Path) -> Option<String> {
    let homes = env::var_os("HOME").map(PathBuf::from).into_iter().flat_map(|home| [home.join(".cargo/bin"), home.join(".local/bin")]);
    let mut inside = None;
    for folder in on_path() {
        if !real(&folder).starts_with(real(root)) {
            return None;
        }
        inside = inside.or(Some(folder));
    }
    if homes.filter(|folder| folder.is_absolute()).any(|folder| folder.join(NAME).is_file()) {
        return None;
    }
    Some(match inside {
        Some(folder) => {
            let program = shown(root, &folder.join(NAME));
            format!("the hook does not run {program}, which lies in the work tree that it checks; the hook needs one outside; {GET}")
        }
        None => format!("the hook will not find paralint: it is neither on the PATH, nor in ~/.cargo/bin, nor in ~/.local/bin; {GET}"),
    })
}

/// The same where a manager runs it.
pub(super) fn of_manager(manager: &str) -> Option<String> {
    let is_missing = on_path().next().is_none();
    is_missing.then(|| format!("{manager} will not find paralint: it is not on the PATH; {GET}"))
}

/// The folders of the PATH with paralint in them, but for relative ones.
fn on_path() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.into_iter().filter(|folder| folder.is_absolute() && folder.join(NAME).is_file())
}
