//! What rules could not look at because the logs do not tell it: in one place, once for each reason.

use super::plural;
use crate::audit::Audited;
use crate::model::session::{Clock, Dispatch, Session, Status};
use crate::report::v1::NotChecked;

/// What a run says of sessions whose logs lack something that a rule needs.
pub(super) fn by(sessions: &[Audited]) -> Vec<NotChecked> {
    let all = || sessions.iter().map(|audited| &audited.session);
    let texts: Vec<&Session> = all().filter(|session| session.clock == Clock::Lines).collect();
    let unseen = |session: &Session| session.dispatches.iter().filter(|dispatch| ran_unseen(session, dispatch)).count();
    let by_others: usize = all().filter(|session| session.clock == Clock::Times).map(unseen).sum();
    let by_texts: usize = texts.iter().map(|session| unseen(session)).sum();
    let edits = |agents: usize, why: &str| {
        (agents > 0).then(|| NotChecked { what: format!("edits of {}", plural(agents, "agent")), why: why.to_owned() })
    };
    let without_clock = texts.iter().filter(|session| !session.dispatches.is_empty()).collect::<Vec<_>>();
    let clock = (!without_clock.is_empty()).then(|| NotChecked {
        what: "run times and utilisation".to_owned(),
        why: match without_clock[..] {
            [one] => format!("the text of {} has no clock: only the order of its lines tells what ran at once", one.path),
            _ => format!("{} have no clock: only the order of their lines tells what ran at once", plural(without_clock.len(), "text")),
        },
    });
    let unseen =
        [edits(by_others, "their own transcripts are not at hand"), edits(by_texts, "a pasted text does not show what an agent edited")];
    unseen.into_iter().flatten().chain(clock).collect()
}

/// Whether an agent worked, and nothing that it did is in the log.
fn ran_unseen(session: &Session, dispatch: &Dispatch) -> bool {
    match session.clock {
        Clock::Times => {
            (dispatch.started.is_some() || dispatch.returned.is_some())
                && dispatch.status != Status::Rejected
                && !has_transcript(session, dispatch.agent.as_deref())
        }
        Clock::Lines => dispatch.extent.is_some() && dispatch.status != Status::Rejected && dispatch.edits.is_empty(),
    }
}

fn has_transcript(session: &Session, agent: Option<&str>) -> bool {
    session
        .transcripts
        .iter()
        .any(|transcript| transcript.agent.is_some() && transcript.agent.as_deref() == agent && transcript.first.is_some())
}

#[cfg(test)]
mod tests {
    use super::by;
    use crate::audit::Audited;
    use crate::model::session::{Clock, Edit, Extent, Place, Status};
    use crate::work::samples::{dispatch, session};

    fn text(path: &str, agents: usize) -> Audited {
        let extent = Some(Extent { surely: (3, 9), possibly: (3, 9) });
        let agents = (0..agents).map(|number| {
            let one = dispatch(&format!("dispatch-{number}"), "part", Status::NoResult, &[]);
            crate::model::session::Dispatch { extent, started: None, ended: None, requested: None, returned: None, ..one }
        });
        let mut audited = session(agents.collect(), 0);
        (audited.session.path, audited.session.clock) = (path.to_owned(), Clock::Lines);
        audited
    }

    fn said(sessions: &[Audited]) -> Vec<String> {
        by(sessions).into_iter().map(|one| format!("{}: {}", one.what, one.why)).collect()
    }

    #[test]
    fn what_texts_do_not_tell_is_said_once() {
        let one = said(&[text("a.md", 2)]);
        assert_eq!(one.len(), 2, "{one:?}");
        assert_eq!(one[0], "edits of 2 agents: a pasted text does not show what an agent edited");
        assert!(one[1].contains("the text of a.md has no clock"), "{one:?}");
        let several = said(&[text("a.md", 2), text("b.md", 1), text("c.md", 0)]);
        assert_eq!(several.len(), 2, "{several:?}");
        assert!(several[0].starts_with("edits of 3 agents") && several[1].contains("2 texts have no clock"), "{several:?}");
        assert!(said(&[text("c.md", 0)]).is_empty());
    }

    #[test]
    fn an_agent_whose_edits_a_text_shows_is_seen() {
        let mut seen = text("a.md", 1);
        let place = Place { line: 4, at: None };
        let edit = Edit { place, path: "src/a.rs".into(), tool: "Edit".into(), inferred: false, worktree: None };
        seen.session.dispatches[0].edits.push(edit);
        assert!(!said(&[seen]).iter().any(|one| one.contains("edited")));
    }
}
