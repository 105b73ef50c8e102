//! The files that a report is written to, beside standard output.
#![allow(clippy::disallowed_methods)]

use super::complain;
use super::place::{is_standard, real, write_beside};
use crate::report::{self, Context, FORMATS, Format, github, summary, v1};
use rayon::prelude::*;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where a runner of GitHub Actions takes the summary of a step from. Every command of the step writes to it.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// What is thrown away cannot collide.
#[cfg(unix)]
const NOWHERE: &str = "/dev/null";
#[cfg(not(unix))]
const NOWHERE: &str = "NUL";

/// A report in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) format: &'static Format,
    pub(super) path: PathBuf,
}

/// Takes `FORMAT=FILE`.
pub(super) fn parse(text: &str) -> Result<Target, String> {
    let (format, path) = text.split_once('=').ok_or("expected FORMAT=FILE, such as json=report.json")?;
    let known = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let format = report::find(format).ok_or_else(|| format!("unknown format `{format}` (known: {})", known()))?;
    match path {
        "" => Err("expected a file behind the `=`".to_owned()),
        "-" => Err(format!("`-` is no file: --format {} prints to standard output", format.name)),
        path => Ok(Target { format, path: PathBuf::from(path) }),
    }
}

/// The files that were asked for, and the summary of the step where a runner asks for one: with `--format github`. Whoever
/// asks for that very file gets it once.
pub(super) fn with_step_summary(format: &'static Format, targets: &[Target]) -> Vec<Target> {
    let mut all = targets.to_vec();
    let is_there = targets.iter().any(is_step_summary);
    if let Some(path) = step_summary().filter(|_| *format == github::FORMAT && !is_there) {
        all.push(Target { format: &summary::FORMAT, path });
    }
    all
}

/// A file that is a standard stream: there the report would stand between what is printed anyway, or in its place.
pub(super) fn standard(targets: &[Target]) -> Option<String> {
    let (target, stream) = targets.iter().find_map(|target| Some((target, is_standard(&target.path)?)))?;
    let (path, format) = (target.path.display(), target.format.name);
    Some(format!("{path} is {stream}, and no file for a report: --format {format} prints it to standard output"))
}

/// Two reports that would go to the same file: nobody would find the first one.
pub(super) fn clash(targets: &[Target]) -> Option<String> {
    let places: Vec<PathBuf> = targets.iter().map(|target| real(&target.path)).collect();
    let same = |later: usize| (0..later).find(|earlier| places[*earlier] == places[later]).map(|earlier| (earlier, later));
    let (earlier, later) = (0..targets.len()).filter(|later| places[*later] != Path::new(NOWHERE)).find_map(same)?;
    let (earlier, later) = (&targets[earlier], &targets[later]);
    Some(format!("{} and {} would both be written to {}", earlier.format.name, later.format.name, later.path.display()))
}

/// Writes all of them, side by side. Returns whether one could not be written.
pub(super) fn write(targets: &[Target], report: &v1::Report, context: &Context) -> bool {
    let write = |target: &Target| {
        if is_step_summary(target) {
            append(&target.path, report, context)
        } else {
            write_beside(&target.path, |out| (target.format.write)(report, context, out))
        }
    };
    // Each one a task of its own: one that is done early leaves its core to the others.
    let written: Vec<io::Result<()>> = targets.par_iter().with_max_len(1).map(write).collect();
    let mut failed = false;
    for (target, written) in targets.iter().zip(written) {
        if let Err(error) = written {
            let hint = match error.kind() {
                io::ErrorKind::Other => None,
                _ => Some("check the folder and its permissions"),
            };
            complain(&format!("failed to write {}: {error}", target.path.display()), hint);
            failed = true;
        }
    }
    failed
}

fn step_summary() -> Option<PathBuf> {
    std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn is_step_summary(target: &Target) -> bool {
    *target.format == summary::FORMAT && step_summary().is_some_and(|path| real(&path) == real(&target.path))
}

/// Adds the summary to what other commands of the step wrote there, at once, and within what GitHub takes for all of them.
fn append(path: &Path, report: &v1::Report, context: &Context) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    let taken = file.metadata()?.len();
    // What stands there may end within a line, and within a paragraph.
    let gap = if taken > 0 { "\n\n" } else { "" };
    let taken = usize::try_from(taken).unwrap_or(usize::MAX).saturating_add(gap.len());
    match summary::within(report, context, summary::LIMIT.saturating_sub(taken)) {
        Some(text) => file.write_all(format!("{gap}{text}").as_bytes()),
        None => Err(io::Error::other("GitHub takes no more than 1 MiB for a step, and other commands of this one wrote that much")),
    }
}
