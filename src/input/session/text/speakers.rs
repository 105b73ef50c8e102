//! Who speaks: the marks by which a text says whose words follow.
//!
//! A text uses one style of marks throughout, so that a line of an answer that only looks like a mark of another style does not
//! change the speaker. Sources, as they were in public repositories: SpecStory CLI (`pkg/markdown/markdown.go`, Markdown v2.1.0),
//! OpenCode's `/export` (`cli/cmd/tui/util/transcript.ts`), claude-conversation-extractor (`src/extract_claude_logs.py`),
//! claude-code-log (`markdown/renderer.py`), and exports of Cursor and Aider that people keep in repositories.

use super::stamps;
use crate::model::moment::Moment;

/// Whose words a part of a text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    User,
    Assistant,
    /// A call or a result of a tool that stands under a mark of its own.
    Tool,
    /// Thinking, system messages, an agent's own transcript: nobody's words.
    Other,
}

/// A line that says who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark<'t> {
    pub(super) role: Role,
    /// When, where the mark says so.
    pub(super) at: Option<Moment>,
    /// What follows on the same line.
    pub(super) rest: &'t str,
    /// The name can hardly stand for anything else.
    pub(super) clear: bool,
}

/// How a text marks who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `_**User (2026-01-02 03:04:05Z)**_`
    Italic,
    /// `## User`; the levels of the headings of both sides.
    Heading(usize, usize),
    /// `**User**`, `**Claude:**`
    Bold,
    /// `Human:` at the beginning of a line.
    Plain,
    /// `#### ` before what the user asks, `> ` before what Aider itself prints.
    Aider,
}

/// The names, in lower case, by which texts call who speaks.
const NAMES: &[(&str, Role)] = &[
    ("user", Role::User),
    ("human", Role::User),
    ("you", Role::User),
    ("prompt", Role::User),
    ("me", Role::User),
    ("h", Role::User),
    ("assistant", Role::Assistant),
    ("claude", Role::Assistant),
    ("claude code", Role::Assistant),
    ("main claude", Role::Assistant),
    ("agent", Role::Assistant),
    ("ai", Role::Assistant),
    ("chatgpt", Role::Assistant),
    ("cursor", Role::Assistant),
    ("copilot", Role::Assistant),
    ("github copilot", Role::Assistant),
    ("codex", Role::Assistant),
    ("gemini", Role::Assistant),
    ("opencode", Role::Assistant),
    ("response", Role::Assistant),
    ("a", Role::Assistant),
    ("tool", Role::Tool),
    ("tool use", Role::Tool),
    ("tool call", Role::Tool),
    ("tool result", Role::Tool),
    ("tool output", Role::Tool),
    ("function result", Role::Tool),
    ("system", Role::Other),
    ("thinking", Role::Other),
    ("sub-assistant", Role::Other),
    ("sidechain", Role::Other),
];

/// Names that are words of their own as well: in front of a colon they say nothing about who speaks.
const NO_PLAIN_NAMES: &[&str] = &["prompt", "response", "agent", "ai", "me", "thinking", "sidechain", "cursor", "system", "tool use"];

/// Names that head parts of any document.
const NO_CLEAR_NAMES: &[&str] = &["prompt", "response", "agent", "ai", "you", "me", "cursor", "tool", "tool use", "system", "codex", "a"];

/// What else stands in a mark: "User's request", "Claude's response (CORRECT)", "ChatGPT said:".
const TAILS: &[&str] = &["'s", "’s", "request", "response", "message", "prompt", "reply", "answer", "input", "said", "turn"];

impl Style {
    /// The mark that a line is in this style.
    pub(super) fn mark(self, line: &str) -> Option<Mark<'_>> {
        match self {
            Style::Italic => italic(line),
            Style::Bold => bold(line),
            Style::Plain => plain(line),
            Style::Aider => aider(line),
            Style::Heading(user, assistant) => heading(line).and_then(|(level, decorated, mark)| {
                let own = match mark.role {
                    Role::User => level == user,
                    Role::Assistant => level == assistant,
                    Role::Tool | Role::Other => level == user || level == assistant,
                };
                (own || decorated).then_some(mark)
            }),
        }
    }

    /// Whether a mark of this style, within what looks like code, is one all the same: nobody writes it by chance.
    pub(super) fn breaks_fences(self, mark: &Mark<'_>) -> bool {
        self == Style::Italic && mark.at.is_some()
    }
}

