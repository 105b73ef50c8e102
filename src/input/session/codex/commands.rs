//! Command lines as the tools take them: one string, or a list of words that begins with a shell.

use super::words::{first_text, inner};
use crate::input::session::shell::{self, Tests};
use crate::input::skim::fields::as_text;
use crate::input::skim::{Cursor, Kind};
use std::borrow::Cow;

/// Programs that take a script as their argument.
const INTERPRETERS: [&str; 8] = ["bash", "sh", "zsh", "dash", "fish", "pwsh", "powershell", "cmd"];

/// The strings of an array; anything else in it is lost.
pub(super) fn strings(json: &[u8]) -> Vec<String> {
    let mut strings = Vec::new();
    let mut cursor = Cursor::new(json);
    if cursor.kind() == Ok(Kind::Array) {
        let _ = cursor.array(|cursor| {
            strings.extend(cursor.string_or_skip()?.map(|raw| raw.text().into_owned()));
            Ok(())
        });
    }
    strings
}

/// The command line in a call's arguments.
pub(super) fn text(arguments: &str, key: &str) -> Option<String> {
    if let Some(text) = first_text(arguments, &[key]) {
        return Some(text);
    }
    let words = strings(inner(arguments.as_bytes(), key)?);
    (!words.is_empty()).then(|| line(&words))
}

/// The command line that an event gives, a string or a list of words.
pub(super) fn of_event(json: &[u8]) -> Option<String> {
    match as_text(json) {
        Some(text) => Some(text.text().into_owned()),
        None => Some(strings(json)).filter(|words| !words.is_empty()).map(|words| line(&words)),
    }
}

/// A list of words as one line: the script where a shell runs one.
fn line(words: &[String]) -> String {
    let program = words.first().map(|word| word.rsplit(['/', '\\']).next().unwrap_or(word).trim_end_matches(".exe").to_ascii_lowercase());
    if program.is_some_and(|program| INTERPRETERS.contains(&program.as_str()))
        && let Some((script, flags)) = words[1..].split_last()
        && flags.iter().any(|flag| flag.starts_with(['-', '/']))
    {
        return script.clone();
    }
    // The patch itself is an argument here.
    if words.first().is_some_and(|word| word == "apply_patch" || word == "applypatch") {
        return words.join("\n");
    }
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> Cow<'_, str> {
    let plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte));
    if plain { Cow::Borrowed(word) } else { Cow::Owned(format!("'{}'", word.replace('\'', r"'\''"))) }
}

/// A command line without the patch that it hands to `apply_patch`, and the patch.
pub(super) fn without_patch(text: &str) -> (Cow<'_, str>, Option<&str>) {
    const END: &str = "*** End Patch";
    let Some(start) = text.find("*** Begin Patch").filter(|_| text.contains("apply_patch") || text.contains("applypatch")) else {
        return (Cow::Borrowed(text), None);
    };
    let end = text[start..].find(END).map_or(text.len(), |end| start + end + END.len());
    (Cow::Owned(format!("{}{}", &text[..start], &text[end..])), Some(&text[start..end]))
}

/// The folder that a command works in: the one that it names, in the thread's own.
pub(super) fn folder(named: Option<&str>, own: Option<&str>) -> Option<String> {
    let Some(named) = named.filter(|named| !named.is_empty() && *named != ".") else { return own.map(str::to_owned) };
    let absolute = named.starts_with(['/', '\\', '~']) || named.as_bytes().get(1) == Some(&b':');
    match own {
        Some(own) if !absolute => Some(format!("{own}/{named}")),
        _ => Some(named.to_owned()),
    }
}

/// A folder as events write it lately: `file:///w`.
pub(super) fn plain_folder(text: &str) -> &str {
    text.strip_prefix("file://").unwrap_or(text)
}

/// Whether a command may run tests, so that its output is worth reading.
pub(super) fn may_test(text: &str) -> bool {
    shell::read(text).tests > Tests::No
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_line_in_every_form() {
        for (arguments, key, wanted) in [
            (r#"{"command":["bash","-lc","cargo test && echo ok"]}"#, "command", "cargo test && echo ok"),
            (r#"{"command":["/bin/zsh","-lc","ls"],"workdir":"/w"}"#, "command", "ls"),
            (r#"{"command":["git","commit","-m","a b"]}"#, "command", "git commit -m 'a b'"),
            (r#"{"cmd":"make"}"#, "cmd", "make"),
            (r#"{"command":["powershell.exe","-Command","dir"]}"#, "command", "dir"),
        ] {
            assert_eq!(text(arguments, key).as_deref(), Some(wanted), "{arguments}");
        }
        assert_eq!(text(r#"{"command":[]}"#, "command"), None);
        assert_eq!(text("{", "command"), None);
    }

    #[test]
    fn a_patch_is_taken_out_of_its_command() {
        let text = "cd /w && apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: a\n+rm b\n*** End Patch\nEOF\n";
        let (rest, patch) = without_patch(text);
        assert_eq!(rest, "cd /w && apply_patch <<'EOF'\n\nEOF\n");
        assert_eq!(patch, Some("*** Begin Patch\n*** Add File: a\n+rm b\n*** End Patch"));
        assert_eq!(without_patch("echo '*** Begin Patch'").1, None);
    }

    #[test]
    fn folders_are_joined() {
        assert_eq!(folder(Some("sub"), Some("/w")).as_deref(), Some("/w/sub"));
        assert_eq!(folder(Some("/x"), Some("/w")).as_deref(), Some("/x"));
        assert_eq!(folder(None, Some("/w")).as_deref(), Some("/w"));
        assert_eq!(plain_folder("file:///w"), "/w");
    }
}
