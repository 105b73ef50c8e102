//! What a gate leaves on the page: a head line, and its output as far as it is kept.

use super::output::{self, Show};
use super::wording::bytes;
use crate::model::gate::{Captured, GateStatus};
use crate::report::v1::GateOutput;

/// What is kept of an output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<'k> {
    head: &'k [u8],
    tail: &'k [u8],
    omitted: u64,
    file: Option<&'k str>,
    file_error: Option<&'k str>,
}

impl<'k> From<&'k Captured> for Kept<'k> {
    fn from(captured: &'k Captured) -> Kept<'k> {
        let Captured { head, tail, omitted, file, file_error } = captured;
        Kept { head, tail, omitted: *omitted, file: file.as_deref(), file_error: file_error.as_deref() }
    }
}

impl<'k> From<&'k GateOutput> for Kept<'k> {
    fn from(output: &'k GateOutput) -> Kept<'k> {
        let GateOutput { head, tail, omitted, file, file_error, .. } = output;
        let (head, tail) = (head.as_bytes(), tail.as_bytes());
        Kept { head, tail, omitted: *omitted, file: file.as_deref(), file_error: file_error.as_deref() }
    }
}

impl Kept<'_> {
    /// All that is kept, as lines, without blank ones around; in between, how much is left out and where all of it is.
    pub(crate) fn lines(&self, show: Show) -> Vec<String> {
        let mut shown = if self.omitted == 0 {
            output::lines(&[self.head, self.tail].concat(), show)
        } else {
            // Both ends are cut somewhere: what is left of the lines there counts as left out.
            let head = self.head.iter().rposition(|byte| *byte == b'\n').map_or(self.head, |end| &self.head[..=end]);
            let near = &self.tail[..self.tail.len().min(output::LONGEST)];
            let tail = near.iter().position(|byte| *byte == b'\n').map_or(self.tail, |end| &self.tail[end + 1..]);
            let cut = self.omitted + (self.head.len() - head.len() + self.tail.len() - tail.len()) as u64;
            let mut lines = output::lines(head, show);
            lines.push(self.gap(cut, show));
            lines.extend(output::lines(tail, show));
            lines
        };
        let is_blank = |line: &String| line.is_empty();
        shown.truncate(shown.iter().rposition(|line| !is_blank(line)).map_or(0, |last| last + 1));
        let first = shown.iter().position(|line| !is_blank(line)).unwrap_or(0);
        shown.drain(..first);
        shown
    }

    fn gap(&self, cut: u64, show: Show) -> String {
        let ellipsis = if show.unicode { "…" } else { "..." };
        let place = match (self.file, self.file_error) {
            (Some(file), _) => format!(", all of it in {}", show.clean(file)),
            (None, Some(error)) => format!(" (there is no file with all of it: {})", show.clean(error)),
            (None, None) => String::new(),
        };
        format!("{ellipsis} {} left out{place} {ellipsis}", bytes(cut))
    }
}

/// `text` in the colour of a status, where there are colours.
pub(super) fn painted(text: &str, status: GateStatus, colour: bool) -> String {
    use owo_colors::{OwoColorize, Style};
    let style = match status {
        GateStatus::Passed => Style::new().green(),
        GateStatus::Failed | GateStatus::Timeout | GateStatus::Unavailable => Style::new().red().bold(),
        GateStatus::Leaked => Style::new().yellow().bold(),
        GateStatus::Skipped | GateStatus::Cancelled | GateStatus::Planned => Style::new().dimmed(),
    };
    if colour { text.style(style).to_string() } else { text.to_owned() }
}
