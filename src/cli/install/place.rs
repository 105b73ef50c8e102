//! Where hooks cannot be written, or should not be, with what to do.
#![allow(clippy::disallowed_methods)]

use super::Ground;
use super::told::shown;
use crate::input::hooks::{Hooks, real};

/// `, as core.hooksPath (global) says`.
pub(super) fn configured(hooks: &Hooks) -> String {
    hooks.configured.as_ref().map(|(scope, _)| format!(", as core.hooksPath ({scope}) says")).unwrap_or_default()
}

/// The command that takes `core.hooksPath` away where it is set.
fn unset(scope: &str) -> String {
    match scope {
        "local" | "worktree" | "global" | "system" => format!("`git config --{scope} --unset core.hooksPath`"),
        _ => "take core.hooksPath out of the environment".to_owned(),
    }
}

/// A `core.hooksPath` with which git runs no hook, wherever it lies: what is wrong, and what to do.
pub(super) fn unusable(hooks: &Hooks) -> Option<(String, String)> {
    let (scope, value) = hooks.configured.as_ref()?;
    if value.is_empty() {
        // git then looks for `/pre-commit`.
        let message = format!("core.hooksPath ({scope}) is empty, so git finds no hooks at all");
        return Some((message, format!("{} lets git run those of .git/hooks", unset(scope))));
    }
    // git tidies `./pre-commit` to `pre-commit`, and looks for that on the PATH. `././pre-commit` keeps a slash, and runs.
    (value.trim_end_matches('/') == ".").then(|| {
        let message =
            format!("core.hooksPath ({scope}) is the root of the work tree: git cannot start a hook there, and each commit fails");
        (message, format!("{}, or give hooks a folder of their own: `git config core.hooksPath .githooks`", unset(scope)))
    })
}

/// A place for hooks that is no folder: what is wrong, and what to do.
pub(super) fn no_folder(ground: &Ground) -> Option<(String, String)> {
    let folder = &ground.hooks.folder;
    let place = || format!("git looks for hooks in {}{}", shown(&ground.root, folder), configured(&ground.hooks));
    let unset = ground.hooks.configured.as_ref().map(|(scope, _)| format!("{} lets git run hooks again", unset(scope)));
    match std::fs::metadata(folder) {
        Ok(data) if data.is_dir() => None,
        Ok(_) => {
            let hint = unset.unwrap_or_else(|| "move it away: git needs a folder there".to_owned());
            Some((format!("{}, which is no folder", place()), hint))
        }
        Err(_) => std::fs::symlink_metadata(folder).is_ok().then(|| {
            let hint = "make the folder that it leads to, or delete the link".to_owned();
            (format!("{}, which is a link that leads nowhere", place()), hint)
        }),
    }
}

/// Hooks outside of the repository are nobody's to write from within it.
pub(super) fn elsewhere(ground: &Ground) -> (String, String) {
    let folder = shown(&ground.root, &ground.hooks.folder);
    let configured = configured(&ground.hooks);
    let message = format!("git looks for hooks in {folder}{configured}: other repositories may use that too, so nothing is written");
    let own = ground.common_dir.join("hooks");
    let own_is_within = real(&own).starts_with(real(&ground.common_dir));
    let or = match ground.hooks.configured {
        Some(_) if own_is_within => {
            "or let this repository have its own: \
             `git config --local core.hooksPath \"$(git rev-parse --path-format=absolute --git-common-dir)/hooks\"`"
        }
        _ => "or replace the link .git/hooks by a folder, and install again",
    };
    (message, format!("put there what `paralint hook NAME --print` prints, as an executable file NAME; {or}"))
}

/// Hooks of the main worktree that a linked one uses too.
pub(super) fn main_work_tree(ground: &Ground) -> (String, String) {
    let folder = shown(&ground.root, &ground.hooks.folder);
    let message = format!("git looks for hooks in {folder}{}: that is part of the main worktree", configured(&ground.hooks));
    (message, "run `paralint install --write` there; all worktrees use these hooks".to_owned())
}
