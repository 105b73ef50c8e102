//! What a page begins with. People come for the picture: where there is one that shows it all, it stands right beneath the verdict,
//! and the findings follow it.

use crate::report::v1::{Report, Session};

/// What a page begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// The findings: there are several pictures, or none.
    Findings,
    /// The picture of the only session.
    Session,
    /// The picture of the gates.
    Gates,
}

impl Lead {
    /// What the page of `report` begins with.
    pub(super) fn of(report: &Report) -> Lead {
        let is_of_changes = report.changes.is_some() || report.overlaps.is_some() || report.owners.is_some();
        match (report.sessions.as_deref().unwrap_or_default(), &report.gates) {
            ([], Some(gates)) if !is_of_changes && gates.iter().any(|gate| gate.started.is_some()) => Lead::Gates,
            ([session], None) if !is_of_changes && has_picture(session) => Lead::Session,
            _ => Lead::Findings,
        }
    }
}

/// Whether there is anything to draw.
pub(super) fn has_picture(session: &Session) -> bool {
    let shows_nothing = session.dispatches.is_empty() && session.claims.is_empty() && session.calls.is_empty();
    !(session.is_text() || shows_nothing)
}

#[cfg(test)]
mod tests {
    use super::Lead;
    use crate::report::example::{ran, report, session};
    use crate::report::v1::{Report, Session};

    fn lead(sessions: Vec<Session>) -> Lead {
        Lead::of(&report(Vec::new(), sessions))
    }

    #[test]
    fn the_picture_comes_first_where_there_is_one() {
        let full = || session("10:00:00", "11:00:00", 1, vec![ran("a", "10:00:00", "10:30:00")], Vec::new());
        let empty = || session("10:00:00", "11:00:00", 0, Vec::new(), Vec::new());
        assert_eq!(lead(vec![full()]), Lead::Session);
        assert_eq!(lead(vec![empty()]), Lead::Findings);
        assert_eq!(lead(vec![full(), full()]), Lead::Findings);
        assert_eq!(Lead::of(&Report { changes: Some(Vec::new()), ..report(Vec::new(), vec![full()]) }), Lead::Findings);
    }
}
