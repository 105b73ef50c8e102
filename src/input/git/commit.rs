//! Commit objects: the same reader for both ways.

use crate::model::moment::Moment;

/// What is read of a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) id: String,
    /// As the object names them: in a shallow clone they may not be here.
    pub(super) parents: Vec<String>,
    /// `Name <email>`
    pub(super) author: Option<String>,
    /// The committer's time.
    pub(super) committed: Option<Moment>,
    pub(super) trailers: Vec<(String, String)>,
}

impl Commit {
    /// Reads a commit object's bytes.
    pub(super) fn parse(id: &str, bytes: &[u8]) -> Commit {
        let end = memchr::memmem::find(bytes, b"\n\n").unwrap_or(bytes.len());
        let mut commit = Commit { id: id.to_owned(), ..Commit::default() };
        for line in bytes[..end].split(|byte| *byte == b'\n') {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                commit.parents.push(String::from_utf8_lossy(parent).into_owned());
            } else if let Some(person) = line.strip_prefix(b"author ") {
                commit.author = commit.author.or_else(|| name_and_address(person));
            } else if let Some(person) = line.strip_prefix(b"committer ") {
                commit.committed = commit.committed.or_else(|| time(person));
            }
        }
        commit.trailers = trailers(bytes.get(end + 2..).unwrap_or_default());
        commit
    }
}

fn name_and_address(person: &[u8]) -> Option<String> {
    let end = memchr::memrchr(b'>', person)?;
    Some(String::from_utf8_lossy(&person[..=end]).into_owned())
}

fn time(person: &[u8]) -> Option<Moment> {
    let end = memchr::memrchr(b'>', person)?;
    let text = std::str::from_utf8(&person[end + 1..]).ok()?;
    let seconds: i64 = text.split_whitespace().next()?.parse().ok()?;
    Some(Moment(seconds.checked_mul(1000)?))
}

/// The trailers of a message: those of its last paragraph, where that is not the subject.
fn trailers(message: &[u8]) -> Vec<(String, String)> {
    // A line of dashes ends a message for libgit2, as in a mailed patch; in a commit it does not. So it is given the last
    // paragraph alone, below a subject that cannot be taken for one.
    let Some(paragraph) = last_paragraph(message) else { return Vec::new() };
    let mut text = b"subject\n\n".to_vec();
    text.extend_from_slice(paragraph);
    text.push(b'\n');
    let Ok(found) = git2::message_trailers_bytes(text) else { return Vec::new() };
    let owned = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    found.iter().map(|(key, value)| (owned(key), owned(value))).collect()
}

/// What follows the last blank line; `None` where there is only a subject.
fn last_paragraph(message: &[u8]) -> Option<&[u8]> {
    let text = message.trim_ascii();
    let mut start = text.len();
    while let Some(newline) = memchr::memrchr(b'\n', &text[..start]) {
        let line_start = memchr::memrchr(b'\n', &text[..newline]).map_or(0, |index| index + 1);
        if text[line_start..newline].trim_ascii().is_empty() {
            return text.get(newline + 1..);
        }
        start = newline;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str) -> Vec<(String, String)> {
        let bytes = format!("tree 0\nauthor A B <a@b> 1 +0000\ncommitter C <c@d> 1772359200 +0100\n\n{message}");
        Commit::parse("1", bytes.as_bytes()).trailers
    }

    #[test]
    fn people_and_times_are_read() {
        let commit = Commit::parse("1", b"tree 0\nparent 2\nauthor A <x> B <a@b> 1 +0000\ncommitter C <c@d> 1772359200 +0100\n\nsubject");
        assert_eq!(commit.author.as_deref(), Some("A <x> B <a@b>"));
        assert_eq!(commit.committed, Some(Moment(1_772_359_200_000)));
        assert_eq!(Commit::parse("1", b"").author, None);
        assert_eq!(Commit::parse("1", b"author \xff> x\ncommitter > 99999999999999999999").committed, None);
    }

    #[test]
    fn trailers_are_those_of_the_last_paragraph() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read("subject\n\nbody\n\nAgent: task-1\nSigned-off-by: A <a@b>\n").first(), Some(&pair("Agent", "task-1")));
        assert_eq!(read("subject\n\nbody\n---\nmore\n\nAgent: task-1\n"), [pair("Agent", "task-1")]);
        assert_eq!(read("Agent: task-1\n"), []);
        assert_eq!(read("subject\n\nAgent: task-1\n\nno trailer\n"), []);
        assert_eq!(read("subject\n\nit says Agent: task-1 in a sentence\n"), []);
        assert_eq!(read("subject\n\nAgent: \0task-1\n"), []);
    }
}
