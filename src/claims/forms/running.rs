//! Agents at work: "four agents are running", "all five finished at once", "an explorer maps X while I read Y".

use super::{Match, is_past, is_progressive, launch};
use crate::claims::class::{Class, LAUNCH};
use crate::claims::phrase::Phrase;
use crate::claims::sentence::Sentence;
use crate::claims::stream::Stream;
use crate::claims::token::{Kind, Token};
use crate::model::claim::ClaimKind;

/// Agent phrases with a predicate.
pub(super) fn predicates(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let mut found = Vec::new();
    for (index, phrase) in stream.phrases.iter().enumerate() {
        let predicate = if stream.english { english(stream, phrase) } else { foreign(stream, phrase) };
        let Some((form, kind, anchor, mut doubt)) = predicate else { continue };
        let together = sentence.is_together() || phrase.parallel;
        let several = phrase.count.is_some_and(|count| count > 1) || phrase.several;
        let mut matched = Match::new(form, kind, anchor);
        if phrase.is_agent() {
            if phrase.count == Some(1) || !(several || together && phrase.many) {
                continue;
            }
            if form == "will-work" && !together && !stream.has(Class::WHILE) {
                continue;
            }
            let each = stream.has(Class::EACH | Class::NOW) || stream.is(anchor, Class::RAN);
            if !together && !each && !phrase.class.is(Class::AGENT) && kind == ClaimKind::Past {
                doubt = doubt.or(Some("maybe-people"));
            }
        } else if !(together && (phrase.class.is(Class::PLURAL) || several) && at_work(stream, anchor)) {
            continue;
        } else if stream.is(anchor, Class::RUNNING | Class::RUN)
            && stream.tokens[phrase.start..phrase.end].iter().any(|token| token.text == "tasks")
        {
            doubt = doubt.or(Some("weak-noun"));
        }
        matched.phrase = Some(index);
        matched.agents = phrase.count.filter(|count| *count > 1);
        matched.doubt = doubt.or_else(|| trade(stream, phrase));
        found.push(matched);
    }
    found
}

/// Trades that people and programs have as often as agents, and relative clauses: no claims without the first person.
pub(super) fn trade(stream: &Stream, phrase: &Phrase) -> Option<&'static str> {
    const PEOPLE: &[&str] = &["engineer", "developer"];
    const PROGRAMS: &[&str] = &["validator", "checker", "mapper", "editor"];
    let head = stream.at(phrase.end.checked_sub(1)?)?.text.trim_end_matches('s');
    let bare = stream.english && !phrase.class.is(Class::AGENT) && !stream.has(Class::FIRST | Class::WILL | Class::EACH);
    // "the badge counts agents that are running": what they do only says which are meant.
    let relative = stream.at(phrase.end).is_some_and(|next| matches!(next.text.as_str(), "that" | "which"));
    if relative && stream.english && !stream.has(Class::FIRST | Class::WILL) {
        return Some("relative");
    }
    // "each request is served by four workers running in parallel"
    let by = phrase.start.checked_sub(1).and_then(|at| stream.at(at)).is_some_and(|before| before.text == "by");
    let named = phrase.class.is(Class::AGENT) || stream.has(Class::FIRST | Class::WILL);
    if by && !named && stream.before(phrase.start, Class::BE).is_some_and(|at| at < phrase.start) {
        return Some("machinery");
    }
    if bare && PEOPLE.contains(&head) {
        return Some("maybe-people");
    }
    (bare && PROGRAMS.contains(&head)).then_some("machinery")
}

fn at_work(stream: &Stream, anchor: usize) -> bool {
    stream.is(anchor, Class::RUNNING | Class::RAN) || is_progressive(stream, anchor)
}

type Predicate = (&'static str, ClaimKind, usize, Option<&'static str>);

