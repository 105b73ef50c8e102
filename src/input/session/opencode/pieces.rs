//! An export in pieces: the session's facts and each message with its parts, without holding the file in memory.
//!
//! `opencode export` writes one JSON document (`cli/cmd/export.ts`: `{info, messages: [{info, parts}]}`, with two spaces
//! a level; other tools write it on one line). A pipe cuts it at 64 KiB (issues 2803, 14948 and 29330 of
//! anomalyco/opencode), and `2>&1` puts a line of text before it: both are read.

use super::source::{RawMessage, RawPart};
use memchr::{memchr, memchr3};
use std::io::Read;

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// Keys are compared and then forgotten; a longer one is none that is looked for.
const LONGEST_KEY: usize = 64;

/// What a document holds, in the order in which it stands there.
pub(super) enum Piece {
    /// The raw JSON of the session's facts.
    Info(Vec<u8>),
    /// A message, whole or as far as the document goes.
    Message(RawMessage),
}

/// What was seen beside the pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The document ends before it is closed.
    pub(super) cut: bool,
    /// More stands behind the document.
    pub(super) more_behind: bool,
    /// The document is written over several lines. Told by what stands before the first message: a line end after that changes nothing.
    pub(super) in_lines: bool,
    /// How many lines stand before the document.
    pub(super) lines_before: u64,
}

/// Where the scanner is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Text {
    #[default]
    Outside,
    Inside,
    /// Right behind a backslash.
    Escaped,
}

/// The object that is being copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copy {
    Info,
    MessageInfo,
    Part,
}

/// Depth of the members of the document, of a message, and of the parts.
const DOCUMENT: u64 = 1;
const MESSAGES: u64 = 2;
const MESSAGE: u64 = 3;
const PARTS: u64 = 4;

/// A scanner over the bytes of a document.
#[derive(Debug, Default)]
struct Scanner {
    depth: u64,
    text: Text,
    line: u64,
    key: Vec<u8>,
    reads_key: bool,
    /// The last key of the document and of the message.
    of_document: Vec<u8>,
    of_message: Vec<u8>,
    copying: Option<(Copy, u64)>,
    buffer: Vec<u8>,
    begun: u64,
    message: RawMessage,
    seen: Seen,
    closed: bool,
    begins_line: bool,
    /// The first message has its number.
    is_numbered: bool,
    /// It is past the first byte of a part that is no object.
    in_scalar: bool,
}

