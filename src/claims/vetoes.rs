//! What keeps a form from being a claim: vetoes kill it, doubts make it uncertain.

mod plans;
mod worlds;

use super::class::Class;
use super::phrase::Phrase;
use super::sentence::Sentence;
use super::stream::Stream;
use super::token::Kind;
use crate::model::claim::ClaimKind;

/// A form that matched, before it is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'s> {
    pub(super) sentence: &'s Sentence<'s>,
    pub(super) stream: &'s Stream,
    /// The token that asserts: the launch verb, the predicate.
    pub(super) anchor: usize,
    /// The agents it speaks of.
    pub(super) phrase: Option<&'s Phrase>,
    pub(super) kind: ClaimKind,
}

impl Case<'_> {
    /// Where the statement starts: its first agent word or its verb.
    fn first(&self) -> usize {
        self.phrase.map_or(self.anchor, |phrase| phrase.start.min(self.anchor))
    }

    /// A token of `class` before the statement or between its words, in the same clause, with no first person after it.
    fn governed(&self, class: Class) -> bool {
        let stream = self.stream;
        let found = stream.before(self.anchor, class).or_else(|| stream.before(self.first(), class));
        found.is_some_and(|at| !(at + 1..self.anchor).any(|index| stream.is(index, Class::FIRST | Class::WILL) && index > at))
    }

    /// The same, looking back over commas.
    fn governed_from_afar(&self, class: Class) -> bool {
        let stream = self.stream;
        let found = stream.earlier(self.anchor, class).or_else(|| stream.earlier(self.first(), class));
        found.is_some_and(|at| !(at + 1..self.anchor).any(|index| stream.is(index, Class::FIRST | Class::WILL)))
    }
}

/// A named reason.
pub(super) struct Reason {
    pub(super) name: &'static str,
    applies: fn(&Case) -> bool,
}

/// What kills a form, in the order in which it is asked.
pub(super) const VETOES: &[Reason] = &[
    Reason { name: "question", applies: |case| case.sentence.asks() || asks_first(case) },
    Reason { name: "code", applies: |case| case.sentence.is_code() },
    Reason { name: "checkbox", applies: |case| case.sentence.markup.checkbox },
    Reason { name: "negation", applies: negation },
    Reason { name: "modality", applies: modality },
    Reason { name: "condition", applies: condition },
    Reason { name: "past-intention", applies: |case| case.governed(Class::INTENT) || trails(case, Class::INTENT) },
    Reason { name: "serial", applies: serial },
    Reason { name: "quotation", applies: quoted },
    Reason { name: "documentation", applies: documentation },
    Reason { name: "other-people", applies: other_people },
    Reason { name: "elsewhere", applies: worlds::elsewhere },
    Reason { name: "set-up", applies: worlds::set_up },
    Reason { name: "experiment", applies: worlds::experiment },
    Reason {
        name: "retracted",
        applies: |case| {
            case.stream.earlier(case.anchor, Class::WRONG).or(case.stream.later(case.anchor, Class::WRONG)).is_some()
                && case.kind != ClaimKind::Roleplay
        },
    },
    Reason { name: "reader", applies: |case| case.governed(Class::YOU) },
    Reason {
        name: "request",
        applies: |case| {
            case.stream
                .earlier(case.anchor, Class::REQUEST)
                .is_some_and(|at| case.stream.before(case.anchor, Class::WILL).is_none_or(|will| will < at))
                || trails(case, Class::REQUEST)
        },
    },
    Reason { name: "not-agents", applies: not_agents },
    Reason { name: "plan-marker", applies: plans::plan_marker },
    Reason { name: "gerund-subject", applies: plans::gerund_subject },
];

/// What makes a form uncertain.
pub(super) const DOUBTS: &[Reason] = &[
    Reason { name: "heading", applies: |case| case.sentence.markup.heading },
    Reason { name: "deferred", applies: deferred },
    Reason { name: "another-time", applies: |case| case.stream.has(Class::EARLIER) },
    Reason { name: "machinery", applies: machinery },
    Reason { name: "plan", applies: |case| case.kind == ClaimKind::Future && planned(case) },
    Reason { name: "hedge", applies: hedged },
    Reason { name: "some-of", applies: |case| case.kind == ClaimKind::Past && case.phrase.is_some_and(|phrase| phrase.partial) },
    Reason { name: "maybe-people", applies: worlds::decided },
    Reason { name: "conditional-tail", applies: |case| case.stream.later(case.anchor, Class::CONDITION).is_some() },
];