fn english(stream: &Stream, phrase: &Phrase) -> Option<Predicate> {
    let mut auxiliary = None;
    let part = stream.at(phrase.start)?.part;
    for index in phrase.end..stream.tokens.len().min(phrase.end + 16) {
        let token = stream.at(index)?;
        let distance = index - phrase.end;
        if token.is(Class::NOT) && !token.is(Class::BE | Class::HAVE)
            || token.part != part && distance > 1
            || token.is(Class::WILL) && ["let", "i'", "i ", "we"].iter().any(|start| token.text.starts_with(start))
            || token.is(Class::FIRST | Class::YOU | Class::SAYS | Class::WHILE | Class::MODAL) && !token.is(Class::WILL)
        {
            return None;
        }
        let text = token.text.as_str();
        if token.is(Class::NOT) {
            return None;
        }
        if text == "will" || text == "'ll" || token.is(Class::WILL) {
            auxiliary = Some("will");
        } else if token.is(Class::BE) && !token.is(Class::FIRST) {
            auxiliary = Some(match text {
                "were" | "was" => "were",
                "been" | "being" if auxiliary == Some("have") => "been",
                _ => "are",
            });
        } else if text == "having" {
            // "depends on two agents having started": no statement.
            return None;
        } else if token.is(Class::HAVE) {
            auxiliary = Some("have");
        } else if let Some(predicate) = verb(stream, index, auxiliary, distance, phrase) {
            return Some(predicate);
        } else if token.is(Class::LATER) {
            return None;
        }
    }
    None
}

/// What a word after an agent phrase asserts about it.
fn verb(stream: &Stream, index: usize, auxiliary: Option<&str>, distance: usize, phrase: &Phrase) -> Option<Predicate> {
    let token = stream.at(index)?;
    let direct = (phrase.end..index).all(|between| {
        stream.at(between).is_some_and(|token| {
            token.is_any_mark() || token.is(Class::ADVERB | Class::NOW | Class::TOGETHER | Class::ALL) || token.text.ends_with("ly")
        })
    });
    let running = token.is(Class::RUNNING) || (is_progressive(stream, index) && !token.glued && (auxiliary.is_some() || distance <= 3));
    let ran = token.is(Class::RAN) || is_past(stream, index) && !token.is(LAUNCH);
    match auxiliary {
        Some("will") if token.is(Class::RUN | Class::BASE) || running => Some(("will-work", ClaimKind::Future, index, None)),
        Some("are") if running => Some(("are-running", ClaimKind::Present, index, None)),
        Some("are")
            if token.is(Class::FINISHED)
                || matches!(token.text.as_str(), "back" | "in" | "through")
                    && stream.at(index + 1).is_none_or(|next| !next.is(Class::THE | Class::ONE))
                    && distance <= 2 =>
        {
            Some(("have-finished", ClaimKind::Past, index, None))
        }
        Some("are") if token.text == "out" && stream.at(index + 1).is_none_or(|next| next.is_any_mark()) => {
            Some(("are-running", ClaimKind::Present, index, None))
        }
        Some("are") if token.is(Class::TOGETHER) && !phrase.parallel => {
            Some(("are-running", ClaimKind::Present, index, phrase.count.is_none().then_some("no-verb")))
        }
        Some("were") if running => Some(("were-running", ClaimKind::Past, index, None)),
        Some("been") if running => Some(("are-running", ClaimKind::Present, index, None)),
        Some("have") if ran || running => Some(("have-finished", ClaimKind::Past, index, None)),
        None if running && direct => Some(("at-work", ClaimKind::Present, index, None)),
        None if token.is(Class::RUN) && direct && !token.is(Class::RAN) && token.class != Class::RAN => {
            // "now start in parallel instead of one by one" is news about a program.
            let now = stream.has(Class::NOW) && !stream.has(Class::CONTRAST)
                || stream.has(Class::WHILE) && stream.has(Class::FIRST | Class::WILL);
            Some(("they-run", ClaimKind::Present, index, (!now).then_some("habitual")))
        }
        // "one subagent writes X while another writes Y"
        None if distance == 0 && token.text.ends_with('s') && stream.has(Class::WHILE) && !token.is_any_mark() => {
            Some(("at-work", ClaimKind::Present, index, None))
        }
        None if ran && direct => Some(("ran", ClaimKind::Past, index, None)),
        _ => None,
    }
}

