//! Programs that run git's hooks from a configuration of their own: one file for each, and one line in [`MANAGERS`].

mod hk;
mod husky;
mod known;
mod lefthook;
mod marks;
mod mention;
mod pre_commit;
mod prek;
mod script;
#[cfg(test)]
mod tests;
mod toml_text;
mod yaml;

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
    pub recognise: fn(&dyn Ground, &Wanted) -> Option<InUse>,
}

/// What somebody wants to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// In these hooks, in order.
    pub hooks: Vec<Hook>,
    /// The gates too.
    pub gates: bool,
}

impl Wanted {
    /// What a hook runs. Of what is pushed git speaks on standard input.
    fn command(&self, hook: Hook) -> String {
        let gates = if self.gates { " --gates" } else { "" };
        format!("paralint hook {}{gates}", hook.name())
    }
}

/// A manager that is in use in a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// The manager's name.
    pub manager: &'static str,
    /// What told: "lefthook.yml", "core.hooksPath is .husky/_".
    pub seen: String,
    /// Hooks that git runs in this clone were put there by it.
    pub is_in_place: bool,
    /// What has to be in which files so that each hook runs paralint. In order.
    pub edits: Vec<Edit>,
    /// What the user has to run before git runs the hooks in this clone, for example `lefthook install`.
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
pub const MANAGERS: &[Manager] = &[husky::MANAGER, lefthook::MANAGER, pre_commit::MANAGER, prek::MANAGER, hk::MANAGER];

/// The managers that are in use. Those whose hooks git runs in this clone come first.
#[must_use]
pub fn in_use(ground: &dyn Ground, wanted: &Wanted) -> Vec<InUse> {
    let mut all: Vec<InUse> = MANAGERS.iter().filter_map(|manager| (manager.recognise)(ground, wanted)).collect();
    all.sort_by_key(|one| !one.is_in_place);
    all
}

/// A file that runs paralint's check runs the gates too, in each place.
#[must_use]
pub fn runs_gates(text: &str) -> bool {
    mention::runs_gates(text)
}

/// A text runs paralint's check.
#[must_use]
pub fn runs_check(text: &str) -> bool {
    mention::runs_check(text)
}

/// Between the marks of ours is something that we never wrote.
#[must_use]
pub fn is_changed(text: &str) -> bool {
    marks::blocks(text).any(|line| !known::is_known(line))
}

/// The text of a configuration file without the lines that [`Edit::after`] added, byte for byte as it was before if nobody changed
/// anything else; `None` where no lines of ours are in it.
#[must_use]
pub fn without_paralint(_path: &str, text: &str) -> Option<String> {
    marks::without(text)
}

/// A text that [`Edit::after`] made where no file was, and in which nothing was added since: the file goes with our lines.
#[must_use]
pub fn is_all_ours(text: &str) -> bool {
    text.lines().nth(1) == Some(marks::BEGIN_WITH_LINE_ABOVE) && marks::without(text).is_some_and(|rest| rest.is_empty())
}

/// The first of some files that is there: its path, and its text or why it cannot be read.
fn first_file(ground: &dyn Ground, paths: impl IntoIterator<Item = impl AsRef<str>>) -> Option<(String, Result<String, String>)> {
    paths.into_iter().find_map(|path| ground.text(path.as_ref()).map(|text| (path.as_ref().to_owned(), text)))
}

/// The hook that git would run now was put there by a program with this word in its script.
fn is_installed(ground: &dyn Ground, hook: Hook, word: &str) -> bool {
    ground.hook(hook).is_some_and(|text| text.contains(word))
}

/// A program with this word in its script put a hook in place.
fn is_in_place(ground: &dyn Ground, word: &str) -> bool {
    Hook::ALL.into_iter().any(|hook| is_installed(ground, hook, word))
}

/// The hooks that a program with this word in its script does not run yet.
fn not_installed(ground: &dyn Ground, wanted: &Wanted, word: &str) -> Vec<Hook> {
    wanted.hooks.iter().copied().filter(|hook| !is_installed(ground, *hook, word)).collect()
}

/// An edit of a file that is there and covers all hooks that are wanted.
fn edit_of_all(path: String, text: Result<String, String>, wanted: &Wanted, lines: String, change: impl FnOnce(&str) -> Change) -> Edit {
    let (before, change) = match text {
        Ok(text) => {
            let change = change(&text);
            (Some(text), change)
        }
        Err(reason) => (None, Change::Refused(reason)),
    };
    let is_done = matches!(change, Change::Done);
    let after = match change {
        Change::Done => Ok(before.clone().unwrap_or_default()),
        Change::After(text) => Ok(text),
        Change::Refused(reason) => Err(reason),
    };
    Edit { path, hooks: wanted.hooks.clone(), lines, before, after, is_done, executable: false }
}

/// What is to be done with a file.
enum Change {
    /// Nothing: paralint is in it.
    Done,
    /// This is its new text.
    After(String),
    /// Only the user can change it, because of this.
    Refused(String),
}

impl From<Result<String, String>> for Change {
    fn from(result: Result<String, String>) -> Self {
        result.map_or_else(Change::Refused, Change::After)
    }
}
