//! `[gates]`: a mistake ends the program with the place and the mend, before anything is done.

use super::program::{code, report, run, small_log, stderr};
use std::fs;

fn folder_with(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("a.jsonl"), small_log("s", "/w", "I looked at it.", 0)).unwrap();
    fs::write(folder.path().join("paralint.toml"), configuration).unwrap();
    folder
}

/// What is wrong: the configuration, the place, and parts of the message and of the hint.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("[gates.a]\nrun = \"x\"\nneeds = [\"tset\"]\n[gates.test]\nrun = \"x\"\n", "3:10", "`a` needs `tset`", "did you mean `test`?"),
    ("[gates.a]\nrun = \"x\"\nneeds = [\"a\"]\n", "3:10", "`a` needs itself", "take it out"),
    (
        "[gates.fmt]\nrun = \"x\"\nneeds = [\"clippy\"]\n[gates.clippy]\nrun = \"x\"\nneeds = [\"fmt\"]\n",
        "3:10",
        "fmt -> clippy -> fmt",
        "none of them could ever start",
    ),
    (
        "resources = [\"cargo-target\"]\n[gates.a]\nrun = \"x\"\nresources = [\"cargo-tagret\"]\n",
        "4:14",
        "cargo-tagret",
        "did you mean `cargo-target`?",
    ),
    (
        "[gates.a]\nrun = \"x\"\nresources = [\"database\"]\n[gates.b]\nrun = \"x\"\nresources = [\"databse\"]\n",
        "6:14",
        "only `b` holds `databse`",
        "did you mean `database`?",
    ),
    ("[gates.a]\nrun = \"x\"\ntimeout = \"soon\"\n", "3:11", "`soon` is no length of time", "`10m`"),
    ("[gates.a]\nrun = \"x\"\ntimeout = \"-1s\"\n", "3:11", "longer than nothing", "`10m`"),
    ("[gates.a]\nrun = \"  \"\n", "2:7", "the command of `a` is empty", "cargo test"),
    ("[gates.a]\nrun = []\n", "2:7", "the command of `a` is empty", "cargo test"),
    ("[gates.a]\nruns = \"x\"\n", "2:1", "unknown field `runs`", "did you mean `run`?"),
    ("[gates.a]\nrun = \"x\"\n[gates.a]\nrun = \"y\"\n", "3:8", "`a` is there twice", "in line 1"),
    ("[gates.a]\nrun = \"x\"\n[gates.A]\nrun = \"y\"\n", "3:8", "`A` is hard to tell from the gate `a`", "case"),
    ("[gates.-a]\nrun = \"x\"\n", "1:8", "begins with `-`", "option"),
    ("[gates.a]\nrun = \"x '{files}'\"\n", "2:7", "inside quotes", "write {files} without quotes"),
    ("[gates.a]\nrun = [\"x\", \"-i{files}\"]\n", "2:13", "only a part", "element of its own"),
    ("[gates.a]\nrun = \"x\"\ndir = \"../b\"\n", "3:7", "climbs out", "root of the repository"),
    ("[gates.a]\nrun = \"x\"\nwhen = { changed = [\"[\"] }\n", "3:21", "no valid pattern", ""),
    ("[gates.a]\nrun = \"x\"\n[phases.implementation]\ngates = [\"b\"]\n", "4:10", "`b` is no gate", "`a`"),
];

#[test]
fn mistakes_are_exit_2_with_line_column_and_a_mend() {
    for (configuration, place, message, hint) in WRONG {
        let folder = folder_with(configuration);
        let output = run(folder.path(), &["audit", "a.jsonl"]);
        let text = stderr(&output);
        assert_eq!(code(&output), 2, "{configuration}\n{text}");
        assert!(text.contains(&format!("paralint.toml:{place}")), "{configuration}\n{text}");
        let report = report(folder.path(), &["audit", "a.jsonl"]);
        let error = &report["error"];
        assert_eq!(error["kind"], "configuration", "{configuration}");
        assert!(error["message"].as_str().unwrap().contains(message), "{configuration}\n{error}");
        assert!(error["hint"].as_str().unwrap_or_default().contains(hint), "{configuration}\n{error}");
        let location = &error["location"];
        assert_eq!(format!("{}:{}", location["line"], location["column"]), *place, "{configuration}");
    }
}

#[test]
fn hostile_names_reach_no_terminal_and_no_runner() {
    let folder = folder_with("[gates.\"a\\u001b[31m\\u202e\\n::error::x\"]\nrun = \"x\"\nneeds = [\"\\u001b[2J\\n::error::y\"]\n");
    for environment in [None, Some(("GITHUB_ACTIONS", "true"))] {
        let mut command = super::program::paralint(folder.path());
        let output = command.envs(environment).args(["audit", "a.jsonl"]).output().unwrap();
        assert_eq!(code(&output), 2);
        let all = [output.stdout, output.stderr].concat();
        assert!(!all.contains(&0x1b), "{}", String::from_utf8_lossy(&all));
        let text = String::from_utf8(all).unwrap();
        assert!(!text.contains('\u{202e}') && !text.lines().any(|line| line.starts_with("::error::")), "{text}");
    }
}

#[test]
fn a_right_configuration_is_no_error() {
    let gates = "[gates.fmt]\nrun = [\"rustfmt\", \"{files}\"]\nwhen = { changed = [\"*.rs\"] }\n[gates.test]\nrun = \"cargo test\"\nneeds = [\"fmt\"]\n";
    let folder = folder_with(&format!("{gates}[phases.implementation]\ngates = [\"test\"]\n"));
    let output = run(folder.path(), &["audit", "a.jsonl"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn no_shell_reads_the_name_of_a_file() {
    use paralint::config::Command;
    use paralint::gates::command::invocations;
    use paralint::model::path::RepoPath;
    let names: [&[u8]; 10] =
        [b"a b", b"$(touch made)", b"`touch made`", b"; touch made", b"*", b"-n", b"it's", b"\"", b"\xff\n$HOME", b"{files}"];
    let files: Vec<RepoPath> = names.iter().map(|name| RepoPath::new(*name)).collect();
    let folder = tempfile::tempdir().unwrap();
    for command in [
        Command::Shell("printf '%s\\0' {files}".to_owned()),
        Command::Shell("for file in {files}; do printf '%s\\0' \"$file\"; done".to_owned()),
        Command::Words(["printf", "%s\\0", "{files}"].map(str::to_owned).to_vec()),
    ] {
        let list = invocations(&command, &files);
        let [one] = list.as_slice() else { panic!("{list:?}") };
        let output = std::process::Command::new(&one.program).args(&one.arguments).current_dir(folder.path()).output().unwrap();
        let printed: Vec<&[u8]> = output.stdout.strip_suffix(b"\0").unwrap().split(|byte| *byte == 0).collect();
        let wanted: Vec<Vec<u8>> = names.iter().map(|name| if *name == b"-n" { b"./-n".to_vec() } else { name.to_vec() }).collect();
        assert_eq!(printed, wanted, "{command:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}
