//! What a project of Python needs: the names of packages in pyproject.toml and in lists of requirements.

use super::Project;
use crate::starter::survey::is_requirements;
use std::collections::BTreeSet;

/// Every package that is named, for whatever purpose; in small letters, with `-`.
pub(super) fn requirements(project: &Project<'_>, pyproject: &toml::Table) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let at = |keys: &[&str]| keys.iter().skip(1).try_fold(pyproject.get(keys[0])?, |value, key| value.get(key));
    for keys in [
        &["project", "dependencies"][..],
        &["project", "optional-dependencies"],
        &["dependency-groups"],
        &["tool", "uv", "dev-dependencies"],
        &["tool", "pdm", "dev-dependencies"],
        &["tool", "hatch", "envs"],
    ] {
        at(keys).into_iter().for_each(|value| take_texts(value, &mut found));
    }
    for keys in [&["tool", "poetry", "dependencies"][..], &["tool", "poetry", "dev-dependencies"]] {
        take_keys(at(keys), &mut found);
    }
    for group in at(&["tool", "poetry", "group"]).and_then(|groups| groups.as_table()).into_iter().flat_map(|groups| groups.values()) {
        take_keys(group.get("dependencies"), &mut found);
    }
    let lists = project.survey.texts.iter().filter(|(path, _)| {
        let own = if project.folder.is_empty() { Some(path.as_str()) } else { path.strip_prefix(&format!("{}/", project.folder)) };
        own.is_some_and(|own| is_requirements(own) && own.matches('/').count() <= 1)
    });
    lists.flat_map(|(_, text)| text.lines()).for_each(|line| found.extend(name(line)));
    found
}

/// The texts of lists, however deep.
fn take_texts(value: &toml::Value, found: &mut BTreeSet<String>) {
    match value {
        toml::Value::String(text) => found.extend(name(text)),
        toml::Value::Array(all) => all.iter().for_each(|one| take_texts(one, found)),
        toml::Value::Table(table) => table.values().for_each(|one| take_texts(one, found)),
        _ => {}
    }
}

fn take_keys(value: Option<&toml::Value>, found: &mut BTreeSet<String>) {
    let table = value.and_then(|value| value.as_table());
    found.extend(table.into_iter().flat_map(|table| table.keys()).filter_map(|key| name(key)));
}

/// `Pytest[x]>=8; python_version > "3"` is `pytest`.
fn name(requirement: &str) -> Option<String> {
    let requirement = requirement.trim();
    let end = requirement.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter))).unwrap_or(requirement.len());
    let name = requirement[..end].to_ascii_lowercase().replace(['_', '.'], "-");
    (!name.is_empty() && !name.starts_with('-')).then_some(name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_name_is_what_stands_in_front() {
        for (requirement, expected) in
            [("pytest", "pytest"), ("Pytest_Cov[x] >= 8; python_version > '3'", "pytest-cov"), ("ruff==0.1 # x", "ruff")]
        {
            assert_eq!(super::name(requirement).as_deref(), Some(expected));
        }
        for nothing in ["", "# pytest", "-r base.txt", "--index-url x"] {
            assert_eq!(super::name(nothing), None);
        }
    }
}