fn italic(line: &str) -> Option<Mark<'_>> {
    let inner = line.strip_prefix("_**")?.trim_end().strip_suffix("**_")?;
    if inner.is_empty() {
        return None;
    }
    let (name, tail) = inner.split_once('(').unwrap_or((inner, ""));
    let name = name.trim();
    // A subagent's own thread, its prompt included, is told under names of the assistant.
    let sidechain = name.ends_with("- sidechain");
    let role = if sidechain { Role::Other } else { role_of(&name.to_lowercase())? };
    Some(Mark { role, at: stamps::within(tail), rest: "", clear: true })
}

fn bold(line: &str) -> Option<Mark<'_>> {
    let (name, rest) = line.trim_start().strip_prefix("**")?.split_once("**")?;
    let (role, at, clear) = named(name.trim().trim_end_matches(':'))?;
    let colon = name.trim_end().ends_with(':');
    let rest = rest.trim();
    let (colon, rest) = rest.strip_prefix(':').map_or((colon, rest), |after| (true, after.trim_start()));
    // "**User** stories are …" is a sentence.
    let stamp = rest.starts_with(['(', '[']);
    let shown = if stamp { "" } else { rest };
    (colon || rest.is_empty() || stamp).then(|| Mark { role, at: at.or_else(|| stamps::within(rest)), rest: shown, clear })
}

fn plain(line: &str) -> Option<Mark<'_>> {
    let line = line.get(line.bytes().position(|byte| byte.is_ascii() && byte != b' ')?..)?;
    // Most lines are told by their first letters: nobody's name begins so, or no colon follows one.
    if matches!(line.as_bytes()[0], b'*' | b'#' | b'-' | b'`' | b'"' | b'[') || !may_begin_name(line) {
        return None;
    }
    let colon = line.bytes().take(61).position(|byte| byte == b':')?;
    let (name, rest) = (line.get(..colon)?, line.get(colon + 1..)?.trim_end());
    let (role, at, clear) = named(name)?;
    let bare = name.split(['(', '[']).next().unwrap_or(name).trim().to_lowercase();
    let excluded = NO_PLAIN_NAMES.contains(&bare.as_str()) || rest.starts_with([':', '/']);
    (!excluded).then_some(Mark { role, at, rest: rest.trim(), clear })
}

fn aider(line: &str) -> Option<Mark<'_>> {
    if let Some(rest) = line.strip_prefix("####").filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
        return Some(Mark { role: Role::User, at: None, rest: rest.trim_start(), clear: true });
    }
    let printed = line.starts_with("> ") || line == ">" || line.starts_with("# aider chat started at");
    printed.then_some(Mark { role: Role::Other, at: None, rest: "", clear: true })
}

/// A heading that says who speaks: its level, whether a picture stands before the name, and the mark.
fn heading(line: &str) -> Option<(usize, bool, Mark<'_>)> {
    let after = line.trim_start_matches('#');
    let level = line.len() - after.len();
    if !(1..=6).contains(&level) || !after.starts_with(' ') {
        return None;
    }
    let mut inner = after.trim();
    let mut at = None;
    // "### [2026-01-02T03:04:05Z] User", "### 1. user (2026-…)"
    if let Some((stamp, rest)) = inner.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        at = stamps::within(stamp);
        inner = rest.trim_start();
    } else if let Some((_, rest)) = inner.split_once(". ").filter(|(number, _)| is_number(number)) {
        inner = rest.trim_start();
    }
    let name = inner.trim_start_matches(|letter: char| !letter.is_alphanumeric() && letter != '(');
    let decorated = inner.chars().next().is_some_and(|letter| !letter.is_ascii());
    let (role, time, clear) = named(name)?;
    let clear = clear || decorated || at.is_some() || time.is_some();
    Some((level, decorated, Mark { role, at: at.or(time), rest: "", clear }))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn role_of(name: &str) -> Option<Role> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, role)| *role)
}

/// Whether a text may begin with one of the names: told by its first two letters, or by what a name is decorated with.
fn may_begin_name(text: &str) -> bool {
    let mut bytes = text.bytes().map(|byte| byte.to_ascii_lowercase());
    let (first, second) = (bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default());
    if !first.is_ascii_alphabetic() || !second.is_ascii_alphabetic() {
        // Behind one letter a name may be over ("H:"); other letters than ASCII may be written small as ASCII.
        return !matches!(
            first,
            b'0'..=b'9' | b'/' | b'{' | b'}' | b'<' | b'>' | b'(' | b')' | b'=' | b'+' | b'$' | b'|' | b';' | b'.' | b','
        );
    }
    PAIRS[usize::from(first - b'a')] >> (second - b'a') & 1 == 1
}

