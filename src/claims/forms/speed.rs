//! "6.4x faster than sequential", "cut it from forty minutes to ten".

use super::Match;
use crate::claims::class::Class;
use crate::claims::sentence::Sentence;
use crate::claims::stream::Stream;
use crate::claims::token::Token;
use crate::model::claim::ClaimKind;

/// A ratio, with the place of the word that says so.
struct Ratio {
    value: Option<f64>,
    anchor: usize,
}

/// Work that was faster because agents shared it.
pub(super) fn ratio(sentence: &Sentence, stream: &Stream) -> Vec<Match> {
    let Some(ratio) = times(stream).or_else(|| portion(stream)).or_else(|| durations(sentence, stream)).or_else(|| saved(stream)) else {
        return Vec::new();
    };
    let agents = sentence
        .streams
        .iter()
        .flat_map(|other| other.phrases.iter())
        .filter(|phrase| phrase.is_agent() && !phrase.thing)
        .collect::<Vec<_>>();
    let parallel = sentence.streams.iter().any(|other| other.has(Class::TOGETHER | Class::PARALLEL));
    let serial = sentence.streams.iter().any(|other| other.has(Class::SERIAL));
    let total = stream
        .tokens
        .iter()
        .chain(sentence.streams.iter().flat_map(|other| other.tokens.first()))
        .any(|token| matches!(token.text.as_str(), "total" | "speedup" | "speed up" | "overall"));
    let machinery = sentence.streams.iter().any(|other| other.has(Class::THING | Class::OBJECT | Class::TEST))
        || sentence.streams.iter().any(|other| other.tokens.iter().any(is_technical));
    if machinery && agents.is_empty() || !(parallel || serial || total || !agents.is_empty()) {
        return Vec::new();
    }
    let mut found = Match::new("speed-ratio", ClaimKind::Speedup, ratio.anchor);
    found.speedup = ratio.value;
    found.agents = agents.iter().filter_map(|phrase| phrase.count).filter(|count| *count > 1).max();
    let told = agents.iter().any(|phrase| phrase.class.is(Class::AGENT))
        || (!agents.is_empty() && parallel)
        || (serial && !sentence.text.contains("**"))
        || stream.places(Class::PARALLEL).any(|at| executes(stream, at));
    found.doubt = (!told && !total).then_some("whose-work");
    vec![found]
}

/// "parallel execution", "parallelization": the way of working and not an object.
fn executes(stream: &Stream, at: usize) -> bool {
    let word = stream.tokens[at].text.as_str();
    word.ends_with("ism")
        || word.ends_with("ation")
        || stream.at(at + 1).is_some_and(|next| {
            matches!(
                next.text.as_str(),
                "execution" | "implementation" | "approach" | "speedup" | "speed up" | "work" | "run" | "development" | "dispatch"
            )
        })
}

/// Words of benchmarks and programs.
fn is_technical(token: &Token) -> bool {
    matches!(
        token.text.as_str(),
        "single threaded"
            | "compression"
            | "iterator"
            | "iterators"
            | "sort"
            | "sorting"
            | "hashing"
            | "indexer"
            | "linker"
            | "encoder"
            | "decoder"
            | "allocator"
            | "solver"
            | "collector"
            | "benchmark"
            | "benchmarks"
            | "stdlib"
            | "throughput"
            | "parser"
            | "regexp"
            | "simd"
            | "rendering"
            | "render"
            | "compile"
            | "compiler"
            | "latency"
            | "local"
            | "kernel"
            | "algorithm"
            | "parsing"
            | "implementation's"
            | "issue"
            | "wave"
            | "speed"
    ) && token.text != "wave"
}

/// "3.5x faster", "three times faster", "a six-fold speedup", "Parallel speedup: 5.8x".
fn times(stream: &Stream) -> Option<Ratio> {
    let speed = stream.places(Class::SPEED).next()?;
    for at in 0..stream.tokens.len() {
        let Some(value) = stream.tokens[at].value else { continue };
        let word = stream.at(at + 1);
        let factor = word.is_some_and(|word| word.is(Class::TIMES) && (word.text != "time" || stream.tokens[at].text.is_empty()));
        let before = at.checked_sub(1).and_then(|other| stream.at(other)).is_some_and(|word| {
            matches!(word.text.as_str(), "factor of" | "of" | "faktor")
                && stream.tokens.iter().any(|token| matches!(token.text.as_str(), "factor" | "faktor"))
        });
        let near = at.abs_diff(speed) <= 8;
        let range = stream.at(at + 1).is_some_and(|mark| mark.is_mark('–'));
        if (factor || before) && near && !range && value >= 1.0 {
            return Some(Ratio { value: Some(value), anchor: speed });
        }
    }
    let percent = stream.tokens.iter().position(|token| token.is_mark('%'));
    let value = percent.and_then(|at| at.checked_sub(1)).and_then(|at| stream.tokens[at].value).map(|value| 1.0 + value / 100.0);
    (percent.is_some()
        && !stream.tokens.iter().any(|token| token.text == "parallel speedup")
        && !stream.tokens.iter().take(3).any(|token| token.is_mark(':')))
    .then_some(Ratio { value, anchor: speed })
}

