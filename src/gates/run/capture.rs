//! What a gate prints, in bounded memory: the beginning, the end, the last line, and a file with all of it where it is long.
#![allow(clippy::disallowed_methods)]

use crate::model::gate::Captured;
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How much of an output is kept in memory, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Of its beginning.
    pub(super) head: usize,
    /// Of its end.
    pub(super) tail: usize,
}

/// What one running gate may fill.
pub(super) const ROOM: Room = Room { head: 256 << 10, tail: 256 << 10 };

/// The most of a last line that is kept, in bytes.
const LINE: usize = 300;

/// How many names are tried for the file of one output.
const NAMES: u32 = 10_000;

/// What one attempt has printed so far.
#[derive(Debug)]
pub(super) struct Capture {
    name: String,
    folder: Option<PathBuf>,
    room: Room,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    omitted: u64,
    file: Whole,
    line: LastLine,
}

/// Where all of an output is.
#[derive(Debug)]
enum Whole {
    /// In memory.
    Memory,
    /// In a file.
    File(File, PathBuf),
    /// Nowhere, and why.
    Lost(String),
}

impl Capture {
    /// Of a gate of this name; a long output goes to a file in the folder.
    pub(super) fn new(name: &str, folder: Option<&Path>, room: Room) -> Capture {
        Capture {
            name: name.to_owned(),
            folder: folder.map(Path::to_owned),
            room,
            head: Vec::new(),
            tail: VecDeque::new(),
            omitted: 0,
            file: Whole::Memory,
            line: LastLine::default(),
        }
    }

    /// The gate printed this.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.line.push(bytes);
        let (head, rest) = bytes.split_at(bytes.len().min(self.room.head - self.head.len()));
        self.head.extend_from_slice(head);
        if rest.is_empty() {
            return;
        }
        // What leaves memory must be in the file before it does.
        if matches!(self.file, Whole::Memory) && self.tail.len() + rest.len() > self.room.tail {
            self.file = self.begin_file();
        }
        self.append_to_file(rest);
        let kept = &rest[rest.len().saturating_sub(self.room.tail)..];
        let leaving = (self.tail.len() + kept.len()).saturating_sub(self.room.tail);
        self.tail.drain(..leaving);
        self.tail.extend(kept);
        self.omitted += (rest.len() - kept.len() + leaving) as u64;
    }

    /// The last line that says something, at most some hundred bytes of it.
    pub(super) fn last_line(&self) -> &[u8] {
        self.line.get()
    }

    /// What is kept, and the path of the file with all of it.
    pub(super) fn finish(self) -> (Captured, Option<PathBuf>) {
        let (file, file_error) = match self.file {
            Whole::Memory => (None, None),
            Whole::File(_, path) => (Some(path), None),
            Whole::Lost(why) => (None, Some(why)),
        };
        let shown = file.as_ref().map(|path| path.to_string_lossy().into_owned());
        (Captured { head: self.head, tail: self.tail.into(), omitted: self.omitted, file: shown, file_error }, file)
    }

    fn begin_file(&self) -> Whole {
        let Some(folder) = &self.folder else {
            return Whole::Lost("there is no folder that it could be written to".to_owned());
        };
        let (first, second) = self.tail.as_slices();
        let begun = create(folder, &self.name).and_then(|(mut file, path)| {
            let written = [&self.head[..], first, second].into_iter().try_for_each(|part| file.write_all(part));
            written.map(|()| (file, path.clone())).inspect_err(|_| remove(&path))
        });
        match begun {
            Ok((file, path)) => Whole::File(file, path),
            Err(error) => Whole::Lost(format!("failed to write it to {}: {error}", folder.display())),
        }
    }

    /// A part of an output would be taken for all of it: where writing fails, the file goes away.
    fn append_to_file(&mut self, bytes: &[u8]) {
        if let Whole::File(file, path) = &mut self.file
            && let Err(error) = file.write_all(bytes)
        {
            let why = format!("failed to write it to {}: {error}", path.display());
            remove(path);
            self.file = Whole::Lost(why);
        }
    }
}

/// Takes away the file of an output that is of no use any more. That it may stay behind harms nobody.
pub(super) fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
}

/// A new file of a gate: nothing that is there, be it a link, is opened or overwritten.
fn create(folder: &Path, name: &str) -> std::io::Result<(File, PathBuf)> {
    std::fs::create_dir_all(folder)?;
    let stem = stem(name);
    for number in 1..NAMES {
        let path = folder.join(if number == 1 { format!("{stem}.log") } else { format!("{stem}-{number}.log") });
        match File::options().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::other("there are too many outputs of earlier runs"))
}

/// A gate's name as the name of a file: in any folder, on any system, and not hidden.
fn stem(name: &str) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    let stem: String = name.chars().map(safe).take(80).collect();
    let stem = stem.trim_start_matches(['.', '-']);
    if stem.is_empty() { "gate".to_owned() } else { stem.to_owned() }
}

/// Keeps so much of the beginning and of the end, and counts the rest as omitted.
pub(super) fn shorten(output: &mut Captured, keep: usize) {
    if output.head.len() + output.tail.len() <= 2 * keep {
        return;
    }
    let before = output.total();
    if output.omitted == 0 {
        output.tail = [std::mem::take(&mut output.head), std::mem::take(&mut output.tail)].concat();
        output.head = output.tail[..keep].to_vec();
    }
    output.head.truncate(keep);
    output.head.shrink_to_fit();
    output.tail = output.tail[output.tail.len().saturating_sub(keep)..].to_vec();
    output.omitted = before - (output.head.len() + output.tail.len()) as u64;
}

/// The last line that is not blank. A carriage return ends a line too: that is how progress is shown.
#[derive(Debug, Default)]
struct LastLine {
    /// The last one that ended.
    ended: Vec<u8>,
    /// The one that is being printed.
    open: Vec<u8>,
}

impl LastLine {
    fn push(&mut self, bytes: &[u8]) {
        let Some(last_end) = memchr::memrchr2(b'\n', b'\r', bytes) else {
            return extend_line(&mut self.open, bytes);
        };
        self.find_ended(&bytes[..last_end]);
        self.open.clear();
        extend_line(&mut self.open, &bytes[last_end + 1..]);
    }

    /// From the back, since only the last one counts. The first of these lines goes on where the open one stopped.
    fn find_ended(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(end) = memchr::memrchr2(b'\n', b'\r', rest) {
            let line = &rest[end + 1..];
            if !is_blank(line) {
                self.ended.clear();
                return extend_line(&mut self.ended, line);
            }
            rest = &rest[..end];
        }
        extend_line(&mut self.open, rest);
        if !is_blank(&self.open) {
            std::mem::swap(&mut self.ended, &mut self.open);
        }
    }

    fn get(&self) -> &[u8] {
        if is_blank(&self.open) { &self.ended } else { &self.open }
    }
}

fn extend_line(line: &mut Vec<u8>, bytes: &[u8]) {
    line.extend_from_slice(&bytes[..bytes.len().min(LINE - line.len())]);
}

/// Only as much as is kept of a line is looked at, so that a line of many megabytes costs no more than a short one.
fn is_blank(line: &[u8]) -> bool {
    line[..line.len().min(LINE)].iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests;
