//! What reports cost: an audit that writes all of them, as a ratio to the same audit without them.
//!
//! `cargo bench --bench reports`                      on 128 MB of logs
//! `cargo bench --bench reports -- --megabytes 512`   on more
//!
//! Prints the goals beside the figures and asserts none: a busy machine is no regression.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4;

const ROUNDS: usize = 5;
/// Real logs hold so many uses of a tool in a megabyte.
const CALLS_A_MEGABYTE: usize = 240;
/// Each session is a transcript and that of its agents: 400 files in all.
const SESSIONS: usize = 40;
const AGENTS: usize = 9;
/// One session of so many runs its agents one after another, against what it claims: reports without findings would be cheap.
const SERIAL_OF: usize = 10;
/// Every format, as `--output` calls it.
const FORMATS: [&str; 10] = ["human", "json", "sarif", "github", "summary", "junit", "gitlab", "html", "trace", "otlp"];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| arguments.iter().position(|word| word == name).and_then(|at| arguments.get(at + 1)).cloned();
    let megabytes: usize = option("--megabytes").and_then(|text| text.parse().ok()).unwrap_or(128);
    let folder = tempfile::tempdir().unwrap();
    many_files(folder.path(), megabytes);
    one_large_session(folder.path());
}

/// An audit of many files, with and without all reports.
fn many_files(folder: &Path, megabytes: usize) {
    let (project, out) = (folder.join("project"), folder.join("out"));
    std::fs::create_dir_all(&out).unwrap();
    let calls = (megabytes * CALLS_A_MEGABYTE).div_ceil(SESSIONS * (AGENTS + 1)).max(1);
    for number in 0..SESSIONS {
        write_session(&project, number, AGENTS, calls, (1 << 20) / CALLS_A_MEGABYTE);
    }
    let [plain, all] = best([&mut || audit(&project, None), &mut || audit(&project, Some(&out))]);
    println!("{megabytes} MB in {} files, {} calls a transcript", SESSIONS * (AGENTS + 1), calls);
    row("all reports / none, wall", all.wall.as_secs_f64() / plain.wall.as_secs_f64(), "<= 1.2", &milliseconds(plain.wall, all.wall));
    row("all reports / none, processor", all.cpu.as_secs_f64() / plain.cpu.as_secs_f64(), "", &milliseconds(plain.cpu, all.cpu));
    for format in FORMATS {
        println!("  {format:<10} {:>12} bytes", size(&out.join(format)));
    }
}

