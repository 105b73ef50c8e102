//! How fast gates run, as ratios to `cmd & … wait` of bash in the same run on the same machine.
//!
//! `cargo bench --bench gates`                 every scenario
//! `cargo bench --bench gates -- --rounds 3`   fewer rounds
//!
//! Prints the goals beside the figures and asserts none: a busy machine is no regression.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Takes a few tenths of a second of one processor. A shell of its own, so that both sides run the same program.
const SPIN: &str = "sh -c 'i=0; while test $i -lt 400000; do i=$((i+1)); done'";

struct Scenario {
    name: &'static str,
    command: &'static str,
    gates: usize,
    jobs: Option<&'static str>,
    goal: &'static str,
}

const SCENARIOS: &[Scenario] = &[
    Scenario { name: "one no-op", command: "true", gates: 1, jobs: None, goal: "less than prek, 13 ms : 5 ms of bash" },
    Scenario { name: "8 sleepers", command: "sleep 0.2", gates: 8, jobs: Some("8"), goal: "at most 1.05" },
    Scenario { name: "8 spinners", command: SPIN, gates: 8, jobs: None, goal: "at most 1.02" },
    Scenario { name: "50 no-ops", command: "true", gates: 50, jobs: None, goal: "at most 1.5" },
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rounds = arguments.iter().position(|word| word == "--rounds").and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(11);
    println!("{:<12} {:>10} {:>10} {:>7}  goal", "", "paralint", "bash", "ratio");
    for scenario in SCENARIOS {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path(), scenario);
        let mut paralint = vec!["gates", "--no-cache"];
        paralint.extend(scenario.jobs.iter().flat_map(|jobs| ["--jobs", jobs]));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        // In turn, so that a busy moment hits both; the first round only warms up.
        for round in 0..=rounds {
            let one = timed(folder.path(), env!("CARGO_BIN_EXE_paralint"), &paralint);
            let other = timed(folder.path(), "bash", &["run.sh"]);
            if round > 0 {
                ours.push(one);
                theirs.push(other);
            }
        }
        let (one, other) = (median(&mut ours), median(&mut theirs));
        println!("{:<12} {:>7.1} ms {:>7.1} ms {:>7.2}  {}", scenario.name, one * 1e3, other * 1e3, one / other, scenario.goal);
    }
}

fn prepare(folder: &Path, scenario: &Scenario) {
    let gates = (0..scenario.gates).map(|number| format!("[gates.g{number:02}]\nrun = '''{}'''\n", scenario.command));
    std::fs::write(folder.join("paralint.toml"), gates.collect::<String>()).unwrap();
    let begin = format!("( {} ) & pids+=($!)\n", scenario.command).repeat(scenario.gates);
    let script = format!("pids=()\n{begin}code=0\nfor pid in \"${{pids[@]}}\"; do wait \"$pid\" || code=1; done\nexit $code\n");
    std::fs::write(folder.join("run.sh"), script).unwrap();
    for number in 0..20 {
        std::fs::write(folder.join(format!("f{number}.txt")), "line\n".repeat(20)).unwrap();
    }
    let people = ["-c", "user.name=n", "-c", "user.email=n@example.org"];
    for words in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "x"]] {
        let done = Command::new("git").args(people).args(words).current_dir(folder).status().unwrap();
        assert!(done.success());
    }
}

fn timed(folder: &Path, program: &str, arguments: &[&str]) -> f64 {
    let begin = Instant::now();
    let mut command = Command::new(program);
    let quiet = command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(quiet.status().unwrap().success(), "{program} {arguments:?}");
    Duration::as_secs_f64(&begin.elapsed())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
