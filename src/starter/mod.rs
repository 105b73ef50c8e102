//! A first configuration made from what is in a repository. Pure: what was seen comes in, texts go out.
//!
//! What is written has to pass `paralint check` as it is: areas are held against the rules of policy before they are written
//! (`sound`), and gates are only commands that the repository itself names or that come with its build tool.

mod areas;
mod boundaries;
mod ci;
mod codeowners;
mod configuration;
mod cover;
mod folders;
mod gates;
mod identity;
mod languages;
mod members;
mod names;
mod quote;
mod sound;
mod survey;
mod translate;

#[cfg(test)]
mod tests;

pub use survey::{AGENT_FILES, Survey, wanted};

use areas::{Area, Areas};

/// What is to be written, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starter {
    /// The text of paralint.toml.
    pub configuration: String,
    /// The text of BOUNDARIES.json; `None` where there is nothing yet that it could speak of.
    pub boundaries: Option<String>,
    /// What was seen, and what came from it, one line each.
    pub seen: Vec<String>,
    /// What was left out, and why, one line each.
    pub notes: Vec<String>,
}

/// Makes the texts.
pub fn starter(survey: &Survey) -> Starter {
    let (gates, mut seen, mut notes) = gates::gates(survey);
    // Files that nobody tracks yet match nothing in a check.
    let areas = if survey.is_untracked { Areas::default() } else { areas::areas(survey) };
    let own: Vec<&Area> = areas.areas.iter().filter(|area| !area.is_shared).collect();
    let identity = identity::identity(survey, &own.iter().map(|area| area.name.as_str()).collect::<Vec<_>>());
    let has_areas = !survey.has_boundaries && own.len() > 1;
    let configuration = configuration::text(&configuration::Contents { gates: &gates, identity: &identity, has_areas });
    if survey.has_configuration {
        (seen, notes) = (Vec::new(), Vec::new());
        if has_areas {
            notes.push("a commit across several areas is an error without `[rules] mixed-ownership = \"off\"` in paralint.toml".to_owned());
        }
    } else if survey.files.is_empty() {
        seen.push("no file: examples only".to_owned());
    } else if seen.is_empty() {
        seen.push("no build tool that is known: no gate".to_owned());
    }
    if !survey.has_boundaries && !own.is_empty() {
        let shared = areas.areas.len() - own.len();
        let beside = if shared > 0 { ", and what all of them share" } else { "" };
        seen.push(format!(
            "{} from {}{beside}",
            if own.len() == 1 { "1 area".to_owned() } else { format!("{} areas", own.len()) },
            areas.from
        ));
    }
    if !survey.has_configuration {
        for (what, found) in [("branches", &identity.branch), ("worktrees", &identity.worktree)] {
            seen.extend(
                found
                    .as_ref()
                    .map(|found| format!("{what} of agents, such as {}: `{}` in [identity]", quote::line(&found.example), found.pattern)),
            );
        }
    }
    if !survey.agent_files.is_empty() {
        seen.push(format!("agents are told how to work by {}", survey.agent_files.join(", ")));
    }
    notes.extend(areas.notes);
    notes.extend(survey.unread.iter().map(|path| format!("{path} is left out: it is a link, too large, or no text (UTF-8)")));
    let is_early = survey.is_untracked && !survey.files.is_empty();
    if is_early && !survey.has_boundaries {
        notes.push(
            "nothing is tracked yet, so there are no areas: run `git add` first, then `paralint init` again for BOUNDARIES.json".to_owned(),
        );
    }
    if !is_early && !survey.has_boundaries && own.is_empty() {
        notes.push("no source folders to make areas from: BOUNDARIES.json holds one to fill in".to_owned());
    }
    if !survey.has_boundaries && !own.is_empty() {
        let known = own.first().map_or("", |area| &area.name);
        notes.push(format!(
            "a known agent, such as `{known}`, may change its own area only: what no area holds is for people, until you add it to `paths`"
        ));
        let unnamed = survey.unnamed();
        if let Some(first) = unnamed.first() {
            notes.push(format!("no area holds {} folders whose names are no text (UTF-8), such as {first}", unnamed.len()));
        }
    }
    let boundaries = (!is_early).then(|| boundaries::text(&areas.areas));
    let lines = |lines: Vec<String>| lines.iter().map(|one| quote::line(one)).collect();
    Starter { configuration, boundaries, seen: lines(seen), notes: lines(notes) }
}
