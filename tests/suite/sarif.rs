//! SARIF and GitLab code quality of real runs: each place they name is there, wherever the program was started.

use super::program::{code, fixture, paralint, small_log};
use super::repository::Repository;
use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// What one run says in three formats, and its exit code.
struct Said {
    report: Value,
    sarif: Value,
    gitlab: Value,
    code: i32,
}

impl Said {
    fn results(&self) -> &[Value] {
        self.sarif["runs"][0]["results"].as_array().unwrap()
    }

    /// The URIs of the results.
    fn uris(&self) -> Vec<&str> {
        self.results().iter().map(|result| uri(&result["locations"][0])).collect()
    }
}

fn uri(place: &Value) -> &str {
    place["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap()
}

/// Runs in a folder of the repository and checks what all formats have to agree on.
fn said(repository: &Repository, folder: &str, arguments: &[&OsStr]) -> Said {
    let file = |name: &str| repository.beside(name);
    let target = |format: &str| OsString::from(format!("--output={format}={}", file(format).display()));
    let mut command = paralint(&repository.path().join(folder));
    let output = command.args(arguments).args(["sarif", "gitlab", "json"].map(target)).output().unwrap();
    let read = |format: &str| serde_json::from_slice::<Value>(&std::fs::read(file(format)).unwrap()).unwrap();
    let said = Said { report: read("json"), sarif: read("sarif"), gitlab: read("gitlab"), code: code(&output) };
    let typed: Sarif = serde_json::from_value(said.sarif.clone()).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), said.sarif);
    let findings = said.report["findings"].as_array().unwrap();
    let failed = usize::from(!said.report["error"].is_null() && !is_told(&said.report));
    let told = findings.len() + failed;
    assert_eq!((said.results().len(), said.gitlab.as_array().unwrap().len()), (told, told));
    let rules = &said.sarif["runs"][0]["tool"]["driver"]["rules"];
    for (result, finding) in said.results().iter().zip(findings) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!((&rules[index]["id"], &result["ruleId"], &result["level"]), (&finding["rule"], &finding["rule"], &finding["severity"]));
    }
    said
}

/// Whether a finding tells what the error tells, at the same place.
fn is_told(report: &Value) -> bool {
    let (error, place) = (&report["error"], &report["error"]["location"]);
    report["findings"].as_array().unwrap().iter().any(|finding| {
        let is_there = ["path", "line"].iter().all(|key| finding["location"][key] == place[key]);
        is_there && finding["message"].as_str().unwrap().ends_with(error["message"].as_str().unwrap())
    })
}

fn words(arguments: &[&'static str]) -> Vec<&'static OsStr> {
    arguments.iter().map(|word| OsStr::new(*word)).collect()
}

/// The file that a URI leads to.
fn file_of(root: &Path, uri: &str) -> PathBuf {
    let (path, is_absolute) = uri.strip_prefix("file://").map_or((uri, false), |path| (path, true));
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let (byte, taken) = match first {
            b'%' => (u8::from_str_radix(std::str::from_utf8(&others[..2]).unwrap(), 16).unwrap(), 2),
            other => (*other, 0),
        };
        bytes.push(byte);
        rest = &others[taken..];
    }
    assert_eq!(bytes.starts_with(b"/"), is_absolute, "{uri}");
    root.join(OsString::from_vec(bytes))
}

/// Each place is a file that is there, and its lines are lines of it; but for what was deleted.
fn every_place_is_there(said: &Said, root: &Path, deleted: &[&str]) {
    // A run that failed for no file in particular is told of one that need not be there.
    for result in said.results().iter().filter(|result| result["ruleId"] != "could-not-check") {
        let places = result["locations"].as_array().unwrap().iter().chain(result["relatedLocations"].as_array().into_iter().flatten());
        for place in places.filter(|place| !deleted.contains(&uri(place))) {
            let bytes = std::fs::read(file_of(root, uri(place))).unwrap_or_else(|error| panic!("{error}: {place}"));
            let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
            let region = &place["physicalLocation"]["region"];
            let start = usize::try_from(region["startLine"].as_u64().unwrap()).unwrap();
            assert!((1..=lines.len()).contains(&start), "{place}");
            if let Some(column) = region["endColumn"].as_u64() {
                let line = String::from_utf8_lossy(lines[start - 1]);
                assert!(column <= line.chars().count() as u64 + 1, "{place}");
            }
        }
    }
}

#[test]
fn every_fixture_names_lines_that_are_there() {
    let repository = Repository::new();
    let mut count = 0;
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let folder = repository.path().join(&name);
        for entry in walkdir::WalkDir::new(fixture(&name)).into_iter().flatten() {
            let target = folder.join(entry.path().strip_prefix(fixture(&name)).unwrap());
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(target).unwrap();
            } else {
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
        let said = said(&repository, &name, &words(&["audit", "--no-config", "."]));
        every_place_is_there(&said, repository.path(), &[]);
        let is_own = |uri: &&str| uri.starts_with(&name) || (said.code == 2 && *uri == "paralint.toml");
        assert!(said.uris().iter().all(is_own), "{:?}", said.uris());
        count += said.results().len();
    }
    assert!(count > 30, "{count}");
}

/// A branch of `a` that changes what belongs to `b`, under names that hurt.
fn violations() -> Repository {
    let repository = Repository::new();
    let boundaries = json!({"boundaries": {"a": {"owner": "task-1", "paths": ["/a/"]}, "b": {"owner": "task-2", "paths": ["/b/"]}}});
    repository.write("BOUNDARIES.json", &format!("{boundaries:#}"));
    repository.write("a/x.rs", "mine\n");
    repository.write("b/gone.rs", "1\n2\n");
    repository.write("b/x.rs", "1\n");
    repository.write("sub/here", "1\n");
    repository.commit_all("base");
    repository.git(&["checkout", "-q", "-b", "agent/a"]);
    for name in [&b"b/with space#1?%41.rs"[..], b"b/100%/\xff\xfe %41.rs", b"b/\\back:slash\t.rs", "b/ü漢.rs".as_bytes()] {
        let path = repository.path().join(OsStr::from_bytes(name));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "new\n").unwrap();
    }
    // Of many in one commit there is but one finding.
    repository.commit_all("new");
    repository.write("b/x.rs", "2\n");
    std::fs::remove_file(repository.path().join("b/gone.rs")).unwrap();
    repository.commit_all("mine");
    repository
}

