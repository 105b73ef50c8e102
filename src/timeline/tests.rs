//! Properties of the timeline.

use super::*;
use crate::model::session::{Clock, Extent, Status, Timing};
use proptest::prelude::*;

pub(crate) fn dispatch(id: usize, turn: u32, response: &str, start: i64, length: i64) -> Dispatch {
    Dispatch {
        id: format!("toolu_{id}"),
        agent: Some(format!("a{id}")),
        agent_type: None,
        description: None,
        parent: None,
        transcript: 0,
        response: Some(response.to_owned()),
        turn,
        line: id as u64,
        requested: Some(Moment(start)),
        returned: Some(Moment(start + length)),
        started: Some(Moment(start)),
        ended: Some(Moment(start + length)),
        extent: None,
        duration: None,
        timing: Timing::Transcript,
        status: Status::Completed,
        background: false,
        tool_uses: Some(1),
        edits: Vec::new(),
        worktree: None,
    }
}

fn intervals() -> impl Strategy<Value = Vec<Interval>> {
    prop::collection::vec((0i64..5000, 0i64..2000), 0..30)
        .prop_map(|pairs| pairs.into_iter().map(|(start, length)| Interval { start: Moment(start), end: Moment(start + length) }).collect())
}

fn session() -> impl Strategy<Value = Session> {
    prop::collection::vec((0u32..4, 0u32..5, 0i64..5000, 0i64..2000), 0..25).prop_map(|rows| Session {
        dispatches: rows
            .into_iter()
            .enumerate()
            .map(|(id, (turn, response, start, length))| dispatch(id, turn, &format!("msg_{turn}_{response}"), start, length))
            .collect(),
        ..Session::default()
    })
}

/// The batches as sets of ids, with their measures rounded so that a shift by whole milliseconds changes nothing.
fn summary(session: &Session) -> Vec<(Vec<String>, String)> {
    let mut all: Vec<(Vec<String>, String)> = batches(session)
        .into_iter()
        .map(|batch| {
            let mut ids: Vec<String> = batch.members.iter().map(|index| session.dispatches[*index].id.clone()).collect();
            ids.sort();
            (ids, format!("{:.6?}", batch.measures))
        })
        .collect();
    all.sort();
    all
}

/// A session as a text tells it: blocks of agents in the order of the lines, with or without something between them.
fn text() -> impl Strategy<Value = Session> {
    let status = prop::sample::select(vec![
        Status::Completed,
        Status::Failed,
        Status::Rejected,
        Status::Interrupted,
        Status::Running,
        Status::NoResult,
    ]);
    prop::collection::vec((1u32..4, 1u64..9, 0u64..9, any::<bool>(), status), 0..12).prop_map(|blocks| {
        let mut session = Session { clock: Clock::Lines, ..Session::default() };
        let mut line = 1;
        for (number, (agents, sure, more, is_open, status)) in blocks.into_iter().enumerate() {
            for _ in 0..agents {
                let mut one = dispatch(session.dispatches.len(), 1, &format!("block-{number}"), 0, 0);
                let end = if is_open { u64::MAX } else { line + sure + more };
                one.extent = Some(Extent { surely: (line, line + sure), possibly: (line, end) }).filter(|_| status != Status::Rejected);
                // What a printed time makes of them must not matter.
                (one.status, one.tool_uses) = (status, None);
                (one.started, one.ended) = (None, None);
                session.dispatches.push(one);
            }
            line += sure;
        }
        session
    })
}

