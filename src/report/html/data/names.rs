//! Every text of the pictures, once.

use crate::report::text;
use std::collections::HashMap;
use std::fmt::{self, Write};

/// How many characters of a text are shown; the tables hold all of it.
const LONGEST: usize = 300;
/// How many columns of a path.
const LONGEST_PATH: usize = 64;

/// Texts by number.
#[derive(Debug, Default)]
pub(super) struct Names<'r> {
    numbers: HashMap<&'r str, i64>,
    shown: Vec<String>,
}

impl<'r> Names<'r> {
    /// The number of `name`.
    pub(super) fn number(&mut self, name: &'r str) -> i64 {
        self.numbered(name, shown)
    }

    /// The number of a path, of which the end is shown: there may be thousands, and the ends tell them apart.
    pub(super) fn path(&mut self, path: &'r str) -> i64 {
        self.numbered(path, |path| text::fit_end(&shown(path), LONGEST_PATH, true).into_owned())
    }

    fn numbered(&mut self, name: &'r str, shown: impl Fn(&str) -> String) -> i64 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = super::count(self.shown.len());
        self.shown.push(shown(name));
        self.numbers.insert(name, number);
        number
    }

    /// The number of `name`, or -1.
    pub(super) fn maybe(&mut self, name: Option<&'r str>) -> i64 {
        name.map_or(-1, |name| self.number(name))
    }

    /// `"names":[…]`.
    pub(super) fn write(&self, out: &mut String) -> fmt::Result {
        out.write_str("\"names\":")?;
        super::list(out, self.shown.iter(), |out, name| string(out, name))
    }
}

/// Harmless and not endless. A megabyte without a blank is cut before it is looked at.
fn shown(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text::visible(&name[..end])),
        None => text::visible(name).into_owned(),
    }
}

/// A JSON string in which nothing can end a script element, or a line of a script.
fn string(out: &mut String, text: &str) -> fmt::Result {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\u{7f}' | '\0'..='\u{1f}' => write!(out, "\\u{:04x}", u32::from(letter))?,
            _ => out.push(letter),
        }
    }
    out.push('"');
    Ok(())
}
