//! The mark in front of a line, which says whose line it is.

/// Whose a line is, by its first letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `⏺` (macOS) or `●`: the assistant's words, or the use of a tool.
    Bullet,
    /// `>` or, since 2.1, `❯`: the user.
    Prompt,
    /// `⎿`: what came of it.
    Result,
    /// `✻`, `✽`, …: how long the program works, or that the model thinks.
    Spinner,
    /// `∴`: the model thinks.
    Thinking,
    /// A frame's first line.
    BoxTop,
    /// A frame's last line.
    BoxBottom,
    /// `├` or `└`: an agent of a group.
    Branch,
    /// `│`: what goes on beneath an agent of a group, and a frame's other lines.
    Bar,
    /// A rule across the screen.
    Rule,
    /// Other things that the program draws: hints, lists of todos, recaps, the footer.
    Chrome,
    /// A fence of the document that holds the paste.
    Fence,
    /// None.
    None,
}

/// A line with its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look<'t> {
    /// Columns before its first letter.
    pub(super) indent: usize,
    pub(super) mark: Mark,
    /// What stands behind the mark; the line without its indentation where there is none.
    pub(super) rest: &'t str,
}

/// A line without the blanks at its beginning, nearly all of which are spaces before ASCII.
pub(super) fn unindented(line: &str) -> &str {
    let text = &line[line.bytes().position(|byte| byte != b' ').unwrap_or(line.len())..];
    if text.bytes().next().is_some_and(|byte| byte.is_ascii_graphic()) { text } else { text.trim_start() }
}

/// Looks at a line that is not blank.
pub(super) fn look(line: &str) -> Look<'_> {
    let text = unindented(line);
    let indent = line.len() - text.len();
    let mut letters = text.chars();
    let first = letters.next().unwrap_or(' ');
    let rest = letters.as_str();
    let apart = rest.is_empty() || rest.starts_with(' ');
    let mark = match first {
        '⏺' | '●' | '⬤' | '⚫' => Mark::Bullet,
        '>' | '❯' if apart => Mark::Prompt,
        '⎿' => Mark::Result,
        '✻' | '✽' | '✶' | '✳' | '✢' | '✺' | '∗' | '✱' if apart => Mark::Spinner,
        '·' | '*' if apart && is_working(rest) => Mark::Spinner,
        '∴' => Mark::Thinking,
        '╭' => Mark::BoxTop,
        '╰' => Mark::BoxBottom,
        '├' | '└' => Mark::Branch,
        '│' => Mark::Bar,
        '─' if is_rule(text) => Mark::Rule,
        '※' | '⏵' | '⏸' | '◯' | '◻' | '◼' | '☐' | '☒' | '☑' | '✔' | '⧉' | '▐' | '▝' | '▘' | '▗' if !rest.is_empty() => {
            Mark::Chrome
        }
        '?' if rest == " for shortcuts" => Mark::Chrome,
        '`' | '~' if text.starts_with("```") || text.starts_with("~~~") => Mark::Fence,
        _ => Mark::None,
    };
    let rest = match mark {
        Mark::Bullet | Mark::Prompt | Mark::Result | Mark::Spinner | Mark::Thinking | Mark::Branch | Mark::Bar => rest.trim_start(),
        _ => text,
    };
    Look { indent, mark, rest }
}

/// `Cogitating… (53s · ↓ 2.2k tokens)`: what a program at work writes behind a plain mark.
fn is_working(rest: &str) -> bool {
    let text = rest.trim();
    let verb = text.split(['…', ' ']).next().unwrap_or_default();
    verb.starts_with(|letter: char| letter.is_uppercase()) && (text.ends_with('…') || text.contains("… (")) && text.len() <= 200
}

fn is_rule(text: &str) -> bool {
    text.chars().take_while(|letter| *letter == '─').count() >= 8
}

/// How many background agents a line of the program says are at work.
pub(super) fn waiting(rest: &str) -> Option<u32> {
    let count = |before: &str| before.rsplit(' ').next().and_then(|digits| digits.parse::<u32>().ok());
    if let Some(after) = rest.strip_prefix("Waiting for ") {
        let (number, after) = after.split_once(' ')?;
        return after.starts_with("background agent").then(|| number.parse().ok()).flatten();
    }
    [" local agents still running", " background agents still running", " agents still running"]
        .iter()
        .find_map(|words| rest.find(words))
        .and_then(|at| count(rest.get(..at)?))
}

/// Whether a line of the program ends a turn: `Brewed for 2m 3s`, `Cooked for 8s · done 9:43 AM`.
pub(super) fn ends_turn(rest: &str) -> bool {
    let Some((verb, after)) = rest.split_once(" for ") else { return false };
    verb.chars().all(char::is_alphabetic)
        && verb != "Waiting"
        && verb != "Thought"
        && after.starts_with(|letter: char| letter.is_ascii_digit())
}

/// Whether what follows a prompt's mark is a choice of a dialog: `1. Yes`, `3. No, and tell Claude …`.
pub(super) fn is_choice(rest: &str) -> bool {
    rest.split_once(". ").is_some_and(|(number, choice)| number.len() == 1 && (choice.starts_with("Yes") || choice.starts_with("No")))
}
