//! Whether a gate runs: its conditions, one after another, and the reason in one fragment.

use super::files::{Files, compiled};
use super::{Call, Facts, Request};
use crate::config::{Gate, Inputs};
use crate::model::path::RepoPath;
use crate::work::phase;

/// How many names a reason lists.
const MOST: usize = 3;

/// What becomes of a gate.
pub(super) struct Decision {
    pub(super) runs: bool,
    pub(super) why: String,
    /// Nothing in the whole tree calls for it, whatever changed.
    pub(super) idle: bool,
    pub(super) files: Vec<RepoPath>,
}

/// Whether a condition holds, and the fragment that says so.
type Answer = Result<String, String>;

pub(super) fn decide(gate: &Gate, call: Call<'_>, request: &Request, facts: &Facts) -> Decision {
    let seen = Files::new(gate, facts);
    let skipped = |why: String, idle: bool| Decision { runs: false, why, idle, files: Vec::new() };
    let answer = match call {
        Call::Named => Ok("named".to_owned()),
        Call::Needed(by) => exists(gate, facts, &seen).transpose().map(|_| format!("needed by {by}")),
        Call::OtherProfile => {
            let levels: Vec<&str> = gate.profiles.iter().map(|profile| profile.word()).collect();
            return skipped(format!("profile {}, and it runs in {}", request.profile.word(), levels.join(", ")), false);
        }
        Call::Usual => conditions(gate, request, facts, &seen),
    };
    let why = match answer {
        Ok(why) => why,
        Err(why) => return skipped(why, is_idle(gate, facts, &seen)),
    };
    if !gate.run.takes_files() {
        return Decision { runs: true, why, idle: false, files: Vec::new() };
    }
    let whole = facts.everything || call != Call::Usual && seen.changed().is_empty();
    let files = if whole { seen.all() } else { seen.changed() };
    if files.is_empty() { skipped(no_file(gate, whole, facts, &seen), whole) } else { Decision { runs: true, why, idle: false, files } }
}

/// Whether a gate whose conditions do not hold would be skipped for this tree whatever had changed. The phase says nothing of
/// a tree, and what one change does not touch another one does.
fn is_idle(gate: &Gate, facts: &Facts, seen: &Files<'_>) -> bool {
    let fails = |answer: Option<Answer>| answer.is_some_and(|answer| answer.is_err());
    fails(exists(gate, facts, seen)) || (facts.everything && fails(has_changed(gate, facts, seen)))
}

/// All conditions: the first that does not hold, else the most telling of those that do.
fn conditions(gate: &Gate, request: &Request, facts: &Facts, seen: &Files<'_>) -> Answer {
    let in_phase = in_phase(&gate.when.phases, &request.phases).transpose()?;
    let changed = has_changed(gate, facts, seen).transpose()?;
    let exists = exists(gate, facts, seen).transpose()?;
    // That nobody knows the phase is a reason to look twice.
    let doubt = in_phase.clone().filter(|_| request.phases.is_empty());
    Ok(doubt.or(changed).or(in_phase).or(exists).unwrap_or_else(|| "always".to_owned()))
}

fn in_phase(wanted: &[String], phases: &[String]) -> Option<Answer> {
    if wanted.is_empty() {
        return None;
    }
    if phases.is_empty() {
        return Some(Ok("the phase is not known".to_owned()));
    }
    let matching = phases.iter().find(|phase| wanted.iter().any(|written| phase::means(written, phase)));
    Some(match matching {
        Some(phase) => Ok(shown_phase(phase)),
        None => {
            let now: Vec<String> = phases.iter().map(|phase| shown_phase(phase)).collect();
            Err(format!("{}, and it runs in {}", now.join(", "), list(wanted)))
        }
    })
}

fn shown_phase(name: &str) -> String {
    match name.strip_prefix("wave_") {
        Some(number) => format!("wave {number}"),
        None if name == phase::EVERY_WAVE => "every wave".to_owned(),
        None => format!("phase {name}"),
    }
}

fn has_changed(gate: &Gate, facts: &Facts, seen: &Files<'_>) -> Option<Answer> {
    if gate.when.changed.is_empty() {
        return None;
    }
    if facts.everything {
        let any = seen.tree().any(|path| seen.matches(path));
        return Some(if any {
            Ok("every file counts as changed".to_owned())
        } else {
            Err(format!("no file matches {}", list(&gate.when.changed)))
        });
    }
    let changed = facts.changed.iter().find(|path| seen.matches(path)).map(|path| format!("{} changed", path.shown()));
    // Links and other repositories that changed are among them.
    let fate = |path: &RepoPath| if seen.tree().any(|one| one == path) { "changed" } else { "is gone" };
    let gone = || facts.gone.iter().find(|path| seen.matches(path)).map(|path| format!("{} {}", path.shown(), fate(path)));
    Some(changed.or_else(gone).ok_or_else(|| format!("no changed file matches {}", list(&gate.when.changed))))
}

fn exists(gate: &Gate, facts: &Facts, seen: &Files<'_>) -> Option<Answer> {
    let is_there = |pattern: &&String| {
        let patterns = compiled(std::slice::from_ref(*pattern));
        let on_disk = gate.inputs == Inputs::Worktree && facts.on_disk.contains(pattern.as_str());
        on_disk || seen.tree().any(|path| patterns.find(path).is_some())
    };
    let first = gate.when.exists.first()?;
    Some(match gate.when.exists.iter().find(|pattern| !is_there(pattern)) {
        Some(missing) => Err(format!("nothing matches {missing}")),
        None => Ok(format!("{first} is there")),
    })
}

/// Why there is no file to give: of the whole tree, or of what changed.
fn no_file(gate: &Gate, whole: bool, facts: &Facts, seen: &Files<'_>) -> String {
    let place = gate.dir.as_ref().map(|dir| format!(" in {dir}/")).unwrap_or_default();
    let matching = if gate.when.changed.is_empty() { String::new() } else { format!(" matches {}", list(&gate.when.changed)) };
    if whole {
        return if matching.is_empty() { format!("there is no file{place} to give it") } else { format!("no file{place}{matching}") };
    }
    if !facts.changed.iter().any(|path| seen.matches(path)) && facts.gone.iter().any(|path| seen.matches(path)) {
        return "what changed and would be given to it is gone".to_owned();
    }
    if matching.is_empty() { format!("no changed file{place} to give it") } else { format!("no changed file{place}{matching}") }
}

fn list(names: &[String]) -> String {
    if names.len() <= MOST {
        return names.join(", ");
    }
    format!("{} and {} more", names[..MOST - 1].join(", "), names.len() - (MOST - 1))
}
