//! What stands behind a bullet: a tool's use, an agent, a group of agents, a notice, or words.

use super::block::{Ended, Phase};
use super::outcome::{Outcome, State, duration};
use crate::model::session::Means;

/// What a bullet introduces.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Header {
    /// `Bash(cargo test)`, `Explore(Look at the cart)`: the name and what stands behind its parenthesis.
    Call(String, String),
    /// `Running 3 Explore agents…`
    Group(GroupHeader),
    /// `Agent "Look at the cart" finished · 44s`
    Ended(Ended),
    /// Tools that are only counted.
    Tally,
    /// What the program says, not the assistant.
    Notice,
    /// The assistant's words.
    Words,
}

/// What a group's header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupHeader {
    pub(super) count: u32,
    pub(super) phase: Phase,
    pub(super) kind: Option<String>,
    /// A hint of a key stands behind it, which only the program writes.
    pub(super) hint: bool,
}

/// Reads what follows a bullet at `line`.
pub(super) fn read(text: &str, line: u64) -> Header {
    if let Some(group) = group(text) {
        return Header::Group(group);
    }
    if let Some(ended) = ended(text, line) {
        return Header::Ended(ended);
    }
    // Behind a bullet the same words may be the assistant's; the program adds a hint, or a sign that it goes on.
    if is_tally(text) && (text.contains("(ctrl+") || text.contains('…')) {
        return Header::Tally;
    }
    if is_notice(text) {
        return Header::Notice;
    }
    match call(text) {
        Some((name, input)) => Header::Call(name.to_owned(), input.to_owned()),
        None => Header::Words,
    }
}

/// Whether what follows a bullet is what only a console shows: words may follow bullets in any text.
pub(super) fn is_of_a_console(text: &str) -> bool {
    match read(text, 0) {
        Header::Call(name, _) => name.starts_with(|letter: char| letter.is_uppercase()) || name.contains(['-', ':']),
        Header::Group(header) => header.hint,
        Header::Ended(_) | Header::Tally | Header::Notice => true,
        Header::Words => false,
    }
}

/// Bullets that are the program's own words.
const NOTICES: [&str; 30] = [
    "Update Todos",
    "Updated plan",
    "User approved Claude's plan",
    "User rejected Claude's plan",
    "User answered Claude's questions",
    "User declined to answer",
    "Entered plan mode",
    "Exited plan mode",
    "Background command \"",
    "Background task \"",
    "Background shell ",
    "Dynamic workflow \"",
    "Shell \"",
    "Monitor \"",
    "Task \"",
    "Teammate ",
    "Teammate@",
    "Task Output ",
    "BashOutput",
    "Bash Output",
    "Stop Task",
    "Kill Shell",
    "Killed background shell",
    "Session model ",
    "API Error",
    "Compact summary",
    "Conversation compacted",
    "Context left",
    "Plan mode",
    "Loaded skill",
];

fn is_notice(text: &str) -> bool {
    text == "main"
        || NOTICES.iter().any(|notice| text.starts_with(notice)) && call(text).is_none()
        || (text.ends_with("to expand)") || text.ends_with("to see all)")) && call(text).is_none()
}

/// By what other means a notice or a call shows agents to be at work.
pub(super) fn other_means(text: &str) -> Option<Means> {
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if begins(&["Teammate ", "Teammate@", "TeamCreate(", "spawnTeam("]) {
        Some(Means::Team)
    } else {
        begins(&["Dynamic workflow \"", "Workflow("]).then_some(Means::Workflow)
    }
}

/// Tools that the console only counts: `Read 2 files, ran 1 shell command`, `Thought for 4s, searched for 2 patterns`.
pub(super) fn is_tally(text: &str) -> bool {
    // Most texts are told by their first word.
    if !begins_with_verb(text) {
        return false;
    }
    let text = text.split(" (ctrl+").next().unwrap_or_default().trim_end();
    !text.is_empty() && text.split(", ").all(is_tally_part)
}

const VERBS: [&str; 24] = [
    "read",
    "reading",
    "ran",
    "running",
    "searched",
    "searching",
    "listed",
    "listing",
    "called",
    "calling",
    "edited",
    "made",
    "wrote",
    "fetched",
    "created",
    "found",
    "thought",
    "updated",
    "recalled",
    "loaded",
    "queried",
    "used",
    "moved",
    "viewed",
];

fn begins_with_verb(part: &str) -> bool {
    let verb = part.split_whitespace().next().unwrap_or_default();
    VERBS.iter().any(|known| verb.eq_ignore_ascii_case(known))
}

fn is_tally_part(part: &str) -> bool {
    let mut words = part.split_whitespace();
    words.next();
    let next = words.find(|word| *word != "for" && *word != "github" && *word != "the").unwrap_or_default();
    let rest = words.count();
    begins_with_verb(part)
        && !part.contains("agent")
        && next.starts_with(|letter: char| letter.is_ascii_digit())
        && rest <= 5
        && !part.ends_with(['.', ':', '!'])
}

/// The most agents that a header is believed to count beyond the rows that it shows.
const MOST: u32 = 1000;

