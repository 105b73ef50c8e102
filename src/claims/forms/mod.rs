//! The forms of a claim, and how the first that stands is chosen.

use super::class::Class;
use super::sentence::Sentence;
use super::stream::Stream;
use super::vetoes::{self, Case};
use crate::model::claim::{ClaimKind, Recognised, Topic};

pub(super) mod denial;
mod launch;
mod roleplay;
mod running;
mod speed;
mod tests;

/// A form that matched in one stream, before vetoes and doubts.
#[derive(Debug, Clone)]
struct Match {
    form: &'static str,
    kind: ClaimKind,
    topic: Topic,
    anchor: usize,
    /// Its phrase, as a place in the stream's phrases.
    phrase: Option<usize>,
    agents: Option<u32>,
    speedup: Option<f64>,
    count: Option<u32>,
    doubt: Option<&'static str>,
}

impl Match {
    fn new(form: &'static str, kind: ClaimKind, anchor: usize) -> Self {
        Self { form, kind, topic: Topic::Agents, anchor, phrase: None, agents: None, speedup: None, count: None, doubt: None }
    }
}

type Form = fn(&Sentence, &Stream) -> Vec<Match>;

/// Forms about agents, in the order in which they are tried; the first certain one wins, then the first doubtful one.
const AGENTS: &[Form] = &[
    speed::ratio,
    roleplay::seat,
    roleplay::bracketed,
    roleplay::cast,
    roleplay::label,
    launch::launches,
    launch::with_agents,
    running::predicates,
    running::waiting,
    running::pronoun,
    running::beside,
    running::status_line,
];
const TESTS: &[Form] = &[tests::pass];
const COMPLETION: &[Form] = &[tests::completion];

/// The claims of a sentence: at most one for each topic.
pub(super) fn read(sentence: &Sentence) -> Vec<Recognised> {
    let agents = best(sentence, AGENTS);
    let tests = best(sentence, TESTS);
    let completion = best(sentence, COMPLETION).filter(|_| agents.is_none());
    agents.into_iter().chain(tests).chain(completion).collect()
}

fn best(sentence: &Sentence, forms: &[Form]) -> Option<Recognised> {
    let mut doubtful = None;
    for form in forms {
        for stream in &sentence.streams {
            for found in form(sentence, stream) {
                let phrase = found.phrase.and_then(|index| stream.phrases.get(index));
                let case = Case { sentence, stream, anchor: found.anchor, phrase, kind: found.kind };
                if vetoes::first(vetoes::VETOES, &case).is_some() {
                    continue;
                }
                let doubt = found.doubt.or_else(|| vetoes::first(vetoes::DOUBTS, &case));
                // "a probe of the helper while I read": a lone trade without a word of simultaneity may be anything.
                let trade = found.kind == ClaimKind::Beside && phrase.is_some_and(|phrase| !phrase.class.is(Class::AGENT));
                let doubt = doubt.or((trade && !sentence.is_together()).then_some("lone-trade"));
                let together = sentence.is_together() || phrase.is_some_and(|phrase| phrase.parallel) || found.kind == ClaimKind::Present;
                let claim = recognised(found, doubt, together);
                if claim.certain {
                    return Some(claim);
                }
                doubtful.get_or_insert(claim);
            }
        }
    }
    doubtful
}

fn recognised(found: Match, doubt: Option<&'static str>, together: bool) -> Recognised {
    Recognised {
        kind: found.kind,
        topic: found.topic,
        certain: doubt.is_none(),
        span: 0..0,
        agents: found.agents,
        together: together && found.topic == Topic::Agents,
        speedup: found.speedup,
        count: found.count,
        form: found.form,
        doubt,
    }
}

/// Whether a word ends like an English progressive.
fn is_progressive(stream: &Stream, index: usize) -> bool {
    const NOUNS: &[&str] = &[
        "nothing",
        "something",
        "everything",
        "anything",
        "during",
        "string",
        "thing",
        "remaining",
        "following",
        "pending",
        "including",
        "according",
        "regarding",
        "using",
    ];
    stream.english
        && stream.at(index).is_some_and(|token| {
            token.text.len() > 4 && token.text.ends_with("ing") && !NOUNS.contains(&token.text.as_str()) && !token.is(Class::MODAL)
        })
}

/// Whether a word ends like an English past tense.
fn is_past(stream: &Stream, index: usize) -> bool {
    const OTHERS: &[&str] = &[
        "need",
        "needed",
        "indeed",
        "speed",
        "seed",
        "feed",
        "named",
        "called",
        "based",
        "defined",
        "required",
        "related",
        "red",
        "configured",
        "listed",
        "supposed",
        "described",
        "proposed",
        "planned",
        "disabled",
        "enabled",
        "allowed",
        "supported",
        "limited",
        "deprecated",
        "unsupported",
    ];
    stream.english
        && stream.at(index).is_some_and(|token| {
            token.text.len() > 3 && token.text.ends_with("ed") && !OTHERS.contains(&token.text.as_str()) && !token.glued
        })
}

/// Every form that matches, with the veto that kills it.
#[cfg(test)]
pub(super) fn trials(sentence: &Sentence) -> Vec<(&'static str, Option<&'static str>)> {
    let mut trials = Vec::new();
    for form in AGENTS {
        for stream in &sentence.streams {
            for found in form(sentence, stream) {
                let phrase = found.phrase.and_then(|index| stream.phrases.get(index));
                let case = Case { sentence, stream, anchor: found.anchor, phrase, kind: found.kind };
                trials.push((found.form, vetoes::first(vetoes::VETOES, &case)));
            }
        }
    }
    trials
}
