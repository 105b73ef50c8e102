//! action.yml, the workflows and docs/github-action.md as texts: what a runner would only find out in production.

use super::composite::{Runner, read, root, yaml};
use super::program::{paralint, stdout};
use super::repository::Repository;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const DOCUMENT: &str = "docs/github-action.md";

fn action() -> Value {
    yaml(&read("action.yml"))
}

fn steps() -> Vec<Value> {
    action()["runs"]["steps"].as_array().unwrap().clone()
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

/// The first cells of the table under a heading, without their backticks, with the second ones.
fn table(heading: &str) -> BTreeMap<String, String> {
    let text = read(DOCUMENT);
    let section = text.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        (cells[1].to_owned(), cells[2].to_owned())
    })
    .collect()
}

/// The blocks of YAML in the document.
fn examples() -> Vec<String> {
    let text = read(DOCUMENT);
    text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// Every mapping in a value that uses an action.
fn users(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(all) => all.iter().flat_map(users).collect(),
        Value::Object(map) if map.contains_key("uses") => vec![value.clone()],
        Value::Object(map) => map.values().flat_map(users).collect(),
        _ => Vec::new(),
    }
}

/// The workflows of this project.
fn workflows() -> Vec<(String, String)> {
    let folder = std::fs::read_dir(root().join(".github/workflows")).unwrap();
    let texts = folder.map(|entry| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
    });
    texts.collect()
}

#[test]
fn the_action_has_what_a_runner_asks_for() {
    let action = action();
    for key in ["name", "description", "branding", "inputs", "outputs", "runs"] {
        assert!(!action[key].is_null(), "{key}");
    }
    assert!(action["description"].as_str().unwrap().len() < 125, "the marketplace takes no more");
    assert_eq!(action["runs"]["using"], "composite");
    let asked = ["version", "command", "args", "config", "base", "sessions", "fail-on", "formats", "sarif-file", "working-directory"];
    assert_eq!(names(&action["inputs"]), asked.into_iter().map(str::to_owned).collect());
    for (name, input) in action["inputs"].as_object().unwrap() {
        assert!(input["description"].is_string() && input["default"].is_string(), "{name}");
    }
    assert_eq!(names(&action["outputs"]), ["exit-code", "findings", "sarif-file", "html-file"].map(str::to_owned).into());
}

#[test]
fn inputs_reach_the_scripts_through_the_environment_and_nothing_else() {
    let steps = steps();
    let mut used = BTreeSet::new();
    let name_of_an_input = regex::Regex::new("INPUT_[A-Z_]+").unwrap();
    for step in &steps {
        let Some(script) = step["run"].as_str() else { continue };
        assert!(!script.contains("${{"), "{script}");
        assert_eq!(step["shell"], "bash", "{script}");
        let file = script.strip_prefix("bash \"$ACTION_FOLDER/").and_then(|rest| rest.strip_suffix('"')).expect("a script of the action");
        let text = read(file) + &read(".github/action/common.sh");
        assert!(text.starts_with("#!/usr/bin/env bash\n") && text.contains("\nset -euo pipefail\n") && !text.contains("eval "), "{file}");
        for (name, value) in step["env"].as_object().unwrap() {
            assert!(
                script.contains(&format!("${name}/")) || text.contains(&format!("${name}")) || text.contains(&format!("${{{name}")),
                "{file} has no use for {name}"
            );
            let value = value.as_str().unwrap();
            if let Some(input) = value.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")) {
                assert_eq!(*name, format!("INPUT_{}", input.replace('-', "_").to_uppercase()));
                used.insert(input.to_owned());
            }
        }
        let known = |name: &str| !step["env"][name].is_null();
        for found in name_of_an_input.find_iter(&read(file)) {
            assert!(known(found.as_str()) || found.as_str() == "INPUT_", "{file} is not given {}", found.as_str());
        }
    }
    assert_eq!(used, names(&action()["inputs"]), "every input is of use");
    // What an expression names is there.
    let ids: BTreeSet<&str> = steps.iter().filter_map(|step| step["id"].as_str()).collect();
    for found in regex::Regex::new(r"steps\.([a-z-]+)\.outputs\.([a-z-]+)").unwrap().captures_iter(&read("action.yml")) {
        assert!(ids.contains(&found[1]), "no step {}", &found[1]);
        let Some(writer) = steps.iter().find(|step| step["id"] == found[1]).unwrap()["run"].as_str() else {
            assert_eq!(&found[2], "cache-hit");
            continue;
        };
        let file = writer.trim_start_matches("bash \"$ACTION_FOLDER/").trim_end_matches('"');
        assert!(read(file).contains(&format!("output {} ", &found[2])), "{file} tells no {}", &found[2]);
    }
}

