//! What a push is compared with, as git knows it here.

use super::git::GitError;
use super::git::command::{self, Scope};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::path::Path;

/// A remote that something is pushed to, seen from a clone.
pub struct Remote<'r> {
    folder: &'r Path,
    /// Its name, or an address that has none.
    name: String,
    /// Commits that it has.
    has: Vec<String>,
    /// The branch that work on it starts from: its name, and its commit.
    main: Option<(String, String)>,
}

/// What is to be checked of something that is pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// What is there beyond the base, and neither one of those that are known nor what these grew from.
    With {
        /// The commit that policy comes from; the remote has it.
        base: String,
        /// The nearest commits that are not new.
        known: Vec<String>,
    },
    /// The remote has all of it, or it was judged before.
    NothingNew,
    /// Nothing that is known of the remote shares history with it.
    Nothing,
}

/// What a commit has beyond others.
struct Beyond {
    /// So many commits.
    count: usize,
    /// Those of the others that they grew from.
    edge: Vec<String>,
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
        let mut remote = Remote { folder, name, has: Vec::new(), main: None };
        remote.has = remote.tracked(&format!("refs/remotes/{}/", remote.name))?;
        remote.main = remote.default_branch()?;
        Ok(remote)
    }

    /// The remote said that it has these, too. What is not here is passed over.
    pub fn add(&mut self, ids: &[&str]) -> Result<(), GitError> {
        let here = self.commits(ids)?;
        self.has.extend(here);
        Ok(())
    }

    /// The commits of remote-tracking branches.
    fn tracked(&self, under: &str) -> Result<Vec<String>, GitError> {
        let found = command::run(self.folder, Scope::Own, &["for-each-ref", "--format=%(objectname)", under], None)?;
        self.commits(&String::from_utf8_lossy(&found).lines().collect::<Vec<_>>())
    }

    /// Of these ids the commits that are here.
    fn commits(&self, ids: &[&str]) -> Result<Vec<String>, GitError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let input: String = ids.iter().map(|id| format!("{id}^{{commit}}\n")).collect();
        let found = command::run(self.folder, Scope::Own, &["cat-file", "--batch-check"], Some(input.as_bytes()))?;
        let text = String::from_utf8_lossy(&found);
        let commit = |line: &str| line.split_once(" commit ").map(|(id, _)| id.to_owned());
        let mut here: Vec<String> = text.lines().filter_map(commit).collect();
        here.sort_unstable();
        here.dedup();
        Ok(here)
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

    /// Whether an object is here, and what it stands for, where it is a tag.
    pub fn is_here(&self, id: &str) -> Result<bool, GitError> {
        Ok(self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{id}^{{}}")])?.is_some())
    }

    /// An id as people read it; it is unique here.
    pub fn short(&self, id: &str) -> Result<String, GitError> {
        Ok(self.ask(&["rev-parse", "--short", "--end-of-options", id])?.unwrap_or_else(|| id.to_owned()))
    }

    /// Whether one commit is another or an ancestor of it.
    pub fn is_in(&self, id: &str, other: &str) -> Result<bool, GitError> {
        Ok(id == other || command::output(self.folder, Scope::Own, &["merge-base", "--is-ancestor", id, other], None)?.status.success())
    }

    /// The name of the branch that work on this remote starts from.
    pub fn default_name(&self) -> Option<&str> {
        self.main.as_ref().map(|(name, _)| name.as_str())
    }

    /// How many commits of this one the remote does not have.
    pub fn count(&self, tip: &str) -> Result<usize, GitError> {
        Ok(self.beyond(tip, &[&self.has])?.count)
    }

    /// What a commit is compared with that is pushed, where others of the same push are judged by themselves; `own` is what the ref holds
    /// on the remote.
    pub fn compared(&self, tip: &str, own: Option<&str>, judged: &[String]) -> Result<Compared, GitError> {
        let mut has = self.has.clone();
        let mut beyond = self.beyond(tip, &[&has])?;
        if beyond.count > 0 && beyond.edge.is_empty() {
            // History may be cut off, not missing: whoever checks says how to get it.
            if let Some((_, main)) = &self.main
                && self.ask(&["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true")
            {
                return Ok(Compared::With { base: main.clone(), known: Vec::new() });
            }
            // Where another one shares history with it, that is known to be no work of today.
            has = self.tracked("refs/remotes/")?;
            beyond = self.beyond(tip, &[&has])?;
        }
        if beyond.count == 0 {
            return Ok(Compared::NothingNew);
        }
        let Some(base) = self.base(tip, &beyond.edge, own)? else { return Ok(Compared::Nothing) };
        if !judged.is_empty() {
            beyond = self.beyond(tip, &[&has, judged])?;
        }
        Ok(if beyond.count == 0 { Compared::NothingNew } else { Compared::With { base, known: beyond.edge } })
    }

    /// What a commit has beyond others.
    fn beyond(&self, tip: &str, others: &[&[String]]) -> Result<Beyond, GitError> {
        let mut input = format!("{tip}\n");
        others.iter().copied().flatten().for_each(|id| input.extend(["^", id, "\n"]));
        let output = command::run(self.folder, Scope::Own, &["rev-list", "--parents", "--stdin"], Some(input.as_bytes()))?;
        let text = String::from_utf8_lossy(&output);
        let own: FxHashSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        let parents = text.lines().flat_map(|line| line.split(' ').skip(1));
        let edge: BTreeSet<&str> = parents.filter(|parent| !own.contains(parent)).collect();
        Ok(Beyond { count: own.len(), edge: edge.into_iter().map(str::to_owned).collect() })
    }

    /// Of the commits that the new ones grew from the nearest; the default branch as it is there, where none is nearer.
    fn base(&self, tip: &str, edge: &[String], own: Option<&str>) -> Result<Option<String>, GitError> {
        let newest = self.newest_first(edge, own)?;
        let Some((_, main)) = &self.main else { return Ok(newest.into_iter().next()) };
        let Some(start) = self.ask(&["merge-base", main, tip])? else { return Ok(newest.into_iter().next()) };
        for id in newest {
            // Not where commits came in since that the remote has on its default branch.
            if id != start && self.is_in(&start, &id)? && !self.is_in(&id, main)? {
                return Ok(Some(id));
            }
        }
        Ok(Some(main.clone()))
    }

    /// Commits without those that others grew from, the newest first; the ref's own one last: it says least of what was agreed on.
    fn newest_first(&self, ids: &[String], own: Option<&str>) -> Result<Vec<String>, GitError> {
        if ids.len() < 2 {
            return Ok(ids.to_vec());
        }
        let words: Vec<&str> = ["merge-base", "--independent"].into_iter().chain(ids.iter().map(String::as_str)).collect();
        let independent = command::run(self.folder, Scope::Own, &words, None)?;
        let sorted = command::run(self.folder, Scope::Own, &["rev-list", "--no-walk", "--stdin"], Some(&independent))?;
        let mut sorted: Vec<String> = String::from_utf8_lossy(&sorted).lines().map(str::to_owned).collect();
        sorted.sort_by_key(|id| Some(id.as_str()) == own);
        Ok(sorted)
    }

    /// The branch that work on this remote starts from: its name, and its commit.
    fn default_branch(&self) -> Result<Option<(String, String)>, GitError> {
        let under = format!("refs/remotes/{}/", self.name);
        for name in ["HEAD", "main", "master"] {
            if let Some(id) = self.commit(&format!("{under}{name}"))? {
                let target = if name == "HEAD" { self.ask(&["symbolic-ref", "--quiet", &format!("{under}HEAD")])? } else { None };
                let name = target.as_deref().and_then(|target| target.strip_prefix(&under)).unwrap_or(name);
                return Ok(Some((name.to_owned(), id)));
            }
        }
        Ok(None)
    }
}
