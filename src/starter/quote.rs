//! Texts of a repository as TOML, JSON and comments hold them.

use crate::report::text;

/// A basic string of TOML. What cannot be seen, and what turns the direction of a text, is written as an escape.
pub(super) fn toml(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for letter in value.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            _ if is_hidden(letter) => escape(&mut quoted, letter),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn escape(quoted: &mut String, letter: char) {
    let code = u32::from(letter);
    quoted.push_str(&if code > 0xffff { format!("\\U{code:08X}") } else { format!("\\u{code:04X}") });
}

/// A list of strings of TOML, on one line.
pub(super) fn toml_list<T: AsRef<str>>(values: &[T]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| toml(value.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// A string of JSON. What cannot be seen is written as an escape.
pub(super) fn json(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for letter in value.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            _ if is_hidden(letter) => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    quoted.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// On one line, with nothing that a terminal or an editor would act on.
pub(super) fn line(value: &str) -> String {
    let flat: String = value.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    text::visible(&flat).replace(['\n', '\r'], " ")
}

/// Controls, and what changes the direction or has no width.
pub(super) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in any::<String>()) {
            let table: toml::Table = ::toml::from_str(&format!("a = {}", toml(&value))).unwrap();
            prop_assert_eq!(table["a"].as_str(), Some(value.as_str()));
            prop_assert_eq!(serde_json::from_str::<String>(&json(&value)).unwrap(), value.clone());
            prop_assert!(!line(&value).contains(char::is_control));
        }
    }
}