#[test]
fn other_actions_are_pinned_by_commit_with_their_version_beside_it() {
    let pinned = regex::Regex::new(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$").unwrap();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let documents = [("action.yml".to_owned(), read("action.yml")), (DOCUMENT.to_owned(), read(DOCUMENT))];
    for (name, text) in documents.into_iter().chain(workflows()) {
        for line in text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("uses: ")) {
            if line.starts_with("./ ") || line == "./" || line.starts_with("OWNER/paralint@v") {
                continue;
            }
            if !line.contains('#') {
                // The version stands on the line before.
                assert!(text.contains(&format!("# v4.2.2\n      - uses: {line}")), "{name}: {line}");
                continue;
            }
            assert!(pinned.is_match(line), "{name}: {line}");
            let action = line.split('@').next().unwrap().to_owned();
            versions.entry(action).or_default().insert(line.to_owned());
        }
    }
    assert!(versions.len() >= 4 && versions.values().all(|lines| lines.len() == 1), "{versions:?}");
}

#[test]
fn workflows_have_no_more_rights_than_they_need() {
    let all = workflows();
    assert!(all.iter().any(|(name, _)| name == "paralint.yml"));
    for (name, text) in all {
        let workflow = yaml(&text);
        assert!(!text.contains("pull_request_target"), "{name}");
        assert!(workflow["permissions"].is_object() || workflow["permissions"] == "read-all", "{name} says what its token may do");
        for checkout in users(&workflow).iter().filter(|step| step["uses"].as_str().unwrap().starts_with("actions/checkout@")) {
            assert_eq!(checkout["with"]["persist-credentials"], "false", "{name}");
        }
    }
    let own = yaml(&read(".github/workflows/paralint.yml"));
    assert_eq!(own["permissions"], json!({"contents": "read"}));
    assert_eq!(names(&own["on"]), ["merge_group", "pull_request", "push"].map(str::to_owned).into());
    let jobs = own["jobs"].as_object().unwrap();
    for job in jobs.values() {
        let uses_itself = users(job).iter().any(|step| step["uses"] == "./");
        assert_eq!(job["permissions"].is_null(), uses_itself, "what runs the change may only read");
        assert_eq!(users(job)[0]["with"]["fetch-depth"] == "0", uses_itself);
    }
}

#[test]
fn the_document_has_every_input_and_output_and_no_other() {
    let (action, inputs) = (action(), table("Inputs"));
    assert_eq!(inputs.keys().cloned().collect::<BTreeSet<_>>(), names(&action["inputs"]));
    for (name, default) in &inputs {
        let is = action["inputs"][name]["default"].as_str().unwrap();
        assert!(is.is_empty() || is == default, "{name}: {is} and {default}");
    }
    assert_eq!(table("Outputs").into_keys().collect::<BTreeSet<_>>(), names(&action["outputs"]));
}

