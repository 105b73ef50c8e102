//! What a check says of itself: what was checked and what was not, and why.

use super::super::overlap::compared_pairs;
use super::super::sessions::Run;
use super::super::setup::plural;
use crate::check::Checked;
use crate::config::Config;
use crate::model::change::Source;
use crate::report::v1;
use crate::rules::Subject;
use crate::work::areas::has_paths;
use crate::work::gate_proof::{self, Verdict};
use crate::work::identity::{AttributedBy, Attribution};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn describe(checked: &Checked, run: &mut Run, policy_from: Option<&str>, unreviewed: Option<&str>) {
    changes(checked, run);
    boundaries(checked, run, policy_from);
    if let (Some(policy), Some(how)) = (&checked.policy, unreviewed) {
        miss(run, "what the last commit says of boundaries", format!("{} was read as it is in the work tree, {how}", policy.policy.path));
    }
    areas(checked, run);
    phases(checked, run);
    locks(checked, run);
    activity(checked, run);
    waves(checked, run);
    overlap(checked, run);
    if !checked.outcome.sessions.is_empty() {
        run.describe(&checked.outcome);
    }
    let remarks = checked.state.remarks.iter();
    run.not_checked.extend(
        remarks.map(|remark| v1::NotChecked { what: format!("{}:{}", remark.mark.path, remark.mark.line), why: remark.value.clone() }),
    );
}

fn say(run: &mut Run, what: &str, detail: String) {
    run.checked.push(v1::Checked { what: what.to_owned(), detail });
}

fn miss(run: &mut Run, what: &str, why: impl Into<String>) {
    let entry = v1::NotChecked { what: what.to_owned(), why: why.into() };
    // A range and its commits have the same to say.
    if !run.not_checked.contains(&entry) {
        run.not_checked.push(entry);
    }
}

/// Says that a file is there and cannot be used.
fn unusable(checked: &Checked, name: &str) -> Option<String> {
    let error = checked.state.errors.iter().find(|error| error.mark.path.contains(name))?;
    Some(format!("{} cannot be used", error.mark.path))
}

fn changes(checked: &Checked, run: &mut Run) {
    let sets = &checked.outcome.changes;
    let Some(first) = sets.first() else {
        return say(run, "changes", "nothing changed".to_owned());
    };
    let files: usize = sets.iter().filter(|one| !one.changes.is_commit).map(|one| one.changes.files.len()).sum();
    let detail = match first.changes.source {
        Source::Staged if files == 0 => "nothing staged".to_owned(),
        Source::Staged => format!("{} staged", plural(files, "file")),
        Source::Range => format!("{} in {} of {}", plural(files, "file"), plural(sets.len() - 1, "commit"), first.changes.name),
        Source::Branch => format!("{} on {}", plural(files, "file"), plural(sets.len(), "branch")),
        Source::Worktree => format!("{} in {}", plural(files, "file"), plural(sets.len(), "worktree")),
    };
    say(run, "changes", detail);
    for one in sets {
        if let Some(problem) = &one.changes.problem {
            miss(run, &one.changes.name, problem.clone());
        }
    }
}

fn boundaries(checked: &Checked, run: &mut Run, policy_from: Option<&str>) {
    let Some(policy) = &checked.policy else {
        let at = policy_from.map(|revision| format!(" at {}", short(revision))).unwrap_or_default();
        let absent = format!("no BOUNDARIES.json{at}");
        return miss(run, Subject::Policy.name(), unusable(checked, "BOUNDARIES.json").unwrap_or(absent));
    };
    let count = policy.policy.boundaries.len();
    let boundaries = if count == 1 { "1 boundary".to_owned() } else { format!("{count} boundaries") };
    let at = policy_from.map(|revision| format!(" as of {}", short(revision))).unwrap_or_default();
    say(run, "boundaries", format!("{boundaries}{at}"));
}

/// Whose changes could not be judged, each said once.
fn areas(checked: &Checked, run: &mut Run) {
    let mut seen = BTreeSet::new();
    let mut miss = |run: &mut Run, who: String, why: String| {
        if seen.insert((who.clone(), why.clone())) {
            miss(run, &format!("the area of {who}"), why);
        }
    };
    for one in &checked.outcome.changes {
        if one.changes.files.is_empty() || one.changes.problem.is_some() {
            continue;
        }
        for doubt in &one.doubts {
            miss(run, doubt.who.clone(), doubt.why.clone());
        }
        let Some(by) = &one.by else {
            if checked.policy.is_some() && one.doubts.is_empty() {
                let why = "nobody is named (--agent, PARALINT_AGENT, …), and the paths do not tell";
                let made = if one.changes.source == Source::Staged { "what is staged" } else { &one.changes.name };
                miss(run, format!("whoever made {made}"), why.to_owned());
            }
            continue;
        };
        if !by.known && checked.policy.is_some() {
            miss(run, format!("{} ({})", by.agent, means(by)), "no policy or state file names it".to_owned());
        } else if by.known && by.boundaries.is_empty() && has_areas(checked) && !has_paths(&checked.state, by) {
            miss(run, by.agent.clone(), "no boundary and no task paths are its own".to_owned());
        }
    }
}

