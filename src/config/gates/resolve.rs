//! `[gates]`, from what is written to what is meant.

use super::written::{Conditions, Entry, Texts, Written};
use super::{Gate, Inputs, When, command, names, needs, resources};
use crate::config::length::length;
use crate::config::place;
use crate::config::wrong::Wrong;
use crate::model::mark::Mark;
use crate::policy::PathList;
use std::collections::BTreeMap;
use std::time::Duration;
use toml::Spanned;

/// The longest `timeout` and `backoff`.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);
/// The most `retries`.
pub(in crate::config) const MOST_RETRIES: i64 = 100;
/// The most `weight`: more than any machine has cores.
pub(in crate::config) const MOST_WEIGHT: i64 = 1000;
/// How long a gate waits before it is tried again, where it does not say.
const BACKOFF: Duration = Duration::from_secs(1);

/// The gates in the order of the file. `declared` are the resources that may be named; any may where it is not there.
pub(in crate::config) fn gates(written: Written, declared: Option<&[Spanned<String>]>, path: &str, text: &str) -> Result<Vec<Gate>, Wrong> {
    let mut entries: Vec<(Spanned<String>, Entry)> = written.into_iter().map(|(name, table)| (name, table.0)).collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries.iter().try_for_each(|(name, _)| names::check("gate", name))?;
    names::check_distinct(entries.iter().map(|(name, _)| name))?;
    needs::check(&entries)?;
    resources::check(&entries, declared)?;
    entries.into_iter().map(|(name, entry)| gate(name, entry, path, text)).collect()
}

/// The phases that gates wait for, as they are written.
pub(in crate::config) fn phases(written: &Written) -> impl Iterator<Item = &Spanned<String>> {
    let lists = written.values().filter_map(|table| table.0.when.0.phases.as_ref());
    lists.flat_map(|list| list.get_ref())
}

/// Refuses a name that is no gate.
pub(in crate::config) fn known(gates: &[Gate], names: &[Spanned<String>]) -> Result<(), Wrong> {
    let all = || gates.iter().map(|gate| gate.name.as_str());
    let unknown = names.iter().find(|name| !all().any(|known| known == name.get_ref()));
    let Some(name) = unknown else { return Ok(()) };
    let wrong = Wrong::at(name, format!("`{}` is no gate", name.get_ref()));
    Err(if gates.is_empty() {
        wrong.help(format!("there are none; define it: `[gates.{}]`", name.get_ref()))
    } else {
        wrong.guess(name.get_ref(), all())
    })
}

fn gate(name: Spanned<String>, entry: Entry, path: &str, text: &str) -> Result<Gate, Wrong> {
    check_idle_keys(&entry)?;
    let Some(run) = entry.run else {
        return Err(Wrong::at(&name, format!("`{}` has no command", name.get_ref())).help("add `run = \"…\"`"));
    };
    let retries = whole("retries", entry.retries.as_ref(), 0, 0, MOST_RETRIES)?;
    let weight = whole("weight", entry.weight.as_ref(), 1, 1, MOST_WEIGHT)?;
    let profiles = entry.profiles.map(|profiles| not_empty("profiles", profiles)).transpose()?.unwrap_or_default();
    Ok(Gate {
        run: command::command(name.get_ref(), run)?,
        mark: mark(&name, path, text),
        when: when(entry.when.0)?,
        needs: distinct(entry.needs),
        resources: entry.resources.into_iter().map(Spanned::into_inner).collect(),
        weight,
        timeout: entry.timeout.as_ref().map(|timeout| time("timeout", timeout)).transpose()?,
        retries,
        backoff: entry.backoff.as_ref().map_or(Ok(BACKOFF), |backoff| time("backoff", backoff))?,
        profiles,
        env: variables(entry.env)?,
        inputs: entry.inputs,
        dir: entry.dir.as_ref().map(folder).transpose()?.flatten(),
        git_env: entry.git_env,
        cache: entry.cache.is_none_or(Spanned::into_inner),
        name: name.into_inner(),
    })
}

/// Refuses keys that change nothing as they stand: whoever wrote them meant something by it.
fn check_idle_keys(entry: &Entry) -> Result<(), Wrong> {
    if let Some(cache) = entry.cache.as_ref().filter(|_| entry.inputs != Inputs::Index) {
        let hint = "a gate on the work tree always runs; take `cache` out, or add `inputs = \"index\"`";
        return Err(Wrong::at(cache, "`cache` means something only with inputs = \"index\"").help(hint));
    }
    if let Some(backoff) = entry.backoff.as_ref().filter(|_| entry.retries.is_none()) {
        return Err(Wrong::at(backoff, "`backoff` means something only with `retries`").help("take it out, or add `retries = 2`"));
    }
    Ok(())
}

/// The line in which a gate's name stands.
fn mark(name: &Spanned<String>, path: &str, text: &str) -> Mark {
    let span = name.span();
    let (line, column) = place(text, span.start);
    let width = text.get(span.clone()).map_or(0, |name| name.chars().count()) as u64;
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let whole = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    Mark { path: path.into(), line, column, end_column: column + width, text: whole.into() }
}

