//! Lines of a console to blocks: whose each line is.

use super::block::{Block, Call, Group, Prose, Row};
use super::header::{self, Header};
use super::mark::{Look, Mark, ends_turn, is_choice, look, unindented, waiting};
use super::outcome::{is_interruption, is_rejection};

/// The most text that is kept of what stands beneath one call, in bytes.
const MOST_OUTPUT: usize = 256 * 1024;

/// Whose the lines are that follow.
#[derive(Debug, Default)]
enum Role {
    /// Nobody's: before the first mark, between pastes, the program's own drawing, what nothing tells.
    #[default]
    Nobody,
    /// A frame that the program draws.
    Frame,
    /// The user's.
    User,
    /// The assistant's words.
    Prose(Prose),
    /// A call; the flag says that its input is not closed yet.
    Call(Call, bool),
    /// A group of agents.
    Group(Group),
}

/// Reads a console line by line and hands out blocks as soon as they end.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    role: Role,
    /// The column in which marks stand.
    base: Option<usize>,
    /// The line before was blank.
    after_blank: bool,
    /// The line before was a rule: a prompt behind it is still being typed.
    after_rule: bool,
    /// The fence that holds the paste: its letter and how many.
    fence: Option<(char, usize)>,
    /// What is kept of the present block, in bytes.
    kept: usize,
}

impl Scanner {
    /// Takes a line that was made plain.
    pub(super) fn line(&mut self, number: u64, line: &str, emit: &mut impl FnMut(Block)) {
        if line.is_empty() {
            self.after_blank = true;
            if let Role::Prose(prose) = &mut self.role {
                prose.lines.push(String::new());
            }
            return;
        }
        // A copy that lost its line ends: the result stands behind its call.
        let seen = look(line);
        let behind = || line.find(" ⎿ ").filter(|at| line[..*at].contains('('));
        if let Some(at) = if seen.mark == Mark::Bullet { behind() } else { None } {
            let (head, result) = line.split_at(at);
            let (head, result) = (head.trim_end(), format!("  {}", result.trim_start()));
            self.marked(number, head, look(head), emit);
            self.marked(number, &result, look(&result), emit);
        } else {
            self.marked(number, line, seen, emit);
        }
        self.after_blank = false;
    }

    /// The console is over.
    pub(super) fn finish(&mut self, emit: &mut impl FnMut(Block)) {
        self.flush(emit);
    }

    fn marked(&mut self, number: u64, line: &str, look: Look<'_>, emit: &mut impl FnMut(Block)) {
        let after_rule = std::mem::replace(&mut self.after_rule, look.mark == Mark::Rule);
        if look.mark == Mark::Fence && self.fenced(number, line, look, emit) {
            return;
        }
        if matches!(self.role, Role::Frame) && !matches!(look.mark, Mark::Bullet | Mark::Prompt | Mark::BoxTop) {
            if look.mark == Mark::BoxBottom {
                self.role = Role::Nobody;
            }
            return;
        }
        match look.mark {
            Mark::Bullet if self.at_base(look.indent) => self.bullet(number, look, emit),
            Mark::Prompt if self.at_base(look.indent) => self.prompt(number, look, after_rule, emit),
            Mark::Result => self.result(number, look, emit),
            Mark::Spinner if self.no_deeper(look.indent) => self.spinner(number, look, emit),
            Mark::Thinking | Mark::Rule | Mark::Chrome if self.no_deeper(look.indent) => {
                if let Some(count) = waiting(look.rest) {
                    emit(Block::Waiting { line: number, count });
                }
                self.turn_to(Role::Nobody, emit);
            }
            Mark::BoxTop if self.no_deeper(look.indent) => self.turn_to(Role::Frame, emit),
            _ => self.more(number, line, look, emit),
        }
    }

    /// Whether a mark stands where this console has its marks. The first one tells, and one further to the left; what
    /// stands deeper is shown by a tool or was pasted by the user.
    fn at_base(&mut self, indent: usize) -> bool {
        let base = self.base.unwrap_or(indent);
        self.base = Some(base.min(indent));
        indent <= base + 1
    }

    fn no_deeper(&self, indent: usize) -> bool {
        indent <= self.base.unwrap_or(indent) + 1
    }

    fn flush(&mut self, emit: &mut impl FnMut(Block)) {
        self.kept = 0;
        match std::mem::take(&mut self.role) {
            Role::Prose(mut prose) => {
                while prose.lines.last().is_some_and(String::is_empty) {
                    prose.lines.pop();
                }
                emit(Block::Prose(prose));
            }
            Role::Call(call, _) => emit(Block::Call(call)),
            // "3 agents finished" without a row or a hint is what the assistant says.
            Role::Group(Group { line, words: Some(words), rows, .. }) if rows.is_empty() => {
                emit(Block::Prose(Prose { line, lines: vec![words] }));
            }
            Role::Group(group) => emit(Block::Group(group)),
            Role::Nobody | Role::Frame | Role::User => {}
        }
    }

    fn turn_to(&mut self, role: Role, emit: &mut impl FnMut(Block)) {
        self.flush(emit);
        self.role = role;
    }

