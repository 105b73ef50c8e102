//! A wave began before all tasks of the one before had ended.

use super::{graph, points, waves};
use crate::model::finding::{Finding, Location, Related, Severity};
use crate::model::moment::Moment;
use crate::model::session::Dispatch;
use crate::rules::evidence::by_start;
use crate::rules::{Check, Context, RepositoryContext, Rule, Subject};
use crate::timeline::{known, may_have_run, ran};
use regex::Regex;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(in crate::rules) const RULE: Rule = Rule {
    name: "unsynchronised",
    family: "phases",
    severity: Severity::Error,
    summary: "a phase or wave that began before the one before had ended; a synchronisation point passed over",
    document: include_str!("unsynchronised.md"),
    checks: &[Check::Session(check), Check::Repository(repository)],
    needs: &[&[Subject::Waves], &[Subject::Phases]],
};

/// What state files say of phases, waves and groups.
fn repository(context: &RepositoryContext<'_>) -> Vec<Finding> {
    [points::check(context), waves::check(context), graph::check(context)].concat()
}

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut threads: BTreeMap<usize, Vec<(u32, usize)>> = BTreeMap::new();
    for (index, dispatch) in context.session.dispatches.iter().enumerate() {
        if let Some(wave) = dispatch.description.as_deref().and_then(wave_of) {
            threads.entry(dispatch.transcript).or_default().push((wave, index));
        }
    }
    threads.into_values().flat_map(|members| series(context, members)).flat_map(|waves| in_series(context, &waves)).collect()
}

/// Cuts the waves of a thread into series. Another feature, or a repair, counts from 1 again: where a wave with a lower
/// number begins after all that was sent before has ended, a new series begins.
fn series(context: &Context<'_>, mut members: Vec<(u32, usize)>) -> Vec<BTreeMap<u32, Vec<usize>>> {
    let dispatch = |index: usize| &context.session.dispatches[index];
    members.sort_by_key(|(_, index)| (began(dispatch(*index)), dispatch(*index).line));
    let mut all: Vec<BTreeMap<u32, Vec<usize>>> = Vec::new();
    let (mut highest, mut ended) = (u32::MAX, None);
    for (wave, index) in members {
        let one = dispatch(index);
        let begun = began(one);
        if all.is_empty() || (wave < highest && begun >= ended) {
            all.push(BTreeMap::new());
            (highest, ended) = (wave, None);
        }
        highest = highest.max(wave);
        ended = ended.max(one.extent.map_or(one.ended.or(one.returned), |_| may_have_run(one).map(|stretch| stretch.end)));
        if let Some(series) = all.last_mut() {
            series.entry(wave).or_default().push(index);
        }
    }
    all
}

/// When a dispatch began: by the clock, or in a text by its lines.
fn began(dispatch: &Dispatch) -> Option<Moment> {
    match dispatch.extent {
        Some(_) => may_have_run(dispatch).map(|stretch| stretch.start),
        None => dispatch.started.or(dispatch.requested),
    }
}

/// The number in "Wave 2: …". A range ("waves 1-3") names no single wave.
fn wave_of(description: &str) -> Option<u32> {
    static WAVE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bwave[ _-]?#?([0-9]{1,3})\b").ok());
    WAVE.as_ref()?.captures(description)?.get(1)?.as_str().parse().ok()
}

fn in_series(context: &Context<'_>, waves: &BTreeMap<u32, Vec<usize>>) -> Vec<Finding> {
    let waves: Vec<(&u32, &Vec<usize>)> = waves.iter().collect();
    let dispatch = |index: usize| &context.session.dispatches[index];
    let mut findings = Vec::new();
    for pair in waves.windows(2) {
        let [(earlier, before), (later, after)] = pair else { continue };
        // Proof needs both intervals: one of the later wave began while one of the earlier was still at work.
        let first =
            after.iter().copied().filter_map(|index| Some((known(dispatch(index))?, index))).min_by_key(|(stretch, _)| stretch.start);
        let last = before.iter().copied().filter_map(|index| Some((known(dispatch(index))?, index))).max_by_key(|(stretch, _)| stretch.end);
        if let (Some((began, first)), Some((ran, last))) = (first, last)
            && began.start < ran.end
        {
            findings.push(finding(context, (**earlier, last), (**later, first)));
        }
    }
    findings
}

fn finding(context: &Context<'_>, (earlier, last): (u32, usize), (later, first): (u32, usize)) -> Finding {
    let (last_one, first_one) = (&context.session.dispatches[last], &context.session.dispatches[first]);
    let path = |dispatch: &Dispatch| context.session.transcripts[dispatch.transcript].path.clone();
    let early = ran(last_one).zip(ran(first_one)).map(|(last, first)| last.end.seconds_since(first.start));
    let by = early.map(|early| format!(" {early:.0} s")).unwrap_or_default();
    let mut evidence = serde_json::Map::new();
    evidence.insert("waves".to_owned(), json!([earlier, later]));
    if let Some(early) = early {
        evidence.insert("early_seconds".to_owned(), json!(early));
    }
    Finding {
        rule: RULE.name,
        severity: RULE.severity,
        verdict: None,
        message: format!("wave {later} began{by} before wave {earlier} had ended"),
        location: Location { path: path(first_one), line: Some(first_one.line) },
        related: vec![Related {
            location: Location { path: path(last_one), line: Some(last_one.line) },
            message: format!("this task of wave {earlier} was still running: {}", last_one.description.as_deref().unwrap_or(&last_one.id)),
        }],
        excerpts: Vec::new(),
        agents: [last_one, first_one].into_iter().filter_map(|dispatch| dispatch.agent.clone()).collect(),
        paths: Vec::new(),
        evidence,
        help: format!("wait for all results of wave {earlier} before you send wave {later}"),
        identity: format!("{}\n{}\n{}", RULE.name, last_one.id, first_one.id),
        session: Some(context.index),
        claim: None,
        dispatches: by_start(context, &[last, first]),
    }
}

#[cfg(test)]
mod tests {
    use super::wave_of;

    #[test]
    fn waves_are_read_from_descriptions() {
        assert_eq!(wave_of("Wave 2: repository builder"), Some(2));
        assert_eq!(wave_of("[wave-12] cache"), Some(12));
        assert_eq!(wave_of("Fix waveform 3 display"), None);
        assert_eq!(wave_of("microwave 3"), None);
        assert_eq!(wave_of("Plan the waves"), None);
    }
}
