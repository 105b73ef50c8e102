//! One file for each family of build tools: which projects there are, and which of their commands are gates.

mod dotnet;
mod elixir;
mod go;
mod javascript;
mod jvm;
mod make;
mod php;
mod python;
mod requirements;
mod ruby;
mod rust;

use super::ci::Commands;
use super::gates::Gate;
use super::quote::is_hidden;
use super::survey::{Survey, is_foreign};
use crate::policy::proposal::escaped;

/// A family of build tools.
pub(super) struct Ecosystem {
    /// As it is named in what people read.
    pub(super) name: &'static str,
    /// By which files a project is known: names, or endings that begin with `.`.
    pub(super) manifests: &'static [&'static str],
    /// A project in the folder of another one is one of its own.
    pub(super) nests: bool,
    /// The gates of one project.
    pub(super) gates: fn(&Project<'_>) -> Vec<Gate>,
}

/// All of them, in the order of the file that is written. What only calls the others comes last.
pub(super) const ECOSYSTEMS: &[Ecosystem] = &[
    rust::ECOSYSTEM,
    javascript::ECOSYSTEM,
    python::ECOSYSTEM,
    go::ECOSYSTEM,
    jvm::GRADLE,
    jvm::MAVEN,
    ruby::ECOSYSTEM,
    php::ECOSYSTEM,
    dotnet::ECOSYSTEM,
    elixir::ECOSYSTEM,
    make::MAKE,
    make::JUST,
];

/// So many projects of one family get gates; whoever has more knows better how to build them.
const MOST_PROJECTS: usize = 6;

/// A folder with a project in it.
pub(super) struct Project<'s> {
    /// What was seen of the repository.
    pub(super) survey: &'s Survey,
    /// What CI runs at the root of the repository.
    pub(super) commands: &'s Commands,
    /// The folder; empty for the root.
    pub(super) folder: String,
    /// The file by which it is known.
    pub(super) manifest: String,
    /// Another family has gates for this folder already.
    pub(super) is_served: bool,
}

impl Project<'_> {
    /// The path of a file of the project.
    pub(super) fn path(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }

    /// A file of that name lies in the project's folder.
    pub(super) fn has(&self, name: &str) -> bool {
        self.survey.has(&self.path(name))
    }

    /// The first of these files that is there.
    pub(super) fn first(&self, names: &[&'static str]) -> Option<&'static str> {
        names.iter().copied().find(|name| self.has(name))
    }

    /// The text of a file of the project.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.survey.text(&self.path(name))
    }

    /// The only command of CI that begins with these words, where the project is at the root.
    pub(super) fn in_ci(&self, words: &[&str]) -> Option<Vec<String>> {
        if self.folder.is_empty() { self.commands.only(words) } else { None }
    }

    /// CI runs a command that begins with these words, where the project is at the root.
    pub(super) fn is_in_ci(&self, words: &[&str]) -> bool {
        self.folder.is_empty() && self.commands.has(words)
    }

    /// What is wrong with a manifest of the project, with its path.
    pub(super) fn broken(&self) -> Option<String> {
        let why = |name: &str| {
            let text = self.text(name)?.trim_start_matches('\u{feff}');
            match name.rsplit('.').next() {
                Some("json") => serde_json::from_str::<serde_json::Value>(text).err().map(|error| error.to_string()),
                Some("toml") => text.parse::<toml::Table>().err().map(|error| {
                    let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
                    format!("{} at line {line}", error.message())
                }),
                _ => None,
            }
        };
        let names = ["package.json", "composer.json", "Cargo.toml", "pyproject.toml"];
        let own = names.into_iter().filter(|name| *name == self.manifest);
        own.into_iter().find_map(|name| Some(format!("{} cannot be read: {}", self.path(name), why(name)?)))
    }

    /// Patterns, of which those at the root hold for the whole repository.
    pub(super) fn changed(&self, patterns: &[&str]) -> Vec<String> {
        if self.folder.is_empty() {
            return patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        }
        let folder = escaped(self.folder.as_bytes());
        patterns.iter().map(|pattern| format!("/{folder}/{}", pattern.trim_start_matches('/'))).collect()
    }
}

/// The projects of a family; and what is to be said of those that get no gate.
pub(super) fn projects(ecosystem: &Ecosystem, survey: &Survey) -> (Vec<(String, String)>, Vec<String>) {
    let texts = survey.files.iter().filter_map(|file| std::str::from_utf8(file.as_bytes()).ok());
    let mut found: Vec<(String, String)> = Vec::new();
    for path in texts.filter(|path| !is_foreign(path)) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_manifest = |manifest: &str| name == manifest || (manifest.starts_with('.') && name.ends_with(manifest));
        if ecosystem.manifests.iter().any(|manifest| is_manifest(manifest)) && found.iter().all(|(known, _)| known != folder) {
            found.push((folder.to_owned(), name.to_owned()));
        }
        if found.len() > 2_000 {
            break;
        }
    }
    found.sort_by_key(|(folder, _)| (if folder.is_empty() { 0 } else { folder.matches('/').count() + 1 }, folder.clone()));
    let mut kept: Vec<(String, String)> = Vec::new();
    let mut notes = Vec::new();
    let mut left_out = 0_usize;
    for (folder, name) in found {
        let is_inside = |outer: &str| outer.is_empty() || folder.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
        if !ecosystem.nests && kept.iter().any(|(outer, _)| is_inside(outer)) {
            continue;
        }
        if !can_be_dir(&folder) {
            notes.push(format!("no gate for {} in `{folder}`: the folder's name cannot stand in a configuration", ecosystem.name));
        } else if kept.len() == MOST_PROJECTS {
            left_out += 1;
        } else {
            kept.push((folder, name));
        }
    }
    if left_out > 0 {
        notes.push(format!("{left_out} further folders with {} have no gate of their own", ecosystem.name));
    }
    (kept, notes)
}

/// `dir` of a gate takes it.
fn can_be_dir(folder: &str) -> bool {
    let has_drive = folder.as_bytes().get(1) == Some(&b':');
    let is_plain = !folder.chars().any(is_hidden) && !folder.contains('\\') && !folder.starts_with('~') && !has_drive;
    folder.is_empty() || (is_plain && !folder.trim().is_empty())
}
