//! `paralint.toml`: read once, checked, resolved. The text comes from `input`; nothing here opens a file.

pub mod baseline;
mod gates;
mod length;
mod phase_names;
mod schema;
mod sections;
pub mod skipped;
mod suppressions;
mod unreadable;
pub mod waivers;
mod wrong;

pub use gates::{Command, Gate, Inputs, Profile, When, quoted};
pub use schema::schema;
pub use sections::{Changes, Generated, Identity, Locks, Phase};
pub use suppressions::{Suppression, Suppressions};

use crate::model::finding::Severity;
use crate::rules;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use wrong::Wrong;

/// The configuration, resolved. Without a file every rule has its own severity and every limit its default.
#[derive(Debug, Default)]
pub struct Config {
    /// The file that it came from.
    pub path: Option<String>,
    /// What the file says of each rule.
    pub rules: BTreeMap<String, Level>,
    /// Rules that this run leaves out, whatever the file says of them.
    pub skipped: Vec<&'static str>,
    /// The limits.
    pub limits: Limits,
    /// The suppressions.
    pub suppressions: Suppressions,
    /// Who works where.
    pub identity: Identity,
    /// Phases, by name.
    pub phases: BTreeMap<String, Phase>,
    /// Locks.
    pub locks: Locks,
    /// Changed files.
    pub changes: Changes,
    /// The gates, in the order of the file.
    pub gates: Vec<Gate>,
    /// Findings about the past that were accepted in the open.
    pub waivers: waivers::Waivers,
    /// Findings that count no more.
    pub baseline: Option<baseline::Baseline>,
}

/// How a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It does not run.
    Off,
    /// Its findings are notes.
    Note,
    /// Its findings are warnings at most.
    Warning,
    /// Its findings are errors, where they are proven.
    Error,
}

/// `[limits]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Agents at once.
    pub max_parallel: u32,
    /// Agents of one type at once.
    pub max_per_type: Option<u32>,
    /// Agents in one session.
    pub max_total: Option<u32>,
    /// The least `work / (peak · wall)` of a batch, 0 to 1.
    pub min_utilisation: Option<f64>,
    /// The most that the longest run of a batch may exceed the mean, as a factor.
    pub max_imbalance: Option<f64>,
    /// The largest share of a batch's time in which no agent runs, 0 to 1.
    pub max_overhead: Option<f64>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { max_parallel: 10, max_per_type: None, max_total: None, min_utilisation: None, max_imbalance: None, max_overhead: None }
    }
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, Level>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    suppress: Vec<Spanned<suppressions::Entry>>,
    #[serde(default)]
    identity: Identity,
    #[serde(default)]
    phases: BTreeMap<Spanned<String>, sections::PhaseEntry>,
    #[serde(default)]
    locks: Locks,
    #[serde(default)]
    changes: Changes,
    #[serde(default)]
    gates: gates::Written,
    resources: Option<Vec<Spanned<String>>>,
}

/// Why a configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// The file.
    pub path: String,
    /// Where, from 1.
    pub line: u64,
    /// Where, from 1, in characters.
    pub column: u64,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Config {
    /// Reads the text of a `paralint.toml`.
    pub fn parse(path: &str, text: &str) -> Result<Config, ConfigError> {
        let fail = |span: Option<std::ops::Range<usize>>, message: String, hint: Option<String>| {
            let (line, column) = place(text, span.map_or(0, |span| span.start));
            ConfigError { path: path.to_owned(), line, column, message, hint }
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let (message, hint) = unreadable::unreadable(text, &error);
            fail(error.span(), message, hint)
        })?;
        let mut levels = BTreeMap::new();
        for (name, level) in file.rules {
            if rules::find(name.get_ref()).is_none() {
                let hint = nearest(name.get_ref(), rules::RULES.iter().map(|rule| rule.name)).map(|near| format!("did you mean `{near}`?"));
                return Err(fail(
                    Some(name.span()),
                    format!("unknown rule `{}`", name.get_ref()),
                    hint.or_else(|| Some("`paralint rule` lists them all".to_owned())),
                ));
            }
            levels.insert(name.into_inner(), level);
        }
        let mut suppressions = Vec::new();
        for entry in file.suppress {
            let span = entry.span();
            let (line, _) = place(text, span.start);
            suppressions.push(entry.into_inner().resolve(line).map_err(|(message, hint)| fail(Some(span), message, hint))?);
        }
        check_limits(&file.limits).map_err(|(key, message)| fail(line_of(text, key), message, None))?;
        file.locks
            .max_age_milliseconds()
            .map_err(|message| fail(line_of(text, "max_age"), message, Some("write `24h` or `2d`".to_owned())))?;
        file.changes.generated().map_err(|message| fail(line_of(text, "generated"), message, None))?;
        check_identity(&file.identity)
            .map_err(|(key, message)| fail(line_of(text, key), message, Some("for example `agent/{agent}`".to_owned())))?;
        let refuse = |wrong: Wrong| fail(Some(wrong.span), wrong.message, wrong.hint);
        phase_names::check_added(&file.phases).map_err(refuse)?;
        let own: Vec<String> = file.phases.keys().map(|name| name.get_ref().clone()).collect();
        phase_names::check_waited_for(gates::phases(&file.gates), &own).map_err(refuse)?;
        let gates = gates::gates(file.gates, file.resources.as_deref(), path, text).map_err(refuse)?;
        let phases = file.phases.into_iter().map(|(name, phase)| Ok((name.into_inner(), phase.resolve(&gates)?)));
        let phases = phases.collect::<Result<BTreeMap<String, Phase>, Wrong>>().map_err(refuse)?;
        Ok(Config {
            path: Some(path.to_owned()),
            rules: levels,
            skipped: Vec::new(),
            limits: file.limits,
            suppressions: Suppressions(suppressions),
            identity: file.identity,
            phases,
            locks: file.locks,
            changes: file.changes,
            gates,
            waivers: waivers::Waivers::default(),
            baseline: None,
        })
    }

    /// The severity of a finding of a rule: as found, but no worse than configured. `None` where the rule is off, or left
    /// out of this run.
    ///
    /// A finding that the rule itself lowered (doubt, a correction) is not raised again.
    pub fn severity(&self, rule: &rules::Rule, found: Severity) -> Option<Severity> {
        if self.is_skipped(rule.name) { None } else { self.configured(rule, found) }
    }

    /// Whether this run leaves a rule out.
    pub fn is_skipped(&self, rule: &str) -> bool {
        self.skipped.contains(&rule)
    }

    /// The severity as the file has it, whatever this run leaves out.
    pub fn configured(&self, rule: &rules::Rule, found: Severity) -> Option<Severity> {
        let configured = match self.rules.get(rule.name) {
            None => return Some(found),
            Some(Level::Off) => return None,
            Some(Level::Note) => Severity::Note,
            Some(Level::Warning) => Severity::Warning,
            Some(Level::Error) => Severity::Error,
        };
        Some(if found >= rule.severity { configured } else { found.min(configured) })
    }
}