fn group(text: &str) -> Option<GroupHeader> {
    let (text, running) = match text.strip_prefix("Running ") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (number, rest) = text.split_once(' ')?;
    let count = number.parse::<u32>().ok().filter(|count| (1..=MOST).contains(count))?;
    let (kind, rest) = if let Some(rest) = rest.strip_prefix("agent") { ("", rest) } else { rest.split_once(" agent")? };
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    if kind.split(' ').count() > 3 {
        return None;
    }
    let phase = match (running, rest.trim_start()) {
        (true, rest) if rest.starts_with('…') || rest.starts_with("...") => Phase::Running,
        (false, rest) if rest.starts_with("finished") || rest.starts_with("completed") => Phase::Finished,
        (false, rest) if rest.starts_with("launched") => Phase::Launched,
        _ => return None,
    };
    // "3 agents finished their work." is a sentence. Other letters may be left over from what the console drew before.
    let end = rest.trim_start().trim_start_matches(|letter: char| letter.is_ascii_lowercase() || matches!(letter, '…' | '.')).trim_start();
    if rest.ends_with(['.', ':', '!']) && !rest.ends_with("...") {
        return None;
    }
    let kind = Some(kind).filter(|kind| !matches!(*kind, "" | "background" | "Task" | "local")).map(str::to_owned);
    Some(GroupHeader { count, phase, kind, hint: end.starts_with('(') })
}

/// `Agent "Look at the cart" finished · 44s`; `came to rest` and `completed` in other versions of 2.1.
fn ended(text: &str, line: u64) -> Option<Ended> {
    let rest = text.strip_prefix("Agent \"").or_else(|| text.strip_prefix("Task \""))?;
    let (description, rest) = rest.rsplit_once('"')?;
    let rest = rest.trim();
    let begins = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    let state = if begins(&["finished", "completed", "came to rest"]) {
        State::Done
    } else if begins(&["failed", "was stopped", "was killed", "stopped", "killed", "timed out"]) {
        State::Failed
    } else {
        return None;
    };
    let ran = rest.rsplit('·').next().and_then(duration);
    Some(Ended { line, description: description.to_owned(), outcome: Outcome { state, ran, ..Outcome::default() } })
}

/// The name and the input of a call: `Name(input)`, with nothing but a tag behind it, or wrapped to the next line.
fn call(text: &str) -> Option<(&str, &str)> {
    let open = text.find('(')?;
    let (name, rest) = (text.get(..open)?, text.get(open + 1..)?);
    if !is_name(name) {
        return None;
    }
    let Some(close) = closing(rest) else { return Some((name, rest)) };
    if is_tag(rest.get(close + 1..)?) {
        return Some((name, rest.get(..close)?));
    }
    // A command may hold a parenthesis that nothing opened.
    let whole = rest.trim_end().strip_suffix(')')?;
    matches!(name, "Bash" | "PowerShell" | "Search" | "Grep").then_some((name, whole))
}

/// The offset of the parenthesis that closes what is already open. Quotes are not looked at: an input is a text, not a program,
/// so the last parenthesis counts where they do not add up.
fn closing(rest: &str) -> Option<usize> {
    let mut depth = 1usize;
    for (offset, byte) in rest.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(offset);
        }
    }
    rest.trim_end().ends_with(')').then(|| rest.trim_end().len() - 1)
}

/// `Bash`, `Web Search`, `code-writer`, `plugin:agent`, `github - create issue (MCP)`.
fn is_name(name: &str) -> bool {
    let name = name.strip_suffix("(MCP)").map_or(name, str::trim_end);
    let first = name.starts_with(|letter: char| letter.is_alphabetic());
    let letters = name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':' | '.' | ' ' | '@' | '/'));
    let words: Vec<&str> = name.split(' ').collect();
    let plain = words.len() == 1
        || words.len() <= 3 && words.iter().all(|word| word.starts_with(|letter: char| letter.is_uppercase()))
        || name.contains(" - ") && words.len() <= 12;
    first && letters && plain && name.len() <= 100 && !name.ends_with(' ')
}

/// What may stand behind a call: nothing, a model, a time limit, a cost, or anything far to the right.
fn is_tag(tag: &str) -> bool {
    let trimmed = tag.trim();
    trimmed.is_empty()
        || trimmed == "…"
        || tag.starts_with("  ")
        || tag.starts_with('…')
        || trimmed.starts_with("timeout")
        || trimmed.starts_with("Cost:")
        || trimmed.starts_with("(ctrl+")
        || is_model(trimmed)
}

/// `Sonnet 4.5`, `Opus 5 (1M context)`, `opus-4-5-20251101`, `(resumed)`, `haiku`: a short tag, and no sentence about the call.
fn is_model(tag: &str) -> bool {
    const VERBS: [&str; 12] =
        ["is", "are", "was", "has", "done", "finished", "failed", "complete", "completed", "launched", "running", "returned"];
    let (name, _) = tag.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).unwrap_or((tag, ""));
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_name = |word: &&str| word.starts_with(char::is_uppercase) || word.contains(|letter: char| letter.is_ascii_digit());
    tag.len() <= 48
        && words.len() <= 4
        && tag.chars().all(|letter| letter.is_alphanumeric() || " -_.:/@[]()+".contains(letter))
        && !tag.ends_with(['.', ':'])
        && (words.iter().all(is_name) || words.len() == 1 && !words.iter().any(|word| VERBS.contains(word)))
}
