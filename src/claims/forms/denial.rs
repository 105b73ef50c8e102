//! "I ran them one after another", "I never launched the subagents", "my claim was wrong".

use crate::claims::class::{Class, LAUNCH};
use crate::claims::sentence::Sentence;
use crate::claims::stream::Stream;
use crate::model::claim::DenialForm;

/// What the sentence admits, if it admits something.
pub(in crate::claims) fn read(sentence: &Sentence) -> Option<DenialForm> {
    if sentence.asks() || sentence.is_code() || sentence.markup.checkbox {
        return None;
    }
    sentence.streams.iter().find_map(|stream| admission(sentence, stream))
}

fn admission(sentence: &Sentence, stream: &Stream) -> Option<DenialForm> {
    let agents = stream.phrases.iter().find(|phrase| phrase.is_agent() && !phrase.thing);
    // "I ran them one after another": said of agents where nothing else that runs is in the sentence.
    let own = stream.has(Class::FIRST) && stream.has(Class::SERIAL) && !stream.has(Class::TEST | Class::OBJECT | Class::THING);
    let them = stream.has(Class::THEY) && (sentence.context.is_some() || agents.is_some() || own);
    let doubted = stream.has(Class::MODAL | Class::CONDITION | Class::YOU | Class::OTHERS | Class::REQUEST | Class::INTENT)
        || stream.has(Class::WILL);
    if agents.is_none() && !them || doubted {
        return None;
    }
    let many = agents.is_some_and(|phrase| phrase.many) || them;
    let claimed = stream.has(Class::SAYS)
        || stream.tokens.iter().any(|token| {
            matches!(token.text.as_str(), "summary" | "claim" | "claims" | "message" | "statement" | "aussage" | "report" | "calling")
        });
    if claimed && stream.has(Class::WRONG) {
        return Some(DenialForm::Retracted);
    }
    let acted = |index: usize| {
        stream.is(index, LAUNCH | Class::RAN | Class::RUN | Class::RUNNING | Class::TOGETHER)
            || stream.tokens[index].text.starts_with("overlap")
    };
    if stream.has(Class::SERIAL)
        && many
        && (0..stream.tokens.len()).any(|at| stream.is(at, Class::RAN | Class::DONE | Class::RUNNING))
        && !stream.has(Class::SPEED)
    {
        return Some(DenialForm::Serial);
    }
    let refused = |at: usize| matches!(stream.tokens[at].text.as_str(), "won't" | "can't" | "cannot" | "don't" | "doubt" | "without");
    let denied = stream
        .places(Class::NOT)
        .filter(|at| !refused(*at))
        .find(|at| (at + 1..stream.tokens.len().min(at + 6)).any(acted) || !stream.english)?;
    let overlap = stream.tokens.iter().any(|token| token.text.starts_with("overlap")) || stream.has(Class::TOGETHER);
    let first = stream.places(Class::FIRST).any(|at| at < denied || !stream.english);
    let none = agents.is_some_and(|phrase| phrase.negated);
    let launched = stream.has(LAUNCH | Class::RAN);
    if overlap && many && launched_or_ran(stream, denied) {
        Some(DenialForm::Serial)
    } else if launched && (first || none) {
        Some(DenialForm::NotRun)
    } else {
        None
    }
}

/// Whether what is denied is that agents ran, and not that they clashed.
fn launched_or_ran(stream: &Stream, denied: usize) -> bool {
    let last = stream.tokens.len();
    (denied..last).any(|at| {
        stream.is(at, LAUNCH | Class::RAN | Class::RUN | Class::RUNNING | Class::TOGETHER) || stream.tokens[at].text.starts_with("overlap")
    }) || !stream.english
}
