//! The sweep says of each window what connecting its dispatches anew says.

use super::*;
use crate::model::session::{Extent, Transcript};
use crate::timeline::{Batch, batches, connect, measure, peak};
use proptest::prelude::*;

fn met(need: u32, count: usize, peak: u32) -> bool {
    count as u64 >= u64::from(need) && peak >= 2 && u64::from(peak) * 2 > u64::from(need)
}

/// What is to be known of a window, told the long way.
fn told_anew(session: &Session, all: &[Batch], list: &[usize]) -> Told {
    let each = || list.iter().map(|index| &session.dispatches[*index]);
    let peak_of = |members: &[usize], interval: fn(&Dispatch) -> Option<Interval>| {
        peak(&members.iter().filter_map(|index| interval(&session.dispatches[*index])).collect::<Vec<_>>())
    };
    let most = |interval: fn(&Dispatch) -> Option<Interval>| {
        let groups = connect(&session.dispatches, list, interval);
        let proves = |need: &u32| groups.iter().any(|group| met(*need, group.len(), peak_of(group, interval)));
        (2..200).filter(proves).max().map_or(0, u64::from)
    };
    let responses: FxHashSet<&str> = each().filter_map(|dispatch| dispatch.response.as_deref()).collect();
    let shared = |batch: &Batch| batch.members.iter().filter(|index| list.contains(index)).count();
    let counted = all.iter().enumerate().map(|(number, batch)| (shared(batch), Reverse(number)));
    let measures = measure(&each().collect::<Vec<_>>());
    Told {
        proves: most(known),
        may_prove: most(may_have_run),
        known_peak: peak_of(list, known),
        possible_peak: peak_of(list, may_have_run),
        ran: each().filter(|dispatch| known(dispatch).is_some() || dispatch.status == Status::Completed || super::began(dispatch)).count(),
        responses: responses.len() as u32,
        stopped: each().find_map(|dispatch| match dispatch.status {
            Status::Rejected => Some("the user rejected a dispatch"),
            Status::Interrupted => Some("the user interrupted a dispatch"),
            _ => None,
        }),
        without_result: each().any(|dispatch| dispatch.status == Status::NoResult && dispatch.extent.is_none()),
        batch: counted.max().filter(|(count, _)| *count > 0).map(|(_, Reverse(number))| number),
        effective_concurrency: measures.effective_concurrency.filter(|_| measures.timed == measures.count),
    }
}

fn dispatch() -> impl Strategy<Value = Dispatch> {
    let statuses =
        [Status::Completed, Status::Completed, Status::Running, Status::NoResult, Status::Failed, Status::Rejected, Status::Interrupted];
    let times = (0i64..30, 0i64..12, any::<bool>(), any::<bool>());
    (times, prop::sample::select(statuses.to_vec()), 0u32..3, prop::option::of(0u8..6), prop::option::of((0u64..5, 0u64..5))).prop_map(
        |((start, length, has_start, has_end), status, turn, response, lines)| {
            let begin = start as u64;
            Dispatch {
                requested: Some(Moment(start)),
                returned: has_end.then_some(Moment(start + length)),
                started: has_start.then_some(Moment(start)),
                ended: has_end.then_some(Moment(start + length)),
                extent: lines.map(|(sure, more)| Extent { surely: (begin, begin + sure), possibly: (begin, begin + sure + more) }),
                status,
                turn,
                response: response.map(|number| format!("r{number}")),
                ..blank()
            }
        },
    )
}

fn blank() -> Dispatch {
    Dispatch {
        id: String::new(),
        agent: None,
        agent_type: None,
        description: None,
        parent: None,
        transcript: 0,
        response: None,
        turn: 0,
        line: 0,
        requested: None,
        returned: None,
        started: None,
        ended: None,
        extent: None,
        duration: None,
        timing: crate::model::session::Timing::None,
        status: Status::Completed,
        background: false,
        tool_uses: None,
        edits: Vec::new(),
        worktree: None,
    }
}

proptest! {
    #[test]
    fn each_window_is_told_as_if_it_were_the_only_one(dispatches in prop::collection::vec(dispatch(), 0..14)) {
        let session = Session { dispatches, transcripts: vec![Transcript::default()], ..Session::default() };
        let all = batches(&session);
        let batch_of = all.iter().enumerate().flat_map(|(number, batch)| batch.members.iter().map(move |member| (*member, number))).collect();
        let list: Vec<usize> = (0..session.dispatches.len()).collect();
        for (count, told) in beginnings(&session, &batch_of, &list).into_iter().enumerate() {
            prop_assert_eq!(told, told_anew(&session, &all, &list[..count]));
        }
        for (without, told) in ends(&session, &batch_of, &list).into_iter().enumerate() {
            prop_assert_eq!(told, told_anew(&session, &all, &list[without..]));
        }
    }
}
