//! Findings in every form that people and machines read. Reporters decide nothing.

pub mod assemble;
mod commands;
#[cfg(test)]
pub(crate) mod example;
mod fingerprints;
pub mod gates;
pub mod github;
pub mod gitlab;
pub mod ground;
#[cfg(test)]
pub(crate) mod hostile;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
mod lane;
pub mod otlp;
mod pieces;
mod reasons;
pub mod sarif;
pub mod summary;
pub mod text;
mod threads;
pub mod trace;
#[cfg(test)]
mod untold;
mod uri;
pub mod v1;

use ground::Ground;
use std::io::{Result, Write};

/// A form of the report: one file or folder, and one line in `FORMATS`.
pub struct Format {
    /// What `--format` and `--output` call it.
    pub name: &'static str,
    /// For whom it is, in one line.
    pub summary: &'static str,
    /// Writes a report.
    pub write: fn(&v1::Report, &Context, &mut dyn Write) -> Result<()>,
}

/// What a report needs beside its content: how it looks, and where it stands. It never changes what is said.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// For people at a terminal.
    pub style: human::Style,
    /// What relative paths are relative to.
    pub ground: Ground,
}

/// Every format, in the order in which they are listed.
pub const FORMATS: &[&Format] = &[
    &human::FORMAT,
    &json::FORMAT,
    &sarif::FORMAT,
    &github::FORMAT,
    &summary::FORMAT,
    &junit::FORMAT,
    &gitlab::FORMAT,
    &html::FORMAT,
    &trace::FORMAT,
    &otlp::FORMAT,
];

/// The format of a name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name).copied()
}

impl std::fmt::Debug for Format {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Format) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}
