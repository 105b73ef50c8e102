//! `resources`: declared names, or names that are not nearly those of others.

use super::names;
use super::written::Entry;
use crate::config::wrong::Wrong;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Shorter names are not compared: `a` and `b` are no misspellings of each other.
const SHORTEST: usize = 4;

/// Refuses resources that are not among the declared ones; where none are declared, those that only one gate names and that
/// are nearly spelt like one of another gate. `entries` are in the order of the file.
pub(super) fn check(entries: &[(Spanned<String>, Entry)], declared: Option<&[Spanned<String>]>) -> Result<(), Wrong> {
    for resource in entries.iter().flat_map(|(_, entry)| &entry.resources).chain(declared.unwrap_or_default()) {
        names::check("resource", resource)?;
    }
    for (gate, entry) in entries {
        if let Some((_, twice)) = entry.resources.iter().enumerate().find(|(at, one)| entry.resources[..*at].contains(one)) {
            let message = format!("`{}` holds `{}` twice", gate.get_ref(), twice.get_ref());
            return Err(Wrong::at(twice, message).help("take one of them out"));
        }
    }
    match declared {
        Some(declared) => check_declared(entries, declared),
        None => check_spelling(entries),
    }
}

fn check_declared(entries: &[(Spanned<String>, Entry)], declared: &[Spanned<String>]) -> Result<(), Wrong> {
    let known: BTreeSet<&str> = declared.iter().map(|name| name.get_ref().as_str()).collect();
    for (gate, entry) in entries {
        if let Some(unknown) = entry.resources.iter().find(|resource| !known.contains(resource.get_ref().as_str())) {
            let message = format!("`{}` holds `{}`, which is not among the `resources` at the top", gate.get_ref(), unknown.get_ref());
            return Err(Wrong::at(unknown, message).guess(unknown.get_ref(), known.iter().copied()));
        }
    }
    Ok(())
}

fn check_spelling(entries: &[(Spanned<String>, Entry)]) -> Result<(), Wrong> {
    let mut holders: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (index, (_, entry)) in entries.iter().enumerate() {
        entry.resources.iter().for_each(|resource| {
            holders.entry(resource.get_ref()).or_default().insert(index);
        });
    }
    for (index, (gate, entry)) in entries.iter().enumerate() {
        for resource in entry.resources.iter().filter(|resource| holders.get(resource.get_ref().as_str()).is_some_and(|of| of.len() == 1)) {
            // Of two that are named once each, the later one is told.
            let elsewhere = |of: &BTreeSet<usize>| !of.contains(&index) && (of.len() > 1 || of.iter().all(|other| *other < index));
            let near = holders.iter().find(|(name, of)| elsewhere(of) && is_near(resource.get_ref(), name));
            if let Some((name, _)) = near {
                let message = format!("only `{}` holds `{}`, and others hold `{name}`", gate.get_ref(), resource.get_ref());
                let hint = format!("did you mean `{name}`? Where both are meant, name them at the top: resources = [\"{name}\", …]");
                return Err(Wrong::at(resource, message).help(hint));
            }
        }
    }
    Ok(())
}

/// Whether one name is most likely a misspelling of another. Numbered names are not: `port-1`, `port-2`.
fn is_near(one: &str, other: &str) -> bool {
    let bare = |name: &str| names::folded(name).chars().filter(|letter| !matches!(letter, '-' | '_' | ' ' | '.')).collect::<String>();
    let (one, other) = (bare(one), bare(other));
    let without_digits = |name: &str| name.chars().filter(|letter| !letter.is_numeric()).collect::<String>();
    if one == other {
        return true;
    }
    let shorter = one.chars().count().min(other.chars().count());
    shorter >= SHORTEST
        && without_digits(&one) != without_digits(&other)
        && strsim::damerau_levenshtein(&one, &other) <= if shorter >= 2 * SHORTEST { 2 } else { 1 }
}
