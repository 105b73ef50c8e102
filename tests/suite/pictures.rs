//! The pictures of the README show what the program prints.
//!
//! `PARALINT_WRITE_DOCS=1` draws them anew.

mod drawing;

use super::program::{code, paralint, stdout};
use drawing::{SCHEMES, window};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A picture: where its command runs, and what a terminal gets from it.
struct Picture {
    name: &'static str,
    command: &'static str,
    folder: PathBuf,
    _repository: Option<super::repository::Repository>,
}

fn pictures() -> [Picture; 2] {
    let repository = super::scenarios::made("demo");
    [
        Picture { name: "audit", command: "paralint audit fixtures/sessions/demo-serial/session.jsonl", folder: root(), _repository: None },
        Picture { name: "check", command: "paralint check", folder: repository.path().to_owned(), _repository: Some(repository) },
    ]
}

impl Picture {
    fn arguments(&self) -> Vec<&str> {
        self.command.split(' ').skip(1).collect()
    }

    /// What the program prints where it is told that colours are wanted.
    fn printed(&self) -> String {
        let output = paralint(&self.folder).args(self.arguments()).args(["--color", "always"]).output().unwrap();
        assert_eq!(code(&output), 1);
        stdout(&output)
    }
}

#[test]
fn the_pictures_of_terminals_are_what_is_printed() {
    for picture in pictures() {
        for scheme in &SCHEMES {
            let path = root().join(format!("docs/terminal-{}-{}.svg", picture.name, scheme.name));
            let drawn = window(picture.command, &picture.printed(), scheme);
            if super::docs::is_writing() {
                std::fs::write(&path, &drawn).unwrap();
            }
            let there = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(there == drawn, "{} is out of date; PARALINT_WRITE_DOCS=1 draws it", path.display());
            assert!(roxmltree::Document::parse(&drawn).is_ok() && drawn.len() < 200_000, "{}", path.display());
        }
    }
}

/// What `--color always` prints is what a terminal of 80 columns gets without it.
#[test]
fn a_real_terminal_gets_what_the_pictures_show() {
    let Some(script) = script() else {
        assert!(std::env::var_os("PARALINT_REQUIRE_TOOLS").is_none_or(|value| value != "1"), "there is no `script`");
        return;
    };
    for picture in pictures() {
        let program = env!("CARGO_BIN_EXE_paralint");
        let line = format!("stty cols 80 rows 60; '{program}' {}", picture.arguments().join(" "));
        let mut terminal = assert_cmd::Command::new(&script);
        terminal.args(["--quiet", "--return", "--command", &line, "/dev/null"]).env_clear();
        terminal.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", &picture.folder);
        terminal.env("LANG", "C.UTF-8").env("TERM", "xterm-256color").current_dir(&picture.folder);
        let output = terminal.timeout(std::time::Duration::from_secs(60)).output().unwrap();
        assert_eq!((code(&output), stdout(&output).replace("\r\n", "\n")), (1, picture.printed()), "{}", picture.name);
    }
}

/// `script` of util-linux, which knows `--return`.
fn script() -> Option<PathBuf> {
    let found = std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join("script")).find(|path| path.is_file())?;
    let version = std::process::Command::new(&found).arg("--version").output().ok()?;
    String::from_utf8_lossy(&version.stdout).contains("util-linux").then_some(found)
}

#[test]
fn every_picture_in_docs_is_used_by_a_page() {
    let pages: String = walkdir::WalkDir::new(root().join("docs"))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .chain([root().join("README.md")])
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_picture = Path::new(name).extension().is_some_and(|extension| extension == "png" || extension == "svg");
        assert!(!is_picture || pages.contains(name), "no page shows {name}");
        assert!(!is_picture || std::fs::metadata(&path).unwrap().len() < 200_000, "{name} is too large");
    }
}
