//! Python: the tools that a project configures, names among what it needs, or runs in CI; and no others.

use super::requirements::requirements;
use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};
use std::collections::BTreeSet;

pub(super) const ECOSYSTEM: Ecosystem = Ecosystem {
    name: "Python",
    manifests: &["pyproject.toml", "setup.cfg", "tox.ini", "setup.py", "requirements.txt", "requirements-dev.txt"],
    nests: false,
    gates,
};

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let tools = Tools::new(project);
    let run = runner(project);
    let line = |own: &[&str]| words([run, own].concat());
    let changed = |further: &[&str]| project.changed(&[&["**/*.py", "**/*.pyi", "/pyproject.toml"], further].concat());
    let gate = |name: &str, tool: &[&str], own: &[&str]| {
        let in_ci = || {
            let through = RUNNERS.iter().find_map(|runner| project.in_ci(&[*runner, tool].concat()));
            let plain = PLAIN.iter().find_map(|python| project.in_ci(&[*python, tool].concat()));
            through.or_else(|| plain.map(|line| [words(run.to_vec()), line].concat()))
        };
        let in_ci = in_ci();
        // What chooses among the tests is a part only.
        let behind = |line: &[String]| line.iter().skip_while(|word| *word != tool[0]).cloned().collect::<Vec<String>>();
        let in_ci = in_ci.filter(|line| !behind(line).iter().any(|word| matches!(word.as_str(), "-k" | "-m" | "--fix" | "--diff")));
        let why = match () {
            () if in_ci.is_some() => "As CI runs it.".to_owned(),
            () if tools.is_configured(tool[0]) => format!("{} is configured here.", tool[0]),
            () if tools.is_in_ci(tool[0]) => format!("CI runs {}.", tool[0]),
            () => format!("{} is among what the project needs.", tool[0]),
        };
        Gate::new(name, in_ci.unwrap_or_else(|| line(own))).why(&why)
    };
    let mut gates = Vec::new();
    if tools.is_used("ruff") {
        gates.push(gate("ruff", &["ruff", "check"], &["ruff", "check"]).when(changed(&["/ruff.toml", "/.ruff.toml"])).timeout("5m"));
    }
    if tools.section("ruff", "format") {
        gates.push(gate("ruff-format", &["ruff", "format", "--check"], &["ruff", "format", "--check"]).when(changed(&[])).timeout("5m"));
    }
    if tools.has("black", &[]) {
        gates.push(gate("black", &["black", "--check"], &["black", "--check", "."]).when(changed(&[])).timeout("5m"));
    }
    if tools.has("flake8", &[".flake8"]) {
        gates.push(gate("flake8", &["flake8"], &["flake8"]).when(changed(&["/.flake8", "/setup.cfg", "/tox.ini"])).timeout("5m"));
    }
    if tools.is_used("mypy") {
        let own: &[&str] = if tools.says_files("mypy") { &["mypy"] } else { &["mypy", "."] };
        gates.push(gate("mypy", &["mypy"], own).when(changed(&["/mypy.ini", "/setup.cfg"])).timeout("10m").not_in_drafts());
    }
    if tools.has("pyright", &["pyrightconfig.json"]) {
        gates.push(gate("pyright", &["pyright"], &["pyright"]).when(changed(&["/pyrightconfig.json"])).timeout("10m").not_in_drafts());
    }
    if tools.is_configured("pytest") || tools.is_in_ci("pytest") || (tools.is_needed("pytest") && has_tests(project)) {
        let pytest = gate("pytest", &["pytest"], &["pytest"]).when(changed(&["/pytest.ini", "/setup.cfg", "/tox.ini"]));
        gates.push(pytest.weight(2).timeout("20m").not_in_drafts());
    }
    if project.has("tox.ini") || tools.has("tox", &[]) {
        let tox = Gate::new("tox", words(vec!["tox"])).when(changed(&["/tox.ini"])).timeout("30m").not_in_drafts();
        let has_tests = gates.iter().any(|gate| gate.name == "pytest");
        gates.push(match () {
            () if !has_tests && tools.is_in_ci("tox") => tox.why("CI runs tox."),
            () => tox.only_example("tox builds environments of its own, which takes long"),
        });
    }
    gates
}

