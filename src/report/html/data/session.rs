//! The lanes, claims and collisions of a session.

use super::calls::{since, write_calls, write_edits};
use super::names::Names;
use super::{count, index, list, numbers};
use crate::model::claim::ClaimKind;
use crate::model::finding::Verdict;
use crate::model::moment::Moment;
use crate::report::lane::{Bar, Known, bars, concurrency, label, moment};
use crate::report::v1::{Claim, Dispatch, Finding, Report, Session};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Write};

/// How deep lanes are indented.
const DEEPEST: i64 = 6;

/// The rule whose findings are drawn between two lanes.
const COLLISION: &str = "overlapping-edits";

/// What the parts of a session's picture have in common.
struct Scene<'r> {
    session: &'r Session,
    lanes: HashMap<&'r str, usize>,
    bars: Vec<Option<Bar>>,
    begin: Moment,
    findings: Vec<(usize, &'r Finding)>,
}

/// One session; `plan` is for its calls.
pub(super) fn write<'r>(
    out: &mut String,
    names: &mut Names<'r>,
    report: &'r Report,
    number: usize,
    session: &'r Session,
    plan: Option<usize>,
) -> fmt::Result {
    let scene = scene(report, number, session);
    let steps = concurrency(session);
    let end = moments(session, &scene.bars).max().unwrap_or(scene.begin);
    write!(out, "{{\"start\":{},\"span\":{},\"peak\":{},\"lanes\":", scene.begin.0, since(end, scene.begin), session.peak)?;
    write_lanes(out, names, &scene)?;
    out.write_str(",\"order\":")?;
    numbers(out, order(&scene).into_iter().map(|(lane, _)| count(lane)))?;
    out.write_str(",\"claims\":")?;
    list(out, session.claims.iter().enumerate(), |out, (at, claim)| write_claim(out, names, &scene, at, claim))?;
    out.write_str(",\"steps\":")?;
    numbers(out, steps.into_iter().flat_map(|(at, open)| [since(at, scene.begin), i64::from(open)]))?;
    out.write_str(",\"collisions\":")?;
    let collisions: Vec<(Vec<i64>, &str)> =
        scene.findings.iter().filter_map(|(at, finding)| collision(names, &scene, *at, finding)).collect();
    list(out, collisions.iter(), |out, (row, _)| numbers(out, row.iter().copied()))?;
    write_calls(out, names, session, scene.begin, plan)?;
    let paths: BTreeSet<&str> = collisions.iter().map(|(_, path)| *path).collect();
    write_edits(out, names, session, scene.begin, plan.map(|_| &paths))?;
    out.write_char('}')
}

fn scene<'r>(report: &'r Report, number: usize, session: &'r Session) -> Scene<'r> {
    let bars = bars(session);
    let mut lanes = HashMap::new();
    for (lane, dispatch) in session.dispatches.iter().enumerate() {
        lanes.entry(dispatch.id.as_str()).or_insert(lane);
    }
    let begin = moments(session, &bars).min().unwrap_or_default();
    let findings = report.findings.iter().enumerate().filter(|(_, finding)| finding.session == Some(number)).collect();
    Scene { session, lanes, bars, begin, findings }
}

/// Every time that the picture of a session shows.
fn moments<'r>(session: &'r Session, bars: &'r [Option<Bar>]) -> impl Iterator<Item = Moment> + 'r {
    let ends = [session.started, session.ended].into_iter().chain(session.claims.iter().map(|claim| claim.at));
    let calls = session.calls.iter().flat_map(|call| [call.started, call.ended]);
    let edits = session.dispatches.iter().flat_map(|dispatch| dispatch.edits.iter().map(|edit| edit.at));
    let bars = bars.iter().flatten().flat_map(|bar| [bar.interval.start, bar.interval.end]);
    ends.chain(calls).chain(edits).filter_map(moment).chain(bars)
}

fn write_lanes<'r>(out: &mut String, names: &mut Names<'r>, scene: &Scene<'r>) -> fmt::Result {
    let mut batches = vec![-1_i64; scene.bars.len()];
    for (number, batch) in scene.session.batches.iter().enumerate() {
        for lane in batch.dispatches.iter().filter_map(|id| scene.lanes.get(id.as_str())) {
            if let Some(free) = batches.get_mut(*lane).filter(|batch| **batch < 0) {
                *free = count(number);
            }
        }
    }
    let mut depths = vec![0_i64; scene.bars.len()];
    for (lane, depth) in order(scene) {
        if let Some(known) = depths.get_mut(lane) {
            *known = depth;
        }
    }
    let lanes = scene.session.dispatches.iter().zip(&scene.bars).zip(batches).zip(depths);
    list(out, lanes, |out, (((dispatch, bar), batch), depth)| {
        let parent = dispatch.parent.as_deref().and_then(|id| scene.lanes.get(id).copied());
        let (start, end) = bar.map_or((-1, -1), |bar| (since(bar.interval.start, scene.begin), since(bar.interval.end, scene.begin)));
        numbers(
            out,
            [
                names.number(label(dispatch)),
                names.maybe(dispatch.agent_type.as_deref()),
                index(parent),
                depth,
                batch,
                start,
                end,
                bar.map_or(-1, |bar| known(bar.known)),
                i64::from(bar.is_some_and(|bar| bar.trouble)),
                names.number(dispatch.status.word()),
                names.number(dispatch.timing.word()),
                dispatch.tool_uses.map_or(-1, i64::from),
                count(dispatch.edits.len()),
                i64::from(dispatch.background),
            ]
            .into_iter(),
        )
    })
}

