//! JSON whose values know their places, with comments and trailing commas. Nothing is descended into that nobody asks for.

use super::source::{Hinted, Source};
use crate::model::mark::{Located, Mark};
use crate::model::state::StateError;
use rustc_hash::FxHashMap;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

/// How deep a state file may be nested.
pub(super) const DEEPEST: usize = 128;

/// What is wrong with a text before JSON is even looked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    at: usize,
    message: &'static str,
    hint: &'static str,
}

/// The same text, byte for byte as long, with spaces in place of comments and of commas behind the last entry.
pub(crate) fn blanked(text: &str) -> Result<String, Fault> {
    let mut bytes = text.as_bytes().to_vec();
    let mut depth = 0usize;
    // The last comma, while nothing but space stands behind it; and what stood before.
    let (mut comma, mut last) = (None, b'[');
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                let end = comment_end(&bytes, at)?;
                bytes[at..end].iter_mut().filter(|byte| !matches!(**byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
                at = end;
            }
            b',' => {
                comma = (!matches!(last, b'[' | b'{' | b',' | b':')).then_some(at);
                (last, at) = (byte, at + 1);
            }
            _ => {
                match byte {
                    b'[' | b'{' => depth += 1,
                    b']' | b'}' => {
                        depth = depth.saturating_sub(1);
                        comma.take().into_iter().for_each(|at: usize| bytes[at] = b' ');
                    }
                    _ => {}
                }
                if depth > DEEPEST {
                    return Err(Fault { at, message: "nested deeper than 128", hint: "no state file needs more than a few levels" });
                }
                (comma, last) = (None, byte);
                at = if byte == b'"' { string_end(&bytes, at) } else { at + 1 };
            }
        }
    }
    // Whole comments were blanked, so this is the text's own encoding still.
    String::from_utf8(bytes).map_err(|error| Fault { at: error.utf8_error().valid_up_to(), message: "not UTF-8", hint: "save it as UTF-8" })
}

fn comment_end(bytes: &[u8], at: usize) -> Result<usize, Fault> {
    let rest = &bytes[at + 2..];
    if bytes[at + 1] == b'/' {
        return Ok(memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| at + 2 + length));
    }
    let closed = memchr::memmem::find(rest, b"*/").map(|length| at + 4 + length);
    closed.ok_or(Fault { at, message: "a comment that begins here is not closed", hint: "close it with `*/`" })
}

/// Where the string that begins here ends. A line ends it too: no string of JSON goes over one.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(length) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[at.min(bytes.len())..]) {
        at += length;
        match bytes[at] {
            b'\\' if bytes.get(at + 1) != Some(&b'\n') => at += 2,
            b'"' => return at + 1,
            _ => return at,
        }
    }
    bytes.len()
}

/// A file of JSON.
pub(super) struct Document<'s> {
    source: &'s Source,
    text: String,
}

impl<'s> Document<'s> {
    /// Checks the syntax of the whole text.
    pub(super) fn new(source: &'s Source) -> Result<Document<'s>, StateError> {
        let text = blanked(source.text()).map_err(|fault| source.error(fault.at..fault.at + 1, fault.message).hinted(fault.hint))?;
        if text.trim_ascii().is_empty() {
            return Err(StateError { mark: source.whole(), message: "the file is empty".to_owned(), hint: None }
                .hinted("write its content, or remove the file"));
        }
        serde_json::from_str::<&RawValue>(&text).map_err(|error| syntax(source, &text, &error))?;
        Ok(Document { source, text })
    }

    /// The outermost value.
    pub(super) fn root(&self) -> Value<'_> {
        Value { document: self, raw: self.text.trim_ascii() }
    }
}

/// A mistake of syntax where serde_json saw it.
fn syntax(source: &Source, text: &str, error: &serde_json::Error) -> StateError {
    let shown = error.to_string();
    let what = shown.split(" at line ").next().unwrap_or_default();
    let offset = source.offset(error.line(), error.column());
    let at = if error.is_eof() {
        text.trim_ascii_end().len().saturating_sub(1)
    } else if what.starts_with("control character") {
        // This one is reported before it is passed.
        text.bytes().skip(offset).position(|byte| byte < b' ').map_or(offset, |further| offset + further)
    } else {
        offset
    };
    let hint = "mend it here or just before; comments and a comma behind the last entry are allowed";
    source.error(at..at + 1, format!("not valid JSON: {what}")).hinted(hint)
}

/// One value and its place.
#[derive(Clone, Copy)]
pub(super) struct Value<'d> {
    document: &'d Document<'d>,
    raw: &'d str,
}

/// One entry of an object.
pub(super) struct Member<'d> {
    /// The key.
    pub(super) key: String,
    /// The key as it is written.
    pub(super) written: Value<'d>,
    /// The value.
    pub(super) value: Value<'d>,
}

impl Member<'_> {
    /// The key and its place, quotes aside.
    pub(super) fn name(&self) -> Located<String> {
        Located { value: self.key.clone(), mark: self.written.inner() }
    }
}

impl<'d> Value<'d> {
    /// Where it stands in the text. A borrowed stretch of the text has an address inside of it.
    fn span(self) -> Range<usize> {
        let start = (self.raw.as_ptr() as usize).wrapping_sub(self.document.text.as_ptr() as usize).min(self.document.text.len());
        start..start + self.raw.len()
    }

    /// Its place.
    pub(super) fn mark(self) -> Mark {
        self.document.source.mark(self.span())
    }