/// How CI may call a tool: by a program that brings the project's environment, or plainly.
const RUNNERS: &[&[&str]] = &[&["uv", "run"], &["poetry", "run"], &["pdm", "run"], &["pipenv", "run"], &["hatch", "run"]];
const PLAIN: &[&[&str]] = &[&[], &["python", "-m"], &["python3", "-m"]];

/// The files by which a tool is configured.
const FILES: &[(&str, &[&str])] = &[
    ("ruff", &["ruff.toml", ".ruff.toml"]),
    ("mypy", &["mypy.ini", ".mypy.ini"]),
    ("pytest", &["pytest.ini", ".pytest.ini", "conftest.py", "tests/conftest.py"]),
];

/// Something that pytest would find.
fn has_tests(project: &Project<'_>) -> bool {
    project.survey.below(&project.folder).iter().any(|file| {
        let name = file.file_name();
        name.ends_with(b".py") && (name.starts_with(b"test_") || name.ends_with(b"_test.py"))
    })
}

/// By which program the tools of a project are run.
fn runner(project: &Project<'_>) -> &'static [&'static str] {
    match project.first(&["uv.lock", "poetry.lock", "pdm.lock", "Pipfile"]) {
        Some("uv.lock") => &["uv", "run"],
        Some("poetry.lock") => &["poetry", "run"],
        Some("pdm.lock") => &["pdm", "run"],
        Some(_) => &["pipenv", "run"],
        None => &[],
    }
}

/// What a project says of its tools.
struct Tools<'p, 's> {
    project: &'p Project<'s>,
    pyproject: toml::Table,
    needed: BTreeSet<String>,
}

impl<'p, 's> Tools<'p, 's> {
    fn new(project: &'p Project<'s>) -> Self {
        let pyproject = project.text("pyproject.toml").and_then(|text| text.parse().ok()).unwrap_or_default();
        let needed = requirements(project, &pyproject);
        Tools { project, pyproject, needed }
    }

    /// It is configured, CI runs it, or the project needs it.
    fn is_used(&self, tool: &str) -> bool {
        self.is_configured(tool) || self.is_in_ci(tool) || self.is_needed(tool)
    }

    fn is_configured(&self, tool: &str) -> bool {
        let files = FILES.iter().find(|(name, _)| *name == tool).map_or(&[][..], |(_, files)| files);
        self.has(tool, files)
    }

    fn is_needed(&self, tool: &str) -> bool {
        self.needed.contains(tool)
    }

    fn is_in_ci(&self, tool: &str) -> bool {
        RUNNERS.iter().chain(PLAIN).any(|runner| self.project.is_in_ci(&[*runner, &[tool]].concat()))
    }

    fn table(&self, tool: &str) -> Option<&toml::Value> {
        self.pyproject.get("tool")?.get(tool)
    }

    /// The tool has a section or one of these files.
    fn has(&self, tool: &str, files: &[&str]) -> bool {
        let sections = [format!("[{tool}]"), format!("[tool:{tool}]"), format!("[{tool}:")];
        let has_section = |text: &str| text.lines().any(|line| sections.iter().any(|section| line.trim().starts_with(section.as_str())));
        self.table(tool).is_some()
            || files.iter().any(|file| self.project.has(file))
            || ["setup.cfg", "tox.ini"].iter().filter_map(|file| self.project.text(file)).any(has_section)
    }

    fn section(&self, tool: &str, section: &str) -> bool {
        self.table(tool).and_then(|table| table.get(section)).is_some()
    }

    /// It is configured which files it looks at.
    fn says_files(&self, tool: &str) -> bool {
        ["files", "packages", "modules"].iter().any(|key| self.section(tool, key))
            || ["setup.cfg", "tox.ini"].iter().filter_map(|file| self.project.text(file)).any(|text| {
                let own = text
                    .lines()
                    .map(str::trim)
                    .skip_while(|line| *line != format!("[{tool}]"))
                    .skip(1)
                    .take_while(|line| !line.starts_with('['));
                own.into_iter().any(|line| {
                    ["files", "packages", "modules"]
                        .iter()
                        .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
                })
            })
    }
}
