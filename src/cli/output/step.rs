//! What later steps of a workflow learn of this one: the outputs `findings` and `exit-code`, and `gates` where gates were asked for.
#![allow(clippy::disallowed_methods)]

use super::super::FAILED;
use super::complain;
use super::place::{opened, real};
use super::targets::Target;
use crate::model::gate::GateStatus;
use crate::report::{Format, github, v1};
use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Where a runner of GitHub Actions takes the outputs of a step from. Every command of the step adds to it.
const OUTPUT: &str = "GITHUB_OUTPUT";

/// The file for the outputs, where a runner asks for them: with `--format github`.
fn file(format: &Format) -> Option<PathBuf> {
    let named = std::env::var_os(OUTPUT).filter(|path| !path.is_empty());
    named.map(PathBuf::from).filter(|_| *format == github::FORMAT)
}

/// A report that would stand where the outputs go: the runner could read neither.
pub(super) fn clash(format: &Format, targets: &[Target]) -> Option<String> {
    let file = real(&file(format)?);
    let target = targets.iter().find(|target| real(&target.path) == file)?;
    Some(format!("{} would be written to $GITHUB_OUTPUT, where the outputs of this step go", target.format.name))
}

/// How many gates were called for, as a line; nothing where no gates were asked for.
fn gates(report: &v1::Report) -> String {
    let chosen = report.gates.as_deref().or_else(|| (report.command == "gates").then_some(&[]));
    let called = |gates: &[v1::Gate]| gates.iter().filter(|gate| gate.status != GateStatus::Skipped).count();
    chosen.map(|gates| format!("gates={}\n", called(gates))).unwrap_or_default()
}

/// Tells later steps how many findings there are and what the exit code is. Returns that exit code, or 2 where they cannot be
/// told.
pub(super) fn tell(format: &Format, report: &v1::Report, code: u8) -> u8 {
    let Some(path) = file(format) else { return code };
    match append(&path, &format!("findings={}\nexit-code={code}\n{}", report.findings.len(), gates(report))) {
        Ok(()) => code,
        Err(error) => {
            complain(&format!("failed to write {}: {error}", path.display()), Some("GITHUB_OUTPUT names it"));
            FAILED
        }
    }
}

/// Adds lines to what other commands of the step wrote there, at once. What stands there may end within a line.
fn append(path: &Path, lines: &str) -> io::Result<()> {
    if std::fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return opened(path)?.write_all(lines.as_bytes());
    }
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let gap = if last == [b'\n'] { "" } else { "\n" };
    file.write_all(format!("{gap}{lines}").as_bytes())
}
