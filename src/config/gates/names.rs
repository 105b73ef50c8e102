//! Names: of gates and of resources.

use crate::config::wrong::Wrong;
use std::collections::BTreeMap;
use toml::Spanned;
use unicode_normalization::UnicodeNormalization;

/// The most characters of a name: it has to fit a line.
const LONGEST: usize = 100;

/// Refuses names that cannot be written on a command line or shown on a line.
pub(super) fn check(what: &str, name: &Spanned<String>) -> Result<(), Wrong> {
    let text = name.get_ref();
    if text.trim().is_empty() {
        return Err(Wrong::at(name, format!("the name of a {what} is empty")));
    }
    if text.chars().any(is_hidden) {
        let message = format!("the name of a {what} holds a character that cannot be seen");
        return Err(Wrong::at(name, message).help("take out line breaks, controls, and marks of direction"));
    }
    if text.chars().count() > LONGEST {
        return Err(Wrong::at(name, format!("the name of a {what} is longer than {LONGEST} characters")));
    }
    if text.starts_with('-') {
        return Err(Wrong::at(name, format!("the name of a {what} begins with `-`")).help("on a command line it would be an option"));
    }
    Ok(())
}

/// Refuses two names that only look different to a machine. `names` are in the order of the file.
pub(super) fn check_distinct<'n>(names: impl Iterator<Item = &'n Spanned<String>>) -> Result<(), Wrong> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        if let Some(first) = seen.insert(folded(name.get_ref()), name.get_ref()) {
            let message = format!("`{}` is hard to tell from the gate `{first}`", name.get_ref());
            return Err(
                Wrong::at(name, message).help("two gates need names that differ in more than case, blanks or the way letters are encoded")
            );
        }
    }
    Ok(())
}

/// A name without what people do not see: case, blanks at its ends, composed and compatible forms of letters.
pub(super) fn folded(name: &str) -> String {
    name.nfkc().collect::<String>().trim().to_lowercase().nfkc().collect()
}

/// Controls, and what changes the direction or has no width.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}
