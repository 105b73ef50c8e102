//! Names of agents that count: numbers, letters, call signs.

use super::{Phrase, whole};
use crate::claims::class::Class;
use crate::claims::token::{Kind, Token};

/// "Agents A–D", "agents 1, 2 and 3", "Agent 2".
pub(super) fn read(tokens: &[Token], head: usize, phrase: &mut Phrase) {
    let value = |index: usize| tokens.get(index).and_then(label_value);
    let Some(first) = value(head + 1) else {
        let times = tokens.get(head + 1).is_some_and(|token| token.text == "x");
        if let Some(count) = tokens.get(head + 2).filter(|_| times).and_then(|token| token.value) {
            phrase.count = whole(count);
            phrase.end = head + 3;
        }
        return;
    };
    phrase.end = head + 2;
    if !phrase.class.is(Class::PLURAL) {
        phrase.label = true;
        return;
    }
    if tokens.get(head + 2).is_some_and(|mark| mark.is_mark('–') || matches!(mark.text.as_str(), "to" | "through")) {
        if let Some(last) = value(head + 3).filter(|last| *last > first) {
            phrase.count = Some(last - first + 1);
            phrase.end = head + 4;
        }
        return;
    }
    let mut count = 1;
    let mut at = head + 2;
    while tokens.get(at).is_some_and(|token| token.is_mark(',') || token.is_mark('/') || token.is(Class::AND)) {
        at += 1;
        if value(at).is_some() {
            count += 1;
            at += 1;
            phrase.end = at;
        }
    }
    if count > 1 {
        phrase.count = Some(count);
    }
}

/// Names that count: "Agent Alpha", "Agent II".
const CALL_SIGNS: &[&[&str]] =
    &[&["alpha"], &["beta", "bravo", "ii"], &["gamma", "charlie", "iii"], &["delta", "iv"], &["epsilon", "echo"]];

/// The place of a label: 1 for "A" and "1".
fn label_value(token: &Token) -> Option<u32> {
    if token.kind == Kind::Number {
        return token.value.and_then(whole);
    }
    if let Some(at) = CALL_SIGNS.iter().position(|names| names.contains(&token.text.as_str())) {
        return u32::try_from(at + 1).ok();
    }
    let mut letters = token.text.chars();
    let letter = letters.next().filter(char::is_ascii_lowercase)?;
    (letters.as_str().is_empty() && letter != 'i' && letter != 'x').then(|| u32::from(letter) - u32::from('a') + 1)
}
