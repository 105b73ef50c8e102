//! The timeline as lines: clock, claim, one row an agent, and a legend of the signs that are not obvious.

use super::clock::{self, Clock};
use super::line::{Line, Page, Role};
use super::runs::{Note, Row, Runs};
use super::timeline::{self, Placement};
use crate::model::moment::Moment;
use crate::report::lane::{Bar, Interval, Known};
use crate::report::text;
use std::io::Result;

/// What a column of a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Empty,
    /// It ran.
    Ran,
    /// It may have run.
    Perhaps,
    /// From here on nothing is known.
    Unknown,
    /// It ended badly.
    Trouble,
    /// The clock jumps.
    Jump,
    /// The column of the claim, where nothing ran.
    Rule,
    /// The claim.
    Claim,
}

impl Cell {
    fn sign(self, page: &Page) -> (Role, &'static str) {
        match self {
            Cell::Empty => (Role::Plain, " "),
            Cell::Ran => (Role::Bar, page.sign("█", "#")),
            Cell::Perhaps => (Role::Faint, page.sign("░", ".")),
            Cell::Unknown => (Role::Trouble, "?"),
            Cell::Trouble => (Role::Trouble, page.sign("✗", "x")),
            Cell::Jump => (Role::Faint, "/"),
            Cell::Rule => (Role::Faint, page.sign("┊", "|")),
            Cell::Claim => (Role::Claim, page.sign("▼", "v")),
        }
    }
}

/// How many columns a row's label, its bars and its note take.
struct Columns {
    label: usize,
    bars: usize,
    note: usize,
}

/// Writes the timeline of `runs`; nothing where no run has a time.
pub(super) fn write(page: &mut Page, runs: &Runs, claim: Option<Moment>) -> Result<()> {
    if runs.rows.is_empty() {
        return Ok(());
    }
    let labels: Vec<String> = runs.rows.iter().map(|row| label_of(page, row)).collect();
    let notes: Vec<String> = runs.rows.iter().map(|row| note_of(page, row)).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| text::columns(text)).max().unwrap_or(0);
    let label = widest(&labels).clamp(CLAIM.len(), label_room(page.width));
    let note = widest(&notes);
    let columns = Columns { label, bars: page.width.saturating_sub(FRAME + label + note).max(1), note };

    let mut intervals: Vec<Interval> = runs.rows.iter().flat_map(|row| &row.bars).map(|bar| bar.interval).collect();
    intervals.extend(claim.map(|at| Interval { start: at, end: at }));
    let placement = timeline::place(&intervals, columns.bars);
    let claimed = claim.and(placement.cells.last()).map(|cell| cell.0);

    page.put(clock_line(page, &columns, &intervals, &placement))?;
    if let Some(column) = claimed {
        let mut cells = empty(&columns, &placement);
        cells[column] = Cell::Claim;
        page.put(row_line(page, &columns, CLAIM, Role::Claim, &cells, ""))?;
    }
    let mut placed = placement.cells.iter();
    for ((row, label), note) in runs.rows.iter().zip(&labels).zip(&notes) {
        let cells = cells(&row.bars, placed.by_ref(), claimed, &columns, &placement);
        page.put(row_line(page, &columns, label, Role::Plain, &cells, note))?;
    }
    legend(page, runs, &placement)
}

/// How many columns are left for bars where labels and notes take as much as they may.
pub(super) fn bar_columns(page: &Page) -> usize {
    page.width - FRAME - label_room(page.width) - MOST_NOTE
}

/// What stands around label, bars and note: the bar on the left, and two blanks before bars and note.
const FRAME: usize = 9;
/// `interrupted`.
const MOST_NOTE: usize = 11;
/// The label of the row that marks where the claim was made.
const CLAIM: &str = "claim";

fn label_of(page: &Page, row: &Row) -> String {
    match &row.label {
        Some(label) => page.clean(label).into_owned(),
        None => format!("{} {} more", page.sign("…", "..."), row.count),
    }
}

fn note_of(page: &Page, row: &Row) -> String {
    match &row.note {
        Note::Nothing => String::new(),
        Note::Took(milliseconds) => clock::duration(*milliseconds),
        Note::AtMost(milliseconds) => format!("{} {}", page.sign("≤", "<="), clock::duration(*milliseconds)),
        Note::Said(word) => (*word).to_owned(),
        Note::Folded { peak, troubled } => {
            let peak = peak.map(|peak| format!("peak {peak}"));
            let troubled = (*troubled > 0).then(|| format!("{troubled} {}", Cell::Trouble.sign(page).1));
            peak.into_iter().chain(troubled).collect::<Vec<_>>().join(" ")
        }
    }
}

fn label_room(width: usize) -> usize {
    width * 3 / 10
}

fn empty(columns: &Columns, placement: &Placement) -> Vec<Cell> {
    let mut cells = vec![Cell::Empty; columns.bars];
    for gap in &placement.breaks {
        cells[gap.column] = Cell::Jump;
        cells[gap.column + 1] = Cell::Jump;
    }
    cells
}

