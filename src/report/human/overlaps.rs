//! Who collides with whom, in which files, and in which order to merge.

use super::line::{Line, Page, Role};
use crate::model::change::{Class, Source};
use crate::model::overlap::OverlapKind;
use crate::overlap::{Matrix, merges_with_conflict};
use crate::report::text;
use crate::report::v1::{ChangeSet, Overlap, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Result;

/// Longer names are cut.
const LONGEST_NAME: usize = 24;
/// Names are not cut below this: rather the matrix is cut into pieces.
const SHORTEST_NAME: usize = 12;
/// A matrix of more sides than these is shown on demand.
const MOST_SIDES: usize = 60;
/// More rows than these are shown on demand.
const MOST_ROWS: usize = 40;
/// Columns of the kind before each row: the longest word and a space.
const KIND: usize = 11;

/// The sides by index, and what is between them.
struct Sides<'r> {
    names: Vec<&'r str>,
    short: Vec<String>,
    matrix: Matrix,
    /// Pairs that could not be compared.
    unknown: BTreeSet<(usize, usize)>,
    /// Who is in the matrix.
    shown: Vec<usize>,
    /// Who has nothing to merge.
    idle: Vec<usize>,
    /// All of them are branches.
    branches: bool,
}

/// Writes the matrix, the list of files and the order of merging.
pub(super) fn write(page: &mut Page, report: &Report) -> Result<()> {
    let overlaps = report.overlaps.as_deref().unwrap_or_default();
    let sides = sides(page, report, overlaps);
    if overlaps.is_empty() {
        return Ok(());
    }
    matrix(page, &sides)?;
    page.space();
    list(page, &sides, overlaps)?;
    page.space();
    order(page, &sides, report.merge_order.as_deref().unwrap_or_default())?;
    merged(page, &sides)
}

fn sides<'r>(page: &Page, report: &'r Report, overlaps: &[Overlap]) -> Sides<'r> {
    let names: Vec<&str> = report.changes.iter().flatten().map(|set| set.name.as_str()).collect();
    let head = common_head(&names);
    let short = names.iter().map(|name| text::fit_end(&page.clean(&name[head..]), LONGEST_NAME, page.style.unicode).into_owned()).collect();
    let index: BTreeMap<&str, usize> = names.iter().enumerate().rev().map(|(index, name)| (*name, index)).collect();
    let pair = |between: &[String; 2]| Some((*index.get(between[0].as_str())?, *index.get(between[1].as_str())?));
    let matrix = Matrix::of(names.len(), overlaps.iter().filter_map(|one| Some((pair(&one.between)?, one.kind))));
    let missing: BTreeSet<&str> = report.not_checked.iter().map(|one| one.what.as_str()).collect();
    let mut unknown = BTreeSet::new();
    for (one, name) in names.iter().enumerate().filter(|_| !missing.is_empty()) {
        for (other, other_name) in names.iter().enumerate() {
            if missing.contains(uncompared(name, other_name).as_str()) {
                unknown.extend([(one, other), (other, one)]);
            }
        }
    }
    let ordered: BTreeSet<&str> = report.merge_order.iter().flatten().map(String::as_str).collect();
    let sets: Vec<&ChangeSet> = report.changes.iter().flatten().collect();
    let is_known = |side: usize| !unknown.iter().any(|(one, _)| *one == side);
    let is_idle = |side: &usize| sets[*side].files.is_empty() && !ordered.contains(names[*side]) && is_known(*side);
    let (idle, shown) = (0..names.len()).partition(|side| is_idle(side) && !matrix.collides(*side));
    let branches = sets.iter().all(|set| set.source == Source::Branch);
    Sides { names, short, matrix, unknown, shown, idle, branches }
}

/// Who has nothing to merge is in neither the matrix nor the order.
fn merged(page: &mut Page, sides: &Sides) -> Result<()> {
    if sides.idle.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = sides.idle.iter().map(|side| sides.short[*side].as_str()).collect();
    let what = if sides.branches { "already merged" } else { "nothing to merge" };
    page.put_hanging(Line::new(), Role::Faint, &format!("{what}: {}", names.join(", ")), 2, 3)
}

/// What a report says of two sides that could not be compared.
pub(crate) fn uncompared(one: &str, other: &str) -> String {
    format!("overlap of {one} and {other}")
}

/// How much all names have in common at their beginning, up to a `/`.
fn common_head(names: &[&str]) -> usize {
    let Some(first) = names.first().filter(|_| names.len() > 1) else { return 0 };
    let mut heads = first.match_indices('/').map(|(at, _)| at + 1).collect::<Vec<_>>().into_iter().rev();
    heads.find(|at| names.iter().all(|name| name.len() > *at && name.starts_with(&first[..*at]))).unwrap_or(0)
}