/// Whether some file says which paths are whose.
fn has_areas(checked: &Checked) -> bool {
    let tasks = checked.state.status.iter().flat_map(|status| &status.tasks);
    checked.policy.is_some() || tasks.into_iter().any(|task| !task.paths.is_empty())
}

/// How an agent is known, in words.
fn means(by: &Attribution) -> &'static str {
    match by.by {
        AttributedBy::Flag => "--agent",
        AttributedBy::Env => "PARALINT_AGENT",
        AttributedBy::Config => "git config",
        AttributedBy::Trailer => "trailer",
        AttributedBy::Branch => "branch",
        AttributedBy::Worktree => "worktree",
        AttributedBy::Log => "session log",
        AttributedBy::Author => "author",
        AttributedBy::Path => "paths",
    }
}

fn short(revision: &str) -> &str {
    revision.get(..12).unwrap_or(revision)
}

fn phases(checked: &Checked, run: &mut Run) {
    match &checked.phases.current {
        Some(phase) => say(run, "phases", format!("phase {phase}")),
        None => {
            let absent = || match &checked.state.workflow {
                Some(_) => "WORKFLOW_STATE.json names no current phase".to_owned(),
                None => "no WORKFLOW_STATE.json".to_owned(),
            };
            miss(run, Subject::Phases.name(), unusable(checked, "WORKFLOW_STATE.json").unwrap_or_else(absent));
        }
    }
}

fn locks(checked: &Checked, run: &mut Run) {
    match &checked.state.locks {
        Some(locks) => say(run, "locks", plural(locks.locks.len(), "lock")),
        None => miss(
            run,
            Subject::Locks.name(),
            unusable(checked, "RESOURCE_LOCKS.json").unwrap_or_else(|| "no RESOURCE_LOCKS.json".to_owned()),
        ),
    }
}

/// Who is at work, and from where that is known.
fn activity(checked: &Checked, run: &mut Run) {
    let tasks = &checked.activity.tasks;
    if tasks.is_empty() {
        return;
    }
    let named = tasks.iter().map(|task| format!("{} ({})", task.names.first().map_or("?", String::as_str), task.sources.join(", ")));
    say(run, "parallel work", format!("{} at work: {}", plural(tasks.len(), "task"), named.collect::<Vec<_>>().join(", ")));
}

fn waves(checked: &Checked, run: &mut Run) {
    let state = &checked.state;
    let mut parts = Vec::new();
    if !state.waves.is_empty() {
        parts.push(plural(state.waves.len(), "wave file"));
    }
    parts.extend(state.progress.as_ref().map(|_| "execution-progress.md".to_owned()));
    parts.extend(state.graph.as_ref().map(|_| "DEPENDENCY_GRAPH.json".to_owned()));
    if !state.plans.is_empty() {
        parts.push(plural(state.plans.len(), "plan"));
    }
    if parts.is_empty() {
        let broken = unusable(checked, "DEPENDENCY_GRAPH.json").or_else(|| unusable(checked, ".claude/context/"));
        miss(run, Subject::Waves.name(), broken.unwrap_or_else(|| "no files in .claude/context/, no DEPENDENCY_GRAPH.json".to_owned()));
    } else {
        say(run, "waves", parts.join(", "));
    }
}

fn overlap(checked: &Checked, run: &mut Run) {
    let sets: Vec<_> =
        checked.outcome.changes.iter().filter(|one| matches!(one.changes.source, Source::Branch | Source::Worktree)).collect();
    if sets.len() < 2 {
        return;
    }
    say(run, "overlap", plural(compared_pairs(&checked.outcome), "pair"));
    for pair in &checked.outcome.uncompared {
        let name = |index: usize| checked.outcome.changes[index].changes.name.as_str();
        miss(run, &format!("{} with {}", name(pair.between.0), name(pair.between.1)), pair.why.clone());
    }
}

/// The gates of what is called complete: of how much of it they are known to have passed or not, and of what they are not.
pub(super) fn completed(checked: &Checked, config: &Config, run: &mut Run) {
    let proofs = gate_proof::proofs(&checked.completions, &checked.receipts, config, &checked.phases);
    let mut judged = BTreeSet::new();
    let mut open: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for proof in &proofs {
        let name = proof.completion.name.as_str();
        match &proof.verdict {
            Verdict::Unknown(why) => open.entry((name, why)).or_default().push(proof.gate),
            Verdict::Passed | Verdict::PassedSince | Verdict::Missing => _ = judged.insert(name),
        }
    }
    if !judged.is_empty() {
        let (waves, phases): (Vec<&str>, Vec<&str>) = judged.iter().partition(|name| name.starts_with("wave-"));
        let counted = [(phases.len(), "completed phase"), (waves.len(), "completed wave")];
        let counted = counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, thing)| plural(count, thing));
        say(run, "completed phases", format!("gates of {}", counted.collect::<Vec<_>>().join(", ")));
    }
    for ((name, why), gates) in open {
        miss(run, &format!("gates of {name}"), format!("{}: {why}", gates.join(", ")));
    }
    for problem in &checked.receipts.problems {
        miss(run, "receipts of gates", problem.clone());
    }
}
