//! What runners of gates get wrong, with real processes in real repositories: the table of probes, one test a row.

use super::program::{code, paralint, run, stderr, stdout};
use super::repository::Repository;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// So long a test waits for a condition before it gives up.
const PATIENCE: Duration = Duration::from_secs(50);

/// A repository with one commit, its gates, and something staged, not staged and not tracked.
pub(crate) fn repository(gates: &str) -> Repository {
    let repository = Repository::new();
    repository.write("paralint.toml", gates);
    repository.write("kept.txt", "committed\n");
    repository.write("other.txt", "committed\n");
    repository.commit_all("first");
    repository.write("kept.txt", "staged\n");
    repository.git(&["add", "kept.txt"]);
    repository.write("kept.txt", "staged\nand not staged\n");
    repository.write("new.txt", "not tracked\n");
    repository
}

/// Every byte that the user has: files of the work tree, what is staged, branches.
fn everything(repository: &Repository) -> Vec<(PathBuf, Vec<u8>)> {
    let files = walkdir::WalkDir::new(repository.path()).sort_by_file_name().into_iter().filter_entry(|entry| entry.file_name() != ".git");
    let files = files.flatten().filter(|entry| entry.file_type().is_file());
    let mut all: Vec<_> = files.map(|entry| (entry.path().to_owned(), std::fs::read(entry.path()).unwrap())).collect();
    for question in [&["ls-files", "-s"][..], &["for-each-ref"], &["stash", "list"], &["status", "--porcelain"]] {
        all.push((PathBuf::from(question.join(" ")), repository.git(question).into_bytes()));
    }
    all
}

