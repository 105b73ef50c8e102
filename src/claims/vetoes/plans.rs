//! Steps of a plan, proposals, and sentences about launching as such.

use super::Case;
use crate::claims::class::Class;
use crate::model::claim::ClaimKind;

/// "Step 4: dispatch …", "Option B – launching …", bullets and numbers in front of what is still to be done.
pub(super) fn plan_marker(case: &Case) -> bool {
    let markup = case.sentence.markup;
    let undone = case.kind == ClaimKind::Future && case.stream.before(case.anchor, Class::FIRST | Class::WILL).is_none();
    // "Phase 2: launching five agents now"
    let undone = undone && !(case.stream.is(case.anchor, Class::ING) && case.stream.after(case.anchor, Class::NOW).is_some());
    // A rocket or a wheel in front shows that it happens now.
    let live = case.sentence.text.starts_with(|letter: char| !letter.is_ascii() && !letter.is_alphanumeric());
    if undone && !live && (markup.heading || markup.bullet || markup.ordered) {
        return true;
    }
    let labelled = case.stream.is(0, Class::PLAN)
        && case
            .stream
            .tokens
            .iter()
            .take(6)
            .position(|token| token.is_mark(':') || token.is_mark('—') || token.is_mark('.') || token.is_mark('–'))
            .is_some_and(|at| {
                at < case.anchor && (1..at).all(|index| !case.stream.is(index, Class::DONE | Class::RUNNING | Class::RAN | Class::FINISHED))
            });
    let proposal = stream_starts(
        case,
        &[
            "option",
            "approach",
            "alternative",
            "plan",
            "proposal",
            "idea",
            "example",
            "scenario",
            "variant",
            "strategy",
            "recommendation",
            "goal",
            "tip",
            "rule",
            "limit",
            "cap",
            "capacity",
            "default",
            "setting",
            "pending",
            "feature",
            "features",
            "benefit",
            "benefits",
            "advantage",
            "advantages",
            "requirement",
            "requirements",
            "assumption",
            "constraint",
            "faq",
            "pending your",
            "pending approval",
            "on approval",
            "tomorrow",
            "later",
            "upcoming",
            "future",
        ],
    );
    let labelled = labelled || proposal && case.stream.tokens.iter().take(3).any(|token| token.is_mark(':')) && case.anchor > 1;
    labelled && (undone || proposal)
}

fn stream_starts(case: &Case, words: &[&str]) -> bool {
    let label =
        case.stream.tokens.iter().position(|token| token.is_mark(':') || token.is_mark('—') || token.is_mark('–')).unwrap_or(1).clamp(1, 3);
    case.stream.tokens.iter().take(label).any(|token| words.contains(&token.text.as_str()))
}

/// "Launching five agents at once is expensive" speaks about launching.
pub(super) fn gerund_subject(case: &Case) -> bool {
    let launching = case.stream.is(case.anchor, Class::ING) && case.stream.opens_clause(case.anchor);
    if !case.stream.english || !(launching || is_participle(case)) {
        return false;
    }
    let verbs = [
        "is",
        "was",
        "would",
        "will",
        "could",
        "might",
        "may",
        "seems",
        "makes",
        "requires",
        "costs",
        "takes",
        "gives",
        "lets",
        "helps",
        "means",
        "works",
        "can",
        "should",
        "saves",
        "needs",
        "leads",
        "risks",
        "increases",
        "reduces",
        "burns",
        "uses",
        "consumes",
        "doubles",
        "speeds",
        "improves",
        "causes",
        "creates",
        "adds",
        "avoids",
        "allows",
        "raises",
        "introduces",
        "complicates",
        "multiplies",
        "cuts",
        "slows",
        "hurts",
        "pays",
        "becomes",
        "has",
        "isn't",
        "won't",
        "doesn't",
        "wasn't",
        "wouldn't",
        "can't",
        "sounds",
        "feels",
        "looks",
        "remains",
        "must",
        "does",
        "triggers",
        "leaves",
    ];
    let part = case.stream.tokens[case.anchor].part;
    let from = case.phrase.map_or(case.anchor, |phrase| phrase.end.max(case.anchor));
    let modal = |index: usize| case.stream.is(index, Class::MODAL) && !case.stream.is(index, Class::WILL);
    let hypothetical = case.stream.places(Class::FIRST).any(|at| (at + 1..at + 3).any(|index| case.stream.is(index, Class::MODAL)));
    if hypothetical && case.stream.is(case.anchor, Class::WEAK) {
        return true;
    }
    let relative = |index: usize| {
        index
            .checked_sub(1)
            .and_then(|before| case.stream.at(before))
            .is_some_and(|before| matches!(before.text.as_str(), "that" | "which" | "who" | "each" | "one" | "what") || before.is_mark(','))
    };
    (from..case.stream.tokens.len())
        .take_while(|index| case.stream.tokens[*index].part == part)
        .take_while(|index| launching || case.stream.tokens[*index].clause == case.stream.tokens[case.anchor].clause)
        .any(|index| (!launching && modal(index) || verbs.contains(&case.stream.tokens[index].text.as_str())) && !relative(index))
}

/// "Agents running in parallel need …": the agents and what they are doing are only the subject.
fn is_participle(case: &Case) -> bool {
    let stream = case.stream;
    let doing = stream.is(case.anchor, Class::RUNNING) || stream.at(case.anchor).is_some_and(|token| token.text.ends_with("ing"));
    case.kind == ClaimKind::Present
        && doing
        && case.phrase.is_some_and(|phrase| {
            phrase.end <= case.anchor && !(phrase.end..case.anchor).any(|index| stream.is(index, Class::BE | Class::HAVE))
        })
        && stream.before(case.first(), Class::BE | Class::HAVE | Class::FIRST).is_none()
}