/// For each first letter of a name, a bit for each second one.
const PAIRS: [u32; 26] = {
    let mut pairs = [0; 26];
    let mut names = NAMES;
    while let [(name, _), others @ ..] = names {
        if let [first @ b'a'..=b'z', second @ b'a'..=b'z', ..] = name.as_bytes() {
            pairs[(*first - b'a') as usize] |= 1 << (*second - b'a');
        }
        names = others;
    }
    pairs
};

/// The role of a name with what may follow it: "Claude's response (CORRECT)", "Assistant (Build · model · 3.2s)".
fn named(text: &str) -> Option<(Role, Option<Moment>, bool)> {
    let text = text.trim().trim_matches(['*', '_']).trim();
    if !may_begin_name(text) {
        return None;
    }
    let end = text.find(['(', '[', ':', '·', '•', '—', '–', '|']).unwrap_or(text.len());
    let (head, tail) = text.split_at(end);
    if head.len() > 40 {
        return None;
    }
    let mut name = head.trim().trim_end_matches(['*', '_', '-']).trim().to_lowercase();
    if let Some(role) = role_of(&name) {
        return Some((role, stamps::within(tail), !NO_CLEAR_NAMES.contains(&name.as_str())));
    }
    // A number of the turn, then a word such as "response".
    name.truncate(name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '#').trim_end().len());
    for _ in 0..2 {
        let shorter = TAILS.iter().find_map(|tail| name.strip_suffix(tail)).map(|rest| rest.trim_end().to_owned());
        if let Some(shorter) = shorter.filter(|rest| !rest.is_empty()) {
            name = shorter;
        }
        if let Some(role) = role_of(&name).filter(|role| matches!(role, Role::User | Role::Assistant)) {
            return Some((role, stamps::within(tail), !NO_CLEAR_NAMES.contains(&name.as_str())));
        }
    }
    None
}

/// The style that a text uses, by its lines outside of code: the one whose first mark comes first, of those that name the
/// assistant. `both`: the user has to be named as well.
pub(super) fn style<'t>(lines: impl Iterator<Item = &'t str>, both: bool) -> Option<Style> {
    Seen::in_lines(lines).style(both)
}

/// The style that a text uses in which both are named, or in which one of them is, and which of the two it is.
pub(super) fn style_of_both_or_one<'t>(lines: impl Iterator<Item = &'t str>) -> Option<(Style, bool)> {
    let seen = Seen::in_lines(lines);
    [true, false].into_iter().find_map(|both| seen.style(both).map(|style| (style, both)))
}

/// For each style, where its first marks of the user and of the assistant stand.
#[derive(Debug, Default)]
struct Seen {
    italic: [Option<usize>; 2],
    bold: [Option<usize>; 2],
    plain: [Option<usize>; 2],
    heading: [Option<usize>; 2],
    levels: [usize; 2],
    aider: bool,
}

impl Seen {
    fn in_lines<'t>(lines: impl Iterator<Item = &'t str>) -> Seen {
        let mut seen = Seen::default();
        lines.enumerate().for_each(|(order, line)| seen.look(order, line));
        seen
    }

    fn look(&mut self, order: usize, line: &str) {
        self.aider |= line.starts_with("# aider chat started at ");
        if let Some(mark) = italic(line) {
            note(&mut self.italic, mark.role, order);
        } else if let Some((level, _, mark)) = heading(line) {
            if let Some(side) = note(&mut self.heading, mark.role, order) {
                self.levels[side] = level;
            }
        } else if let Some(mark) = bold(line) {
            note(&mut self.bold, mark.role, order);
        } else if let Some(mark) = plain(line) {
            note(&mut self.plain, mark.role, order);
        }
    }

    fn style(&self, both: bool) -> Option<Style> {
        if self.aider {
            return Some(Style::Aider);
        }
        if self.italic[0].is_some() || self.italic[1].is_some() {
            return Some(Style::Italic);
        }
        let level = |side: usize| if self.heading[side].is_some() { self.levels[side] } else { self.levels[1 - side] };
        let choices = [(Style::Heading(level(0), level(1)), self.heading), (Style::Bold, self.bold), (Style::Plain, self.plain)];
        let fits = |sides: &[Option<usize>; 2]| sides[1].is_some() && (!both || sides[0].is_some());
        let found = choices.into_iter().filter(|(_, sides)| fits(sides));
        found.min_by_key(|(_, sides)| sides[0].unwrap_or(usize::MAX).min(sides[1].unwrap_or(usize::MAX))).map(|(style, _)| style)
    }
}