fn cells<'p>(
    bars: &[Bar],
    placed: impl Iterator<Item = &'p (usize, usize)>,
    claim: Option<usize>,
    columns: &Columns,
    placement: &Placement,
) -> Vec<Cell> {
    let mut cells = empty(columns, placement);
    if let Some(column) = claim {
        cells[column] = Cell::Rule;
    }
    for (bar, &(first, last)) in bars.iter().zip(placed) {
        let cell = match bar.known {
            Known::Exactly => Cell::Ran,
            Known::Bounds | Known::Open => Cell::Perhaps,
            Known::Point => Cell::Trouble,
        };
        cells[first..=last].fill(cell);
        if bar.trouble {
            cells[last] = Cell::Trouble;
        } else if bar.known == Known::Open {
            cells[last] = Cell::Unknown;
        }
    }
    cells
}

fn row_line(page: &Page, columns: &Columns, label: &str, role: Role, cells: &[Cell], note: &str) -> Line {
    let label = text::fit_words(label, columns.label, page.style.unicode);
    let mut line = Line::barred().add(role, text::pad(&label, columns.label)).add(Role::Plain, "  ");
    for same in cells.chunk_by(|one, other| one == other) {
        let (role, sign) = same[0].sign(page);
        line = line.add(role, sign.repeat(same.len()));
    }
    let note = " ".repeat(columns.note.saturating_sub(text::columns(note))) + note;
    line.add(Role::Faint, format!("  {note}"))
}

/// The common clock: where it starts and ends, and what it jumps over.
fn clock_line(page: &Page, columns: &Columns, intervals: &[Interval], placement: &Placement) -> Line {
    let start = intervals.iter().map(|interval| interval.start).min().unwrap_or_default();
    let end = intervals.iter().map(|interval| interval.end).max().unwrap_or_default();
    let clock = Clock::between(start, end);
    let rule = if page.style.unicode { '─' } else { '-' };
    let mut letters = vec![rule; columns.bars];
    for gap in &placement.breaks {
        letters[gap.column - 1..gap.column + 3].copy_from_slice(&[' ', '/', '/', ' ']);
    }
    let mut write = |at: usize, label: &str| {
        // A label needs a blank on either side, and never covers another one.
        let (first, last) = (at.saturating_sub(1), (at + label.len() + 1).min(letters.len()));
        let inner = |column: usize| column >= at && column < at + label.len();
        if at + label.len() <= letters.len()
            && (first..last).all(|column| letters[column] == rule || letters[column] == ' ' && !inner(column))
        {
            letters[first..last].fill(' ');
            for (place, letter) in letters[at..].iter_mut().zip(label.chars()) {
                *place = letter;
            }
        }
    };
    write(0, &clock.label(start));
    if end > start {
        let label = clock.label(end);
        write(columns.bars.saturating_sub(label.len()), &label);
    }
    for gap in &placement.breaks {
        write(gap.column + 3, &clock.label(gap.gap.end));
        let label = clock.label(gap.gap.start);
        write((gap.column - 1).saturating_sub(label.len()), &label);
    }
    let indent = " ".repeat(columns.label + 2);
    Line::barred().add(Role::Plain, indent).add(Role::Faint, letters.into_iter().collect::<String>())
}

fn legend(page: &mut Page, runs: &Runs, placement: &Placement) -> Result<()> {
    let mut entries: Vec<(Cell, String)> = Vec::new();
    let bars = || runs.rows.iter().flat_map(|row| &row.bars);
    if bars().any(|bar| matches!(bar.known, Known::Bounds | Known::Open)) {
        entries.push((Cell::Perhaps, String::from("may have run then")));
    }
    if bars().any(|bar| bar.known == Known::Open) {
        entries.push((Cell::Unknown, String::from("no end in the log")));
    }
    if !runs.troubles.is_empty() {
        entries.push((Cell::Trouble, runs.troubles.join(", ")));
    }
    for gap in &placement.breaks {
        let idle = clock::duration(gap.gap.end.0.saturating_sub(gap.gap.start.0));
        entries.push((Cell::Jump, format!("nothing ran for {idle}")));
    }
    let mut notes: Vec<(Role, String, String)> = entries
        .into_iter()
        .map(|(cell, meaning)| {
            let (role, sign) = cell.sign(page);
            (role, if cell == Cell::Jump { sign.repeat(2) } else { sign.to_owned() }, meaning)
        })
        .collect();
    if !placement.exact {
        notes.push((Role::Faint, String::new(), String::from("more runs than columns: neighbours may share one")));
    }
    if runs.timeless > 0 {
        notes.push((Role::Faint, String::new(), format!("{} more without a time in the log", runs.timeless)));
    }
    if notes.is_empty() {
        return Ok(());
    }
    page.put(Line::barred())?;
    let mut line = Line::barred();
    let mut taken = 5;
    for (role, sign, meaning) in notes {
        let blank = if sign.is_empty() { "" } else { " " };
        let needed = text::columns(&sign) + blank.len() + text::columns(&meaning);
        if taken > 5 && taken + 3 + needed > page.width {
            page.put(std::mem::replace(&mut line, Line::barred()))?;
            taken = 5;
        }
        if taken > 5 {
            line = line.add(Role::Plain, "   ");
            taken += 3;
        }
        line = line.add(role, sign).add(Role::Faint, format!("{blank}{meaning}"));
        taken += needed;
    }
    page.put(line)
}
