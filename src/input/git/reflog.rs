//! Reflogs: which commits were made here, and did not come from elsewhere.

use super::Repository;
use rustc_hash::FxHashSet;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Of a log so many bytes are read, from its end.
const LONGEST: u64 = 8 << 20;
/// So many logs are read.
const MOST: usize = 1_000;

impl Repository {
    /// Of these commits, those that were made in this clone, by the reflogs of all its worktrees and branches: those of a
    /// worktree go away with it, those of the branch stay. What was cloned, fetched, reset to or fast-forwarded to was not
    /// made here. Reflogs that are not kept in files (reftable) are not read.
    pub fn made_here(&self, commits: &[String]) -> Vec<String> {
        let mut asked: FxHashSet<&str> = commits.iter().map(String::as_str).collect();
        let mut made: FxHashSet<&str> = FxHashSet::default();
        for log in logs(&self.facts.git_dir, &self.facts.common_dir) {
            if asked.is_empty() {
                break;
            }
            for line in tail(&log).split(|byte| *byte == b'\n') {
                if let Some(commit) = made_by(line).and_then(|commit| asked.take(commit)) {
                    made.insert(commit);
                }
            }
        }
        commits.iter().filter(|commit| made.contains(commit.as_str())).cloned().collect()
    }
}

/// The logs of every `HEAD` and every branch.
fn logs(git_dir: &Path, common_dir: &Path) -> Vec<PathBuf> {
    let mut all = vec![git_dir.join("logs/HEAD")];
    if git_dir != common_dir {
        all.push(common_dir.join("logs/HEAD"));
    }
    let worktrees = std::fs::read_dir(common_dir.join("worktrees")).into_iter().flatten().flatten();
    all.extend(worktrees.map(|entry| entry.path().join("logs/HEAD")).filter(|log| *log != all[0]).take(MOST).collect::<Vec<_>>());
    let branches = walkdir::WalkDir::new(common_dir.join("logs/refs/heads")).max_depth(32).into_iter().flatten();
    all.extend(branches.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).take(MOST));
    all
}

/// The end of a file; nothing where it is none.
fn tail(path: &Path) -> Vec<u8> {
    let read = || -> std::io::Result<Vec<u8>> {
        // Opening anything else could wait for ever.
        let length = std::fs::symlink_metadata(path)?;
        if !length.is_file() {
            return Ok(Vec::new());
        }
        let mut file = std::fs::File::open(path)?;
        file.seek(SeekFrom::Start(length.len().saturating_sub(LONGEST)))?;
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().unwrap_or_default()
}

/// The commit of a line `OLD NEW NAME <EMAIL> TIME ZONE<tab>MESSAGE`, where it was made by what the line tells of.
fn made_by(line: &[u8]) -> Option<&str> {
    let tab = memchr::memchr(b'\t', line)?;
    // A name may be in any encoding.
    let mut words = line[..tab].split(|byte| *byte == b' ');
    let new = std::str::from_utf8(words.nth(1)?).ok()?;
    makes_a_commit(&String::from_utf8_lossy(&line[tab + 1..])).then_some(new)
}

/// Whether git writes this message when it makes a commit. `GIT_REFLOG_ACTION` and programs of their own can write others.
fn makes_a_commit(message: &str) -> bool {
    let (action, rest) = message.split_once(':').unwrap_or((message, ""));
    let rest = rest.trim();
    let verb = action.split(' ').next().unwrap_or_default();
    // `rebase (pick)`, `rebase -i (squash)`, `pull --rebase origin main (continue)`, `commit (amend)`
    let step = action.strip_suffix(')').and_then(|action| action.rsplit_once('(')).map(|(_, step)| step);
    let merged = !action.is_empty() && rest.starts_with("Merge made by");
    match (verb, step) {
        ("commit", _) => true,
        ("cherry-pick" | "revert" | "am", _) => rest != "fast-forward",
        ("rebase" | "pull", Some("pick" | "reword" | "edit" | "squash" | "fixup" | "continue" | "merge")) => rest != "fast-forward",
        // As git before 2.26 wrote it.
        ("rebase", None) => !rest.is_empty() && rest != "fast-forward" && !rest.starts_with("checkout ") && !rest.starts_with("aborting"),
        ("merge" | "pull", _) => merged,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_a_commit_is_told_from_what_moves() {
        let made = [
            "commit: add a",
            "commit (initial): first",
            "commit (amend): add: b",
            "commit (merge): Merge branch 'x'",
            "commit (cherry-pick): c",
            "cherry-pick: fix",
            "revert: Revert \"x\"",
            "rebase (pick): a",
            "rebase -i (squash): b",
            "rebase (continue): c",
            "pull --rebase origin main (pick): d",
            "rebase: old way",
            "merge agent/a: Merge made by the 'ort' strategy.",
            "pull origin main: Merge made by the 'ort' strategy.",
            "am: patch",
        ];
        for message in made {
            assert!(makes_a_commit(message), "{message}");
        }
        let moved = [
            "clone: from https://example.org/x",
            "checkout: moving from main to commit",
            "reset: moving to HEAD~1",
            "pull: Fast-forward",
            "pull origin main: Fast-forward",
            "merge agent/a: Fast-forward",
            "fetch origin: storing head",
            "branch: Created from commit: x",
            "rebase (start): checkout main",
            "rebase (finish): returning to refs/heads/x",
            "rebase (abort): returning to refs/heads/x",
            "rebase: fast-forward",
            "cherry-pick: fast-forward",
            "initial pull",
            "committed: x",
            "",
        ];
        for message in moved {
            assert!(!makes_a_commit(message), "{message}");
        }
    }

    #[test]
    fn a_line_gives_the_new_commit_whatever_the_name_is() {
        assert_eq!(made_by(b"0 1 Ada \xff <a@b> 1 +0000\tcommit: x"), Some("1"));
        assert_eq!(made_by(b"0 1 Ada <a@b> 1 +0000\tpull: Fast-forward"), None);
        for line in [&b""[..], b"\t", b"0\tcommit: x", b"0 1 Ada"] {
            assert_eq!(made_by(line), None);
        }
    }
}
