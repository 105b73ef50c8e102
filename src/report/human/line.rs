//! Lines of the report, and the one place that writes them.

use super::Style;
use crate::report::text;
use std::borrow::Cow;
use std::io::{Result, Write};

/// What a piece of a line is, which decides its colour. Words and signs say the same without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Strong,
    Faint,
    Error,
    Warning,
    Note,
    Gutter,
    Bar,
    Claim,
    Trouble,
    Good,
}

impl Role {
    fn paint(self) -> owo_colors::Style {
        let style = owo_colors::Style::new();
        match self {
            Role::Plain => style,
            Role::Strong => style.bold(),
            Role::Faint => style.dimmed(),
            Role::Error => style.red().bold(),
            Role::Warning => style.yellow().bold(),
            Role::Note => style.cyan().bold(),
            Role::Gutter => style.blue().bold(),
            Role::Bar => style.cyan(),
            Role::Claim => style.magenta().bold(),
            Role::Trouble => style.red(),
            Role::Good => style.green(),
        }
    }
}

/// One line, in pieces of one role each.
#[derive(Debug, Clone, Default)]
pub(super) struct Line(Vec<(Role, String)>);

impl Line {
    /// An empty line.
    pub(super) fn new() -> Line {
        Line::default()
    }

    /// A line within a finding's block: it stands behind the bar on the left.
    pub(super) fn barred() -> Line {
        Line::new().add(Role::Gutter, "   | ")
    }

    /// The line with one more piece at its end.
    pub(super) fn add(mut self, role: Role, piece: impl Into<String>) -> Line {
        self.0.push((role, piece.into()));
        self
    }
}

/// Where lines go. Whatever a reporter puts on it keeps to the width, and holds nothing that acts on a terminal or a runner.
pub(super) struct Page<'a> {
    pub(super) style: &'a Style,
    pub(super) width: usize,
    out: &'a mut dyn Write,
    begun: bool,
    pending: bool,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(style: &'a Style, out: &'a mut dyn Write) -> Page<'a> {
        Page { style, width: style.width.max(super::NARROWEST), out, begun: false, pending: false }
    }

    /// Text of unknown origin, harmless and in letters that the terminal has.
    pub(super) fn clean<'t>(&self, raw: &'t str) -> Cow<'t, str> {
        if self.style.unicode { text::visible(raw) } else { text::ascii(raw) }
    }

    /// One of two signs: the second one where there is no Unicode.
    pub(super) fn sign(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.style.unicode { unicode } else { ascii }
    }

    /// Leaves one blank line before the next one that is written, unless that is the first.
    pub(super) fn space(&mut self) {
        self.pending = self.begun;
    }

    /// Writes one line.
    pub(super) fn put(&mut self, line: Line) -> Result<()> {
        if std::mem::take(&mut self.pending) {
            writeln!(self.out)?;
        }
        self.begun = true;
        let Line(pieces) = self.harmless(line);
        let last = pieces.iter().rposition(|(_, piece)| !piece.trim_end().is_empty());
        for (index, (role, piece)) in pieces.iter().enumerate().take(last.map_or(0, |last| last + 1)) {
            let piece = if Some(index) == last { piece.trim_end() } else { piece };
            if self.style.colour && *role != Role::Plain && !piece.trim().is_empty() {
                write!(self.out, "{}", owo_colors::OwoColorize::style(&piece, role.paint()))?;
            } else {
                write!(self.out, "{piece}")?;
            }
        }
        writeln!(self.out)
    }

    /// Writes a line of a gate's output, which is harmless already and may be wider than the page: nobody finds an error by
    /// half a line of it.
    pub(super) fn put_output(&mut self, indent: usize, line: &str) -> Result<()> {
        if std::mem::take(&mut self.pending) {
            writeln!(self.out)?;
        }
        self.begun = true;
        if line.is_empty() { writeln!(self.out) } else { writeln!(self.out, "{:indent$}{line}", "") }
    }

    /// Writes `body` behind `head`, continued below the beginning of `body` where it is long; at most `lines` lines.
    pub(super) fn put_folded(&mut self, head: Line, role: Role, body: &str, lines: usize) -> Result<()> {
        let indent = head.0.iter().map(|(_, piece)| text::columns(piece)).sum::<usize>();
        self.put_hanging(head, role, body, indent, lines)
    }

    /// As `put_folded`, continued after `indent` spaces.
    pub(super) fn put_hanging(&mut self, head: Line, role: Role, body: &str, indent: usize, lines: usize) -> Result<()> {
        let taken: usize = head.0.iter().map(|(_, piece)| text::columns(piece)).sum();
        let room = |taken: usize| self.width.saturating_sub(taken).max(1);
        let folded = text::fold(&self.clean(body), room(taken), room(indent), lines, self.style.unicode);
        let mut head = Some(head);
        for piece in folded {
            let line = head.take().unwrap_or_else(|| Line::new().add(Role::Plain, " ".repeat(indent)));
            self.put(line.add(role, piece))?;
        }
        Ok(())
    }

    /// The line cut to the page, in harmless letters, and no command for a runner.
    fn harmless(&self, line: Line) -> Line {
        let mut pieces: Vec<(Role, String)> = line.0.into_iter().map(|(role, piece)| (role, self.clean(&piece).into_owned())).collect();
        let mut whole: String = pieces.iter().map(|(_, piece)| piece.as_str()).collect();
        // A runner finds `##[` anywhere and `::` behind blanks; two pieces can form either where they meet.
        if text::command_at(&whole).is_some() || whole.contains("##[") {
            whole = text::powerless(&self.clean(&whole)).into_owned();
            pieces = vec![(Role::Plain, whole.clone())];
        }
        if text::columns(&whole) <= self.width {
            return Line(pieces);
        }
        let mut room = self.width;
        for (_, piece) in &mut pieces {
            let fitted = text::fit(piece, room, self.style.unicode).into_owned();
            // The columns of a whole line are at most those of its pieces, so that no line comes out too wide.
            room -= text::columns(&fitted);
            *piece = fitted;
        }
        Line(pieces)
    }
}
