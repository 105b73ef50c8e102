//! `{a,b}`: one pattern for each alternative.

use super::{PatternError, wrong};

/// The most patterns that one may stand for.
const MOST: usize = 64;

/// Replaces every group that holds a comma by each of its alternatives; other braces are letters.
pub(super) fn expand(text: &str) -> Result<Vec<String>, PatternError> {
    let mut open = vec![text.to_owned()];
    let mut done = Vec::new();
    while let Some(one) = open.pop() {
        match group(&one) {
            None => done.push(one),
            Some((start, end)) => {
                let (before, inside, after) = (&one[..start], &one[start + 1..end], &one[end + 1..]);
                open.extend(alternatives(inside).into_iter().map(|alternative| format!("{before}{alternative}{after}")));
            }
        }
        if done.len() + open.len() > MOST {
            return Err(wrong(format!("`{text}` stands for more than {MOST} patterns"), "write them one by one, or use `*`"));
        }
    }
    Ok(done)
}

/// The first group that holds a comma and no other group: where its braces stand.
fn group(text: &str) -> Option<(usize, usize)> {
    let (mut start, mut has_comma, mut escaped) = (None, false, false);
    for (index, byte) in text.bytes().enumerate() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match (byte, start) {
            (b'\\', _) => escaped = true,
            (b'{', _) => (start, has_comma) = (Some(index), false),
            (b',', _) => has_comma = true,
            (b'}', Some(start)) if has_comma => return Some((start, index)),
            (b'}', _) => start = None,
            _ => {}
        }
    }
    None
}

/// Cut at commas that are not escaped.
fn alternatives(inside: &str) -> Vec<&str> {
    let (mut parts, mut from, mut escaped) = (Vec::new(), 0, false);
    for (index, byte) in inside.bytes().enumerate() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match byte {
            b'\\' => escaped = true,
            b',' => {
                parts.push(&inside[from..index]);
                from = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[from..]);
    parts
}
