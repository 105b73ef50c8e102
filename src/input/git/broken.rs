//! What is broken about a repository that cannot be read, by its few files, and what git says of it.

use super::command::{self, Scope};
use super::error::{GitError, PARTIAL};
use super::files;
use std::path::{Path, PathBuf};

const FSCK: &str = "`git fsck` says what is missing; `git fetch` or another clone may bring it back";

/// Why a folder is in no repository: often there is one that is broken, and a new one would not mend it.
pub(super) fn no_repository(folder: &Path) -> GitError {
    if let Some(named) = std::env::var_os("GIT_DIR").filter(|value| !value.is_empty())
        && let Some(why) = git_dir(&folder.join(&named))
    {
        let message = format!("GIT_DIR says that the repository is {}, and {why}", shown(Path::new(&named)));
        return GitError::new(message, "unset GIT_DIR, or set it to the git directory of a repository");
    }
    let found = folder.ancestors().map(|above| above.join(".git")).find(|dot| std::fs::symlink_metadata(dot).is_ok());
    found.as_deref().and_then(dot_git).unwrap_or_else(|| GitError::no_repository(folder))
}

/// What is wrong with a `.git`, where something is.
fn dot_git(dot: &Path) -> Option<GitError> {
    let place = shown(dot);
    if dot.is_dir() {
        let is_empty = std::fs::read_dir(dot).is_ok_and(|mut entries| entries.next().is_none());
        if is_empty {
            return Some(GitError::new(format!("{place} is an empty folder"), "remove it, or clone the repository again"));
        }
        let hint = "restore it from a backup or another clone; HEAD holds a line like `ref: refs/heads/main`";
        return git_dir(dot).map(|why| GitError::new(format!("{place} is no git directory that can be read: {why}"), hint));
    }
    let Some(text) = files::text(dot) else {
        return Some(GitError::new(format!("{place} cannot be read"), "check its permissions"));
    };
    let Some(there) = text.strip_prefix("gitdir:") else {
        return Some(GitError::new(
            format!("{place} is a file without a line `gitdir: …`"),
            "remove it, or write where the git directory is",
        ));
    };
    let there = dot.parent().unwrap_or(dot).join(there.trim());
    let why = git_dir(&there)?;
    let hint = "`git worktree repair` in the main work tree mends a worktree that was moved, `git submodule update --init` a submodule";
    Some(GitError::new(format!("the gitdir file {place} points to {}, and {why}", shown(&there)), hint))
}

/// Why a folder is no git directory.
fn git_dir(folder: &Path) -> Option<String> {
    if !folder.is_dir() {
        return Some("there is no such folder".to_owned());
    }
    if let Err(why) = head_text(folder) {
        return Some(why);
    }
    // A linked worktree has them elsewhere.
    let missing = ["objects", "refs"].into_iter().find(|name| !folder.join(name).exists())?;
    (!folder.join("commondir").exists()).then(|| format!("its folder {missing} is missing"))
}

/// What `HEAD` holds, or why that is no `HEAD`.
fn head_text(git_dir: &Path) -> Result<String, String> {
    let path = git_dir.join("HEAD");
    match std::fs::read(&path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            let is_ref = text.strip_prefix("ref:").is_some_and(|name| name.trim_start().starts_with("refs/"));
            let shown = format!("HEAD of {} cannot be read: it holds no commit and no branch", shown(git_dir));
            if is_ref || files::is_id(&text) { Ok(text) } else { Err(shown) }
        }
        // In the old way `HEAD` is a link to a branch, which may not be born yet.
        Err(_) if path.is_symlink() => Ok(std::fs::read_link(&path).map(|name| format!("ref: {}", name.display())).unwrap_or_default()),
        Err(error) => Err(format!("HEAD of {} cannot be read: {error}", shown(git_dir))),
    }
}

/// Where `HEAD` leads to no commit: nothing, if it names a branch that is not born yet, else why.
pub(super) fn unborn(git_dir: &Path, common_dir: &Path) -> Result<(), String> {
    let mut text = head_text(git_dir)?;
    for _ in 0..6 {
        let Some(name) = text.strip_prefix("ref:").map(|name| name.trim().to_owned()) else {
            return Err(format!("HEAD leads to the commit {text}, and that is not here"));
        };
        // Where refs are kept in another way, git itself is asked.
        if name == "refs/heads/.invalid" {
            return Ok(());
        }
        let packed = || files::text(&common_dir.join("packed-refs")).unwrap_or_default();
        let path = common_dir.join(&name);
        text = if path.is_file() {
            files::text(&path).unwrap_or_default().trim().to_owned()
        } else if path.is_symlink() {
            String::new()
        } else if let Some(id) = packed().lines().find_map(|line| line.strip_suffix(&name)?.strip_suffix(' ').map(str::to_owned)) {
            id
        } else {
            return Ok(());
        };
        if !text.starts_with("ref:") && !files::is_id(&text) {
            return Err(format!("HEAD names {}, and that ref is broken", escaped(&name)));
        }
    }
    Err("HEAD names a ref that leads to itself".to_owned())
}

