//! `[gates]`: commands that must pass.

mod command;
mod names;
mod needs;
mod resolve;
mod resources;
mod written;

pub(super) use resolve::{MOST_RETRIES, MOST_WEIGHT, check_patterns, gates, known, phases};
pub(super) use written::Written;

use crate::model::mark::Mark;
use std::collections::BTreeMap;
use std::time::Duration;

/// One gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// The line that defines it.
    pub mark: Mark,
    /// Its command.
    pub run: Command,
    /// When it runs; always without a condition.
    pub when: When,
    /// The gates that must pass before it.
    pub needs: Vec<String>,
    /// Gates that name one resource never overlap.
    pub resources: Vec<String>,
    /// Of the jobs; at least 1.
    pub weight: u32,
    /// How long an attempt may take.
    pub timeout: Option<Duration>,
    /// How often it is tried again.
    pub retries: u32,
    /// How long to wait before the first of those; twice as long before each further one.
    pub backoff: Duration,
    /// The quality levels in which it runs; all of them where there is none.
    pub profiles: Vec<Profile>,
    /// Variables of its environment.
    pub env: BTreeMap<String, String>,
    /// What it runs on.
    pub inputs: Inputs,
    /// The folder that it runs in, relative to the root, without `.`, `..` and empty parts; the root itself without one.
    pub dir: Option<String>,
    /// It sees the variables by which git's hooks name the repository and its index.
    pub git_env: bool,
    /// It is not run again for a tree for which it has passed; only where `inputs` is the index.
    pub cache: bool,
}

/// A gate's command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// For the platform's shell.
    Shell(String),
    /// A program and its arguments, at least the program.
    Words(Vec<String>),
}

impl Command {
    /// What stands for the changed files.
    pub const FILES: &str = "{files}";

    /// Whether it is given the changed files. In a list they stand as an element of their own, or the list was refused.
    pub fn takes_files(&self) -> bool {
        match self {
            Command::Shell(text) => text.contains(Command::FILES),
            Command::Words(words) => words.iter().any(|word| word == Command::FILES),
        }
    }

    /// As it is shown.
    pub fn shown(&self) -> String {
        match self {
            Command::Shell(text) => text.clone(),
            Command::Words(words) => {
                // What stands for files is no word that a shell would have to be kept from.
                let word = |word: &String| if word == Command::FILES { word.clone() } else { quoted(word) };
                words.iter().map(word).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// A word as a shell needs it: in quotes where it would otherwise be more or less than one word.
pub fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./:@%+=,".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Conditions: all that are given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// A changed file matches one of these patterns, written as in BOUNDARIES.json.
    pub changed: Vec<String>,
    /// The current phase, sub-phase or wave is one of these.
    pub phases: Vec<String>,
    /// A file or folder matches each of these patterns.
    pub exists: Vec<String>,
}

/// A level of quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// A quick prototype.
    Draft,
    /// The usual.
    #[default]
    Production,
    /// Everything that there is.
    Bulletproof,
}

impl Profile {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Profile::Draft => "draft",
            Profile::Production => "production",
            Profile::Bulletproof => "bulletproof",
        }
    }
}

/// What a gate runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inputs {
    /// The work tree as it is.
    #[default]
    Worktree,
    /// A checkout of what is staged, in a folder of its own.
    Index,
}

#[cfg(test)]
mod tests;
