//! What every target does with its bytes: a log of one format, read, judged and reported.

#[path = "../../tests/suite/model_holds.rs"]
mod model_holds;
pub mod store;

use paralint::input::session::{self, find};
use paralint::report::{self, assemble};
use paralint::{audit, config::Config};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Where the one log of this process lies.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder can be made"));

/// The reports that are written: the one for people, and the one for programs.
const REPORTS: [&str; 2] = ["human", "json"];

/// A file for the log of this process, with an extension that its format looks for.
pub fn path_of(extension: &str) -> PathBuf {
    FOLDER.path().join(format!("log.{extension}"))
}

/// Reads a log as the format of this name, judges it and writes reports of it, forced to that format and as it is recognised.
///
/// Panics where anything on the way does, and where the session breaks what the model promises.
pub fn audit_bytes(format: &str, extension: &str, bytes: &[u8]) {
    let path = path_of(extension);
    std::fs::write(&path, bytes).expect("the temporary folder can be written to");
    audit_file(format, &path);
}

/// The same for a file.
pub fn audit_file(format: &str, path: &Path) {
    let format = session::by_name(format).unwrap_or_else(|| panic!("no format is called {format}"));
    for format in [Some(format), None] {
        let found = find::in_paths(&[path.to_owned()], format);
        let sessions: Vec<_> = session::read_all(&found.logs, |_| {}).into_iter().filter_map(Result::ok).collect();
        for session in &sessions {
            let off = model_holds::broken(session, lines_of);
            assert!(off.is_empty(), "{}", off.join("\n"));
        }
        let outcome = audit::audit(sessions, &Config::default());
        let report = assemble::report(assemble::Frame { command: "audit", ..assemble::Frame::default() }, &outcome);
        for name in REPORTS {
            let format = report::find(name).unwrap_or_else(|| panic!("no report is called {name}"));
            (format.write)(&report, &report::Context::default(), &mut std::io::sink()).expect("nothing is written anywhere");
        }
    }
}

fn lines_of(path: &str) -> Option<u64> {
    let bytes = std::fs::read(path).ok()?;
    Some(bytes.split_inclusive(|byte| *byte == b'\n').count() as u64)
}