/// Notes a first mark; which side it was, if it is the first of that side.
fn note(sides: &mut [Option<usize>; 2], role: Role, order: usize) -> Option<usize> {
    let side = match role {
        Role::User => 0,
        Role::Assistant => 1,
        Role::Tool | Role::Other => return None,
    };
    if sides[side].is_some() {
        return None;
    }
    sides[side] = Some(order);
    Some(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(style: Style, line: &str) -> Option<Role> {
        style.mark(line).map(|mark| mark.role)
    }

    #[test]
    fn italic_marks_tell_the_role_and_the_time() {
        assert_eq!(role(Style::Italic, "_**User**_"), Some(Role::User));
        assert_eq!(role(Style::Italic, "_**Assistant**_"), Some(Role::Assistant));
        assert_eq!(role(Style::Italic, "_**Agent (model some-model, mode Agent)**_"), Some(Role::Assistant));
        assert_eq!(role(Style::Italic, "_**Agent - sidechain (some-model 2026-01-02 03:04:05Z)**_"), Some(Role::Other));
        assert_eq!(role(Style::Italic, "_****_"), None);
        assert_eq!(role(Style::Italic, "_**Important**_"), None);
        let mark = Style::Italic.mark("_**Agent (some-model 2026-01-02 03:04:05Z)**_").unwrap();
        assert_eq!(mark.at, Moment::parse("2026-01-02T03:04:05Z"));
    }

    #[test]
    fn headings_count_at_the_level_of_the_first() {
        let style = style("# Chat\n## User\nhi\n## 🤖 Claude\n### Human review\n### User".lines(), true).unwrap();
        assert_eq!(style, Style::Heading(2, 2));
        assert_eq!(role(style, "## User"), Some(Role::User));
        assert_eq!(role(style, "## Assistant (Build · some-model · 3.2s)"), Some(Role::Assistant));
        assert_eq!(role(style, "### 🔧 Tool Use"), Some(Role::Tool));
        assert_eq!(role(style, "### User"), None);
        assert_eq!(role(style, "## User Authentication"), None);
        assert_eq!(role(style, "## Response codes"), None);
    }

    #[test]
    fn stamped_and_numbered_headings_are_marks() {
        let style = style("### [2026-01-02T03:04:05.678Z] User\n### [2026-01-02T03:04:09.000Z] Assistant".lines(), true).unwrap();
        let mark = style.mark("### [2026-01-02T03:04:05.678Z] User").unwrap();
        assert_eq!((mark.role, mark.at), (Role::User, Moment::parse("2026-01-02T03:04:05.678Z")));
        assert_eq!(role(style, "### 12. assistant (2026-01-02T03:04:05Z)"), Some(Role::Assistant));
    }

    #[test]
    fn names_before_colons_are_marks_and_sentences_are_not() {
        assert_eq!(style("Human: hi\n\nAssistant: yes".lines(), true), Some(Style::Plain));
        assert_eq!(style("user:\n<user_query>\nhi\n</user_query>\n\nassistant:\nyes".lines(), true), Some(Style::Plain));
        assert_eq!(role(Style::Plain, "Claude: I'll begin"), Some(Role::Assistant));
        assert_eq!(role(Style::Plain, "👤 HUMAN:"), Some(Role::User));
        assert_eq!(role(Style::Plain, "H: do it"), Some(Role::User));
        for line in ["Note: this", "User stories: three", "Agent: general-purpose", "- User: x", "Response: 200", "http://a", "user::new()"]
        {
            assert_eq!(role(Style::Plain, line), None, "{line}");
        }
    }

    #[test]
    fn bold_names_are_marks_alone_or_before_a_colon() {
        assert_eq!(role(Style::Bold, "**User**"), Some(Role::User));
        assert_eq!(role(Style::Bold, "**Claude:** I'll begin"), Some(Role::Assistant));
        assert_eq!(role(Style::Bold, "**You**: hi"), Some(Role::User));
        assert_eq!(role(Style::Bold, "**User** stories come first"), None);
    }

    #[test]
    fn comments_of_an_example_are_headings() {
        let style = style("# User request\n\"x\"\n# Claude's response (CORRECT)\n\"y\"".lines(), true).unwrap();
        assert_eq!(role(style, "# Claude's response (CORRECT)"), Some(Role::Assistant));
        assert_eq!(role(style, "# User request"), Some(Role::User));
    }

    #[test]
    fn an_answer_alone_has_a_style_only_where_that_is_enough() {
        assert_eq!(style("Claude: \"As Agent 1, I look\"\nClaude: \"As Agent 2, I look\"".lines(), true), None);
        assert_eq!(style("Claude: \"As Agent 1, I look\"".lines(), false), Some(Style::Plain));
    }
}
