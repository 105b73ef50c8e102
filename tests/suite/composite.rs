//! Running the steps of action.yml as a runner of GitHub Actions does: the expressions of each step filled in, its environment,
//! its files for outputs and paths. What action.yml says is what runs; an expression that is not known here is a failure.

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository of this project, which is the folder of the action.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of this project.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A text of YAML, every scalar a string.
pub(crate) fn yaml(text: &str) -> Value {
    let mut open: Vec<(bool, Vec<Value>)> = vec![(false, Vec::new())];
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let done = match event.expect("valid YAML").0 {
            Event::Scalar(text, ..) => json!(text),
            Event::SequenceStart(..) => {
                open.push((false, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((true, Vec::new()));
                continue;
            }
            Event::SequenceEnd => Value::Array(open.pop().unwrap().1),
            Event::MappingEnd => {
                let pairs = open.pop().unwrap().1;
                let entry = |pair: &[Value]| (pair[0].as_str().unwrap().to_owned(), pair[1].clone());
                let map: Map<String, Value> = pairs.chunks(2).map(entry).collect();
                assert_eq!(map.len() * 2, pairs.len(), "a key stands twice");
                Value::Object(map)
            }
            Event::Alias(_) => panic!("aliases are not used here"),
            _ => continue,
        };
        open.last_mut().unwrap().1.push(done);
    }
    open.pop().unwrap().1.pop().expect("a document")
}

/// A runner with a workspace.
pub(crate) struct Runner {
    /// What it has: `RUNNER_TEMP`, stand-ins for programs (`bin`), releases.
    pub(crate) folder: tempfile::TempDir,
    workspace: PathBuf,
    /// `github.action_repository`; empty for `uses: ./`.
    pub(crate) owner: &'static str,
    /// `runner.os` and `runner.arch`.
    pub(crate) machine: (&'static str, &'static str),
    /// What steps find in their environment.
    pub(crate) variables: Vec<(String, String)>,
    /// Programs that are not there, but for stand-ins.
    pub(crate) without: Vec<&'static str>,
    /// What actions/cache brings: a file for its path.
    pub(crate) cached: Option<(&'static str, String)>,
}

/// What a run of the action did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    /// Both standard streams of all steps.
    pub(crate) printed: String,
    /// The outputs of the action.
    pub(crate) outputs: BTreeMap<String, String>,
    /// What was added to the path.
    pub(crate) paths: String,
    /// What actions/cache was given; nothing where it did not run.
    pub(crate) cache: Option<Value>,
    /// What it was given to keep.
    pub(crate) kept: Option<Value>,
}

impl Ran {
    /// The annotations of errors.
    pub(crate) fn errors(&self) -> Vec<&str> {
        self.printed.lines().filter(|line| line.starts_with("::error")).collect()
    }
}

impl Runner {
    /// A runner on whose path the program is already.
    pub(crate) fn new(workspace: &Path) -> Runner {
        let runner = Runner::bare(workspace);
        runner.program("paralint", &stand_in());
        runner
    }

    /// A runner without the program.
    pub(crate) fn bare(workspace: &Path) -> Runner {
        let folder = tempfile::tempdir().unwrap();
        for name in ["temp", "bin", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Runner {
            folder,
            workspace: workspace.to_owned(),
            owner: "owner/paralint",
            machine: ("Linux", "X64"),
            variables: Vec::new(),
            without: vec!["paralint"],
            cached: None,
        }
    }

    /// Puts a script on the path, before everything else.
    pub(crate) fn program(&self, name: &str, text: &str) {
        let path = self.folder.path().join("bin").join(name);
        std::fs::write(&path, text).unwrap();
        executable(&path);
    }

    /// What a workflow with this event finds.
    pub(crate) fn event(&mut self, name: &str, event: &Value) {
        let file = self.folder.path().join("event.json");
        std::fs::write(&file, event.to_string()).unwrap();
        self.variables.push(("GITHUB_EVENT_NAME".to_owned(), name.to_owned()));
        self.variables.push(("GITHUB_EVENT_PATH".to_owned(), file.display().to_string()));
    }

    /// Runs the steps of action.yml.
    pub(crate) fn run(&self, inputs: &[(&str, &str)]) -> Ran {
        let action = yaml(&read("action.yml"));
        let given = self.inputs(&action, inputs);
        let mut known = BTreeMap::new();
        let mut ran = Ran { code: 0, printed: String::new(), outputs: BTreeMap::new(), paths: String::new(), cache: None, kept: None };
        for (index, step) in action["runs"]["steps"].as_array().unwrap().iter().enumerate() {
            let fill = |text: &str| self.fill(text, &given, &known);
            // A step without a condition runs as long as none has failed.
            if ran.code != 0 || step["if"].as_str().is_some_and(|condition| !holds(condition, &known)) {
                continue;
            }
            if let Some(action) = step["uses"].as_str() {
                let is_restore = action.starts_with("actions/cache/restore@");
                assert!(is_restore || action.starts_with("actions/cache/save@"), "{action}");
                let with: BTreeMap<_, _> =
                    step["with"].as_object().unwrap().iter().map(|(key, value)| (key, fill(value.as_str().unwrap()))).collect();
                if let Some((name, text)) = self.cached.as_ref().filter(|_| is_restore) {
                    let path = Path::new(&with[&"path".to_owned()]).join(name);
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    std::fs::write(&path, text).unwrap();
                    executable(&path);
                }
                if is_restore {
                    let hit = self.cached.is_some().to_string();
                    known.extend(step["id"].as_str().map(|id| (format!("steps.{id}.outputs.cache-hit"), hit)));
                    ran.cache = Some(json!(with));
                } else {
                    ran.kept = Some(json!(with));
                }
                continue;
            }
            let environment = step["env"].as_object().unwrap().iter().map(|(key, value)| (key.clone(), fill(value.as_str().unwrap())));
            let outputs = self.step(index, step["run"].as_str().unwrap(), environment.collect(), &mut ran);
            let id = step["id"].as_str().unwrap();
            known.extend(outputs.into_iter().map(|(name, value)| (format!("steps.{id}.outputs.{name}"), value)));
        }
        for (name, output) in action["outputs"].as_object().unwrap() {
            ran.outputs.insert(name.clone(), self.fill(output["value"].as_str().unwrap(), &given, &known));
        }
        ran
    }

    fn inputs(&self, action: &Value, given: &[(&str, &str)]) -> BTreeMap<String, String> {
        let declared = action["inputs"].as_object().unwrap();
        let mut all: BTreeMap<String, String> =
            declared.iter().map(|(name, input)| (name.clone(), input["default"].as_str().unwrap().to_owned())).collect();
        for (name, value) in given {
            assert!(all.insert((*name).to_owned(), (*value).to_owned()).is_some(), "{name} is no input");
        }
        all
    }

    /// The expressions of a text, filled in.
    fn fill(&self, text: &str, inputs: &BTreeMap<String, String>, known: &BTreeMap<String, String>) -> String {
        let expression = regex::Regex::new(r"\$\{\{ (.*?) \}\}").unwrap();
        let value = |found: &regex::Captures<'_>| {
            let (name, otherwise) = found[1].split_once(" || ").unwrap_or((&found[1], "''"));
            let value = match name {
                "github.action_path" => root().display().to_string(),
                "github.action_repository" => self.owner.to_owned(),
                "runner.os" => self.machine.0.to_owned(),
                "runner.arch" => self.machine.1.to_owned(),
                name if name.starts_with("steps.") => known.get(name).cloned().unwrap_or_default(),
                name => {
                    inputs.get(name.strip_prefix("inputs.").unwrap_or_default()).unwrap_or_else(|| panic!("{name} is not known")).clone()
                }
            };
            if value.is_empty() { otherwise.trim_matches('\'').to_owned() } else { value }
        };
        expression.replace_all(text, value).into_owned()
    }

    /// Runs a script as the shell `bash` of a runner does. Returns its outputs.
    fn step(&self, index: usize, script: &str, environment: Vec<(String, String)>, ran: &mut Ran) -> BTreeMap<String, String> {
        let place = |name: &str| self.folder.path().join(format!("{name}-{index}"));
        std::fs::write(place("script"), script).unwrap();
        for name in ["output", "summary", "path"] {
            std::fs::write(place(name), "").unwrap();
        }
        let system = std::env::var_os("PATH").unwrap();
        let has = |folder: &Path| self.without.iter().any(|program| folder.join(program).exists());
        let added = ran.paths.lines().rev().map(PathBuf::from).chain([self.folder.path().join("bin")]);
        let path: Vec<PathBuf> = added.chain(std::env::split_paths(&system).filter(|folder| !has(folder))).collect();
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(place("script"))
            .env_clear()
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", self.folder.path().join("home"))
            .env("LANG", "C.UTF-8")
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_WORKSPACE", &self.workspace)
            .env("GITHUB_OUTPUT", place("output"))
            .env("GITHUB_STEP_SUMMARY", place("summary"))
            .env("GITHUB_PATH", place("path"))
            .env("RUNNER_TEMP", self.folder.path().join("temp"))
            .env("RUNNER_OS", self.machine.0)
            .env("RUNNER_ARCH", self.machine.1)
            .envs(self.variables.iter().cloned())
            .envs(environment)
            .current_dir(&self.workspace)
            .output()
            .unwrap();
        ran.code = output.status.code().unwrap();
        ran.printed.push_str(&String::from_utf8_lossy(&output.stdout));
        ran.printed.push_str(&String::from_utf8_lossy(&output.stderr));
        ran.paths.push_str(&std::fs::read_to_string(place("path")).unwrap());
        outputs(&std::fs::read_to_string(place("output")).unwrap())
    }
}

/// Whether a condition of a step holds: comparisons, all of which have to.
fn holds(condition: &str, known: &BTreeMap<String, String>) -> bool {
    condition.split(" && ").all(|one| {
        let (comparison, is_wanted) = if one.contains(" != ") { (" != ", false) } else { (" == ", true) };
        let (name, value) = one.split_once(comparison).unwrap_or_else(|| panic!("{one} is not known"));
        let known = known.get(name).map(String::as_str).unwrap_or_default();
        (known == value.trim_matches('\'')) == is_wanted
    })
}

/// The outputs of a step, as a runner reads its file.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, value) = match line.split_once("<<") {
            Some((name, end)) => {
                let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
                (name, value.join("\n"))
            }
            None => line.split_once('=').map(|(name, value)| (name, value.to_owned())).expect("an output"),
        };
        assert!(found.insert(name.to_owned(), value).is_none(), "{name} is told twice");
    }
    found
}

pub(crate) fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A program that is the one under test.
pub(crate) fn stand_in() -> String {
    format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_paralint"))
}
