//! Logs of every format, damaged in every way: read, judged and reported without a panic, an endless loop or nonsense.
//!
//! The formats are those of the registry and the logs those of the fixtures, so that a new format is held to it by itself.
//! `PROPTEST_CASES=20000 cargo test --test suite -- mutated_logs` looks further.

use super::model_holds;
use super::mutations::{Mutation, is_store, mutate, mutate_store, mutation};
use paralint::input::session::{self, find};
use paralint::report::{self, assemble};
use paralint::{audit, config::Config};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestError, TestRunner};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// How many damaged logs of each format are tried where the environment does not say.
const CASES: u32 = 100;

/// After this long without an end, one log is taken to have none.
const ENDLESS: Duration = Duration::from_secs(180);

/// How many fixtures each format has at least.
const FEWEST: usize = 8;

/// A fixture of one format: its folder, and the log's files in it, relative to that.
#[derive(Debug, Clone)]
struct Sample {
    format: &'static str,
    folder: PathBuf,
    files: Vec<PathBuf>,
}

/// Every fixture in which a log of a known format is found.
fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sessions");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.into_iter().filter_map(sample).collect()
}

fn sample(folder: PathBuf) -> Option<Sample> {
    let found = find::in_paths(std::slice::from_ref(&folder), None);
    let format = found.logs.iter().find_map(|log| log.format)?.name();
    let of_format = found.logs.iter().filter(|log| log.format.is_some_and(|one| one.name() == format));
    let paths = of_format.flat_map(|log| std::iter::once(&log.main).chain(&log.agents));
    let files = paths.filter(|path| path.is_file()).map(|path| path.strip_prefix(&folder).unwrap().to_owned()).collect();
    Some(Sample { format, folder, files })
}

fn samples_of(format: &str) -> Vec<Sample> {
    samples().into_iter().filter(|sample| sample.format == format).collect()
}

/// One case: a sample, what gets into it from elsewhere, which of its files are damaged how, and another format.
type Case = (usize, usize, Vec<(u8, Mutation)>, usize);

/// Copies a fixture into a folder and damages it there. Returns its logs.
fn damaged(sample: &Sample, donor: &[u8], damages: &[(u8, Mutation)], folder: &Path) -> Vec<PathBuf> {
    copy(&sample.folder, folder);
    let files: Vec<PathBuf> = sample.files.iter().map(|file| folder.join(file)).collect();
    for (file, damage) in damages {
        damage_file(&files[usize::from(*file) % files.len()], donor, *damage);
    }
    files
}

/// Reads a damaged log in every way that there is. Says what went wrong.
fn try_damaged(sample: &Sample, donor: &[u8], damages: &[(u8, Mutation)], other_format: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let files = damaged(sample, donor, damages, folder.path());
    let names = session::names();
    let formats = [None, session::by_name(sample.format), session::by_name(names[other_format % names.len()])];
    for format in formats {
        try_reading(&[folder.path().to_owned()], format)?;
        try_reading(&files, format)?;
    }
    Ok(())
}

fn damage_file(path: &Path, donor: &[u8], damage: Mutation) {
    let mut bytes = std::fs::read(path).unwrap();
    if is_store(&bytes) {
        // What SQLite does not let in cannot be in a store either.
        let _ = mutate_store(path, donor, damage);
        return;
    }
    mutate(&mut bytes, donor, damage);
    std::fs::write(path, bytes).unwrap();
}

