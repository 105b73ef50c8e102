//! One part of a pattern, between two `/`: a name, or a glob as a regular expression on bytes.

use super::Component;
use std::iter::Peekable;
use std::str::Chars;

/// Reads one part. Fails with what is wrong.
pub(super) fn component(part: &str) -> Result<Component, String> {
    let (mut expression, mut name, mut is_glob) = (String::new(), String::new(), false);
    let mut letters = part.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => {
                // Stars in a row are one, unless they are all of the part.
                while letters.next_if_eq(&'*').is_some() {}
                expression.push_str("[^/]*");
            }
            // A letter, not a byte: `?` is one `ü`.
            '?' => expression.push_str("(?u:[^/])"),
            '[' => expression.push_str(&class(&mut letters)?),
            _ => {
                // What stands before `/` as the last letter escapes nothing.
                let letter = if letter == '\\' { letters.next() } else { Some(letter) };
                let Some(letter) = letter else { continue };
                name.push(letter);
                expression.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
                continue;
            }
        }
        is_glob = true;
    }
    Ok(if is_glob { Component::Glob(expression, part.to_owned()) } else { Component::Literal(name) })
}

/// `[a-z]`, `[!a]`, `[[:digit:]]`; the `[` is taken already.
fn class(letters: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    const UNCLOSED: &str = "a `[` has no `]` before the next `/`";
    let negated = letters.next_if(|letter| matches!(letter, '!' | '^')).is_some();
    let mut class = String::from(if negated { "(?u:[^/" } else { "(?u:[" });
    let mut is_first = true;
    loop {
        let letter = letters.next().ok_or(UNCLOSED)?;
        match letter {
            ']' if !is_first => break,
            '[' if letters.peek() == Some(&':') => class.push_str(&named(letters)?),
            _ => class.push_str(&range(letter, letters)?),
        }
        is_first = false;
    }
    class.push_str("])");
    Ok(class)
}

/// A letter or a range of letters; never the `/`, which no class matches.
fn range(first: char, letters: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let unescaped = |letter: char, letters: &mut Peekable<Chars<'_>>| if letter == '\\' { letters.next() } else { Some(letter) };
    let unclosed = || "a `[` has no `]`".to_owned();
    let first = unescaped(first, letters).ok_or_else(unclosed)?;
    let is_range = letters.peek() == Some(&'-') && letters.clone().nth(1).is_some_and(|next| next != ']');
    if !is_range {
        return Ok(quoted(first));
    }
    letters.next();
    let last = letters.next().and_then(|letter| unescaped(letter, letters)).ok_or_else(unclosed)?;
    if first > last {
        return Err(format!("`{first}-{last}` is no range"));
    }
    let parts = if first <= '/' && '/' <= last { vec![(first, '.'), ('0', last)] } else { vec![(first, last)] };
    let filled = parts.into_iter().filter(|(from, to)| from <= to);
    Ok(filled.map(|(from, to)| format!("{}-{}", quoted(from), quoted(to))).collect())
}

/// A letter as a regular expression has it in a class, whatever it means there.
fn quoted(letter: char) -> String {
    format!("\\x{{{:X}}}", u32::from(letter))
}

/// `[:digit:]`
fn named(letters: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    const NAMES: &[&str] = &["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"];
    letters.next();
    let name: String = std::iter::from_fn(|| letters.next_if(char::is_ascii_lowercase)).collect();
    let is_closed = letters.next() == Some(':') && letters.next() == Some(']');
    if !is_closed || !NAMES.contains(&name.as_str()) {
        return Err(format!("`[:{name}:]` is no class of letters"));
    }
    // `graph`, `print` and `punct` hold the `/`, which no class matches.
    Ok(format!("[[:{name}:]&&[^/]]"))
}
