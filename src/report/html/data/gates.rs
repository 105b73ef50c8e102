//! Gates as lanes.

use super::calls::since;
use super::names::Names;
use super::{count, list, numbers};
use crate::model::moment::Moment;
use crate::report::lane::{moment, steps};
use crate::report::v1::{Gate, GatesSummary};
use std::collections::{BTreeSet, HashMap};
use std::fmt::{self, Write};

/// How long after the start of the next gate the end of the last one may be written, in milliseconds.
const HAND_OVER: i64 = 20;

/// A gate that took less than this may well be beside another for all of it.
const SHORT: i64 = 10 * HAND_OVER;

/// The gates of a run.
pub(super) fn write<'r>(out: &mut String, names: &mut Names<'r>, gates: &'r [Gate], summary: Option<&'r GatesSummary>) -> fmt::Result {
    let spans: Vec<Option<(Moment, Moment)>> = gates.iter().map(span).collect();
    let begin = spans.iter().flatten().map(|span| span.0).min().unwrap_or_default();
    let end = spans.iter().flatten().map(|span| span.1).max().unwrap_or(begin);
    let open = steps(handed_over(spans.iter().flatten().copied().collect()).into_iter());
    let peak = open.iter().map(|step| step.1).max().unwrap_or_default();
    let resource = names.maybe(summary.and_then(|summary| summary.critical_resource.as_deref()));
    write!(out, "{{\"start\":{},\"span\":{},\"peak\":{peak},\"resource\":{resource}", begin.0, since(end, begin))?;
    write!(out, ",\"wall\":{}", summary.map_or(0, |summary| milliseconds(summary.wall)))?;
    let effective = summary.and_then(|summary| summary.effective_concurrency).filter(|effective| effective.is_finite());
    write!(out, ",\"effective\":{},\"lanes\":", effective.unwrap_or(-1.0))?;
    let critical: BTreeSet<&str> = summary.iter().flat_map(|summary| &summary.critical_gates).map(String::as_str).collect();
    let lanes: HashMap<&str, usize> = gates.iter().enumerate().map(|(lane, gate)| (gate.name.as_str(), lane)).collect();
    list(out, gates.iter().zip(&spans), |out, (gate, span)| {
        let place = |moment: Option<Moment>| moment.map_or(-1, |moment| since(moment, begin));
        let row = [
            names.number(&gate.name),
            names.number(gate.status.word()),
            names.maybe(gate.why.as_deref()),
            place(span.map(|span| span.0)),
            place(span.map(|span| span.1)),
            i64::from(critical.contains(gate.name.as_str())),
            i64::from(gate.attempts),
            i64::from(gate.cached),
            gate.exit_code.map_or(-1, i64::from),
        ];
        out.push('[');
        for number in row {
            write!(out, "{number},")?;
        }
        numbers(out, gate.needs.iter().filter_map(|need| lanes.get(need.as_str())).map(|lane| count(*lane)))?;
        out.write_char(']')
    })?;
    let mut order: Vec<usize> = (0..gates.len()).collect();
    order.sort_by_key(|lane| spans.get(*lane).copied().flatten().map_or(i64::MAX, |span| span.0.0));
    out.write_str(",\"order\":")?;
    numbers(out, order.into_iter().map(count))?;
    out.write_str(",\"steps\":")?;
    numbers(out, open.into_iter().flat_map(|(at, open)| [since(at, begin), i64::from(open)]))?;
    out.write_char('}')
}

/// Where a gate began a moment before the end of another, it took its place: the end is noticed after it, and written later still.
fn handed_over(spans: Vec<(Moment, Moment)>) -> Vec<(Moment, Moment)> {
    let mut starts: Vec<Moment> = spans.iter().map(|span| span.0).collect();
    starts.sort_unstable();
    let end = |(start, end): (Moment, Moment)| {
        if end.0.saturating_sub(start.0) < SHORT {
            return (start, end);
        }
        let next = starts.partition_point(|other| *other <= start.max(end.plus(-HAND_OVER)));
        (start, starts.get(next).map_or(end, |next| end.min(*next)))
    };
    spans.into_iter().map(end).collect()
}

fn span(gate: &Gate) -> Option<(Moment, Moment)> {
    let start = moment(gate.started)?;
    Some((start, start.plus(milliseconds(gate.wall?))))
}

/// What is no number, or negative, is none at all.
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round().max(0.0) as i64
}

#[cfg(test)]
mod tests {
    use super::{handed_over, steps};
    use crate::model::moment::Moment;

    fn highest(spans: &[(i64, i64)]) -> u32 {
        let spans = spans.iter().map(|(start, end)| (Moment(*start), Moment(*end))).collect();
        steps(handed_over(spans).into_iter()).iter().map(|step| step.1).max().unwrap_or_default()
    }

    #[test]
    fn a_gate_that_takes_the_place_of_another_is_not_beside_it() {
        assert_eq!(highest(&[(0, 1_005), (1_000, 2_000)]), 1);
        assert_eq!(highest(&[(0, 1_000), (500, 2_000)]), 2);
        assert_eq!(highest(&[(0, 10), (0, 12), (1, 9)]), 3, "what is short is not cut");
        assert_eq!(highest(&[(5, 5)]), 0);
    }
}
