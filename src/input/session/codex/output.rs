//! What came back from a call: whether it failed, the exit code of a command, and what was written.
//!
//! Sources: openai/codex, codex-rs/core/src/tools/mod.rs (`format_exec_output_for_model`), tools/context.rs (unified exec),
//! tools/parallel.rs (calls that were aborted), tools/code_mode/ (scripts).

use super::record::{Fields, Key};
use super::words::{first_text, inner, texts};
use crate::input::skim::fields::as_text;
use crate::input::skim::{Cursor, Raw};

/// What came back from a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Output {
    /// All that was written, with what the program put around it.
    pub(super) text: String,
    pub(super) exit_code: Option<i64>,
    /// The user refused or stopped it.
    pub(super) refused: bool,
    /// It failed in another way than by its exit code.
    pub(super) failed: bool,
    /// The command or the script goes on: the name by which it can be asked for.
    pub(super) goes_on: Option<String>,
}

/// How an answer begins, or is, where the user refused or stopped a call.
const REFUSALS: [&str; 6] =
    ["rejected by user", "aborted by user", "exec command rejected by user", "patch rejected by user", "user rejected", "user cancelled"];

/// How the answer to a call begins that could not be made, as far as it says nothing else.
const FAILURES: [&str; 9] = [
    "failed to parse function arguments",
    "unsupported call",
    "unsupported custom tool call",
    "execution error",
    "exec_command failed",
    "apply_patch verification failed",
    "failed in sandbox",
    "err:",
    "Script failed",
];

/// An output of this many bytes is read whole.
const SHORT: usize = 2048;

/// How many bytes of a longer one are looked at.
const HEAD_BYTES: usize = 1024;

/// Lines in which the program tells about the command, before `Output:`.
const HEAD_LINES: usize = 12;

impl Output {
    /// Reads the `output` of a call.
    pub(super) fn read(json: &[u8]) -> Output {
        let whole = match as_text(json) {
            Some(text) => text.text().into_owned(),
            None => texts(Some(json)).concat(),
        };
        let mut output = Output::default();
        let mut text = whole;
        // Until the freeform answers of autumn 2025, and for patches after: {"output": …, "metadata": {"exit_code": …}}.
        if text.trim_start().starts_with('{') && text.contains("\"metadata\"") {
            let metadata = inner(text.as_bytes(), "metadata").map(|json| Fields::of(json).number(Key::ExitCode));
            if let Some(code) = metadata {
                output.exit_code = code.map(|code| code as i64);
                text = first_text(&text, &["output"]).unwrap_or_default();
            }
        }
        output.head(&text);
        output.text = text;
        output
    }

    /// Reads only as much of an `output` as tells how the call ended: what was written stays unread where it is long.
    pub(super) fn glance(json: &[u8]) -> Output {
        if json.len() <= SHORT {
            return Output::read(json);
        }
        let mut output = Output::default();
        if let Some(raw) = as_text(json) {
            let head = Raw::new(&raw.bytes[..raw.bytes.len().min(HEAD_BYTES)]).text();
            if head.trim_start().starts_with("{\"output\"") {
                output.exit_code = exit_code_behind(raw.bytes);
            } else {
                output.head(&head);
            }
        } else if let Some(first) = texts(Some(json)).first() {
            let end = (0..=first.len().min(HEAD_BYTES)).rev().find(|end| first.is_char_boundary(*end)).unwrap_or_default();
            output.head(&first[..end]);
        }
        output
    }

    /// What the lines before `Output:` say.
    fn head(&mut self, text: &str) {
        let start = text.trim_start();
        self.failed =
            FAILURES.iter().any(|words| begins(start, words)) || start.contains("\nScript error:") && begins(start, "Script failed");
        self.refused = begins(start, "aborted") && start.len() < 80 || REFUSALS.iter().any(|words| begins(start, words));
        for line in start.lines().take(HEAD_LINES) {
            let number = |words: &str| line.strip_prefix(words).and_then(|code| code.trim().parse::<i64>().ok());
            if let Some(code) = number("Exit code:").or_else(|| number("Process exited with code ")) {
                self.exit_code = Some(code);
            } else if let Some(id) = line.strip_prefix("Process running with session ID ") {
                self.goes_on = Some(format!("session {}", id.trim()));
            } else if let Some(id) = line.strip_prefix("Script running with cell ID ") {
                self.goes_on = Some(format!("cell {}", id.trim()));
            } else if line.trim() == "aborted by user" {
                self.refused = true;
            } else if line.trim_end() == "Output:" {
                break;
            }
        }
    }

    /// Whether the call did what it was to do.
    pub(super) fn succeeded(&self) -> bool {
        !self.failed && !self.refused && self.exit_code.is_none_or(|code| code == 0)
    }
}

