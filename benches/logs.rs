//! How fast session logs are read, as ratios to other programs of the same run on the same machine.
//!
//! `cargo bench --bench logs`                      on a corpus made from the fixtures
//! `cargo bench --bench logs -- --megabytes 512`   on a larger one
//! `cargo bench --bench logs -- --file big.jsonl`  on a file at hand
//! `cargo bench --bench logs -- --formats`         only the formats against each other
//! `cargo bench --bench logs -- --program PATH`    of another build
//! `cargo bench --bench logs -- --write FOLDER`    only writes a session of each format, for a profile
//!
//! Prints the goals beside the figures and asserts none: a busy machine is no regression.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[path = "logs/content.rs"]
mod content;
#[path = "logs/formats.rs"]
mod formats;
#[path = "logs/json.rs"]
mod json;
#[path = "logs/opencode.rs"]
mod opencode;
#[path = "logs/records.rs"]
mod records;
#[path = "logs/texts.rs"]
mod texts;

const ROUNDS: usize = 7;

fn main() {
    let megabytes: usize = option("--megabytes").and_then(|text| text.parse().ok()).unwrap_or(128);
    let folder = tempfile::tempdir().unwrap();
    if let Some(folder) = option("--write") {
        formats::write(Path::new(&folder), (megabytes << 20) / 4, content::Kind::Ordinary);
        return;
    }
    if std::env::args().any(|word| word == "--formats") {
        formats::measure(folder.path(), (megabytes << 20) / 4);
        return;
    }
    let big = match option("--file") {
        Some(path) => PathBuf::from(path),
        None => {
            let path = folder.path().join("big.jsonl");
            write_corpus(&path, megabytes << 20, 0);
            path
        }
    };
    one_file(&big);
    if option("--file").is_none() {
        let small = folder.path().join("small.jsonl");
        write_corpus(&small, (megabytes << 20) / 10, 0);
        growth(&small, &big);
        many_files(folder.path(), megabytes << 20);
        formats::measure(folder.path(), (megabytes << 20) / 4);
    }
    start_up();
}

/// The program that is measured: this one, or another build of it.
fn program() -> String {
    option("--program").unwrap_or_else(|| env!("CARGO_BIN_EXE_paralint").to_owned())
}

/// What stands behind a word of the command line.
fn option(name: &str) -> Option<String> {
    std::env::args().skip_while(|word| word != name).nth(1)
}

fn paralint(arguments: &[&str], path: &Path) -> Command {
    let mut command = Command::new(program());
    command.arg("audit").arg("--no-config").args(arguments).arg(path);
    command
}

fn wc(paths: &[PathBuf]) -> Command {
    let mut command = Command::new("wc");
    command.arg("-l").args(paths);
    command
}

/// The best of several rounds of each command, taken in turn so that noise meets all alike.
fn best(commands: &mut [Command]) -> Vec<Duration> {
    let mut times = vec![Duration::MAX; commands.len()];
    for _ in 0..ROUNDS {
        for (command, time) in commands.iter_mut().zip(&mut times) {
            let began = Instant::now();
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the command starts");
            *time = (*time).min(began.elapsed());
        }
    }
    times
}

fn row(what: &str, ratio: f64, goal: &str, detail: &str) {
    println!("{what:<44} {ratio:>7.2}   goal {goal:<10} {detail}");
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn one_file(path: &Path) {
    let times = best(&mut [paralint(&["--jobs", "1"], path), wc(&[path.to_path_buf()])]);
    let size = std::fs::metadata(path).unwrap().len() as f64 / f64::from(1 << 20);
    let detail = format!(
        "{size:.0} MB: paralint {}, wc -l {}, {:.2} GB/s",
        milliseconds(times[0]),
        milliseconds(times[1]),
        size / 1024.0 / times[0].as_secs_f64()
    );
    row("one file, one thread / wc -l", times[0].as_secs_f64() / times[1].as_secs_f64(), "<= 7", &detail);
}

fn growth(small: &Path, big: &Path) {
    let times = best(&mut [paralint(&["--jobs", "1"], big), paralint(&["--jobs", "1"], small)]);
    row("ten times the bytes / time", times[0].as_secs_f64() / times[1].as_secs_f64(), "<= 10.5", "");
}

fn many_files(folder: &Path, bytes: usize) {
    let project = folder.join("project");
    std::fs::create_dir(&project).unwrap();
    let count = 100;
    let paths: Vec<PathBuf> = (0..count).map(|number| project.join(format!("{number:03}.jsonl"))).collect();
    for (number, path) in paths.iter().enumerate() {
        write_corpus(path, bytes / count, number);
    }
    let times = best(&mut [paralint(&["--jobs", "2"], &project), paralint(&["--jobs", "1"], &project), wc(&paths)]);
    row("many files, two threads / wc -l", times[0].as_secs_f64() / times[2].as_secs_f64(), "<= 3.5", &milliseconds(times[0]));
    row("one thread / two threads", times[1].as_secs_f64() / times[0].as_secs_f64(), ">= 1.7", "");
}

fn start_up() {
    let mut version = Command::new(program());
    version.arg("--version");
    let times = best(&mut [version, Command::new("true")]);
    row("start-up / true", times[0].as_secs_f64() / times[1].as_secs_f64(), "<= 1.5", &milliseconds(times[0]));
}

/// Repeats the fixtures with fresh identities, and puts what fills real logs between them: file contents and the
/// output of commands.
fn write_corpus(path: &Path, bytes: usize, seed: usize) {
    let lines: Vec<String> = fixture_lines();
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut filler = String::new();
    for number in 0..2000 {
        let _ = write!(filler, "    let value_{number} = compute(\\\"{number}\\\", &mut state)?; // step {number}\\n");
    }
    let (mut written, mut copy) = (0, seed * 1_000_000);
    while written < bytes {
        copy += 1;
        for line in &lines {
            let fresh = line
                .replace("toolu_", &format!("toolu_{copy:x}"))
                .replace("msg_", &format!("msg_{copy:x}"))
                .replace("\"uuid\":\"", &format!("\"uuid\":\"{copy:x}"));
            written += fresh.len() + 1;
            writeln!(out, "{fresh}").unwrap();
            let size = 500 + (copy * 7919 + written) % 8000;
            let record = format!(
                r#"{{"parentUuid":"p","isSidechain":false,"type":"user","message":{{"role":"user","content":[{{"tool_use_id":"toolu_f{written:x}","type":"tool_result","content":"{}"}}]}},"uuid":"u{written:x}","timestamp":"2026-02-10T12:00:00.000Z"}}"#,
                &filler[..(size / 76 * 76).min(filler.len())].trim_end_matches('\\')
            );
            written += record.len() + 1;
            writeln!(out, "{record}").unwrap();
        }
    }
    out.flush().unwrap();
}

/// The lines of some logs that are whole and ordinary.
fn fixture_lines() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sessions");
    let names = ["demo-serial", "backed-interleaved", "overlap-shell", "tests-failed-run", "everything-fine"];
    let files = names.iter().flat_map(|name| walkdir::WalkDir::new(root.join(name)).sort_by_file_name().into_iter().filter_map(Result::ok));
    let logs = files.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "jsonl"));
    logs.flat_map(|entry| std::fs::read_to_string(entry.path()).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
