//! A cursor over one line of JSON that reads what is asked for and skips the rest in one pass.
//!
//! Session logs are read by the gigabyte and almost all of their bytes lie in strings that nobody asks for. A parser
//! that builds or validates every value needs three times as long. So this cursor checks the structure (brackets,
//! quotes, the commas and colons of what is entered) and leaves the inside of skipped values alone: neither broken
//! UTF-8, nor a million nested brackets, nor raw control characters in a field that is not read can hurt.
//! Nothing here recurses on input, and no value is copied until somebody asks for its text.

pub mod fields;
use memchr::memchr;
use std::borrow::Cow;

/// Why a value could not be read: the offset at which it stopped making sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken(pub usize);

/// The result of one step.
pub type Step<T> = Result<T, Broken>;

/// The raw inside of a JSON string, between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Raw<'a> {
    /// The bytes as they are written.
    pub bytes: &'a [u8],
    /// `false` where no escape is among them; `true` where one may be.
    escaped: bool,
}

impl<'a> Raw<'a> {
    /// The text with its escapes resolved. Lone surrogates and broken UTF-8 become U+FFFD.
    pub fn text(self) -> Cow<'a, str> {
        if self.escaped && memchr(b'\\', self.bytes).is_some() {
            Cow::Owned(unescape(self.bytes))
        } else {
            String::from_utf8_lossy(self.bytes)
        }
    }

    /// Whether the text equals `other`, escapes resolved.
    pub fn is(self, other: &str) -> bool {
        self.bytes == other.as_bytes() || (self.escaped && memchr(b'\\', self.bytes).is_some() && self.text() == other)
    }

    /// The bytes with their escapes resolved: for keys, which are compared and not shown.
    pub fn plain(self) -> Cow<'a, [u8]> {
        if self.escaped { Cow::Owned(self.text().into_owned().into_bytes()) } else { Cow::Borrowed(self.bytes) }
    }

    /// Bytes from between two quotes, of which nothing is known.
    pub fn new(bytes: &'a [u8]) -> Raw<'a> {
        Raw { bytes, escaped: true }
    }
}

/// What kind of value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    String,
    /// A number, `true`, `false` or `null`.
    Plain,
}