    /// A fence of the document around the paste. Within a console it is text like any other.
    fn fenced(&mut self, number: u64, line: &str, look: Look<'_>, emit: &mut impl FnMut(Block)) -> bool {
        let letter = if look.rest.starts_with('`') { '`' } else { '~' };
        let length = look.rest.chars().take_while(|other| *other == letter).count();
        let bare = look.rest.len() == length;
        match self.fence {
            Some((opened, least)) if bare && opened == letter && length >= least && look.indent <= 3 => {
                self.turn_to(Role::Nobody, emit);
                self.fence = None;
                self.base = None;
                emit(Block::PasteEnd { line: number });
                true
            }
            None if matches!(self.role, Role::Nobody) => {
                self.fence = Some((letter, length));
                self.base = None;
                true
            }
            _ => {
                self.more(number, line, look, emit);
                true
            }
        }
    }

    fn bullet(&mut self, number: u64, look: Look<'_>, emit: &mut impl FnMut(Block)) {
        self.flush(emit);
        if let Some(what) = header::other_means(look.rest) {
            emit(Block::OtherMeans { line: number, what });
        }
        self.role = match header::read(look.rest, number) {
            Header::Group(header) => {
                let words = (!header.hint).then(|| look.rest.to_owned());
                Role::Group(Group { line: number, count: header.count, phase: header.phase, words, kind: header.kind, rows: Vec::new() })
            }
            Header::Call(name, input) => {
                let open = !look.rest.trim_end().ends_with(')') && look.rest.matches('(').count() > look.rest.matches(')').count();
                Role::Call(Call { line: number, last_line: number, name, input, wrapped: open, ..Call::default() }, open)
            }
            Header::Ended(ended) => {
                emit(Block::Ended(ended));
                Role::Nobody
            }
            Header::Tally => {
                emit(tally(number, look.rest));
                Role::Nobody
            }
            Header::Notice => Role::Nobody,
            Header::Words if look.rest.is_empty() => Role::Nobody,
            Header::Words => Role::Prose(Prose { line: number, lines: vec![look.rest.to_owned()] }),
        };
    }

    /// `> text`. Not a prompt: an empty one, one that is being typed, a choice in a dialog, the example that an empty one shows.
    fn prompt(&mut self, number: u64, look: Look<'_>, after_rule: bool, emit: &mut impl FnMut(Block)) {
        let text = look.rest;
        let shown = text.is_empty() || after_rule || is_choice(text) || text.starts_with("Try \"");
        self.turn_to(if shown { Role::Nobody } else { Role::User }, emit);
        if !shown && !is_own_command(text) {
            emit(Block::Prompt { line: number });
        }
    }

    fn spinner(&mut self, number: u64, look: Look<'_>, emit: &mut impl FnMut(Block)) {
        self.turn_to(Role::Nobody, emit);
        if let Some(count) = waiting(look.rest) {
            emit(Block::Waiting { line: number, count });
        } else if ends_turn(look.rest) {
            emit(Block::TurnEnd { line: number });
        }
    }

    fn result(&mut self, number: u64, look: Look<'_>, emit: &mut impl FnMut(Block)) {
        // `⎿  ⎿  Found 1 file`
        let text = look.rest.trim_start_matches(['⎿', ' ']);
        match &mut self.role {
            Role::Call(call, open) => {
                *open = false;
                call.last_line = number;
                call.results.push(call.output.len());
                keep(&mut self.kept, &mut call.output, text);
            }
            // Beneath the whole group, not beneath its last agent.
            Role::Group(_) if look.indent < self.base.unwrap_or(0) + 4 && is_interruption(text) => {
                self.turn_to(Role::Nobody, emit);
                emit(Block::Interrupted { line: number });
            }
            Role::Group(group) => {
                if let Some(row) = group.rows.last_mut() {
                    keep(&mut self.kept, &mut row.output, text);
                }
            }
            Role::Prose(prose) => {
                // What the console shows as words may be a tool, told by what it is for, as shell commands are.
                let tool = prose.lines.len() == 1 && prose.lines[0].ends_with('…') && !self.after_blank;
                if tool {
                    self.role = Role::Nobody;
                    emit(Block::Tally { line: number, shell: true });
                } else {
                    self.stopped(number, text, emit);
                }
            }
            Role::User | Role::Nobody => self.stopped(number, text, emit),
            Role::Frame => {}
        }
    }

    /// A result that belongs to no call: the user stopped the assistant, or the program says something.
    fn stopped(&mut self, number: u64, text: &str, emit: &mut impl FnMut(Block)) {
        if is_interruption(text) || is_rejection(text) {
            self.turn_to(Role::Nobody, emit);
            emit(Block::Interrupted { line: number });
        } else if matches!(self.role, Role::Prose(_)) {
            self.turn_to(Role::Nobody, emit);
        }
    }

