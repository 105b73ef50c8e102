//! What a command says, line by line, and how it ends.

use super::super::{ExitStatus, FAILED, output};
use crate::report::text;
use std::path::{Path, PathBuf};

/// Something is left for the user to do.
pub(in crate::cli) const LEFT_TO_DO: ExitStatus = 1;

/// What is told, in order.
#[derive(Debug, Default)]
pub(in crate::cli) struct Told {
    /// Lines for standard output, in which nothing acts on a terminal.
    pub(in crate::cli) lines: Vec<String>,
    /// What could not be done, each with what to do.
    pub(in crate::cli) errors: Vec<(String, String)>,
    /// Something is left for the user to do.
    pub(in crate::cli) is_left: bool,
    /// Something was written.
    pub(in crate::cli) is_written: bool,
}

impl Told {
    /// Adds a line.
    pub(in crate::cli) fn say(&mut self, line: impl AsRef<str>) {
        self.lines.push(text::powerless(&text::visible(line.as_ref())).into_owned());
    }

    /// Adds a line about what the user has to do.
    pub(in crate::cli) fn leave(&mut self, line: impl AsRef<str>) {
        self.is_left = true;
        self.say(line);
    }

    /// Adds what could not be done.
    pub(in crate::cli) fn fail(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.errors.push((message.into(), hint.into()));
    }

    /// Adds what was left by runs that were killed, and is gone now.
    pub(in crate::cli) fn swept(&mut self, root: &Path, paths: &[PathBuf]) {
        for path in paths {
            self.say(format!("removed {}, which a run that was cut off had left", shown(root, path)));
        }
    }

    /// Prints all of it.
    pub(in crate::cli) fn end(self) -> ExitStatus {
        output::print(&self.lines.iter().map(|line| format!("{line}\n")).collect::<String>());
        for (message, hint) in &self.errors {
            output::complain(message, Some(hint.as_str()).filter(|hint| !hint.is_empty()));
        }
        match (self.errors.is_empty(), self.is_left) {
            (false, _) => FAILED,
            (true, true) => LEFT_TO_DO,
            (true, false) => 0,
        }
    }
}

/// A path as it is told: relative to the root where it lies below that.
pub(in crate::cli) fn shown(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    // The root itself has no name below itself.
    if path.is_empty() { ".".to_owned() } else { text::path(&path).into_owned() }
}
