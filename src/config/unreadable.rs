//! What the parser of TOML cannot read, in words, and the form that is right.

use super::{nearest, place};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use toml::Spanned;

/// The longest value that a hint repeats, in characters.
const LONGEST: usize = 60;

/// What the parser says, and how to mend it.
pub(super) fn unreadable(text: &str, error: &toml::de::Error) -> (String, Option<String>) {
    let message = error.message().lines().next().unwrap_or_default();
    let span = error.span().unwrap_or_default();
    let value = text.get(span.clone()).unwrap_or_default().trim();
    if message == "duplicate key" && !value.is_empty() {
        return (format!("`{value}` is there twice"), Some(twice(text, span.start, value)));
    }
    let key = key_before(text, span.start);
    if let Some(number) = message.split('`').nth(1).filter(|_| message.contains("` as i128")) {
        return (format!("the number `{number}` is too large"), Some(number_of(key)));
    }
    if let Some((wrong, known)) = unknown(message) {
        return (wrong, Some(known));
    }
    let right = || right_form(message, key, value);
    (
        message.replace(", expected i64", ", expected a whole number").replace(", expected u32", ", expected a whole number"),
        did_you_mean(message).or_else(right),
    )
}

/// Where a name that is there twice stands first.
fn twice(text: &str, second: usize, name: &str) -> String {
    let line = text.get(..second).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let is_header = text.get(line..).is_some_and(|rest| rest.trim_start().starts_with('['));
    let first = text.get(..line).filter(|_| is_header).and_then(|before| gate_of(before, name));
    match first {
        Some(at) => format!("a gate can be defined once; the first one stands in line {}", place(text, at).0),
        None => "a name can be defined once; the first one stands above".to_owned(),
    }
}

/// Where a gate is defined in a text that is whole as far as it goes.
fn gate_of(text: &str, name: &str) -> Option<usize> {
    #[derive(Deserialize)]
    struct Gates {
        gates: BTreeMap<Spanned<String>, IgnoredAny>,
    }
    let name = name.trim_matches(['"', '\'']);
    let gates = toml::from_str::<Gates>(text).ok()?.gates;
    gates.keys().find(|gate| gate.get_ref() == name).map(|gate| gate.span().start)
}

/// For "unknown field `x`, expected one of `a`, `b`": the nearest of the expected ones.
fn did_you_mean(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next().filter(|_| message.starts_with("unknown"))?;
    let expected: Vec<&str> = quoted.collect();
    nearest(wrong, expected.iter().copied()).map(|near| format!("did you mean `{near}`?"))
}

/// For "unknown field `x`, expected one of `a`, `b`" where none of them is near: what is unknown, and what is known. Once is
/// enough.
fn unknown(message: &str) -> Option<(String, String)> {
    let (wrong, expected) = message.split_once(", expected ").filter(|_| message.starts_with("unknown"))?;
    let expected: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let is_near = did_you_mean(message).is_some() || expected.is_empty();
    (!is_near).then(|| (wrong.to_owned(), format!("known here: {}", expected.join(", "))))
}

/// The key of the value that begins at an offset; `None` in a list.
fn key_before(text: &str, value: usize) -> Option<&str> {
    let before = text.get(..value)?.trim_end_matches([' ', '\t']).strip_suffix('=')?;
    let key = before.rsplit(['\n', '{', ',']).next()?.trim();
    Some(key.rsplit('.').next().unwrap_or(key)).filter(|key| !key.is_empty())
}

/// How a value of a wrong type is written right. `value` is as it is written.
fn right_form(message: &str, key: Option<&str>, value: &str) -> Option<String> {
    let is_short = value.chars().count() <= LONGEST && !value.contains(['\n', '\r']);
    let is_plain = is_short && !value.is_empty() && !value.starts_with(['[', '{']);
    if message == "wanted string or table" {
        return enumeration(key).map(str::to_owned);
    }
    let (_, expected) = message.split_once(", expected ")?;
    let assigned = |form: String| key.map_or_else(|| format!("write `{form}`"), |key| format!("write `{key} = {form}`"));
    let hint = match expected {
        "a string" if is_plain && !value.contains(['"', '\\']) => {
            let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
            let unit = if is_number && matches!(key, Some("timeout" | "backoff" | "max_age")) { "s" } else { "" };
            assigned(format!("\"{value}{unit}\""))
        }
        "a string" => assigned("\"…\"".to_owned()),
        "a sequence" if is_plain => assigned(format!("[{value}]")),
        "a sequence" => assigned("[\"…\"]".to_owned()),
        "a table" if key == Some("when") => "write `when = { changed = [\"**/*.rs\"] }`".to_owned(),
        "a table" => {
            let run = if is_short && value.starts_with(['"', '\'', '[']) { value } else { "\"…\"" };
            format!("write `[gates.{}]`, and in the line below it `run = {run}`", key.unwrap_or("NAME"))
        }
        "a map" if key == Some("env") => "write `env = { NAME = \"value\" }`".to_owned(),
        "a map" if key == Some("gates") || value.starts_with("[[") && value.contains("gates") => {
            "each gate is a table with its name: write `[gates.NAME]`".to_owned()
        }
        "a boolean" => format!("{} or `false`, without quotes", assigned("true".to_owned())),
        "i64" | "u32" => number_of(key),
        _ if expected.starts_with("a command") => "for example `run = \"cargo test\"`".to_owned(),
        _ => return None,
    };
    Some(hint)
}

fn enumeration(key: Option<&str>) -> Option<&'static str> {
    match key? {
        "inputs" => Some("write `inputs = \"worktree\"` or `inputs = \"index\"`"),
        _ => None,
    }
}

fn number_of(key: Option<&str>) -> String {
    use super::gates::{MOST_RETRIES, MOST_WEIGHT};
    match key {
        Some("weight") => format!("`weight` is a whole number from 1 to {MOST_WEIGHT}, without quotes"),
        Some("retries") => format!("`retries` is a whole number from 0 to {MOST_RETRIES}, without quotes"),
        _ => "write a whole number, without quotes".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::unreadable;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(rename = "rules")]
        _rules: Option<u32>,
        #[serde(rename = "limits")]
        _limits: Option<u32>,
    }

    #[test]
    fn what_is_known_is_said_once() {
        let said = |text: &str| unreadable(text, &toml::from_str::<Sample>(text).unwrap_err());
        assert_eq!(said("zzz = 1\n"), ("unknown field `zzz`".to_owned(), Some("known here: rules, limits".to_owned())));
        assert_eq!(said("rulez = 1\n").1.as_deref(), Some("did you mean `rules`?"));
    }
}
