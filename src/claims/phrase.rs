//! Agent phrases: "all four review agents", "a researcher, a writer and an editor", "Agents A–D".

mod labels;

use super::class::{BREAK, Class, LAUNCH, NOUN};
use super::token::{Kind, POSSESSIVE, Token, is_dense};

/// A noun phrase that may stand for agents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phrase {
    /// Its first token.
    pub(super) start: usize,
    /// One past its last token.
    pub(super) end: usize,
    /// What its head is: AGENT, ROLE, WORK or GROUP, with PLURAL.
    pub(super) class: Class,
    /// How many, where it says so.
    pub(super) count: Option<u32>,
    /// More than one, by number or form.
    pub(super) many: bool,
    /// More than one by a word like "several", not only by its ending.
    pub(super) several: bool,
    /// "parallel" or "concurrent" stands inside it.
    pub(super) parallel: bool,
    /// "no agents", "none of the agents".
    pub(super) negated: bool,
    /// "a second", "another".
    pub(super) second: bool,
    /// It names machinery: Jenkins agents.
    pub(super) thing: bool,
    /// "Agent 2": a name rather than a number.
    pub(super) label: bool,
    /// "your agents".
    pub(super) yours: bool,
    /// "two of the three agents".
    pub(super) partial: bool,
}

impl Phrase {
    /// Whether its head says that it is an agent, or a trade that agents have.
    pub(super) fn is_agent(&self) -> bool {
        self.class.is(Class::AGENT | Class::ROLE)
    }
}

/// The agent phrases of a stream, coordinated ones as one.
pub(super) fn find(tokens: &[Token], english: bool) -> Vec<Phrase> {
    let mut phrases: Vec<Phrase> = Vec::new();
    for (head, token) in tokens.iter().enumerate() {
        if token.is(NOUN) && !token.is(LAUNCH) && !is_attributive(tokens, head, english) {
            let floor = phrases.last().map_or(0, |last| last.end);
            phrases.push(expand(tokens, head, floor, english));
        }
    }
    coordinate(tokens, phrases)
}

/// Whether the noun only modifies the next one: "agent profiles", "reviewer agents".
fn is_attributive(tokens: &[Token], head: usize, english: bool) -> bool {
    let Some((token, next)) = tokens.get(head).zip(tokens.get(head + 1)) else { return false };
    if next.is_any_mark() {
        return false;
    }
    if next.text == POSSESSIVE {
        return true;
    }
    if english {
        let modifies = next.is(Class::ARTEFACT) || (next.is(NOUN) && !next.is(LAUNCH | Class::RUN)) || next.is(Class::OBJECT);
        !token.is(Class::PLURAL) && modifies || (next.glued && token.is(NOUN) && !next.is(NOUN) && next.kind == Kind::Word)
    } else {
        next.is(Class::ARTEFACT) || (next.is(Class::AGENT) && !next.text.is_empty())
    }
}

