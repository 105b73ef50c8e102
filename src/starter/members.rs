//! The members of workspaces: Cargo, npm and its kin, pnpm, Go.

use super::survey::{Survey, is_foreign};
use crate::model::path::RepoPath;
use crate::policy::PathList;
use std::collections::BTreeSet;

/// The folders of all members, and from which files they were taken. `None` where there is no workspace.
pub(super) fn members(survey: &Survey) -> Option<(Vec<String>, String)> {
    let found: Vec<(&str, BTreeSet<String>)> =
        [("Cargo.toml", cargo(survey)), ("pnpm-workspace.yaml", pnpm(survey)), ("package.json", npm(survey)), ("go.work", go(survey))]
            .into_iter()
            .map(|(file, mut folders)| {
                folders.remove("");
                (file, folders)
            })
            .filter(|(_, folders)| !folders.is_empty())
            .collect();
    let files: Vec<&str> = found.iter().map(|(file, _)| *file).collect();
    let from = format!("the members of {}", files.join(" and "));
    let folders: BTreeSet<String> = found.into_iter().flat_map(|(_, folders)| folders).collect();
    (!folders.is_empty()).then(|| (folders.into_iter().collect(), from))
}

fn cargo(survey: &Survey) -> BTreeSet<String> {
    let Some(table) = survey.text("Cargo.toml").and_then(|text| text.parse::<toml::Table>().ok()) else { return BTreeSet::new() };
    let list = |key: &str| {
        texts(
            table
                .get("workspace")
                .and_then(|workspace| workspace.get(key))
                .and_then(|list| list.as_array())
                .into_iter()
                .flatten()
                .filter_map(|item| item.as_str()),
        )
    };
    matching(survey, "Cargo.toml", &list("members"), &list("exclude"))
}

fn npm(survey: &Survey) -> BTreeSet<String> {
    let package: Option<serde_json::Value> =
        survey.text("package.json").and_then(|text| serde_json::from_str(text.trim_start_matches('\u{feff}')).ok());
    let Some(workspaces) = package.as_ref().and_then(|package| package.get("workspaces")) else { return BTreeSet::new() };
    // yarn also has an object with `packages`.
    let list = workspaces.as_array().or_else(|| workspaces.get("packages")?.as_array());
    with_exceptions(survey, "package.json", texts(list.into_iter().flatten().filter_map(|item| item.as_str())))
}

/// The list `packages:` of pnpm's file, one item on each line.
fn pnpm(survey: &Survey) -> BTreeSet<String> {
    let Some(text) = survey.text("pnpm-workspace.yaml") else { return BTreeSet::new() };
    let lines = text.lines().skip_while(|line| line.trim_end() != "packages:").skip(1);
    let own = lines.take_while(|line| line.is_empty() || line.starts_with([' ', '-', '#']));
    let items = own
        .filter_map(|line| line.trim().strip_prefix("- "))
        .map(|item| item.split(" #").next().unwrap_or(item).trim().trim_matches(['"', '\'']));
    with_exceptions(survey, "package.json", texts(items))
}

fn go(survey: &Survey) -> BTreeSet<String> {
    let Some(text) = survey.text("go.work") else { return BTreeSet::new() };
    let mut folders = Vec::new();
    let mut is_in_block = false;
    for line in text.lines().map(|line| line.split("//").next().unwrap_or(line).trim()) {
        match line {
            "use (" => is_in_block = true,
            ")" => is_in_block = false,
            _ if is_in_block && !line.is_empty() => folders.push(line.trim_matches('"').to_owned()),
            _ => folders.extend(line.strip_prefix("use ").map(|folder| folder.trim().trim_matches('"').to_owned())),
        }
    }
    matching(survey, "go.mod", &folders, &[])
}

fn texts<'t>(items: impl Iterator<Item = &'t str>) -> Vec<String> {
    items.map(str::to_owned).collect()
}

/// Globs of which those with `!` take folders out.
fn with_exceptions(survey: &Survey, manifest: &str, globs: Vec<String>) -> BTreeSet<String> {
    let (without, with): (Vec<String>, Vec<String>) = globs.into_iter().partition(|glob| glob.starts_with('!'));
    let without: Vec<String> = without.iter().map(|glob| glob.trim_start_matches('!').to_owned()).collect();
    matching(survey, manifest, &with, &without)
}

/// The folders with a manifest that match a glob as a whole.
fn matching(survey: &Survey, manifest: &str, with: &[String], without: &[String]) -> BTreeSet<String> {
    let rooted = |globs: &[String]| -> Option<PathList> {
        let plain =
            globs.iter().map(|glob| glob.trim_start_matches("./").trim_matches('/')).filter(|glob| !glob.is_empty() && *glob != ".");
        // The pattern of a folder holds what is below it: the manifest itself is asked for, right in it.
        let all: Vec<String> = plain.map(|glob| format!("/{glob}/{manifest}")).collect();
        PathList::new(all.iter().map(String::as_str)).ok()
    };
    let (Some(with), Some(without)) = (rooted(with), rooted(without)) else { return BTreeSet::new() };
    let is_member = |file: &&RepoPath| file.file_name() == manifest.as_bytes() && with.find(file).is_some() && without.find(file).is_none();
    let members = survey.files.iter().filter(is_member).filter_map(|file| std::str::from_utf8(file.as_bytes()).ok());
    let own = members.filter(|path| !is_foreign(path) || !path.contains("node_modules"));
    own.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()).collect()
}
