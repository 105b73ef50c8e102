//! Which branches are meant, and what they are compared with.

use super::error::GitError;
use super::source::{Reference, Source};
use globset::{GlobBuilder, GlobMatcher};

/// Names that default branches have.
const DEFAULTS: [&str; 4] = ["main", "master", "trunk", "develop"];

/// A branch as users name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Branch {
    /// `agent/a`, `origin/agent/a`
    pub(super) name: String,
    /// Without the remote's name.
    pub(super) bare: String,
    /// The commit.
    pub(super) id: String,
}

/// Whether git would let a branch have this name, by the rules of `git check-ref-format refs/heads/NAME`: one
/// that begins with `-` can be pushed, though `git branch` makes none.
pub fn is_branch_name(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    let is_letter = |letter: char| !letter.is_ascii_control() && !" ~^:?*[\\".contains(letter);
    name.split('/').all(is_part) && name.chars().all(is_letter) && !name.ends_with('.') && !name.contains("..") && !name.contains("@{")
}

fn local(reference: &Reference) -> Option<&str> {
    reference.name.strip_prefix("refs/heads/")
}

fn remote(reference: &Reference) -> Option<&str> {
    reference.name.strip_prefix("refs/remotes/").filter(|_| reference.target.is_none())
}

/// The branches that globs mean, sorted by name, without the base. `*` stays within one part of a name, `**` does not.
pub(super) fn choose(references: &[Reference], globs: &[String], base: &str) -> Result<Vec<Branch>, GitError> {
    let mut chosen: Vec<Branch> = Vec::new();
    for glob in globs {
        let found = matching(references, glob)?;
        if found.is_empty() {
            return Err(no_branch(references, glob));
        }
        chosen.extend(found);
    }
    // A base `origin/main` stands for `main` as well, and the other way round.
    let bare_base = bare_name(references, base);
    chosen.retain(|branch| branch.name != base && branch.bare != bare_base);
    chosen.sort();
    chosen.dedup();
    Ok(chosen)
}

fn matching(references: &[Reference], glob: &str) -> Result<Vec<Branch>, GitError> {
    let matcher = matcher(glob)?;
    let is_match = |name: &str| name == glob || matcher.is_match(name);
    let found = references.iter().filter_map(|reference| local(reference).map(|name| (name, reference)));
    let locals: Vec<Branch> = found
        .filter(|(name, _)| is_match(name))
        .map(|(name, reference)| Branch { name: name.to_owned(), bare: name.to_owned(), id: reference.id.clone() })
        .collect();
    let of_remote = |name: &str| remote_name(references, glob).is_some_and(|remote| name.starts_with(&format!("{remote}/")));
    let found = references.iter().filter_map(|reference| remote(reference).map(|name| (name, reference)));
    let remotes = found.filter(|(name, _)| of_remote(name) && is_match(name)).map(|(name, reference)| Branch {
        name: name.to_owned(),
        bare: name.split_once('/').map_or(name, |(_, bare)| bare).to_owned(),
        id: reference.id.clone(),
    });
    Ok(locals.into_iter().chain(remotes).collect())
}

fn matcher(glob: &str) -> Result<GlobMatcher, GitError> {
    let built = GlobBuilder::new(glob).literal_separator(true).build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| GitError::new(format!("`{glob}` is no valid glob: {}", error.kind()), "name branches like 'agent/*'"))
}

/// The remote that a name starts with.
fn remote_name<'n>(references: &[Reference], name: &'n str) -> Option<&'n str> {
    let (first, _) = name.split_once('/')?;
    references.iter().any(|reference| reference.name.starts_with(&format!("refs/remotes/{first}/"))).then_some(first)
}

/// A name without its remote's.
fn bare_name<'n>(references: &[Reference], name: &'n str) -> &'n str {
    let is_local = references.iter().any(|reference| local(reference) == Some(name));
    match remote_name(references, name).filter(|_| !is_local) {
        Some(remote) => &name[remote.len() + 1..],
        None => name,
    }
}