proptest! {
    #[test]
    fn what_is_known_of_a_text_lies_within_what_is_possible(session in text()) {
        let mut possible = Vec::new();
        for one in &session.dispatches {
            let (sure, most) = (known(one), may_have_run(one));
            prop_assert!(ran(one).is_none());
            if let Some(sure) = sure {
                let most = most.expect("what ran for sure may have run");
                prop_assert!(most.start <= sure.start && sure.end <= most.end);
            }
            possible.extend(most.filter(|_| one.extent.is_some()));
        }
        let most = peak(&possible);
        prop_assert!(session_peak(&session) <= most);
        for Batch { measures, .. } in batches(&session) {
            prop_assert!(measures.peak <= measures.count && measures.peak <= session_peak(&session));
            prop_assert_eq!((measures.timed, measures.wall, measures.effective_concurrency), (0, None, None));
        }
    }

    #[test]
    fn peak_is_between_one_and_the_number_of_intervals(intervals in intervals()) {
        let most = peak(&intervals);
        prop_assert!(most as usize <= intervals.len());
        prop_assert_eq!(most == 0, intervals.is_empty());
    }

    #[test]
    fn peak_is_what_counting_at_every_start_gives(intervals in intervals()) {
        let counted = intervals.iter().map(|one| intervals.iter().filter(|other| other.start <= one.start && one.start < other.end).count()).max().unwrap_or(0);
        prop_assert_eq!(peak(&intervals) as usize, counted.max(usize::from(!intervals.is_empty())));
    }

    #[test]
    fn work_is_at_least_the_union_and_the_union_at_most_the_wall(intervals in intervals()) {
        let work: i64 = intervals.iter().map(|interval| interval.length()).sum();
        prop_assert!(union(&intervals) <= work);
        if let (Some(first), Some(last)) = (intervals.iter().map(|one| one.start.0).min(), intervals.iter().map(|one| one.end.0).max()) {
            prop_assert!(union(&intervals) <= last - first);
        }
    }

    #[test]
    fn the_order_of_dispatches_changes_nothing(session in session(), seed: u64) {
        let mut shuffled = session.clone();
        let mut state = seed | 1;
        for index in (1..shuffled.dispatches.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.dispatches.swap(index, (state >> 33) as usize % (index + 1));
        }
        prop_assert_eq!(summary(&session), summary(&shuffled));
    }

    #[test]
    fn a_shifted_clock_changes_nothing(session in session(), shift in -1_000_000i64..1_000_000) {
        let mut shifted = session.clone();
        for one in &mut shifted.dispatches {
            for moment in [&mut one.requested, &mut one.returned, &mut one.started, &mut one.ended] {
                *moment = moment.map(|moment| moment.plus(shift));
            }
        }
        prop_assert_eq!(summary(&session), summary(&shifted));
    }

    #[test]
    fn every_dispatch_is_in_one_batch_and_measures_keep_their_bounds(session in session()) {
        let all = batches(&session);
        let mut members: Vec<usize> = all.iter().flat_map(|batch| batch.members.clone()).collect();
        members.sort_unstable();
        prop_assert_eq!(members, (0..session.dispatches.len()).collect::<Vec<_>>());
        for Batch { measures, .. } in &all {
            prop_assert!(measures.peak <= measures.count);
            for share in [measures.efficiency, measures.utilisation, measures.overhead].into_iter().flatten() {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&share), "{:?}", measures);
            }
            prop_assert!(measures.effective_concurrency.is_none_or(|value| value <= f64::from(measures.peak) + 1e-9));
            prop_assert!(measures.imbalance.is_none_or(|value| value >= 1.0 - 1e-9));
        }
    }
}

#[test]
fn lines_tell_what_ran_at_once_and_not_for_how_long() {
    let at = |surely, possibly| {
        let one = dispatch(1, 1, "m", 0, 60_000);
        Dispatch { extent: Some(Extent { surely, possibly }), ..one }
    };
    // Times that such a log has beside do not count.
    let block = [at((4, 9), (4, 20)), at((4, 9), (4, u64::MAX))];
    let measures = measure(&block.iter().collect::<Vec<_>>());
    assert_eq!((measures.count, measures.peak, measures.timed, measures.work), (2, 2, 0, None));
    let apart = [at((4, 9), (4, 20)), at((9, 12), (9, 20))];
    assert_eq!(measure(&apart.iter().collect::<Vec<_>>()).peak, 1);
    assert_eq!(peak(&apart.iter().filter_map(may_have_run).collect::<Vec<_>>()), 2);
    let refused = Dispatch { status: Status::Rejected, ..at((4, 9), (4, 20)) };
    assert_eq!((known(&refused), may_have_run(&refused)), (None, None));
    let broken = Dispatch { status: Status::Failed, tool_uses: None, ..at((4, 9), (4, 20)) };
    assert_eq!((known(&broken), may_have_run(&broken).is_some()), (None, true));
    // A text that calls its end before its beginning has no negative length.
    assert_eq!(known(&at((9, 4), (9, 4))).map(Interval::length), Some(0));
}

#[test]
fn an_end_comes_before_a_start_at_the_same_moment() {
    let one = Interval { start: Moment(0), end: Moment(10) };
    let next = Interval { start: Moment(10), end: Moment(20) };
    assert_eq!(peak(&[one, next]), 1);
    assert!(!one.overlaps(next));
}

#[test]
fn the_example_of_the_report_contract_is_measured_so() {
    // Three runs of 120, 90 and 90 s within 310 s, in one response and never two at once.
    let rows = [dispatch(0, 1, "m", 0, 120_000), dispatch(1, 1, "m", 125_000, 90_000), dispatch(2, 1, "m", 220_000, 90_000)];
    let measures = measure(&rows.iter().collect::<Vec<_>>());
    let rounded = |value: Option<f64>| (value.unwrap() * 100.0).round() / 100.0;
    assert_eq!((measures.count, measures.peak, measures.work, measures.wall), (3, 1, Some(300.0), Some(310.0)));
    assert_eq!((rounded(measures.effective_concurrency), rounded(measures.efficiency), rounded(measures.utilisation)), (0.97, 0.32, 0.97));
    assert_eq!((rounded(measures.imbalance), rounded(measures.overhead)), (1.2, 0.03));
}

#[test]
fn one_response_is_one_batch_even_where_no_interval_is_known() {
    let mut rows = vec![dispatch(0, 1, "m", 0, 10), dispatch(1, 1, "m", 5000, 10), dispatch(2, 2, "m", 0, 10)];
    (rows[1].started, rows[1].ended) = (None, None);
    let session = Session { dispatches: rows, ..Session::default() };
    assert_eq!(batches(&session).iter().map(|batch| batch.members.clone()).collect::<Vec<_>>(), [vec![0, 1], vec![2]]);
}
