//! English.

use super::Language;
use crate::claims::class::Class;

mod nouns;
mod verbs;

const AGENTS: Class = Class::AGENT.and(Class::PLURAL);

#[rustfmt::skip]
pub(super) const ENGLISH: Language = Language {
    words: &[
        (Class::AGENT, nouns::AGENT),
        (AGENTS, nouns::AGENTS),
        (Class::ROLE, nouns::ROLE),
        (Class::ROLE.and(Class::PLURAL), nouns::ROLES),
        (Class::WORK, nouns::WORK),
        (Class::WORK.and(Class::PLURAL), nouns::WORKS),
        (Class::GROUP, nouns::GROUP),
        (Class::THING, nouns::THING),
        (Class::OBJECT, nouns::OBJECT),
        (Class::ARTEFACT, nouns::ARTEFACT),
        (Class::OTHERS, nouns::OTHERS),
        (Class::DOCUMENT, nouns::DOCUMENT),
        (Class::ELSEWHERE, nouns::ELSEWHERE),
        (Class::PLAN, nouns::PLAN),
        (Class::UNIT, nouns::UNIT),
        (Class::TEST, nouns::TEST),
        (Class::BASE, verbs::BASE),
        (Class::ING, verbs::ING),
        (Class::DONE, verbs::DONE),
        (Class::BASE.and(Class::WEAK), verbs::BASE_WEAK),
        (Class::ING.and(Class::WEAK), verbs::ING_WEAK),
        (Class::DONE.and(Class::WEAK), verbs::DONE_WEAK),
        (Class::RUN, verbs::RUN),
        (Class::RUNNING, verbs::RUNNING),
        (Class::RAN, verbs::RAN),
        (Class::VERB, verbs::OTHER),
        (Class::FIRST, &["i", "we", "i've", "we've", "i'm", "we're", "i'd", "we'd", "myself"]),
        (Class::HAVE, &["i've", "we've", "have", "has", "having", "had", "haven't", "hasn't", "hadn't"]),
        (
            Class::BE,
            &[
                "i'm", "we're", "is", "are", "was", "were", "been", "being", "be", "am", "'re", "they're", "there are", "there're",
                "isn't", "aren't", "wasn't", "weren't", "remain", "stay",
            ],
        ),
        (Class::WILL, verbs::WILL),
        (Class::NOW, &[
            "now", "currently", "right now", "at the moment", "presently", "already", "still", "as we speak", "at this point",
        ]),
        (Class::TOGETHER, verbs::TOGETHER),
        (
            Class::PARALLEL,
            &[
                "parallel", "concurrent", "simultaneous", "parallelized", "parallelised", "parallelism", "concurrency",
                "parallelization", "parallelisation",
            ],
        ),
        (Class::NOT, verbs::NOT),
        (Class::MODAL, verbs::MODAL),
        (Class::CONDITION, verbs::CONDITION),
        (Class::LATER, &["once", "after", "when", "as soon as", "whenever", "upon", "then later"]),
        (Class::ASK, verbs::ASK),
        (
            Class::CONTRAST,
            &[
                "rather than", "instead of", "unlike", "as opposed to", "in place of", "in lieu of", "compared to", "compared with",
                "versus", "vs",
            ],
        ),
        (Class::INTENT, verbs::INTENT),
        (Class::YOU, &["you", "you'll", "you're", "you've", "you'd", "one can", "anyone", "users", "user", "the reader"]),
        (Class::SAYS, verbs::SAYS),
        (Class::SERIAL, verbs::SERIAL),
        (Class::WHILE, &["while", "meanwhile", "in the meantime", "whilst"]),
        (Class::SPEED, verbs::SPEED),
        (Class::SAVED, verbs::SAVED),
        (Class::TIMES, &["x", "times", "fold", "time"]),
        (Class::PORTION, verbs::PORTION),
        (Class::PASS, &["pass", "passing", "green", "succeed", "are passing", "passes", "clean"]),
        (Class::PASSED, &["passed", "succeeded", "went green", "came back green", "came back clean", "ran green"]),
        (Class::FAIL, &["fail", "failing", "failed", "failure", "failures", "fails", "broken", "red"]),
        (Class::ALL, &["all", "every", "each", "entire", "whole", "full", "all of the", "all of my", "every single"]),
        (Class::FINISHED, &["done", "complete", "completed", "finished", "wrapped up", "landed", "closed out", "ticked off"]),
        (Class::THEY, &["they", "them", "they'll", "they're", "they've", "they all", "all of them", "both of them", "these", "those"]),
        (Class::MANY, nouns::MANY),
        (
            Class::SECOND,
            &[
                "second", "another", "a second", "the second", "the third", "the other one", "an additional", "one more", "third",
                "fourth", "fifth", "a third", "a fourth", "a fifth",
            ],
        ),
        (Class::ONE, &["a", "an", "one", "single", "a single", "just one", "only one", "lone", "1"]),
        (Class::THE, &["the", "these", "those", "my", "our", "its", "their", "your"]),
        (Class::AND, &["and", "plus", "as well as", "along with", "together with"]),
        (Class::LINK, verbs::LINK),
        (Class::EACH, &["per", "each", "for each", "for every", "apiece"]),
        (Class::REQUEST, verbs::REQUEST),
        (Class::ADVERB, verbs::ADVERB),
        (Class::SEAT, verbs::SEAT),
        (
            Class::EARLIER,
            &[
                "yesterday", "last week", "last month", "last time", "last year", "in the previous session", "previously", "previous run", "earlier run", "prior run", "last run", "last session", "previous session", "prior session", "an earlier session", "yesterday's",
                "earlier this week", "ago", "back then",
            ],
        ),
        (
            Class::WRONG,
            &[
                "wrong", "incorrect", "inaccurate", "false", "misleading", "untrue", "overstated", "mistaken", "an overstatement",
                "not true", "not accurate", "made up", "fabricated", "invented", "overstated things", "exaggerated", "fiction",
                "misreported", "misstated",
            ],
        ),
        (Class::BUT, &["but", "however", "though", "although", "except", "yet"]),
    ],
    numbers: &[
        ("two", 2.0), ("three", 3.0), ("four", 4.0), ("five", 5.0), ("six", 6.0), ("seven", 7.0), ("eight", 8.0), ("nine", 9.0),
        ("ten", 10.0), ("eleven", 11.0), ("twelve", 12.0), ("thirteen", 13.0), ("fourteen", 14.0), ("fifteen", 15.0), ("sixteen", 16.0),
        ("seventeen", 17.0), ("eighteen", 18.0), ("nineteen", 19.0), ("twenty", 20.0), ("thirty", 30.0), ("forty", 40.0),
        ("fifty", 50.0), ("sixty", 60.0), ("seventy", 70.0), ("eighty", 80.0), ("ninety", 90.0), ("hundred", 100.0), ("both", 2.0),
        ("dozen", 12.0), ("a dozen", 12.0), ("two dozen", 24.0), ("half a dozen", 6.0), ("half dozen", 6.0), ("a half dozen", 6.0),
        ("pair of", 2.0), ("a pair of", 2.0), ("pair", 2.0), ("a couple of", 2.0), ("couple of", 2.0), ("duo of", 2.0), ("trio of", 3.0),
        ("a trio of", 3.0), ("quartet of", 4.0), ("a quartet of", 4.0), ("quintet of", 5.0), ("twin", 2.0), ("a single", 1.0),
        ("one", 1.0),
    ],
    hints: &[
        "the", "i", "i'll", "i'm", "i've", "and", "of", "to", "for", "with", "are", "is", "let", "me", "agents", "running", "now", "all",
        "at", "were", "while", "each", "they", "have", "will", "ran", "launched", "launching", "two", "three", "four", "five", "on",
        "as", "by", "from", "its", "this", "that",
    ],
};