/// A cell: its word, its letter, its colour.
fn cell(page: &Page, sides: &Sides, row: usize, column: usize) -> (&'static str, &'static str, Role) {
    if row == column {
        let sign = page.sign("·", ".");
        return (sign, sign, Role::Faint);
    }
    match sides.matrix.worst(row, column) {
        Some(kind) => (kind.word(), letter(kind), role(kind)),
        None if sides.unknown.contains(&(row, column)) => ("unknown", "?", Role::Warning),
        None => {
            let sign = page.sign("–", "-");
            (sign, sign, Role::Faint)
        }
    }
}

fn role(kind: OverlapKind) -> Role {
    match kind {
        OverlapKind::Conflict => Role::Error,
        OverlapKind::Lines => Role::Warning,
        OverlapKind::File => Role::Note,
        OverlapKind::Identical => Role::Faint,
    }
}

fn letter(kind: OverlapKind) -> &'static str {
    match kind {
        OverlapKind::Conflict => "C",
        OverlapKind::Lines => "L",
        OverlapKind::File => "F",
        OverlapKind::Identical => "=",
    }
}

fn matrix(page: &mut Page, sides: &Sides) -> Result<()> {
    let width = |side: &usize| text::columns(&sides.short[*side]);
    let label = sides.shown.iter().map(width).max().unwrap_or(0) + 2;
    let columns: Vec<usize> = sides.shown.iter().map(|side| width(side).max(KIND - 2) + 2).collect();
    if label + columns.iter().sum::<usize>() <= page.width { in_words(page, sides, label, &columns) } else { numbered(page, sides) }
}

fn widest(texts: &[String]) -> usize {
    texts.iter().map(|one| text::columns(one)).max().unwrap_or(0)
}

/// Few sides: names above the columns, words in the cells; each pair once.
fn in_words(page: &mut Page, sides: &Sides, label: usize, columns: &[usize]) -> Result<()> {
    let mut head = Line::new().add(Role::Plain, " ".repeat(label));
    for (side, width) in sides.shown.iter().zip(columns) {
        head = head.add(Role::Strong, text::pad(&sides.short[*side], *width));
    }
    page.put(head)?;
    for (at, row) in sides.shown.iter().enumerate() {
        let mut line = Line::new().add(Role::Strong, text::pad(&sides.short[*row], label));
        for (column, width) in sides.shown.iter().zip(columns) {
            let is_told = sides.shown[..at].contains(column);
            let (word, _, role) = if is_told { ("", "", Role::Plain) } else { cell(page, sides, *row, *column) };
            line = line.add(role, text::pad(word, *width));
        }
        page.put(line)?;
    }
    Ok(())
}

/// Many sides: numbers above the columns, letters in the cells; each row shows all that a side collides with. Who has
/// nothing in common with anybody has no row.
fn numbered(page: &mut Page, sides: &Sides) -> Result<()> {
    let colliding = |side: &usize| sides.matrix.collides(*side) || sides.unknown.iter().any(|(one, _)| one == side);
    let (shown, others): (Vec<usize>, Vec<usize>) = sides.shown.iter().copied().partition(colliding);
    if shown.len() > MOST_SIDES && !page.style.verbose {
        page.put(Line::new().add(Role::Faint, format!("the matrix of {} sides is left out (--verbose shows it)", shown.len())))?;
    } else {
        let digits = shown.len().to_string().len();
        let room = page.width.saturating_sub(digits + 2 + shown.len() * (digits + 1));
        let name = widest(&sides.short).min(room.max(SHORTEST_NAME));
        let fitting = ((page.width - digits - 2 - name) / (digits + 1)).max(1);
        for (piece, columns) in shown.chunks(fitting).enumerate() {
            page.space();
            block(page, sides, &shown, (piece * fitting, columns), (digits, name))?;
        }
        legend(page, sides)?;
    }
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|side| sides.short[*side].as_str()).collect();
        page.put_hanging(Line::new(), Role::Faint, &format!("nothing in common with others: {}", names.join(", ")), 2, 3)?;
    }
    Ok(())
}

fn block(
    page: &mut Page,
    sides: &Sides,
    rows: &[usize],
    (first, columns): (usize, &[usize]),
    (digits, name): (usize, usize),
) -> Result<()> {
    let mut head = Line::new().add(Role::Plain, " ".repeat(digits + 1 + name));
    for number in first + 1..=first + columns.len() {
        head = head.add(Role::Strong, format!(" {number:>digits$}"));
    }
    page.put(head)?;
    for (number, row) in rows.iter().enumerate() {
        let short = text::fit_end(&sides.short[*row], name, page.style.unicode).into_owned();
        let mut line = Line::new().add(Role::Strong, format!("{:>digits$} ", number + 1)).add(Role::Plain, text::pad(&short, name));
        for column in columns {
            let (_, letter, role) = cell(page, sides, *row, *column);
            line = line.add(role, format!("{}{letter}", " ".repeat(digits)));
        }
        page.put(line)?;
    }
    Ok(())
}

