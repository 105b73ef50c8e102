//! Session logs to `model::Session`: one file for each format, and finding them.
//!
//! A new format is one module with a `FORMAT` and one line in `FORMATS`.

mod claude_code;
mod codex;
mod copilot;
pub mod find;
mod foreign;
mod glance;
mod lines;
mod opencode;
mod paths;
mod progress;
mod salvage;
mod shell;
mod stamp;
mod test_output;
mod text;
mod thread;

use crate::model::session::Session;
use find::{Candidate, Found, LogFiles};
use glance::Glance;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// A log format: how it is recognised, which files make up its sessions, and how one of them is read.
#[derive(Debug)]
pub struct Format {
    /// Its name in reports and in `--input-format`.
    name: &'static str,
    /// What it is, for people.
    title: &'static str,
    /// A session has one identifier wherever its files lie, and no other has it.
    ids_are_unique: bool,
    /// How its files end. In a folder only files of these kinds are looked at.
    extensions: &'static [&'static str],
    /// Whether the beginning of a file is one of this format.
    recognises: fn(&Glance<'_>) -> bool,
    /// Puts files of this format together to sessions.
    group: fn(Vec<Candidate>, &mut Found),
    /// Reads one session.
    read: fn(&LogFiles) -> Result<Session, LogError>,
    /// The folders in which the program keeps its logs, those that exist.
    roots: fn() -> Vec<PathBuf>,
    /// The sessions below such roots that worked in one of some folders, or below.
    own: fn(folders: &[PathBuf], roots: &[PathBuf], found: &mut Found),
}

impl Format {
    /// Its name in reports and in `--input-format`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether some program keeps its logs in it, somewhere below its own folders.
    pub fn has_own_logs(&self) -> bool {
        self.name != text::FORMAT.name
    }
}

/// Every format that is known, in the order in which they are tried.
const FORMATS: &[Format] = &[claude_code::FORMAT, codex::FORMAT, opencode::FORMAT, copilot::FORMAT, text::FORMAT];

/// The names of all formats.
pub fn names() -> Vec<&'static str> {
    FORMATS.iter().map(|format| format.name).collect()
}

/// The names of all formats and what each is, for `--help` and documents.
pub fn titles() -> Vec<(&'static str, &'static str)> {
    FORMATS.iter().map(|format| (format.name, format.title)).collect()
}

/// The format of this name.
pub fn by_name(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Why a log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The operating system does not give it.
    #[error("failed to read {path}: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It holds nothing that is a record.
    #[error("{path} holds no record ({})", match bad_lines { 0 => "it is empty".to_owned(), 1 => "its one line is no JSON object".to_owned(), count => format!("none of its {count} lines is a JSON object") })]
    NoRecord {
        /// The file.
        path: String,
        /// Lines that are none.
        bad_lines: u64,
    },
    /// It was to be read as a format, and holds nothing of it.
    #[error("{path} holds no record of the format {format}: {saw}")]
    OtherFormat {
        /// The file.
        path: String,
        /// The format.
        format: &'static str,
        /// What it begins with.
        saw: String,
    },
    /// Its records are of no format that is known.
    #[error("{path} is in no known log format: {saw} (known: {known})")]
    UnknownFormat {
        /// The file.
        path: String,
        /// What it begins with.
        saw: String,
        /// The formats that are known.
        known: String,
    },
}

impl LogError {
    /// The system did not give the file; otherwise the file's own content is to blame.
    pub fn is_of_the_system(&self) -> bool {
        matches!(self, LogError::Unreadable { source, .. } if source.kind() != std::io::ErrorKind::InvalidData)
    }

    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            LogError::Unreadable { source, .. } if source.kind() == std::io::ErrorKind::InvalidData => {
                "it is damaged, or was not written to its end; `zstd -d` on a copy of it shows whether it can be unpacked"
            }
            LogError::Unreadable { .. } => "check that the path exists and that you may read it",
            LogError::NoRecord { .. } | LogError::OtherFormat { .. } | LogError::UnknownFormat { .. } => {
                "name a session log, such as ~/.claude/projects/<project>/<session>.jsonl or ~/.codex/sessions/<year>/<month>/<day>/rollout-<session>.jsonl, or a folder that holds some (docs/audit.md says where each agent keeps them); --input-format NAME reads it as that format"
            }
        }
    }
}

/// Reads one session.
pub fn read(files: &LogFiles) -> Result<Session, LogError> {
    let Some(format) = files.format else { return Err(glance::unknown(&files.main)) };
    (format.read)(files).map_err(|error| match (error, glance::unknown(&files.main)) {
        // It is not empty: what stands there instead says most.
        (LogError::NoRecord { path, .. }, LogError::UnknownFormat { saw, .. }) => LogError::OtherFormat { path, format: format.name, saw },
        (error, _) => error,
    })
}

/// Reads many sessions at once, in their order; `done` hears of each that ends.
pub fn read_all(logs: &[LogFiles], done: impl Fn(&LogFiles) + Sync) -> Vec<Result<Session, LogError>> {
    // The largest first: a long log that starts last would leave the other cores idle.
    let mut order: Vec<usize> = (0..logs.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(logs[*index].bytes));
    let mut results: Vec<(usize, Result<Session, LogError>)> = order
        .into_par_iter()
        .with_max_len(1)
        .map(|index| {
            let result = read(&logs[index]);
            done(&logs[index]);
            (index, result)
        })
        .collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The format of a file by its content.
///
/// Errors: it cannot be read.
fn recognise(path: &Path) -> std::io::Result<Option<&'static Format>> {
    glance::glance(path, |seen, _| FORMATS.iter().find(|format| (format.recognises)(seen)))
}

/// The names of all formats that a file's content is one of: at most one, as tests hold.
///
/// Errors: it cannot be read.
pub fn recognised_by(path: &Path) -> std::io::Result<Vec<&'static str>> {
    let mut names = Vec::new();
    glance::glance(path, |seen, last| {
        let new = FORMATS.iter().filter(|format| (format.recognises)(seen) && !names.contains(&format.name)).map(|format| format.name);
        names.extend(new.collect::<Vec<_>>());
        last.then_some(())
    })?;
    Ok(names)
}

/// Paths are bytes. What is not UTF-8 stands as `%FF`, and a `%` then as `%25`, so that two files never share a name.
fn percent_encoded(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(&chunk.valid().replace('%', "%25"));
        out.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    out
}

/// A path as reports show it: with `/`.
pub(crate) fn shown(path: &Path) -> String {
    let text = match path.to_str() {
        Some(text) => std::borrow::Cow::Borrowed(text),
        None => std::borrow::Cow::Owned(percent_encoded(path.as_os_str().as_encoded_bytes())),
    };
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() }
}
