//! The report as JSON, and its schema.

use super::pieces::Pieces;
use super::text::RUNNER_COMMAND;
use super::v1::Report;
use super::{Context, Format};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "json",
    summary: "for scripts; `paralint schema report` describes it",
    write: |report: &Report, _: &Context, out: &mut dyn Write| write(report, out),
};

/// Writes the report as one object.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_value(report, out)
}

/// Writes any value as the report is written: pretty, harmless, with a line break at its end.
pub(super) fn write_value(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut pieces = Pieces::new(out);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut pieces, Harmless(PrettyFormatter::new())))?;
    writeln!(pieces)?;
    pieces.finish()
}

/// Writes `value` as JSON on one line, just as harmless as the report.
pub(super) fn write_compact<W: Write>(value: &impl Serialize, out: W) -> io::Result<()> {
    Ok(value.serialize(&mut serde_json::Serializer::with_formatter(out, HarmlessLine))?)
}

/// Pretty JSON in which whatever could act on a terminal or on a CI runner stands as an escape: a report is often looked at as it is.
struct Harmless(PrettyFormatter<'static>);

/// The same on one line.
struct HarmlessLine;

impl Formatter for HarmlessLine {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_harmless(writer, fragment)
    }
}

fn write_harmless<W: ?Sized + Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    // Without an early end, so that many bytes are looked at in one step. Almost all fragments are plain.
    if fragment.bytes().fold(true, |plain, byte| plain & (byte < 0x7f) & (byte != b'#')) {
        return writer.write_all(fragment.as_bytes());
    }
    let mut written = 0;
    for (at, letter) in fragment.char_indices() {
        // Between two fragments stands an escape: what a runner obeys is always within one.
        let completes = letter == '[' && fragment[..=at].ends_with(RUNNER_COMMAND);
        if completes || acts_on_a_terminal(letter) {
            writer.write_all(&fragment.as_bytes()[written..at])?;
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            written = at + letter.len_utf8();
        }
    }
    writer.write_all(&fragment.as_bytes()[written..])
}

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_harmless(writer, fragment)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

/// C1 controls, DEL, and the characters that turn the direction of text.
fn acts_on_a_terminal(letter: char) -> bool {
    matches!(letter, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The JSON Schema of the report.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}

#[cfg(test)]
mod tests {
    use super::{write_compact, write_value};
    use crate::report::hostile::hostile;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn both(value: &Value) -> [String; 2] {
        let (mut pretty, mut line) = (Vec::new(), Vec::new());
        write_value(value, &mut pretty).unwrap();
        write_compact(value, &mut line).unwrap();
        [pretty, line].map(|written| String::from_utf8(written).unwrap())
    }

    #[test]
    fn a_runner_finds_no_command_in_a_string() {
        let [_, line] = both(&json!({"##[a]": ["###[b] ##[[c]", "#\"#[d]", "##\\[e]", "##\n[f]", "##", "[", "\u{9b}##[g]"]}));
        assert_eq!(line, r####"{"##\u005ba]":["###\u005bb] ##\u005b[c]","#\"#[d]","##\\[e]","##\n[f]","##","[","\u009b##\u005bg]"]}"####);
    }

    proptest! {
        #[test]
        fn what_is_written_is_harmless_and_means_the_same(key in hostile(), text in hostile()) {
            let value = json!({key: [text, "##"], "[": [[]]});
            for written in both(&value) {
                prop_assert!(!written.contains("##["), "{}", written);
                prop_assert!(!written.chars().any(|letter| letter.is_control() && letter != '\n'));
                prop_assert_eq!(&serde_json::from_str::<Value>(&written).unwrap(), &value);
            }
        }
    }
}
