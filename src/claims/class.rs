//! Word classes: what a word can be in the grammar. A word may be several things at once, so a class is a set.

use std::ops::BitOr;

/// A set of word classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Class(u64);

impl Class {
    pub(super) const NONE: Self = Self(0);

    /// Whether the two sets share a class.
    pub(super) const fn is(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set without the classes of `other`.
    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What both sets hold.
    pub(super) const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Both sets together, usable in constants.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr for Class {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.and(other)
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        impl Class { $($(#[$doc])* pub(super) const $name: Self = Self(1 << $bit);)* }
    };
}

classes! {
    /// Says "agent" outright: agents, subagents, teammates, Task calls.
    AGENT = 0;
    /// A trade that an agent may be given: reviewers, explorers, workers.
    ROLE = 1;
    /// Work that agents are sent out for: tasks, tracks, analyses.
    WORK = 2;
    /// More than one by its form.
    PLURAL = 3;
    /// Names machinery, people or figures that are called agents or workers too: tokio, Jenkins, NPC, sales.
    THING = 4;
    /// Follows an agent noun and makes it a mere modifier: agent *profiles*, reviewer *comments*.
    ARTEFACT = 5;
    /// A launch verb without tense: launch, dispatch.
    BASE = 6;
    /// A launch verb in progress: launching.
    ING = 7;
    /// A launch verb in the past or as participle: launched.
    DONE = 8;
    /// A launch verb whose very form says "I do": запускаю, lanzo, 起動します.
    SELF = 9;
    /// A launch verb that has other meanings too: run, use, start.
    WEAK = 10;
    /// What agents do, without tense: run, work.
    RUN = 11;
    /// What agents are doing: running, in flight, active.
    RUNNING = 12;
    /// What agents did: ran, finished, came back.
    RAN = 13;
    /// Adverbs of simultaneity: in parallel, at once.
    TOGETHER = 14;
    /// Adjectives and nouns of simultaneity: parallel, concurrent.
    PARALLEL = 15;
    /// The first person: I, we.
    FIRST = 16;
    /// The first person about to act: I'll, let me.
    WILL = 17;
    /// Now, currently.
    NOW = 18;
    /// Have, has.
    HAVE = 19;
    /// Am, are, were.
    BE = 20;
    /// Negations.
    NOT = 21;
    /// Can, could, should.
    MODAL = 22;
    /// If, unless, provided.
    CONDITION = 23;
    /// Once, after, when: the work waits for something.
    LATER = 24;
    /// Starts a question.
    ASK = 25;
    /// Rather than, instead of, unlike: what follows is what does not happen.
    CONTRAST = 26;
    /// Was going to, was tempted to: an intention that came to nothing, or may.
    INTENT = 27;
    /// You: the reader.
    YOU = 28;
    /// Other people and other tools.
    OTHERS = 29;
    /// Documents, products, examples.
    DOCUMENT = 30;
    /// Says, describes, claims.
    SAYS = 31;
    /// One after another, sequentially.
    SERIAL = 32;
    /// While, meanwhile.
    WHILE = 33;
    /// Faster, speedup.
    SPEED = 34;
    /// Minutes, hours.
    UNIT = 35;
    /// Saved, cut, dropped: time that was gained.
    SAVED = 36;
    /// Tests, suites.
    TEST = 37;
    /// Pass, green.
    PASS = 38;
    /// Passed: a test run that is over.
    PASSED = 39;
    /// Fail, failed.
    FAIL = 40;
    /// All, every.
    ALL = 41;
    /// Done, complete.
    FINISHED = 42;
    /// They, them: agents named before.
    THEY = 43;
    /// Several, multiple: more than one without a number.
    MANY = 44;
    /// A second, another.
    SECOND = 45;
    /// A, an, one: exactly one.
    ONE = 46;
    /// The, these, those, my.
    THE = 47;
    /// And, plus.
    AND = 48;
    /// Prepositions and other words that end a noun phrase.
    LINK = 49;
    /// Per, each: one for every thing.
    EACH = 50;
    /// Step, phase, option: names a place in a plan.
    PLAN = 51;
    /// Please, make sure: a request to the reader.
    REQUEST = 52;
    /// Fold, times: makes a number a ratio.
    TIMES = 53;
    /// Other verbs: they end a noun phrase.
    VERB = 54;
    /// Words between a verb and its object that change nothing: also, then, quickly.
    ADVERB = 55;
    /// Half of the time, a third of the time.
    PORTION = 56;
    /// Builds, queries, files: may be done in parallel without any agent.
    OBJECT = 57;
    /// Switching to, acting as: takes a seat at another agent's desk.
    SEAT = 58;
    /// Before, ago, yesterday: another time.
    EARLIER = 59;
    /// Wrong, mistaken, false: said of one's own claim.
    WRONG = 60;
    /// But, however.
    BUT = 61;
    /// Teams, fleets: a group of agents.
    GROUP = 62;
    /// Places that are not this session: in the demo, in your other terminal, in the event loop.
    ELSEWHERE = 63;
}

/// Everything that can be the head of an agent phrase.
pub(super) const NOUN: Class = Class::AGENT.and(Class::ROLE).and(Class::WORK).and(Class::GROUP);
/// Every launch verb.
pub(super) const LAUNCH: Class = Class::BASE.and(Class::ING).and(Class::DONE).and(Class::SELF);
/// What cannot stand inside a noun phrase.
pub(super) const BREAK: Class = LAUNCH
    .and(Class::RUN)
    .and(Class::RUNNING)
    .and(Class::RAN)
    .and(Class::TOGETHER)
    .and(Class::FIRST)
    .and(Class::WILL)
    .and(Class::HAVE)
    .and(Class::BE)
    .and(Class::LINK)
    .and(Class::VERB)
    .and(Class::MODAL)
    .and(Class::CONDITION)
    .and(Class::THEY)
    .and(Class::YOU)
    .and(Class::WHILE)
    .and(Class::BUT)
    .and(Class::CONTRAST)
    .and(Class::SEAT)
    .and(Class::SAYS);