fn foreign(stream: &Stream, phrase: &Phrase) -> Option<Predicate> {
    let clause = |index: &usize| stream.tokens[*index].part == stream.tokens[phrase.start].part;
    let running = stream
        .places(Class::RUNNING)
        .filter(clause)
        .find(|index| !stream.is(*index, LAUNCH) || stream.is(*index, Class::RUNNING.without(Class::BASE)));
    let ran = stream.places(Class::RAN).find(clause);
    match (running, ran) {
        (_, Some(index)) if stream.is(index, Class::RAN) && running.is_none_or(|other| other < index) => {
            Some(("ran", ClaimKind::Past, index, None))
        }
        (Some(index), _) => Some(("are-running", ClaimKind::Present, index, None)),
        (None, Some(index)) => Some(("ran", ClaimKind::Past, index, None)),
        _ => None,
    }
}

/// "Waiting for the four parallel reviewers to come back."
pub(super) fn waiting(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some(anchor) = stream.tokens.iter().position(|token| matches!(token.text.as_str(), "waiting" | "awaiting" | "wait")) else {
        return Vec::new();
    };
    let near = |phrase: &Phrase| phrase.start > anchor && phrase.start <= anchor + 3;
    let Some((index, phrase)) = stream.phrases.iter().enumerate().find(|(_, phrase)| phrase.is_agent() && near(phrase)) else {
        return Vec::new();
    };
    if !(phrase.count.is_some_and(|count| count > 1) || phrase.many && (phrase.parallel || sentence.is_together())) {
        return Vec::new();
    }
    let mut matched = Match::new("waiting", ClaimKind::Present, anchor);
    matched.phrase = Some(index);
    matched.agents = phrase.count;
    matched.doubt = (!phrase.parallel && !sentence.is_together() && !phrase.class.is(Class::AGENT)).then_some("maybe-people");
    vec![matched]
}

/// "They'll work in parallel": agents named before.
pub(super) fn pronoun(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let mut found = Vec::new();
    for at in stream.places(Class::THEY) {
        let reach = at + 1..stream.tokens.len().min(at + 6);
        let Some(anchor) =
            reach.clone().find(|index| stream.is(*index, Class::RUN | Class::RUNNING | Class::RAN) || is_progressive(stream, *index))
        else {
            continue;
        };
        let between = stream.phrases.iter().any(|phrase| phrase.start > at && phrase.start < anchor);
        if !sentence.is_together() || between || stream.before(at, LAUNCH).is_some() {
            continue;
        }
        let will = stream.tokens[at].text.ends_with("'ll") || reach.clone().any(|index| stream.tokens[index].text == "will");
        let (form, kind) = if will {
            ("they-will", ClaimKind::Future)
        } else if stream.is(anchor, Class::RUNNING) || is_progressive(stream, anchor) {
            ("they-are", ClaimKind::Present)
        } else if stream.is(anchor, Class::RAN) {
            ("they-ran", ClaimKind::Past)
        } else if sentence.context.flatten().is_some() {
            ("they-run", ClaimKind::Present)
        } else {
            continue;
        };
        let mut matched = Match::new(form, kind, anchor);
        let known =
            sentence.context.is_some() || (will && stream.tokens[anchor].text == "work") || stream.phrases.iter().any(Phrase::is_agent);
        matched.agents = sentence.context.flatten();
        matched.doubt = (!known).then_some("unknown-subject");
        found.push(matched);
    }
    found
}

