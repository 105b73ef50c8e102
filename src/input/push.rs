//! What a push is compared with, as git knows it here.

use super::git::GitError;
use super::git::command::{self, Scope};
use std::path::Path;

/// A remote that something is pushed to, seen from a clone.
pub struct Remote<'r> {
    folder: &'r Path,
    /// Its name, or an address that has none.
    name: String,
}

/// What is to be checked of something that is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// What is there beyond this commit.
    With(String),
    /// The remote has all of it.
    NothingNew,
    /// Nothing that is known of the remote shares history with it.
    Nothing,
}

impl<'r> Remote<'r> {
    /// The remote of this name. Without one it is `origin`, or the only one that there is.
    pub fn new(folder: &'r Path, name: Option<String>) -> Result<Remote<'r>, GitError> {
        let name = match name.filter(|name| !name.is_empty()) {
            Some(name) => name,
            None => {
                let listed = command::run(folder, Scope::Own, &["remote"], None)?;
                let listed = String::from_utf8_lossy(&listed).into_owned();
                let mut names = listed.lines();
                match (names.next(), names.next()) {
                    (Some(only), None) => only.to_owned(),
                    _ => "origin".to_owned(),
                }
            }
        };
        Ok(Remote { folder, name })
    }

    /// What git prints; `None` where it fails, or prints nothing.
    fn ask(&self, arguments: &[&str]) -> Result<Option<String>, GitError> {
        let output = command::output(self.folder, Scope::Own, arguments, None)?;
        let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        Ok(Some(text).filter(|text| output.status.success() && !text.is_empty()))
    }

    /// The id of a commit, by an id or the full name of a ref; `None` where that leads to none that is here.
    pub fn commit(&self, name: &str) -> Result<Option<String>, GitError> {
        self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")])
    }

    /// An id as people read it; it is unique here.
    pub fn short(&self, id: &str) -> Result<String, GitError> {
        Ok(self.ask(&["rev-parse", "--short", "--end-of-options", id])?.unwrap_or_else(|| id.to_owned()))
    }

    /// Whether one commit is another or an ancestor of it.
    fn is_in(&self, id: &str, other: &str) -> Result<bool, GitError> {
        Ok(command::output(self.folder, Scope::Own, &["merge-base", "--is-ancestor", id, other], None)?.status.success())
    }

    /// What a commit is compared with that is pushed to a ref; `was` is what that ref holds now.
    pub fn compared(&self, tip: &str, was: Option<&str>) -> Result<Compared, GitError> {
        let there = was.map(|was| self.commit(was)).transpose()?.flatten();
        if let Some(there) = &there
            && self.is_in(tip, there)?
        {
            return Ok(Compared::NothingNew);
        }
        let Some(base) = self.base(tip, there)? else { return Ok(Compared::Nothing) };
        Ok(if self.is_in(tip, &base)? { Compared::NothingNew } else { Compared::With(base) })
    }

    fn base(&self, tip: &str, there: Option<String>) -> Result<Option<String>, GitError> {
        let main = self.default_branch()?;
        let start = main.as_deref().map(|main| self.ask(&["merge-base", main, tip])).transpose()?.flatten();
        // Not where it was rewritten since, nor where commits came in that the remote has on its default branch: those are not new.
        if let Some(there) = there
            && self.is_in(&there, tip)?
            && start.as_deref().map_or(Ok(true), |start| self.is_in(start, &there))?
        {
            return Ok(Some(there));
        }
        // History may be cut off, not missing: whoever checks says how to get it.
        let is_shallow = || Ok(self.ask(&["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true"));
        if start.is_some() || (main.is_some() && is_shallow()?) { Ok(main) } else { self.nearest(tip) }
    }

    /// The branch that work on this remote starts from.
    fn default_branch(&self) -> Result<Option<String>, GitError> {
        for name in ["HEAD", "main", "master"] {
            if let Some(id) = self.commit(&format!("refs/remotes/{}/{name}", self.name))? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The newest commit below `tip` that is on a branch of the remote or, where none is known, of any remote.
    fn nearest(&self, tip: &str) -> Result<Option<String>, GitError> {
        for remotes in [format!("--remotes={}", self.name), "--remotes".to_owned()] {
            let output = command::output(self.folder, Scope::Own, &["rev-list", "--boundary", tip, "--not", &remotes, "--"], None)?;
            if !output.status.success() {
                continue;
            }
            // Nothing is left where a remote has all of it.
            if output.stdout.is_empty() {
                return Ok(Some(tip.to_owned()));
            }
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let ends: String = text.lines().filter_map(|line| line.strip_prefix('-')).map(|id| format!("{id}\n")).collect();
            if ends.is_empty() {
                continue;
            }
            let newest = ["rev-list", "--no-walk", "--max-count=1", "--stdin"];
            let found = command::run(self.folder, Scope::Own, &newest, Some(ends.as_bytes()))?;
            return Ok(Some(String::from_utf8_lossy(&found).trim_end().to_owned()));
        }
        Ok(None)
    }
}