/// The exit code at the end of `{"output": …, "metadata": {"exit_code": 0, …}}`, which stands in a string.
fn exit_code_behind(raw: &[u8]) -> Option<i64> {
    let tail = &raw[raw.len().saturating_sub(HEAD_BYTES)..];
    let found = memchr::memmem::rfind(tail, b"exit_code\\\":")? + b"exit_code\\\":".len();
    let digits: String = tail[found..]
        .iter()
        .map(|byte| char::from(*byte))
        .skip_while(|character| *character == ' ')
        .take_while(|character| character.is_ascii_digit() || *character == '-')
        .collect();
    digits.parse().ok()
}

fn begins(text: &str, words: &str) -> bool {
    text.get(..words.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(words))
}

/// The name by which a later call asks for a command or a script that goes on.
pub(super) fn asked_for(arguments: &[u8]) -> Option<String> {
    let id = |key: &str| {
        let json = inner(arguments, key)?;
        let text = as_text(json).map(|raw| raw.text().into_owned());
        text.or_else(|| Cursor::new(json).number_or_skip().ok().flatten().map(|number| number.to_string()))
    };
    id("cell_id").map(|id| format!("cell {id}")).or_else(|| id("session_id").map(|id| format!("session {id}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Output {
        Output::read(serde_json::to_string(text).unwrap().as_bytes())
    }

    #[test]
    fn the_exit_code_is_read_in_every_form() {
        for (text, code) in [
            (r#"{"output":"ok\n","metadata":{"exit_code":0,"duration_seconds":0.1}}"#, Some(0)),
            (r#"{"output":"","metadata":{"exit_code":101,"duration_seconds":0.1}}"#, Some(101)),
            ("Exit code: 2\nWall time: 0.1 seconds\nOutput:\nExit code: 0", Some(2)),
            ("Chunk ID: a1\nWall time: 0.1 seconds\nProcess exited with code 1\nOriginal token count: 3\nOutput:\nx", Some(1)),
            ("Script completed\nWall time 0.2 seconds\nOutput:\nProcess exited with code 1", None),
            ("plain", None),
        ] {
            assert_eq!(read(text).exit_code, code, "{text}");
        }
        assert_eq!(read(r#"{"output":"ok","metadata":{"exit_code":0}}"#).text, "ok");
    }

    #[test]
    fn refusals_failures_and_what_goes_on_are_told_apart() {
        for text in
            ["aborted", "aborted by user after 1.2s", "Wall time: 0.3 seconds\naborted by user", "exec command rejected by user: no"]
        {
            assert!(read(text).refused && !read(text).succeeded(), "{text}");
        }
        assert!(read("apply_patch verification failed: x").failed);
        assert!(read("Script failed\nWall time 0.1 seconds\nOutput:\nScript error: x").failed);
        assert!(!read("aborted transactions are listed here, and there are very many of them in this output, more than one").refused);
        assert_eq!(read("Wall time: 1 seconds\nProcess running with session ID 42\nOutput:\n").goes_on.as_deref(), Some("session 42"));
        assert_eq!(read("Script running with cell ID 7\nWall time 1 seconds").goes_on.as_deref(), Some("cell 7"));
        assert_eq!(asked_for(br#"{"session_id":42,"chars":""}"#).as_deref(), Some("session 42"));
        assert_eq!(asked_for(br#"{"cell_id":"7"}"#).as_deref(), Some("cell 7"));
        assert_eq!(asked_for(br#"{"targets":["a"]}"#), None);
    }

    #[test]
    fn a_long_output_is_only_glanced_at() {
        let long = "x\n\"".repeat(2000);
        let written = serde_json::to_string(&long).unwrap();
        let old = format!(r#"{{"output":{written},"metadata":{{"exit_code":101,"duration_seconds":1.0}}}}"#);
        let lately = format!("Exit code: 3\nWall time: 1 seconds\nOutput:\n{long}");
        for (text, code) in [(old.as_str(), Some(101)), (lately.as_str(), Some(3)), (long.as_str(), None)] {
            let output = Output::glance(serde_json::to_string(text).unwrap().as_bytes());
            assert_eq!((output.exit_code, output.text.as_str()), (code, ""));
        }
        let parts = serde_json::json!([{"type": "input_text", "text": "Script running with cell ID 9\nOutput:\n"}, {"type": "input_text", "text": long}]).to_string();
        assert_eq!(Output::glance(parts.as_bytes()).goes_on.as_deref(), Some("cell 9"));
    }

    #[test]
    fn parts_are_joined() {
        let parts = br#"[{"type":"input_text","text":"Script completed\nOutput:\n"},{"type":"input_image","image_url":"x"},{"type":"input_text","text":"3 passed"}]"#;
        assert_eq!(Output::read(parts).text, "Script completed\nOutput:\n3 passed");
    }

    proptest! {
        #[test]
        fn no_output_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = Output::read(&bytes);
            let _ = Output::glance(&[&b"\""[..], &vec![b'a'; 3000], &bytes, b"\""].concat());
            let _ = asked_for(&bytes);
        }
    }
}
