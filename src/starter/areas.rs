//! The areas of a repository: by CODEOWNERS, else by the members of workspaces, else by source folders.

use super::names::{plain, unique};
use super::survey::{CODEOWNERS, Survey, is_foreign};
use super::{codeowners, folders, members, sound};
use crate::policy::proposal::escaped;
use std::collections::BTreeSet;

/// One area, as it will be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) name: String,
    pub(super) owner: Option<String>,
    /// Patterns.
    pub(super) paths: Vec<String>,
    /// Patterns of files that its agents may make.
    pub(super) can_create: Vec<String>,
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

/// Folders at the root that hold the tests of all.
const TESTS: &[&str] = &["tests", "test", "spec"];

/// Manifests at the root, which say which parts there are. Lock files are not among them: tools write those, and what tools
/// write is only a warning where it is nobody's.
const MEETING: &[&str] = &[
    "Cargo.toml",
    "package.json",
    "pnpm-workspace.yaml",
    "tsconfig.json",
    "tsconfig.base.json",
    "pyproject.toml",
    "go.mod",
    "go.work",
    "Gemfile",
    "composer.json",
    "mix.exs",
    "pom.xml",
    "settings.gradle",
    "settings.gradle.kts",
    "build.gradle",
    "build.gradle.kts",
    "gradle/libs.versions.toml",
    "Directory.Build.props",
    "Directory.Packages.props",
];

/// What is said of them.
const MEETING_SAID: &str = "Manifests of the whole repository, in which everybody's work meets. They are for people: no known agent may \
    change them, even when nobody else works. To let one, move the path to its area.";

/// The areas of what was seen.
pub(super) fn areas(survey: &Survey) -> Areas {
    let mut made = made(survey);
    if made.areas.len() > MOST_AREAS {
        made.notes.push(format!("{} more areas were left out of BOUNDARIES.json", made.areas.len() - MOST_AREAS));
        made.areas.truncate(MOST_AREAS);
    }
    // Whoever CODEOWNERS names is who changes a manifest.
    let is_nobodys = |file: &&&str| made.areas.iter().all(|area| area.owner.is_none()) || !sound::is_claimed(&made.areas, file);
    let meeting: Vec<String> = MEETING.iter().filter(|file| survey.has(file)).filter(is_nobodys).map(|file| format!("/{file}")).collect();
    if !made.areas.is_empty() && !meeting.is_empty() {
        made.areas.push(Area {
            name: "build-files".to_owned(),
            paths: meeting,
            is_shared: true,
            description: MEETING_SAID.to_owned(),
            ..Area::default()
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
    let (folders, own, from) = match members::members(survey) {
        Some((folders, from)) if folders.len() > 1 => (folders.clone(), roots_own(&folders, survey), from),
        _ => {
            let (folders, from) = folders::folders(survey);
            (folders, Vec::new(), from)
        }
    };
    Areas { areas: of_folders(&folders, &own, survey, &from), from, notes }
}

/// The sources of the package at the root, beside the members of its workspace.
fn roots_own(members: &[String], survey: &Survey) -> Vec<String> {
    let own = ["src", "lib"].into_iter().filter(|own| folders::has_sources(survey, own) && !holds_any(own, members));
    own.map(str::to_owned).collect()
}

/// One of these lies in the folder, or is it.
fn holds_any<T: AsRef<str>>(folder: &str, others: &[T]) -> bool {
    others.iter().any(|other| other.as_ref().strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// One area for each folder; those of the shared ones are one together, but for the root's own. Folders are paths from the root.
fn of_folders(folders: &[String], own: &[String], survey: &Survey, from: &str) -> Vec<Area> {
    let folders: BTreeSet<&str> = folders.iter().chain(own).map(String::as_str).filter(|folder| !folder.is_empty()).collect();
    let all: Vec<&str> = folders.iter().copied().collect();
    // What is shared is so beside something that is not.
    let is_alone = folders.iter().all(|folder| is_shared(folder));
    let is_shared = |folder: &str| is_shared(folder) && !is_alone && own.iter().all(|own| own != folder);
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
        let is_own = own.iter().any(|own| own == folder);
        let description = if is_own { format!("{folder}/, the sources of the root itself") } else { format!("{folder}/, one of {from}") };
        areas.push(Area { name: name(folder, &folders), paths, description, ..Area::default() });
    }
    if !is_alone {
        let beside = survey.folders_in("").into_iter().chain(survey.folders_in("src"));
        shared.extend(beside.filter(|folder| self::is_shared(folder) && !holds_any(folder, &all) && !lies_in(folder, &areas)));
    }
    if !shared.is_empty() {
        let description = "What all others use. No known agent may change it, even when nobody else works.";
        let paths = outermost(&shared).iter().map(|folder| pattern(folder)).collect();
        areas.push(Area { name: "shared".to_owned(), paths, is_shared: true, description: description.to_owned(), ..Area::default() });
    }
    // Two of one name would claim the same tests.
    let names: Vec<String> = areas.iter().map(|area| area.name.clone()).collect();
    let is_single = |area: &&mut Area| !area.is_shared && names.iter().filter(|name| **name == area.name).count() == 1;
    areas.iter_mut().filter(is_single).for_each(|area| add_tests(area, survey));
    areas
}

/// The folder is all of an area, or in one, already.
fn lies_in(folder: &str, areas: &[Area]) -> bool {
    areas.iter().flat_map(|area| &area.paths).any(|path| format!("/{folder}/").starts_with(path.as_str()))
}

/// Tests that bear an area's name belong to it: those that are there, and those that its agents make.
fn add_tests(area: &mut Area, survey: &Survey) {
    let name = area.name.clone();
    // What stands in a pattern as it is.
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter)) {
        return;
    }
    for folder in TESTS.iter().filter(|folder| survey.has_folder(folder)) {
        let files = format!("/{folder}/{{{name},test_{name},{name}_test,{name}_spec}}.*");
        let own = format!("/{folder}/{name}/");
        let beginnings = [name.clone(), format!("test_{name}"), format!("{name}_test"), format!("{name}_spec")];
        let is_there = beginnings.iter().any(|one| {
            let beginning = format!("{folder}/{one}.");
            survey.files.iter().any(|file| file.as_bytes().starts_with(beginning.as_bytes()))
        });
        area.paths.extend(is_there.then(|| files.clone()));
        area.paths.extend(survey.has_folder(&format!("{folder}/{name}")).then(|| own.clone()));
        area.can_create.extend([files, own]);
    }
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
