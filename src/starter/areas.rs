//! The areas of a repository: by CODEOWNERS, else by the members of workspaces, else by source folders.

use super::names::{plain, unique};
use super::survey::{CODEOWNERS, Survey, is_foreign};
use super::{codeowners, folders, members, sound};
use crate::policy::proposal::escaped;
use std::collections::BTreeSet;

/// One area, as it will be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) name: String,
    pub(super) owner: Option<String>,
    /// Patterns.
    pub(super) paths: Vec<String>,
    /// Nobody changes it while others work.
    pub(super) is_shared: bool,
    pub(super) description: String,
}

/// The areas, and from what they were made.
#[derive(Debug, Default)]
pub(super) struct Areas {
    pub(super) areas: Vec<Area>,
    /// One line for people.
    pub(super) from: String,
    /// What was left out.
    pub(super) notes: Vec<String>,
}

/// More areas than this nobody reads; agents at once are fewer by far.
const MOST_AREAS: usize = 500;

/// Names of folders that hold what all others use.
const SHARED: &[&str] = &["common", "shared", "types", "lib", "libs", "utils", "util"];

/// Files at the root that everybody's work meets in: lock files, and what says which parts there are.
const MEETING: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    "tsconfig.json",
    "tsconfig.base.json",
    "pyproject.toml",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "go.mod",
    "go.sum",
    "go.work",
    "go.work.sum",
    "Gemfile",
    "Gemfile.lock",
    "composer.json",
    "composer.lock",
    "mix.exs",
    "mix.lock",
    "pom.xml",
    "settings.gradle",
    "settings.gradle.kts",
    "build.gradle",
    "build.gradle.kts",
    "gradle/libs.versions.toml",
    "Directory.Build.props",
    "Directory.Packages.props",
];

/// The areas of what was seen.
pub(super) fn areas(survey: &Survey) -> Areas {
    let mut made = made(survey);
    if made.areas.len() > MOST_AREAS {
        made.notes.push(format!("{} more areas were left out of BOUNDARIES.json", made.areas.len() - MOST_AREAS));
        made.areas.truncate(MOST_AREAS);
    }
    let meeting: Vec<String> = MEETING.iter().filter(|file| survey.has(file)).map(|file| format!("/{file}")).collect();
    if !made.areas.is_empty() && !meeting.is_empty() {
        let description = "Manifests and lock files: everybody's work meets here, so nobody changes them while others work.";
        made.areas.push(Area {
            name: "build-files".to_owned(),
            owner: None,
            paths: meeting,
            is_shared: true,
            description: description.to_owned(),
        });
    }
    let mut taken = BTreeSet::new();
    for area in &mut made.areas {
        area.name = unique(&area.name, &mut taken);
    }
    let before = made.areas.len();
    made.areas = sound::sound(made.areas, survey);
    if made.areas.len() < before {
        made.notes.push(format!("{} areas were left out of BOUNDARIES.json: they claim what others claim", before - made.areas.len()));
    }
    made
}

fn made(survey: &Survey) -> Areas {
    let mut notes = Vec::new();
    if let Some((path, text)) = CODEOWNERS.iter().find_map(|path| Some((path, survey.text(path)?))) {
        let (areas, said) = codeowners::areas(text, survey);
        notes.extend(said.into_iter().map(|said| format!("{path}: {said}")));
        if !areas.is_empty() {
            return Areas { areas, from: format!("the owners of {path}"), notes };
        }
    }
    let (folders, from) = match members::members(survey) {
        Some((folders, from)) if folders.len() > 1 => (folders, from),
        _ => folders::folders(survey),
    };
    Areas { areas: of_folders(&folders, survey, &from), from, notes }
}

/// One area for each folder; those of the shared ones are one together. Folders are paths from the root.
fn of_folders(folders: &[String], survey: &Survey, from: &str) -> Vec<Area> {
    let folders: BTreeSet<&str> = folders.iter().map(String::as_str).filter(|folder| !folder.is_empty()).collect();
    let (mut areas, mut shared) = (Vec::new(), BTreeSet::new());
    for folder in &folders {
        if is_shared(folder) {
            shared.insert((*folder).to_owned());
            continue;
        }
        let inside =
            folders.iter().filter(|other| other.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')) && !is_shared(other));
        // A folder that is taken out takes those inside of it out, too.
        let outermost = |other: &&&str| !folders.iter().any(|between| is_between(folder, between, other) && !is_shared(between));
        let taken_out = inside.filter(outermost).map(|other| format!("!{}", pattern(other)));
        let paths = std::iter::once(pattern(folder)).chain(taken_out).collect();
        areas.push(Area {
            name: name(folder, &folders),
            owner: None,
            paths,
            is_shared: false,
            description: format!("{folder}/, one of {from}"),
        });
    }
    if !areas.is_empty() {
        shared.extend(
            survey
                .folders_in("")
                .into_iter()
                .chain(survey.folders_in("src"))
                .filter(|folder| is_shared(folder) && !folders.contains(folder.as_str())),
        );
    }
    if !shared.is_empty() {
        let description = "What all others use: nobody changes it while others work.";
        let paths = outermost(&shared).iter().map(|folder| pattern(folder)).collect();
        areas.push(Area { name: "shared".to_owned(), owner: None, paths, is_shared: true, description: description.to_owned() });
    }
    areas
}

fn is_between(outer: &str, between: &str, inner: &str) -> bool {
    let is_in = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    is_in(between, outer) && is_in(inner, between)
}

/// Those that lie in no other one.
fn outermost(folders: &BTreeSet<String>) -> Vec<&String> {
    let is_outer =
        |folder: &&String| !folders.iter().any(|other| folder.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/')));
    folders.iter().filter(is_outer).collect()
}

fn is_shared(folder: &str) -> bool {
    let last = folder.rsplit('/').next().unwrap_or(folder);
    SHARED.contains(&last) && !is_foreign(folder)
}

fn pattern(folder: &str) -> String {
    format!("/{}/", escaped(folder.as_bytes()))
}

/// The last part of the folder's name, or as much of it as tells it from the others.
fn name(folder: &str, folders: &BTreeSet<&str>) -> String {
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let is_taken = folders.iter().any(|other| *other != folder && other.rsplit('/').next() == Some(last));
    plain(if is_taken { folder } else { last })
}