/// Hands out the pieces of a document.
///
/// Errors: the source cannot be read.
pub(super) fn each_piece(mut source: impl Read, mut piece: impl FnMut(Piece)) -> std::io::Result<Seen> {
    let mut scanner = Scanner { line: 1, begins_line: true, ..Scanner::default() };
    let mut chunk = vec![0; CHUNK];
    loop {
        let got = match source.read(&mut chunk) {
            Ok(0) => break,
            Ok(got) => got,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        scanner.take(&chunk[..got], &mut piece);
    }
    Ok(scanner.finish(&mut piece))
}

impl Scanner {
    fn take(&mut self, mut bytes: &[u8], piece: &mut impl FnMut(Piece)) {
        while !bytes.is_empty() {
            let used = match self.text {
                Text::Outside if self.depth == 0 => self.between_documents(bytes),
                Text::Outside => self.structure(bytes, piece),
                Text::Inside => self.inside(bytes),
                Text::Escaped => {
                    self.text = Text::Inside;
                    self.keep(&bytes[..1]);
                    1
                }
            };
            bytes = &bytes[used..];
        }
    }

    /// Before the document only a brace that begins a line counts; behind it nothing does.
    fn between_documents(&mut self, bytes: &[u8]) -> usize {
        if self.closed {
            self.seen.more_behind |= bytes.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != 0);
            return bytes.len();
        }
        match bytes[0] {
            b'{' if self.begins_line => {
                self.seen.lines_before = self.line - 1;
                self.depth = 1;
                1
            }
            b'\n' => {
                self.line += 1;
                self.begins_line = true;
                1
            }
            byte => {
                let blank = byte.is_ascii_whitespace() || byte == 0 || matches!(byte, 0xef | 0xbb | 0xbf);
                self.begins_line &= blank;
                if blank { 1 } else { memchr(b'\n', bytes).unwrap_or(bytes.len()) }
            }
        }
    }

    /// A part that is no object is kept as a broken one by its first byte; several in a row count as one.
    fn no_object(&mut self, byte: u8) {
        let begins = matches!(byte, b'"' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n');
        let is_part = self.depth == PARTS && self.copying.is_none() && self.in_messages() && self.of_message == b"parts";
        if is_part && begins && !self.in_scalar && self.message.parts.last().is_none_or(|last| last.bytes.len() > 1) {
            self.message.parts.push(RawPart { line: self.number(), id: None, bytes: vec![byte] });
        }
        self.in_scalar = is_part && (begins || self.in_scalar) && byte != b',';
    }

    /// One byte outside of a text.
    fn structure(&mut self, bytes: &[u8], piece: &mut impl FnMut(Piece)) -> usize {
        self.no_object(bytes[0]);
        match bytes[0] {
            b'"' => {
                self.text = Text::Inside;
                self.reads_key = self.copying.is_none() && matches!(self.depth, DOCUMENT | MESSAGE);
                self.key.clear();
            }
            b':' if self.copying.is_none() => self.end_key(),
            b'{' | b'[' => {
                self.depth += 1;
                if bytes[0] == b'{' && self.copying.is_none() {
                    self.begin_object();
                }
            }
            b'}' | b']' => {
                self.keep(&bytes[..1]);
                self.depth -= 1;
                self.end_object(piece);
                return 1;
            }
            b'\n' => {
                self.line += 1;
                self.seen.in_lines |= self.depth == DOCUMENT && !self.is_numbered;
                return 1;
            }
            // Space outside of texts says nothing: it is not kept.
            b' ' => return bytes.iter().take_while(|byte| **byte == b' ').count(),
            _ => {}
        }
        self.keep(&bytes[..1]);
        1
    }

    /// The bytes up to the end of a text, or all of them.
    fn inside(&mut self, bytes: &[u8]) -> usize {
        let mut used = 0;
        while let Some(at) = memchr3(b'"', b'\\', b'\n', &bytes[used..]) {
            used += at + 1;
            match bytes[used - 1] {
                b'"' => {
                    self.text = Text::Outside;
                    break;
                }
                // A raw line end inside of a text is no JSON, but it is a line.
                b'\n' => self.line += 1,
                _ if used < bytes.len() => used += 1,
                _ => {
                    self.text = Text::Escaped;
                    break;
                }
            }
        }
        let ended = self.text == Text::Outside;
        let used = if self.text == Text::Inside { bytes.len() } else { used };
        if self.reads_key && self.key.len() <= LONGEST_KEY {
            self.key.extend_from_slice(&bytes[..(used - usize::from(ended)).min(LONGEST_KEY + 1)]);
        }
        self.keep(&bytes[..used]);
        used
    }

    fn end_key(&mut self) {
        match self.depth {
            DOCUMENT => self.of_document.clone_from(&self.key),
            MESSAGE if self.in_messages() => self.of_message.clone_from(&self.key),
            _ => {}
        }
    }

    /// The line, where a document that stands on one line does not make all lines the same.
    fn number(&self) -> u64 {
        if self.seen.in_lines { self.line } else { 0 }
    }

    fn in_messages(&self) -> bool {
        self.of_document == b"messages"
    }

    fn begin_object(&mut self) {
        let copy = match self.depth - 1 {
            DOCUMENT if self.of_document == b"info" => Copy::Info,
            MESSAGES if self.in_messages() => {
                self.is_numbered = true;
                self.message = RawMessage { line: self.number(), ..RawMessage::default() };
                self.of_message.clear();
                return;
            }
            MESSAGE if self.in_messages() && self.of_message == b"info" => Copy::MessageInfo,
            PARTS if self.in_messages() && self.of_message == b"parts" => Copy::Part,
            _ => return,
        };
        self.copying = Some((copy, self.depth));
        self.begun = self.number();
        self.buffer.clear();
    }

    fn end_object(&mut self, piece: &mut impl FnMut(Piece)) {
        match self.copying {
            Some((copy, depth)) if self.depth < depth => {
                self.copying = None;
                // A copy of its own size: the buffer need not grow again for the next one, unless it has become a large one.
                let bytes = if self.buffer.len() > CHUNK { std::mem::take(&mut self.buffer) } else { self.buffer.clone() };
                match copy {
                    Copy::Info => piece(Piece::Info(bytes)),
                    Copy::MessageInfo => self.message.info = bytes,
                    Copy::Part => self.message.parts.push(RawPart { line: self.begun, id: None, bytes }),
                }
            }
            None if self.depth == MESSAGES && self.in_messages() => piece(Piece::Message(std::mem::take(&mut self.message))),
            _ => {}
        }
        self.closed |= self.depth == 0;
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.copying.is_some() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The end of the source: what is whole of the last message counts.
    fn finish(mut self, piece: &mut impl FnMut(Piece)) -> Seen {
        self.seen.cut = self.depth > 0;
        if self.seen.cut {
            if matches!(self.copying, Some((Copy::Info, _))) {
                piece(Piece::Info(std::mem::take(&mut self.buffer)));
            }
            if !self.message.info.is_empty() {
                piece(Piece::Message(std::mem::take(&mut self.message)));
            }
        }
        self.seen
    }
}
