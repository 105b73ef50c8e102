//! Scripts of the code mode: the tool `exec` takes JavaScript that calls other tools, `await tools.exec_command({cmd: "…"})`.
//!
//! Only what stands there literally is read: which tools are called, and the command of each call that gives it as one
//! string. A script may call nothing, or the same thing a hundred times, so all of it is an inference; what really ran
//! stands in events of its own where the version writes them. Source: openai/codex, codex-rs/core/src/tools/code_mode.

/// One call in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScriptCall {
    /// The tool, such as `exec_command` or `spawn_agent`.
    pub(super) tool: String,
    /// The command or the patch, where it stands there as one literal.
    pub(super) text: Option<String>,
}

/// How a tool is called.
const CALL: &str = "tools.";

/// More calls than that are not read from one script.
const MOST_CALLS: usize = 1000;

/// The calls of tools in a script, in the order in which they are written. Comments and strings hold no calls.
pub(super) fn calls(script: &str) -> Vec<ScriptCall> {
    let bytes = script.as_bytes();
    let mut calls = Vec::new();
    let mut at = 0;
    while at < bytes.len() && calls.len() < MOST_CALLS {
        match bytes[at] {
            b'"' | b'\'' | b'`' => at = end_of_literal(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = memchr::memmem::find(&bytes[at + 2..], b"*/").map_or(bytes.len(), |end| at + 2 + end + 2);
            }
            b't' if bytes[at..].starts_with(CALL.as_bytes()) && !(at > 0 && is_name(bytes[at - 1])) => {
                let start = at + CALL.len();
                let end = start + bytes[start..].iter().take_while(|byte| is_name(**byte)).count();
                let open = end + bytes[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                if end > start && bytes.get(open) == Some(&b'(') {
                    calls.push(ScriptCall { tool: script[start..end].to_owned(), text: argument(script, open + 1) });
                }
                at = end.max(at + 1);
            }
            _ => at += 1,
        }
    }
    calls
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// The offset behind a string or template that begins at `from`. Nothing that stands in a template counts as a call.
fn end_of_literal(bytes: &[u8], from: usize) -> usize {
    let quote = bytes[from];
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == quote => return at + 1,
            b'\n' if quote != b'`' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The keys under which a tool takes a command or a patch.
const TEXT_KEYS: [&str; 4] = ["cmd", "command", "input", "patch"];

/// The command that a call's argument gives: `"…"`, or `{cmd: "…"}` as its first level has it.
fn argument(script: &str, from: usize) -> Option<String> {
    let rest = script.get(from..)?.trim_start();
    if rest.starts_with(['"', '\'', '`']) {
        return literal(rest);
    }
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (0usize, 0u32);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' if depth <= 1 => return None,
            b'}' | b')' | b']' => depth -= 1,
            b'"' | b'\'' | b'`' => {
                let end = end_of_literal(bytes, at);
                let key = rest.get(at + 1..end.saturating_sub(1)).unwrap_or_default();
                if depth == 1
                    && TEXT_KEYS.contains(&key)
                    && let Some(value) = value_behind(rest, end)
                {
                    return literal(value);
                }
                at = end;
                continue;
            }
            byte if is_name(byte) => {
                let end = at + bytes[at..].iter().take_while(|byte| is_name(**byte)).count();
                if depth == 1
                    && TEXT_KEYS.contains(&&rest[at..end])
                    && let Some(value) = value_behind(rest, end)
                {
                    return literal(value);
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn value_behind(text: &str, from: usize) -> Option<&str> {
    text.get(from..)?.trim_start().strip_prefix(':').map(str::trim_start)
}

/// The text of a literal that a text begins with. A template with holes is none.
fn literal(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    let mut out = String::new();
    let mut characters = text.chars().skip(1).peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next()? {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                '\n' => {}
                other => out.push(other),
            },
            '$' if quote == '`' && characters.peek() == Some(&'{') => return None,
            character if character == quote => return Some(out),
            character => out.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(script: &str) -> Vec<(String, Option<String>)> {
        calls(script).into_iter().map(|call| (call.tool, call.text)).collect()
    }

    fn call(tool: &str, text: Option<&str>) -> (String, Option<String>) {
        (tool.to_owned(), text.map(str::to_owned))
    }

    #[test]
    fn literal_commands_are_read() {
        assert_eq!(
            read(r#"const r = await tools.exec_command({"cmd":"cargo test","workdir":"/w"}); text(r.output);"#),
            [call("exec_command", Some("cargo test"))]
        );
        assert_eq!(read("await tools.exec_command({workdir: '/w', cmd: 'echo \\'a\\''})"), [call("exec_command", Some("echo 'a'"))]);
        assert_eq!(read("await tools.exec_command({cmd: `make`})"), [call("exec_command", Some("make"))]);
        assert_eq!(read("await tools.exec_command({cmd: `make ${target}`})"), [call("exec_command", None)]);
        assert_eq!(read("await tools.exec_command({cmd: command})"), [call("exec_command", None)]);
        assert_eq!(
            read("await tools.apply_patch(\"*** Begin Patch\\n*** End Patch\")"),
            [call("apply_patch", Some("*** Begin Patch\n*** End Patch"))]
        );
    }

    #[test]
    fn agents_in_a_script_are_seen_and_quoted_ones_are_not() {
        let script = "// tools.spawn_agent({})\nconst a = 'tools.spawn_agent({})';\nawait Promise.all([tools.spawn_agent({task_name: 'x'}), tools.spawn_agent({})]);";
        assert_eq!(read(script), [call("spawn_agent", None), call("spawn_agent", None)]);
        assert_eq!(read("mytools.exec_command({cmd:'x'})"), []);
        assert_eq!(read("ALL_TOOLS.map(t => t.name); tools.list"), []);
    }

    proptest! {
        #[test]
        fn no_script_makes_it_panic(script in "(tools\\.|exec_command|cmd|[(){}\\[\\]:'\"`\\\\/*$ \\na\u{e9}]){0,60}") {
            let _ = calls(&script);
        }
    }
}
