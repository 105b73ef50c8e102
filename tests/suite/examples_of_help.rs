//! Every example of every command's help is run, as it stands there, in a repository that has something of everything.

use super::program::{run, small_log, stdout};
use super::repository::Repository;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The commands, as the help of the whole lists them.
fn commands() -> Vec<String> {
    let help = stdout(&run(Path::new("/"), &["--help"]));
    let listed = help.split_once("Commands:\n").expect("help lists the commands").1.split("\n\n").next().unwrap();
    let name = regex::Regex::new(r"(?m)^  ([a-z]+) ").unwrap();
    let names: Vec<String> = name.captures_iter(listed).map(|found| found[1].to_owned()).filter(|name| name != "help").collect();
    assert!(names.len() >= 13 && names.iter().any(|name| name == "check"), "{help}");
    names
}

/// The examples that a help text shows: what is typed, without what it is for.
fn examples(arguments: &[&str]) -> Vec<String> {
    let help = stdout(&run(Path::new("/"), &[arguments, &["--help"]].concat()));
    let Some((_, behind)) = help.split_once("\nExamples:\n") else { return Vec::new() };
    let lines = behind.lines().take_while(|line| !line.is_empty());
    lines
        .map(|line| {
            assert!(line.chars().count() <= 80, "{line:?} does not fit a terminal");
            let typed = line.strip_prefix("  ").unwrap_or_else(|| panic!("{line:?} is no example"));
            typed.split("  ").next().unwrap().to_owned()
        })
        .collect()
}

/// A repository with staged work, branches, a worktree, gates, policy, state, and a session log; beside it a home.
struct Prepared {
    repository: Repository,
    home: PathBuf,
    tools: PathBuf,
}

impl Prepared {
    fn new() -> Prepared {
        let repository = Repository::new();
        repository.write("paralint.toml", "[gates.test]\nrun = \"true\"\n");
        repository.write("BOUNDARIES.json", r#"{"api": {"can_modify": ["/src/api/"]}, "web": {"can_modify": ["/src/web/"]}}"#);
        repository.write(
            "PARALLEL_STATUS.json",
            r#"{"tasks": [{"id": "task-1", "name": "api", "agent": "api", "status": "in_progress", "paths": ["src/api/"]}]}"#,
        );
        repository.write("src/api/routes.rs", "fn routes() {}\n");
        repository.commit_all("base");
        repository.git(&["branch", "release"]);
        for name in ["agent/one", "agent/two"] {
            repository.git(&["checkout", "-q", "-b", name, "main"]);
            repository.write("src/web/page.rs", name);
            repository.commit_all(name);
        }
        repository.git(&["checkout", "-q", "main"]);
        repository.git(&["update-ref", "refs/remotes/origin/main", "main"]);
        repository.write("src/api/more.rs", "fn more() {}\n");
        repository.commit_all("more");
        repository.git(&["worktree", "add", "-q", "-b", "wt-task-1", repository.beside("wt-task-1").to_str().unwrap()]);
        repository.write("src/api/routes.rs", "fn routes() { more() }\n");
        repository.git(&["add", "src/api/routes.rs"]);
        let log = small_log("0a1b2c3d", repository.path().to_str().unwrap(), "I'll launch three agents in parallel.", 0);
        repository.write("session.jsonl", &log);
        let home = repository.beside("home");
        let encoded: String =
            repository.path().to_str().unwrap().chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
        for folder in [".zfunc", ".config/fish/completions", "tmp"] {
            std::fs::create_dir_all(home.join(folder)).unwrap();
        }
        let projects = home.join(".claude/projects").join(encoded);
        std::fs::create_dir_all(&projects).unwrap();
        std::fs::write(projects.join("0a1b2c3d.jsonl"), log).unwrap();
        let tools = repository.beside("tools");
        std::fs::create_dir(&tools).unwrap();
        // Whether pages please the real `man` is looked at elsewhere, where there is one.
        super::program::executable(&tools.join("man"), "#!/bin/sh\ngrep -q '^.SH NAME'\n");
        Prepared { repository, home, tools }
    }

    fn run(&self, example: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_paralint")).parent().unwrap();
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders = [program.to_owned(), self.tools.clone()].into_iter().chain(std::env::split_paths(&inherited));
        Command::new("bash")
            .args(["-o", "pipefail", "-c", example])
            .env_clear()
            .env("PATH", std::env::join_paths(folders).unwrap())
            .env("HOME", &self.home)
            .env("TMPDIR", self.home.join("tmp"))
            .env("LANG", "C.UTF-8")
            .current_dir(self.repository.path())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }
}

#[test]
fn every_command_has_examples_and_all_of_them_run() {
    let mut failed = Vec::new();
    let commands = commands();
    let texts = std::iter::once(Vec::new()).chain(commands.iter().map(|name| vec![name.as_str()]));
    for arguments in texts {
        let found = examples(&arguments);
        assert!(!found.is_empty(), "the help of {arguments:?} shows no example");
        let prepared = Prepared::new();
        for example in &found {
            assert!(example.contains("paralint "), "{example}");
            let output = prepared.run(example);
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let ended = output.status.code();
            if !matches!(ended, Some(0 | 1)) || told.contains("Usage:") || told.contains("error: ") {
                failed.push(format!("{example}: {ended:?} {told}{}", String::from_utf8_lossy(&output.stdout)));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn the_examples_of_sessions_and_branches_find_what_was_made_for_them() {
    let prepared = Prepared::new();
    // Otherwise the examples would run on nothing.
    for (example, expected) in [
        ("paralint audit", "narrated-agents"),
        ("paralint overlap --branches 'agent/*'", "src/web/page.rs"),
        ("paralint gates", "test"),
        ("paralint check --agent task-1", "1 file staged"),
    ] {
        let output = prepared.run(example);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(shown.contains(expected), "{example}: {shown}{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_whole_shows_one_example_for_each_use() {
    let all = examples(&[]);
    assert!(["install", "check", "audit"].iter().all(|name| all.iter().any(|one| one.contains(name))), "{all:?}");
}
