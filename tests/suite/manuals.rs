//! Manual pages: what they hold, that formatters have nothing to say against them, and where they are written.

use super::program::{code, run, stderr, stdout, tool};
use std::path::Path;
use std::process::{Command, Stdio};

const COMMANDS: &[&str] = &[
    "check",
    "gates",
    "overlap",
    "audit",
    "owners",
    "rule",
    "waive",
    "init",
    "install",
    "uninstall",
    "hook",
    "schema",
    "completions",
    "man",
];

fn page(arguments: &[&str]) -> String {
    let output = run(Path::new("/"), &[&["man"], arguments].concat());
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{arguments:?}");
    stdout(&output)
}

/// Every page with its name.
fn pages() -> Vec<(String, String)> {
    let whole = ("paralint".to_owned(), page(&[]));
    std::iter::once(whole).chain(COMMANDS.iter().map(|name| (format!("paralint-{name}"), page(&[name])))).collect()
}

/// What a formatter prints, and what it complains of.
fn formatted(program: &str, arguments: &[&str], text: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.1");
    std::fs::write(&path, text).unwrap();
    let output = Command::new(program)
        .args(arguments)
        .arg(&path)
        .env("LC_ALL", "C.UTF-8")
        .env("MANWIDTH", "80")
        .env("MANPAGER", "cat")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn every_page_names_itself_and_has_its_sections_in_order() {
    for (name, text) in pages() {
        assert!(text.contains(&format!("\n.TH {} 1 ", name.to_uppercase())), "{name}: {text}");
        let named = format!("\n.SH NAME\n{} \\- ", name.replace('-', "\\-"));
        assert!(text.contains(&named), "{name}: {text}");
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
        let known = [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "COMMANDS",
            "OPTIONS",
            "EXAMPLES",
            "\"EXIT STATUS\"",
            "ENVIRONMENT",
            "FILES",
            "\"SEE ALSO\"",
        ];
        let places: Vec<usize> = headings.iter().map(|one| known.iter().position(|other| one == other).expect(one)).collect();
        assert!(places.is_sorted() && places.starts_with(&[0, 1, 2]) && places.ends_with(&[9]), "{name}: {headings:?}");
        assert!(text.lines().all(|line| !line.chars().any(char::is_control)), "{name}");
    }
}

#[test]
fn pages_hold_every_option_and_example_of_the_help() {
    let option = regex::Regex::new(r"(?m)^ +(?:-[a-zA-Z], )?(--[a-z-]+)").unwrap();
    for name in COMMANDS {
        let help = stdout(&run(Path::new("/"), &[name, "--help"]));
        let text = page(&[name]).replace('\\', "");
        for found in option.captures_iter(help.split("Examples:").next().unwrap()) {
            assert!(text.contains(&format!("fB{}fR", &found[1])), "{name}: {}", &found[1]);
        }
        for line in help.split("\nExamples:\n").nth(1).unwrap_or_default().lines().take_while(|line| !line.is_empty()) {
            let typed = line.trim().split("  ").next().unwrap();
            // An apostrophe is a string of roff.
            assert!(text.contains(&format!("fB{}fR", typed.replace('\'', "*(Aq"))), "{name}: {typed}: {text}");
        }
    }
}

#[test]
fn the_main_page_tells_of_the_environment_the_files_and_the_other_pages() {
    let text = page(&[]).replace('\\', "");
    let variables = [
        "PARALINT_AGENT",
        "PARALINT_SKIP",
        "PARALINT_OPTIONAL",
        "SKIP",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "TZ",
        "CLAUDE_CONFIG_DIR",
        "CODEX_HOME",
        "COPILOT_HOME",
        "XDG_DATA_HOME",
        "OPENCODE_DB",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_OUTPUT",
    ];
    let files = ["paralint.toml", "BOUNDARIES.json", "WORKFLOW_STATE.json", ".paralint/waivers.toml"];
    for name in variables.iter().chain(&files) {
        assert!(text.contains(&format!("fB{name}fR")), "{name}: {text}");
    }
    for name in COMMANDS {
        assert!(text.contains(&format!("fBparalint-{name}fR(1)")), "{name}: {text}");
    }
    assert!(page(&["check"]).contains("PARALINT_SKIP") && !page(&["schema"]).contains("PARALINT_SKIP"));
}

#[test]
fn man_has_nothing_to_say_against_any_page() {
    if tool("man").is_none() {
        return;
    }
    for (name, text) in pages() {
        let (shown, warnings) = formatted("man", &["--warnings", "-l"], &text);
        assert_eq!(warnings, "", "{name}");
        assert!(shown.lines().all(|line| line.chars().count() <= 80) && shown.contains("SEE ALSO"), "{name}: {shown}");
    }
}

#[test]
fn groff_has_nothing_to_say_against_any_page() {
    if tool("groff").is_none() {
        return;
    }
    let struck = regex::Regex::new(".\u{8}").unwrap();
    for (name, text) in pages() {
        let (shown, warnings) = formatted("groff", &["-ww", "-man", "-Tutf8", "-Kutf8"], &text);
        assert_eq!(warnings, "", "{name}");
        // Bold is what is struck twice.
        let shown = struck.replace_all(&shown, "");
        assert!(shown.contains("SYNOPSIS"), "{name}");
    }
}

#[test]
fn what_indexes_pages_finds_the_name_and_what_it_is_for() {
    if tool("lexgrog").is_none() {
        return;
    }
    for (name, text) in pages() {
        let (found, _) = formatted("lexgrog", &[], &text);
        assert!(found.contains(&format!("\"{name} - ")), "{name}: {found}");
    }
}

#[test]
fn an_unknown_command_is_told_with_the_nearest() {
    let output = run(Path::new("/"), &["man", "chekc"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("chekc") && stderr(&output).contains("check"), "{}", stderr(&output));
}

#[test]
fn all_pages_are_written_into_a_folder_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let write = || run(folder.path(), &["man", "--output", "share/man1"]);
    for _ in 0..2 {
        let output = write();
        assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, String::new(), String::new()));
        let mut names: Vec<String> = std::fs::read_dir(folder.path().join("share/man1"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let mut expected: Vec<String> = pages().into_iter().map(|(name, _)| format!("{name}.1")).collect();
        expected.sort();
        assert_eq!(names, expected);
    }
    let written = std::fs::read_to_string(folder.path().join("share/man1/paralint-check.1")).unwrap();
    assert_eq!(written, page(&["check"]));
    assert_eq!(code(&run(folder.path(), &["man", "audit", "--output", "one"])), 0);
    assert_eq!(std::fs::read_dir(folder.path().join("one")).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn what_is_no_page_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("paralint-man.1");
    let pipe = || {
        let made = Command::new("mkfifo").arg(&taken).status().unwrap();
        assert!(made.success());
    };
    let elsewhere = folder.path().join("notes");
    std::fs::write(&elsewhere, "mine").unwrap();
    let obstacles: [&dyn Fn(); 5] = [
        &|| std::fs::write(&taken, ".TH MINE 1\n").unwrap(),
        &|| std::fs::create_dir(&taken).unwrap(),
        &|| std::os::unix::fs::symlink(&elsewhere, &taken).unwrap(),
        &|| std::os::unix::fs::symlink("nowhere", &taken).unwrap(),
        &pipe,
    ];
    for put in obstacles {
        put();
        let output = run(folder.path(), &["man", "--output", "."]);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains("paralint-man.1") && stderr(&output).contains("nothing was written"), "{}", stderr(&output));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing was added");
        assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "mine");
        if taken.symlink_metadata().unwrap().is_dir() {
            std::fs::remove_dir(&taken).unwrap()
        } else {
            std::fs::remove_file(&taken).unwrap()
        }
    }
    let output = run(folder.path(), &["man", "--output", "notes"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("notes"), "{}", stderr(&output));
}