fn no_branch(references: &[Reference], glob: &str) -> GitError {
    let mut names: Vec<&str> = references.iter().filter_map(local).collect();
    if names.is_empty() {
        names = references.iter().filter_map(remote).collect();
    }
    let more = if names.len() > 12 { format!(" and {} more", names.len() - 12) } else { String::new() };
    names.truncate(12);
    let hint = if names.is_empty() { "there is no branch yet".to_owned() } else { format!("branches: {}{more}", names.join(", ")) };
    GitError::new(format!("no branch matches `{glob}`"), hint)
}

/// A ref's name as users write it.
pub(super) fn short(name: &str) -> &str {
    ["refs/heads/", "refs/remotes/"].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name)
}

/// The default branch, by its full name: what the remote's `HEAD` stands for, else a usual name, else the configured one.
pub(super) fn default_base(source: &dyn Source, references: &[Reference]) -> Result<Reference, GitError> {
    let find = |name: String| references.iter().find(|reference| reference.name == name);
    if let Some(upstream) = upstream(references) {
        // Where the local one is ahead, work that started there would be blamed for what others did before.
        if let Some(local) = short(&upstream.name).split_once('/').and_then(|(_, bare)| find(format!("refs/heads/{bare}")))
            && (local.id == upstream.id || source.between(std::slice::from_ref(&upstream.id), &local.id)?.is_empty())
        {
            return Ok(local.clone());
        }
        return Ok(upstream.clone());
    }
    let usual = DEFAULTS.iter().find_map(|name| find(format!("refs/heads/{name}")));
    let usual = usual.or_else(|| DEFAULTS.iter().find_map(|name| find(format!("refs/remotes/origin/{name}"))));
    let configured = || source.config("init.defaultBranch").and_then(|name| find(format!("refs/heads/{name}")));
    if references.is_empty() {
        return Err(GitError::no_commit());
    }
    usual.or_else(configured).cloned().ok_or_else(|| {
        GitError::new("there is no branch main, master, trunk or develop to compare with", "name what the work started from with `--base`")
    })
}

/// What the remote's `HEAD` stands for.
fn upstream(references: &[Reference]) -> Option<&Reference> {
    let target = references.iter().find(|reference| reference.name == "refs/remotes/origin/HEAD")?.target.as_ref()?;
    references.iter().find(|reference| reference.name == *target)
}

/// The default branch and what it follows, as far as they are there.
pub(super) fn defaults(source: &dyn Source, references: &[Reference]) -> Vec<Reference> {
    let Ok(base) = default_base(source, references) else { return Vec::new() };
    let name = short(&base.name);
    let bare = if base.name.starts_with("refs/remotes/") { name.split_once('/').map_or(name, |(_, bare)| bare) } else { name };
    let mut names = vec![format!("refs/heads/{bare}"), format!("refs/remotes/origin/{bare}")];
    if let (Some(remote), Some(merge)) = (source.config(&format!("branch.{bare}.remote")), source.config(&format!("branch.{bare}.merge"))) {
        names.push(format!("refs/remotes/{remote}/{}", short(&merge)));
    }
    let found = references.iter().filter(|reference| names.contains(&reference.name));
    let mut all: Vec<Reference> = found.cloned().collect();
    all.sort_by_key(|reference| reference.name != base.name);
    all
}

/// The error for a revision that names no commit, with the names that are near.
pub(super) fn unknown(references: &[Reference], name: &str) -> GitError {
    let names = references.iter().filter_map(|reference| local(reference).or_else(|| remote(reference)));
    let mut near: Vec<(bool, u64, &str)> = Vec::new();
    for known in names {
        let ends = known.ends_with(&format!("/{name}"));
        let alike = (strsim::jaro_winkler(known, name) * 1000.0) as u64;
        if ends || alike >= 800 {
            near.push((!ends, 1000 - alike, known));
        }
    }
    near.sort_unstable();
    near.truncate(3);
    let names: Vec<&str> = near.into_iter().map(|(.., name)| name).collect();
    let hint = match names.is_empty() {
        true => "fetch it first; `git branch --all` lists what is known here".to_owned(),
        false => format!("near: {}", names.join(", ")),
    };
    GitError::new(format!("`{name}` names no commit"), hint)
}