    /// Its place without quotes.
    fn inner(self) -> Mark {
        let Range { start, end } = self.span();
        if self.is_string() && end > start + 2 { self.document.source.mark(start + 1..end - 1) } else { self.mark() }
    }

    /// What is wrong with it.
    pub(super) fn error(self, message: impl Into<String>) -> StateError {
        self.document.source.error(self.span(), message)
    }

    /// It should be something else.
    pub(super) fn unexpected(self, expected: &str) -> StateError {
        self.error(format!("expected {expected}, found {}", self.kind()))
    }

    /// The file that it stands in.
    pub(super) fn path(self) -> &'d str {
        self.document.source.path()
    }

    /// The line on which it begins.
    pub(super) fn line(self) -> u64 {
        self.mark().line
    }

    fn kind(self) -> &'static str {
        match self.raw.as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    /// Its first characters as they are written.
    fn short(self) -> &'d str {
        self.raw.char_indices().nth(80).map_or(self.raw, |(at, _)| &self.raw[..at])
    }

    pub(super) fn is_object(self) -> bool {
        self.raw.starts_with('{')
    }

    pub(super) fn is_list(self) -> bool {
        self.raw.starts_with('[')
    }

    pub(super) fn is_string(self) -> bool {
        self.raw.starts_with('"')
    }

    pub(super) fn is_null(self) -> bool {
        self.raw == "null"
    }

    /// Neither an object nor a list.
    pub(super) fn is_scalar(self) -> bool {
        !self.is_object() && !self.is_list()
    }

    /// The entries of an object, in their order. A key that is there twice is an error: one of them would be lost.
    pub(super) fn members(self, expected: &str) -> Result<Vec<Member<'d>>, StateError> {
        if !self.is_object() {
            return Err(self.unexpected(expected));
        }
        let entries: Entries<'d> = serde_json::from_str(self.raw).map_err(|error| self.error(error.to_string()))?;
        let mut seen: FxHashMap<String, Value<'d>> = FxHashMap::default();
        let mut members = Vec::with_capacity(entries.0.len());
        for (key, value) in entries.0 {
            let written = Value { document: self.document, raw: key.get() };
            let key = written.text()?;
            if let Some(first) = seen.insert(key.clone(), written) {
                let hint = format!("it is there on line {} already; keep one of them", first.line());
                return Err(written.error(format!("the key `{key}` is there twice")).hinted(hint));
            }
            members.push(Member { key, written, value: Value { document: self.document, raw: value.get() } });
        }
        Ok(members)
    }

    /// The entries of a list.
    pub(super) fn list(self, expected: &str) -> Result<Vec<Value<'d>>, StateError> {
        if !self.is_list() {
            return Err(self.unexpected(expected));
        }
        let entries: Vec<&'d RawValue> = serde_json::from_str(self.raw).map_err(|error| self.error(error.to_string()))?;
        Ok(entries.into_iter().map(|entry| Value { document: self.document, raw: entry.get() }).collect())
    }

    fn text(self) -> Result<String, StateError> {
        serde_json::from_str(self.raw).map_err(|error| {
            let shown = error.to_string();
            self.error(format!("not a valid string: {}", shown.split(" at line ").next().unwrap_or_default()))
        })
    }

    /// A string and its place, quotes aside.
    pub(super) fn string(self, expected: &str) -> Result<Located<String>, StateError> {
        if !self.is_string() {
            return Err(self.unexpected(expected));
        }
        Ok(Located { value: self.text()?, mark: self.inner() })
    }

    /// A name: a string with something in it, or a number as it is written.
    pub(super) fn name(self, expected: &str) -> Result<Located<String>, StateError> {
        if self.kind() == "a number" {
            return Ok(Located { value: self.raw.to_owned(), mark: self.mark() });
        }
        let name = self.string(expected)?;
        if name.value.trim().is_empty() { Err(self.error(format!("expected {expected}, found an empty one"))) } else { Ok(name) }
    }

    /// `true` or `false`.
    pub(super) fn boolean(self) -> Result<Located<bool>, StateError> {
        match self.raw {
            "true" => Ok(Located { value: true, mark: self.mark() }),
            "false" => Ok(Located { value: false, mark: self.mark() }),
            _ => Err(self.unexpected("`true` or `false`")),
        }
    }

    /// A whole number.
    pub(super) fn count(self) -> Result<Located<u32>, StateError> {
        let value = self.raw.parse().map_err(|_| match self.kind() {
            "a number" => self.error(format!("expected a whole number, found {}", self.short())),
            _ => self.unexpected("a whole number"),
        })?;
        Ok(Located { value, mark: self.mark() })
    }

    /// A list of strings that are not empty.
    pub(super) fn strings(self) -> Result<Vec<Located<String>>, StateError> {
        const EXPECTED: &str = "a list of strings";
        if self.is_string() {
            let hint = format!("write `[{}]`", self.short());
            return Err(self.unexpected(EXPECTED).hinted(hint));
        }
        self.list(EXPECTED)?.into_iter().map(|entry| entry.filled("a string")).collect()
    }

    /// A string with something in it.
    pub(super) fn filled(self, expected: &str) -> Result<Located<String>, StateError> {
        let text = self.string(expected)?;
        if text.value.trim().is_empty() { Err(self.error("an empty string says nothing").hinted("remove it")) } else { Ok(text) }
    }
}

/// The entries of an object as they are written.
struct Entries<'d>(Vec<(&'d RawValue, &'d RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<'de>, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Entries<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
