//! One assistant that plays several agents: "As Agent 2, I …", "Agent 1 (Backend): ✅ Completed".

use super::{Match, is_past, is_progressive};
use crate::claims::class::Class;
use crate::claims::sentence::Sentence;
use crate::claims::stream::Stream;
use crate::claims::token::{Kind, Token};
use crate::model::claim::ClaimKind;

/// What an agent's seat is called.
const CHAIRS: &[&str] = &["seat", "role", "hat", "hats", "perspective", "shoes", "chair", "mode", "viewpoint", "persona", "voice"];

/// "As Agent 2, I'm designing …", "Switching to the Security Reviewer agent: …".
pub(super) fn seat(_sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some(start) = (0..stream.tokens.len().min(4)).find(|at| stream.is(*at, Class::SEAT) || stream.tokens[*at].text == "as") else {
        return Vec::new();
    };
    if !stream.opens(start)
        && !(0..start).all(|at| stream.is(at, Class::SEAT | Class::NOW | Class::FIRST | Class::BE | Class::WILL | Class::ADVERB))
    {
        return Vec::new();
    }
    let Some((index, phrase)) =
        stream.phrases.iter().enumerate().find(|(_, phrase)| phrase.is_agent() && phrase.start > start && phrase.start <= start + 4)
    else {
        return Vec::new();
    };
    let switches = stream.is(start, Class::SEAT);
    let owned = stream.at(phrase.end).is_some_and(|token| matches!(token.text.as_str(), "'s" | "s"));
    let place = stream.at(phrase.end + usize::from(owned));
    let chair = place.is_none_or(|token| token.is_any_mark() || CHAIRS.contains(&token.text.as_str()));
    if switches && chair && !phrase.many {
        let mut found = Match::new("switch-seat", ClaimKind::Roleplay, start);
        found.phrase = Some(index);
        found.doubt = (!phrase.label && !phrase.class.is(Class::AGENT)).then_some("role-only");
        return vec![found];
    }
    let quiet = |at: &usize| {
        stream.at(*at).is_some_and(|token| {
            token.is_any_mark()
                || token.is(Class::NOW | Class::ADVERB | Class::FIRST | Class::WILL)
                || matches!(token.text.as_str(), "here" | "speaking")
        })
    };
    let Some(speaker) =
        (phrase.end..stream.tokens.len().min(phrase.end + 4)).take_while(quiet).find(|at| stream.is(*at, Class::FIRST | Class::WILL))
    else {
        return Vec::new();
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
    // "Agent 4 – Performance: I measured …"
    let titled = main.at(from).is_some_and(|token| token.is_mark('–') || token.is_mark('—'));
    let colon = (from..main.tokens.len().min(from + 5)).find(|at| main.tokens[*at].is_mark(':'));
    let from = colon.filter(|_| titled).unwrap_or(from);
    let speaking = main.at(from).is_some_and(|token| matches!(token.text.as_str(), "speaking" | "here"))
        && main.at(from + 1).is_some_and(Token::is_any_mark);
    let opened = bracketed
        || speaking
        || main.at(from).is_some_and(|token| matches!(token.kind, Kind::Mark(':' | '—' | '–' | '✅' | '🔄' | '→' | '⏳')));
    if !opened {
        return Vec::new();
    }
    let mut anchor = speaking.then_some(from);
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

/// "I'll play all three agents myself", "I am running as four agents in this reply".
pub(super) fn cast(_sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some(anchor) = stream.places(Class::SEAT).next().filter(|_| stream.has(Class::FIRST | Class::WILL)) else { return Vec::new() };
    let near = |start: usize| start > anchor && start <= anchor + 3;
    let Some((index, phrase)) =
        stream.phrases.iter().enumerate().find(|(_, phrase)| phrase.is_agent() && phrase.many && near(phrase.start))
    else {
        return Vec::new();
    };
    let mut found = Match::new("cast", ClaimKind::Roleplay, anchor);
    found.phrase = Some(index);
    found.agents = phrase.count;
    found.doubt = (!phrase.class.is(Class::AGENT)).then_some("role-only");
    vec![found]
}

/// "(as subagent B) I finish the driver", "[Tester agent] I write the failing test."
pub(super) fn bracketed(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let opens = sentence.text.trim_start_matches(['*', '_', ' ']).starts_with(['[', '(']);
    let speaks = sentence.streams.first().is_some_and(|main| main.tokens.iter().take(3).any(|token| token.is(Class::FIRST | Class::WILL)));
    let first = sentence.streams.get(1).is_some_and(|aside| std::ptr::eq(aside, stream));
    let Some((index, phrase)) = stream.phrases.iter().enumerate().find(|(_, phrase)| phrase.class.is(Class::AGENT) && !phrase.many) else {
        return Vec::new();
    };
    // "[Reviewer agent]: the lock is released twice": a name of its own and a colon are enough.
    let titled = phrase.end - phrase.start > 1 && !phrase.yours && main_starts_with_colon(sentence);
    if !(opens && (speaks || titled) && first) || stream.tokens.len() > 6 {
        return Vec::new();
    }
    let mut found = Match::new("bracketed", ClaimKind::Roleplay, phrase.end.saturating_sub(1));
    found.phrase = Some(index);
    vec![found]
}

/// Whether the words outside the brackets begin with a colon and go on.
fn main_starts_with_colon(sentence: &Sentence) -> bool {
    sentence.text.starts_with(['[', '*'])
        && sentence.streams.first().is_some_and(|main| main.tokens.len() > 3 && main.tokens[0].is_mark(':'))
}
