//! Marks in brackets: `[Task tool 1: Feature A]`, `[Uses Task tool for Feature A]`, `[Tool call] Task`.

/// What a line in brackets stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bracket<'t> {
    /// An agent is asked for.
    Agent {
        /// Its number among those that are asked for together.
        number: Option<u32>,
        /// What for.
        description: Option<&'t str>,
    },
    /// An agent came back.
    Returned,
    /// `[Tool call] Name`: its arguments follow on lines of their own (transcripts that Cursor keeps of its agents).
    Call(&'t str),
    /// `[Tool result] Name`
    Result(&'t str),
    /// `[Thinking] …`
    Thinking,
}

/// Words that tell of an end and not of a beginning.
const ENDS: &[&str] = &[
    "result",
    "results",
    "output",
    "outputs",
    "complete",
    "completed",
    "completes",
    "done",
    "finished",
    "finishes",
    "returned",
    "returns",
    "reported",
    "reports",
    "succeeded",
    "failed",
];

/// Words before "Task tool".
const LAUNCHES: &[&str] = &[
    "uses",
    "use",
    "using",
    "calls",
    "calling",
    "invokes",
    "invoking",
    "launches",
    "launching",
    "runs",
    "spawns",
    "spawning",
    "dispatches",
    "starts",
];

/// Reads a line that stands in brackets; `None` where it is something else, such as a link.
pub(super) fn read(line: &str) -> Option<Bracket<'_>> {
    let line = line.trim();
    let inner = line.strip_prefix('[')?;
    let (inner, rest) = inner.split_once(']')?;
    let rest = rest.trim();
    let inner = inner.trim();
    if inner.len() > 400 {
        return None;
    }
    match inner.to_ascii_lowercase().as_str() {
        "tool call" | "tool use" => return name(rest).map(Bracket::Call),
        "tool result" => return Some(Bracket::Result(name(rest).unwrap_or_default())),
        "thinking" => return Some(Bracket::Thinking),
        _ => {}
    }
    // "[Task 1: notes](notes.md)" is a link, and "[Task 1: x] is done" a sentence.
    if !rest.chars().all(|letter| !letter.is_alphanumeric() && !matches!(letter, '(' | '[' | ':')) {
        return None;
    }
    let mut words = Words(inner);
    let first = words.next()?.to_ascii_lowercase();
    let launched = LAUNCHES.contains(&first.as_str());
    let mut head = if launched { words.next()?.to_ascii_lowercase() } else { first };
    if launched && matches!(head.as_str(), "the" | "a" | "another") {
        head = words.next()?.to_ascii_lowercase();
    }
    if !matches!(head.as_str(), "task" | "agent" | "subagent") {
        return None;
    }
    let mut tool = false;
    if words.peek().is_some_and(|word| matches!(word.to_ascii_lowercase().as_str(), "tool" | "agent" | "call")) {
        tool = true;
        let _ = words.next();
    }
    let number = words.peek().and_then(|word| word.trim_start_matches('#').parse().ok());
    if number.is_some() {
        let _ = words.next();
    }
    describe(words.0.trim(), number, tool, launched)
}

fn describe(rest: &str, number: Option<u32>, tool: bool, launched: bool) -> Option<Bracket<'_>> {
    let after = rest.strip_prefix([':', '-', '–', '—']).map(str::trim);
    let description = after.or_else(|| ["for ", "to ", "on ", "with "].iter().find_map(|word| rest.strip_prefix(word)).map(str::trim));
    let told = description.unwrap_or(rest);
    let first = Words(told).next().unwrap_or_default().to_ascii_lowercase();
    // "[Task 1 completed]", "[Task 1: done]"; but "[Task 1: reports page]" is asked for.
    let ends = ENDS.contains(&first.as_str()) && (description.is_none() || Words(told).count() == 1);
    if ends {
        return Some(Bracket::Returned);
    }
    let plausible = number.is_some() || tool || launched || after.is_some();
    let clear = rest.is_empty() || description.is_some();
    (plausible && clear).then(|| Bracket::Agent { number, description: description.filter(|text| !text.is_empty()) })
}

/// The name behind `[Tool call]`, alone on its line.
fn name(rest: &str) -> Option<&str> {
    let whole = !rest.is_empty() && rest.len() <= 80 && rest.chars().all(|letter| letter.is_alphanumeric() || "_-.:/".contains(letter));
    whole.then_some(rest)
}

/// Words at the beginning of a text, without the marks behind them.
struct Words<'t>(&'t str);

impl<'t> Words<'t> {
    fn peek(&self) -> Option<&'t str> {
        Words(self.0).next()
    }
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.0.trim_start();
        let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '#' && letter != '_').unwrap_or(text.len());
        if end == 0 {
            return None;
        }
        let (word, rest) = text.split_at(end);
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agent(number: Option<u32>, description: &str) -> Option<Bracket<'_>> {
        Some(Bracket::Agent { number, description: (!description.is_empty()).then_some(description) })
    }

    #[test]
    fn agents_are_asked_for_in_many_words() {
        assert_eq!(read("[Task tool 1: Feature A implementation]"), agent(Some(1), "Feature A implementation"));
        assert_eq!(read("[Task 3: Reporting]  "), agent(Some(3), "Reporting"));
        assert_eq!(read("[Task Tool 2: Trading Feature]"), agent(Some(2), "Trading Feature"));
        assert_eq!(read("[Task Tool 1]"), agent(Some(1), ""));
        assert_eq!(read("[Uses Task tool for Feature A]"), agent(None, "Feature A"));
        assert_eq!(read("[Launching the Task tool: docs]"), agent(None, "docs"));
        assert_eq!(read("[Task: docs]"), agent(None, "docs"));
        assert_eq!(read("[Agent #2 - reports page] ✓"), agent(Some(2), "reports page"));
    }

    #[test]
    fn an_end_is_no_beginning() {
        for line in ["[Task 1 completed]", "[Task 1: done]", "[Task tool result]", "[Task 2 result: all good]", "[Agent 1 returned]"] {
            assert_eq!(read(line), Some(Bracket::Returned), "{line}");
        }
    }

    #[test]
    fn tools_are_called_with_their_name() {
        assert_eq!(read("[Tool call] Task"), Some(Bracket::Call("Task")));
        assert_eq!(read("[Tool result] Read"), Some(Bracket::Result("Read")));
        assert_eq!(read("[Tool call] Task(subagent_type=\"x\")"), None);
        assert_eq!(read("[Thinking] Let me see"), Some(Bracket::Thinking));
    }

    #[test]
    fn links_lists_and_sentences_are_no_marks() {
        for line in [
            "[Task 1: notes](notes.md)",
            "[Task 1: notes][1]",
            "[x] Task 1",
            "- [Task 1: write]",
            "[Task 1: a] is done by the first agent",
            "[Tasks]",
            "[Task management]",
            "[1]",
            "Task 1: a",
            "[Feature A]",
            "[Task 1]: https://example.org",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read(line in "\\[?[A-Za-z0-9:\\[\\]() #é-]{0,40}\\]?.{0,5}") {
            let _ = read(&line);
        }
    }
}
