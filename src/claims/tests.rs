//! The recogniser against labelled sentences, its vetoes one by one, and its promises on any text.

use proptest::prelude::*;

use super::forms;
use super::sentence::Sentence;
use super::{blocks::Markup, may_matter, read};
use crate::model::claim::{ClaimKind, DenialForm, Recognised, Topic};

const FIXTURES: &[(&str, &str)] = &[
    ("fresh.tsv", include_str!("../../fixtures/claims/fresh.tsv")),
    ("more.tsv", include_str!("../../fixtures/claims/more.tsv")),
    ("third.tsv", include_str!("../../fixtures/claims/third.tsv")),
    ("fourth.tsv", include_str!("../../fixtures/claims/fourth.tsv")),
];

struct Row<'a> {
    file: &'a str,
    claim: bool,
    /// Whether it speaks of tests that pass, and not of agents.
    tests: bool,
    count: Option<u32>,
    speedup: Option<f64>,
    text: &'a str,
}

fn rows() -> Vec<Row<'static>> {
    let mut rows = Vec::new();
    for (file, content) in FIXTURES {
        for line in content.lines().skip(1) {
            let [label, kind, count, speedup, text] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{file}: a row has five columns: {line}")
            };
            // Ambiguous rows judge nothing. A claim that is "missed" fails here once it is found, and then gets its label.
            if label == "ambiguous" {
                continue;
            }
            let count = if label == "missed" { "" } else { count };
            let tests = kind == "tests";
            rows.push(Row { file, claim: label == "claim", tests, count: count.parse().ok(), speedup: speedup.parse().ok(), text });
        }
    }
    rows
}

/// The claims that say "this happened" for sure; present claims about tests are judged elsewhere.
fn certain(text: &str) -> Vec<Recognised> {
    read(text).claims.into_iter().filter(|claim| claim.certain && claim.kind != ClaimKind::Tests).collect()
}

