//! "All 123 tests pass", "3/3 tests passed", "All 7 tasks done".

use super::Match;
use crate::claims::class::Class;
use crate::claims::phrase::whole;
use crate::claims::sentence::Sentence;
use crate::claims::stream::Stream;
use crate::claims::token::Kind;
use crate::model::claim::{ClaimKind, Topic};

/// Tests that are said to pass.
pub(super) fn pass(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some(anchor) = stream.places(Class::PASS | Class::PASSED).find(|at| !stream.is(*at, Class::NOT)) else { return Vec::new() };
    let past = stream.is(anchor, Class::PASSED);
    let fraction = fraction(stream);
    let noun = stream.places(Class::TEST).find(|at| stream.tokens[*at].part == stream.tokens[anchor].part || *at < anchor);
    let verified = stream.has(Class::FIRST) && stream.places(Class::THEY).any(|at| at < anchor) && noun.is_some();
    let all = stream.places(Class::ALL).any(|at| at < anchor);
    let whole_run = fraction.is_some_and(|(done, of)| done == of);
    let elliptic = noun.is_none() && whole_run;
    if noun.is_none() && !elliptic {
        return Vec::new();
    }
    let counted = noun.and_then(|at| at.checked_sub(1)).and_then(|at| stream.tokens.get(at)).and_then(|token| token.value).or_else(|| {
        stream.tokens.iter().take(anchor).rfind(|token| token.value.is_some() && !token.is(Class::ONE)).and_then(|token| token.value)
    });
    let asserted = all || whole_run || verified || counted.is_some() || stream.places(Class::TEST).any(|at| at < anchor);
    if !asserted || sentence.markup.ordered || stream.later(anchor, Class::LATER).is_some() {
        return Vec::new();
    }
    let later = stream.places(Class::LATER).any(|at| at < anchor);
    if later {
        return Vec::new();
    }
    // "Let me run the tests to verify that all pass": what is about to be found out.
    let sought = stream.places(Class::WILL).any(|at| at < anchor)
        || stream.tokens.iter().take(anchor).any(|token| SEEKS.contains(&token.text.as_str())) && !verified;
    if sought {
        return Vec::new();
    }
    let mut found = Match::new("tests-pass", if past || verified || elliptic { ClaimKind::Past } else { ClaimKind::Tests }, anchor);
    found.topic = Topic::Tests;
    found.count = fraction.map(|(done, _)| done).or_else(|| counted.and_then(whole));
    found.doubt = (!(all || whole_run || verified || counted.is_some() || whole_suite(stream))).then_some("some-tests");
    // "All renderer tests pass, but …", "all 7 new tests pass": the run of the whole suite says nothing about these.
    if noun.is_some_and(|at| is_selected(stream, at)) || stream.has(Class::BUT) {
        found.doubt = Some("some-tests");
    }
    // "All tests pass for the modules that I changed": those of a part.
    let is_for = stream.at(anchor + 1).is_some_and(|next| next.text == "for");
    if is_for && stream.tokens.iter().skip(anchor + 2).any(|token| matches!(token.text.as_str(), "that" | "which" | "who")) {
        found.doubt = Some("some-tests");
    }
    if fraction.is_some_and(|(done, of)| done != of) {
        found.doubt = Some("partial");
    }
    vec![found]
}

/// Words that say that something is still to be found out.
const SEEKS: &[&str] =
    &["verify", "check", "confirm", "ensure", "see", "verifying", "checking", "confirming", "ensuring", "until", "whether", "sure"];

/// Whether a word between "all" and "tests" picks some of them. "Unit tests" and the like are whole suites.
fn is_selected(stream: &Stream, noun: usize) -> bool {
    const WHOLE: &[&str] =
        &["unit", "integration", "existing", "regression", "end", "to", "e2e", "relevant", "the", "of", "my", "our", "these", "project"];
    let Some(all) = stream.earlier(noun, Class::ALL) else { return false };
    stream.tokens[all + 1..noun].iter().any(|token| {
        token.kind == Kind::Name
            || token.kind == Kind::Word
                && token.value.is_none()
                && !token.is(Class::TEST | Class::ALL)
                && !WHOLE.contains(&token.text.as_str())
    })
}

/// "the test suite is green", "test suites green": a whole suite without "all".
fn whole_suite(stream: &Stream) -> bool {
    stream.tokens.iter().any(|token| token.is(Class::TEST) && token.text.contains("suite"))
}

/// "81/81".
fn fraction(stream: &Stream) -> Option<(u32, u32)> {
    (0..stream.tokens.len()).find_map(|at| {
        let slash = stream.at(at + 1).is_some_and(|token| token.is_mark('/') || token.text == "of");
        let (done, of) = (stream.at(at)?.value?, stream.at(at + 2)?.value?);
        slash.then_some((whole(done)?, whole(of)?))
    })
}

/// "All 7 tasks done", "all tasks completed (15/15)".
pub(super) fn completion(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some((index, phrase)) = stream
        .phrases
        .iter()
        .enumerate()
        .find(|(_, phrase)| phrase.class.is(Class::WORK) && phrase.class.is(Class::PLURAL) || phrase.class.is(Class::AGENT))
    else {
        return Vec::new();
    };
    let Some(anchor) = stream.places(Class::FINISHED).find(|at| *at >= phrase.end && at - phrase.end <= 5) else { return Vec::new() };
    let all = stream.tokens.iter().take(phrase.end).any(|token| token.is(Class::ALL));
    let fraction = sentence.streams.iter().find_map(fraction);
    let every = fraction.is_some_and(|(done, of)| done == of);
    if !(all || every)
        || phrase.class.is(Class::AGENT) && !phrase.class.is(Class::WORK) && phrase.count.is_none() && !all
        || sentence.markup.ordered
    {
        return Vec::new();
    }
    let mut found = Match::new("all-done", ClaimKind::Past, anchor);
    found.topic = Topic::Completion;
    found.phrase = Some(index);
    found.count = phrase.count.filter(|count| *count > 1).or_else(|| fraction.map(|(done, _)| done));
    vec![found]
}
