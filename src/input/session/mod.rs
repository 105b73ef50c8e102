//! Session logs to `model::Session`: one file for each format, and finding them.
//!
//! A new format is one module with a `FORMAT` and one line in `FORMATS`.

mod claude_code;
pub mod find;
mod lines;
mod paths;
mod progress;
mod shell;
mod test_output;

use crate::model::session::Session;
use find::LogFiles;
use rayon::prelude::*;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

/// A log format: how it is recognised from one line, and how it is read.
struct Format {
    name: &'static str,
    recognises: fn(&[u8]) -> bool,
    read: fn(&LogFiles) -> Result<Session, LogError>,
}

/// Every format that is known, in the order in which they are tried.
const FORMATS: &[Format] = &[claude_code::FORMAT];

/// How many lines are looked at before a format counts as unknown.
const LINES_TO_RECOGNISE: u64 = 200;

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
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            LogError::Unreadable { .. } => "check that the path exists and that you may read it",
            LogError::NoRecord { .. } | LogError::UnknownFormat { .. } => {
                "name a session log, such as ~/.claude/projects/<project>/<session>.jsonl, or a folder that holds some"
            }
        }
    }
}

/// Reads one session.
pub fn read(files: &LogFiles) -> Result<Session, LogError> {
    let format = recognise(&files.main)?;
    (format.read)(files)
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

fn recognise(path: &Path) -> Result<&'static Format, LogError> {
    let shown_path = shown(path);
    let failed = |source| LogError::Unreadable { path: shown_path.clone(), source };
    let mut found = None;
    let (mut lines, mut objects, mut first) = (0, false, String::new());
    each_line_of(path, |number, bytes| {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let start = bytes.iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()).unwrap_or(bytes.len());
        let bytes = &bytes[start..];
        found = FORMATS.iter().find(|format| (format.recognises)(bytes));
        if !bytes.is_empty() {
            lines += 1;
            objects |= bytes[0] == b'{' && crate::input::skim::Cursor::new(bytes).skip().is_ok();
            if first.is_empty() {
                first = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
            }
        }
        if found.is_some() || number >= LINES_TO_RECOGNISE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .map_err(failed)?;
    match found {
        Some(format) => Ok(format),
        None if !objects => Err(LogError::NoRecord { path: shown_path, bad_lines: lines }),
        None => {
            let known = FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
            Err(LogError::UnknownFormat { path: shown_path, saw: format!("it begins with {first:?}"), known })
        }
    }
}

fn each_line_of(path: &Path, line: impl FnMut(u64, &[u8]) -> ControlFlow<()>) -> std::io::Result<()> {
    if path.is_dir() {
        return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory));
    }
    lines::first_lines(File::open(path)?, line)
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