#[test]
fn places_are_relative_to_the_root_wherever_the_run_stands() {
    let repository = violations();
    let strange = ["b/%5Cback%3Aslash%09.rs", "b/%C3%BC%E6%BC%A2.rs", "b/100%25/%FF%FE%20%2541.rs", "b/with%20space%231%3F%2541.rs"];
    for (range, expected) in [("main..HEAD~1", &strange[..]), ("HEAD~1..HEAD", &["b/gone.rs", "b/x.rs"])] {
        let arguments = words(&["check", "--session", "none", "--agent", "a", "--range", range]);
        let at_root = said(&repository, "", &arguments);
        let below = said(&repository, "sub", &arguments);
        assert_eq!((at_root.code, &at_root.sarif), (1, &below.sarif));
        every_place_is_there(&below, repository.path(), &["b/gone.rs"]);
        let mut uris = below.uris();
        uris.sort_unstable();
        assert_eq!(uris, expected, "{}", below.report["findings"]);
        let related = |result: &Value| result["relatedLocations"].as_array().is_some_and(|all| uri(&all[0]) == "BOUNDARIES.json");
        assert!(below.results().iter().all(related));
        let paths = below.gitlab.as_array().unwrap().iter().map(|issue| issue["location"]["path"].as_str().unwrap());
        assert!(paths.into_iter().any(|path| ["b/x.rs", "b/with space#1?%41.rs"].contains(&path)));
    }
}

const CLAIM: &str = "I've launched three agents in parallel to go over naming.";

#[test]
fn a_log_is_found_from_the_root_or_by_its_absolute_place() {
    let repository = Repository::new();
    let log = small_log("one", "/w", CLAIM, 0);
    for path in ["logs/a b#1%41.jsonl", "sub/here.jsonl", "sub/100%/deep.jsonl"] {
        repository.write(path, &log);
    }
    std::fs::write(repository.beside("out side.jsonl"), &log).unwrap();
    let strange = repository.path().join("sub").join(OsStr::from_bytes(b"%41 \xff"));
    std::fs::create_dir(&strange).unwrap();
    std::fs::write(strange.join("x.jsonl"), &log).unwrap();
    let root = repository.path().canonicalize().unwrap();
    let absolute = root.join("logs/a b#1%41.jsonl");
    let outside = format!("file://{}", root.parent().unwrap().join("out%20side.jsonl").display());
    let cases: [(&str, &OsStr, &str); 7] = [
        ("sub", OsStr::new("../logs/a b#1%41.jsonl"), "logs/a%20b%231%2541.jsonl"),
        ("sub", OsStr::new("./here.jsonl"), "sub/here.jsonl"),
        ("sub/100%", OsStr::new("."), "sub/100%25/deep.jsonl"),
        ("sub", absolute.as_os_str(), "logs/a%20b%231%2541.jsonl"),
        ("sub", OsStr::new("../../out side.jsonl"), &outside),
        ("sub", OsStr::from_bytes(b"%41 \xff/x.jsonl"), "sub/%2541%20%FF/x.jsonl"),
        ("sub/100%", OsStr::from_bytes(b"../%41 \xff"), "sub/%2541%20%FF/x.jsonl"),
    ];
    for (folder, path, expected) in cases {
        let said = said(&repository, folder, &[OsStr::new("audit"), OsStr::new("--no-config"), path]);
        assert_eq!(said.uris(), [expected], "{}", said.report);
        every_place_is_there(&said, &root, &[]);
    }
    let said = said(&repository, "sub", &words(&["audit", "--no-config", "../../out side.jsonl"]));
    assert_eq!(said.gitlab[0]["location"]["path"], root.parent().unwrap().join("out side.jsonl").to_str().unwrap());
}

