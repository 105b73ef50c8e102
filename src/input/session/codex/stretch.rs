//! Stretches of work: the turns of a thread, and the edits that fall into one.

use crate::model::moment::Moment;
use crate::model::session::{Dispatch, Edit, Status};

/// A turn of a thread, from its first record to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: Moment,
    pub(super) end: Moment,
    /// How it ended; `None` while it goes on.
    pub(super) status: Option<Status>,
    /// The thread said nothing at its end.
    pub(super) silent: bool,
}

impl Stretch {
    pub(super) fn begun(at: Moment) -> Stretch {
        Stretch { start: at, end: at, status: None, silent: false }
    }
}

/// The edits that fall into a dispatch of an agent that had several. A thread's edits are in the order of their times.
pub(super) fn within<'e>(dispatch: &Dispatch, edits: &'e [Edit]) -> &'e [Edit] {
    let (Some(start), end) = (dispatch.started.or(dispatch.requested), dispatch.ended.or(dispatch.returned)) else { return &[] };
    let from = edits.partition_point(|edit| edit.place.at < Some(start));
    let to = end.map_or(edits.len(), |end| edits.partition_point(|edit| edit.place.at <= Some(end)));
    edits.get(from..to).unwrap_or_default()
}
