//! Agents by name, each leading to its row; and how many of them the log gives exact times.

use crate::model::session::Status;
use crate::report::html::words::{NOTHING, short};
use crate::report::lane;
use crate::report::v1::{Dispatch, Session};
use maud::{Markup, html};
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// As many stand beside each other; the others are behind a word that opens.
const BESIDE: usize = 12;
/// As many of a session stand behind such words altogether: each can be in many rows, and a page is to stay small.
const BEHIND: usize = 4_000;

/// The agents of a session, to be looked up.
pub(super) struct Agents<'s> {
    index: usize,
    session: &'s Session,
    places: FxHashMap<&'s str, usize>,
    left: Cell<usize>,
}

impl<'s> Agents<'s> {
    /// The agents of the session that stands at `index` in the report.
    pub(super) fn of(session: &'s Session, index: usize) -> Agents<'s> {
        let places = session.dispatches.iter().enumerate().map(|(place, dispatch)| (dispatch.id.as_str(), place)).collect();
        Agents { index, session, places, left: Cell::new(BEHIND) }
    }

    /// The dispatch with that id.
    pub(super) fn get(&self, id: &str) -> Option<&'s Dispatch> {
        self.places.get(id).and_then(|place| self.session.dispatches.get(*place))
    }

    /// How many of the ids are known here.
    pub(super) fn number(&self, ids: &[String]) -> usize {
        ids.iter().filter(|id| self.places.contains_key(id.as_str())).count()
    }

    /// The agents of some ids by name, each leading to its row. Of many, all but the first few are closed away.
    pub(super) fn links(&self, ids: &[String]) -> Markup {
        let places: Vec<usize> = ids.iter().filter_map(|id| self.places.get(id.as_str()).copied()).collect();
        let (beside, behind) = places.split_at(places.len().min(BESIDE));
        let room = behind.len().min(self.left.get());
        self.left.set(self.left.get() - room);
        let (behind, too_many) = behind.split_at(room);
        html! {
            (self.joined(beside))
            @if !behind.is_empty() { details.rest { summary { "and " (behind.len()) " more" } (self.joined(behind)) } }
            @if !too_many.is_empty() { span.more { " … and " (too_many.len()) " more" } }
        }
    }

    /// The first few agents of some ids; for the others a link to `more`, where all of them are.
    pub(super) fn links_and(&self, ids: &[String], more: &str) -> Markup {
        let places: Vec<usize> = ids.iter().filter_map(|id| self.places.get(id.as_str()).copied()).collect();
        let (beside, behind) = places.split_at(places.len().min(BESIDE));
        html! { (self.joined(beside)) @if !behind.is_empty() { ", " a href=(more) { "and " (behind.len()) " more" } } }
    }

    fn joined(&self, places: &[usize]) -> Markup {
        html! {
            @for (number, place) in places.iter().enumerate() {
                @if number > 0 { ", " }
                a href={ "#agent-" (self.index) "-" (place) } { (self.name(*place)) }
            }
        }
    }

    /// A link needs a name that can be seen.
    fn name(&self, place: usize) -> String {
        let name = self.session.dispatches.get(place).map(|dispatch| short(lane::label(dispatch))).unwrap_or_default();
        if name.trim().is_empty() { "agent".to_owned() } else { name }
    }
}

/// How many agents the log gives exact times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) exact: usize,
    /// They ran, and nobody knows exactly when.
    pub(super) unknown: usize,
}

impl Timed {
    pub(super) fn of<'d>(dispatches: impl Iterator<Item = &'d Dispatch>) -> Timed {
        dispatches.fold(Timed::default(), |sum, dispatch| match (dispatch.started, dispatch.ended) {
            (Some(_), Some(_)) => Timed { exact: sum.exact + 1, ..sum },
            // What was refused ran at no time.
            _ if dispatch.status == Status::Rejected => sum,
            _ => Timed { unknown: sum.unknown + 1, ..sum },
        })
    }

    /// The most agents at once, as far as that is known: `peak` is of those with exact times alone.
    pub(super) fn most(self, peak: u32) -> Most {
        match self {
            Timed { unknown: 0, .. } => Most { number: Some(peak), sure: true },
            Timed { exact: 0, .. } => Most { number: None, sure: false },
            Timed { .. } => Most { number: Some(peak), sure: false },
        }
    }
}

/// The most agents at once, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Most {
    /// So many for sure.
    pub(super) number: Option<u32>,
    /// And no more.
    pub(super) sure: bool,
}

impl Most {
    /// Of a session: by exact times, in a text by its order.
    pub(super) fn of(session: &Session) -> Most {
        if session.is_text() {
            return Most { number: Some(session.peak), sure: session.possible_peak.is_none() };
        }
        Timed::of(session.dispatches.iter()).most(session.peak)
    }

    /// Of several sessions: sessions without agents say nothing of those with some.
    pub(super) fn of_all(sessions: &[Session]) -> Most {
        let with_agents = sessions.iter().filter(|session| !session.dispatches.is_empty()).map(Most::of);
        with_agents
            .reduce(|one, other| Most { number: one.number.max(other.number), sure: one.sure && other.sure })
            .unwrap_or(Most { number: Some(0), sure: true })
    }
}

impl std::fmt::Display for Most {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.number, self.sure) {
            (None, _) => out.write_str(NOTHING),
            (Some(number), true) => write!(out, "{number}"),
            (Some(number), false) => write!(out, "at least {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Most, Timed};
    use crate::report::example::{endless, pasted, ran, session};

    #[test]
    fn what_nobody_knows_is_no_number() {
        let most = |exact, unknown| Timed { exact, unknown }.most(2).to_string();
        assert_eq!((most(3, 0), most(0, 0)), ("2".into(), "2".into()));
        assert_eq!((most(0, 3), most(2, 1)), ("–".into(), "at least 2".into()));
    }

    #[test]
    fn a_text_tells_by_its_order() {
        assert_eq!(Most::of(&pasted(3, None, &["a", "b", "c"], Vec::new())).to_string(), "3");
        assert_eq!(Most::of(&pasted(1, Some(2), &["a", "b"], Vec::new())).to_string(), "at least 1");
        let of = |dispatches| session("10:00:00", "11:00:00", 1, dispatches, Vec::new());
        let (timed, endless, empty) = (of(vec![ran("x", "10:00:00", "10:01:00")]), of(vec![endless("y", "10:00:00")]), of(Vec::new()));
        let all = |sessions: &[crate::report::v1::Session]| Most::of_all(sessions).to_string();
        assert_eq!((all(&[]), all(std::slice::from_ref(&endless))), ("0".into(), "–".into()));
        assert_eq!(all(&[timed.clone(), empty]), "1");
        assert_eq!(all(&[timed, pasted(3, None, &["a", "b", "c"], Vec::new()), endless]), "at least 3");
    }
}