/// The size of the page for a session that is as large as they come.
fn one_large_session(folder: &Path) {
    let (project, out) = (folder.join("large"), folder.join("large-out"));
    std::fs::create_dir_all(&out).unwrap();
    write_session(&project, 0, 500, 20, 200);
    audit(&project, Some(&out)).stdout(Stdio::null()).status().expect("the program starts");
    let megabytes = size(&out.join("html")) as f64 / f64::from(1 << 20);
    row("500 agents, 10000 calls: page in MB", megabytes, "< 2", "");
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

fn audit(project: &Path, out: Option<&Path>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paralint"));
    command.args(["audit", "--no-config"]).arg(project);
    for (format, out) in FORMATS.iter().filter_map(|format| Some((format, out?))) {
        command.arg(format!("--output={format}={}", out.join(format).display()));
    }
    command
}

/// What a run took.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

/// The best of several rounds of two commands, taken in turn so that noise meets both alike.
fn best(commands: [&mut dyn FnMut() -> Command; 2]) -> [Cost; 2] {
    let mut costs = [Cost { wall: Duration::MAX, cpu: Duration::MAX }; 2];
    for _ in 0..ROUNDS {
        for (index, cost) in costs.iter_mut().enumerate() {
            let mut command = commands[index]();
            let began = Instant::now();
            let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
            let used = child.wait4().expect("the program ends").rusage;
            cost.wall = cost.wall.min(began.elapsed());
            cost.cpu = cost.cpu.min(used.utime + used.stime);
        }
    }
    costs
}

fn row(what: &str, ratio: f64, goal: &str, detail: &str) {
    println!("{what:<44} {ratio:>7.2}   goal {goal:<10} {detail}");
}

fn milliseconds(one: Duration, other: Duration) -> String {
    format!("{:.1} ms, {:.1} ms", one.as_secs_f64() * 1000.0, other.as_secs_f64() * 1000.0)
}

/// Writes a session with agents that work at once, each with so many uses of tools, each of so many bytes with its result.
fn write_session(project: &Path, number: usize, agents: usize, calls: usize, bytes: usize) {
    let folder = project.join(format!("session-{number}/subagents"));
    std::fs::create_dir_all(&folder).unwrap();
    let session = Session { number, calls, filler: "let value = compute(&mut state)?; ".repeat(bytes.saturating_sub(900) / 34) };
    for agent in 0..agents {
        let id = format!("a{number:08x}{agent:08x}");
        let mut out = std::io::BufWriter::new(std::fs::File::create(folder.join(format!("agent-{id}.jsonl"))).unwrap());
        // They do not all begin at once: each picture has something to draw.
        let start = session.start(agent);
        let thread = format!(r#""isSidechain":true,"agentId":"{id}","#);
        writeln!(
            out,
            "{}",
            session.record(&thread, "user", start, &format!(r#"{{"role":"user","content":"Look after module {agent}."}}"#))
        )
        .unwrap();
        session.work(&mut out, &thread, &format!("{agent:x}"), start);
        out.flush().unwrap();
    }
    let mut out = std::io::BufWriter::new(std::fs::File::create(project.join(format!("session-{number}.jsonl"))).unwrap());
    session.write_main(&mut out, agents);
    out.flush().unwrap();
}

struct Session {
    number: usize,
    calls: usize,
    filler: String,
}

impl Session {
    /// Whether its agents run one after another.
    fn is_serial(&self) -> bool {
        self.number % SERIAL_OF == SERIAL_OF - 1
    }

    /// When an agent starts, in seconds after ten o'clock.
    fn start(&self, agent: usize) -> usize {
        if self.is_serial() { 10 + agent * (self.calls * 2 + 10) } else { 10 + agent * 7 % 600 }
    }

    /// A record, so many seconds after ten o'clock.
    fn record(&self, thread: &str, kind: &str, second: usize, message: &str) -> String {
        let (hour, minute, second) = (10 + second / 3600, second / 60 % 60, second % 60);
        let at = format!("2026-03-11T{hour:02}:{minute:02}:{second:02}.000Z");
        // What a record is known by differs from all others: else it is taken for a copy.
        static UNIQUE: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let unique = UNIQUE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        format!(
            r#"{{"parentUuid":null,{thread}"cwd":"/home/dev/work","sessionId":"session-{}","version":"2.1.100","type":"{kind}","message":{message},"uuid":"u{unique:x}","timestamp":"{at}"}}"#,
            self.number
        )
    }

    /// Uses of tools, one after another; every tenth is an edit.
    fn work(&self, out: &mut impl std::io::Write, thread: &str, name: &str, start: usize) {
        for call in 0..self.calls {
            let (id, second) = (format!("toolu_{}_{name}_{call}", self.number), start + 1 + call * 2);
            let (tool, input) = match call % 10 {
                0 => ("Edit", format!(r#"{{"file_path":"/home/dev/work/src/{name}/{call}.rs","old_string":"a","new_string":"b"}}"#)),
                1..5 => ("Read", format!(r#"{{"file_path":"/home/dev/work/src/{call}.rs"}}"#)),
                _ => ("Bash", r#"{"command":"cargo check --all-targets"}"#.to_owned()),
            };
            let used = format!(
                r#"{{"id":"msg_{id}","role":"assistant","stop_reason":"tool_use","content":[{{"type":"tool_use","id":"{id}","name":"{tool}","input":{input}}}]}}"#
            );
            let came =
                format!(r#"{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"{id}","content":"{}"}}]}}"#, self.filler);
            writeln!(out, "{}", self.record(thread, "assistant", second, &used)).unwrap();
            writeln!(out, "{}", self.record(thread, "user", second + 1, &came)).unwrap();
        }
    }

    /// The main transcript: a claim, the agents in one response, work of its own, what came of the agents.
    fn write_main(&self, out: &mut std::io::BufWriter<std::fs::File>, agents: usize) {
        let thread = r#""isSidechain":false,"#;
        let line = |out: &mut dyn std::io::Write, kind: &str, second: usize, message: &str| {
            writeln!(out, "{}", self.record(thread, kind, second, message)).unwrap();
        };
        line(out, "user", 0, r#"{"role":"user","content":"Please look after all modules."}"#);
        line(
            out,
            "assistant",
            5,
            &format!(
                r#"{{"id":"msg_{0}","role":"assistant","stop_reason":"tool_use","content":[{{"type":"text","text":"I'll launch {1} agents in parallel."}}]}}"#,
                self.number,
                agents + self.number % 2 * 5
            ),
        );
        let ended = if self.is_serial() { self.start(agents) } else { 20 + self.calls * 2 + 600 };
        if self.is_serial() {
            for agent in 0..agents {
                line(out, "assistant", self.start(agent) - 2, &self.launch(agent..agent + 1));
                self.write_end(out, agent, self.start(agent) + self.calls * 2 + 2);
            }
        } else {
            line(out, "assistant", 6, &self.launch(0..agents));
            (0..agents).for_each(|agent| self.write_end(out, agent, ended + agent));
        }
        self.work(out, thread, "main", ended + agents);
    }

    /// The response that calls some of the agents.
    fn launch(&self, agents: std::ops::Range<usize>) -> String {
        let first = agents.start;
        let mut calls = String::new();
        for agent in agents {
            let comma = if agent == first { "" } else { "," };
            let _ = write!(
                calls,
                r#"{comma}{{"type":"tool_use","id":"toolu_{0}_agent_{agent}","name":"Agent","input":{{"description":"Look after module {agent}","prompt":"Look after module {agent}.","subagent_type":"general-purpose"}}}}"#,
                self.number
            );
        }
        // All agents at once are part of the response that announces them.
        let response = if first == 0 { String::new() } else { format!("_{first}") };
        format!(r#"{{"id":"msg_{}{response}","role":"assistant","stop_reason":"tool_use","content":[{calls}]}}"#, self.number)
    }

    /// What came of an agent.
    fn write_end(&self, out: &mut impl std::io::Write, agent: usize, second: usize) {
        let message = format!(
            r#"{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"toolu_{0}_agent_{agent}","content":"done"}}]}}"#,
            self.number
        );
        let record = self.record(r#""isSidechain":false,"#, "user", second, &message);
        let result = format!(r#","toolUseResult":{{"status":"completed","agentId":"a{:08x}{agent:08x}"}}}}"#, self.number);
        writeln!(out, "{}{result}", record.strip_suffix('}').unwrap()).unwrap();
    }
}
