//! Somebody sends agents out: "I'll launch three agents", "four subagents dispatched".

use super::running::trade;
use super::{Match, is_past, is_progressive};
use crate::claims::class::{Class, LAUNCH};
use crate::claims::phrase::Phrase;
use crate::claims::sentence::Sentence;
use crate::claims::stream::Stream;
use crate::model::claim::ClaimKind;

/// Every launch verb of the stream that is asserted and has agents as what it launches.
pub(super) fn launches(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    stream.places(LAUNCH).filter_map(|anchor| launch(sentence, stream, anchor)).collect()
}

fn launch(sentence: &Sentence, stream: &Stream, anchor: usize) -> Option<Match> {
    let (form, kind, mut doubt) = if stream.english { english(stream, anchor)? } else { foreign(stream, anchor)? };
    let index = object(stream, anchor, form)?;
    let phrase = stream.phrases.get(index)?;
    let weak = stream.is(anchor, Class::WEAK);
    let together = sentence.is_together() || phrase.parallel;
    let each = stream.has(Class::EACH) || stream.places(Class::ALL).any(|at| at > phrase.end);
    let several = phrase.count.is_some_and(|count| count > 1) || phrase.several;
    let mut found = Match::new(form, kind, anchor);
    // Where the agents are "not one of the four I ran", the negation is not about the running.
    found.phrase = (!phrase.negated).then_some(index);
    found.agents = phrase.count.filter(|count| *count > 1);
    if phrase.is_agent() {
        if phrase.count == Some(1) && !each {
            return lone(stream, found, together);
        }
        if !(several || together && (phrase.many || each)) {
            return None;
        }
        if !together && weak && !each && !phrase.class.is(Class::AGENT) {
            doubt = doubt.or(Some("weak-verb"));
        }
    } else {
        // Work and teams are launched only by a verb that says so, and together.
        if !together || weak || !(phrase.many || phrase.several) {
            return None;
        }
        let team = phrase.class.is(Class::GROUP) && !stream.english;
        if !team && !phrase.class.is(Class::PLURAL) && phrase.count.is_none() {
            doubt = doubt.or(Some("weak-noun"));
        }
    }
    found.doubt = doubt.or_else(|| (phrase.end <= anchor).then(|| trade(stream, phrase)).flatten());
    Some(found)
}

/// One agent: a claim only where it works beside something else.
fn lone(stream: &Stream, mut found: Match, together: bool) -> Option<Match> {
    let beside = besides(stream);
    if !together && !beside {
        return None;
    }
    found.kind = ClaimKind::Beside;
    found.form = "beside";
    found.agents = Some(1);
    found.doubt = (!beside).then_some("lone-agent");
    Some(found)
}

/// "while I read", "alongside my own work".
pub(super) fn besides(stream: &Stream) -> bool {
    let own = |at: usize| {
        (at + 1..at + 4).any(|index| {
            stream.at(index).is_some_and(|token| {
                token.is(Class::FIRST | Class::WILL)
                    || matches!(token.text.as_str(), "my" | "mine" | "meine" | "mon" | "mi" | "meu" | "mio" | "own")
            })
        })
    };
    let during = stream.places(Class::WHILE).any(|at| stream.places(Class::FIRST | Class::WILL).any(|first| first > at) || !stream.english);
    let along = stream.tokens.iter().enumerate().any(|(at, token)| {
        (token.is(Class::TOGETHER) || token.text == "with" || token.text == "as") && own(at) && stream.has(Class::TOGETHER)
    });
    during || along
}

