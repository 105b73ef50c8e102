//! `--open`: where the page lies, what it is opened with, and that nobody waits for it.
#![cfg(unix)]

use super::program::{code, executable, fixture, paralint, stderr, stdout};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A place with a stand-in for what opens files, and an empty temporary folder.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// A stand-in that runs a script; none without one.
    fn with(script: Option<&str>) -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        for name in ["tools", "tmp", "work"] {
            std::fs::create_dir(desk.at(name)).unwrap();
        }
        if let Some(script) = script {
            executable(&desk.at("tools/xdg-open"), &format!("#!/bin/sh\n{script}\n"));
        }
        desk
    }

    /// A stand-in that writes down what it is given, and talks.
    fn recording() -> Desk {
        Desk::with(Some("echo noise; echo noise >&2; cat\nprintf '%s' \"$1\" > ../record.part && mv ../record.part ../record"))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = paralint(&self.at("work"));
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.at("tools")).chain(std::env::split_paths(&inherited));
        command.env("PATH", std::env::join_paths(folders).unwrap());
        command.env("TMPDIR", self.at("tmp")).env("DISPLAY", ":99").args(arguments).write_stdin("nobody's");
        command
    }

    fn audit(&self, more: &[&str]) -> Output {
        let log = fixture("demo-serial").join("session.jsonl").display().to_string();
        self.command(&[&["audit", &log, "--open"], more].concat()).output().unwrap()
    }

    /// The path that was opened, once it was.
    fn opened(&self) -> PathBuf {
        PathBuf::from(String::from_utf8(awaited(&self.at("record"))).unwrap())
    }

    fn pages(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.at("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// What a file holds that another process is about to write.
fn awaited(path: &Path) -> Vec<u8> {
    for _ in 0..600 {
        if let Ok(bytes) = std::fs::read(path) {
            return bytes;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{} was never written", path.display());
}

fn is_page(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap();
    text.starts_with("<!DOCTYPE html>") && text.contains("claimed-serial") && text.trim_end().ends_with("</html>")
}

#[test]
fn the_page_is_a_file_of_its_own_that_only_its_owner_reads() {
    let desk = Desk::recording();
    let output = desk.audit(&[]);
    let page = desk.opened();
    assert_eq!(desk.pages(), std::slice::from_ref(&page));
    assert!(is_page(&page) && page.extension().is_some_and(|extension| extension == "html"), "{page:?}");
    assert_eq!(std::fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(stderr(&output).contains(&page.display().to_string()), "{}", stderr(&output));
    assert_eq!(code(&output), 1, "that of the audit");
    assert!(!stdout(&output).contains("noise") && !stderr(&output).contains("noise"), "the browser has no stream of ours");
    std::fs::remove_file(desk.at("record")).unwrap();
    desk.audit(&[]);
    assert_ne!(desk.opened(), page, "each run has a page of its own");
}

#[test]
fn the_page_that_was_asked_for_is_the_one_that_opens() {
    let desk = Desk::recording();
    let output = desk.audit(&["--output", "html=-a page.html", "--format", "json"]);
    let page = desk.at("work/-a page.html");
    assert_eq!(desk.opened().canonicalize().unwrap(), page.canonicalize().unwrap());
    assert!(desk.opened().is_absolute() && is_page(&page) && desk.pages().is_empty());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["exit_code"], code(&output)), (&serde_json::json!(1), 1));
}

#[test]
fn what_is_no_file_is_not_opened() {
    let desk = Desk::recording();
    desk.audit(&["--output", "html=/dev/null"]);
    assert_eq!(desk.pages(), [desk.opened()]);
}

#[test]
fn check_opens_its_page_too() {
    let desk = Desk::recording();
    let repository = super::scenarios::made("demo");
    let output = desk.command(&["check", "--open"]).current_dir(repository.path()).output().unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    // The stand-in writes beside the folder that it was started in.
    let record = awaited(&repository.beside("record"));
    assert_eq!(desk.pages(), [PathBuf::from(String::from_utf8(record).unwrap())]);
}

#[test]
fn nobody_waits_for_a_browser_and_it_outlives_the_run() {
    let desk = Desk::with(Some("while [ -e ../hold ]; do sleep 0.1; done\necho done > ../record"));
    std::fs::write(desk.at("hold"), "").unwrap();
    let output = desk.audit(&[]);
    assert!(code(&output) == 1 && !desk.at("record").exists());
    std::fs::remove_file(desk.at("hold")).unwrap();
    awaited(&desk.at("record"));
}

/// The page is there, its place is told, the exit code is that of the audit, and nothing claims that it was opened.
fn assert_only_told(desk: &Desk, output: &Output, why: &str) {
    let pages = desk.pages();
    assert!(pages.len() == 1 && is_page(&pages[0]), "{pages:?}");
    let told = stderr(output);
    assert!(told.contains(&pages[0].display().to_string()) && told.contains(why) && told.contains("not opened"), "{told}");
    assert_eq!(code(output), 1);
}

#[test]
fn without_anything_that_opens_files_the_place_is_told() {
    let desk = Desk::with(None);
    let log = fixture("demo-serial").join("session.jsonl").display().to_string();
    let output = desk.command(&["audit", &log, "--open"]).env("PATH", desk.at("tools")).output().unwrap();
    assert_only_told(&desk, &output, "nothing here opens files");
}

#[test]
fn a_launcher_that_fails_is_told() {
    let desk = Desk::with(Some("exit 4"));
    let log = fixture("demo-serial").join("session.jsonl").display().to_string();
    // One that takes long to fail is left to itself: on a machine that is busy, this may take another try.
    for _ in 0..20 {
        for page in desk.pages() {
            std::fs::remove_file(page).unwrap();
        }
        let output =
            desk.command(&["audit", &log, "--open"]).env("PATH", desk.at("tools")).env("BROWSER", "some\u{1b}browser").output().unwrap();
        if stderr(&output).contains("not opened") {
            return assert_only_told(&desk, &output, "what opens files here failed with exit code 4; BROWSER is some\\u{1b}browser)");
        }
    }
    panic!("a launcher that fails is never noticed");
}

#[test]
fn without_a_display_nothing_is_started() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let desk = Desk::recording();
    let log = fixture("demo-serial").join("session.jsonl").display().to_string();
    let output = desk.command(&["audit", &log, "--open"]).env_remove("DISPLAY").output().unwrap();
    assert_only_told(&desk, &output, "there is no display");
    assert!(!desk.at("record").exists());
    let named = desk.command(&["audit", &log, "--open"]).env_remove("DISPLAY").env("BROWSER", "some-browser").output().unwrap();
    assert!(desk.opened().is_file() && code(&named) == 1);
}

#[test]
fn a_page_that_cannot_be_written_is_exit_2() {
    let desk = Desk::recording();
    let log = fixture("demo-serial").join("session.jsonl").display().to_string();
    let output = desk.command(&["audit", &log, "--open"]).env("TMPDIR", desk.at("nowhere")).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--output html=FILE"), "{}", stderr(&output));
    assert!(stdout(&output).contains("claimed-serial"), "the report is printed all the same");
}

#[test]
fn where_nothing_was_looked_at_nothing_opens() {
    let desk = Desk::recording();
    let output = desk.command(&["audit", "there-is-no-such.jsonl", "--open"]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(desk.pages().is_empty() && !stderr(&output).contains("open"), "{}", stderr(&output));
}

#[test]
fn an_empty_temporary_folder_is_none() {
    let desk = Desk::recording();
    let output = desk.command(&["audit", "--open", &fixture("demo-serial").display().to_string()]).env("TMPDIR", "").output().unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let page = desk.opened();
    assert_eq!(page.parent(), Some(Path::new("/tmp")));
    std::fs::remove_file(page).unwrap();
    let left: Vec<_> = std::fs::read_dir(desk.at("work")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
