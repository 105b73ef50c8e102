//! A sentence as streams of tokens: its main line and each remark in parentheses, with clauses numbered.

use super::class::Class;
use super::dictionary;
use super::phrase::{self, Phrase};
use super::token::{Kind, Token};

/// Tokens that are read together, with the agent phrases among them.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) tokens: Vec<Token>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) english: bool,
    /// A remark in parentheses.
    pub(super) aside: bool,
}

/// Cuts a sentence into streams.
pub(super) fn streams(text: &str) -> Vec<Stream> {
    let (tokens, english) = dictionary::tokens(text);
    let mut main = Vec::new();
    let mut asides: Vec<Vec<Token>> = Vec::new();
    let mut inside = false;
    for token in tokens {
        if token.depth == 0 {
            inside = false;
            main.push(token);
        } else {
            if !inside {
                asides.push(Vec::new());
                inside = true;
            }
            if let Some(aside) = asides.last_mut() {
                aside.push(token);
            }
        }
    }
    std::iter::once((main, false))
        .chain(asides.into_iter().map(|aside| (aside, true)))
        .map(|(tokens, aside)| Stream::new(tokens, english, aside))
        .collect()
}

impl Stream {
    fn new(mut tokens: Vec<Token>, english: bool, aside: bool) -> Self {
        number_clauses(&mut tokens);
        mask_contrasts(&mut tokens);
        let phrases = phrase::find(&tokens, english);
        Self { tokens, phrases, english, aside }
    }

    pub(super) fn at(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    pub(super) fn is(&self, index: usize, class: Class) -> bool {
        self.at(index).is_some_and(|token| token.is(class))
    }

    pub(super) fn has(&self, class: Class) -> bool {
        self.tokens.iter().any(|token| token.is(class))
    }

    /// The places of a class.
    pub(super) fn places(&self, class: Class) -> impl Iterator<Item = usize> + '_ {
        self.tokens.iter().enumerate().filter(move |(_, token)| token.is(class)).map(|(index, _)| index)
    }

    /// The last token of a class before `index` in the same clause.
    pub(super) fn before(&self, index: usize, class: Class) -> Option<usize> {
        let clause = self.at(index)?.clause;
        (0..index).rev().take_while(|other| self.tokens[*other].clause == clause).find(|other| self.tokens[*other].is(class))
    }

    /// The last token of a class before `index` in the same part.
    pub(super) fn earlier(&self, index: usize, class: Class) -> Option<usize> {
        let part = self.at(index)?.part;
        (0..index).rev().take_while(|other| self.tokens[*other].part == part).find(|other| self.tokens[*other].is(class))
    }

    /// The first token of a class after `index` in the same clause.
    pub(super) fn after(&self, index: usize, class: Class) -> Option<usize> {
        let clause = self.at(index)?.clause;
        (index + 1..self.tokens.len()).take_while(|other| self.tokens[*other].clause == clause).find(|other| self.tokens[*other].is(class))
    }

    /// The first token of a class after `index` in the same part.
    pub(super) fn later(&self, index: usize, class: Class) -> Option<usize> {
        let part = self.at(index)?.part;
        (index + 1..self.tokens.len()).take_while(|other| self.tokens[*other].part == part).find(|other| self.tokens[*other].is(class))
    }

    /// Whether `index` is the first word of its clause, adverbs aside.
    pub(super) fn opens_clause(&self, index: usize) -> bool {
        let Some(clause) = self.at(index).map(|token| token.clause) else { return false };
        (0..index)
            .rev()
            .map(|other| &self.tokens[other])
            .take_while(|token| token.clause == clause)
            .all(|token| token.is_any_mark() || token.is(Class::ADVERB | Class::NOW | Class::AND | Class::BUT))
    }

    /// Whether nothing but adverbs and marks stands before `index`.
    pub(super) fn opens(&self, index: usize) -> bool {
        self.tokens.iter().take(index).all(|token| token.is_any_mark() || token.is(Class::ADVERB | Class::NOW | Class::AND | Class::BUT))
    }
}

/// Numbers clauses and parts.
fn number_clauses(tokens: &mut [Token]) {
    let (mut clause, mut part) = (0_u16, 0_u16);
    for index in 0..tokens.len() {
        let next_is_subject = tokens.get(index + 1).is_some_and(|next| next.is(Class::FIRST | Class::WILL | Class::YOU));
        // "the reviewers I ran": a relative clause starts.
        let after_noun =
            index.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| before.is(Class::AGENT | Class::ROLE));
        let token = &mut tokens[index];
        match token.kind {
            Kind::Mark(',') => clause = clause.saturating_add(1),
            Kind::Mark(mark) if ";:—→.!?…".contains(mark) || !mark.is_ascii() && !matches!(mark, '–' | '≈' | '≤' | '≥') => {
                clause = clause.saturating_add(1);
                part = part.saturating_add(1);
            }
            _ if index > 0 && token.is(Class::FIRST) && after_noun => clause = clause.saturating_add(1),
            _ if token.is(Class::BUT) && index > 0 => {
                clause = clause.saturating_add(1);
                part = part.saturating_add(1);
            }
            _ if token.is(Class::WHILE) || matches!(token.text.as_str(), "because" | "so" | "since" | "weil" | "damit") => {
                clause = clause.saturating_add(1)
            }
            _ if token.is(Class::AND) && next_is_subject => clause = clause.saturating_add(1),
            _ => {}
        }
        token.clause = clause;
        token.part = part;
    }
}

/// What follows "rather than" is what does not happen: its words lose their meaning up to the end of the clause.
fn mask_contrasts(tokens: &mut [Token]) {
    let mut until = None;
    for token in tokens {
        if until == Some(token.clause) && !token.is(Class::FIRST | Class::WILL) {
            token.class = token.class.only(Class::SPEED | Class::SERIAL | Class::UNIT | Class::TIMES | Class::PARALLEL);
            token.value = token.value.filter(|_| token.kind == Kind::Number);
        } else {
            until = token.is(Class::CONTRAST).then_some(token.clause);
        }
    }
}