/// Whether an English launch verb is asserted here, and when.
fn english(stream: &Stream, anchor: usize) -> Option<(&'static str, ClaimKind, Option<&'static str>)> {
    let token = stream.at(anchor)?;
    let spoken = |class: Class| stream.earlier(anchor, class);
    let close = |class: Class| stream.before(anchor, class).filter(|at| (at + 1..anchor).all(|index| is_filler(stream, index)));
    if token.is(Class::BASE) {
        if spoken(Class::WILL).is_some() {
            return Some(("launch-next", ClaimKind::Future, None));
        }
        let opening = stream.opens(anchor);
        let infinitive = anchor.checked_sub(1).and_then(|at| stream.at(at)).is_some_and(|before| before.text == "to");
        if infinitive {
            let earlier = stream.earlier(anchor, Class::ING | Class::DONE).filter(|at| *at < anchor)?;
            return english(stream, earlier).map(|(_, kind, doubt)| ("launch-by-means", kind, doubt));
        }
        if opening && anchor > 0 && stream.before(anchor, Class::NOW).is_some() && !stream.is(anchor, Class::WEAK) {
            return Some(("launch-now", ClaimKind::Future, None));
        }
        if !opening && close(Class::FIRST).is_some() && !token.is(Class::DONE) && close(Class::HAVE).is_none() {
            return Some(("launch-now", ClaimKind::Future, None));
        }
    }
    if token.is(Class::ING) {
        let progressive = close(Class::BE).is_some() && spoken(Class::FIRST).is_some();
        let passive = close(Class::BE).is_some() && stream.phrases.iter().any(|phrase| phrase.end <= anchor && phrase.many);
        let means = anchor.checked_sub(1).and_then(|at| stream.at(at)).is_some_and(|before| before.text == "by")
            && spoken(Class::FIRST | Class::WILL).is_some();
        let opens = stream.opens_clause(anchor)
            && spoken(Class::YOU).is_none()
            && !stream.tokens.iter().take(anchor).any(|word| word.text == "they");
        if progressive || opens || means || spoken(Class::WILL).is_some() && close(Class::WILL).is_some() {
            return Some(("launching", ClaimKind::Future, None));
        }
        return passive.then_some(("launching", ClaimKind::Present, None));
    }
    let relative =
        anchor.checked_sub(1).and_then(|at| stream.at(at)).is_some_and(|before| matches!(before.text.as_str(), "that" | "which" | "who"));
    if token.is(Class::DONE) && !relative {
        let imperative = token.is(Class::BASE);
        let spoke = spoken(Class::FIRST).is_some() || close(Class::HAVE).is_some() && spoken(Class::FIRST).is_some();
        let dangling = close(Class::HAVE).is_some_and(|at| stream.tokens[at].text == "having");
        let passive = !dangling
            && (!imperative || close(Class::BE | Class::HAVE).is_some())
            && stream.phrases.iter().any(|phrase| {
                phrase.end <= anchor
                    && stream.tokens[phrase.start].part == token.part
                    && (phrase.end..anchor).all(|index| is_filler(stream, index) || stream.is(index, Class::BE | Class::HAVE))
            });
        // "Phase 0 ran three agents": the assistant's own phase is its subject.
        let phased = stream.is(0, Class::PLAN) && anchor <= 3 && stream.at(1).is_some_and(|number| number.value.is_some());
        let opens = (stream.opens_clause(anchor) || phased) && !imperative;
        // "Having run three critics at once, I …"
        let having = dangling && close(Class::HAVE).is_some_and(|at| stream.opens_clause(at)) && stream.has(Class::FIRST | Class::WILL);
        if spoke || opens || passive || having {
            return Some((if passive && !spoke { "were-launched" } else { "launched" }, ClaimKind::Past, None));
        }
    }
    None
}

/// Whether a word may stand between a subject or an auxiliary and its verb.
fn is_filler(stream: &Stream, index: usize) -> bool {
    stream.at(index).is_some_and(|token| {
        token.is_any_mark()
            || token.is(Class::ADVERB | Class::NOW | Class::ALL | Class::BE | Class::HAVE | Class::TOGETHER | Class::FIRST)
            || token.text.ends_with("ly")
    })
}

/// Whether a launch verb of another language is asserted here, and when.
fn foreign(stream: &Stream, anchor: usize) -> Option<(&'static str, ClaimKind, Option<&'static str>)> {
    let token = stream.at(anchor)?;
    if token.is(Class::SELF) {
        return Some(("launch-now", ClaimKind::Future, None));
    }
    if token.is(Class::DONE) {
        return Some(("launched", ClaimKind::Past, None));
    }
    if token.is(Class::ING) {
        let first = stream.opens_clause(anchor) || stream.before(anchor, Class::FIRST | Class::BE).is_some();
        return first.then_some(("launching", ClaimKind::Future, None));
    }
    if stream.has(Class::WILL) || stream.before(anchor, Class::FIRST).is_some() {
        return Some(("launch-next", ClaimKind::Future, None));
    }
    let running = stream.before(anchor, Class::NOW | Class::RUNNING).is_some();
    if running && token.text.chars().next().is_some_and(crate::claims::token::is_dense) {
        return Some(("launching", ClaimKind::Future, None));
    }
    (token.text.chars().next().is_some_and(crate::claims::token::is_dense)).then_some(("launch-now", ClaimKind::Future, Some("bare-verb")))
}

