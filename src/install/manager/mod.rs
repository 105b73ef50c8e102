//! Programs that run git's hooks from a configuration of their own: one file for each, and one line in [`MANAGERS`].

use super::Hook;

/// What can be known of a repository before a manager is recognised. Paths are relative to the root of the work tree.
pub trait Ground {
    /// The text of a file; `None` where there is none. A file that cannot be read as UTF-8 is `Some(Err)` with the reason.
    fn text(&self, path: &str) -> Option<Result<String, String>>;
    /// There is such a folder.
    fn is_folder(&self, path: &str) -> bool;
    /// `core.hooksPath` as it is configured, relative to the root of the work tree where it lies in it.
    fn hooks_path(&self) -> Option<&str>;
    /// The text of the hook file that git would run now (it tells which program put it there).
    fn hook(&self, hook: Hook) -> Option<String>;
}

/// One program that manages hooks.
pub struct Manager {
    /// Its name, as people write it.
    pub name: &'static str,
    /// Recognises it by its files or by the hook that it put in place; `None` where it is not in use.
    pub recognise: fn(&dyn Ground) -> Option<InUse>,
}

/// A manager that is in use in a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// The manager's name.
    pub manager: &'static str,
    /// What told: "lefthook.yml", "core.hooksPath is .husky/_".
    pub seen: String,
    /// What has to be in which files so that each hook runs paralint. In order.
    pub edits: Vec<Edit>,
    /// What the user has to run after the edit, for example `lefthook install`.
    pub then: Option<String>,
    /// What the user must know, for example that pre-commit puts unstaged changes aside while hooks run.
    pub notes: Vec<String>,
}

/// One file of a manager's configuration, with paralint in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The file, relative to the root of the work tree.
    pub path: String,
    /// The hooks that this file covers.
    pub hooks: Vec<Hook>,
    /// What belongs into it, to be shown to people.
    pub lines: String,
    /// Its text now; `None` where the file does not exist.
    pub before: Option<String>,
    /// The whole new text of the file, everything else in it unchanged byte for byte; or why only the user can change it.
    pub after: Result<String, String>,
    /// paralint is in it already (by our own lines or by the user's), so there is nothing to do.
    pub is_done: bool,
    /// The file has to be executable.
    pub executable: bool,
}

/// All managers that are known.
pub const MANAGERS: &[Manager] = &[];

/// The managers that are in use, in the order in which git would reach them.
#[must_use]
pub fn in_use(ground: &dyn Ground) -> Vec<InUse> {
    MANAGERS.iter().filter_map(|manager| (manager.recognise)(ground)).collect()
}

/// The text of a configuration file without the lines that [`Edit::after`] added, byte for byte as it was before if nobody changed
/// anything else; `None` where no lines of ours are in it.
#[must_use]
pub fn without_paralint(_path: &str, _text: &str) -> Option<String> {
    None
}
