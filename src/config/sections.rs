//! The sections of `paralint.toml` that concern repositories: who works where, phases, locks, generated files.

use super::gates::{Gate, check_patterns, known};
use super::length::length;
use super::wrong::Wrong;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use toml::Spanned;

/// `[identity]`: patterns with `{agent}`, which captures what `--agent` would take.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// Of branch names: `agent/{agent}`.
    pub branch: Option<String>,
    /// Of worktrees' folder names: `wt-{agent}`.
    pub worktree: Option<String>,
    /// The trailer's key; `Agent` without it.
    pub trailer: Option<String>,
    /// Of authors, as `Name <email>`: `{agent} <*@agents.example>`.
    pub author: Option<String>,
}

/// `[phases.NAME]`: changes a built-in phase or adds one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phase {
    /// Whether agents may work at once.
    pub parallel: Option<bool>,
    /// Its agents, in the order in which they have to work.
    pub agents: Vec<String>,
    /// The phases that must be complete before it.
    pub needs: Option<Vec<String>>,
    /// The only paths that may change in it: patterns as in BOUNDARIES.json.
    pub paths: Vec<String>,
    /// The gates that must have passed when it is complete.
    pub gates: Vec<String>,
}

/// `[phases.NAME]` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PhaseEntry {
    parallel: Option<bool>,
    agents: Vec<String>,
    needs: Option<Vec<String>>,
    paths: Vec<Spanned<String>>,
    gates: Vec<Spanned<String>>,
}

impl PhaseEntry {
    /// Refuses paths that are no patterns, and gates that are not there.
    pub(super) fn resolve(self, gates: &[Gate]) -> Result<Phase, Wrong> {
        check_patterns(&self.paths)?;
        known(gates, &self.gates)?;
        let texts = |list: Vec<Spanned<String>>| list.into_iter().map(Spanned::into_inner).collect();
        let PhaseEntry { parallel, agents, needs, paths, gates } = self;
        Ok(Phase { parallel, agents, needs, paths: texts(paths), gates: texts(gates) })
    }
}

/// `[locks]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Locks {
    /// How old a lock without `expires` may be: `24h`, `2d`.
    pub max_age: String,
}

impl Default for Locks {
    fn default() -> Locks {
        Locks { max_age: "24h".to_owned() }
    }
}

impl Locks {
    /// `max_age` in milliseconds; an error where it is no length of time.
    pub fn max_age_milliseconds(&self) -> Result<i64, String> {
        let length = length("max_age", &self.max_age)?;
        i64::try_from(length.as_millis()).map_err(|_| format!("`{}` is too long", self.max_age))
    }
}

/// `[changes]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Changes {
    /// Globs of further files that tools write.
    pub generated: Vec<String>,
}

/// Lock files and build information, which trip everybody who adds a dependency.
const GENERATED: &[&str] = &[
    "Cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "Pipfile.lock",
    "pixi.lock",
    "go.sum",
    "go.work.sum",
    "Gemfile.lock",
    "composer.lock",
    "mix.lock",
    "pubspec.lock",
    "Podfile.lock",
    "Package.resolved",
    "packages.lock.json",
    "flake.lock",
    "gradle.lockfile",
    "*.tsbuildinfo",
    "*.min.js",
    "*.min.css",
    "*.pb.go",
    "*_pb2.py",
    "*.snap",
];

impl Changes {
    /// A matcher for generated files, by path relative to the repository. The globs of the configuration match the whole
    /// path, or the file's name where they hold no `/`.
    pub fn generated(&self) -> Result<Generated, String> {
        let mut set = GlobSetBuilder::new();
        for glob in GENERATED.iter().copied().chain(self.generated.iter().map(String::as_str)) {
            let whole = match glob.trim_start_matches('/') {
                bare if !glob.contains('/') => format!("**/{bare}"),
                rooted => rooted.to_owned(),
            };
            let built = GlobBuilder::new(&whole).literal_separator(true).build();
            set.add(built.map_err(|error| format!("`{glob}` is no valid glob: {}", error.kind()))?);
        }
        set.build().map(Generated).map_err(|error| error.to_string())
    }
}

/// Which files are generated.
#[derive(Debug, Clone)]
pub struct Generated(GlobSet);

impl Generated {
    /// Whether a path (bytes, relative to the repository) is a generated file.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.0.is_match(String::from_utf8_lossy(path).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_are_generated_wherever_they_lie() {
        let generated = Changes { generated: vec!["gen/**".to_owned(), "*.designer.cs".to_owned()] }.generated().unwrap();
        for path in ["Cargo.lock", "web/package-lock.json", "a/b/app.tsbuildinfo", "gen/x/y.rs", "ui/Form.designer.cs"] {
            assert!(generated.is_match(path.as_bytes()), "{path}");
        }
        for path in ["src/lock.rs", "a/gen/x.rs", "Cargo.lock.md"] {
            assert!(!generated.is_match(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn a_lock_has_an_age() {
        let age = |text: &str| Locks { max_age: text.to_owned() }.max_age_milliseconds();
        assert_eq!(age("24h"), Ok(86_400_000));
        assert_eq!(age("2d"), Ok(172_800_000));
        assert!(age("soon").is_err() && age("0h").is_err() && age("1 month").is_err());
    }
}
