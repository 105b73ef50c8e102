//! Which session logs a check reads, and what a hook says of their claims.

use super::program::{code, paralint, stdout};
use super::repository::{Repository, git_in};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A repository whose last commit was made on 2026-03-01 at 10:00, with one file staged.
fn repository() -> Repository {
    let repository = Repository::new();
    repository.write("src/api.rs", "before");
    repository.commit_all("base");
    repository.write("src/api.rs", "after");
    repository.git(&["add", "-A"]);
    repository
}

/// A log in which the assistant claims three agents, starts none, and edits `file` itself, on 2026-03-`day`.
fn log(repository: &Repository, cwd: &str, file: &str, day: u32) -> PathBuf {
    let at = |second: u32| format!("2026-03-{day:02}T10:00:{second:02}.000Z");
    let record = |kind: &str, second: u32, message: Value, result: Value| {
        json!({"parentUuid": null, "isSidechain": false, "cwd": cwd, "sessionId": "s1", "version": "2.1.100", "type": kind, "message": message,
            "toolUseResult": result, "uuid": format!("{kind}-{second}"), "timestamp": at(second)})
    };
    let said = |id: &str, content: Value| json!({"id": id, "role": "assistant", "stop_reason": "end_turn", "content": [content]});
    let edit =
        json!({"type": "tool_use", "id": "toolu_1", "name": "Write", "input": {"file_path": format!("{cwd}/{file}"), "content": "after"}});
    let result = json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "ok"}]});
    let lines = [
        record("user", 0, json!({"role": "user", "content": "Please change it."}), Value::Null),
        record("assistant", 1, said("m1", edit), Value::Null),
        record("user", 2, result, json!({"filePath": format!("{cwd}/{file}")})),
        record("assistant", 3, said("m2", json!({"type": "text", "text": "I launched three agents in parallel."})), Value::Null),
    ];
    let name: String = cwd.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let folder = repository.beside("home").join(".claude/projects").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("s{day}.jsonl"));
    std::fs::write(&path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    path
}

fn check(repository: &Repository, arguments: &[&str]) -> (Value, i32) {
    let mut command = paralint(repository.path());
    command.env("HOME", repository.beside("home")).arg("check").args(arguments).args(["--format", "json"]);
    let output = command.output().unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), code(&output))
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

fn why_no_claims(report: &Value) -> &str {
    let all = report["not_checked"].as_array().unwrap();
    all.iter().find(|one| one["what"] == "claims").and_then(|one| one["why"].as_str()).unwrap_or_default()
}

fn cwd(repository: &Repository) -> String {
    repository.path().canonicalize().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn the_claims_of_a_log_that_edited_what_is_staged_count() {
    let repository = repository();
    log(&repository, &cwd(&repository), "src/api.rs", 2);
    let (report, code) = check(&repository, &[]);
    assert_eq!((rules(&report), code), (vec!["narrated-agents"], 1));
    assert_eq!(report["sessions"][0]["id"], "s1");
    assert_eq!((rules(&check(&repository, &["--session", "none"]).0), check(&repository, &["--session", "none"]).1), (vec![], 0));
}

#[test]
fn a_session_in_a_folder_of_the_repository_counts_too() {
    let repository = repository();
    log(&repository, &format!("{}/src", cwd(&repository)), "api.rs", 2);
    assert_eq!(rules(&check(&repository, &[]).0), ["narrated-agents"]);
}

#[test]
fn logs_that_did_not_make_the_change_do_not_count_and_that_is_said() {
    let repository = repository();
    assert!(why_no_claims(&check(&repository, &[]).0).contains("no session log of this repository"));
    log(&repository, &cwd(&repository), "src/other.rs", 2);
    let (report, code) = check(&repository, &[]);
    assert_eq!((rules(&report), code, why_no_claims(&report)), (vec![], 0, "no session log edited what changed"));
    // The last commit was made on the first of March.
    let old = self::repository();
    log(&old, &cwd(&old), "src/api.rs", 1);
    let earlier = std::fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
    let path = old.beside("home").join(".claude/projects");
    for entry in walkdir::WalkDir::new(path).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        std::fs::File::options().write(true).open(entry.path()).unwrap().set_times(earlier).unwrap();
    }
    assert!(why_no_claims(&check(&old, &[]).0).contains("since the last commit"));
}

#[test]
fn a_log_that_is_named_is_read_in_any_case() {
    let repository = repository();
    let path = log(&repository, "/elsewhere", "a.rs", 1);
    assert_eq!(rules(&check(&repository, &["--session", path.to_str().unwrap()]).0), ["narrated-agents"]);
    let (report, code) = check(&repository, &["--session", "no-such.jsonl"]);
    assert_eq!((code, report["error"]["kind"].as_str()), (2, Some("input")));
}

#[test]
fn a_claim_can_be_waived_so_that_a_hook_does_not_block_for_ever() {
    let repository = repository();
    log(&repository, &cwd(&repository), "src/api.rs", 2);
    let hooks = repository.path().join(".git/hooks");
    std::fs::create_dir_all(&hooks).unwrap();
    let hook = hooks.join("pre-commit");
    std::fs::write(&hook, "#!/bin/sh\nexec \"$PARALINT\" check\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let commit = || {
        let mut command = git_in(repository.path());
        command.env("PARALINT", assert_cmd::cargo::cargo_bin!("paralint")).env("HOME", repository.beside("home")).env("LANG", "C.UTF-8");
        command.args(["commit", "-m", "after"]).output().unwrap()
    };
    let refused = commit();
    let text = String::from_utf8_lossy(&refused.stderr).into_owned() + &stdout(&refused);
    assert!(!refused.status.success() && text.contains("paralint waive "), "{text}");
    let fingerprint = text.split("paralint waive ").nth(1).unwrap().split(' ').next().unwrap();
    let mut waive = paralint(repository.path());
    assert_eq!(code(&waive.args(["waive", fingerprint, "--reason", "the agents ran elsewhere"]).output().unwrap()), 0);
    assert!(commit().status.success());
}
