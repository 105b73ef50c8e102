//! Adding paralint to a shell script that a manager runs as a hook.

use super::super::Hook;
use super::{Wanted, marks};

/// What belongs into the script.
pub(super) fn lines(hook: Hook, wanted: &Wanted) -> String {
    format!("{} -- \"$@\" || exit $?\n", wanted.command(hook))
}

/// A new script with nothing but our lines. Its first line goes with them, so that nothing is left of it after `uninstall`.
pub(super) fn new(hook: Hook, wanted: &Wanted) -> String {
    format!("#!/bin/sh\n{}\n{}{}\n", marks::BEGIN_WITH_LINE_ABOVE, lines(hook, wanted), marks::END)
}

/// The script with our lines before its first command: a later place might never be reached (`exec`, `exit`).
pub(super) fn with_paralint(text: &str, hook: Hook, wanted: &Wanted) -> Result<String, String> {
    if text.contains('\r') {
        return Err("its lines end in carriage returns, which sh takes for part of each command".to_owned());
    }
    if text.starts_with('\u{feff}') {
        return Err("it starts with a byte order mark, which sh takes for part of its first word".to_owned());
    }
    let at = place(text)?;
    let after = marks::insert(text, at, &lines(hook, wanted), 0);
    if marks::without(&after).as_deref() == Some(text) { Ok(after) } else { Err("paralint could not take its lines away again".to_owned()) }
}

/// Where the first command starts: after `#!`, and after the line of husky 8 that starts the script once more.
fn place(text: &str) -> Result<usize, String> {
    let mut at = 0;
    let mut place = 0;
    let mut commands = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let words = line.trim();
        if let Some(program) = words.strip_prefix("#!").filter(|_| at == line.len()) {
            if !is_shell(program) {
                return Err(format!("it is no shell script (#!{})", program.trim()));
            }
            place = at;
        } else if !words.is_empty() && !words.starts_with('#') {
            commands += 1;
            if words.contains("husky.sh") {
                if commands > 1 || !is_source(words) {
                    return Err("it starts husky.sh in a way that is not known".to_owned());
                }
                place = at;
            }
        }
    }
    Ok(place)
}

fn is_source(line: &str) -> bool {
    let path = line.strip_prefix(". ").or_else(|| line.strip_prefix("source "));
    path.is_some_and(|path| path.trim_end_matches(['"', '\'']).ends_with("/husky.sh"))
}

fn is_shell(program: &str) -> bool {
    let mut words = program.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    let name = match words.next() {
        Some("env") => words.find(|word| !word.starts_with('-')),
        name => name,
    };
    matches!(name, Some("sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "busybox"))
}