/// Walks left from a head over its modifiers.
fn expand(tokens: &[Token], head: usize, floor: usize, english: bool) -> Phrase {
    let noun = &tokens[head];
    let dense = noun.text.starts_with(is_dense);
    let mut phrase = Phrase {
        start: head,
        end: head + 1,
        class: noun.class.only(NOUN | Class::PLURAL),
        count: None,
        many: noun.is(Class::PLURAL | Class::GROUP),
        several: false,
        parallel: noun.is(Class::PARALLEL),
        negated: false,
        second: false,
        thing: noun.is(Class::THING),
        label: false,
        yours: false,
        partial: false,
    };
    let mut single = false;
    let mut every = false;
    let mut items = 0_u32;
    let mut modifiers = 0_usize;
    let mut at = head;
    let limit = if dense { 10 } else { 7 };
    while at > floor && (head - at < limit || items > 0) && head - at < 24 {
        let index = at - 1;
        let token = &tokens[index];
        let previous = index.checked_sub(1).and_then(|before| tokens.get(before));
        if let Some(value) = token.value.filter(|_| !token.is(Class::ONE)) {
            if is_identifier(tokens, index) {
                at -= 1;
                continue;
            }
            phrase.count = whole(value);
            phrase.start = index;
            fraction(tokens, index, &mut phrase);
            break;
        }
        match token.kind {
            Kind::Mark('#' | '~' | '+' | '≈') => {}
            Kind::Mark(',') if modifiers > 0 && noun.is(Class::PLURAL) && english => {
                items += 1;
                modifiers = 0;
            }
            Kind::Mark(_) => break,
            Kind::Number if token.is(Class::ONE) && is_identifier(tokens, index) => {}
            _ if token.is(Class::ONE) => {
                single = true;
                phrase.start = index;
                break;
            }
            _ if token.is(Class::SECOND) => {
                (single, phrase.second) = (true, true);
                phrase.start = index;
                break;
            }
            _ if token.is(Class::NOT) => {
                phrase.negated = true;
                phrase.start = index;
                break;
            }
            _ if token.is(Class::MANY) => (phrase.many, phrase.several) = (true, true),
            _ if token.is(Class::AND) && modifiers > 0 && noun.is(Class::PLURAL) && english => {
                if !previous.is_some_and(|before| before.is_mark(',')) {
                    items += 1;
                    modifiers = 0;
                }
            }
            _ if token.text == "of" => {
                // "two of the reviewers", "both of my teammates"
                let Some(before) = previous else { break };
                if before.is(Class::NOT) {
                    phrase.negated = true;
                } else if let Some(value) = before.value {
                    phrase.count = whole(value);
                } else if !before.is(Class::ALL | Class::MANY) {
                    break;
                }
                phrase.start = index - 1;
                break;
            }
            _ if matches!(token.text.as_str(), "every" | "each" | "every single") => (phrase.many, every) = (true, true),
            _ if token.is(Class::ALL | Class::THE | Class::EACH) => phrase.yours |= token.text == "your",
            _ if token.is(Class::PARALLEL) => phrase.parallel = true,
            _ if dense && token.is(Class::TOGETHER) && !token.is(LAUNCH) => phrase.parallel = true,
            // "in Scrum the planner"
            _ if token.is(Class::DOCUMENT) && token.text.starts_with("in ") => break,
            _ if token.is(BREAK | Class::AND | Class::NOW) && !is_modifier(tokens, index, head) => break,
            _ => {
                phrase.thing |= token.is(Class::THING) && !token.is(LAUNCH | Class::TOGETHER);
                // "the four-agent swarm"
                if noun.is(Class::GROUP) && token.is(Class::AGENT) {
                    phrase.class = phrase.class | Class::AGENT;
                }
                modifiers += 1;
            }
        }
        phrase.start = index;
        at -= 1;
    }
    if phrase.count.is_none() && items > 0 && modifiers > 0 {
        phrase.count = Some(items + 1);
    }
    labels::read(tokens, head, &mut phrase);
    if dense && phrase.count.is_none() {
        counted_after(tokens, head, &mut phrase);
    }
    single |= !every && english && !noun.is(Class::PLURAL | Class::GROUP) && phrase.count.is_none();
    if phrase.count.is_none() && single {
        phrase.count = Some(1);
    }
    match phrase.count {
        Some(0) => phrase.negated = true,
        Some(1) => phrase.many = false,
        Some(_) => phrase.many = true,
        None => phrase.many |= !english && !single,
    }
    phrase
}

/// A verb's base right before the head is a modifier: "review agents".
fn is_modifier(tokens: &[Token], index: usize, head: usize) -> bool {
    let token = &tokens[index];
    let plain = token.is(Class::RUN | Class::VERB | Class::RAN) && !token.is(LAUNCH | Class::BE | Class::HAVE | Class::RUNNING);
    let opened = index.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| {
        before.value.is_some()
            || before.is(LAUNCH | Class::PARALLEL | Class::ONE | Class::THE | Class::MANY | Class::ALL | Class::AND)
            || before.is_mark(',')
            || (before.class == Class::NONE && before.kind == Kind::Word)
    });
    (plain && index + 1 == head && opened) || token.glued && token.is(Class::VERB | Class::RUN | Class::LINK)
}

/// "Phase 1", "#4", "Sprint 6": a number that names instead of counting.
fn is_identifier(tokens: &[Token], index: usize) -> bool {
    let Some(previous) = index.checked_sub(1).and_then(|before| tokens.get(before)) else { return false };
    let token = &tokens[index];
    token.kind == Kind::Number
        && (previous.is_mark('#') || previous.is(Class::PLAN) || token.glued || (previous.is(NOUN) && !previous.is(Class::PLURAL)))
}

/// "3/5 agents", "two of the five agents", "10–20 agents": the first number is the one that is asserted.
fn fraction(tokens: &[Token], index: usize, phrase: &mut Phrase) {
    let token = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    if token(1).is_some_and(|mark| mark.is_mark('/') || mark.is_mark('–')) {
        if let Some(value) = token(2).and_then(|number| number.value) {
            phrase.partial = whole(value) < phrase.count;
            phrase.count = whole(value);
            phrase.start = index - 2;
        }
        return;
    }
    for back in 1..=3 {
        let Some(found) = token(back) else { return };
        if found.is(Class::NOT) {
            phrase.negated = true;
        } else if found.is(Class::MANY | Class::ALL) && back == 1 {
            phrase.start = index - 1;
        } else if back >= 2
            && (found.value.is_some() || found.is(Class::ONE))
            && token(back - 1).is_some_and(|link| link.text.starts_with("of"))
        {
            let whole_count = phrase.count;
            phrase.count = found.value.map_or(Some(1), whole);
            phrase.partial = phrase.count < whole_count;
            phrase.start = index - back;
        } else if !(found.text.starts_with("of") || found.is(Class::THE | Class::ALL)) {
            return;
        }
    }
}

