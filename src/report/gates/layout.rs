//! What the live view shows: rows of a board as lines, never more of them than a terminal has. Pure.

use super::Look;
use super::block::painted;
use super::board::{Board, Obstacle, State};
use super::journal::ending_gates;
use super::output::{Show, last_line};
use super::wording::{about, duration, sign, signal_name};
use crate::gates::run::Running;
use crate::model::gate::GateStatus;
use crate::report::text;

const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const ASCII_SPINNER: [&str; 4] = ["|", "/", "-", "\\"];
/// More waiting gates than these are only counted.
const MOST_WAITING: usize = 3;
/// Columns of a clock such as `12.1s`, `2m 05s` or `10h 02m`.
const CLOCK: usize = 7;

/// What is on the screen at one moment.
#[derive(Debug)]
pub(super) struct View<'v> {
    pub(super) board: &'v Board,
    /// What stands behind the name of each gate that ended: `0.4s`, `exit 101 after 18.9s`.
    pub(super) endings: &'v [String],
    pub(super) running: &'v [Running<'v>],
    pub(super) jobs: u32,
    /// Counts up; turns the spinners.
    pub(super) frame: usize,
}

/// One line before it is painted: its sign, and what stands behind it.
struct Entry {
    sign: &'static str,
    role: GateStatus,
    rest: String,
}

/// The lines, at most `height` of them, each of at most `look.width` columns.
pub(super) fn lines(view: &View<'_>, look: Look, height: usize) -> Vec<String> {
    let status = status(view);
    let room = height.saturating_sub(1);
    let running = running(view, look);
    let (ended, running, waiting) = share(view, room, running, look);
    let width = look.width.max(1);
    let entries = ended.into_iter().chain(running).chain(waiting);
    let mut lines: Vec<String> = entries
        .map(|entry| {
            let rest = text::fit(&entry.rest, width.saturating_sub(4), look.unicode).into_owned();
            format!("  {} {}", painted(entry.sign, entry.role, look.colour), rest.trim_end())
        })
        .collect();
    lines.push(text::fit(&format!("  {status}"), width, look.unicode).into_owned());
    lines.truncate(height);
    lines
}

/// Divides the room: what runs comes first, then what failed, then what waits, then what passed.
fn share(view: &View<'_>, room: usize, running: Vec<Entry>, look: Look) -> (Vec<Entry>, Vec<Entry>, Vec<Entry>) {
    let running = at_most(running, room, "running", look);
    let room = room - running.len();
    let is_pass = |job: &&usize| view.board.states[**job] == State::Ended(GateStatus::Passed);
    let (passed, others): (Vec<&usize>, Vec<&usize>) = view.board.ended.iter().partition(is_pass);
    // A failure is worth more than a gate that waits; what passed can be folded to its number.
    let left = room.saturating_sub(others.len() + usize::from(!passed.is_empty()));
    let waiting = at_most(waiting(view, look), left.min(MOST_WAITING + 1), "waiting", look);
    (ended(view, room - waiting.len(), look), running, waiting)
}

/// The first of the entries, and how many more there are.
fn at_most(mut entries: Vec<Entry>, room: usize, word: &str, look: Look) -> Vec<Entry> {
    if entries.len() > room {
        let more = entries.len() - room.saturating_sub(1);
        entries.truncate(room.saturating_sub(1));
        if room > 0 {
            entries.push(more_of(more, word, GateStatus::Planned, look));
        }
    }
    entries
}

fn more_of(more: usize, word: &str, role: GateStatus, look: Look) -> Entry {
    Entry { sign: if look.unicode { "…" } else { "+" }, role, rest: format!("{more} more {word}") }
}

/// The names' column: as wide as the widest that is shown, within reason.
fn label(view: &View<'_>, look: Look) -> usize {
    let columns = |job: usize| text::columns(&name(view, job, look));
    let running = view.running.iter().map(|one| columns(one.job));
    running.chain(waiting_jobs(view).into_iter().take(MOST_WAITING).map(columns)).max().unwrap_or(0)
}