    /// A line without a mark of its own: it goes on with what is there.
    fn more(&mut self, number: u64, line: &str, look: Look<'_>, emit: &mut impl FnMut(Block)) {
        let base = self.base.unwrap_or(0);
        let fresh = self.after_blank;
        if fresh && !matches!(self.role, Role::User | Role::Frame) && look.indent <= base + 3 && header::is_tally(look.rest) {
            self.turn_to(Role::Nobody, emit);
            emit(tally(number, look.rest));
            return;
        }
        // Copies may lose the mark in front of a result.
        if !fresh && matches!(&self.role, Role::Call(call, false) if call.results.is_empty()) && is_backgrounded(look.rest) {
            return self.result(number, look, emit);
        }
        let leaves = fresh && look.indent < base + 3;
        match &mut self.role {
            // A heading with its marks is the document's, not the console's.
            Role::Prose(_) if look.indent == 0 && base == 0 && fresh && look.rest.starts_with('#') => self.turn_to(Role::Nobody, emit),
            Role::Prose(prose) if self.kept < MOST_OUTPUT => {
                self.kept += line.len();
                prose.lines.push(own_line(line, look, base).to_owned());
            }
            Role::Call(call, true) if !leaves || !call.input.contains(')') => {
                call.last_line = number;
                // An input of many lines keeps them; where the terminal wrapped it nobody can tell.
                if call.input.len() < MOST_OUTPUT {
                    call.input.push('\n');
                    call.input.push_str(look.rest);
                }
            }
            Role::Call(..) | Role::Group(_) if leaves && !matches!(look.mark, Mark::Branch | Mark::Bar) => self.turn_to(Role::Nobody, emit),
            Role::Call(call, _) => {
                call.last_line = number;
                if !call.results.is_empty() {
                    keep(&mut self.kept, &mut call.output, look.rest);
                }
            }
            // A sentence after all: a row would stand here.
            Role::Group(Group { line: first, words: Some(words), rows, .. }) if rows.is_empty() && look.mark == Mark::None => {
                let lines = vec![std::mem::take(words), own_line(line, look, base).to_owned()];
                self.role = Role::Prose(Prose { line: *first, lines });
            }
            Role::Group(group) => row(&mut self.kept, group, number, look),
            _ => {}
        }
    }
}

/// What the program writes beneath an agent that was sent to the background.
fn is_backgrounded(text: &str) -> bool {
    text.starts_with("Backgrounded agent")
}

/// Keeps a line of what stands beneath something, within bounds.
fn keep(kept: &mut usize, output: &mut Vec<String>, text: &str) {
    if *kept < MOST_OUTPUT {
        *kept += text.len() + 24;
        output.push(text.to_owned());
    }
}

/// What a line of counted tools tells.
fn tally(line: u64, text: &str) -> Block {
    Block::Tally { line, shell: text.contains("shell command") || text.contains("Ran ") || text.contains("ran ") }
}

/// `├─ Look at the cart · 9 tool uses`, `│  ⎿  Done`, or the rest of a line that the terminal wrapped.
fn row(kept: &mut usize, group: &mut Group, number: u64, look: Look<'_>) {
    let text = look.rest.trim_start_matches(['─', '│', ' ']);
    if text.is_empty() || *kept >= MOST_OUTPUT {
        return;
    }
    if let Some(output) = text.strip_prefix('⎿') {
        if let Some(row) = group.rows.last_mut() {
            keep(kept, &mut row.output, output.trim_start());
        }
        return;
    }
    *kept += text.len() + 64;
    // A row whose branch was overwritten or lost in the copy is known by its counts.
    let complete = group.rows.last().is_none_or(|row| !row.output.is_empty() || row.text.contains(" tool use"));
    let lost = look.mark == Mark::None && complete && text.contains(" tool use") && group.rows.len() < group.count as usize;
    if look.mark == Mark::Branch || lost {
        group.rows.push(Row { line: number, text: text.to_owned(), output: Vec::new() });
    } else if let Some(row) = group.rows.last_mut() {
        let wrapped = row.output.last_mut().unwrap_or(&mut row.text);
        wrapped.push(' ');
        wrapped.push_str(text);
    }
}

/// A line of the assistant's words without the indentation of the console. Frames, tables and quotes hold nothing that it says.
fn own_line<'t>(line: &'t str, look: Look<'_>, base: usize) -> &'t str {
    let text = unindented(line);
    if text.starts_with(['│', '├', '└', '┌', '┐', '┘', '┤', '┬', '┴', '┼', '╭', '╰', '▎', '▏', '▌', '┃', '║', '╔', '╚', '╠', '═'])
    {
        return "";
    }
    let margin = look.indent.min(base + 2);
    line.get(margin..).unwrap_or(text)
}

/// Commands of the program itself, after which the same turn goes on.
fn is_own_command(text: &str) -> bool {
    const OWN: [&str; 24] = [
        "/model",
        "/cost",
        "/status",
        "/export",
        "/help",
        "/config",
        "/context",
        "/usage",
        "/todos",
        "/hooks",
        "/permissions",
        "/statusline",
        "/mcp",
        "/agents",
        "/tasks",
        "/bashes",
        "/memory",
        "/theme",
        "/vim",
        "/ide",
        "/login",
        "/doctor",
        "/effort",
        "/fast",
    ];
    let command = text.split_whitespace().next().unwrap_or_default();
    OWN.contains(&command)
}