/// Lanes in the order of their start, each followed by what its agent started, and how deep that is.
fn order(scene: &Scene<'_>) -> Vec<(usize, i64)> {
    let start = |lane: &usize| (scene.bars.get(*lane).copied().flatten().map_or(i64::MAX, |bar| bar.interval.start.0), *lane);
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (lane, dispatch) in scene.session.dispatches.iter().enumerate() {
        let parent = dispatch.parent.as_deref().and_then(|id| scene.lanes.get(id).copied()).filter(|parent| *parent != lane);
        children.entry(parent).or_default().push(lane);
    }
    for lanes in children.values_mut() {
        // The last one is the next one.
        lanes.sort_by_key(|lane| std::cmp::Reverse(start(lane)));
    }
    let (mut seen, mut order) = (vec![false; scene.bars.len()], Vec::new());
    let mut open: Vec<(usize, i64)> = children.remove(&None).unwrap_or_default().into_iter().map(|lane| (lane, 0)).collect();
    // What a log makes its own ancestor hangs from no root; it is shown all the same.
    let rings: Vec<(usize, i64)> = (0..scene.bars.len()).rev().map(|lane| (lane, 0)).collect();
    for mut rest in [std::mem::take(&mut open), rings] {
        while let Some((lane, depth)) = rest.pop() {
            if let Some(seen) = seen.get_mut(lane).filter(|seen| !**seen) {
                *seen = true;
                order.push((lane, depth));
                rest.extend(children.remove(&Some(lane)).unwrap_or_default().into_iter().map(|child| (child, (depth + 1).min(DEEPEST))));
            }
        }
    }
    order
}

fn write_claim<'r>(out: &mut String, names: &mut Names<'r>, scene: &Scene<'r>, number: usize, claim: &'r Claim) -> fmt::Result {
    let finding = scene.findings.iter().find(|(_, finding)| finding.claim == Some(number));
    let batch = claim.batch.and_then(|batch| scene.session.batches.get(batch));
    // What contradicts a claim may be more than its batch: agents in turn are a batch each.
    let ids = batch.map(|batch| &batch.dispatches).into_iter().chain(finding.map(|(_, finding)| &finding.dispatches));
    let lanes: BTreeSet<usize> = ids.flatten().filter_map(|id| scene.lanes.get(id.as_str()).copied()).collect();
    let at = moment(claim.at);
    let bars = || lanes.iter().filter_map(|lane| scene.bars.get(*lane).copied().flatten());
    let first = bars().map(|bar| bar.interval.start).min();
    let last = bars().map(|bar| bar.interval.end).max();
    // What is claimed holds from the claim on; after the fact, while they ran. What is said to be now does not hold before.
    let is_now = claim.kind == ClaimKind::Present && at <= last;
    let from = first.map(|first| at.map_or(first, |at| if is_now { at } else { at.min(first) }));
    let place = |moment: Option<Moment>| moment.map_or(-1, |moment| since(moment, scene.begin));
    write!(
        out,
        "[{},{},{},{},{},",
        place(at),
        names.number(verdict(claim, finding.is_some())),
        names.number(&claim.text),
        names.number(&claim.why),
        claim.agents.map_or(-1, i64::from)
    )?;
    match claim.speedup.filter(|speedup| speedup.is_finite()) {
        Some(speedup) => write!(out, "{speedup}")?,
        None => out.write_str("-1")?,
    }
    write!(out, ",{},{},{},", index(finding.map(|(at, _)| *at)), place(from), place(last))?;
    numbers(out, lanes.into_iter().map(count))?;
    out.write_char(']')
}

/// The word for a claim's flag: what only may be a claim, and so is no finding, stands there as such.
fn verdict(claim: &Claim, is_found: bool) -> &'static str {
    match claim.verdict {
        Verdict::Contradicted | Verdict::Unbacked | Verdict::Overstated if !claim.certain && !is_found => "doubtful",
        verdict => verdict.word(),
    }
}

/// A line between the first edits of one path in two lanes, and the path.
fn collision<'r>(names: &mut Names<'r>, scene: &Scene<'r>, number: usize, finding: &'r Finding) -> Option<(Vec<i64>, &'r str)> {
    let path = finding.paths.first().filter(|_| finding.rule == COLLISION)?;
    let mut row = vec![count(number), names.number(finding.severity.word()), names.number(path)];
    let lanes = finding.dispatches.iter().filter_map(|id| scene.lanes.get(id.as_str()).copied());
    for lane in lanes.take(2) {
        row.extend([count(lane), since(edited(scene.session.dispatches.get(lane)?, path).or(middle(scene, lane))?, scene.begin)]);
    }
    (row.len() == 7).then_some((row, path.as_str()))
}

fn edited(dispatch: &Dispatch, path: &str) -> Option<Moment> {
    dispatch.edits.iter().filter(|edit| edit.path == path).filter_map(|edit| moment(edit.at)).min()
}

fn middle(scene: &Scene<'_>, lane: usize) -> Option<Moment> {
    let interval = scene.bars.get(lane).copied().flatten()?.interval;
    Some(interval.start.plus(since(interval.end, interval.start) / 2))
}

fn known(known: Known) -> i64 {
    match known {
        Known::Bounds => 0,
        Known::Open => 1,
        Known::Point => 2,
        Known::Exactly => 3,
    }
}
