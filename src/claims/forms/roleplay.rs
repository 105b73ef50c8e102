//! One assistant that plays several agents: "As Agent 2, I …", "Agent 1 (Backend): ✅ Completed".

use super::{Match, is_past, is_progressive};
use crate::claims::class::Class;
use crate::claims::sentence::Sentence;
use crate::claims::stream::Stream;
use crate::claims::token::Kind;
use crate::model::claim::ClaimKind;

/// "As Agent 2, I'm designing …", "Switching to the Security Reviewer agent: …".
pub(super) fn seat(_sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some(start) = (0..stream.tokens.len().min(4)).find(|at| stream.is(*at, Class::SEAT) || stream.tokens[*at].text == "as") else {
        return Vec::new();
    };
    if !stream.opens(start) && !(0..start).all(|at| stream.is(at, Class::SEAT | Class::NOW | Class::FIRST | Class::BE)) {
        return Vec::new();
    }
    let Some((index, phrase)) =
        stream.phrases.iter().enumerate().find(|(_, phrase)| phrase.is_agent() && phrase.start > start && phrase.start <= start + 4)
    else {
        return Vec::new();
    };
    let switches = stream.is(start, Class::SEAT);
    let Some(speaker) = (phrase.end..stream.tokens.len().min(phrase.end + 4)).find(|at| stream.is(*at, Class::FIRST | Class::WILL)) else {
        let ends = stream.at(phrase.end).is_none_or(|token| token.is_any_mark());
        let mut found = Match::new("switch-seat", ClaimKind::Roleplay, start);
        found.phrase = Some(index);
        found.doubt = (!phrase.label && !phrase.class.is(Class::AGENT)).then_some("role-only");
        return if switches && ends { vec![found] } else { Vec::new() };
    };
    // "As Agent 1, I want to …" is a user story, "I have … that Agent 0 lacks" a trait.
    let next = stream.at(speaker + 1);
    let story = next.is_some_and(|token| {
        token.is(Class::MODAL | Class::HAVE | Class::INTENT) && !is_past(stream, speaker + 2)
            || matches!(token.text.as_str(), "want" | "need" | "would" | "am able")
    });
    let named = phrase.label || phrase.class.is(Class::AGENT);
    if story || phrase.many {
        return Vec::new();
    }
    let mut found = Match::new("seat", ClaimKind::Roleplay, speaker);
    found.phrase = Some(index);
    found.doubt = (!named).then_some("role-only");
    vec![found]
}

/// "Agent 1 (Backend): ✅ Completed", "[Subagent 2: API] Building …", "Task 3 (Queries): 🔄 Running".
pub(super) fn label(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some((index, phrase)) = stream.phrases.iter().enumerate().next() else { return Vec::new() };
    let bracketed = sentence.text.trim_start_matches(['*', '_', '-', ' ']).starts_with('[') && stream.aside;
    let leads = (0..phrase.start).all(|at| stream.tokens[at].is_any_mark() || stream.is(at, Class::THE)) && phrase.label;
    let labelled = phrase.label && (phrase.is_agent() || phrase.class.is(Class::WORK)) && leads;
    if !labelled {
        return Vec::new();
    }
    let main = if bracketed { sentence.streams.first() } else { Some(stream) };
    let Some(main) = main else { return Vec::new() };
    let from = if bracketed { 0 } else { phrase.end };
    let opened =
        bracketed || main.at(from).is_some_and(|token| matches!(token.kind, Kind::Mark(':' | '—' | '–' | '✅' | '🔄' | '→' | '⏳')));
    if !opened {
        return Vec::new();
    }
    let mut anchor = None;
    for at in from..main.tokens.len().min(from + 4) {
        let token = &main.tokens[at];
        if matches!(token.kind, Kind::Mark('✅' | '🔄' | '⏳' | '✓' | '✔' | '🟢' | '☑' | '🚀' | '⚙'))
            || token.is(Class::FINISHED | Class::RUNNING)
            || is_progressive(main, at)
            || (is_past(main, at) && !token.is_any_mark())
            || token.is(Class::FIRST)
        {
            anchor = Some(at);
            break;
        }
        if !token.is_any_mark() && !token.is(Class::ADVERB | Class::NOW) {
            break;
        }
    }
    let Some(_) = anchor else { return Vec::new() };
    let mut found = Match::new("label", ClaimKind::Roleplay, phrase.end.saturating_sub(1));
    found.phrase = Some(index);
    found.doubt = (!phrase.is_agent() && !sentence.text.contains(['✅', '🔄', '⏳'])).then_some("weak-noun");
    vec![found]
}
