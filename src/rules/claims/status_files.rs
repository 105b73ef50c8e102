//! Progress files on disk, held against themselves and against the sessions that were read with them.

use super::status_mismatch::RULE;
use crate::audit::Audited;
use crate::model::finding::{Finding, Severity};
use crate::model::mark::Mark;
use crate::model::session::{Clock, Status};
use crate::model::state::{ParallelStatus, ProgressPage, ProgressWave, Task, TaskStatus, WaveState};
use crate::rules::RepositoryContext;
use crate::rules::evidence::rounded;
use crate::rules::tell::{count, place, prove, show};
use std::collections::BTreeMap;

/// A speed-up may be claimed that is so much above what was measured.
const TOLERANCE: f64 = 1.2;

pub(super) fn check(context: &RepositoryContext<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(page) = &context.state.progress {
        found.extend(counted_otherwise(page));
        found.extend(page.waves.iter().filter_map(done_with_open_boxes));
        found.extend(speedup(page, context.sessions));
    }
    if let Some(status) = &context.state.status {
        found.extend(more_than_finished(status, context.sessions));
        found.extend(status.tasks.iter().filter_map(|task| completed_before_started(status, task)));
    }
    found
}

fn new(mark: &Mark, message: String, identity: &str, label: impl Into<String>) -> Finding {
    let identity = format!("{}\n{}\n{identity}", RULE.name, mark.path);
    let mut finding = Finding::new(RULE.name, RULE.severity, message, place(mark), identity);
    show(&mut finding, mark, label);
    finding
}

/// What the boxes of a page say: how many tasks are done at least and at most. Boxes may stand for steps of one task, so a
/// lower number proves nothing unless they are tasks by name; a wave without boxes counts as its heading says.
struct Boxes {
    at_least: u32,
    at_most: Option<u32>,
    tasks: u32,
}

