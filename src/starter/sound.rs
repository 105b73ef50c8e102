//! What the rules would find in the areas is taken out of them before they are written.

use super::areas::Area;
use super::survey::Survey;
use crate::model::mark::Located;
use crate::model::path::RepoPath;
use crate::model::state::{Boundary, Policy, StateError};
use crate::policy::Compiled;
use crate::policy::lint::{Files, Problem, problems};
use std::collections::BTreeSet;

/// The areas without a pattern or an area in which there would be something to find.
pub(super) fn sound(mut areas: Vec<Area>, survey: &Survey) -> Vec<Area> {
    // Each round takes something away, and one more sees that nothing is left to take.
    while !areas.is_empty() {
        areas.retain(|area| area.paths.iter().any(|path| !path.starts_with('!')));
        let Some((area, pattern)) = worst(&areas, survey) else { break };
        match pattern {
            Some(pattern) => areas[area].paths.retain(|path| *path != pattern),
            None => drop(areas.remove(area)),
        }
    }
    areas
}

/// An area, and the pattern of it that has to go; the whole area without one.
fn worst(areas: &[Area], survey: &Survey) -> Option<(usize, Option<String>)> {
    let compiled = match compiled(areas) {
        Ok(compiled) => compiled,
        // No pattern that is made here is none; should one be, no area is better than a wrong one.
        Err(_) => return Some((areas.len() - 1, None)),
    };
    let found = problems(&compiled, Files { tracked: &survey.files, others: &[] });
    let last: BTreeSet<(usize, Option<String>)> = found
        .iter()
        .filter_map(|problem| match problem {
            Problem::Overlap { claimants, .. } => Some((claimants.iter().map(|one| one.index).max()?, None)),
            Problem::Duplicate { boundary, .. } => Some((*boundary, None)),
            Problem::Shadowed { boundary, pattern, .. } => Some((*boundary, Some(pattern.value.clone()))),
            Problem::Dead { boundary, patterns } => Some((*boundary, Some(patterns.first()?.value.clone()))),
        })
        .collect();
    last.into_iter().next_back()
}

fn compiled(areas: &[Area]) -> Result<Compiled, Vec<StateError>> {
    let located = |text: &String| Located { value: text.clone(), ..Located::default() };
    let boundary = |area: &Area| Boundary {
        name: located(&area.name),
        paths: area.paths.iter().map(located).collect(),
        can_create: area.can_create.iter().map(located).collect(),
        owner: area.owner.as_ref().map(located),
        paths_key: Some("paths"),
        parallel_safe: Some(Located { value: !area.is_shared, ..Located::default() }),
        ..Boundary::default()
    };
    Compiled::new(Policy { boundaries: areas.iter().map(boundary).collect(), ..Policy::default() })
}

/// Each file has exactly the owner that it should have: none, where that is empty.
pub(super) fn is_owned(areas: &[Area], survey: &Survey, owner: impl Fn(&[u8]) -> String) -> bool {
    let Ok(compiled) = compiled(areas) else { return false };
    survey.files.iter().all(|file| {
        let look = compiled.look(file);
        let owners: Vec<&str> = look.owners(false).iter().filter_map(|one| Some(one.boundary.owner.as_ref()?.value.as_str())).collect();
        owners.join("\n") == owner(file.as_bytes())
    })
}

/// Some area holds the path.
pub(super) fn is_claimed(areas: &[Area], path: &str) -> bool {
    compiled(areas).is_ok_and(|compiled| !compiled.look(&RepoPath::from(path)).owners(false).is_empty())
}