/// What the letters mean, as far as they occur.
fn legend(page: &mut Page, sides: &Sides) -> Result<()> {
    let mut line = Line::new();
    let count = sides.short.len();
    for kind in [OverlapKind::Conflict, OverlapKind::Lines, OverlapKind::File, OverlapKind::Identical] {
        if (0..count).any(|row| (0..row).any(|column| sides.matrix.worst(row, column) == Some(kind))) {
            line = line.add(role(kind), letter(kind)).add(Role::Plain, format!(" {}   ", kind.word()));
        }
    }
    if !sides.unknown.is_empty() {
        line = line.add(Role::Warning, "?").add(Role::Plain, " not compared");
    }
    page.put(line)
}

/// One file of the list.
struct Row<'r> {
    overlap: &'r Overlap,
    path: String,
    sides: [String; 2],
}

fn list(page: &mut Page, sides: &Sides, overlaps: &[Overlap]) -> Result<()> {
    let mut sorted: Vec<&Overlap> = overlaps.iter().collect();
    sorted.sort_by(|one, other| other.kind.cmp(&one.kind).then_with(|| (&one.path, &one.between).cmp(&(&other.path, &other.between))));
    let shown = if page.style.verbose { sorted.len() } else { sorted.len().min(MOST_ROWS) };
    let rows: Vec<Row> = sorted[..shown].iter().map(|overlap| row(page, sides, overlap)).collect();
    let first = rows.iter().map(|row| text::columns(&row.sides[0])).max().unwrap_or(0) + 2;
    let second = rows.iter().map(|row| text::columns(&row.sides[1])).max().unwrap_or(0);
    let widest = rows.iter().map(|row| text::columns(&row.path)).max().unwrap_or(0) + 2;
    // What is left for paths beside both sides; a longer path has a line of its own.
    let path = widest.min(page.width.saturating_sub(KIND + first + second)).max(SHORTEST_NAME);
    for row in &rows {
        put_row(page, row, (path, first))?;
    }
    if shown < sorted.len() {
        let more = sorted.len() - shown;
        page.put(Line::new().add(Role::Faint, format!("{} and {more} more (--verbose shows all)", page.sign("…", "..."))))?;
    }
    Ok(())
}

fn row<'r>(page: &Page, sides: &Sides, overlap: &'r Overlap) -> Row<'r> {
    let side = |index: usize| {
        let name = &overlap.between[index];
        let short =
            sides.names.iter().position(|one| one == name).map_or_else(|| page.clean(name).into_owned(), |at| sides.short[at].clone());
        match overlap.lines.map(|lines| lines[index]) {
            Some((first, last)) if first == last => format!("{short} {first}"),
            Some((first, last)) => format!("{short} {first}-{last}"),
            None => short,
        }
    };
    let generated = if overlap.class == Class::Generated { " (generated)" } else { "" };
    let path = page.clean(&text::path(&overlap.path)).into_owned();
    let room = page.width - KIND - generated.len();
    let path = text::fit_end(&path, room, page.style.unicode).into_owned() + generated;
    Row { overlap, path, sides: [side(0), side(1)] }
}

fn put_row(page: &mut Page, row: &Row, (path, first): (usize, usize)) -> Result<()> {
    let kind = row.overlap.kind;
    let line = Line::new().add(role(kind), text::pad(kind.word(), KIND));
    let sides = |line: Line| line.add(Role::Plain, text::pad(&row.sides[0], first)).add(Role::Plain, row.sides[1].as_str());
    if text::columns(&row.path) < path {
        page.put(sides(line.add(Role::Strong, text::pad(&row.path, path))))?;
    } else {
        page.put(line.add(Role::Strong, row.path.as_str()))?;
        page.put(sides(Line::new().add(Role::Plain, " ".repeat(KIND))))?;
    }
    if row.overlap.remarks.is_empty() {
        return Ok(());
    }
    page.put_folded(Line::new().add(Role::Plain, " ".repeat(KIND)), Role::Faint, &row.overlap.remarks.join(", "), 3)
}

fn order(page: &mut Page, sides: &Sides, order: &[String]) -> Result<()> {
    if order.len() < 2 {
        return Ok(());
    }
    let indexes: Vec<usize> = order.iter().filter_map(|name| sides.names.iter().position(|one| one == name)).collect();
    let names: Vec<&str> = indexes.iter().map(|index| sides.short[*index].as_str()).collect();
    let met = match merges_with_conflict(&indexes, &sides.matrix) {
        0 => String::from("none of these merges meets another's conflict"),
        1 => String::from("1 merge meets a conflict"),
        met => format!("{met} merges meet a conflict"),
    };
    let text = format!("merge in this order for the fewest conflicts: {} ({met})", names.join(", "));
    page.put_hanging(Line::new(), Role::Plain, &text, 2, if page.style.verbose { usize::MAX } else { 8 })
}