/// The program, started and not waited for.
pub(crate) fn started(folder: &Path, arguments: &[&str]) -> Child {
    let program = assert_cmd::cargo::cargo_bin("paralint");
    // Whoever runs the tests may ignore signals, as `nohup` does, and that is inherited; only GNU's `env` can mend it.
    const DEFAULT: &str = "--default-signal=HUP,INT,QUIT,TERM";
    let mends = Command::new("env").args([DEFAULT, "true"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    let mut command = Command::new(if mends { Path::new("env") } else { &program });
    if mends {
        command.arg(DEFAULT).arg(&program);
    }
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", folder).env("LANG", "C.UTF-8");
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until a file holds a line, and returns it.
pub(crate) fn line_of(path: &Path) -> String {
    let begun = Instant::now();
    loop {
        match std::fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => assert!(begun.elapsed() < PATIENCE, "{} never came", path.display()),
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until a process is gone. One whose parent has not asked for its end yet is gone as well.
pub(crate) fn is_gone(pid: &str) -> bool {
    let number = Pid::from_raw(pid.parse().unwrap()).unwrap();
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let is_zombie = std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "));
        if test_kill_process(number).is_err() || is_zombie {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
}

/// The report of a run with `--format json`, and its exit code.
pub(crate) fn report(folder: &Path, arguments: &[&str]) -> (Value, i32) {
    let output = paralint(folder).args(arguments).args(["--format", "json"]).output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)));
    (report, code(&output))
}

pub(crate) fn status<'r>(report: &'r Value, name: &str) -> &'r str {
    let gates = report["gates"].as_array().unwrap_or_else(|| panic!("no gates in {report:#}"));
    gates.iter().find(|gate| gate["name"] == name).unwrap_or_else(|| panic!("no {name} in {report:#}"))["status"].as_str().unwrap()
}

pub(crate) fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

/// A gate that tells its process and the one of a child, and sleeps.
fn sleeper(place: &Path) -> String {
    format!("[gates.slow]\nrun = 'sleep 300 & echo $! > {0}.child; echo $$ > {0}; wait'\n", place.display())
}

#[test]
fn whatever_ends_the_runner_the_users_files_stay_as_they_are() {
    for (signal, inputs) in
        [(Signal::TERM, "worktree"), (Signal::KILL, "worktree"), (Signal::KILL, "index"), (Signal::INT, "index"), (Signal::HUP, "worktree")]
    {
        let outside = tempfile::tempdir().unwrap();
        let place = outside.path().join("pid");
        let repository = repository(&format!("{}inputs = \"{inputs}\"\n", sleeper(&place)));
        let before = everything(&repository);
        let mut child = started(repository.path(), &["gates"]);
        let pid = line_of(&place);
        send(&child, signal);
        let ended = child.wait().unwrap();
        assert_eq!(everything(&repository), before, "{signal:?}, {inputs}");
        if signal == Signal::KILL {
            // Nobody was left to end it.
            kill_process(Pid::from_raw(line_of(&place.with_extension("child")).parse().unwrap()).unwrap(), Signal::KILL).unwrap();
        } else {
            assert_eq!(ended.code(), Some(128 + signal.as_raw()), "{signal:?}");
        }
        assert!(is_gone(&pid) && is_gone(&line_of(&place.with_extension("child"))), "{signal:?}");
        // What a killed run left behind does not disturb the next one.
        repository.write("paralint.toml", "[gates.quick]\nrun = 'test \"$(cat kept.txt)\" = staged'\ninputs = 'index'\n");
        let (report, _) = report(repository.path(), &["gates"]);
        assert_eq!(status(&report, "quick"), "passed", "{report:#}");
    }
}

#[test]
fn an_edit_that_an_agent_makes_during_the_run_survives() {
    for inputs in ["worktree", "index"] {
        let outside = tempfile::tempdir().unwrap();
        let (begun, go_on) = (outside.path().join("begun"), outside.path().join("go-on"));
        let gate = format!("echo x > {}; until test -e {}; do sleep 0.02; done", begun.display(), go_on.display());
        let repository = repository(&format!("[gates.slow]\nrun = '{gate}'\ninputs = '{inputs}'\n"));
        let child = started(repository.path(), &["gates"]);
        line_of(&begun);
        repository.write("kept.txt", "an agent's edit\n");
        repository.write("other.txt", "another edit\n");
        std::fs::write(&go_on, "").unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        assert_eq!(std::fs::read_to_string(repository.path().join("kept.txt")).unwrap(), "an agent's edit\n");
        assert_eq!(repository.git(&["show", ":kept.txt"]), "staged");
        let told = stdout(&output).contains("changed while gates ran");
        assert_eq!(told, inputs == "worktree", "what the gates saw is no one tree: {}", stdout(&output));
    }
}

#[test]
fn a_grandchild_that_keeps_the_output_open_is_ended_and_told() {
    let outside = tempfile::tempdir().unwrap();
    let place = outside.path().join("pid");
    let repository = repository(&format!("[gates.leaky]\nrun = 'sleep 300 & echo $! > {}'\n", place.display()));
    let (report, code) = report(repository.path(), &["gates"]);
    assert_eq!((status(&report, "leaky"), rules(&report), code), ("leaked", vec!["gate-leak"], 0), "{report:#}");
    assert_eq!(report["gates"][0]["left_behind"][0]["pid"].to_string(), line_of(&place));
    assert!(is_gone(&line_of(&place)));
}

#[test]
fn a_grandchild_that_left_the_group_holds_nobody_up() {
    let outside = tempfile::tempdir().unwrap();
    let place = outside.path().join("pid");
    let repository =
        repository(&format!("[gates.daemon]\nrun = \"setsid sh -c 'echo $$ > {}; sleep 300' & sleep 0.2\"\n", place.display()));
    let (report, code) = report(repository.path(), &["gates"]);
    let pid = line_of(&place);
    let _ = kill_process(Pid::from_raw(pid.parse().unwrap()).unwrap(), Signal::KILL);
    assert_eq!((status(&report, "daemon"), rules(&report), code), ("leaked", vec!["gate-leak"], 0), "{report:#}");
}

#[test]
fn a_test_suite_run_from_a_hook_cannot_commit_to_the_real_branch() {
    let repository = Repository::new();
    repository.write("paralint.toml", "[gates.suite]\nrun = ['sh', 'suite.sh']\n");
    // As test suites do: a repository of their own, without a thought about the environment.
    repository.write("suite.sh", "set -e\nd=$(mktemp -d)\ncd \"$d\"\ngit init -q\necho x > x\ngit add x\ngit -c user.name=T -c user.email=t@t commit -q -m 'by the suite'\ngit log --oneline\nrm -rf \"$d\"\n");
    repository.commit_all("first");
    let hook = repository.path().join(".git/hooks/pre-commit");
    let program = assert_cmd::cargo::cargo_bin("paralint");
    std::fs::write(&hook, format!("#!/bin/sh\nexec '{}' gates\n", program.display())).unwrap();
    Command::new("chmod").arg("+x").arg(&hook).status().unwrap();
    repository.write("a.txt", "a\n");
    repository.git(&["add", "a.txt"]);
    for (arguments, message) in [(&["commit", "-m", "second"][..], "second"), (&["commit", "-a", "--allow-empty", "-m", "third"], "third")]
    {
        let output = repository.try_git(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        assert!((stdout(&output) + &stderr(&output)).contains("suite"), "the gate ran");
        assert_eq!(repository.git(&["log", "-1", "--format=%s"]), message);
    }
    assert!(!repository.git(&["log", "--all", "--format=%s"]).contains("by the suite"));
    assert_eq!(repository.git(&["ls-files"]), "a.txt\nparalint.toml\nsuite.sh");
}

#[test]
fn a_gate_sees_the_hooks_variables_only_where_it_asks_for_them() {
    let gates = "[gates.without]\nrun = 'test -z \"$GIT_INDEX_FILE$GIT_DIR$GIT_PREFIX$GIT_WORK_TREE\"'\n\
                 [gates.with]\nrun = 'test \"$GIT_INDEX_FILE\" = \"$PWD/.git/index\" -a \"$GIT_DIR\" = .git'\ngit_env = true\n";
    let repository = repository(gates);
    let output = paralint(repository.path())
        .args(["gates", "--format", "json"])
        .env("GIT_INDEX_FILE", repository.path().join(".git/index"))
        .env("GIT_DIR", ".git")
        .env("GIT_PREFIX", "x/")
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((status(&report, "without"), status(&report, "with")), ("passed", "passed"), "{report:#}");
}

#[test]
fn on_a_pipe_each_gate_is_one_block_and_failures_come_again() {
    let chatty = |name: &str, code: u8| {
        format!(
            "[gates.{name}]\nrun = 'for i in 1 2 3 4 5 6 7 8; do printf \"\\033[31m{name} $i\\033[0m\\n\"; sleep 0.02; done; exit {code}'\n"
        )
    };
    let repository = repository(&[chatty("one", 1), chatty("two", 2), chatty("three", 0)].concat());
    let output = run(repository.path(), &["gates", "--jobs", "3", "--verbose"]);
    let text = stdout(&output);
    assert_eq!(code(&output), 1, "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.lines().next().unwrap().contains("one, two, three"), "a start line: {text}");
    for name in ["one", "two", "three"] {
        let lines: Vec<usize> =
            text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with(&format!("{name} "))).map(|(at, _)| at).collect();
        let times = if name == "three" { 1 } else { 2 };
        assert_eq!(lines.len(), 8 * times, "{name}: {text}");
        for block in lines.chunks(8) {
            assert!(block.windows(2).all(|pair| pair[1] == pair[0] + 1), "{name} is interrupted: {text}");
        }
    }
    let last = text.lines().last().unwrap();
    assert!(last.contains("2 of 3 gates failed") && last.contains("critical path"), "{last}");
}

#[test]
fn where_it_is_asked_for_the_first_failure_ends_the_others() {
    let outside = tempfile::tempdir().unwrap();
    let place = outside.path().join("pid");
    let wait = format!("until test -s {}; do sleep 0.01; done; exit 3", place.display());
    let repository =
        repository(&format!("{}[gates.quick]\nrun = '{wait}'\n[gates.later]\nrun = 'true'\nneeds = ['slow']\n", sleeper(&place)));
    let (report, code) = report(repository.path(), &["gates", "--fail-fast", "--jobs", "2"]);
    assert_eq!(
        (status(&report, "quick"), status(&report, "slow"), status(&report, "later"), code),
        ("failed", "cancelled", "cancelled", 1),
        "{report:#}"
    );
    assert_eq!(rules(&report), ["gate-failed"]);
    assert!(is_gone(&line_of(&place)) && is_gone(&line_of(&place.with_extension("child"))));
}

#[test]
fn without_it_a_failure_hides_nothing_of_the_others() {
    let repository =
        repository("[gates.bad]\nrun = 'exit 1'\n[gates.good]\nrun = 'sleep 0.1'\n[gates.behind]\nrun = 'true'\nneeds = ['bad']\n");
    let (report, code) = report(repository.path(), &["gates"]);
    assert_eq!((status(&report, "bad"), status(&report, "good"), status(&report, "behind"), code), ("failed", "passed", "skipped", 1));
    assert!(report["gates"][2]["why"].as_str().unwrap().contains("bad"), "{report:#}");
}

#[test]
fn two_worktrees_at_once_share_nothing() {
    let outside = tempfile::tempdir().unwrap();
    let meet = |own: &str, other: &str| {
        let (own, other) = (outside.path().join(own), outside.path().join(other));
        format!("cat kept.txt > {}; until test -e {}; do sleep 0.02; done; cat kept.txt", own.display(), other.display())
    };
    let repository = repository("[gates.meet]\nrun = ['sh', '../meet.sh']\n");
    let linked = repository.beside("linked");
    repository.git(&["worktree", "add", "-q", "-b", "agent", linked.to_str().unwrap()]);
    for (folder, own, other) in [(repository.path(), "main", "agent"), (linked.as_path(), "agent", "main")] {
        std::fs::write(folder.join("paralint.toml"), format!("[gates.meet]\nrun = '''{}'''\ninputs = 'index'\n", meet(own, other)))
            .unwrap();
        std::fs::write(folder.join("kept.txt"), format!("staged by {own}\n")).unwrap();
        let added = super::repository::git_in(folder).args(["add", "kept.txt"]).status().unwrap();
        assert!(added.success());
        std::fs::write(folder.join("kept.txt"), format!("edited by {own}\n")).unwrap();
    }
    let runs = [started(repository.path(), &["gates"]), started(&linked, &["gates"])];
    for (run, name) in runs.into_iter().zip(["main", "agent"]) {
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        assert_eq!(line_of(&outside.path().join(name)), format!("staged by {name}"));
    }
    for (folder, name) in [(repository.path(), "main"), (linked.as_path(), "agent")] {
        assert_eq!(std::fs::read_to_string(folder.join("kept.txt")).unwrap(), format!("edited by {name}\n"));
    }
}
