//! A look at the beginning of a file, to tell its format from its content.

use super::shown;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How much is read first: enough for most logs.
const FIRST: u64 = 8 * 1024;

/// The most that is read: the first line of a log may hold a whole image.
const MOST: u64 = 64 << 20;

/// How many whole lines are looked at before a format counts as unknown.
const LINES: usize = 200;

/// The beginning of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance<'g> {
    /// The file.
    pub(super) path: &'g Path,
    /// Its first bytes, without a byte order mark.
    pub(super) bytes: &'g [u8],
    /// The file ends where `bytes` do.
    pub(super) whole: bool,
}

impl<'g> Glance<'g> {
    /// The whole lines, blank ones left out, without NUL bytes and space before them: what a crash or a merge leaves there.
    ///
    /// A last line without an end counts where the file ends with it.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'g [u8]> + use<'g> {
        let whole_bytes = if self.whole { self.bytes.len() } else { memchr::memrchr(b'\n', self.bytes).map_or(0, |at| at + 1) };
        self.bytes[..whole_bytes].split(|byte| *byte == b'\n').take(LINES).map(trimmed).filter(|line| !line.is_empty())
    }

    /// The bytes from the first that is neither NUL nor space.
    pub(super) fn content(&self) -> &'g [u8] {
        trimmed(self.bytes)
    }

    /// Whether more of the file could tell more.
    fn could_tell_more(&self) -> bool {
        !self.whole && self.bytes.iter().filter(|byte| **byte == b'\n').count() < LINES
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    let start = line.iter().position(|byte| *byte != 0 && !byte.is_ascii_whitespace()).unwrap_or(line.len());
    let end = line.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(start, |end| end + 1);
    &line[start..end.max(start)]
}

/// Shows `look` the beginning of a file, more of it as long as that finds nothing; `look` hears when it is the last time.
///
/// Errors: the file cannot be read, or is a folder.
pub(super) fn glance<T>(path: &Path, mut look: impl FnMut(&Glance<'_>, bool) -> Option<T>) -> std::io::Result<Option<T>> {
    if path.is_dir() {
        return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory));
    }
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    let mut limit = FIRST;
    loop {
        let missing = limit - bytes.len() as u64;
        file.by_ref().take(missing).read_to_end(&mut bytes)?;
        let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let seen = Glance { path, bytes: content, whole: (bytes.len() as u64) < limit };
        let last = limit >= MOST || !seen.could_tell_more();
        let found = look(&seen, last);
        if found.is_some() || last {
            return Ok(found);
        }
        limit *= 8;
    }
}

/// What is said of a text in an encoding that no agent writes, and some editors do.
pub(super) const UTF_16: &str = "it is UTF-16; save it as UTF-8";

/// Whether a text begins with the byte order mark of UTF-16.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// The same of a file; one that cannot be read is none.
pub(super) fn is_utf16_file(path: &Path) -> bool {
    let mut mark = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut mark)).is_ok() && is_utf16(&mark)
}

/// What stands at the beginning, for a message: the kind of content, and its first characters.
pub(super) fn description(seen: &Glance<'_>) -> String {
    let content = seen.content();
    if content.is_empty() {
        return "it is empty".to_owned();
    }
    if is_utf16(seen.bytes) {
        return UTF_16.to_owned();
    }
    let line = content.split(|byte| *byte == b'\n').next().unwrap_or(content);
    let shown: String = String::from_utf8_lossy(&line[..line.len().min(240)]).chars().take(60).collect();
    format!("it begins with {shown:?}")
}

/// The error of a file that no format recognises.
pub(super) fn unknown(path: &Path) -> super::LogError {
    let told = glance(path, |seen, last| (last || !seen.content().is_empty()).then(|| (seen.content().is_empty(), description(seen))));
    let path = shown(path);
    match told {
        Err(source) => super::LogError::Unreadable { path, source },
        Ok(Some((true, _)) | None) => super::LogError::NoRecord { path, bad_lines: 0 },
        Ok(Some((false, saw))) => super::LogError::UnknownFormat { path, saw, known: super::names().join(", ") },
    }
}