/// The agents that the verb launches, as a place in the stream's phrases.
fn object(stream: &Stream, anchor: usize, form: &str) -> Option<usize> {
    let weak = stream.is(anchor, Class::WEAK);
    let reachable = |phrase: &Phrase| {
        let passive = form == "were-launched" || form == "launching";
        // "the four reviewers I ran in parallel"
        let relative =
            phrase.end < anchor && stream.is(phrase.end, Class::FIRST) && (phrase.end + 1..anchor).all(|index| is_filler(stream, index));
        let before = phrase.end <= anchor && (!stream.english || passive) || relative;
        let after = phrase.start > anchor && !(anchor + 1..phrase.start).any(|index| blocks(stream, index, weak));
        (!phrase.negated || relative) && (before || after || (!stream.english && phrase.start != anchor))
    };
    let rank = |phrase: &Phrase| {
        let agent = u8::from(phrase.is_agent());
        let several = u8::from(phrase.count.is_some_and(|count| count > 1));
        let many = u8::from(phrase.many);
        let after = u8::from(phrase.start > anchor);
        (agent, several, many, after)
    };
    let mut best: Option<usize> = None;
    for (index, phrase) in stream.phrases.iter().enumerate().filter(|(_, phrase)| reachable(phrase)) {
        if best.and_then(|other| stream.phrases.get(other)).is_none_or(|other| rank(phrase) > rank(other)) {
            best = Some(index);
        }
    }
    best
}

/// Whether a word between verb and agents shows that the agents belong to another statement.
fn blocks(stream: &Stream, index: usize, weak: bool) -> bool {
    let Some(token) = stream.at(index) else { return false };
    let other_subject = token.is(Class::FIRST | Class::WILL | Class::YOU | Class::THEY | Class::CONDITION) && !token.is(Class::THE);
    let other_verb = token.is(Class::VERB | Class::RUN | LAUNCH) && !token.glued;
    let relative = matches!(token.text.as_str(), "that" | "which");
    other_subject || (weak && (other_verb || relative || token.is(Class::BE | Class::OBJECT)))
}

/// Work that is done with agents: "I'll tackle the crates with four agents", "ran in parallel via different agents".
pub(super) fn with_agents(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    const LINKS: &[&str] = &["via", "with", "by", "using", "across", "through", "from", "between", "among", "over"];
    if !stream.english {
        return Vec::new();
    }
    let together = sentence.is_together();
    let mut found = Vec::new();
    for (index, phrase) in stream.phrases.iter().enumerate().filter(|(_, phrase)| phrase.is_agent() && phrase.many) {
        let linked = phrase.start.checked_sub(1).and_then(|at| stream.at(at)).is_some_and(|token| LINKS.contains(&token.text.as_str()));
        let several = phrase.count.is_some_and(|count| count > 1);
        if !linked || !(together || phrase.parallel || several && phrase.class.is(Class::AGENT)) {
            continue;
        }
        let past = |at: &usize| stream.is(*at, Class::RAN | Class::DONE) && !stream.is(*at, Class::BASE) || is_past(stream, *at);
        let will = stream.earlier(phrase.start, Class::WILL).filter(|at| *at < phrase.start);
        let done = (0..phrase.start)
            .find(past)
            .filter(|at| stream.earlier(*at, Class::FIRST).is_some() || stream.opens(*at) || together || phrase.parallel);
        let doing = (0..phrase.start)
            .find(|at| is_progressive(stream, *at) && (stream.opens_clause(*at) || stream.before(*at, Class::FIRST).is_some()));
        let (kind, anchor) = match (will, done, doing) {
            (Some(at), ..) => (ClaimKind::Future, at),
            (None, Some(at), _) => (ClaimKind::Past, at),
            (None, None, Some(at)) => (ClaimKind::Future, at),
            _ => continue,
        };
        let mut matched = Match::new("with-agents", kind, anchor);
        matched.phrase = Some(index);
        matched.agents = phrase.count;
        // "each request is served by four workers running in parallel"
        let served =
            !phrase.class.is(Class::AGENT) && !stream.has(Class::FIRST | Class::WILL) && stream.before(anchor, Class::BE).is_some();
        matched.doubt = (!together && !phrase.parallel).then_some("weak-verb").or(served.then_some("machinery"));
        found.push(matched);
    }
    found
}