fn whole(key: &str, value: Option<&Spanned<i64>>, usual: u32, least: i64, most: i64) -> Result<u32, Wrong> {
    let Some(value) = value else { return Ok(usual) };
    let number = *value.get_ref();
    if number < least {
        return Err(Wrong::at(value, format!("`{key}` must be at least {least}")));
    }
    u32::try_from(number).ok().filter(|_| number <= most).ok_or_else(|| Wrong::at(value, format!("`{key}` must be at most {most}")))
}

fn time(key: &str, value: &Spanned<String>) -> Result<Duration, Wrong> {
    let example = "for example `10m`, `90s` or `1h 30m`";
    let length = length(key, value.get_ref()).map_err(|message| Wrong::at(value, message).help(example))?;
    if length > LONGEST { Err(Wrong::at(value, format!("`{key}` is longer than a year")).help(example)) } else { Ok(length) }
}

/// An empty list says neither "all" nor "none" to everybody.
fn not_empty<T>(key: &str, list: Spanned<Vec<T>>) -> Result<Vec<T>, Wrong> {
    if list.get_ref().is_empty() {
        return Err(Wrong::at(&list, format!("`{key}` lists nothing")).help("leave it out where there is no such condition"));
    }
    Ok(list.into_inner())
}

fn distinct(names: Vec<Spanned<String>>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        if !kept.contains(name.get_ref()) {
            kept.push(name.into_inner());
        }
    }
    kept
}

fn when(conditions: Conditions) -> Result<When, Wrong> {
    let list = |key: &str, texts: Option<Texts>| texts.map_or_else(|| Ok(Vec::new()), |texts| not_empty(key, texts));
    let texts = |list: Vec<Spanned<String>>| list.into_iter().map(Spanned::into_inner).collect();
    let changed = list("changed", conditions.changed)?;
    check_patterns(&changed)?;
    if let Some(first) = changed.first().filter(|_| changed.iter().all(|pattern| pattern.get_ref().starts_with('!'))) {
        return Err(Wrong::at(first, "`changed` only takes paths out, and so matches nothing").help("name what is matched first: `**`"));
    }
    let exists = list("exists", conditions.exists)?;
    check_patterns(&exists)?;
    if let Some(negated) = exists.iter().find(|pattern| pattern.get_ref().starts_with('!')) {
        let message = format!("`{}` takes paths out, and so matches nothing", negated.get_ref());
        return Err(Wrong::at(negated, message).help("each pattern of `exists` must match something"));
    }
    let phases = list("phases", conditions.phases)?;
    if let Some(blank) = phases.iter().find(|phase| phase.get_ref().trim().is_empty()) {
        return Err(Wrong::at(blank, "the name of a phase is empty"));
    }
    Ok(When { changed: texts(changed), phases: texts(phases), exists: texts(exists) })
}

pub(in crate::config) fn check_patterns(patterns: &[Spanned<String>]) -> Result<(), Wrong> {
    let compiled = PathList::rooted(patterns.iter().map(|pattern| pattern.get_ref().as_str()));
    compiled.map(drop).map_err(|(item, error)| Wrong {
        span: patterns.get(item).map_or(0..0, Spanned::span),
        message: error.message,
        hint: error.hint,
    })
}

fn variables(written: BTreeMap<Spanned<String>, Spanned<String>>) -> Result<BTreeMap<String, String>, Wrong> {
    let mut variables = BTreeMap::new();
    for (name, value) in written {
        let text = name.get_ref();
        if text.is_empty() || text.contains('=') {
            let message =
                if text.is_empty() { "the name of a variable is empty".to_owned() } else { format!("the name `{text}` holds `=`") };
            return Err(Wrong::at(&name, message).help("for example `env = { RUST_BACKTRACE = \"1\" }`"));
        }
        let place = if text.contains('\0') { Some(name.span()) } else { value.get_ref().contains('\0').then(|| value.span()) };
        if let Some(span) = place {
            let (message, hint) = command::no_zero("a variable");
            return Err(Wrong::new(span, message).help(hint));
        }
        variables.insert(name.into_inner(), value.into_inner());
    }
    Ok(variables)
}

/// A folder in one spelling; `None` for the root. A `/` at the beginning is the root, as in patterns.
fn folder(dir: &Spanned<String>) -> Result<Option<String>, Wrong> {
    let text = dir.get_ref();
    let example = "name a folder from the root of the repository: `dir = \"web\"`";
    let wrong = |message: String| Err(Wrong::at(dir, message).help(example));
    let has_drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if text.contains('\0') {
        let (message, hint) = command::no_zero("a folder");
        return Err(Wrong::at(dir, message).help(hint));
    }
    if text.trim().is_empty() {
        return wrong("`dir` is empty".to_owned());
    }
    if text.contains('\\') {
        return Err(Wrong::at(dir, format!("`{text}` holds a `\\`")).help("write `/` between folders"));
    }
    if text.starts_with('~') || has_drive {
        return wrong(format!("`{text}` is no folder of the repository"));
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.contains(&"..") {
        return wrong(format!("`{text}` climbs out with `..`"));
    }
    Ok((!parts.is_empty()).then(|| parts.join("/")))
}
