//! What a console prints beneath an agent: how it ended, with what counts.

/// Seconds, as a console prints them.
pub(super) type Seconds = f64;

/// How an agent stands, by what is printed beneath it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    /// Nothing that tells.
    #[default]
    Unsaid,
    /// It came back.
    Done,
    /// It came back with an error, or never began.
    Failed,
    /// It never began: there is no such agent, or the call was malformed.
    NeverRan,
    /// The user refused it.
    Rejected,
    /// The user interrupted it.
    Interrupted,
    /// It was at work when the console was copied.
    AtWork,
    /// It was sent to the background.
    Background,
}

/// What is printed beneath an agent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Outcome {
    /// How it stands.
    pub(super) state: State,
    /// How many tools it used: `9 tool uses`.
    pub(super) tool_uses: Option<u32>,
    /// How long it ran: `1m 16.7s`.
    pub(super) ran: Option<Seconds>,
    /// What is printed is printed beneath agents alone.
    pub(super) of_an_agent: bool,
}

impl Outcome {
    /// Reads what is printed beneath an agent. A later line knows more than an earlier one.
    pub(super) fn read<'t>(lines: impl Iterator<Item = &'t str>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut open: Option<String> = None;
        for line in lines {
            // A `Done (…` that the terminal wrapped.
            if let Some(mut begun) = open.take().filter(|begun| begun.len() < 200) {
                begun.push(' ');
                begun.push_str(line.trim());
                outcome.done(&begun);
                open = (!begun.contains(')')).then_some(begun);
                continue;
            }
            let line = line.trim();
            if line.starts_with("Done (") && !line.contains(')') {
                open = Some(line.to_owned());
            }
            outcome.line(line);
        }
        outcome
    }

    fn line(&mut self, line: &str) {
        let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
        let state = if line == "Done" || line.starts_with("Done (") {
            self.done(line);
            State::Done
        } else if begins(&["Backgrounded agent", "Running in the background", "Running in background", "Launched", "Remote agent launched"])
        {
            self.of_an_agent |= line.starts_with("Backgrounded agent");
            State::Background
        } else if begins(&["Initializing…", "Initializing...", "In progress…", "In progress..."]) {
            self.of_an_agent = true;
            self.tool_uses = self.tool_uses.or(tool_uses(line));
            State::AtWork
        } else if line.starts_with('+') && line.contains(" more tool use") {
            self.of_an_agent = true;
            State::AtWork
        } else if begins(&["Running…", "Waiting…"]) {
            State::AtWork
        } else if is_rejection(line) {
            State::Rejected
        } else if is_interruption(line) {
            State::Interrupted
        } else if line.starts_with("Error: Agent type") || line == "Invalid tool parameters" {
            self.of_an_agent |= line.starts_with("Error: Agent type");
            State::NeverRan
        } else if begins(&["Error:", "Error ", "API Error"]) {
            State::Failed
        } else {
            return;
        };
        // An agent that failed on the way still came back; what stopped it for good comes last.
        if !matches!((self.state, state), (State::Done | State::Background, State::AtWork)) {
            self.state = state;
        }
    }

    fn done(&mut self, line: &str) {
        let Some(inner) = line.strip_prefix("Done (") else { return };
        let inner = inner.split(')').next().unwrap_or_default();
        self.of_an_agent |= inner.contains("tool use");
        self.tool_uses = tool_uses(inner).or(self.tool_uses);
        self.ran = inner.rsplit(['·', '•']).find_map(duration).or(self.ran);
    }
}

/// Whether a line beneath something says that the user refused it.
pub(super) fn is_rejection(line: &str) -> bool {
    ["User rejected", "Tool use rejected", "No (tell Claude", "The user doesn't want to"].iter().any(|words| line.starts_with(words))
}

/// Whether a line beneath something says that the user interrupted it: `Interrupted by user` until 2.0,
/// `Interrupted · What should Claude do instead?` since.
pub(super) fn is_interruption(line: &str) -> bool {
    line == "Interrupted"
        || ["Interrupted by user", "Interrupted ·", "[Request interrupted by user", "Error: [Request interrupted by user"]
            .iter()
            .any(|words| line.starts_with(words))
}

/// The number before `tool use` or `tool uses`.
pub(super) fn tool_uses(text: &str) -> Option<u32> {
    let before = text.get(..text.find(" tool use")?)?;
    let digits = before.rsplit(|letter: char| !letter.is_ascii_digit() && letter != ',').next()?;
    digits.replace(',', "").parse().ok()
}

/// A duration as a console prints it: `43s`, `1m 16.7s`, `1h 2m 10s`, `850ms`.
pub(super) fn duration(text: &str) -> Option<Seconds> {
    let mut total = 0.0;
    let mut any = false;
    for part in text.split_whitespace() {
        let digits = part.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let number = digits.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0)?;
        total += number
            * match part.get(digits.len()..)? {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                "d" => 86400.0,
                _ => return None,
            };
        any = true;
    }
    // Nothing that a console shows ran for a year.
    (any && total < 3.2e7).then_some(total)
}