/// "エージェントを3つ", "에이전트 세 개를": the number follows the noun.
fn counted_after(tokens: &[Token], head: usize, phrase: &mut Phrase) {
    for token in tokens.iter().take(head + 5).skip(head + 1) {
        if token.is_any_mark() || token.is(LAUNCH | Class::RUNNING | Class::RAN | NOUN) {
            return;
        }
        if let Some(value) = token.value {
            phrase.count = whole(value);
            return;
        }
    }
}

/// Joins phrases that are coordinated: "two reviewers and a tester" is three.
fn coordinate(tokens: &[Token], phrases: Vec<Phrase>) -> Vec<Phrase> {
    let mut joined: Vec<Phrase> = Vec::new();
    for phrase in phrases {
        if let Some(last) = joined.last_mut().filter(|last| coordinated(tokens, last, &phrase)) {
            last.end = phrase.end;
            last.count = last.count.zip(phrase.count).map(|(one, other)| one.saturating_add(other));
            last.many = true;
            last.parallel |= phrase.parallel;
            last.thing |= phrase.thing;
            last.label = false;
            last.class = last.class | phrase.class;
        } else {
            joined.push(phrase);
        }
    }
    for phrase in &mut joined {
        ellipses(tokens, phrase);
    }
    let total = total(tokens, &joined);
    for phrase in joined.iter_mut().filter(|phrase| phrase.is_agent()) {
        let sums_up = phrase.many && phrase.count.is_none() || phrase.label && phrase.count == Some(1);
        if let Some(count) = total.filter(|_| sums_up) {
            (phrase.count, phrase.many) = (Some(count), true);
        }
    }
    joined
}

fn coordinated(tokens: &[Token], one: &Phrase, other: &Phrase) -> bool {
    let between = tokens.get(one.end..other.start).unwrap_or_default();
    let joins = between.iter().any(|token| token.is(Class::AND) || token.is_mark(',') || token.is_mark('+') || token.is_mark('/'));
    let breaks = BREAK.without(Class::LINK).and(Class::LATER);
    let quiet =
        between.iter().all(|token| !token.is(breaks) && (!token.is_any_mark() || matches!(token.kind, Kind::Mark(',' | '+' | '/' | '✅'))));
    let same_kind = (one.is_agent() && other.is_agent()) || (one.label && other.label);
    between.len() <= 8 && joins && quiet && same_kind && one.count.is_some() && other.count.is_some() && !one.negated && !other.negated
}

/// "all seven", "the pair" where no noun of its own follows: the number of the agents named elsewhere.
fn total(tokens: &[Token], phrases: &[Phrase]) -> Option<u32> {
    tokens.iter().enumerate().find_map(|(index, token)| {
        let value = token.value.filter(|_| token.kind == Kind::Word)?;
        let before = index.checked_sub(1).and_then(|at| tokens.get(at));
        let all = before.is_some_and(|before| before.is(Class::ALL))
            || token.text == "pair" && before.is_some_and(|before| before.is(Class::THE));
        let free = !phrases.iter().any(|phrase| (phrase.start..phrase.end).contains(&index));
        let alone = tokens.get(index + 1).is_none_or(|next| next.is_any_mark() || next.is(BREAK | Class::ADVERB | Class::NOW));
        (all && free && alone).then(|| whole(value)).flatten()
    })
}

/// "an agent for the API, one for the UI": the second is only "one".
fn ellipses(tokens: &[Token], phrase: &mut Phrase) {
    if phrase.count != Some(1) || phrase.label {
        return;
    }
    let mut count = 1;
    for index in phrase.end..tokens.len() {
        let token = &tokens[index];
        if matches!(token.kind, Kind::Mark(';' | ':')) {
            break;
        }
        let other = matches!(token.text.as_str(), "another" | "the other one") && tokens[index - 1].is(Class::LINK);
        let joined = other || tokens[index - 1].is_mark(',') || tokens[index - 1].is(Class::AND | Class::WHILE);
        let linked = tokens.get(index + 1).is_some_and(|next| {
            next.is(Class::LINK | Class::BE | Class::VERB | Class::RUN)
                || next.is_mark(',')
                || next.text.ends_with('s')
                || next.text.ends_with("ed")
        });
        count += u32::from(
            joined && linked && token.is(Class::ONE | Class::SECOND) && !matches!(token.text.as_str(), "a" | "an" | "second" | "third"),
        );
    }
    let other = phrase.second
        && tokens.iter().enumerate().any(|(index, token)| token.text == "first" && !(phrase.start..phrase.end).contains(&index));
    if count > 1 || other {
        phrase.count = Some(count.max(2));
        phrase.many = true;
    }
}

/// A whole number that can be a number of agents.
pub(super) fn whole(value: f64) -> Option<u32> {
    // The bounds make the cast exact.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = value as u32;
    ((0.0..1e9).contains(&value) && value.fract() == 0.0).then_some(whole)
}
