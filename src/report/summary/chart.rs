//! The timeline of a session as a Mermaid gantt: a section for each batch, a bar for each agent, a diamond for each claim.
//!
//! Only an interval that is known exactly is a bar without a remark; bounds say that they are bounds; what has no end in the log
//! is the moment of its call; what has no time at all is named below.

use super::markdown::{CELL, Scribe};
use super::section::Section;
use crate::model::finding::Verdict;
use crate::model::moment::Moment;
use crate::report::human::clock::duration;
use crate::report::human::count;
use crate::report::lane::{self, Known};
use crate::report::v1::{Claim, Dispatch, Session};
use rustc_hash::FxHashMap;

/// GitHub draws each chart in a page of its own, and Mermaid draws none of more than 50,000 characters.
const MOST_CHARTS: usize = 10;
const MOST_TASKS: usize = 100;
const MOST_CLAIMS: usize = 30;
/// Characters of a name: the bar is beneath it.
const NAME: usize = 60;
/// As many sessions are all drawn; of more only those with findings.
const FEW: usize = 3;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A chart for each session that has something to show.
pub(super) fn sections(scribe: Scribe<'_>) -> Vec<Section> {
    let sessions = scribe.report.sessions.as_deref().unwrap_or_default();
    let has_findings = |index: usize| scribe.report.findings.iter().any(|finding| finding.session == Some(index));
    let shown = sessions.iter().enumerate().filter(|(_, session)| !session.dispatches.is_empty());
    let shown: Vec<&Session> =
        shown.filter(|(index, _)| sessions.len() <= FEW || has_findings(*index)).map(|(_, session)| session).collect();
    let mut sections: Vec<Section> = shown.iter().take(MOST_CHARTS).map(|session| chart(scribe, session)).collect();
    if let Some(more) = shown.len().checked_sub(MOST_CHARTS).filter(|more| *more > 0) {
        let has = if more == 1 { "has" } else { "have" };
        let head = format!(
            "\n{} with findings {has} no chart here; `--format json` or `--verbose` has all timelines.\n",
            count(more as u64, "more session", "more sessions")
        );
        sections.push(Section { head, called: ("line", "lines"), ..Section::default() });
    }
    sections
}

/// One line of a chart.
#[derive(Debug)]
struct Task {
    section: String,
    name: String,
    tags: Vec<&'static str>,
    start: Moment,
    end: Moment,
    is_at_most: bool,
}

fn chart(scribe: Scribe<'_>, session: &Session) -> Section {
    let (mut tasks, mut timeless) = dispatches(scribe, session);
    let drawn = tasks.len().min(MOST_TASKS);
    let more = tasks.len() - drawn;
    tasks.truncate(drawn);
    let (claims, timeless_claims) = claims(scribe, session);
    let more_claims = claims.len().saturating_sub(MOST_CLAIMS);
    timeless.extend(timeless_claims);
    let is_drawn = !tasks.is_empty();
    tasks.extend(claims.into_iter().take(MOST_CLAIMS));
    let mut head = format!("\n#### Session {} ({})\n", scribe.text(&session.id, NAME), super::findings::path(scribe, &session.path));
    if is_drawn {
        head.push_str(&format!("\n{}\n", caption(session, &tasks)));
        head.push_str(&mermaid(&tasks));
    } else {
        head.push_str(&no_chart(session));
    }
    let left = [(more, "more dispatch is", "more dispatches are"), (more_claims, "more claim is", "more claims are")];
    for (number, one, many) in left.into_iter().filter(|(number, _, _)| *number > 0 && is_drawn) {
        head.push_str(&format!("\n{} not drawn; `--format json` or `--verbose` has all of them.\n", count(number as u64, one, many)));
    }
    if !timeless.is_empty() {
        head.push_str("\nWithout a time:\n\n");
    }
    let rows = timeless.into_iter().map(|name| format!("- {name}\n")).collect();
    Section { head, rows, foot: String::new(), called: ("of them", "of them") }
}

fn no_chart(session: &Session) -> String {
    if !session.is_text() {
        return "\nThere is no chart: the log has no times for its agents.\n".to_owned();
    }
    let dispatches = count(session.dispatches.len() as u64, "dispatch", "dispatches");
    format!("\n{dispatches}, peak {} by the order of the text. There is no chart: a text has no clock.\n", session.text_peak())
}

/// What the eye cannot tell: which clock it is, and what the remarks mean.
fn caption(session: &Session, tasks: &[Task]) -> String {
    let numbers = format!("{}, peak {}", count(session.dispatches.len() as u64, "dispatch", "dispatches"), session.peak);
    let begin = tasks.iter().map(|task| task.start).min().unwrap_or_default();
    let bounds = match tasks.iter().any(|task| task.is_at_most) {
        true => " What is marked (at most) ran somewhere within its bar.",
        false => "",
    };
    format!("{numbers}. The chart begins at {begin} and shows the time of your browser's zone.{bounds}")
}