#[test]
fn a_finding_of_the_configuration_is_in_its_file() {
    let repository = Repository::new();
    let configuration = "\n[[suppress]]\nrule = \"claimed-serial\"\ncontains = \"nobody says this\"\nreason = \"never\"\n";
    repository.write("paralint.toml", configuration);
    repository.write("sub/own.toml", configuration);
    repository.write("sub/a.jsonl", &small_log("one", "/w", CLAIM, 0));
    let own = repository.path().join("sub/own.toml");
    let cases = [
        (words(&["audit", "."]), "paralint.toml"),
        (words(&["audit", ".", "--config", "own.toml"]), "sub/own.toml"),
        (vec![OsStr::new("audit"), OsStr::new("."), OsStr::new("--config"), own.as_os_str()], "sub/own.toml"),
    ];
    for (arguments, expected) in cases {
        let said = said(&repository, "sub", &arguments);
        let mut uris = said.uris();
        uris.sort_unstable();
        let mut all = ["sub/a.jsonl", expected];
        all.sort_unstable();
        assert_eq!(uris, all, "{}", said.report["findings"]);
        every_place_is_there(&said, repository.path(), &[]);
    }
    let gate = "[gates.broken]\nrun = \"false\"\n";
    repository.write("paralint.toml", gate);
    repository.write("sub/own.toml", gate);
    for (arguments, expected) in [(&["gates"][..], "paralint.toml"), (&["gates", "--config", "own.toml"], "sub/own.toml")] {
        let said = said(&repository, "sub", &words(arguments));
        assert_eq!(said.uris(), [expected], "{}", said.report["findings"]);
        every_place_is_there(&said, repository.path(), &[]);
    }
}

#[test]
fn a_run_that_could_not_check_is_no_success() {
    let repository = Repository::new();
    repository.write("sub/a.jsonl", &small_log("one", "/w", CLAIM, 0));
    repository.write("paralint.toml", "\nx = [\n");
    let said = said(&repository, "sub", &words(&["audit", "."]));
    let run = &said.sarif["runs"][0]["invocations"][0];
    assert_eq!((said.code, &run["executionSuccessful"], &run["exitCode"]), (2, &json!(false), &json!(2)));
    let told = &run["toolExecutionNotifications"][0];
    assert_eq!((&told["level"], uri(&told["locations"][0])), (&json!("error"), "paralint.toml"));
    assert!(told["message"]["text"].as_str().unwrap().contains("unclosed array"), "{told}");
    assert_eq!((said.results().len(), &said.results()[0]["ruleId"], said.uris()), (1, &json!("could-not-check"), vec!["paralint.toml"]));
    let issue = &said.gitlab[0];
    assert_eq!((&issue["check_name"], &issue["severity"]), (&json!("paralint-could-not-check"), &json!("blocker")));
    assert_eq!(
        (&issue["location"]["path"], &issue["location"]["lines"]["begin"]),
        (&json!("paralint.toml"), &run["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["region"]["startLine"])
    );
}

#[test]
fn a_policy_that_cannot_be_used_is_told_once() {
    let repository = Repository::new();
    repository.write("BOUNDARIES.json", "{\n  \"boundaries\": [\n");
    repository.commit_all("base");
    let said = said(&repository, ".", &words(&["check"]));
    assert!(said.code == 2 && is_told(&said.report), "{:#}", said.report);
    let rules: Vec<&Value> = said.results().iter().map(|result| &result["ruleId"]).collect();
    assert_eq!(rules, ["invalid-state"]);
    assert_eq!(said.gitlab.as_array().unwrap().len(), 1);
    assert_eq!(said.sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let output = paralint(repository.path()).args(["check", "--format", "github"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 1, "{text}");
    let of_policy = ["mixed-ownership", "outside-boundary", "forbidden-path", "boundary-overlap"];
    assert!(said.report["rules"].as_array().unwrap().iter().all(|rule| !of_policy.contains(&rule.as_str().unwrap())), "{:#}", said.report);
}

#[test]
fn words_that_do_not_parse_are_told_in_the_format_that_was_asked_for() {
    let repository = Repository::new();
    let output = |format: &str| paralint(repository.path()).args(["check", "--nope", "--format", format]).output().unwrap();
    let sarif: Value = serde_json::from_slice(&output("sarif").stdout).unwrap();
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(sarif["runs"][0]["automationDetails"]["id"], "paralint/check/");
    let gitlab: Value = serde_json::from_slice(&output("gitlab").stdout).unwrap();
    assert_eq!(gitlab[0]["severity"], "blocker");
    assert_eq!(code(&output("gitlab")), 2);
}
