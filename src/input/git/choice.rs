//! Which way of reading is taken.

use super::command;
use super::error::GitError;
use super::libgit2::Libgit2;
use super::plumbing::Plumbing;
use super::source::Source;
use super::{Facts, Repository};
use std::path::Path;

/// An index of more bytes than this (some 2,500 files) is read faster by git's own processes than by libgit2, which checks
/// every path and byte.
const LARGE_INDEX: u64 = 192 << 10;

/// Which way of reading repositories to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Choice {
    /// The cheaper one of those that can read the repository
    #[default]
    #[value(name = "auto")]
    Automatic,
    /// libgit2, in this process
    Libgit2,
    /// git's own commands
    Git,
}

impl Repository {
    /// Opens the repository that `folder` belongs to.
    pub fn open(folder: &Path) -> Result<Repository, GitError> {
        Repository::open_with(folder, Choice::Automatic)
    }

    /// Opens the repository that `folder` belongs to, and reads it in the way that was chosen.
    pub fn open_with(folder: &Path, choice: Choice) -> Result<Repository, GitError> {
        match choice {
            Choice::Git => Plumbing::open(folder).map(|(git, facts)| Repository::new(facts, git, None)),
            Choice::Libgit2 => Libgit2::open(folder).map(|(libgit2, facts)| Repository::new(facts, libgit2, None)),
            Choice::Automatic => cheaper(folder),
        }
    }

    fn new(facts: Facts, source: impl Source + 'static, fallback: Option<Plumbing>) -> Repository {
        let mut repository = Repository { facts, source: Box::new(source), fallback };
        repository.find_roots();
        repository
    }
}

fn cheaper(folder: &Path) -> Result<Repository, GitError> {
    match Libgit2::open(folder) {
        Ok((libgit2, facts)) if !command::is_there() => Ok(Repository::new(facts, libgit2, None)),
        Ok((libgit2, facts)) => {
            let mut git = Plumbing::for_folder(folder);
            git.keep_apart(&facts.git_dir)?;
            let is_large = std::fs::metadata(libgit2.index_path()).is_ok_and(|data| data.len() > LARGE_INDEX);
            if is_large || libgit2.is_partial() {
                return Ok(Repository::new(facts, git, None));
            }
            Ok(Repository::new(facts, libgit2, Some(git)))
        }
        Err(error) if !command::is_there() => Err(error.with_hint_to_install()),
        // git knows best whether it is none, and whose it is.
        Err(_) => Plumbing::open(folder).map(|(git, facts)| Repository::new(facts, git, None)),
    }
}
