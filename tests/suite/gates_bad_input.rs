//! Gates that cannot run, that print what nobody wants, and places where nothing can be written.

use super::gates_probes::{report, repository, rules, started, status};
use super::program::{code, paralint, run, stdout};
use std::io::Read;
use std::process::{Command, Stdio};

fn why(report: &serde_json::Value, name: &str) -> String {
    let gates = report["gates"].as_array().unwrap();
    gates.iter().find(|gate| gate["name"] == name).unwrap()["why"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_command_that_cannot_start_says_why() {
    let gates = "[gates.absent]\nrun = ['no-such-command-at-all']\n[gates.shell]\nrun = 'no-such-command-at-all --x'\n\
                 [gates.plain]\nrun = ['./plain.sh']\n[gates.bare]\nrun = ['./bare.sh']\n[gates.lost]\nrun = ['./lost.sh']\n\
                 [gates.folder]\nrun = 'true'\ndir = 'gone'\n[gates.own]\nrun = ['sh', '-c', 'exit 127']\n";
    let repository = repository(gates);
    repository.write("plain.sh", "#!/bin/sh\ntrue\n");
    repository.write("bare.sh", "\u{1}\u{2} no interpreter line\n");
    repository.write("lost.sh", "#!/no/such/interpreter\ntrue\n");
    for script in ["bare.sh", "lost.sh"] {
        Command::new("chmod").arg("+x").arg(repository.path().join(script)).status().unwrap();
    }
    let (report, code) = report(repository.path(), &["gates"]);
    assert_eq!(code, 1);
    for (name, expected) in [
        ("absent", "no-such-command-at-all"),
        ("shell", "127"),
        ("plain", "not executable"),
        ("bare", "interpreter"),
        ("lost", "interpreter"),
        ("folder", "gone"),
    ] {
        assert_eq!(status(&report, name), "unavailable", "{name}: {report:#}");
        assert!(why(&report, name).contains(expected), "{name}: {}", why(&report, name));
    }
    assert_eq!(status(&report, "own"), "failed", "127 means that only where a shell says so");
    assert_eq!(rules(&report).iter().filter(|rule| **rule == "gate-unavailable").count(), 6);
    let text = stdout(&run(repository.path(), &["gates"]));
    assert!(text.contains("no-such-command-at-all") && text.lines().all(|line| line.chars().count() <= 200), "{text}");
}

#[test]
fn output_that_acts_on_terminals_and_runners_loses_its_power() {
    let hostile = r#"printf '\033]0;title\007\033[2Jx\n::error::own\n  ::set-output name=a::b\n##[error]x\nnul\000nul \377\376 \342\200\256rtl\nprogress 1\rprogress 2\rdone\n'; exit 1"#;
    let repository = repository(&format!("[gates.hostile]\nrun = '''{hostile}'''\n"));
    for github in [false, true] {
        let mut command = paralint(repository.path());
        if github {
            command.env("GITHUB_ACTIONS", "true");
        }
        let output = command.args(["gates"]).output().unwrap();
        let text = stdout(&output);
        assert_eq!(code(&output), 1);
        let forbidden = |letter: char| letter.is_control() && letter != '\n' || letter == '\u{202e}';
        assert!(!text.contains(forbidden), "{text:?}");
        assert!(!text.contains("##[") && text.contains("done") && !text.contains("progress 1"), "{text}");
        let obeyed =
            text.lines().filter(|line| line.trim_start().starts_with("::error::own") || line.trim_start().starts_with("::set-output"));
        assert_eq!(obeyed.count(), 0, "{text}");
        if github {
            assert!(
                text.lines().any(|line| line.starts_with("::error ") && line.contains("file=paralint.toml") && line.contains("line=1")),
                "{text}"
            );
        } else {
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        }
    }
    let (report, _) = report(repository.path(), &["gates"]);
    assert!(report["gates"][0]["output"]["head"].as_str().unwrap().contains("::error::own"), "JSON has it as it was");
}

#[test]
fn a_line_of_a_hundred_megabytes_is_kept_in_a_file_and_cut_where_it_is_shown() {
    let repository = repository("[gates.long]\nrun = 'head -c 100000000 /dev/zero | tr \"\\000\" x; echo; echo the end; exit 1'\n");
    let (report, code) = report(repository.path(), &["gates"]);
    let output = &report["gates"][0]["output"];
    assert_eq!((code, output["bytes"].as_u64()), (1, Some(100_000_009)));
    assert!(output["head"].as_str().unwrap().len() + output["tail"].as_str().unwrap().len() < 2_000_000);
    let file = output["file"].as_str().expect("a file with all of it");
    assert_eq!(std::fs::metadata(repository.path().join(file)).unwrap().len(), 100_000_009);
    let text = stdout(&run(repository.path(), &["gates"]));
    assert!(text.len() < 100_000 && text.contains("the end") && text.contains("left out"), "{}", text.len());
}

#[test]
fn a_closed_standard_output_changes_nothing_but_what_is_seen() {
    let repository = repository(
        "[gates.a]\nrun = 'echo a; sleep 0.3; exit 1'\n[gates.b]\nrun = 'touch ran; sleep 0.1'\nneeds = ['c']\n[gates.c]\nrun = 'seq 100000'\n",
    );
    let mut child = started(repository.path(), &["gates", "--verbose"]);
    let mut first = [0; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(repository.path().join("ran").exists() && !String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

/// The program under a limit or with another condition that only a shell can make.
fn under(condition: &str, repository: &super::repository::Repository, arguments: &str) -> std::process::Output {
    let program = assert_cmd::cargo::cargo_bin("paralint");
    let script = format!("{condition}; exec '{}' {arguments}", program.display());
    let mut command = Command::new("sh");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", repository.path()).env("LANG", "C.UTF-8");
    command.current_dir(repository.path()).args(["-c", &script]).stdin(Stdio::null()).output().unwrap()
}

fn many(count: usize, command: &str) -> String {
    (0..count).map(|number| format!("[gates.g{number:03}]\nrun = '{command}'\n")).collect()
}

#[test]
fn five_hundred_gates_end_even_with_few_file_descriptors() {
    let repository = repository(&many(500, "true"));
    for (condition, arguments) in [("true", "gates --format json"), ("ulimit -n 64", "gates --jobs 200 --format json")] {
        let output = under(condition, &repository, arguments);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let gates = report["gates"].as_array().unwrap();
        assert_eq!((output.status.code(), gates.len()), (Some(0), 500), "{condition}: {:?}", report["findings"]);
        assert!(gates.iter().all(|gate| gate["status"] == "passed"), "{condition}");
    }
}

#[test]
fn a_limit_on_the_size_of_files_ends_no_run() {
    let repository = repository(
        "[gates.long]\nrun = 'head -c 5000000 /dev/zero | tr \"\\000\" x; exit 1'\n[gates.own]\nrun = 'head -c 100000 /dev/zero > big'\n",
    );
    let output = under("ulimit -f 16", &repository, "gates --format json");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!((status(&report, "long"), output.status.code()), ("failed", Some(1)), "{report:#}");
    assert_eq!(report["gates"][0]["output"]["bytes"], 5_000_000);
    assert!(report["gates"][0]["output"]["file_error"].is_string(), "{:#}", report["gates"][0]["output"]["file"]);
    assert_eq!(status(&report, "own"), "failed", "a gate has the limit's own end: {report:#}");
}

#[test]
fn where_nothing_can_be_written_gates_run_and_the_receipt_is_told_as_missing() {
    let repository = repository("[gates.a]\nrun = 'true'\n[gates.b]\nrun = 'exit 1'\n");
    // A file where the folder should be: works for root too, who may write everywhere.
    repository.write(".git/paralint", "in the way\n");
    let (report, code) = report(repository.path(), &["gates"]);
    assert_eq!((status(&report, "a"), status(&report, "b"), code), ("passed", "failed", 1));
    let said = report["not_checked"]
        .as_array()
        .unwrap()
        .iter()
        .any(|entry| entry["what"] == "a receipt" && entry["why"].as_str().unwrap().contains("paralint"));
    assert!(said, "{report:#}");
    assert_eq!(std::fs::read_to_string(repository.path().join(".git/paralint")).unwrap(), "in the way\n");
}

#[test]
fn without_a_checkout_only_the_gates_that_want_it_cannot_start() {
    let repository =
        repository("[gates.a]\nrun = 'true'\n[gates.b]\nrun = 'true'\ninputs = 'index'\n[gates.c]\nrun = 'true'\nneeds = ['b']\n");
    repository.write(".git/paralint/staged", "in the way\n");
    let (report, code) = report(repository.path(), &["gates"]);
    assert_eq!((status(&report, "a"), status(&report, "b"), status(&report, "c"), code), ("passed", "unavailable", "skipped", 1));
    assert!(why(&report, "b").contains("staged"), "{report:#}");
    assert_eq!(std::fs::read_to_string(repository.path().join(".git/paralint/staged")).unwrap(), "in the way\n");
}

#[test]
fn a_full_disk_loses_the_report_and_not_the_verdict() {
    let repository = repository("[gates.a]\nrun = 'true'\n");
    let output = under("exec >/dev/full", &repository, "gates");
    assert_eq!(output.status.code(), Some(2), "a report that could not be written: {output:?}");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}
