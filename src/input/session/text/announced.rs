//! Work that is announced as parallel right above the agents that it is given to.
//!
//! "I'll work on these features in parallel:" names no agents, and on its own it is no claim: it may be about anything. Where
//! agents are asked for right below it, it is about them.

use crate::claims;
use crate::model::claim::{ClaimKind, Recognised, Topic};

/// What agents are given. Tests, commands and files are read and run in parallel by every assistant, without agents.
const WORK: &[&str] = &[
    "feature",
    "implementation",
    "component",
    "module",
    "part",
    "area",
    "item",
    "ticket",
    "issue",
    "task",
    "work",
    "endpoint",
    "layer",
    "service",
    "these",
    "them",
    "both",
    "stories",
    "story",
    "project",
];

/// How long a text may be of which the last sentence is read.
const MOST: usize = 2_000;

/// The claim in the last sentence of a text, as if it named agents; its span lies in the text.
pub(super) fn read(text: &str) -> Option<Recognised> {
    let end = text.trim_end().len();
    let line_start = text[..end].rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..end)?;
    if line.len() > MOST {
        return None;
    }
    let body = line.trim_end_matches([':', '.', '!', '…', ' ', '*', '_']);
    let start = body.rfind(['.', '!', '?']).map_or(0, |at| at + 1);
    let sentence = body.get(start..)?.trim();
    let lower = sentence.to_lowercase();
    let words = || lower.split(|letter: char| !letter.is_alphanumeric());
    let names_work = words().any(|word| WORK.iter().any(|known| word == *known || word.strip_suffix('s') == Some(known)));
    if !names_work || line[body.len()..].contains('?') {
        return None;
    }
    let span = text[..end].rfind(sentence).map(|at| at..at + sentence.len())?;
    // "Launching parallel implementation": the work is what is launched.
    let launched = ["implementation", "development", "execution", "work"].iter().map(|work| lower.replacen(work, "agents", 1));
    let found = std::iter::once(format!("{sentence} with agents."))
        .chain(launched.filter(|changed| *changed != lower))
        .find_map(|named| claims::read(&named).claims.into_iter().find(|claim| claim.topic == Topic::Agents))?;
    let usable = found.certain && found.together && matches!(found.kind, ClaimKind::Future | ClaimKind::Present);
    usable.then_some(Recognised { span, agents: None, form: "announced-work", ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_work_is_a_claim_of_the_agents_below_it() {
        for text in [
            "I'll work on these features in parallel:",
            "Two features then. I'll work on both in parallel:",
            "I'll implement these components simultaneously.",
            "I'm going to tackle these tickets in parallel:",
            "Launching parallel implementation for independent features:",
        ] {
            let found = read(text);
            assert!(found.is_some(), "{text}");
            assert!(text.ends_with(&text[found.unwrap().span.start..]));
        }
    }

    #[test]
    fn questions_denials_plans_and_other_work_are_none() {
        for text in [
            "",
            "I'll work on these features:",
            "Should I work on these features in parallel?",
            "I won't work on these features in parallel:",
            "These features can run in parallel:",
            "I'll run the tests in parallel:",
            "I'll read the files in parallel:",
            "You could work on these features in parallel.",
            "Features that don't conflict:",
            "é: \u{2028}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
