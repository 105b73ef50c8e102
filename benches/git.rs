//! How fast repositories are read, as ratios to git's own commands in the same run on the same machine.
//!
//! `cargo bench --bench git`                  on a tree of 87,000 files
//! `cargo bench --bench git -- --files 500`   on a small one, in seconds
//! `cargo bench --bench git -- --git git`     read in one way (`auto`, `libgit2`, `git`)
//! `cargo bench --bench git -- --keep DIR`    in a repository that stays, and is there at the next run
//! `cargo bench --bench git -- --profile`     each of our runs once more, with the processes that it starts
//!
//! Prints the goals beside the figures and asserts none: a busy machine is no regression.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const COMMITS: usize = 1_000;
const BRANCHES: usize = 20;
const ROUNDS: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| arguments.iter().position(|word| word == name).and_then(|at| arguments.get(at + 1)).cloned();
    let files: usize = option("--files").and_then(|text| text.parse().ok()).unwrap_or(87_000);
    let way = option("--git").unwrap_or_else(|| "auto".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let kept = option("--keep").map_or_else(|| folder.path().join("work"), PathBuf::from);
    let bench = Bench { folder: kept, way, profile: arguments.iter().any(|word| word == "--profile") };
    let began = Instant::now();
    if !bench.folder.exists() {
        bench.build(files.max(100));
    }
    println!("{files} files, {COMMITS} commits, {BRANCHES} branches, built in {:.1} s\n", began.elapsed().as_secs_f64());
    bench.staged();
    bench.range();
    bench.eight();
    bench.twenty();
    bench.start_up();
}

struct Bench {
    folder: PathBuf,
    way: String,
    profile: bool,
}

/// A command with its arguments, and what it reads.
#[derive(Clone)]
struct Call {
    program: PathBuf,
    arguments: Vec<String>,
    input: String,
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

impl Bench {
    fn git(&self, arguments: &[&str]) -> Call {
        Call { program: PathBuf::from("git"), arguments: words(arguments), input: String::new() }
    }

    fn paralint(&self, arguments: &[&str]) -> Call {
        let mut arguments = words(arguments);
        arguments.extend(words(&["--git", &self.way, "--no-config"]));
        Call { program: PathBuf::from(env!("CARGO_BIN_EXE_paralint")), arguments, input: String::new() }
    }

    fn command(&self, call: &Call) -> Command {
        let mut command = Command::new(&call.program);
        command
            .args(&call.arguments)
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(if call.input.is_empty() { Stdio::null() } else { Stdio::piped() })
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn run(&self, call: &Call) {
        let mut child = self.command(call).spawn().expect("the command starts");
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(call.input.as_bytes()).expect("it reads");
        }
        child.wait().expect("it ends");
    }

    /// Runs git, which has to work, and returns the first line that it prints.
    fn must(&self, arguments: &[&str]) -> String {
        let output = self.command(&self.git(arguments)).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned()
    }

    /// The CPU time of one run of all the calls: the mean of many, each list in its turn so that noise meets both alike.
    fn cpu(&self, lists: &[Vec<Call>]) -> Vec<Duration> {
        let mut times = vec![Duration::ZERO; lists.len()];
        lists.iter().flatten().for_each(|call| self.run(call));
        for _ in 0..ROUNDS {
            for (list, time) in lists.iter().zip(&mut times) {
                let (began, before) = (Instant::now(), children());
                list.iter().for_each(|call| self.run(call));
                *time += children().zip(before).map_or(began.elapsed(), |(after, before)| after - before);
            }
        }
        times.iter().map(|time| *time / ROUNDS as u32).collect()
    }

    fn compare(&self, what: &str, goal: &str, ours: Call, theirs: Vec<Call>) {
        let output = self.command(&ours).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{what}: {}", String::from_utf8_lossy(&output.stderr));
        if self.profile {
            self.processes(&ours);
        }
        let times = self.cpu(&[vec![ours], theirs]);
        let ratio = times[0].as_secs_f64() / times[1].as_secs_f64().max(1e-6);
        row(what, ratio, goal, &format!("CPU: paralint {}, git {}", milliseconds(times[0]), milliseconds(times[1])));
    }

    /// The commands of git that a run starts.
    fn processes(&self, call: &Call) {
        let trace = self.folder.join(".git/trace");
        let _ = std::fs::remove_file(&trace);
        self.command(call).env("GIT_TRACE", &trace).status().unwrap();
        for line in std::fs::read_to_string(&trace).unwrap_or_default().lines().filter(|line| line.contains("built-in:")) {
            println!("    {}", line.split("built-in: ").nth(1).unwrap_or_default());
        }
    }

    fn staged(&self) {
        let ours = self.paralint(&["check", "--session", "none"]);
        self.compare("staged / git diff --cached", "<= 8, 2", ours, vec![self.git(&["diff", "--cached", "--name-status"])]);
    }

    fn range(&self) {
        let ours = self.paralint(&["check", "--range", "before..main", "--session", "none"]);
        let theirs = self.git(&["diff", "--name-status", "-M", "before", "main"]);
        self.compare("range of 1,000 commits / git diff -M", "<= 4.5, 2", ours, vec![theirs]);
    }

    fn eight(&self) {
        let ours = self.paralint(&["overlap", "--branches", "agent/0[1-8]"]);
        let mut theirs = self.git(&["merge-tree", "--stdin"]);
        for one in 1..=8 {
            for other in one + 1..=8 {
                let _ = writeln!(theirs.input, "agent/{one:02} agent/{other:02}");
            }
        }
        self.compare("8 branches, 28 pairs / git merge-tree", "<= 5, 1.5", ours, vec![theirs]);
    }

