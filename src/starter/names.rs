//! Names for gates and areas: plain letters, each once.

use std::collections::BTreeSet;

/// The most characters of a name that is made.
const LONGEST: usize = 60;

/// A name of letters, digits, `-`, `_` and `.` only: fit for a command line and for a key.
pub(super) fn plain(text: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' => name.push(letter),
            _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
        if name.len() >= LONGEST {
            break;
        }
    }
    // A name with `_`, `.` or `$` in front is read as a comment, or not as a name.
    let name = name.trim_matches(['-', '_', '.']);
    if name.is_empty() { "area".to_owned() } else { name.to_owned() }
}

/// The name, or the name with a number behind it where it is taken: also in another case.
pub(super) fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut number = 1_usize;
    loop {
        let one = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
        if taken.insert(one.to_lowercase()) {
            return one;
        }
        number += 1;
    }
}