#[test]
fn the_action_knows_every_format_that_is_written_to_a_file() {
    let repository = Repository::new();
    repository.write("a", "x\n");
    repository.commit_all("first");
    let help = stdout(&paralint(repository.path()).args(["check", "--help"]).output().unwrap());
    let section = help.split("--format <FORMAT>").nth(1).unwrap().split("[default").next().unwrap();
    let known = regex::Regex::new(r"- ([a-z]+):").unwrap();
    let formats: Vec<&str> = known.captures_iter(section).map(|found| found.extract::<1>().1[0]).filter(|name| *name != "github").collect();
    assert!(formats.len() >= 9, "{formats:?}");
    let ran = Runner::new(repository.path()).run(&[("formats", &formats.join(",")), ("args", "--staged")]);
    assert_eq!(ran.code, 0, "{}", ran.printed);
    let described =
        action()["inputs"]["formats"]["description"].as_str().unwrap().to_owned() + &table("Inputs")["formats"] + &read(DOCUMENT);
    for format in formats {
        assert!(ran.printed.contains(&format!("--output={format}=")), "{format}");
        assert!(described.contains(format), "{format}");
    }
}

#[test]
fn examples_of_the_document_ask_for_what_there_is() {
    let inputs = names(&action()["inputs"]);
    let mut seen = 0;
    for text in examples() {
        let value = yaml(&text);
        for step in users(&value).iter().filter(|step| step["uses"].as_str().unwrap().starts_with("OWNER/paralint@")) {
            assert_eq!(step["uses"], format!("OWNER/paralint@v{}", env!("CARGO_PKG_VERSION")));
            let with = step["with"].as_object().cloned().unwrap_or_default();
            assert!(with.keys().all(|key| inputs.contains(key)), "{text}");
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen}");
}

#[test]
fn examples_of_the_document_run() {
    let repository = Repository::new();
    repository.write("paralint.toml", "[gates.good]\nrun = \"true\"\n");
    repository.write("services/trading/paralint.toml", "");
    repository.write("logs/agents/session.jsonl", &super::program::small_log("s", "/x", "Looked at it.", 1));
    repository.commit_all("first");
    repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.write("new", "x\n");
    repository.commit_all("second");
    let head = repository.git(&["rev-parse", "HEAD"]);
    let ours = json!({"full_name": "me/repo"});
    let event = json!({"pull_request": {"head": {"sha": head, "repo": ours}, "base": {"ref": "main", "repo": ours}},
                       "repository": {"default_branch": "main"}});
    for text in examples() {
        for step in users(&yaml(&text)).iter().filter(|step| step["uses"].as_str().unwrap().starts_with("OWNER/paralint@")) {
            let with = step["with"].as_object().cloned().unwrap_or_default();
            let inputs: Vec<(&str, &str)> = with.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect();
            let mut runner = Runner::new(repository.path());
            runner.event("pull_request", &event);
            let ran = runner.run(&inputs);
            assert_eq!(ran.code, 0, "{text}: {}", ran.printed);
            for format in ["html", "sarif"] {
                let asked = with.get("formats").is_some_and(|formats| formats.as_str().unwrap().contains(format));
                assert_eq!(!ran.outputs[&format!("{format}-file")].is_empty(), asked, "{text}");
            }
        }
    }
}

#[test]
fn the_start_is_the_safe_form() {
    let start = yaml(&examples()[0]);
    assert_eq!(start["permissions"], json!({"contents": "read"}));
    assert!(start["on"].as_object().unwrap().contains_key("pull_request"));
    let checkout = &users(&start)[0];
    assert_eq!(checkout["with"], json!({"fetch-depth": "0", "persist-credentials": "false"}));
    assert!(read(DOCUMENT).contains("Never check out a pull request in a `pull_request_target` workflow"));
}

#[test]
#[allow(clippy::print_stdout, reason = "a test that looks away says so")]
fn the_scripts_are_clean() {
    let found = std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).find(|folder| folder.join("shellcheck").is_file()));
    let Some(folder) = found else {
        assert!(std::env::var_os("PARALINT_REQUIRE_TOOLS").is_none_or(|value| value != "1"), "shellcheck is not there");
        println!("not tried: shellcheck is not there");
        return;
    };
    let scripts = ["install", "build", "run", "common"].map(|name| format!(".github/action/{name}.sh"));
    let output = Command::new(folder.join("shellcheck"))
        .arg("--external-sources")
        .args(scripts)
        .arg(".ci/lint-workflows")
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
