//! Where the commands of a page run, and what they print there.
//!
//! A comment before the block says it: `<!-- run: repository=demo exit=1 -->`.
//!
//! - `repository=NAME`: a repository of fixtures/check; `repository=empty`: one with one empty commit
//! - `sessions=NAME`: a folder with the logs of fixtures/sessions/NAME
//! - `home=NAME`: as well, the logs of fixtures/sessions/NAME are those of this place, in the home folder
//! - `this`: this repository
//! - `same`: where the block before ran
//! - `exit=1` or `exit=0,1`: the exit code of the last command, or of all; 0 without it
//! - `times=any`: how long something took, or is ago, is not compared
//! - `only=report`: what goes to standard error, as progress does, is left out
//! - `files=committed`: the files of the page are committed before
//!
//! `<!-- file: PATH -->` before any other block writes it into the place of the next run.

use super::super::repository::Repository;
use super::page::root;
use std::path::{Path, PathBuf};

/// A folder in which commands run; it goes away with its value.
pub(crate) struct Place {
    work: PathBuf,
    home: PathBuf,
    repository: Option<Repository>,
    _folder: Option<tempfile::TempDir>,
}

/// What a marker says.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) same: bool,
    pub(crate) times: bool,
    pub(crate) only_report: bool,
    pub(crate) committed: bool,
    exits: Vec<i32>,
    repository: Option<String>,
    sessions: Option<String>,
    home: Option<String>,
}

impl Wanted {
    pub(crate) fn parse(marker: &str) -> Wanted {
        let mut wanted = Wanted::default();
        for word in marker.split_whitespace() {
            match word.split_once('=').unwrap_or((word, "")) {
                ("same", "") => wanted.same = true,
                ("this", "") => {}
                ("times", "any") => wanted.times = true,
                ("only", "report") => wanted.only_report = true,
                ("files", "committed") => wanted.committed = true,
                ("exit", codes) => wanted.exits = codes.split(',').map(|code| code.parse().unwrap()).collect(),
                ("repository", name) => wanted.repository = Some(name.to_owned()),
                ("sessions", name) => wanted.sessions = Some(name.to_owned()),
                ("home", name) => wanted.home = Some(name.to_owned()),
                _ => panic!("a marker says `{word}`, which means nothing"),
            }
        }
        wanted
    }

    /// The exit code that a command of several has to have.
    pub(crate) fn exit(&self, index: usize, count: usize) -> i32 {
        match self.exits.len() {
            0 => 0,
            1 if index + 1 < count => 0,
            1 => self.exits[0],
            all => {
                assert_eq!(all, count, "as many exit codes as commands");
                self.exits[index]
            }
        }
    }
}

impl Place {
    pub(crate) fn new(wanted: &Wanted) -> Place {
        let place = match (&wanted.repository, &wanted.sessions) {
            (Some(name), None) => Place::of_repository(name),
            (None, Some(name)) => {
                let folder = tempfile::tempdir().unwrap();
                let work = folder.path().join("logs");
                copy_logs(&root().join("fixtures/sessions").join(name), &work, None);
                Place { home: folder.path().join("home"), work, repository: None, _folder: Some(folder) }
            }
            (None, None) => {
                let folder = tempfile::tempdir().unwrap();
                Place { work: root(), home: folder.path().to_owned(), repository: None, _folder: Some(folder) }
            }
            _ => panic!("a repository and a folder of sessions at once"),
        };
        std::fs::create_dir_all(&place.home).unwrap();
        if let Some(name) = &wanted.home {
            let work = place.work.canonicalize().unwrap();
            let work = work.to_str().unwrap();
            let logs = place.home.join(".claude/projects").join(project(&place.work));
            copy_logs(&root().join("fixtures/sessions").join(name), &logs, Some(work));
        }
        place
    }

    fn of_repository(name: &str) -> Place {
        let repository = match name {
            "empty" => {
                let repository = Repository::new();
                repository.commit_all("base");
                repository
            }
            name => super::super::scenarios::made(name),
        };
        Place { work: repository.path().to_owned(), home: repository.beside("home"), repository: Some(repository), _folder: None }
    }

    /// Writes a file of a page.
    pub(crate) fn write(&self, path: &str, text: &str) {
        assert!(self.work != root(), "a page writes nothing into this repository");
        let path = self.work.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Commits all that lies there.
    pub(crate) fn commit(&self) {
        self.repository.as_ref().expect("a repository").commit_all("files of the page");
    }

    /// Runs one command line as a shell does; what it printed, on both streams unless only the report is asked for, and its
    /// exit code. The home folder is called `~`.
    pub(crate) fn run(&self, line: &str, only_report: bool) -> (String, i32) {
        let line = line.replace("cargo run -q -- ", "paralint ");
        let program = Path::new(env!("CARGO_BIN_EXE_paralint")).parent().unwrap().to_owned();
        let others = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([program].into_iter().chain(std::env::split_paths(&others))).unwrap();
        let mut shell = assert_cmd::Command::new("sh");
        shell
            .args(["-c", &format!("{}\n{line}\n", if only_report { "" } else { "exec 2>&1" })])
            .env_clear()
            .env("PATH", path)
            .env("HOME", &self.home);
        shell.env("LANG", "C.UTF-8").env("PAGER", "cat").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(&self.work);
        for who in ["AUTHOR", "COMMITTER"] {
            shell.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
            shell.env(format!("GIT_{who}_DATE"), "2026-03-01T10:00:00Z");
        }
        let output = shell.timeout(std::time::Duration::from_secs(120)).output().unwrap();
        let home = self.home.canonicalize().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap().replace(home.to_str().unwrap(), "~");
        (printed.replace(&project(&self.work), "-home-ada-shop"), output.status.code().expect("an exit code"))
    }
}

/// Claude Code's folder name for the sessions of a folder.
fn project(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap();
    folder.to_str().unwrap().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Copies the logs of a fixture; where `work` is given, the sessions worked there.
fn copy_logs(source: &Path, target: &Path, work: Option<&str>) {
    assert!(source.is_dir(), "{} is no fixture", source.display());
    let pattern = regex::Regex::new(r#""cwd": ?"([^"]*)""#).unwrap();
    for entry in walkdir::WalkDir::new(source).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file()) {
        let name = entry.path().strip_prefix(source).unwrap();
        if name == Path::new("expect.json") {
            continue;
        }
        let mut text = std::fs::read_to_string(entry.path()).unwrap();
        if let Some(work) = work {
            let worked_in = pattern.captures(&text).map(|found| found[1].to_owned()).unwrap();
            text = text.replace(&worked_in, work);
        }
        let path = target.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}