fn try_reading(paths: &[PathBuf], format: Option<&'static session::Format>) -> Result<(), String> {
    let found = find::in_paths(paths, format);
    let sessions: Vec<_> = session::read_all(&found.logs, |_| {}).into_iter().filter_map(Result::ok).collect();
    for session in &sessions {
        let off = model_holds::broken(session, lines_of);
        if !off.is_empty() {
            return Err(format!("{} as {}:\n{}", session.path, session.format, off.join("\n")));
        }
    }
    let outcome = audit::audit(sessions, &Config::default());
    let report = assemble::report(assemble::Frame { command: "audit", ..assemble::Frame::default() }, &outcome);
    for name in ["human", "json"] {
        let format = report::find(name).unwrap();
        (format.write)(&report, &report::Context::default(), &mut std::io::sink()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// How many lines a file has; nothing where it is no text.
fn lines_of(path: &str) -> Option<u64> {
    let bytes = std::fs::read(path).ok()?;
    Some(bytes.split_inclusive(|byte| *byte == b'\n').count() as u64)
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).min_depth(1) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Tries damaged logs of one format, one after another. Says what went wrong, and where the smallest log lies that shows it.
fn try_format(format: &'static str, cases: u32, tell: &mpsc::Sender<String>) -> Result<(), String> {
    let all = samples();
    let donors: Vec<Vec<u8>> = all.iter().map(|sample| std::fs::read(sample.folder.join(&sample.files[0])).unwrap()).collect();
    let samples: Vec<Sample> = all.into_iter().filter(|sample| sample.format == format).collect();
    // That there are none is for `every_format_has_fixtures` to say.
    if samples.is_empty() {
        return Ok(());
    }
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let damages = prop::collection::vec((any::<u8>(), mutation()), 1..8);
    let strategy = (0..samples.len(), 0..donors.len(), damages, any::<usize>());
    let outcome = TestRunner::new(config).run(&strategy, |(sample, donor, damages, other): Case| {
        let (sample, donor) = (&samples[sample], &donors[donor]);
        let _ = tell.send(format!("{format}: {} with {damages:?}", sample.folder.display()));
        try_damaged(sample, donor, &damages, other).map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => Ok(()),
        Err(TestError::Abort(why)) => Err(format!("{format}: {why}")),
        Err(TestError::Fail(why, (sample, donor, damages, _))) => {
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("damaged-{format}"));
            let _ = std::fs::remove_dir_all(&kept);
            std::fs::create_dir_all(&kept).unwrap();
            damaged(&samples[sample], &donors[donor], &damages, &kept);
            Err(format!(
                "{format}: {why}\nThe smallest log that shows it is a damaged {} and lies in {}",
                samples[sample].folder.display(),
                kept.display()
            ))
        }
    }
}

#[test]
fn damaged_logs_of_every_format_are_read_and_judged() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(CASES);
    let (tell, told) = mpsc::channel();
    let all = move || session::names().into_iter().filter_map(|format| try_format(format, cases, &tell).err()).collect::<Vec<_>>();
    let work = std::thread::spawn(all);
    let mut last = String::new();
    loop {
        match told.recv_timeout(ENDLESS) {
            Ok(case) => last = case,
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("no end of {last}"),
        }
    }
    let off = work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    assert!(off.is_empty(), "{}", off.join("\n\n"));
}

#[test]
fn every_format_has_fixtures() {
    for format in session::names() {
        let count = samples_of(format).len();
        assert!(count >= FEWEST, "{format} has {count} fixtures, {FEWEST} are the least");
    }
}

#[test]
fn undamaged_logs_hold_what_the_model_promises() {
    for sample in samples() {
        let read = try_reading(std::slice::from_ref(&sample.folder), None);
        assert!(read.is_ok(), "{}: {}", sample.folder.display(), read.unwrap_err());
    }
}

#[test]
fn no_log_is_of_two_formats() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sessions");
    let mut recognised = 0;
    for entry in walkdir::WalkDir::new(root).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file()) {
        let names = session::recognised_by(entry.path()).unwrap();
        assert!(names.len() <= 1, "{} is recognised as {names:?}", entry.path().display());
        recognised += names.len();
    }
    assert!(recognised > FEWEST, "{recognised} logs are recognised");
}

#[test]
fn what_is_no_log_is_recognised_by_no_format() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let others = ["Cargo.toml", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "fixtures/README.md", "src/lib.rs"];
    let expectations = samples().into_iter().map(|sample| sample.folder.join("expect.json"));
    // The documents of this repository show consoles and transcripts as examples.
    let entries = walkdir::WalkDir::new(root.join("docs")).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let documents = entries.map(walkdir::DirEntry::into_path).chain([root.join("README.md")]);
    for path in others.iter().map(|name| root.join(name)).chain(expectations).chain(documents) {
        assert_eq!(session::recognised_by(&path).unwrap(), [""; 0], "{}", path.display());
    }
}
