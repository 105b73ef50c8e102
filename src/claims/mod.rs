//! Text to claims: a deterministic recogniser.
//!
//! A sentence is a claim where the assistant says, as a fact or as what it does next, that several agents work, worked
//! or are about to work at the same time. Three things must be in it: agents as what is launched or at work (agents,
//! subagents, explorers, reviewers, …), an assertion ("I'll launch", "are running", "finished"), and either a number
//! above one or a word of simultaneity ("in parallel", "at once"). One agent beside the assistant's own work counts as
//! well, and so do playing several agents ("As Agent 2, I …"), a speed-up that is put down to parallel agents, tests
//! that are said to pass, and tasks that are said to be complete.
//!
//! No claim is what is asked, denied, possible, conditional, planned, requested, quoted or documented, what other
//! people or other programs do, and what is no agent: threads, build agents, queue workers, files, tests. Where a
//! sentence may or may not be a claim it is read with `certain: false` and the name of the doubt.
//!
//! The way of a text: `blocks` leaves out code, quotes and tables; `sentences` cuts; `dictionary` gives words
//! their classes from the tables in `language`; `stream` numbers clauses; `phrase` finds the agents and counts
//! them; `forms` match; `vetoes` kill or doubt. Everything is linear in the length of the text: sentences have a
//! greatest length, and nothing looks beyond its sentence but a pronoun, which looks at the sentences before it.

mod blocks;
mod class;
mod dictionary;
mod forms;
mod language;
mod phrase;
mod prefilter;
mod sentence;
mod sentences;
mod stream;
#[cfg(test)]
mod tests;
mod token;
mod vetoes;

use crate::model::claim::{Denial, Reading, Recognised};
use sentence::Sentence;

/// Whether [`read`] could find anything in this text. It is much cheaper; `false` is certain, `true` is not.
#[cfg(test)]
fn may_matter(text: &str) -> bool {
    prefilter::Stems::of(text).any()
}

/// Reads one text block of an assistant: its claims and its denials, in the order of the text. Spans are bytes of `text`.
pub fn read(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut stems = prefilter::Stems::of(text);
    if !stems.any() {
        return reading;
    }
    let mut paragraph = usize::MAX;
    let mut context = None;
    for line in blocks::lines(text) {
        if line.paragraph != paragraph {
            paragraph = line.paragraph;
            context = None;
        }
        if !stems.in_span(&line.span) {
            continue;
        }
        for span in sentences::sentences(text, line.span.clone()) {
            let Some(words) = text.get(span.clone()).filter(|_| stems.in_span(&span)) else { continue };
            let sentence = Sentence::new(words, line.markup, context);
            let claims = forms::read(&sentence);
            if let Some(form) = forms::denial::read(&sentence).filter(|_| !claims.iter().any(|claim| claim.certain)) {
                reading.denials.push(Denial { span, form });
            } else {
                reading.claims.extend(claims.into_iter().map(|claim| Recognised { span: span.clone(), ..claim }));
            }
            let mut named = sentence
                .streams
                .iter()
                .flat_map(|stream| stream.phrases.iter())
                .filter(|phrase| phrase.is_agent() && phrase.many && !phrase.thing);
            if let Some(phrase) = named.next_back() {
                context = Some(phrase.count);
            }
        }
    }
    reading
}