/// The same as an error.
pub(super) fn unborn_or_error(git_dir: &Path, common_dir: &Path) -> Result<(), GitError> {
    if head_text(git_dir).is_err()
        && let Some(error) = dot_git(git_dir)
    {
        return Err(error);
    }
    unborn(git_dir, common_dir).map_err(head_error)
}

pub(super) fn head_error(why: String) -> GitError {
    GitError::new(why, "`git fsck` says what is missing; `git reflog` and `git update-ref` set the branch to a commit that is here")
}

/// Why a worktree cannot be read.
pub(super) fn worktree(root: &Path, common_dir: &Path, has_head: bool) -> Option<String> {
    let dot = root.join(".git");
    if !dot.exists() {
        return Some("its folder is gone; `git worktree prune` forgets it".to_owned());
    }
    let there = files::git_dir(root);
    if let Some(why) = git_dir(&there) {
        return Some(format!("its .git leads to {}, and {why}; `git worktree repair` may mend it", shown(&there)));
    }
    if has_head { None } else { unborn(&there, common_dir).err() }
}

/// An object that is not here.
pub(super) fn missing(folder: &Path, object: &str) -> GitError {
    if is_partial(folder) { partial(object) } else { GitError::new(format!("the object {object} is not here"), FSCK) }
}

/// A blob whose content is not there, or is too much of it.
pub(super) fn unreadable(folder: &Path, object: &str) -> GitError {
    if is_partial(folder) { partial(object) } else { GitError::new(format!("the object {object} is not here, or above 16 MiB"), FSCK) }
}

fn partial(object: &str) -> GitError {
    GitError::new(
        format!("{PARTIAL} and the object {object} is not here"),
        "checking fetches nothing: fetch it with `git cat-file -e OBJECT`, or all of them with `git fetch --refetch --no-filter`",
    )
}

fn is_partial(folder: &Path) -> bool {
    let pattern = "^(remote\\..*\\.promisor|extensions\\.partialclone)$";
    command::run(folder, Scope::Own, &["config", "--get-regexp", pattern], None).is_ok()
}

/// A mend that fits what git says, where its cause is known.
pub(super) fn cause(folder: &Path, said: &str) -> Option<GitError> {
    let line = |words: &[&str]| said.lines().map(str::trim).find(|line| words.iter().any(|word| line.contains(word))).map(str::to_owned);
    if let Some(line) =
        line(&["we do not understand", "unknown repository extension", "Expected git repo version", "unknown index entry format"])
    {
        let next = said.lines().skip_while(|other| other.trim() != line).nth(1).filter(|_| line.ends_with(':')).unwrap_or_default();
        return Some(GitError::new(
            format!("git is too old for this repository: {line} {}", next.trim()).trim_end().to_owned(),
            "update git",
        ));
    }
    if let Some(line) = line(&["index file corrupt", "index file smaller", "bad index file", "bad signature 0x", "unable to map index"]) {
        return Some(broken_index(&line));
    }
    if let Some(line) = line(&["bad config", "bad numeric config", "bad boolean config"]) {
        return Some(GitError::new(format!("git cannot read its configuration: {line}"), "mend that line of the file"));
    }
    let object = said.split(|letter: char| !letter.is_ascii_hexdigit()).find(|word| files::is_id(word));
    let lazily = said.contains("lazy fetching disabled") || said.contains("promisor");
    let lacks = ["unable to read", "bad tree object", "not a tree object", "bad object", "missing object", "could not read"];
    if lazily || (lacks.iter().any(|word| said.contains(word)) && is_partial(folder)) {
        return Some(partial(object.unwrap_or("that is asked for")));
    }
    None
}

/// An index that is no index any more.
pub(super) fn broken_index(said: &str) -> GitError {
    GitError::new(format!("the index is broken: {said}"), "delete the file `index` in the git directory, then `git reset` makes a new one")
}

fn shown(path: &Path) -> String {
    escaped(&path.components().collect::<PathBuf>().to_string_lossy())
}

fn escaped(text: &str) -> String {
    crate::model::path::RepoPath::new(text.as_bytes()).shown().into_owned()
}