/// Where a key is set: at the start of a line, comments aside.
fn line_of(text: &str, key: &str) -> Option<std::ops::Range<usize>> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let place = |start: usize| start + (text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len());
    starts.map(place).find(|at| text[*at..].starts_with(key)).map(|at| at..at)
}

fn check_identity(identity: &Identity) -> Result<(), (&'static str, String)> {
    for (key, pattern) in [("branch", &identity.branch), ("worktree", &identity.worktree), ("author", &identity.author)] {
        if pattern.as_ref().is_some_and(|pattern| pattern.matches("{agent}").count() != 1) {
            return Err((key, format!("`{key}` must hold `{{agent}}` once")));
        }
    }
    Ok(())
}

fn check_limits(limits: &Limits) -> Result<(), (&'static str, String)> {
    for (key, value) in [("min_utilisation", limits.min_utilisation), ("max_overhead", limits.max_overhead)] {
        if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            return Err((key, format!("`{key}` is a share and must lie between 0 and 1")));
        }
    }
    if limits.max_imbalance.is_some_and(|value| !value.is_finite() || value < 1.0) {
        return Err(("max_imbalance", "`max_imbalance` is a factor and must be at least 1".to_owned()));
    }
    if limits.max_parallel == 0 {
        return Err(("max_parallel", "`max_parallel` must be at least 1".to_owned()));
    }
    Ok(())
}

/// Line and column, from 1, of a byte offset.
fn place(text: &str, offset: usize) -> (u64, u64) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) as u64 + 1;
    (line, column)
}

/// The name that a misspelt one most likely stands for.
pub fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let begun = |name: &str| wrong.len() >= 3 && name.starts_with(wrong);
    let scored = names.map(|name| (strsim::damerau_levenshtein(wrong, name), name));
    scored.filter(|(distance, name)| *distance <= 1 + name.len() / 4 || begun(name)).min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> ConfigError {
        Config::parse("paralint.toml", text).unwrap_err()
    }

    #[test]
    fn a_full_file_is_read() {
        let config = Config::parse("paralint.toml", "[rules]\nclaimed-serial = \"warning\"\nidle-agent = \"off\"\n[limits]\nmax_parallel = 4\n[[suppress]]\nrule = \"idle-agent\"\npath = \"logs/**\"\nreason = \"poems\"\n").unwrap();
        assert_eq!(config.limits.max_parallel, 4);
        let serial = rules::find("claimed-serial").unwrap();
        assert_eq!(config.severity(serial, Severity::Error), Some(Severity::Warning));
        assert_eq!(config.severity(serial, Severity::Note), Some(Severity::Note));
        assert_eq!(config.severity(rules::find("idle-agent").unwrap(), Severity::Warning), None);
    }

    #[test]
    fn a_rule_can_be_made_stricter_but_doubt_stays_a_note() {
        let config = Config::parse("p", "[rules]\nidle-agent = \"error\"").unwrap();
        let rule = rules::find("idle-agent").unwrap();
        assert_eq!(config.severity(rule, Severity::Warning), Some(Severity::Error));
        assert_eq!(config.severity(rule, Severity::Note), Some(Severity::Note));
    }

    #[test]
    fn mistakes_are_named_with_their_place_and_a_guess() {
        let unknown_key = error("[limits]\nmax_paralel = 3\n");
        assert_eq!((unknown_key.line, unknown_key.column, unknown_key.hint.as_deref()), (2, 1, Some("did you mean `max_parallel`?")));
        let unknown_rule = error("[rules]\n\nclaimed-serail = \"off\"\n");
        assert_eq!((unknown_rule.line, unknown_rule.column, unknown_rule.hint.as_deref()), (3, 1, Some("did you mean `claimed-serial`?")));
        let unknown_level = error("[rules]\nclaimed-serial = \"warn\"\n");
        assert_eq!((unknown_level.line, unknown_level.hint.as_deref()), (2, Some("did you mean `warning`?")));
        assert_eq!(error("[[suppress]]\nrule = \"idle-agent\"\nreason = \" \"\n").message, "a suppression needs a reason");
        assert!(error("[limits]\nmin_utilisation = 3.0").message.contains("between 0 and 1"));
        assert_eq!(error("rules = [").line, 1);
        let climbing = error("[phases.architecture]\nparallel = false\npaths = [\"../x/\"]");
        assert!(climbing.line == 3 && climbing.message.contains("../x/"), "{climbing:?}");
    }
}
