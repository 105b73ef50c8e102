//! On a terminal: a row for each running gate with its clock and its last line, finished ones folded.

use super::board::Board;
use super::layout::{View, lines};
use super::output::Show;
use super::wording::Ending;
use super::{Look, Row};
use crate::gates::run::{Event, Observer, Running};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// How often the view is drawn.
const FRAME: Duration = Duration::from_millis(100);
/// Rows where the terminal does not tell.
const USUAL_ROWS: usize = 24;

/// On a terminal: a row for each running gate with its clock and its last line, finished ones folded.
pub struct Live {
    board: Board,
    endings: Vec<String>,
    running: Vec<Now>,
    jobs: u32,
    look: Look,
    frame: usize,
    bar: ProgressBar,
}

/// A gate that runs, as the last tick told.
struct Now {
    job: usize,
    elapsed: Duration,
    last_line: Vec<u8>,
}

impl Live {
    /// Over these rows, which are the jobs of the run in their order, under so many jobs at once; drawn on standard error.
    pub fn new(rows: Vec<Row>, jobs: u32, look: Look) -> Live {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(20));
        bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Live { endings: vec![String::new(); rows.len()], board: Board::new(rows), running: Vec::new(), jobs, look, frame: 0, bar }
    }

    /// Takes the view away, so that what is printed next stands alone. It goes by itself when the last gate has ended.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }

    fn keep(&mut self, event: &Event<'_>) {
        match event {
            Event::Started { job } => self.running.push(Now { job: *job, elapsed: Duration::ZERO, last_line: Vec::new() }),
            Event::Tick { running, .. } => {
                self.frame += 1;
                let now = |one: &Running<'_>| Now { job: one.job, elapsed: one.elapsed, last_line: one.last_line.to_vec() };
                self.running = running.iter().map(now).collect();
            }
            Event::Retry { job, .. } => self.running.retain(|one| one.job != *job),
            Event::Ended { job, ended } => {
                self.running.retain(|one| one.job != *job);
                if let Some(ending) = self.endings.get_mut(*job) {
                    *ending = Show { unicode: self.look.unicode, colour: false }.clean(&Ending::from(*ended).sentence());
                }
            }
            Event::Interrupted { .. } => {}
        }
    }

    fn draw(&self) {
        let size = terminal_size::terminal_size_of(std::io::stderr());
        let columns = size.map_or(self.look.width, |(columns, _)| usize::from(columns.0));
        let rows = size.map_or(USUAL_ROWS, |(_, rows)| usize::from(rows.0));
        // The last column stays free: some terminals begin a new line behind it.
        let look = Look { width: columns.saturating_sub(1), ..self.look };
        let running: Vec<Running<'_>> =
            self.running.iter().map(|now| Running { job: now.job, elapsed: now.elapsed, last_line: &now.last_line }).collect();
        let view = View { board: &self.board, endings: &self.endings, running: &running, jobs: self.jobs, frame: self.frame };
        self.bar.set_message(lines(&view, look, rows.saturating_sub(1)).join("\n"));
    }
}

impl Observer for Live {
    fn hear(&mut self, event: &Event<'_>) {
        self.board.hear(event);
        self.keep(event);
        if self.board.ended.len() >= self.board.rows.len() {
            self.bar.finish_and_clear();
        } else {
            self.draw();
        }
    }

    fn ticks(&self) -> Option<Duration> {
        Some(FRAME)
    }
}
