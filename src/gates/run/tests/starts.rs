//! What cannot start.
#![allow(clippy::disallowed_methods)]

use super::{Invocation, all, job, one, options, program, sh, text};
use crate::model::gate::GateStatus;
use std::os::unix::fs::PermissionsExt;

fn unavailable(job: super::Job) -> String {
    let ended = one(job);
    assert_eq!(ended.status, GateStatus::Unavailable, "{ended:?}");
    ended.why.unwrap()
}

#[test]
fn the_shell_says_what_it_could_not_start() {
    let why = unavailable(sh("lint", "no-such-command-here"));
    assert!(why.starts_with("command not found (exit 127): ") && why.contains("no-such-command-here"), "{why}");
    let why = unavailable(sh("lint", "/etc/passwd"));
    assert!(why.starts_with("not executable (exit 126): "), "{why}");
    let ended = one(program("lint", &["sh", "-c", "exit 127"]));
    assert_eq!(ended.status, GateStatus::Failed, "a program may end with 127 by itself");
}

#[test]
fn what_does_not_start_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str, mode: u32| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    assert_eq!(unavailable(program("lint", &["no-such-command-here"])), "no such command: no-such-command-here");
    let plain = write("plain", "#!/bin/sh\n", 0o644);
    assert_eq!(unavailable(program("lint", &[&plain])), format!("not executable: {plain}"));
    let lost = write("lost", "#!/no/such/interpreter\n", 0o755);
    assert_eq!(unavailable(program("lint", &[&lost])), format!("the interpreter of {lost} is not there"));
    let bare = write("bare", "echo hello\n", 0o755);
    let why = format!("{bare} is no program and no script with an interpreter line");
    assert_eq!(unavailable(program("lint", &[&bare])), why);
    let mut gone = sh("lint", "true");
    gone.folder = folder.path().join("gone");
    assert_eq!(unavailable(gone.clone()), format!("its folder {} is not there", gone.folder.display()));
    gone.folder = plain.into();
    assert!(unavailable(gone).ends_with("is not there"));
    let mut none = sh("lint", "true");
    none.invocations.clear();
    assert_eq!(unavailable(none), "it has no command");
    assert!(unavailable(program("lint", &["sh", "nul\0"])).contains("failed to start sh"));
}

#[test]
fn a_path_of_its_own_is_where_its_program_is_found() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tool"), "#!/bin/sh\necho found\n").unwrap();
    std::fs::set_permissions(folder.path().join("tool"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(folder.path().join("bare"), "echo found\n").unwrap();
    std::fs::set_permissions(folder.path().join("bare"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let with_path = |name: &str| {
        let mut job = program("lint", &[name]);
        job.env.insert("PATH".to_owned(), folder.path().to_str().unwrap().to_owned());
        job
    };
    assert_eq!(text(&one(with_path("tool"))), "found\n");
    assert_eq!(unavailable(with_path("bare")), "bare is no program and no script with an interpreter line");
    assert_eq!(unavailable(with_path("sh")), "no such command: sh");
}

#[test]
fn too_many_files_are_split_until_they_fit() {
    // Far more than any system takes at once.
    let files: Vec<std::ffi::OsString> = (0..30_000).map(|number| format!("{number:0>200}").into()).collect();
    let arguments = ["-c".into(), "echo $#".into(), "sh".into()].into_iter().chain(files).collect();
    let lint = job("lint", Invocation { program: "sh".into(), arguments, files: 3..30_003, shell: true });
    let ended = one(lint);
    assert_eq!(ended.status, GateStatus::Passed, "{:?}", ended.why);
    let counts = super::pids(&ended);
    assert!(counts.len() > 1, "{counts:?}");
    assert_eq!(counts.iter().sum::<i32>(), 30_000);
    let long = "x".repeat(8 << 20);
    assert_eq!(unavailable(program("lint", &["echo", &long])), "its command line is longer than the system takes");
}

#[test]
fn what_cannot_start_counts_for_fail_fast() {
    let options = super::Options { fail_fast: true, ..options() };
    let (ran, _) = all(&[program("gone", &["no-such-command-here"]), sh("lint", "sleep 60")], 2, &options);
    assert_eq!(ran.jobs[1].status, GateStatus::Cancelled);
}