/// "in half the time", "dropped by two thirds".
fn portion(stream: &Stream) -> Option<Ratio> {
    let anchor = stream.places(Class::PORTION).next()?;
    let text = stream.tokens[anchor].text.as_str();
    let value = FRACTIONS.iter().find(|(word, _)| text.contains(word)).map(|(_, value)| *value);
    Some(Ratio { value: value.or(Some(2.0)), anchor })
}

/// What a fraction of the time makes of the speed; "by two thirds" leaves one third.
const FRACTIONS: &[(&str, f64)] = &[
    ("by two thirds", 3.0),
    ("by three quarters", 4.0),
    ("by four fifths", 5.0),
    ("by a third", 1.5),
    ("by a quarter", 4.0 / 3.0),
    ("two thirds of", 1.5),
    ("third", 3.0),
    ("quarter", 4.0),
    ("fifth", 5.0),
    ("sixth", 6.0),
    ("eighth", 8.0),
    ("tenth", 10.0),
    ("thrice", 3.0),
    ("tripled", 3.0),
    ("quadrupled", 4.0),
    ("drittel", 3.0),
    ("viertel", 4.0),
    ("tercio", 3.0),
    ("terço", 3.0),
    ("terzo", 3.0),
    ("втрое", 3.0),
    ("вчетверо", 4.0),
    ("впятеро", 5.0),
];

/// Two durations: "from forty minutes to ten", "12 minutes instead of 48", "~2 hours (would be ~8 hours sequentially)".
fn durations(sentence: &Sentence, stream: &Stream) -> Option<Ratio> {
    let compared =
        stream.places(Class::SAVED).next().or_else(|| sentence.streams.iter().any(|other| other.has(Class::SERIAL)).then_some(0))?;
    let tokens: Vec<&Token> = sentence.streams.iter().flat_map(|other| other.tokens.iter()).collect();
    let mut times = Vec::new();
    let mut any_unit = None;
    for (at, token) in tokens.iter().enumerate() {
        let unit = tokens.get(at + 1).and_then(|unit| seconds(unit));
        if let Some(value) = token.value.filter(|value| *value > 0.0) {
            if unit.is_some() {
                any_unit = unit;
            }
            let linked = at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| {
                matches!(before.text.as_str(), "to" | "instead of" | "of" | "from" | "statt" | "auf") || before.is(Class::CONTRAST)
            });
            if unit.is_some() || (linked && any_unit.is_some()) || (linked && tokens.get(at + 1).is_some_and(|next| next.text == "to")) {
                times.push((value, unit));
            }
        }
    }
    let [(one, one_unit), (other, other_unit)] = times.as_slice() else { return None };
    let unit = one_unit.or(*other_unit)?;
    let (one, other) = (one * one_unit.unwrap_or(unit), other * other_unit.unwrap_or(unit));
    let ratio = if one > other { one / other } else { other / one };
    (ratio > 1.0)
        .then_some(Ratio { value: Some((ratio * 100.0).round() / 100.0), anchor: compared.min(stream.tokens.len().saturating_sub(1)) })
}

/// How many seconds a unit has.
fn seconds(token: &Token) -> Option<f64> {
    if !token.is(Class::UNIT) {
        return None;
    }
    let text = token.text.as_str();
    Some(match text.chars().next()? {
        's' | '秒' | 'с' => 1.0,
        'm' | 'м' | '分' => 60.0,
        'd' => 86_400.0,
        'w' => 604_800.0,
        _ => 3600.0,
    })
}

/// "Parallel execution saved ~20 minutes", "saved 70 % of the time": faster, without a ratio.
fn saved(stream: &Stream) -> Option<Ratio> {
    let anchor = stream.places(Class::SAVED).next()?;
    let amount = stream.tokens.iter().enumerate().any(|(at, token)| {
        token.value.is_some() && stream.at(at + 1).is_some_and(|next| next.is(Class::UNIT) || next.is_mark('%') || next.is_mark('–'))
    });
    (amount && stream.has(Class::PARALLEL | Class::TOGETHER)).then_some(Ratio { value: None, anchor })
}
