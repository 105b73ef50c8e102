//! JSON with its keys in the order in which programs write them: how early a reader meets the type of a record costs it time.

use serde_json::value::RawValue;

/// Written JSON.
pub(crate) type Json = Box<RawValue>;

/// The text as it stands.
pub(crate) fn raw(text: String) -> Json {
    RawValue::from_string(text).expect("what was put together is JSON")
}

/// As `serde_json::json`, but the keys keep their order; what is longer than one word stands in brackets.
macro_rules! ordered {
    ({ $($key:literal : $value:tt),* $(,)? }) => {{
        let members: Vec<String> = vec![$(format!("{:?}:{}", $key, $crate::json::ordered!($value))),*];
        $crate::json::raw(format!("{{{}}}", members.join(",")))
    }};
    ([ $($value:tt),* $(,)? ]) => {{
        let elements: Vec<String> = vec![$($crate::json::ordered!($value).to_string()),*];
        $crate::json::raw(format!("[{}]", elements.join(",")))
    }};
    (null) => { $crate::json::raw("null".to_owned()) };
    (($value:expr)) => { serde_json::value::to_raw_value(&$value).expect("plain data can be written") };
    ($value:tt) => { serde_json::value::to_raw_value(&$value).expect("plain data can be written") };
}
pub(crate) use ordered;

/// An object with further members at its end.
pub(crate) fn and(object: &Json, more: &[(&str, Json)]) -> Json {
    let more: String = more.iter().map(|(key, value)| format!(",{key:?}:{value}")).collect();
    let text = object.get();
    raw(format!("{}{more}}}", &text[..text.len() - 1]))
}

/// The same, a member a line and two blanks a level, as `JSON.stringify(value, null, 2)` writes it; the first level is `level`.
pub(crate) fn pretty(json: &Json, mut level: usize) -> String {
    let mut out = String::new();
    let (mut inside, mut escaped) = (false, false);
    for character in json.get().chars() {
        if inside {
            inside = character != '"' || escaped;
            escaped = character == '\\' && !escaped;
            out.push(character);
            continue;
        }
        match character {
            '{' | '[' => level += 1,
            '}' | ']' => level -= 1,
            _ => {}
        }
        let breaks = |level: usize| format!("\n{}", "  ".repeat(level));
        match character {
            '{' | '[' | ',' => out.push_str(&format!("{character}{}", breaks(level))),
            '}' | ']' => out.push_str(&format!("{}{character}", breaks(level))),
            ':' => out.push_str(": "),
            _ => out.push(character),
        }
        inside = character == '"';
    }
    out
}
