//! A gate's command as processes: the shell or none, `{files}` as separate arguments, split at the system's limit. Pure.

use crate::config::Command;
use crate::model::path::RepoPath;
use std::ffi::OsString;
use std::ops::Range;

/// One process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The program.
    pub program: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Where the files begin among the arguments, and how many they are: where the system finds the list too long, it can
    /// be split there.
    pub files: Range<usize>,
    /// It is the platform's shell, whose 126 and 127 say that a command could not start.
    pub shell: bool,
}

/// The processes that a gate runs one after another until one fails; `files` is what `{files}` stands for.
pub fn invocations(command: &Command, files: &[RepoPath]) -> Vec<Invocation> {
    let _ = (command, files);
    Vec::new()
}

/// Two invocations with half of the files each, where there are two files to part.
pub fn split(invocation: &Invocation) -> Option<[Invocation; 2]> {
    let Range { start, end } = invocation.files;
    if end > invocation.arguments.len() || end.saturating_sub(start) < 2 {
        return None;
    }
    let middle = start + (end - start) / 2;
    let with = |files: Range<usize>| Invocation {
        program: invocation.program.clone(),
        arguments: [&invocation.arguments[..start], &invocation.arguments[files.clone()], &invocation.arguments[end..]].concat(),
        files: start..start + files.len(),
        shell: invocation.shell,
    };
    Some([with(start..middle), with(middle..end)])
}