fn name(view: &View<'_>, job: usize, look: Look) -> String {
    let clean = Show { unicode: look.unicode, colour: false }.clean(view.board.name(job));
    text::fit_middle(&clean, (look.width / 3).max(8), look.unicode).into_owned()
}

fn running(view: &View<'_>, look: Look) -> Vec<Entry> {
    let label = label(view, look);
    let spinner = if look.unicode { SPINNER[view.frame % SPINNER.len()] } else { ASCII_SPINNER[view.frame % ASCII_SPINNER.len()] };
    let row = |one: &Running<'_>| {
        let clock = duration(one.elapsed);
        let rest = format!("{} {clock:>CLOCK$}  {}", text::pad(&name(view, one.job, look), label), last_line(one.last_line, look.unicode));
        Entry { sign: spinner, role: GateStatus::Leaked, rest }
    };
    view.running.iter().map(row).collect()
}

fn waiting_jobs(view: &View<'_>) -> Vec<usize> {
    view.board.all(|state| matches!(state, State::Waiting | State::Retrying))
}

fn waiting(view: &View<'_>, look: Look) -> Vec<Entry> {
    let (label, show) = (label(view, look), Show { unicode: look.unicode, colour: false });
    let row = |job: usize| {
        let why = match view.board.obstacle(job) {
            Obstacle::Gates(need, 0) => format!("waits for {}", show.clean(need)),
            Obstacle::Gates(need, more) => format!("waits for {} and {more} more", show.clean(need)),
            Obstacle::Pause => "waits for its next attempt".to_owned(),
            Obstacle::Room => "waits for its turn".to_owned(),
        };
        let rest = format!("{} {:CLOCK$}  {why}", text::pad(&name(view, job, look), label), "");
        Entry { sign: sign(GateStatus::Planned, look.unicode), role: GateStatus::Planned, rest }
    };
    waiting_jobs(view).into_iter().map(row).collect()
}

/// One line for each gate that ended, in the order of their ends; where there is no room for all, the first that passed
/// are folded to their number.
fn ended(view: &View<'_>, room: usize, look: Look) -> Vec<Entry> {
    let status = |job: usize| match view.board.states[job] {
        State::Ended(status) => status,
        _ => GateStatus::Planned,
    };
    let (passed, others): (Vec<usize>, Vec<usize>) = view.board.ended.iter().partition(|job| status(**job) == GateStatus::Passed);
    let all = view.board.ended.len();
    let folded = if all <= room { 0 } else { passed.len().min(all + 1 - room) };
    let dropped = &passed[..folded];
    let mut entries = Vec::new();
    if folded > 0 {
        entries.push(Entry { sign: sign(GateStatus::Passed, look.unicode), role: GateStatus::Passed, rest: format!("{folded} passed") });
    }
    for job in view.board.ended.iter().copied().filter(|job| !dropped.contains(job)) {
        let ending = view.endings.get(job).map_or("", String::as_str);
        let rest = format!("{} {ending}", name(view, job, look));
        entries.push(Entry { sign: sign(status(job), look.unicode), role: status(job), rest });
    }
    if entries.len() > room {
        // Not even the failures have room: the latest do, and the status row counts all of them.
        let more = entries.len() - room + 1;
        let first = others.first().map_or(GateStatus::Failed, |job| status(*job));
        entries.drain(..more.min(entries.len()));
        if room > 0 {
            entries.insert(0, more_of(all - entries.len(), "ended", first, look));
        }
        entries.truncate(room);
    }
    entries
}

/// `1 passed, 2 running, 1 waiting; about 19s left`.
fn status(view: &View<'_>) -> String {
    if let Some(signal) = view.board.signal {
        return format!("interrupted by {}: ending {} (again to kill)", signal_name(signal), ending_gates(view.board));
    }
    let left = view.board.left(view.running, view.jobs).map(|left| format!("; about {} left", about(left)));
    format!("{}{}", view.board.counts(), left.unwrap_or_default())
}

#[cfg(test)]
mod tests;
