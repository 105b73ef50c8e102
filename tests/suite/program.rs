//! Running the program, and making logs for it.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

/// The program with nothing of this machine's environment, in a folder.
pub(crate) fn paralint(folder: &Path) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::cargo_bin("paralint").unwrap();
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("LANG", "C.UTF-8")
        .current_dir(folder)
        .timeout(std::time::Duration::from_secs(60));
    command
}

/// Runs it and returns what it printed.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    paralint(folder).args(arguments).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

/// The report of a run with `--format json`.
pub(crate) fn report(folder: &Path, arguments: &[&str]) -> Value {
    let output = paralint(folder).args(arguments).args(["--format", "json"]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

/// The folder of a fixture.
pub(crate) fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sessions").join(name)
}

/// A log with one prompt and one sentence of the assistant that ends its turn, `minute` minutes after ten o'clock.
pub(crate) fn small_log(session: &str, cwd: &str, sentence: &str, minute: u32) -> String {
    let at = |second: u32| format!("2026-03-11T10:{minute:02}:{second:02}.000Z");
    let common = |kind: &str, second: u32, message: Value| json!({"parentUuid": null, "isSidechain": false, "cwd": cwd, "sessionId": session, "version": "2.1.100", "type": kind, "message": message, "uuid": format!("{session}-{kind}"), "timestamp": at(second)});
    let prompt = common("user", 0, json!({"role": "user", "content": "Please look at it."}));
    let answer = common(
        "assistant",
        5,
        json!({"id": format!("msg_{session}"), "role": "assistant", "stop_reason": "end_turn", "content": [{"type": "text", "text": sentence}]}),
    );
    format!("{prompt}\n{answer}\n")
}

/// Writes a script that can be run.
#[cfg(unix)]
pub(crate) fn executable(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A tool of somebody else, if it is on the PATH. A test without it says so and passes, unless `PARALINT_REQUIRE_TOOLS=1` is set.
#[allow(clippy::print_stderr)]
pub(crate) fn tool(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        let is_required = std::env::var_os("PARALINT_REQUIRE_TOOLS").is_some_and(|value| value == "1");
        assert!(!is_required, "{name} is not on the PATH, and PARALINT_REQUIRE_TOOLS=1 is set");
        eprintln!("not tested: {name} is not on the PATH");
    }
    found
}
