//! `run`: what cannot be a command, and where `{files}` may stand.

use super::Command;
use super::written::Run;
use crate::config::wrong::Wrong;
use toml::Spanned;

/// What to write instead of `{files}` inside quotes.
const UNQUOTED: &str = "write {files} without quotes: each file is an argument of its own";

/// Checks a command.
pub(super) fn command(gate: &str, run: Spanned<Run>) -> Result<Command, Wrong> {
    let span = run.span();
    match run.into_inner() {
        Run::Shell(text) => match shell(gate, &text) {
            Ok(()) => Ok(Command::Shell(text)),
            Err((message, hint)) => Err(Wrong { span, message, hint: Some(hint) }),
        },
        Run::Words(list) => words(gate, list, Wrong::new(span, "")),
    }
}

/// The message, and how to mend it.
type Complaint = (String, String);

fn empty(gate: &str) -> Complaint {
    (format!("the command of `{gate}` is empty"), "for example `run = \"cargo test\"`".to_owned())
}

fn shell(gate: &str, text: &str) -> Result<(), Complaint> {
    if text.trim().is_empty() {
        return Err(empty(gate));
    }
    if text.contains('\0') {
        return Err(no_zero("a command"));
    }
    if text.trim_start().starts_with(Command::FILES) {
        return Err(program());
    }
    match misplaced(text) {
        None => Ok(()),
        Some(Misplaced::Quoted) => Err(("`{files}` stands inside quotes".to_owned(), UNQUOTED.to_owned())),
        Some(Misplaced::Escaped) => Err(("`{files}` stands behind a backslash".to_owned(), "take the backslash out".to_owned())),
        Some(Misplaced::Glued) => {
            Err(("`{files}` is only a part of a word".to_owned(), "put blanks around it: each file is an argument of its own".to_owned()))
        }
        Some(Misplaced::Variable) => {
            Err(("`${files}` is no placeholder".to_owned(), "write `{files}` for the changed files, `$files` for a variable".to_owned()))
        }
    }
}

fn words(gate: &str, list: Vec<Spanned<String>>, whole: Wrong) -> Result<Command, Wrong> {
    let complain = |place: Wrong, (message, hint): Complaint| Wrong { message, hint: Some(hint), ..place };
    let Some(first) = list.first() else { return Err(complain(whole, empty(gate))) };
    if first.get_ref().trim().is_empty() {
        let hint = "the first word is the program: `run = [\"cargo\", \"test\"]`".to_owned();
        return Err(complain(Wrong::at(first, ""), (format!("the command of `{gate}` has no program"), hint)));
    }
    if first.get_ref() == Command::FILES {
        return Err(complain(Wrong::at(first, ""), program()));
    }
    let mut given = false;
    for word in &list {
        let text = word.get_ref();
        if text.contains('\0') {
            return Err(complain(Wrong::at(word, ""), no_zero("a command")));
        }
        if text == Command::FILES {
            if given {
                let hint = "one process is given each file once".to_owned();
                return Err(complain(Wrong::at(word, ""), ("`{files}` stands there twice".to_owned(), hint)));
            }
            given = true;
        } else if text.contains(Command::FILES) {
            let message = format!("`{{files}}` is only a part of `{text}`");
            let hint = "write \"{files}\" as an element of its own: each file is an argument of its own".to_owned();
            return Err(complain(Wrong::at(word, ""), (message, hint)));
        }
    }
    Ok(Command::Words(list.into_iter().map(Spanned::into_inner).collect()))
}

/// For what is handed to the operating system, which ends texts at a NUL.
pub(super) fn no_zero(what: &str) -> Complaint {
    (format!("{what} cannot hold the character NUL"), "take it out: the operating system ends a text there".to_owned())
}

fn program() -> Complaint {
    ("`{files}` stands where the program belongs".to_owned(), "name the program first: `run = \"rustfmt --check {files}\"`".to_owned())
}

/// Why `{files}` may not stand where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// Inside quotes.
    Quoted,
    /// Behind a backslash, which would take the meaning from the quote that is put there.
    Escaped,
    /// Behind a `$`: a variable of the shell.
    Variable,
    /// Next to something that belongs to the same word: only the first or last file would get it.
    Glued,
}

/// Whether a shell ends a word at this letter.
fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || ";&|()<>`".contains(letter)
}

/// The first `{files}` of a shell's text that may not stand where it does. Reads quotes, backslashes and comments as every
/// shell does; nothing else changes what a quote means.
pub(super) fn misplaced(text: &str) -> Option<Misplaced> {
    let (mut quote, mut escaped, mut comment) = (None, false, false);
    let mut before = '\n';
    for (at, letter) in text.char_indices() {
        if !comment && text[at..].starts_with(Command::FILES) {
            match (quote, escaped, before) {
                (_, true, _) => return Some(Misplaced::Escaped),
                (_, _, '$') => return Some(Misplaced::Variable),
                (Some(_), ..) => return Some(Misplaced::Quoted),
                _ if !ends_word(before) || !text[at + Command::FILES.len()..].chars().next().is_none_or(ends_word) => {
                    return Some(Misplaced::Glued);
                }
                _ => {}
            }
        }
        match letter {
            '\n' if comment => comment = false,
            _ if comment => {}
            _ if escaped => escaped = false,
            '\\' if quote != Some('\'') => escaped = true,
            '\'' | '"' if quote == Some(letter) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(letter),
            '#' if quote.is_none() && (before.is_whitespace() || ";&|()".contains(before)) => comment = true,
            _ => {}
        }
        before = letter;
    }
    None
}
