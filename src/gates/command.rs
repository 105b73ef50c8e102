//! A gate's command as processes: the shell or none, `{files}` as separate arguments, split at the system's limit. Pure.

use crate::config::{Command, quoted};
use crate::model::path::RepoPath;
use std::ffi::OsString;
use std::ops::Range;

/// The most bytes of files that one process is given. Systems take at least 128 KiB of arguments and variables together,
/// Linux and macOS eight times that.
const BUDGET: usize = 120_000;
/// The same where the files stand in the text of `cmd`, which takes 8191 characters.
const WINDOWS_BUDGET: usize = 6_000;

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

/// The processes that a gate runs one after another until one fails; `files` is what `{files}` stands for. None where the
/// command asks for files and there are none: it was written for files, and not for their absence.
pub fn invocations(command: &Command, files: &[RepoPath]) -> Vec<Invocation> {
    if !command.takes_files() {
        return vec![invocation(command, &[])];
    }
    let names: Vec<Vec<u8>> = files.iter().map(name).collect();
    let budget = if cfg!(windows) && matches!(command, Command::Shell(_)) { WINDOWS_BUDGET } else { BUDGET };
    parts(&names, budget).into_iter().map(|part| invocation(command, &names[part])).collect()
}

/// Both halves of a process that was given more files than the system takes, in their order. `None` where it was given one
/// or none, or where the files are no arguments of their own.
pub fn split(invocation: &Invocation) -> Option<[Invocation; 2]> {
    let Range { start, end } = invocation.files;
    let middle = start + end.checked_sub(start).filter(|count| *count >= 2)? / 2;
    let with = |files: Range<usize>| {
        let before = invocation.arguments.get(..start)?;
        let after = invocation.arguments.get(end..)?;
        let arguments = [before, invocation.arguments.get(files.clone())?, after].concat();
        Some(Invocation { arguments, files: start..start + files.len(), ..invocation.clone() })
    };
    Some([with(start..middle)?, with(middle..end)?])
}

/// The command that repeats one gate alone, with options that change what it does.
pub fn again(options: &[String], name: &str) -> String {
    let words = options.iter().map(String::as_str).chain([name]);
    words.fold("paralint gates".to_owned(), |line, word| format!("{line} {}", quoted(word)))
}

fn invocation(command: &Command, names: &[Vec<u8>]) -> Invocation {
    match command {
        Command::Shell(text) if cfg!(windows) => of_windows(text, names),
        Command::Shell(text) => of_shell(text, names),
        Command::Words(words) => of_words(words, names),
    }
}

/// The files follow as parameters: no shell reads a file's name.
fn of_shell(text: &str, names: &[Vec<u8>]) -> Invocation {
    let mut arguments: Vec<OsString> = vec!["-c".into(), text.replace(Command::FILES, "\"$@\"").into()];
    if !names.is_empty() {
        // What comes first is `$0`, by which the shell calls itself in messages.
        arguments.push("sh".into());
    }
    let start = arguments.len();
    arguments.extend(names.iter().map(|name| system_string(name)));
    Invocation { program: "/bin/sh".into(), files: start..arguments.len(), arguments, shell: true }
}

/// `cmd` knows no parameters. Whoever starts it must hand over the text as it is, without quotes of its own.
fn of_windows(text: &str, names: &[Vec<u8>]) -> Invocation {
    let quoted: Vec<String> = names.iter().map(|name| windows_quoted(&String::from_utf8_lossy(name))).collect();
    let text = text.replace(Command::FILES, &quoted.join(" "));
    Invocation { program: "cmd".into(), arguments: vec!["/C".into(), text.into()], files: 2..2, shell: true }
}

/// Inside quotes `cmd` obeys nothing but `%`, which stands outside, behind a caret: no variable has a name that begins with
/// quotes. A name holds no quotes on Windows.
fn windows_quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "").replace('%', "\"^%\""))
}

fn of_words(words: &[String], names: &[Vec<u8>]) -> Invocation {
    let (program, rest) = words.split_first().map_or((OsString::new(), &[][..]), |(program, rest)| (program.into(), rest));
    let mut arguments: Vec<OsString> = Vec::with_capacity(rest.len() + names.len());
    let mut files = None;
    for word in rest {
        if word == Command::FILES && files.is_none() {
            files = Some(arguments.len()..arguments.len() + names.len());
            arguments.extend(names.iter().map(|name| system_string(name)));
        } else {
            arguments.push(word.into());
        }
    }
    let end = arguments.len();
    Invocation { program, arguments, files: files.unwrap_or(end..end), shell: false }
}

/// A file's name as an argument: never an option.
fn name(file: &RepoPath) -> Vec<u8> {
    let bytes = file.as_bytes();
    if bytes.first() == Some(&b'-') { [b"./", bytes].concat() } else { bytes.to_vec() }
}

/// Stretches of files that fit the budget, each at least one file.
fn parts(names: &[Vec<u8>], budget: usize) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut used) = (Vec::new(), 0, 0);
    for (index, name) in names.iter().enumerate() {
        // Each ends with a NUL, or stands between quotes and behind a blank.
        let size = name.len() + if budget == WINDOWS_BUDGET { 3 } else { 1 };
        if index > start && used + size > budget {
            parts.push(start..index);
            (start, used) = (index, 0);
        }
        used += size;
    }
    if start < names.len() {
        parts.push(start..names.len());
    }
    parts
}

#[cfg(unix)]
fn system_string(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).to_owned()
}

#[cfg(not(unix))]
fn system_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests;