/// The dispatches by batch and turn, and the names of those without a time.
fn dispatches(scribe: Scribe<'_>, session: &Session) -> (Vec<Task>, Vec<String>) {
    let mut batch_of: FxHashMap<&str, usize> = FxHashMap::default();
    for (batch, ids) in session.batches.iter().map(|batch| &batch.dispatches).enumerate() {
        ids.iter().for_each(|id| {
            batch_of.entry(id).or_insert(batch);
        });
    }
    let mut timeless = Vec::new();
    let mut timed = Vec::new();
    for (dispatch, bar) in session.dispatches.iter().zip(lane::bars(session)) {
        match bar.filter(|bar| is_drawable(bar.interval.start)) {
            Some(bar) => timed.push((batch_of.get(dispatch.id.as_str()).copied(), dispatch, bar)),
            None => {
                let took =
                    dispatch.duration.map(|seconds| format!(" ({})", duration((seconds * 1000.0).round() as i64))).unwrap_or_default();
                timeless.push(scribe.text(lane::label(dispatch), CELL) + &took);
            }
        }
    }
    timed.sort_by_key(|(batch, dispatch, bar)| (batch.unwrap_or(usize::MAX), dispatch.turn, bar.interval.start));
    let tasks = timed.iter().enumerate().map(|(index, (batch, dispatch, bar))| {
        let (mut tags, mut end) = (Vec::new(), bar.interval.end);
        if bar.trouble {
            tags.push("crit");
        }
        match bar.known {
            Known::Exactly => {}
            Known::Bounds => tags.push("active"),
            Known::Open | Known::Point => {
                tags.push("milestone");
                end = bar.interval.start;
            }
        }
        let remarks = [lane::trouble(dispatch.status), remark(bar.known, dispatch)];
        let remarks: Vec<&str> = remarks.into_iter().flatten().collect();
        let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(") (")) };
        Task {
            section: section(*batch, dispatch.turn),
            // The number keeps a name from being read as a word of Mermaid's, such as `title` or `click`.
            name: format!("{} {}{remarks}", index + 1, plain(scribe, lane::label(dispatch), "agent")),
            tags,
            start: bar.interval.start,
            end,
            is_at_most: bar.known == Known::Bounds,
        }
    });
    (tasks.collect(), timeless)
}

fn remark(known: Known, dispatch: &Dispatch) -> Option<&'static str> {
    match known {
        Known::Exactly => None,
        Known::Bounds => Some("at most"),
        Known::Open => Some("no end known"),
        Known::Point => lane::trouble(dispatch.status).is_none().then_some("no duration known"),
    }
}

fn section(batch: Option<usize>, turn: u32) -> String {
    let turn = if turn == 0 { "before the first prompt".to_owned() } else { format!("turn {turn}") };
    batch.map_or_else(|| turn.clone(), |batch| format!("batch {}, {turn}", batch + 1))
}

/// The claims, and the names of those without a time.
fn claims(scribe: Scribe<'_>, session: &Session) -> (Vec<Task>, Vec<String>) {
    let mut timeless = Vec::new();
    let mut tasks = Vec::new();
    for claim in &session.claims {
        let line = session.line(claim.line).map(|line| format!(" in line {line}")).unwrap_or_default();
        let name = format!("claim{line}, {}", claim.verdict.word());
        match lane::moment(claim.at).filter(|at| is_drawable(*at)) {
            Some(at) => tasks.push(Task {
                section: "claims".to_owned(),
                name: format!("{} {}", name.replace(',', ""), plain(scribe, &claim.text, "")).trim_end().to_owned(),
                tags: if is_wrong(claim) { vec!["crit", "milestone"] } else { vec!["milestone"] },
                start: at,
                end: at,
                is_at_most: false,
            }),
            None => timeless.push(name),
        }
    }
    (tasks, timeless)
}

fn is_wrong(claim: &Claim) -> bool {
    matches!(claim.verdict, Verdict::Contradicted | Verdict::Unbacked | Verdict::Overstated)
}

/// Mermaid reads digits alone as a time.
fn is_drawable(moment: Moment) -> bool {
    moment.0 >= 0
}

/// `raw` in letters that mean nothing to Mermaid; `otherwise` where none is left.
fn plain(scribe: Scribe<'_>, raw: &str, otherwise: &str) -> String {
    let is_harmless = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | '/' | '+');
    let clean = scribe.clean(raw, CELL);
    let kept: String = clean.chars().map(|letter| if is_harmless(letter) { letter } else { ' ' }).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    // The sign for what was cut off is not of Mermaid's letters, but harmless there.
    let kept = crate::report::text::clip(&kept, NAME, scribe.context.style.unicode).into_owned();
    if kept.is_empty() { otherwise.to_owned() } else { kept }
}

fn mermaid(tasks: &[Task]) -> String {
    let first = tasks.iter().map(|task| task.start).min().unwrap_or_default();
    let last = tasks.iter().map(|task| task.end).max().unwrap_or_default();
    let axis = match last.0.saturating_sub(first.0) {
        span if span < 10 * MINUTE => "%H:%M:%S",
        span if span < DAY => "%H:%M",
        _ => "%m-%d %H:%M",
    };
    let mut text = format!("\n```mermaid\ngantt\n    dateFormat x\n    axisFormat {axis}\n    todayMarker off\n");
    let mut section = "";
    for task in tasks {
        if task.section != section {
            section = &task.section;
            text.push_str(&format!("    section {section}\n"));
        }
        let tags: String = task.tags.iter().map(|tag| format!("{tag}, ")).collect();
        text.push_str(&format!("    {} :{tags}{}, {}\n", task.name, task.start.0, task.end.0));
    }
    text.push_str("```\n");
    text
}