/// A position in a line of JSON.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { bytes, at: 0 }
    }

    /// The offset of the next byte.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space.
    pub fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The kind of the value that comes next.
    pub fn kind(&mut self) -> Step<Kind> {
        self.space();
        match self.byte() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::String),
            Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => Ok(Kind::Plain),
            _ => Err(Broken(self.at)),
        }
    }

    /// Calls `field` with each key of the object that comes next. What `field` leaves unread is skipped.
    pub fn object(&mut self, mut field: impl FnMut(&mut Cursor<'a>, Raw<'a>) -> Step<()>) -> Step<()> {
        self.expect(b'{')?;
        self.space();
        if self.byte() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            let key = self.string()?;
            self.space();
            self.expect(b':')?;
            self.space();
            let before = self.at;
            field(self, key)?;
            if self.at == before {
                self.skip()?;
            }
            if self.closed_by(b'}')? {
                return Ok(());
            }
        }
    }

    /// Calls `item` at each element of the array that comes next. What `item` leaves unread is skipped.
    pub fn array(&mut self, mut item: impl FnMut(&mut Cursor<'a>) -> Step<()>) -> Step<()> {
        self.expect(b'[')?;
        self.space();
        if self.byte() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.space();
            let before = self.at;
            item(self)?;
            if self.at == before {
                self.skip()?;
            }
            if self.closed_by(b']')? {
                return Ok(());
            }
        }
    }

    /// After a value: `true` at the closing bracket, `false` after a comma.
    fn closed_by(&mut self, bracket: u8) -> Step<bool> {
        self.space();
        match self.byte() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(Broken(self.at)),
        }
    }

    fn expect(&mut self, wanted: u8) -> Step<()> {
        if self.byte() == Some(wanted) {
            self.at += 1;
            Ok(())
        } else {
            Err(Broken(self.at))
        }
    }

    /// The string that comes next.
    pub fn string(&mut self) -> Step<Raw<'a>> {
        self.expect(b'"')?;
        let start = self.at;
        let escaped = self.end_of_string()?;
        Ok(Raw { bytes: &self.bytes[start..self.at - 1], escaped })
    }

    /// The string that comes next, or `None` after skipping a value of another type.
    pub fn string_or_skip(&mut self) -> Step<Option<Raw<'a>>> {
        if self.kind()? == Kind::String { self.string().map(Some) } else { self.skip().map(|_| None) }
    }

    /// The truth value that comes next, or `None` after skipping a value of another type.
    pub fn bool_or_skip(&mut self) -> Step<Option<bool>> {
        Ok(match self.skip()? {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        })
    }

    /// The number that comes next, or `None` after skipping a value of another type.
    pub fn number_or_skip(&mut self) -> Step<Option<f64>> {
        let raw = self.skip()?;
        Ok(std::str::from_utf8(raw).ok().filter(|text| !text.starts_with('"')).and_then(|text| text.parse().ok()))
    }

    /// Moves from behind an opening quote to behind the closing one. `false` where no escape stands between them.
    fn end_of_string(&mut self) -> Step<bool> {
        // Most strings that are read or skipped here are keys, identifiers and short words: eight bytes at a time in a
        // register beat the call of a vectorised search, which pays for long ones only.
        let mut escaped = false;
        let near = self.at + NEAR;
        while self.at < near {
            let Some(eight) = self.bytes.get(self.at..self.at + 8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()) else { break };
            match first_stop(u64::from_le_bytes(eight)) {
                None => self.at += 8,
                Some(stop) if eight[stop] == b'"' => {
                    self.at += stop + 1;
                    return Ok(escaped);
                }
                // A backslash and what it escapes.
                Some(stop) => {
                    escaped = true;
                    self.at += stop + 2;
                }
            }
        }
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(found) = memchr(b'"', rest) else { return Err(Broken(self.bytes.len())) };
            let quote = self.at + found;
            // A quote is escaped where an odd number of backslashes stands before it. The run cannot reach back
            // over the place where this search began: that place is never in the middle of an escape.
            let run = self.bytes[self.at..quote].iter().rev().take_while(|byte| **byte == b'\\').count();
            self.at = quote + 1;
            if run % 2 == 0 {
                return Ok(true);
            }
        }
    }

    /// Skips the value that comes next and returns its bytes.
    pub fn skip(&mut self) -> Step<&'a [u8]> {
        self.space();
        let start = self.at;
        match self.kind()? {
            Kind::String => {
                self.at += 1;
                self.end_of_string()?;
            }
            Kind::Plain => self.plain()?,
            Kind::Object | Kind::Array => self.nested()?,
        }
        Ok(&self.bytes[start..self.at])
    }

    fn plain(&mut self) -> Step<()> {
        let start = self.at;
        while matches!(self.byte(), Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')) {
            self.at += 1;
        }
        let text = &self.bytes[start..self.at];
        let known = matches!(text, b"true" | b"false" | b"null")
            || (text[0] == b'-' || text[0].is_ascii_digit()) && text.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
        if known { Ok(()) } else { Err(Broken(start)) }
    }

    /// Skips an object or an array without recursion: one bit for each open bracket.
    fn nested(&mut self) -> Step<()> {
        let mut open = Brackets::default();
        loop {
            let Some(byte) = self.byte() else { return Err(Broken(self.at)) };
            self.at += 1;
            match byte {
                b'"' => {
                    self.end_of_string()?;
                }
                b'{' => open.push(true),
                b'[' => open.push(false),
                b'}' | b']' => {
                    if open.pop() != Some(byte == b'}') {
                        return Err(Broken(self.at - 1));
                    }
                    if open.depth == 0 {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
    }
}

/// The kinds of the open brackets, innermost last; `true` is a brace.
#[derive(Default)]
struct Brackets {
    near: u64,
    far: Vec<u64>,
    depth: usize,
}

impl Brackets {
    fn push(&mut self, brace: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.far.push(self.near);
        }
        self.near = self.near << 1 | u64::from(brace);
        self.depth += 1;
    }

    fn pop(&mut self) -> Option<bool> {
        if self.depth == 0 {
            return None;
        }
        let brace = self.near & 1 == 1;
        self.near >>= 1;
        self.depth -= 1;
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.near = self.far.pop().unwrap_or_default();
        }
        Some(brace)
    }
}

fn unescape(raw: &[u8]) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(found) = memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..found]);
        rest = &rest[found + 1..];
        let Some((&code, behind)) = rest.split_first() else { break };
        rest = behind;
        match code {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'u' => {
                let (character, used) = unicode_escape(rest);
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[used..];
            }
            // `\"`, `\\` and `\/` stand for themselves; anything else is no escape, and what follows is kept.
            other => out.push(other),
        }
    }
    out.extend_from_slice(rest);
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The character behind `\u`, and how many bytes it took. Half a surrogate pair is U+FFFD.
fn unicode_escape(rest: &[u8]) -> (char, usize) {
    let Some(first) = four_digits(rest) else { return (char::REPLACEMENT_CHARACTER, 0) };
    if let Some(character) = char::from_u32(first) {
        return (character, 4);
    }
    if (0xD800..0xDC00).contains(&first)
        && rest.get(4..6) == Some(b"\\u")
        && let Some(second) = rest.get(6..).and_then(four_digits).filter(|code| (0xDC00..0xE000).contains(code))
    {
        let joined = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER), 10);
    }
    (char::REPLACEMENT_CHARACTER, 4)
}

fn four_digits(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// How far into a string it is searched eight bytes at a time.
const NEAR: usize = 48;

/// The first quote or backslash among eight bytes, the first byte lowest.
fn first_stop(word: u64) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A byte of `word ^ ONES * b` is zero where the byte is `b`; subtracting one then borrows into its high bit. Above
    // the first hit the borrow may lie, which does not matter for the first.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let stops = zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\')));
    (stops != 0).then(|| (stops.trailing_zeros() / 8) as usize)
}

/// Where the next thing that may be a record begins: the next brace, or `None`.
pub fn next_object(bytes: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..).and_then(|rest| memchr(b'{', rest)).map(|found| from + found)
}

/// Whether the bytes hold a raw control character other than tab and carriage return, which JSON does not allow.
pub fn has_control(bytes: &[u8]) -> bool {
    // Rare enough that a vectorised minimum over the whole buffer settles nearly every call.
    bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < 0x20
        && bytes.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests;