#[test]
fn every_labelled_sentence_is_read_as_labelled() {
    let mut wrong = Vec::new();
    let rows = rows();
    assert!(rows.len() >= 400, "{} rows", rows.len());
    for row in &rows {
        let found = if row.tests {
            read(row.text).claims.into_iter().filter(|claim| claim.certain && claim.topic == Topic::Tests).collect()
        } else {
            certain(row.text)
        };
        let counted = row.count.is_none_or(|count| found.iter().any(|claim| claim.agents == Some(count) || claim.count == Some(count)));
        let sped =
            row.speedup.is_none_or(|speedup| found.iter().any(|claim| claim.speedup.is_some_and(|other| (other - speedup).abs() < 0.01)));
        if found.is_empty() == row.claim || !counted || !sped {
            wrong.push(format!("{}: {} -> {found:?}", row.file, row.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each veto with a sentence that it kills, and the nearest sentence that lives.
const PAIRS: &[(&str, &str, &str)] = &[
    ("question", "Are three agents running in parallel?", "Three agents are running in parallel."),
    ("code", "log(\"x\"); three agents are running in parallel", "Three agents are running in parallel"),
    ("checkbox", "- [ ] Launched three agents in parallel", "- Launched three agents in parallel"),
    ("negation", "I have not launched three agents in parallel.", "I have now launched three agents in parallel."),
    ("modality", "Perhaps three agents are running in parallel.", "Now three agents are running in parallel."),
    ("condition", "If you like, I'll launch three agents in parallel.", "As you like, I'll launch three agents in parallel."),
    ("past-intention", "We could have three agents running in parallel.", "We now have three agents running in parallel."),
    ("serial", "Three agents ran one after another.", "Three agents ran side by side."),
    ("quotation", "The report says three agents ran in parallel.", "Reporting back: three agents ran in parallel."),
    ("documentation", "In the tutorial three agents are running in parallel.", "In this repository three agents are running in parallel."),
    ("other-people", "Your colleague has three agents running in parallel.", "This session has three agents running in parallel."),
    ("reader", "You have three agents running in parallel.", "I have three agents running in parallel."),
    ("request", "Please see that three agents are running in parallel.", "You see: three agents are running in parallel."),
    ("not-agents", "Three Jenkins agents are running in parallel.", "Three review agents are running in parallel."),
    ("plan-marker", "Option B: three agents working in parallel.", "Wave B: three agents working in parallel."),
    ("gerund-subject", "Launching three agents in parallel is costly.", "Launching three agents in parallel, which is costly."),
    (
        "elsewhere",
        "In the recording, three agents are running in parallel.",
        "In the recording module, three agents are running in parallel.",
    ),
    ("set-up", "I configured CI so that three agents run in parallel now.", "I configured CI; three agents run in parallel now."),
    (
        "experiment",
        "I reproduced the race by starting three agents in parallel.",
        "I reproduced it, and I'm starting three agents in parallel.",
    ),
    ("retracted", "That three agents ran in parallel was wrong.", "That three agents ran in parallel was good."),
];

#[test]
fn every_veto_kills_and_spares() {
    let mut wrong = Vec::new();
    for (veto, killed, spared) in PAIRS {
        if certain(spared).is_empty() {
            wrong.push(format!("{veto} should spare: {spared} {:?}", trials(spared)));
        }
        if !certain(killed).is_empty() || !trials(killed).iter().any(|(_, found)| found == &Some(*veto)) {
            wrong.push(format!("{veto} should kill: {killed} {:?}", trials(killed)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for reason in super::vetoes::VETOES {
        assert!(PAIRS.iter().any(|(name, ..)| *name == reason.name), "no pair for the veto {}", reason.name);
    }
}

fn trials(text: &str) -> Vec<(&'static str, Option<&'static str>)> {
    let line = super::blocks::lines(text).remove(0);
    forms::trials(&Sentence::new(&text[line.span], Markup { ..line.markup }, None))
}

#[test]
fn denials_are_read_and_are_no_claims() {
    for (text, form) in [
        ("I said I launched three agents in parallel, but I actually ran them one after another.", DenialForm::Serial),
        ("The agents did not overlap.", DenialForm::Serial),
        ("I never launched the subagents.", DenialForm::NotRun),
        ("My claim that four agents ran in parallel was wrong.", DenialForm::Retracted),
        ("Ich habe die Agenten nacheinander gestartet.", DenialForm::Serial),
        ("Les agents ont tourné l'un après l'autre.", DenialForm::Serial),
    ] {
        let reading = read(text);
        assert_eq!(reading.denials.iter().map(|denial| denial.form).collect::<Vec<_>>(), [form], "{text}");
        assert!(certain(text).is_empty(), "{text}");
    }
    assert!(read("I never launched the tests in parallel.").denials.is_empty());
}

#[test]
fn several_claims_in_one_line_are_told_apart() {
    let found = read("All 7 tasks done. All 123 tests pass.").claims;
    assert_eq!(
        found.iter().map(|claim| (claim.topic, claim.kind, claim.count)).collect::<Vec<_>>(),
        [(Topic::Completion, ClaimKind::Past, Some(7)), (Topic::Tests, ClaimKind::Tests, Some(123))]
    );
}

#[test]
fn a_pronoun_finds_its_agents_in_the_paragraph() {
    let text = "Two background agents take the importer and the exporter. They are running side by side.";
    assert!(certain(text).iter().any(|claim| claim.agents == Some(2) && &text[claim.span.clone()] == "They are running side by side."));
}

#[test]
fn a_number_alone_does_not_say_that_they_overlapped() {
    let together = |text: &str| certain(text).iter().map(|claim| claim.together).collect::<Vec<_>>();
    assert_eq!(together("All three agents have finished."), [false]);
    assert_eq!(together("All three agents have finished in parallel."), [true]);
    assert_eq!(together("Three agents are running."), [true]);
    assert_eq!(together("我将并行启动两个代理。"), [true]);
    assert_eq!(together("我会同时启动两个子代理。"), [true]);
    assert_eq!(together("我将启动两个代理。"), [false]);
}

#[test]
fn a_span_is_the_sentence_as_written() {
    let text = "First this.\n\n**Now** launching 3 agents in parallel! Then that.";
    let found = certain(text);
    assert_eq!(found.len(), 1);
    assert_eq!(&text[found[0].span.clone()], "**Now** launching 3 agents in parallel!");
}

/// Words that claims are made of, mixed with marks that trip readers.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "I'll",
        "launch",
        "three",
        "3",
        "agents",
        "in parallel",
        "running",
        "are",
        "`a`",
        "\"",
        "'",
        "`",
        "```\n",
        "> ",
        "| ",
        "- ",
        "# ",
        "(",
        ")",
        "[",
        "—",
        "–",
        "-",
        ",",
        ".",
        ":",
        "？",
        "并行",
        "代理",
        "三个",
        "エージェント",
        "を",
        "에이전트",
        "агента",
        "x",
        "%",
        "5/5",
        "3.5x",
        "faster",
        "\n",
        "\n\n",
        "\u{0}",
        "\u{200b}",
        "é",
        "🔄",
        "Agent 1",
        "As",
        "second",
        "first",
        "both",
        "of",
        "the",
        "minutes",
        "from",
        "to",
    ]);
    prop_oneof![prop::collection::vec(word, 0..60).prop_map(|words| words.join(" ")), any::<String>()]
}

proptest! {
    #[test]
    fn spans_are_ordered_sentences_and_the_prefilter_is_sound(text in text()) {
        let reading = read(&text);
        let mut last = 0;
        for claim in &reading.claims {
            prop_assert!(text.get(claim.span.clone()).is_some_and(|words| !words.is_empty()));
            prop_assert!(claim.span.start >= last);
            last = claim.span.start;
        }
        for denial in &reading.denials {
            prop_assert!(text.get(denial.span.clone()).is_some());
        }
        if !may_matter(&text) {
            prop_assert!(reading.claims.is_empty() && reading.denials.is_empty());
        }
    }

    #[test]
    fn quoting_and_fencing_silence_everything(text in text()) {
        let fenced = format!("~~~~~~~\n{}\n~~~~~~~", text.replace('~', "-"));
        prop_assert!(read(&fenced).claims.is_empty());
        let quoted: String = text.split('\n').map(|line| format!("> {line}\n")).collect();
        prop_assert!(read(&quoted).claims.is_empty());
    }

    #[test]
    fn paragraphs_are_read_one_by_one(first in 0..400_usize, second in 0..400_usize) {
        let rows = rows();
        let one = rows[first % rows.len()].text;
        let other = rows[second % rows.len()].text;
        let joined = read(&format!("{one}\n\n{other}")).claims.len();
        prop_assert_eq!(joined, read(one).claims.len() + read(other).claims.len());
    }
}
