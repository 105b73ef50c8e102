//! What every command with a report sets up: the configuration, threads, and the way to say that it cannot run.
#![allow(clippy::disallowed_methods)]

use super::FAILED;
use crate::audit::Outcome;
use crate::config::{Config, ConfigError};
use crate::input::configuration;
use crate::report::{assemble, v1};
use std::path::{Path, PathBuf};

/// Arguments about the configuration.
#[derive(Debug, clap::Args)]
pub(super) struct Setup {
    /// The configuration to use instead of the nearest paralint.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Configuration")]
    config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long, help_heading = "Configuration")]
    no_config: bool,
    /// How much to do at once: threads, or gates by their weight; one for each core without it
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Configuration")]
    jobs: Option<u16>,
}

/// More threads than this only cost time.
const MOST_JOBS: u16 = 64;

/// What kept the run from doing what it had to.
pub(super) struct Failure {
    pub(super) error: Box<v1::Error>,
}

pub(super) fn failure(kind: &str, message: String, hint: Option<String>, location: Option<v1::Location>) -> Failure {
    Failure { error: Box::new(v1::Error { kind: kind.to_owned(), message, hint, location }) }
}

/// The folder that paralint was started in.
pub(super) fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| failure("input", format!("failed to read the current folder: {error}"), None, None))
}

/// The report of a command that could not run.
pub(super) fn could_not_run(command: &'static str, failure: Failure) -> v1::Report {
    let frame = assemble::Frame { command, exit_code: i32::from(FAILED), error: Some(*failure.error), ..assemble::Frame::default() };
    assemble::report(frame, &Outcome::default())
}

/// A place for an error; line and column where they are known.
pub(super) fn place(path: &str, line: Option<u64>, column: Option<u64>) -> v1::Location {
    v1::Location { path: path.to_owned(), path_encoded: false, line, column, end_line: None, end_column: None }
}

impl Setup {
    /// Sets the number of threads.
    pub(super) fn set_threads(&self) {
        if let Some(jobs) = self.jobs {
            // Fails only where a pool was built before, and then that one serves.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs.min(MOST_JOBS))).build_global();
        }
    }

    /// How many gates may run at once, by their weight.
    pub(super) fn gate_jobs(&self) -> u32 {
        let cores = || std::thread::available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX));
        self.jobs.map_or_else(cores, u32::from)
    }

    /// The configuration file: the one that was named, else the nearest from `folder` upward.
    pub(super) fn file(&self, folder: &Path) -> Option<PathBuf> {
        if self.no_config { None } else { self.config.clone().or_else(|| configuration::find(folder)) }
    }

    /// No configuration is to be read.
    pub(super) fn is_without_config(&self) -> bool {
        self.no_config
    }

    /// The configuration was named on the command line, or switched off there.
    pub(super) fn is_explicit(&self) -> bool {
        self.no_config || self.config.is_some()
    }

    /// The options that name the same configuration once more.
    pub(super) fn options_again(&self) -> Vec<String> {
        let named = self.config.iter().flat_map(|file| ["--config".to_owned(), file.to_string_lossy().into_owned()]);
        named.collect()
    }

    /// The configuration.
    pub(super) fn config(&self, folder: &Path) -> Result<Config, Failure> {
        let Some(path) = self.file(folder) else { return Ok(Config::default()) };
        let shown = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
        configuration::read(&path, &shown).map_err(config_failure)
    }
}

/// A configuration that cannot be used.
pub(super) fn config_failure(error: ConfigError) -> Failure {
    let location = place(&error.path, Some(error.line), Some(error.column));
    failure("configuration", error.to_string(), error.hint, Some(location))
}

pub(super) fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ if noun.ends_with("ch") => format!("{count} {noun}es"),
        _ => format!("{count} {noun}s"),
    }
}
