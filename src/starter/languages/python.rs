//! Python: the tools that a project configures, and no others.

use super::{Ecosystem, Project};
use crate::starter::gates::{Gate, words};

pub(super) const ECOSYSTEM: Ecosystem =
    Ecosystem { name: "Python", manifests: &["pyproject.toml", "setup.cfg", "tox.ini", "setup.py"], nests: false, gates };

fn gates(project: &Project<'_>) -> Vec<Gate> {
    let tools = Tools::new(project);
    let run = runner(project);
    let line = |own: &[&str]| words([run, own].concat());
    let changed = |further: &[&str]| project.changed(&[&["**/*.py", "**/*.pyi", "/pyproject.toml"], further].concat());
    let gate = |name: &str, tool: &[&str], own: &[&str]| {
        let in_ci = project
            .in_ci(&[run, tool].concat())
            .or_else(|| if run.is_empty() { None } else { project.in_ci(tool).map(|line| [words(run.to_vec()), line].concat()) });
        // What chooses among the tests is a part only.
        let in_ci = in_ci.filter(|line| !line.iter().any(|word| matches!(word.as_str(), "-k" | "-m" | "--fix" | "--diff")));
        let why = if in_ci.is_some() { "As CI runs it.".to_owned() } else { format!("{} is configured here.", tool[0]) };
        Gate::new(name, in_ci.unwrap_or_else(|| line(own))).why(&why)
    };
    let mut gates = Vec::new();
    if tools.has("ruff", &["ruff.toml", ".ruff.toml"]) {
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
    if tools.has("mypy", &["mypy.ini", ".mypy.ini"]) {
        let own: &[&str] = if tools.says_files("mypy") { &["mypy"] } else { &["mypy", "."] };
        gates.push(gate("mypy", &["mypy"], own).when(changed(&["/mypy.ini", "/setup.cfg"])).timeout("10m").not_in_drafts());
    }
    if tools.has("pyright", &["pyrightconfig.json"]) {
        gates.push(gate("pyright", &["pyright"], &["pyright"]).when(changed(&["/pyrightconfig.json"])).timeout("10m").not_in_drafts());
    }
    if tools.has("pytest", &["pytest.ini", ".pytest.ini", "conftest.py", "tests/conftest.py"]) {
        let pytest = gate("pytest", &["pytest"], &["pytest"]).when(changed(&["/pytest.ini", "/setup.cfg", "/tox.ini"]));
        gates.push(pytest.weight(2).timeout("20m").not_in_drafts());
    }
    if project.has("tox.ini") || tools.has("tox", &[]) {
        let tox = Gate::new("tox", words(vec!["tox"])).when(changed(&["/tox.ini"])).timeout("30m").not_in_drafts();
        gates.push(tox.only_example("tox builds environments of its own, which takes long"));
    }
    gates
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
}

impl<'p, 's> Tools<'p, 's> {
    fn new(project: &'p Project<'s>) -> Self {
        let pyproject = project.text("pyproject.toml").and_then(|text| text.parse().ok()).unwrap_or_default();
        Tools { project, pyproject }
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
