//! Names of phases: those that a gate waits for, and those that add one. A name that means nothing would never be asked.

use super::sections::PhaseEntry;
use super::wrong::Wrong;
use crate::work::phase::{EVERY_WAVE, built_in_names, is_built_in, plain};
use std::collections::BTreeMap;
use toml::Spanned;

/// In names that are at least so long two letters may be mistaken, in shorter ones one.
const LONG: usize = 10;
/// A part of test definition begins like this, and one letter: `test_2c`.
const PART: usize = "test_2c".len();

/// Refuses `[phases.NAME]` where the name is most likely a misspelt one of a built-in phase: it would add a phase that nobody
/// is ever in.
pub(super) fn check_added(phases: &BTreeMap<Spanned<String>, PhaseEntry>) -> Result<(), Wrong> {
    for name in phases.keys().filter(|name| !is_built_in(name.get_ref())) {
        let written = plain(name.get_ref());
        if let Some(near) = built_in_names().chain([EVERY_WAVE]).find(|known| is_misspelt(&written, known)) {
            let message = format!("`{}` is no built-in phase, and nearly spelt like one", name.get_ref());
            return Err(Wrong::at(name, message).help(format!("did you mean `{near}`? A phase of your own needs a name that differs more")));
        }
    }
    Ok(())
}

/// Whether a plain name is a misspelling of a built-in one, and not one that was made from it: `implementation_2`.
fn is_misspelt(written: &str, known: &str) -> bool {
    // Another part of the same phase differs in one letter, too.
    let same_part = |known: &str| written.get(..PART) == known.get(..PART);
    if written.contains(known) || (known.starts_with("test_2") && !same_part(known)) {
        return false;
    }
    let most = if known.chars().count() >= LONG { 2 } else { 1 };
    strsim::damerau_levenshtein(written, known) <= most
}

/// Refuses names of `when.phases` that mean no phase. `own` are those of `[phases.NAME]`.
pub(super) fn check_waited_for<'p>(names: impl Iterator<Item = &'p Spanned<String>>, own: &[String]) -> Result<(), Wrong> {
    for name in names.filter(|name| !name.get_ref().trim().is_empty()) {
        let written = plain(name.get_ref());
        if is_built_in(name.get_ref()) || own.iter().any(|own| plain(own) == written) {
            continue;
        }
        let wrong = Wrong::at(name, format!("`{}` is no phase, sub-phase or wave", name.get_ref()));
        if written.starts_with("wave") {
            return Err(wrong.help("write `wave-2` for one wave, `wave` for every wave"));
        }
        let mut known: Vec<&str> = built_in_names().collect();
        known.extend(own.iter().map(String::as_str).chain([EVERY_WAVE]));
        let spelt: Vec<String> = known.iter().map(|name| plain(name)).collect();
        let near = super::nearest(&written, spelt.iter().map(String::as_str));
        return Err(match near.and_then(|near| known.iter().find(|name| plain(name) == near)) {
            Some(near) => wrong.help(format!("did you mean `{near}`?")),
            None => wrong.help(format!("known here: {}; `[phases.NAME]` adds one", known.join(", "))),
        });
    }
    Ok(())
}
