//! Agents of another world than this session: in a demo, in another terminal, in code, in a set-up, other people's.

use super::Case;
use crate::claims::class::{Class, LAUNCH};
use crate::claims::token::{Kind, POSSESSIVE, Token};

/// What libraries call the running of several things at once.
const INTERFACES: &[&str] = &[
    "promise.all",
    "asyncio.gather",
    "tokio::",
    "join_all",
    "errgroup",
    "threadpool",
    "taskgroup",
    "task.whenall",
    "rayon",
    "completablefuture",
];

/// "In the demo run, three agents …", "… in your other terminal", "… in parallel via Promise.all", "we launch … there".
pub(super) fn elsewhere(case: &Case) -> bool {
    let stream = case.stream;
    stream.places(Class::ELSEWHERE).any(|at| if at < case.first() { heads(case, at) } else { tails(case, at) }) || is_called(case)
}

/// A place that is named first: nothing but a mark parts it from the statement.
fn heads(case: &Case, at: usize) -> bool {
    let marked = case.stream.at(at + 1).is_some_and(|next| matches!(next.kind, Kind::Mark(',' | ':' | '—' | '–')));
    let told = case.stream.at(at + 1).is_some_and(|next| next.is_mark(':'));
    (case.stream.opens(at) && (marked || at + 1 == case.first())) || told
}

/// A place right behind the statement; one that comes later belongs to what the agents work on.
fn tails(case: &Case, at: usize) -> bool {
    let stream = case.stream;
    let doing = LAUNCH | Class::RUN | Class::RUNNING | Class::RAN | Class::TOGETHER | Class::ADVERB | Class::NOW | Class::BE;
    let ends = stream.at(at + 1).is_none_or(Token::is_any_mark);
    let after = case.phrase.map_or(case.anchor + 1, |phrase| phrase.end);
    let attached = (after..at).all(|index| stream.is(index, doing) && !stream.tokens[index].is_any_mark());
    // "I'm launching five agents there" happens now, "we launch five workers there" is what code does.
    let there = stream.at(at).is_some_and(|token| token.text == "there");
    let habit = stream.is(case.anchor, Class::BASE) && stream.earlier(case.anchor, Class::WILL | Class::NOW | Class::HAVE).is_none();
    ends && attached && (!there || habit)
}

/// "via Promise.all", "with asyncio.gather": what runs then is no agent of this session.
fn is_called(case: &Case) -> bool {
    let text = case.sentence.text.to_ascii_lowercase().replace('`', "");
    INTERFACES.iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default().trim_end();
            ["via", "with", "using", "through", "by"].iter().any(|link| before.ends_with(&format!(" {link}")))
        })
    })
}

/// "I've configured the CI to run three agents", "I've set the limit so that six agents run".
pub(super) fn set_up(case: &Case) -> bool {
    const VERBS: &[&str] = &[
        "configured",
        "reconfigured",
        "configuring",
        "configure",
        "changed",
        "adjusted",
        "set",
        "set up",
        "edited",
        "updated",
        "patched",
        "raised",
        "tuned",
        "wired",
        "programmed",
        "scripted",
        "modified",
        "extended",
        "rewrote",
        "arranged",
        "made",
    ];
    let stream = case.stream;
    let first = case.first();
    let Some(verb) = (0..first).rev().find(|at| VERBS.contains(&stream.tokens[*at].text.as_str())) else { return false };
    if stream.before(first, LAUNCH).is_some_and(|launch| {
        launch > verb && stream.tokens[launch - 1].text != "to" && !VERBS.contains(&stream.tokens[launch].text.as_str())
    }) {
        return false;
    }
    let purpose = (verb + 1..first).any(|at| {
        let that = stream.tokens[at].text == "so" && stream.at(at + 1).is_some_and(|next| next.text == "that");
        that && !stream.tokens[at - 1].is_mark(',')
    });
    let machine =
        stream.tokens[verb].text.contains("config") || matches!(stream.tokens[verb].text.as_str(), "programmed" | "scripted" | "wired");
    // "to run three agents": the verb may belong to the statement or stand before it.
    let to =
        if first.checked_sub(1).is_some_and(|at| stream.is(at, LAUNCH | Class::RUN)) { first.checked_sub(2) } else { first.checked_sub(1) };
    let aim = to.is_some_and(|at| at > verb + 1 && stream.tokens[at].text == "to");
    purpose || machine && aim
}

/// "I reproduced the race by starting two agents", "I'm simulating three agents", "I'll test with three agents".
pub(super) fn experiment(case: &Case) -> bool {
    const TRIALS: &[&str] = &["reproduc", "simulat", "benchmark", "tested", "emulat", "mimick", "provoke", "stress"];
    let stream = case.stream;
    let first = case.first();
    let is_trial = |at: usize| TRIALS.iter().any(|trial| stream.tokens[at].text.starts_with(trial));
    let before = |places: usize| case.phrase.and_then(|phrase| phrase.start.checked_sub(places)).and_then(|at| stream.at(at));
    let means = first
        .checked_sub(1)
        .filter(|at| stream.tokens[*at].text == "by")
        .is_some_and(|by| (0..by).any(|at| is_trial(at) && stream.tokens[at].clause == stream.tokens[by].clause));
    // "I'm simulating three agents: A explores, B …" tells what each of them did.
    let cast = case.phrase.is_some_and(|phrase| stream.tokens.iter().skip(phrase.end).any(|token| token.is_mark(':')));
    let acted = !cast && before(1).is_some_and(|token| ["simulat", "emulat", "mimick"].iter().any(|verb| token.text.starts_with(verb)));
    let tried = before(1).is_some_and(|token| token.text == "with")
        && before(2).is_some_and(|token| matches!(token.text.as_str(), "test" | "testing" | "tested" | "experiment" | "experimenting"));
    means || acted || tried
}

/// "Your teammates' three agents", "their team's agents".
pub(super) fn possessed(case: &Case) -> bool {
    let stream = case.stream;
    let Some(phrase) = case.phrase else { return false };
    let owners = ["your", "their", "his", "her"];
    (1..=phrase.start.min(3)).any(|back| {
        let at = phrase.start - back;
        let owns = stream.tokens[at].text == POSSESSIVE || stream.tokens[at].text.ends_with("s'") || stream.tokens[at].is_mark('\'');
        owns && (at.saturating_sub(3)..at).any(|owner| owners.iter().any(|word| stream.tokens[owner].text.split(' ').next() == Some(word)))
    })
}

/// "Two reviewers approved the PR at the same time": what people do to the work of others.
pub(super) fn decided(case: &Case) -> bool {
    let stream = case.stream;
    let people = case.phrase.is_some_and(|phrase| !phrase.class.is(Class::AGENT));
    let does = |token: &Token| {
        matches!(token.text.as_str(), "approved" | "approve" | "signed" | "voted" | "vote" | "merged" | "commented" | "emailed" | "lgtm'd")
    };
    let from = case.phrase.map_or(0, |phrase| phrase.end);
    people && !stream.has(Class::FIRST | Class::WILL) && stream.tokens.iter().skip(from).take(3).any(does)
}