/// The first of the reasons that applies.
pub(super) fn first(reasons: &'static [Reason], case: &Case) -> Option<&'static str> {
    reasons.iter().find(|reason| (reason.applies)(case)).map(|reason| reason.name)
}

/// "once the schema is in, I'll launch …"; "after the leak" at the end may be a goal as well as a time.
fn deferred(case: &Case) -> bool {
    let tail = case.stream.after(case.anchor, Class::LATER).is_some_and(|at| case.stream.tokens[at].text != "after");
    case.kind == ClaimKind::Future && (case.stream.earlier(case.anchor, Class::LATER).is_some() || tail)
}

/// "Four workers are running" in a sentence about queues or threads.
fn machinery(case: &Case) -> bool {
    let head = case.phrase.and_then(|phrase| case.stream.at(phrase.end.saturating_sub(1)));
    // "three workers with `foreman`"
    let named = |at: usize| {
        case.stream.tokens[at].kind == Kind::Name
            && at > case.anchor
            && matches!(case.stream.tokens[at - 1].text.as_str(), "with" | "via" | "using" | "under" | "through")
    };
    head.is_some_and(|token| ["worker", "runner", "builder", "executor"].iter().any(|noun| token.text.starts_with(noun)))
        && (case.stream.has(Class::THING) || (1..case.stream.tokens.len()).any(named))
}

/// "I plan to", "let's": announced, but perhaps only proposed.
fn planned(case: &Case) -> bool {
    let will = case.stream.places(Class::WILL).filter(|at| *at < case.anchor).last();
    will.and_then(|at| case.stream.at(at)).is_some_and(|token| {
        let numbered = case.phrase.is_some_and(|phrase| phrase.count.is_some());
        token.text.contains("plan") || token.text.contains("intend") || token.text == "let's" && !numbered
    })
}

/// "probably in parallel": every word of simultaneity is hedged.
fn hedged(case: &Case) -> bool {
    let stream = case.stream;
    let mut together = stream.places(Class::TOGETHER).peekable();
    let parallel = case.phrase.is_some_and(|phrase| phrase.parallel);
    together.peek().is_some() && !parallel && together.all(|at| stream.before(at, Class::MODAL | Class::CONDITION).is_some())
}

fn asks_first(case: &Case) -> bool {
    case.stream.places(Class::ASK).any(|at| at < case.anchor && case.stream.opens_clause(at))
}

fn modality(case: &Case) -> bool {
    let governed = case.governed(Class::MODAL) && case.stream.before(case.anchor, Class::WILL).is_none_or(|will| modal_after(case, will));
    governed || trails(case, Class::MODAL)
}

fn modal_after(case: &Case, will: usize) -> bool {
    case.stream.before(case.anchor, Class::MODAL).is_some_and(|modal| modal > will)
}

fn negation(case: &Case) -> bool {
    if case.phrase.is_some_and(|phrase| phrase.negated) {
        return true;
    }
    let denied = |index: usize| {
        case.stream.before(index, Class::NOT).is_some_and(|at| {
            // "not only" asserts, and what a first person says after the negation is its own statement.
            let only = case.stream.at(at + 1).is_some_and(|next| matches!(next.text.as_str(), "only" | "just"));
            let own = (at + 1..index).any(|between| {
                case.stream.is(between, Class::WILL)
                    && ["i'", "i ", "let", "we"].iter().any(|start| case.stream.tokens[between].text.starts_with(start))
            });
            !only && !own
        })
    };
    let after = case.stream.after(case.anchor, Class::NOT).is_some_and(|at| negates_after(case, at));
    denied(case.anchor) || denied(case.first()) || after
}

/// "launched none of them", "ran not in parallel"; in other languages the negation may come last.
fn negates_after(case: &Case, at: usize) -> bool {
    if !case.stream.english {
        return !case
            .stream
            .at(at)
            .is_some_and(|token| matches!(token.text.as_str(), "sin" | "sans" | "ohne" | "senza" | "sem" | "без" | "no"));
    }
    let near = |class: Class| (at + 1..at + 4).any(|index| case.stream.is(index, class));
    let without = case.stream.at(at).is_some_and(|token| matches!(token.text.as_str(), "without" | "no"));
    !without && (at - case.anchor <= 2 || near(Class::TOGETHER))
}

fn condition(case: &Case) -> bool {
    let stream = case.stream;
    let before = stream.earlier(case.anchor, Class::CONDITION).or_else(|| stream.earlier(case.first(), Class::CONDITION));
    let after = stream.after(case.anchor, Class::CONDITION);
    let yours = |at: usize| {
        stream.tokens.iter().enumerate().any(|(index, token)| {
            token.clause == stream.tokens[at].clause
                && index > at
                && (token.is(Class::YOU)
                    || matches!(token.text.as_str(), "your" | "approved" | "approval" | "confirmed" | "approve" | "confirm"))
        })
    };
    let later = stream.earlier(case.anchor, Class::LATER).into_iter().chain(stream.later(case.anchor, Class::LATER)).collect::<Vec<_>>();
    let consent = later.iter().any(|at| yours(*at));
    let general = case.kind != ClaimKind::Future
        && stream.before(case.first(), Class::LATER).is_some()
        && (case.kind == ClaimKind::Present || stream.has(Class::WILL) || stream.has(Class::MODAL));
    let tail_consent = stream.later(case.anchor, Class::CONDITION).is_some_and(yours);
    let past_tail = case.kind == ClaimKind::Past && before.is_none();
    // "If I am right …, and I'm launching": the second statement stands alone.
    let own = |at: usize| {
        (at + 1..case.anchor).any(|index| {
            stream.is(index, Class::AND) && stream.is(index + 1, Class::FIRST | Class::WILL) && stream.tokens[index - 1].is_mark(',')
        })
    };
    // "Had the agents run in parallel, …"
    let inverted = stream.english && stream.at(0).is_some_and(|token| token.text == "had");
    inverted
        || before.is_some_and(|at| asks_consent(&stream.tokens[at].text) || !own(at))
        || (after.is_some() && !past_tail)
        || consent
        || general
        || tail_consent
}

/// "Say the word", "let me know": what comes after waits for the reader.
fn asks_consent(condition: &str) -> bool {
    ["let me know", "say ", "just say", "give ", "tell me"].iter().any(|start| condition.starts_with(start))
}

/// "one after another" in the statement itself, unless simultaneity is said as well.
fn serial(case: &Case) -> bool {
    let stream = case.stream;
    if case.kind == ClaimKind::Speedup {
        return false;
    }
    let undone = stream.places(Class::SERIAL).any(|at| at > case.anchor && (case.anchor..at).any(|index| stream.is(index, Class::BUT)));
    if undone {
        return true;
    }
    let near = stream.before(case.anchor, Class::SERIAL).or_else(|| stream.later(case.anchor, Class::SERIAL));
    near.is_some_and(|at| {
        let clause = stream.tokens[at].clause;
        let together = |class: Class| stream.places(class).any(|index| stream.tokens[index].clause == clause);
        !together(Class::TOGETHER) && (clause == stream.tokens[case.anchor].clause || !stream.has(Class::TOGETHER))
    })
}

/// "The guide says four agents run", "I said I launched …"; not "as you asked, I launched …".
fn quoted(case: &Case) -> bool {
    let stream = case.stream;
    stream.earlier(case.anchor, Class::SAYS).is_some_and(|at| {
        let clause = stream.tokens[at].clause;
        let own = (at + 1..case.anchor).any(|index| stream.is(index, Class::FIRST | Class::WILL) && stream.tokens[index].clause > clause);
        !own || stream.before(at, Class::FIRST).is_some()
    })
}

fn other_people(case: &Case) -> bool {
    let concerns = |phrase: &Phrase| phrase.start <= case.anchor || case.phrase == Some(phrase);
    let yours = case.stream.phrases.iter().any(|phrase| phrase.yours && concerns(phrase)) && !case.stream.has(Class::FIRST | Class::WILL);
    yours || worlds::possessed(case) || case.governed_from_afar(Class::OTHERS)
}

fn documentation(case: &Case) -> bool {
    if exemplified(case) {
        return true;
    }
    case.stream.places(Class::DOCUMENT).any(|at| {
        let before = at < case.first() && !(at..case.anchor.max(at)).any(|index| case.stream.is(index, Class::FIRST | Class::WILL));
        before && case.kind != ClaimKind::Speedup && !case.phrase.is_some_and(|phrase| (phrase.start..phrase.end).contains(&at))
    })
}

/// "e.g. three agents running in parallel".
fn exemplified(case: &Case) -> bool {
    let tokens = &case.stream.tokens[..case.first().min(case.stream.tokens.len())];
    tokens.windows(3).any(|three| three[0].text == "e" && three[1].is_mark('.') && three[2].text == "g") && !case.stream.has(Class::FIRST)
}

fn not_agents(case: &Case) -> bool {
    let Some(phrase) = case.phrase else { return false };
    // "As the database agent, I …": a name and no machine.
    if case.kind == ClaimKind::Roleplay && phrase.class.is(Class::AGENT) {
        return false;
    }
    if phrase.thing {
        return true;
    }
    let stream = case.stream;
    let subject = stream.before(phrase.start, Class::THING).filter(|at| *at < phrase.start);
    let first = stream.before(case.anchor.max(phrase.start), Class::FIRST | Class::WILL).is_some();
    subject.is_some()
        && !first
        && !stream
            .before(phrase.start, crate::claims::class::LAUNCH)
            .is_some_and(|launch| subject < Some(launch) && case.kind == ClaimKind::Past)
}

/// Languages without blanks put negation and modality after the verb.
fn trails(case: &Case, class: Class) -> bool {
    let dense = |index: usize| case.stream.at(index).is_some_and(|token| token.text.starts_with(crate::claims::token::is_dense));
    case.stream.after(case.anchor, class).is_some_and(dense)
}
