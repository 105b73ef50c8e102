//! Real git repositories in temporary folders, with nothing of this machine's configuration.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A repository that goes away with its value.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
    work: PathBuf,
}

/// git in a folder, with a scrubbed environment and fixed people and times.
pub(crate) fn git_in(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "ada@example.org")
        .env("GIT_COMMITTER_NAME", "Ada")
        .env("GIT_COMMITTER_EMAIL", "ada@example.org")
        .env("GIT_AUTHOR_DATE", "2026-03-01T10:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-03-01T10:00:00Z")
        .current_dir(folder);
    command
}

impl Repository {
    /// An empty repository whose branch is `main`.
    pub(crate) fn new() -> Repository {
        Repository::with(&["init", "-q", "-b", "main", "work"])
    }

    /// A repository made by a command of git that makes `work`.
    pub(crate) fn with(arguments: &[&str]) -> Repository {
        let folder = tempfile::tempdir().unwrap();
        // The folder above is for what lies beside a repository: worktrees, clones.
        let repository = Repository { work: folder.path().join("work"), folder };
        let output = git_in(repository.folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        repository
    }

    /// The work tree.
    pub(crate) fn path(&self) -> &Path {
        &self.work
    }

    /// A place beside the work tree.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs git, which has to work, and returns what it printed.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git.
    pub(crate) fn try_git(&self, arguments: &[&str]) -> Output {
        git_in(self.path()).args(arguments).output().unwrap()
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Renames a file, and the folders above it.
    pub(crate) fn rename(&self, from: &str, to: &str) {
        std::fs::create_dir_all(self.path().join(to).parent().unwrap()).unwrap();
        self.git(&["mv", "--", from, to]);
    }

    /// Commits everything.
    pub(crate) fn commit_all(&self, message: &str) {
        self.git(&["add", "-A", "-f"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    /// Copies a folder into the work tree, times filled in.
    pub(crate) fn copy(&self, source: &Path) {
        for entry in walkdir::WalkDir::new(source).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
            let target = self.path().join(entry.path().strip_prefix(source).unwrap());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            let bytes = std::fs::read(entry.path()).unwrap();
            match String::from_utf8(bytes) {
                Ok(text) => std::fs::write(target, with_times(&text)).unwrap(),
                Err(error) => std::fs::write(target, error.into_bytes()).unwrap(),
            }
        }
    }
}

/// Fills in `{{now-2h}}` and its kin.
pub(crate) fn with_times(text: &str) -> String {
    let pattern = regex::Regex::new(r"\{\{now([+-]\d+)([mhd])\}\}").unwrap();
    let now = jiff::Timestamp::now();
    pattern
        .replace_all(text, |found: &regex::Captures<'_>| {
            let count: i64 = found[1].parse().unwrap();
            let hours = match &found[2] {
                "m" => return (now + jiff::SignedDuration::from_mins(count)).to_string(),
                "d" => count * 24,
                _ => count,
            };
            (now + jiff::SignedDuration::from_hours(hours)).to_string()
        })
        .into_owned()
}