fn boxes(page: &ProgressPage) -> Boxes {
    let mut counted = Boxes { at_least: 0, at_most: Some(0), tasks: 0 };
    for wave in &page.waves {
        let ticked = number(wave.boxes.iter().filter(|one| one.value.0).count());
        let named = |one: &&crate::model::mark::Located<(bool, String)>| is_task(&one.value.1);
        counted.at_least += number(wave.boxes.iter().filter(named).filter(|one| one.value.0).count());
        counted.tasks += number(wave.boxes.iter().filter(named).count());
        let most = match (wave.boxes.is_empty(), wave.state) {
            (false, Some(WaveState::Done)) => Some(wave.tasks.unwrap_or(0).max(ticked)),
            (false, _) => Some(ticked),
            (true, Some(WaveState::Waiting)) => Some(0),
            (true, _) => wave.tasks,
        };
        counted.at_most = counted.at_most.zip(most).map(|(sum, most)| sum.saturating_add(most));
    }
    counted
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// "Task 3: Event Architect"
fn is_task(text: &str) -> bool {
    text.trim_start_matches(|character: char| !character.is_alphanumeric()).get(..4).is_some_and(|word| word.eq_ignore_ascii_case("task"))
}

fn counted_otherwise(page: &ProgressPage) -> Option<Finding> {
    let said = page.completed.as_ref().filter(|_| page.waves.iter().any(|wave| !wave.boxes.is_empty()))?;
    let (completed, all) = said.value;
    let counted = boxes(page);
    let why = if let Some(most) = counted.at_most.filter(|most| completed > *most) {
        format!("{} ticked", if most == 1 { "1 box is".to_owned() } else { format!("{most} boxes are") })
    } else if completed < counted.at_least {
        format!("{} ticked", if counted.at_least == 1 { "1 task is".to_owned() } else { format!("{} tasks are", counted.at_least) })
    } else if let Some(all) = all.filter(|all| *all < counted.tasks) {
        format!("it lists {}, and not {all}", count(counted.tasks as usize, "task"))
    } else {
        return None;
    };
    let text = all.map_or_else(|| completed.to_string(), |all| format!("{completed}/{all}"));
    let message = format!("{} says that {text} tasks are completed; {why}", page.path);
    let mut finding = new(&said.mark, message, "completed", why);
    prove(&mut finding, "completed", completed);
    prove(&mut finding, "ticked", counted.at_most.unwrap_or(counted.at_least));
    finding.paths = vec![page.path.clone()];
    finding.help = "count what is done, and tick it".to_owned();
    Some(finding)
}

fn done_with_open_boxes(wave: &ProgressWave) -> Option<Finding> {
    let open = wave.boxes.iter().filter(|one| !one.value.0).collect::<Vec<_>>();
    let first = open.first().filter(|_| wave.state == Some(WaveState::Done))?;
    let number = wave.wave.value;
    let message = format!(
        "wave {number} is called done, but {} not ticked",
        match open.len() {
            1 => "1 box is".to_owned(),
            many => format!("{many} boxes are"),
        }
    );
    let mut finding = new(&wave.wave.mark, message, &format!("wave {number}"), "called done");
    show(&mut finding, &first.mark, "not ticked");
    prove(&mut finding, "wave", number);
    prove(&mut finding, "open_boxes", open.len());
    finding.paths = vec![wave.wave.mark.path.to_string()];
    finding.help = format!("finish wave {number}, or say that it is not done");
    Some(finding)
}

/// Whether one of the sessions wrote a file, so that it speaks of that session.
fn wrote(sessions: &[Audited], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_it = |other: &str| other == path || other.rsplit('/').next() == Some(name);
    let transcripts = || sessions.iter().flat_map(|audited| &audited.session.transcripts);
    transcripts().any(|one| one.reports.iter().any(|report| is_it(&report.path)) || one.edits.iter().any(|edit| is_it(&edit.path)))
}

/// A speed-up above what the best batch reached. Only where every batch was timed is it known which one is best.
fn speedup(page: &ProgressPage, sessions: &[Audited]) -> Option<Finding> {
    let said = page.speedup.as_ref()?;
    let batches = || sessions.iter().flat_map(|audited| &audited.batches);
    if batches().any(|batch| batch.measures.timed < batch.measures.count) {
        return None;
    }
    let best = batches().filter_map(|batch| batch.measures.effective_concurrency).reduce(f64::max)?;
    if said.value.is_nan() || said.value <= best * TOLERANCE {
        return None;
    }
    let message = format!("{} says that the work was {}x as fast; the best batch of agents did {:.1} at once", page.path, said.value, best);
    let mut finding = new(&said.mark, message, "speedup", format!("measured {best:.1}"));
    // The page may tell of work that no session here has seen.
    finding.severity = if wrote(sessions, &page.path) { RULE.severity } else { Severity::Note };
    prove(&mut finding, "speedup", said.value);
    prove(&mut finding, "effective_concurrency", rounded(best));
    finding.paths = vec![page.path.clone()];
    finding.help = "report what was measured: work divided by wall time".to_owned();
    Some(finding)
}

/// More tasks completed in the time of the sessions than agents finished in them.
fn more_than_finished(status: &ParallelStatus, sessions: &[Audited]) -> Option<Finding> {
    // A text may be a piece of what happened, and print no ends.
    let has_texts = sessions.iter().any(|audited| audited.session.clock == Clock::Lines);
    if sessions.is_empty() || has_texts {
        return None;
    }
    let own = wrote(sessions, &status.path);
    let is_within = |task: &Task| match &task.completed {
        None => own,
        Some(at) => sessions.iter().any(|audited| {
            let (started, ended) = (audited.session.started, audited.session.ended);
            started.zip(ended).is_some_and(|(started, ended)| started <= at.value && at.value <= ended)
        }),
    };
    let completed: BTreeMap<&str, &Task> = status
        .tasks
        .iter()
        .filter(|task| task.status.value == TaskStatus::Completed && is_within(task))
        .map(|task| (task.id.value.as_str(), task))
        .collect();
    let dispatches: BTreeMap<&str, Status> = sessions
        .iter()
        .flat_map(|audited| &audited.session.dispatches)
        .filter(|dispatch| dispatch.status == Status::Completed)
        .map(|dispatch| (dispatch.id.as_str(), dispatch.status))
        .collect();
    // Without one dispatch the work was not done by agents at all, and the file says nothing of agents.
    if sessions.iter().all(|audited| audited.session.dispatches.is_empty()) || completed.len() <= dispatches.len() {
        return None;
    }
    let last = completed.values().max_by_key(|task| (&task.completed, &task.id.value))?;
    let message = format!(
        "{} calls {} completed; {} finished in the sessions that were read",
        status.path,
        count(completed.len(), "task"),
        count(dispatches.len(), "agent")
    );
    let mut finding = new(&last.status.mark, message, "finished", format!("one of {}", completed.len()));
    finding.severity = if own { RULE.severity } else { Severity::Note };
    prove(&mut finding, "completed", completed.len());
    prove(&mut finding, "finished_agents", dispatches.len());
    finding.paths = vec![status.path.clone()];
    finding.help = "write what has finished, when it has finished".to_owned();
    Some(finding)
}

fn completed_before_started(status: &ParallelStatus, task: &Task) -> Option<Finding> {
    let (started, completed) = (task.started.as_ref()?, task.completed.as_ref()?);
    if completed.value >= started.value {
        return None;
    }
    let id = &task.id.value;
    let early = started.value.seconds_since(completed.value);
    let mut finding = new(&completed.mark, format!("{id} was completed before it was started"), &format!("time\n{id}"), "completed");
    show(&mut finding, &started.mark, "started");
    prove(&mut finding, "early_seconds", early);
    finding.agents = vec![id.clone()];
    finding.paths = vec![status.path.clone()];
    finding.help = format!("mend the times of {id}; write each when it happens");
    Some(finding)
}
