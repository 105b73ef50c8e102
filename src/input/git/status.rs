//! What `git status --porcelain=v2 -z` and `git worktree list --porcelain -z` print.

use super::error::GitError;
use super::raw::{RawChange, Side, side};
use super::source::{Listed, Uncommitted, path_of};
use crate::model::path::RepoPath;

/// Reads the status of a worktree.
pub(super) fn parse(output: &[u8]) -> Result<Uncommitted, GitError> {
    let mut found = Uncommitted::default();
    for line in output.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let read = match line[0] {
            b'1' => changed(line, &mut found),
            b'u' => unmerged(line, &mut found),
            b'?' => untracked(line, &mut found),
            _ => Some(()),
        };
        read.ok_or_else(|| GitError::garbled("status"))?;
    }
    Ok(found)
}

/// The words before the path, and the path.
fn fields(line: &[u8], count: usize) -> Option<(Vec<&str>, RepoPath)> {
    let mut parts = line.splitn(count + 1, |byte| *byte == b' ');
    let words: Vec<&str> = parts.by_ref().take(count).map(|word| std::str::from_utf8(word).ok()).collect::<Option<_>>()?;
    let path = parts.next().filter(|path| !path.is_empty())?;
    Some((words, RepoPath::new(path)))
}

/// `1 XY sub mH mI mW hH hI path`
fn changed(line: &[u8], found: &mut Uncommitted) -> Option<()> {
    let (words, path) = fields(line, 8)?;
    let (head, index) = (side(words[3], words[6])?, side(words[4], words[7])?);
    let mut letters = words[1].chars();
    if letters.next()? != '.' {
        found.staged.push(RawChange { path: path.clone(), old: head, new: index.clone() });
    }
    if letters.next()? != '.' {
        let work = side(words[5], "0")?;
        found.unstaged.push(RawChange { path, old: index, new: work });
    }
    Some(())
}

/// `u XY sub m1 m2 m3 mW h1 h2 h3 path`: a conflict is work on that path, whatever it will become.
fn unmerged(line: &[u8], found: &mut Uncommitted) -> Option<()> {
    let (words, path) = fields(line, 10)?;
    let (ours, work) = (side(words[4], words[8])?, side(words[6], "0")?);
    found.unstaged.push(RawChange { path, old: ours, new: work });
    Some(())
}

/// `? path`; a folder is another repository, whose files are not this one's.
fn untracked(line: &[u8], found: &mut Uncommitted) -> Option<()> {
    let (_, path) = fields(line, 1)?;
    if path.as_bytes().last() != Some(&b'/') {
        found.unstaged.push(RawChange { path, old: None, new: Some(Side { mode: 0o100_644, id: None }) });
    }
    Some(())
}

/// Reads the list of worktrees; the first is the main one.
pub(super) fn worktrees(output: &[u8]) -> Vec<Listed> {
    let mut all: Vec<Listed> = Vec::new();
    let mut first = true;
    let mut bare = false;
    for field in output.split(|byte| *byte == 0) {
        if let Some(root) = field.strip_prefix(b"worktree ") {
            all.push(Listed { root: path_of(root), main: first, head: None, branch: None, merged: Vec::new(), problem: None, own: None });
            first = false;
        }
        let Some(tree) = all.last_mut() else { continue };
        let text = String::from_utf8_lossy(field);
        if text == "bare" {
            bare = true;
        } else if let Some(id) = text.strip_prefix("HEAD ") {
            tree.head = Some(id.to_owned()).filter(|id| id.bytes().any(|byte| byte != b'0'));
        } else if let Some(branch) = text.strip_prefix("branch ") {
            tree.branch = Some(branch.to_owned());
        }
    }
    if bare {
        all.retain(|tree| !tree.main);
    }
    all
}