/// "While the explorer maps the schema, I'll read the config."
pub(super) fn beside(_sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    if !stream.has(Class::WHILE) || !stream.has(Class::FIRST | Class::WILL) || stream.has(Class::LATER) {
        return Vec::new();
    }
    let lone = |phrase: &Phrase| phrase.is_agent() && phrase.count == Some(1) && !phrase.negated;
    let Some((index, phrase)) = stream.phrases.iter().enumerate().find(|(_, phrase)| lone(phrase)) else { return Vec::new() };
    let works = |at: usize| {
        stream.at(at).is_some_and(|token| {
            token.is(Class::RUNNING | Class::RAN | Class::VERB | Class::RUN)
                || is_progressive(stream, at)
                || is_past(stream, at)
                || (token.text.ends_with('s') && !token.is_any_mark() && !token.is(Class::BE))
        })
    };
    let Some(anchor) = (phrase.end..stream.tokens.len().min(phrase.end + 4)).find(|at| works(*at)) else { return Vec::new() };
    let elsewhere = stream.places(Class::FIRST | Class::WILL).any(|at| stream.tokens[at].clause != stream.tokens[anchor].clause);
    if !elsewhere {
        return Vec::new();
    }
    let mut matched = Match::new("while-agent", ClaimKind::Beside, anchor);
    matched.phrase = Some(index);
    matched.agents = Some(1);
    matched.doubt = (!stream.has(Class::TOGETHER)).then_some("maybe-serial");
    vec![matched]
}

/// "8 concurrent agents", "3 minutes (5 tasks in parallel)": no verb, but a number and simultaneity.
pub(super) fn status_line(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let mut found = Vec::new();
    for (index, phrase) in stream.phrases.iter().enumerate() {
        let several = phrase.count.is_some_and(|count| count > 1);
        let complete = stream.aside
            && sentence
                .streams
                .first()
                .is_some_and(|main| main.has(Class::PARALLEL) && main.has(Class::FINISHED | Class::RAN | Class::DONE | Class::UNIT));
        // "8 agents, parallel"
        let after = (phrase.end..phrase.end + 2).find(|at| stream.is(*at, Class::PARALLEL));
        let trailing =
            after.is_some_and(|at| stream.at(at + 1).is_none_or(Token::is_any_mark) && stream.at(at - 1).is_some_and(Token::is_any_mark));
        let together = phrase.parallel || sentence.is_together() || complete || trailing;
        let announced = stream.at(0).is_some_and(|token| token.text == "next");
        // "Completed: 6 parallel agents, 48 files touched": what comes after is another item of the list.
        let listed = stream.is(0, Class::FINISHED | Class::DONE) && stream.at(1).is_some_and(|mark| mark.is_mark(':'));
        let moving = (0..stream.tokens.len()).any(|at| {
            let apart = listed && stream.tokens[at].clause != stream.tokens[phrase.start].clause;
            !apart
                && !(phrase.start..phrase.end).contains(&at)
                && !stream.is(at, LAUNCH | Class::RAN | Class::FINISHED | Class::RUNNING | Class::TOGETHER)
                && (is_past(stream, at) || is_progressive(stream, at))
        });
        // "the two agents share a queue and poll it at once": the next word is a verb that no table knows.
        let unknown = stream.at(phrase.end).is_some_and(|next| {
            next.kind == Kind::Word && next.class == Class::NONE && !next.glued && !next.text.ends_with("ing") && stream.english
        });
        let holds = stream.has(Class::HAVE) && stream.has(Class::FIRST);
        let others = LAUNCH | Class::RUN | Class::VERB | Class::MODAL | Class::WILL | Class::BE;
        let verbless = !stream.tokens.iter().enumerate().any(|(at, token)| {
            !(phrase.start..phrase.end).contains(&at)
                && token.is(others)
                && (token.is(Class::RUN)
                    || !token.is(Class::RAN | Class::DONE)
                    || token.part == stream.tokens[phrase.start].part && at < phrase.start && !stream.opens_clause(at))
        });
        if several && together && !moving && (verbless || holds) && !launch::besides(stream) {
            let mut matched = Match::new("status-line", ClaimKind::Present, phrase.end.saturating_sub(1));
            matched.phrase = Some(index);
            matched.agents = phrase.count;
            matched.doubt = (!phrase.is_agent() && !stream.aside && !phrase.class.is(Class::GROUP))
                .then_some("weak-noun")
                .or(announced.then_some("announced"))
                .or(unknown.then_some("unknown-verb"))
                .or_else(|| trade(stream, phrase));
            found.push(matched);
        }
    }
    found
}