    fn twenty(&self) {
        let ours = self.paralint(&["check", "--branches", "agent/*", "--session", "none"]);
        let theirs = (1..=BRANCHES).map(|branch| self.git(&["diff", "--name-only", &format!("main...agent/{branch:02}")])).collect();
        self.compare("20 branches / twenty git diff", "<= 1.3, 0.5", ours, theirs);
    }

    fn start_up(&self) {
        let mut best = [Duration::MAX; 2];
        for _ in 0..ROUNDS {
            for (program, best) in [env!("CARGO_BIN_EXE_paralint"), "true"].into_iter().zip(&mut best) {
                let began = Instant::now();
                Command::new(program).arg("--version").stdout(Stdio::null()).status().unwrap();
                *best = (*best).min(began.elapsed());
            }
        }
        row("start-up / true, wall", best[0].as_secs_f64() / best[1].as_secs_f64(), "<= 1.5", &milliseconds(best[0]));
    }

    /// A repository from one stream: the tree, a history of small changes, branches of agents that get in each other's way.
    fn build(&self, files: usize) {
        std::fs::create_dir_all(&self.folder).unwrap();
        self.must(&["init", "-q", "-b", "main"]);
        let importing = self.command(&self.git(&["fast-import", "--quiet"])).stdin(Stdio::piped()).spawn();
        let mut importing = importing.expect("git starts");
        let mut out = std::io::BufWriter::new(importing.stdin.take().unwrap());
        history(&mut out, files);
        drop(out);
        assert!(importing.wait().unwrap().success(), "git fast-import");
        self.must(&["read-tree", "main"]);
        // A change to be judged: one file of another content.
        let blob = self.must(&["rev-parse", &format!("main:{}", path(1))]);
        self.must(&["update-index", "--cacheinfo", &format!("100644,{blob},{}", path(0))]);
        self.must(&["pack-refs", "--all"]);
    }
}

/// Like a large tree: folders in folders, some forty files in each.
fn path(number: usize) -> String {
    format!("area{}/part{}/file{number}.rs", number / 4_000, number / 40)
}

/// Some thirty lines; `edits` are (line, by whom).
fn content(number: usize, edits: &[(usize, String)]) -> String {
    let mut text = String::new();
    for line in 0..30 {
        match edits.iter().rev().find(|(edited, _)| *edited == line) {
            Some((_, by)) => writeln!(text, "    let value_{line} = {by};").unwrap(),
            None => writeln!(text, "    let value_{line} = compute({number}, {line});").unwrap(),
        }
    }
    text
}

/// One commit for fast-import: its files, `None` where one is deleted.
fn commit(out: &mut impl std::io::Write, branch: &str, time: usize, from: Option<&str>, files: &[(String, Option<String>)]) {
    let stamp = 1_700_000_000 + time;
    writeln!(out, "commit refs/heads/{branch}\ncommitter Ada <ada@example.org> {stamp} +0000\ndata 4\nwork").unwrap();
    if let Some(from) = from {
        writeln!(out, "from {from}").unwrap();
    }
    for (path, text) in files {
        match text {
            Some(text) => writeln!(out, "M 100644 inline {path}\ndata {}\n{text}", text.len()).unwrap(),
            None => writeln!(out, "D {path}").unwrap(),
        }
    }
    writeln!(out).unwrap();
}

fn history(out: &mut impl std::io::Write, files: usize) {
    let all: Vec<(String, Option<String>)> = (0..files).map(|number| (path(number), Some(content(number, &[])))).collect();
    commit(out, "main", 0, None, &all);
    writeln!(out, "reset refs/tags/before\nfrom refs/heads/main\n").unwrap();
    // Two edits a commit; now and then a file is added, deleted or moved.
    for step in 1..=COMMITS {
        let number = |salt: usize| (step * 7_919 + salt * 104_729) % files;
        let edit = |number: usize| (path(number), Some(content(number, &[(step % 30, format!("step_{step}"))])));
        let mut changed = vec![edit(number(1)), edit(number(2))];
        if step % 10 == 0 {
            changed.push((format!("area0/new{step}.rs"), Some(content(files + step, &[]))));
        }
        if step % 25 == 0 {
            let moved = number(3);
            changed.push((path(moved), None));
            changed.push((format!("moved/file{moved}.rs"), Some(content(moved, &[(3, "moved".to_owned())]))));
        }
        commit(out, "main", step, None, &changed);
    }
    // Each agent has forty files of its own, five that it shares with the next one, and all have one in common.
    for agent in 1..=BRANCHES {
        let mut numbers: Vec<usize> = (0..40).map(|file| agent * 1_000 + file * 11).collect();
        numbers.extend((0..5).map(|file| agent * 1_000 + 500 + file));
        numbers.extend((0..5).map(|file| (agent + 1) * 1_000 + 500 + file));
        numbers.push(0);
        let name = format!("agent/{agent:02}");
        for (step, numbers) in numbers.chunks(10).enumerate() {
            let edit = |number: &usize| (path(number % files), Some(content(number % files, &[((agent + number) % 30, name.clone())])));
            let files: Vec<(String, Option<String>)> = numbers.iter().map(edit).collect();
            commit(out, &name, COMMITS + step, (step == 0).then_some("refs/heads/main"), &files);
        }
    }
    out.flush().unwrap();
}

/// CPU time of all children that have ended; `None` where the system does not say it.
fn children() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold spaces. Behind it: the 16th and 17th fields are the children's user and system time.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?;
    // A hundred ticks a second, on every Linux that there is.
    Some(Duration::from_millis(ticks * 10))
}

fn row(what: &str, ratio: f64, goal: &str, detail: &str) {
    println!("{what:<40} {ratio:>7.2}   goal {goal:<10} {detail}");
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
